//! Promised property removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, PropertyView};
use crate::diff::property;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "property-removed-required",
    title: "promised property removed",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "The response always held it; clients that read it fail.",
    remedy: "Keep sending it.",
    security: &[
        "error-detail-removed",
        "ssrf-url-input-removed",
        "exposure-credential-removed",
        "exposure-personal-removed",
    ],
    fires: &[
        example!("RES: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string}}}" => "RES: {type: object, properties: {n: {type: integer}}}"),
    ],
    silent: &[
        example!("RES: {type: object, properties: {n: {type: integer}, city: {type: string}}}" => "RES: {type: object, properties: {n: {type: integer}}}"),
        example!("REQ: {type: object, required: [city], properties: {n: {type: integer}, city: {type: string}}}" => "REQ: {type: object, properties: {n: {type: integer}}}"),
    ],
    check: Check::Property(check),
};

fn check(at: &Pair<'_, PropertyView<'_>>, edits: &mut Edits) {
    let Some(old) = at.removed().filter(|old| at.is_response() && old.required.is_some()) else {
        return;
    };
    property::removed(at, old, edits);
}
