//! Operation removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{OperationView, Pair};
use crate::diff::requirement;
use crate::diff::risk::Facet;
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
    security: &[
        "object-scope-widened",
        "object-scope-narrowed",
        "inventory-audience-narrowed",
        "function-debug-removed",
        "auth-write-open-removed",
        "function-admin-closed",
    ],
    fires: &[
        example!("paths: {/a: {get: {}, post: {}}}" => "paths: {/a: {get: {}}}"),
        example!("paths: {/a: {get: {operationId: x}}}" => "paths: {/b: {get: {operationId: x}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}}}}" => "paths: {/b: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}}}}"),
        example!("paths: {/a: {get: {}}}" => "paths: {/a: {get: {x-internal: true}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {}, post: {deprecated: true, x-sunset: '2020-01-01'}}}" => "paths: {/a: {get: {}}}"),
        example!("paths: {/a: {get: {}}}" => "paths: {/a: {get: {}, post: {}}}"),
    ],
    check: Check::Operation(check),
};

fn check(at: &Pair<'_, OperationView<'_>>, edits: &mut Edits) {
    if let Some((old, new)) = at.both().filter(|(old, new)| !old.operation.internal && new.operation.internal)
    {
        edits.push(
            Edit::new(format!("`{}` is internal now", at.name))
                .places(old.operation.node, new.operation.node)
                .values(false, true)
                .level(Level::Warning)
                .facet(Facet::of("inventory-audience-narrowed")),
        );
    }
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
    let owner = old.moved.and_then(|moved| owner_facet(&old.operation.path, &moved.path));
    edits.push(edit.facet(owner.or_else(|| requirement::open_removed(at))));
}

/// What it means that the path no longer names, or names now, whose object it is.
fn owner_facet(old: &str, new: &str) -> Option<Facet> {
    let variables = |path: &str| path.matches('{').count();
    let is_below = |long: &str, short: &str| {
        let rest =
            |path: &str| path.rsplit('/').take(2).map(|part| part.starts_with('{')).collect::<Vec<_>>();
        variables(long) == variables(short) + 1 && variables(short) > 0 && rest(long) == rest(short)
    };
    if is_below(old, new) {
        return Facet::of("object-scope-widened");
    }
    if is_below(new, old) { Facet::of("object-scope-narrowed") } else { None }
}
