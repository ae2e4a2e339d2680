//! Number of items widened.

use crate::diff::change::Surface;
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::keyword::Way;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-item-count-widened",
    title: "number of items widened",
    level: Levels::WIDENS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Clients may receive values that they were told never to expect.",
    remedy: "Keep within the old values, or open a new line.",
    security: &["input-bound-raised"],
    fires: &[
        example!("RES: {type: array, items: {type: string}, maxItems: 5}" => "RES: {type: array, items: {type: string}, maxItems: 9}"),
        example!("RES: {type: array, items: {type: string}, uniqueItems: true}" => "RES: {type: array, items: {type: string}}"),
    ],
    silent: &[
        example!("RES: {type: array, items: {type: string}, maxItems: 9}" => "RES: {type: array, items: {type: string}, maxItems: 5}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    keyword::limits(at, edits, Way::Widened, &["minItems", "maxItems"]);
    keyword::item_rules(at, edits, Way::Widened);
}
