//! Discriminator changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "discriminator-changed",
    title: "discriminator changed",
    level: Levels::always(Level::Warning),
    surface: Surface::Behaviour,
    since: "0.1.0",
    why: "Readers and generators choose the alternative by it.",
    remedy: "Keep the property and its values.",
    security: &[],
    fires: &[
        example!("REQ: {type: object, discriminator: {propertyName: kind}}" => "REQ: {type: object, discriminator: {propertyName: sort}}"),
    ],
    silent: &[
        example!("REQ: {type: object, discriminator: {propertyName: kind}}" => "REQ: {type: object, discriminator: {propertyName: kind}}"),
    ],
    check: Check::Rest(check),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let text = |view: &View<'_>| view.discriminator.as_ref().map(|(text, _)| text.clone());
    let node = |view: &View<'_>| view.discriminator.as_ref().map_or(view.node, |(_, node)| *node);
    let (before, after) = (text(old), text(new));
    if before != after {
        edits.push(
            Edit::new(format!("`{}`: another discriminator tells the alternatives apart", at.name))
                .places(node(old), node(new))
                .values(before.map_or(Value::Null, Value::from), after.map_or(Value::Null, Value::from)),
        );
    }
}
