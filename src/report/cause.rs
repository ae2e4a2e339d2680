//! Changes with one cause, put together for people: what was edited at one place, however many ways
//! it shows.
//!
//! A bound that moves in a shared schema breaks requests and is harmless in responses; both stand at
//! the same place and are told together, the worst first. Nothing is judged here.

use std::collections::{BTreeMap, HashMap};

use crate::diff::{Change, Diff, Level};
use crate::spec::Place;

/// What was edited at one place.
#[derive(Clone, Debug)]
pub struct Cause<'d> {
    /// The worst of it.
    pub worst: &'d Change,
    /// The rest, the worst first.
    pub others: Vec<&'d Change>,
}

impl<'d> Cause<'d> {
    /// All changes, the worst first.
    pub fn changes(&self) -> impl Iterator<Item = &'d Change> {
        std::iter::once(self.worst).chain(self.others.iter().copied())
    }

    /// Whether anything of it weakens security.
    #[must_use]
    pub fn weakens(&self) -> bool {
        self.changes().any(Change::weakens)
    }
}

/// The causes of a diff, the worst first.
#[must_use]
pub fn causes(diff: &Diff) -> Vec<Cause<'_>> {
    let mut causes: Vec<Cause<'_>> = Vec::new();
    let mut known: HashMap<Site<'_>, usize> = HashMap::new();
    // The changes come with the worst first, so the first of a place is its worst.
    for change in &diff.changes {
        let at = Site::of(change).and_then(|site| {
            let next = causes.len();
            let at = *known.entry(site).or_insert(next);
            (at < next).then_some(at)
        });
        match at {
            Some(at) => causes[at].others.push(change),
            None => causes.push(Cause { worst: change, others: Vec::new() }),
        }
    }
    causes
}

/// The places of an edit in both documents.
#[derive(PartialEq, Eq, Hash)]
struct Site<'d> {
    old: Option<(Option<&'d str>, &'d str)>,
    new: Option<(Option<&'d str>, &'d str)>,
}

impl<'d> Site<'d> {
    /// None where the change has no place, and so nothing in common with another.
    fn of(change: &'d Change) -> Option<Self> {
        let place = |place: &'d Option<Place>| {
            place.as_ref().map(|place| (place.file.as_deref(), place.pointer.as_str()))
        };
        let (old, new) = (place(&change.old), place(&change.new));
        (old.is_some() || new.is_some()).then_some(Self { old, new })
    }
}

/// What a cause comes to, in the order of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something that worked stops working.
    Breaking,
    /// Nothing breaks, and less is asked, checked or hidden.
    Weakening,
    /// It may stop working for some.
    Warning,
    /// Worth knowing.
    Info,
}

impl Kind {
    fn of(cause: &Cause<'_>) -> Self {
        match cause.worst.level {
            Level::Breaking => Self::Breaking,
            _ if cause.weakens() => Self::Weakening,
            Level::Warning => Self::Warning,
            Level::Info => Self::Info,
        }
    }

    /// The heading over such causes.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Breaking => "Breaking",
            Self::Weakening => "Weakens security",
            Self::Warning => "Warnings",
            Self::Info => "Good to know",
        }
    }

    /// The SGR style of the heading.
    #[must_use]
    pub const fn style(self) -> &'static str {
        match self {
            Self::Breaking => "1;31",
            Self::Weakening => "1;35",
            Self::Warning => "1;33",
            Self::Info => "1;36",
        }
    }
}

/// Causes of one kind.
#[derive(Clone, Debug)]
pub struct Section<'d> {
    /// What they come to.
    pub kind: Kind,
    /// The causes, the worst first.
    pub causes: Vec<Cause<'d>>,
}

impl Section<'_> {
    /// How many changes stand in it.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.causes.iter().map(|cause| 1 + cause.others.len()).sum()
    }
}

/// The causes of a diff in the order of reading; kinds without causes are left out.
#[must_use]
pub fn sections(diff: &Diff) -> Vec<Section<'_>> {
    let mut sections: BTreeMap<Kind, Vec<Cause<'_>>> = BTreeMap::new();
    for cause in causes(diff) {
        sections.entry(Kind::of(&cause)).or_default().push(cause);
    }
    sections.into_iter().map(|(kind, causes)| Section { kind, causes }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{Level, Options, compare, example};

    #[test]
    fn what_stands_at_one_place_is_told_together() {
        let shared = |bound: u32| {
            format!(
                "{{components: {{schemas: {{S: {{type: string, maxLength: {bound}}}}}}}, \
                 REQ: {{$ref: '#/components/schemas/S'}}, RES: {{$ref: '#/components/schemas/S'}}, paths: {{/b: {{get: {{}}}}}}}}"
            )
        };
        let now = "2026-06-30T12:00:00Z".parse().expect("an instant");
        let (old, new) =
            (example::load(&shared(9)).expect("a document"), example::load(&shared(5)).expect("a document"));
        let diff = compare(&old, &new, &Options::at(now));
        let causes = causes(&diff);
        assert_eq!(causes.len(), 1, "{:?}", diff.changes);
        assert_eq!(causes[0].worst.level, Level::Breaking);
        assert_eq!(causes[0].others.len(), 1);
        assert_eq!(causes[0].changes().count(), diff.changes.len());
        let sections = sections(&diff);
        assert_eq!(
            sections.iter().map(|section| (section.kind, section.changes())).collect::<Vec<_>>(),
            [(Kind::Breaking, 2)]
        );
    }

    #[test]
    fn changes_without_a_place_stay_apart() {
        let change = || Change {
            rule: "version-not-bumped".into(),
            level: Level::Warning,
            surface: crate::diff::Surface::Documentation,
            security: None,
            message: String::new(),
            operations: Vec::new(),
            direction: None,
            old: None,
            new: None,
            before: serde_json::Value::Null,
            after: serde_json::Value::Null,
            witness: None,
            undecided: None,
            fingerprint: String::new(),
        };
        let side = || crate::diff::Side::default();
        let diff = Diff {
            old: side(),
            new: side(),
            verdict: crate::diff::Verdict::Compatible,
            bump: crate::scheme::Bump::Minor,
            due: None,
            summary: crate::diff::Summary::default(),
            changes: vec![change(), change()],
        };
        assert_eq!(causes(&diff).len(), 2);
    }
}
