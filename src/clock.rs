//! Time: the only reader of the system clock, and the one place where instants become text.
//!
//! Pure rooms never ask what time it is; they take a [`Timestamp`]. What an instant looks like
//! on the wire is decided here alone: RFC 3339 in JSON, IMF-fixdate (RFC 9110 section 5.6.7) in
//! HTTP headers, microseconds since the epoch in the store.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant in UTC with a resolution of one microsecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text is neither an RFC 3339 instant nor a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither an RFC 3339 instant (2026-06-30T23:59:59Z) nor a date (2026-06-30)")]
pub struct BadTimestamp(pub String);

/// The years 0000 to 9999, which RFC 3339 and HTTP-date can both spell, in microseconds.
const SPELLABLE: std::ops::RangeInclusive<i64> = -62_167_219_200_000_000..=253_402_300_799_999_999;

impl Timestamp {
    /// The instant `micros` microseconds after the Unix epoch, held within the years 0000 to 9999.
    #[must_use]
    pub fn from_micros(micros: i64) -> Self {
        Self(micros.clamp(*SPELLABLE.start(), *SPELLABLE.end()))
    }

    /// Microseconds since the Unix epoch: the form of the store.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down: the form of RFC 9745.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This instant moved by `seconds`, held within the years 0000 to 9999.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_micros(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// This instant moved by whole days of 24 hours.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// Whole days from `earlier` until this instant, negative when it lies before.
    #[must_use]
    pub const fn days_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).div_euclid(86_400_000_000)
    }

    /// IMF-fixdate as HTTP headers want it: `Sun, 30 Jun 2024 23:59:59 GMT`.
    #[must_use]
    pub fn http_date(self) -> String {
        let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
        printer.timestamp_to_rfc9110_string(&self.jiff()).unwrap_or_default()
    }

    /// The calendar day in UTC: `2026-06-30`.
    #[must_use]
    pub fn date(self) -> String {
        self.jiff().strftime("%Y-%m-%d").to_string()
    }

    fn jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.jiff())
    }
}

impl FromStr for Timestamp {
    type Err = BadTimestamp;

    /// Reads RFC 3339, or a bare date, which means the last second of that day in UTC.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadTimestamp(text.to_owned());
        let micros = if text.len() == 10 {
            let date: Date = text.parse().map_err(|_| bad())?;
            let end = TimeZone::UTC.to_timestamp(date.at(23, 59, 59, 0)).map_err(|_| bad())?;
            end.as_microsecond()
        } else {
            let instant: jiff::Timestamp = text.parse().map_err(|_| bad())?;
            instant.as_microsecond()
        };
        if SPELLABLE.contains(&micros) { Ok(Self(micros)) } else { Err(bad()) }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Where "now" comes from: the machine, or a hand that a test moves.
#[derive(Clone, Debug)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The clock of the machine.
    #[must_use]
    pub const fn system() -> Self {
        Self(None)
    }

    /// A clock that stands at `now` until [`Clock::set`] moves it; clones move together.
    #[must_use]
    pub fn fixed(now: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(now.as_micros()))))
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            None => Timestamp::from_micros(jiff::Timestamp::now().as_microsecond()),
            Some(micros) => Timestamp::from_micros(micros.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock; the system clock cannot be moved and stays as it is.
    pub fn set(&self, now: Timestamp) {
        if let Some(micros) = &self.0 {
            micros.store(now.as_micros(), Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_date_is_the_end_of_that_day() {
        let end: Timestamp = "2026-06-30".parse().expect("a date");
        assert_eq!(end.to_string(), "2026-06-30T23:59:59Z");
        assert_eq!(end.http_date(), "Tue, 30 Jun 2026 23:59:59 GMT");
        assert_eq!(end.date(), "2026-06-30");
    }

    #[test]
    fn instants_keep_microseconds_and_zones_become_utc() {
        let instant: Timestamp = "2026-06-30T12:00:00.000001+02:00".parse().expect("an instant");
        assert_eq!(instant.to_string(), "2026-06-30T10:00:00.000001Z");
        assert_eq!(Timestamp::from_micros(instant.as_micros()), instant);
    }

    #[test]
    fn what_is_no_instant_is_refused_with_its_text() {
        for text in ["", "soon", "2026-13-01", "2026-06-30T25:00:00Z", "30.06.2026"] {
            let refused = text.parse::<Timestamp>().expect_err("no instant");
            assert_eq!(refused, BadTimestamp(text.to_owned()));
        }
    }

    #[test]
    fn a_fixed_clock_moves_only_by_hand_and_with_its_clones() {
        let clock = Clock::fixed(Timestamp::from_micros(0));
        let twin = clock.clone();
        clock.set(Timestamp::from_micros(5));
        assert_eq!(twin.now().as_micros(), 5);
        assert_eq!(twin.now().plus_days(2).days_since(twin.now()), 2);
    }
}
