//! Required property added.

use crate::diff::change::Surface;
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, PropertyView};
use crate::diff::property;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "property-added-required",
    title: "required property added",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Requests without the property were accepted and are refused now.",
    remedy: "Make it optional, with a default on the server.",
    security: &["error-detail-added", "ssrf-url-input-added", "input-privileged-added"],
    fires: &[
        example!("REQ: {type: object, properties: {n: {type: integer}}}" => "REQ: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string}}}"),
        example!("RES: {type: object, properties: {n: {type: integer}}}" => "RES: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string}}}"),
    ],
    silent: &[
        example!("REQ: {type: object, properties: {n: {type: integer}}}" => "REQ: {type: object, properties: {n: {type: integer}, city: {type: string}}}"),
        example!("REQ: {type: object, properties: {n: {type: integer}, city: {type: string}}}" => "REQ: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string}}}"),
        example!("REQ: {type: object, properties: {n: {type: integer}}}" => "REQ: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string, readOnly: true}}}"),
    ],
    check: Check::Property(check),
};

fn check(at: &Pair<'_, PropertyView<'_>>, edits: &mut Edits) {
    let Some(new) = at.added().filter(|new| new.required.is_some()) else {
        return;
    };
    if !property::is_exposure(at) {
        edits.push(property::added_edit(at, new));
    }
}
