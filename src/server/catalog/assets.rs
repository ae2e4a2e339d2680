//! The two files that pages load, served under names that hold their hash.
//!
//! A name with the right hash may be kept for ever; any other name below `/assets/` is 404, so
//! that a cache never stores new bytes under an old name.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

/// A compiled-in file and the address at which it is served.
#[derive(Debug)]
pub struct Asset {
    /// `/assets/<stem>.<hash>.<extension>`; the hash is the first 12 hex digits of SHA-256.
    pub href: String,
    media_type: &'static str,
    body: &'static str,
}

impl Asset {
    fn new(stem: &str, extension: &str, media_type: &'static str, body: &'static str) -> Self {
        let hash = hex::encode(&Sha256::digest(body.as_bytes())[..6]);
        Self { href: format!("/assets/{stem}.{hash}.{extension}"), media_type, body }
    }

    fn response(&self, cache: &'static str) -> Response {
        let fields: [(HeaderName, HeaderValue); 2] = [
            (header::CONTENT_TYPE, HeaderValue::from_static(self.media_type)),
            (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
        ];
        (fields, self.body).into_response()
    }
}

/// The one stylesheet.
pub static STYLESHEET: LazyLock<Asset> = LazyLock::new(|| {
    let body = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sundial.css"));
    Asset::new("sundial", "css", "text/css; charset=utf-8", body)
});

/// The sun that browsers show in a tab.
pub static FAVICON: LazyLock<Asset> = LazyLock::new(|| {
    let body = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/favicon.svg"));
    Asset::new("favicon", "svg", "image/svg+xml", body)
});

/// `/assets/{name}`, and `/favicon.ico` for clients that ask without reading the page.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/assets/{name}", get(asset))
        .route("/favicon.ico", get(async || FAVICON.response("public, max-age=86400")))
}

async fn asset(Path(name): Path<String>) -> Response {
    let named = |asset: &&Asset| asset.href.strip_prefix("/assets/") == Some(name.as_str());
    match [&*STYLESHEET, &*FAVICON].into_iter().find(named) {
        Some(asset) => asset.response("public, max-age=31536000, immutable"),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
