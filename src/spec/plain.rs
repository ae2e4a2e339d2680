//! Compiled schemas as plain JSON Schema 2020-12, for engines that are not ours.
//!
//! [`Schema`] is already in the terms of 2020-12; here it is only written out, with the schemas
//! that references lead to as `$defs` by id. What no engine could apply as it stands is left out
//! and said: who asks for a verdict must know what the answer does not cover.
//!
//! Source: JSON Schema 2020-12; OpenAPI 3.1.1 "Schema Object" for readOnly and writeOnly.

use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};

use super::Document;
use super::schema::{Lookup, Marks, Number, Schema, SchemaId, Schemas};
use super::tree::NodeId;

/// Schemas that one translation may hold: an engine recurses along references, and a chain of
/// them must not take more stack than there is.
const MOST_DEFINITIONS: usize = 3_000;

/// The dialect that is written.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Whose values the schema describes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum View {
    /// Every member that `required` names, whoever sends it.
    Whole,
    /// What a client sends: read-only members may be missing.
    Request,
    /// What a server sends: write-only members may be missing.
    Response,
    /// Either: read-only and write-only members may be missing.
    Either,
}

impl View {
    /// Whether a required property may be missing all the same.
    #[must_use]
    pub const fn spares(self, read_only: bool, write_only: bool) -> bool {
        match self {
            Self::Whole => false,
            Self::Request => read_only,
            Self::Response => write_only,
            Self::Either => read_only || write_only,
        }
    }
}

/// A part of a schema that the translation does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeftOut {
    /// The schema that says it.
    pub schema: SchemaId,
    /// The keyword.
    pub keyword: Box<str>,
}

/// A schema that stands alone.
#[derive(Clone, PartialEq, Debug)]
pub struct Plain {
    /// JSON Schema 2020-12, self-contained.
    pub schema: Value,
    /// What it does not hold: patterns that the engine refuses, keywords that the model does not
    /// decide, references that lead nowhere. Values that it accepts may fail there.
    pub left_out: Vec<LeftOut>,
}

/// Writes schemas with all that they refer to as `$defs`, where [`reference()`] finds each; `takes_pattern`
/// says which patterns the engine takes, `matters` which schemas the answer to the values to come may hang on:
/// others are not written, and take everything. `None` where they refer to more than an engine should follow.
#[must_use]
pub fn plain(
    document: &Document,
    ids: &[SchemaId],
    view: View,
    takes_pattern: impl FnMut(&str) -> bool,
    matters: impl Fn(SchemaId) -> bool,
) -> Option<Plain> {
    let schemas = &document.api().schemas;
    let mut writer = Writer {
        document,
        schemas,
        view,
        takes_pattern,
        matters,
        queue: ids.to_vec(),
        named: ids.iter().copied().collect(),
        left_out: Vec::new(),
    };
    let mut definitions = Map::new();
    while let Some(id) = writer.queue.pop() {
        if writer.named.len() > MOST_DEFINITIONS {
            return None;
        }
        let value = if (writer.matters)(id) { writer.write(id) } else { true.into() };
        definitions.insert(id.index().to_string(), value);
    }
    let whole = [("$schema", DIALECT.into()), ("$defs", Value::Object(definitions))];
    let schema = whole.map(|(keyword, value)| (keyword.to_owned(), value)).into_iter().collect();
    Some(Plain { schema, left_out: writer.left_out })
}

/// Where a schema that was written stands, as a `$ref` says it.
#[must_use]
pub fn reference(id: SchemaId) -> String {
    format!("#/$defs/{}", id.index())
}

/// Whether a property is read-only or write-only: its schema says so, or one that it refers to.
#[must_use]
pub fn access(schemas: &Schemas, property: SchemaId) -> (bool, bool) {
    let (mut read_only, mut write_only) = (false, false);
    let mut at = Some(property);
    // Chains have two or three links; a circle has no end.
    for _ in 0..32 {
        let Some(schema) = at.map(|id| schemas.get(id)) else { break };
        let mut note = |marks: Marks| {
            read_only |= marks.has(Marks::READ_ONLY);
            write_only |= marks.has(Marks::WRITE_ONLY);
        };
        note(schema.marks);
        if !schema.marks.has(Marks::JOINED) {
            break;
        }
        schema.all_of().iter().for_each(|part| note(schemas.resolved(*part).marks));
        at = schema.reference.as_ref().and_then(|reference| reference.target);
    }
    (read_only, write_only)
}

struct Writer<'d, P, M> {
    document: &'d Document,
    schemas: &'d Schemas,
    view: View,
    takes_pattern: P,
    matters: M,
    queue: Vec<SchemaId>,
    named: FxHashSet<SchemaId>,
    left_out: Vec<LeftOut>,
}

impl<P: FnMut(&str) -> bool, M: Fn(SchemaId) -> bool> Writer<'_, P, M> {
    fn reference(&mut self, id: SchemaId) -> Value {
        if self.named.insert(id) {
            self.queue.push(id);
        }
        reference(id).into()
    }

    /// Schemas written in place nest as the document does, whose depth is bounded.
    fn write(&mut self, id: SchemaId) -> Value {
        let schemas = self.schemas;
        let schema = schemas.get(id);
        if let Some(flag) = schema.bool_schema {
            return flag.into();
        }
        let mut out = Map::new();
        if let Some(reference) = &schema.reference {
            match reference.target {
                Some(target) => {
                    let reference = self.reference(target);
                    out.insert("$ref".into(), reference);
                }
                None => self.leave(id, "$ref"),
            }
        }
        if let Some(types) = schema.types {
            let names: Vec<&str> = types.iter().map(super::schema::Type::name).collect();
            out.insert("type".into(), if let [name] = names[..] { name.into() } else { names.into() });
        }
        let document = self.document;
        let value = |node: &NodeId| document.value(*node);
        if let Some(values) = &schema.enum_values {
            out.insert("enum".into(), values.iter().map(value).collect());
        }
        if let Some(node) = &schema.const_value {
            out.insert("const".into(), value(node));
        }
        self.numbers(id, schema, &mut out);
        self.strings(id, schema, &mut out);
        self.arrays(schema, &mut out);
        self.objects(id, schema, &mut out);
        self.combined(schema, &mut out);
        for keyword in schema.not_decided() {
            self.leave(id, keyword);
        }
        Value::Object(out)
    }

    fn leave(&mut self, schema: SchemaId, keyword: &str) {
        self.left_out.push(LeftOut { schema, keyword: keyword.into() });
    }

    fn numbers(&mut self, id: SchemaId, schema: &Schema, out: &mut Map<String, Value>) {
        let numbers: [(&str, Option<&Number>); 5] = [
            ("minimum", schema.minimum()),
            ("maximum", schema.maximum()),
            ("exclusiveMinimum", schema.exclusive_minimum()),
            ("exclusiveMaximum", schema.exclusive_maximum()),
            ("multipleOf", schema.multiple_of()),
        ];
        for (keyword, number) in numbers {
            let Some(number) = number else { continue };
            // 2020-12 lets only what is above zero divide, and engines refuse the rest.
            if keyword == "multipleOf" && !number.text.parse::<f64>().is_ok_and(|number| number > 0.0) {
                self.leave(id, keyword);
            } else {
                out.insert(keyword.into(), self.document.value(number.node));
            }
        }
    }

    fn strings(&mut self, id: SchemaId, schema: &Schema, out: &mut Map<String, Value>) {
        counts(out, [("minLength", schema.min_length()), ("maxLength", schema.max_length())]);
        if let Some(pattern) = schema.pattern() {
            if (self.takes_pattern)(pattern) {
                out.insert("pattern".into(), pattern.into());
            } else {
                self.leave(id, "pattern");
            }
        }
        if let Some(format) = schema.format() {
            out.insert("format".into(), format.into());
        }
    }

    fn arrays(&mut self, schema: &Schema, out: &mut Map<String, Value>) {
        self.one(out, "items", schema.items());
        if !schema.prefix_items().is_empty() {
            self.list(out, "prefixItems", schema.prefix_items());
        }
        self.one(out, "contains", schema.contains());
        self.one(out, "unevaluatedItems", schema.unevaluated_items());
        counts(out, [("minContains", schema.min_contains()), ("maxContains", schema.max_contains())]);
        counts(out, [("minItems", schema.min_items()), ("maxItems", schema.max_items())]);
        if schema.unique() {
            out.insert("uniqueItems".into(), true.into());
        }
    }

    fn objects(&mut self, id: SchemaId, schema: &Schema, out: &mut Map<String, Value>) {
        let mut members = Map::new();
        // A name that is left out would be judged as one that nobody declares.
        let tells_others = schema.additional().or(schema.unevaluated_properties()).is_some();
        for (name, inner) in schema.properties() {
            if tells_others || (self.matters)(*inner) {
                let said = self.inline(*inner);
                members.insert(name.to_string(), said);
            }
        }
        if !members.is_empty() {
            out.insert("properties".into(), members.into());
        }
        let required = self.demanded(schema);
        if !required.is_empty() {
            out.insert("required".into(), required.into());
        }
        let mut by_pattern = Vec::new();
        for (pattern, inner) in schema.pattern_properties() {
            if (self.takes_pattern)(pattern) {
                by_pattern.push((pattern.clone(), *inner));
            } else {
                self.leave(id, "patternProperties");
            }
        }
        // Without the pattern, `additionalProperties` would judge what is not its own.
        let is_whole = by_pattern.len() == schema.pattern_properties().len();
        self.map(out, "patternProperties", &by_pattern);
        if is_whole {
            self.one(out, "additionalProperties", schema.additional());
            self.one(out, "unevaluatedProperties", schema.unevaluated_properties());
        }
        self.one(out, "propertyNames", schema.property_names());
        counts(out, [("minProperties", schema.min_properties()), ("maxProperties", schema.max_properties())]);
        if !schema.dependent_required().is_empty() {
            let lists = schema.dependent_required().iter();
            let lists: Map<String, Value> = lists
                .map(|(name, list)| {
                    (name.to_string(), list.iter().map(|name| Value::from(&**name)).collect())
                })
                .collect();
            out.insert("dependentRequired".into(), lists.into());
        }
        self.map(out, "dependentSchemas", schema.dependent_schemas());
    }

    fn combined(&mut self, schema: &Schema, out: &mut Map<String, Value>) {
        if !schema.all_of().is_empty() {
            self.list(out, "allOf", schema.all_of());
        }
        for (keyword, list) in [("anyOf", schema.any_of()), ("oneOf", schema.one_of())] {
            match list {
                // 2020-12 wants one alternative at least; without any nothing passes.
                Some([]) => {
                    out.insert("not".into(), true.into());
                }
                Some(list) => self.list(out, keyword, list),
                None => {}
            }
        }
        if !matches!((schema.any_of(), schema.one_of()), (Some([]), _) | (_, Some([]))) {
            self.one(out, "not", schema.not());
        }
        self.one(out, "if", schema.if_schema());
        self.one(out, "then", schema.then_schema());
        self.one(out, "else", schema.else_schema());
    }

    /// The names that are demanded in this direction.
    fn demanded<'s>(&self, schema: &'s Schema) -> Vec<&'s str> {
        let mut demands = Demands::of(self.schemas, schema, self.view);
        schema.required().iter().map(|name| &**name).filter(|name| demands.has(name)).collect()
    }

    fn one(&mut self, out: &mut Map<String, Value>, keyword: &str, id: Option<SchemaId>) {
        if let Some(id) = id {
            let value = self.inline(id);
            out.insert(keyword.into(), value);
        }
    }

    fn list(&mut self, out: &mut Map<String, Value>, keyword: &str, list: &[SchemaId]) {
        let values: Vec<Value> = list.iter().map(|id| self.inline(*id)).collect();
        out.insert(keyword.into(), values.into());
    }

    fn map<N: AsRef<str>>(&mut self, out: &mut Map<String, Value>, keyword: &str, map: &[(N, SchemaId)]) {
        if !map.is_empty() {
            let mut members = Map::new();
            for (name, id) in map {
                let value = self.inline(*id);
                members.insert(name.as_ref().to_owned(), value);
            }
            out.insert(keyword.into(), members.into());
        }
    }

    /// A schema within another. Every other one stands below it in the document, but one that was
    /// made up, or that a reference names too, is written once.
    fn inline(&mut self, id: SchemaId) -> Value {
        match (self.named.contains(&id), (self.matters)(id)) {
            (_, false) => true.into(),
            (true, _) => json!({"$ref": reference(id)}),
            _ => self.write(id),
        }
    }
}

/// Which of the names that a schema requires are asked of a value that travels one way: not those of a property
/// that stays, as the schema itself or a part of it says.
pub struct Demands<'s> {
    schemas: &'s Schemas,
    schema: &'s Schema,
    view: View,
    lookup: Lookup<'s>,
    has_parts: bool,
}

impl<'s> Demands<'s> {
    /// Of this schema, in this direction.
    #[must_use]
    pub fn of(schemas: &'s Schemas, schema: &'s Schema, view: View) -> Self {
        let has_parts = parts(schema).next().is_some();
        Self { schemas, schema, view, lookup: schema.lookup(), has_parts }
    }

    /// Whether the name is asked for, where it is required.
    pub fn has(&mut self, name: &str) -> bool {
        let (schemas, view) = (self.schemas, self.view);
        let is_spared = |id: SchemaId| {
            let (read_only, write_only) = access(schemas, id);
            view.spares(read_only, write_only)
        };
        if self.has_parts {
            !declarations(schemas, self.schema, name).into_iter().any(is_spared)
        } else {
            !self.lookup.get(name).is_some_and(is_spared)
        }
    }
}

/// Where a property is declared for a value of this schema: here or in what `allOf` and `$ref` add.
#[must_use]
pub fn declarations(schemas: &Schemas, schema: &Schema, name: &str) -> Vec<SchemaId> {
    let mut found = Vec::new();
    let mut seen: FxHashSet<SchemaId> = FxHashSet::default();
    let mut todo = vec![schema];
    while let Some(schema) = todo.pop() {
        found.extend(schema.property(name));
        for id in parts(schema) {
            if seen.len() < 256 && seen.insert(id) {
                todo.push(schemas.get(id));
            }
        }
    }
    found
}

/// The schemas that may declare members of the same value.
fn parts(schema: &Schema) -> impl Iterator<Item = SchemaId> {
    let parts = schema.all_of().iter().copied();
    let alternatives = schema.any_of().into_iter().chain(schema.one_of()).flatten().copied();
    parts.chain(alternatives).chain(schema.reference.as_ref().and_then(|reference| reference.target))
}

fn counts<const N: usize>(out: &mut Map<String, Value>, counts: [(&str, Option<u64>); N]) {
    for (keyword, count) in counts {
        if let Some(count) = count {
            out.insert(keyword.into(), count.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::spec::{Limits, load};

    fn with_schemas(version: &str, schemas: &Value) -> Document {
        let document = json!({
            "openapi": version, "info": {"title": "t", "version": "1"}, "paths": {}, "components": {"schemas": schemas},
        });
        load(document.to_string().as_bytes(), &Limits::default()).expect("a document")
    }

    #[test]
    fn schemas_are_written_out_as_plain_json_schema() {
        let document = with_schemas(
            "3.0.3",
            &json!({
                "Node": {
                    "type": "object", "nullable": true, "required": ["id", "secret", "next"], "additionalProperties": false,
                    "properties": {
                        "id": {"type": "integer", "minimum": 0, "exclusiveMinimum": true, "readOnly": true},
                        "secret": {"allOf": [{"$ref": "#/components/schemas/Secret"}], "writeOnly": true},
                        "next": {"$ref": "#/components/schemas/Node"},
                    },
                },
                "Secret": {"type": "string", "pattern": "^a", "minLength": 2},
            }),
        );
        let node = document.api().component("Node").expect("the schema is named");
        let judges = |view: View| {
            let mut written = plain(&document, &[node], view, |_| true, |_| true).expect("it is small");
            assert_eq!(written.left_out, []);
            written.schema["$ref"] = reference(node).into();
            let validator =
                jsonschema::options().offline().build(&written.schema).expect("an engine takes it");
            move |value: Value| validator.is_valid(&value)
        };
        let (whole, request, response, either) =
            (judges(View::Whole), judges(View::Request), judges(View::Response), judges(View::Either));
        let full = json!({"id": 1, "secret": "ab", "next": {"id": 2, "secret": "ac", "next": null}});
        for accepts in [&whole, &request, &response, &either] {
            assert!(accepts(full.clone()) && accepts(json!(null)));
            assert!(!accepts(json!({"id": 0, "secret": "ab", "next": null})), "the bound is exclusive");
            assert!(!accepts(json!({"id": 1, "secret": "b!", "next": null})), "the pattern holds");
            assert!(!accepts(json!({"id": 1, "secret": "ab"})), "`next` is nobody's alone");
            assert!(!accepts(json!({"id": 1, "secret": "ab", "next": {"x": 1}})), "the circle is followed");
        }
        let (asked, answered) = (json!({"secret": "ab", "next": null}), json!({"id": 1, "next": null}));
        let all = [&whole, &request, &response, &either];
        assert_eq!(all.map(|accepts| accepts(asked.clone())), [false, true, false, true]);
        assert_eq!(all.map(|accepts| accepts(answered.clone())), [false, false, true, true]);
    }

    #[test]
    fn what_no_engine_could_apply_is_left_out_and_said() {
        let document = with_schemas(
            "3.1.0",
            &json!({"A": {
                "type": "string", "pattern": "(", "$dynamicRef": "#x", "oneOf": [],
                "properties": {"a": {"$ref": "#/components/schemas/Absent"}, "b": {"multipleOf": 0}},
                "patternProperties": {"(": {}}, "additionalProperties": false,
            }}),
        );
        let id = document.api().component("A").expect("the schema is named");
        let mut written =
            plain(&document, &[id], View::Whole, |pattern| pattern != "(", |_| true).expect("it is small");
        let mut left: Vec<&str> = written.left_out.iter().map(|each| &*each.keyword).collect();
        left.sort_unstable();
        assert_eq!(left, ["$dynamicRef", "$ref", "multipleOf", "pattern", "patternProperties"]);
        written.schema["$ref"] = reference(id).into();
        let validator = jsonschema::options().offline().build(&written.schema).expect("an engine takes it");
        assert!(!validator.is_valid(&json!("a")), "no alternative lets nothing pass");
        let inside =
            written.schema["$defs"].as_object().and_then(|all| all.values().next()).expect("it is there");
        assert!(inside.get("additionalProperties").is_none(), "it would judge what a pattern may name");
        // A chain that an engine would follow down its stack is not written.
        let mut chain = json!({});
        for n in 0..4_000 {
            chain[format!("S{n}")] =
                json!({"properties": {"a": {"$ref": format!("#/components/schemas/S{}", n + 1)}}});
        }
        let document = with_schemas("3.1.0", &chain);
        let id = document.api().component("S0").expect("the schema is named");
        assert_eq!(plain(&document, &[id], View::Whole, |_| true, |_| true), None);
        let written =
            plain(&document, &[id], View::Whole, |_| true, |other| other == id).expect("it is small");
        assert_eq!(written.schema["$defs"].as_object().map(Map::len), Some(1));
    }
}
