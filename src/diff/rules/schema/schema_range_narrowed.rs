//! Number range narrowed.

use crate::diff::change::Surface;
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::keyword::Way;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-range-narrowed",
    title: "number range narrowed",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Values that callers sent were accepted and are refused now.",
    remedy: "Keep accepting the old values, or open a new line.",
    security: &["input-bound-added", "input-bound-lowered"],
    fires: &[
        example!("REQ: {type: number, maximum: 10}" => "REQ: {type: number, maximum: 9.5}"),
        example!("REQ: {type: number, minimum: 1}" => "REQ: {type: number, exclusiveMinimum: 1}"),
        example!("REQ: {type: integer}" => "REQ: {type: integer, format: int32}"),
    ],
    silent: &[
        example!("REQ: {type: integer, minimum: 1}" => "REQ: {type: integer, exclusiveMinimum: 0}"),
        example!("REQ: {type: integer, maximum: 1.0}" => "REQ: {type: integer, maximum: 1}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    keyword::limits(at, edits, Way::Narrowed, &["minimum", "maximum"]);
}
