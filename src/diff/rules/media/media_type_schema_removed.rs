//! Schema of a media type removed.

use crate::diff::change::Surface;
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::MediaType;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "media-type-schema-removed",
    title: "schema of a media type removed",
    level: Levels::WIDENS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Anything may come now.",
    remedy: "Keep the schema.",
    security: &["input-schema-removed"],
    fires: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}}}}"),
    ],
    check: Check::Media(check),
};

fn check(at: &Pair<'_, &MediaType>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if let (Some(_), None) = (old.schema, new.schema) {
        edits.push(
            Edit::new(format!("`{}` of `{}` has no schema any more", old.name, at.name))
                .places(old.node, new.node)
                .values(true, Value::Null)
                .facet(Facet::of("input-schema-removed").filter(|_| at.is_request())),
        );
    }
}
