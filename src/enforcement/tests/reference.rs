//! A slow and obvious decision: every route against every reading, as the rules are written.
//!
//! It shares no code with the real one but the stage of a schedule. Paths are text here, and
//! readings are lists of segments.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::lifecycle::stage;

type Segments = Vec<String>;

fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let escape = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            // `+1` is a number to Rust and no escape to anybody.
            Some(byte) if bytes[at + 1] != b'+' => {
                out.push(byte);
                at += 3;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).expect("the generator stays in ASCII")
}

fn without_parameters(text: &str, ends: &[char]) -> String {
    let mut out = String::new();
    let mut inside = false;
    for letter in text.chars() {
        if ends.contains(&letter) {
            inside = false;
        } else if letter == ';' {
            inside = true;
        }
        if !inside {
            out.push(letter);
        }
    }
    out
}

fn texts(path: &str) -> BTreeSet<String> {
    let once = unescape(path);
    let twice = unescape(&once);
    let mut texts = BTreeSet::from([path.to_owned(), once.clone(), twice.clone()]);
    for ends in [&['/'][..], &['/', '\\']] {
        texts.insert(unescape(&without_parameters(path, ends)));
        texts.insert(without_parameters(&once, ends));
        texts.insert(without_parameters(&twice, ends));
        if let Some(end) = twice.find(|letter: char| letter.is_ascii_control()) {
            texts.insert(without_parameters(&twice[..end], ends));
        }
    }
    let ended: Vec<String> =
        texts.iter().filter_map(|text| text.find(['?', '#']).map(|end| text[..end].to_owned())).collect();
    texts.extend(ended);
    texts
}

fn segments(text: &str, backslash: bool, dots: usize) -> Segments {
    let text = if backslash { text.replace('\\', "/") } else { text.to_owned() };
    let mut out: Segments = Vec::new();
    for segment in text.split('/') {
        if segment == "." || (segment.is_empty() && dots != 2) {
            continue;
        }
        if segment == ".." && dots != 0 {
            out.pop();
            continue;
        }
        out.push(segment.to_owned());
    }
    out.retain(|segment| !segment.is_empty());
    out
}

/// As it stands: the spelling that is compared with registered ones.
fn plainly(path: &str) -> Segments {
    segments(path, false, 0)
}

fn lowered(segments: &[String]) -> Segments {
    segments.iter().map(|segment| segment.to_lowercase()).collect()
}

fn readings(path: &str) -> BTreeSet<Segments> {
    let mut readings = BTreeSet::new();
    for text in texts(path) {
        for backslash in [false, true] {
            for dots in 0..3 {
                readings.insert(lowered(&segments(&text, backslash, dots)));
            }
        }
    }
    readings
}

fn begins(path: &Segments, with: &Segments) -> bool {
    path.len() >= with.len() && path[..with.len()] == with[..]
}

fn malformed(path: &str) -> bool {
    let broken = path.match_indices('%').any(|(at, _)| {
        let digits = path.as_bytes().get(at + 1..at + 3);
        !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    let control = |text: &str| text.chars().any(|letter| letter.is_ascii_control());
    broken || control(path) || control(&unescape(path))
}

fn seen(entry: &LineEntry, now: Timestamp) -> Stage {
    let own = |version: &CurrentVersion| stage(&version.schedule, now);
    let line = stage(&entry.schedule, now);
    let Some(current) = &entry.current else {
        return line;
    };
    let stands = std::iter::once(current).chain(&entry.others).find(|version| !own(version).is_gone());
    line.max(own(stands.unwrap_or(current)))
}

fn selects(route: &Route, headers: &BTreeMap<String, String>, query: &str) -> bool {
    let header = route.header.as_ref().is_none_or(|wanted| headers.get(&wanted.name) == Some(&wanted.value));
    let query =
        route.query.as_ref().is_none_or(|wanted| query.split('&').any(|pair| pair == wanted.to_string()));
    header && query
}

/// Status, and the stage that decides it.
fn reference(
    entries: &[LineEntry],
    host: &str,
    path: &str,
    query: &str,
    headers: &BTreeMap<String, String>,
    now: Timestamp,
) -> (u16, Option<Stage>) {
    if malformed(path) {
        return (400, None);
    }
    let climbs = unescape(&unescape(path)).contains("..");
    let spelled = plainly(path);
    let mut strictest: Option<Stage> = None;
    for reading in readings(path) {
        // Longest base path, then the registered spelling, then the number of selectors.
        let mut best = (0, false, 0);
        let mut stages = Vec::new();
        for entry in entries {
            for route in entry.routes.iter().filter(|route| route.host == host) {
                if !selects(route, headers, query) {
                    continue;
                }
                for base in readings(&route.path) {
                    if !begins(&reading, &base) {
                        continue;
                    }
                    let verbatim = plainly(&route.path);
                    let useless = climbs && reading != lowered(&spelled);
                    let exact = begins(&spelled, &verbatim) && (!useless || verbatim.is_empty());
                    let weight = usize::from(route.header.is_some()) + usize::from(route.query.is_some());
                    let rank = (base.len() + 1, exact, weight);
                    if rank > best {
                        best = rank;
                        stages.clear();
                    }
                    if rank == best {
                        stages.push(seen(entry, now));
                    }
                }
            }
        }
        strictest = strictest.max(stages.into_iter().max());
    }
    match strictest {
        Some(stage) if stage.is_gone() => (410, Some(stage)),
        stage => (200, stage),
    }
}

fn schedules() -> impl Strategy<Value = Schedule> {
    (proptest::option::of(0i64..4), proptest::option::of(0i64..4), 0u8..12).prop_map(
        |(deprecated, sunset, block)| {
            let day = |day: i64| at("2026-01-01T00:00:00Z").plus_days(day);
            Schedule {
                deprecated_at: deprecated.map(day),
                sunset_at: sunset.map(|sunset| day(sunset.max(deprecated.unwrap_or(0)))),
                blocked: (block == 0).then(|| Block { at: day(0), reason: "leak".into() }),
                ..Schedule::default()
            }
        },
    )
}

fn paths() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => "[abAB]",
        2 => Just("v1".to_owned()),
        2 => Just("..".to_owned()),
        1 => Just(".".to_owned()),
        1 => Just(String::new()),
        1 => "%2[efEF]|%5c|%61|%41|%3b|%3f|%23|%25[26][1efc]|%250a|%2541",
        1 => ";[ab]?|a;b|\\.\\.;",
        1 => "a\\\\b|\\\\|#|%2e%2e",
    ];
    let slash =
        prop_oneof![12 => Just("/"), 1 => Just("\\"), 1 => Just("%2f"), 1 => Just("//"), 1 => Just("")];
    proptest::collection::vec((slash, word), 0..6).prop_map(|parts| {
        let rest: String = parts.into_iter().flat_map(|(slash, word)| [slash.to_owned(), word]).collect();
        format!("/{}", rest.trim_start_matches('/'))
    })
}

fn bases() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "(/[ab]){0,3}/?".prop_map(|path| if path.is_empty() { "/".to_owned() } else { path }),
        1 => "/[abAB](/[abAB])?",
        1 => "/a;b|/a%2fb|/%61|/a;b/b|/a%20b|/A/b",
    ]
}

fn entries() -> impl Strategy<Value = Vec<LineEntry>> {
    let selector = || proptest::option::weighted(0.2, "[12]");
    let route = (bases(), "[ef]", selector(), selector()).prop_map(|(path, host, header, query)| {
        let named = |value: Option<String>| value.map(|value| Selector { name: "x-v".into(), value });
        Route { header: named(header), query: named(query), ..route(&format!("{host}.com"), &path) }
    });
    let version = || schedules().prop_map(|schedule| CurrentVersion { label: "1".into(), schedule });
    let entry = (
        proptest::collection::vec(route, 1..3),
        schedules(),
        proptest::option::of(version()),
        proptest::collection::vec(version(), 0..2),
    );
    proptest::collection::vec(entry, 0..6).prop_map(|entries| {
        entries
            .into_iter()
            .enumerate()
            .map(|(at, (routes, schedule, current, others))| LineEntry {
                api: "a/b".into(),
                line: format!("v{at}"),
                others: if current.is_some() { others } else { Vec::new() },
                current,
                schedule,
                routes,
                ..LineEntry::default()
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn decide_agrees_with_the_reference(
        entries in entries(), path in paths(), host in "[ef]", day in 0i64..5,
        header in proptest::option::of("[123]"), query in proptest::option::of("[123]"),
    ) {
        let now = at("2026-01-01T00:00:00Z").plus_days(day);
        let headers: BTreeMap<_, _> = header.map(|value| ("x-v".to_owned(), value)).into_iter().collect();
        let query = query.map(|value| format!("a=b&x-v={value}")).unwrap_or_default();
        let host = format!("{host}.com");
        let snapshot = Snapshot::build(1, "https://s", entries.clone());
        let target = format!("{path}?{query}");
        let ask = Ask {
            host: host.as_bytes(),
            target: target.as_bytes(),
            headers: AskHeaders::Json(&headers),
            ..Ask::default()
        };
        let decision = decide(&snapshot, &ask, now);
        let expected = reference(&entries, &host, &path, &query, &headers, now);
        prop_assert_eq!((decision.status(), decision.stage()), expected, "{}", path);
    }

    #[test]
    fn the_registered_spelling_reaches_its_line(
        entries in entries().prop_filter("some", |entries| !entries.is_empty()), pick in any::<prop::sample::Index>(), tail in "(/[yz]{1,3}){0,2}/?",
    ) {
        let entry = pick.get(&entries);
        let route = entry.routes.iter().find(|route| route.header.is_none() && route.query.is_none());
        let Some(route) = route else { return Ok(()) };
        // Unless another line has registered the very same spelling.
        let spelled = |route: &Route| (route.host.clone(), plainly(&route.path));
        let shared = entries.iter().filter(|other| other.line != entry.line)
            .any(|other| other.routes.iter().any(|other| spelled(other) == spelled(route)));
        if shared {
            return Ok(());
        }
        let snapshot = Snapshot::build(1, "https://s", entries.clone());
        let target = format!("{}{tail}", route.path.trim_end_matches('/'));
        let ask = Ask { host: route.host.as_bytes(), target: target.as_bytes(), ..Ask::default() };
        let decision = decide(&snapshot, &ask, at("2026-01-02T00:00:00Z"));
        let own = seen(entry, at("2026-01-02T00:00:00Z"));
        // Another reading may lead to a stricter line, never to a milder one.
        prop_assert!(decision.stage() >= Some(own), "{} {:?} {:?}", target, decision.stage(), own);
        let plain = normalise::shape(target.as_bytes()) == Shape::Plain;
        if plain && !entries.iter().any(|other| other.routes.iter().any(|route| normalise::shape(route.path.as_bytes()) == Shape::Odd)) {
            prop_assert_eq!(decision.line(), Some(entry.line.as_str()));
        }
    }
}
