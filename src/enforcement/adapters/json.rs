//! The JSON of decide: one question or a batch, for gateways with a language of their own.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CheckBroken, broken};
use crate::clock::Timestamp;
use crate::enforcement::{Ask, AskHeaders, Decision, Snapshot, Verdict, decide};
use crate::lifecycle::Stage;

/// The most questions in one batch.
pub const BATCH_LIMIT: usize = 1000;

/// One question.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AskJson {
    /// The method; GET where it is left out.
    pub method: Option<String>,
    /// `http` or `https`; told for completeness, it decides nothing.
    pub scheme: Option<String>,
    /// The host that the caller named.
    pub host: String,
    /// The path before anybody decoded it, `/` where it is left out; may carry the query.
    pub path: Option<String>,
    /// The query, without `?`.
    pub query: Option<String>,
    /// Headers of the caller that may matter: those that select versions, and for preflights
    /// `origin` and `access-control-request-method`.
    pub headers: BTreeMap<String, String>,
    /// The calling application as the gateway knows it.
    pub consumer: Option<String>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionJson {
    /// What to do.
    pub decision: Verdict,
    /// The status for the caller: 200 stands for whatever the API answers.
    pub status: u16,
    /// `namespace/name`.
    pub api: Option<String>,
    /// The line that is called.
    pub line: Option<String>,
    /// The label of the line's current version.
    pub version: Option<String>,
    /// `GET /charges/{id}`.
    pub operation: Option<String>,
    /// The stage of the line as callers see it.
    pub stage: Option<Stage>,
    /// Why, in a sentence.
    pub reason: String,
    /// Headers for the caller's response, names in lower case.
    pub headers: serde_json::Map<String, Value>,
    /// The body of a refusal (RFC 9457).
    pub problem: Option<Value>,
    /// The number of the snapshot that was read.
    pub snapshot: u64,
}

/// What stands in the body of decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// One question.
    Single(Box<AskJson>),
    /// `{"requests": [...]}`.
    Batch(Vec<AskJson>),
}

/// The answer to a batch, in its order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchJson {
    /// One for each request.
    pub decisions: Vec<DecisionJson>,
}

impl AskJson {
    /// The question as [`decide`] takes it.
    #[must_use]
    pub fn ask(&self) -> Ask<'_> {
        let target = self.path.as_deref().filter(|path| !path.is_empty());
        Ask {
            method: self.method.as_deref().unwrap_or("GET"),
            host: self.host.as_bytes(),
            target: target.unwrap_or("/").as_bytes(),
            further_targets: Vec::new(),
            query: self.query.as_deref().map(str::as_bytes),
            headers: AskHeaders::Json(&self.headers),
            consumer: self.consumer.as_deref(),
        }
    }
}

impl DecisionJson {
    /// The decision on `ask` as JSON.
    #[must_use]
    pub fn of(decision: &Decision<'_>, ask: &Ask<'_>) -> Self {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let owned = str::to_owned;
        Self {
            decision: decision.verdict(),
            status: decision.status(),
            api: decision.api().map(owned),
            line: decision.line().map(owned),
            version: decision.version().map(owned),
            operation: decision.operation(ask),
            stage: decision.stage(),
            reason: decision.reason().to_owned(),
            headers: decision
                .caller_headers()
                .iter()
                .map(|(name, value)| (name.to_string(), text(value).into()))
                .collect(),
            problem: decision.problem().and_then(|problem| serde_json::from_slice(problem).ok()),
            snapshot: decision.snapshot(),
        }
    }
}

impl Question {
    /// Reads the body of decide.
    ///
    /// # Errors
    ///
    /// [`CheckBroken::Question`] with what is wrong and where.
    pub fn read(body: &[u8]) -> Result<Self, CheckBroken> {
        #[derive(Deserialize)]
        struct Batch {
            requests: Vec<AskJson>,
        }
        let unreadable = |error: serde_json::Error| CheckBroken::Question(error.to_string());
        let value: Value = serde_json::from_slice(body).map_err(unreadable)?;
        if value.get("requests").is_none() {
            if value.get("host").is_none() {
                return Err(CheckBroken::Question("`host` is missing".into()));
            }
            return serde_json::from_value(value).map(Self::Single).map_err(unreadable);
        }
        let Batch { requests } = serde_json::from_value(value).map_err(unreadable)?;
        if requests.len() > BATCH_LIMIT {
            let count = requests.len();
            return Err(CheckBroken::Question(format!(
                "a batch has at most {BATCH_LIMIT} requests, this one has {count}"
            )));
        }
        Ok(Self::Batch(requests))
    }
}

/// The whole answer: reads the question, decides and counts.
///
/// A single answer carries the `X-Sundial-*` headers too. The status is 200 whatever was decided,
/// as the question itself was answered.
#[must_use]
pub fn answer(snapshot: &Snapshot, body: &[u8], now: Timestamp) -> Response<Bytes> {
    let decided = |ask: &AskJson| {
        let ask = ask.ask();
        let decision = decide(snapshot, &ask, now);
        snapshot.count(&decision);
        let told: HeaderMap = decision.told();
        (DecisionJson::of(&decision, &ask), told)
    };
    let (json, told) = match Question::read(body) {
        Err(check) => return broken(&check),
        Ok(Question::Single(ask)) => {
            let (decision, told) = decided(&ask);
            (serde_json::to_vec(&decision), told)
        }
        Ok(Question::Batch(asks)) => {
            let decisions = asks.iter().map(|ask| decided(ask).0).collect();
            (serde_json::to_vec(&BatchJson { decisions }), HeaderMap::new())
        }
    };
    match json {
        Err(error) => broken(&CheckBroken::Question(error.to_string())),
        Ok(json) => {
            let mut response = Response::new(Bytes::from(json));
            let headers = response.headers_mut();
            *headers = told;
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
    }
}
