//! Response header became required.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Header;

/// The rule.
pub static RULE: Rule = Rule {
    id: "header-became-required",
    title: "response header became required",
    level: Levels { request: Level::Breaking, response: Level::Info, neither: Level::Info },
    surface: Surface::Wire,
    since: "0.1.0",
    why: "The header is promised now.",
    remedy: "Nothing.",
    security: &[],
    fires: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {schema: {type: integer}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {required: true, schema: {type: integer}}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {required: true, schema: {type: integer}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {schema: {type: integer}}}}}}}}"),
    ],
    check: Check::Header(check),
};

fn check(at: &Pair<'_, &Header>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if !old.required && new.required {
        edits.push(
            Edit::new(format!("`{}` is always sent now", at.name))
                .places(old.node, new.node)
                .values(false, true),
        );
    }
}
