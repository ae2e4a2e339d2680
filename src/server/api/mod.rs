//! `/api/v1`: what programs read. Writing is in [`write`].

mod write;

use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use serde::{Deserialize, Serialize};

use super::App;
use super::extract::{Params, tagged};
use super::middleware::may;
use super::problem::Problem;
use super::schemas;
use crate::access::Action;
use crate::lifecycle::Stage;
use crate::registry::{ApiQuery, LineView, Page, VersionView};
use crate::report::{self, Answer, Colour, Format};
use crate::spec;

/// The routes below `/api/v1`, each with the action that it stands for.
pub(super) fn router(app: &App) -> Router<App> {
    const API: &str = "/apis/{ns}/{api}";
    let at = |rest: &str| format!("{API}{rest}");
    let read = |methods| may(app, Action::Read, methods);
    Router::new()
        .route("/apis", read(get(list)))
        .route(API, read(get(api)))
        .route(&at("/versions"), read(get(versions)))
        .route(&at("/versions/{label}"), read(get(version)))
        .route(&at("/versions/{label}"), may(app, Action::Publish, put(write::publish)))
        .route(&at("/versions/{label}/check"), may(app, Action::Check, post(write::check)))
        .route(&at("/versions/{label}/document"), read(get(document_bytes)))
        .route(&at("/versions/{label}/lint"), read(get(lint)))
        .route(&at("/versions/{label}/lifecycle"), may(app, Action::Schedule, put(write::schedule_version)))
        .route(&at("/diff"), read(get(diff)))
        .route(&at("/lines"), read(get(lines)))
        .route(&at("/lines/{line}"), read(get(line)))
        .route(&at("/lines/{line}/usage"), read(get(usage)))
        .route(&at("/lines/{line}/lifecycle"), may(app, Action::Schedule, put(write::schedule_line)))
        .route(&at("/lines/{line}/block"), may(app, Action::Block, post(write::block)))
        .route(&at("/lines/{line}/unblock"), may(app, Action::Block, post(write::unblock)))
        .route(&at("/lines/{line}/routes"), may(app, Action::Route, put(write::routes)))
        .route("/namespaces/{ns}/policy", may(app, Action::Policy, put(write::policy)))
        .fallback(|| async { Problem::not_found("there is no such resource below /api/v1") })
        .method_not_allowed_fallback(not_allowed)
}

async fn not_allowed() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "the resource does not take this method; `Allow` lists those that it takes",
    )
}

#[derive(Deserialize)]
struct ListParams {
    #[serde(default)]
    q: String,
    namespace: Option<String>,
    stage: Option<Stage>,
    after: Option<String>,
    limit: Option<usize>,
}

async fn list(State(app): State<App>, Params(params): Params<ListParams>) -> Result<Response, Problem> {
    let query = ApiQuery {
        text: params.q.clone(),
        namespace: params.namespace.clone(),
        stage: params.stage,
        after: params.after,
        limit: params.limit.unwrap_or(50),
    };
    let page = app.registry.apis(&query).await?;
    let mut kept = vec![("limit", query.limit.to_string())];
    kept.extend((!params.q.is_empty()).then_some(("q", params.q)));
    kept.extend(params.namespace.map(|namespace| ("namespace", namespace)));
    kept.extend(params.stage.map(|stage| ("stage", stage.to_string())));
    Ok(paged("/api/v1/apis", &kept, &page))
}

/// A page of a list, with where the next one is (RFC 8288, rel=next).
fn paged<T: Serialize>(path: &str, kept: &[(&str, String)], page: &Page<T>) -> Response {
    let mut response = Json(page).into_response();
    if let Some(next) = &page.next {
        let escape = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        let mut query: Vec<String> =
            kept.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
        query.push(format!("after={}", escape(next)));
        if let Ok(value) = HeaderValue::from_str(&format!("<{path}?{}>; rel=\"next\"", query.join("&"))) {
            response.headers_mut().insert(header::LINK, value);
        }
    }
    response
}

type ApiPath = Path<(String, String)>;
type PartPath = Path<(String, String, String)>;

async fn api(
    State(app): State<App>,
    Path((ns, api)): ApiPath,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let detail = app.registry.api(&ns, &api).await?;
    // Stages move with the clock, so the tag holds them beside the revision.
    let stages: Vec<String> = detail.summary.lines.iter().map(|line| line.stage.to_string()).collect();
    let tag = format!("W/\"{}-{}\"", detail.revision, stages.join("-"));
    Ok(tagged(&headers, &tag, Json(detail)))
}

async fn versions(
    State(app): State<App>,
    Path((ns, api)): ApiPath,
) -> Result<Json<Page<VersionView>>, Problem> {
    let detail = app.registry.api(&ns, &api).await?;
    Ok(Json(Page { items: detail.versions, next: None }))
}

async fn version(
    State(app): State<App>,
    Path((ns, api, label)): PartPath,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let version = app.registry.version(&ns, &api, &label).await?;
    let tag = format!("\"{}\"", version.revision);
    Ok(tagged(&headers, &tag, Json(version)))
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Syntax {
    Json,
    Yaml,
}

#[derive(Deserialize)]
struct DocumentParams {
    format: Option<Syntax>,
}

async fn document_bytes(
    State(app): State<App>,
    Path((ns, api, label)): PartPath,
    Params(params): Params<DocumentParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let version = app.registry.version(&ns, &api, &label).await?;
    let cache =
        if version.stage == Stage::Draft { "no-cache" } else { "public, max-age=31536000, immutable" };
    let (wanted, tag) = match params.format {
        Some(Syntax::Json) => ("json", format!("\"{}-json\"", version.sha256)),
        Some(Syntax::Yaml) => ("yaml", format!("\"{}-yaml\"", version.sha256)),
        None => (version.syntax.as_str(), format!("\"sha256-{}\"", version.sha256)),
    };
    let bytes = if wanted == version.syntax {
        app.registry.document(&version).await?.bytes
    } else {
        let document = app.registry.reading(&version).await?;
        let syntax = if wanted == "yaml" { spec::Syntax::Yaml } else { spec::Syntax::Json };
        document.print(syntax).into_bytes()
    };
    let content_type = if wanted == "json" { "application/json" } else { "application/yaml" };
    let answer = ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, cache)], bytes);
    Ok(tagged(&headers, &tag, answer))
}

async fn lint(State(app): State<App>, Path((ns, api, label)): PartPath) -> Result<Response, Problem> {
    let version = app.registry.version(&ns, &api, &label).await?;
    Ok(Json(app.registry.findings(&version).await?).into_response())
}

#[derive(Deserialize)]
struct DiffParams {
    from: String,
    to: String,
    format: Option<String>,
}

async fn diff(
    State(app): State<App>,
    Path((ns, api)): ApiPath,
    Params(params): Params<DiffParams>,
) -> Result<Response, Problem> {
    let format = params.format.as_deref().map_or(Ok(&report::json::FORMAT), Format::find);
    let format = format.map_err(|error| Problem::invalid(error.to_string()))?;
    let from = app.registry.version(&ns, &api, &params.from).await?;
    let to = app.registry.version(&ns, &api, &params.to).await?;
    let diff = app.registry.compare(&from, &to).await?;
    let answer = Answer::Diff { diff: &diff, old: &from.label, new: &to.label };
    let body = (format.write)(&answer, Colour::Never);
    let mut response = ([(header::CONTENT_TYPE, format.media_type)], body).into_response();
    if format.name == report::json::FORMAT.name
        && let Ok(link) = HeaderValue::from_str(&format!("<{}>; rel=\"describedby\"", schemas::DIFF))
    {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

async fn lines(State(app): State<App>, Path((ns, api)): ApiPath) -> Result<Json<Page<LineView>>, Problem> {
    let detail = app.registry.api(&ns, &api).await?;
    Ok(Json(Page { items: detail.summary.lines, next: None }))
}

async fn line(
    State(app): State<App>,
    Path((ns, api, line)): PartPath,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let line = app.registry.line(&ns, &api, &line).await?;
    Ok(answer_line(&headers, line))
}

/// A line with the tag that `If-Match` takes.
fn answer_line(headers: &HeaderMap, line: LineView) -> Response {
    let tag = format!("\"{}\"", line.revision);
    tagged(headers, &tag, Json(line))
}

async fn usage(State(app): State<App>, Path((ns, api, line)): PartPath) -> Result<Response, Problem> {
    app.registry.line(&ns, &api, &line).await?;
    let answers = app.registry.answers(&ns, &api).await?;
    let found = answers.into_iter().find(|usage| usage.line == line);
    Ok(Json(found.unwrap_or_else(|| crate::registry::UsageSummary { line, ..Default::default() }))
        .into_response())
}
