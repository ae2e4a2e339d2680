//! The last word: both schemas through another validator, on the value that was found.
//!
//! Source: the `jsonschema` crate reads the schema as it is written (a bare one), or its translation to
//! plain 2020-12 with the members of the other direction spared (a document's, see
//! [`crate::spec::plain`]).

use std::cell::OnceCell;
use std::collections::HashSet;

use jsonschema::Validator;
use serde_json::Value;

use crate::spec::Document;
use crate::spec::plain::{View, plain};
use crate::spec::schema::SchemaId;
use crate::spec::tree::NodeId;

/// A schema as another validator reads it, as far as it speaks of the values that were asked about.
pub(crate) struct Referee {
    /// The members that those values may have; all where it stands alone.
    names: Option<HashSet<Box<str>>>,
    schema: Value,
    plain: Validator,
    /// Formats are demands here; built when they are first asked for.
    formats: OnceCell<Result<Validator, String>>,
}

impl Referee {
    /// Of a schema that stands alone.
    pub(crate) fn bare(document: &Document) -> Result<Self, String> {
        Self::new(document.value(NodeId::ROOT), None)
    }

    /// Of a schema in a document, as one direction sees it, for values whose members have these names.
    pub(crate) fn of(
        document: &Document,
        id: SchemaId,
        view: View,
        names: HashSet<Box<str>>,
    ) -> Result<Self, String> {
        let takes = |pattern: &str| options().build(&serde_json::json!({"pattern": pattern})).is_ok();
        let written = plain(document, id, view, takes, |name| names.contains(name));
        let written = written.ok_or("the schema is too large for the referee")?;
        match written.left_out.first() {
            Some(left) => Err(format!("the referee cannot judge `{}`", left.keyword)),
            None => Self::new(written.schema, Some(names)),
        }
    }

    fn new(schema: Value, names: Option<HashSet<Box<str>>>) -> Result<Self, String> {
        let plain = built(&options(), &schema)?;
        Ok(Self { names, schema, plain, formats: OnceCell::new() })
    }

    /// Whether it was made for values with all these members.
    pub(crate) fn knows(&self, names: &HashSet<Box<str>>) -> bool {
        self.names.as_ref().is_none_or(|known| names.is_subset(known))
    }

    /// The members that it was made for.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Box<str>> {
        self.names.iter().flatten()
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

/// The names of all members in a value, whose depth the search bounds.
pub(crate) fn members(value: &Value) -> HashSet<Box<str>> {
    let mut names = HashSet::new();
    gather(value, &mut names);
    names
}

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
