//! Deprecation, sunset and block, as gateways and readers see them while the clock moves.

use serde_json::json;

use crate::support::documents::charges;
use crate::support::program::Run;
use crate::support::server::{Local, Reply};

const NOW: &str = "2026-03-01T12:00:00Z";
const API: &str = "/api/v1/apis/payments/charges";

fn published() -> Local {
    let registry = Local::start(NOW);
    for (label, base) in [("1.0.0", "/v1"), ("2.0.0", "/v2")] {
        let document = charges("api.example.com", base, "");
        let published = registry.admin().put(&format!("{API}/versions/{label}"), document);
        assert_eq!(published.status, 201, "{}", published.text());
    }
    registry
}

/// What the program prints of the API's lines, and what the catalog shows of v1.
fn told(registry: &Local) -> (String, String) {
    let shown =
        Run::default().env("SUNDIAL_URL", &registry.url).args(["lifecycle", "show", "payments/charges"]);
    let line =
        shown.expect(0).stdout.lines().find(|line| line.starts_with("v1 ")).expect("v1 is there").to_owned();
    let page = registry.anon().get("/apis/payments/charges").text();
    let row = page.split("id=\"line-v1\"").nth(1).expect("v1 has its row");
    (line, row.split("</tr>").next().expect("its end").to_owned())
}

fn ask(registry: &Local, path: &str) -> Reply {
    let headers = [
        ("x-forwarded-method", "GET"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "api.example.com"),
        ("x-forwarded-uri", path),
    ];
    registry.anon().call(reqwest::Method::GET, "/enforce/v1/forward-auth", &headers, Vec::new())
}

#[test]
fn a_line_passes_is_announced_and_goes_as_the_clock_passes_its_dates() {
    let registry = published();
    let change = json!({
        "deprecated_at": "2026-04-01T00:00:00Z", "sunset_at": "2026-12-31T23:59:59Z", "successor": "v2",
        "links": {"deprecation": "https://docs.example.com/v1"},
    });
    let set = registry.admin().put(&format!("{API}/lines/v1/lifecycle"), change.to_string());
    assert_eq!(set.status, 200, "{}", set.text());
    assert_eq!(set.json()["stage"], "active", "its deprecation lies ahead");

    let (line, row) = told(&registry);
    assert!(line.contains("active") && row.contains("active"), "{line} {row}");
    let active = ask(&registry, "/v1/charges/7");
    assert_eq!(active.status, 200);
    for name in ["deprecation", "sunset", "link"] {
        assert_eq!(active.header(name), None, "{name} starts at the deprecation");
    }
    assert_eq!(active.header("x-sundial-decision"), Some("allow"));
    assert_eq!(active.header("x-sundial-line"), Some("v1"));

    registry.at("2026-04-01T00:00:00Z");
    let deprecated = ask(&registry, "/v1/charges/7");
    assert_eq!(deprecated.status, 200);
    assert_eq!(deprecated.header("deprecation"), Some("@1775001600"));
    assert_eq!(deprecated.header("sunset"), Some("Thu, 31 Dec 2026 23:59:59 GMT"));
    let link = deprecated.header("link").expect("links");
    assert!(link.contains("<https://docs.example.com/v1>; rel=\"deprecation\""), "{link}");
    assert!(link.contains("<https://api.example.com/v2>; rel=\"successor-version\""), "{link}");
    assert_eq!(deprecated.header("x-sundial-stage"), Some("deprecated"));
    let line = registry.anon().get(&format!("{API}/lines/v1")).json();
    assert_eq!(line["stage"], "deprecated");
    let (line, row) = told(&registry);
    assert!(line.contains("deprecated") && row.contains("deprecated"), "{line} {row}");

    registry.at("2026-12-31T23:59:58.999999Z");
    assert_eq!(ask(&registry, "/v1/charges/7").status, 200, "not a moment too early");
    registry.at("2026-12-31T23:59:59Z");
    let retired = ask(&registry, "/v1/charges/7");
    assert_eq!(retired.status, 410);
    assert_eq!(retired.problem(), "version-retired");
    let problem = retired.json();
    assert_eq!(problem["type"], "https://apis.example.com/problems/version-retired");
    assert_eq!(problem["api"], "payments/charges");
    assert_eq!(problem["line"], "v1");
    assert_eq!(problem["successor"], "v2");
    assert_eq!(problem["sunset_at"], "2026-12-31T23:59:59Z");
    assert_eq!(retired.header("cache-control"), Some("no-store"));
    assert_eq!(retired.header("x-sundial-decision"), Some("refuse"));
    assert_eq!(registry.anon().get(&format!("{API}/lines/v1")).json()["stage"], "retired");
    let (line, row) = told(&registry);
    assert!(line.contains("retired") && row.contains("retired"), "{line} {row}");
    assert_eq!(ask(&registry, "/v2/charges/7").status, 200, "the successor is not touched");
}

#[test]
fn a_block_acts_at_once_and_tells_why() {
    let registry = published();
    let block = format!("{API}/lines/v1/block");
    let silent = registry.admin().post(&block, r#"{"reason":" "}"#);
    assert_eq!((silent.status, silent.problem()), (422, "request-invalid".to_owned()));
    assert_eq!(ask(&registry, "/v1/charges").status, 200);
    let blocked = registry.admin().post(&block, r#"{"reason":"leaks card numbers"}"#);
    assert_eq!(blocked.json()["stage"], "blocked");
    let refused = ask(&registry, "/v1/charges");
    assert_eq!((refused.status, refused.problem()), (410, "version-blocked".to_owned()));
    assert_eq!(refused.header("sunset"), None, "a block is no sunset");
    assert!(refused.text().contains("leaks card numbers"));
    let lifted = registry.admin().post(&format!("{API}/lines/v1/unblock"), r#"{"reason":"fixed"}"#);
    assert_eq!(lifted.json()["stage"], "active");
    assert_eq!(ask(&registry, "/v1/charges").status, 200);
}

#[test]
fn dates_in_the_past_need_force_and_contradictions_are_refused() {
    let registry = published();
    let set = |body: serde_json::Value| {
        registry.admin().put(&format!("{API}/lines/v1/lifecycle"), body.to_string())
    };
    let past = set(json!({"sunset_at": "2026-01-01"}));
    assert_eq!((past.status, past.problem()), (422, "policy-unmet".to_owned()), "{}", past.text());
    assert_eq!(set(json!({"sunset_at": "2026-01-01", "force": true})).json()["stage"], "retired");
    let reversed = set(json!({"deprecated_at": "2027-06-01", "sunset_at": "2027-01-01"}));
    assert_eq!((reversed.status, reversed.problem()), (422, "schedule-invalid".to_owned()));
    let injected = set(json!({"sunset_at": "2027-01-01", "links": {"sunset": "https://a.example/\r\nX: y"}}));
    assert_eq!(injected.status, 422);
    let nobody = set(json!({"sunset_at": "2027-01-01", "successor": "v9"}));
    assert_eq!((nobody.status, nobody.problem()), (404, "not-found".to_owned()));
    let garbled = set(json!({"sunset_at": "soon"}));
    assert_eq!(garbled.status, 400);
}

#[test]
fn guarded_namespaces_keep_their_notice_period() {
    let registry = published();
    let admin = registry.admin();
    assert_eq!(admin.put("/api/v1/namespaces/payments/policy", r#"{"preset":"guarded"}"#).status, 200);
    let set = |body: serde_json::Value| admin.put(&format!("{API}/lines/v1/lifecycle"), body.to_string());
    let short = set(json!({"deprecated_at": "2026-03-02", "sunset_at": "2026-04-02", "successor": "v2"}));
    assert_eq!((short.status, short.problem()), (422, "policy-unmet".to_owned()));
    let demand = &short.json()["policy"][0];
    for part in ["demand", "measured", "way_out"] {
        assert!(demand[part].as_str().is_some_and(|text| !text.is_empty()), "{demand}");
    }
    assert_eq!(
        set(json!({"deprecated_at": "2026-03-02", "sunset_at": "2026-10-02", "successor": "v2"})).status,
        200
    );
}

#[test]
fn a_stale_change_is_refused() {
    let registry = published();
    let path = format!("{API}/lines/v1");
    let tag = registry.anon().get(&path).header("etag").expect("a tag").to_owned();
    let set = |tag: &str, date: &str| {
        let body = json!({"sunset_at": date}).to_string().into_bytes();
        registry.admin().call(reqwest::Method::PUT, &format!("{path}/lifecycle"), &[("if-match", tag)], body)
    };
    assert_eq!(set(&tag, "2027-01-01").status, 200);
    let stale = set(&tag, "2028-01-01");
    assert_eq!((stale.status, stale.problem()), (412, "precondition-failed".to_owned()));
    assert_eq!(registry.anon().get(&path).json()["sunset_at"], "2027-01-01T23:59:59Z");
}

#[test]
fn a_single_version_can_end_before_its_line() {
    let registry = published();
    let admin = registry.admin();
    assert_eq!(
        admin.put(&format!("{API}/versions/1.1.0"), charges("api.example.com", "/v1", "")).status,
        201
    );
    let retire = json!({"sunset_at": "2026-02-01", "force": true}).to_string();
    assert_eq!(
        admin.put(&format!("{API}/versions/1.1.0/lifecycle"), retire.clone()).json()["stage"],
        "retired"
    );
    let line = registry.anon().get(&format!("{API}/lines/v1")).json();
    assert_eq!((line["stage"].clone(), line["current"].clone()), (json!("active"), json!("1.0.0")));
    assert_eq!(ask(&registry, "/v1/charges").status, 200);
    assert_eq!(admin.put(&format!("{API}/versions/1.0.0/lifecycle"), retire).status, 200);
    assert_eq!(registry.anon().get(&format!("{API}/lines/v1")).json()["stage"], "retired");
    assert_eq!(ask(&registry, "/v1/charges").status, 410, "no version of the line serves any more");
}

#[test]
fn a_decision_in_json_says_what_a_gateway_needs() {
    let registry = published();
    let body =
        json!({"method": "GET", "scheme": "https", "host": "API.example.com:443", "path": "/v1/charges/7"});
    let decision = registry.anon().post("/enforce/v1/decide", body.to_string()).json();
    assert_eq!(decision["decision"], "allow");
    assert_eq!(decision["api"], "payments/charges");
    assert_eq!(decision["line"], "v1");
    assert_eq!(decision["version"], "1.0.0");
    assert_eq!(decision["operation"], "GET /charges/{id}");
    assert_eq!(decision["stage"], "active");
    let batch = json!({"requests": [body, {"method": "GET", "host": "elsewhere.example", "path": "/"}]});
    let decisions = registry.anon().post("/enforce/v1/decide", batch.to_string()).json();
    assert_eq!(decisions["decisions"][0]["decision"], "allow");
    assert_eq!(decisions["decisions"][1]["decision"], "unknown");
}

#[test]
fn answers_are_counted_by_line() {
    let registry = published();
    for _ in 0..3 {
        assert_eq!(ask(&registry, "/v1/charges").status, 200);
    }
    crate::support::server::RUNTIME.block_on(registry.registry.flush_usage()).expect("written");
    let usage = registry.anon().get(&format!("{API}/lines/v1/usage")).json();
    assert_eq!(usage["answers"]["allow"], 3, "{usage}");
}
