//! Request body became required.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Body;

/// The rule.
pub static RULE: Rule = Rule {
    id: "request-body-became-required",
    title: "request body became required",
    level: Levels { request: Level::Breaking, response: Level::Info, neither: Level::Info },
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Calls without a body were accepted and are refused now.",
    remedy: "Keep the body optional.",
    security: &[],
    fires: &[
        example!("paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {requestBody: {required: true, content: {application/json: {schema: {type: object}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {post: {requestBody: {required: true, content: {application/json: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}"),
        example!("paths: {/a: {post: {}}}" => "paths: {/a: {post: {requestBody: {required: true, content: {application/json: {schema: {type: object}}}}}}}"),
    ],
    check: Check::Body(check),
};

fn check(at: &Pair<'_, &Body>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if !old.required && new.required {
        edits.push(
            Edit::new(format!("the body of `{}` must be sent now", at.name))
                .places(old.node, new.node)
                .values(false, true),
        );
    }
}
