//! Operation added.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{OperationView, Pair};
use crate::diff::requirement;
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "operation-added",
    title: "operation added",
    level: Levels::always(Level::Info),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "There is more to call; nothing that worked stops.",
    remedy: "Nothing.",
    security: &[
        "inventory-audience-widened",
        "function-debug-added",
        "auth-write-open-added",
        "function-admin-added-open",
    ],
    fires: &[
        example!("paths: {/a: {get: {}}}" => "paths: {/a: {get: {}, post: {}}}"),
        example!("paths: {/a: {get: {x-internal: true}}}" => "paths: {/a: {get: {}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {}, post: {}}}" => "paths: {/a: {get: {}}}"),
        example!("paths: {/a: {get: {operationId: x}}}" => "paths: {/b: {get: {operationId: x}}}"),
    ],
    check: Check::Operation(check),
};

fn check(at: &Pair<'_, OperationView<'_>>, edits: &mut Edits) {
    if let Some((old, new)) = at.both().filter(|(old, new)| old.operation.internal && !new.operation.internal)
    {
        edits.push(
            Edit::new(format!("`{}` is no longer internal", at.name))
                .places(old.operation.node, new.operation.node)
                .values(true, false)
                .facet(Facet::of("inventory-audience-widened")),
        );
    }
    let Some(new) = at.added() else { return };
    edits.push(
        Edit::new(format!("`{}` is new", at.name))
            .places(None, new.operation.node)
            .values(Value::Null, at.name.as_str())
            .facet(requirement::open_added(at)),
    );
}
