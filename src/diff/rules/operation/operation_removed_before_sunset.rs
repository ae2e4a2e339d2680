//! Operation removed before its sunset.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{OperationView, Pair};
use crate::diff::requirement;
use crate::diff::rules::{Check, Levels, Rule};
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "operation-removed-before-sunset",
    title: "operation removed before its sunset",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Callers were promised the operation until a later date.",
    remedy: "Keep it until the announced date.",
    security: &["auth-write-open-removed", "function-admin-closed"],
    fires: &[
        example!("paths: {/a: {get: {}, post: {deprecated: true, x-sunset: '9020-01-01'}}}" => "paths: {/a: {get: {}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {}, post: {deprecated: true, x-sunset: '2020-01-01'}}}" => "paths: {/a: {get: {}}}"),
        example!("paths: {/a: {get: {}, post: {}}}" => "paths: {/a: {get: {}}}"),
    ],
    check: Check::Operation(check),
};

fn check(at: &Pair<'_, OperationView<'_>>, edits: &mut Edits) {
    let Some(old) = at.removed() else { return };
    let Some(sunset) = old.sunset().filter(|sunset| *sunset > at.scene.options.now) else {
        return;
    };
    edits.push(
        Edit::new(format!("`{}` is gone, though promised until {}", at.name, sunset.date()))
            .places(old.operation.node, None)
            .values(sunset.to_string(), Value::Null)
            .facet(requirement::open_removed(at)),
    );
}
