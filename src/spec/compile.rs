//! Schema Objects of the raw tree to [`Schema`]s in 2020-12 terms.
//!
//! One rule a keyword and version; what has no effect in the document's version is left out, what
//! is not decided is kept in `other`. Schemas are compiled from a list of what is still to do, so
//! neither nesting nor references cost stack, and a node that several places share is one schema.
//!
//! Source: OpenAPI 2.0, 3.0.4 (with JSON Schema draft wright-00), 3.1.1 (2020-12).

use std::sync::Arc;

use super::hash::{ByHash, HashSet};
use super::place::{pointer, unescaped};
use super::refs::Resolver;
use super::schema::{
    Choice, Discriminator, Keywords, Marks, Number, Objects, Reference, Schema, SchemaId, Schemas, Strings,
    Type, TypeSet, Xml, XmlNode,
};
use super::tree::{Entry, KeyId, Kind, NodeId, Tree};
use super::{Dialect, Hash};

/// What a schema is written as.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Schema,
    /// A parameter or header object of 2.0: keywords of the schema beside its own.
    Parameter,
    /// An items object of a 2.0 parameter: a schema that says how its list is written.
    Items,
    /// Made up from the fields of a form, the ones of this number.
    Made(usize),
    /// Written like another one.
    Like(SchemaId),
}

/// What a keyword speaks of in a version of `OpenAPI`.
#[derive(Clone, Copy)]
enum Subject {
    Reference,
    Types,
    Nullable,
    Enum,
    Numbers,
    Strings,
    Arrays,
    Objects,
    Combined,
    Discriminator,
    Annotations,
    /// What 3.1 brought.
    Modern,
    /// What demands nothing: names, prose, extensions, words of another version.
    Nothing,
    Unknown,
}

impl Subject {
    fn of(key: &str, dialect: Dialect) -> Self {
        match key {
            "$ref" => Self::Reference,
            "type" => Self::Types,
            "nullable" if dialect == Dialect::V30 => Self::Nullable,
            "x-nullable" if dialect == Dialect::V20 => Self::Nullable,
            "enum" => Self::Enum,
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => Self::Numbers,
            "minLength" | "maxLength" | "pattern" | "format" => Self::Strings,
            "items" | "minItems" | "maxItems" | "uniqueItems" => Self::Arrays,
            "properties" | "required" | "additionalProperties" | "minProperties" | "maxProperties" => {
                Self::Objects
            }
            "allOf" => Self::Combined,
            "anyOf" | "oneOf" | "not" if dialect > Dialect::V20 => Self::Combined,
            "discriminator" => Self::Discriminator,
            "title" | "description" | "default" | "example" | "examples" | "readOnly" | "writeOnly"
            | "deprecated" | "xml" | "x-extensible-enum" => Self::Annotations,
            "$id" | "id" | "$schema" | "$anchor" | "$comment" | "$vocabulary" | "$defs" | "definitions"
            | "externalDocs" | "nullable" => Self::Nothing,
            "collectionFormat" | "allowEmptyValue" if dialect == Dialect::V20 => Self::Nothing,
            "collectionFormat" | "allowEmptyValue" => Self::Unknown,
            _ if key.starts_with("x-") => Self::Nothing,
            _ if dialect >= Dialect::V31 => Self::Modern,
            _ => Self::Unknown,
        }
    }
}

/// A field of a form: name, where it stands, whether it must be sent.
pub(super) type Field = (String, NodeId, bool);

/// Schemas that are asked for, numbered in that order; a node that several places share is one.
pub(super) struct Wanted {
    /// By schema: where it stands, and as what.
    all: Vec<(NodeId, Form)>,
    /// By node: its schema, once it has one.
    by_node: Vec<Option<SchemaId>>,
    /// Fields of schemas of [`Form::Made`].
    forms: Vec<Vec<Field>>,
}

impl Wanted {
    pub(super) fn of(tree: &Tree) -> Self {
        // Four values a schema are few: room that is not used costs nothing.
        let all = Vec::with_capacity(tree.len() / 4);
        Self { all, by_node: vec![None; tree.len()], forms: Vec::new() }
    }

    /// The schema at this node.
    pub(super) fn schema(&mut self, node: NodeId) -> SchemaId {
        self.enter(node, Form::Schema)
    }

    /// The schema that a parameter or header of 2.0 describes.
    pub(super) fn parameter_schema(&mut self, node: NodeId) -> SchemaId {
        self.enter(node, Form::Parameter)
    }

    /// An object schema made up from form parameters of 2.0.
    pub(super) fn form_schema(&mut self, node: NodeId, fields: &[Field]) -> SchemaId {
        for (_, node, _) in fields {
            self.parameter_schema(*node);
        }
        self.forms.push(fields.to_vec());
        self.push(node, Form::Made(self.forms.len() - 1))
    }

    fn enter(&mut self, node: NodeId, form: Form) -> SchemaId {
        if let Some(id) = self.by_node[node.index()] {
            return id;
        }
        let id = self.push(node, form);
        self.by_node[node.index()] = Some(id);
        id
    }

    fn push(&mut self, node: NodeId, form: Form) -> SchemaId {
        self.all.push((node, form));
        SchemaId::from_index(self.all.len() - 1)
    }
}

/// Compiles the schemas of one document.
pub(super) struct Compiler<'d> {
    tree: &'d Tree,
    dialect: Dialect,
    pub(super) resolver: Resolver<'d>,
    wanted: Wanted,
    /// Those that are compiled, the first of `wanted`.
    schemas: Vec<Schema>,
    /// By the hash of its text: the first schema of plain values that is written so.
    plain: ByHash<SchemaId>,
    /// By key: its text, shared by all schemas that use it as a name.
    names: Vec<Option<Arc<str>>>,
    /// By key: the last list of names that named it.
    stamps: Vec<u32>,
    lists: u32,
    /// By key: what it speaks of as a keyword.
    subjects: Vec<Subject>,
}

impl<'d> Compiler<'d> {
    pub(super) fn new(tree: &'d Tree, dialect: Dialect, resolver: Resolver<'d>) -> Self {
        Self {
            tree,
            dialect,
            resolver,
            wanted: Wanted::of(tree),
            schemas: Vec::with_capacity(tree.len() / 4),
            plain: ByHash::default(),
            names: vec![None; tree.keys.len()],
            stamps: vec![0; tree.keys.len()],
            lists: 0,
            subjects: tree.keys.texts().map(|key| Subject::of(key, dialect)).collect(),
        }
    }

    /// The schema at this node, compiled by [`Self::run`].
    pub(super) fn schema(&mut self, node: NodeId) -> SchemaId {
        self.wanted.schema(node)
    }

    /// Takes in what was asked for elsewhere: by number there, the number here.
    pub(super) fn admit(&mut self, wanted: Wanted) -> Vec<SchemaId> {
        self.wanted.forms = wanted.forms;
        let enter = |(node, form)| match form {
            Form::Made(_) => self.wanted.push(node, form),
            form => self.wanted.enter(node, form),
        };
        wanted.all.into_iter().map(enter).collect()
    }

    /// Compiles what is asked for, and whatever is reached from there.
    pub(super) fn run(&mut self) {
        while let Some((node, form)) = self.wanted.all.get(self.schemas.len()).copied() {
            let keywords = match form {
                Form::Made(fields) => Arc::new(self.form(fields)),
                Form::Schema if self.is_plain(node) => self.plain(node),
                form => self.compile(node, form),
            };
            let marks = Marks::of(&keywords);
            self.schemas.push(Schema { node, hash: Hash::default(), marks, keywords });
        }
    }

    /// Resolves references between schemas. Also says where references were too many to be
    /// followed.
    pub(super) fn finish(mut self) -> (Schemas, Option<NodeId>) {
        self.run();
        let like = |index: usize| match self.wanted.all[index].1 {
            Form::Like(other) => Some(other),
            _ => None,
        };
        let resolved = ends(self.schemas.len(), |index| {
            // What is shared is no reference.
            let schema = like(index).is_none().then(|| &self.schemas[index])?;
            schema.reference.as_ref()?.target.filter(|_| schema.is_pure_reference())
        });
        let mut schemas = Schemas { all: self.schemas, resolved };
        super::hashes::fill(&mut schemas, self.tree, like);
        (schemas, self.resolver.stopped())
    }

    fn form(&mut self, fields: usize) -> Keywords {
        let fields = std::mem::take(&mut self.wanted.forms[fields]);
        let properties = fields
            .iter()
            .map(|(name, node, _)| (Arc::from(name.as_str()), self.wanted.parameter_schema(*node)));
        let properties = properties.collect();
        let required = fields.iter().filter(|(_, _, required)| *required);
        let required = required.map(|(name, ..)| name.as_str().into()).collect();
        Keywords {
            types: Some(TypeSet::NONE.with(Type::Object)),
            objects: Some(Box::new(Objects { properties, required, ..Objects::default() })),
            ..Default::default()
        }
    }

    /// Whether only words stand here that leave no trace of their place in the schema.
    fn is_plain(&self, node: NodeId) -> bool {
        let entries = self.tree.entries(node);
        let subjects = entries.iter().map(|entry| self.subjects[entry.key.0 as usize]);
        !entries.is_empty()
            && subjects.into_iter().all(|subject| {
                matches!(subject, Subject::Types | Subject::Strings | Subject::Nullable | Subject::Nothing)
            })
    }

    /// Compiles the next schema, which is plain, or takes what came of another one like it.
    fn plain(&mut self, node: NodeId) -> Arc<Keywords> {
        let index = self.schemas.len();
        let text = self.tree.hash(node);
        if let Some(other) = self.plain.get(&text) {
            self.wanted.all[index].1 = Form::Like(*other);
            return self.schemas[other.index()].keywords.clone();
        }
        let keywords = self.compile(node, Form::Schema);
        if keywords.other.is_empty() {
            self.plain.insert(text, SchemaId::from_index(index));
        }
        keywords
    }

    fn compile(&mut self, node: NodeId, form: Form) -> Arc<Keywords> {
        let mut draft = Draft::new(node);
        match self.tree.kind(node) {
            Kind::True => draft.keywords.bool_schema = Some(true),
            Kind::False => draft.keywords.bool_schema = Some(false),
            Kind::Object => {
                let tree = self.tree;
                let alone =
                    self.dialect < Dialect::V31 && form != Form::Parameter && tree.reference(node).is_some();
                for entry in tree.entries(node) {
                    let key = tree.key(entry.key);
                    if alone && key != "$ref" {
                        continue;
                    }
                    match form {
                        Form::Parameter if is_parameter_word(key) => continue,
                        Form::Items if key == "collectionFormat" => {
                            // Lists within lists have no style in 3.x: only the default is decided.
                            if tree.text(entry.node).is_some_and(|format| format != "csv") {
                                draft.other.push((self.name(key), entry.node));
                            }
                        }
                        Form::Parameter | Form::Items
                            if key == "items" && tree.kind(entry.node) == Kind::Object =>
                        {
                            draft.keywords.arrays.get_or_insert_default().items =
                                Some(self.wanted.enter(entry.node, Form::Items));
                        }
                        _ => self.keyword(&mut draft, entry),
                    }
                }
            }
            // Whatever else stands here demands nothing; the official schema says so to the author.
            _ => {}
        }
        Arc::new(draft.finish())
    }

    fn keyword(&mut self, draft: &mut Draft, entry: &Entry) {
        let (tree, value) = (self.tree, entry.node);
        let key = tree.key(entry.key);
        let known = match self.subjects[entry.key.0 as usize] {
            Subject::Reference => self.reference(draft, value),
            Subject::Types => self.types(draft, value),
            Subject::Nullable => self.nullable(draft, value),
            Subject::Enum => {
                draft.keywords.enum_values =
                    (tree.kind(value) == Kind::Array).then(|| tree.items(value).into());
                draft.keywords.enum_values.is_some()
            }
            Subject::Numbers => self.numeric(draft, key, value),
            Subject::Strings => self.textual(draft, key, value),
            Subject::Arrays => self.array(draft, key, value),
            Subject::Objects => self.object(draft, key, value),
            Subject::Combined => self.combination(draft, key, value),
            Subject::Discriminator => self.discriminator(draft, value),
            Subject::Annotations => self.annotation(draft, key, value),
            Subject::Modern => self.modern(draft, key, value),
            Subject::Nothing => true,
            Subject::Unknown => false,
        };
        if !known {
            let name = self.name(key);
            draft.other.push((name, value));
        }
    }

    /// Keywords that 3.1 brought.
    fn modern(&mut self, draft: &mut Draft, key: &str, value: NodeId) -> bool {
        match key {
            "$dynamicRef" => return self.dynamic(draft, value),
            "$dynamicAnchor" => {
                return self.tree.text(value).is_some_and(|name| self.resolver.is_only_dynamic(name));
            }
            "const" => draft.keywords.const_value = Some(value),
            "contentEncoding" | "contentMediaType" => return self.textual(draft, key, value),
            "prefixItems" | "contains" | "minContains" | "maxContains" | "unevaluatedItems" => {
                return self.array(draft, key, value);
            }
            "patternProperties"
            | "propertyNames"
            | "dependentRequired"
            | "dependentSchemas"
            | "unevaluatedProperties" => {
                return self.object(draft, key, value);
            }
            "if" | "then" | "else" => return self.combination(draft, key, value),
            _ => return false,
        }
        true
    }

    fn reference(&mut self, draft: &mut Draft, value: NodeId) -> bool {
        let Some(text) = self.tree.text(value) else {
            return false;
        };
        let target = self.resolver.target(draft.node, text).node();
        let target = target.map(|node| self.schema(node));
        draft.keywords.reference = Some(Box::new(Reference { target, text: text.into(), node: value }));
        true
    }

    /// A `$dynamicRef` that leads to one place whatever the way is a `$ref`.
    fn dynamic(&mut self, draft: &mut Draft, value: NodeId) -> bool {
        let (node, tree) = (draft.node, self.tree);
        if tree.get(node, "$ref").is_some() {
            return false;
        }
        let target = tree.text(value).and_then(|text| self.resolver.dynamic(node, text));
        target.is_some() && self.reference(draft, value)
    }

    fn types(&self, draft: &mut Draft, value: NodeId) -> bool {
        let named = |node: NodeId| self.tree.text(node).and_then(Type::named);
        match self.tree.kind(value) {
            Kind::Text if self.tree.text(value) == Some("file") && self.dialect == Dialect::V20 => {
                draft.keywords.types = Some(TypeSet::NONE.with(Type::String));
                draft.strings().format = Some("binary".into());
            }
            Kind::Text => draft.keywords.types = named(value).map(|kind| TypeSet::NONE.with(kind)),
            // Some documents of 2.0 and 3.0 write lists too, and mean by them what 3.1 does.
            Kind::Array => {
                let items = self.tree.items(value);
                let kinds: TypeSet = items.iter().filter_map(|item| named(*item)).collect();
                draft.keywords.types = (kinds.len() == items.len() && !kinds.is_empty()).then_some(kinds);
            }
            _ => {}
        }
        draft.keywords.types.is_some()
    }

    fn nullable(&self, draft: &mut Draft, value: NodeId) -> bool {
        draft.nullable = self.tree.kind(value) == Kind::True;
        true
    }

    fn numeric(&self, draft: &mut Draft, key: &str, value: NodeId) -> bool {
        if let ("exclusiveMinimum" | "exclusiveMaximum", Some(flag)) = (key, self.tree.flag(value)) {
            // A boolean is draft-04's way; one document of 3.1 in twenty still has it.
            if key == "exclusiveMinimum" {
                draft.minimum_excluded = flag;
            } else {
                draft.maximum_excluded = flag;
            }
            return true;
        }
        let Some(text) = self.tree.number(value) else {
            return false;
        };
        let number = Some(Number { node: value, text: text.into() });
        let numbers = draft.keywords.numbers.get_or_insert_default();
        match key {
            "minimum" => numbers.minimum = number,
            "maximum" => numbers.maximum = number,
            "exclusiveMinimum" => numbers.exclusive_minimum = number,
            "exclusiveMaximum" => numbers.exclusive_maximum = number,
            _ => numbers.multiple_of = number,
        }
        true
    }

    fn textual(&self, draft: &mut Draft, key: &str, value: NodeId) -> bool {
        if let "minLength" | "maxLength" = key {
            let Some(count) = self.count(value) else {
                return false;
            };
            let strings = draft.strings();
            *(if key == "minLength" { &mut strings.min_length } else { &mut strings.max_length }) =
                Some(count);
            return true;
        }
        let Some(text) = self.tree.text(value) else {
            return false;
        };
        let strings = draft.strings();
        let slot = match key {
            "pattern" => &mut strings.pattern,
            "format" => &mut strings.format,
            "contentEncoding" => &mut strings.content_encoding,
            _ => &mut strings.content_media_type,
        };
        *slot = Some(text.into());
        true
    }

    fn array(&mut self, draft: &mut Draft, key: &str, value: NodeId) -> bool {
        let arrays = draft.keywords.arrays.get_or_insert_default();
        match key {
            // Draft-04's tuples; 2020-12 has `prefixItems` for them.
            "items" if self.tree.kind(value) == Kind::Array => {
                if self.dialect >= Dialect::V31 {
                    return false;
                }
                arrays.prefix_items = self.list(value);
            }
            "prefixItems" => arrays.prefix_items = self.list(value),
            "items" => arrays.items = Some(self.schema(value)),
            "contains" => arrays.contains = Some(self.schema(value)),
            "unevaluatedItems" => arrays.unevaluated = Some(self.schema(value)),
            "uniqueItems" => arrays.unique = self.tree.kind(value) == Kind::True,
            _ => {
                let Some(count) = self.count(value) else {
                    return false;
                };
                let slot = match key {
                    "minItems" => &mut arrays.min_items,
                    "maxItems" => &mut arrays.max_items,
                    "minContains" => &mut arrays.min_contains,
                    _ => &mut arrays.max_contains,
                };
                *slot = Some(count);
            }
        }
        true
    }

    fn object(&mut self, draft: &mut Draft, key: &str, value: NodeId) -> bool {
        let is_map = self.tree.kind(value) == Kind::Object;
        match key {
            "properties" if is_map => {
                draft.keywords.objects.get_or_insert_default().properties = self.named(value);
            }
            "patternProperties" if is_map => {
                draft.keywords.objects.get_or_insert_default().pattern_properties = self.named(value);
            }
            "dependentSchemas" if is_map => {
                draft.keywords.objects.get_or_insert_default().dependent_schemas = self.named(value);
            }
            "dependentRequired" if is_map => {
                let tree = self.tree;
                let lists = tree.entries(value).iter();
                let lists = lists.map(|entry| (self.name_of(entry.key), self.texts(entry.node))).collect();
                draft.keywords.objects.get_or_insert_default().dependent_required = lists;
            }
            "required" if self.tree.kind(value) == Kind::Array => {
                draft.keywords.objects.get_or_insert_default().required = self.texts(value);
            }
            "additionalProperties" => {
                draft.keywords.objects.get_or_insert_default().additional = Some(self.schema(value));
            }
            "propertyNames" => {
                draft.keywords.objects.get_or_insert_default().property_names = Some(self.schema(value));
            }
            "unevaluatedProperties" => {
                draft.keywords.objects.get_or_insert_default().unevaluated = Some(self.schema(value));
            }
            "minProperties" | "maxProperties" => {
                let Some(count) = self.count(value) else {
                    return false;
                };
                let objects = draft.keywords.objects.get_or_insert_default();
                *(if key == "minProperties" {
                    &mut objects.min_properties
                } else {
                    &mut objects.max_properties
                }) = Some(count);
            }
            // `required: true` is draft-03's, and says nothing here.
            _ => return key == "required",
        }
        true
    }

    fn combination(&mut self, draft: &mut Draft, key: &str, value: NodeId) -> bool {
        let is_list = self.tree.kind(value) == Kind::Array;
        if matches!(key, "allOf" | "anyOf" | "oneOf") && !is_list {
            return false;
        }
        let combined = draft.keywords.combined.get_or_insert_default();
        match key {
            "allOf" => combined.all_of = self.list(value),
            "anyOf" => combined.any_of = Some(self.list(value)),
            "oneOf" => combined.one_of = Some(self.list(value)),
            "not" => combined.not = Some(self.schema(value)),
            "if" => combined.if_schema = Some(self.schema(value)),
            "then" => combined.then_schema = Some(self.schema(value)),
            _ => combined.else_schema = Some(self.schema(value)),
        }
        true
    }

    fn discriminator(&mut self, draft: &mut Draft, value: NodeId) -> bool {
        // 2.0 names the property alone.
        let property = self.tree.text(value).or_else(|| self.tree.text_of(value, "propertyName"));
        let Some(property) = property else {
            return false;
        };
        let tree = self.tree;
        let mapping = tree.get(value, "mapping").map_or(&[][..], |mapping| tree.entries(mapping));
        let mapping = mapping
            .iter()
            .filter_map(|entry| Some((self.name_of(entry.key), self.choice(value, entry.node)?)))
            .collect();
        let default = tree.get(value, "defaultMapping").filter(|_| self.dialect >= Dialect::V32);
        let default = default.and_then(|node| self.choice(value, node));
        let discriminator = Discriminator { node: value, property: property.into(), mapping, default };
        draft.keywords.combined.get_or_insert_default().discriminator = Some(discriminator);
        true
    }

    /// What a discriminator's value means: the schema of that name, else the reference.
    fn choice(&mut self, discriminator: NodeId, node: NodeId) -> Option<Choice> {
        let tree = self.tree;
        let text = tree.text(node)?;
        let components = tree.get(NodeId::ROOT, "components");
        let schemas = components.and_then(|components| tree.get(components, "schemas"));
        let named = schemas.and_then(|schemas| tree.get(schemas, text));
        let target = named.or_else(|| self.resolver.target(discriminator, text).node());
        let place = target.map(|node| pointer(tree, node)).unwrap_or_default();
        let name = place.strip_prefix("/components/schemas/").filter(|name| !name.contains('/'));
        Some(Choice {
            text: text.into(),
            schema: target.map(|node| self.schema(node)),
            name: name.map(|name| unescaped(name).into()),
        })
    }

    /// How a schema's values are written in XML. 3.2 says in one word what two flags said before.
    fn xml(&self, value: NodeId) -> Xml {
        let tree = self.tree;
        let text = |key: &str| tree.text_of(value, key).map(Box::from);
        let said = tree.text_of(value, "nodeType").filter(|_| self.dialect >= Dialect::V32);
        let flags = [("attribute", XmlNode::Attribute), ("wrapped", XmlNode::Element)];
        Xml {
            node: value,
            name: text("name"),
            namespace: text("namespace"),
            prefix: text("prefix"),
            kind: said.and_then(XmlNode::named).or_else(|| {
                flags.into_iter().find(|(key, _)| tree.is_true(value, key)).map(|(_, kind)| kind)
            }),
        }
    }

    fn annotation(&self, draft: &mut Draft, key: &str, value: NodeId) -> bool {
        if self.dialect == Dialect::V20 && matches!(key, "writeOnly" | "deprecated") {
            // Words that 3.0 brought.
            return true;
        }
        let notes = draft.keywords.annotations.get_or_insert_default();
        match key {
            "title" => notes.title = Some(value),
            "description" => notes.description = Some(value),
            "default" => notes.default = Some(value),
            "example" => draft.examples.push(value),
            "examples" => draft.examples.extend(self.tree.items(value)),
            "xml" => notes.xml = Some(Box::new(self.xml(value))),
            "x-extensible-enum" => notes.extensible_enum = Some(value),
            "readOnly" => notes.read_only = self.tree.kind(value) == Kind::True,
            "writeOnly" => notes.write_only = self.tree.kind(value) == Kind::True,
            _ => notes.deprecated = self.tree.kind(value) == Kind::True,
        }
        true
    }

    fn named(&mut self, map: NodeId) -> Box<[(Arc<str>, SchemaId)]> {
        let tree = self.tree;
        tree.entries(map).iter().map(|entry| (self.name_of(entry.key), self.schema(entry.node))).collect()
    }

    fn list(&mut self, list: NodeId) -> Box<[SchemaId]> {
        let tree = self.tree;
        tree.items(list).iter().map(|item| self.schema(*item)).collect()
    }

    /// The strings of a list, each once.
    fn texts(&mut self, list: NodeId) -> Box<[Arc<str>]> {
        let tree = self.tree;
        let items = tree.items(list);
        let mut names = Vec::with_capacity(items.len());
        let mut unknown = HashSet::default();
        self.lists += 1;
        for (item, text) in items.iter().filter_map(|item| Some((*item, tree.text(*item)?))) {
            // Most are names of properties too.
            let Some(key) = tree.keys.find(text) else {
                names.extend(unknown.insert(tree.hash(item)).then(|| text.into()));
                continue;
            };
            if std::mem::replace(&mut self.stamps[key.0 as usize], self.lists) != self.lists {
                names.push(self.name_of(key));
            }
        }
        names.into()
    }

    fn name(&mut self, text: &str) -> Arc<str> {
        self.tree.keys.find(text).map_or_else(|| text.into(), |key| self.name_of(key))
    }

    fn name_of(&mut self, key: KeyId) -> Arc<str> {
        let slot = &mut self.names[key.0 as usize];
        slot.get_or_insert_with(|| self.tree.key(key).into()).clone()
    }

    /// A count: `3`, and `3.0` and `3e0` too, which JSON Schema lets be integers.
    fn count(&self, node: NodeId) -> Option<u64> {
        let text = self.tree.number(node)?;
        if let Ok(count) = text.parse() {
            return Some(count);
        }
        let number: f64 = text.parse().ok()?;
        // A cast saturates.
        let count = number as u64;
        (number >= 0.0 && number.fract() == 0.0).then_some(count)
    }
}

/// What a parameter of 2.0 says of itself, and not of its value.
fn is_parameter_word(key: &str) -> bool {
    matches!(key, "name" | "in" | "required" | "collectionFormat" | "allowEmptyValue" | "schema" | "$ref")
}

/// A schema in the making.
struct Draft {
    node: NodeId,
    keywords: Keywords,
    nullable: bool,
    minimum_excluded: bool,
    maximum_excluded: bool,
    examples: Vec<NodeId>,
    other: Vec<(Arc<str>, NodeId)>,
}

impl Draft {
    fn new(node: NodeId) -> Self {
        Self {
            node,
            keywords: Default::default(),
            nullable: false,
            minimum_excluded: false,
            maximum_excluded: false,
            examples: Vec::new(),
            other: Vec::new(),
        }
    }

    fn strings(&mut self) -> &mut Strings {
        self.keywords.strings.get_or_insert_default()
    }

    fn finish(self) -> Keywords {
        let mut keywords = self.keywords;
        // OpenAPI 3.0.3: `nullable` adds null to the `type` beside it, and means nothing without.
        if self.nullable {
            keywords.types = keywords.types.map(|types| types.with(Type::Null));
        }
        if let Some(numbers) = &mut keywords.numbers {
            if self.minimum_excluded && numbers.exclusive_minimum.is_none() {
                numbers.exclusive_minimum = numbers.minimum.take();
            }
            if self.maximum_excluded && numbers.exclusive_maximum.is_none() {
                numbers.exclusive_maximum = numbers.maximum.take();
            }
        }
        if let Some(notes) = &mut keywords.annotations {
            let array = TypeSet::NONE.with(Type::Array);
            let is_wrapper = keywords.types.is_some_and(|types| types.without(Type::Null) == array);
            let usual = if is_wrapper { XmlNode::Nothing } else { XmlNode::Element };
            if let Some(xml) = &mut notes.xml {
                xml.kind = xml.kind.filter(|kind| *kind != usual);
            }
            notes.xml = notes.xml.take().filter(|xml| !xml.is_usual());
            notes.examples = self.examples.into();
        }
        fn drop_silent<T: Default + PartialEq>(group: &mut Option<Box<T>>) {
            if group.as_ref().is_some_and(|group| **group == T::default()) {
                *group = None;
            }
        }
        drop_silent(&mut keywords.numbers);
        drop_silent(&mut keywords.arrays);
        drop_silent(&mut keywords.objects);
        drop_silent(&mut keywords.combined);
        drop_silent(&mut keywords.annotations);
        keywords.other = self.other.into();
        keywords
    }
}

/// Where each of `count` schemas leads by `next`, itself where that leads nowhere or round in a
/// circle. Each schema is visited once, so chains of any length cost no more.
pub(super) fn ends(count: usize, next: impl Fn(usize) -> Option<SchemaId>) -> Vec<SchemaId> {
    let mut resolved: Vec<Option<SchemaId>> = vec![None; count];
    let mut on_way = vec![false; count];
    let mut way = Vec::new();
    for start in 0..count {
        // Few lead anywhere, and most of those to what leads no further.
        let first = next(start);
        if let Some(end) = first.map_or(Some(SchemaId::from_index(start)), |first| resolved[first.index()]) {
            resolved[start].get_or_insert(end);
            continue;
        }
        let mut at = start;
        let end = loop {
            if let Some(end) = resolved[at] {
                break Some(end);
            }
            if on_way[at] {
                // A circle of nothing but references: each stays what it is.
                break None;
            }
            on_way[at] = true;
            way.push(at);
            match next(at) {
                Some(target) => at = target.index(),
                None => break Some(SchemaId::from_index(at)),
            }
        };
        for index in way.drain(..) {
            on_way[index] = false;
            resolved[index] = Some(end.unwrap_or(SchemaId::from_index(index)));
        }
    }
    resolved.into_iter().enumerate().map(|(index, end)| end.unwrap_or(SchemaId::from_index(index))).collect()
}
