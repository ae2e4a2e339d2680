//! An operation promises less to stay as it is.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{OperationView, Pair};
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::stability;

/// The rule.
pub static RULE: Rule = Rule {
    id: "stability-lowered",
    title: "stability lowered",
    level: Levels::always(Level::Warning),
    surface: Surface::Behaviour,
    since: "0.2.0",
    why: "Callers relied on a promise that is withdrawn: what follows may change without notice.",
    remedy: "Keep the promise for what was released under it, and offer the unstable form beside it.",
    security: &[],
    fires: &[
        example!("paths: {/a: {get: {}}}" => "paths: {/a: {get: {x-stability-level: beta}}}"),
        example!("paths: {/a: {get: {x-stability-level: stable}}}" => "paths: {/a: {get: {x-stability-level: alpha}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {x-stability-level: beta}}}" => "paths: {/a: {get: {x-stability-level: stable}}}"),
        example!("paths: {/a: {get: {x-stability-level: stable}}}" => "paths: {/a: {get: {}}}"),
    ],
    check: Check::Operation(check),
};

fn check(at: &Pair<'_, OperationView<'_>>, edits: &mut Edits) {
    edits.extend(stability::edit(at, |before, after| after < before));
}
