//! Optional request body added.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Body;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "request-body-added-optional",
    title: "optional request body added",
    level: Levels::always(Level::Info),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "A body may be sent now.",
    remedy: "Nothing.",
    security: &[],
    fires: &[
        example!("paths: {/a: {post: {}}}" => "paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {post: {}}}" => "paths: {/a: {post: {requestBody: {required: true, content: {application/json: {schema: {type: object}}}}}}}"),
        example!("paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {}}}"),
    ],
    check: Check::Body(check),
};

fn check(at: &Pair<'_, &Body>, edits: &mut Edits) {
    let Some(new) = at.added().filter(|new| !new.required) else {
        return;
    };
    edits.push(
        Edit::new(format!("`{}` may be sent with a body now", at.name))
            .places(None, new.node)
            .values(Value::Null, false),
    );
}
