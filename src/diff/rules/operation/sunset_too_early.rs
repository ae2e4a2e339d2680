//! Sunset date moved earlier.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{OperationView, Pair};
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "sunset-too-early",
    title: "sunset date moved earlier",
    level: Levels::always(Level::Warning),
    surface: Surface::Behaviour,
    since: "0.1.0",
    why: "Callers planned their move for the date they were given.",
    remedy: "Keep the announced date; it may only move later.",
    security: &[],
    fires: &[
        example!("paths: {/a: {get: {deprecated: true, x-sunset: '2030-01-01'}}}" => "paths: {/a: {get: {deprecated: true, x-sunset: '2029-01-01'}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {deprecated: true, x-sunset: '2030-01-01'}}}" => "paths: {/a: {get: {deprecated: true, x-sunset: '2031-01-01'}}}"),
        example!("paths: {/a: {get: {deprecated: true}}}" => "paths: {/a: {get: {deprecated: true, x-sunset: '2030-01-01'}}}"),
    ],
    check: Check::Operation(check),
};

fn check(at: &Pair<'_, OperationView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let (Some(before), Some(after)) = (old.sunset(), new.sunset()) else {
        return;
    };
    if after < before {
        edits.push(
            Edit::new(format!("`{}` goes earlier: {} instead of {}", at.name, after.date(), before.date()))
                .places(old.operation.node, new.operation.node)
                .values(before.to_string(), after.to_string()),
        );
    }
}
