//! Questions as gateways put them, and answers as they take them.
//!
//! An adapter is a pure function over `http` types: the parts of a request become an
//! [`Ask`](super::Ask) or a [`CheckBroken`], a [`Decision`] becomes a response. A new gateway is
//! one file and one line here.
//!
//! What is no decision is answered 500 without `X-Sundial-Decision`, never 401, 403 or 404: some
//! gateways pass those on to callers even where they are told to fail open.

pub mod envoy;
pub mod forward_auth;
pub mod json;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use super::Decision;

/// The media type of RFC 9457.
pub const PROBLEM_JSON: &str = "application/problem+json";

const STATUS: HeaderName = HeaderName::from_static("x-sundial-status");
const PROBLEM: HeaderName = HeaderName::from_static("x-sundial-problem");

/// Why a request to `/enforce/` is no question that can be decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckBroken {
    /// Neither `X-Forwarded-Uri` nor `X-Original-URI` says what is asked about.
    #[error("neither X-Forwarded-Uri nor X-Original-URI is set; the gateway must set one of them")]
    NoTarget,
    /// Nothing says which host is asked about.
    #[error("neither X-Forwarded-Host nor Host is set")]
    NoHost,
    /// `deny_status` is something else than 403.
    #[error("deny_status can be 403 or be left out")]
    DenyStatus,
    /// No adapter listens at this path.
    #[error("there is no such door below /enforce/; look for a wrong prefix in the gateway's configuration")]
    NoSuchDoor,
    /// The gateway did not say who it is, or is not who it says.
    #[error("X-Sundial-Token is missing or not valid")]
    Token,
    /// The body of decide is not what it takes.
    #[error("the question is not readable: {0}")]
    Question(String),
}

/// The response for what is no decision: 500, a problem, and nothing that a gateway could take
/// for a decision.
#[must_use]
pub fn broken(check: &CheckBroken) -> Response<Bytes> {
    let problem = serde_json::json!({
        "type": "about:blank",
        "title": "Check broken",
        "status": 500,
        "detail": check.to_string(),
    });
    let mut response = Response::new(Bytes::from(problem.to_string()));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The response for a decision: 200 without a body, or the refusal itself.
///
/// With `denied` a refusal has that status, and its own one and its problem come as
/// `X-Sundial-Status` and `X-Sundial-Problem`: nginx's `auth_request` takes no other refusal
/// than 401 and 403, and throws bodies away.
#[must_use]
pub fn respond(decision: &Decision<'_>, denied: Option<StatusCode>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.headers_mut() = decision.headers();
    if let Some(problem) = decision.problem() {
        *response.body_mut() = problem.clone();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    }
    let status = StatusCode::from_u16(decision.status()).unwrap_or(StatusCode::GONE);
    *response.status_mut() = status;
    if let Some(denied) = denied.filter(|_| decision.is_refused()) {
        *response.status_mut() = denied;
        let headers = response.headers_mut();
        headers.insert(STATUS, HeaderValue::from(decision.status()));
        if let Some(problem) = decision.problem_header() {
            headers.insert(PROBLEM, problem.clone());
        }
    }
    response
}
