//! Items described otherwise.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-items-changed",
    title: "items described otherwise",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "The places of an array have other schemas.",
    remedy: "Take a new property for the new form.",
    security: &[],
    fires: &[
        example!("REQ: {type: array}" => "REQ: {type: array, items: {type: string}}"),
        example!("RES: {type: array, prefixItems: [{type: string}]}" => "RES: {type: array, prefixItems: [{type: string}, {type: integer}]}"),
    ],
    silent: &[
        example!("REQ: {type: array, items: {type: string}}" => "REQ: {type: array, items: {type: string}, maxItems: 9}"),
        example!("REQ: {type: array, items: {type: string}}" => "REQ: {type: array, items: {type: integer}}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    keyword::items(at, edits);
}
