//! Request body removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Body;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "request-body-removed",
    title: "request body removed",
    level: Levels::always(Level::Warning),
    surface: Surface::Behaviour,
    since: "0.1.0",
    why: "A body that was read is ignored or refused now.",
    remedy: "Keep the body, or refuse it loudly.",
    security: &[],
    fires: &[
        example!("paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {}}}"),
        example!("paths: {/a: {post: {requestBody: {required: true, content: {application/json: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {}}}"),
    ],
    silent: &[
        example!("paths: {/a: {post: {}}}" => "paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}"),
    ],
    check: Check::Body(check),
};

fn check(at: &Pair<'_, &Body>, edits: &mut Edits) {
    let Some(old) = at.removed() else { return };
    let edit = Edit::new(format!("`{}` no longer describes a body", at.name))
        .places(old.node, None)
        .values(old.required, Value::Null);
    let was_promised = at.is_response() && old.required;
    edits.push(if was_promised { edit.level(Level::Breaking) } else { edit });
}
