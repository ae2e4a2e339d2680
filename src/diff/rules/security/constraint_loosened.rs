//! Request constraint dropped.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "constraint-loosened",
    title: "request constraint dropped",
    level: Levels::always(Level::Info),
    surface: Surface::Security,
    since: "0.1.0",
    why: "Input that was checked is taken unchecked now: size, form, listed values, undeclared names.",
    remedy: "Keep a bound, at least a wide one.",
    security: &[
        "input-pattern-backtracking-removed",
        "input-bound-removed",
        "input-pattern-loosened",
        "input-enum-removed",
        "input-object-opened",
    ],
    fires: &[
        example!("REQ: {type: string, maxLength: 20}" => "REQ: {type: string}"),
        example!("REQ: {type: string, pattern: '^a'}" => "REQ: {type: string}"),
        example!("REQ: {type: string, pattern: '^(a+)+$'}" => "REQ: {type: string}"),
        example!("REQ: {type: string, enum: [a]}" => "REQ: {type: string}"),
        example!("REQ: {type: object, additionalProperties: false, properties: {n: {type: integer}}}" => "REQ: {type: object, properties: {n: {type: integer}}}"),
    ],
    silent: &[
        example!("RES: {type: string, maxLength: 20}" => "RES: {type: string}"),
        example!("REQ: {type: string, maxLength: 20}" => "REQ: {type: string, maxLength: 40}"),
        example!("REQ: {type: string}" => "REQ: {type: string, maxLength: 40}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    if at.is_request() {
        keyword::lost(at, edits);
    }
}
