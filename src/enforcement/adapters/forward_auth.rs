//! Forward authentication as nginx, Traefik, Caddy and others put it: the original request is
//! told in `X-Forwarded-*`.
//!
//! The gateway must overwrite the header it uses: callers can send them too.

use bytes::Bytes;
use http::header::HOST;
use http::request::Parts;
use http::{Response, StatusCode};

use super::{CheckBroken, broken, respond};
use crate::clock::Timestamp;
use crate::enforcement::{Ask, AskHeaders, Snapshot, decide};

/// Where the target may stand, and only the first that is there is read: a gateway that sets one
/// of them cannot be told another story in the next.
const TARGETS: [&str; 3] = ["x-forwarded-uri", "x-original-uri", "x-original-url"];

/// Reads the question, and the status that a refusal shall have on the wire.
///
/// # Errors
///
/// [`CheckBroken`] when there is nothing to decide.
pub fn question(parts: &Parts) -> Result<(Ask<'_>, Option<StatusCode>), CheckBroken> {
    let denied = deny_status(parts.uri.query())?;
    let values = |name: &str| {
        parts.headers.get_all(name).iter().map(http::HeaderValue::as_bytes).filter(|value| !value.is_empty())
    };
    let first =
        TARGETS.into_iter().find(|name| values(name).next().is_some()).ok_or(CheckBroken::NoTarget)?;
    let mut targets = values(first);
    let target = targets.next().ok_or(CheckBroken::NoTarget)?;
    let host = values("x-forwarded-host")
        .next()
        .or_else(|| values(HOST.as_str()).next())
        .or_else(|| parts.uri.authority().map(|host| host.as_str().as_bytes()))
        .ok_or(CheckBroken::NoHost)?;
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let ask = Ask {
        method: text("x-forwarded-method").unwrap_or(parts.method.as_str()),
        host,
        target,
        further_targets: targets.collect(),
        query: None,
        headers: AskHeaders::Http(&parts.headers),
        consumer: text("x-sundial-consumer"),
    };
    Ok((ask, denied))
}

/// The whole answer: reads the question, decides and counts.
#[must_use]
pub fn answer(snapshot: &Snapshot, parts: &Parts, now: Timestamp) -> Response<Bytes> {
    match question(parts) {
        Err(check) => broken(&check),
        Ok((ask, denied)) => {
            let decision = decide(snapshot, &ask, now);
            snapshot.count(&decision);
            respond(&decision, denied)
        }
    }
}

fn deny_status(query: Option<&str>) -> Result<Option<StatusCode>, CheckBroken> {
    let pairs = query.unwrap_or_default().split('&');
    let mut given = pairs.filter_map(|pair| pair.strip_prefix("deny_status="));
    match (given.next(), given.next()) {
        (None, _) => Ok(None),
        (Some("403"), None) => Ok(Some(StatusCode::FORBIDDEN)),
        _ => Err(CheckBroken::DenyStatus),
    }
}
