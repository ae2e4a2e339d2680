//! Server removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{Pair, ServersView};
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::server;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "server-removed",
    title: "server removed",
    level: Levels::always(Level::Warning),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Callers of that base URL may find nobody there.",
    remedy: "Keep the server until nobody calls it.",
    security: &["transport-server-upgraded", "transport-server-host-removed"],
    fires: &[
        example!("servers: [{url: 'https://a.example'}, {url: 'https://b.example'}]" => "servers: [{url: 'https://a.example'}]"),
    ],
    silent: &[
        example!("servers: [{url: 'https://a.example'}]" => "servers: [{url: 'https://b.example'}]"),
        example!("servers: [{url: 'https://a.example'}]" => "servers: [{url: 'https://a.example/'}]"),
    ],
    check: Check::Servers(check),
};

fn check(at: &Pair<'_, ServersView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if server::is_replaced(&old, &new) {
        return;
    }
    for gone in server::missing(old.list, new.list) {
        let facet = Facet::of("transport-server-upgraded")
            .filter(|_| server::is_plaintext(gone) && !new.list.iter().any(server::is_plaintext));
        edits.push(
            Edit::new(format!("`{}` is no longer a server", gone.url))
                .places(gone.node, new.node)
                .values(gone.url.as_str(), Value::Null)
                .facet(facet.or_else(|| server::host_facet(gone, new.list, false))),
        );
    }
}
