//! Success status replaced.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::outcome;
use crate::diff::pair::{OutcomesView, Pair};
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Response;

/// The rule.
pub static RULE: Rule = Rule {
    id: "response-success-replaced",
    title: "success status replaced",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "The only success became another one: every client that looks at the status fails.",
    remedy: "Keep the old status.",
    security: &[],
    fires: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'201': {description: ok}}}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok}, default: {description: bad}}}}}" => "paths: {/a: {get: {responses: {'204': {description: ok}, default: {description: bad}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok}, '201': {description: ok}}}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'2XX': {description: ok}}}}}"),
    ],
    check: Check::Outcomes(check),
};

fn check(at: &Pair<'_, OutcomesView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both().map(|(old, new)| (old.list, new.list)) else { return };
    if !outcome::is_replaced(old, new) {
        return;
    }
    let (before, after) = (outcome::successes(old), outcome::successes(new));
    let words =
        |list: &[&Response]| list.iter().map(|response| response.status.to_string()).collect::<Vec<_>>();
    edits.push(
        Edit::new(format!(
            "`{}` answers {} instead of {}",
            at.name,
            words(&after).join(", "),
            words(&before).join(", ")
        ))
        .places(before.first().map(|response| response.node), after.first().map(|response| response.node))
        .values(words(&before), words(&after)),
    );
}
