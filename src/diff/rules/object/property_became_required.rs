//! Property became required.

use crate::diff::change::Surface;
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{Pair, PropertyView};
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "property-became-required",
    title: "property became required",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Requests that leave it out were accepted and are refused now.",
    remedy: "Give the property a default on the server, or open a new line.",
    security: &[],
    fires: &[
        example!("REQ: {type: object, properties: {n: {type: integer}, city: {type: string}}}" => "REQ: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string}}}"),
        example!("RES: {type: object, properties: {n: {type: integer}, city: {type: string}}}" => "RES: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string}}}"),
        example!("REQ: {allOf: [{type: object, properties: {city: {type: string}}}]}" => "REQ: {allOf: [{type: object, properties: {city: {type: string}}}], required: [city]}"),
    ],
    silent: &[
        example!("REQ: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string}}}" => "REQ: {type: object, properties: {n: {type: integer}, city: {type: string}}}"),
        example!("REQ: {type: object, required: [city], properties: {city: {type: string}}}" => "REQ: {allOf: [{type: object, properties: {city: {type: string}}}, {required: [city]}]}"),
    ],
    check: Check::Property(check),
};

fn check(at: &Pair<'_, PropertyView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    // A property that enters or leaves a direction is `property-access-changed`.
    if old.hidden != new.hidden {
        return;
    }
    if let (None, Some(node)) = (old.required, new.required) {
        edits.push(
            Edit::new(format!("`{}` became required", at.name)).places(old.node, node).values(false, true),
        );
    }
}
