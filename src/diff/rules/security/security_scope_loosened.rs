//! Scope no longer demanded.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, RequirementView};
use crate::diff::requirement;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-scope-loosened",
    title: "scope no longer demanded",
    level: Levels::always(Level::Warning),
    surface: Surface::Security,
    since: "0.1.0",
    why: "Tokens open the operation that did not before.",
    remedy: "Keep demanding the narrowest scope that fits.",
    security: &["function-admin-merged", "function-admin-separated", "oauth-scope-dropped"],
    fires: &[
        example!("paths: {/a: {post: {security: [{o: [r, w]}]}}}" => "paths: {/a: {post: {security: [{o: [r]}]}}}"),
    ],
    silent: &[
        example!("paths: {/a: {post: {security: [{o: [r]}]}}}" => "paths: {/a: {post: {security: [{o: [r, w]}]}}}"),
    ],
    check: Check::Requirement(check),
};

fn check(at: &Pair<'_, RequirementView<'_>>, edits: &mut Edits) {
    requirement::scope_loosened(at, edits);
}
