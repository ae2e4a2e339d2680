//! A parameter travels in another place.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::parameter;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Parameter;

/// The rule.
pub static RULE: Rule = Rule {
    id: "parameter-moved",
    title: "parameter moved",
    level: Levels { request: Level::Breaking, response: Level::Breaking, neither: Level::Breaking },
    surface: Surface::Wire,
    since: "0.2.0",
    why: "Calls carry the value at the old place, where nobody reads it any more.",
    remedy: "Read the value at both places until nobody uses the old one.",
    security: &[
        "auth-credential-parameter-added",
        "auth-credential-parameter-removed",
        "exposure-personal-url-added",
        "exposure-personal-url-removed",
    ],
    fires: &[
        example!("PARAM: {name: q, in: query, schema: {type: string}}" => "PARAM: {name: q, in: header, schema: {type: string}}"),
        example!("PARAM: {name: token, in: header, schema: {type: string}}" => "PARAM: {name: token, in: query, schema: {type: string}}"),
    ],
    silent: &[
        example!("PARAM: {name: q, in: query, schema: {type: string}}" => "PARAM: {name: q, in: query, required: true, schema: {type: string}}"),
        example!("paths: {/a: {get: {parameters: [{name: q, in: query, schema: {type: string}}, {name: q, in: header, schema: {type: string}}]}}}" => "PARAM: {name: q, in: header, schema: {type: string}}"),
    ],
    check: Check::Parameter(check),
};

fn check(at: &Pair<'_, &Parameter>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if old.location == new.location {
        return;
    }
    let facet = match (parameter::facet(at, old, false), parameter::facet(at, new, true)) {
        // What the name tells at both places did not change.
        (Some(_), Some(_)) => None,
        (gone, won) => won.or(gone),
    };
    edits.push(
        Edit::new(format!("`{}` travels in {}, it was in {}", at.name, new.location, old.location))
            .places(old.node, new.node)
            .values(old.location.name(), new.location.name())
            .facet(facet),
    );
}
