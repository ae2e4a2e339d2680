//! Scope demanded.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, RequirementView};
use crate::diff::requirement;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-scope-required",
    title: "scope demanded",
    level: Levels::always(Level::Breaking),
    surface: Surface::Security,
    since: "0.1.0",
    why: "Tokens with the old scopes are refused now (403).",
    remedy: "Accept the old scopes until tokens have been renewed.",
    security: &[
        "oauth-scope-broadened",
        "oauth-scope-narrowed",
        "function-admin-merged",
        "function-admin-separated",
        "oauth-scope-demanded",
    ],
    fires: &[
        example!("paths: {/a: {post: {security: [{o: [r]}]}}}" => "paths: {/a: {post: {security: [{o: [r, w]}]}}}"),
        example!("paths: {/a: {post: {security: [{o: [r]}]}}}" => "paths: {/a: {post: {security: [{o: [w]}]}}}"),
    ],
    silent: &[
        example!("paths: {/a: {post: {security: [{o: [r, w]}]}}}" => "paths: {/a: {post: {security: [{o: [r]}]}}}"),
        example!("paths: {/a: {post: {security: [{o: [r, w]}]}}}" => "paths: {/a: {post: {security: [{o: [w, r]}]}}}"),
    ],
    check: Check::Requirement(check),
};

fn check(at: &Pair<'_, RequirementView<'_>>, edits: &mut Edits) {
    requirement::scope_required(at, edits);
}
