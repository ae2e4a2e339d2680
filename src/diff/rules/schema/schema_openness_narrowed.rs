//! Undeclared names refused.

use crate::diff::change::Surface;
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::keyword::Way;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-openness-narrowed",
    title: "undeclared names refused",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Requests with names that nobody declared were accepted and are refused now.",
    remedy: "Keep ignoring unknown names.",
    security: &["input-object-closed", "exposure-response-closed"],
    fires: &[
        example!("REQ: {type: object, properties: {n: {type: integer}}}" => "REQ: {type: object, additionalProperties: false, properties: {n: {type: integer}}}"),
        example!("REQ: {type: object}" => "REQ: {type: object, propertyNames: {pattern: '^a'}}"),
        example!("REQ: {type: object, properties: {n: {type: integer}}}" => "REQ: {type: object, additionalProperties: {type: string}, properties: {n: {type: integer}}}"),
    ],
    silent: &[
        example!("REQ: {type: object, additionalProperties: false, properties: {n: {type: integer}}}" => "REQ: {type: object, properties: {n: {type: integer}}}"),
        example!("REQ: {type: object}" => "REQ: {type: object, additionalProperties: true}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    keyword::openness(at, edits, Way::Narrowed);
}
