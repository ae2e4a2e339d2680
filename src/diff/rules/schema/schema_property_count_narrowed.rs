//! Number of properties narrowed.

use crate::diff::change::Surface;
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::keyword::Way;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-property-count-narrowed",
    title: "number of properties narrowed",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Values that callers sent were accepted and are refused now.",
    remedy: "Keep accepting the old values, or open a new line.",
    security: &["input-bound-added", "input-bound-lowered"],
    fires: &[example!("REQ: {type: object}" => "REQ: {type: object, maxProperties: 9}")],
    silent: &[
        example!("REQ: {type: object, required: [a]}" => "REQ: {type: object, required: [a], minProperties: 1}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    keyword::limits(at, edits, Way::Narrowed, &["minProperties", "maxProperties"]);
}
