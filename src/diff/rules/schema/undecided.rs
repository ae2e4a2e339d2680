//! Change not decided.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;
use serde_json::Value;
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    id: "undecided",
    title: "change not decided",
    level: Levels::always(Level::Warning),
    surface: Surface::Behaviour,
    since: "0.1.0",
    why: "A keyword that is not understood changed: what it accepts is not known.",
    remedy: "Say the same with keywords of JSON Schema 2020-12.",
    security: &["doc-ref-external-added", "doc-ref-external-removed"],
    fires: &[
        example!("REQ: {type: string, contentSchema: {type: object}}" => "REQ: {type: string, contentSchema: {type: array}}"),
        example!("REQ: {type: boolean}" => "REQ: {$ref: 'https://other.example/s.yaml'}"),
    ],
    silent: &[example!("REQ: {type: string}" => "REQ: {type: string, maxLength: 5}")],
    check: Check::Several(&[Check::Rest(check), Check::Types(lost)]),
};

/// A reference that leads out of the document, or nowhere.
fn lost(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both().filter(|_| keyword::is_lost(at)) else {
        return;
    };
    let text = |view: &View<'_>| view.lost.map(|(text, _)| text.to_owned());
    let leaves = |view: &View<'_>| view.lost.is_some_and(|(text, _)| !text.starts_with('#'));
    let facet = match (leaves(old), leaves(new)) {
        (was, is) if was != is => Facet::either("doc-ref-external-added", is),
        _ => None,
    };
    let message = match (text(old), text(new)) {
        (_, Some(target)) => format!("`{}` refers to {target}, which is not known", at.name),
        (Some(target), None) => format!("`{}` no longer refers to {target}, which was not known", at.name),
        (None, None) => return,
    };
    edits.push(
        Edit::new(message)
            .places(old.lost.map_or(old.node, |(_, node)| node), new.lost.map_or(new.node, |(_, node)| node))
            .values(text(old).map_or(Value::Null, Value::from), text(new).map_or(Value::Null, Value::from))
            .facet(facet)
            .undecided("a reference leads out of the document"),
    );
}

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let value =
        |view: &View<'_>, keyword: &str| view.other.get(keyword).map(|node| view.document.value(*node));
    let keywords: BTreeSet<&str> = old.other.keys().chain(new.other.keys()).copied().collect();
    for keyword in keywords {
        let (before, after) = (value(old, keyword), value(new, keyword));
        if before != after {
            edits.push(
                Edit::new(format!("`{}`: {keyword} changed", at.name))
                    .places(
                        old.other.get(keyword).copied().unwrap_or(old.node),
                        new.other.get(keyword).copied().unwrap_or(new.node),
                    )
                    .values(before.unwrap_or_default(), after.unwrap_or_default())
                    .undecided("the keyword is not understood"),
            );
        }
    }
}
