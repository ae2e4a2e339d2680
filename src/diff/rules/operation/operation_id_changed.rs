//! `operationId` changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{OperationView, Pair};
use crate::diff::rules::{Check, Levels, Rule};
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "operation-id-changed",
    title: "operationId changed",
    level: Levels::always(Level::Warning),
    surface: Surface::Source,
    since: "0.1.0",
    why: "Generated code names its functions by the operationId: callers must be rewritten.",
    remedy: "Keep the operationId.",
    security: &[],
    fires: &[
        example!("paths: {/a: {get: {operationId: one}}}" => "paths: {/a: {get: {operationId: two}}}"),
        example!("paths: {/a: {get: {operationId: one}}}" => "paths: {/a: {get: {}}}"),
        example!("paths: {/a: {get: {}}}" => "paths: {/a: {get: {operationId: one}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {operationId: one}}}" => "paths: {/a: {get: {operationId: one, summary: same}}}"),
    ],
    check: Check::Operation(check),
};

fn check(at: &Pair<'_, OperationView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let (before, after) = (&old.operation.id, &new.operation.id);
    if before == after {
        return;
    }
    let message = match (before, after) {
        (Some(before), Some(after)) => {
            format!("`{}`: the operationId `{before}` became `{after}`", at.name)
        }
        (Some(before), None) => format!("`{}` lost its operationId `{before}`", at.name),
        (None, _) => format!("`{}` has an operationId now", at.name),
    };
    let value = |id: &Option<String>| id.as_deref().map_or(Value::Null, Value::from);
    edits.push(
        Edit::new(message).places(old.operation.node, new.operation.node).values(value(before), value(after)),
    );
}
