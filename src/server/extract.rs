//! What handlers take from a request; what cannot be taken is a problem.

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use super::App;
use super::problem::Problem;
use crate::registry::Caller as By;

/// Who asks, as the route's guard found out.
pub(super) struct Caller(pub By);

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let by = parts.extensions.get::<By>().cloned();
        by.map(Self).ok_or_else(|| Problem::internal(&"a route without a guard"))
    }
}

/// Parameters of the query, or a problem that names what is wrong with them.
pub(super) struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let query = Query::<T>::try_from_uri(&parts.uri);
        query.map(|query| Self(query.0)).map_err(|error| Problem::invalid(error.body_text()))
    }
}

/// A JSON body of at most 1 MiB, whatever its Content-Type says.
pub(super) struct JsonBody<T>(pub T);

const JSON_BYTES: usize = 1024 * 1024;

impl<T: DeserializeOwned> FromRequest<App> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let bytes = collect(request.into_body(), JSON_BYTES).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            Problem::new(
                StatusCode::BAD_REQUEST,
                "request-invalid",
                format!("the body is not the JSON expected: {error}"),
            )
        })
    }
}

/// The bytes of a document, at most as many as the registry takes.
pub(super) struct DocumentBody(pub Bytes);

impl FromRequest<App> for DocumentBody {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let limit = app.registry.settings().limits.bytes;
        let stated =
            request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if stated.is_some_and(|length: usize| length > limit) {
            pass_over(request.into_body(), 2 * limit).await;
            return Err(too_large(limit));
        }
        collect(request.into_body(), limit).await.map(Self)
    }
}

/// Reads on over at most so many bytes of a body that is refused: whoever is still sending when the
/// connection is closed may never see the answer (RFC 9112 section 9.6).
async fn pass_over(mut body: Body, mut left: usize) {
    while left > 0 {
        let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await else {
            return;
        };
        left = left.saturating_sub(frame.data_ref().map_or(1, Bytes::len).max(1));
    }
}

fn too_large(limit: usize) -> Problem {
    let detail = format!("the body is larger than the {limit} bytes that are taken");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "document-too-large", detail)
}

async fn collect(body: Body, limit: usize) -> Result<Bytes, Problem> {
    // `to_bytes` tells "too long" from "broken off" only in its source.
    axum::body::to_bytes(body, limit).await.map_err(|error| {
        let length = std::error::Error::source(&error)
            .is_some_and(|source| source.to_string().contains("length limit"));
        if length {
            too_large(limit)
        } else {
            Problem::new(StatusCode::BAD_REQUEST, "request-invalid", "the body broke off")
        }
    })
}

/// The revision that `If-Match` names (RFC 9110 section 13.1.1); `*` and an absent header name none.
pub(super) fn if_match(headers: &HeaderMap) -> Option<i64> {
    let value = headers.get(header::IF_MATCH)?;
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return None;
    }
    let revision =
        text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).and_then(|tag| tag.parse().ok());
    // A tag that was never given out matches nothing.
    Some(revision.unwrap_or(-1))
}

/// An answer with an entity tag; 304 where the caller has it already (RFC 9110 section 13.1.2).
pub(super) fn tagged(headers: &HeaderMap, tag: &str, answer: impl IntoResponse) -> Response {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let same = known
        .is_some_and(|known| known.trim() == "*" || known.split(',').any(|other| plain(other) == plain(tag)));
    let mut response = if same { StatusCode::NOT_MODIFIED.into_response() } else { answer.into_response() };
    if let Ok(value) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn if_match_names_a_revision() {
        assert_eq!(if_match(&HeaderMap::new()), None);
        assert_eq!(if_match(&with(header::IF_MATCH, "*")), None);
        assert_eq!(if_match(&with(header::IF_MATCH, "\"7\"")), Some(7));
        assert_eq!(if_match(&with(header::IF_MATCH, "\"other\"")), Some(-1));
    }

    #[test]
    fn a_known_tag_is_not_sent_again() {
        let headers = with(header::IF_NONE_MATCH, "\"a\", W/\"b\"");
        assert_eq!(tagged(&headers, "\"b\"", "body").status(), StatusCode::NOT_MODIFIED);
        assert_eq!(tagged(&headers, "\"c\"", "body").status(), StatusCode::OK);
    }
}
