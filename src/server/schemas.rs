//! The JSON Schemas of what Sundial answers, at addresses that stay: `/schemas/{name}`.
//!
//! A schema is a file below `specs` and one line in the list. They are no secret and ask for no
//! token, since editors and validators fetch them.

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::App;

/// A published schema.
struct Schema {
    /// Where it is.
    href: &'static str,
    text: &'static str,
}

/// Where the schema of a diff is.
pub(super) const DIFF: &str = "/schemas/diff.schema.json";

const ALL: &[Schema] = &[Schema {
    href: DIFF,
    text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/specs/diff.schema.json")),
}];

pub(super) fn router() -> Router<App> {
    ALL.iter()
        .fold(Router::new(), |router, schema| router.route(schema.href, get(|| async { answer(schema) })))
}

fn answer(schema: &'static Schema) -> Response {
    // A day: the schema grows with releases, and nothing breaks where an older one is still kept.
    let fields =
        [(header::CONTENT_TYPE, "application/schema+json"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (fields, schema.text).into_response()
}
