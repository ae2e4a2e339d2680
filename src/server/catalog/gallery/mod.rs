//! Every page from sample data, full and empty, written below `target/pages/` to be looked at,
//! and held to what is true of all pages: one heading, unique ids, nothing inline, escaped text.

mod browse;
mod judge;
mod reference;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use askama::Template;

use crate::clock::Timestamp;

use super::browse::*;
use super::help::{self, ProblemPage, ProblemsPage};
use super::judge::*;
use super::reference::*;
use super::timeline::{Dial, Span, Timeline};
use super::words::{self, When};
use super::*;

use self::browse::{api, api_empty, home, home_empty, home_nothing_found};
use self::judge::{change, diff, diff_identical, error, facet, rule, rules};
use self::reference::{
    document_page, findings_page, operation, operation_open, operation_page, place, schema_page, version,
    version_empty,
};

const TODAY: &str = "24 Nov 2026";
/// What an attacker writes into every field of a document.
const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>' \u{202E}txt";

fn now() -> Timestamp {
    at("2026-11-24T10:00:00Z")
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn when(text: &str) -> When {
    When::new(at(text), now())
}

fn s(text: &str) -> String {
    words::visible(text)
}

fn layout(title: &str, crumbs: &[(&str, &str)]) -> Layout {
    let crumbs = crumbs.iter().map(|(text, href)| Link::new(*text, *href)).collect();
    let mut layout = Layout::new(title, Section::Catalog, TODAY).under(crumbs);
    layout.json = Some("/api/v1/apis".to_owned());
    layout
}

fn findings(total: u64, worst: &str) -> Findings {
    Findings { total, worst: s(worst), href: s("/apis/payments/charges/versions/2.1.0/findings") }
}

fn verdict(verdict: &str, bump: &str, due: Option<&str>, from: &str, to: &str) -> Verdict {
    Verdict {
        verdict: s(verdict),
        bump: s(bump),
        due: due.map(s),
        from: s(from),
        href: words::diff_href("payments/charges", from, to),
    }
}

fn choices(all: &[&str], chosen: &str) -> Vec<Choice> {
    let one = |value: &&str| Choice { value: s(value), words: s(value), chosen: *value == chosen };
    all.iter().map(one).collect()
}

/// A document in which everything is an attack.
fn hostile() -> (VersionPage, OperationPage, DiffPage) {
    let mut page = version("deprecated");
    page.head.title = s(HOSTILE);
    page.description = words::paragraphs(HOSTILE);
    page.servers = vec![s(HOSTILE)];
    page.groups = vec![Group {
        name: s(HOSTILE),
        anchor: anchor("tag-", HOSTILE),
        description: s(HOSTILE),
        count: s("1"),
        operations: vec![operation("GET", HOSTILE, HOSTILE)],
        href: None,
    }];
    page.schemas = vec![SchemaLink { name: s(HOSTILE), href: words::schema_href("a/b", "1", HOSTILE) }];
    let mut op = operation_page();
    op.path = s(HOSTILE);
    op.summary = s(HOSTILE);
    op.description = words::paragraphs(HOSTILE);
    op.parameters = vec![ParameterGroup {
        location: s("Query"),
        rows: vec![PropertyRow {
            name: s(HOSTILE),
            kind: s(HOSTILE),
            values: vec![s(HOSTILE)],
            constraints: vec![s(HOSTILE)],
            ..PropertyRow::default()
        }],
    }];
    op.curl = s(HOSTILE);
    let mut judged = diff();
    judged.groups[0].changes[0].message = s(HOSTILE);
    judged.groups[0].changes[0].before = Some(s(HOSTILE));
    (page, op, judged)
}

fn write(name: &str, page: &impl Template) -> String {
    let html = page.render().expect("renders");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pages");
    fs::create_dir_all(&root).expect("a folder");
    fs::write(root.join(name).with_extension("html"), &html).expect("a page");
    html
}

fn pages() -> Vec<(&'static str, String)> {
    let (full_diff, full_version, full_document) = full();
    let (hostile_version, hostile_operation, hostile_diff) = hostile();
    vec![
        ("home", write("home", &home())),
        ("home-empty", write("home-empty", &home_empty())),
        ("home-nothing-found", write("home-nothing-found", &home_nothing_found())),
        ("api", write("api", &api())),
        ("api-empty", write("api-empty", &api_empty())),
        ("version", write("version", &version("deprecated"))),
        ("version-blocked", write("version-blocked", &version("blocked"))),
        ("version-retired", write("version-retired", &version("retired"))),
        ("version-empty", write("version-empty", &version_empty())),
        ("operation", write("operation", &operation_page())),
        ("operation-open", write("operation-open", &operation_open())),
        ("schema", write("schema", &schema_page())),
        ("findings", write("findings", &findings_page())),
        ("findings-empty", write("findings-empty", &FindingsPage { findings: vec![], ..findings_page() })),
        ("document", write("document", &document_page())),
        ("diff", write("diff", &diff())),
        ("diff-identical", write("diff-identical", &diff_identical())),
        ("rules", write("rules", &rules())),
        ("rule", write("rule", &rule())),
        ("problems", write("problems", &ProblemsPage::new(TODAY))),
        ("problem", write("problem", &ProblemPage::new(&help::PROBLEMS[0], TODAY))),
        ("error-404", write("error-404", &error(404))),
        ("error-401", write("error-401", &error(401))),
        ("error-500", write("error-500", &error(500))),
        ("full-diff", write("full-diff", &full_diff)),
        ("full-version", write("full-version", &full_version)),
        ("full-document", write("full-document", &full_document)),
        ("hostile-version", write("hostile-version", &hostile_version)),
        ("hostile-operation", write("hostile-operation", &hostile_operation)),
        ("hostile-diff", write("hostile-diff", &hostile_diff)),
    ]
}

/// Every value of an attribute, in the order of the text.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// How many elements a page has.
fn elements(html: &str) -> usize {
    html.split('<').skip(1).filter(|rest| rest.starts_with(char::is_alphabetic)).count()
}

/// The fullest pages that the limits allow.
fn full() -> (DiffPage, VersionPage, DocumentPage) {
    let mut card = change(0, "constraint-tightened", "breaking", "`a` and `b` changed.");
    card.security = facet("request-bound-removed", "weakens", "high");
    card.operations = vec![card.operations[0].clone(); OPERATIONS_A_CARD];
    card.witness =
        Some(WitnessView { title: "The request that breaks", words: s("1 takes it"), text: s("{}") });
    let mut judged = diff();
    for (index, group) in (0..).zip(&mut judged.groups) {
        group.changes = vec![card.clone(); CHANGES_A_PAGE];
        for (number, change) in (0..).zip(&mut group.changes) {
            change.anchor = format!("c-{index}-{number}");
        }
    }
    let mut page = version("deprecated");
    let mut row = operation("GET", "/a", "b");
    row.is_open = true;
    row.is_deprecated = true;
    page.groups.truncate(1);
    page.groups[0].operations = vec![row; OPERATIONS_A_PAGE];
    let mut document = document_page();
    document.lines = document_lines(&"x\n".repeat(LINES_A_PAGE as usize), 1);
    (judged, page, document)
}

#[test]
fn every_page_keeps_the_rules_of_the_house() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pages/assets");
    fs::create_dir_all(&root).expect("a folder");
    for (asset, body) in [
        (&assets::STYLESHEET, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sundial.css"))),
        (&assets::FAVICON, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/favicon.svg"))),
    ] {
        fs::write(root.join(asset.href.trim_start_matches("/assets/")), body).expect("an asset");
    }
    for (name, html) in pages() {
        assert!(html.starts_with("<!doctype html>"), "{name}");
        assert_eq!(html.matches("<h1").count(), 1, "{name}: one heading of the page");
        for inline in [" style=", "<style", "<script", " onclick", "javascript:", "<img", "\u{202E}"] {
            assert!(!html.contains(inline), "{name}: {inline}");
        }
        let ids = values(&html, "id");
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: an id twice in {ids:?}");
        for id in values(&html, "aria-labelledby") {
            assert!(unique.contains(&id), "{name}: nothing has the id {id}");
        }
        for href in values(&html, "href") {
            let fine = ["/", "#", "?", "https://", "mailto:"].iter().any(|start| href.starts_with(start));
            assert!(fine, "{name}: {href}");
        }
        assert!(elements(&html) < 5_000, "{name}: {} elements", elements(&html));
    }
}

#[tokio::test]
async fn a_page_known_already_is_304_without_a_body() {
    use axum::Router;
    use axum::routing::get;

    let routes = Router::new()
        .route("/", get(async || Page::new(home_empty())))
        .layer(axum::middleware::from_fn(revalidate))
        .merge(assets::routes());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let server = tokio::spawn(async move { axum::serve(listener, routes).await });
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::new();
    let first = client.get(&base).send().await.expect("answers");
    assert_eq!(first.status(), 200);
    let tag = first.headers()["etag"].clone();
    let again = client.get(&base).header("if-none-match", tag).send().await.expect("answers");
    assert_eq!(again.status(), 304);
    assert_eq!(again.bytes().await.expect("a body").len(), 0);
    let css = client.get(format!("{base}{}", assets::STYLESHEET.href)).send().await.expect("answers");
    assert_eq!(css.headers()["cache-control"], "public, max-age=31536000, immutable");
    let stale = client.get(format!("{base}/assets/sundial.000000000000.css")).send().await.expect("answers");
    assert_eq!(stale.status(), 404);
    server.abort();
}
