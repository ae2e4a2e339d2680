//! Optional property added.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, PropertyView};
use crate::diff::property;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "property-added-optional",
    title: "optional property added",
    level: Levels::always(Level::Info),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "There is one more thing to say; nobody has to.",
    remedy: "Nothing.",
    security: &["error-detail-added", "ssrf-url-input-added", "input-privileged-added"],
    fires: &[
        example!("REQ: {type: object, properties: {n: {type: integer}}}" => "REQ: {type: object, properties: {n: {type: integer}, city: {type: string}}}"),
        example!("RES: {type: object, properties: {n: {type: integer}}}" => "RES: {type: object, properties: {n: {type: integer}, city: {type: string}}}"),
        example!("RES: {type: object, additionalProperties: false, properties: {n: {type: integer}}}" => "RES: {type: object, additionalProperties: false, properties: {n: {type: integer}, city: {type: string}}}"),
    ],
    silent: &[
        example!("REQ: {type: object, properties: {n: {type: integer}}}" => "REQ: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string}}}"),
        example!("REQ: {type: object, properties: {n: {type: integer}, city: {type: string}}}" => "REQ: {type: object, properties: {n: {type: integer}}}"),
        example!("RES: {type: object, properties: {n: {type: integer}}}" => "RES: {type: object, properties: {n: {type: integer}, city: {type: string, writeOnly: true}}}"),
    ],
    check: Check::Property(check),
};

fn check(at: &Pair<'_, PropertyView<'_>>, edits: &mut Edits) {
    let Some(new) = at.added().filter(|new| new.required.is_none()) else {
        return;
    };
    if !property::is_exposure(at) {
        edits.push(property::added_edit(at, new));
    }
}
