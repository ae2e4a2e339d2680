//! Alternative added.

use crate::diff::change::Surface;
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::union;
use crate::diff::view::View;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-alternatives-widened",
    title: "alternative added",
    level: Levels::WIDENS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Clients may receive values that they were told never to expect.",
    remedy: "Tell clients from the start that alternatives may be added, or open a new line.",
    security: &[],
    fires: &[
        example!("RES: {oneOf: [{type: string, maxLength: 9}, {type: integer}]}" => "RES: {oneOf: [{type: string, maxLength: 9}, {type: integer}, {type: boolean}]}"),
        example!("REQ: {oneOf: [{type: string, maxLength: 9}, {type: integer}]}" => "REQ: {oneOf: [{type: string, maxLength: 9}, {type: integer}, {type: boolean}]}"),
        example!("REQ: {type: integer}" => "REQ: {anyOf: [{type: integer}, {type: string}]}"),
    ],
    silent: &[
        example!("RES: {oneOf: [{type: string, maxLength: 9}, {type: integer}, {type: boolean}]}" => "RES: {oneOf: [{type: string, maxLength: 9}, {type: integer}]}"),
    ],
    check: Check::Union(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let matched = union::matched(old, new);
    for won in &matched.won {
        let edit = Edit::new(format!("`{}`: the alternative {} is new", at.name, union::words(new, *won)))
            .places(old.node, new.document.api().schemas.get(*won).node)
            .values(Value::Null, union::brief(new, *won));
        let may_grow = at.is_response() && at.scene.is_tolerant();
        edits.push(if may_grow { edit.agreed() } else { edit });
    }
}
