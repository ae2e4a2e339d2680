//! Server added.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{Pair, ServersView};
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::server;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "server-added",
    title: "server added",
    level: Levels::always(Level::Info),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "There is one more base URL to call.",
    remedy: "Nothing.",
    security: &["transport-server-host-added"],
    fires: &[
        example!("servers: [{url: 'https://a.example'}]" => "servers: [{url: 'https://a.example'}, {url: 'https://b.example'}]"),
    ],
    silent: &[
        example!("servers: [{url: 'https://a.example'}, {url: 'https://b.example'}]" => "servers: [{url: 'https://b.example'}, {url: 'https://a.example'}]"),
        example!("servers: [{url: 'https://a.example'}]" => "servers: [{url: 'https://b.example'}]"),
    ],
    check: Check::Servers(check),
};

fn check(at: &Pair<'_, ServersView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if server::is_replaced(&old, &new) {
        return;
    }
    let is_told_already = |server: &crate::spec::model::Server| {
        server::is_plaintext(server) && !old.list.iter().any(server::is_plaintext)
    };
    for added in server::missing(new.list, old.list).into_iter().filter(|server| !is_told_already(server)) {
        edits.push(
            Edit::new(format!("`{}` is a new server", added.url))
                .places(old.node, added.node)
                .values(Value::Null, added.url.as_str())
                .facet(server::host_facet(added, old.list, true)),
        );
    }
}
