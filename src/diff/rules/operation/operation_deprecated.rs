//! Operation deprecated.

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
    fires: &[example!("paths: {/a: {get: {}}}" => "paths: {/a: {get: {deprecated: true}}}")],
    silent: &[example!("paths: {/a: {get: {deprecated: true}}}" => "paths: {/a: {get: {}}}")],
    check: Check::Operation(check),
};

fn check(at: &Pair<'_, OperationView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if !old.operation.deprecated && new.operation.deprecated {
        edits.push(
            Edit::new(format!("`{}` is deprecated", at.name))
                .places(old.operation.node, new.operation.node)
                .values(false, true)
                .facet(Facet::of("inventory-sunset-set")),
        );
    }
}
