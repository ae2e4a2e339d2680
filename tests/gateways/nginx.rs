//! nginx with the very files of `deploy/nginx`: what a caller gets, and what reaches the API.

use std::sync::{Arc, Mutex};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::routing::any;
use serde_json::{Value, json};

use crate::support::documents::charges;
use crate::support::free_port;
use crate::support::nginx::Nginx;
use crate::support::server::{Caller, Local, RUNTIME, Reply, raw};

const NOW: &str = "2026-03-01T12:00:00Z";
const HOST: &str = "api.example.com";

/// The API behind the gateway: says what reached it, and has a `Deprecation` of its own.
struct Backend {
    address: String,
    reached: Arc<Mutex<Vec<(String, HeaderMap)>>>,
}

impl Backend {
    fn start() -> Self {
        let reached: Arc<Mutex<Vec<(String, HeaderMap)>>> = Arc::default();
        let kept = reached.clone();
        let address = RUNTIME.block_on(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let address = listener.local_addr().expect("an address").to_string();
            let app = axum::Router::new().fallback(any(echo)).with_state(kept);
            tokio::spawn(async move { axum::serve(listener, app).await.expect("served") });
            address
        });
        Self { address, reached }
    }

    fn reached(&self) -> Vec<(String, HeaderMap)> {
        std::mem::take(&mut self.reached.lock().expect("unpoisoned"))
    }
}

type Reached = Arc<Mutex<Vec<(String, HeaderMap)>>>;

async fn echo(State(reached): State<Reached>, request: Request) -> (HeaderMap, String) {
    let (parts, body) = request.into_parts();
    reached.lock().expect("unpoisoned").push((parts.uri.to_string(), parts.headers));
    let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    let own = HeaderMap::from_iter([
        (http::HeaderName::from_static("deprecation"), HeaderValue::from_static("true")),
        (http::header::LINK, HeaderValue::from_static("</self>; rel=\"self\"")),
    ]);
    (own, format!("the API got {} bytes", body.len()))
}

struct Site {
    registry: Local,
    backend: Backend,
    nginx: Nginx,
    address: String,
}

impl Site {
    /// A registry with a retired v1, a deprecated v2 and an active v3, behind nginx.
    fn open(file: &str) -> Self {
        let registry = Local::start(NOW);
        let admin = registry.admin();
        for (label, base) in [("1.0.0", "/orders/v1"), ("2.0.0", "/orders/v2"), ("3.0.0", "/orders/v3")] {
            let path = format!("/api/v1/apis/shop/orders/versions/{label}");
            let published = admin.put(&path, charges(HOST, base, ""));
            assert_eq!(published.status, 201, "{}", published.text());
        }
        let set = |line: &str, body: Value| {
            let path = format!("/api/v1/apis/shop/orders/lines/{line}/lifecycle");
            let set = admin.put(&path, body.to_string());
            assert_eq!(set.status, 200, "{}", set.text());
        };
        let links = json!({"deprecation": "https://docs.example.com/orders"});
        set(
            "v1",
            json!({"deprecated_at": "2025-01-01", "sunset_at": "2026-01-01", "successor": "v3", "links": links, "force": true}),
        );
        set(
            "v2",
            json!({"deprecated_at": "2026-01-01", "sunset_at": "2026-12-31", "successor": "v3", "force": true}),
        );
        let backend = Backend::start();
        let address = format!("127.0.0.1:{}", free_port());
        let sundial = registry.url.trim_start_matches("http://").to_owned();
        let nginx = start(file, &address, &sundial, &backend.address);
        Self { registry, backend, nginx, address }
    }

    fn caller(&self) -> Caller {
        Caller { url: format!("http://{}", self.address), token: None }
    }

    fn call(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let headers: Vec<(&str, &str)> = headers.iter().copied().chain([("host", HOST)]).collect();
        self.caller().call(reqwest::Method::GET, path, &headers, Vec::new())
    }

    /// A call whose target goes over the wire as it is written here.
    fn raw(&self, target: &str) -> (u16, String) {
        let request = format!("GET {target} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n");
        raw(&self.address, request.as_bytes())
    }
}

fn start(file: &str, listen: &str, sundial: &str, backend: &str) -> Nginx {
    let own = match file {
        "fail-open.conf" => "127.0.0.1:8001",
        "fail-closed.conf" => "127.0.0.1:8002",
        "fail-static.conf" => "127.0.0.1:8003",
        other => panic!("no such file: {other}"),
    };
    Nginx::start(
        "deploy/nginx",
        file,
        &[(own, listen), ("127.0.0.1:9001", sundial), ("127.0.0.1:9100", backend)],
    )
}

/// Spellings of `/orders/v1` that servers behind gateways read as just that (facts of path reading:
/// RFC 3986 sections 5.2.4 and 6.2, servlet path parameters, Windows separators).
const SPELLINGS: &[&str] = &[
    "/orders/v1",
    "/orders/v1/",
    "/orders/v1/items/7",
    "/orders/v1?x=1",
    "//orders//v1",
    "/orders/v3/../v1",
    "/orders/./v1",
    "/orders/%76%31",
    "/orders%2fv1",
    "/orders/v3/%2e%2e/v1",
    "/orders/v3/..%2fv1",
    "/orders;p=1/v1",
    "/orders/v1;p=1",
    "/orders/v3/..;/v1",
    "/orders\\v1",
    "/orders/v3/..\\v1",
    "/ORDERS/V1",
    "/Orders/v1",
    "/orders/%2576%2531",
    "/orders/v1%3fx",
    "/orders/v1%23x",
    "http://api.example.com/orders/v1",
];

#[test]
fn callers_get_what_the_stage_of_the_line_says() {
    for file in ["fail-open.conf", "fail-closed.conf", "fail-static.conf"] {
        let site = Site::open(file);

        let active = site.call("/orders/v3/items", &[]);
        assert_eq!((active.status, active.text()), (200, "the API got 0 bytes".to_owned()), "{file}");
        assert_eq!(active.header("sunset"), None, "{file}");
        assert_eq!(active.header("deprecation"), None, "{file}: the registry is the one source of it");

        let deprecated = site.call("/orders/v2/items", &[]);
        assert_eq!(deprecated.status, 200, "{file}");
        assert_eq!(deprecated.header("deprecation"), Some("@1767311999"), "{file}");
        assert_eq!(deprecated.header("sunset"), Some("Thu, 31 Dec 2026 23:59:59 GMT"), "{file}");
        let links: Vec<&str> =
            deprecated.headers.get_all("link").iter().filter_map(|link| link.to_str().ok()).collect();
        assert!(links.iter().any(|link| link.contains("rel=\"successor-version\"")), "{file}: {links:?}");
        assert!(links.contains(&"</self>; rel=\"self\""), "{file}: the API's own link stays: {links:?}");

        let retired = site.call("/orders/v1/items", &[]);
        assert_eq!(retired.status, 410, "{file}: {}", retired.text());
        assert_eq!(retired.problem(), "version-retired", "{file}");
        assert_eq!(retired.json()["successor"], "v3", "{file}");
        assert_eq!(retired.header("sunset"), Some("Thu, 01 Jan 2026 23:59:59 GMT"), "{file}");
        assert_eq!(retired.header("cache-control"), Some("no-store"), "{file}");

        let unknown = site.call("/elsewhere", &[]);
        assert_eq!(unknown.status, 200, "{file}: calls that no route knows pass by default");
        let (malformed, body) = site.raw("/orders/v1%zz");
        assert_eq!(malformed, 400, "{file}: {body}");

        let body = vec![b'x'; 300_000];
        let headers = [("host", HOST)];
        let sent = site.caller().call(reqwest::Method::POST, "/orders/v3/items", &headers, body);
        assert_eq!(sent.text(), "the API got 300000 bytes", "{file}");
        drop(site.nginx);
    }
}

#[test]
fn no_spelling_of_a_retired_line_slips_by() {
    for file in ["fail-open.conf", "fail-closed.conf"] {
        let site = Site::open(file);
        for spelling in SPELLINGS {
            site.backend.reached();
            let (status, answer) = site.raw(spelling);
            assert!(matches!(status, 410 | 400), "{file} {spelling}: {answer}");
            assert!(site.backend.reached().is_empty(), "{file} {spelling} reached the API");
        }
        for spelling in ["/orders/v3", "/orders/v10/x", "/orders/v1x", "/orders/v3/v1"] {
            assert_eq!(site.raw(spelling).0, 200, "{file} {spelling} is no spelling of v1");
        }
    }
}

#[test]
fn forged_headers_change_nothing_and_do_not_reach_the_api() {
    let site = Site::open("fail-open.conf");
    let forged = [
        ("x-forwarded-uri", "/orders/v3"),
        ("x-original-uri", "/orders/v3"),
        ("x-original-url", "/orders/v3"),
        ("x-forwarded-host", "elsewhere.example"),
        ("x-sundial-decision", "allow"),
        ("x-sundial-stage", "active"),
    ];
    assert_eq!(site.call("/orders/v1/items", &forged).status, 410);
    site.backend.reached();
    assert_eq!(site.call("/orders/v2/items", &forged).status, 200);
    let (_, headers) = site.backend.reached().pop().expect("it reached the API");
    assert_eq!(headers.get("x-sundial-stage").map(HeaderValue::as_bytes), Some(b"deprecated".as_slice()));
    assert!(headers.get("x-sundial-decision").is_none(), "{headers:?}");

    // More headers than a server takes would break the check, and a broken check passes here.
    let many: String = (0..300).map(|number| format!("X-{number}: 1\r\n")).collect();
    let request = format!("GET /orders/v1/items HTTP/1.1\r\nHost: {HOST}\r\n{many}Connection: close\r\n\r\n");
    assert_eq!(raw(&site.address, request.as_bytes()).0, 410);
}

#[test]
fn preflights_pass_and_other_options_do_not() {
    let site = Site::open("fail-closed.conf");
    let preflight =
        [("host", HOST), ("origin", "https://app.example"), ("access-control-request-method", "GET")];
    let options = |headers: &[(&str, &str)]| {
        site.caller().call(reqwest::Method::OPTIONS, "/orders/v1/items", headers, Vec::new()).status
    };
    assert_eq!(options(&preflight), 200);
    assert_eq!(options(&[("host", HOST)]), 410);
}

#[test]
fn a_registry_that_is_away_opens_or_closes_the_gate_as_configured() {
    for (file, retired, active) in
        [("fail-open.conf", 200, 200), ("fail-closed.conf", 503, 503), ("fail-static.conf", 410, 200)]
    {
        let site = Site::open(file);
        assert_eq!(site.call("/orders/v1/items", &[]).status, 410, "{file}");
        assert_eq!(site.call("/orders/v3/items", &[]).status, 200, "{file}");
        let Site { registry, nginx, address, backend } = site;
        drop(registry);
        let caller = Caller { url: format!("http://{address}"), token: None };
        let call = |path: &str| caller.call(reqwest::Method::GET, path, &[("host", HOST)], Vec::new());
        let away = call("/orders/v1/items");
        assert_eq!(away.status, retired, "{file}: {}", away.text());
        if retired == 503 {
            assert!(away.header("retry-after").is_some(), "{file}");
        }
        assert_eq!(call("/orders/v3/items").status, active, "{file}");
        assert!(!backend.reached().is_empty() || active == 503, "{file}");
        drop(nginx);
    }
}

#[test]
fn a_block_reaches_callers_at_once() {
    let site = Site::open("fail-open.conf");
    assert_eq!(site.call("/orders/v3/items", &[]).status, 200);
    let path = "/api/v1/apis/shop/orders/lines/v3/block";
    assert_eq!(site.registry.admin().post(path, r#"{"reason":"leaks addresses"}"#).status, 200);
    let blocked = site.call("/orders/v3/items", &[]);
    assert_eq!((blocked.status, blocked.problem()), (410, "version-blocked".to_owned()));
    assert!(blocked.text().contains("leaks addresses"));
}
