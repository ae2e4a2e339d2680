//! Fewer types allowed.

use crate::diff::change::Surface;
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-type-narrowed",
    title: "fewer types allowed",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Values that callers sent were accepted and are refused now.",
    remedy: "Keep accepting the old values, or open a new line.",
    security: &["object-id-became-enumerable", "object-id-became-opaque", "input-type-narrowed"],
    fires: &[
        example!("REQ: {type: number}" => "REQ: {type: integer}"),
        example!("REQ: {}" => "REQ: {type: string}"),
        example!("RES: {type: [string, integer]}" => "RES: {type: string}"),
    ],
    silent: &[
        example!("REQ: {type: integer}" => "REQ: {type: number}"),
        example!("REQ: {type: string}" => "REQ: {type: integer}"),
        example!("REQ: {type: [string, 'null']}" => "REQ: {type: string}"),
    ],
    check: Check::Types(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    if keyword::types(at).is_some_and(|(before, after)| before.contains(after)) {
        keyword::types_edit(at).into_iter().for_each(|edit| edits.push(edit));
    }
}
