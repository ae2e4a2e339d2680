//! Number of properties widened.

use crate::diff::change::Surface;
use crate::diff::edit::Edits;
use crate::diff::keyword;
use crate::diff::keyword::Way;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-property-count-widened",
    title: "number of properties widened",
    level: Levels::WIDENS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Clients may receive values that they were told never to expect.",
    remedy: "Keep within the old values, or open a new line.",
    security: &["input-bound-raised"],
    fires: &[example!("RES: {type: object, maxProperties: 5}" => "RES: {type: object, maxProperties: 9}")],
    silent: &[example!("RES: {type: object, maxProperties: 9}" => "RES: {type: object, maxProperties: 5}")],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    keyword::limits(at, edits, Way::Widened, &["minProperties", "maxProperties"]);
}
