//! Format changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-format-changed",
    title: "format changed",
    level: Levels::always(Level::Warning),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Values of the old format may be refused, or values of a new one may come.",
    remedy: "Keep the format, or take a new property.",
    security: &[],
    fires: &[
        example!("REQ: {type: string, format: date}" => "REQ: {type: string, format: uuid}"),
        example!("REQ: {type: string}" => "REQ: {type: string, format: email}"),
    ],
    silent: &[
        example!("REQ: {type: string, format: x-own}" => "REQ: {type: string, format: x-other}"),
        example!("REQ: {type: integer}" => "REQ: {type: integer, format: int32}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let (before, after) = (keyword::asserted(old.format), keyword::asserted(new.format));
    let (before_text, after_text) = (before.map(|(text, _)| text), after.map(|(text, _)| text));
    if before_text == after_text {
        return;
    }
    let words =
        |text: Option<&str>| text.map_or_else(|| "no format".to_owned(), |text| format!("format {text}"));
    let edit = Edit::new(format!("`{}`: {} became {}", at.name, words(before_text), words(after_text)))
        .places(before.map_or(old.node, |(_, node)| node), after.map_or(new.node, |(_, node)| node))
        .values(before_text.map_or(Value::Null, Value::from), after_text.map_or(Value::Null, Value::from));
    let replaced = before.is_some() && after.is_some();
    edits.push(if replaced { edit.level(Level::Breaking) } else { edit });
}
