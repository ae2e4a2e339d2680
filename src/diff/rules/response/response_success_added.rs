//! Success status added.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::outcome;
use crate::diff::pair::{OutcomesView, Pair};
use crate::diff::rules::{Check, Levels, Rule};
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "response-success-added",
    title: "success status added",
    level: Levels::always(Level::Warning),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Clients may meet an outcome that nobody announced to them.",
    remedy: "Let only callers that ask for it meet it.",
    security: &[],
    fires: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok}, '202': {description: ok}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {responses: {default: {description: ok}}}}}" => "paths: {/a: {get: {responses: {default: {description: ok}, '200': {description: ok}}}}}"),
        example!("paths: {/a: {get: {responses: {'2XX': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'2XX': {description: ok}, '202': {description: ok}}}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok}, '202': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok}}}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'201': {description: ok}}}}}"),
    ],
    check: Check::Outcomes(check),
};

fn check(at: &Pair<'_, OutcomesView<'_>>, edits: &mut Edits) {
    let Some((before, after)) = at.both() else { return };
    let (old, new) = (before.list, after.list);
    if outcome::is_replaced(old, new) {
        return;
    }
    for added in outcome::uncovered(new, old).into_iter().filter(|added| outcome::is_success(added)) {
        let edit = Edit::new(format!("`{}` may answer {} now", at.name, added.status))
            .places(None, added.node)
            .values(Value::Null, added.status.to_string());
        edits.push(if at.scene.is_tolerant() { edit.agreed() } else { edit });
    }
}
