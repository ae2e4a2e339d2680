//! Change not decided.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;
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
    security: &[],
    fires: &[
        example!("REQ: {type: string, contentSchema: {type: object}}" => "REQ: {type: string, contentSchema: {type: array}}"),
    ],
    silent: &[example!("REQ: {type: string}" => "REQ: {type: string, maxLength: 5}")],
    check: Check::Rest(check),
};

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
