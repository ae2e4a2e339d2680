//! Values in, text out: what was found, for people and for machines.
//!
//! A format is one file and one line in the list. Nothing is judged here and nothing is printed:
//! the caller writes the text where it belongs. Text from documents is never trusted: each format
//! escapes it in its own way.

pub mod cause;
pub mod explain;
pub mod message;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::diff::{Diff, FailOn, Verdict};
use crate::lifecycle::policy::Demand;
use crate::lint::Lint;
use crate::scheme::Bump;

/// What a publish would say, before it is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckReport {
    /// `namespace/name`.
    pub api: String,
    /// The label that was asked for.
    pub label: String,
    /// The line that the version would belong to.
    pub line: String,
    /// Whether a publish would be accepted.
    pub accepted: bool,
    /// The largest bump that the comparison with the predecessor asks for.
    pub bump: Bump,
    /// What that means in the scheme of the API: a label, `new line`, or nothing.
    pub due: Option<String>,
    /// What is wrong in the document itself.
    pub lint: Lint,
    /// The comparison with the predecessor and with each line that callers still use.
    pub diffs: Vec<Compared>,
    /// The demands of the policy as they were measured.
    pub policy: Vec<Demand>,
}

/// One comparison of a check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// The line of the older version.
    pub line: String,
    /// The label of the older version.
    pub label: String,
    /// Whether it is the predecessor of the version in question.
    pub predecessor: bool,
    /// What separates the two.
    pub diff: Diff,
}

impl CheckReport {
    /// Whether the check fails: the policy refuses, or the predecessor's diff reaches `fail_on`.
    /// Other lines are shown and do not fail: a new major breaks them on purpose.
    #[must_use]
    pub fn fails(&self, fail_on: &FailOn) -> bool {
        let breaks = |compared: &Compared| compared.predecessor && fail_on.holds_for(&compared.diff);
        !self.accepted || self.diffs.iter().any(breaks)
    }
}

/// What is reported, with the names of the files that places point into.
#[derive(Clone, Copy, Debug)]
pub enum Answer<'a> {
    /// Two documents.
    Diff {
        /// What separates them.
        diff: &'a Diff,
        /// The name of the older file.
        old: &'a str,
        /// The name of the newer file.
        new: &'a str,
    },
    /// One document.
    Lint {
        /// What was found.
        lint: &'a Lint,
        /// The name of the file.
        file: &'a str,
    },
    /// What a publish would say.
    Check {
        /// What was found.
        check: &'a CheckReport,
        /// The name of the file.
        file: &'a str,
    },
}

/// Whether the text may hold terminal colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    #[default]
    Never,
    /// SGR sequences of ECMA-48.
    Always,
}

/// One way to write an answer.
#[derive(Debug)]
pub struct Format {
    /// The word on the command line and in `?format=`.
    pub name: &'static str,
    /// The media type over HTTP.
    pub media_type: &'static str,
    /// Writes the answer; ends with a line break.
    pub write: fn(&Answer<'_>, Colour) -> String,
}

/// The text names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no format; there are {list}", list = Format::names())]
pub struct BadFormat(pub String);

/// Declares the modules of the formats and the list of all.
macro_rules! formats {
    ($($format:ident,)*) => {
        $(pub mod $format;)*

        /// Every format; the first is the default.
        pub static ALL: &[&Format] = &[$(&$format::FORMAT,)*];
    };
}

formats! {
    text,
    json,
    markdown,
    github,
}

impl Format {
    /// The names of all formats, for messages.
    #[must_use]
    pub fn names() -> String {
        ALL.iter().map(|format| format.name).collect::<Vec<_>>().join(", ")
    }
}

impl Format {
    /// The format of this name.
    ///
    /// # Errors
    /// [`BadFormat`] with the names that there are.
    pub fn find(text: &str) -> Result<&'static Self, BadFormat> {
        ALL.iter().copied().find(|format| format.name == text).ok_or_else(|| BadFormat(text.to_owned()))
    }
}

impl FromStr for &'static Format {
    type Err = BadFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Format::find(text)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// `1 change`, `2 changes`.
#[must_use]
pub fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// What a diff comes to, in one sentence: `Breaking: 2 breaking, 1 warning, 0 good to know.`
#[must_use]
pub fn summary(diff: &Diff) -> String {
    if diff.verdict == Verdict::Identical {
        return "Identical: no change of any kind.".to_owned();
    }
    let word = if diff.verdict == Verdict::Breaking { "Breaking" } else { "Compatible" };
    let warnings = counted(diff.summary.warning, "warning");
    let security = match diff.summary.security {
        0 => String::new(),
        1 => "; 1 change weakens security".to_owned(),
        more => format!("; {more} changes weaken security"),
    };
    format!(
        "{word}: {} breaking, {warnings}, {} good to know{security}.",
        diff.summary.breaking, diff.summary.info
    )
}

/// The text, cut to so many characters; `…` stands where something is missing.
#[must_use]
pub fn short(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::diff::{Options, compare, example};
    use crate::lint::lint;

    fn diff() -> Diff {
        let old = "{REQ: {type: object, properties: {iban: {type: string, maxLength: 34}}}, paths: {/b: {get: {}}}}";
        let new = "{REQ: {type: object, required: [iban], properties: {iban: {type: string}}}, security: []}";
        let noon = "2026-06-30T12:00:00Z".parse::<Timestamp>().expect("an instant");
        let old = example::load(old).expect("a document");
        let new = example::load(new).expect("a document");
        compare(&old, &new, &Options::at(noon))
    }

    #[test]
    fn text_groups_by_weight_and_names_places() {
        let diff = diff();
        let text = (text::FORMAT.write)(
            &Answer::Diff { diff: &diff, old: "old.json", new: "new.json" },
            Colour::Never,
        );
        insta::assert_snapshot!(text);
    }

    /// A diff whose two breaks have proofs: a request, and a response.
    fn proven() -> Diff {
        let mut diff = diff();
        let request = serde_json::from_value(serde_json::json!({
            "method": "POST", "target": "/a?dry_run=true",
            "headers": {"host": "api.example.com", "content-type": "application/json"}, "body": {"note": "```x"},
        }));
        let witness = |kind, instance: serde_json::Value, request| crate::diff::Witness {
            kind,
            instance: instance.into(),
            old_schema: Some("/paths/~1a/get/responses/200/content/application~1json/schema".to_owned()),
            new_schema: Some("/paths/~1a/get/responses/200/content/application~1json/schema".to_owned()),
            request,
            reason: "`iban` is missing, and must be there now".to_owned(),
        };
        let body = serde_json::json!({"note": "```x"});
        diff.changes[1].witness =
            Some(witness(crate::diff::WitnessKind::Body, body, Some(request.expect("a request"))));
        let body = serde_json::json!({"iban": null});
        diff.changes[0].witness = Some(witness(crate::diff::WitnessKind::Response, body, None));
        diff.changes[2].undecided = Some("a pattern with look-ahead".to_owned());
        diff
    }

    fn written(format: &Format, diff: &Diff) -> String {
        (format.write)(&Answer::Diff { diff, old: "old.json", new: "new.json" }, Colour::Never)
    }

    #[test]
    fn a_proof_is_two_lines_of_text() {
        let text = written(&text::FORMAT, &proven());
        let proofs: Vec<&str> = text.lines().filter(|line| line.contains("proof:")).collect();
        assert_eq!(
            proofs,
            ["    proof: 200 {\"iban\":null}", "    proof: POST /a?dry_run=true {\"note\":\"```x\"}"],
            "{text}"
        );
        assert_eq!(
            text.matches("\n           `iban` is missing, and must be there now\n").count(),
            2,
            "{text}"
        );
        assert!(text.contains("not decided: a pattern with look-ahead"));
    }

    #[test]
    fn annotations_carry_the_proof() {
        let text = written(&github::FORMAT, &proven());
        assert!(
            text.contains("%0AProof: POST /a?dry_run=true {\"note\":\"```x\"}%0A`iban` is missing"),
            "{text}"
        );
    }

    #[test]
    fn colour_is_sgr_around_what_stays_the_same() {
        let diff = proven();
        let answer = Answer::Diff { diff: &diff, old: "old.json", new: "new.json" };
        let coloured = (text::FORMAT.write)(&answer, Colour::Always);
        let plain = (text::FORMAT.write)(&answer, Colour::Never);
        assert!(coloured.contains("\u{1b}[1;31mBreaking (2)\u{1b}[0m"), "{coloured}");
        let mut bare = String::new();
        for piece in coloured.split('\u{1b}') {
            bare.push_str(
                piece.strip_prefix('[').and_then(|rest| rest.split_once('m')).map_or(piece, |(_, rest)| rest),
            );
        }
        assert_eq!(bare, plain);
        for format in ALL.iter().filter(|format| format.name != "text") {
            assert!(!(format.write)(&answer, Colour::Always).contains('\u{1b}'), "{format}");
        }
    }

    #[test]
    fn markdown_folds_proofs_and_shows_the_worst_first() {
        insta::assert_snapshot!(written(&markdown::FORMAT, &proven()));
    }

    #[test]
    fn a_comment_stays_within_the_limit_and_counts_what_it_leaves_out() {
        let mut diff = proven();
        let pattern = diff.changes[1].clone();
        diff.changes = (0..2_000)
            .map(|number| {
                let mut change = pattern.clone();
                change.message = format!("`Name{number}` and \u{1F600} changed");
                change.new.as_mut().expect("a place").pointer = format!("/{number}");
                change.level =
                    if number < 1_500 { crate::diff::Level::Breaking } else { crate::diff::Level::Warning };
                change
            })
            .collect();
        let text = written(&markdown::FORMAT, &diff);
        assert!(text.chars().count() <= 65_536 && text.len() > 60_000, "{} bytes", text.len());
        let shown = text.matches("**`Name").count();
        let left = format!(
            "Left out, since a comment holds 65536 characters: {} breaking changes, 500 warnings.",
            1_500 - shown
        );
        assert!(text.contains(&left), "{}", &text[text.len() - 300..]);
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        // One change that is larger than all the space is cut, not dropped.
        diff.changes.truncate(1);
        diff.changes[0].witness.as_mut().expect("a proof").request.as_mut().expect("a request").body =
            serde_json::Value::from("x".repeat(100_000)).into();
        let text = written(&markdown::FORMAT, &diff);
        assert!(text.len() < 6_000 && text.contains("…\n```\n"), "{} bytes", text.len());
    }

    #[test]
    fn github_shows_the_worst_first_and_escapes() {
        let mut diff = diff();
        diff.changes[0].message = "100 % of\nlines::error::pwned".to_owned();
        let text = (github::FORMAT.write)(
            &Answer::Diff { diff: &diff, old: "o.json", new: "a,b:c.json" },
            Colour::Never,
        );
        insta::assert_snapshot!(text);
    }

    #[test]
    fn json_is_the_contract_itself() {
        let diff = diff();
        let text = (json::FORMAT.write)(&Answer::Diff { diff: &diff, old: "o", new: "n" }, Colour::Never);
        assert_eq!(serde_json::from_str::<Diff>(&text).expect("reads back"), diff);
        let keys: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let keys: Vec<&String> = keys.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["old", "new", "verdict", "bump", "due", "summary", "changes"]);
    }

    #[test]
    fn a_check_shows_findings_comparisons_and_policy() {
        let document = example::load("{security: [], paths: {/a: {post: {}}}}").expect("a document");
        let check = CheckReport {
            api: "shop/orders".to_owned(),
            label: "1.1.0".to_owned(),
            line: "v1".to_owned(),
            accepted: false,
            bump: Bump::Major,
            due: Some("2.0.0".to_owned()),
            lint: lint(&document),
            diffs: vec![Compared {
                line: "v1".to_owned(),
                label: "1.0.0".to_owned(),
                predecessor: true,
                diff: diff(),
            }],
            policy: vec![Demand {
                demand: "no breaking change within a line".to_owned(),
                holds: false,
                measured: "2 breaking changes".to_owned(),
                way_out: "publish as 2.0.0".to_owned(),
            }],
        };
        assert!(check.fails(&FailOn::never()), "what the policy refuses fails whatever was asked");
        let answer = Answer::Check { check: &check, file: "orders.json" };
        insta::assert_snapshot!((text::FORMAT.write)(&answer, Colour::Never));
        let markdown = (markdown::FORMAT.write)(&answer, Colour::Never);
        insta::assert_snapshot!("a_check_in_markdown", markdown);
    }

    #[test]
    fn formats_are_found_by_name() {
        for format in ALL {
            assert_eq!(format.name.parse::<&Format>().expect("listed").name, format.name);
        }
        let refused = "yaml".parse::<&Format>().expect_err("not listed");
        assert_eq!(refused.to_string(), "`yaml` is no format; there are text, json, markdown, github");
    }
}
