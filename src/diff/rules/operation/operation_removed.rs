//! Operation removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{OperationView, Pair};
use crate::diff::requirement;
use crate::diff::rules::{Check, Levels, Rule};
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "operation-removed",
    title: "operation removed",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Every call of the operation is refused now.",
    remedy: "Announce a sunset date and keep the operation until then, or open a new line.",
    security: &["auth-write-open-removed", "function-admin-closed"],
    fires: &[example!("paths: {/a: {get: {}, post: {}}}" => "paths: {/a: {get: {}}}")],
    silent: &[
        example!("paths: {/a: {get: {}, post: {deprecated: true, x-sunset: '2020-01-01'}}}" => "paths: {/a: {get: {}}}"),
        example!("paths: {/a: {get: {}}}" => "paths: {/a: {get: {}, post: {}}}"),
    ],
    check: Check::Operation(check),
};

fn check(at: &Pair<'_, OperationView<'_>>, edits: &mut Edits) {
    let Some(old) = at.removed().filter(|old| !old.path_gone && !old.is_planned()) else {
        return;
    };
    let edit = match old.moved {
        Some(moved) => Edit::new(format!("`{}` moved to `{} {}`", at.name, moved.method, moved.path))
            .places(old.operation.node, moved.node)
            .values(at.name.as_str(), format!("{} {}", moved.method, moved.path)),
        None => Edit::new(format!("`{}` is gone", at.name))
            .places(old.operation.node, None)
            .values(at.name.as_str(), Value::Null),
    };
    edits.push(edit.facet(requirement::open_removed(at)));
}
