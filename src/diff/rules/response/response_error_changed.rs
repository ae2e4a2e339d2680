//! Error status added or removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::outcome;
use crate::diff::pair::{OutcomesView, Pair};
use crate::diff::rules::{Check, Levels, Rule};
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "response-error-changed",
    title: "error status added or removed",
    level: Levels::always(Level::Info),
    surface: Surface::Documentation,
    since: "0.1.0",
    why: "Errors are open by nature: clients must expect any.",
    remedy: "Nothing.",
    security: &[
        "object-denial-dropped",
        "object-denial-declared",
        "rate-response-removed",
        "rate-response-added",
    ],
    fires: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok}, '404': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok}}}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok}, '409': {description: ok}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok}, '4XX': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok}, '4XX': {description: ok}, '404': {description: ok}}}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'201': {description: ok}}}}}"),
    ],
    check: Check::Outcomes(check),
};

fn check(at: &Pair<'_, OutcomesView<'_>>, edits: &mut Edits) {
    let Some((before, after)) = at.both() else { return };
    let (old, new) = (before.list, after.list);
    for gone in outcome::uncovered(old, new).into_iter().filter(|gone| !outcome::is_success(gone)) {
        edits.push(
            Edit::new(format!("`{}` no longer announces {}", at.name, gone.status))
                .places(gone.node, None)
                .values(gone.status.to_string(), Value::Null)
                .facet(
                    outcome::rate_facet(gone, new, true)
                        .or_else(|| outcome::denial_facet(gone, after.secured, true)),
                ),
        );
    }
    for added in outcome::uncovered(new, old).into_iter().filter(|added| !outcome::is_success(added)) {
        edits.push(
            Edit::new(format!("`{}` announces {} now", at.name, added.status))
                .places(None, added.node)
                .values(Value::Null, added.status.to_string())
                .facet(
                    outcome::rate_facet(added, old, false)
                        .or_else(|| outcome::denial_facet(added, before.secured, false)),
                ),
        );
    }
}
