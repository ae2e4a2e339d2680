//! Success status removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::outcome;
use crate::diff::pair::{OutcomesView, Pair};
use crate::diff::rules::{Check, Levels, Rule};
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "response-success-removed",
    title: "success status removed",
    level: Levels::always(Level::Warning),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Clients that wait for exactly this outcome stop.",
    remedy: "Keep answering with it.",
    security: &[],
    fires: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok}, '202': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok}}}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'400': {description: ok}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'201': {description: ok}}}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'2XX': {description: ok}}}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok}, '202': {description: ok}}}}}"),
    ],
    check: Check::Outcomes(check),
};

fn check(at: &Pair<'_, OutcomesView<'_>>, edits: &mut Edits) {
    let Some((before, after)) = at.both() else { return };
    let (old, new) = (before.list, after.list);
    if outcome::is_replaced(old, new) {
        return;
    }
    let last = !new.iter().any(outcome::is_success);
    for gone in outcome::uncovered(old, new).into_iter().filter(|gone| outcome::is_success(gone)) {
        let edit = Edit::new(format!("`{}` no longer answers {}", at.name, gone.status))
            .places(gone.node, None)
            .values(gone.status.to_string(), Value::Null);
        edits.push(if last { edit.level(Level::Breaking) } else { edit });
    }
}
