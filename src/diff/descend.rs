//! The walk below a pair of schemas: properties, items, alternatives.
//!
//! Pairs are visited once for each direction, in a work list, so that cycles end and depth costs no
//! stack; what is equal by hash is not entered. Which operations a pair reaches is worked out at the
//! end, from who enters it.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::change::Direction;
use super::keyword;
use super::names::Names;
use super::pair::{Pair, PropertyView, Scene};
use super::parameter;
use super::proof::Step;
use super::rules::{CHECKS, Seen, seen};
use super::union;
use super::view::{View, reference_name};
use super::walk::{Walk, judge};
use crate::lint;
use crate::spec::Hash;
use crate::spec::schema::SchemaId;
use crate::threads;

/// How the values of a schema travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Mode {
    pub(super) direction: Direction,
    pub(super) textual: bool,
    /// Whether the response tells of an error.
    pub(super) error: bool,
}

impl Mode {
    pub(super) const fn body(direction: Direction) -> Self {
        Self { direction, textual: false, error: false }
    }

    pub(super) const fn error(self, error: bool) -> Self {
        Self { error, ..self }
    }

    pub(super) const fn text(direction: Direction) -> Self {
        Self { direction, textual: true, error: false }
    }
}

/// A pair of schemas that was met, what was found there, and the pairs below it.
pub(super) struct Met {
    pub(super) old: SchemaId,
    pub(super) new: SchemaId,
    pub(super) mode: Mode,
    name: String,
    pub(super) drafts: Vec<usize>,
    pub(super) below: Vec<(usize, Step)>,
}

/// More pairs than this are visited by two threads.
const FEW: usize = 24;

impl<'a> Walk<'a> {
    /// Notes a pair of schemas, unless they are equal.
    pub(super) fn meet(
        &mut self,
        old: SchemaId,
        new: SchemaId,
        mode: Mode,
        name: impl FnOnce() -> String,
    ) -> Option<usize> {
        let (before, after) = (self.scene.old, self.scene.new);
        let (a, b) = (before.api().schemas.resolve(old), after.api().schemas.resolve(new));
        if before.api().schemas.get(a).hash == after.api().schemas.get(b).hash {
            return None;
        }
        if let (Some(was), Some(is)) = (reference_name(before, old), reference_name(after, new))
            && was != is
            && after.api().component(was).is_none()
            && before.api().component(is).is_none()
        {
            self.renamed.entry(was).or_insert(is);
        }
        if let Some(met) = self.known.get(&(a, b, mode)) {
            return Some(*met);
        }
        // A component is called by its own name wherever it is used.
        let name = match reference_name(after, new).or_else(|| reference_name(before, old)) {
            Some(component) => component.to_owned(),
            None => name(),
        };
        let met = self.met.len();
        self.met.push(Met { old: a, new: b, mode, name, drafts: Vec::new(), below: Vec::new() });
        self.known.insert((a, b, mode), met);
        Some(met)
    }

    /// Visits every pair that was met and not yet visited; visiting meets more.
    pub(super) fn visit(&mut self) {
        while self.visited < self.met.len() {
            let (first, end) = (self.visited, self.met.len());
            let met: Vec<&Met> = self.met[first..].iter().collect();
            let visits = threads::each(met, FEW, || |met| Visit::of(self.scene, met));
            for (at, visit) in (first..end).zip(visits) {
                self.take(at, visit);
            }
            self.visited = end;
        }
    }

    fn take(&mut self, at: usize, visit: Visit) {
        let mode = self.met[at].mode;
        self.met[at].drafts = self.gathering.record_all(Some(mode.direction), visit.seen);
        if visit.is_unseen {
            self.unseen.push(at);
        }
        for Below { old, new, step, name } in visit.below {
            if let Some(met) = self.meet(old, new, mode, || name) {
                self.met[at].below.push((met, step));
            }
        }
    }

    /// What no direction sees is a change all the same; where nothing else was found it is named, so
    /// that documents which differ are not called identical.
    pub(super) fn name_the_unseen(&mut self) {
        if !self.gathering.is_empty() {
            return;
        }
        for at in std::mem::take(&mut self.unseen) {
            let Met { old, new, mode, ref name, .. } = self.met[at];
            let name = name.clone();
            let (old, new) = (View::of(self.scene.old, old), View::of(self.scene.new, new));
            let pair = self.pair(Some(&old), Some(&new), Some(mode.direction), name);
            let edits = judge!(self, rest, pair);
            self.met[at].drafts = edits;
        }
    }

    /// Every change below a pair of schemas reaches the operations that enter it.
    pub(super) fn spread(&mut self) {
        let mut stamp: Vec<u32> = vec![u32::MAX; self.met.len()];
        let mut entries = std::mem::take(&mut self.entries);
        entries.sort_unstable();
        entries.dedup();
        for (index, entry) in entries {
            let mut stack = vec![entry];
            while let Some(at) = stack.pop() {
                if stamp[at] == index {
                    continue;
                }
                stamp[at] = index;
                self.gathering.reach(&self.met[at].drafts, index);
                stack.extend(self.met[at].below.iter().map(|(met, _)| *met));
            }
        }
    }
}

/// A pair of schemas below another, which differ.
struct Below {
    old: SchemaId,
    new: SchemaId,
    step: Step,
    name: String,
}

/// What is seen at one pair of schemas.
struct Visit<'a> {
    scene: &'a Scene<'a>,
    mode: Mode,
    seen: Vec<Seen>,
    below: Vec<Below>,
    /// Whether the sides differ in what their direction does not see alone.
    is_unseen: bool,
}

impl<'a> Visit<'a> {
    fn of(scene: &'a Scene<'a>, met: &Met) -> Self {
        let (old, new) = (View::of(scene.old, met.old), View::of(scene.new, met.new));
        let mut visit = Self { scene, mode: met.mode, seen: Vec::new(), below: Vec::new(), is_unseen: false };
        visit.schema(&old, &new, &met.name);
        visit
    }

    fn pair<T>(&self, old: Option<T>, new: Option<T>, name: String) -> Pair<'a, T> {
        Pair {
            scene: self.scene,
            old,
            new,
            direction: Some(self.mode.direction),
            name,
            textual: self.mode.textual,
            error: self.mode.error,
            closed: (false, false),
        }
    }

    fn schema(&mut self, old: &View<'a>, new: &View<'a>, name: &str) {
        let pair = self.pair(Some(old), Some(new), name.to_owned());
        if union::is_wrapped(old, new) {
            self.seen.extend(seen(&CHECKS.unions, &pair));
        } else {
            self.seen.extend(seen(&CHECKS.types, &pair));
            if keyword::is_retyped(&pair) || keyword::is_lost(&pair) {
                return;
            }
            self.seen.extend(seen(&CHECKS.schemas, &pair));
            self.seen.extend(seen(&CHECKS.unions, &pair));
            self.properties(old, new, name);
            self.deeper(old, new, name);
        }
        for (a, b) in union::matched(old, new).pairs {
            self.below(a, b, Step::Same, || name.to_owned());
        }
        if self.seen.is_empty() && self.below.is_empty() {
            self.is_unseen = is_explained(old, new);
            if !self.is_unseen {
                self.seen.extend(seen(&CHECKS.rest, &pair));
            }
        }
    }

    fn below(&mut self, old: SchemaId, new: SchemaId, step: Step, name: impl FnOnce() -> String) {
        let (before, after) = (&self.scene.old.api().schemas, &self.scene.new.api().schemas);
        if before.resolved(old).hash != after.resolved(new).hash {
            self.below.push(Below { old, new, step, name: name() });
        }
    }

    fn deeper(&mut self, old: &View<'a>, new: &View<'a>, name: &str) {
        if let (Some(a), Some(b)) = (old.items, new.items) {
            let first = old.prefix.len().max(new.prefix.len());
            self.below(a, b, Step::Item(first), || format!("{name}[]"));
        }
        for (i, (a, b)) in old.prefix.iter().zip(&new.prefix).enumerate() {
            self.below(*a, *b, Step::Item(i), || format!("{name}[{i}]"));
        }
        if let (Some(a), Some(b)) = (old.additional, new.additional) {
            self.below(a, b, Step::Rest, || format!("{name}.*"));
        }
    }

    fn properties(&mut self, old: &View<'a>, new: &View<'a>, name: &str) {
        let mode = self.mode;
        let names = differing(old, new);
        let renamed = renamed(old, new, &names, mode);
        for property in names {
            if renamed.values().any(|is| *is == property) {
                continue;
            }
            let later = renamed.get(property).copied().unwrap_or(property);
            let (before, after) = (shown(old, property, mode), shown(new, later, mode));
            if [before, after].iter().all(|side| side.is_none_or(|side| side.hidden)) {
                continue;
            }
            let pair = Pair {
                closed: (old.closed.is_some(), new.closed.is_some()),
                ..self.pair(before, after, format!("{name}.{property}"))
            };
            self.seen.extend(seen(&CHECKS.properties, &pair));
            if let (Some(before), Some(after)) = (before, after)
                && !before.hidden
                && !after.hidden
            {
                for (a, b) in before.schemas.iter().zip(after.schemas) {
                    self.below(*a, *b, Step::Property(property.to_owned()), || pair.name.clone());
                }
            }
        }
    }
}

/// The names of which both sides do not say the same, in order.
fn differing<'a>(old: &View<'a>, new: &View<'a>) -> Vec<&'a str> {
    let (before, after) = (&old.document.api().schemas, &new.document.api().schemas);
    let is_kept = |(was, is): (&[SchemaId], &[SchemaId])| {
        was.iter().map(|id| before.get(*id).hash).eq(is.iter().map(|id| after.get(*id).hash))
    };
    let declared = side_by_side(&old.properties, &new.properties);
    let mut names: Vec<&'a str> =
        declared.filter(|(_, was, is)| !was.zip(*is).is_some_and(is_kept)).map(|(name, ..)| name).collect();
    let sorted = names.len();
    let demanded = side_by_side(&old.required, &new.required);
    names.extend(demanded.filter(|(_, was, is)| was.is_some() != is.is_some()).map(|(name, ..)| name));
    if names.len() > sorted {
        names.sort_unstable();
        names.dedup();
    }
    names
}

/// What two maps hold under each name, in order.
fn side_by_side<'m, 'a, T: Copy>(
    old: &'m Names<'a, T>,
    new: &'m Names<'a, T>,
) -> impl Iterator<Item = (&'a str, Option<&'m [T]>, Option<&'m [T]>)> {
    let (mut left, mut right) = (old.iter().peekable(), new.iter().peekable());
    std::iter::from_fn(move || {
        let order = match (left.peek(), right.peek()) {
            (Some((a, _)), Some((b, _))) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        let was = if order.is_le() { left.next() } else { None };
        let is = if order.is_ge() { right.next() } else { None };
        let (name, _) = was.or(is)?;
        Some((name, was.map(|(_, value)| value), is.map(|(_, value)| value)))
    })
}

/// Properties that are gone and one each that came with an equal schema, where no other could be
/// meant; what tells a secret or a privilege is never taken for another name.
fn renamed<'a>(old: &View<'a>, new: &View<'a>, names: &[&'a str], mode: Mode) -> BTreeMap<&'a str, &'a str> {
    let hash = |view: &View<'a>, name: &str| {
        let [id] = view.properties.get(name) else { return None };
        Some(view.document.api().schemas.get(*id).hash)
    };
    let only = |from: &View<'a>, other: &View<'a>| -> Vec<(&'a str, Hash)> {
        let own = names.iter().filter(|name| {
            from.properties.has(name) && !other.properties.has(name) && !other.required.has(name)
        });
        own.filter_map(|name| Some((*name, hash(from, name)?))).collect()
    };
    let (gone, won) = (only(old, new), only(new, old));
    let mut renamed = BTreeMap::new();
    for (name, hash) in &gone {
        let mut twins = won.iter().filter(|(_, other)| other == hash);
        let (Some((twin, _)), None) = (twins.next(), twins.next()) else {
            continue;
        };
        let is_only = gone.iter().filter(|(_, other)| other == hash).count() == 1;
        let tells = |name: &str| {
            lint::tier(name, false).is_some()
                || lint::is_privileged(name)
                || parameter::input_facet(name, None, true).is_some()
        };
        let is_seen = |view: &View<'a>, name: &str| shown(view, name, mode).is_some_and(|side| !side.hidden);
        if is_only && !tells(name) && !tells(twin) && is_seen(old, name) && is_seen(new, twin) {
            renamed.insert(*name, *twin);
        }
    }
    renamed
}

/// A property of one side as one direction sees it.
fn shown<'v>(view: &'v View<'_>, name: &'v str, mode: Mode) -> Option<PropertyView<'v>> {
    let required = view.demand(name);
    let schemas = view.properties.get(name);
    let document = view.document;
    let Some(first) = schemas.first() else {
        return Some(PropertyView { name, schemas, node: required?, required, hidden: false, document });
    };
    let all = &document.api().schemas;
    let (said, meant) = (all.get(*first), all.resolved(*first));
    let hidden = match mode.direction {
        Direction::Request => said.read_only() || meant.read_only(),
        Direction::Response => said.write_only() || meant.write_only(),
    };
    Some(PropertyView { name, schemas, node: said.node, required, hidden, document })
}

/// Whether flags that only one direction heeds, or that nobody checks, account for the difference.
fn is_explained(old: &View<'_>, new: &View<'_>) -> bool {
    let flags = |view: &View<'_>, id: SchemaId| {
        let schema = view.document.api().schemas.get(id);
        (schema.read_only(), schema.write_only(), schema.deprecated())
    };
    let is_flagged = |view: &View<'_>| {
        let mut all = view.properties.iter().flat_map(|(_, ids)| ids);
        all.any(|id| flags(view, *id) != (false, false, false))
    };
    flags(old, old.id) != flags(new, new.id) || is_flagged(old) || is_flagged(new)
}
