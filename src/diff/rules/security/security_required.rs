//! Credentials demanded.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, RequirementView};
use crate::diff::requirement;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-required",
    title: "credentials demanded",
    level: Levels::always(Level::Breaking),
    surface: Surface::Security,
    since: "0.1.0",
    why: "Calls without credentials were answered and are refused now (401).",
    remedy: "Announce it, and let both ways work for a while.",
    security: &["auth-requirement-added", "auth-requirement-became-mandatory"],
    fires: &[
        example!("paths: {/a: {post: {security: []}}}" => "paths: {/a: {post: {}}}"),
        example!("paths: {/a: {post: {security: [{}, {o: [r]}]}}}" => "paths: {/a: {post: {}}}"),
    ],
    silent: &[
        example!("paths: {/a: {post: {}}}" => "paths: {/a: {post: {security: []}}}"),
        example!("paths: {/a: {post: {}}}" => "paths: {/a: {post: {}}}"),
    ],
    check: Check::Requirement(check),
};

fn check(at: &Pair<'_, RequirementView<'_>>, edits: &mut Edits) {
    requirement::required(at, edits);
}
