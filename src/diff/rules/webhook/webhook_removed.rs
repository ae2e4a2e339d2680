//! Webhook removed.

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
    id: "webhook-removed",
    title: "webhook removed",
    level: Levels::always(Level::Warning),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "Receivers wait in vain.",
    remedy: "Keep sending it until nobody listens.",
    security: &["consume-webhook-signed"],
    fires: &[example!("webhooks: {paid: {post: {responses: {'200': {description: ok}}}}}" => "paths: {}")],
    silent: &[example!("paths: {}" => "webhooks: {paid: {post: {responses: {'200': {description: ok}}}}}")],
    check: Check::Webhook(check),
};

fn check(at: &Pair<'_, &Operation>, edits: &mut Edits) {
    let Some(old) = at.removed() else { return };
    edits.push(
        Edit::new(format!("`{}` is no longer sent", old.path))
            .places(old.node, None)
            .values(old.path.as_str(), Value::Null)
            .facet(Facet::of("consume-webhook-signed").filter(|_| !requirement::is_signed(old))),
    );
}
