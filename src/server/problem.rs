//! Errors on the wire: RFC 9457, and the only `IntoResponse` of an error.
//!
//! `type` is a path below the public URL that resolves to a help page. What went wrong inside goes
//! to the log with the request id, never to the caller.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::catalog::help;
use crate::access::Denied;
use crate::diff::Level;
use crate::registry::{Judgement, Refusal};
use crate::spec::{self, ProblemKind};

/// One thing that is wrong, with its place where it has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProblemError {
    /// Stable id.
    pub rule: String,
    /// The sentence.
    pub message: String,
    /// JSON pointer into the document (RFC 6901).
    pub pointer: Option<String>,
    /// Line, from 1.
    pub line: Option<usize>,
    /// Column in code points, from 1.
    pub column: Option<usize>,
}

/// A problem (RFC 9457 section 3).
#[derive(Clone, Debug)]
pub struct Problem {
    /// Status of the answer.
    pub status: StatusCode,
    /// Last part of `type`; each has a page below `/problems/` ([`help`]).
    pub kind: &'static str,
    /// Says what kind of problem it is, the same for each of a kind.
    pub title: &'static str,
    /// Says what is wrong this time and what to do.
    pub detail: String,
    /// Each single thing that is wrong.
    pub errors: Vec<ProblemError>,
    /// Further members.
    pub members: Map<String, Value>,
    /// Seconds after which to try again.
    pub retry_after: Option<u32>,
}

impl Problem {
    /// A problem of a kind that [`help::PROBLEMS`] explains.
    #[must_use]
    pub fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            title: help::find(kind).map_or("Problem", |help| help.title),
            detail: detail.into(),
            errors: Vec::new(),
            members: Map::new(),
            retry_after: None,
        }
    }

    /// A request that makes no sense.
    #[must_use]
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "request-invalid", detail)
    }

    /// Nothing is here.
    #[must_use]
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    /// A failure of ours: the cause is logged, the caller learns that there is one.
    #[must_use]
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal failure");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the cause stands in the registry's log")
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    /// The body as JSON.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut body = json!({
            "type": format!("/problems/{}", self.kind),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if let Some(map) = body.as_object_mut() {
            if !self.errors.is_empty() {
                map.insert("errors".to_owned(), json!(self.errors));
            }
            map.extend(self.members.clone());
        }
        body
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body())).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"sundial\""));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

fn unreadable(problem: &spec::Problem) -> Problem {
    let too_large = matches!(
        problem.kind,
        ProblemKind::TooLarge | ProblemKind::TooManyNodes | ProblemKind::AliasExpansion
    );
    let (status, kind) = if too_large {
        (StatusCode::PAYLOAD_TOO_LARGE, "document-too-large")
    } else {
        (StatusCode::BAD_REQUEST, "document-unreadable")
    };
    let mut answer = Problem::new(status, kind, format!("{problem}. {}", problem.way_out));
    answer.errors.push(ProblemError {
        rule: kind.to_owned(),
        message: problem.message.clone(),
        pointer: Some(problem.pointer.clone()),
        line: Some(problem.line),
        column: Some(problem.column),
    });
    answer.with("way_out", json!(problem.way_out))
}

/// Most errors in one problem: enough to act on, small enough to read.
const ERRORS: usize = 50;

fn policy(judgement: &Judgement, detail: String) -> Problem {
    let mut answer = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "policy-unmet", detail);
    let changes = judgement.diffs.iter().flat_map(|comparison| comparison.diff.changes.iter());
    let grave = changes.filter(|change| change.level == Level::Breaking || change.weakens());
    answer.errors = grave
        .take(ERRORS)
        .map(|change| {
            let place = change.new.as_ref().or(change.old.as_ref());
            ProblemError {
                rule: change.rule.to_string(),
                message: change.message.clone(),
                pointer: place.map(|place| place.pointer.clone()),
                line: place.map(|place| place.line),
                column: place.map(|place| place.column),
            }
        })
        .collect();
    let diff = judgement.diffs.first().map(|comparison| json!(comparison.diff)).unwrap_or_default();
    answer
        .with("policy", json!(judgement.answer.policy))
        .with("diff", diff)
        .with("answer", json!(judgement.answer))
}

fn strict(judgement: &Judgement, detail: String) -> Problem {
    let mut answer = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "findings-of-level-error", detail);
    let errors = judgement.lint.errors();
    answer.errors = errors
        .take(ERRORS)
        .map(|finding| {
            let place = finding.places.first();
            ProblemError {
                rule: finding.rule.to_string(),
                message: finding.message.clone(),
                pointer: place.map(|place| place.pointer.clone()),
                line: place.map(|place| place.line),
                column: place.map(|place| place.column),
            }
        })
        .collect();
    answer.with("answer", json!(judgement.answer))
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::Unreadable(problem) => unreadable(&problem),
            Refusal::BadLabel(_) | Refusal::NoScheme(_) | Refusal::BadLine(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "label-invalid", detail)
            }
            Refusal::BadName(_) | Refusal::Invalid(_) => Self::invalid(detail),
            Refusal::Schedule(_) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "schedule-invalid", detail),
            Refusal::Conflict { published, .. } => {
                Self::new(StatusCode::CONFLICT, "version-conflict", detail)
                    .with("published", json!(published))
            }
            Refusal::Spelling { .. } => Self::new(StatusCode::CONFLICT, "version-conflict", detail),
            Refusal::Policy(judgement) => policy(&judgement, detail),
            Refusal::Strict(judgement) => strict(&judgement, detail),
            Refusal::Demands(demands) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "policy-unmet", detail)
                .with("policy", json!(demands)),
            Refusal::RouteTaken { holder, .. } => {
                Self::new(StatusCode::CONFLICT, "route-taken", detail).with("holder", json!(holder))
            }
            Refusal::NotFound { near, .. } => {
                let answer = Self::not_found(detail);
                if near.is_empty() { answer } else { answer.with("near", json!(near)) }
            }
            Refusal::Stale => Self::new(StatusCode::PRECONDITION_FAILED, "precondition-failed", detail),
            Refusal::Denied(Denied::Unauthenticated) => Self::new(
                StatusCode::UNAUTHORIZED,
                "unauthenticated",
                "the request carries no token that is in force; send `Authorization: Bearer <token>`",
            ),
            Refusal::Denied(Denied::Forbidden(_)) => Self::new(StatusCode::FORBIDDEN, "forbidden", detail),
            Refusal::Store(error) if error.is_transient() => {
                tracing::warn!(%error, "the store is busy");
                let answer =
                    Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "the registry is busy");
                Self { retry_after: Some(2), ..answer }
            }
            Refusal::Store(_) | Refusal::System(_) => Self::internal(&detail),
        }
    }
}
