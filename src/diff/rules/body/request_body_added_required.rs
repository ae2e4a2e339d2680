//! Required request body added.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Body;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "request-body-added-required",
    title: "required request body added",
    level: Levels { request: Level::Breaking, response: Level::Info, neither: Level::Info },
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Calls without a body were accepted and are refused now.",
    remedy: "Make the body optional.",
    security: &[],
    fires: &[
        example!("paths: {/a: {post: {}}}" => "paths: {/a: {post: {requestBody: {required: true, content: {application/json: {schema: {type: object}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {post: {}}}" => "paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}"),
        example!("paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {requestBody: {required: true, content: {application/json: {schema: {type: object}}}}}}}"),
    ],
    check: Check::Body(check),
};

fn check(at: &Pair<'_, &Body>, edits: &mut Edits) {
    let Some(new) = at.added().filter(|new| new.required) else {
        return;
    };
    edits.push(
        Edit::new(format!("`{}` must be sent with a body now", at.name))
            .places(None, new.node)
            .values(Value::Null, true),
    );
}
