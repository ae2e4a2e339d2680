//! Server without TLS added.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{Pair, ServersView};
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::server;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "server-plaintext-added",
    title: "server without TLS added",
    level: Levels::always(Level::Warning),
    surface: Surface::Security,
    since: "0.1.0",
    why: "Credentials and data sent to it can be read and changed on the way.",
    remedy: "Offer https alone.",
    security: &["transport-server-downgraded"],
    fires: &[
        example!("servers: [{url: 'https://a.example'}]" => "servers: [{url: 'https://a.example'}, {url: 'http://a.example'}]"),
    ],
    silent: &[
        example!("servers: [{url: 'http://a.example'}]" => "servers: [{url: 'http://a.example'}, {url: 'https://a.example'}]"),
        example!("servers: [{url: 'https://a.example'}]" => "servers: [{url: 'https://a.example'}, {url: 'https://b.example'}]"),
    ],
    check: Check::Servers(check),
};

fn check(at: &Pair<'_, ServersView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if server::has_plaintext(&old) || server::is_replaced(&old, &new) {
        return;
    }
    for url in server::urls(&new).into_iter().filter(server::Url::is_plaintext) {
        edits.push(
            Edit::new(format!("`{}` is offered without TLS", url.text))
                .places(old.node, url.server.node)
                .values(Value::Null, url.text.as_str())
                .facet(Facet::of("transport-server-downgraded")),
        );
    }
}
