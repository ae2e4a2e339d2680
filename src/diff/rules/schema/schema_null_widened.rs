//! Null allowed.

use crate::diff::change::Surface;
use crate::diff::edit::{Edit, Edits};
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-null-widened",
    title: "null allowed",
    level: Levels::WIDENS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Clients may receive null where they were promised a value.",
    remedy: "Leave the property out instead, if it is optional.",
    security: &[],
    fires: &[
        example!("RES: {type: string}" => "RES: {type: [string, 'null']}"),
        example!("REQ: {type: string, enum: [a]}" => "REQ: {type: [string, 'null'], enum: [a, null]}"),
    ],
    silent: &[
        example!("RES: {type: string}" => "RES: {}"),
        example!("RES: {type: [string, 'null']}" => "RES: {type: string}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if !old.nullable && new.nullable && !keyword::is_any(new) && !at.textual {
        edits.push(
            Edit::new(format!("`{}` may be null now", at.name))
                .places(old.types_node(), new.types_node())
                .values(false, true),
        );
    }
}
