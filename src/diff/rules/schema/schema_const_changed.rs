//! Fixed value changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::keyword;
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-const-changed",
    title: "fixed value changed",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "The one value that was allowed is refused now, and another one takes its place.",
    remedy: "Allow both values.",
    security: &["cors-origin-widened", "cors-origin-narrowed"],
    fires: &[
        example!("REQ: {const: a}" => "REQ: {const: b}"),
        example!("RES: {type: string, enum: [a]}" => "RES: {type: string, enum: [b]}"),
    ],
    silent: &[
        example!("REQ: {const: a}" => "REQ: {type: string, enum: [a]}"),
        example!("REQ: {type: string, enum: [a, b]}" => "REQ: {type: string, enum: [c, d]}"),
    ],
    check: Check::Schema(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let (Some(before), Some(after)) = (&old.values, &new.values) else {
        return;
    };
    if keyword::is_exchange(before, after) {
        edits.push(
            Edit::new(format!("`{}`: the fixed value {} became {}", at.name, before[0].text, after[0].text))
                .places(old.values_node.unwrap_or(old.node), new.values_node.unwrap_or(new.node))
                .values(before[0].json.clone(), after[0].json.clone())
                .facet(keyword::origin_facet(at)),
        );
    }
}
