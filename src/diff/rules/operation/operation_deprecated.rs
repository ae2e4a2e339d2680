//! Operation deprecated.

use serde_json::Value;

use crate::clock::Timestamp;
use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{OperationView, Pair};
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "operation-deprecated",
    title: "operation deprecated",
    level: Levels::always(Level::Info),
    surface: Surface::Documentation,
    since: "0.1.0",
    why: "Callers are told to move away.",
    remedy: "Name a sunset date and a successor.",
    security: &["inventory-sunset-set"],
    fires: &[
        example!("paths: {/a: {get: {deprecated: true}}}" => "paths: {/a: {get: {deprecated: true, x-sunset: '2030-01-01'}}}"),
        example!("paths: {/a: {get: {}}}" => "paths: {/a: {get: {deprecated: true}}}"),
    ],
    silent: &[example!("paths: {/a: {get: {deprecated: true}}}" => "paths: {/a: {get: {}}}")],
    check: Check::Operation(check),
};

fn check(at: &Pair<'_, OperationView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if !new.operation.deprecated {
        return;
    }
    let date = |sunset: Option<Timestamp>| sunset.map_or(Value::Null, |at| at.to_string().into());
    let (before, after) = (old.sunset(), new.sunset());
    let gone = after.map_or_else(String::new, |at| format!(", to go on {}", at.date()));
    let edit = if !old.operation.deprecated {
        Edit::new(format!("`{}` is deprecated{gone}", at.name))
            .values(false, true)
            .facet(Facet::of("inventory-sunset-set"))
    } else if after > before {
        Edit::new(format!("`{}` is still deprecated{gone}", at.name))
            .values(date(before), date(after))
            .facet(Facet::of("inventory-sunset-set").filter(|_| before.is_none()))
    } else {
        return;
    };
    edits.push(edit.places(old.operation.node, new.operation.node));
}
