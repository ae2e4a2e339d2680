//! Envoy's HTTP `ext_authz`: method, host, path and query of the caller as they are, below a
//! prefix.
//!
//! Read from the raw URI, since wildcards of routers decode paths and do not match the root.

use bytes::Bytes;
use http::Response;
use http::header::HOST;
use http::request::Parts;

use super::{CheckBroken, broken, respond};
use crate::clock::Timestamp;
use crate::enforcement::{Ask, AskHeaders, Snapshot, decide};

/// What stands before the caller's own path: `path_prefix` in Envoy's configuration.
pub const PREFIX: &str = "/enforce/v1/envoy";

/// Reads the question.
///
/// # Errors
///
/// [`CheckBroken`] when the path does not begin with [`PREFIX`] or the host is missing.
pub fn question(parts: &Parts) -> Result<Ask<'_>, CheckBroken> {
    let target = parts
        .uri
        .path()
        .strip_prefix(PREFIX)
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
        .ok_or(CheckBroken::NoSuchDoor)?;
    let host = parts
        .headers
        .get(HOST)
        .map(http::HeaderValue::as_bytes)
        .or_else(|| parts.uri.authority().map(|host| host.as_str().as_bytes()))
        .filter(|host| !host.is_empty())
        .ok_or(CheckBroken::NoHost)?;
    Ok(Ask {
        method: parts.method.as_str(),
        host,
        target: if target.is_empty() { "/" } else { target }.as_bytes(),
        further_targets: Vec::new(),
        query: parts.uri.query().map(str::as_bytes),
        headers: AskHeaders::Http(&parts.headers),
        consumer: parts.headers.get("x-sundial-consumer").and_then(|value| value.to_str().ok()),
    })
}

/// The whole answer: reads the question, decides and counts.
#[must_use]
pub fn answer(snapshot: &Snapshot, parts: &Parts, now: Timestamp) -> Response<Bytes> {
    match question(parts) {
        Err(check) => broken(&check),
        Ok(ask) => {
            let decision = decide(snapshot, &ask, now);
            snapshot.count(&decision);
            respond(&decision, None)
        }
    }
}
