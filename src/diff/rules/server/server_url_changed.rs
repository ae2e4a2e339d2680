//! Server URL changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{Pair, ServersView};
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::server;

/// The rule.
pub static RULE: Rule = Rule {
    id: "server-url-changed",
    title: "server URL changed",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Every call goes to the base URL, and the only one is another now.",
    remedy: "Keep the old URL as a second server.",
    security: &["transport-server-downgraded", "transport-server-upgraded"],
    fires: &[
        example!("servers: [{url: 'https://a.example/v1'}]" => "servers: [{url: 'https://a.example/v2'}]"),
        example!("paths: {/v1/a: {get: {}}, /v1/b: {get: {}}}" => "paths: {/v2/a: {get: {}}, /v2/b: {get: {}}}"),
    ],
    silent: &[
        example!("servers: [{url: 'https://a.example/v1'}]" => "servers: [{url: 'https://a.example/v1'}, {url: 'https://a.example/v2'}]"),
        example!("servers: [{url: 'https://{h}/v1', variables: {h: {default: a.example}}}]" => "servers: [{url: 'https://a.example/v1'}]"),
        example!("{SERVER: 'https://a.example/v1', paths: {/a: {get: {}}}}" => "{SERVER: 'https://a.example', paths: {/v1/a: {get: {}}}}"),
    ],
    check: Check::Servers(check),
};

fn check(at: &Pair<'_, ServersView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if !server::is_replaced(&old, &new) {
        return;
    }
    let urls =
        |view: &ServersView<'_>| server::urls(view).into_iter().map(|url| url.text).collect::<Vec<_>>();
    let (before, after) = (urls(&old), urls(&new));
    let (was, is) = (server::has_plaintext(&old), server::has_plaintext(&new));
    let facet = if was == is { None } else { Facet::either("transport-server-downgraded", is) };
    edits.push(
        Edit::new(format!("`{}` became `{}`", before.join("`, `"), after.join("`, `")))
            .places(old.node, new.node)
            .values(before, after)
            .facet(facet),
    );
}
