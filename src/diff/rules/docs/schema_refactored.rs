//! Schema written otherwise.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::union;
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-refactored",
    title: "schema written otherwise",
    level: Levels::always(Level::Info),
    surface: Surface::Documentation,
    since: "0.1.0",
    why: "The schema is written in another way, and no keyword tells the two apart.",
    remedy: "Nothing.",
    security: &[],
    fires: &[
        example!("REQ: {type: string, maxLength: 9}" => "REQ: {allOf: [{type: string}, {maxLength: 9}]}"),
    ],
    silent: &[
        example!("REQ: {type: string}" => "REQ: {type: string, maxLength: 5}"),
        example!("REQ: {type: object, properties: {n: {type: integer}}}" => "REQ: {properties: {n: {type: integer}}, type: object}"),
        example!("REQ: {type: string, contentSchema: {type: object}}" => "REQ: {type: string, contentSchema: {type: array}}"),
    ],
    check: Check::Rest(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let differs = |keyword: &str| {
        let value = |view: &View<'_>| view.other.get(keyword).map(|node| view.document.value(*node));
        value(old) != value(new)
    };
    if union::is_told_alike(old, new)
        && !old.other.keys().chain(new.other.keys()).any(|keyword| differs(keyword))
    {
        edits.push(Edit::new(format!("`{}` is written in another way", at.name)).places(old.node, new.node));
    }
}
