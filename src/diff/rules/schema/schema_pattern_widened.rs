//! Pattern removed.

use crate::diff::change::Surface;
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-pattern-widened",
    title: "pattern removed",
    level: Levels::WIDENS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Clients may receive values that they were told never to expect.",
    remedy: "Keep within the old values, or open a new line.",
    security: &[],
    fires: &[example!("RES: {type: string, pattern: '^a'}" => "RES: {type: string}")],
    silent: &[
        example!("RES: {type: string}" => "RES: {type: string, pattern: '^a'}"),
        example!("REQ: {type: string, pattern: '^a'}" => "REQ: {type: string}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if !new.patterns.is_empty() || at.is_request() {
        return;
    }
    for (pattern, node) in &old.patterns {
        edits.push(
            Edit::new(format!("`{}`: the pattern `{pattern}` was dropped", at.name))
                .places(*node, new.node)
                .values(*pattern, Value::Null),
        );
    }
}
