//! Which calls a gateway lets through, announces as deprecated, or refuses.
//!
//! [`decide`] reads an immutable [`Snapshot`] and the request as the gateway tells it, and
//! touches nothing else: no lock, no database, no clock, and for a plain path no allocation. It
//! does not count; [`Snapshot::count`] does, so that a dry run leaves no trace. `Authorization`
//! is the caller's own and is never read.
//!
//! How paths are read stands in `normalise`; statuses, headers and problems in `answer`.

pub mod adapters;
mod answer;
mod normalise;
mod operation;
mod route;
mod snapshot;
mod table;
#[cfg(test)]
mod tests;
mod usage;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use http::header::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::lifecycle::{Stage, headers};
use answer::Answer;
use normalise::{Shape, Target};
use table::Single;

pub use route::{Route, RouteFault, Selector};
pub use snapshot::{CurrentVersion, LineEntry, Snapshot, UnknownCalls};
pub use usage::UsageCount;

/// What a gateway asks about: one request of a caller, as raw as the gateway has it.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// The method, in the case of HTTP (upper).
    pub method: &'a str,
    /// The host that the caller named; several, joined by commas, are all considered.
    pub host: &'a [u8],
    /// The request target before anybody decoded it, with or without query, origin-form or
    /// absolute-form.
    pub target: &'a [u8],
    /// Further targets that a muddled gateway sent along; the strictest answer wins.
    pub further_targets: Vec<&'a [u8]>,
    /// The query where it is not part of the target.
    pub query: Option<&'a [u8]>,
    /// Headers of the caller, for selectors and CORS preflights.
    pub headers: AskHeaders<'a>,
    /// The calling application as the gateway knows it.
    pub consumer: Option<&'a str>,
}

impl Default for Ask<'_> {
    fn default() -> Self {
        Self {
            method: "GET",
            host: b"",
            target: b"/",
            further_targets: Vec::new(),
            query: None,
            headers: AskHeaders::None,
            consumer: None,
        }
    }
}

/// The headers of the request that is asked about.
#[derive(Clone, Copy, Debug, Default)]
pub enum AskHeaders<'a> {
    /// The gateway told none.
    #[default]
    None,
    /// As an HTTP request brought them.
    Http(&'a HeaderMap),
    /// As the JSON of decide brought them; names in any case.
    Json(&'a BTreeMap<String, String>),
}

impl AskHeaders<'_> {
    /// Whether `holds` is true of any value of the header.
    fn any(&self, name: &str, holds: impl Fn(&[u8]) -> bool) -> bool {
        match self {
            Self::None => false,
            Self::Http(headers) => headers.get_all(name).iter().any(|value| holds(value.as_bytes())),
            Self::Json(headers) => {
                headers.iter().any(|(key, value)| key.eq_ignore_ascii_case(name) && holds(value.as_bytes()))
            }
        }
    }
}

/// The kinds of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Let it through.
    Allow,
    /// Let it through and tell the caller to leave.
    Announce,
    /// Too fast (429).
    Throttle,
    /// Turn it away.
    Refuse,
    /// No line is registered for it.
    Unknown,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 5] = [Self::Allow, Self::Announce, Self::Throttle, Self::Refuse, Self::Unknown];

    /// The name as it stands in JSON and in `X-Sundial-Decision`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Announce => "announce",
            Self::Throttle => "throttle",
            Self::Refuse => "refuse",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is to be done with one request. It borrows from the snapshot it was read from.
#[derive(Clone, Debug)]
pub struct Decision<'s> {
    snapshot: &'s Snapshot,
    line: Option<usize>,
    version: Option<&'s str>,
    answer: &'s Answer,
    /// A CORS preflight goes through whatever the stage: refused, it would hide the 410 that the
    /// call itself gets from the script that makes it.
    preflight: bool,
    /// Since when the line counts as deprecated where only a sunset was set.
    at_once: Option<Timestamp>,
}

impl<'s> Decision<'s> {
    /// What to do.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if self.preflight && self.line.is_some() { Verdict::Allow } else { self.answer.verdict }
    }

    /// The HTTP status that the caller should see: 200 stands for whatever the API answers.
    #[must_use]
    pub fn status(&self) -> u16 {
        if self.preflight { 200 } else { self.answer.status }
    }

    /// Whether the caller is turned away.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.status() >= 400
    }

    /// `namespace/name` of the API that is called.
    #[must_use]
    pub fn api(&self) -> Option<&'s str> {
        self.line.map(|line| self.snapshot.line(line).api())
    }

    /// The line that is called.
    #[must_use]
    pub fn line(&self) -> Option<&'s str> {
        self.line.map(|line| self.snapshot.line(line).name())
    }

    /// The label of the line's current version.
    #[must_use]
    pub const fn version(&self) -> Option<&'s str> {
        self.version
    }

    /// The stage of the line as callers see it.
    #[must_use]
    pub const fn stage(&self) -> Option<Stage> {
        self.answer.stage
    }

    /// Why, in a sentence.
    #[must_use]
    pub fn reason(&self) -> &'s str {
        if self.preflight {
            "a CORS preflight passes, the call that follows it is judged"
        } else {
            &self.answer.reason
        }
    }

    /// The problem of a refusal (RFC 9457): JSON on one line, ASCII, below 1 kB.
    #[must_use]
    pub fn problem(&self) -> Option<&'s Bytes> {
        let problem = self.answer.problem.as_ref().map(|problem| &problem.json);
        problem.filter(|_| !self.preflight)
    }

    /// The number of the snapshot that was read.
    #[must_use]
    pub const fn snapshot(&self) -> u64 {
        self.snapshot.number()
    }

    /// `GET /charges/{id}` where the line's operations are known and one of them is called.
    #[must_use]
    pub fn operation(&self, ask: &Ask<'_>) -> Option<String> {
        self.snapshot.line(self.line?).operation(ask)
    }

    /// Headers for the response that the caller gets: `Deprecation`, `Sunset`, `Link` and what
    /// goes with them.
    #[must_use]
    pub fn caller_headers(&self) -> HeaderMap {
        let mut map = HeaderMap::with_capacity(8);
        self.append_caller_headers(&mut map);
        map
    }

    /// [`Decision::caller_headers`] and the `X-Sundial-*` headers for the gateway.
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let mut map = self.told();
        self.append_caller_headers(&mut map);
        map
    }

    /// The `X-Sundial-*` headers for the gateway, all five whatever was decided.
    #[must_use]
    pub fn told(&self) -> HeaderMap {
        let mut map = HeaderMap::with_capacity(16);
        for (name, value) in &self.answer.told {
            map.insert(name, value.clone());
        }
        if self.preflight {
            let verdict = HeaderValue::from_static(self.verdict().as_str());
            map.insert(answer::DECISION, verdict);
        }
        map
    }

    /// [`Decision::problem`] as the value of `X-Sundial-Problem`.
    fn problem_header(&self) -> Option<&'s HeaderValue> {
        let problem = self.answer.problem.as_ref().map(|problem| &problem.header);
        problem.filter(|_| !self.preflight)
    }

    fn append_caller_headers(&self, map: &mut HeaderMap) {
        if self.preflight {
            return;
        }
        if let Some(at) = self.at_once
            && let Ok(value) = HeaderValue::from_str(&headers::deprecation(at))
        {
            map.insert(answer::DEPRECATION, value);
        }
        for (name, value) in &self.answer.headers {
            map.insert(name, value.clone());
        }
    }

    /// The index under which this decision is counted.
    const fn counted(&self) -> (Option<usize>, Verdict, bool) {
        (self.line, self.answer.verdict, self.preflight)
    }
}

/// What is to be done with `ask` at `now`, by `snapshot`.
///
/// A plain path takes one look-up; an odd one is read in all the ways that servers read it, and
/// the strictest stage that any reading reaches wins.
#[must_use]
pub fn decide<'s>(snapshot: &'s Snapshot, ask: &Ask<'_>, now: Timestamp) -> Decision<'s> {
    let preflight = is_preflight(ask);
    let target = Target::of(ask.target);
    let shape = normalise::shape(target.path);
    let simple = shape != Shape::Odd
        && ask.further_targets.is_empty()
        && target.authority.is_none()
        && !ask.host.contains(&b',');
    if !simple {
        return decide_oddly(snapshot, ask, now, preflight);
    }
    let host = normalise::host(ask.host);
    let spelling = normalise::plain_key(target.path);
    let key = match shape {
        Shape::Upper => Cow::Owned(spelling.to_ascii_lowercase()),
        Shape::Plain | Shape::Odd => Cow::Borrowed(spelling),
    };
    match snapshot.table().single(&host, &key, spelling, ask, target.query) {
        Single::Nothing => unknown(snapshot, preflight),
        Single::Line(line) => of_line(snapshot, line, now, preflight),
        Single::Several(lines) => {
            strictest(snapshot, &lines, now, preflight).unwrap_or_else(|| unknown(snapshot, preflight))
        }
    }
}

/// Reads every target and every host in every way, and takes the strictest answer.
fn decide_oddly<'s>(snapshot: &'s Snapshot, ask: &Ask<'_>, now: Timestamp, preflight: bool) -> Decision<'s> {
    let mut lines = Vec::new();
    for raw in std::iter::once(&ask.target).chain(&ask.further_targets) {
        let target = Target::of(raw);
        if normalise::is_malformed(target.path) {
            return Decision {
                snapshot,
                line: None,
                version: None,
                answer: snapshot.malformed(),
                // A malformed path is no address, and so nothing that a preflight may ask for.
                preflight: false,
                at_once: None,
            };
        }
        let keys = normalise::keys(target.path);
        let spelling = normalise::spelling(target.path);
        let climbs = normalise::climbs(target.path);
        // A caller who names another host in the target than in Host is read both ways.
        let hosts = ask.host.split(|byte| *byte == b',').chain(target.authority);
        for host in hosts.map(normalise::host) {
            for (at, key) in keys.iter().enumerate() {
                // Past a `..` the beginning of the path says nothing about where it leads.
                let spelling: &[u8] = if climbs && at > 0 { b"" } else { &spelling };
                let reached = snapshot.table().reach(&host, key, spelling, ask, target.query);
                for line in reached {
                    if !lines.contains(&line) {
                        lines.push(line);
                    }
                }
            }
        }
    }
    strictest(snapshot, &lines, now, preflight).unwrap_or_else(|| unknown(snapshot, preflight))
}

fn strictest<'s>(
    snapshot: &'s Snapshot,
    lines: &[usize],
    now: Timestamp,
    preflight: bool,
) -> Option<Decision<'s>> {
    let mut found: Option<Decision<'s>> = None;
    for line in lines {
        let decision = of_line(snapshot, *line, now, preflight);
        if found.as_ref().is_none_or(|found| found.stage() < decision.stage()) {
            found = Some(decision);
        }
    }
    found
}

fn of_line(snapshot: &Snapshot, line: usize, now: Timestamp, preflight: bool) -> Decision<'_> {
    let version = snapshot.line(line).at(now);
    Decision {
        snapshot,
        line: Some(line),
        version: version.label(),
        answer: version.answer(now),
        preflight,
        at_once: version.deprecated_at_once(now),
    }
}

fn unknown(snapshot: &Snapshot, preflight: bool) -> Decision<'_> {
    Decision { snapshot, line: None, version: None, answer: snapshot.unknown(), preflight, at_once: None }
}

/// OPTIONS with `Origin` and `Access-Control-Request-Method` (Fetch standard, CORS-preflight
/// request); any other OPTIONS is a call like all others.
fn is_preflight(ask: &Ask<'_>) -> bool {
    ask.method == "OPTIONS"
        && ask.headers.any("origin", |_| true)
        && ask.headers.any("access-control-request-method", |_| true)
}
