//! The second reader: whether `openapiv3`, which types every part of a 3.0 document, takes it.
//!
//! Offered a whole document it names only the end of some enclosing object, and where a schema
//! deep inside is wrong it tries twice on every level above. So each part is offered alone, with
//! the parts within it replaced by ones that pass: that finds every refused part, takes as long as
//! the document is large, and comes to the same verdict, since it reads all parts strictly.

use openapiv3::{
    Components, Encoding, Header, Info, MediaType, OpenAPI, Operation, Parameter, PathItem, RequestBody,
    Response, Schema, SecurityScheme, Server, Tag,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::super::tree::{Kind, NodeId, Tree};
use super::super::{Document, Fault, Severity, value};

/// Parts that are named of one document at most.
const MOST: usize = 50;

/// The parts of a document that the typed reader refuses.
pub(super) fn judge(document: &Document) -> Vec<Fault> {
    let tree = document.tree();
    let mut faults = Vec::new();
    let mut todo = vec![(NodeId::ROOT, Part::Document)];
    while let Some((node, part)) = todo.pop() {
        if faults.len() >= MOST {
            break;
        }
        if part.may_be_reference() && tree.text_of(node, "$ref").is_some() {
            continue;
        }
        let alone = alone(tree, node, part, &mut todo);
        if let Some(error) = part.refusal(alone) {
            let error: String = error.chars().take(160).collect();
            faults.push(Fault {
                rule: "typed-reader-refuses",
                severity: Severity::Warning,
                message: format!("strictly typed readers refuse this part: {error}"),
                node,
                help: "Clients and generators with typed models fail here: bring it to the letter of OpenAPI 3.0.",
            });
        }
    }
    faults
}

/// What a part is to the typed reader.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Document,
    Info,
    Server,
    Tag,
    Components,
    PathItem,
    /// A path item within a callback, where the reader takes no reference.
    CalledItem,
    Operation,
    Parameter,
    RequestBody,
    Response,
    Header,
    MediaType,
    Encoding,
    Schema,
    SecurityScheme,
    /// A callback of an operation, where the reader takes no reference.
    Callback,
    /// A callback among the components.
    NamedCallback,
}

/// How parts lie within a part.
#[derive(Clone, Copy)]
enum Shape {
    One,
    List,
    Map,
}

impl Part {
    const fn may_be_reference(self) -> bool {
        use Part as P;
        matches!(
            self,
            P::PathItem
                | P::Parameter
                | P::RequestBody
                | P::Response
                | P::Header
                | P::Schema
                | P::SecurityScheme
                | P::NamedCallback
        )
    }

    /// A part of this sort that passes.
    fn stub(self) -> Value {
        match self {
            _ if self.may_be_reference() => json!({"$ref": "#"}),
            Self::Info => json!({"title": "", "version": ""}),
            Self::Server => json!({"url": ""}),
            Self::Tag => json!({"name": ""}),
            Self::Operation => json!({"responses": {}}),
            _ => json!({}),
        }
    }

    /// What lies at this key of a part.
    fn child(self, key: &str) -> Option<(Shape, Self)> {
        use Shape::{List, Map, One};
        Some(match (self, key) {
            (Self::Document, "info") => (One, Self::Info),
            (Self::Document, "components") => (One, Self::Components),
            (Self::Document, "tags") => (List, Self::Tag),
            (Self::Document, "paths") => (Map, Self::PathItem),
            (Self::Document | Self::PathItem | Self::CalledItem | Self::Operation, "servers") => {
                (List, Self::Server)
            }
            (Self::PathItem | Self::CalledItem | Self::Operation, "parameters") => (List, Self::Parameter),
            (
                Self::PathItem | Self::CalledItem,
                "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace",
            ) => (One, Self::Operation),
            (Self::Operation, "requestBody") => (One, Self::RequestBody),
            (Self::Operation | Self::Components, "responses") => (Map, Self::Response),
            (Self::Operation, "callbacks") => (Map, Self::Callback),
            (Self::Components, "callbacks") => (Map, Self::NamedCallback),
            (Self::Components, "schemas") => (Map, Self::Schema),
            (Self::Components, "parameters") => (Map, Self::Parameter),
            (Self::Components, "requestBodies") => (Map, Self::RequestBody),
            (Self::Components, "securitySchemes") => (Map, Self::SecurityScheme),
            (Self::Components | Self::Response | Self::Encoding, "headers") => (Map, Self::Header),
            (Self::Parameter | Self::Header | Self::RequestBody | Self::Response, "content") => {
                (Map, Self::MediaType)
            }
            (Self::Parameter | Self::Header | Self::MediaType, "schema") => (One, Self::Schema),
            (Self::MediaType, "encoding") => (Map, Self::Encoding),
            (Self::Schema, "properties") => (Map, Self::Schema),
            (Self::Schema, "items" | "additionalProperties" | "not") => (One, Self::Schema),
            (Self::Schema, "allOf" | "anyOf" | "oneOf") => (List, Self::Schema),
            (Self::Callback | Self::NamedCallback, _) => (One, Self::CalledItem),
            _ => return None,
        })
    }

    fn refusal(self, alone: Value) -> Option<String> {
        match self {
            Self::Document => refused::<OpenAPI>(alone),
            Self::Info => refused::<Info>(alone),
            Self::Server => refused::<Server>(alone),
            Self::Tag => refused::<Tag>(alone),
            Self::Components => refused::<Components>(alone),
            Self::PathItem | Self::CalledItem => refused::<PathItem>(alone),
            Self::Operation => refused::<Operation>(alone),
            Self::Parameter => refused::<Parameter>(alone),
            Self::RequestBody => refused::<RequestBody>(alone),
            Self::Response => refused::<Response>(alone),
            Self::Header => refused::<Header>(alone),
            Self::MediaType => refused::<MediaType>(alone),
            Self::Encoding => refused::<Encoding>(alone),
            Self::Schema => refused::<Schema>(alone),
            Self::SecurityScheme => refused::<SecurityScheme>(alone),
            Self::Callback | Self::NamedCallback => refused::<openapiv3::Callback>(alone),
        }
    }
}

fn refused<T: DeserializeOwned>(value: Value) -> Option<String> {
    T::deserialize(value).err().map(|error| error.to_string())
}

/// A part with stubs for the parts within it, which are put on the list of what is to do.
fn alone(tree: &Tree, node: NodeId, part: Part, todo: &mut Vec<(NodeId, Part)>) -> Value {
    if tree.kind(node) != Kind::Object {
        return value::value(tree, node);
    }
    let mut stubbed = |node: NodeId, part: Part| {
        // What is no object is no part, and is refused where it stands.
        if tree.kind(node) == Kind::Object {
            todo.push((node, part));
            part.stub()
        } else {
            value::value(tree, node)
        }
    };
    let mut map = Map::new();
    for (key, child) in tree.members(node) {
        let replaced = match part.child(key) {
            Some((Shape::One, part)) => stubbed(child, part),
            Some((Shape::List, part)) if tree.kind(child) == Kind::Array => {
                tree.items(child).iter().map(|item| stubbed(*item, part)).collect()
            }
            Some((Shape::Map, inner)) if tree.kind(child) == Kind::Object => {
                let is_read = |key: &str| match inner {
                    Part::PathItem => key.starts_with('/'),
                    Part::Response => !key.starts_with("x-"),
                    _ => true,
                };
                let members = tree.members(child).filter(|(key, _)| is_read(key));
                Value::Object(members.map(|(key, member)| (key.to_owned(), stubbed(member, inner))).collect())
            }
            _ => value::value(tree, child),
        };
        map.insert(key.to_owned(), replaced);
    }
    Value::Object(map)
}
