//! Condition removed.

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
    id: "schema-conjunct-removed",
    title: "condition removed",
    level: Levels::WIDENS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Clients may receive values that they were told never to expect.",
    remedy: "Keep within the old values, or open a new line.",
    security: &[],
    fires: &[example!("RES: {type: string, not: {enum: [a]}}" => "RES: {type: string}")],
    silent: &[example!("RES: {type: string}" => "RES: {type: string, not: {enum: [a]}}")],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    for gone in keyword::unmatched(&old.conjuncts, &new.conjuncts)
        .into_iter()
        .filter(|gone| !keyword::is_dependency(gone))
    {
        edits.push(
            Edit::new(format!("`{}`: a condition ({}) was removed", at.name, gone.keyword))
                .places(gone.node, new.node)
                .values(gone.keyword, Value::Null),
        );
    }
    for gone in union::matched(old, new).lifted {
        edits.push(
            Edit::new(format!("`{}`: a choice ({}) was lifted", at.name, gone.keyword))
                .places(gone.node, new.node)
                .values(gone.keyword, Value::Null),
        );
    }
}
