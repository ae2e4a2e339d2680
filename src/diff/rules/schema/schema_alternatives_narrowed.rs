//! Alternative removed.

use crate::diff::change::Surface;
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::union;
use crate::diff::view::View;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-alternatives-narrowed",
    title: "alternative removed",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Values that callers sent were accepted and are refused now.",
    remedy: "Keep accepting the old values, or open a new line.",
    security: &[],
    fires: &[
        example!("REQ: {oneOf: [{type: string, maxLength: 9}, {type: integer}, {type: boolean}]}" => "REQ: {oneOf: [{type: string, maxLength: 9}, {type: integer}]}"),
        example!("RES: {oneOf: [{type: string, maxLength: 9}, {type: integer}, {type: boolean}]}" => "RES: {oneOf: [{type: string, maxLength: 9}, {type: integer}]}"),
    ],
    silent: &[
        example!("REQ: {oneOf: [{type: string, maxLength: 9}, {type: integer}]}" => "REQ: {oneOf: [{type: string, maxLength: 9}, {type: integer}, {type: boolean}]}"),
        example!("REQ: {oneOf: [{type: integer}, {type: string, maxLength: 9}]}" => "REQ: {oneOf: [{type: string, maxLength: 9}, {type: integer}]}"),
    ],
    check: Check::Union(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let matched = union::matched(old, new);
    for gone in &matched.gone {
        edits.push(
            Edit::new(format!("`{}`: the alternative {} is gone", at.name, union::words(old, *gone)))
                .places(old.document.api().schemas.get(*gone).node, new.node)
                .values(union::brief(old, *gone), Value::Null),
        );
    }
}
