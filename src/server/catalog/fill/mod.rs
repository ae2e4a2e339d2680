//! From what the registry knows to what the pages print: the routes of the catalog, and one filler
//! for each page. What stands on a page is decided here; how it looks, by its template.

mod browse;
mod judge;
mod operation;
mod schema;
mod version;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::super::App;
use super::super::middleware::{RequestId, may};
use super::super::problem::Problem;
use super::help::{self, ProblemPage, ProblemsPage};
use super::words::{self, day_words};
use super::{ErrorPage, Layout, Link, Page, Section, Verdict, assets, revalidate};
use crate::access::Action;
use crate::clock::Timestamp;
use crate::registry::VersionView;
use crate::spec::Document;
use crate::spec::tree::NodeId;

/// The pages, each readable by those who may read; errors of theirs are pages too.
pub(in crate::server) fn router(app: &App) -> Router<App> {
    const API: &str = "/apis/{ns}/{api}";
    const VERSION: &str = "/apis/{ns}/{api}/versions/{label}";
    let under = |base: &str, rest: &str| format!("{base}{rest}");
    let read = |methods| may(app, Action::Read, methods);
    Router::new()
        .route("/", read(get(browse::home)))
        .route("/apis", read(get(|| async { Redirect::permanent("/") })))
        .route(API, read(get(browse::api)))
        .route(&under(API, "/compare"), read(get(browse::compare)))
        .route(&under(API, "/diff/{range}"), read(get(judge::diff)))
        .route(VERSION, read(get(version::version)))
        .route(&under(VERSION, "/findings"), read(get(version::findings)))
        .route(&under(VERSION, "/document/view"), read(get(version::document)))
        .route(&under(VERSION, "/operations/{method}/{*path}"), read(get(operation::operation)))
        .route(&under(VERSION, "/operations/{method}/"), read(get(operation::root_operation)))
        .route(&under(VERSION, "/schemas/{name}"), read(get(schema::schema)))
        .route("/rules", read(get(judge::rules)))
        .route("/rules/{id}", read(get(judge::rule)))
        .route("/problems", read(get(problems)))
        .route("/problems/{kind}", read(get(problem)))
        .fallback(|| async { Problem::not_found("there is no page at this address") })
        .merge(assets::routes())
        .layer(from_fn(revalidate))
        .layer(from_fn_with_state(app.clone(), errors_as_pages))
}

/// What every filler needs: the present instant and the frame.
struct Frame {
    now: Timestamp,
}

impl Frame {
    fn of(app: &App) -> Self {
        Self { now: app.registry.clock().now() }
    }

    fn layout(&self, title: impl Into<String>, section: Section, crumbs: Vec<Link>) -> Layout {
        Layout::new(title, section, day_words(self.now)).under(crumbs)
    }
}

/// Numbers of the registry as the pages count.
fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// What a document says of itself.
fn description(document: &Document) -> Vec<String> {
    let tree = document.tree();
    let info = tree.get(NodeId::ROOT, "info");
    info.and_then(|info| tree.text_of(info, "description")).map(words::paragraphs).unwrap_or_default()
}

/// The verdict kept with a version, short enough for a table.
fn verdict(version: &VersionView) -> Option<Verdict> {
    let (diff, from) = (version.diff.as_ref()?, version.predecessor.as_ref()?);
    let text = |name: &str| diff[name].as_str().unwrap_or_default().to_owned();
    Some(Verdict {
        verdict: text("verdict"),
        bump: text("bump"),
        due: diff["due"].as_str().map(str::to_owned),
        from: from.clone(),
        href: words::diff_href(&version.api, from, &version.label),
    })
}

async fn problems(State(app): State<App>) -> Page<ProblemsPage> {
    Page::new(ProblemsPage::new(&day_words(Frame::of(&app).now)))
}

async fn problem(State(app): State<App>, Path(kind): Path<String>) -> Result<Page<ProblemPage>, Problem> {
    let help =
        help::find(&kind).ok_or_else(|| Problem::not_found(format!("there is no problem type `{kind}`")))?;
    Ok(Page::new(ProblemPage::new(help, &day_words(Frame::of(&app).now))))
}

/// Shows a problem as a page to whoever asked for one; programs that ask for JSON get the problem.
async fn errors_as_pages(State(app): State<App>, request: Request, next: Next) -> Response {
    let json = wants_json(request.headers());
    let request_id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    let response = next.run(request).await;
    let Some(problem) = response.extensions().get::<Problem>().filter(|_| !json) else { return response };
    let title = problem.title;
    let near = problem.members.get("near").and_then(|near| near.as_array()).into_iter().flatten();
    let near = near.filter_map(|name| name.as_str().filter(|name| name.contains('/')));
    let page = ErrorPage {
        layout: Frame::of(&app).layout(title, Section::Elsewhere, Vec::new()),
        status: problem.status.as_u16(),
        title: title.to_owned(),
        detail: problem.detail.clone(),
        errors: problem.errors.iter().map(|error| error.message.clone()).collect(),
        near: near.map(|name| Link::new(name, words::api_href(name))).collect(),
        help: Some(format!("/problems/{}", problem.kind)),
        request_id: request_id.filter(|_| problem.status.is_server_error()),
        since: None,
    };
    let mut answer = page.page().into_response();
    // What a status demands beside its body: `WWW-Authenticate`, `Allow`, `Retry-After`.
    for name in [header::WWW_AUTHENTICATE, header::ALLOW, header::RETRY_AFTER] {
        if let Some(value) = response.headers().get(&name) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}

/// Whether the caller would rather have JSON than a page.
fn wants_json(headers: &HeaderMap) -> bool {
    let accept =
        headers.get(header::ACCEPT).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    accept.contains("json") && !accept.contains("text/html")
}

/// A redirect that a form leads to.
fn see(href: &str) -> Response {
    match HeaderValue::from_str(href) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => Problem::invalid("the address cannot be written").into_response(),
    }
}
