//! The last word: both schemas through another validator, on the value that was found.
//!
//! Source: the `jsonschema` crate reads the schema as it is written (a bare one), or its translation to
//! plain 2020-12 with the members of the other direction spared (a document's, see
//! [`crate::spec::plain`]). Most of its work is to read schemas, and what many values meet is read once
//! for all of them.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::spec::Document;
use crate::spec::plain::{View, plain, reference};
use crate::spec::schema::SchemaId;
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

    /// Of schemas in a document, as one direction sees them: for objects whose members are called by the
    /// number of the schema that they are values of, and have in them members of these names.
    fn of(
        document: &Document,
        ids: &[SchemaId],
        view: View,
        names: &HashSet<Box<str>>,
    ) -> Result<Self, String> {
        let takes = |pattern: &str| options().build(&json!({"pattern": pattern})).is_ok();
        let written = plain(document, ids, view, takes, |name| names.contains(name));
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

/// A referee, or why there is none, and the names of the members it was made for.
struct Made {
    names: HashSet<Box<str>>,
    referee: Result<Referee, String>,
}

impl Made {
    /// Whether it has an answer for values with these members: a refusal is one for its own names alone.
    fn serves(&self, names: &HashSet<Box<str>>) -> bool {
        if self.referee.is_ok() { names.is_subset(&self.names) } else { *names == self.names }
    }
}

/// The referees of one document in one direction, each for the schemas and values it was asked about.
pub(crate) struct Referees<'d> {
    document: &'d Document,
    view: View,
    /// By schema: the newest that was made for it.
    of: HashMap<SchemaId, Arc<Made>>,
}

impl<'d> Referees<'d> {
    pub(crate) fn new(document: &'d Document, view: View) -> Self {
        Self { document, view, of: HashMap::new() }
    }

    /// Makes one for all that will be asked.
    pub(crate) fn prepare(&mut self, mut asked: Vec<(SchemaId, &Value)>) {
        asked.sort_by_key(|(id, _)| *id);
        self.prepare_sorted(&asked);
    }

    /// Where one schema spoils it for all, each half has its own.
    fn prepare_sorted(&mut self, asked: &[(SchemaId, &Value)]) {
        let mut ids: Vec<SchemaId> = asked.iter().map(|(id, _)| *id).collect();
        ids.dedup();
        let mut names = HashSet::new();
        asked.iter().for_each(|(_, value)| gather(value, &mut names));
        if self.make(&ids, names).referee.is_err() && ids.len() > 1 {
            let middle = ids[ids.len() / 2];
            let (first, second) = asked.split_at(asked.partition_point(|(id, _)| *id < middle));
            self.prepare_sorted(first);
            self.prepare_sorted(second);
        }
    }

    fn make(&mut self, ids: &[SchemaId], names: HashSet<Box<str>>) -> Arc<Made> {
        let referee = Referee::of(self.document, ids, self.view, &names);
        let made = Arc::new(Made { names, referee });
        self.of.extend(ids.iter().map(|id| (*id, made.clone())));
        made
    }

    /// Whether the value is one of the schema's; `formats` says whether they count.
    pub(crate) fn judge(&mut self, id: SchemaId, value: &Value, formats: bool) -> Result<bool, String> {
        let mut names = HashSet::new();
        gather(value, &mut names);
        let made = match self.of.get(&id).filter(|known| known.serves(&names)) {
            Some(known) => known.clone(),
            None => self.make(&[id], names),
        };
        let whole = Map::from_iter([(member(id), value.clone())]);
        made.referee.as_ref().map_err(String::clone)?.accepts(&whole.into(), formats)
    }
}

/// What a value of the schema is called in the whole that is judged.
fn member(id: SchemaId) -> String {
    id.index().to_string()
}

/// The names of all members in a value, whose depth the search bounds.
fn gather(value: &Value, names: &mut HashSet<Box<str>>) {
    match value {
        Value::Object(all) => {
            for (name, member) in all {
                names.insert(name.as_str().into());
                gather(member, names);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, names)),
        _ => {}
    }
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
        let mut referees = Referees::new(&document, View::Request);
        referees.prepare(vec![(a, &bad), (b, &other), (a, &spoilt), (a, &good)]);
        assert_eq!(referees.judge(a, &good, false), Ok(true));
        assert_eq!(referees.judge(a, &bad, false), Ok(false));
        assert_eq!(referees.judge(b, &other, false), Ok(true));
        assert!(referees.judge(a, &spoilt, false).is_err_and(|why| why.contains("pattern")));
        assert_eq!(referees.judge(a, &bad, true), Ok(false));
    }
}
