//! How lists of servers compare.

use super::pair::ServersView;
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
