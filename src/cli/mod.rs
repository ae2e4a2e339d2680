//! The command line: thin, one file a family of commands.
//!
//! On stdout stands the answer alone, everything else goes to stderr. Exit codes tell "breaking"
//! from "crashed": 0 fine, 1 findings or policy, 2 wrong usage, 3 document unreadable, 4 not
//! allowed, 5 conflict, 6 undecided, 7 registry not reachable.

mod bounds;
mod bundle;
mod client;
mod contains;
mod input;
mod judge;
mod manage;
mod parts;
mod printing;
mod publish;
mod serve;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Why a command ends without having done its job. Each variant is one exit code.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Findings at or above the threshold, or a policy said no. The report has been printed.
    #[error("{0}")]
    Findings(String),
    /// Wrong usage.
    #[error("{0}")]
    Usage(String),
    /// A document cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// Not allowed.
    #[error("{0}")]
    Denied(String),
    /// It clashes with what is there.
    #[error("{0}")]
    Conflict(String),
    /// It could not be decided. The reason has been printed.
    #[error("{0}")]
    Undecided(String),
    /// The registry cannot be reached, or failed.
    #[error("{0}")]
    Unreachable(String),
}

impl Failure {
    fn code(&self) -> u8 {
        match self {
            Self::Findings(_) => 1,
            Self::Usage(_) => 2,
            Self::Unreadable(_) => 3,
            Self::Denied(_) => 4,
            Self::Conflict(_) => 5,
            Self::Undecided(_) => 6,
            Self::Unreachable(_) => 7,
        }
    }
}

/// Result of a command.
pub type Done = Result<(), Failure>;

/// Writes an answer to stdout, and the line end where it has none.
fn answer(bytes: &[u8]) -> Done {
    pass_on(bytes)?;
    if bytes.last().is_some_and(|last| *last != b'\n') { pass_on(b"\n") } else { Ok(()) }
}

/// Writes bytes to stdout as they are; a reader that has gone away (`| head`) is no failure.
fn pass_on(bytes: &[u8]) -> Done {
    use std::io::Write;
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Usage(format!("writing the answer: {error}")))
        }
        _ => Ok(()),
    }
}

#[derive(Parser)]
#[command(
    name = "sundial",
    version,
    about = "A registry for API versions and their lifecycle",
    after_help = "Exit codes: 0 fine, 1 findings or policy said no, 2 wrong usage, 3 document unreadable,\n\
                  4 not allowed, 5 conflict, 6 undecided, 7 registry not reachable.\n\n\
                  Examples:\n  sundial serve --demo\n  sundial diff old.yaml new.yaml\n  \
                  sundial publish payments/charges@1.4.0 openapi.yaml"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the registry.
    Serve(serve::Serve),
    /// Compare two documents.
    Diff(judge::DiffArgs),
    /// Judge one document.
    Lint(judge::LintArgs),
    /// Ask whether one schema holds all values of another.
    Contains(contains::ContainsArgs),
    /// Join a document of several files into one.
    Bundle(bundle::BundleArgs),
    /// Say what a publish would say, and store nothing.
    Check(publish::CheckArgs),
    /// Publish a version.
    Publish(publish::PublishArgs),
    /// List and show APIs.
    #[command(subcommand)]
    Api(manage::ApiCommand),
    /// List versions, show one, fetch its document.
    #[command(subcommand)]
    Version(manage::VersionCommand),
    /// Deprecate, sunset, block.
    #[command(subcommand)]
    Lifecycle(manage::LifecycleCommand),
    /// Say where the calls of a line arrive.
    #[command(subcommand)]
    Route(manage::RouteCommand),
    /// Choose a namespace's policy.
    #[command(subcommand)]
    Policy(manage::PolicyCommand),
    /// List the rules of diff and lint.
    Rules(judge::RulesArgs),
    /// Explain a rule.
    Explain(judge::ExplainArgs),
    /// Look after a registry's store.
    #[command(subcommand)]
    Admin(manage::AdminCommand),
    /// Print completions for a shell.
    #[command(after_help = "Example:\n  sundial completions bash > /etc/bash_completion.d/sundial")]
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Parses the arguments and runs the command; the answer goes to stdout, a failure to stderr.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // A closed pipe is nobody's fault.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match dispatch(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let text = failure.to_string();
            if !text.is_empty() {
                eprintln!("sundial: {text}");
            }
            ExitCode::from(failure.code())
        }
    }
}

fn dispatch(command: Command) -> Done {
    match command {
        Command::Serve(args) => serve::run(args),
        Command::Diff(args) => judge::diff(&args),
        Command::Lint(args) => judge::lint(&args),
        Command::Contains(args) => contains::contains(&args),
        Command::Bundle(args) => bundle::bundle(&args),
        Command::Rules(args) => judge::rules(&args),
        Command::Explain(args) => judge::explain(&args),
        Command::Check(args) => publish::check(&args),
        Command::Publish(args) => publish::publish(&args),
        Command::Api(command) => manage::api(&command),
        Command::Version(command) => manage::version(&command),
        Command::Lifecycle(command) => manage::lifecycle(&command),
        Command::Route(command) => manage::route(&command),
        Command::Policy(command) => manage::policy(&command),
        Command::Admin(command) => manage::admin(&command),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "sundial", &mut text);
            answer(&text)
        }
    }
}

/// Runs asynchronous work to its end.
fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Usage(format!("starting the runtime: {error}")))?;
    runtime.block_on(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_of_commands_is_sound() {
        Cli::command().debug_assert();
    }
}
