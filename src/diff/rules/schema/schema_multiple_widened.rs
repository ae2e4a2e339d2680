//! `multipleOf` widened.

use crate::diff::change::Surface;
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::keyword::Way;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-multiple-widened",
    title: "multipleOf widened",
    level: Levels::WIDENS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Clients may receive values that they were told never to expect.",
    remedy: "Keep within the old values, or open a new line.",
    security: &[],
    fires: &[
        example!("RES: {type: number, multipleOf: 4}" => "RES: {type: number, multipleOf: 2}"),
        example!("RES: {type: number, multipleOf: 4}" => "RES: {type: number}"),
    ],
    silent: &[example!("RES: {type: number, multipleOf: 2}" => "RES: {type: number, multipleOf: 4}")],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    keyword::multiples(at, edits, Way::Widened);
}
