//! Format changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;
use crate::lint::Severity;
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
    security: &[
        "object-id-became-enumerable",
        "object-id-became-opaque",
        "exposure-password-format-dropped",
        "exposure-password-format-added",
    ],
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
        hidden(at, old, new, edits);
        return;
    }
    let words =
        |text: Option<&str>| text.map_or_else(|| "no format".to_owned(), |text| format!("format {text}"));
    let edit = Edit::new(format!("`{}`: {} became {}", at.name, words(before_text), words(after_text)))
        .places(before.map_or(old.node, |(_, node)| node), after.map_or(new.node, |(_, node)| node))
        .values(before_text.map_or(Value::Null, Value::from), after_text.map_or(Value::Null, Value::from));
    // An id that need not be a UUID may be one that can be counted through.
    let is_uuid = |text: Option<&str>| text == Some("uuid");
    let counts = keyword::is_id(&at.name) && is_uuid(before_text) != is_uuid(after_text);
    let facet = Facet::either("object-id-became-enumerable", is_uuid(before_text)).filter(|_| counts);
    let edit = edit.facet(facet.map(|facet| facet.at(Severity::Low)));
    let replaced = before.is_some() && after.is_some();
    edits.push(if replaced { edit.level(Level::Breaking) } else { edit });
}

/// Readers hide what has the format password; no value is refused for it.
fn hidden(at: &Pair<'_, &View<'_>>, old: &View<'_>, new: &View<'_>, edits: &mut Edits) {
    let is_hidden = |view: &View<'_>| view.format.is_some_and(|(format, _)| format == "password");
    let (was, is) = (is_hidden(old), is_hidden(new));
    if was != is {
        let word = |hidden: bool| if hidden { Value::from("password") } else { Value::Null };
        let node = |view: &View<'_>| view.format.map_or(view.node, |(_, node)| node);
        edits.push(
            Edit::new(format!(
                "`{}` {} marked as a password",
                at.name,
                if is { "is" } else { "is no longer" }
            ))
            .places(node(old), node(new))
            .values(word(was), word(is))
            .level(Level::Info)
            .facet(Facet::either("exposure-password-format-dropped", was)),
        );
    }
}
