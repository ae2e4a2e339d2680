//! Pattern added.

use crate::diff::change::Surface;
use crate::diff::edit::{Edit, Edits};
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-pattern-narrowed",
    title: "pattern added",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Values that callers sent were accepted and are refused now.",
    remedy: "Keep accepting the old values, or open a new line.",
    security: &["input-pattern-tightened", "input-pattern-backtracking-added"],
    fires: &[example!("REQ: {type: string}" => "REQ: {type: string, pattern: '^a'}")],
    silent: &[
        example!("REQ: {type: string, pattern: '^a'}" => "REQ: {type: string}"),
        example!("REQ: {type: string, pattern: '^a'}" => "REQ: {type: string, pattern: '^b'}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if !old.patterns.is_empty() {
        return;
    }
    for (pattern, node) in &new.patterns {
        edits.push(
            Edit::new(format!("`{}`: the pattern `{pattern}` was set", at.name))
                .places(old.node, *node)
                .values(Value::Null, *pattern)
                .facet(
                    keyword::backtracking_facet(at)
                        .or_else(|| Facet::of("input-pattern-tightened"))
                        .filter(|_| at.is_request()),
                ),
        );
    }
}
