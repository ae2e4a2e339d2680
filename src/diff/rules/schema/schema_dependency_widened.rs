//! One part demands less of another.

use crate::diff::change::Surface;
use crate::diff::edit::{Edit, Edits};
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-dependency-widened",
    title: "dependency removed",
    level: Levels::WIDENS,
    surface: Surface::Wire,
    since: "0.2.0",
    why: "Clients may receive values that they were told never to expect.",
    remedy: "Keep within the old values, or open a new line.",
    security: &[],
    fires: &[
        example!("RES: {type: object, dependentRequired: {a: [b]}}" => "RES: {type: object}"),
        example!("RES: {type: object, dependentSchemas: {a: {required: [b]}}}" => "RES: {type: object}"),
    ],
    silent: &[
        example!("RES: {type: object}" => "RES: {type: object, dependentRequired: {a: [b]}}"),
        example!("RES: {type: object, not: {required: [a]}}" => "RES: {type: object}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    for gone in keyword::unmatched(&old.conjuncts, &new.conjuncts) {
        if keyword::is_dependency(gone) {
            edits.push(
                Edit::new(format!("`{}`: a dependency ({}) was removed", at.name, gone.keyword))
                    .places(gone.node, new.node)
                    .values(gone.keyword, Value::Null),
            );
        }
    }
}
