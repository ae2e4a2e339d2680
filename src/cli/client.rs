//! The registry over HTTP, and its problems as failures with the right exit code.

use std::io::IsTerminal;
use std::time::Duration;

use clap::Args;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde_json::Value;

use super::{Failure, block_on};
use crate::spec::{Document, Place};

/// How a command reaches its registry.
#[derive(Args, Clone, Debug)]
pub(super) struct Remote {
    /// URL of the registry.
    #[arg(long, env = "SUNDIAL_URL", default_value = "http://127.0.0.1:8080", value_name = "URL")]
    url: String,
    /// Token to send; better in the environment than on the command line, where others can read it.
    #[arg(long, env = "SUNDIAL_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<String>,
}

/// An answer of the registry.
pub(super) struct Answer {
    /// Its body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub(super) fn json(&self) -> Result<Value, Failure> {
        serde_json::from_slice(&self.body).map_err(|error| {
            Failure::Unreachable(format!(
                "the answer is no JSON ({error}); is the URL that of a Sundial registry?"
            ))
        })
    }
}

/// How long the registry may take to answer, a publish of a large document included.
const ANSWER_FOR: Duration = Duration::from_secs(180);
/// How long a connection may take.
const CONNECT_FOR: Duration = Duration::from_secs(10);

impl Remote {
    /// Asks, and returns the answer of a success.
    pub(super) fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Answer, Failure> {
        self.call(Method::GET, path, query, None)
    }

    /// Sends JSON, and returns the answer of a success.
    pub(super) fn send(&self, method: Method, path: &str, body: &impl Serialize) -> Result<Answer, Failure> {
        let body = serde_json::to_vec(body).map_err(|error| Failure::Usage(error.to_string()))?;
        self.call(method, path, &[], Some(body))
    }

    /// Sends a request below `/api/v1`.
    pub(super) fn call(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        body: Option<Vec<u8>>,
    ) -> Result<Answer, Failure> {
        self.ask(method, path, query, body, None)
    }

    /// Sends a document; the places of a refusal are those of the files that it was joined from.
    pub(super) fn deliver(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        bytes: Vec<u8>,
        joined: Option<&Document>,
    ) -> Result<Answer, Failure> {
        self.ask(method, path, query, Some(bytes), joined)
    }

    fn ask(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        body: Option<Vec<u8>>,
        joined: Option<&Document>,
    ) -> Result<Answer, Failure> {
        let url = format!("{}/api/v1{path}", self.url.trim_end_matches('/'));
        let mut headers = HeaderMap::new();
        if let Some(token) = &self.token {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", token.trim()))
                .map_err(|_| Failure::Usage("the token holds characters that no token has".to_owned()))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        block_on(async {
            let unreachable = |error: reqwest::Error| unreachable(&self.url, &error);
            let client = reqwest::Client::builder()
                .timeout(ANSWER_FOR)
                .connect_timeout(CONNECT_FOR)
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .map_err(unreachable)?;
            let mut request = client.request(method, &url).headers(headers).query(query);
            if let Some(body) = body {
                request = request.body(body);
            }
            let response = request.send().await.map_err(unreachable)?;
            let status = response.status();
            let body = response.bytes().await.map_err(unreachable)?.to_vec();
            if status.is_success() { Ok(Answer { body }) } else { Err(failure(status, &body, joined)) }
        })
    }
}

fn unreachable(url: &str, error: &reqwest::Error) -> Failure {
    // The sentence that helps stands at the end of the chain: "connection refused", "invalid URL".
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    if error.is_builder() {
        return Failure::Usage(format!("`{url}` is no URL of a registry: {cause}"));
    }
    Failure::Unreachable(format!("the registry at {url} cannot be reached: {cause}"))
}

/// A problem (RFC 9457) as a failure.
fn failure(status: StatusCode, body: &[u8], joined: Option<&Document>) -> Failure {
    let problem: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| problem[name].as_str().unwrap_or_default();
    if text("title").is_empty() {
        return Failure::Unreachable(format!("the registry answered {status} without saying why"));
    }
    let sentence = format!("{}: {}", text("title"), text("detail"));
    let kind = text("type").rsplit('/').next().unwrap_or_default();
    match (status.as_u16(), kind) {
        (_, "document-unreadable" | "document-too-large") => {
            Failure::Unreadable(placed(&problem).unwrap_or(sentence))
        }
        (_, "policy-unmet" | "findings-of-level-error") => {
            Failure::Findings(refusal(&sentence, &problem, joined))
        }
        (401 | 403, _) => Failure::Denied(sentence),
        (409 | 412, _) => Failure::Conflict(sentence),
        (400..=499, _) => Failure::Usage(sentence),
        _ => Failure::Unreachable(sentence),
    }
}

/// What stands where in the document, to be put behind its name: `:3:7: what is wrong`.
fn placed(problem: &Value) -> Option<String> {
    let error = problem["errors"].as_array()?.first()?;
    let (line, column) = (error["line"].as_u64()?, error["column"].as_u64()?);
    let mut text = format!(":{line}:{column}: {}", error["message"].as_str()?);
    if let Some(pointer) = error["pointer"].as_str().filter(|pointer| !pointer.is_empty()) {
        text.push_str(&format!("\n  at {pointer}"));
    }
    if let Some(way_out) = problem["way_out"].as_str() {
        text.push_str(&format!("\n  {way_out}"));
    }
    Some(text)
}

/// Most single errors that are printed.
const ERRORS: usize = 20;

/// A policy's no with its demands and what stands against them.
fn refusal(sentence: &str, problem: &Value, joined: Option<&Document>) -> String {
    let mut text = sentence.to_owned();
    let list = |name: &str| problem[name].as_array().map(Vec::as_slice).unwrap_or_default();
    for demand in list("policy").iter().filter(|demand| demand["holds"] == false) {
        let part = |name: &str| demand[name].as_str().unwrap_or_default().to_owned();
        text.push_str(&format!("\n  {}: {}; {}", part("demand"), part("measured"), part("way_out")));
    }
    let errors = list("errors");
    for error in errors.iter().take(ERRORS) {
        let written = joined.and_then(|document| {
            let node = document.locate(error["pointer"].as_str()?)?;
            Some(document.place(node))
        });
        let place = match (written, &error["line"], &error["column"]) {
            (Some(Place { file: Some(file), line, column, .. }), ..) => format!("{file}:{line}:{column}: "),
            (Some(Place { line, column, .. }), ..) => format!("{line}:{column}: "),
            (None, Value::Number(line), Value::Number(column)) => format!("{line}:{column}: "),
            _ => String::new(),
        };
        let part = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        text.push_str(&format!("\n  {place}{} [{}]", part("message"), part("rule")));
    }
    if errors.len() > ERRORS {
        text.push_str(&format!("\n  … and {} more", errors.len() - ERRORS));
    }
    text
}

/// Says on stderr what takes a while; quiet where nobody watches.
pub(super) fn progress(text: &str) {
    if std::io::stderr().is_terminal() {
        eprintln!("{text}");
    }
}

/// `namespace/name`.
pub(super) fn api_name(text: &str) -> Result<String, String> {
    match text.split_once('/') {
        Some((namespace, name)) if !namespace.is_empty() && !name.is_empty() && !name.contains('/') => {
            Ok(text.to_owned())
        }
        _ => Err("an API is named namespace/name, such as payments/charges".to_owned()),
    }
}

/// `namespace/name@label`.
#[derive(Clone, Debug)]
pub(super) struct VersionName {
    /// `namespace/name`.
    pub api: String,
    /// Label.
    pub label: String,
}

impl std::str::FromStr for VersionName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "a version is named namespace/name@label, such as payments/charges@1.4.0".to_owned();
        let (api, label) = text.split_once('@').ok_or_else(wrong)?;
        let api = api_name(api).map_err(|_| wrong())?;
        if label.is_empty() { Err(wrong()) } else { Ok(Self { api, label: label.to_owned() }) }
    }
}

/// A segment of a path, escaped.
pub(super) fn segment(text: &str) -> String {
    const PLAIN: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    percent_encoding::utf8_percent_encode(text, PLAIN).to_string()
}
