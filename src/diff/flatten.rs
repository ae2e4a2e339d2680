//! From a schema to its flat view: conjunction folded as an intersection, spellings made one.
//!
//! A keyword that moved between a schema and a member of its `allOf` is no change, so members are
//! folded in; unions stay unions, except for a branch that is alone beside null. Keywords without
//! effect on the types allowed are dropped.
//! Source: JSON Schema 2020-12, core section 10 and validation section 6.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde_json::Value;

use super::keyword::tightness;
use super::names::Names;
use super::types::Types;
use super::value::canonical;
use super::view::{Limit, Listed, Opening, Union, View};
use crate::spec::decimal::Decimal;
use crate::spec::schema::{Number, Schema, SchemaId, Type};
use crate::spec::tree::NodeId;
use crate::spec::{Document, Hash};

impl<'a> View<'a> {
    /// Flattens the schema.
    #[must_use]
    pub fn of(document: &'a Document, id: SchemaId) -> Self {
        let schemas = &document.api().schemas;
        let root = schemas.resolve(id);
        let mut view = Self::blank(document, root, schemas.get(root).node);
        // A branch beside null says nothing about null, so the flag travels with it.
        let mut queue = vec![(root, false)];
        let mut seen = FxHashSet::default();
        let mut at = 0;
        while let Some(&(id, beside_null)) = queue.get(at) {
            // Most schemas fold nothing in, so that there is nothing to remember.
            let is_new = at == 0 || id != root && seen.insert(id);
            at += 1;
            if is_new {
                let schema = schemas.get(id);
                view.fold(id, schema, beside_null);
                let members = schema.all_of().iter().copied();
                let target = schema.reference.as_ref().and_then(|reference| reference.target);
                let below = members.chain(target).map(|id| (schemas.resolve(id), beside_null));
                queue.extend(below);
                view.fold_unions(id, schema, &mut queue);
            }
        }
        view.finish();
        view
    }

    fn blank(document: &'a Document, id: SchemaId, node: NodeId) -> Self {
        Self {
            document,
            id,
            node,
            never: false,
            types: Types::ANY,
            typed: None,
            nullable: true,
            values: None,
            extensible: false,
            values_node: None,
            limits: BTreeMap::new(),
            multiples: Vec::new(),
            unique: None,
            contains: None,
            patterns: BTreeMap::new(),
            format: None,
            encoding: None,
            content: None,
            lost: None,
            properties: Names::default(),
            required: Names::default(),
            closed: None,
            additional: None,
            openings: Vec::new(),
            items: None,
            prefix: Vec::new(),
            unions: Vec::new(),
            conjuncts: Vec::new(),
            default: None,
            discriminator: None,
            discriminates: None,
            other: BTreeMap::new(),
        }
    }

    fn fold(&mut self, id: SchemaId, schema: &'a Schema, beside_null: bool) {
        let document = self.document;
        let node = |keyword: &str| document.keyword_node(id, keyword);
        self.never |= schema.bool_schema == Some(false);
        if let Some(types) = schema.types {
            self.types = self.types.and(Types::of(types.iter().map(Type::name)));
            self.nullable &= beside_null || types.contains(Type::Null);
            self.typed.get_or_insert(id);
        }
        let listed = |at: &NodeId| {
            let json = document.value(*at);
            Listed { text: canonical(&json), json, node: *at }
        };
        if let Some(values) = &schema.enum_values {
            self.fold_values(values.iter().map(listed).collect(), node("enum"), beside_null);
        }
        if let Some(value) = &schema.const_value {
            self.fold_values(vec![listed(value)], node("const"), beside_null);
        }
        self.extensible |= schema.extensible_enum().is_some();
        self.fold_numbers(schema);
        let counts = [
            ("minLength", schema.min_length()),
            ("maxLength", schema.max_length()),
            ("minItems", schema.min_items()),
            ("maxItems", schema.max_items()),
            ("minProperties", schema.min_properties()),
            ("maxProperties", schema.max_properties()),
        ];
        for (keyword, count) in counts {
            if let Some(count) = count.filter(|count| *count > 0 || keyword.starts_with("max")) {
                self.tighten(
                    keyword,
                    Limit {
                        value: Decimal::whole(count.into()),
                        json: count.into(),
                        exclusive: false,
                        keyword,
                        node: node(keyword),
                    },
                );
            }
        }
        if let Some(pattern) = schema.pattern() {
            self.patterns.insert(pattern, node("pattern"));
        }
        if let Some(reference) = schema.reference.as_ref().filter(|reference| reference.target.is_none()) {
            self.lost.get_or_insert((&reference.text, reference.node));
        }
        // OpenAPI 3.1.1, "Migrating binary descriptions": 3.0's word for Base64.
        let is_byte = schema.format() == Some("byte");
        if is_byte {
            self.encoding.get_or_insert_with(|| ("base64", node("format")));
        }
        if let Some(encoding) = schema.content_encoding() {
            self.encoding.get_or_insert_with(|| (encoding, node("contentEncoding")));
        }
        if let Some(media) = schema.content_media_type() {
            self.content.get_or_insert_with(|| (media, node("contentMediaType")));
        }
        if let Some(format) = schema.format().filter(|_| !is_byte) {
            self.format.get_or_insert_with(|| (format, node("format")));
        }
        if schema.unique() {
            self.unique.get_or_insert_with(|| node("uniqueItems"));
        }
        self.fold_objects(id, schema);
        self.fold_rest(id, schema);
    }

    fn fold_values(&mut self, values: Vec<Listed>, node: NodeId, beside_null: bool) {
        let has_null = values.iter().any(|value| value.json.is_null());
        self.nullable &= beside_null || has_null;
        let fresh = values.into_iter().filter(|value| !value.json.is_null());
        let kept = match self.values.take() {
            None => fresh.collect(),
            Some(known) => {
                let fresh: Vec<Listed> = fresh.collect();
                known.into_iter().filter(|value| fresh.iter().any(|other| other.text == value.text)).collect()
            }
        };
        self.values = Some(kept);
        self.values_node.get_or_insert(node);
    }

    fn fold_numbers(&mut self, schema: &Schema) {
        let bounds = [
            ("minimum", "minimum", schema.minimum(), false),
            ("maximum", "maximum", schema.maximum(), false),
            ("minimum", "exclusiveMinimum", schema.exclusive_minimum(), true),
            ("maximum", "exclusiveMaximum", schema.exclusive_maximum(), true),
        ];
        for (key, keyword, number, exclusive) in bounds {
            if let Some(limit) = number.and_then(|number| limit(number, keyword, exclusive)) {
                self.tighten(key, limit);
            }
        }
        let multiple = schema.multiple_of().and_then(|number| limit(number, "multipleOf", false));
        self.multiples.extend(multiple);
    }

    fn fold_objects(&mut self, id: SchemaId, schema: &'a Schema) {
        let document = self.document;
        let schemas = &document.api().schemas;
        let node = |keyword: &str| document.keyword_node(id, keyword);
        self.properties.reserve(schema.properties().len());
        for (name, property) in schema.properties() {
            self.properties.push(name, *property);
        }
        self.required.reserve(schema.required().len());
        for name in schema.required() {
            self.required.push(name, id);
        }
        let undeclared = [
            ("additionalProperties", schema.additional()),
            ("unevaluatedProperties", schema.unevaluated_properties()),
        ];
        for (keyword, rest) in undeclared {
            let Some(rest) = rest else { continue };
            match schemas.resolved(rest).bool_schema {
                Some(false) => {
                    self.closed.get_or_insert_with(|| node(keyword));
                }
                Some(true) => {}
                None => self.additional = self.additional.or(Some(rest)),
            }
        }
        for (pattern, member) in schema.pattern_properties() {
            let hash = mix(number(schemas.get(*member).hash), pattern);
            self.openings.push(Opening {
                keyword: "patternProperties",
                hash,
                node: schemas.get(*member).node,
            });
        }
        if let Some(names) = schema.property_names() {
            let names = schemas.get(names);
            self.openings.push(Opening {
                keyword: "propertyNames",
                hash: number(names.hash),
                node: names.node,
            });
        }
        if let Some(rest) = schema.unevaluated_items() {
            let rest = schemas.get(rest);
            self.openings.push(Opening {
                keyword: "unevaluatedItems",
                hash: number(rest.hash),
                node: rest.node,
            });
        }
    }

    fn fold_rest(&mut self, id: SchemaId, schema: &'a Schema) {
        let document = self.document;
        let schemas = &document.api().schemas;
        let node = |keyword: &str| document.keyword_node(id, keyword);
        self.items = self.items.or(schema.items());
        if self.prefix.is_empty() {
            self.prefix = schema.prefix_items().to_vec();
        }
        let keep = |keyword: &'static str, ids: &[Option<SchemaId>], extra: &str| {
            let hash = ids.iter().fold(0, |hash, id| {
                mix(hash, &id.map_or_else(String::new, |id| number(schemas.get(id).hash).to_string()))
            });
            Opening { keyword, hash: mix(hash, extra), node: node(keyword) }
        };
        if let Some(contains) = schema.contains() {
            let counts = format!("{:?}{:?}", schema.min_contains(), schema.max_contains());
            self.contains.get_or_insert_with(|| keep("contains", &[Some(contains)], &counts));
        }
        let nothing = |id: SchemaId| schemas.resolved(id).bool_schema == Some(false);
        if let Some(not) = schema.not().filter(|not| !nothing(*not)) {
            self.conjuncts.push(keep("not", &[Some(not)], ""));
        }
        if let Some(condition) = schema.if_schema() {
            let branches = [Some(condition), schema.then_schema(), schema.else_schema()];
            self.conjuncts.push(keep("if", &branches, ""));
        }
        for (name, names) in schema.dependent_required() {
            let mut names: Vec<&str> = names.iter().map(|name| &**name).collect();
            names.sort_unstable();
            self.conjuncts.push(keep("dependentRequired", &[], &format!("{name}:{names:?}")));
        }
        for (name, member) in schema.dependent_schemas() {
            self.conjuncts.push(keep("dependentSchemas", &[Some(*member)], name));
        }
        self.default = self.default.or(schema.default());
        if let Some(discriminator) = schema.discriminator() {
            let mut mapping: Vec<String> =
                discriminator.told().map(|(tag, to)| format!("{tag}={}", to.meaning())).collect();
            mapping.extend(discriminator.default.iter().map(|to| format!("={}", to.meaning())));
            mapping.sort_unstable();
            let text = format!("{} {}", discriminator.property, mapping.join(" "));
            self.discriminates.get_or_insert(id);
            self.discriminator.get_or_insert((text.trim_end().to_owned(), discriminator.node));
        }
        for (keyword, node) in &schema.other {
            self.other.entry(keyword).or_insert(*node);
        }
    }

    fn fold_unions(&mut self, id: SchemaId, schema: &'a Schema, queue: &mut Vec<(SchemaId, bool)>) {
        let schemas = &self.document.api().schemas;
        for (keyword, branches) in [("anyOf", schema.any_of()), ("oneOf", schema.one_of())] {
            let Some(branches) = branches else { continue };
            let (null, rest): (Vec<SchemaId>, Vec<SchemaId>) =
                branches.iter().partition(|branch| is_null(schemas.resolved(**branch)));
            if let [only] = rest.as_slice() {
                queue.push((schemas.resolve(*only), !null.is_empty()));
                continue;
            }
            self.nullable &=
                !null.is_empty() || rest.iter().any(|branch| admits_null(schemas.resolved(*branch)));
            let node = self.document.keyword_node(id, keyword);
            self.unions.push(Union { keyword, branches: rest, node });
        }
    }

    fn tighten(&mut self, key: &'static str, limit: Limit) {
        let upper = key.starts_with("max");
        let known = self.limits.get(key);
        if known.is_none_or(|known| tightness(Some(&limit), Some(known), upper).is_gt()) {
            self.limits.insert(key, limit);
        }
    }

    /// Drops keywords that have no effect and spells the rest in one way.
    fn finish(&mut self) {
        self.properties.sort();
        self.required.sort();
        if let Some(values) = &mut self.values {
            let kinds = self.types;
            values.retain(|value| kinds.contains(Types::of([kind(&value.json)])));
            // A list of values says the types too, written out or not.
            self.types = Types::of(values.iter().map(|value| kind(&value.json))).and(kinds);
            if values.iter().any(|value| value.json.is_f64()) && kinds.has("number") {
                self.types = self.types.or(Types::of(["number"]));
            }
        }
        if !self.types.has("string") {
            self.patterns.clear();
        }
        if !self.types.has("object") {
            self.properties.clear();
            self.required.clear();
            self.closed = None;
            self.additional = None;
            self.openings.retain(|opening| opening.keyword == "unevaluatedItems");
        }
        if !self.types.has("array") {
            self.items = None;
            self.prefix.clear();
            self.unique = None;
            self.contains = None;
            self.openings.retain(|opening| opening.keyword != "unevaluatedItems");
        }
        let groups = [("string", "Length"), ("array", "Items"), ("object", "Properties")];
        for (kind, suffix) in groups {
            if !self.types.has(kind) {
                self.limits.retain(|keyword, _| !keyword.ends_with(suffix));
            }
        }
        if !self.types.has_numbers() {
            self.limits.retain(|keyword, _| !keyword.ends_with("imum"));
            self.multiples.clear();
        }
        if self.types.has_integers_alone() {
            self.finish_integers();
        }
        let is_least = |limit: &Limit| limit.value <= Decimal::whole(self.required.keys().count() as i128);
        if self.limits.get("minProperties").is_some_and(is_least) {
            self.limits.remove("minProperties");
        }
        if self.limits.get("maxItems").is_some_and(|limit| limit.value <= Decimal::whole(1)) {
            self.unique = None;
        }
    }

    fn finish_integers(&mut self) {
        for (key, step) in [("minimum", 1), ("maximum", -1)] {
            let Some(limit) = self.limits.get_mut(key).filter(|limit| limit.exclusive) else {
                continue;
            };
            if let Some(inside) = limit.value.step(step) {
                limit.value = inside;
                limit.exclusive = false;
            }
        }
        // Multiples of one say no more than that the number is whole.
        self.multiples.retain(|limit| limit.value != Decimal::whole(1));
        let Some((format, node)) = self.format else {
            return;
        };
        let (low, high): (i64, i64) = match format {
            "int32" => (i32::MIN.into(), i32::MAX.into()),
            "int64" => (i64::MIN, i64::MAX),
            _ => return,
        };
        for (key, value) in [("minimum", low), ("maximum", high)] {
            let keyword = if format == "int32" { "int32" } else { "int64" };
            let value_json = Value::from(value);
            self.tighten(
                key,
                Limit {
                    value: Decimal::whole(value.into()),
                    json: value_json,
                    exclusive: false,
                    keyword,
                    node,
                },
            );
        }
    }
}

/// Whether the branch is nothing but null.
fn is_null(schema: &Schema) -> bool {
    schema.types.is_some_and(|types| types.contains(Type::Null) && types.len() == 1)
}

/// Whether a branch of a union lets null through, as far as its own keywords say.
fn admits_null(schema: &Schema) -> bool {
    match schema.types {
        Some(types) => types.contains(Type::Null),
        None => schema.combined.is_none() && schema.enum_values.is_none() && schema.const_value.is_none(),
    }
}

fn number(hash: Hash) -> u128 {
    hash.0
}

fn limit(number: &Number, keyword: &'static str, exclusive: bool) -> Option<Limit> {
    Some(Limit {
        value: Decimal::parse(&number.text)?,
        json: serde_json::from_str(&number.text).unwrap_or(Value::Null),
        exclusive,
        keyword,
        node: number.node,
    })
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A hash of `hash` and `text`; equal inputs give equal hashes within one run of the program.
fn mix(hash: u128, text: &str) -> u128 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut low = DefaultHasher::new();
    (hash, text).hash(&mut low);
    let mut high = DefaultHasher::new();
    (text, hash, 1_u8).hash(&mut high);
    u128::from(high.finish()) << 64 | u128::from(low.finish())
}
