//! An operation promises more to stay as it is.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{OperationView, Pair};
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::stability;

/// The rule.
pub static RULE: Rule = Rule {
    id: "stability-raised",
    title: "stability raised",
    level: Levels::always(Level::Info),
    surface: Surface::Behaviour,
    since: "0.2.0",
    why: "From here on callers may rely on it, and changes are judged.",
    remedy: "Nothing.",
    security: &[],
    fires: &[
        example!("paths: {/a: {get: {x-stability-level: beta}}}" => "paths: {/a: {get: {}}}"),
        example!("paths: {/a: {get: {x-stability-level: draft}}}" => "paths: {/a: {get: {x-stability-level: alpha}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {}}}" => "paths: {/a: {get: {x-stability-level: beta}}}"),
        example!("paths: {/a: {get: {}}}" => "paths: {/a: {get: {x-stability-level: stable}}}"),
    ],
    check: Check::Operation(check),
};

fn check(at: &Pair<'_, OperationView<'_>>, edits: &mut Edits) {
    edits.extend(stability::edit(at, |before, after| after > before));
}
