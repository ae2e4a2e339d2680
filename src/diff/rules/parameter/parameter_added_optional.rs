//! Optional parameter added.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::parameter;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Parameter;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "parameter-added-optional",
    title: "optional parameter added",
    level: Levels::always(Level::Info),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "There is one more thing to say; nobody has to.",
    remedy: "Nothing.",
    security: parameter::RISKS,
    fires: &[example!("paths: {/a: {get: {}}}" => "PARAM: {name: q, in: query, schema: {type: string}}")],
    silent: &[
        example!("paths: {/a: {get: {}}}" => "PARAM: {name: q, in: query, required: true, schema: {type: string}}"),
        example!("PARAM: {name: q, in: query, schema: {type: string}}" => "PARAM: {name: q, in: query, schema: {type: string}}"),
        example!("paths: {/a: {get: {parameters: [{name: q, in: query, schema: {type: string}}]}}}" => "paths: {/a: {parameters: [{name: q, in: query, schema: {type: string}}], get: {}}}"),
    ],
    check: Check::Parameter(check),
};

fn check(at: &Pair<'_, &Parameter>, edits: &mut Edits) {
    let Some(new) = at.added().filter(|new| !new.required) else {
        return;
    };
    edits.push(
        Edit::new(format!("`{}` is new", at.name))
            .places(None, new.node)
            .values(Value::Null, new.name.as_str())
            .facet(parameter::facet(at, new, true)),
    );
}
