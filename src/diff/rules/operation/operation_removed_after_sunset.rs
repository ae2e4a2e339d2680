//! Operation removed after its sunset.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{OperationView, Pair};
use crate::diff::requirement;
use crate::diff::rules::{Check, Levels, Rule};
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "operation-removed-after-sunset",
    title: "operation removed after its sunset",
    level: Levels::always(Level::Info),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "The operation was announced to go, and its date has passed.",
    remedy: "Nothing: this is how it should be done.",
    security: &["auth-write-open-removed", "function-admin-closed"],
    fires: &[
        example!("paths: {/a: {get: {}, post: {deprecated: true, x-sunset: '2020-01-01'}}}" => "paths: {/a: {get: {}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {}, post: {deprecated: true, x-sunset: '9020-01-01'}}}" => "paths: {/a: {get: {}}}"),
        example!("paths: {/a: {get: {}, post: {}}}" => "paths: {/a: {get: {}}}"),
    ],
    check: Check::Operation(check),
};

fn check(at: &Pair<'_, OperationView<'_>>, edits: &mut Edits) {
    let Some(old) = at.removed() else { return };
    let Some(sunset) = old.sunset().filter(|sunset| *sunset <= at.scene.options.now) else {
        return;
    };
    edits.push(
        Edit::new(format!("`{}` is gone, as announced for {}", at.name, sunset.date()))
            .places(old.operation.node, None)
            .values(sunset.to_string(), Value::Null)
            .facet(requirement::open_removed(at)),
    );
}
