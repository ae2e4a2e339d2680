//! Request media type added.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::media;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::MediaType;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "request-media-type-added",
    title: "request media type added",
    level: Levels::always(Level::Info),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Another representation is read.",
    remedy: "Nothing.",
    security: &["input-media-xml-added", "input-upload-added"],
    fires: &[
        example!("paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}, application/xml: {schema: {type: object}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}, application/xml: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}, application/xml: {schema: {type: object}}}}}}}}"),
    ],
    check: Check::Media(check),
};

fn check(at: &Pair<'_, &MediaType>, edits: &mut Edits) {
    let Some(new) = at.added().filter(|_| at.is_request()) else {
        return;
    };
    edits.push(
        Edit::new(format!("`{}` is read by `{}` now", new.name, at.name))
            .places(None, new.node)
            .values(Value::Null, new.name.as_str())
            .facet(media::facet(new, true)),
    );
}
