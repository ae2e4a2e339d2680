//! Webhook added.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::requirement;
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Operation;
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "webhook-added",
    title: "webhook added",
    level: Levels::always(Level::Info),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "There is one more event to receive.",
    remedy: "Nothing.",
    security: &["consume-webhook-unsigned-added"],
    fires: &[example!("paths: {}" => "webhooks: {paid: {post: {responses: {'200': {description: ok}}}}}")],
    silent: &[example!("webhooks: {paid: {post: {responses: {'200': {description: ok}}}}}" => "paths: {}")],
    check: Check::Webhook(check),
};

fn check(at: &Pair<'_, &Operation>, edits: &mut Edits) {
    let Some(new) = at.added() else { return };
    edits.push(
        Edit::new(format!("`{}` is sent now", new.path))
            .places(None, new.node)
            .values(Value::Null, new.path.as_str())
            .facet(Facet::of("consume-webhook-unsigned-added").filter(|_| !requirement::is_signed(new))),
    );
}
