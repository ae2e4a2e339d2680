//! Unused schema added or removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{ComponentView, Pair};
use crate::diff::rules::{Check, Levels, Rule};
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "component-changed",
    title: "unused schema added or removed",
    level: Levels::always(Level::Info),
    surface: Surface::Documentation,
    since: "0.1.0",
    why: "No message reaches the schema; generated code may hold a type more or less.",
    remedy: "Nothing.",
    security: &[],
    fires: &[
        example!("components: {schemas: {A: {type: string}}}" => "paths: {}"),
        example!("paths: {}" => "components: {schemas: {A: {type: string}}}"),
        example!("components: {schemas: {A: {type: string}}}" => "components: {schemas: {A: {type: integer}}}"),
    ],
    silent: &[
        example!("components: {schemas: {A: {type: string}}}" => "components: {schemas: {A: {type: string}}}"),
        example!("{components: {schemas: {A: {type: string}}}, REQ: {$ref: '#/components/schemas/A'}}" => "{components: {schemas: {A: {type: integer}}}, REQ: {$ref: '#/components/schemas/A'}}"),
    ],
    check: Check::Component(check),
};

fn check(at: &Pair<'_, ComponentView<'_>>, edits: &mut Edits) {
    let is_reached = |side: Option<ComponentView<'_>>| side.is_some_and(|side| side.reached);
    if is_reached(at.old) || is_reached(at.new) {
        return;
    }
    let verb = match (at.old, at.new) {
        (None, _) => "is declared",
        (_, None) => "is no longer declared",
        _ => "changed",
    };
    let name = |side: Option<ComponentView<'_>>| side.map_or(Value::Null, |side| Value::from(side.name));
    edits.push(
        Edit::new(format!("`{}` {verb}, and no message uses it", at.name))
            .places(at.old.map(|side| side.node), at.new.map(|side| side.node))
            .values(name(at.old), name(at.new)),
    );
}
