//! What a decision in process costs, against the least that it could: one look-up in a hash map.
//!
//! Plain timing in one run, best of several rounds, told as ratios: times differ between machines
//! and with what else runs on them, ratios hardly do.

use std::collections::HashMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use sundial::clock::Timestamp;
use sundial::enforcement::{Ask, LineEntry, Route, Snapshot, decide};
use sundial::lifecycle::Schedule;

const LINES: usize = 50_000;
const HOT: usize = 1_000;
const CALLS: usize = 20_000;
const ROUNDS: usize = 15;

fn main() {
    let now: Timestamp = match "2026-06-01T00:00:00Z".parse() {
        Ok(now) => now,
        Err(error) => return eprintln!("{error}"),
    };
    let snapshot = Snapshot::build(1, "https://sundial.example.com", entries(now));
    let floor: HashMap<String, usize> = (0..LINES).map(|line| (base(line), line)).collect();

    // A multiplier that has no factor in common with the number of lines visits them in disorder.
    let spread = |call: usize| call.wrapping_mul(48_271) % LINES;
    println!("{LINES} lines, {CALLS} calls a round, best of {ROUNDS} rounds");
    for (name, pick) in
        [("any line", &spread as &dyn Fn(usize) -> usize), ("hot lines", &|call| spread(call % HOT))]
    {
        let keys: Vec<String> = (0..CALLS).map(|call| base(pick(call))).collect();
        let looked = best(|| {
            for key in &keys {
                black_box(floor.get(black_box(key.as_str())));
            }
        });
        println!("{name}:");
        told("look-up in a hash map (SipHash)", looked, looked);
        for (kind, tail) in [
            ("decide, plain path", "/items/7?page=2"),
            ("decide, capitals in the path", "/items/AbC7?page=2"),
            ("decide, odd path (all readings)", "/items/caf%C3%A9"),
        ] {
            let targets: Vec<String> = keys.iter().map(|key| format!("{key}{tail}")).collect();
            let decided = best(|| {
                for target in &targets {
                    black_box(decide(&snapshot, &ask(target), now));
                }
            });
            told(kind, decided, looked);
        }
        let targets: Vec<String> = keys.iter().map(|key| format!("{key}/items/7")).collect();
        let answered = best(|| {
            for target in &targets {
                let decision = decide(&snapshot, &ask(target), now);
                snapshot.count(&decision);
                black_box(decision.headers());
            }
        });
        told("decide, count and all headers", answered, looked);
    }
}

fn ask(target: &str) -> Ask<'_> {
    Ask { host: b"api.example.com", target: target.as_bytes(), ..Ask::default() }
}

fn base(line: usize) -> String {
    format!("/api{}/v{}", line / 4, line % 4)
}

/// Four lines an API: retired, deprecated, and two active ones.
fn entries(now: Timestamp) -> Vec<LineEntry> {
    let entry = |line: usize| LineEntry {
        api: format!("bench/api{}", line / 4),
        line: format!("v{}", line % 4),
        schedule: Schedule {
            deprecated_at: (line % 4 < 2).then(|| now.plus_days(-200)),
            sunset_at: line.is_multiple_of(4).then(|| now.plus_days(-1)),
            ..Schedule::default()
        },
        routes: vec![Route {
            host: "api.example.com".to_owned(),
            path: base(line),
            header: None,
            query: None,
        }],
        ..LineEntry::default()
    };
    (0..LINES).map(entry).collect()
}

fn best(mut round: impl FnMut()) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        round();
        best = best.min(start.elapsed());
    }
    best
}

fn told(name: &str, time: Duration, floor: Duration) {
    let nanos = time.as_nanos() as f64 / CALLS as f64;
    let ratio = time.as_secs_f64() / floor.as_secs_f64();
    println!("  {name:<36} {nanos:>8.0} ns  {ratio:>6.1} x");
}
