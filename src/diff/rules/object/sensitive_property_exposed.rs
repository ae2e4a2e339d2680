//! Sensitive property exposed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, PropertyView};
use crate::diff::property;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "sensitive-property-exposed",
    title: "sensitive property exposed",
    level: Levels::always(Level::Warning),
    surface: Surface::Security,
    since: "0.1.0",
    why: "A response shows a secret or personal data that it did not show before.",
    remedy: "Leave it out, or mark it writeOnly.",
    security: &["exposure-credential-added", "exposure-personal-added", "exposure-writeonly-dropped"],
    fires: &[
        example!("RES: {type: object, properties: {n: {type: integer}}}" => "RES: {type: object, properties: {n: {type: integer}, password: {type: string}}}"),
        example!("RES: {type: object, properties: {pin: {type: string}, apiKey: {type: string, writeOnly: true}}}" => "RES: {type: object, properties: {pin: {type: string}, apiKey: {type: string}}}"),
    ],
    silent: &[
        example!("REQ: {type: object, properties: {n: {type: integer}}}" => "REQ: {type: object, properties: {n: {type: integer}, password: {type: string}}}"),
        example!("RES: {type: object, properties: {n: {type: integer}}}" => "RES: {type: object, properties: {n: {type: integer}, passwordChangedAt: {type: string}}}"),
        example!("RES: {type: object, properties: {password: {type: string}}}" => "RES: {type: object, properties: {}}"),
    ],
    check: Check::Property(check),
};

fn check(at: &Pair<'_, PropertyView<'_>>, edits: &mut Edits) {
    property::exposed(at, edits);
}
