//! Workflow commands of GitHub Actions: annotations beside the lines of a pull request.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step, in the order printed, and drops
//! the rest in silence; so the worst come first and the last line counts what is not shown.

use std::fmt::Write;

use super::cause::causes;
use super::{Answer, Colour, Format, counted, message, short};
use crate::diff::{Change, Diff, Level};
use crate::lint::{Lint, Severity};
use crate::spec::Place;

/// The format.
pub static FORMAT: Format = Format { name: "github", media_type: "text/plain; charset=utf-8", write };

/// A request that proves a break is cut beyond so many characters.
const PROOF_CHARS: usize = 400;

/// Annotations of one kind that a step shows.
const SHOWN: usize = 10;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Error,
    Warning,
    Notice,
}

impl Kind {
    const fn command(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

struct Annotation {
    kind: Kind,
    file: String,
    place: Option<Place>,
    title: String,
    message: String,
}

fn write(answer: &Answer<'_>, _: Colour) -> String {
    let mut annotations = Vec::new();
    match answer {
        Answer::Diff { diff, old, new } => of_diff(diff, old, new, &mut annotations),
        Answer::Lint { lint, file } => of_lint(lint, file, &mut annotations),
        Answer::Check { check, file } => {
            for demand in check.policy.iter().filter(|demand| !demand.holds) {
                annotations.push(Annotation {
                    kind: Kind::Error,
                    file: (*file).to_owned(),
                    place: None,
                    title: demand.demand.clone(),
                    message: format!("{}. Way out: {}", demand.measured, demand.way_out),
                });
            }
            for compared in &check.diffs {
                of_diff(&compared.diff, &compared.label, file, &mut annotations);
            }
            of_lint(&check.lint, file, &mut annotations);
        }
    }
    annotations.sort_by_key(|annotation| annotation.kind);
    let mut out = String::new();
    let mut printed = [0_usize; 3];
    let mut left = 0;
    for annotation in &annotations {
        let count = &mut printed[annotation.kind as usize];
        *count += 1;
        if *count > SHOWN {
            left += 1;
        } else {
            print(annotation, &mut out);
        }
    }
    if left > 0 {
        let _ =
            writeln!(out, "{} not shown here, see the report in text or JSON", counted(left, "annotation"));
    }
    out
}

/// One annotation for one cause: of ten that are shown, none is spent on saying the same again.
fn of_diff(diff: &Diff, old: &str, new: &str, annotations: &mut Vec<Annotation>) {
    for cause in causes(diff) {
        let worst = cause.worst;
        // What is gone has no line in the file that the pull request shows.
        let (place, was) = match (&worst.new, &worst.old) {
            (Some(place), _) => (Some(place.clone()), String::new()),
            (None, Some(place)) => {
                (None, format!(" (was {}:{}:{})", place.file_or(old), place.line, place.column))
            }
            (None, None) => (None, String::new()),
        };
        let mut lines = vec![told(worst, &was)];
        lines.extend(proof(worst));
        for other in &cause.others {
            lines.push(format!("Also {}: {} [{}]", other.level, told(other, ""), other.rule));
            lines.extend(proof(other));
        }
        annotations.push(Annotation {
            kind: cause.changes().map(kind).min().unwrap_or(Kind::Notice),
            file: new.to_owned(),
            place,
            title: worst.rule.to_string(),
            message: lines.join("\n"),
        });
    }
}

fn told(change: &Change, was: &str) -> String {
    let reach = match change.operations.as_slice() {
        [] => String::new(),
        [one] => format!(" in {one}"),
        [first, rest @ ..] => format!(" in {first} and {} more", rest.len()),
    };
    let security = change.security.as_ref().map_or_else(String::new, |facet| {
        format!("; security: {} ({}, {})", facet.rule, facet.effect.as_str(), facet.severity)
    });
    format!("{}{reach}{was}{security}", change.message)
}

/// The proof in two lines, or why there is none.
fn proof(change: &Change) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(witness) = &change.witness {
        lines.push(format!("Proof: {}", short(&message::brief(witness), PROOF_CHARS)));
        lines.push(witness.reason.clone());
    }
    lines.extend(change.undecided.iter().map(|why| format!("Not decided: {why}")));
    lines
}

fn kind(change: &Change) -> Kind {
    let grave = |severity: Severity| severity >= Severity::High;
    let weakens = change.security.as_ref().is_some_and(|facet| change.weakens() && grave(facet.severity));
    match change.level {
        Level::Breaking => Kind::Error,
        Level::Warning => Kind::Warning,
        Level::Info if weakens => Kind::Warning,
        Level::Info => Kind::Notice,
    }
}

fn of_lint(lint: &Lint, file: &str, annotations: &mut Vec<Annotation>) {
    for finding in &lint.findings {
        annotations.push(Annotation {
            kind: match finding.severity {
                Severity::Critical | Severity::High => Kind::Error,
                Severity::Medium | Severity::Low => Kind::Warning,
                Severity::Info => Kind::Notice,
            },
            file: file.to_owned(),
            place: finding.places.first().cloned(),
            title: finding.rule.to_string(),
            message: finding.message.clone(),
        });
    }
}

fn print(annotation: &Annotation, out: &mut String) {
    let file = annotation.place.as_ref().map_or(&*annotation.file, |place| place.file_or(&annotation.file));
    let _ = write!(out, "::{} file={}", annotation.kind.command(), property(file));
    if let Some(place) = &annotation.place {
        let _ = write!(out, ",line={},col={}", place.line, place.column);
    }
    let _ = writeln!(out, ",title={}::{}", property(&annotation.title), data(&annotation.message));
}

/// Text after the second `::`; an unescaped line break would start another command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text in a property, where `:` and `,` end it too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
