//! Default changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "default-changed",
    title: "default changed",
    level: Levels { request: Level::Warning, response: Level::Info, neither: Level::Info },
    surface: Surface::Behaviour,
    since: "0.1.0",
    why: "The same request means something else.",
    remedy: "Keep the default, or open a new line.",
    security: &[],
    fires: &[
        example!("PARAM: {name: q, in: query, schema: {type: integer, default: 10}}" => "PARAM: {name: q, in: query, schema: {type: integer, default: 20}}"),
        example!("REQ: {type: integer, default: 1}" => "REQ: {type: integer}"),
    ],
    silent: &[example!("REQ: {type: integer, default: 1}" => "REQ: {type: integer, default: 1.0}")],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let value = |view: &View<'_>| view.default.map(|node| view.document.value(node));
    let (before, after) = (value(old), value(new));
    let text = |value: &Option<Value>| {
        value.as_ref().map_or_else(|| "none".to_owned(), crate::diff::value::canonical)
    };
    if text(&before) != text(&after) {
        edits.push(
            Edit::new(format!("`{}`: the default {} became {}", at.name, text(&before), text(&after)))
                .places(old.default.unwrap_or(old.node), new.default.unwrap_or(new.node))
                .values(before.unwrap_or_default(), after.unwrap_or_default()),
        );
    }
}
