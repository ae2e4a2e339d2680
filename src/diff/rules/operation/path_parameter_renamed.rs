//! Path parameter renamed.

use crate::diff::address::below;
use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{OperationView, Pair};
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "path-parameter-renamed",
    title: "path parameter renamed",
    level: Levels::always(Level::Info),
    surface: Surface::Source,
    since: "0.1.0",
    why: "The URLs stay the same; generated code may name an argument otherwise.",
    remedy: "Nothing, or keep the name for the sake of generated code.",
    security: &[],
    fires: &[example!("paths: {'/a/{x}': {get: {}}}" => "paths: {'/a/{y}': {get: {}}}")],
    silent: &[example!("paths: {'/a/{x}': {get: {}}}" => "paths: {'/a/{x}': {get: {}}}")],
    check: Check::Operation(check),
};

fn check(at: &Pair<'_, OperationView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let (before, after) = (&old.operation.path, &new.operation.path);
    let shift = &at.scene.shift;
    if below(before, &shift.old) != below(after, &shift.new) && !old.is_webhook {
        edits.push(
            Edit::new(format!("`{before}` is written `{after}` now"))
                .places(old.operation.path_node, new.operation.path_node)
                .values(before.as_str(), after.as_str()),
        );
    }
}
