//! The versions that a new one is held against, and what the policy is asked of the comparison.

use super::publish::{Basis, Named};
use super::routing;
use crate::clock::Timestamp;
use crate::diff::Diff;
use crate::lifecycle::Stage;
use crate::lifecycle::policy::{PublishFacts, Weakening};
use crate::lint::Severity;
use crate::report::Compared;
use crate::scheme::Label;
use crate::store::VersionRow;

/// A version to compare with.
pub(super) struct Rival<'a> {
    pub(super) version: &'a VersionRow,
    pub(super) predecessor: bool,
}

/// The predecessor, the release before it in its own line, and the current version of each line that
/// is alive: comparing with the predecessor alone hides what two steps lose together.
pub(super) fn rivals<'a>(basis: &'a Basis, named: &Named<'_>, at: Timestamp) -> Vec<Rival<'a>> {
    let Named { scheme, label, line, .. } = named;
    let others: Vec<(Label, &VersionRow)> = basis
        .versions
        .iter()
        .filter(|version| !version.draft && version.label != label.as_str())
        .filter_map(|version| Some((Label::parse(*scheme, &version.label).ok()?, version)))
        .collect();
    let before = |belongs: &dyn Fn(&VersionRow) -> bool| {
        let labels = others.iter().filter(|(_, version)| belongs(version)).map(|(label, _)| label);
        let chosen = label.predecessor(labels)?;
        others.iter().find(|(other, _)| other == chosen).map(|(_, version)| *version)
    };
    let mut chosen: Vec<Rival<'a>> = Vec::new();
    let mut add = |version: Option<&'a VersionRow>, predecessor| {
        if let Some(version) = version
            && !chosen.iter().any(|rival| rival.version.id == version.id)
        {
            chosen.push(Rival { version, predecessor });
        }
    };
    add(before(&|_| true), true);
    add(before(&|version| version.line == line.as_str()), false);
    for row in &basis.lines {
        let releases = routing::releases(*scheme, &basis.versions, &row.name);
        let current = routing::current(&releases, at);
        let stage = routing::line_stage(&row.schedule, current, at);
        let is_above = |version: &&VersionRow| {
            version.line == line.as_str()
                && others.iter().any(|(other, row)| row.id == version.id && other > label)
        };
        if matches!(stage, Stage::Active | Stage::Deprecated) {
            add(current.filter(|version| version.label != label.as_str() && !is_above(version)), false);
        }
    }
    chosen
}

/// What the policy is asked about. Within a line only what stands below the new label counts: a late
/// patch of an older release takes nothing from the newer ones.
pub(super) fn facts(named: &Named<'_>, diffs: &[Compared]) -> PublishFacts {
    let below = |compared: &&Compared| {
        compared.line == named.line.as_str()
            && Label::parse(named.scheme, &compared.label).is_ok_and(|other| other < named.label)
    };
    let predecessor = diffs.iter().find(|compared| compared.predecessor);
    PublishFacts {
        line: named.line.to_string(),
        breaking_within_line: diffs
            .iter()
            .filter(below)
            .map(|compared| compared.diff.summary.breaking)
            .max()
            .unwrap_or(0),
        weakening: predecessor.map(|compared| weakening(&compared.diff)).unwrap_or_default(),
    }
}

/// How many changes weaken security, by severity.
fn weakening(diff: &Diff) -> Weakening {
    let mut counts = Weakening::default();
    let facets =
        diff.changes.iter().filter(|change| change.weakens()).filter_map(|change| change.security.as_ref());
    for facet in facets {
        match facet.severity {
            Severity::Critical => counts.critical += 1,
            Severity::High => counts.high += 1,
            Severity::Medium => counts.medium += 1,
            Severity::Low | Severity::Info => counts.low += 1,
        }
    }
    counts
}
