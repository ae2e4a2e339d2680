//! Which branch of an `anyOf` or `oneOf` is which one of the other side.
//!
//! Branches match by the name they refer to, then by equal content, then by their form; whether a
//! branch without a partner is covered by the others is a question of proof.

use super::types::Types;
use super::view::{Union, View, reference_name};
use crate::spec::Document;
use crate::spec::schema::SchemaId;

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
    let shared = a.properties.keys().filter(|name| b.properties.contains_key(*name)).count();
    let most = a.properties.len().max(b.properties.len());
    let same_tag = match (&a.values, &b.values) {
        (Some(a), Some(b)) => a.iter().any(|value| b.iter().any(|other| other.text == value.text)),
        _ => true,
    };
    shared * 2 >= most && same_tag
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
