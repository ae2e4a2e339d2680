//! Undeclared names allowed.

use crate::diff::change::Surface;
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::keyword::Way;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-openness-widened",
    title: "undeclared names allowed",
    level: Levels::WIDENS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Responses may hold names that clients were told never to expect.",
    remedy: "Keep the object closed.",
    security: &["exposure-response-opened", "input-object-opened"],
    fires: &[
        example!("RES: {type: object, additionalProperties: false, properties: {n: {type: integer}}}" => "RES: {type: object, properties: {n: {type: integer}}}"),
        example!("RES: {type: object, propertyNames: {pattern: '^a'}}" => "RES: {type: object}"),
    ],
    silent: &[
        example!("RES: {type: object, properties: {n: {type: integer}}}" => "RES: {type: object, additionalProperties: false, properties: {n: {type: integer}}}"),
        example!("REQ: {type: object, additionalProperties: false, properties: {n: {type: integer}}}" => "REQ: {type: object, properties: {n: {type: integer}}}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    keyword::openness(at, edits, Way::Widened);
}
