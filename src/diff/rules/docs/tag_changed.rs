//! An operation is grouped elsewhere.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, ProseView};
use crate::diff::prose;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "tag-changed",
    title: "tags changed",
    level: Levels::always(Level::Info),
    surface: Surface::Documentation,
    since: "0.2.0",
    why: "Pages group by it, and some generators name classes by it.",
    remedy: "Nothing.",
    security: &[],
    fires: &[
        example!("paths: {/a: {get: {tags: [one]}}}" => "paths: {/a: {get: {tags: [two]}}}"),
        example!("paths: {/a: {get: {}}}" => "paths: {/a: {get: {tags: [two]}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {tags: [one, two]}}}" => "paths: {/a: {get: {tags: [two, one]}}}"),
        example!("tags: [{name: one}]" => "tags: [{name: one, description: text}]"),
    ],
    check: Check::Prose(check),
};

fn check(at: &Pair<'_, ProseView<'_>>, edits: &mut Edits) {
    edits.extend(prose::edit(at, |keyword| keyword == "tags"));
}
