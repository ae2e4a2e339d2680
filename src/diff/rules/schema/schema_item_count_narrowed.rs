//! Number of items narrowed.

use crate::diff::change::Surface;
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::keyword::Way;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-item-count-narrowed",
    title: "number of items narrowed",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Values that callers sent were accepted and are refused now.",
    remedy: "Keep accepting the old values, or open a new line.",
    security: &["input-bound-added", "input-bound-lowered"],
    fires: &[
        example!("REQ: {type: array, items: {type: string}, maxItems: 9}" => "REQ: {type: array, items: {type: string}, maxItems: 5}"),
        example!("REQ: {type: array, items: {type: string}}" => "REQ: {type: array, items: {type: string}, uniqueItems: true}"),
    ],
    silent: &[
        example!("REQ: {type: array, items: {type: string}}" => "REQ: {type: array, items: {type: string}, minItems: 0}"),
        example!("REQ: {type: array, items: {type: string}, maxItems: 1}" => "REQ: {type: array, items: {type: string}, maxItems: 1, uniqueItems: true}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    keyword::limits(at, edits, Way::Narrowed, &["minItems", "maxItems"]);
    keyword::item_rules(at, edits, Way::Narrowed);
}
