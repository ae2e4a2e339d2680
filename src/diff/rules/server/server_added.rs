//! Server added.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{Pair, ServersView};
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::server::{self, Hosts, Url};
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
    security: &["transport-server-host-added", "transport-server-variable-opened"],
    fires: &[
        example!("servers: [{url: 'https://a.example'}]" => "servers: [{url: 'https://a.example'}, {url: 'https://b.example'}]"),
        example!("servers: [{url: 'https://a.example', description: one}]" => "servers: [{url: 'https://{h}', description: one, variables: {h: {default: a.example}}}]"),
        example!("servers: [{url: 'https://a.example/{v}', variables: {v: {default: v1}}}]" => "servers: [{url: 'https://a.example/{v}', variables: {v: {default: v1, enum: [v1, v2]}}}]"),
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
    let (known, was_plaintext) = (Hosts::of(&old), server::has_plaintext(&old));
    let is_told_already = |url: &Url<'_>| url.is_plaintext() && !was_plaintext;
    for added in server::missing(&new, &old).into_iter().filter(|url| !is_told_already(url)) {
        edits.push(
            Edit::new(format!("`{}` is a new server", added.text))
                .places(old.node, added.server.node)
                .values(Value::Null, added.text.as_str())
                .facet(known.facet(&added.text, true)),
        );
    }
    for opened in server::opened(&new, &old) {
        edits.push(
            Edit::new(format!("`{}` can be any host now", opened.template))
                .places(old.node, opened.node)
                .values(Value::Null, opened.template.as_str())
                .facet(Facet::of("transport-server-variable-opened")),
        );
    }
}
