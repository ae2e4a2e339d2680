//! Publishing, reading back, comparing, and the policy that says no.

use serde_json::json;

use crate::support::documents::{charges, charges_without_reading_one};
use crate::support::server::Local;

const NOW: &str = "2026-03-01T12:00:00Z";
const V1: &str = "/api/v1/apis/payments/charges/versions/1.0.0";

#[test]
fn a_version_is_published_once_for_ever() {
    let registry = Local::start(NOW);
    let document = charges("api.example.com", "/v1", "");
    let created = registry.admin().put(V1, document.clone());
    assert_eq!(created.status, 201, "{}", created.text());
    assert_eq!(created.header("location"), Some(V1));
    let answer = created.json();
    assert_eq!(answer["api"], "payments/charges");
    assert_eq!(answer["label"], "1.0.0");
    assert_eq!(answer["line"], "v1");
    assert_eq!(answer["stage"], "active");
    assert_eq!(answer["predecessor"], json!(null));
    assert_eq!(answer["diff"], json!(null));
    assert_eq!(answer["document"], format!("{V1}/document"));

    let again = registry.admin().put(V1, document.clone());
    assert_eq!(again.status, 200, "{}", again.text());
    assert_eq!(again.json()["sha256"], answer["sha256"]);

    let other = registry.admin().put(V1, document.replace("All charges", "Every charge"));
    assert_eq!(other.status, 409);
    assert_eq!(other.problem(), "version-conflict");
    assert_eq!(other.json()["published"], answer["sha256"]);

    let kept = registry.anon().get(&format!("{V1}/document"));
    assert_eq!(kept.text(), document);
    assert_eq!(kept.header("content-type"), Some("application/yaml"));
    let tag = kept.header("etag").expect("a tag").to_owned();
    let known = registry.anon().call(
        reqwest::Method::GET,
        &format!("{V1}/document"),
        &[("if-none-match", &tag)],
        Vec::new(),
    );
    assert_eq!((known.status, known.body.len()), (304, 0));
}

#[test]
fn a_document_is_converted_on_request_and_says_the_same() {
    let registry = Local::start(NOW);
    let document = charges("api.example.com", "/v1", "");
    assert_eq!(registry.admin().put(V1, document).status, 201);
    let converted = registry.anon().get(&format!("{V1}/document?format=json"));
    assert_eq!(converted.header("content-type"), Some("application/json"));
    let second = "/api/v1/apis/payments/charges/versions/1.0.1";
    assert_eq!(registry.admin().put(second, converted.body).status, 201);
    let diff = registry.anon().get("/api/v1/apis/payments/charges/diff?from=1.0.0&to=1.0.1&format=json");
    assert_eq!(diff.json()["verdict"], "identical", "{}", diff.text());
    let yaml = registry.anon().get(&format!("{second}/document?format=yaml"));
    assert_eq!(yaml.header("content-type"), Some("application/yaml"));
    let third = "/api/v1/apis/payments/charges/versions/1.0.2";
    let answer = registry.admin().put(third, yaml.body).json();
    assert_eq!(answer["diff"]["verdict"], "identical", "{answer}");
}

#[test]
fn writing_needs_a_token_in_force_and_leaves_no_trace_without_one() {
    let registry = Local::start(NOW);
    let document = charges("api.example.com", "/v1", "");
    let mut other = registry.token.clone();
    let last = if other.ends_with('0') { "1" } else { "0" };
    other.replace_range(other.len() - 1.., last);
    let forged =
        sundial::access::Token::generate(sundial::access::TokenKind::Bootstrap).expect("a token").reveal();
    for token in [None, Some("nonsense".to_owned()), Some(other), Some(forged)] {
        let caller = crate::support::server::Caller { url: registry.url.clone(), token };
        let refused = caller.put(V1, document.clone());
        assert_eq!(refused.status, 401, "{caller:?}");
        assert_eq!(refused.problem(), "unauthenticated");
        assert!(refused.header("www-authenticate").is_some());
    }
    assert_eq!(registry.anon().get("/api/v1/apis").json()["items"], json!([]));
    assert_eq!(registry.anon().get("/api/v1/apis/payments/charges").problem(), "not-found");
}

#[test]
fn a_dry_run_says_the_same_and_stores_nothing() {
    let registry = Local::start(NOW);
    let document = charges("api.example.com", "/v1", "");
    let dry = registry.admin().put(&format!("{V1}?dry_run=true"), document.clone());
    assert_eq!(dry.status, 200);
    assert_eq!(registry.anon().get(V1).status, 404);
    let real = registry.admin().put(V1, document);
    assert_eq!(real.json(), dry.json());
}

#[test]
fn a_draft_is_replaced_until_it_is_released() {
    let registry = Local::start(NOW);
    let draft = format!("{V1}?draft=true");
    let first = registry.admin().put(&draft, charges("api.example.com", "/v1", ""));
    assert_eq!((first.status, first.json()["stage"].clone()), (201, json!("draft")));
    let lines = registry.anon().get("/api/v1/apis/payments/charges/lines").json();
    assert_eq!(lines["items"][0]["stage"], "draft");
    assert_eq!(lines["items"][0]["routes"], json!([]), "a draft has no route");
    let changed = charges("api.example.com", "/v1", "").replace("All charges", "Every charge");
    assert_eq!(registry.admin().put(&draft, changed.clone()).status, 200);
    assert_eq!(registry.anon().get(&format!("{V1}/document")).text(), changed);
    let released = registry.admin().put(V1, changed.clone());
    assert_eq!((released.status, released.json()["stage"].clone()), (201, json!("active")));
    let other = registry.admin().put(&draft, charges("api.example.com", "/v1", ""));
    assert_eq!(other.status, 409, "released is released");
    assert_eq!(registry.admin().put(V1, changed).status, 200);
}

#[test]
fn a_breaking_release_is_seen_and_under_guard_refused() {
    let registry = Local::start(NOW);
    let admin = registry.admin();
    assert_eq!(admin.put(V1, charges("api.example.com", "/v1", "")).status, 201);
    let broken = charges_without_reading_one("api.example.com", "/v1");
    let next = "/api/v1/apis/payments/charges/versions/1.1.0";

    assert_eq!(admin.put("/api/v1/namespaces/payments/policy", r#"{"preset":"guarded"}"#).status, 200);
    let refused = admin.put(next, broken.clone());
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(refused.problem(), "policy-unmet");
    let problem = refused.json();
    assert_eq!(problem["diff"]["verdict"], "breaking");
    assert_eq!(problem["diff"]["due"], "2.0.0");
    assert!(problem["errors"].as_array().is_some_and(|errors| !errors.is_empty()), "{problem}");
    assert_eq!(registry.anon().get(next).status, 404, "nothing is stored");

    assert_eq!(admin.put("/api/v1/namespaces/payments/policy", r#"{"preset":"observe"}"#).status, 200);
    let stored = admin.put(next, broken).json();
    assert_eq!(stored["predecessor"], "1.0.0");
    assert_eq!(stored["diff"]["verdict"], "breaking");
    assert_eq!(stored["diff"]["bump"], "major");
    assert_eq!(stored["diff"]["due"], "2.0.0");
    let diff = registry.anon().get(stored["diff"]["href"].as_str().expect("a link")).json();
    let change = &diff["changes"][0];
    assert_eq!(change["level"], "breaking");
    assert!(change["old"]["line"].is_number(), "{change}");
}

#[test]
fn a_breaking_release_in_a_new_line_passes_the_guard() {
    let registry = Local::start(NOW);
    let admin = registry.admin();
    assert_eq!(admin.put("/api/v1/namespaces/payments/policy", r#"{"preset":"guarded"}"#).status, 200);
    assert_eq!(admin.put(V1, charges("api.example.com", "/v1", "")).status, 201);
    let next = "/api/v1/apis/payments/charges/versions/2.0.0";
    let broken = charges_without_reading_one("api.example.com", "/v2");
    assert_eq!(admin.put(next, broken).status, 201);
    let lines = registry.anon().get("/api/v1/apis/payments/charges/lines").json();
    let names: Vec<&str> =
        lines["items"].as_array().expect("lines").iter().filter_map(|l| l["line"].as_str()).collect();
    assert_eq!(names, ["v2", "v1"], "newest first");
}

#[test]
fn a_late_patch_is_not_held_against_newer_releases() {
    let registry = Local::start(NOW);
    let admin = registry.admin();
    let at = |label: &str| format!("/api/v1/apis/payments/charges/versions/{label}");
    assert_eq!(admin.put("/api/v1/namespaces/payments/policy", r#"{"preset":"guarded"}"#).status, 200);
    let narrow = charges_without_reading_one("api.example.com", "/v1");
    assert_eq!(admin.put(&at("1.0.0"), narrow.clone()).status, 201);
    assert_eq!(admin.put(&at("1.1.0"), charges("api.example.com", "/v1", "")).status, 201, "it only adds");
    let late = admin.put(&at("1.0.1"), narrow.replace("All charges", "Every charge"));
    assert_eq!(late.status, 201, "{}", late.text());
    assert_eq!(late.json()["predecessor"], "1.0.0");
}

#[test]
fn references_that_lead_nowhere_are_findings_and_strict_refuses_them() {
    let registry = Local::start(NOW);
    let trap = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    trap.set_nonblocking(true).expect("a listener that does not block");
    let address = trap.local_addr().expect("an address");
    let schemas = format!(
        "  schemas:\n    Nowhere: {{$ref: '#/components/schemas/Absent'}}\n    File: {{$ref: 'other.yaml#/A'}}\n    Url: {{$ref: 'http://{address}/a.yaml'}}\n"
    );
    let document = format!("{}{schemas}", charges("api.example.com", "/v1", ""));
    let strict = registry.admin().put(&format!("{V1}?strict=true"), document.clone());
    assert_eq!(strict.status, 422, "{}", strict.text());
    assert_eq!(strict.problem(), "findings-of-level-error");
    assert!(
        strict.json()["errors"].as_array().is_some_and(|errors| errors.iter().all(|e| e["line"].is_number()))
    );
    assert_eq!(registry.anon().get(V1).status, 404);
    assert_eq!(
        registry.admin().put(V1, document).status,
        201,
        "faulty documents are stored with their findings"
    );
    let lint = registry.anon().get(&format!("{V1}/lint")).json();
    let rules: Vec<&str> =
        lint["findings"].as_array().expect("findings").iter().filter_map(|f| f["rule"].as_str()).collect();
    assert!(rules.contains(&"ref-dangling"), "{rules:?}");
    assert!(rules.iter().filter(|rule| **rule == "ref-external").count() >= 2, "{rules:?}");
    assert!(trap.accept().is_err(), "nothing is ever fetched");
}

#[test]
fn labels_keep_to_the_scheme_of_the_first_one() {
    let registry = Local::start(NOW);
    let admin = registry.admin();
    let at = |label: &str| format!("/api/v1/apis/payments/charges/versions/{label}");
    let document = charges("api.example.com", "/v1", "");
    let none = admin.put(&at("latest"), document.clone());
    assert_eq!((none.status, none.problem()), (422, "label-invalid".to_owned()));
    assert_eq!(admin.put(&at("v3"), document.clone()).json()["line"], "v3");
    let misfit = admin.put(&at("1.0.0"), document.clone());
    assert_eq!((misfit.status, misfit.problem()), (422, "label-invalid".to_owned()));
    let twin = admin.put(&at("3"), document.clone());
    assert_eq!((twin.status, twin.problem()), (409, "version-conflict".to_owned()));
    assert_eq!(admin.put(&at("v3.1"), document.clone()).json()["line"], "v3");
    let tenth = admin.put(&at("v10"), document.clone()).json();
    assert_eq!((tenth["line"].clone(), tenth["predecessor"].clone()), (json!("v10"), json!("v3.1")));
    let own = admin.put(&format!("{}?line=next", at("v11")), document).json();
    assert_eq!(own["line"], "next");
}

#[test]
fn a_route_that_another_api_holds_is_not_taken() {
    let registry = Local::start(NOW);
    let admin = registry.admin();
    let document = charges("api.example.com", "/v1", "");
    assert_eq!(admin.put(V1, document.clone()).status, 201);
    let second = admin.put("/api/v1/apis/shop/orders/versions/1.0.0", document);
    assert_eq!(second.status, 201);
    let notice = &second.json()["notices"][0];
    assert_eq!(notice["rule"], "route-taken");
    assert!(notice["message"].as_str().is_some_and(|text| text.contains("payments/charges")), "{notice}");
    // However it is spelt: the same calls would arrive there.
    for (host, path) in
        [("api.example.com", "/v1"), ("API.example.com.", "//V1/"), ("api.example.com:443", "/./v1")]
    {
        let body = json!({"items": [{"host": host, "path": path, "header": null, "query": null}]});
        let taken = admin.put("/api/v1/apis/shop/orders/lines/v1/routes", body.to_string());
        assert_eq!((taken.status, taken.problem()), (409, "route-taken".to_owned()), "{host}{path}");
        assert!(taken.text().contains("payments/charges"));
    }
    let own =
        r#"{"items":[{"host":"api.example.com","path":"/orders","header":"Api-Version=1","query":null}]}"#;
    let line = admin.put("/api/v1/apis/shop/orders/lines/v1/routes", own).json();
    assert_eq!(line["routes"][0]["header"], "Api-Version=1");
}

#[test]
fn a_route_that_no_call_may_select_is_refused() {
    let registry = Local::start(NOW);
    let admin = registry.admin();
    assert_eq!(admin.put(V1, charges("api.example.com", "/v1", "")).status, 201);
    let set = |host: &str, path: &str, header: serde_json::Value| {
        let body = json!({"items": [{"host": host, "path": path, "header": header, "query": null}]});
        admin.put("/api/v1/apis/payments/charges/lines/v1/routes", body.to_string())
    };
    for (host, path, header) in [
        ("api.example.com", "/v1", json!("Authorization=x")),
        ("api.example.com", "/v1", json!("X-Sundial-Stage=active")),
        ("https://api.example.com", "/v1", json!(null)),
        ("api.example.com", "/v1?x", json!(null)),
        ("api.example.com", "v1", json!(null)),
    ] {
        let refused = set(host, path, header);
        assert_eq!((refused.status, refused.problem()), (422, "request-invalid".to_owned()), "{host}{path}");
    }
    let kept = set("API.example.com:443", "/charges/", json!(null)).json();
    assert_eq!(
        (&kept["routes"][0]["host"], &kept["routes"][0]["path"]),
        (&json!("api.example.com"), &json!("/charges"))
    );
}

#[test]
fn lists_are_paged_and_searched() {
    let registry = Local::start(NOW);
    for name in ["alpha", "beta", "gamma"] {
        let document = charges("api.example.com", &format!("/{name}"), "");
        let path = format!("/api/v1/apis/payments/{name}/versions/1.0.0");
        assert_eq!(registry.admin().put(&path, document).status, 201);
    }
    let names = |page: &serde_json::Value| -> Vec<String> {
        page["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|api| api["api"].as_str().expect("a name").to_owned())
            .collect()
    };
    let first = registry.anon().get("/api/v1/apis?limit=2");
    assert_eq!(names(&first.json()), ["payments/alpha", "payments/beta"]);
    let link = first.header("link").expect("a link to the next page").to_owned();
    let next = link.trim_start_matches('<').split('>').next().expect("a target");
    let second = registry.anon().get(next);
    assert_eq!(names(&second.json()), ["payments/gamma"]);
    assert_eq!(second.json()["next"], json!(null));
    assert_eq!(names(&registry.anon().get("/api/v1/apis?q=GAM").json()), ["payments/gamma"]);
    assert_eq!(names(&registry.anon().get("/api/v1/apis?q=%25").json()), Vec::<String>::new());
    assert_eq!(names(&registry.anon().get("/api/v1/apis?stage=retired").json()), Vec::<String>::new());
}

#[test]
fn what_is_not_there_names_what_is_near() {
    let registry = Local::start(NOW);
    assert_eq!(registry.admin().put(V1, charges("api.example.com", "/v1", "")).status, 201);
    let missing = registry.anon().get("/api/v1/apis/payments/charge");
    assert_eq!((missing.status, missing.problem()), (404, "not-found".to_owned()));
    assert_eq!(missing.json()["near"], json!(["payments/charges"]));
    assert_eq!(registry.anon().get("/api/v1/nothing").problem(), "not-found");
    let wrong = registry.admin().call(reqwest::Method::DELETE, V1, &[], Vec::new());
    assert_eq!((wrong.status, wrong.problem()), (405, "method-not-allowed".to_owned()));
    assert!(wrong.header("allow").is_some());
}
