//! Values no longer allowed.

use crate::diff::change::Surface;
use crate::diff::edit::{Edit, Edits};
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-enum-narrowed",
    title: "values no longer allowed",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Values that callers sent were accepted and are refused now.",
    remedy: "Keep accepting the old values, or open a new line.",
    security: &["input-enum-added", "cors-origin-narrowed"],
    fires: &[
        example!("REQ: {type: string, enum: [a, b]}" => "REQ: {type: string, enum: [a]}"),
        example!("REQ: {type: string}" => "REQ: {type: string, enum: [a, b]}"),
        example!("REQ: {type: string}" => "REQ: {const: a}"),
        example!("RES: {type: string, enum: [a, b]}" => "RES: {type: string, enum: [b]}"),
    ],
    silent: &[
        example!("REQ: {type: string, enum: [a, b]}" => "REQ: {type: string, enum: [b, a]}"),
        example!("REQ: {type: string, enum: [a]}" => "REQ: {const: a}"),
        example!("REQ: {type: string, enum: [a]}" => "REQ: {type: string, enum: [b]}"),
        example!("REQ: {type: string, enum: [a]}" => "REQ: {type: string, enum: [a, b]}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let Some(after) = &new.values else { return };
    let edit =
        match &old.values {
            None => Edit::new(format!(
                "`{}`: only {} is allowed now",
                at.name,
                keyword::words_of(&after.iter().collect::<Vec<_>>())
            ))
            .values(Value::Null, keyword::json_of(after))
            .facet(keyword::origin_facet(at).or_else(|| {
                Facet::of("input-enum-added").filter(|_| at.is_request() && old.types.has("string"))
            })),
            Some(before) => {
                let gone = keyword::missing(before, after);
                if gone.is_empty() || keyword::is_exchange(before, after) {
                    return;
                }
                Edit::new(format!("`{}`: {} is no longer allowed", at.name, keyword::words_of(&gone)))
                    .values(keyword::json_of(before), keyword::json_of(after))
            }
        };
    edits.push(edit.places(old.values_node.unwrap_or(old.node), new.values_node.unwrap_or(new.node)));
}
