//! A schema as the rules see it: references followed, `allOf` folded in, null told apart.
//!
//! These are the values; how they are made from a schema is `flatten`'s. Nothing is decided here.

use std::collections::BTreeMap;

use serde_json::Value;

use super::names::Names;
use super::types::Types;
use crate::spec::Document;
use crate::spec::decimal::Decimal;
use crate::spec::schema::{SchemaId, Type};
use crate::spec::tree::NodeId;

/// A bound, with the keyword that set it.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Its value.
    pub value: Decimal,
    /// Its value as JSON.
    pub json: Value,
    /// Whether the value itself is outside.
    pub exclusive: bool,
    /// The keyword.
    pub keyword: &'static str,
    /// Its place.
    pub node: NodeId,
}

impl Limit {
    /// Whether a format sets the bound (int32, int64), and no number that is written down.
    #[must_use]
    pub fn is_format(&self) -> bool {
        self.keyword.starts_with("int")
    }
}

/// One value of an `enum` or `const`.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its canonical text.
    pub text: String,
    /// The value.
    pub json: Value,
    /// Its place.
    pub node: NodeId,
}

/// The branches of an `anyOf` or `oneOf`, null apart.
#[derive(Clone, Debug)]
pub struct Union {
    /// `anyOf` or `oneOf`.
    pub keyword: &'static str,
    /// The branches as written.
    pub branches: Vec<SchemaId>,
    /// Its place.
    pub node: NodeId,
}

/// What refuses or types the names that an object does not declare.
#[derive(Clone, Debug)]
pub struct Opening {
    /// `additionalProperties`, `propertyNames` …
    pub keyword: &'static str,
    /// Its hash, so that another content is seen.
    pub hash: u128,
    /// Its place.
    pub node: NodeId,
}

/// A flattened schema.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// The document it stands in.
    pub document: &'a Document,
    /// The schema behind its references.
    pub id: SchemaId,
    /// Its place.
    pub node: NodeId,
    /// Nothing is valid (`false`).
    pub never: bool,
    /// The types allowed, null apart.
    pub types: Types,
    /// The schema that says the types.
    pub typed: Option<SchemaId>,
    /// Whether null is allowed.
    pub nullable: bool,
    /// The values allowed, null apart, when they are listed.
    pub values: Option<Vec<Listed>>,
    /// Whether the listed values may grow (`x-extensible-enum`).
    pub extensible: bool,
    /// Where the values are listed.
    pub values_node: Option<NodeId>,
    /// The tightest bound of each keyword, by keyword; `minimum` and `maximum` hold the exclusive
    /// forms and the ranges of int32 and int64 too.
    pub limits: BTreeMap<&'static str, Limit>,
    /// `multipleOf`, each.
    pub multiples: Vec<Limit>,
    /// Where items must differ.
    pub unique: Option<NodeId>,
    /// `contains`, by its hash.
    pub contains: Option<Opening>,
    /// The patterns that must all match.
    pub patterns: BTreeMap<&'a str, NodeId>,
    /// The format.
    pub format: Option<(&'a str, NodeId)>,
    /// `contentEncoding`; 3.0's format byte is base64.
    pub encoding: Option<(&'a str, NodeId)>,
    /// `contentMediaType`.
    pub content: Option<(&'a str, NodeId)>,
    /// A reference that leads nowhere in the document, so that nothing is known of the schema.
    pub lost: Option<(&'a str, NodeId)>,
    /// The declared properties; several schemas where members of `allOf` declare the same name.
    pub properties: Names<'a, SchemaId>,
    /// The demanded properties, and the schemas whose lists demand them.
    pub required: Names<'a, SchemaId>,
    /// Where undeclared names are refused altogether.
    pub closed: Option<NodeId>,
    /// What types undeclared names.
    pub additional: Option<SchemaId>,
    /// What restricts undeclared names.
    pub openings: Vec<Opening>,
    /// `items`.
    pub items: Option<SchemaId>,
    /// `prefixItems`.
    pub prefix: Vec<SchemaId>,
    /// The unions, in the order found.
    pub unions: Vec<Union>,
    /// `not`, conditions and dependencies, kept by their hash.
    pub conjuncts: Vec<Opening>,
    /// The default.
    pub default: Option<NodeId>,
    /// `discriminator`, by its content.
    pub discriminator: Option<(String, NodeId)>,
    /// The schema that holds it.
    pub discriminates: Option<SchemaId>,
    /// Keywords that are not understood, by their value.
    pub other: BTreeMap<&'a str, NodeId>,
}

impl View<'_> {
    /// Where the types are said, or the schema where nobody says them.
    #[must_use]
    pub fn types_node(&self) -> NodeId {
        self.typed.map_or(self.node, |id| self.document.keyword_node(id, "type"))
    }

    /// Where a property is demanded.
    #[must_use]
    pub fn demand(&self, name: &str) -> Option<NodeId> {
        let list = self.document.keyword_node(*self.required.get(name).first()?, "required");
        let tree = self.document.tree();
        let named = tree.items(list).iter().find(|item| tree.text(**item) == Some(name));
        Some(named.copied().unwrap_or(list))
    }

    /// The schema in a few words for values before and after: the name it has, or its types.
    #[must_use]
    pub fn brief(document: &Document, id: SchemaId) -> String {
        let schemas = &document.api().schemas;
        if let Some(name) = reference_name(document, id) {
            return name.to_owned();
        }
        let schema = schemas.resolved(id);
        schema.types.map_or_else(
            || "any".to_owned(),
            |types| types.iter().map(Type::name).collect::<Vec<_>>().join("|"),
        )
    }
}

/// The component that a schema refers to, by name.
#[must_use]
pub fn reference_name(document: &Document, id: SchemaId) -> Option<&str> {
    let schema = document.api().schemas.get(id);
    let text = &schema.reference.as_ref()?.text;
    text.rsplit('/').next().filter(|name| !name.is_empty())
}
