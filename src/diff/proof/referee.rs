//! The last word: both schemas through another validator, on the value that was found.
//!
//! Source: the `jsonschema` crate reads the schema as it is written (a bare one), or its translation to
//! plain 2020-12 with the members of the other direction spared (a document's, see
//! [`crate::spec::plain`]). Most of its work is to read schemas: those that the values at hand meet are read,
//! once for all of them.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use jsonschema::Validator;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};

use crate::spec::Document;
use crate::spec::plain::{View, plain, reference};
use crate::spec::schema::{SchemaId, Schemas};
use crate::spec::tree::NodeId;

/// Schemas as another validator reads them.
pub(crate) struct Referee {
    schema: Value,
    plain: Validator,
    /// Formats are demands here; built when they are first asked for.
    formats: OnceLock<Result<Validator, String>>,
}

impl Referee {
    /// Of a schema that stands alone.
    pub(crate) fn bare(document: &Document) -> Result<Self, String> {
        Self::new(document.value(NodeId::ROOT))
    }

    /// Of schemas in a document, as one direction sees them, for these values of theirs: it judges objects
    /// whose members are called by the number of the schema that they are values of.
    fn of(document: &Document, view: View, asked: &[Asked<'_>]) -> Result<Self, String> {
        let takes = |pattern: &str| options().build(&json!({"pattern": pattern})).is_ok();
        let met = met(&document.api().schemas, asked);
        let ids = schemas_of(asked);
        let written = plain(document, &ids, view, takes, |id| met.contains(&id));
        let written = written.ok_or("the schema is too large for the referee")?;
        if let Some(left) = written.left_out.first() {
            return Err(format!("the referee cannot judge `{}`", left.keyword));
        }
        let mut schema = written.schema;
        schema["properties"] = ids.iter().map(|id| (member(*id), json!({"$ref": reference(*id)}))).collect();
        Self::new(schema)
    }

    fn new(schema: Value) -> Result<Self, String> {
        let plain = built(&options(), &schema)?;
        Ok(Self { schema, plain, formats: OnceLock::new() })
    }

    /// Whether the value is one of the schema's; `formats` says whether they count.
    pub(crate) fn accepts(&self, value: &Value, formats: bool) -> Result<bool, String> {
        if !formats {
            return Ok(self.plain.is_valid(value));
        }
        let strict = || built(&options().should_validate_formats(true), &self.schema);
        let strict = self.formats.get_or_init(strict);
        strict.as_ref().map(|strict| strict.is_valid(value)).map_err(String::clone)
    }
}

/// A value, and the schema that it is held against.
pub(crate) type Asked<'v> = (SchemaId, &'v Value);

/// The referees of one document in one direction, each for the schemas and values it is asked about.
pub(crate) struct Referees {
    /// By schema: a referee, or why there is none.
    of: HashMap<SchemaId, Arc<Result<Referee, String>>>,
}

impl Referees {
    /// Referees for these values.
    pub(crate) fn of(document: &Document, view: View, mut asked: Vec<Asked<'_>>) -> Self {
        asked.sort_by_key(|(id, _)| *id);
        let mut of = HashMap::new();
        let mut todo = vec![&asked[..]];
        while let Some(part) = todo.pop() {
            let ids = schemas_of(part);
            let made = Referee::of(document, view, part);
            if made.is_err() && ids.len() > 1 {
                // Where one schema spoils it for all, each half has its own.
                let middle = ids[ids.len() / 2];
                let (first, second) = part.split_at(part.partition_point(|(id, _)| *id < middle));
                todo.extend([first, second]);
            } else {
                let made = Arc::new(made);
                of.extend(ids.iter().map(|id| (*id, made.clone())));
            }
        }
        Self { of }
    }

    /// Whether one of the values is one of its schema's; `formats` says whether they count.
    pub(crate) fn accepts(&self, (id, value): Asked<'_>, formats: bool) -> Result<bool, String> {
        let referee = self.of.get(&id).ok_or("the referee was not asked for")?;
        let whole = Map::from_iter([(member(id), value.clone())]);
        Result::as_ref(referee).map_err(String::clone)?.accepts(&whole.into(), formats)
    }
}

/// The schemas of values that are sorted by schema, each once.
fn schemas_of(asked: &[Asked<'_>]) -> Vec<SchemaId> {
    let mut ids: Vec<SchemaId> = asked.iter().map(|(id, _)| *id).collect();
    ids.dedup();
    ids
}

/// What a value of the schema is called in the whole that is judged.
fn member(id: SchemaId) -> String {
    id.index().to_string()
}

/// The schemas that apply to one of the values, or to something in it.
fn met(schemas: &Schemas, asked: &[Asked<'_>]) -> FxHashSet<SchemaId> {
    /// Stands for all names of members.
    static NAME: Value = Value::String(String::new());
    let mut met = FxHashSet::default();
    let mut seen = FxHashSet::default();
    let mut todo: Vec<(SchemaId, &Value)> = asked.to_vec();
    while let Some((id, value)) = todo.pop() {
        if !seen.insert((id, std::ptr::from_ref(value))) {
            continue;
        }
        met.insert(id);
        let schema = schemas.get(id);
        match value {
            Value::Object(members) => {
                let mut lookup = schema.lookup();
                for (name, member) in members {
                    let patterns = schema.pattern_properties().iter().map(|(_, id)| *id);
                    let others = schema.additional().into_iter().chain(schema.unevaluated_properties());
                    let all = lookup.get(name).into_iter().chain(patterns).chain(others);
                    todo.extend(all.map(|id| (id, member)));
                }
                todo.extend(schema.property_names().map(|id| (id, &NAME)));
                todo.extend(schema.dependent_schemas().iter().map(|(_, id)| (*id, value)));
            }
            Value::Array(items) => {
                let prefix = schema.prefix_items().iter().copied().zip(items);
                todo.extend(prefix);
                for item in items {
                    let all = [schema.items(), schema.contains(), schema.unevaluated_items()];
                    todo.extend(all.into_iter().flatten().map(|id| (id, item)));
                }
            }
            _ => {}
        }
        let unions = schema.any_of().into_iter().chain(schema.one_of()).flatten();
        let single = [schema.not(), schema.if_schema(), schema.then_schema(), schema.else_schema()];
        let referred = schema.reference.as_ref().and_then(|reference| reference.target);
        let here = schema.all_of().iter().chain(unions).copied().chain(single.into_iter().flatten());
        todo.extend(here.chain(referred).map(|id| (id, value)));
    }
    met
}

fn built(options: &jsonschema::ValidationOptions<'static>, schema: &Value) -> Result<Validator, String> {
    options.build(schema).map_err(|error| format!("the referee refuses the schema: {error}"))
}

/// Draft 2020-12, nothing fetched.
fn options() -> jsonschema::ValidationOptions<'static> {
    jsonschema::options().with_draft(jsonschema::Draft::Draft202012).offline().should_validate_formats(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Limits, load};

    #[test]
    fn what_cannot_be_judged_spoils_no_other_value() {
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {},
            "components": {"schemas": {
                "A": {"properties": {"a": {"type": "string"}, "b": {"pattern": "("}}},
                "B": {"properties": {"c": {"type": "string"}}},
            }},
        });
        let document = load(document.to_string().as_bytes(), &Limits::default()).expect("a document");
        let id = |name| document.api().component(name).expect("the schema is named");
        let (a, b) = (id("A"), id("B"));
        let (good, bad, spoilt, other) =
            (json!({"a": "x"}), json!({"a": 1}), json!({"b": "x"}), json!({"c": "x"}));
        let asked = vec![(a, &bad), (b, &other), (a, &good)];
        let referees = Referees::of(&document, View::Request, asked);
        assert_eq!(referees.accepts((a, &good), false), Ok(true));
        assert_eq!(referees.accepts((a, &bad), true), Ok(false));
        assert_eq!(referees.accepts((b, &other), false), Ok(true));
        let asked = vec![(a, &bad), (b, &other), (a, &spoilt)];
        let referees = Referees::of(&document, View::Request, asked);
        assert_eq!(referees.accepts((b, &other), false), Ok(true));
        assert!(referees.accepts((a, &spoilt), false).is_err_and(|why| why.contains("pattern")));
    }
}
