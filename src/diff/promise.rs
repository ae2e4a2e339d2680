//! What a version promises by its name, and whether the changes keep it.
//!
//! Labels are held against a diff after it is made: the same two documents can stand under several
//! labels. A document on its own is held to its `info.version`.

use serde_json::Value;

use super::change::{Change, Diff, Level};
use super::fingerprint::digest;
use super::policy::{Judged, Policy};
use super::rules::{CHECKS, Rule};
use super::{bump, summary, verdict};
use crate::scheme::{Bump, Label, Scheme};
use crate::spec::{Document, Place};

/// A step from one version to the next, and what the changes ask of it.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// The older label.
    pub old: &'a Label,
    /// The newer label, of the same scheme.
    pub new: &'a Label,
    /// Whether the owner put the newer version into another line, whatever its label says.
    pub opens_line: bool,
    /// The class of the changes.
    pub bump: Bump,
    /// The rule of the change that asks for it.
    pub because: Option<&'a str>,
}

impl Step<'_> {
    /// Whether the newer label says as much as the changes ask for.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.opens_line && self.new > self.old || self.new.announces(self.old, self.bump)
    }
}

/// Where the two versions are written, when they are.
#[derive(Debug, Default)]
struct Written {
    old: Option<Place>,
    new: Option<Place>,
}

impl Diff {
    /// Holds the changes to the labels under which the two documents are published: sets what is due,
    /// and adds a finding where the newer label promises more than it keeps. Labels that were held
    /// against the same changes before are forgotten.
    ///
    /// The level is that of the rule: a registry refuses by its own policy, which is asked elsewhere.
    pub fn hold_to(&mut self, old: &Label, new: &Label, opens_line: bool) {
        // Whoever looks back from a newer version asks nothing of the older one's label.
        let new = (new > old).then_some(new);
        self.hold(old, new, opens_line, Written::default, &Policy::default());
    }

    /// Holds the changes to what the documents call themselves. A version that stays as it is says
    /// nothing: most documents change many times between two releases.
    pub(super) fn hold_to_documents(&mut self, old: &Document, new: &Document, policy: &Policy) {
        let Some(label) =
            Scheme::infer(old.version()).and_then(|scheme| Label::parse(scheme, old.version()).ok())
        else {
            return;
        };
        let other = Label::parse(label.scheme(), new.version()).ok().filter(|other| *other != label);
        let place = |document: &Document| document.locate("/info/version").map(|node| document.place(node));
        let written = || Written { old: place(old), new: place(new) };
        self.hold(&label, other.as_ref(), false, written, policy);
    }

    fn hold(
        &mut self,
        old: &Label,
        new: Option<&Label>,
        opens_line: bool,
        written: impl Fn() -> Written,
        policy: &Policy,
    ) {
        let is_ours = |change: &Change| CHECKS.versions.iter().any(|(rule, _)| rule.id == change.rule);
        self.changes.retain(|change| !is_ours(change));
        self.due = old.due(self.bump).text().map(str::to_owned);
        if let Some(new) = new {
            let because = self.changes.iter().find(|change| bump(change) == self.bump);
            let because = because.map(|change| change.rule.clone());
            let step = Step { old, new, opens_line, bump: self.bump, because: because.as_deref() };
            for (rule, check) in &CHECKS.versions {
                let Some(message) = check(&step) else { continue };
                let judged = policy.judged(rule.id, None).map_or(Some(rule.level.at(None)), Judged::level);
                let Some(level) = judged else { continue };
                let finding = finding(rule, level, message, &step, written());
                // The worst first, and among equals what the documents hold.
                let at = self.changes.partition_point(|change| change.level <= level);
                self.changes.insert(at, finding);
            }
        }
        self.verdict = verdict(&self.changes);
        self.summary = summary(&self.changes);
    }
}

fn finding(rule: &Rule, level: Level, message: String, step: &Step<'_>, written: Written) -> Change {
    let (before, after) = (step.old.as_str(), step.new.as_str());
    Change {
        rule: rule.id.into(),
        level,
        surface: rule.surface,
        security: None,
        message,
        operations: Vec::new(),
        direction: None,
        old: written.old,
        new: written.new,
        before: Value::from(before),
        after: Value::from(after),
        witness: None,
        undecided: None,
        fingerprint: digest(&[rule.id, "", "/info/version", before, after]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{Options, Verdict, compare, example};

    fn label(text: &str) -> Label {
        Label::parse(Scheme::infer(text).expect("a scheme"), text).expect("a label")
    }

    fn broken() -> Diff {
        let (old, new) = ("paths: {/a: {get: {}, post: {}}}", "paths: {/a: {get: {}}}");
        let (old, new) = (example::load(old).expect("a document"), example::load(new).expect("a document"));
        let noon = "2026-06-30T12:00:00Z".parse().expect("an instant");
        compare(&old, &new, &Options::at(noon))
    }

    #[test]
    fn labels_are_held_against_a_diff_and_forgotten_for_others() {
        let mut diff = broken();
        let plain = diff.clone();
        diff.hold_to(&label("1.4.0"), &label("1.4.1"), false);
        assert_eq!((diff.due.as_deref(), diff.summary.warning), (Some("2.0.0"), 1));
        let finding = diff.changes.last().expect("a finding");
        assert_eq!(finding.rule, "version-not-bumped");
        assert_eq!(
            finding.message,
            "version `1.4.1` moves too little from `1.4.0`: the changes are of class major, so `2.0.0` is due, \
             because of `operation-removed`"
        );
        assert_eq!((diff.verdict, diff.bump), (Verdict::Breaking, Bump::Major), "it asks for nothing itself");
        let mut twice = diff.clone();
        twice.hold_to(&label("1.4.0"), &label("1.4.1"), false);
        assert_eq!(twice, diff);
        diff.hold_to(&label("1.4.0"), &label("2.0.0"), false);
        assert_eq!(diff.changes, plain.changes);
        diff.hold_to(&label("1.47.0"), &label("1.48.0"), true);
        assert_eq!(diff.changes, plain.changes, "the owner opened a line for it");
        diff.hold_to(&label("2.0.0"), &label("1.4.0"), false);
        assert_eq!(diff.changes, plain.changes, "looking back asks nothing");
        diff.hold_to(&label("v3"), &label("v3.1"), false);
        assert_eq!((diff.due.as_deref(), diff.summary.warning), (Some("new line"), 1));
    }

    #[test]
    fn a_policy_sets_its_level() {
        let step = |levels: &str| {
            let policy = Policy::read(&format!("[levels]\n{levels}")).expect("a policy");
            let read = |text: &str| example::load(text).expect("a document");
            let (old, new) = (
                read("{info: {version: 1.4.0}, paths: {/a: {get: {}}}}"),
                read("{info: {version: 1.4.1}, paths: {/a: {get: {}, post: {}}}}"),
            );
            let options =
                Options { policy, ..Options::at("2026-06-30T12:00:00Z".parse().expect("an instant")) };
            let diff = compare(&old, &new, &options);
            let found = diff.changes.iter().find(|change| change.rule == "version-not-bumped");
            (found.map(|change| change.level), diff.verdict, diff.bump)
        };
        assert_eq!(step(""), (Some(Level::Warning), Verdict::Compatible, Bump::Minor));
        assert_eq!(step("version-not-bumped = 'off'"), (None, Verdict::Compatible, Bump::Minor));
        assert_eq!(
            step("version-not-bumped = 'breaking'"),
            (Some(Level::Breaking), Verdict::Breaking, Bump::Minor)
        );
    }

    #[test]
    fn the_finding_has_its_owner_in_the_catalogue() {
        for (owner, _) in &CHECKS.versions {
            assert!(crate::diff::rules::rule(owner.id).is_some());
        }
        assert_eq!(CHECKS.versions.len(), 1);
    }
}
