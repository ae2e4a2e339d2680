//! Path removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{Pair, PathView};
use crate::diff::requirement;
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "path-removed",
    title: "path removed",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Every call to the path is refused now.",
    remedy: "Keep the path until its sunset date has passed, or open a new line.",
    security: &["function-debug-removed", "auth-write-open-removed", "function-admin-closed"],
    fires: &[
        example!("paths: {/a: {get: {}}, /b: {get: {}}}" => "paths: {/b: {get: {}}}"),
        example!("paths: {/a: {get: {operationId: x}, post: {operationId: y}}, /c: {get: {}}}" => "paths: {/b: {get: {operationId: x}, post: {operationId: y}}, /c: {get: {}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {}, post: {}}}" => "paths: {/a: {get: {}}}"),
        example!("paths: {'/a/{x}': {get: {}}}" => "paths: {'/a/{y}': {get: {}}}"),
    ],
    check: Check::Path(check),
};

fn check(at: &Pair<'_, PathView<'_>>, edits: &mut Edits) {
    let Some(path) = at.old else { return };
    let methods: Vec<&str> =
        path.operations.iter().map(|operation| operation.operation.method.as_str()).collect();
    if let Some(home) = at.new {
        edits.push(
            Edit::new(format!(
                "`{}` moved to `{}` with {}",
                path.template,
                home.template,
                methods.join(", ")
            ))
            .places(path.node, home.node)
            .values(path.template, home.template),
        );
        return;
    }
    edits.push(
        Edit::new(format!("`{}` is gone with {}", path.template, methods.join(", ")))
            .places(path.node, None)
            .values(methods, Value::Null)
            .facet(facet(at, path)),
    );
}

/// The heaviest of what it means that its operations are gone.
fn facet(at: &Pair<'_, PathView<'_>>, path: PathView<'_>) -> Option<Facet> {
    let facets =
        path.operations.iter().filter_map(|view| requirement::open(at.scene.old.api(), *view, false));
    facets.max_by_key(Facet::severity)
}
