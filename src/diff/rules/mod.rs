//! The rules that name changes: one file and one line each.
//!
//! A rule is data plus a function that looks at one pair and pushes edits; it never walks a
//! document. Pairing, direction, grouping, places and fingerprints are the engine's. The
//! catalogue behind the ids is that of the design; ids are never reused.

use std::sync::LazyLock;

use super::change::{Direction, Level, Surface};
use super::edit::Edits;
use super::pair::{
    Bodies, Components, Documents, Headers, Media, Operations, Outcomes, Parameters, Paths,
    Properties, Requirements, Schemas, Schemes, ServerLists, Webhooks,
};

/// One way in which two documents can differ.
#[derive(Debug)]
pub struct Rule {
    /// Subject and change in kebab case; the file has the same name in snake case.
    pub id: &'static str,
    /// What happened, in a few words.
    pub title: &'static str,
    /// How bad it usually is, by direction.
    pub level: Levels,
    /// Whom it hits.
    pub surface: Surface,
    /// The release that brought the rule.
    pub since: &'static str,
    /// Why it matters to those who call the API.
    pub why: &'static str,
    /// What to do instead.
    pub remedy: &'static str,
    /// The ids of the security catalogue that the rule can put beside its own.
    pub security: &'static [&'static str],
    /// Steps at which the rule fires.
    pub fires: &'static [Example],
    /// Steps at which it stays silent.
    pub silent: &'static [Example],
    /// Looks at one pair.
    pub check: Check,
}

/// How bad a change is: in requests, in responses, and where there is no direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// Where the caller sends.
    pub request: Level,
    /// Where the API sends.
    pub response: Level,
    /// Where nothing is sent.
    pub neither: Level,
}

impl Levels {
    /// Fewer values: breaks those who send them.
    pub const NARROWS: Self = Self {
        request: Level::Breaking,
        response: Level::Info,
        neither: Level::Warning,
    };
    /// More values: breaks those who must read them.
    pub const WIDENS: Self = Self {
        request: Level::Info,
        response: Level::Breaking,
        neither: Level::Warning,
    };

    /// The same level everywhere.
    #[must_use]
    pub const fn always(level: Level) -> Self {
        Self { request: level, response: level, neither: level }
    }

    /// The level for a direction.
    #[must_use]
    pub const fn at(self, direction: Option<Direction>) -> Level {
        match direction {
            Some(Direction::Request) => self.request,
            Some(Direction::Response) => self.response,
            None => self.neither,
        }
    }

    /// The worst of the three.
    #[must_use]
    pub fn worst(self) -> Level {
        self.request.min(self.response).min(self.neither)
    }
}

/// A step between two documents, as YAML fragments over a small clean document
/// (RFC 7396 merge patch; [`super::example`] knows the short keys).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Patch of the older document.
    pub old: &'static str,
    /// Patch of the newer document.
    pub new: &'static str,
}

/// `example!("old fragment" => "new fragment")`.
macro_rules! example {
    ($old:literal => $new:literal) => {
        $crate::diff::rules::Example { old: $old, new: $new }
    };
}
use example;

type Checker<P> = fn(&P, &mut Edits);

/// What a rule looks at.
#[derive(Clone, Copy)]
pub enum Check {
    /// Both documents as a whole.
    Documents(Checker<Documents<'static>>),
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Check")
    }
}
