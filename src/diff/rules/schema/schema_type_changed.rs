//! Type changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-type-changed",
    title: "type changed",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Values of the old type are refused, and values of a new one come.",
    remedy: "Take a new property for the new type.",
    security: &["object-id-became-enumerable", "object-id-became-opaque"],
    fires: &[
        example!("REQ: {type: string}" => "REQ: {type: integer}"),
        example!("RES: {type: integer}" => "RES: {type: string}"),
        example!("REQ: {type: [integer, boolean]}" => "REQ: {type: [integer, string]}"),
    ],
    silent: &[
        example!("REQ: {type: integer}" => "REQ: {type: number}"),
        example!("PARAM: {name: q, in: query, schema: {type: integer}}" => "PARAM: {name: q, in: query, schema: {type: string}}"),
    ],
    check: Check::Types(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    if keyword::types(at).is_some_and(|(before, after)| !before.contains(after) && !after.contains(before)) {
        keyword::types_edit(at).into_iter().for_each(|edit| edits.push(edit));
    }
}
