//! How labels order: version schemes, the line of a label, its predecessor, the label a bump asks for.
//!
//! A scheme never compares labels as text (`v10` stands above `v9`). What a line or a version
//! *is* at a moment (stage, dates) belongs to `lifecycle`, not here.
//!
//! A scheme is one file and one line in [`Scheme::ALL`]: it reads a label into a
//! [`::semver::Version`], the common key that all schemes order by, and writes the next one.

mod date;
mod integer;
mod line;
mod semver;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use ::semver::Version;
use serde::{Deserialize, Serialize, Serializer};

pub use line::{BadLineName, LineName, current};

/// No label is longer than this many bytes.
pub const LABEL_LIMIT_BYTES: usize = 128;

/// How the labels of one API are written and ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Semantic versions, `1.4.0` (semver.org 2.0.0).
    Semver,
    /// Calendar days with an optional revision, `2026-06-20` and `2026-06-20.1`.
    Date,
    /// Whole numbers with an optional revision, `3`, `v3` and `v3.2`.
    Integer,
}

/// The text names no scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no version scheme; there are semver, date and integer")]
pub struct BadScheme(pub String);

impl Scheme {
    /// Every scheme, in the order in which a first label is tried.
    pub const ALL: [Self; 3] = [Self::Semver, Self::Date, Self::Integer];

    /// The first of semver, date and integer that `label` fits.
    #[must_use]
    pub fn infer(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| Label::parse(*scheme, label).is_ok())
    }

    /// The name as it stands in settings, JSON and the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Semver => "semver",
            Self::Date => "date",
            Self::Integer => "integer",
        }
    }

    /// What a label of this scheme looks like, for messages.
    #[must_use]
    pub const fn example(self) -> &'static str {
        match self {
            Self::Semver => "1.4.0",
            Self::Date => "2026-06-20",
            Self::Integer => "v3",
        }
    }

    fn key(self, text: &str) -> Option<Version> {
        match self {
            Self::Semver => semver::key(text),
            Self::Date => date::key(text),
            Self::Integer => integer::key(text),
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scheme {
    type Err = BadScheme;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|scheme| scheme.as_str() == text).ok_or_else(|| BadScheme(text.to_owned()))
    }
}

/// How much a release must move the label: the class of the worst change in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// Nothing changed.
    #[default]
    None,
    /// Only what no caller can notice on the wire.
    Patch,
    /// Additions and warnings.
    Minor,
    /// Something that worked stops working.
    Major,
}

impl Bump {
    /// The name as it stands in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a bump means for an API in its own scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// The lowest label that announces the change.
    Label(String),
    /// Dates and integers announce a break only by a new line.
    NewLine,
    /// No new label is called for.
    Nothing,
}

impl Due {
    /// The text of `due` in the JSON of a diff; `null` there when nothing is due.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Label(label) => Some(label),
            Self::NewLine => Some("new line"),
            Self::Nothing => None,
        }
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().unwrap_or("nothing"))
    }
}

/// The text is no label of the scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLabel {
    /// It is spelled differently from what the scheme knows.
    #[error("`{label}` is no label of scheme {scheme}, which has labels like `{}`", scheme.example())]
    Misfit {
        /// The scheme that was asked.
        scheme: Scheme,
        /// The text as given.
        label: String,
    },
    /// It is longer than [`LABEL_LIMIT_BYTES`].
    #[error("a label has at most {LABEL_LIMIT_BYTES} bytes, this one has {0}")]
    TooLong(usize),
}

/// The name of one version within its API, ordered by its scheme.
///
/// Two labels are equal when they name the same version: `3` and `v3` do. Labels of different
/// schemes are never equal; their order is that of the schemes and means nothing.
#[derive(Clone, Debug)]
pub struct Label {
    text: String,
    scheme: Scheme,
    key: Version,
}

impl Label {
    /// Reads `text` as a label of `scheme`.
    ///
    /// # Errors
    ///
    /// [`BadLabel`] when the text is no label of that scheme, or too long to be one.
    pub fn parse(scheme: Scheme, text: &str) -> Result<Self, BadLabel> {
        if text.len() > LABEL_LIMIT_BYTES {
            return Err(BadLabel::TooLong(text.len()));
        }
        let Some(key) = scheme.key(text) else {
            return Err(BadLabel::Misfit { scheme, label: text.to_owned() });
        };
        Ok(Self { text: text.to_owned(), scheme, key })
    }

    /// The label as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The scheme that the label was read by.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Whether the label announces something that is not released for good (`2.0.0-rc.1`).
    #[must_use]
    pub fn is_prerelease(&self) -> bool {
        !self.key.pre.is_empty()
    }

    /// The line that callers select when nobody says otherwise: a semver label its major
    /// (`v1`), `0.y` its minor (`v0.3`), dates and integers the label without its revision.
    #[must_use]
    pub fn line(&self) -> LineName {
        LineName::derived(match self.scheme {
            Scheme::Semver => semver::line(&self.key),
            Scheme::Date => date::line(&self.text),
            Scheme::Integer => integer::line(&self.key),
        })
    }

    /// The highest of `released` below this label; pre-releases count for pre-releases alone.
    #[must_use]
    pub fn predecessor<'a>(&self, released: impl IntoIterator<Item = &'a Self>) -> Option<&'a Self> {
        released
            .into_iter()
            .filter(|other| other.scheme == self.scheme && *other < self)
            .filter(|other| self.is_prerelease() || !other.is_prerelease())
            .max()
    }

    /// What `bump` asks of the label that follows this one.
    ///
    /// A pre-release is due to become the release it announces, where that moves far enough.
    #[must_use]
    pub fn due(&self, bump: Bump) -> Due {
        match (bump, self.scheme) {
            (Bump::None, _) => Due::Nothing,
            (bump, Scheme::Semver) => Due::Label(semver::next(&self.key, bump).to_string()),
            (Bump::Major, Scheme::Date | Scheme::Integer) => Due::NewLine,
            // A revision is the only step within the line of a date or an integer.
            (_, Scheme::Date | Scheme::Integer) => {
                let stem = self.text.split('.').next().unwrap_or(&self.text);
                Due::Label(format!("{stem}.{}", self.key.minor.saturating_add(1)))
            }
        }
    }
}

impl Label {
    /// Whether this label tells those who know `older` of a change of class `bump`.
    ///
    /// A pre-release tells what the release tells that it announces, and promises nothing to the
    /// other pre-releases of it (semver.org 9).
    #[must_use]
    pub fn announces(&self, older: &Self, bump: Bump) -> bool {
        if bump == Bump::None {
            return true;
        }
        if self.scheme != older.scheme || self <= older {
            return false;
        }
        match (self.scheme, bump) {
            (Scheme::Semver, _) => {
                let core = |key: &Version| (key.major, key.minor, key.patch);
                let is_rehearsal = older.is_prerelease() && core(&self.key) == core(&older.key);
                is_rehearsal || core(&self.key) >= core(&semver::next(&older.key, bump))
            }
            (Scheme::Date | Scheme::Integer, Bump::Major) => self.line() != older.line(),
            (Scheme::Date | Scheme::Integer, _) => true,
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Label {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl PartialEq for Label {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Label {}

impl PartialOrd for Label {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Label {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.scheme as u8, &self.key).cmp(&(other.scheme as u8, &other.key))
    }
}

impl Hash for Label {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.scheme.hash(state);
        self.key.hash(state);
    }
}

/// A whole number as labels write it: digits, no sign, no leading zero.
fn whole(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with('0');
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (canonical && digits).then(|| text.parse().ok()).flatten()
}

/// Splits `stem.revision`; a label without a revision has revision 0, which nobody may write.
fn revision(text: &str) -> Option<(&str, u64)> {
    match text.split_once('.') {
        None => Some((text, 0)),
        Some((stem, revision)) => match whole(revision)? {
            0 => None,
            revision => Some((stem, revision)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn label(text: &str) -> Label {
        let scheme = Scheme::infer(text).expect("a label");
        Label::parse(scheme, text).expect("a label")
    }

    #[test]
    fn the_first_scheme_that_fits_is_taken() {
        let cases = [
            ("1.4.0", Some(Scheme::Semver)),
            ("1.0.0-rc.1+build.5", Some(Scheme::Semver)),
            ("2026-06-20", Some(Scheme::Date)),
            ("2026-06-20.3", Some(Scheme::Date)),
            ("3", Some(Scheme::Integer)),
            ("v3", Some(Scheme::Integer)),
            ("v3.2", Some(Scheme::Integer)),
            ("1.47", Some(Scheme::Integer)),
            ("", None),
            ("latest", None),
            ("v1.2.3", None),
            ("01.2.3", None),
            ("2026-02-30", None),
            ("2026-6-2", None),
            ("2026-06-20.0", None),
            ("2026-06-20.01", None),
            ("v", None),
            ("v03", None),
            ("-3", None),
            ("+3", None),
            ("v3.", None),
            ("99999999999999999999999", None),
            ("1.0.0/../x", None),
            ("1.0.0\r\nX: y", None),
            ("٣", None),
        ];
        for (text, scheme) in cases {
            assert_eq!(Scheme::infer(text), scheme, "{text}");
        }
    }

    #[test]
    fn a_misfit_says_what_the_scheme_wants() {
        let refused = Label::parse(Scheme::Date, "1.0.0").expect_err("no date");
        assert_eq!(
            refused.to_string(),
            "`1.0.0` is no label of scheme date, which has labels like `2026-06-20`"
        );
        let long = "1".repeat(LABEL_LIMIT_BYTES + 1);
        assert_eq!(Label::parse(Scheme::Semver, &long), Err(BadLabel::TooLong(129)));
    }

    #[test]
    fn lines_follow_the_scheme() {
        let cases = [
            ("1.4.0", "v1"),
            ("0.3.9", "v0.3"),
            ("0.0.1", "v0.0"),
            ("12.0.0-beta", "v12"),
            ("2026-06-20", "2026-06-20"),
            ("2026-06-20.7", "2026-06-20"),
            ("3", "v3"),
            ("v3", "v3"),
            ("v3.2", "v3"),
        ];
        for (text, line) in cases {
            assert_eq!(label(text).line().as_str(), line, "{text}");
        }
    }

    #[test]
    fn labels_order_by_meaning_and_not_as_text() {
        let ascending = [
            vec!["0.9.0", "0.10.0", "1.0.0-alpha", "1.0.0-alpha.2", "1.0.0", "1.10.0"],
            vec!["2025-12-31", "2026-06-20", "2026-06-20.2", "2026-06-20.10", "2026-06-21"],
            vec!["v2", "9", "v10", "v10.1"],
        ];
        for labels in ascending {
            let labels: Vec<_> = labels.into_iter().map(label).collect();
            assert!(labels.is_sorted(), "{labels:?}");
        }
        assert_eq!(label("3"), label("v3"));
        assert_ne!(label("1.0.0+a"), label("1.0.0+b"));
    }

    #[test]
    fn predecessor_is_the_highest_release_below() {
        let released: Vec<_> = ["1.0.0", "1.2.0", "2.0.0-rc.1", "2.0.0-rc.2", "1.10.0", "3.0.0"]
            .into_iter()
            .map(label)
            .collect();
        let before = |text: &str| label(text).predecessor(&released).map(|found| found.as_str().to_owned());
        assert_eq!(before("2.0.0").as_deref(), Some("1.10.0"));
        assert_eq!(before("2.0.0-rc.3").as_deref(), Some("2.0.0-rc.2"));
        assert_eq!(before("1.2.0").as_deref(), Some("1.0.0"));
        assert_eq!(before("1.0.0"), None);
    }

    #[test]
    fn due_is_the_lowest_label_that_announces_the_change() {
        let cases = [
            ("1.4.2", Bump::Major, "2.0.0"),
            ("1.4.2", Bump::Minor, "1.5.0"),
            ("1.4.2", Bump::Patch, "1.4.3"),
            ("1.4.2", Bump::None, "nothing"),
            ("0.3.1", Bump::Major, "0.4.0"),
            ("0.3.1", Bump::Minor, "0.3.2"),
            ("0.3.1", Bump::Patch, "0.3.2"),
            ("2.0.0-rc.1", Bump::Major, "2.0.0"),
            ("2.1.0-rc.1", Bump::Major, "3.0.0"),
            ("2.1.0-rc.1", Bump::Minor, "2.1.0"),
            ("2.1.1-rc.1", Bump::Minor, "2.2.0"),
            ("2.1.1-rc.1", Bump::Patch, "2.1.1"),
            ("0.3.0-rc.1", Bump::Major, "0.3.0"),
            ("0.3.1-rc.1", Bump::Major, "0.4.0"),
            ("1.4.2+build.7", Bump::Patch, "1.4.3"),
            ("2026-06-20", Bump::Major, "new line"),
            ("2026-06-20", Bump::Minor, "2026-06-20.1"),
            ("2026-06-20.9", Bump::Patch, "2026-06-20.10"),
            ("2026-06-20", Bump::None, "nothing"),
            ("v3", Bump::Major, "new line"),
            ("v3.1", Bump::Minor, "v3.2"),
            ("3", Bump::Patch, "3.1"),
        ];
        for (text, bump, due) in cases {
            assert_eq!(label(text).due(bump).to_string(), due, "{text} {bump}");
        }
    }

    #[test]
    fn a_label_announces_what_it_moves_far_enough_for() {
        let cases = [
            ("1.4.0", "2.0.0", Bump::Major, true),
            ("1.4.0", "1.5.0", Bump::Major, false),
            ("1.4.0", "1.5.0", Bump::Minor, true),
            ("1.4.0", "1.4.1", Bump::Minor, false),
            ("1.4.0", "1.4.1", Bump::Patch, true),
            ("1.4.0", "1.4.0", Bump::Patch, false),
            ("1.4.0", "1.4.0", Bump::None, true),
            ("1.4.0", "3.1.0", Bump::Major, true),
            ("1.4.0", "1.3.0", Bump::Patch, false),
            ("0.3.1", "0.4.0", Bump::Major, true),
            ("0.3.1", "0.3.2", Bump::Major, false),
            ("0.3.1", "0.3.2", Bump::Minor, true),
            ("0.3.1", "1.0.0", Bump::Major, true),
            ("1.4.0", "2.0.0-rc.1", Bump::Major, true),
            ("1.4.0", "1.5.0-rc.1", Bump::Major, false),
            ("2.0.0-rc.1", "2.0.0-rc.2", Bump::Major, true),
            ("2.1.0-rc.1", "2.1.0", Bump::Major, true),
            ("2.1.0-rc.1", "2.2.0", Bump::Major, false),
            ("2026-06-20", "2026-06-20.1", Bump::Major, false),
            ("2026-06-20", "2026-06-20.1", Bump::Minor, true),
            ("2026-06-20", "2026-06-21", Bump::Major, true),
            ("v3", "v3.1", Bump::Major, false),
            ("v3.9", "v4", Bump::Major, true),
            ("v3", "v3.1", Bump::Minor, true),
        ];
        for (older, newer, bump, announced) in cases {
            assert_eq!(label(newer).announces(&label(older), bump), announced, "{older} {newer} {bump}");
        }
        assert!(!label("v3").announces(&label("1.0.0"), Bump::Patch), "schemes do not compare");
    }

    #[test]
    fn names_survive_json() {
        for scheme in Scheme::ALL {
            let json = serde_json::to_string(&scheme).expect("plain");
            assert_eq!(json, format!("\"{scheme}\""));
            assert_eq!(scheme.as_str().parse(), Ok(scheme));
        }
        assert_eq!(serde_json::to_string(&Bump::None).expect("plain"), "\"none\"");
        assert!("calver".parse::<Scheme>().is_err());
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_keeps_the_text(text in any::<String>()) {
            for scheme in Scheme::ALL {
                if let Ok(label) = Label::parse(scheme, &text) {
                    prop_assert_eq!(label.as_str(), &text);
                    prop_assert!(label.as_str().is_ascii());
                    prop_assert!(label.line().as_str().parse::<LineName>().is_ok());
                }
            }
        }

        #[test]
        fn what_is_due_stands_above_the_old_label(
            major in 0u64..50, minor in 0u64..50, patch in 0u64..50, pre in "(-[a-z]{1,4}(\\.[1-9])?)?",
            bump in prop_oneof![Just(Bump::Patch), Just(Bump::Minor), Just(Bump::Major)],
        ) {
            let old = label(&format!("{major}.{minor}.{patch}{pre}"));
            let Due::Label(next) = old.due(bump) else { panic!("semver always has a label") };
            let next = label(&next);
            prop_assert!(old < next);
            prop_assert!(next.announces(&old, bump));
            prop_assert!(!next.is_prerelease());
            if bump == Bump::Major && !old.is_prerelease() {
                prop_assert_ne!(old.line(), next.line());
            }
        }

        #[test]
        fn a_predecessor_is_below_and_nothing_stands_between(
            labels in proptest::collection::vec((0u64..4, 0u64..4, 0u64..4), 0..20), at in (0u64..5, 0u64..4, 0u64..4),
        ) {
            let spell = |(a, b, c): (u64, u64, u64)| label(&format!("{a}.{b}.{c}"));
            let labels: Vec<_> = labels.into_iter().map(spell).collect();
            let at = spell(at);
            match at.predecessor(&labels) {
                None => prop_assert!(labels.iter().all(|other| *other >= at)),
                Some(found) => {
                    prop_assert!(*found < at);
                    prop_assert!(labels.iter().all(|other| other <= found || *other >= at));
                }
            }
        }
    }
}
