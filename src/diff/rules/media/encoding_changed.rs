//! The bytes of a text or of a part are written in another way.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::encoding;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;
use crate::spec::model::MediaType;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "encoding-changed",
    title: "encoding changed",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.2.0",
    why: "The same value is other bytes now: what is sent cannot be read.",
    remedy: "Offer the new form under another media type or property.",
    security: &[],
    fires: &[
        example!("REQ: {type: string, contentEncoding: base64}" => "REQ: {type: string, contentEncoding: base64url}"),
        example!("RES: {type: string, contentMediaType: application/json}" => "RES: {type: string, contentMediaType: application/xml}"),
        example!("paths: {/a: {post: {requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {n: {type: object}}}}}}}}}" => "paths: {/a: {post: {requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {n: {type: object}}}, encoding: {n: {contentType: application/xml}}}}}}}}"),
    ],
    silent: &[
        example!("REQ: {type: string, format: byte}" => "REQ: {type: string, contentEncoding: base64, maxLength: 9}"),
        example!("paths: {/a: {post: {requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {n: {type: object}}}}}}}}}" => "paths: {/a: {post: {requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {n: {type: object}}}, encoding: {n: {contentType: application/json}}}}}}}}"),
    ],
    check: Check::Several(&[Check::Schema(text), Check::Media(parts)]),
};

fn text(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if !old.types.has("string") || !new.types.has("string") {
        return;
    }
    let pairs = [("encoding", old.encoding, new.encoding), ("media type", old.content, new.content)];
    for (what, before, after) in pairs {
        let (before_text, after_text) = (before.map(|(text, _)| text), after.map(|(text, _)| text));
        if before_text != after_text {
            let words = |text: Option<&str>| text.unwrap_or("none").to_owned();
            edits.push(
                Edit::new(format!(
                    "`{}`: the {what} {} became {}",
                    at.name,
                    words(before_text),
                    words(after_text)
                ))
                .places(before.map_or(old.node, |(_, node)| node), after.map_or(new.node, |(_, node)| node))
                .values(
                    before_text.map_or(Value::Null, Value::from),
                    after_text.map_or(Value::Null, Value::from),
                )
                // No validator decodes, so no value can show that it breaks.
                .level(Level::Warning),
            );
        }
    }
}

fn parts(at: &Pair<'_, &MediaType>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    for change in encoding::changes(at.scene.old, old, at.scene.new, new) {
        edits.push(
            Edit::new(format!(
                "`{}` of `{}`: {} became {}",
                change.part, at.name, change.before, change.after
            ))
            .places(change.old, change.new)
            .values(change.before, change.after),
        );
    }
}
