//! Markdown for a comment below a pull request: the worst first, details folded, proofs as requests.
//!
//! GitHub refuses a comment beyond 65,536 characters, so what does not fit is left out and counted.
//! Text from documents is never markup here: it can make no link, no mention and no HTML.

use std::fmt::Write;

use super::cause::{Cause, Kind, sections};
use super::{Answer, CheckReport, Colour, Compared, Format, counted, message, short, summary};
use crate::diff::{Change, Diff, Level, OperationName};
use crate::lint::{Finding, Lint, Severity};
use crate::spec::Place;

/// The format.
pub static FORMAT: Format = Format { name: "markdown", media_type: "text/markdown; charset=utf-8", write };

/// What GitHub takes. Counted here in bytes, which are never fewer than characters.
const LIMIT: usize = 65_536;
/// Kept free for the sentence that counts what was left out.
const TAIL: usize = 512;
/// A sentence of a document is cut beyond so many characters, a value or request beyond so many.
const SENTENCE_CHARS: usize = 600;
const PROOF_CHARS: usize = 4_000;
/// Operations beyond these are counted, not named.
const NAMED_OPERATIONS: usize = 12;
/// By this line a job finds the comment that it wrote before.
const MARK: &str = "<!-- sundial -->\n";

fn write(answer: &Answer<'_>, _: Colour) -> String {
    let mut page = Page { out: MARK.to_owned(), left: Left::default() };
    match answer {
        Answer::Diff { diff, old, new } => {
            let names = format!("## {}\n\n{} to {}. {}", sentence(&summary(diff)), code(old), code(new), step(diff));
            page.block(&names, &Left::default());
            page.diff(diff, old, new, "###");
        }
        Answer::Lint { lint, file } => {
            page.block(&format!("## Findings in {}", code(file)), &Left::default());
            page.lint(lint, file);
        }
        Answer::Check { check, file } => page.check(check, file),
    }
    page.finish()
}

/// How many things were left out, for want of space.
#[derive(Clone, Copy, Default)]
struct Left {
    breaking: usize,
    warning: usize,
    info: usize,
    findings: usize,
}

impl Left {
    fn of(cause: &Cause<'_>) -> Self {
        let mut left = Self::default();
        for change in cause.changes() {
            match change.level {
                Level::Breaking => left.breaking += 1,
                Level::Warning => left.warning += 1,
                Level::Info => left.info += 1,
            }
        }
        left
    }

    fn add(&mut self, other: &Self) {
        self.breaking += other.breaking;
        self.warning += other.warning;
        self.info += other.info;
        self.findings += other.findings;
    }

    fn is_nothing(self) -> bool {
        self.breaking + self.warning + self.info + self.findings == 0
    }

    /// `3 breaking changes, 1 warning`
    fn words(self) -> String {
        let parts = [
            (self.breaking, "breaking change"),
            (self.warning, "warning"),
            (self.info, "further change"),
            (self.findings, "finding"),
        ];
        let told: Vec<String> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(*count, noun)).collect();
        told.join(", ")
    }
}

struct Page {
    out: String,
    left: Left,
}

impl Page {
    /// Writes a block that stands by itself, or counts what it says as left out. After the first
    /// block that does not fit nothing follows, so that what is shown is the worst without gaps.
    fn block(&mut self, text: &str, told: &Left) {
        if !self.left.is_nothing() || self.out.len() + text.len() + 2 + TAIL > LIMIT {
            self.left.add(told);
            return;
        }
        self.out.push_str(text);
        self.out.push_str("\n\n");
    }

    fn finish(mut self) -> String {
        if !self.left.is_nothing() {
            let _ = writeln!(
                self.out,
                "**Left out, since a comment holds {LIMIT} characters: {}.** The same command with `--format text` shows all.",
                self.left.words()
            );
        }
        self.out.truncate(self.out.trim_end().len());
        self.out.push('\n');
        self.out
    }

    /// Writes a list that can be folded, as much of it as there is space for.
    fn list(&mut self, title: &str, is_open: bool, lines: Vec<(String, Left)>) {
        let open = if is_open { " open" } else { "" };
        let (start, end) = (format!("<details{open}><summary>{title}</summary>\n\n"), "\n</details>\n\n");
        let mut space = LIMIT.saturating_sub(self.out.len() + start.len() + end.len() + TAIL);
        let mut shown = String::new();
        for (line, told) in lines {
            if !self.left.is_nothing() || line.len() + 1 > space {
                self.left.add(&told);
                continue;
            }
            space -= line.len() + 1;
            shown.push_str(&line);
            shown.push('\n');
        }
        if !shown.is_empty() {
            self.out.push_str(&format!("{start}{shown}{end}"));
        }
    }

    fn diff(&mut self, diff: &Diff, old: &str, new: &str, heading: &str) {
        for section in sections(diff) {
            let title = format!("{} ({})", section.kind.title(), section.causes.len());
            if section.kind == Kind::Info {
                let lines = section.causes.iter().map(|cause| (brief(cause), Left::of(cause)));
                self.list(&title, false, lines.collect());
                continue;
            }
            let mut title = format!("{heading} {title}\n\n");
            for cause in &section.causes {
                // A heading goes with the first block below it, so that none stands alone.
                let text = format!("{title}{}", told(cause, old, new));
                title.clear();
                self.block(&text, &Left::of(cause));
            }
        }
    }

    fn lint(&mut self, lint: &Lint, file: &str) {
        if lint.findings.is_empty() {
            self.block("Nothing found.", &Left::default());
        }
        for severity in Severity::ALL {
            let found = lint.findings.iter().filter(|finding| finding.severity == severity);
            let lines: Vec<(String, Left)> =
                found.map(|finding| (line(finding, file), Left { findings: 1, ..Left::default() })).collect();
            let title = format!("{severity} ({})", lines.len());
            self.list(&title, severity >= Severity::High, lines);
        }
    }

    fn check(&mut self, check: &CheckReport, file: &str) {
        let verdict = if check.accepted { "would be accepted" } else { "would be refused" };
        let version = format!("{}@{}", check.api, check.label);
        let mut head = format!("## {} in line {} {verdict}", code(&version), code(&check.line));
        for demand in check.policy.iter().filter(|demand| !demand.holds) {
            let _ = write!(
                head,
                "\n\n**Not met: {}** ({}). Way out: {}.",
                sentence(&demand.demand),
                sentence(&demand.measured),
                sentence(&demand.way_out)
            );
        }
        self.block(&head, &Left::default());
        for Compared { line, label, predecessor, diff } in &check.diffs {
            let role = if *predecessor { ", the predecessor" } else { "" };
            let (label_said, line_said) = (code(label), code(line));
            let title = format!("### Against {label_said} of line {line_said}{role}");
            self.block(&format!("{title}\n\n{} {}", sentence(&summary(diff)), step(diff)), &Left::default());
            self.diff(diff, label, file, "####");
        }
        self.block("### The document itself", &Left::default());
        self.lint(&check.lint, file);
    }
}

/// `Bump **major**, due **2.0.0**.`
fn step(diff: &Diff) -> String {
    let due = diff.due.as_ref().map_or_else(String::new, |due| format!(", due **{}**", sentence(due)));
    format!("Bump **{}**{due}.", diff.bump)
}

/// A cause in full: the sentence, then what stands behind it, folded.
fn told(cause: &Cause<'_>, old: &str, new: &str) -> String {
    let worst = cause.worst;
    let mut out = format!("**{}**", sentence(&worst.message));
    let place = match (&worst.new, &worst.old) {
        (Some(place), _) => format!(" at {}", at(new, place)),
        (None, Some(place)) => format!(" was at {}", at(old, place)),
        (None, None) => String::new(),
    };
    let _ = write!(out, "\n{}{place}", rule(worst));
    for change in cause.changes() {
        if let Some(facet) = &change.security {
            let _ = write!(
                out,
                "\nsecurity: {} {} ({}, {}, {})",
                code(&facet.rule),
                facet.effect.as_str(),
                facet.severity,
                sentence(&facet.owasp),
                sentence(&facet.cwe)
            );
        }
    }
    let mut details = String::new();
    for (number, change) in cause.changes().enumerate() {
        if number > 0 {
            let _ = write!(details, "\n\nAlso {}: {} {}", change.level, sentence(&change.message), rule(change));
        }
        if number == 0 || change.operations != worst.operations {
            let _ = write!(details, "{}", reached(&change.operations));
        }
        if let (Some(place), Some(_)) = (&change.old, &change.new)
            && number == 0
        {
            let _ = write!(details, "\n\nwas at {}", at(old, place));
        }
        if let Some(witness) = &change.witness {
            let text = message::whole(witness);
            let is_message = text.starts_with("HTTP/") || witness.request.is_some();
            let _ = write!(
                details,
                "\n\n{}: {}\n\n{}",
                message::title(witness),
                sentence(&witness.reason),
                fenced(if is_message { "http" } else { "json" }, &text)
            );
        }
        if let Some(why) = &change.undecided {
            let _ = write!(details, "\n\nNot decided: {}", sentence(why));
        }
    }
    let details = details.trim_start();
    if !details.is_empty() {
        let open = if worst.witness.is_some() { "Proof and reach" } else { "Reach" };
        let _ = write!(out, "\n\n<details><summary>{open}</summary>\n\n{details}\n\n</details>");
    }
    out
}

/// A cause in one line.
fn brief(cause: &Cause<'_>) -> String {
    format!("- {} {}", sentence(&cause.worst.message), rule(cause.worst))
}

/// A finding in one line.
fn line(finding: &Finding, file: &str) -> String {
    let place = finding.places.first().map(|place| format!(" at {}", at(file, place)));
    let more = match finding.places.len() {
        0 | 1 => String::new(),
        places => format!(" and {}", counted(places - 1, "further place")),
    };
    let (message, rule) = (sentence(&finding.message), code(&finding.rule));
    format!("- {message} {rule}{}{more}", place.unwrap_or_default())
}

/// `schema-length-narrowed` (request)
fn rule(change: &Change) -> String {
    let direction = change.direction.map_or_else(String::new, |direction| format!(" ({direction})"));
    format!("{}{direction}", code(&change.rule))
}

fn reached(operations: &[OperationName]) -> String {
    if operations.is_empty() {
        return String::new();
    }
    let named = operations.iter().take(NAMED_OPERATIONS).map(|operation| code(&operation.to_string()));
    let more = operations.len().saturating_sub(NAMED_OPERATIONS);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("\n\nin {}{more}", named.collect::<Vec<_>>().join(", "))
}

fn at(file: &str, place: &Place) -> String {
    code(&format!("{}:{}:{}", place.file_or(file), place.line, place.column))
}

/// A code span, whatever the text holds: the fence is longer than any run of ticks inside.
fn code(text: &str) -> String {
    let text = short(&text.replace(char::is_control, " "), SENTENCE_CHARS);
    if text.trim().is_empty() {
        return "` `".to_owned();
    }
    let ticks = "`".repeat(longest_run(&text) + 1);
    // A blank on both sides is taken away again, and keeps ticks at the edge apart from the fence.
    let edge = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{ticks}{edge}{text}{edge}{ticks}")
}

/// A block of code, whatever the text holds.
fn fenced(kind: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    let keep = |letter: char| if letter.is_control() && letter != '\n' { ' ' } else { letter };
    let text: String = short(text, PROOF_CHARS).chars().map(keep).collect();
    format!("{fence}{kind}\n{text}\n{fence}")
}

fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}

/// A sentence of ours with names of a document in ticks; outside of them nothing is markup.
fn sentence(text: &str) -> String {
    let text = short(&text.replace(char::is_control, " "), SENTENCE_CHARS);
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        // A name holds a tick itself, so nobody can tell where it ends.
        return escaped(&text);
    }
    let spoken = |(number, piece): (usize, &&str)| if number % 2 == 1 { code(piece) } else { escaped(piece) };
    pieces.iter().enumerate().map(spoken).collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '$' => {
                out.push('\\');
                out.push(letter);
            }
            // A blank without width keeps `@team` from calling somebody and `#7` from naming an issue.
            '@' | '#' => {
                out.push(letter);
                out.push('\u{200b}');
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_documents_is_no_markup() {
        assert_eq!(
            sentence("`a*b` is <b>bold</b>, calls @team and [links](x)"),
            "`a*b` is &lt;b&gt;bold&lt;/b&gt;, calls @\u{200b}team and \\[links\\](x)"
        );
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`x"), "`` `x ``");
        assert_eq!(code("a\nb"), "`a b`");
        assert_eq!(sentence("odd ` tick <i>"), "odd \\` tick &lt;i&gt;");
        assert_eq!(fenced("http", "a\n```\nb"), "````http\na\n```\nb\n````");
    }
}
