//! Condition added.

use crate::diff::change::Surface;
use crate::diff::edit::{Edit, Edits};
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::union;
use crate::diff::view::View;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-conjunct-added",
    title: "condition added",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Values that callers sent were accepted and are refused now.",
    remedy: "Keep accepting the old values, or open a new line.",
    security: &[],
    fires: &[
        example!("REQ: {type: string}" => "REQ: {type: string, not: {enum: [a]}}"),
        example!("REQ: {type: object}" => "REQ: {type: object, anyOf: [{required: [a]}, {required: [b]}]}"),
    ],
    silent: &[
        example!("REQ: {type: string, not: {enum: [a]}}" => "REQ: {type: string}"),
        example!("REQ: {type: string}" => "REQ: {allOf: [{type: string}]}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    for added in keyword::unmatched(&new.conjuncts, &old.conjuncts)
        .into_iter()
        .filter(|added| !keyword::is_dependency(added))
    {
        edits.push(
            Edit::new(format!("`{}`: a condition ({}) was added", at.name, added.keyword))
                .places(old.node, added.node)
                .values(Value::Null, added.keyword),
        );
    }
    for added in union::matched(old, new).imposed {
        edits.push(
            Edit::new(format!("`{}`: a choice ({}) was imposed", at.name, added.keyword))
                .places(old.node, added.node)
                .values(Value::Null, added.keyword),
        );
    }
}
