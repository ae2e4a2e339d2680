//! Pages that judge: how two versions differ, and what each rule means.
//!
//! The numbers come from `diff` and `lint`; here they are only put into the order of reading:
//! security first, then what breaks, then warnings, then the rest, folded.

use askama::Template;

use super::browse::Compare;
use super::words::When;
use super::{Layout, Link, Pager, Place};

/// Changes shown at once in each of the four groups; further ones are on pages of the group
/// alone. A full card has some seventy elements, and a page may hold 5,000.
pub const CHANGES_A_PAGE: usize = 16;

/// Operations listed on a card: a change in a shared schema can reach a thousand.
pub const OPERATIONS_A_CARD: usize = 8;

/// `/apis/{ns}/{api}/diff/{from}...{to}`: what changed from one version to another.
#[derive(Clone, Debug, Template)]
#[template(path = "judge/diff.html")]
pub struct DiffPage {
    /// The frame.
    pub layout: Layout,
    /// The API: its title and page.
    pub api: Link,
    /// The older side.
    pub from: Side,
    /// The newer side.
    pub to: Side,
    /// `breaking`, `compatible` or `identical`.
    pub verdict: String,
    /// The verdict as a sentence: `Callers of 1.4.0 break: 3 changes.`
    pub headline: String,
    /// `major`, `minor`, `patch` or `none`.
    pub bump: String,
    /// What that means in the API's scheme: `2.0.0`, `new line`.
    pub due: Option<String>,
    /// Whether the newer label is at least what is due; `None` where nothing is due.
    pub is_due_met: Option<bool>,
    /// Counts by level, each leading to its group.
    pub counts: Vec<Count>,
    /// The groups in the order of reading; empty ones left out.
    pub groups: Vec<ChangeGroup>,
    /// Another pair.
    pub compare: Option<Compare>,
    /// The other way around, and the same as JSON.
    pub links: Vec<Link>,
    /// The command that gives the same in a terminal.
    pub command: String,
}

/// One side of a diff.
#[derive(Clone, Debug)]
pub struct Side {
    /// `1.4.0`.
    pub label: String,
    /// Its page.
    pub href: String,
    /// Its line.
    pub line: String,
    /// Its stage now.
    pub stage: String,
    /// `OpenAPI 3.0.3, YAML`.
    pub format: String,
    /// When it was published.
    pub published: Option<When>,
}

/// How many changes of a level there are.
#[derive(Clone, Debug)]
pub struct Count {
    /// `security`, `breaking`, `warning` or `info`.
    pub level: String,
    /// How many.
    pub number: u64,
    /// The group.
    pub href: String,
}

/// Changes of one level.
#[derive(Clone, Debug)]
pub struct ChangeGroup {
    /// `security`, `breaking`, `warning` or `info`; also the anchor.
    pub level: String,
    /// `Security`.
    pub title: String,
    /// What the group says, or what of it stands elsewhere.
    pub note: String,
    /// How many there are in all.
    pub total: u64,
    /// Whether it is folded at first.
    pub is_folded: bool,
    /// A part of them.
    pub changes: Vec<ChangeCard>,
    /// Further ones.
    pub pager: Pager,
}

/// One change.
#[derive(Clone, Debug)]
pub struct ChangeCard {
    /// From the fingerprint.
    pub anchor: String,
    /// The rule and its page.
    pub rule: Link,
    /// `breaking`, `warning` or `info`.
    pub level: String,
    /// `wire`, `source`, `behaviour`, `security` or `documentation`.
    pub surface: String,
    /// `request` or `response`.
    pub direction: Option<String>,
    /// What changed, in one sentence.
    pub message: String,
    /// What it means for security.
    pub security: Option<SecurityFacet>,
    /// Operations reached, at most [`OPERATIONS_A_CARD`]; more than three are folded.
    pub operations: Vec<OperationReached>,
    /// What the fold says: `4 more operations`, `5 of 998 more operations`.
    pub operations_more: String,
    /// The place on the older side.
    pub old: Option<Place>,
    /// The place on the newer side.
    pub new: Option<Place>,
    /// The value before, as JSON, cut to some lines.
    pub before: Option<String>,
    /// The value after.
    pub after: Option<String>,
    /// The proof: what one side accepts and the other does not.
    pub witness: Option<WitnessView>,
    /// Why the proof could not be completed.
    pub undecided: Option<String>,
}

impl ChangeCard {
    fn first_operations(&self) -> &[OperationReached] {
        self.operations.get(..3).unwrap_or(&self.operations)
    }

    fn other_operations(&self) -> &[OperationReached] {
        self.operations.get(3..).unwrap_or(&[])
    }
}

/// An operation that a change reaches.
#[derive(Clone, Debug)]
pub struct OperationReached {
    /// Upper case.
    pub method: String,
    /// The template.
    pub path: String,
    /// Its page on the side that has it.
    pub href: Option<String>,
}

/// What a change means for security.
#[derive(Clone, Debug)]
pub struct SecurityFacet {
    /// Its id in the catalogue of security changes, and its page.
    pub rule: Link,
    /// `weakens`, `strengthens` or `neutral`.
    pub effect: String,
    /// `critical` to `info`.
    pub severity: String,
    /// `API2:2023`, leading to OWASP's page.
    pub owasp: Option<Link>,
    /// `CWE-306`, leading to MITRE's page.
    pub cwe: Option<Link>,
}

/// The proof of a change, as a request or value.
#[derive(Clone, Debug)]
pub struct WitnessView {
    /// `The request that breaks`.
    pub title: &'static str,
    /// `1.4.0 accepts this body, 2.0.0 rejects it.`
    pub words: String,
    /// The request or response as it is sent, or the value alone.
    pub text: String,
}

/// The page of an OWASP API Security risk (`API2:2023`).
#[must_use]
pub fn owasp(id: &str) -> Option<Link> {
    let pages = [
        ("API1:2023", "0xa1-broken-object-level-authorization"),
        ("API2:2023", "0xa2-broken-authentication"),
        ("API3:2023", "0xa3-broken-object-property-level-authorization"),
        ("API4:2023", "0xa4-unrestricted-resource-consumption"),
        ("API5:2023", "0xa5-broken-function-level-authorization"),
        ("API6:2023", "0xa6-unrestricted-access-to-sensitive-business-flows"),
        ("API7:2023", "0xa7-server-side-request-forgery"),
        ("API8:2023", "0xa8-security-misconfiguration"),
        ("API9:2023", "0xa9-improper-inventory-management"),
        ("API10:2023", "0xaa-unsafe-consumption-of-apis"),
    ];
    let (_, page) = pages.into_iter().find(|(known, _)| *known == id)?;
    Some(Link::new(id, format!("https://owasp.org/API-Security/editions/2023/en/{page}/")))
}

/// The page of a weakness (`CWE-306`) at MITRE.
#[must_use]
pub fn cwe(id: &str) -> Option<Link> {
    let number: u32 = id.strip_prefix("CWE-")?.parse().ok()?;
    Some(Link::new(id, format!("https://cwe.mitre.org/data/definitions/{number}.html")))
}

/// `/rules`: every rule of diff and lint.
#[derive(Clone, Debug, Template)]
#[template(path = "judge/rules.html")]
pub struct RulesPage {
    /// The frame.
    pub layout: Layout,
    /// By subject, diff before lint.
    pub families: Vec<RuleFamily>,
    /// `84 rules`.
    pub found: String,
}

/// Rules about one subject.
#[derive(Clone, Debug)]
pub struct RuleFamily {
    /// `Diff: operations`.
    pub name: String,
    /// Its anchor.
    pub anchor: String,
    /// The rules.
    pub rules: Vec<RuleRow>,
}

/// A rule in the list.
#[derive(Clone, Debug)]
pub struct RuleRow {
    /// `property-became-required`.
    pub id: String,
    /// Its page.
    pub href: String,
    /// `property became required`.
    pub title: String,
    /// `breaking`, `warning`, `info`; a severity for lint.
    pub level: String,
    /// `wire` and so on; empty for lint.
    pub surface: String,
    /// `API2:2023`, where it is about security.
    pub owasp: Option<String>,
}

/// `/rules/{id}`: why, remedy, examples.
#[derive(Clone, Debug, Template)]
#[template(path = "judge/rule.html")]
pub struct RulePage {
    /// The frame.
    pub layout: Layout,
    /// `property-became-required`.
    pub id: String,
    /// `property became required`.
    pub title: String,
    /// `diff` or `lint`.
    pub kind: String,
    /// `breaking`, `warning`, `info`; a severity for lint.
    pub level: String,
    /// `wire` and so on; empty for lint.
    pub surface: String,
    /// The release that brought it.
    pub since: String,
    /// Why it matters.
    pub why: Vec<String>,
    /// How to do it without harm.
    pub remedy: Vec<String>,
    /// Pairs that it reports.
    pub fires: Vec<Example>,
    /// Pairs that it leaves alone.
    pub silent: Vec<Example>,
    /// What it means for security, where it does.
    pub security: Option<SecurityFacet>,
    /// The command that explains it in a terminal.
    pub command: String,
}

/// An example of a rule: a pair for diff, a single document for lint.
#[derive(Clone, Debug)]
pub struct Example {
    /// Before; `None` for lint.
    pub before: Option<String>,
    /// After, or the document.
    pub after: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_references_are_known_pages_alone() {
        assert_eq!(
            cwe("CWE-306").map(|link| link.href),
            Some("https://cwe.mitre.org/data/definitions/306.html".to_owned()),
        );
        assert_eq!(cwe("CWE-306/../x"), None);
        assert!(owasp("API2:2023").is_some());
        assert_eq!(owasp("API11:2023"), None);
    }
}
