//! Null no longer allowed.

use crate::diff::change::Surface;
use crate::diff::edit::{Edit, Edits};
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-null-narrowed",
    title: "null no longer allowed",
    level: Levels::NARROWS,
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Callers that sent null are refused now.",
    remedy: "Keep reading null as absent.",
    security: &[],
    fires: &[
        example!("REQ: {type: [string, 'null']}" => "REQ: {type: string}"),
        example!("RES: {anyOf: [{type: string}, {type: 'null'}]}" => "RES: {type: string}"),
    ],
    silent: &[
        example!("REQ: {type: [string, 'null']}" => "REQ: {anyOf: [{type: string}, {type: 'null'}]}"),
        example!("REQ: {}" => "REQ: {type: string}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    // Text has no null, so a parameter loses nothing.
    if old.nullable && !new.nullable && !keyword::is_any(old) && !at.textual {
        edits.push(
            Edit::new(format!("`{}` may not be null any more", at.name))
                .places(old.types_node(), new.types_node())
                .values(true, false),
        );
    }
}
