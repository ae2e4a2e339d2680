//! The HTTP door: extract, one use case, present. No business word is decided here.

pub mod api;
pub mod catalog;
mod enforce;
mod extract;
mod middleware;
mod problem;
mod schemas;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;

pub use problem::{Problem, ProblemError};

use crate::registry::Registry;

/// What every handler may use.
#[derive(Clone, Debug)]
pub struct App {
    /// The use cases.
    pub registry: Arc<Registry>,
    /// What the gateway doors need beside the snapshot.
    pub gate: Arc<Gate>,
}

/// How gateways are answered.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    /// What a gateway must send as `X-Sundial-Token`, where the operator demands it.
    pub token: Option<String>,
}

impl App {
    /// An app over a registry, which asks no gateway who it is.
    #[must_use]
    pub fn new(registry: Arc<Registry>) -> Self {
        Self { registry, gate: Arc::new(Gate::default()) }
    }
}

/// All routes over one registry.
pub fn router(app: &App) -> Router {
    // The gateway doors stand apart: no compression, no logging of each call, no body to limit.
    let people = Router::new()
        .nest("/api/v1", api::router(app))
        .merge(catalog::router(app))
        .merge(schemas::router())
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz));
    middleware::layers(people).merge(enforce::router()).with_state(app.clone())
}

async fn readyz(State(app): State<App>) -> Result<(StatusCode, &'static str), Problem> {
    app.registry.ready().await?;
    Ok((StatusCode::OK, "ready\n"))
}

/// How often counters of answered calls go to the store.
const FLUSH_EVERY: Duration = Duration::from_secs(5);
/// How often a server on a shared store looks whether another one changed it.
const FOLLOW_EVERY: Duration = Duration::from_secs(1);
/// How long open requests may take to end after the signal to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until `stop` resolves, then ends open requests and writes the last counters.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let registry = app.registry.clone();
    let chores = tokio::spawn(chores(registry.clone()));
    let service = router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let graceful = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        // Nobody listens any more when serving has failed already.
        let _ = stopping.send(());
    });
    let deadline = async {
        if stopped.await.is_ok() {
            tokio::time::sleep(GRACE).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    let served = tokio::select! {
        served = graceful.into_future() => served,
        () = deadline => Ok(()),
    };
    chores.abort();
    registry.close().await;
    served
}

/// What a server does beside answering: counters to the store, news from other servers.
async fn chores(registry: Arc<Registry>) {
    let mut flush = tokio::time::interval(FLUSH_EVERY);
    let mut follow = tokio::time::interval(FOLLOW_EVERY);
    flush.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    follow.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let done = tokio::select! {
            _ = flush.tick() => registry.flush_usage().await,
            _ = follow.tick(), if registry.is_shared() => registry.follow().await,
        };
        if let Err(error) = done {
            tracing::warn!(%error, "a background task failed and will be tried again");
        }
    }
}
