//! The last word: both schemas through another validator, on the value that was found.
//!
//! Source: the `jsonschema` crate reads the schema as it is written (a bare one), or its translation to
//! plain 2020-12 with the members of the other direction spared (a document's, see
//! [`crate::spec::plain`]). Most of its work is to read schemas: those that the values at hand meet are read,
//! once for all of them.

use std::fmt::Display;

use jsonschema::{Draft, Registry, RegistryBuilder, Validator};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value, json};

use super::accept::of;
use super::goal::kind_of;
use crate::spec::Document;
use crate::spec::plain::{Demands, View, plain, reference};
use crate::spec::schema::{Marks, Schema, SchemaId, Schemas};
use crate::spec::tree::NodeId;

/// Schemas as another validator reads them.
pub(crate) struct Referee(Validator);

impl Referee {
    /// Of a schema that stands alone.
    pub(crate) fn bare(document: &Document) -> Result<Self, String> {
        let made = options().should_validate_formats(false).build(&document.value(NodeId::ROOT));
        made.map(Self).map_err(refused)
    }

    /// Of schemas in a document, as one direction sees them, for these values of theirs, each in its object of one
    /// member.
    fn of(document: &Document, view: View, asked: &[Asked<'_>], formats: bool) -> Result<Self, String> {
        let takes = |pattern: &str| options().build(&json!({"pattern": pattern})).is_ok();
        let met = met(document, view, asked);
        let ids = schemas_of(asked);
        let written = plain(document, &ids, view, takes, |id| met.contains(&id));
        let written = written.ok_or("the schema is too large for the referee")?;
        if let Some(left) = written.left_out.first() {
            return Err(format!("the referee cannot judge `{}`", left.keyword));
        }
        let mut schema = written.schema;
        let to = |one: &Asked<'_>| (one.value.name.clone(), json!({"$ref": reference(one.schema)}));
        schema["properties"] = asked.iter().map(to).collect();
        Self::new(&schema, formats)
    }

    /// Of a schema that was written here: it stands aside and is referred to, so that it is not held against the
    /// schema of schemas, which the writer keeps to anyway. `formats` says whether they are demands.
    fn new(schema: &Value, formats: bool) -> Result<Self, String> {
        let aside = Registry::new().draft(Draft::Draft202012).add(WRITTEN, schema);
        let aside = aside.and_then(RegistryBuilder::prepare).map_err(refused)?;
        let options = options().should_validate_formats(formats).with_registry(&aside);
        options.build(&json!({"$ref": WRITTEN})).map(Self).map_err(refused)
    }

    /// Whether the value is one of the schema's.
    pub(crate) fn accepts(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }
}

/// Where a schema stands that was written for a referee.
const WRITTEN: &str = "sundial:written";

fn refused(error: impl Display) -> String {
    format!("the referee refuses the schema: {error}")
}

/// Values that one referee reads schemas for: it takes as much room as all that they meet.
const AT_ONCE: usize = 32;

/// Times that values are halved to find those that cannot be judged: enough for twenty of them among
/// hundreds, and few where none of them can be.
const HALVINGS: usize = 128;

/// Stands for all names of members, whatever they are.
static NAME: Value = Value::String(String::new());

/// A value as the only member of an object, so that one referee can judge it beside others.
pub(crate) struct Named {
    name: String,
    whole: Value,
}

impl Named {
    /// `number` is that of no other value that is judged with it.
    pub(crate) fn new(number: usize, value: &Value) -> Self {
        let name = number.to_string();
        let whole = Map::from_iter([(name.clone(), value.clone())]).into();
        Self { name, whole }
    }

    fn value(&self) -> &Value {
        &self.whole[&self.name]
    }
}

/// A value, and the schema that it is held against.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'v> {
    pub(crate) schema: SchemaId,
    pub(crate) value: &'v Named,
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
                for (at, one) in part.iter().zip(those) {
                    let accepts = |referee: &Referee| referee.accepts(&one.value.whole);
                    answers[*at] = made.as_ref().map(accepts).map_err(String::clone);
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

/// The schemas that apply to one of the values, or to something in it, but for those that a taker stands for and
/// those beside something that refuses the value anyway: they may be written as `true`.
fn met(document: &Document, view: View, asked: &[Asked<'_>]) -> FxHashSet<SchemaId> {
    let mut meeting = Meeting::new(document, view, asked);
    while let Some(holds) = meeting.todo.pop() {
        meeting.meet(holds);
    }
    meeting.met
}

/// A schema that applies to a value, or to something in one.
struct Holds<'v> {
    schema: SchemaId,
    value: &'v Value,
    taker: Option<Taker<'v>>,
    /// Whether it is known that [`Meeting::is_refused`] says no, of the schema behind pure references.
    is_looked_at: bool,
}

impl<'v> Holds<'v> {
    /// Where nothing is known.
    fn anew(schema: SchemaId, value: &'v Value) -> Self {
        Self { schema, value, taker: None, is_looked_at: false }
    }
}

/// A walk along values and the schemas that apply to them.
struct Meeting<'v> {
    document: &'v Document,
    schemas: &'v Schemas,
    view: View,
    met: FxHashSet<SchemaId>,
    /// By schema, by the place of the value in memory, and whether a taker was known.
    seen: FxHashSet<(SchemaId, *const Value, bool)>,
    todo: Vec<Holds<'v>>,
    /// What a taker stands for. A schema that is written for the sake of another value is asked about these too,
    /// and must know all that they hold.
    spared: FxHashMap<SchemaId, Vec<&'v Value>>,
}

impl<'v> Meeting<'v> {
    fn new(document: &'v Document, view: View, asked: &[Asked<'v>]) -> Self {
        Self {
            document,
            schemas: &document.api().schemas,
            view,
            met: FxHashSet::default(),
            seen: FxHashSet::default(),
            todo: asked
                .iter()
                .map(|one| Holds { taker: one.taker, ..Holds::anew(one.schema, one.value.value()) })
                .collect(),
            spared: FxHashMap::default(),
        }
    }

    fn meet(&mut self, Holds { schema: id, value, mut taker, is_looked_at }: Holds<'v>) {
        let schema = self.schemas.get(id);
        if taker.is_some_and(|taker| taker.schema().hash == self.schemas.resolved(id).hash) {
            if !self.met.contains(&id) {
                self.spared.entry(id).or_default().push(value);
                return;
            }
            taker = None;
        }
        // A schema that holds no other has nothing more to be met, nor has what was spared for it.
        if !schema.marks.has(Marks::HOLDING) {
            self.met.insert(id);
            return;
        }
        // Whichever taker it is, it says the same of the value.
        if !self.seen.insert((id, value, taker.is_some())) {
            return;
        }
        if self.met.insert(id) {
            let spared = self.spared.remove(&id).into_iter().flatten();
            self.todo.extend(spared.map(|value| Holds::anew(id, value)));
        }
        let is_one_of_many = std::ptr::eq(value, &raw const NAME);
        if !is_looked_at && !is_one_of_many && self.is_refused(schema, value) {
            return;
        }
        match value {
            Value::Object(members) => {
                let first = self.todo.len();
                if let Some(refused) = self.members(schema, value, members, taker) {
                    // One member is enough to refuse the whole.
                    self.todo.truncate(first);
                    self.todo.push(refused);
                    return;
                }
            }
            Value::Array(items) => self.items(schema, items, taker),
            _ => {}
        }
        let is_pure = self.schemas.resolve(id) != id;
        self.in_place(schema, value, taker, is_looked_at && is_pure);
    }

    /// Whether what a schema says itself of types, of texts and of names that are missing refuses the value:
    /// nothing below the schema changes that. Alternatives are mostly told apart so.
    fn is_refused(&self, schema: &'v Schema, value: &Value) -> bool {
        let kind = of(value);
        if schema.types.is_some_and(|types| !types.iter().any(|each| kind_of(each) == kind)) {
            return true;
        }
        match value {
            Value::String(text) => {
                let tree = self.document.tree();
                let single = schema.const_value.as_ref().map(std::slice::from_ref);
                let mut lists = schema.enum_values.as_deref().into_iter().chain(single);
                lists.any(|list| list.iter().all(|node| tree.text(*node) != Some(text)))
            }
            Value::Object(members) => {
                let mut demands = Demands::of(self.schemas, schema, self.view);
                // Most stand there in the order in which they are demanded, or the other way round.
                let (mut first, mut last) = (members.keys().peekable(), members.keys().rev().peekable());
                let mut names = schema.required().iter();
                names.any(|name| {
                    let is_it = |key: &&String| ***key == **name;
                    let is_next = first.next_if(is_it).or_else(|| last.next_if(is_it)).is_some();
                    !is_next && !members.contains_key(&**name) && demands.has(name)
                })
            }
            _ => false,
        }
    }

    fn anew(&mut self, all: impl IntoIterator<Item = SchemaId>, value: &'v Value) {
        self.todo.extend(all.into_iter().map(|schema| Holds::anew(schema, value)));
    }

    /// What applies to the members of an object and to their names; instead of all that, the first whose own schema
    /// refuses it.
    fn members(
        &mut self,
        schema: &'v Schema,
        value: &'v Value,
        members: &'v Map<String, Value>,
        taker: Option<Taker<'v>>,
    ) -> Option<Holds<'v>> {
        let (mut own, mut theirs) = (schema.lookup(), taker.map(|taker| taker.schema().lookup()));
        for (name, member) in members {
            if let Some(schema) = own.get(name) {
                if self.is_refused(self.schemas.resolved(schema), member) {
                    return Some(Holds::anew(schema, member));
                }
                let known = theirs.as_mut().and_then(|theirs| theirs.get(name));
                let taker = taker.and_then(|taker| taker.part(known));
                self.todo.push(Holds { schema, value: member, taker, is_looked_at: true });
            } else {
                self.anew(schema.additional().into_iter().chain(schema.unevaluated_properties()), member);
            }
            for (_, id) in schema.pattern_properties() {
                self.anew([*id], member);
            }
        }
        self.anew(schema.property_names(), &NAME);
        self.anew(schema.dependent_schemas().iter().map(|(_, id)| *id), value);
        None
    }

    fn items(&mut self, schema: &'v Schema, items: &'v [Value], taker: Option<Taker<'v>>) {
        for (id, item) in schema.prefix_items().iter().zip(items) {
            self.anew([*id], item);
        }
        let plain = taker.filter(|taker| taker.schema().prefix_items().is_empty());
        let taker = plain.and_then(|taker| taker.part(taker.schema().items()));
        for value in items {
            self.todo.extend(schema.items().map(|schema| Holds { taker, ..Holds::anew(schema, value) }));
            self.anew(schema.contains().into_iter().chain(schema.unevaluated_items()), value);
        }
    }

    /// `is_looked_at` is about what the schema refers to.
    fn in_place(
        &mut self,
        schema: &'v Schema,
        value: &'v Value,
        taker: Option<Taker<'v>>,
        is_looked_at: bool,
    ) {
        // What is not evaluated depends on all that applies in place.
        let is_whole = schema.unevaluated_properties().or(schema.unevaluated_items()).is_some();
        let taker = taker.filter(|_| !is_whole);
        // Most schemas combine none.
        if schema.combined.is_some() {
            let unions = schema.any_of().into_iter().chain(schema.one_of()).flatten().copied();
            let single = [schema.not(), schema.if_schema(), schema.then_schema(), schema.else_schema()];
            self.anew(unions.chain(single.into_iter().flatten()), value);
            for (at, id) in schema.all_of().iter().enumerate() {
                let part = taker.and_then(|taker| taker.part(taker.schema().all_of().get(at).copied()));
                self.todo.push(Holds { taker: part.or(taker), ..Holds::anew(*id, value) });
            }
        }
        let referred = schema.reference.as_ref().and_then(|reference| reference.target);
        self.todo.extend(referred.map(|schema| Holds { schema, value, taker, is_looked_at }));
    }
}

/// Draft 2020-12, nothing fetched.
fn options() -> jsonschema::ValidationOptions<'static> {
    jsonschema::options().with_draft(Draft::Draft202012).offline()
}

#[cfg(test)]
mod tests;
