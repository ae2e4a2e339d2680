//! More types allowed.

use crate::diff::change::Surface;
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-type-widened",
    title: "more types allowed",
    level: Levels::WIDENS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Clients may receive values that they were told never to expect.",
    remedy: "Keep within the old values, or open a new line.",
    security: &["object-id-became-enumerable", "object-id-became-opaque", "input-type-generalized"],
    fires: &[
        example!("RES: {type: integer}" => "RES: {type: number}"),
        example!("RES: {type: string}" => "RES: {}"),
        example!("REQ: {type: integer}" => "REQ: {type: [integer, string]}"),
        example!("PARAM: {name: q, in: query, schema: {type: integer}}" => "PARAM: {name: q, in: query, schema: {type: string}}"),
    ],
    silent: &[
        example!("RES: {type: number}" => "RES: {type: integer}"),
        example!("RES: {type: integer}" => "RES: {type: string}"),
    ],
    check: Check::Types(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    if keyword::types(at).is_some_and(|(before, after)| after.contains(before)) {
        keyword::types_edit(at).into_iter().for_each(|edit| edits.push(edit));
    }
}
