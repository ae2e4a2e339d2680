//! Names of lines, and which version of a line is its current one.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Label;

/// What callers select: `v1`, `v0.3`, `2026-06-20`.
///
/// A letter or digit, then up to 62 letters, digits, `.`, `_` and `-`. Names order naturally,
/// so that `v9` stands before `v10`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct LineName(String);

/// The text cannot be the name of a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no line: a letter or digit, then up to 62 letters, digits, `.`, `_` or `-`, like `v1`")]
pub struct BadLineName(pub String);

impl LineName {
    /// The name as callers write it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name that a scheme made from a label it has read.
    pub(super) const fn derived(name: String) -> Self {
        Self(name)
    }
}

impl fmt::Display for LineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for LineName {
    type Err = BadLineName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = text.len() <= 63
            && text.starts_with(|first: char| first.is_ascii_alphanumeric())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        if fits { Ok(Self(text.to_owned())) } else { Err(BadLineName(text.to_owned())) }
    }
}

impl TryFrom<String> for LineName {
    type Error = BadLineName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<LineName> for String {
    fn from(name: LineName) -> Self {
        name.0
    }
}

impl PartialOrd for LineName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LineName {
    fn cmp(&self, other: &Self) -> Ordering {
        natural(self.0.as_bytes(), other.0.as_bytes()).then_with(|| self.0.cmp(&other.0))
    }
}

/// Compares runs of digits as numbers and all else as bytes.
fn natural(mut left: &[u8], mut right: &[u8]) -> Ordering {
    loop {
        match (left.first(), right.first()) {
            (Some(a), Some(b)) if a.is_ascii_digit() && b.is_ascii_digit() => {
                let (a, left_rest) = number(left);
                let (b, right_rest) = number(right);
                match a.len().cmp(&b.len()).then_with(|| a.cmp(b)) {
                    Ordering::Equal => (left, right) = (left_rest, right_rest),
                    unequal => return unequal,
                }
            }
            (Some(a), Some(b)) if a == b => (left, right) = (&left[1..], &right[1..]),
            (a, b) => return a.cmp(&b),
        }
    }
}

/// The digits at the start without leading zeros (as a number: longer is larger), and the rest.
fn number(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    (&digits[zeros..], rest)
}

/// The current version of a line: its highest release that is no pre-release and not gone, else
/// its highest.
///
/// Takes the line's released labels, each with whether the version itself is retired or blocked.
pub fn current<'a>(released: impl IntoIterator<Item = (&'a Label, bool)>) -> Option<&'a Label> {
    released
        .into_iter()
        .max_by_key(|(label, gone)| (!gone && !label.is_prerelease(), *label))
        .map(|(label, _)| label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::Scheme;
    use proptest::prelude::*;

    #[test]
    fn names_are_short_plain_words() {
        for good in ["v1", "v0.3", "2026-06-20", "V", "a_b-c.d", &"x".repeat(63)] {
            assert!(good.parse::<LineName>().is_ok(), "{good}");
        }
        for bad in ["", ".v1", "-", "v 1", "v1/2", "v1\n", "é", "v1\u{0}", &"x".repeat(64)] {
            assert_eq!(bad.parse::<LineName>(), Err(BadLineName(bad.to_owned())));
        }
        assert!(serde_json::from_str::<LineName>("\"a/b\"").is_err());
        assert_eq!(serde_json::from_str::<LineName>("\"v1\"").map(String::from).expect("plain"), "v1");
    }

    #[test]
    fn names_order_naturally() {
        let ascending: Vec<LineName> =
            ["2025-12-31", "2026-06-20", "v0.3", "v0.10", "v1", "v1.2", "v1beta", "v2", "v9", "v10"]
                .iter()
                .map(|name| name.parse().expect("a name"))
                .collect();
        assert!(ascending.is_sorted(), "{ascending:?}");
    }

    #[test]
    fn the_current_version_is_the_highest_release_that_stands() {
        let labels: Vec<Label> = ["1.0.0", "1.1.0", "1.2.0", "1.3.0-rc.1"]
            .iter()
            .map(|text| Label::parse(Scheme::Semver, text).expect("a label"))
            .collect();
        let with = |gone: [bool; 4]| current(labels.iter().zip(gone)).map(|label| label.as_str().to_owned());
        assert_eq!(with([false; 4]).as_deref(), Some("1.2.0"));
        assert_eq!(with([false, false, true, false]).as_deref(), Some("1.1.0"));
        assert_eq!(with([true, true, true, false]).as_deref(), Some("1.3.0-rc.1"));
        assert_eq!(current(std::iter::empty()), None);
    }

    proptest! {
        #[test]
        fn the_order_is_total(a in "[a-z0-9.]{0,8}", b in "[a-z0-9.]{0,8}", c in "[a-z0-9.]{0,8}") {
            let [a, b, c] = [a, b, c].map(LineName::derived);
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            prop_assert_eq!(a == b, a.cmp(&b).is_eq());
            if a <= b && b <= c {
                prop_assert!(a <= c);
            }
        }
    }
}
