//! Parameter became required.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Parameter;

/// The rule.
pub static RULE: Rule = Rule {
    id: "parameter-became-required",
    title: "parameter became required",
    level: Levels { request: Level::Breaking, response: Level::Info, neither: Level::Info },
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Calls without the parameter were accepted and are refused now.",
    remedy: "Keep it optional and give it a default.",
    security: &[],
    fires: &[
        example!("PARAM: {name: q, in: query, schema: {type: string}}" => "PARAM: {name: q, in: query, required: true, schema: {type: string}}"),
    ],
    silent: &[
        example!("PARAM: {name: q, in: query, required: true, schema: {type: string}}" => "PARAM: {name: q, in: query, schema: {type: string}}"),
        example!("paths: {/a: {get: {}}}" => "PARAM: {name: q, in: query, required: true, schema: {type: string}}"),
    ],
    check: Check::Parameter(check),
};

fn check(at: &Pair<'_, &Parameter>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if !old.required && new.required {
        edits.push(
            Edit::new(format!("`{}` must be sent now", at.name))
                .places(old.node, new.node)
                .values(false, true),
        );
    }
}
