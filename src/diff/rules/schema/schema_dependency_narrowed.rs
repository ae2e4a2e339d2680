//! One part demands more of another.

use crate::diff::change::Surface;
use crate::diff::edit::{Edit, Edits};
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-dependency-narrowed",
    title: "dependency added",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.2.0",
    why: "Values that callers sent were accepted and are refused now.",
    remedy: "Keep accepting the old values, or open a new line.",
    security: &[],
    fires: &[
        example!("REQ: {type: object}" => "REQ: {type: object, dependentRequired: {a: [b]}}"),
        example!("REQ: {type: object}" => "REQ: {type: object, if: {required: [a]}, then: {required: [b]}}"),
        example!("REQ: {type: object, dependentRequired: {a: [b]}}" => "REQ: {type: object, dependentRequired: {a: [b, c]}}"),
    ],
    silent: &[
        example!("REQ: {type: object, dependentRequired: {a: [b]}}" => "REQ: {type: object}"),
        example!("REQ: {type: object}" => "REQ: {type: object, not: {required: [a]}}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    for added in keyword::unmatched(&new.conjuncts, &old.conjuncts) {
        if keyword::is_dependency(added) {
            edits.push(
                Edit::new(format!("`{}`: a dependency ({}) was added", at.name, added.keyword))
                    .places(old.node, added.node)
                    .values(Value::Null, added.keyword),
            );
        }
    }
}
