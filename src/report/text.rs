//! For people at a terminal: grouped by weight, with file, line and column for each place.

use std::fmt::Write;

use super::{Answer, CheckReport, Colour, Compared, Format, counted};
use crate::diff::{Change, Diff, Level, OperationName, Verdict, retire_reasons};
use crate::lint::{Finding, Lint, Severity};
use crate::spec::Place;

/// The format.
pub static FORMAT: Format = Format { name: "text", media_type: "text/plain; charset=utf-8", write };

/// Operations beyond these are counted, not named.
const NAMED_OPERATIONS: usize = 4;

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

/// A heading, its SGR style, and which changes stand below it.
type Group = (&'static str, &'static str, fn(&Change) -> bool);

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
        let groups: [Group; 4] = [
            ("Breaking", "1;31", |change| change.level == Level::Breaking),
            ("Weakens security", "1;35", |change| change.level != Level::Breaking && change.weakens()),
            ("Warnings", "1;33", |change| change.level == Level::Warning && !change.weakens()),
            ("Good to know", "1;36", |change| change.level == Level::Info && !change.weakens()),
        ];
        for (title, style, belongs) in groups {
            let group: Vec<&Change> = diff.changes.iter().filter(|change| belongs(change)).collect();
            if group.is_empty() {
                continue;
            }
            let heading = self.painted(style, &format!("{title} ({})", group.len()));
            self.line(&heading);
            for change in group {
                self.change(change, old, new);
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

    fn change(&mut self, change: &Change, old: &str, new: &str) {
        let direction = change.direction.map_or_else(String::new, |direction| format!(", {direction}"));
        let rule = self.painted("2", &format!("[{}{direction}]", change.rule));
        self.line(&format!("  {} {rule}", plain(&change.message)));
        match (&change.old, &change.new) {
            (Some(before), Some(after)) => {
                let file = plain(before.file_or(old));
                let was = format!("{file}:{}:{}", before.line, before.column);
                self.line(&format!("    {}  (was {was})", at(new, after)));
            }
            (None, Some(after)) => self.line(&format!("    {}", at(new, after))),
            (Some(before), None) => self.line(&format!("    was {}", at(old, before))),
            (None, None) => {}
        }
        self.operations(&change.operations);
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
            self.line(&format!("    proof: {}", plain(&witness.reason)));
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
    if diff.verdict == Verdict::Identical {
        return "Identical: no change of any kind.".to_owned();
    }
    let mut text = format!(
        "{}: {} breaking, {}, {} good to know",
        if diff.verdict == Verdict::Breaking { "Breaking" } else { "Compatible" },
        diff.summary.breaking,
        counted(diff.summary.warning, "warning"),
        diff.summary.info,
    );
    if diff.summary.security > 0 {
        let _ = write!(
            text,
            "; {} security",
            if diff.summary.security == 1 {
                "1 change weakens".to_owned()
            } else {
                format!("{} changes weaken", diff.summary.security)
            }
        );
    }
    let _ = write!(text, ". Bump: {}", diff.bump);
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
