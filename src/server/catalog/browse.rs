//! Pages for looking around: the list of APIs, and one API with its lines and versions.
//!
//! What a version says is [`super::reference`], how two differ [`super::judge`].

use askama::Template;

use super::timeline::{Dial, Timeline};
use super::words::{self, When};
use super::{Choice, Findings, Layout, Link, Pager, Verdict};

/// `/`: search, what ends soon, and every API with its lines.
#[derive(Clone, Debug, Template)]
#[template(path = "browse/home.html")]
pub struct Home {
    /// The frame.
    pub layout: Layout,
    /// The form and what is chosen in it.
    pub search: Search,
    /// All namespaces with their counts, the chosen one marked.
    pub namespaces: Vec<Namespace>,
    /// The part of the list that is shown.
    pub apis: Vec<ApiRow>,
    /// `8 APIs in 4 namespaces`, or what the search found.
    pub found: String,
    /// Further APIs.
    pub pager: Pager,
    /// The dial; `None` on filtered and later pages, where it would only stand in the way.
    pub dial: Option<Dial>,
    /// Coming sunsets, the nearest first, numbered as on the dial.
    pub sunsets: Vec<Sunset>,
    /// The latest publishes.
    pub recent: Vec<Recent>,
    /// The command that publishes a first version, for an empty registry.
    pub publish_command: String,
    /// Whether anything was ever published.
    pub is_empty: bool,
}

/// The search form of the list.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// `q`: words of title, name, owner.
    pub q: String,
    /// `stage`: any, or one of the stages.
    pub stages: Vec<Choice>,
    /// `namespace`: any, or one of them.
    pub namespaces: Vec<Choice>,
    /// Whether anything is filtered.
    pub is_filtered: bool,
}

/// A namespace as a chip.
#[derive(Clone, Debug)]
pub struct Namespace {
    /// Its name.
    pub name: String,
    /// The list of its APIs.
    pub href: String,
    /// How many there are.
    pub apis: u64,
    /// Whether the list shows it alone.
    pub chosen: bool,
}

/// An API in the list.
#[derive(Clone, Debug)]
pub struct ApiRow {
    /// Title of the newest document.
    pub title: String,
    /// `namespace/name`.
    pub id: String,
    /// Its page.
    pub href: String,
    /// Who owns it.
    pub owner: String,
    /// Whether it is somebody else's API.
    pub third_party: bool,
    /// Whether it is for the company alone.
    pub internal: bool,
    /// Its lines with their stages, newest first; a few.
    pub lines: Vec<LineBadge>,
    /// Lines that found no room: `and 12 older`.
    pub lines_more: Option<String>,
    /// The newest version.
    pub newest: Option<Newest>,
    /// The next sunset of any of its lines.
    pub sunset: Option<NextSunset>,
    /// Open security findings of the versions still callable.
    pub findings: Findings,
}

/// A line and its stage.
#[derive(Clone, Debug)]
pub struct LineBadge {
    /// `v1`.
    pub line: String,
    /// `active`.
    pub stage: String,
    /// The line in the API's page.
    pub href: String,
}

/// The newest version of an API.
#[derive(Clone, Debug)]
pub struct Newest {
    /// `2.1.0`.
    pub label: String,
    /// Its page.
    pub href: String,
    /// When it was published.
    pub published: When,
}

/// The next sunset of an API.
#[derive(Clone, Debug)]
pub struct NextSunset {
    /// Which line.
    pub line: String,
    /// When.
    pub at: When,
}

/// A coming sunset in the list of them.
#[derive(Clone, Debug)]
pub struct Sunset {
    /// `namespace/name`.
    pub api: String,
    /// Its title.
    pub title: String,
    /// Which line ends.
    pub line: String,
    /// The line in the API's page.
    pub href: String,
    /// When.
    pub at: When,
    /// The line that follows.
    pub successor: Option<Link>,
}

/// A publish in the list of the latest.
#[derive(Clone, Debug)]
pub struct Recent {
    /// `namespace/name`.
    pub api: String,
    /// The label.
    pub label: String,
    /// The version's page.
    pub href: String,
    /// When it was published.
    pub published: When,
    /// Against its predecessor, where there is one.
    pub verdict: Option<Verdict>,
}

/// `/apis/{ns}/{api}`: all lines and versions of one API.
#[derive(Clone, Debug, Template)]
#[template(path = "browse/api.html")]
pub struct ApiPage {
    /// The frame.
    pub layout: Layout,
    /// `namespace/name`.
    pub id: String,
    /// Title of the newest document.
    pub title: String,
    /// Its description.
    pub description: Vec<String>,
    /// Owner, contact, visibility, origin, scheme: name and value, some with a link.
    pub facts: Vec<Fact>,
    /// The drawing; `None` before the first release.
    pub timeline: Option<Timeline>,
    /// The lines, newest first.
    pub lines: Vec<LineRow>,
    /// Why older lines should go: security reasons, the weakest line first.
    pub reasons: Vec<Reason>,
    /// How calls were answered, by line.
    pub answers: Vec<Answers>,
    /// Over what time: `since 1 Nov 2026`; empty without any calls.
    pub answers_since: String,
    /// A part of the versions, newest first.
    pub versions: Vec<VersionRow>,
    /// Further versions.
    pub pager: Pager,
    /// The form that compares any two versions; `None` with fewer than two.
    pub compare: Option<Compare>,
    /// The command that publishes the next version.
    pub publish_command: String,
}

/// A name and its value, for lists of facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// `Owner`.
    pub name: String,
    /// What stands beside it.
    pub value: String,
    /// Where the value leads.
    pub href: Option<String>,
    /// Whether the value is for machines: digests, ids.
    pub is_code: bool,
}

impl Fact {
    /// A fact in words.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), href: None, is_code: false }
    }

    /// The fact in the face of code.
    #[must_use]
    pub fn code(mut self) -> Self {
        self.is_code = true;
        self
    }

    /// The fact as a link, where `href` is one ([`words::outward`] or an address of our own).
    #[must_use]
    pub fn link(mut self, href: Option<String>) -> Self {
        self.href = href;
        self
    }
}

/// A line in the table of an API; its anchor is `line-{line}`.
#[derive(Clone, Debug)]
pub struct LineRow {
    /// `v1`.
    pub line: String,
    /// The stage now.
    pub stage: String,
    /// Why it was deprecated or blocked, in the owner's words.
    pub reason: Option<String>,
    /// The current version.
    pub current: Option<Link>,
    /// `3 versions`.
    pub versions: String,
    /// When the first of its releases was published.
    pub since: Option<When>,
    /// When deprecation starts or started.
    pub deprecated: Option<When>,
    /// When it ends or ended.
    pub sunset: Option<When>,
    /// The line that follows.
    pub successor: Option<Link>,
    /// Migration guide, policy and the like, as given by the owner.
    pub links: Vec<Link>,
    /// Where its calls arrive.
    pub routes: Vec<RouteWords>,
}

/// A route in words.
#[derive(Clone, Debug)]
pub struct RouteWords {
    /// `api.example.com/v1`.
    pub base: String,
    /// `with header api-version: 1`.
    pub selector: Option<String>,
}

/// Why an older line should go, as against a newer one.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The line that should go.
    pub line: String,
    /// Its stage now.
    pub stage: String,
    /// The line it is measured by.
    pub against: String,
    /// The whole comparison.
    pub href: String,
    /// One sentence a reason, the gravest first; a few.
    pub sentences: Vec<ReasonWords>,
    /// `and 6 more`, leading to the whole comparison.
    pub more: Option<String>,
}

/// A security reason to retire a line.
#[derive(Clone, Debug)]
pub struct ReasonWords {
    /// `critical` to `info`.
    pub severity: String,
    /// `v1 lets anyone call POST /refunds; v2 asks for OAuth scope refunds:write.`
    pub words: String,
    /// `API2:2023`, where it has one.
    pub owasp: Option<String>,
}

/// How the calls of one line were answered.
#[derive(Clone, Debug)]
pub struct Answers {
    /// `v1`.
    pub line: String,
    /// Its stage now.
    pub stage: String,
    /// All calls, ready to print.
    pub total: String,
    /// The answers that occurred, in the order allow, announce, throttle, refuse.
    pub shares: Vec<Share>,
}

/// A share of a line's answers.
#[derive(Clone, Debug)]
pub struct Share {
    /// `allow`, `announce`, `throttle` or `refuse`.
    pub answer: String,
    /// How many, ready to print.
    pub calls: String,
    /// `93 %`, `under 1 %`.
    pub percent: String,
    /// From the left, in thousandths of the bar.
    pub x: u64,
    /// Width in thousandths of the bar, at least 4 so that one refused call is seen.
    pub width: u64,
}

impl Answers {
    /// Bars and words from counts. Answers without a call are left out.
    #[must_use]
    pub fn new(line: &str, stage: &str, counts: &[(&str, u64)]) -> Self {
        let total: u64 = counts.iter().map(|(_, calls)| calls).sum();
        let occurred = || counts.iter().filter(|(_, calls)| *calls > 0);
        // every share gets its 4 first, the rest is divided by the counts
        let rest = 1_000 - 4 * u64::try_from(occurred().count()).unwrap_or(0);
        let mut x = 0;
        let shares = occurred()
            .map(|(answer, calls)| {
                let part = |of: u64| u128::from(*calls) * u128::from(of) / u128::from(total.max(1));
                let width = 4 + u64::try_from(part(rest)).unwrap_or(0);
                let percent = match part(100) {
                    0 => "under 1 %".to_owned(),
                    whole => format!("{whole} %"),
                };
                let share =
                    Share { answer: (*answer).to_owned(), calls: words::grouped(*calls), percent, x, width };
                x += width;
                share
            })
            .collect();
        Self { line: line.to_owned(), stage: stage.to_owned(), total: words::grouped(total), shares }
    }
}

/// A version in the table of an API.
#[derive(Clone, Debug)]
pub struct VersionRow {
    /// `1.4.0`.
    pub label: String,
    /// Its page.
    pub href: String,
    /// Its line.
    pub line: String,
    /// The stage now: of the version itself where it has one, else of its line.
    pub stage: String,
    /// Whether it is the current version of its line.
    pub is_current: bool,
    /// When it was published.
    pub published: When,
    /// Against its predecessor; `None` for the first.
    pub verdict: Option<Verdict>,
    /// What lint found.
    pub findings: Findings,
    /// `OpenAPI 3.0.3, YAML`.
    pub format: String,
    /// The first digits of the SHA-256.
    pub sha: String,
    /// The document's view.
    pub document: String,
}

/// A form for two versions, `from` and `to`.
#[derive(Clone, Debug)]
pub struct Compare {
    /// Where it is sent by GET; answers with a redirect to the diff.
    pub action: String,
    /// The older side.
    pub from: Vec<Choice>,
    /// The newer side.
    pub to: Vec<Choice>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_fill_the_bar_and_show_single_calls() {
        let answers = Answers::new("v1", "deprecated", &[("allow", 0), ("announce", 999_999), ("refuse", 1)]);
        assert_eq!(answers.total, "1,000,000");
        let [announce, refuse] = answers.shares.as_slice() else { panic!("two shares") };
        assert_eq!((announce.percent.as_str(), refuse.percent.as_str()), ("99 %", "under 1 %"));
        assert_eq!(refuse.x, announce.width);
        assert!(refuse.width >= 4 && refuse.x + refuse.width <= 1_000);
    }

    #[test]
    fn no_call_at_all_divides_by_nothing() {
        assert!(Answers::new("v1", "active", &[("allow", 0)]).shares.is_empty());
        let most = Answers::new("v1", "active", &[("allow", u64::MAX)]);
        assert_eq!(most.shares[0].width, 1_000);
    }
}
