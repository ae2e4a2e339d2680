//! Callback added or removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Callback;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "callback-changed",
    title: "callback added or removed",
    level: Levels::always(Level::Warning),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "The API calls back at other times: receivers wait in vain, or meet calls they do not know.",
    remedy: "Let callers ask for the new call.",
    security: &[],
    fires: &[
        example!("paths: {/a: {post: {callbacks: {done: {'{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}}}}}}" => "paths: {/a: {post: {}}}"),
        example!("paths: {/a: {post: {}}}" => "paths: {/a: {post: {callbacks: {done: {'{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {post: {callbacks: {done: {'{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}}}}}}" => "paths: {/a: {post: {callbacks: {done: {'{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}}}}}}"),
    ],
    check: Check::Callback(check),
};

fn check(at: &Pair<'_, &Callback>, edits: &mut Edits) {
    let verb = if at.new.is_some() { "is called back now" } else { "is no longer called back" };
    let edit = Edit::new(format!("`{}` {verb}", at.name))
        .places(at.old.map(|side| side.node), at.new.map(|side| side.node))
        .values(
            at.old.map_or(Value::Null, |side| side.name.as_str().into()),
            at.new.map_or(Value::Null, |side| side.name.as_str().into()),
        );
    edits.push(if at.new.is_some() { edit.level(Level::Info) } else { edit });
}
