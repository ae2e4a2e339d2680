//! Webhook added.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::risk::Facet;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::{Location, Operation};
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
            .facet(Facet::of("consume-webhook-unsigned-added").filter(|_| !is_signed(new))),
    );
}

/// Whether receivers can tell a forged event: by credentials or by a header that signs it.
fn is_signed(operation: &Operation) -> bool {
    let signs = |name: &str| {
        let words = crate::lint::words::words(name);
        words.iter().any(|word| matches!(word.as_str(), "signature" | "hmac"))
    };
    let mut headers = operation.parameters.iter().filter(|each| each.location == Location::Header);
    !operation.security.is_open() || headers.any(|header| signs(&header.name))
}
