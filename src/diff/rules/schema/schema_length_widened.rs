//! String length widened.

use crate::diff::change::Surface;
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::keyword::Way;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-length-widened",
    title: "string length widened",
    level: Levels::WIDENS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Clients may receive values that they were told never to expect.",
    remedy: "Keep within the old values, or open a new line.",
    security: &["input-bound-raised"],
    fires: &[
        example!("RES: {type: string, maxLength: 20}" => "RES: {type: string, maxLength: 40}"),
        example!("RES: {type: string, maxLength: 20}" => "RES: {type: string}"),
        example!("REQ: {type: string, maxLength: 20}" => "REQ: {type: string, maxLength: 40}"),
    ],
    silent: &[
        example!("RES: {type: string, maxLength: 40}" => "RES: {type: string, maxLength: 20}"),
        example!("REQ: {type: string, maxLength: 20}" => "REQ: {type: string}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    keyword::limits(at, edits, Way::Widened, &["minLength", "maxLength"]);
}
