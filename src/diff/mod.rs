//! What separates two versions of an API: named by rules, judged by direction, grouped by cause.
//!
//! [`compare`] is the door. A request may widen and a response may narrow; webhooks and callbacks
//! turn both around. Pure values in, pure values out: the clock and the labels are arguments.
//! How bad a change of a schema is, the proof decides ([`proof`]): what breaks carries a value or a request
//! that another validator has confirmed.

pub mod address;
pub mod aliases;
pub mod change;
pub mod edit;
pub mod encoding;
pub mod example;
pub mod fail_on;
pub mod keyword;
pub mod media;
pub mod names;
pub mod outcome;
pub mod pair;
pub mod pairing;
pub mod parameter;
pub mod policy;
pub mod promise;
pub mod proof;
pub mod property;
pub mod request;
pub mod requirement;
pub mod risk;
pub mod rules;
pub mod scheme;
pub mod server;
pub mod stability;
pub mod types;
pub mod union;
pub mod value;
pub mod view;

mod descend;
#[cfg(test)]
mod exposure;
mod fingerprint;
mod flatten;
mod group;
mod proofs;
pub mod prose;
mod prove;
#[cfg(test)]
mod silence;
#[cfg(test)]
mod tests;
mod walk;
mod witness;
mod written;

use std::sync::OnceLock;

use crate::clock::Timestamp;
use crate::scheme::{Bump, Label};
use crate::spec::Document;
use crate::spec::tree::NodeId;
use crate::threads;

pub use change::{
    Change, Diff, Direction, Effect, Level, OperationName, SecurityFacet, Side, Summary, Surface, Verdict,
    Witness, WitnessKind, WitnessRequest,
};
pub use fail_on::{BadFailOn, FailOn};
pub use fingerprint::{digest, model_pointer};
pub use group::spoken;
pub use policy::{BadPolicy, Policy, Profile};
pub use risk::{Reason, retire_reasons};

/// How two documents are compared.
#[derive(Clone, Debug)]
pub struct Options {
    /// Levels of the team's own, and how strictly responses are judged.
    pub policy: Policy,
    /// The instant that sunset dates are held against: that of the newer version's publication.
    pub now: Timestamp,
    /// The label of the older version, when it has one; else both sides are held to their
    /// `info.version`. A newer label is held against the diff by [`Diff::hold_to`].
    pub old_label: Option<Label>,
}

impl Options {
    /// Strict, at `now`, without a label.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self { policy: Policy::default(), now, old_label: None }
    }
}

/// Compares two documents.
#[must_use]
pub fn compare(old: &Document, new: &Document, options: &Options) -> Diff {
    let changes = if is_same(old, new) { Vec::new() } else { changes(old, new, options) };
    let bump = changes.iter().map(bump).max().unwrap_or_default();
    let due = options.old_label.as_ref().and_then(|label| label.due(bump).text().map(str::to_owned));
    let mut diff = Diff {
        old: side(old),
        new: side(new),
        verdict: verdict(&changes),
        bump,
        due,
        summary: summary(&changes),
        changes,
    };
    if options.old_label.is_none() {
        diff.hold_to_documents(old, new, &options.policy);
    }
    diff
}

/// Whether both are the same data, order and spelling apart.
fn is_same(old: &Document, new: &Document) -> bool {
    old.tree().hash(NodeId::ROOT) == new.tree().hash(NodeId::ROOT)
}

fn changes(old: &Document, new: &Document, options: &Options) -> Vec<Change> {
    // A model is read when it is first asked for; these two beside each other.
    if !old.is_read() && !new.is_read() {
        threads::both(|| old.api(), || new.api());
    }
    let (before, after) = (old.api(), new.api());
    let scene = pair::Scene {
        old,
        new,
        options,
        schemes: pairing::renamed_schemes(before, after),
        shift: address::Shift::between(before, after),
        by_ends: OnceLock::new(),
        reached: Default::default(),
    };
    let sides = pairing::operations(&before.operations, &after.operations, &scene.shift);
    let named = pairing::named(before, after);
    let texts = || {
        let texts = prose::walk(&scene, &sides, &named);
        // What is gone or new is asked about later; the texts are told before the operations are.
        if named.iter().any(|one| one.old.is_none() || one.new.is_none()) {
            scene.reached(0);
            scene.reached(1);
        }
        texts
    };
    let walk = || walk::walk(&scene, &sides, &named);
    threads::deep(|| {
        let (texts, walk) = threads::both(texts, walk);
        walk.with(texts).changes()
    })
}

fn side(document: &Document) -> Side {
    Side {
        title: document.title().to_owned(),
        version: document.version().to_owned(),
        format: document.format().to_string(),
    }
}

fn verdict(changes: &[Change]) -> Verdict {
    if changes.is_empty() {
        Verdict::Identical
    } else if changes.iter().any(|change| change.level == Level::Breaking) {
        Verdict::Breaking
    } else {
        Verdict::Compatible
    }
}

/// Breaking asks for a major step; additions and warnings for a minor one; what nobody meets on the
/// wire for a patch.
fn bump(change: &Change) -> Bump {
    match (change.level, change.surface) {
        (Level::Breaking, _) => Bump::Major,
        (Level::Warning, _) => Bump::Minor,
        (Level::Info, Surface::Documentation | Surface::Source)
            if change.rule.as_ref() != "operation-deprecated" =>
        {
            Bump::Patch
        }
        (Level::Info, _) => Bump::Minor,
    }
}

fn summary(changes: &[Change]) -> Summary {
    let count = |level: Level| changes.iter().filter(|change| change.level == level).count();
    Summary {
        breaking: count(Level::Breaking),
        warning: count(Level::Warning),
        info: count(Level::Info),
        security: changes.iter().filter(|change| change.weakens()).count(),
    }
}
