//! String length narrowed.

use crate::diff::change::Surface;
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::keyword::Way;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-length-narrowed",
    title: "string length narrowed",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Values that callers sent were accepted and are refused now.",
    remedy: "Keep accepting the old values, or open a new line.",
    security: &["input-bound-added", "input-bound-lowered"],
    fires: &[
        example!("REQ: {type: string, maxLength: 40}" => "REQ: {type: string, maxLength: 20}"),
        example!("REQ: {type: string}" => "REQ: {type: string, minLength: 1}"),
    ],
    silent: &[
        example!("REQ: {type: string, maxLength: 20}" => "REQ: {type: string, maxLength: 40}"),
        example!("REQ: {type: string}" => "REQ: {type: string, minLength: 0}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    keyword::limits(at, edits, Way::Narrowed, &["minLength", "maxLength"]);
}
