//! How lists of servers compare: as the full URLs that callers can build from them.
//!
//! Which prefix of the paths belongs to the URLs is `address`'s to say.

use rustc_hash::FxHashSet;

use super::pair::ServersView;
use super::risk::Facet;
use crate::lint::Severity;
use crate::spec::model::Server;
use crate::spec::tree::NodeId;

/// More URLs than that are not built from one template; its default alone is compared then.
const MOST_URLS: usize = 64;

/// One base URL that a list of servers offers.
#[derive(Clone, Debug)]
pub struct Url<'a> {
    /// The URL with the prefix that all paths share.
    pub text: String,
    /// The server that offers it.
    pub server: &'a Server,
}

impl Url<'_> {
    /// Whether it speaks without TLS.
    #[must_use]
    pub fn is_plaintext(&self) -> bool {
        is_plaintext(&self.text)
    }
}

/// Whether the URL speaks without TLS.
#[must_use]
pub fn is_plaintext(url: &str) -> bool {
    let url = url.to_ascii_lowercase();
    url.starts_with("http://") || url.starts_with("ws://")
}

/// Whether one of the servers does.
#[must_use]
pub fn has_plaintext(view: &ServersView<'_>) -> bool {
    urls(view).iter().any(Url::is_plaintext)
}

/// Whether the document says nothing of servers.
#[must_use]
pub fn is_unsaid(view: &ServersView<'_>) -> bool {
    view.list.iter().all(|server| server.node == NodeId::ROOT && server.url == "/")
}

/// Every base URL of the list, values of variables filled in.
#[must_use]
pub fn urls<'a>(view: &ServersView<'a>) -> Vec<Url<'a>> {
    let mut all = Vec::new();
    for server in view.list {
        for url in filled(server) {
            let text = format!("{}{}", url.trim_end_matches('/'), view.prefix);
            let text = if text.is_empty() { "/".to_owned() } else { text };
            all.push(Url { text, server });
        }
    }
    all
}

/// The URLs of one template: its default first, then those of the other values that may be chosen.
fn filled(server: &Server) -> Vec<String> {
    let mut all = vec![server.template.clone()];
    for variable in &server.variables {
        let place = format!("{{{}}}", variable.name);
        let others = variable.allowed.iter().filter(|value| **value != variable.default);
        let values: Vec<&String> = std::iter::once(&variable.default).chain(others).collect();
        if all.len() * values.len() > MOST_URLS {
            return vec![server.url.clone()];
        }
        all = all
            .iter()
            .flat_map(|url| values.iter().map(|value| url.replace(&place, value)).collect::<Vec<_>>())
            .collect();
    }
    all
}

/// The URLs of one list that the other does not have.
#[must_use]
pub fn missing<'a>(from: &ServersView<'a>, other: &ServersView<'_>) -> Vec<Url<'a>> {
    let known: Known = urls(other).iter().map(|url| &*url.text).collect();
    let mut missing: Vec<Url<'a>> = urls(from);
    missing.retain(|url| !known.has(&url.text));
    missing
}

/// Whether none of the old URLs is left, so that every call must go elsewhere.
#[must_use]
pub fn is_replaced(old: &ServersView<'_>, new: &ServersView<'_>) -> bool {
    let all = urls(old).len();
    all > 0 && missing(old, new).len() == all && !is_unsaid(old) && !is_unsaid(new)
}

/// Variables of host or scheme that take any value, of servers that the other list has too.
#[must_use]
pub fn opened<'a>(view: &ServersView<'a>, other: &ServersView<'_>) -> Vec<&'a Server> {
    let open = |server: &Server| {
        let end = server.template.find("//").map_or(0, |at| {
            let rest = &server.template[at + 2..];
            at + 2 + rest.find('/').unwrap_or(rest.len())
        });
        let origin = &server.template[..end];
        server
            .variables
            .iter()
            .any(|variable| variable.allowed.is_empty() && origin.contains(&format!("{{{}}}", variable.name)))
    };
    let known: Known = other.list.iter().filter(|server| open(server)).map(|server| &*server.url).collect();
    view.list.iter().filter(|server| open(server) && !known.has(&server.url)).collect()
}

/// The hosts at which an API lives, and the domains that they are of.
pub struct Hosts {
    names: FxHashSet<String>,
    domains: FxHashSet<String>,
}

impl Hosts {
    /// Those of a list of servers.
    #[must_use]
    pub fn of(view: &ServersView<'_>) -> Self {
        let names: FxHashSet<String> = urls(view).iter().filter_map(|url| host(&url.text)).collect();
        Self { domains: names.iter().map(|name| domain(name).to_owned()).collect(), names }
    }

    /// What it means that the API lives at a host more, or at one less: a new owner's domain is grave, a neighbour
    /// of the known ones is worth knowing.
    #[must_use]
    pub fn facet(&self, url: &str, added: bool) -> Option<Facet> {
        let host = host(url)?;
        if self.names.is_empty() || self.names.contains(&host) {
            return None;
        }
        let is_private = host == "localhost"
            || host.ends_with(".local")
            || host.starts_with("10.")
            || host.starts_with("192.168.")
            || host
                .split(['.', '-'])
                .any(|word| matches!(word, "dev" | "test" | "staging" | "sandbox" | "qa"));
        let severity = match (is_private, self.domains.contains(domain(&host))) {
            (true, _) => Severity::Medium,
            (false, true) => Severity::Info,
            (false, false) => Severity::High,
        };
        Some(Facet::either("transport-server-host-added", added)?.at(severity))
    }
}

fn host(url: &str) -> Option<String> {
    let rest = url.split_once("//")?.1;
    let host = rest.split(['/', ':', '?']).next()?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// The path of a URL, without a slash at its end.
#[must_use]
pub fn path(url: &str) -> String {
    let rest = match url.split_once("//") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => url,
    };
    rest.trim_end_matches('/').to_owned()
}

/// The last two labels; the list of public suffixes is not consulted.
fn domain(host: &str) -> &str {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    dots.nth(1).map_or(host, |at| &host[at + 1..])
}

/// The URLs of a list, in one spelling. Scheme and host have no case, the usual port and a slash at the end say
/// nothing, and a host without a scheme (2.0) is spoken to as the document was fetched.
#[derive(Default)]
struct Known {
    whole: FxHashSet<String>,
    /// Without their schemes.
    bare: FxHashSet<String>,
    /// Of those that have none.
    without: FxHashSet<String>,
}

impl Known {
    fn has(&self, url: &str) -> bool {
        let url = normal(url);
        let bare = bare(&url);
        if url.starts_with("//") {
            self.bare.contains(bare)
        } else {
            self.whole.contains(&url) || self.without.contains(bare)
        }
    }
}

impl<'u> FromIterator<&'u str> for Known {
    fn from_iter<I: IntoIterator<Item = &'u str>>(urls: I) -> Self {
        let mut known = Self::default();
        for url in urls {
            let url = normal(url);
            known.bare.insert(bare(&url).to_owned());
            if url.starts_with("//") {
                known.without.insert(bare(&url).to_owned());
            }
            known.whole.insert(url);
        }
        known
    }
}

/// What follows the scheme.
fn bare(url: &str) -> &str {
    url.split_once("//").map_or(url, |(_, rest)| rest)
}

fn normal(url: &str) -> String {
    let url = url.trim_end_matches('/');
    let Some((scheme, rest)) = url.split_once("//") else {
        return url.to_owned();
    };
    let scheme = scheme.to_ascii_lowercase();
    let end = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.to_ascii_lowercase();
    let usual = match scheme.as_str() {
        "https:" | "wss:" => ":443",
        "http:" | "ws:" => ":80",
        _ => "\0",
    };
    format!("{scheme}//{}{path}", host.strip_suffix(usual).unwrap_or(&host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_url_are_one() {
        let is_same = |known, url| [known].into_iter().collect::<Known>().has(url);
        for other in ["HTTPS://api.example.com/v1", "https://API.example.com:443/v1/", "//api.example.com/v1"]
        {
            assert!(is_same("https://api.example.com/v1", other), "{other}");
            assert!(is_same(other, "https://api.example.com/v1"), "{other}");
        }
        for other in
            ["https://api.example.com/V1", "http://api.example.com/v1", "https://api.example.com:8443/v1"]
        {
            assert!(!is_same("https://api.example.com/v1", other), "{other}");
        }
        assert_eq!(
            (path("https://a.example/v1/"), path("/v2"), path("//h")),
            ("/v1".into(), "/v2".into(), "".into())
        );
    }
}
