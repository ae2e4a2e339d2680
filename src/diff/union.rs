//! Which branch of an `anyOf` or `oneOf` is which one of the other side.
//!
//! Branches match by the name they refer to, then by equal content, then by their form; whether a
//! branch without a partner is covered by the others is a question of proof.

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::types::Types;
use super::view::{Union, View, reference_name};
use crate::spec::schema::SchemaId;
use crate::spec::{Document, Hash};

/// How the branches of two schemas belong together.
#[derive(Debug, Default)]
pub struct Matched<'v> {
    /// Branches that are the same alternative on both sides.
    pub pairs: Vec<(SchemaId, SchemaId)>,
    /// Branches of the old side alone.
    pub gone: Vec<SchemaId>,
    /// Branches of the new side alone.
    pub won: Vec<SchemaId>,
    /// Choices that the new side imposes beside what it demanded anyway.
    pub imposed: Vec<&'v Union>,
    /// Choices that the old side imposed.
    pub lifted: Vec<&'v Union>,
}

/// Whether one side is a plain schema and the other a choice that takes its place.
#[must_use]
pub fn is_wrapped(old: &View<'_>, new: &View<'_>) -> bool {
    let (plain, choice) = if old.unions.is_empty() { (old, new) } else { (new, old) };
    let says_nothing = choice.types == Types::ANY && choice.values.is_none() && choice.properties.is_empty();
    plain.unions.is_empty() && choice.unions.len() == 1 && says_nothing
}

/// The branches of both sides, matched.
#[must_use]
pub fn matched<'v>(old: &'v View<'_>, new: &'v View<'_>) -> Matched<'v> {
    let mut matched = Matched::default();
    if is_wrapped(old, new) {
        let branches = |view: &View<'_>| {
            view.unions.first().map_or_else(|| vec![view.id], |union| union.branches.clone())
        };
        matched.add(old.document, &branches(old), new.document, &branches(new));
        return matched;
    }
    let mut left = old.unions.iter();
    let mut right = new.unions.iter();
    loop {
        match (left.next(), right.next()) {
            (Some(a), Some(b)) => matched.add(old.document, &a.branches, new.document, &b.branches),
            (Some(a), None) => matched.lifted.push(a),
            (None, Some(b)) => matched.imposed.push(b),
            (None, None) => return matched,
        }
    }
}

impl Matched<'_> {
    fn add(&mut self, old: &Document, left: &[SchemaId], new: &Document, right: &[SchemaId]) {
        let mut left = left.to_vec();
        let mut right = right.to_vec();
        let (before, after) = (&old.api().schemas, &new.api().schemas);
        let by_name = |a: SchemaId, b: SchemaId| {
            reference_name(old, a).is_some_and(|name| reference_name(new, b) == Some(name))
        };
        let by_content = |a: SchemaId, b: SchemaId| before.resolved(a).hash == after.resolved(b).hash;
        let by_form = |a: SchemaId, b: SchemaId| is_alike(old, a, new, b);
        self.take(&mut left, &mut right, by_name);
        self.take(&mut left, &mut right, by_content);
        self.take(&mut left, &mut right, by_form);
        self.gone.append(&mut left);
        self.won.append(&mut right);
    }

    fn take(
        &mut self,
        left: &mut Vec<SchemaId>,
        right: &mut Vec<SchemaId>,
        same: impl Fn(SchemaId, SchemaId) -> bool,
    ) {
        left.retain(|a| match right.iter().position(|b| same(*a, *b)) {
            Some(at) => {
                self.pairs.push((*a, right.remove(at)));
                false
            }
            None => true,
        });
    }
}

/// Whether two branches speak of the same kind of value: one type, and for objects half the names.
fn is_alike(old: &Document, a: SchemaId, new: &Document, b: SchemaId) -> bool {
    let (a, b) = (View::of(old, a), View::of(new, b));
    if a.types != b.types || a.types == Types::ANY && a.properties.is_empty() {
        return false;
    }
    let shared = a.properties.keys().filter(|name| b.properties.has(name)).count();
    let most = a.properties.keys().count().max(b.properties.keys().count());
    let same_tag = match (&a.values, &b.values) {
        (Some(a), Some(b)) => a.iter().any(|value| b.iter().any(|other| other.text == value.text)),
        _ => true,
    };
    shared * 2 >= most && same_tag
}

/// Whether the choices of `oneOf` are the same on both sides, whatever their order.
#[must_use]
pub fn has_same_choices(old: &View<'_>, new: &View<'_>) -> bool {
    let choices = |view: &View<'_>| {
        let schemas = &view.document.api().schemas;
        let unions = view.unions.iter().filter(|union| union.keyword == "oneOf");
        let hashes = unions.map(|union| {
            let mut hashes: Vec<Hash> = union.branches.iter().map(|id| schemas.resolved(*id).hash).collect();
            hashes.sort_unstable();
            hashes
        });
        hashes.collect::<Vec<_>>()
    };
    choices(old) == choices(new)
}

/// Two alternatives of one choice.
pub type Overlap = (SchemaId, SchemaId);

/// Alternatives of `oneOf` that one value can match together, as far as types, listed values, bounds
/// and tags tell.
#[must_use]
pub fn overlaps<const N: usize>(views: [&View<'_>; N]) -> [Vec<Overlap>; N] {
    let mut known = Views::default();
    views.map(|view| {
        let mut found = Vec::new();
        for union in view.unions.iter().filter(|union| union.keyword == "oneOf") {
            for (i, a) in union.branches.iter().enumerate() {
                for b in &union.branches[i + 1..] {
                    if !known.are_disjoint((view.document, *a), (view.document, *b), 0) {
                        found.push((*a, *b));
                    }
                }
            }
        }
        found
    })
}

/// A schema of a document.
type Home<'a> = (&'a Document, SchemaId);

/// Flattened schemas, those that demand the same once, whichever document they are of, and which of them were
/// told apart at which depth; each alternative is held against all others.
#[derive(Default)]
struct Views<'a> {
    known: FxHashMap<Hash, Rc<View<'a>>>,
    told: FxHashMap<(Hash, Hash, usize), bool>,
}

impl<'a> Views<'a> {
    fn of(&mut self, (document, id): Home<'a>, hash: Hash) -> Rc<View<'a>> {
        self.known.entry(hash).or_insert_with(|| Rc::new(View::of(document, id))).clone()
    }

    /// Whether no value is one of both.
    fn are_disjoint(&mut self, a: Home<'a>, b: Home<'a>, depth: usize) -> bool {
        let hash = |(document, id): Home<'_>| document.api().schemas.resolved(id).hash;
        let asked = (hash(a), hash(b), depth);
        if let Some(told) = self.told.get(&asked) {
            return *told;
        }
        let (a, b) = (self.of(a, asked.0), self.of(b, asked.1));
        let told = is_disjoint(self, &a, &b, depth);
        self.told.insert(asked, told);
        told
    }
}

/// Whether no value is one of both.
fn is_disjoint<'a>(known: &mut Views<'a>, a: &View<'a>, b: &View<'a>, depth: usize) -> bool {
    if a.never || b.never {
        return true;
    }
    if a.nullable && b.nullable {
        return false;
    }
    if !a.types.meets(b.types) {
        return true;
    }
    if let (Some(left), Some(right)) = (&a.values, &b.values) {
        return left.iter().all(|value| right.iter().all(|other| other.text != value.text));
    }
    let shared = a.types.and(b.types);
    if shared.only_numbers() {
        let is_above = |low: &View<'_>, high: &View<'_>| {
            low.limits.get("minimum").zip(high.limits.get("maximum")).is_some_and(|(minimum, maximum)| {
                minimum.value > maximum.value
                    || minimum.value == maximum.value && (minimum.exclusive || maximum.exclusive)
            })
        };
        return is_above(a, b) || is_above(b, a);
    }
    // A property that one of them demands, with other values in the other.
    const DEEPEST: usize = 3;
    if shared == Types::of(["object"]) && depth < DEEPEST {
        let mut demanded = a.required.keys().chain(b.required.keys());
        return demanded.any(|name| {
            let schema = |view: &View<'a>| Some((view.document, *view.properties.get(name).first()?));
            match (schema(a), schema(b)) {
                (Some(x), Some(y)) => known.are_disjoint(x, y, depth + 1),
                (Some(_), None) => a.required.has(name) && b.closed.is_some(),
                (None, Some(_)) => b.required.has(name) && a.closed.is_some(),
                (None, None) => false,
            }
        });
    }
    false
}

/// Whether both sides tell their alternatives apart by the same property and the same values,
/// whatever the names of the schemas that are meant.
#[must_use]
pub fn is_told_alike(old: &View<'_>, new: &View<'_>) -> bool {
    let property = |view: &View<'_>| {
        let schema = view.document.api().schemas.get(view.discriminates?);
        schema.discriminator().map(|discriminator| discriminator.property.to_string())
    };
    if property(old) != property(new) {
        return false;
    }
    let (before, after) = (routes(old), routes(new));
    before.len() == after.len()
        && before.iter().zip(&after).all(|((tag, from), (other, to))| {
            tag == other && (from.0 == to.0 || from.1.is_some() && from.1 == to.1)
        })
}

/// Where each value of the discriminator leads: the name and the content of the schema.
fn routes(view: &View<'_>) -> BTreeMap<String, (String, Option<Hash>)> {
    let schemas = &view.document.api().schemas;
    let mut routes = BTreeMap::new();
    let Some(discriminator) = view.discriminates.and_then(|id| schemas.get(id).discriminator()) else {
        return routes;
    };
    let mut told = FxHashSet::default();
    let choices = discriminator.mapping.iter().map(|(tag, choice)| (tag.to_string(), choice));
    let default = discriminator.default.iter().map(|choice| (String::new(), choice));
    for (tag, choice) in choices.chain(default) {
        let hash = choice.schema.map(|id| schemas.resolved(id).hash);
        told.extend(choice.schema.map(|id| schemas.resolve(id)));
        routes.insert(tag, (choice.meaning().to_owned(), hash));
    }
    for branch in view.unions.iter().flat_map(|union| &union.branches) {
        let name =
            reference_name(view.document, *branch).filter(|_| !told.contains(&schemas.resolve(*branch)));
        if let Some(name) = name {
            routes.insert(name.to_owned(), (name.to_owned(), Some(schemas.resolved(*branch).hash)));
        }
    }
    routes
}

/// The values by which discriminators tell the named schema, sorted.
#[must_use]
pub fn tags(document: &Document, id: SchemaId, name: &str) -> Vec<String> {
    let schemas = &document.api().schemas;
    let target = schemas.resolve(id);
    let parents: Vec<SchemaId> = schemas.get(target).all_of().iter().map(|id| schemas.resolve(*id)).collect();
    let mut tags = Vec::new();
    for (owner, schema) in schemas.iter() {
        let Some(discriminator) = schema.discriminator() else { continue };
        let branches = schema.any_of().unwrap_or_default().iter().chain(schema.one_of().unwrap_or_default());
        let is_branch = branches.into_iter().any(|branch| schemas.resolve(*branch) == target);
        if !is_branch && !parents.contains(&owner) {
            continue;
        }
        let told = discriminator
            .mapping
            .iter()
            .filter(|(_, choice)| choice.schema.is_some_and(|schema| schemas.resolve(schema) == target));
        let before = tags.len();
        tags.extend(told.map(|(tag, _)| tag.to_string()));
        if tags.len() == before {
            tags.push(name.to_owned());
        }
    }
    tags.sort_unstable();
    tags.dedup();
    tags
}

/// A branch for a sentence.
#[must_use]
pub fn words(view: &View<'_>, branch: SchemaId) -> String {
    match reference_name(view.document, branch) {
        Some(name) => format!("`{name}`"),
        None => format!("of {}", View::of(view.document, branch).types.words()),
    }
}

/// A branch for the values before and after.
#[must_use]
pub fn brief(view: &View<'_>, branch: SchemaId) -> String {
    View::brief(view.document, branch)
}
