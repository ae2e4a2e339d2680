//! Every rule in one list, whichever room it comes from: for `sundial rules`, `sundial explain` and
//! the pages of the catalog.

use serde::Serialize;

use crate::diff::{self, Level, Surface, example};
use crate::lint::{self, Severity};

/// A rule as people read it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleInfo {
    /// Its id.
    pub id: &'static str,
    /// What happened, in a few words.
    pub title: &'static str,
    /// Whether it compares two documents or reads one.
    pub kind: RuleKind,
    /// The worst level it has in a diff.
    pub level: Option<Level>,
    /// The level by direction where it differs: in requests, in responses.
    pub levels: Option<[Level; 2]>,
    /// Whom it hits, in a diff.
    pub surface: Option<Surface>,
    /// How much it usually weighs, in one document.
    pub severity: Option<Severity>,
    /// OWASP API Security Top 10 (2023), in one document.
    pub owasp: Option<&'static str>,
    /// Common Weakness Enumeration, in one document.
    pub cwe: Option<&'static str>,
    /// The release that brought it.
    pub since: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do instead.
    pub remedy: &'static str,
    /// The ids of the security catalogue that a change of this rule can carry.
    pub security: &'static [&'static str],
    /// The ids of another catalogue that lead to the rule.
    pub aliases: &'static [&'static str],
    /// Where it fires.
    pub fires: Vec<Shown>,
    /// Where it stays silent.
    pub silent: Vec<Shown>,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleKind {
    /// A step between two documents.
    Diff,
    /// One document.
    Lint,
}

/// An example in words that need no key: where the fragment stands, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The older document, or the only one.
    pub old: String,
    /// The newer document.
    pub new: Option<String>,
}

/// Every rule, those of the diff first.
#[must_use]
pub fn all() -> Vec<RuleInfo> {
    let of_diff = diff::rules::ALL.iter().map(|rule| of_diff(rule));
    let of_lint = lint::rules::ALL.iter().map(|rule| of_lint(rule));
    of_diff.chain(of_lint).chain(lint::faults::ALL.iter().map(of_fault)).collect()
}

/// The rule of this id.
#[must_use]
pub fn find(id: &str) -> Option<RuleInfo> {
    let in_diff = diff::rules::rule(diff::aliases::rule_of(id).unwrap_or(id)).map(of_diff);
    in_diff.or_else(|| lint::rules::rule(id).map(of_lint)).or_else(|| lint::faults::fault(id).map(of_fault))
}

fn of_diff(rule: &'static diff::rules::Rule) -> RuleInfo {
    let shown = |list: &[diff::rules::Example]| {
        let shown = list
            .iter()
            .map(|step| Shown { old: example::legible(step.old), new: Some(example::legible(step.new)) });
        shown.collect()
    };
    let levels = [rule.level.request, rule.level.response];
    RuleInfo {
        id: rule.id,
        title: rule.title,
        kind: RuleKind::Diff,
        level: Some(rule.level.worst()),
        levels: (levels[0] != levels[1]).then_some(levels),
        surface: Some(rule.surface),
        severity: None,
        owasp: None,
        cwe: None,
        since: rule.since,
        why: rule.why,
        remedy: rule.remedy,
        security: rule.security,
        aliases: diff::aliases::ids_of(rule.id),
        fires: shown(rule.fires),
        silent: shown(rule.silent),
    }
}

fn of_lint(rule: &'static lint::rules::Rule) -> RuleInfo {
    let shown = |list: &[&str]| {
        list.iter().map(|fragment| Shown { old: example::legible(fragment), new: None }).collect()
    };
    RuleInfo {
        id: rule.id,
        title: rule.title,
        kind: RuleKind::Lint,
        level: None,
        levels: None,
        surface: None,
        severity: Some(rule.severity),
        owasp: Some(rule.owasp),
        cwe: Some(rule.cwe),
        since: rule.since,
        why: rule.why,
        remedy: rule.remedy,
        security: &[],
        aliases: &[],
        fires: shown(rule.fires),
        silent: shown(rule.silent),
    }
}

fn of_fault(fault: &'static lint::faults::Explained) -> RuleInfo {
    let shown = |list: &[&str]| {
        list.iter().map(|fragment| Shown { old: example::legible(fragment), new: None }).collect()
    };
    RuleInfo {
        id: fault.id,
        title: fault.title,
        kind: RuleKind::Lint,
        level: None,
        levels: None,
        surface: None,
        severity: Some(fault.severity),
        owasp: None,
        cwe: None,
        since: "0.1.0",
        why: fault.why,
        remedy: fault.remedy,
        security: &[],
        aliases: &[],
        fires: shown(fault.fires),
        silent: shown(fault.silent),
    }
}

/// What `sundial explain` prints.
#[must_use]
pub fn text(rule: &RuleInfo) -> String {
    let mut out = format!("{}: {}\n", rule.id, rule.title);
    match (rule.levels, rule.level, rule.surface, rule.severity) {
        (Some([request, response]), _, Some(surface), _) => {
            out.push_str(&format!("{request} in requests, {response} in responses; {surface}\n"));
        }
        (None, Some(level), Some(surface), _) => out.push_str(&format!("{level}; {surface}\n")),
        (.., Some(severity)) => {
            let ids = [rule.owasp, rule.cwe].into_iter().flatten().collect::<Vec<_>>().join(", ");
            let ids = if ids.is_empty() { ids } else { format!("; {ids}") };
            out.push_str(&format!("severity {severity}{ids}\n"));
        }
        _ => {}
    }
    out.push_str(&format!("\nWhy: {}\nRemedy: {}\n", rule.why, rule.remedy));
    if !rule.security.is_empty() {
        out.push_str(&format!("Security: {}\n", rule.security.join(", ")));
    }
    if !rule.aliases.is_empty() {
        out.push_str(&format!("oasdiff: {}\n", rule.aliases.join(", ")));
    }
    for (title, list) in [("Fires", &rule.fires), ("Stays silent", &rule.silent)] {
        for shown in list {
            out.push_str(&format!("\n{title}:\n"));
            match &shown.new {
                Some(new) => {
                    out.push_str(&indented("- ", &shown.old));
                    out.push_str(&indented("+ ", new));
                }
                None => out.push_str(&indented("  ", &shown.old)),
            }
        }
    }
    out.push_str(&format!("\nSince {}\n", rule.since));
    out
}

fn indented(mark: &str, text: &str) -> String {
    text.lines().map(|line| format!("    {mark}{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_over_both_rooms_and_every_rule_explains_itself() {
        let mut seen = std::collections::BTreeSet::new();
        for rule in all() {
            assert!(seen.insert(rule.id), "{} twice", rule.id);
            assert_eq!(find(rule.id).expect("listed").title, rule.title);
            assert!(text(&rule).contains(rule.why));
        }
        assert!(find("no-such-rule").is_none());
    }

    #[test]
    fn ids_of_another_catalogue_lead_to_the_rule() {
        let rule = find("new-required-request-property").expect("an alias");
        assert_eq!(rule.id, "property-added-required");
        assert!(text(&rule).contains("oasdiff: ") && rule.aliases.contains(&"new-required-request-property"));
    }

    #[test]
    fn an_explanation_reads_without_the_short_keys() {
        insta::assert_snapshot!(text(&find("property-became-required").expect("listed")));
    }
}
