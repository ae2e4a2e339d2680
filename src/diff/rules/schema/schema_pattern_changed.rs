//! Pattern changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-pattern-changed",
    title: "pattern changed",
    level: Levels::always(Level::Warning),
    surface: Surface::Behaviour,
    since: "0.1.0",
    why: "Some text that matched may not match now.",
    remedy: "Let the new pattern take everything that the old one took.",
    security: &["input-pattern-backtracking-added", "input-pattern-backtracking-removed"],
    fires: &[
        example!("REQ: {type: string, pattern: '^a'}" => "REQ: {type: string, pattern: '^b'}"),
        example!("REQ: {type: string, pattern: '^a+$'}" => "REQ: {type: string, pattern: '^(a+)+$'}"),
    ],
    silent: &[
        example!("REQ: {type: string, pattern: '^a'}" => "REQ: {type: string, pattern: '^a'}"),
        example!("REQ: {type: string}" => "REQ: {type: string, pattern: '^a'}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if old.patterns.is_empty() || new.patterns.is_empty() || old.patterns.keys().eq(new.patterns.keys()) {
        return;
    }
    let words = |view: &View<'_>| view.patterns.keys().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let (before, after) = (words(old), words(new));
    edits.push(
        Edit::new(format!(
            "`{}`: the pattern `{}` became `{}`",
            at.name,
            before.join("` and `"),
            after.join("` and `")
        ))
        .places(old.patterns.values().next().copied(), new.patterns.values().next().copied())
        .values(keyword::one_or_many(before), keyword::one_or_many(after))
        .facet(keyword::backtracking_facet(at).filter(|_| at.is_request()))
        .undecided("which of the two patterns takes more text was not compared"),
    );
}
