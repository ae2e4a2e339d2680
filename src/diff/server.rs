//! How lists of servers compare.

use super::pair::ServersView;
use super::risk::Facet;
use crate::lint::Severity;
use crate::spec::model::Server;

/// Whether the server speaks without TLS.
#[must_use]
pub fn is_plaintext(server: &Server) -> bool {
    let url = server.url.to_ascii_lowercase();
    url.starts_with("http://") || url.starts_with("ws://")
}

/// The servers of one list whose URL the other does not have.
#[must_use]
pub fn missing<'s>(from: &'s [Server], other: &[Server]) -> Vec<&'s Server> {
    from.iter().filter(|server| !other.iter().any(|known| same(known, server))).collect()
}

/// Whether none of the old URLs is left, so that every call must go elsewhere.
#[must_use]
pub fn is_replaced(old: &ServersView<'_>, new: &ServersView<'_>) -> bool {
    missing(old.list, new.list).len() == old.list.len() && !old.list.is_empty()
}

/// What it means that the API lives at a host more, or at one less: a new owner's domain is grave, a
/// neighbour of the known ones is worth knowing.
#[must_use]
pub fn host_facet(server: &Server, others: &[Server], added: bool) -> Option<Facet> {
    let host = host(&server.url)?;
    let known: Vec<String> = others.iter().filter_map(|other| self::host(&other.url)).collect();
    if known.is_empty() || known.contains(&host) {
        return None;
    }
    let is_private = host == "localhost"
        || host.ends_with(".local")
        || host.starts_with("10.")
        || host.starts_with("192.168.")
        || host.split(['.', '-']).any(|word| matches!(word, "dev" | "test" | "staging" | "sandbox" | "qa"));
    let is_neighbour = known.iter().any(|other| domain(other) == domain(&host));
    let severity = match (is_private, is_neighbour) {
        (true, _) => Severity::Medium,
        (false, true) => Severity::Info,
        (false, false) => Severity::High,
    };
    Some(Facet::either("transport-server-host-added", added)?.at(severity))
}

fn host(url: &str) -> Option<String> {
    let rest = url.split_once("//")?.1;
    let host = rest.split(['/', ':', '?']).next()?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// The last two labels; the list of public suffixes is not consulted.
fn domain(host: &str) -> &str {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    dots.nth(1).map_or(host, |at| &host[at + 1..])
}

/// Scheme and host have no case, and a slash at the end says nothing.
fn same(a: &Server, b: &Server) -> bool {
    let normal = |url: &str| {
        let url = url.trim_end_matches('/');
        let host_end =
            url.find("://").map_or(0, |at| url[at + 3..].find('/').map_or(url.len(), |slash| at + 3 + slash));
        let (host, path) = url.split_at(host_end);
        format!("{}{path}", host.to_ascii_lowercase())
    };
    normal(&a.url) == normal(&b.url)
}
