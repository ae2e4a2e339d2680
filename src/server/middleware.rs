//! What surrounds every request: its id, its log line, bounds, security headers, and the one place
//! that asks whether the caller may.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{ConnectInfo, MatchedPath, RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use super::App;
use super::catalog::CSP;
use super::problem::Problem;
use crate::access::{Action, Actor, Denied, Target, allow};
use crate::registry::{Caller, Refusal};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest request id that is taken over from a caller.
const REQUEST_ID_CHARS: usize = 64;
/// How long a request may take, a publish of a large document included.
const REQUEST_FOR: Duration = Duration::from_secs(120);

/// The id of a request, for the log, the audit trail and the answer.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub String);

/// Wraps the routes for people and programs.
pub(super) fn layers(routes: Router<App>) -> Router<App> {
    routes
        .layer(CompressionLayer::new())
        .layer(from_fn(headers))
        .layer(CatchPanicLayer::custom(|_| Problem::internal(&"a handler panicked").into_response()))
        .layer(from_fn(observe))
}

/// A route that only those may use who may do `action`. Every route is made by this function.
pub(super) fn may(app: &App, action: Action, methods: MethodRouter<App>) -> MethodRouter<App> {
    methods.route_layer(from_fn_with_state((app.clone(), action), authorise))
}

async fn authorise(
    State((app, action)): State<(App, Action)>,
    params: RawPathParams,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let actor = match bearer(request.headers()) {
        None => Actor::Anonymous,
        Some(Ok(token)) => app.registry.authenticate(token).await?,
        Some(Err(())) => return Err(Refusal::Denied(Denied::Unauthenticated).into()),
    };
    let named = |name: &str| params.iter().find(|(key, _)| *key == name).map(|(_, value)| value);
    let target = match (named("ns"), named("api")) {
        (Some(namespace), Some(api)) => Target::Api { namespace, api },
        (Some(namespace), None) => Target::Namespace(namespace),
        _ => Target::Registry,
    };
    allow(&actor, action, target).map_err(Refusal::Denied)?;
    let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_string());
    request.extensions_mut().insert(Caller { actor, request_id, address: peer });
    Ok(next.run(request).await)
}

/// The bearer token of a request: none, one, or a header that holds none.
fn bearer(headers: &HeaderMap) -> Option<Result<&str, ()>> {
    let value = headers.get(header::AUTHORIZATION)?;
    let token = value.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    Some(token.ok_or(()))
}

/// Names the request, bounds its time, and writes its log line.
async fn observe(mut request: Request, next: Next) -> Response {
    let given = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let sound = |id: &&str| {
        !id.is_empty()
            && id.len() <= REQUEST_ID_CHARS
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let id =
        given.filter(sound).map_or_else(|| crate::access::random_hex(8).unwrap_or_default(), str::to_owned);
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    // The template, not the path: paths may hold what callers consider theirs.
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let started = Instant::now();
    let mut response = match tokio::time::timeout(REQUEST_FOR, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let late =
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "the request took too long");
            Problem { retry_after: Some(5), ..late }.into_response()
        }
    };
    let status = response.status().as_u16();
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let route = route.as_deref().unwrap_or("unmatched");
    tracing::info!(request_id = %id, %method, route, status, micros, "request");
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Headers that every answer carries; a handler's own word on caching stands.
async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    headers.append(header::VARY, HeaderValue::from_static("accept, authorization"));
    response
}
