//! For people at a terminal: grouped by weight and cause, with file, line and column for each place.

use std::fmt::Write;

use super::cause::{Cause, sections};
use super::{Answer, CheckReport, Colour, Compared, Format, counted, message, short};
use crate::diff::{Change, Diff, OperationName, Verdict, retire_reasons};
use crate::lint::{Finding, Lint, Severity};
use crate::spec::Place;

/// The format.
pub static FORMAT: Format = Format { name: "text", media_type: "text/plain; charset=utf-8", write };

/// Operations beyond these are counted, not named.
const NAMED_OPERATIONS: usize = 4;

/// A request that proves a break is cut beyond so many characters: it stays one line.
const PROOF_CHARS: usize = 160;

/// Reasons to retire beyond these are counted, not told.
const TOLD_REASONS: usize = 5;

fn write(answer: &Answer<'_>, colour: Colour) -> String {
    let mut page = Page { out: String::new(), colour };
    match answer {
        Answer::Diff { diff, old, new } => page.diff(diff, old, new),
        Answer::Lint { lint, file } => page.lint(lint, file),
        Answer::Check { check, file } => page.check(check, file),
    }
    page.out
}

struct Page {
    out: String,
    colour: Colour,
}

impl Page {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// Text in an SGR style, when colours are asked for.
    fn painted(&self, style: &str, text: &str) -> String {
        match self.colour {
            Colour::Never => text.to_owned(),
            Colour::Always => format!("\u{1b}[{style}m{text}\u{1b}[0m"),
        }
    }

    fn diff(&mut self, diff: &Diff, old: &str, new: &str) {
        for section in sections(diff) {
            let (causes, changes) = (section.causes.len(), section.changes());
            let count = if causes == changes {
                causes.to_string()
            } else {
                format!("{}, {}", counted(causes, "cause"), counted(changes, "change"))
            };
            let heading = self.painted(section.kind.style(), &format!("{} ({count})", section.kind.title()));
            self.line(&heading);
            for cause in &section.causes {
                self.cause(cause, old, new);
            }
            self.line("");
        }
        let (older, newer) = diff.names();
        let reasons = retire_reasons(diff, older, newer);
        if !reasons.is_empty() {
            let heading = self.painted("1", "Why the older version should go");
            self.line(&heading);
            for reason in reasons.iter().take(TOLD_REASONS) {
                self.line(&format!("  - {}", plain(&reason.words)));
            }
            if reasons.len() > TOLD_REASONS {
                self.line(&format!("  - and {}", counted(reasons.len() - TOLD_REASONS, "further reason")));
            }
            self.line("");
        }
        let summary = summary(diff);
        self.line(&summary);
    }

    fn cause(&mut self, cause: &Cause<'_>, old: &str, new: &str) {
        let worst = cause.worst;
        let rule = self.rule(worst);
        self.line(&format!("  {} {rule}", plain(&worst.message)));
        match (&worst.old, &worst.new) {
            (Some(before), Some(after)) => {
                let file = plain(before.file_or(old));
                let was = format!("{file}:{}:{}", before.line, before.column);
                self.line(&format!("    {}  (was {was})", at(new, after)));
            }
            (None, Some(after)) => self.line(&format!("    {}", at(new, after))),
            (Some(before), None) => self.line(&format!("    was {}", at(old, before))),
            (None, None) => {}
        }
        self.operations(&worst.operations);
        self.facets(worst);
        for other in &cause.others {
            let rule = self.rule(other);
            self.line(&format!("    also {}: {} {rule}", other.level, plain(&other.message)));
            if other.operations != worst.operations {
                self.operations(&other.operations);
            }
            self.facets(other);
        }
    }

    /// `[schema-length-narrowed, request]`
    fn rule(&self, change: &Change) -> String {
        let direction = change.direction.map_or_else(String::new, |direction| format!(", {direction}"));
        self.painted("2", &format!("[{}{direction}]", change.rule))
    }

    /// What a change means for security, and its proof in two lines.
    fn facets(&mut self, change: &Change) {
        if let Some(facet) = &change.security {
            self.line(&format!(
                "    security: {} ({}, {}, {}, {})",
                facet.rule,
                facet.effect.as_str(),
                facet.severity,
                facet.owasp,
                facet.cwe
            ));
        }
        if let Some(witness) = &change.witness {
            let proof = plain(&short(&message::brief(witness), PROOF_CHARS));
            self.line(&format!("    proof: {proof}"));
            self.line(&format!("           {}", plain(&witness.reason)));
        }
        if let Some(why) = &change.undecided {
            self.line(&format!("    not decided: {}", plain(why)));
        }
    }

    fn operations(&mut self, operations: &[OperationName]) {
        if operations.is_empty() {
            return;
        }
        let named: Vec<String> =
            operations.iter().take(NAMED_OPERATIONS).map(|operation| plain(&operation.to_string())).collect();
        let more = operations.len() - named.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        self.line(&format!("    in {}{more}", named.join(", ")));
    }

    fn lint(&mut self, lint: &Lint, file: &str) {
        for finding in &lint.findings {
            self.finding(finding, file);
        }
        if lint.findings.is_empty() {
            self.line("Nothing found.");
            return;
        }
        self.line("");
        let counts: Vec<String> = Severity::ALL
            .into_iter()
            .filter(|severity| lint.summary.of(*severity) > 0)
            .map(|severity| format!("{} {severity}", lint.summary.of(severity)))
            .collect();
        let summary = format!("{}: {}.", counted(lint.findings.len(), "finding"), counts.join(", "));
        self.line(&summary);
    }

    fn finding(&mut self, finding: &Finding, file: &str) {
        let style = match finding.severity {
            Severity::Critical | Severity::High => "1;31",
            Severity::Medium => "1;33",
            Severity::Low | Severity::Info => "1;36",
        };
        let severity = self.painted(style, finding.severity.as_str());
        let rule = self.painted("2", &format!("[{}]", finding.rule));
        self.line(&format!("{severity}: {} {rule}", plain(&finding.message)));
        for place in &finding.places {
            self.line(&format!("    {}", at(file, place)));
        }
        self.operations(&finding.operations);
    }

    fn check(&mut self, check: &CheckReport, file: &str) {
        let verdict = if check.accepted { "would be accepted" } else { "would be refused" };
        let title =
            format!("{}@{} in line {} {verdict}", plain(&check.api), plain(&check.label), plain(&check.line));
        let title = self.painted(if check.accepted { "1;32" } else { "1;31" }, &title);
        self.line(&title);
        for demand in &check.policy {
            let mark = if demand.holds { "met" } else { "not met" };
            self.line(&format!("  {mark}: {} ({})", plain(&demand.demand), plain(&demand.measured)));
            if !demand.holds {
                self.line(&format!("    way out: {}", plain(&demand.way_out)));
            }
        }
        for Compared { line, label, predecessor, diff } in &check.diffs {
            let role = if *predecessor { ", the predecessor" } else { "" };
            self.line("");
            let heading = format!("Against {} of line {}{role}", plain(label), plain(line));
            let heading = self.painted("1", &heading);
            self.line(&heading);
            self.diff(diff, label, file);
        }
        self.line("");
        let heading = self.painted("1", "The document itself");
        self.line(&heading);
        self.lint(&check.lint, file);
    }
}

/// The last line: what it comes to.
fn summary(diff: &Diff) -> String {
    let mut text = super::summary(diff);
    if diff.verdict == Verdict::Identical {
        return text;
    }
    let _ = write!(text, " Bump: {}", diff.bump);
    if let Some(due) = &diff.due {
        let _ = write!(text, ", due: {}", plain(due));
    }
    text.push('.');
    text
}

/// `file:line:column`, as editors and terminals read it, with the pointer behind.
fn at(file: &str, place: &Place) -> String {
    let pointer = plain(&place.pointer);
    let file = plain(place.file_or(file));
    format!("{file}:{}:{} {pointer}", place.line, place.column).trim_end().to_owned()
}

/// Text from a document without control characters, which could rewrite the terminal.
fn plain(text: &str) -> String {
    let escape = |letter: char| {
        if letter.is_control() { letter.escape_default().to_string() } else { letter.to_string() }
    };
    text.chars().map(escape).collect()
}
