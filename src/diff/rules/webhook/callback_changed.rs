//! Callback added or removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::{Callback, Operation};
use crate::spec::tree::NodeId;
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
    security: &["ssrf-callback-added", "ssrf-callback-removed"],
    fires: &[
        example!("paths: {/a: {post: {callbacks: {done: {'{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}}}}}}" => "paths: {/a: {post: {}}}"),
        example!("paths: {/a: {post: {}}}" => "paths: {/a: {post: {callbacks: {done: {'{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}}}}}}"),
        example!("paths: {/a: {post: {callbacks: {done: {'{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}}}}}}" => "paths: {/a: {post: {callbacks: {done: {'{$request.body#/target}': {post: {responses: {'200': {description: ok}}}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {post: {callbacks: {done: {'{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}}}}}}" => "paths: {/a: {post: {callbacks: {finished: {'{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}}}}}}"),
        example!("paths: {/a: {post: {callbacks: {done: {'{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}}}}}}" => "paths: {/a: {post: {callbacks: {done: {'{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}}}}}}"),
    ],
    check: Check::Callback(check),
};

fn check(at: &Pair<'_, &Callback>, edits: &mut Edits) {
    if let Some((old, new)) = at.both() {
        moved(at, old, new, edits);
        return;
    }
    let verb = if at.new.is_some() { "is called back now" } else { "is no longer called back" };
    let edit = Edit::new(format!("`{}` {verb}", at.name))
        .places(at.old.map(|side| side.node), at.new.map(|side| side.node))
        .values(
            at.old.map_or(Value::Null, |side| side.name.as_str().into()),
            at.new.map_or(Value::Null, |side| side.name.as_str().into()),
        );
    let edit = edit.facet(at.new.or(at.old).and_then(|call| callback_facet(call, at.new.is_some())));
    edits.push(if at.new.is_some() { edit.level(Level::Info) } else { edit });
}

/// Calls of one callback that only one side makes: to another expression, or by another method.
fn moved(at: &Pair<'_, &Callback>, old: &Callback, new: &Callback, edits: &mut Edits) {
    let only = |from: &Callback, other: &Callback| -> Vec<(NodeId, String)> {
        let kept = |call: &Operation| {
            !other.operations.iter().any(|known| known.method == call.method && known.path == call.path)
        };
        let calls = from.operations.iter().filter(|call| kept(call));
        calls.map(|call| (call.node, call.to_string())).collect()
    };
    for (node, call) in only(old, new) {
        edits.push(
            Edit::new(format!("`{}` no longer calls {call}", at.name))
                .places(node, new.node)
                .values(call, Value::Null),
        );
    }
    for (node, call) in only(new, old) {
        edits.push(
            Edit::new(format!("`{}` calls {call} now", at.name))
                .places(old.node, node)
                .values(Value::Null, call)
                .level(Level::Info),
        );
    }
}

/// What it means that callers choose, or no longer, which URL the API calls.
fn callback_facet(call: &Callback, added: bool) -> Option<Facet> {
    let is_chosen = call.operations.iter().any(|operation| operation.path.contains("{$request"));
    is_chosen.then(|| Facet::either("ssrf-callback-added", added)).flatten()
}
