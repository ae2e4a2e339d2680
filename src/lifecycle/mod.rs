//! Where a version stands in its life: pure functions of dates.
//!
//! A stage is computed from a [`Schedule`] at the moment of asking and never stored, so that no
//! job has to flip it and all replicas agree. This room knows neither labels nor documents, and
//! it refuses nothing: `policy` measures, the caller decides.
//!
//! Sources: RFC 9745 (Deprecation), RFC 8594 (Sunset), RFC 8288 and RFC 5829 (Link).

pub mod headers;
pub mod policy;
mod relation;
mod schedule;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

pub use schedule::{Block, Dates, LINK_LIMIT_BYTES, REASON_LIMIT_BYTES, Schedule, ScheduleFault};

/// How far a line or a version is in its life, ordered by strictness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Not released: it may still be replaced, and no gateway lets calls to it in.
    Draft,
    /// In use, without reservation.
    Active,
    /// Works as before, and callers are told to leave.
    Deprecated,
    /// Past its sunset.
    Retired,
    /// Shut at once by an emergency block.
    Blocked,
}

/// The text names no stage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no stage; there are draft, active, deprecated, retired and blocked")]
pub struct BadStage(pub String);

impl Stage {
    /// Every stage, from the mildest to the strictest.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Active, Self::Deprecated, Self::Retired, Self::Blocked];

    /// The name as it stands in JSON and in `X-Sundial-Stage`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Deprecated => "deprecated",
            Self::Retired => "retired",
            Self::Blocked => "blocked",
        }
    }

    /// Whether calls are refused: retired or blocked.
    #[must_use]
    pub const fn is_gone(self) -> bool {
        matches!(self, Self::Retired | Self::Blocked)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Stage {
    type Err = BadStage;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text).ok_or_else(|| BadStage(text.to_owned()))
    }
}

/// The stage of something released that follows `schedule`, at `now`.
///
/// A date takes effect in its own instant. A sunset without a deprecation deprecates at once.
/// [`Stage::Draft`] never follows from dates: whether something was released is known elsewhere.
#[must_use]
pub fn stage(schedule: &Schedule, now: Timestamp) -> Stage {
    schedule.dates().stage(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::schedule::tests::{at, schedules};
    use proptest::prelude::*;

    #[test]
    fn dates_take_effect_in_their_own_instant() {
        let schedule =
            Schedule { deprecated_at: Some(at(100)), sunset_at: Some(at(200)), ..Schedule::default() };
        let seen = |micros| stage(&schedule, Timestamp::from_micros(micros));
        assert_eq!(seen(99_999_999), Stage::Active);
        assert_eq!(seen(100_000_000), Stage::Deprecated);
        assert_eq!(seen(199_999_999), Stage::Deprecated);
        assert_eq!(seen(200_000_000), Stage::Retired);
    }

    #[test]
    fn a_sunset_alone_deprecates_at_once() {
        let schedule = Schedule { sunset_at: Some(at(200)), ..Schedule::default() };
        assert_eq!(stage(&schedule, at(0)), Stage::Deprecated);
        assert_eq!(stage(&schedule, at(200)), Stage::Retired);
    }

    #[test]
    fn a_block_acts_at_once_and_beats_all_dates() {
        let schedule = Schedule {
            sunset_at: Some(at(200)),
            blocked: Some(Block { at: at(50), reason: "key leak".into() }),
            ..Schedule::default()
        };
        assert_eq!(stage(&schedule, at(0)), Stage::Blocked);
        assert_eq!(stage(&schedule, at(300)), Stage::Blocked);
    }

    #[test]
    fn stages_are_named_once_and_ordered_by_strictness() {
        assert!(Stage::ALL.is_sorted());
        for stage in Stage::ALL {
            assert_eq!(stage.to_string().parse(), Ok(stage));
            let json = serde_json::to_string(&stage).expect("plain");
            assert_eq!(json, format!("\"{stage}\""));
        }
        assert!("sunset".parse::<Stage>().is_err());
    }

    proptest! {
        #[test]
        fn time_only_ever_makes_a_stage_stricter(
            schedule in schedules(), early in 0i64..400, late in 0i64..400,
        ) {
            let (early, late) = (early.min(late), early.max(late));
            prop_assert!(stage(&schedule, at(early)) <= stage(&schedule, at(late)));
        }

        #[test]
        fn together_is_the_stricter_of_both(
            line in schedules(), version in schedules(), now in 0i64..400,
        ) {
            let both = line.together(&version);
            prop_assert_eq!(
                stage(&both, at(now)),
                stage(&line, at(now)).max(stage(&version, at(now))),
            );
            prop_assert_eq!(both.check(), Ok(()));
        }
    }
}
