//! Response header became optional.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Header;

/// The rule.
pub static RULE: Rule = Rule {
    id: "header-became-optional",
    title: "response header became optional",
    level: Levels { request: Level::Info, response: Level::Breaking, neither: Level::Info },
    surface: Surface::Wire,
    since: "0.1.0",
    why: "The header was promised and may be missing now.",
    remedy: "Keep promising it.",
    security: &[],
    fires: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {required: true, schema: {type: integer}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {schema: {type: integer}}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {schema: {type: integer}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {required: true, schema: {type: integer}}}}}}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {required: true, schema: {type: integer}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok}}}}}"),
    ],
    check: Check::Header(check),
};

fn check(at: &Pair<'_, &Header>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if old.required && !new.required {
        edits.push(
            Edit::new(format!("`{}` may be missing now", at.name))
                .places(old.node, new.node)
                .values(true, false),
        );
    }
}
