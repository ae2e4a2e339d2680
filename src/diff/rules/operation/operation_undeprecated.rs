//! Operation no longer deprecated.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{OperationView, Pair};
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "operation-undeprecated",
    title: "operation no longer deprecated",
    level: Levels::always(Level::Info),
    surface: Surface::Documentation,
    since: "0.1.0",
    why: "Those who moved away did so for nothing.",
    remedy: "Say why in the changelog.",
    security: &["inventory-sunset-dropped"],
    fires: &[example!("paths: {/a: {get: {deprecated: true}}}" => "paths: {/a: {get: {}}}")],
    silent: &[example!("paths: {/a: {get: {}}}" => "paths: {/a: {get: {deprecated: true}}}")],
    check: Check::Operation(check),
};

fn check(at: &Pair<'_, OperationView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if old.operation.deprecated && !new.operation.deprecated {
        edits.push(
            Edit::new(format!("`{}` is no longer deprecated", at.name))
                .places(old.operation.node, new.operation.node)
                .values(true, false)
                .facet(Facet::of("inventory-sunset-dropped")),
        );
    }
}
