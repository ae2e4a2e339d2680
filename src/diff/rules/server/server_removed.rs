//! Server removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{Pair, ServersView};
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::server::{self, Hosts};
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
    security: &[
        "transport-server-upgraded",
        "transport-server-host-removed",
        "transport-server-variable-closed",
    ],
    fires: &[
        example!("servers: [{url: 'https://a.example'}, {url: 'https://b.example'}]" => "servers: [{url: 'https://a.example'}]"),
    ],
    silent: &[
        example!("servers: [{url: 'https://a.example'}]" => "servers: [{url: 'https://b.example'}]"),
        example!("servers: [{url: 'https://a.example'}]" => "servers: [{url: 'https://a.example/'}]"),
        example!("{SERVER: 'https://a.example/v1', paths: {/a: {get: {}}}}" => "{SERVER: 'https://a.example', paths: {/v1/a: {get: {}}}}"),
    ],
    check: Check::Servers(check),
};

fn check(at: &Pair<'_, ServersView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if server::is_replaced(&old, &new) {
        return;
    }
    if server::is_unsaid(&old) {
        return;
    }
    let (left, is_plaintext) = (Hosts::of(&new), server::has_plaintext(&new));
    for gone in server::missing(&old, &new) {
        let facet = Facet::of("transport-server-upgraded").filter(|_| gone.is_plaintext() && !is_plaintext);
        edits.push(
            Edit::new(format!("`{}` is no longer a server", gone.text))
                .places(gone.server.node, new.node)
                .values(gone.text.as_str(), Value::Null)
                .facet(facet.or_else(|| left.facet(&gone.text, false))),
        );
    }
    for closed in server::opened(&old, &new) {
        edits.push(
            Edit::new(format!("`{}` can no longer be any host", closed.template))
                .places(closed.node, new.node)
                .values(closed.template.as_str(), Value::Null)
                .facet(Facet::of("transport-server-variable-closed")),
        );
    }
}
