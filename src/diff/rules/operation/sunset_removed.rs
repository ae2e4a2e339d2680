//! Sunset date removed.

use serde_json::Value;

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{OperationView, Pair};
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "sunset-removed",
    title: "sunset date removed",
    level: Levels::always(Level::Warning),
    surface: Surface::Behaviour,
    since: "0.1.0",
    why: "The operation is still deprecated, and nobody knows any more for how long it stays.",
    remedy: "Keep the date, or withdraw the deprecation with it.",
    security: &["inventory-sunset-dropped"],
    fires: &[
        example!("paths: {/a: {get: {deprecated: true, x-sunset: '2030-01-01'}}}" => "paths: {/a: {get: {deprecated: true}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {deprecated: true, x-sunset: '2030-01-01'}}}" => "paths: {/a: {get: {}}}"),
        example!("paths: {/a: {get: {deprecated: true}}}" => "paths: {/a: {get: {deprecated: true, x-sunset: '2030-01-01'}}}"),
    ],
    check: Check::Operation(check),
};

fn check(at: &Pair<'_, OperationView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let Some(before) = old.sunset() else { return };
    if new.operation.deprecated && new.operation.sunset.is_none() {
        edits.push(
            Edit::new(format!(
                "`{}` is still deprecated, and its sunset date {} is gone",
                at.name,
                before.date()
            ))
            .places(old.operation.node, new.operation.node)
            .values(before.to_string(), Value::Null)
            .facet(Facet::of("inventory-sunset-dropped")),
        );
    }
}
