//! Schema added to a media type.

use crate::diff::change::Surface;
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::MediaType;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "media-type-schema-added",
    title: "schema added to a media type",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Anything was allowed, and now only what the schema allows.",
    remedy: "Describe what was always demanded, or open a new line.",
    security: &["input-schema-added"],
    fires: &[
        example!("paths: {/a: {post: {requestBody: {content: {application/json: {}}}}}}" => "paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}" => "paths: {/a: {post: {requestBody: {content: {application/json: {}}}}}}"),
    ],
    check: Check::Media(check),
};

fn check(at: &Pair<'_, &MediaType>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if let (None, Some(_)) = (old.schema, new.schema) {
        edits.push(
            Edit::new(format!("`{}` of `{}` has a schema now", new.name, at.name))
                .places(old.node, new.node)
                .values(Value::Null, true)
                .facet(Facet::of("input-schema-added").filter(|_| at.is_request())),
        );
    }
}
