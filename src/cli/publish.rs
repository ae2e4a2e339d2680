//! `check` and `publish`: what a CI job runs.

use clap::{Args, ValueEnum};
use reqwest::Method;
use serde_json::Value;

use super::bounds::Bounds;
use super::client::{Remote, VersionName, progress, segment};
use super::printing::Printing;
use super::{Done, Failure, answer, input};
use crate::diff::FailOn;
use crate::report::{Answer, CheckReport};
use crate::spec::Document;

#[derive(Args)]
#[command(after_help = "Example:\n  sundial check payments/charges@1.4.0 openapi.yaml --format github")]
pub(super) struct CheckArgs {
    /// The version that would be published: NS/API@LABEL.
    version: VersionName,
    /// The document: a file, `-`, git:REV:PATH or registry:ns/api@label. Files that it refers to
    /// below its folder are joined to it.
    file: String,
    /// Put it into this line, not the one that the label names.
    #[arg(long)]
    line: Option<String>,
    #[command(flatten)]
    printing: Printing,
    /// What makes the exit code 1 beside the policy: breaking, warning, security=SEVERITY, never.
    #[arg(long, default_value = "breaking")]
    fail_on: FailOn,
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    bounds: Bounds,
}

pub(super) fn check(args: &CheckArgs) -> Done {
    let (input, document) = input::parcel(&args.file, &args.remote, &args.bounds)?;
    let path = format!("{}/check", path(&args.version));
    let query: Vec<(&str, String)> = args.line.iter().map(|line| ("line", line.clone())).collect();
    progress(&format!("checking {} ({} bytes) …", input.name, input.bytes.len()));
    let sent = args.remote.deliver(Method::POST, &path, &query, input.bytes, document.as_ref());
    let body = sent.map_err(|failure| named(failure, &input.name))?.body;
    let mut report: CheckReport = serde_json::from_slice(&body)
        .map_err(|error| Failure::Unreachable(format!("the answer is no check: {error}")))?;
    if let Some(document) = &document {
        show_authors_places(&mut report, document);
    }
    args.printing.answer(&Answer::Check { check: &report, file: &input.name })?;
    if report.fails(&args.fail_on) { Err(Failure::Findings(String::new())) } else { Ok(()) }
}

/// The registry knows the one document that it was sent; its author knows the files.
fn show_authors_places(report: &mut CheckReport, document: &Document) {
    let findings = report.lint.findings.iter_mut().flat_map(|finding| &mut finding.places);
    let changes = report.diffs.iter_mut().flat_map(|compared| &mut compared.diff.changes);
    for place in findings.chain(changes.filter_map(|change| change.new.as_mut())) {
        if let Some(node) = document.locate(&place.pointer) {
            *place = document.place(node);
        }
    }
}

/// How `publish` prints its answer.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AnswerFormat {
    Text,
    Json,
}

#[derive(Args)]
#[command(after_help = "Examples:\n  sundial publish payments/charges@1.4.0 openapi.yaml\n  \
    sundial publish payments/charges@2.0.0 openapi.yaml --draft\n  \
    sundial publish docker/engine@1.47.0 v1.47.yaml --line v1.47")]
pub(super) struct PublishArgs {
    /// The version: NS/API@LABEL.
    version: VersionName,
    /// The document: a file, `-`, git:REV:PATH or registry:ns/api@label. Files that it refers to
    /// below its folder are joined to it.
    file: String,
    /// Keep it replaceable until it is published without this flag.
    #[arg(long)]
    draft: bool,
    /// Say what would happen, and store nothing.
    #[arg(long)]
    dry_run: bool,
    /// Refuse a document that has findings of level error.
    #[arg(long)]
    strict: bool,
    /// Put it into this line, not the one that the label names.
    #[arg(long)]
    line: Option<String>,
    /// How to print the answer.
    #[arg(long, default_value = "text")]
    format: AnswerFormat,
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    bounds: Bounds,
}

pub(super) fn publish(args: &PublishArgs) -> Done {
    let (input, document) = input::parcel(&args.file, &args.remote, &args.bounds)?;
    let mut query: Vec<(&str, String)> = args.line.iter().map(|line| ("line", line.clone())).collect();
    for (name, wanted) in [("draft", args.draft), ("dry_run", args.dry_run), ("strict", args.strict)] {
        query.extend(wanted.then(|| (name, "true".to_owned())));
    }
    progress(&format!("publishing {} ({} bytes) …", input.name, input.bytes.len()));
    let sent = args.remote.deliver(Method::PUT, &path(&args.version), &query, input.bytes, document.as_ref());
    let sent = sent.map_err(|failure| named(failure, &input.name))?;
    match args.format {
        AnswerFormat::Json => answer(&sent.body),
        AnswerFormat::Text => answer(words(&sent.json()?, args.dry_run).as_bytes()),
    }
}

fn path(version: &VersionName) -> String {
    format!("/apis/{}/versions/{}", version.api, segment(&version.label))
}

/// An unreadable document is spoken of by the name that the user gave it.
fn named(failure: Failure, name: &str) -> Failure {
    match failure {
        Failure::Unreadable(text) if text.starts_with(':') => Failure::Unreadable(format!("{name}{text}")),
        Failure::Unreadable(text) => Failure::Unreadable(format!("{name}: {text}")),
        other => other,
    }
}

fn words(answer: &Value, dry_run: bool) -> String {
    let text = |name: &str| answer[name].as_str().unwrap_or_default();
    let done = match (dry_run, text("outcome")) {
        (true, "same") => "is there already",
        (true, _) => "would be published",
        (false, "same") => "was there already",
        (false, "replaced") => "replaced the draft",
        (false, _) if text("stage") == "draft" => "is kept as a draft",
        (false, _) => "is published",
    };
    let mut words =
        format!("{}@{} {done} in line {} ({})\n", text("api"), text("label"), text("line"), text("stage"));
    let diff = &answer["diff"];
    if let Some(verdict) = diff["verdict"].as_str() {
        let count = |name: &str| diff["summary"][name].as_u64().unwrap_or(0);
        words.push_str(&format!(
            "against {}: {verdict}, {} breaking, {} warnings, {} weaken security; bump {}",
            text("predecessor"),
            count("breaking"),
            count("warning"),
            count("security"),
            diff["bump"].as_str().unwrap_or("none"),
        ));
        if let Some(due) = diff["due"].as_str() {
            words.push_str(&format!(", due {due}"));
        }
        words.push('\n');
    }
    let findings: Vec<String> = answer["findings"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, count)| count.as_u64() != Some(0))
        .map(|(severity, count)| format!("{count} {severity}"))
        .collect();
    if !findings.is_empty() {
        words.push_str(&format!("findings: {}\n", findings.join(", ")));
    }
    for notice in answer["notices"].as_array().into_iter().flatten() {
        words.push_str(&format!("note: {}\n", notice["message"].as_str().unwrap_or_default()));
    }
    words
}
