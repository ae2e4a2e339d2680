//! The doors of gateways below `/enforce/v1`: one raw look at the path, one answer from memory.
//!
//! The router's own parameters are not used: they decode, and an odd spelling must be judged as it
//! was sent.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, Response};
use axum::routing::any;
use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::App;
use crate::enforcement::adapters::{CheckBroken, broken, envoy, forward_auth, json};

/// Largest question in JSON, a full batch included.
const QUESTION_BYTES: usize = 1024 * 1024;

/// Everything below `/enforce/`, the unknown included: what is no decision is answered 500.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/enforce/{*door}", any(door))
        .route("/enforce", any(door))
        .route("/enforce/", any(door))
}

async fn door(State(app): State<App>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    if let Some(token) = &app.gate.token
        && !same(token.as_bytes(), parts.headers.get("x-sundial-token").map(|value| value.as_bytes()))
    {
        return broken(&CheckBroken::Token).map(Body::from);
    }
    let now = app.registry.clock().now();
    let path = parts.uri.path();
    let answer = if path == "/enforce/v1/forward-auth" {
        forward_auth::answer(&app.registry.snapshot(), &parts, now)
    } else if path == "/enforce/v1/decide" && parts.method == Method::POST {
        match axum::body::to_bytes(body, QUESTION_BYTES).await {
            Ok(question) => json::answer(&app.registry.snapshot(), &question, now),
            Err(_) => broken(&CheckBroken::Question(format!(
                "it is larger than {QUESTION_BYTES} bytes or broke off"
            ))),
        }
    } else if path.strip_prefix(envoy::PREFIX).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
        envoy::answer(&app.registry.snapshot(), &parts, now)
    } else {
        broken(&CheckBroken::NoSuchDoor)
    };
    answer.map(|bytes: Bytes| Body::from(bytes))
}

/// Compares by digest, so that the time taken tells nothing of where two tokens differ.
fn same(expected: &[u8], given: Option<&[u8]>) -> bool {
    let digest = |bytes: &[u8]| -> [u8; 32] { Sha256::digest(bytes).into() };
    given.is_some_and(|given| digest(given) == digest(expected))
}
