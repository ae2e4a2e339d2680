//! What must hold before a publish or a change of dates is accepted: one function a demand.
//!
//! A demand measures and names the way out; who meets all demands may go on. Preset `observe`
//! asks next to nothing, so that a new registry shows its verdicts before it refuses on them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Schedule;
use crate::clock::Timestamp;

/// Days that `guarded` wants between deprecation and sunset.
pub const NOTICE_DAYS: i64 = 180;

/// How strict a namespace is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Verdicts are stored and shown, publishes are never refused.
    #[default]
    Observe,
    /// No breaking change within a line, no weakening of severity high or above, notice periods.
    Guarded,
}

/// The text names no preset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no policy preset; there are observe and guarded")]
pub struct BadPreset(pub String);

impl Preset {
    /// The name as it stands in settings, JSON and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Guarded => "guarded",
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Preset {
    type Err = BadPreset;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Observe, Self::Guarded]
            .into_iter()
            .find(|preset| preset.as_str() == text)
            .ok_or_else(|| BadPreset(text.to_owned()))
    }
}

/// One demand of the policy, as it was measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// What is asked, `no breaking change within a line`.
    pub demand: String,
    /// Whether it is met. One that is not refuses the whole.
    pub holds: bool,
    /// What was found.
    pub measured: String,
    /// How to go on nevertheless.
    pub way_out: String,
}

impl Demand {
    /// Whether `demands` are all met.
    #[must_use]
    pub fn all_hold(demands: &[Self]) -> bool {
        demands.iter().all(|demand| demand.holds)
    }
}

/// What a publish brings, as far as a policy asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishFacts {
    /// The line the version goes to.
    pub line: String,
    /// Breaking changes against versions of the same line; 0 for the first of a line.
    pub breaking_within_line: usize,
    /// Security changes that weaken, by severity.
    pub weakening: Weakening,
}

/// How many changes weaken security, by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weakening {
    /// Severity critical.
    pub critical: usize,
    /// Severity high.
    pub high: usize,
    /// Severity medium.
    pub medium: usize,
    /// Severity low and below.
    pub low: usize,
}

/// What `preset` asks of a publish.
#[must_use]
pub fn publish_demands(preset: Preset, facts: &PublishFacts) -> Vec<Demand> {
    match preset {
        Preset::Observe => Vec::new(),
        Preset::Guarded => vec![no_break_within_line(facts), no_severe_weakening(facts)],
    }
}

/// What `preset` asks of the step from `old` dates to `new` ones, taken at `now`.
///
/// `force` waives what is asked of dates; the audit trail shows that it was used.
#[must_use]
pub fn schedule_demands(
    preset: Preset,
    old: &Schedule,
    new: &Schedule,
    now: Timestamp,
    force: bool,
) -> Vec<Demand> {
    let mut demands = vec![no_past_date(old, new, now)];
    if preset == Preset::Guarded
        && let Some(notice) = notice_period(old, new, now)
    {
        demands.push(notice);
    }
    if force {
        for demand in demands.iter_mut().filter(|demand| !demand.holds) {
            demand.holds = true;
            demand.measured.push_str(" (forced)");
        }
    }
    demands
}

fn no_break_within_line(facts: &PublishFacts) -> Demand {
    let breaking = facts.breaking_within_line;
    Demand {
        demand: "no breaking change within a line".into(),
        holds: breaking == 0,
        measured: format!("{} in line `{}`", counted(breaking, "breaking change"), facts.line),
        way_out: "undo the changes, or publish under a label that opens a new line".into(),
    }
}

fn no_severe_weakening(facts: &PublishFacts) -> Demand {
    let Weakening { critical, high, .. } = facts.weakening;
    Demand {
        demand: "no weakening of severity high or above".into(),
        holds: critical + high == 0,
        measured: counted(critical + high, "weakening change") + " of severity high or above",
        way_out: "restore the protection that the changes took away".into(),
    }
}

fn no_past_date(old: &Schedule, new: &Schedule, now: Timestamp) -> Demand {
    let past: Vec<String> = [
        ("deprecated_at", old.deprecated_at, new.deprecated_at),
        ("sunset_at", old.sunset_at, new.sunset_at),
    ]
    .into_iter()
    .filter_map(|(name, old, new)| {
        let at = new.filter(|at| *at < now && Some(*at) != old)?;
        Some(format!("{name} {at}"))
    })
    .collect();
    Demand {
        demand: "no date in the past".into(),
        holds: past.is_empty(),
        measured: if past.is_empty() {
            "no new date lies in the past".into()
        } else {
            format!("{} before now, {now}", past.join(" and "))
        },
        way_out: "set dates ahead of now, or force them, which the audit trail shows".into(),
    }
}

/// The notice between deprecation and sunset, where this step sets or shortens it.
fn notice_period(old: &Schedule, new: &Schedule, now: Timestamp) -> Option<Demand> {
    let sunset_at = new.sunset_at?;
    if old.sunset_at == new.sunset_at && old.deprecated_at == new.deprecated_at {
        return None;
    }
    let pulled_nearer = old.sunset_at.is_some_and(|old| sunset_at < old);
    let stood_before = old.deprecated_at.is_some() && old.deprecated_at == new.deprecated_at;
    // Callers learn of the dates now: a deprecation that was not told before starts no earlier,
    // and neither does the notice of a sunset that was promised for later.
    let told_at = match new.deprecated_at {
        Some(at) if stood_before && !pulled_nearer => at,
        Some(at) => at.max(now),
        None => now,
    };
    let notice_days = sunset_at.days_since(told_at);
    Some(Demand {
        demand: format!("notice of at least {NOTICE_DAYS} days between deprecation and sunset"),
        holds: notice_days >= NOTICE_DAYS,
        measured: format!("{} from {} to {}", counted_days(notice_days), told_at.date(), sunset_at.date()),
        way_out: format!(
            "a sunset on {} or later, or force, which the audit trail shows",
            told_at.plus_days(NOTICE_DAYS + 1).date()
        ),
    })
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

fn counted_days(days: i64) -> String {
    let plural = if days == 1 { "" } else { "s" };
    format!("{days} day{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Timestamp {
        text.parse().expect("a date")
    }

    fn dates(deprecated_at: &str, sunset_at: &str) -> Schedule {
        let read = |text: &str| (!text.is_empty()).then(|| day(text));
        Schedule { deprecated_at: read(deprecated_at), sunset_at: read(sunset_at), ..Schedule::default() }
    }

    fn refused(preset: Preset, old: &Schedule, new: &Schedule, now: &str) -> Vec<String> {
        schedule_demands(preset, old, new, day(now), false)
            .into_iter()
            .filter(|demand| !demand.holds)
            .map(|demand| demand.measured)
            .collect()
    }

    #[test]
    fn observe_refuses_no_publish_and_guarded_refuses_by_name() {
        let facts = PublishFacts {
            line: "v1".into(),
            breaking_within_line: 2,
            weakening: Weakening { high: 1, medium: 7, ..Weakening::default() },
        };
        assert_eq!(publish_demands(Preset::Observe, &facts), []);
        let demands = publish_demands(Preset::Guarded, &facts);
        assert!(!Demand::all_hold(&demands));
        let told: Vec<_> = demands
            .iter()
            .map(|demand| (demand.demand.as_str(), demand.holds, demand.measured.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("no breaking change within a line", false, "2 breaking changes in line `v1`"),
                (
                    "no weakening of severity high or above",
                    false,
                    "1 weakening change of severity high or above"
                ),
            ]
        );
        let calm = publish_demands(Preset::Guarded, &PublishFacts::default());
        assert!(Demand::all_hold(&calm));
    }

    #[test]
    fn past_dates_need_force_under_both_presets() {
        let none = Schedule::default();
        let past = dates("2026-01-01", "");
        for preset in [Preset::Observe, Preset::Guarded] {
            assert_eq!(
                refused(preset, &none, &past, "2026-06-01"),
                ["deprecated_at 2026-01-01T23:59:59Z before now, 2026-06-01T23:59:59Z"]
            );
            // What already stands is not said anew.
            assert!(refused(preset, &past, &past, "2026-06-01").is_empty());
            let forced = schedule_demands(preset, &none, &past, day("2026-06-01"), true);
            assert!(Demand::all_hold(&forced));
            assert!(forced[0].measured.ends_with("(forced)"));
        }
        assert!(refused(Preset::Observe, &past, &none, "2026-06-01").is_empty());
    }

    #[test]
    fn guarded_wants_the_notice_period_and_measures_nearer_dates_again() {
        let none = Schedule::default();
        let now = "2026-01-01";
        let short = dates("2026-02-01", "2026-03-01");
        assert!(refused(Preset::Observe, &none, &short, now).is_empty());
        assert_eq!(refused(Preset::Guarded, &none, &short, now), ["28 days from 2026-02-01 to 2026-03-01"]);
        // 180 days to the second are enough.
        let exact = dates("2026-02-01", "2026-07-31");
        assert!(refused(Preset::Guarded, &none, &exact, now).is_empty());
        // A sunset alone deprecates at once, so the notice starts now.
        assert_eq!(
            refused(Preset::Guarded, &none, &dates("", "2026-06-01"), now),
            ["151 days from 2026-01-01 to 2026-06-01"]
        );
        // Later is always fine, also where the old notice was short.
        let later = dates("2026-02-01", "2026-12-01");
        assert!(refused(Preset::Guarded, &short, &later, "2026-02-20").is_empty());
        // Nearer is measured from now, though 180 days lie between the two dates.
        let nearer = dates("2026-02-01", "2026-11-01");
        assert_eq!(
            refused(Preset::Guarded, &later, &nearer, "2026-10-01"),
            ["31 days from 2026-10-01 to 2026-11-01"]
        );
        // Callers of what is deprecated for long were told: the sunset may follow.
        let told = dates("2025-01-01", "");
        let ends = dates("2025-01-01", "2026-02-01");
        assert!(refused(Preset::Guarded, &told, &ends, now).is_empty());
    }

    #[test]
    fn the_way_out_names_a_day_that_is_accepted() {
        let none = Schedule::default();
        let short = dates("2026-02-01", "2026-03-01");
        let demands = schedule_demands(Preset::Guarded, &none, &short, day("2026-01-01"), false);
        let way_out = &demands[1].way_out;
        assert!(way_out.contains("2026-08-01"), "{way_out}");
        let mended = dates("2026-02-01", "2026-08-01");
        assert!(refused(Preset::Guarded, &none, &mended, "2026-01-01").is_empty());
    }

    #[test]
    fn presets_are_named_once() {
        for preset in [Preset::Observe, Preset::Guarded] {
            assert_eq!(preset.to_string().parse(), Ok(preset));
        }
        assert!("strict".parse::<Preset>().is_err());
    }
}
