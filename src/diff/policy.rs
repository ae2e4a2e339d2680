//! How a team judges changes: the profile, and levels of its own for single rules.
//!
//! What a registry refuses is another policy (`lifecycle`); this one only names levels. It is a TOML
//! file:
//!
//! ```toml
//! profile = "tolerant"
//! open-enums = true
//!
//! [levels]
//! operation-id-changed = "breaking"
//! metadata-changed = "off"
//! property-removed = { request = "breaking", response = "warning" }
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;

use super::aliases;
use super::change::{Direction, Level};
use super::rules;

/// How strictly responses are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Clients rely on every word of the document.
    #[default]
    Strict,
    /// Clients expect responses to grow: new values and alternatives are no break.
    Tolerant,
}

/// What a policy file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Policy {
    /// How strictly responses are judged.
    #[serde(default)]
    pub profile: Profile,
    /// Whether clients were told that lists of values in responses grow.
    #[serde(default)]
    pub open_enums: bool,
    /// Levels by rule.
    #[serde(default)]
    levels: BTreeMap<String, Said>,
}

/// The level of one rule.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Said {
    /// The same wherever the rule fires.
    Always(Judged),
    /// By direction; what is not named keeps its level.
    ByDirection(Sides),
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sides {
    request: Option<Judged>,
    response: Option<Judged>,
}

/// What becomes of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Judged {
    /// It breaks.
    Breaking,
    /// It is worth a warning.
    Warning,
    /// It is worth knowing.
    Info,
    /// It is not told.
    Off,
}

impl Judged {
    /// The level; none where the change is not told.
    #[must_use]
    pub const fn level(self) -> Option<Level> {
        match self {
            Self::Breaking => Some(Level::Breaking),
            Self::Warning => Some(Level::Warning),
            Self::Info => Some(Level::Info),
            Self::Off => None,
        }
    }
}

/// The file is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadPolicy {
    /// Its syntax or its words are not understood.
    #[error("{0}")]
    Unreadable(String),
    /// It names a rule that does not exist.
    #[error("there is no rule `{0}`; `sundial rules` lists them")]
    UnknownRule(String),
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// When it is no TOML, says something unknown, or names a rule that does not exist.
    pub fn read(text: &str) -> Result<Self, BadPolicy> {
        let mut policy: Self =
            toml::from_str(text).map_err(|error| BadPolicy::Unreadable(error.to_string()))?;
        let mut levels = BTreeMap::new();
        for (id, said) in std::mem::take(&mut policy.levels) {
            let rule = rules::rule(&id).map(|rule| rule.id).or_else(|| aliases::rule_of(&id));
            let Some(rule) = rule else {
                return Err(BadPolicy::UnknownRule(id));
            };
            levels.insert(rule.to_owned(), said);
        }
        policy.levels = levels;
        Ok(policy)
    }

    /// What the policy says of a change that the rule names; none where it says nothing.
    #[must_use]
    pub fn judged(&self, rule: &str, direction: Option<Direction>) -> Option<Judged> {
        match self.levels.get(rule)? {
            Said::Always(judged) => Some(*judged),
            Said::ByDirection(sides) => match direction? {
                Direction::Request => sides.request,
                Direction::Response => sides.response,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Options, Verdict, compare, example};
    use super::*;
    use crate::clock::Timestamp;

    fn verdicts(policy: &str, old: &str, new: &str) -> (Verdict, Vec<(String, Level)>) {
        let now = "2026-06-30T12:00:00Z".parse::<Timestamp>().expect("an instant");
        let policy = Policy::read(policy).expect("a policy");
        let options = Options { policy, ..Options::at(now) };
        let (old, new) = (example::load(old).expect("a fragment"), example::load(new).expect("a fragment"));
        let diff = compare(&old, &new, &options);
        let changes = diff.changes.into_iter().map(|change| (change.rule.into_owned(), change.level));
        (diff.verdict, changes.collect())
    }

    #[test]
    fn levels_of_single_rules_are_set_and_unset() {
        let (old, new) = ("paths: {/a: {get: {operationId: x}}}", "paths: {/a: {get: {operationId: y}}}");
        let level = |policy: &str| verdicts(policy, old, new);
        let id = "operation-id-changed".to_owned();
        assert_eq!(level(""), (Verdict::Compatible, vec![(id.clone(), Level::Warning)]));
        let breaking = "[levels]\noperation-id-changed = 'breaking'";
        assert_eq!(level(breaking), (Verdict::Breaking, vec![(id, Level::Breaking)]));
        assert_eq!(level("[levels]\noperation-id-changed = 'off'"), (Verdict::Identical, vec![]));
    }

    #[test]
    fn a_level_can_hold_for_one_direction() {
        let schema = |bound: u32| {
            let text = format!("{{type: string, maxLength: {bound}}}");
            format!("{{REQ: {text}, RES: {text}}}")
        };
        let policy = "[levels]\nschema-length-narrowed = {response = 'warning'}";
        let (_, changes) = verdicts(policy, &schema(9), &schema(5));
        let levels: Vec<Level> = changes.into_iter().map(|(_, level)| level).collect();
        assert_eq!(levels, [Level::Breaking, Level::Warning]);
    }

    #[test]
    fn ids_of_another_catalogue_name_our_rules() {
        let policy = Policy::read("[levels]\nnew-required-request-property = 'info'").expect("a policy");
        assert_eq!(policy.judged("property-added-required", None), Some(Judged::Info));
    }

    #[test]
    fn responses_may_grow_where_the_policy_says_so() {
        let (old, new) = ("RES: {type: string, enum: [a]}", "RES: {type: string, enum: [a, b]}");
        assert_eq!(verdicts("", old, new).0, Verdict::Breaking);
        assert_eq!(verdicts("open-enums = true", old, new).0, Verdict::Compatible);
        assert_eq!(verdicts("profile = 'tolerant'", old, new).0, Verdict::Compatible);
        let (one, two) = (
            "RES: {anyOf: [{type: string}, {type: integer}]}",
            "RES: {anyOf: [{type: string}, {type: integer}, {type: boolean}]}",
        );
        assert_eq!(verdicts("open-enums = true", one, two).0, Verdict::Breaking);
        assert_eq!(verdicts("profile = 'tolerant'", one, two).0, Verdict::Compatible);
    }

    #[test]
    fn what_is_not_understood_is_said() {
        let unknown = BadPolicy::UnknownRule("no-such-rule".to_owned());
        assert_eq!(Policy::read("[levels]\nno-such-rule = 'info'"), Err(unknown));
        for text in ["profile = 'lenient'", "level = 1", "[levels]\ntag-changed = 'loud'", "[levels"] {
            assert!(matches!(Policy::read(text), Err(BadPolicy::Unreadable(_))), "{text}");
        }
    }
}
