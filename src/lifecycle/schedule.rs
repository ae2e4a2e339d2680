//! The dates of a line or a version, what must hold of them, and how two of them join.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Stage, relation};
use crate::clock::Timestamp;

/// No link is longer than this: three of them must fit into the headers of one answer.
pub const LINK_LIMIT_BYTES: usize = 512;

/// No reason is longer than this.
pub const REASON_LIMIT_BYTES: usize = 1024;

/// A schedule has no more links than this.
const LINKS_LIMIT: usize = 16;

/// What the owner has decided about the life of a line or of a single version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// From here on callers are told to leave; may lie ahead (RFC 9745 section 2.1).
    pub deprecated_at: Option<Timestamp>,
    /// From here on calls are refused; never before `deprecated_at` (RFC 9745 section 4).
    pub sunset_at: Option<Timestamp>,
    /// The line to move to.
    pub successor: Option<String>,
    /// Relation (RFC 8288 section 2.1) to absolute URI: migration guide, policy.
    pub links: BTreeMap<String, String>,
    /// Why, in the owner's words.
    pub reason: Option<String>,
    /// The emergency block in force, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<Block>,
}

/// An emergency block: refuses calls from the moment it is set until it is lifted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// When it was set.
    pub at: Timestamp,
    /// Why; callers read it.
    pub reason: String,
}

/// The part of a schedule that the clock acts on, small enough to be kept beside each line of a
/// large table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// See [`Schedule::deprecated_at`].
    pub deprecated_at: Option<Timestamp>,
    /// See [`Schedule::sunset_at`].
    pub sunset_at: Option<Timestamp>,
    /// Whether a block is in force.
    pub blocked: bool,
}

impl Dates {
    /// See [`super::stage`].
    #[must_use]
    pub fn stage(self, now: Timestamp) -> Stage {
        let reached = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        if self.blocked {
            Stage::Blocked
        } else if reached(self.sunset_at) {
            Stage::Retired
        } else if reached(self.deprecated_at) || self.is_deprecated_at_once() {
            Stage::Deprecated
        } else {
            Stage::Active
        }
    }

    /// Whether a sunset stands alone, so that nothing says since when it is deprecated.
    #[must_use]
    pub const fn is_deprecated_at_once(self) -> bool {
        self.deprecated_at.is_none() && self.sunset_at.is_some()
    }
}

/// What is wrong with a schedule. The message says what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleFault {
    /// RFC 9745 section 4: the sunset must not be earlier than the deprecation.
    #[error("the sunset {sunset_at} lies before the deprecation {deprecated_at}")]
    SunsetBeforeDeprecation {
        /// The deprecation as given.
        deprecated_at: Timestamp,
        /// The sunset as given.
        sunset_at: Timestamp,
    },
    /// The relation is neither registered nor an absolute URI.
    #[error(
        "`{0}` is no registered link relation; use one like deprecation, sunset or policy, or an absolute URI"
    )]
    Relation(String),
    /// The target of a link is not an absolute http or https URI.
    #[error("link `{rel}`: `{target}` {why}")]
    Target {
        /// The relation of the link.
        rel: String,
        /// Its target as given.
        target: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// More links than fit.
    #[error("a schedule has at most {LINKS_LIMIT} links, this one has {0}")]
    TooManyLinks(usize),
    /// A text that callers will read holds a line break or another control character.
    #[error("{0} holds a control character")]
    Control(&'static str),
    /// A text is longer than its limit.
    #[error("{what} has {bytes} bytes; at most {limit} fit")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// Its length.
        bytes: usize,
        /// The most that fits.
        limit: usize,
    },
    /// A block without a reason.
    #[error("a block needs a reason")]
    BlockWithoutReason,
}

impl Schedule {
    /// Whether all that must hold of a schedule holds.
    ///
    /// # Errors
    ///
    /// The first [`ScheduleFault`] found.
    pub fn check(&self) -> Result<(), ScheduleFault> {
        if let (Some(deprecated_at), Some(sunset_at)) = (self.deprecated_at, self.sunset_at)
            && sunset_at < deprecated_at
        {
            return Err(ScheduleFault::SunsetBeforeDeprecation { deprecated_at, sunset_at });
        }
        if self.links.len() > LINKS_LIMIT {
            return Err(ScheduleFault::TooManyLinks(self.links.len()));
        }
        for (rel, target) in &self.links {
            if !relation::is_usable(rel) {
                return Err(ScheduleFault::Relation(rel.clone()));
            }
            if let Err(why) = relation::target(target) {
                return Err(ScheduleFault::Target { rel: rel.clone(), target: target.clone(), why });
            }
        }
        if let Some(successor) = &self.successor {
            text("the successor", successor, 63)?;
        }
        if let Some(reason) = &self.reason {
            text("the reason", reason, REASON_LIMIT_BYTES)?;
        }
        if let Some(block) = &self.blocked {
            if block.reason.trim().is_empty() {
                return Err(ScheduleFault::BlockWithoutReason);
            }
            text("the reason of the block", &block.reason, REASON_LIMIT_BYTES)?;
        }
        Ok(())
    }

    /// The part that the clock acts on.
    #[must_use]
    pub const fn dates(&self) -> Dates {
        Dates {
            deprecated_at: self.deprecated_at,
            sunset_at: self.sunset_at,
            blocked: self.blocked.is_some(),
        }
    }

    /// Whether nothing was decided yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What a caller of a line sees when this is the line's schedule and `version` that of its
    /// current version: at every moment the stricter of both.
    ///
    /// The earlier date wins; where this schedule and `version` both name a successor, a link or
    /// a reason, the line's own wins.
    #[must_use]
    pub fn together(&self, version: &Self) -> Self {
        let sunset_at = earlier(self.sunset_at, version.sunset_at);
        let at_once = |schedule: &Self| schedule.dates().is_deprecated_at_once();
        let deprecated_at = if at_once(self) || at_once(version) {
            None
        } else {
            earlier(self.deprecated_at, version.deprecated_at)
        };
        let mut links = version.links.clone();
        links.extend(self.links.clone());
        // Each side fits by itself; together they may not.
        while links.len() > LINKS_LIMIT {
            links.pop_last();
        }
        Self {
            deprecated_at,
            sunset_at,
            successor: self.successor.clone().or_else(|| version.successor.clone()),
            links,
            reason: self.reason.clone().or_else(|| version.reason.clone()),
            blocked: self.blocked.clone().or_else(|| version.blocked.clone()),
        }
    }
}

fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn text(what: &'static str, text: &str, limit: usize) -> Result<(), ScheduleFault> {
    if text.chars().any(char::is_control) {
        return Err(ScheduleFault::Control(what));
    }
    if text.len() > limit {
        return Err(ScheduleFault::TooLong { what, bytes: text.len(), limit });
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(in crate::lifecycle) fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    /// Schedules that pass [`Schedule::check`], with dates within 0..300 s.
    pub(in crate::lifecycle) fn schedules() -> impl Strategy<Value = Schedule> {
        let dates = proptest::option::of(0i64..300);
        (dates.clone(), dates, 0u8..10).prop_map(|(deprecated, notice, block)| {
            let sunset = notice.map(|notice| deprecated.unwrap_or(0).max(notice));
            Schedule {
                deprecated_at: deprecated.map(at),
                sunset_at: sunset.map(at),
                blocked: (block == 0).then(|| Block { at: at(1), reason: "leak".into() }),
                ..Schedule::default()
            }
        })
    }

    fn with_link(rel: &str, target: &str) -> Schedule {
        Schedule { links: BTreeMap::from([(rel.to_owned(), target.to_owned())]), ..Schedule::default() }
    }

    #[test]
    fn the_sunset_may_not_precede_the_deprecation() {
        let mut schedule =
            Schedule { deprecated_at: Some(at(100)), sunset_at: Some(at(100)), ..Schedule::default() };
        assert_eq!(schedule.check(), Ok(()));
        schedule.sunset_at = Some(at(99));
        assert_eq!(
            schedule.check().expect_err("backwards").to_string(),
            "the sunset 1970-01-01T00:01:39Z lies before the deprecation 1970-01-01T00:01:40Z"
        );
    }

    #[test]
    fn links_have_a_registered_relation_and_an_absolute_target() {
        for (rel, target) in [
            ("deprecation", "https://docs.example.com/v1"),
            ("policy", "http://example.com"),
            ("sunset", "https://[::1]:8443/a?b=c#d"),
            ("https://example.com/rels/migration", "https://example.com/a%20b"),
        ] {
            assert_eq!(with_link(rel, target).check(), Ok(()), "{rel} {target}");
        }
        for rel in ["", "migration guide", "Deprecation\r\n", "migrashun", "a:b c", "ftp"] {
            assert!(
                matches!(with_link(rel, "https://e.com/").check(), Err(ScheduleFault::Relation(_))),
                "{rel}"
            );
        }
        for target in [
            "",
            "/docs/v1",
            "docs.example.com",
            "ftp://example.com/",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "https://user:secret@example.com/",
            "https://example.com/a b",
            "https://example.com/>; rel=\"next",
            "https://example.com/\r\nX: y",
            "https://example.com/ü",
            "https://example.com/%zz",
            &format!("https://example.com/{}", "x".repeat(LINK_LIMIT_BYTES)),
        ] {
            assert!(
                matches!(with_link("sunset", target).check(), Err(ScheduleFault::Target { .. })),
                "{target}"
            );
        }
    }

    #[test]
    fn texts_hold_no_control_characters() {
        for text in ["a\nb", "a\u{0}b", "a\u{7f}", "a\u{85}b"] {
            let reason = Schedule { reason: Some(text.to_owned()), ..Schedule::default() };
            assert_eq!(reason.check(), Err(ScheduleFault::Control("the reason")));
        }
        let unicode = Schedule { reason: Some("Schlüssel geleckt".into()), ..Schedule::default() };
        assert_eq!(unicode.check(), Ok(()));
        let blocked = |reason: &str| Schedule {
            blocked: Some(Block { at: at(0), reason: reason.to_owned() }),
            ..Schedule::default()
        };
        assert_eq!(blocked(" ").check(), Err(ScheduleFault::BlockWithoutReason));
        assert_eq!(blocked("leak").check(), Ok(()));
    }

    #[test]
    fn json_has_the_words_of_the_api_and_reads_gaps_as_nothing() {
        let schedule: Schedule =
            serde_json::from_str(r#"{"sunset_at":"2026-06-30","links":{"policy":"https://e.com"}}"#)
                .expect("readable");
        assert_eq!(
            serde_json::to_string(&schedule).expect("plain"),
            r#"{"deprecated_at":null,"sunset_at":"2026-06-30T23:59:59Z","successor":null,"links":{"policy":"https://e.com"},"reason":null}"#
        );
        assert!(Schedule::default().is_empty());
    }
}
