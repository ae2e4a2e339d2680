//! Each adapter from the bytes of its gateway to the bytes it gets back.

use http::request::Parts;
use http::{Request, Response, StatusCode};

use super::*;
use crate::enforcement::adapters::json::{BatchJson, DecisionJson, Question};
use crate::enforcement::adapters::{CheckBroken, broken, envoy, forward_auth, json};

fn parts(method: &str, uri: &str, headers: &[(&str, &str)]) -> Parts {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).expect("a request").into_parts().0
}

fn forwarded(uri: &str, headers: &[(&str, &str)]) -> Response<Bytes> {
    let mut all = vec![("x-forwarded-host", "api.example.com"), ("host", "sundial:9001")];
    all.extend(headers);
    forward_auth::answer(&orders(), &parts("GET", uri, &all), at(NOW))
}

fn text(response: &Response<Bytes>, name: &str) -> String {
    let value = response.headers().get(name).map(HeaderValue::as_bytes);
    String::from_utf8_lossy(value.unwrap_or(b"-")).into_owned()
}

const DOOR: &str = "/enforce/v1/forward-auth";

#[test]
fn forward_auth_passes_announces_and_refuses() {
    let active = forwarded(DOOR, &[("x-forwarded-uri", "/orders/v3")]);
    assert_eq!(active.status(), 200);
    assert!(active.body().is_empty());
    assert_eq!(text(&active, "x-sundial-decision"), "allow");
    assert_eq!(text(&active, "x-sundial-api"), "shop/orders");
    assert_eq!(text(&active, "x-sundial-line"), "v3");
    assert_eq!(text(&active, "x-sundial-stage"), "active");
    assert_eq!(text(&active, "x-sundial-snapshot"), "41");
    assert_eq!(text(&active, "deprecation"), "-");

    let announced = forwarded(DOOR, &[("x-forwarded-uri", "/orders/v2/x?y")]);
    assert_eq!(announced.status(), 200);
    assert_eq!(text(&announced, "deprecation"), "@1767225600");
    assert_eq!(text(&announced, "sunset"), "Thu, 31 Dec 2026 23:59:59 GMT");
    assert!(text(&announced, "link").contains("rel=\"successor-version\""));
    assert_eq!(text(&announced, "x-sundial-status"), "-");

    let refused = forwarded(DOOR, &[("x-forwarded-uri", "/orders/v1")]);
    assert_eq!(refused.status(), 410);
    assert_eq!(text(&refused, "content-type"), "application/problem+json");
    assert_eq!(text(&refused, "cache-control"), "no-store");
    assert_eq!(text(&refused, "access-control-allow-origin"), "*");
    assert_eq!(text(&refused, "x-sundial-decision"), "refuse");
    assert!(
        refused.body().starts_with(b"{\"type\":\"https://sundial.example.com/problems/version-retired\"")
    );
    assert_eq!(text(&refused, "x-sundial-problem"), "-");

    let unknown = forwarded(DOOR, &[("x-forwarded-uri", "/nowhere")]);
    assert_eq!(unknown.status(), 200);
    assert_eq!(text(&unknown, "x-sundial-decision"), "unknown");
    assert_eq!(text(&unknown, "x-sundial-line"), "");
}

#[test]
fn deny_status_moves_status_and_problem_into_headers() {
    let door = "/enforce/v1/forward-auth?deny_status=403";
    let refused = forwarded(door, &[("x-forwarded-uri", "/orders/v1")]);
    assert_eq!(refused.status(), 403);
    assert_eq!(text(&refused, "x-sundial-status"), "410");
    assert_eq!(text(&refused, "x-sundial-problem").as_bytes(), refused.body());
    let malformed = forwarded(door, &[("x-forwarded-uri", "/orders/v1%00")]);
    assert_eq!(
        (malformed.status(), text(&malformed, "x-sundial-status")),
        (StatusCode::FORBIDDEN, "400".into())
    );
    let passed = forwarded(door, &[("x-forwarded-uri", "/orders/v2")]);
    assert_eq!((passed.status(), text(&passed, "x-sundial-status")), (StatusCode::OK, "-".into()));
    for bad in ["deny_status=401", "deny_status=", "deny_status=403&deny_status=403", "deny_status=200"] {
        let response = forwarded(&format!("{DOOR}?{bad}"), &[("x-forwarded-uri", "/orders/v3")]);
        assert_eq!(response.status(), 500, "{bad}");
        assert_eq!(text(&response, "x-sundial-decision"), "-");
    }
}

#[test]
fn only_the_first_target_that_is_there_is_read() {
    let seen = |headers: &[(&str, &str)]| forwarded(DOOR, headers).status().as_u16();
    let (v1, v3) = ("/orders/v1", "/orders/v3");
    assert_eq!(seen(&[("x-forwarded-uri", v3), ("x-original-uri", v1)]), 200);
    assert_eq!(seen(&[("x-forwarded-uri", v1), ("x-original-uri", v3)]), 410);
    assert_eq!(seen(&[("x-original-uri", v1), ("x-original-url", v3)]), 410);
    assert_eq!(seen(&[("x-original-url", "https://api.example.com/orders/v1?x")]), 410);
    // An empty one is what is left of a header that a gateway blanks.
    assert_eq!(seen(&[("x-forwarded-uri", ""), ("x-original-uri", v1)]), 410);
    // Twice the same header: a gateway that adds where it must overwrite.
    assert_eq!(seen(&[("x-forwarded-uri", v3), ("x-forwarded-uri", v1)]), 410);
    assert_eq!(seen(&[]), 500);
}

#[test]
fn what_is_no_decision_is_500_and_looks_like_none() {
    let response = forwarded(DOOR, &[]);
    assert_eq!(response.status(), 500);
    assert_eq!(text(&response, "content-type"), "application/problem+json");
    assert!(response.headers().keys().all(|name| !name.as_str().starts_with("x-sundial")));
    let json: serde_json::Value = serde_json::from_slice(response.body()).expect("JSON");
    assert_eq!(json["status"], 500);
    let hostless = parts("GET", DOOR, &[("x-forwarded-uri", "/")]);
    let refused = forward_auth::question(&hostless).err();
    assert_eq!(refused, Some(CheckBroken::NoHost));
    for check in [CheckBroken::NoSuchDoor, CheckBroken::Token, CheckBroken::Question("x".into())] {
        assert_eq!(broken(&check).status(), 500);
    }
}

#[test]
fn the_method_is_the_callers_and_credentials_play_no_part() {
    let preflight = [
        ("x-forwarded-uri", "/orders/v1"),
        ("x-forwarded-method", "OPTIONS"),
        ("origin", "https://app.example.com"),
        ("access-control-request-method", "PUT"),
    ];
    assert_eq!(forwarded(DOOR, &preflight).status(), 200);
    let mut get = preflight;
    get[1].1 = "GET";
    assert_eq!(forwarded(DOOR, &get).status(), 410);
    let plain = [("x-forwarded-uri", "/orders/v2")];
    let with = [("x-forwarded-uri", "/orders/v2"), ("authorization", "Bearer sdl_secret")];
    let (plain, with) = (forwarded(DOOR, &plain), forwarded(DOOR, &with));
    assert_eq!(plain.headers(), with.headers());
    assert_eq!(plain.body(), with.body());
}

#[test]
fn envoy_is_read_from_the_raw_uri() {
    let snapshot = orders();
    let seen = |method: &str, path: &str, headers: &[(&str, &str)]| {
        let uri = format!("{}{path}", envoy::PREFIX);
        let mut all = vec![("host", "api.example.com:443")];
        all.extend(headers);
        envoy::answer(&snapshot, &parts(method, &uri, &all), at(NOW))
    };
    assert_eq!(seen("GET", "/orders/v1/x?y=z", &[]).status(), 410);
    assert_eq!(seen("POST", "/orders/v2", &[]).headers()["deprecation"], "@1767225600");
    assert_eq!(seen("GET", "//orders/%76%31", &[]).status(), 410);
    assert_eq!(seen("GET", "/orders/v1%00", &[]).status(), 400);
    assert_eq!(seen("GET", "", &[]).headers()["x-sundial-decision"], "unknown");
    // What decides is Envoy's own request and not what the caller forwards.
    let spoofed = [("x-forwarded-uri", "/orders/v3"), ("x-original-uri", "/orders/v3")];
    assert_eq!(seen("GET", "/orders/v1", &spoofed).status(), 410);
    // The query is the caller's: it cannot ask for another status.
    assert_eq!(seen("GET", "/orders/v1?deny_status=403", &[]).status(), 410);
    let preflight = [("origin", "https://a"), ("access-control-request-method", "GET")];
    assert_eq!(seen("OPTIONS", "/orders/v1", &preflight).status(), 200);
    assert_eq!(seen("OPTIONS", "/orders/v1", &[]).status(), 410);
    let wrong = parts("GET", "/enforce/v1/envoyage/orders", &[("host", "api.example.com")]);
    assert_eq!(envoy::question(&wrong).err(), Some(CheckBroken::NoSuchDoor));
    assert_eq!(envoy::answer(&snapshot, &wrong, at(NOW)).status(), 500);
    let hostless = parts("GET", "/enforce/v1/envoy/x", &[]);
    assert_eq!(envoy::question(&hostless).err(), Some(CheckBroken::NoHost));
}

#[test]
fn json_answers_one_or_many() {
    let snapshot = orders();
    let body = br#"{"method":"GET","scheme":"https","host":"api.example.com","path":"/orders/v3/carts/CH_7",
        "query":"a=b","headers":{"api-version":"2"},"consumer":"shop-web"}"#;
    let response = json::answer(&snapshot, body, at(NOW));
    assert_eq!(response.status(), 200);
    assert_eq!(text(&response, "x-sundial-decision"), "allow");
    assert_eq!(
        std::str::from_utf8(response.body()).expect("UTF-8"),
        r#"{"decision":"allow","status":200,"api":"shop/orders","line":"v3","version":"3.4.0","operation":"GET /carts/{id}","stage":"active","reason":"shop/orders v3 is active","headers":{},"problem":null,"snapshot":41}"#
    );
    let batch = br#"{"requests":[{"host":"api.example.com","path":"/orders/v1"},
        {"host":"api.example.com","path":"/orders/v2"},{"host":"x","path":"/"},{"host":"api.example.com","path":"/a%00"}]}"#;
    let response = json::answer(&snapshot, batch, at(NOW));
    let BatchJson { decisions } = serde_json::from_slice(response.body()).expect("JSON");
    let told: Vec<_> = decisions
        .iter()
        .map(|decision: &DecisionJson| (decision.decision, decision.status, decision.stage))
        .collect();
    assert_eq!(
        told,
        [
            (Verdict::Refuse, 410, Some(Stage::Retired)),
            (Verdict::Announce, 200, Some(Stage::Deprecated)),
            (Verdict::Unknown, 200, None),
            (Verdict::Refuse, 400, None),
        ]
    );
    let problem = decisions[0].problem.as_ref().expect("a problem");
    assert_eq!(problem["successor"], "v3");
    assert_eq!(decisions[1].headers["deprecation"], "@1767225600");
    assert_eq!(snapshot.drain().iter().map(|count| count.count).sum::<u64>(), 5);
}

#[test]
fn an_unreadable_question_is_a_broken_check() {
    let many = format!("{{\"requests\":[{}]}}", vec!["{\"host\":\"e\"}"; 1001].join(","));
    for body in ["", "{", "[]", "{}", "{\"requests\":1}", "{\"host\":1}", "\"host\"", many.as_str()] {
        let refused = Question::read(body.as_bytes());
        assert!(matches!(refused, Err(CheckBroken::Question(_))), "{body}");
        assert_eq!(json::answer(&orders(), body.as_bytes(), at(NOW)).status(), 500);
    }
    assert!(Question::read(b"{\"requests\":[]}").is_ok());
}
