//! The last word: both schemas through another validator, on the value that was found.
//!
//! Source: the `jsonschema` crate reads the schema as it is written (a bare one), or its translation to
//! plain 2020-12 with the members of the other direction spared (a document's, see
//! [`crate::spec::plain`]). Most of its work is to read schemas, and what many values meet is read once
//! for all of them.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use jsonschema::Validator;
use serde_json::{Map, Value};

use crate::spec::Document;
use crate::spec::plain::{View, plain, reference};
use crate::spec::schema::SchemaId;
use crate::spec::tree::NodeId;

/// Schemas as another validator reads them.
pub(crate) struct Referee {
    schema: Value,
    plain: Validator,
    /// Formats are demands here; built when they are first asked for.
    formats: OnceCell<Result<Validator, String>>,
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
        let takes = |pattern: &str| options().build(&serde_json::json!({"pattern": pattern})).is_ok();
        let written = plain(document, ids, view, takes, |name| names.contains(name));
        let written = written.ok_or("the schema is too large for the referee")?;
        if let Some(left) = written.left_out.first() {
            return Err(format!("the referee cannot judge `{}`", left.keyword));
        }
        let mut schema = written.schema;
        schema["properties"] = ids.iter().map(|id| (member(*id), reference(*id))).collect();
        Self::new(schema)
    }

    fn new(schema: Value) -> Result<Self, String> {
        let plain = built(&options(), &schema)?;
        Ok(Self { schema, plain, formats: OnceCell::new() })
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

/// The referees of one document in one direction, each for the schemas and values it was asked about.
pub(crate) struct Referees<'d> {
    document: &'d Document,
    view: View,
    all: Vec<Made>,
    /// By schema: the newest that was made for it.
    of: HashMap<SchemaId, usize>,
}

impl<'d> Referees<'d> {
    pub(crate) fn new(document: &'d Document, view: View) -> Self {
        Self { document, view, all: Vec::new(), of: HashMap::new() }
    }

    /// Makes one for all that will be asked; what one schema spoils is made again for each half.
    pub(crate) fn prepare(&mut self, asked: &[(SchemaId, &Value)]) {
        let mut names = HashSet::new();
        asked.iter().for_each(|(_, value)| gather(value, &mut names));
        let mut ids: Vec<SchemaId> = asked.iter().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        if !self.make(&ids, names) && ids.len() > 1 {
            let (first, second) = asked.split_at(asked.len() / 2);
            self.prepare(first);
            self.prepare(second);
        }
    }

    /// Makes one for these schemas; `false` where that cannot be.
    fn make(&mut self, ids: &[SchemaId], names: HashSet<Box<str>>) -> bool {
        let referee = Referee::of(self.document, ids, self.view, &names);
        let is_made = referee.is_ok();
        self.of.extend(ids.iter().map(|id| (*id, self.all.len())));
        self.all.push(Made { names, referee });
        is_made
    }

    /// Whether the value is one of the schema's; `formats` says whether they count.
    pub(crate) fn judge(&mut self, id: SchemaId, value: &Value, formats: bool) -> Result<bool, String> {
        let mut names = HashSet::new();
        gather(value, &mut names);
        let known = self.of.get(&id).map(|at| &self.all[*at].names);
        if !known.is_some_and(|known| names.is_subset(known)) {
            // What was asked before may be asked again.
            names.extend(known.into_iter().flatten().cloned());
            self.make(&[id], names);
        }
        let Made { referee, .. } = &self.all[self.of[&id]];
        let whole = Map::from_iter([(member(id), value.clone())]);
        referee.as_ref().map_err(String::clone)?.accepts(&whole.into(), formats)
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
