//! New values allowed.

use crate::diff::change::Surface;
use crate::diff::edit::{Edit, Edits};
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-enum-widened",
    title: "new values allowed",
    level: Levels::WIDENS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Clients may receive values that they were told never to expect.",
    remedy: "Tell clients from the start that values may be added, or open a new line.",
    security: &["cors-origin-widened"],
    fires: &[
        example!("RES: {type: string, enum: [a]}" => "RES: {type: string, enum: [a, b]}"),
        example!("RES: {type: string, enum: [a]}" => "RES: {type: string}"),
        example!("REQ: {type: string, enum: [a]}" => "REQ: {type: string, enum: [a, b]}"),
    ],
    silent: &[
        example!("RES: {type: string, enum: [a, b]}" => "RES: {type: string, enum: [a]}"),
        example!("RES: {type: string, enum: [a]}" => "RES: {type: string, enum: [b]}"),
        example!("REQ: {type: string, enum: [a]}" => "REQ: {type: string}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let Some(before) = &old.values else { return };
    let edit = match &new.values {
        None if at.is_request() => return,
        None => Edit::new(format!("`{}`: any value is allowed now", at.name))
            .values(keyword::json_of(before), Value::Null),
        Some(after) => {
            let won = keyword::missing(after, before);
            if won.is_empty() || keyword::is_exchange(before, after) {
                return;
            }
            Edit::new(format!("`{}`: {} is allowed now", at.name, keyword::words_of(&won)))
                .values(keyword::json_of(before), keyword::json_of(after))
        }
    };
    let edit = edit
        .facet(keyword::origin_facet(at))
        .places(old.values_node.unwrap_or(old.node), new.values_node.unwrap_or(new.node));
    let may_grow = at.is_response() && (old.extensible || at.scene.has_open_enums());
    edits.push(if may_grow { edit.agreed() } else { edit });
}
