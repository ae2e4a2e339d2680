//! Property removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, PropertyView};
use crate::diff::property;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "property-removed",
    title: "property removed",
    level: Levels::always(Level::Warning),
    surface: Surface::Behaviour,
    since: "0.1.0",
    why: "In a request it is ignored in silence, or refused by a closed object; in a response it is missing.",
    remedy: "Keep it until nobody uses it.",
    security: &[
        "error-detail-removed",
        "ssrf-url-input-removed",
        "input-privileged-removed",
        "exposure-credential-removed",
        "exposure-personal-removed",
    ],
    fires: &[
        example!("REQ: {type: object, properties: {n: {type: integer}, city: {type: string}}}" => "REQ: {type: object, properties: {n: {type: integer}}}"),
        example!("RES: {type: object, properties: {n: {type: integer}, city: {type: string}}}" => "RES: {type: object, properties: {n: {type: integer}}}"),
        example!("REQ: {type: object, additionalProperties: false, properties: {n: {type: integer}, city: {type: string}}}" => "REQ: {type: object, additionalProperties: false, properties: {n: {type: integer}}}"),
        example!("REQ: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string}}}" => "REQ: {type: object, properties: {n: {type: integer}}}"),
    ],
    silent: &[
        example!("REQ: {type: object, properties: {n: {type: integer}}}" => "REQ: {type: object, properties: {n: {type: integer}, city: {type: string}}}"),
        example!("RES: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string}}}" => "RES: {type: object, properties: {n: {type: integer}}}"),
    ],
    check: Check::Property(check),
};

fn check(at: &Pair<'_, PropertyView<'_>>, edits: &mut Edits) {
    let Some(old) = at.removed().filter(|old| at.is_request() || old.required.is_none()) else {
        return;
    };
    property::removed(at, old, edits);
}
