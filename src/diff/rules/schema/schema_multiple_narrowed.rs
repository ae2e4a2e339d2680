//! `multipleOf` narrowed.

use crate::diff::change::Surface;
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::keyword::Way;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-multiple-narrowed",
    title: "multipleOf narrowed",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Values that callers sent were accepted and are refused now.",
    remedy: "Keep accepting the old values, or open a new line.",
    security: &[],
    fires: &[
        example!("REQ: {type: number}" => "REQ: {type: number, multipleOf: 0.1}"),
        example!("REQ: {type: number, multipleOf: 2}" => "REQ: {type: number, multipleOf: 4}"),
    ],
    silent: &[
        example!("REQ: {type: number, multipleOf: 0.4}" => "REQ: {type: number, multipleOf: 0.2}"),
        example!("REQ: {type: integer}" => "REQ: {type: integer, multipleOf: 1}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    keyword::multiples(at, edits, Way::Narrowed);
}
