//! What matches two alternatives is refused, or no longer.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::union;
use crate::diff::view::View;

/// The rule.
pub static RULE: Rule = Rule {
    id: "schema-alternatives-overlap",
    title: "alternatives overlap",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.2.0",
    why: "oneOf refuses what matches two of its alternatives, which anyOf accepts.",
    remedy: "Make the alternatives exclude each other, or take anyOf.",
    security: &[],
    fires: &[
        example!("REQ: {anyOf: [{type: integer}, {type: number}]}" => "REQ: {oneOf: [{type: integer}, {type: number}]}"),
        example!("RES: {oneOf: [{type: integer}, {type: number}]}" => "RES: {anyOf: [{type: integer}, {type: number}]}"),
        example!("REQ: {oneOf: [{type: integer}, {type: string}]}" => "REQ: {oneOf: [{type: integer}, {type: string}, {type: number}]}"),
    ],
    silent: &[
        example!("REQ: {anyOf: [{type: integer}, {type: string}]}" => "REQ: {oneOf: [{type: integer}, {type: string}]}"),
        example!("REQ: {anyOf: [{const: a}, {const: b}]}" => "REQ: {oneOf: [{const: a}, {const: b}]}"),
        example!("REQ: {oneOf: [{type: integer}, {type: string}]}" => "REQ: {oneOf: [{type: integer}, {type: string}, {type: boolean}]}"),
    ],
    check: Check::Union(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both().filter(|(old, new)| !union::has_same_choices(old, new)) else {
        return;
    };
    let narrows = |request: bool| if at.is_request() == request { Level::Breaking } else { Level::Info };
    let [before, after] = union::overlaps([old, new]);
    let words = |view: &View<'_>, (a, b): union::Overlap| {
        format!("{} and {}", union::words(view, a), union::words(view, b))
    };
    // As many as before are those that were there before.
    if let Some(overlap) = after.first().filter(|_| after.len() > before.len()) {
        edits.push(
            Edit::new(format!("`{}`: what matches {} is refused now", at.name, words(new, *overlap)))
                .places(old.node, new.unions.first().map_or(new.node, |union| union.node))
                .values(before.len(), after.len())
                .level(narrows(true)),
        );
    }
    if let Some(overlap) = before.first().filter(|_| before.len() > after.len()) {
        // An alternative that is gone altogether is told as that.
        let is_gone =
            union::matched(old, new).gone.iter().any(|gone| overlap.0 == *gone || overlap.1 == *gone);
        if !is_gone {
            edits.push(
                Edit::new(format!("`{}`: what matches {} is allowed now", at.name, words(old, *overlap)))
                    .places(old.unions.first().map_or(old.node, |union| union.node), new.node)
                    .values(before.len(), after.len())
                    .level(narrows(false)),
            );
        }
    }
}
