//! Security scheme changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, SchemeView};
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::scheme;

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-scheme-changed",
    title: "security scheme changed",
    level: Levels::always(Level::Breaking),
    surface: Surface::Security,
    since: "0.1.0",
    why: "Credentials carried the old way are refused now, at every operation that asks for them.",
    remedy: "Add a second scheme and let both work for a while.",
    security: &[
        "oauth-flow-code-removed",
        "oauth-flow-code-added",
        "auth-scheme-downgraded",
        "auth-scheme-upgraded",
        "auth-apikey-moved-to-query",
        "auth-apikey-moved-from-query",
        "auth-apikey-moved-to-cookie",
        "auth-apikey-moved-from-cookie",
        "auth-http-scheme-weakened",
        "auth-http-scheme-strengthened",
        "auth-scheme-name-repointed",
        "oauth-flow-weak-added",
        "oauth-flow-weak-removed",
        "oauth-url-downgraded",
        "oauth-url-upgraded",
        "oauth-host-changed",
    ],
    fires: &[
        example!("SCHEME: {type: apiKey, in: header, name: k}" => "SCHEME: {type: apiKey, in: query, name: k}"),
        example!("SCHEME: {type: http, scheme: bearer}" => "SCHEME: {type: http, scheme: basic}"),
        example!("SCHEME: {type: http, scheme: bearer}" => "SCHEME: {type: apiKey, in: header, name: k}"),
        example!("OAUTH: {clientCredentials: {tokenUrl: 'https://id.example/t', scopes: {r: read}}}\npaths: {/a: {get: {}}}" => "OAUTH: {clientCredentials: {tokenUrl: 'http://id.example/t', scopes: {r: read}}}\npaths: {/a: {get: {}}}"),
    ],
    silent: &[
        example!("SCHEME: {type: http, scheme: bearer}" => "SCHEME: {type: http, scheme: Bearer}"),
        example!("SCHEME2: {type: http, scheme: bearer}" => "SCHEME2: {type: http, scheme: basic}"),
    ],
    check: Check::Scheme(check),
};

fn check(at: &Pair<'_, SchemeView<'_>>, edits: &mut Edits) {
    scheme::changed(at, edits);
}
