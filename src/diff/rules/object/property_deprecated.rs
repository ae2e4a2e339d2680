//! Deprecation of a property was announced or withdrawn.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{Pair, PropertyView};
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::Document;

/// The rule.
pub static RULE: Rule = Rule {
    id: "property-deprecated",
    title: "property deprecation changed",
    level: Levels::always(Level::Info),
    surface: Surface::Documentation,
    since: "0.2.0",
    why: "Callers are told to do without it, or that they need not.",
    remedy: "Name a date after which it may go.",
    security: &[],
    fires: &[
        example!("RES: {type: object, properties: {n: {type: integer}}}" => "RES: {type: object, properties: {n: {type: integer, deprecated: true}}}"),
        example!("REQ: {type: object, properties: {n: {type: integer, deprecated: true}}}" => "REQ: {type: object, properties: {n: {type: integer}}}"),
    ],
    silent: &[
        example!("REQ: {type: object, properties: {n: {type: integer, deprecated: true}}}" => "REQ: {type: object, properties: {n: {type: integer, deprecated: true, maximum: 9}}}"),
    ],
    check: Check::Property(check),
};

fn check(at: &Pair<'_, PropertyView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let is_deprecated = |document: &Document, side: PropertyView<'_>| {
        let schemas = &document.api().schemas;
        side.schemas.iter().any(|id| schemas.get(*id).deprecated() || schemas.resolved(*id).deprecated())
    };
    let (before, after) = (is_deprecated(at.scene.old, old), is_deprecated(at.scene.new, new));
    if before != after {
        let verb = if after { "is deprecated" } else { "is no longer deprecated" };
        edits.push(
            Edit::new(format!("`{}` {verb}", at.name)).places(old.node, new.node).values(before, after),
        );
    }
}
