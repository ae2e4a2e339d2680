//! List of security schemes changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, SchemeView};
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::scheme;

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-scheme-catalogue",
    title: "list of security schemes changed",
    level: Levels::always(Level::Info),
    surface: Surface::Documentation,
    since: "0.1.0",
    why: "A scheme or a scope is declared, or no longer; no operation asks for it.",
    remedy: "Nothing.",
    security: &["oauth-scope-redescribed", "auth-bearer-format-dropped", "auth-bearer-format-stated"],
    fires: &[
        example!("SCHEME2: {type: http, scheme: bearer}" => "paths: {}"),
        example!("SCHEME2: {type: http, scheme: bearer}" => "SCHEME2: {type: http, scheme: basic}"),
        example!("SCOPES: {x: one}" => "SCOPES: {x: one, y: two}"),
    ],
    silent: &[example!("SCHEME: {type: http, scheme: bearer}" => "SCHEME: {type: http, scheme: basic}")],
    check: Check::Scheme(check),
};

fn check(at: &Pair<'_, SchemeView<'_>>, edits: &mut Edits) {
    scheme::catalogue(at, edits);
}
