//! How the paths of two documents line up: a prefix may stand in the server of one and in the paths
//! of the other, and the full URLs are what callers know.
//!
//! Only prefixes that all paths share are looked at. Which servers are gone or new is `server`'s.

use rustc_hash::FxHashSet;

use super::server;
use crate::spec::model::{Api, Operation, Server};

/// The prefix that all paths of each document share and that is read as a part of its servers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    /// In the older document.
    pub old: String,
    /// In the newer document.
    pub new: String,
}

impl Shift {
    /// The shift under which most operations of the older document are found in the newer one; none
    /// where the paths are the same as they stand.
    #[must_use]
    pub fn between(old: &Api, new: &Api) -> Self {
        fn keys(api: &Api) -> impl Iterator<Item = (&str, &str)> {
            api.operations.iter().map(|operation| (operation.method.as_str(), operation.key.as_str()))
        }
        let plain = Self::default();
        if keys(old).eq(keys(new)) {
            return plain;
        }
        let all = old.operations.len();
        let mut most = plain.found(old, new);
        if most == all || all == 0 {
            return plain;
        }
        let mut best = plain;
        for (shift, keeps_urls) in Self::candidates(old, new) {
            // Another base is a guess of two documents alike in most of what they offer.
            let found = shift.found(old, new);
            if found > most && (keeps_urls || found > 1 && found * 2 > all) {
                most = found;
                best = shift;
            }
        }
        best
    }

    /// Shifts that may be meant, and whether the servers make up for them, so that URLs stay.
    fn candidates(old: &Api, new: &Api) -> Vec<(Self, bool)> {
        let mut candidates = Vec::new();
        if let (Some(before), Some(after)) = (base(&old.servers), base(&new.servers)) {
            let rest = |long: &str, short: &str| long.strip_prefix(short).map(str::to_owned);
            if let Some(prefix) = rest(&before, &after).filter(|prefix| has_prefix(new, prefix)) {
                candidates.push((Self { old: String::new(), new: prefix }, true));
            }
            if let Some(prefix) = rest(&after, &before).filter(|prefix| has_prefix(old, prefix)) {
                candidates.push((Self { old: prefix, new: String::new() }, true));
            }
        }
        let (before, after) = (first_segment(old), first_segment(new));
        if before.is_some() || after.is_some() {
            candidates
                .push((Self { old: before.unwrap_or_default(), new: after.unwrap_or_default() }, false));
        }
        candidates.retain(|(shift, _)| *shift != Self::default());
        candidates
    }

    fn found(&self, old: &Api, new: &Api) -> usize {
        let known: FxHashSet<(&str, &str)> = new
            .operations
            .iter()
            .map(|operation| (operation.method.as_str(), below(&operation.key, &self.new)))
            .collect();
        let is_found = |operation: &&Operation| {
            known.contains(&(operation.method.as_str(), below(&operation.key, &self.old)))
        };
        old.operations.iter().filter(is_found).count()
    }
}

/// The path below a prefix.
#[must_use]
#[inline]
pub fn below<'p>(path: &'p str, prefix: &str) -> &'p str {
    if prefix.is_empty() {
        return path;
    }
    match path.strip_prefix(prefix) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => rest,
        _ => path,
    }
}

fn has_prefix(api: &Api, prefix: &str) -> bool {
    let mut paths = api.operations.iter().map(|operation| operation.key.as_str());
    !prefix.is_empty() && paths.all(|path| below(path, prefix).len() < path.len())
}

/// The path that all servers share.
fn base(servers: &[Server]) -> Option<String> {
    let mut paths = servers.iter().map(|server| server::path(&server.url));
    let first = paths.next()?;
    paths.all(|path| path == first).then_some(first)
}

/// The first segment of all paths, where they agree on one and have more.
fn first_segment(api: &Api) -> Option<String> {
    let first = api.operations.first()?.key.split('/').nth(1)?;
    let prefix = format!("/{first}");
    let is_literal = !first.is_empty() && !first.contains('{');
    let goes_on = |operation: &Operation| {
        let rest = below(&operation.key, &prefix);
        rest.len() > 1 && rest.len() < operation.key.len()
    };
    (is_literal && api.operations.iter().all(goes_on)).then_some(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_end_at_segments() {
        assert_eq!(below("/v1/pets", "/v1"), "/pets");
        assert_eq!(below("/v10/pets", "/v1"), "/v10/pets");
        assert_eq!(below("/v1", "/v1"), "");
        assert_eq!(below("/pets", ""), "/pets");
    }

    #[test]
    fn a_prefix_is_found_where_it_went() {
        let shift = |old: &str, new: &str| {
            let read = |text: &str| crate::diff::example::load(text).expect("a fragment");
            Shift::between(read(old).api(), read(new).api())
        };
        let here = "{SERVER: 'https://a.example/v1', paths: {/a: {get: {}}}}";
        let there = "{SERVER: 'https://a.example', paths: {/v1/a: {get: {}}}}";
        assert_eq!(shift(here, there), Shift { old: String::new(), new: "/v1".to_owned() });
        assert_eq!(shift(there, here), Shift { old: "/v1".to_owned(), new: String::new() });
        let two =
            |version: &str| format!("paths: {{/{version}/a: {{get: {{}}}}, /{version}/b: {{get: {{}}}}}}");
        assert_eq!(shift(&two("v1"), &two("v2")), Shift { old: "/v1".to_owned(), new: "/v2".to_owned() });
        assert_eq!(shift("paths: {/a: {get: {}}}", "paths: {/b: {get: {}}}"), Shift::default());
        assert_eq!(shift(here, here), Shift::default());
        assert_eq!(shift("paths: {/v1/a: {get: {}}}", "paths: {/a: {get: {}}}"), Shift::default());
    }
}
