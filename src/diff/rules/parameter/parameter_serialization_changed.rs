//! Parameter spelled otherwise.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::parameter;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Parameter;

/// The rule.
pub static RULE: Rule = Rule {
    id: "parameter-serialization-changed",
    title: "parameter spelled otherwise",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "The same value is written with other bytes now.",
    remedy: "Keep style and explode, or take a new parameter name.",
    security: &[],
    fires: &[
        example!("PARAM: {name: q, in: query, schema: {type: array, items: {type: string}}}" => "PARAM: {name: q, in: query, style: spaceDelimited, explode: false, schema: {type: array, items: {type: string}}}"),
    ],
    silent: &[
        example!("PARAM: {name: q, in: query, schema: {type: array, items: {type: string}}}" => "PARAM: {name: q, in: query, style: form, explode: true, schema: {type: array, items: {type: string}}}"),
        example!("PARAM: {name: q, in: query, schema: {type: string}}" => "PARAM: {name: q, in: query, explode: false, schema: {type: string}}"),
    ],
    check: Check::Parameter(check),
};

fn check(at: &Pair<'_, &Parameter>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let (before, after) = (parameter::spelling(at.scene.old, old), parameter::spelling(at.scene.new, new));
    if before != after {
        edits.push(
            Edit::new(format!("`{}` is written as {after}, it was {before}", at.name))
                .places(old.node, new.node)
                .values(before, after),
        );
    }
}
