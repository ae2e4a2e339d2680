//! The table that finds the line of a request: host to base path to routes.
//!
//! The longest base path wins, by whole segments; on equal paths a route whose selector matches
//! beats one that has none. Ties are left to the caller, who takes the strictest stage.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use super::Ask;
use super::normalise;
use super::route::{Route, Selectors};

/// Host to base path to routes, compiled once and read without locks.
#[derive(Debug, Default)]
pub(super) struct Table {
    hosts: HashMap<Box<[u8]>, Host, Quick>,
}

#[derive(Debug, Default)]
struct Host {
    prefixes: HashMap<Box<[u8]>, Entries, Quick>,
    /// How many segments prefixes have, most first, each once.
    depths: Vec<usize>,
}

/// The routes under one key: nearly always one, which then lies in the map itself.
#[derive(Debug)]
enum Entries {
    One(Entry),
    Several(Vec<Entry>),
}

/// A route under one of the keys that its path can be read as.
#[derive(Debug, Clone)]
struct Entry {
    line: usize,
    selectors: Option<Box<Selectors>>,
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
            let entry = Entry { line, selectors: Selectors::of(route).map(Box::new), spelled };
            let entries = match host.prefixes.remove(key.as_slice()) {
                None => Entries::One(entry),
                Some(Entries::One(first)) => Entries::Several(vec![first, entry]),
                Some(Entries::Several(mut entries)) => {
                    entries.push(entry);
                    Entries::Several(entries)
                }
            };
            host.prefixes.insert(key.into(), entries);
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
            match host.prefixes.get(prefix) {
                Some(Entries::One(entry)) if entry.selects(ask, query) => {
                    return Single::Line(entry.line);
                }
                None | Some(Entries::One(_)) => {}
                Some(Entries::Several(entries)) => {
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
    fn selects(&self, ask: &Ask<'_>, query: Option<&[u8]>) -> bool {
        let selects = |selectors: &Selectors| selectors.selects(ask, query);
        self.selectors.as_deref().is_none_or(selects)
    }

    fn weight(&self) -> usize {
        self.selectors.as_deref().map_or(0, Selectors::weight)
    }

    /// Whether a request that is spelled `spelling` names this base path as registered.
    fn is_spelled(&self, key: &[u8], spelling: &[u8]) -> bool {
        let own = self.spelled.as_deref().unwrap_or(key);
        spelling.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    }
}

/// Out of the routes under one key: those that the request selects, of these the ones that it
/// spells as registered where there are such, of these the ones with most selectors.
fn pick(entries: &[Entry], key: &[u8], spelling: &[u8], ask: &Ask<'_>, query: Option<&[u8]>) -> Vec<usize> {
    let rank = |entry: &Entry| (entry.is_spelled(key, spelling), entry.weight());
    let selected = || entries.iter().filter(|entry| entry.selects(ask, query));
    let Some(best) = selected().map(rank).max() else {
        return Vec::new();
    };
    let mut lines: Vec<usize> =
        selected().filter(|entry| rank(entry) == best).map(|entry| entry.line).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// The first `depth` segments of a key that has at least as many.
fn prefix(key: &[u8], depth: usize) -> Option<&[u8]> {
    if depth == 0 {
        return Some(b"");
    }
    let mut slashes = key.iter().enumerate().filter_map(|(at, byte)| (*byte == b'/').then_some(at));
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
        let [a, b, c, d, e, f, g, h, high @ ..] = wide.to_le_bytes();
        self.0 = u64::from_le_bytes([a, b, c, d, e, f, g, h]) ^ u64::from_le_bytes(high);
    }
}

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.fold(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            let mut word = [0; 8];
            word[..rest.len()].copy_from_slice(rest);
            self.fold(u64::from_le_bytes(word));
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
    use crate::enforcement::AskHeaders;
    use crate::enforcement::route::tests::route;
    use http::HeaderName;

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
        let ask = Ask { headers: AskHeaders::Http(&map), ..Ask::default() };
        let target = normalise::Target::of(path.as_bytes());
        let spelling = normalise::spelling(target.path);
        let key = spelling.to_ascii_lowercase();
        let host = normalise::host(host.as_bytes());
        table.reach(&host, &key, &spelling, &ask, target.query)
    }

    #[test]
    fn the_longest_base_path_wins_by_whole_segments() {
        let routes = ["e.com/", "e.com/orders", "e.com/orders/v1", "e.com/orders/v10", "f.com/a/b/c"];
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
        let routes = ["e.com/", "e.com/ hX-Api-Version=1", "e.com/ hx-api-version=v2", "e.com/ qversion=3"];
        let with = |path: &str, value: &str| lines(&routes, "e.com", path, &[("x-api-version", value)]);
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
}
