//! Response media type added.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::media;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::MediaType;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "response-media-type-added",
    title: "response media type added",
    level: Levels::always(Level::Info),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Another representation may be asked for.",
    remedy: "Nothing.",
    security: &[],
    fires: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}, application/xml: {schema: {type: object}}}}}}}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok, content: {application/*: {schema: {type: object}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}, application/xml: {schema: {type: object}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}}}}"),
    ],
    check: Check::Media(check),
};

fn check(at: &Pair<'_, &MediaType>, edits: &mut Edits) {
    if !at.is_response() {
        return;
    }
    if let Some(new) = at.added() {
        edits.push(
            Edit::new(format!("`{}` is offered by `{}` now", new.name, at.name))
                .places(None, new.node)
                .values(Value::Null, new.name.as_str()),
        );
    } else if let Some((old, new)) = at.both().filter(|(old, new)| media::is_narrower(&new.name, &old.name)) {
        edits.push(
            Edit::new(format!("`{}` is what `{}` offers now of `{}`", new.name, at.name, old.name))
                .places(old.node, new.node)
                .values(old.name.as_str(), new.name.as_str()),
        );
    }
}
