//! Response header removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::outcome;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Header;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "header-removed",
    title: "response header removed",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Clients that read the header find nothing.",
    remedy: "Keep sending it.",
    security: &["rate-headers-removed", "transport-hsts-dropped"],
    fires: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {required: true, schema: {type: integer}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok}}}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {schema: {type: integer}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {schema: {type: integer}}}}}}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {schema: {type: integer}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, headers: {x-total: {schema: {type: integer}}}}}}}}"),
    ],
    check: Check::Header(check),
};

fn check(at: &Pair<'_, &Header>, edits: &mut Edits) {
    let Some(old) = at.removed() else { return };
    let level = match (at.is_request(), old.required) {
        (true, _) => Level::Info,
        (false, true) => Level::Breaking,
        (false, false) => Level::Warning,
    };
    edits.push(
        Edit::new(format!("`{}` is no longer sent", at.name))
            .places(old.node, None)
            .values(old.name.as_str(), Value::Null)
            .level(level)
            .facet(outcome::header_facet(old, true)),
    );
}
