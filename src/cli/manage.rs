//! `api`, `version`, `lifecycle`, `route`, `policy`, `admin`.

use std::collections::BTreeMap;

use clap::{Args, Subcommand, ValueEnum};
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{Remote, VersionName, api_name, segment};
use super::{Done, Failure, answer, block_on};
use crate::clock::Timestamp;
use crate::registry;
use crate::store::{Access, AuditFault, Store};

/// How an answer is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Print {
    Text,
    Json,
}

#[derive(Args)]
pub(super) struct Printed {
    /// How to print the answer.
    #[arg(long, default_value = "text")]
    format: Print,
    #[command(flatten)]
    remote: Remote,
}

impl Printed {
    /// Prints an answer as it came, or in words.
    fn print(&self, body: &super::client::Answer, words: impl Fn(&Value) -> String) -> Done {
        match self.format {
            Print::Json => answer(&body.body),
            Print::Text => answer(words(&body.json()?).as_bytes()),
        }
    }
}

#[derive(Subcommand)]
pub(super) enum ApiCommand {
    /// List APIs, those whose name or title holds a text.
    List {
        /// The text.
        #[arg(default_value = "")]
        text: String,
        #[command(flatten)]
        printed: Printed,
    },
    /// Show an API with its lines.
    Show {
        /// The API: NS/API.
        #[arg(value_parser = api_name)]
        api: String,
        #[command(flatten)]
        printed: Printed,
    },
}

pub(super) fn api(command: &ApiCommand) -> Done {
    match command {
        ApiCommand::List { text, printed } => {
            let body = printed.remote.get("/apis", &[("q", text.clone()), ("limit", "200".to_owned())])?;
            printed.print(&body, |page| {
                rows(&page["items"], "no API\n", |api| {
                    let stages: Vec<String> = items(&api["lines"])
                        .map(|line| format!("{} {}", word(&line["line"]), word(&line["stage"])))
                        .collect();
                    format!("{}  {}  {}", word(&api["api"]), word(&api["newest"]["label"]), stages.join(", "))
                })
            })
        }
        ApiCommand::Show { api, printed } => {
            let body = printed.remote.get(&format!("/apis/{api}"), &[])?;
            printed.print(&body, |api| {
                let head =
                    format!("{}: {} ({})\n", word(&api["api"]), word(&api["title"]), word(&api["scheme"]));
                head + rows(&api["lines"], "no line\n", line_words).as_str()
            })
        }
    }
}

#[derive(Subcommand)]
pub(super) enum VersionCommand {
    /// List the versions of an API.
    List {
        /// The API: NS/API.
        #[arg(value_parser = api_name)]
        api: String,
        #[command(flatten)]
        printed: Printed,
    },
    /// Show a version.
    Show {
        /// The version: NS/API@LABEL.
        version: VersionName,
        #[command(flatten)]
        printed: Printed,
    },
    /// Print the exact bytes of a version's document.
    Document {
        /// The version: NS/API@LABEL.
        version: VersionName,
        #[command(flatten)]
        remote: Remote,
    },
}

pub(super) fn version(command: &VersionCommand) -> Done {
    let path = |version: &VersionName| format!("/apis/{}/versions/{}", version.api, segment(&version.label));
    let words = |version: &Value| {
        format!(
            "{}  line {}  {}  OpenAPI {}  {}  {}",
            word(&version["label"]),
            word(&version["line"]),
            word(&version["stage"]),
            word(&version["format"]),
            word(&version["published_at"]),
            version["diff"]["verdict"].as_str().unwrap_or("first"),
        )
    };
    match command {
        VersionCommand::List { api, printed } => {
            let body = printed.remote.get(&format!("/apis/{api}/versions"), &[])?;
            printed.print(&body, |page| rows(&page["items"], "no version\n", words))
        }
        VersionCommand::Show { version, printed } => {
            let body = printed.remote.get(&path(version), &[])?;
            printed.print(&body, |version| {
                format!(
                    "{}\nsha256 {}, {} bytes, {} operations\n",
                    words(version),
                    word(&version["sha256"]),
                    version["size_bytes"],
                    version["operations"]
                )
            })
        }
        VersionCommand::Document { version, remote } => {
            use std::io::Write;
            let body = remote.get(&format!("{}/document", path(version)), &[])?.body;
            std::io::stdout().write_all(&body).map_err(|error| Failure::Usage(error.to_string()))
        }
    }
}

#[derive(Subcommand)]
pub(super) enum LifecycleCommand {
    /// Set dates, successor and links of a line, or of one version (@LABEL). What is not named stays.
    #[command(
        after_help = "Examples:\n  sundial lifecycle set payments/charges v1 --deprecated-at 2027-01-01 --sunset-at 2027-07-01 --successor v2\n  \
        sundial lifecycle set payments/charges @1.2.0 --sunset-at 2027-03-31 --reason 'miscounts refunds'"
    )]
    Set(SetArgs),
    /// Show the lines of an API.
    Show {
        /// The API: NS/API.
        #[arg(value_parser = api_name)]
        api: String,
        #[command(flatten)]
        printed: Printed,
    },
    /// Refuse all calls of a line at once.
    Block(BlockArgs),
    /// Lift a block.
    Unblock(BlockArgs),
}

#[derive(Args)]
pub(super) struct SetArgs {
    /// The API: NS/API.
    #[arg(value_parser = api_name)]
    api: String,
    /// A line, or @LABEL for a single version.
    subject: String,
    /// From when on it is deprecated: RFC 3339, or a date for the end of that day in UTC.
    #[arg(long, value_name = "TIME")]
    deprecated_at: Option<Timestamp>,
    /// From when on it is retired.
    #[arg(long, value_name = "TIME")]
    sunset_at: Option<Timestamp>,
    /// The line to use instead.
    #[arg(long, value_name = "LINE")]
    successor: Option<String>,
    /// A page, such as deprecation=https://docs.example.com/v1; may be given several times.
    #[arg(long, value_name = "REL=URL", value_parser = link)]
    link: Vec<(String, String)>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Accept past dates and short notice; the audit trail shows it.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    printed: Printed,
}

#[derive(Args)]
pub(super) struct BlockArgs {
    /// The API: NS/API.
    #[arg(value_parser = api_name)]
    api: String,
    /// The line.
    line: String,
    /// Why; callers will read it.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    printed: Printed,
}

fn link(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((rel, url)) if !rel.is_empty() && !url.is_empty() => Ok((rel.to_owned(), url.to_owned())),
        _ => Err("a link is REL=URL, such as deprecation=https://docs.example.com/v1".to_owned()),
    }
}

pub(super) fn lifecycle(command: &LifecycleCommand) -> Done {
    match command {
        LifecycleCommand::Set(args) => set(args),
        LifecycleCommand::Show { api, printed } => {
            let body = printed.remote.get(&format!("/apis/{api}/lines"), &[])?;
            printed.print(&body, |page| rows(&page["items"], "no line\n", line_words))
        }
        LifecycleCommand::Block(args) => block(args, "block"),
        LifecycleCommand::Unblock(args) => block(args, "unblock"),
    }
}

fn set(args: &SetArgs) -> Done {
    let named = |path: String| format!("/apis/{}/{path}", args.api);
    let (path, present) = match args.subject.strip_prefix('@') {
        Some(label) => {
            let path = named(format!("versions/{}", segment(label)));
            let version = args.printed.remote.get(&path, &[])?.json()?;
            (path, version["schedule"].clone())
        }
        None => {
            let path = named(format!("lines/{}", segment(&args.subject)));
            (path.clone(), args.printed.remote.get(&path, &[])?.json()?)
        }
    };
    let kept = |name: &str| present[name].clone();
    let or_kept = |given: Option<Value>, name: &str| given.unwrap_or_else(|| kept(name));
    let mut links: BTreeMap<String, Value> = kept("links")
        .as_object()
        .into_iter()
        .flatten()
        .map(|(rel, url)| (rel.clone(), url.clone()))
        .collect();
    links.extend(args.link.iter().map(|(rel, url)| (rel.clone(), json!(url))));
    let body = json!({
        "deprecated_at": or_kept(args.deprecated_at.map(|at| json!(at)), "deprecated_at"),
        "sunset_at": or_kept(args.sunset_at.map(|at| json!(at)), "sunset_at"),
        "successor": or_kept(args.successor.as_ref().map(|line| json!(line)), "successor"),
        "links": links,
        "reason": or_kept(args.reason.as_ref().map(|reason| json!(reason)), "reason"),
        "force": args.force,
    });
    let body = args.printed.remote.send(Method::PUT, &format!("{path}/lifecycle"), &body)?;
    args.printed.print(&body, |view| {
        if view["label"].is_string() {
            format!("@{}  {}\n", word(&view["label"]), word(&view["stage"]))
        } else {
            line_words(view) + "\n"
        }
    })
}

fn block(args: &BlockArgs, verb: &str) -> Done {
    let path = format!("/apis/{}/lines/{}/{verb}", args.api, segment(&args.line));
    let body = args.printed.remote.send(Method::POST, &path, &json!({ "reason": args.reason }))?;
    args.printed.print(&body, |line| line_words(line) + "\n")
}

#[derive(Subcommand)]
pub(super) enum RouteCommand {
    /// Name the route of a line, in place of what its documents say.
    #[command(
        after_help = "Example:\n  sundial route set payments/charges v1 --host api.example.com --path /charges --header Api-Version=1"
    )]
    Set {
        /// The API: NS/API.
        #[arg(value_parser = api_name)]
        api: String,
        /// The line.
        line: String,
        /// Host of the calls.
        #[arg(long)]
        host: String,
        /// Base path of the calls.
        #[arg(long, value_name = "PREFIX")]
        path: String,
        /// Header that selects the line.
        #[arg(long, value_name = "NAME=VALUE")]
        header: Option<String>,
        /// Query parameter that selects the line.
        #[arg(long, value_name = "NAME=VALUE")]
        query: Option<String>,
        #[command(flatten)]
        printed: Printed,
    },
}

pub(super) fn route(command: &RouteCommand) -> Done {
    let RouteCommand::Set { api, line, host, path, header, query, printed } = command;
    let items = json!({ "items": [{ "host": host, "path": path, "header": header, "query": query }] });
    let url = format!("/apis/{api}/lines/{}/routes", segment(line));
    let body = printed.remote.send(Method::PUT, &url, &items)?;
    printed.print(&body, |line| line_words(line) + "\n")
}

#[derive(Subcommand)]
pub(super) enum PolicyCommand {
    /// Set the policy preset of a namespace.
    #[command(after_help = "Example:\n  sundial policy set payments guarded")]
    Set {
        /// The namespace.
        namespace: String,
        /// The preset: observe or guarded.
        #[arg(value_parser = ["observe", "guarded"])]
        preset: String,
        #[command(flatten)]
        printed: Printed,
    },
}

pub(super) fn policy(command: &PolicyCommand) -> Done {
    let PolicyCommand::Set { namespace, preset, printed } = command;
    let url = format!("/namespaces/{}/policy", segment(namespace));
    let body = printed.remote.send(Method::PUT, &url, &json!({ "preset": preset }))?;
    printed.print(&body, |policy| format!("{namespace}: {}\n", word(&policy["preset"])))
}

#[derive(Subcommand)]
pub(super) enum AdminCommand {
    /// Check the audit trail: every row's hash and the chain of them. Needs no server.
    #[command(after_help = "Example:\n  sundial admin verify-audit --database sqlite:sundial.db")]
    VerifyAudit {
        /// Where the registry keeps its data.
        #[arg(long, env = "SUNDIAL_DATABASE", default_value = "sqlite:sundial.db", value_name = "URL")]
        database: String,
    },
}

pub(super) fn admin(command: &AdminCommand) -> Done {
    let AdminCommand::VerifyAudit { database } = command;
    let verdict = block_on(async {
        let failed = |error: &dyn std::fmt::Display| Failure::Unreachable(format!("{database}: {error}"));
        let store = Store::open(database, Access::Inspect).await.map_err(|error| failed(&error))?;
        registry::verify_audit(&store).await.map_err(|error| failed(&error))
    })?;
    match verdict.fault {
        None => answer(format!("the audit trail holds: {} rows\n", verdict.rows).as_bytes()),
        Some((seq, fault)) => {
            let what = match fault {
                AuditFault::Edited => "was altered: its hash does not fit its content",
                AuditFault::PersonalEdited => "was altered: its personal details do not fit their digest",
                AuditFault::Broken => "does not follow the row before it: a row was dropped or moved",
                AuditFault::Cut => "is the last one there, but more were written: the end was cut off",
                AuditFault::Unreadable => "cannot be read",
            };
            answer(format!("row {seq} {what}\n").as_bytes())?;
            Err(Failure::Findings(format!("the audit trail does not hold from row {seq} on")))
        }
    }
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn rows(list: &Value, empty: &str, row: impl Fn(&Value) -> String) -> String {
    let text: String = items(list).map(|item| row(item) + "\n").collect();
    if text.is_empty() { empty.to_owned() } else { text }
}

/// A text as it is, and a dash for what is not there.
fn word(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

fn line_words(line: &Value) -> String {
    let mut words =
        format!("{}  {}  current {}", word(&line["line"]), word(&line["stage"]), word(&line["current"]));
    for (name, title) in [
        ("deprecated_at", "deprecated"),
        ("sunset_at", "sunset"),
        ("successor", "successor"),
        ("reason", "reason"),
    ] {
        if let Some(text) = line[name].as_str() {
            words.push_str(&format!("  {title} {text}"));
        }
    }
    for route in items(&line["routes"]) {
        words.push_str(&format!("\n    {}{}", word(&route["host"]), word(&route["path"])));
        for (name, title) in [("header", "header"), ("query", "query")] {
            if let Some(text) = route[name].as_str() {
                words.push_str(&format!(" {title} {text}"));
            }
        }
    }
    words
}
