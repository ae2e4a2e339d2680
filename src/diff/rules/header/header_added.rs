//! Response header added.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::outcome;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Header;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "header-added",
    title: "response header added",
    level: Levels::always(Level::Info),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "There is one more header to read.",
    remedy: "Nothing.",
    security: &["rate-headers-added", "transport-hsts-added"],
    fires: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {schema: {type: integer}}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {schema: {type: integer}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok}}}}}"),
    ],
    check: Check::Header(check),
};

fn check(at: &Pair<'_, &Header>, edits: &mut Edits) {
    let Some(new) = at.added() else { return };
    let edit = Edit::new(format!("`{}` is sent now", at.name))
        .places(None, new.node)
        .values(Value::Null, new.name.as_str())
        .facet(outcome::header_facet(new, false));
    // Whoever answers a webhook must know of the demand.
    let is_demand = at.is_request() && new.required;
    edits.push(if is_demand { edit.level(Level::Breaking) } else { edit });
}
