//! Request body became optional.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Body;

/// The rule.
pub static RULE: Rule = Rule {
    id: "request-body-became-optional",
    title: "request body became optional",
    level: Levels { request: Level::Info, response: Level::Breaking, neither: Level::Info },
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Nobody has to send a body any more.",
    remedy: "Nothing.",
    security: &[],
    fires: &[
        example!("paths: {/a: {post: {requestBody: {required: true, content: {application/json: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {requestBody: {required: true, content: {application/json: {schema: {type: object}}}}}}}"),
        example!("paths: {/a: {post: {requestBody: {required: true, content: {application/json: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {}}}"),
    ],
    check: Check::Body(check),
};

fn check(at: &Pair<'_, &Body>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if old.required && !new.required {
        edits.push(
            Edit::new(format!("the body of `{}` may be left out now", at.name))
                .places(old.node, new.node)
                .values(true, false),
        );
    }
}
