//! One cause, one change: edits at the same places are one draft with all operations they reach.

use std::collections::BTreeSet;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::change::{Change, Direction, Level, OperationName, SecurityFacet, Surface, Witness};
use super::edit::Edit;
use super::fingerprint::{Fingerprints, digest};
use super::pair::Scene;
use super::policy::Judged;
use super::rules::{Check, Rule, Seen};
use super::value::canonical;
use crate::spec::model::Operation;
use crate::spec::tree::NodeId;
use crate::spec::unescaped;
use crate::threads;

/// More changes than this are told by two threads.
const FEW: usize = 24;

/// What makes two edits the same, their values apart.
type Key = (&'static str, Option<Direction>, Option<NodeId>, Option<NodeId>);

struct Draft {
    rule: &'static Rule,
    direction: Option<Direction>,
    edit: Edit,
    security: Option<SecurityFacet>,
    operations: BTreeSet<u32>,
    witness: Option<Witness>,
    /// The level that the proof found.
    proven: Option<Level>,
    /// Whether the proof could not be completed at one place.
    open: bool,
}

impl Draft {
    /// How bad it is before anything is proven.
    fn usual(&self) -> Level {
        self.edit.level.unwrap_or_else(|| self.rule.level.at(self.direction))
    }

    /// The change that it comes to; what that keeps is taken out of the self.
    fn change(&mut self, level: Level, all: &Gathering<'_>, fingerprints: &Fingerprints<'_>) -> Change {
        let Scene { old, new, .. } = all.scene;
        let names = self.operations.iter().map(|at| all.names[*at as usize]);
        let named =
            names.map(|(method, path)| OperationName { method: method.to_owned(), path: path.to_owned() });
        let operations: Vec<OperationName> = named.collect();
        let places = [(old, self.edit.old), (new, self.edit.new)]
            .map(|(document, node)| node.map(|node| document.place(node)));
        let pointers = places.each_ref().map(|place| place.as_ref().map(|place| place.pointer.as_str()));
        let fingerprint = fingerprints.of(self.rule, self.direction, &self.edit, pointers);
        let [old, new] = places;
        let edit = &mut self.edit;
        let surface = if self.open && self.witness.is_none() {
            Surface::Behaviour
        } else {
            edit.surface.unwrap_or(self.rule.surface)
        };
        Change {
            rule: self.rule.id.into(),
            level,
            surface,
            security: self.security.take(),
            message: spoken(&edit.message, &operations),
            operations,
            direction: self.direction,
            old,
            new,
            before: edit.before.take(),
            after: edit.after.take(),
            witness: self.witness.take(),
            undecided: edit.undecided.take(),
            fingerprint,
        }
    }
}

/// Everything found so far.
pub struct Gathering<'a> {
    scene: &'a Scene<'a>,
    #[expect(clippy::vec_box, reason = "they are large, and are put in order at last")]
    drafts: Vec<Box<Draft>>,
    /// The first of each.
    index: FxHashMap<Key, usize>,
    /// Those that differ from the first in their values, by these: few, so that most values are never spelled.
    others: FxHashMap<(Key, String), usize>,
    /// Method and path of each operation, by its number.
    names: Vec<(&'a str, &'a str)>,
    numbers: FxHashMap<(&'a str, &'a str), u32>,
    /// Operations that the older document does not promise to keep (draft and alpha).
    unpromised: BTreeSet<u32>,
}

impl<'a> Gathering<'a> {
    pub(super) fn new(scene: &'a Scene<'a>) -> Self {
        // Every operation is asked for, and each name is hashed again whenever a table grows.
        let operations = scene.new.api().operations.len();
        Self {
            scene,
            drafts: Vec::new(),
            index: FxHashMap::default(),
            others: FxHashMap::default(),
            names: Vec::with_capacity(operations),
            numbers: FxHashMap::with_capacity_and_hasher(operations, FxBuildHasher),
            unpromised: BTreeSet::new(),
        }
    }

    /// Whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.drafts.is_empty()
    }

    /// The number of an operation, in the order in which they are asked for.
    pub(super) fn operation(&mut self, operation: &'a Operation) -> u32 {
        let name = (operation.method.as_str(), operation.path.as_str());
        // Operations are fewer than the nodes of a document, which are counted in 32 bits.
        let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(name).or_insert_with(|| {
            self.names.push(name);
            next
        })
    }

    /// Notes that the operation was not promised to stay as it is.
    pub(super) fn promise_nothing(&mut self, operation: u32) {
        self.unpromised.insert(operation);
    }

    /// The level, at most info where all operations reached are ones that nobody promised to keep.
    fn capped(&self, level: Level, draft: &Draft) -> Level {
        let is_unpromised = !draft.operations.is_empty() && draft.operations.is_subset(&self.unpromised);
        if is_unpromised { Level::Info } else { level }
    }

    /// Notes an edit, or finds the draft that it belongs to.
    fn record(&mut self, rule: &'static Rule, direction: Option<Direction>, edit: Edit) -> usize {
        let security = edit.facet.map(SecurityFacet::from);
        let at = self.drafts.len();
        let key = (rule.id, direction, edit.old, edit.new);
        let mut known = *self.index.entry(key).or_insert(at);
        if let Some(first) = self.drafts.get(known) {
            let values = |edit: &Edit| format!("{} {}", canonical(&edit.before), canonical(&edit.after));
            let own = values(&edit);
            if own != values(&first.edit) {
                known = *self.others.entry((key, own)).or_insert(at);
            }
        }
        if let Some(draft) = self.drafts.get_mut(known) {
            // One cause can weigh more at one operation than at another; the heaviest counts.
            if security.as_ref().map(|facet| facet.severity)
                > draft.security.as_ref().map(|facet| facet.severity)
            {
                draft.security = security;
            }
            return known;
        }
        self.drafts.push(Box::new(Draft {
            rule,
            direction,
            edit,
            security,
            operations: BTreeSet::new(),
            witness: None,
            proven: None,
            open: false,
        }));
        at
    }

    /// Notes what rules saw in one direction.
    pub(super) fn record_all(&mut self, direction: Option<Direction>, seen: Vec<Seen>) -> Vec<usize> {
        seen.into_iter().map(|(rule, edit)| self.record(rule, direction, edit)).collect()
    }

    /// Notes that the drafts reach an operation.
    pub(super) fn reach(&mut self, drafts: &[usize], operation: u32) {
        for at in drafts {
            self.drafts[*at].operations.insert(operation);
        }
    }

    /// How many drafts there are.
    pub(super) fn len(&self) -> usize {
        self.drafts.len()
    }

    /// Whether the draft says that something breaks, or could not say.
    pub(super) fn is_suspect(&self, at: usize) -> bool {
        self.drafts[at].usual() == Level::Breaking || self.drafts[at].edit.undecided.is_some()
    }

    /// Whether a profile or the document made less of it than its rule does.
    pub(super) fn is_agreed(&self, at: usize) -> bool {
        self.drafts[at].edit.is_agreed
    }

    /// The rule of a draft.
    pub(super) fn rule(&self, at: usize) -> &'static str {
        self.drafts[at].rule.id
    }

    /// The name of the property that a draft speaks of.
    pub(super) fn property(&self, at: usize) -> Option<String> {
        let edit = &self.drafts[at].edit;
        let of = |document: &crate::spec::Document, node: NodeId| {
            let pointer = document.pointer(node);
            let (above, name) = pointer.rsplit_once('/')?;
            match above.rsplit_once('/')?.1 {
                "properties" => Some(unescaped(name).into_owned()),
                "required" => document.value(node).as_str().map(str::to_owned),
                _ => None,
            }
        };
        let new = edit.new.and_then(|node| of(self.scene.new, node));
        new.or_else(|| edit.old.and_then(|node| of(self.scene.old, node)))
    }

    /// The sentence of a draft.
    pub(super) fn message(&self, at: usize) -> &str {
        &self.drafts[at].edit.message
    }

    /// What a draft is about: the check that found it, its direction and places, an operation.
    #[allow(clippy::type_complexity, reason = "taken apart at once")]
    pub(super) fn about(
        &self,
        at: usize,
    ) -> (&'static Check, Option<Direction>, Option<NodeId>, Option<NodeId>, Option<u32>) {
        let draft = &self.drafts[at];
        let operation = draft.operations.first().copied();
        (&draft.rule.check, draft.direction, draft.edit.old, draft.edit.new, operation)
    }

    /// The proof found another level.
    pub(super) fn settle(&mut self, at: usize, level: Level, undecided: Option<Option<String>>) {
        let draft = &mut self.drafts[at];
        // Whatever one place shows, another one may not take back.
        if draft.witness.is_none() {
            draft.proven = Some(draft.proven.map_or(level, |known| known.min(level)));
            if let Some(why) = undecided {
                if why.is_some() {
                    draft.proven = Some(Level::Warning);
                }
                draft.edit.undecided = why;
            } else if level == Level::Info && !draft.open {
                draft.edit.undecided = None;
            }
        }
    }

    /// The proof could not be completed.
    pub(super) fn leave_open(&mut self, at: usize, why: &str) {
        let draft = &mut self.drafts[at];
        if draft.witness.is_none() {
            draft.proven = Some(Level::Warning);
            draft.edit.undecided = Some(why.to_owned());
            draft.open = true;
        }
    }

    /// A witness shows that it breaks.
    pub(super) fn show(&mut self, at: usize, witness: Witness) {
        let draft = &mut self.drafts[at];
        draft.proven = Some(Level::Breaking);
        draft.edit.undecided = None;
        draft.witness.get_or_insert(witness);
    }

    /// What is told: the worst first, then in the order of the newer document.
    pub(super) fn ordered(mut self) -> Ordered<'a> {
        let drafts = std::mem::take(&mut self.drafts);
        let mut told: Vec<(Level, Box<Draft>)> =
            drafts.into_iter().filter_map(|draft| Some((self.level(&draft)?, draft))).collect();
        told.sort_by_key(|(level, draft)| (*level, draft.edit.new, draft.edit.old));
        Ordered { all: self, told }
    }

    /// The level by proof and policy; `None` where the policy wants nothing of it.
    fn level(&self, draft: &Draft) -> Option<Level> {
        let level = self.capped(draft.proven.unwrap_or_else(|| draft.usual()), draft);
        let judged = self.scene.options.policy.judged(draft.rule.id, draft.direction);
        judged.map_or(Some(level), Judged::level)
    }
}

/// What is told, in order.
pub(super) struct Ordered<'a> {
    all: Gathering<'a>,
    told: Vec<(Level, Box<Draft>)>,
}

impl Ordered<'_> {
    /// The changes.
    pub(super) fn changes(mut self) -> Vec<Change> {
        let Self { all, told } = &mut self;
        let all = &*all;
        let fingerprints = Fingerprints::new(all.scene);
        // What is left of a draft is cleared away at last: memory that another thread took is dear to give back, and
        // with some allocators both wait for each other.
        let each: Vec<&mut (Level, Box<Draft>)> = told.iter_mut().collect();
        let mut changes =
            threads::each(each, FEW, || |(level, draft)| draft.change(*level, all, &fingerprints));
        // Two causes that the model cannot tell apart are told apart by their order.
        let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
        let mut twins = Vec::new();
        for (at, Change { fingerprint, .. }) in changes.iter().enumerate() {
            let twin = seen.entry(fingerprint).or_default();
            *twin += 1;
            if *twin > 1 {
                twins.push((at, digest(&[fingerprint, &twin.to_string()])));
            }
        }
        for (at, fingerprint) in twins {
            changes[at].fingerprint = fingerprint;
        }
        changes
    }
}

/// A sentence about one operation that holds for several says so.
#[must_use]
pub fn spoken(message: &str, operations: &[OperationName]) -> String {
    let others = operations.len().saturating_sub(1);
    let subject = message.strip_prefix('`').and_then(|rest| rest.split_once('`'));
    let is_named = |name: &str| {
        let path = |each: &OperationName| name.strip_prefix(&*each.method)?.strip_prefix(' ');
        operations.iter().any(|each| path(each) == Some(&*each.path))
    };
    match subject {
        Some((name, rest)) if others > 0 && is_named(name) => {
            format!("`{name}` (and {others} more){rest}")
        }
        _ => message.to_owned(),
    }
}
