//! Required parameter added.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::parameter;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Parameter;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "parameter-added-required",
    title: "required parameter added",
    level: Levels { request: Level::Breaking, response: Level::Info, neither: Level::Info },
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Calls without the parameter were accepted and are refused now.",
    remedy: "Make it optional with a default.",
    security: parameter::RISKS,
    fires: &[
        example!("paths: {/a: {get: {}}}" => "PARAM: {name: q, in: query, required: true, schema: {type: string}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {}}}" => "PARAM: {name: q, in: query, schema: {type: string}}"),
        example!("PARAM: {name: q, in: query, schema: {type: string}}" => "PARAM: {name: q, in: query, required: true, schema: {type: string}}"),
    ],
    check: Check::Parameter(check),
};

fn check(at: &Pair<'_, &Parameter>, edits: &mut Edits) {
    let Some(new) = at.added().filter(|new| new.required) else {
        return;
    };
    edits.push(
        Edit::new(format!("`{}` is new and must be sent", at.name))
            .places(None, new.node)
            .values(Value::Null, new.name.as_str())
            .facet(parameter::facet(at, new, true)),
    );
}
