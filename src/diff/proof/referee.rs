//! The last word: both schemas through another validator, on the value that was found.
//!
//! Source: the `jsonschema` crate reads the schema as it is written (a bare one), or its translation to
//! plain 2020-12 with the members of the other direction spared (a document's, see
//! [`crate::spec::plain`]). Most of its work is to read schemas: those that the values at hand meet are read,
//! once for all of them.

use jsonschema::Validator;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};

use crate::spec::Document;
use crate::spec::plain::{View, plain, reference};
use crate::spec::schema::{Schema, SchemaId, Schemas};
use crate::spec::tree::NodeId;

/// Schemas as another validator reads them.
pub(crate) struct Referee(Validator);

impl Referee {
    /// Of a schema that stands alone.
    pub(crate) fn bare(document: &Document) -> Result<Self, String> {
        Self::new(&document.value(NodeId::ROOT), false)
    }

    /// Of schemas in a document, as one direction sees them, for these values of theirs: it judges objects
    /// whose members are called by the number of the schema that they are values of.
    fn of(document: &Document, view: View, asked: &[Asked<'_>], formats: bool) -> Result<Self, String> {
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
        Self::new(&schema, formats)
    }

    /// `formats` says whether they are demands.
    fn new(schema: &Value, formats: bool) -> Result<Self, String> {
        let made = options().should_validate_formats(formats).build(schema);
        made.map(Self).map_err(|error| format!("the referee refuses the schema: {error}"))
    }

    /// Whether the value is one of the schema's.
    pub(crate) fn accepts(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }
}

/// Values that one referee reads schemas for: it takes as much room as all that they meet.
const AT_ONCE: usize = 24;

/// Times that values are halved to find those that cannot be judged: enough for a few of them among
/// hundreds, and few where none of them can be.
const HALVINGS: usize = 64;

/// A value, and the schema that it is held against.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'v> {
    pub(crate) schema: SchemaId,
    pub(crate) value: &'v Value,
    /// A schema of the other side that takes the value: what demands just as much is not asked again.
    pub(crate) taker: Option<Taker<'v>>,
}

/// A schema that is known to take a value.
#[derive(Clone, Copy)]
pub(crate) struct Taker<'v> {
    schemas: &'v Schemas,
    id: SchemaId,
}

impl<'v> Taker<'v> {
    /// `id` may be a name for another schema.
    pub(crate) fn of(schemas: &'v Schemas, id: SchemaId) -> Self {
        Self { schemas, id: schemas.resolve(id) }
    }

    fn schema(self) -> &'v Schema {
        self.schemas.get(self.id)
    }

    /// One of its own parts, which takes a value too.
    fn part(self, id: Option<SchemaId>) -> Option<Self> {
        Some(Self::of(self.schemas, id?))
    }
}

/// Whether each value is one of its schema's, which are a document's as one direction sees them; `formats`
/// says whether they count. The error says why a value cannot be judged.
pub(crate) fn judge(
    document: &Document,
    view: View,
    asked: &[Asked<'_>],
    formats: bool,
) -> Vec<Result<bool, String>> {
    let mut answers: Vec<Result<bool, String>> = asked.iter().map(|_| Ok(false)).collect();
    let mut order: Vec<usize> = (0..asked.len()).collect();
    order.sort_by_key(|at| asked[*at].schema);
    let (mut todo, mut halvings): (Vec<&[usize]>, _) = (order.chunks(AT_ONCE).collect(), 0);
    while let Some(part) = todo.pop() {
        let those: Vec<Asked<'_>> = part.iter().map(|at| asked[*at]).collect();
        let ids = schemas_of(&those);
        match Referee::of(document, view, &those, formats) {
            Err(_) if part.len() > 1 && halvings < HALVINGS => {
                halvings += 1;
                // Where one schema spoils it for all, or one value for others of its schema, each half has its
                // own.
                let middle = match ids.get(ids.len() / 2).filter(|_| ids.len() > 1) {
                    Some(middle) => those.partition_point(|one| one.schema < *middle),
                    None => part.len() / 2,
                };
                let (first, second) = part.split_at(middle);
                todo.extend([first, second]);
            }
            made => {
                for (at, Asked { schema, value, .. }) in part.iter().zip(those) {
                    let whole = || Map::from_iter([(member(schema), value.clone())]).into();
                    answers[*at] =
                        made.as_ref().map(|referee| referee.accepts(&whole())).map_err(String::clone);
                }
            }
        }
    }
    answers
}

/// The schemas of values that are sorted by schema, each once.
fn schemas_of(asked: &[Asked<'_>]) -> Vec<SchemaId> {
    let mut ids: Vec<SchemaId> = asked.iter().map(|one| one.schema).collect();
    ids.dedup();
    ids
}

/// What a value of the schema is called in the whole that is judged.
fn member(id: SchemaId) -> String {
    id.index().to_string()
}

/// The schemas that apply to one of the values, or to something in it, but for those that a taker stands for:
/// what refuses the value without them refuses it with them too.
fn met(schemas: &Schemas, asked: &[Asked<'_>]) -> FxHashSet<SchemaId> {
    /// Stands for all names of members.
    static NAME: Value = Value::String(String::new());
    let mut met = FxHashSet::default();
    let mut seen = FxHashSet::default();
    let mut todo: Vec<Asked<'_>> = asked.to_vec();
    while let Some(Asked { schema: id, value, taker }) = todo.pop() {
        let schema = schemas.get(id);
        if taker.is_some_and(|taker| taker.schema().hash == schemas.resolved(id).hash)
            || !seen.insert((id, std::ptr::from_ref(value), taker.map(|taker| taker.id)))
        {
            continue;
        }
        met.insert(id);
        let theirs = taker.map(Taker::schema);
        let part = |id: Option<SchemaId>| taker.and_then(|taker| taker.part(id));
        let anew = |(schema, value)| Asked { schema, value, taker: None };
        match value {
            Value::Object(members) => {
                let (mut lookup, mut known) = (schema.lookup(), theirs.map(|theirs| theirs.lookup()));
                for (name, member) in members {
                    if let Some(schema) = lookup.get(name) {
                        let taker = part(known.as_mut().and_then(|known| known.get(name)));
                        todo.push(Asked { schema, value: member, taker });
                    }
                    let patterns = schema.pattern_properties().iter().map(|(_, id)| *id);
                    let others = schema.additional().into_iter().chain(schema.unevaluated_properties());
                    todo.extend(patterns.chain(others).map(|id| anew((id, member))));
                }
                todo.extend(schema.property_names().map(|id| anew((id, &NAME))));
                todo.extend(schema.dependent_schemas().iter().map(|(_, id)| anew((*id, value))));
            }
            Value::Array(items) => {
                let prefix = schema.prefix_items().iter().copied().zip(items);
                todo.extend(prefix.map(anew));
                let plain = theirs.filter(|theirs| theirs.prefix_items().is_empty());
                let taker = part(plain.and_then(|theirs| theirs.items()));
                for value in items {
                    todo.extend(schema.items().map(|schema| Asked { schema, value, taker }));
                    let all = [schema.contains(), schema.unevaluated_items()];
                    todo.extend(all.into_iter().flatten().map(|id| anew((id, value))));
                }
            }
            _ => {}
        }
        let unions = schema.any_of().into_iter().chain(schema.one_of()).flatten();
        let single = [schema.not(), schema.if_schema(), schema.then_schema(), schema.else_schema()];
        todo.extend(unions.copied().chain(single.into_iter().flatten()).map(|id| anew((id, value))));
        // What is not evaluated depends on all that applies in place.
        let is_whole = schema.unevaluated_properties().or(schema.unevaluated_items()).is_some();
        let (theirs, taker) = (theirs.filter(|_| !is_whole), taker.filter(|_| !is_whole));
        for (at, id) in schema.all_of().iter().enumerate() {
            let twin = theirs.and_then(|theirs| theirs.all_of().get(at).copied());
            todo.push(Asked { schema: *id, value, taker: part(twin).or(taker) });
        }
        let referred = schema.reference.as_ref().and_then(|reference| reference.target);
        todo.extend(referred.map(|schema| Asked { schema, value, taker }));
    }
    met
}

/// Draft 2020-12, nothing fetched.
fn options() -> jsonschema::ValidationOptions<'static> {
    jsonschema::options().with_draft(jsonschema::Draft::Draft202012).offline()
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
        let answers = |asked: &[Asked<'_>], formats| judge(&document, View::Request, asked, formats);
        for formats in [false, true] {
            let asked = [(a, &bad), (b, &other), (a, &spoilt), (a, &good)];
            let told = answers(&asked.map(|(schema, value)| Asked { schema, value, taker: None }), formats);
            assert_eq!([&told[0], &told[1], &told[3]], [&Ok(false), &Ok(true), &Ok(true)]);
            assert!(told[2].as_ref().is_err_and(|why| why.contains("pattern")));
        }
    }
}
