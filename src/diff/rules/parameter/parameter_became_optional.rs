//! Parameter became optional.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Parameter;

/// The rule.
pub static RULE: Rule = Rule {
    id: "parameter-became-optional",
    title: "parameter became optional",
    level: Levels { request: Level::Info, response: Level::Breaking, neither: Level::Info },
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Nobody has to send it any more.",
    remedy: "Nothing.",
    security: &[],
    fires: &[
        example!("PARAM: {name: q, in: query, required: true, schema: {type: string}}" => "PARAM: {name: q, in: query, schema: {type: string}}"),
    ],
    silent: &[
        example!("PARAM: {name: q, in: query, schema: {type: string}}" => "PARAM: {name: q, in: query, required: true, schema: {type: string}}"),
        example!("PARAM: {name: q, in: query, required: true, schema: {type: string}}" => "paths: {/a: {get: {}}}"),
    ],
    check: Check::Parameter(check),
};

fn check(at: &Pair<'_, &Parameter>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if old.required && !new.required {
        edits.push(
            Edit::new(format!("`{}` may be left out now", at.name))
                .places(old.node, new.node)
                .values(true, false),
        );
    }
}
