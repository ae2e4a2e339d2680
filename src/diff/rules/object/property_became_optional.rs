//! Property became optional.

use crate::diff::change::Surface;
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{Pair, PropertyView};
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "property-became-optional",
    title: "property became optional",
    level: Levels::WIDENS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "The response always held it and may leave it out now.",
    remedy: "Keep sending it.",
    security: &[],
    fires: &[
        example!("RES: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string}}}" => "RES: {type: object, properties: {n: {type: integer}, city: {type: string}}}"),
        example!("REQ: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string}}}" => "REQ: {type: object, properties: {n: {type: integer}, city: {type: string}}}"),
    ],
    silent: &[
        example!("RES: {type: object, properties: {n: {type: integer}, city: {type: string}}}" => "RES: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string}}}"),
        example!("RES: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string}}}" => "RES: {type: object, properties: {n: {type: integer}}}"),
    ],
    check: Check::Property(check),
};

fn check(at: &Pair<'_, PropertyView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    // A property that enters or leaves a direction is `property-access-changed`.
    if old.hidden != new.hidden {
        return;
    }
    if let (Some(node), None) = (old.required, new.required) {
        edits.push(
            Edit::new(format!("`{}` became optional", at.name)).places(node, new.node).values(true, false),
        );
    }
}
