//! `diff`, `lint`, `rules`, `explain`: they need no registry.

use std::path::PathBuf;

use clap::Args;

use super::bounds::Bounds;
use super::client::Remote;
use super::printing::Printing;
use super::{Done, Failure, answer, input};
use crate::clock::{Clock, Timestamp};
use crate::diff::{self, FailOn, Policy, Profile};
use crate::report::{Answer, explain as rules_list};
use crate::threads;

#[derive(Args)]
#[command(after_help = "Examples:\n  sundial diff old.yaml new.yaml\n  \
    sundial diff git:origin/main:openapi.yaml openapi.yaml --fail-on security=high\n  \
    sundial diff registry:payments/charges@1.4.0 openapi.yaml --format json")]
pub(super) struct DiffArgs {
    /// The older document: a file, `-`, git:REV:PATH or registry:ns/api@label.
    old: String,
    /// The newer document.
    new: String,
    #[command(flatten)]
    printing: Printing,
    /// What makes the exit code 1: breaking, warning, security=SEVERITY, never; several by comma.
    #[arg(long, default_value = "breaking")]
    fail_on: FailOn,
    /// The instant to judge sunset dates by, where it is not now.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// A TOML file that sets the profile and the levels of single rules.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// How strictly responses are judged, whatever the policy says.
    #[arg(long)]
    profile: Option<Profile>,
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    bounds: Bounds,
}

pub(super) fn diff(args: &DiffArgs) -> Done {
    if args.old == "-" && args.new == "-" {
        return Err(Failure::Usage("only one of the two documents can come from standard input".to_owned()));
    }
    let read = |argument: &str| input::document(argument, &args.remote, &args.bounds);
    let (new, old) = threads::both(|| read(&args.new), || read(&args.old));
    let (old, new) = (old?, new?);
    let now = args.at.unwrap_or_else(|| Clock::system().now());
    let options = diff::Options { policy: policy(args)?, ..diff::Options::at(now) };
    let diff = diff::compare(&old, &new, &options);
    args.printing.answer(&Answer::Diff { diff: &diff, old: &args.old, new: &args.new })?;
    let fails = args.fail_on.holds_for(&diff);
    // The process ends here, and the system takes everything back at once.
    std::mem::forget((old, new, diff));
    if fails { Err(Failure::Findings(String::new())) } else { Ok(()) }
}

/// What the policy file and the flags say together.
fn policy(args: &DiffArgs) -> Result<Policy, Failure> {
    let mut policy = Policy::default();
    if let Some(path) = &args.policy {
        let refuse = |why: String| Failure::Usage(format!("{}: {why}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?;
        policy = Policy::read(&text).map_err(|error| refuse(error.to_string()))?;
    }
    policy.profile = args.profile.unwrap_or(policy.profile);
    Ok(policy)
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  sundial lint openapi.yaml\n  sundial lint - --format json < openapi.json"
)]
pub(super) struct LintArgs {
    /// The document: a file, `-`, git:REV:PATH or registry:ns/api@label.
    file: String,
    #[command(flatten)]
    printing: Printing,
    /// What makes the exit code 1: security=SEVERITY, warning, never; by default errors.
    #[arg(long)]
    fail_on: Option<FailOn>,
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    bounds: Bounds,
}

pub(super) fn lint(args: &LintArgs) -> Done {
    let document = input::document(&args.file, &args.remote, &args.bounds)?;
    let lint = crate::lint::lint(&document);
    args.printing.answer(&Answer::Lint { lint: &lint, file: &args.file })?;
    let fails =
        args.fail_on.as_ref().map_or_else(|| lint.has_errors(), |fail_on| fail_on.holds_for_lint(&lint));
    if fails { Err(Failure::Findings(String::new())) } else { Ok(()) }
}

#[derive(Args)]
pub(super) struct RulesArgs {
    /// How to print them.
    #[arg(long, default_value = "text", value_parser = ["text", "json"])]
    format: String,
}

pub(super) fn rules(args: &RulesArgs) -> Done {
    let rules = rules_list::all();
    if args.format == "json" {
        let json = serde_json::to_vec_pretty(&rules).map_err(|error| Failure::Usage(error.to_string()))?;
        return answer(&json);
    }
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let lines: String = rules.iter().map(|rule| format!("{:width$}  {}\n", rule.id, rule.title)).collect();
    answer(lines.as_bytes())
}

#[derive(Args)]
#[command(after_help = "Example:\n  sundial explain property-became-required")]
pub(super) struct ExplainArgs {
    /// Id of the rule.
    rule: String,
}

pub(super) fn explain(args: &ExplainArgs) -> Done {
    match rules_list::find(&args.rule) {
        Some(rule) => answer(rules_list::text(&rule).as_bytes()),
        None => Err(Failure::Usage(format!("there is no rule `{}`; `sundial rules` lists them", args.rule))),
    }
}
