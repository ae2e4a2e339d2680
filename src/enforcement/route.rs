//! Where calls of a line arrive, and the table that finds the line of a request.
//!
//! A route is a host, a base path, and at most one header and one query value. The longest base
//! path wins, by whole segments; on equal paths a route whose selector matches beats one that
//! has none. Ties are left to the caller, who takes the strictest stage.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::str::FromStr;

use http::HeaderName;
use serde::{Deserialize, Serialize};

use super::Ask;
use super::normalise;

/// No host or path of a route is longer than this.
const ROUTE_LIMIT_BYTES: usize = 1024;

/// Where calls of a line arrive.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Route {
    /// The host that callers name; case, port and a trailing dot do not matter.
    pub host: String,
    /// The base path, `/` for a whole host.
    pub path: String,
    /// A header that must have this value.
    #[serde(default)]
    pub header: Option<Selector>,
    /// A query parameter that must have this value.
    #[serde(default)]
    pub query: Option<Selector>,
}

/// `NAME=VALUE`: a header or query parameter that selects a line.
///
/// Names and values compare without case; a `v` before a number does not count (`v2` is `2`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Selector {
    /// Of the header or the parameter.
    pub name: String,
    /// What it must be.
    pub value: String,
}

/// What is wrong with a route. The message says what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteFault {
    /// The host is not one that a request can name.
    #[error("`{0}` is no host; give a name like api.example.com, without scheme and path")]
    Host(String),
    /// The path is not absolute, or no request can reach it.
    #[error("`{0}` is no base path; give one like /orders/v1")]
    Path(String),
    /// The selector is not `NAME=VALUE`, or its name cannot be that of a header.
    #[error("`{0}` is no selector; give NAME=VALUE, like X-Api-Version=2")]
    Selector(String),
    /// The header belongs to the caller alone.
    #[error("`{0}` carries credentials, which are never read to decide")]
    Credentials(String),
}

impl Selector {
    /// Whether a request that has `value` here is meant.
    fn takes(&self, value: &[u8]) -> bool {
        fold(value).eq_ignore_ascii_case(fold(self.value.as_bytes()))
    }
}

/// A value without blanks around it and without the `v` before a number.
fn fold(value: &[u8]) -> &[u8] {
    match value.trim_ascii() {
        [b'v' | b'V', rest @ ..] if rest.first().is_some_and(u8::is_ascii_digit) => rest,
        value => value,
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.value)
    }
}

impl FromStr for Selector {
    type Err = RouteFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((name, value))
                if !name.trim().is_empty()
                    && !value.trim().is_empty()
                    && text.len() <= ROUTE_LIMIT_BYTES
                    && !text.chars().any(char::is_control) =>
            {
                Ok(Self {
                    name: name.trim().to_owned(),
                    value: value.trim().to_owned(),
                })
            }
            _ => Err(RouteFault::Selector(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Selector {
    type Error = RouteFault;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Selector> for String {
    fn from(selector: Selector) -> Self {
        selector.to_string()
    }
}

impl Route {
    /// The route that a server of a document gives: host and base path of an absolute URL.
    ///
    /// Nothing for a URL without a host, with a variable left in it, or of another protocol.
    #[must_use]
    pub fn of_server(url: &str) -> Option<Self> {
        let (scheme, _) = url.split_once("://")?;
        let known = ["http", "https", "ws", "wss"];
        if !known.iter().any(|name| name.eq_ignore_ascii_case(scheme)) {
            return None;
        }
        let target = normalise::Target::of(url.as_bytes());
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        let path = text(target.path)?;
        let path = path.split('#').next().unwrap_or_default();
        let trimmed = path.trim_end_matches('/');
        let route = Self {
            host: text(&normalise::host(target.authority?))?,
            path: if trimmed.is_empty() { "/" } else { trimmed }.to_owned(),
            header: None,
            query: None,
        };
        (route.check().is_ok() && !url.contains(['{', '}'])).then_some(route)
    }

    /// Whether requests can match the route.
    ///
    /// # Errors
    ///
    /// The first [`RouteFault`] found.
    pub fn check(&self) -> Result<(), RouteFault> {
        let host = normalise::host(self.host.as_bytes());
        let named = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~[:]".contains(byte);
        let bracketed = host.starts_with(b"[") == host.ends_with(b"]");
        if host.is_empty()
            || host.len() > 255
            || !bracketed
            || !host.iter().all(named)
            || self.host.contains(['/', '@'])
        {
            return Err(RouteFault::Host(self.host.clone()));
        }
        if !self.path.starts_with('/')
            || self.path.len() > ROUTE_LIMIT_BYTES
            || self.path.contains(['?', '#'])
            || normalise::is_malformed(self.path.as_bytes())
        {
            return Err(RouteFault::Path(self.path.clone()));
        }
        if let Some(selector) = &self.header {
            let name = HeaderName::from_str(&selector.name)
                .map_err(|_| RouteFault::Selector(selector.to_string()))?;
            let credentials = ["authorization", "proxy-authorization", "cookie"];
            if credentials.contains(&name.as_str()) || name.as_str().starts_with("x-sundial-") {
                return Err(RouteFault::Credentials(selector.name.clone()));
            }
        }
        Ok(())
    }

    /// The route as every other spelling of it would be written: two routes with the same text
    /// take the same calls, so only one line may hold it.
    #[must_use]
    pub fn canonical(&self) -> String {
        let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut text = lossy(&normalise::host(self.host.as_bytes()));
        let spelling = normalise::spelling(self.path.as_bytes());
        text.push_str(&lossy(&spelling).to_lowercase());
        for (mark, selector) in [(" header ", &self.header), (" query ", &self.query)] {
            if let Some(Selector { name, value }) = selector {
                text.push_str(mark);
                text.push_str(&name.to_lowercase());
                text.push('=');
                text.push_str(&lossy(fold(value.as_bytes())).to_lowercase());
            }
        }
        text
    }

    /// The address of the route, for links: `https://api.example.com/orders/v2`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}{}", self.host, self.path)
    }

    /// Whether the request has what the selectors of the route ask for.
    fn selects(&self, ask: &Ask<'_>, query: Option<&[u8]>) -> bool {
        self.header.as_ref().is_none_or(|selector| {
            ask.headers.any(&selector.name, |value| {
                // Intermediaries join repeated headers by commas: every part counts.
                selector.takes(value)
                    || value
                        .split(|byte| *byte == b',')
                        .any(|part| selector.takes(part))
            })
        }) && self
            .query
            .as_ref()
            .is_none_or(|selector| has_parameter(selector, query, ask.query))
    }

    /// How many selectors the route has.
    fn weight(&self) -> usize {
        usize::from(self.header.is_some()) + usize::from(self.query.is_some())
    }
}

/// Whether either query string has the parameter; one that is there twice counts twice.
fn has_parameter(selector: &Selector, first: Option<&[u8]>, second: Option<&[u8]>) -> bool {
    let named = |pair: &[u8]| {
        let at = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = pair.split_at(at.unwrap_or(pair.len()));
        let name = unform(name);
        name.eq_ignore_ascii_case(selector.name.as_bytes())
            && selector.takes(&unform(value.strip_prefix(b"=").unwrap_or(value)))
    };
    [first, second].into_iter().flatten().any(|query| {
        query.split(|byte| *byte == b'&').any(|pair| {
            // Some servers still split at `;` (HTML 4.01 appendix B.2.2).
            named(pair) || pair.split(|byte| *byte == b';').any(named)
        })
    })
}

/// Reads one name or value of a query string as forms write it.
fn unform(text: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if !text.iter().any(|byte| b"%+".contains(byte)) {
        return text.into();
    }
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    normalise::decode_leniently(&spaced).into()
}

/// Host to base path to routes, compiled once and read without locks.
#[derive(Debug, Default)]
pub(super) struct Table {
    hosts: HashMap<Box<[u8]>, Host, Quick>,
}

#[derive(Debug, Default)]
struct Host {
    prefixes: HashMap<Box<[u8]>, Vec<Entry>, Quick>,
    /// How many segments prefixes have, most first, each once.
    depths: Vec<usize>,
}

/// A route under one of the keys that its path can be read as.
#[derive(Debug, Clone)]
struct Entry {
    line: usize,
    route: Route,
    /// The path of the route as it is registered, where that is not the key itself.
    spelled: Option<Box<[u8]>>,
}

impl Table {
    pub fn insert(&mut self, line: usize, route: &Route) {
        let host = normalise::host(route.host.as_bytes()).into_owned();
        let host = self.hosts.entry(host.into()).or_default();
        let spelling = normalise::spelling(route.path.as_bytes());
        for key in normalise::keys(route.path.as_bytes()) {
            let depth = key.iter().filter(|byte| **byte == b'/').count();
            if let Err(at) = host.depths.binary_search_by(|have| depth.cmp(have)) {
                host.depths.insert(at, depth);
            }
            let spelled = (spelling != key).then(|| spelling.clone().into());
            host.prefixes.entry(key.into()).or_default().push(Entry {
                line,
                route: route.clone(),
                spelled,
            });
        }
    }

    /// The one line that a plain request reaches in most cases, without allocating.
    ///
    /// `key` may differ from `spelling` in case alone.
    pub fn single(
        &self,
        host: &[u8],
        key: &[u8],
        spelling: &[u8],
        ask: &Ask<'_>,
        query: Option<&[u8]>,
    ) -> Single {
        let Some(host) = self.hosts.get(host) else {
            return Single::Nothing;
        };
        for depth in &host.depths {
            let Some(prefix) = prefix(key, *depth) else {
                continue;
            };
            match host.prefixes.get(prefix).map(Vec::as_slice) {
                None => {}
                Some([entry]) if entry.route.selects(ask, query) => {
                    return Single::Line(entry.line);
                }
                Some(entries) => {
                    let lines = pick(entries, prefix, spelling, ask, query);
                    match lines.as_slice() {
                        [] => {}
                        [line] => return Single::Line(*line),
                        _ => return Single::Several(lines),
                    }
                }
            }
        }
        Single::Nothing
    }

    /// The lines that one reading of a request reaches: those of the longest base path where
    /// the selectors of some route match.
    ///
    /// `spelling` is how the caller wrote the path, or empty where that says nothing about this
    /// reading.
    pub fn reach(
        &self,
        host: &[u8],
        key: &[u8],
        spelling: &[u8],
        ask: &Ask<'_>,
        query: Option<&[u8]>,
    ) -> Vec<usize> {
        match self.single(host, key, spelling, ask, query) {
            Single::Nothing => Vec::new(),
            Single::Line(line) => vec![line],
            Single::Several(lines) => lines,
        }
    }
}

/// What a plain request reaches.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Single {
    Nothing,
    Line(usize),
    /// Lines that only their stages can tell apart.
    Several(Vec<usize>),
}

impl Entry {
    /// Whether a request that is spelled `spelling` names this base path as registered.
    fn is_spelled(&self, key: &[u8], spelling: &[u8]) -> bool {
        let own = self.spelled.as_deref().unwrap_or(key);
        spelling
            .strip_prefix(own)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    }
}

/// Out of the routes under one key: those that the request selects, of these the ones that it
/// spells as registered where there are such, of these the ones with most selectors.
fn pick(
    entries: &[Entry],
    key: &[u8],
    spelling: &[u8],
    ask: &Ask<'_>,
    query: Option<&[u8]>,
) -> Vec<usize> {
    let rank = |entry: &Entry| (entry.is_spelled(key, spelling), entry.route.weight());
    let selected = || {
        entries
            .iter()
            .filter(|entry| entry.route.selects(ask, query))
    };
    let Some(best) = selected().map(rank).max() else {
        return Vec::new();
    };
    let mut lines: Vec<usize> = selected()
        .filter(|entry| rank(entry) == best)
        .map(|entry| entry.line)
        .collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// The first `depth` segments of a key that has at least as many.
fn prefix(key: &[u8], depth: usize) -> Option<&[u8]> {
    if depth == 0 {
        return Some(b"");
    }
    let mut slashes = key
        .iter()
        .enumerate()
        .filter_map(|(at, byte)| (*byte == b'/').then_some(at));
    // The segment of this depth begins at its own slash and ends at the next one.
    slashes.nth(depth - 1)?;
    Some(&key[..slashes.next().unwrap_or(key.len())])
}

/// A hash for short keys that are fixed when the table is built. Requests only look up and
/// never insert, so nobody can grow a chain by what he sends; the seed differs by process all
/// the same. `SipHash` costs about twice as much here.
#[derive(Debug, Clone)]
pub(super) struct Quick(u64);

impl Default for Quick {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0u8))
    }
}

impl BuildHasher for Quick {
    type Hasher = QuickHasher;

    fn build_hasher(&self) -> QuickHasher {
        QuickHasher(self.0)
    }
}

/// Folds eight bytes at a time by a widening multiplication.
#[derive(Debug)]
pub(super) struct QuickHasher(u64);

impl QuickHasher {
    fn fold(&mut self, word: u64) {
        // An odd constant with about as many ones as zeros: 2^64 divided by the golden ratio.
        let wide = u128::from(self.0 ^ word) * 0x9e37_79b9_7f4a_7c15_u128;
        let bytes = wide.to_le_bytes();
        let (low, high) = bytes.split_at(8);
        self.0 = word_of(low) ^ word_of(high);
    }
}

fn word_of(bytes: &[u8]) -> u64 {
    let mut word = [0u8; 8];
    for (into, byte) in word.iter_mut().zip(bytes) {
        *into = *byte;
    }
    u64::from_le_bytes(word)
}

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.fold(word_of(chunk));
        }
        let rest = chunks.remainder();
        if !rest.is_empty() {
            self.fold(word_of(rest));
        }
    }

    fn write_usize(&mut self, number: usize) {
        // The length that slices hash before their bytes.
        self.fold(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(text: &str) -> Route {
        let mut parts = text.split_whitespace();
        let place = parts.next().expect("a place");
        let at = place.find('/').expect("a path");
        let mut route = Route {
            host: place[..at].to_owned(),
            path: place[at..].to_owned(),
            header: None,
            query: None,
        };
        for part in parts {
            match part.split_at(1) {
                ("h", selector) => route.header = Some(selector.parse().expect("a selector")),
                (_, selector) => route.query = Some(selector.parse().expect("a selector")),
            }
        }
        route
    }

    fn lines(routes: &[&str], host: &str, path: &str, headers: &[(&str, &str)]) -> Vec<usize> {
        let mut table = Table::default();
        for (line, text) in routes.iter().enumerate() {
            table.insert(line, &route(text));
        }
        let map: http::HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                let name: HeaderName = name.parse().expect("a name");
                (name, value.parse().expect("a value"))
            })
            .collect();
        let ask = Ask {
            headers: super::super::AskHeaders::Http(&map),
            ..Ask::default()
        };
        let target = normalise::Target::of(path.as_bytes());
        let spelling = normalise::spelling(target.path);
        let key = spelling.to_ascii_lowercase();
        let host = normalise::host(host.as_bytes());
        table.reach(&host, &key, &spelling, &ask, target.query)
    }

    #[test]
    fn the_longest_base_path_wins_by_whole_segments() {
        let routes = [
            "e.com/",
            "e.com/orders",
            "e.com/orders/v1",
            "e.com/orders/v10",
            "f.com/a/b/c",
        ];
        assert_eq!(lines(&routes, "e.com", "/", &[]), [0]);
        assert_eq!(lines(&routes, "e.com", "/other", &[]), [0]);
        assert_eq!(lines(&routes, "e.com", "/orders/v2", &[]), [1]);
        assert_eq!(lines(&routes, "e.com", "/orders/v1", &[]), [2]);
        assert_eq!(lines(&routes, "e.com", "/orders/v1/", &[]), [2]);
        assert_eq!(lines(&routes, "e.com", "/orders/v1/x/y", &[]), [2]);
        assert_eq!(lines(&routes, "e.com", "/orders/v10/x", &[]), [3]);
        assert_eq!(lines(&routes, "e.com", "/orders/v1x", &[]), [1]);
        assert_eq!(lines(&routes, "E.COM.:443", "/orders/v1", &[]), [2]);
        assert!(lines(&routes, "f.com", "/a/b", &[]).is_empty());
        assert!(lines(&routes, "g.com", "/", &[]).is_empty());
    }

    #[test]
    fn a_matching_selector_beats_none_and_none_is_the_default() {
        let routes = [
            "e.com/",
            "e.com/ hX-Api-Version=1",
            "e.com/ hx-api-version=v2",
            "e.com/ qversion=3",
        ];
        let with =
            |path: &str, value: &str| lines(&routes, "e.com", path, &[("x-api-version", value)]);
        assert_eq!(lines(&routes, "e.com", "/x", &[]), [0]);
        assert_eq!(with("/x", "1"), [1]);
        assert_eq!(with("/x", " V1 "), [1]);
        assert_eq!(with("/x", "2"), [2]);
        assert_eq!(with("/x", "9"), [0]);
        assert_eq!(lines(&routes, "e.com", "/x?a=b&Version=%33", &[]), [3]);
        assert_eq!(lines(&routes, "e.com", "/x?a=b;version=3", &[]), [3]);
        // Two selectors that disagree, or one header twice: all of them count.
        assert_eq!(with("/x?version=3", "1"), [1, 3]);
        assert_eq!(with("/x", "1, 2"), [1, 2]);
        let twice = [("x-api-version", "1"), ("x-api-version", "2")];
        assert_eq!(lines(&routes, "e.com", "/x", &twice), [1, 2]);
    }

    #[test]
    fn a_longer_path_whose_selector_does_not_match_falls_back() {
        let routes = ["e.com/a", "e.com/a/b hv=2"];
        assert_eq!(lines(&routes, "e.com", "/a/b/c", &[]), [0]);
        assert_eq!(lines(&routes, "e.com", "/a/b/c", &[("v", "2")]), [1]);
    }

    #[test]
    fn spellings_that_differ_in_case_alone_keep_to_their_own() {
        let routes = ["e.com/Orders", "e.com/orders"];
        assert_eq!(lines(&routes, "e.com", "/Orders/x", &[]), [0]);
        assert_eq!(lines(&routes, "e.com", "/orders/x", &[]), [1]);
        assert_eq!(lines(&routes, "e.com", "/ORDERS/x", &[]), [0, 1]);
    }

    #[test]
    fn servers_give_routes() {
        let given = |url: &str| Route::of_server(url).map(|route| route.host + &route.path);
        assert_eq!(
            given("https://API.e.com:8443/v1/").as_deref(),
            Some("api.e.com/v1")
        );
        assert_eq!(given("http://e.com").as_deref(), Some("e.com/"));
        assert_eq!(given("wss://e.com/s?x#y").as_deref(), Some("e.com/s"));
        for none in [
            "/v1",
            "",
            "e.com/v1",
            "//e.com/v1",
            "ftp://e.com",
            "https:///x",
            "https://{h}.e.com/",
            "mailto:a@e.com",
        ] {
            assert_eq!(given(none), None, "{none}");
        }
    }

    #[test]
    fn routes_are_checked_before_they_are_kept() {
        for good in [
            "e.com/",
            "localhost:8080/v1",
            "[::1]:80/a%20b",
            "e.com/a hX-Version=1 qv=a=b",
        ] {
            assert_eq!(route(good).check(), Ok(()), "{good}");
        }
        let with = |host: &str, path: &str| Route {
            host: host.into(),
            path: path.into(),
            header: None,
            query: None,
        };
        for host in ["", "https://e.com", "e com", "e.com/x", "ü.de", "a@b"] {
            assert!(
                matches!(with(host, "/").check(), Err(RouteFault::Host(_))),
                "{host}"
            );
        }
        for path in ["", "v1", "/a?b", "/a#b", "/a%zz", "/a\n"] {
            assert!(
                matches!(with("e.com", path).check(), Err(RouteFault::Path(_))),
                "{path}"
            );
        }
        for header in [
            "Authorization",
            "cookie",
            "Proxy-Authorization",
            "X-Sundial-Consumer",
        ] {
            let mut route = with("e.com", "/");
            route.header = Some(Selector {
                name: header.into(),
                value: "1".into(),
            });
            assert!(
                matches!(route.check(), Err(RouteFault::Credentials(_))),
                "{header}"
            );
        }
        for bad in ["", "a", "=b", "a=", "a=\n"] {
            assert!(bad.parse::<Selector>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_canonical_text_is_the_same_for_all_spellings() {
        assert_eq!(
            route("E.com:80//Orders/./v1/ hX-V=V2").canonical(),
            route("e.com./orders/v1 hx-v=2").canonical()
        );
        assert_ne!(
            route("e.com/a").canonical(),
            route("e.com/a hv=1").canonical()
        );
        assert_ne!(
            route("e.com/a hv=1").canonical(),
            route("e.com/a qv=1").canonical()
        );
    }

    #[test]
    fn json_is_flat() {
        let json = r#"{"host":"e.com","path":"/a","header":"X-V=2","query":null}"#;
        let route: Route = serde_json::from_str(json).expect("readable");
        assert_eq!(serde_json::to_string(&route).expect("plain"), json);
        assert!(serde_json::from_str::<Route>(r#"{"host":"e.com","path":"/a"}"#).is_ok());
        assert!(
            serde_json::from_str::<Route>(r#"{"host":"e.com","path":"/a","header":"x"}"#).is_err()
        );
    }
}
