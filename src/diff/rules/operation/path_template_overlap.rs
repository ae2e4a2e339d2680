//! A new path takes URLs that a template answered before.

use crate::diff::address::below;
use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{OperationView, Pair};
use crate::diff::rules::{Check, Levels, Rule};
use crate::diff::view::View;
use crate::spec::Document;
use crate::spec::model::{Location, Operation};

/// The rule.
pub static RULE: Rule = Rule {
    id: "path-template-overlap",
    title: "new path takes URLs of a template",
    level: Levels::always(Level::Warning),
    surface: Surface::Behaviour,
    since: "0.2.0",
    why: "Calls of these URLs reach another operation than they did.",
    remedy: "Choose a path that no template covers, or refuse the word as a value of the variable.",
    security: &[],
    fires: &[
        example!("paths: {'/users/{id}': {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}]}}}" => "paths: {'/users/{id}': {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}]}}, /users/me: {get: {}}}"),
    ],
    silent: &[
        example!("paths: {'/users/{id}': {get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}]}}}" => "paths: {'/users/{id}': {get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}]}}, /users/me: {get: {}}}"),
        example!("paths: {'/users/{id}': {get: {}}}" => "paths: {'/users/{id}': {get: {}}, /users/me/posts: {get: {}}}"),
        example!("paths: {'/users/{id}': {get: {}}}" => "paths: {'/users/{id}': {get: {}}, /users/me: {post: {}}}"),
    ],
    check: Check::Operation(check),
};

fn check(at: &Pair<'_, OperationView<'_>>, edits: &mut Edits) {
    let Some(new) = at.added().filter(|new| !new.is_webhook) else {
        return;
    };
    let shift = &at.scene.shift;
    let path = below(&new.operation.path, &shift.new);
    for old in at.scene.like(&new.operation.method, path) {
        if takes(at.scene.old, old, below(&old.path, &shift.old), path) {
            edits.push(
                Edit::new(format!("`{}` takes URLs that `{old}` answered", at.name))
                    .places(old.node, new.operation.node)
                    .values(old.to_string(), at.name.as_str()),
            );
        }
    }
}

/// Whether some URL of `path` was one of the template: each segment is the same, or one that its
/// variable could take.
fn takes(document: &Document, old: &Operation, template: &str, path: &str) -> bool {
    let (mut wide, mut narrow) = (template.rsplit('/'), path.rsplit('/'));
    let mut filled = Vec::new();
    loop {
        match (wide.next(), narrow.next()) {
            (Some(wide), Some(narrow)) if wide == narrow => {}
            (Some(wide), Some(narrow)) if wide.starts_with('{') && wide.ends_with('}') => {
                if !narrow.starts_with('{') {
                    filled.push((&wide[1..wide.len() - 1], narrow));
                }
            }
            (None, None) => break,
            _ => return false,
        }
    }
    let is_taken =
        |(name, segment): (&str, &str)| !segment.contains('{') && accepts(document, old, name, segment);
    template != path && filled.into_iter().all(is_taken)
}

fn accepts(document: &Document, old: &Operation, name: &str, value: &str) -> bool {
    let schema = old.parameter(Location::Path, name).and_then(|parameter| parameter.schema);
    schema.is_none_or(|schema| {
        let view = View::of(document, schema);
        let is_listed = view.values.as_ref().is_none_or(|values| {
            values
                .iter()
                .any(|listed| listed.json.as_str().map_or(listed.text == value, |text| text == value))
        });
        let is_number = value.parse::<f64>().is_ok() && view.types.has_numbers();
        is_listed && (view.types.has("string") || is_number)
    })
}
