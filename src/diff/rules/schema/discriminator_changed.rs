//! Discriminator changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{ComponentView, Pair};
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::union;
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
        example!("{components: {schemas: {Cat: {type: object, required: [kind], properties: {kind: {type: string}}}, Dog: {type: object, properties: {kind: {type: string}}}}}, RES: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}}" => "{components: {schemas: {Feline: {type: object, required: [kind], properties: {kind: {type: string}}}, Dog: {type: object, properties: {kind: {type: string}}}}}, RES: {oneOf: [{$ref: '#/components/schemas/Feline'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}}"),
    ],
    silent: &[
        example!("{components: {schemas: {Cat: {type: object, required: [kind], properties: {kind: {type: string}}}, Dog: {type: object, properties: {kind: {type: string}}}}}, RES: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}}}}" => "{components: {schemas: {Feline: {type: object, required: [kind], properties: {kind: {type: string}}}, Dog: {type: object, properties: {kind: {type: string}}}}}, RES: {oneOf: [{$ref: '#/components/schemas/Feline'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Feline'}}}}"),
        example!("REQ: {type: object, discriminator: {propertyName: kind}}" => "REQ: {type: object, discriminator: {propertyName: kind}}"),
    ],
    check: Check::Several(&[Check::Rest(check), Check::Component(renamed)]),
};

fn check(at: &Pair<'_, &View<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let text = |view: &View<'_>| view.discriminator.as_ref().map(|(text, _)| text.clone());
    let node = |view: &View<'_>| view.discriminator.as_ref().map_or(view.node, |(_, node)| *node);
    let (before, after) = (text(old), text(new));
    if before != after && !union::is_told_alike(old, new) {
        edits.push(
            Edit::new(format!("`{}`: another discriminator tells the alternatives apart", at.name))
                .places(node(old), node(new))
                .values(before.map_or(Value::Null, Value::from), after.map_or(Value::Null, Value::from)),
        );
    }
}

/// The name of a schema is the tag of its values where no mapping gives them another.
fn renamed(at: &Pair<'_, ComponentView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both().filter(|(old, new)| old.name != new.name && old.reached) else {
        return;
    };
    let (before, after) =
        (union::tags(at.scene.old, old.id, old.name), union::tags(at.scene.new, new.id, new.name));
    if !before.is_empty() && !after.is_empty() && before != after {
        edits.push(
            Edit::new(format!("`{}` is told by the tag {} now", new.name, after.join(", ")))
                .places(old.node, new.node)
                .values(before, after),
        );
    }
}
