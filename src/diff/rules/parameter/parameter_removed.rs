//! Parameter removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::parameter;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Parameter;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "parameter-removed",
    title: "parameter removed",
    level: Levels::always(Level::Warning),
    surface: Surface::Behaviour,
    since: "0.1.0",
    why: "Most servers ignore what they do not know: the call succeeds and answers something else.",
    remedy: "Keep the parameter, or refuse it loudly.",
    security: &[
        "auth-credential-parameter-removed",
        "exposure-personal-url-removed",
        "input-query-language-removed",
        "ssrf-url-input-removed",
        "ssrf-redirect-removed",
        "function-debug-removed",
        "consume-webhook-unsigned-added",
    ],
    fires: &[
        example!("PARAM: {name: q, in: query, schema: {type: string}}" => "paths: {/a: {get: {}}}"),
        example!("PARAM: {name: q, in: query, required: true, schema: {type: string}}" => "paths: {/a: {get: {}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {}}}" => "PARAM: {name: q, in: query, schema: {type: string}}"),
        example!("PARAM: {name: X-A, in: header, schema: {type: string}}" => "PARAM: {name: x-a, in: header, schema: {type: string}}"),
    ],
    check: Check::Parameter(check),
};

fn check(at: &Pair<'_, &Parameter>, edits: &mut Edits) {
    let Some(old) = at.removed() else { return };
    let edit = Edit::new(format!("`{}` is gone", at.name))
        .places(old.node, None)
        .values(old.name.as_str(), Value::Null)
        .facet(parameter::facet(at, old, false));
    let was_promised = at.is_response() && old.required;
    edits.push(if was_promised { edit.level(Level::Breaking) } else { edit });
}
