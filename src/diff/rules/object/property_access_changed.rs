//! `readOnly` or `writeOnly` changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, PropertyView};
use crate::diff::property;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "property-access-changed",
    title: "readOnly or writeOnly changed",
    level: Levels::always(Level::Warning),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "The property enters or leaves one direction.",
    remedy: "Take a new property for the new use.",
    security: &[
        "input-privileged-added",
        "input-privileged-removed",
        "input-readonly-dropped",
        "input-readonly-added",
        "exposure-writeonly-dropped",
        "exposure-writeonly-added",
    ],
    fires: &[
        example!("REQ: {type: object, properties: {n: {type: integer, readOnly: true}}}" => "REQ: {type: object, properties: {n: {type: integer}}}"),
        example!("REQ: {type: object, properties: {n: {type: integer}}}" => "REQ: {type: object, properties: {n: {type: integer, readOnly: true}}}"),
        example!("RES: {type: object, properties: {n: {type: integer, writeOnly: true}}}" => "RES: {type: object, properties: {n: {type: integer}}}"),
        example!("RES: {type: object, required: [n], properties: {n: {type: integer}}}" => "RES: {type: object, required: [n], properties: {n: {type: integer, writeOnly: true}}}"),
    ],
    silent: &[
        example!("RES: {type: object, properties: {n: {type: integer, readOnly: true}}}" => "RES: {type: object, properties: {n: {type: integer}}}"),
        example!("REQ: {type: object, properties: {n: {type: integer, writeOnly: true}}}" => "REQ: {type: object, properties: {n: {type: integer}}}"),
    ],
    check: Check::Property(check),
};

fn check(at: &Pair<'_, PropertyView<'_>>, edits: &mut Edits) {
    property::access(at, edits);
}
