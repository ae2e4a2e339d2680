//! What the room promises as a whole: decisions against a slow and obvious reference, every
//! spelling on the list, and each adapter to the letter.

mod doors;
mod reference;
mod spellings;

use super::*;
use crate::lifecycle::{Block, Schedule};
use std::collections::BTreeMap;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn route(host: &str, path: &str) -> Route {
    Route { host: host.to_owned(), path: path.to_owned(), header: None, query: None }
}

fn line(api: &str, line: &str, path: &str, schedule: Schedule) -> LineEntry {
    LineEntry {
        api: api.to_owned(),
        line: line.to_owned(),
        current: Some(CurrentVersion {
            label: format!("{}.4.0", line.trim_start_matches('v')),
            schedule: Schedule::default(),
        }),
        schedule,
        routes: vec![route("api.example.com", path)],
        ..LineEntry::default()
    }
}

fn deprecated() -> Schedule {
    Schedule {
        deprecated_at: Some(at("2026-01-01T00:00:00Z")),
        sunset_at: Some(at("2026-12-31")),
        successor: Some("v3".into()),
        ..Schedule::default()
    }
}

fn retired() -> Schedule {
    Schedule {
        deprecated_at: Some(at("2025-01-01T00:00:00Z")),
        sunset_at: Some(at("2025-12-31")),
        successor: Some("v3".into()),
        ..Schedule::default()
    }
}

/// `orders`: v1 retired, v2 deprecated, v3 active, v4 blocked.
fn orders() -> Snapshot {
    let blocked = Schedule {
        blocked: Some(Block { at: at("2026-05-01T00:00:00Z"), reason: "signing keys leaked".into() }),
        ..deprecated()
    };
    let mut v3 = line("shop/orders", "v3", "/orders/v3", Schedule::default());
    v3.operations = vec![("GET".into(), "/carts/{id}".into())];
    Snapshot::build(
        41,
        "https://sundial.example.com/",
        vec![
            line("shop/orders", "v1", "/orders/v1", retired()),
            line("shop/orders", "v2", "/orders/v2", deprecated()),
            v3,
            line("shop/orders", "v4", "/orders/v4", blocked),
        ],
    )
}

const NOW: &str = "2026-06-01T00:00:00Z";

fn asked<'s>(snapshot: &'s Snapshot, target: &[u8]) -> Decision<'s> {
    let ask = Ask { host: b"api.example.com", target, ..Ask::default() };
    decide(snapshot, &ask, at(NOW))
}

#[test]
fn each_stage_has_its_answer() {
    let snapshot = orders();
    let seen = |path: &str| {
        let decision = asked(&snapshot, path.as_bytes());
        (decision.verdict(), decision.status(), decision.stage(), decision.line(), decision.version())
    };
    use Verdict::{Allow, Announce, Refuse, Unknown};
    assert_eq!(seen("/orders/v1/x"), (Refuse, 410, Some(Stage::Retired), Some("v1"), Some("1.4.0")));
    assert_eq!(seen("/orders/v2"), (Announce, 200, Some(Stage::Deprecated), Some("v2"), Some("2.4.0")));
    assert_eq!(seen("/orders/v3/"), (Allow, 200, Some(Stage::Active), Some("v3"), Some("3.4.0")));
    assert_eq!(seen("/orders/v4?x=y"), (Refuse, 410, Some(Stage::Blocked), Some("v4"), Some("4.4.0")));
    assert_eq!(seen("/orders/v5"), (Unknown, 200, None, None, None));
    assert_eq!(seen("/orders/v1%00"), (Refuse, 400, None, None, None));
}

#[test]
fn the_clock_alone_moves_a_line_through_its_life() {
    let snapshot = Snapshot::build(1, "https://s.example.com", vec![line("a/b", "v1", "/v1", deprecated())]);
    let ask = Ask { host: b"api.example.com", target: b"/v1", ..Ask::default() };
    let seen = |now: &str| {
        let decision = decide(&snapshot, &ask, at(now));
        let headers = decision.caller_headers();
        (
            decision.status(),
            headers.contains_key("deprecation"),
            headers.contains_key("sunset") && headers.contains_key("link"),
        )
    };
    assert_eq!(seen("2025-12-31T23:59:59.999999Z"), (200, false, false));
    assert_eq!(seen("2026-01-01T00:00:00Z"), (200, true, true));
    assert_eq!(seen("2026-12-31T23:59:58Z"), (200, true, true));
    assert_eq!(seen("2026-12-31T23:59:59Z"), (410, true, true));
}

#[test]
fn a_sunset_alone_announces_a_deprecation_of_now() {
    let schedule = Schedule { sunset_at: Some(at("2026-12-31")), ..Schedule::default() };
    let snapshot = Snapshot::build(1, "https://s", vec![line("a/b", "v1", "/v1", schedule)]);
    let headers = asked(&snapshot, b"/v1").caller_headers();
    assert_eq!(headers["deprecation"], "@1780272000");
    assert_eq!(headers["sunset"], "Thu, 31 Dec 2026 23:59:59 GMT");
}

#[test]
fn the_stricter_of_line_and_current_version_counts() {
    let mut entry = line("a/b", "v1", "/v1", Schedule::default());
    entry.current = Some(CurrentVersion { label: "1.4.0".into(), schedule: deprecated() });
    let snapshot = Snapshot::build(1, "https://s", vec![entry.clone()]);
    assert_eq!(asked(&snapshot, b"/v1").stage(), Some(Stage::Deprecated));
    entry.schedule = retired();
    let snapshot = Snapshot::build(1, "https://s", vec![entry]);
    assert_eq!(asked(&snapshot, b"/v1").stage(), Some(Stage::Retired));
}

#[test]
fn another_release_takes_over_when_the_current_version_ends() {
    let version = |label: &str, schedule: Schedule| CurrentVersion { label: label.into(), schedule };
    let mut entry = line("a/b", "v1", "/v1", Schedule::default());
    entry.current = Some(version("1.4.0", deprecated()));
    entry.others = vec![version("1.3.0", retired()), version("1.2.0", Schedule::default())];
    let snapshot = Snapshot::build(1, "https://s", vec![entry.clone()]);
    let ask = Ask { host: b"api.example.com", target: b"/v1", ..Ask::default() };
    let seen = |snapshot: &Snapshot, now: &str| {
        let decision = decide(snapshot, &ask, at(now));
        (decision.version().map(str::to_owned), decision.stage().expect("a stage"))
    };
    assert_eq!(seen(&snapshot, NOW), (Some("1.4.0".into()), Stage::Deprecated));
    let later = "2027-01-01T00:00:00Z";
    assert_eq!(seen(&snapshot, later), (Some("1.2.0".into()), Stage::Active));
    // Where nothing stands the highest speaks for the line.
    entry.others.truncate(1);
    let snapshot = Snapshot::build(1, "https://s", vec![entry]);
    assert_eq!(seen(&snapshot, later), (Some("1.4.0".into()), Stage::Retired));
}

#[test]
fn preflights_pass_and_other_options_do_not() {
    let snapshot = orders();
    let mut headers = BTreeMap::from([("Origin".to_owned(), "https://app.example.com".to_owned())]);
    let seen = |headers: &BTreeMap<String, String>, method: &str, target: &str| {
        let ask = Ask {
            method,
            host: b"api.example.com",
            target: target.as_bytes(),
            headers: AskHeaders::Json(headers),
            ..Ask::default()
        };
        let decision = decide(&snapshot, &ask, at(NOW));
        snapshot.count(&decision);
        (decision.verdict(), decision.status(), decision.headers())
    };
    assert_eq!(seen(&headers, "OPTIONS", "/orders/v1").1, 410);
    assert_eq!(snapshot.drain().len(), 1);
    headers.insert("access-control-request-method".into(), "GET".into());
    let (verdict, status, told) = seen(&headers, "OPTIONS", "/orders/v1");
    assert_eq!((verdict, status), (Verdict::Allow, 200));
    assert_eq!(told["x-sundial-decision"], "allow");
    assert_eq!(told["x-sundial-stage"], "retired");
    assert!(!told.contains_key("sunset"));
    assert!(snapshot.drain().is_empty());
    assert_eq!(seen(&headers, "GET", "/orders/v1").1, 410);
    assert_eq!(seen(&headers, "options", "/orders/v1").1, 410);
    assert_eq!(seen(&headers, "OPTIONS", "/orders/v1%00").1, 400);
}

#[test]
fn unknown_calls_pass_or_are_refused_as_the_operator_says() {
    let snapshot = orders().with_unknown_calls(UnknownCalls::Refuse);
    let decision = asked(&snapshot, b"/other");
    assert_eq!((decision.verdict(), decision.status()), (Verdict::Unknown, 403));
    assert_eq!(decision.headers()["x-sundial-decision"], "unknown");
    let snapshot = snapshot.with_unknown_calls(UnknownCalls::Allow);
    assert_eq!(asked(&snapshot, b"/other").status(), 200);
    assert!(!asked(&Snapshot::default(), b"/orders/v1").is_refused());
}

#[test]
fn counts_survive_a_swap_and_can_be_given_back() {
    let old = orders();
    for path in [&b"/orders/v1"[..], b"/orders/v1/x", b"/orders/v2", b"/nowhere"] {
        old.count(&asked(&old, path));
    }
    let new = orders().following(&old);
    // A call that is still under way with the old snapshot.
    old.count(&asked(&old, b"/orders/v2"));
    let counts = new.drain();
    let told: Vec<_> =
        counts.iter().map(|count| (count.line.as_deref(), count.answer, count.count)).collect();
    let expected =
        [(Some("v1"), Verdict::Refuse, 2), (Some("v2"), Verdict::Announce, 2), (None, Verdict::Unknown, 1)];
    assert_eq!(told, expected);
    assert!(new.drain().is_empty() && old.drain().is_empty());
    new.give_back(&counts);
    assert_eq!(new.drain(), counts);
}

#[test]
fn equal_contents_have_equal_hashes() {
    let entries =
        || vec![line("a/b", "v1", "/v1", deprecated()), line("a/b", "v2", "/v2", Schedule::default())];
    let one = Snapshot::build(1, "https://s", entries());
    let mut turned = entries();
    turned.reverse();
    let two = Snapshot::build(2, "https://s/", turned);
    assert_eq!(one.hash(), two.hash());
    assert_eq!((one.number(), two.number(), two.lines()), (1, 2, 2));
    let mut other = entries();
    other[0].schedule.sunset_at = None;
    assert_ne!(Snapshot::build(1, "https://s", other).hash(), one.hash());
    assert_eq!(one.hash().len(), 64);
}

#[test]
fn the_caller_who_names_two_hosts_is_read_both_ways() {
    let snapshot = orders();
    let ask = |host: &'static [u8], target: &'static [u8]| {
        let ask = Ask { host, target, ..Ask::default() };
        decide(&snapshot, &ask, at(NOW)).status()
    };
    assert_eq!(ask(b"API.example.com.:8443", b"/orders/v1"), 410);
    assert_eq!(ask(b"other.example.com", b"/orders/v1"), 200);
    assert_eq!(ask(b"other.example.com", b"http://api.example.com/orders/v1"), 410);
    assert_eq!(ask(b"api.example.com", b"http://other.example.com/orders/v1"), 410);
    assert_eq!(ask(b"other.example.com, api.example.com", b"/orders/v1"), 410);
    let further = Ask {
        host: b"api.example.com",
        target: b"/orders/v3",
        further_targets: vec![b"/orders/v1"],
        ..Ask::default()
    };
    assert_eq!(decide(&snapshot, &further, at(NOW)).status(), 410);
}
