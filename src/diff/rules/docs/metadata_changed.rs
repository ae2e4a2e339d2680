//! Text changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, ProseView};
use crate::diff::prose;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "metadata-changed",
    title: "text changed",
    level: Levels::always(Level::Info),
    surface: Surface::Documentation,
    since: "0.1.0",
    why: "People read something else; no message changes.",
    remedy: "Nothing.",
    security: &["extension-security-changed"],
    fires: &[
        example!("info: {description: one}" => "info: {description: two}"),
        example!("paths: {/a: {get: {summary: one}}}" => "paths: {/a: {get: {summary: two}}}"),
        example!("REQ: {type: string, description: one}" => "REQ: {type: string, description: two}"),
        example!("paths: {/a: {get: {x-note: one}}}" => "paths: {/a: {get: {x-note: two}}}"),
    ],
    silent: &[
        example!("info: {description: one}" => "info: {description: one}"),
        example!("{info: {description: one}, paths: {/a: {get: {}}, /b: {get: {}}}}" => "{paths: {/b: {get: {}}, /a: {get: {}}}, info: {description: one}}"),
    ],
    check: Check::Prose(check),
};

fn check(at: &Pair<'_, ProseView<'_>>, edits: &mut Edits) {
    let has_own_rule = |keyword: &str| keyword == "tags" || keyword.starts_with("links");
    edits.extend(prose::edit(at, |keyword| !has_own_rule(keyword)));
}
