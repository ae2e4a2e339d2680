//! Way to authenticate removed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, RequirementView};
use crate::diff::requirement;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-alternative-removed",
    title: "way to authenticate removed",
    level: Levels::always(Level::Breaking),
    surface: Surface::Security,
    since: "0.1.0",
    why: "Callers with the credentials of the lost way are refused now.",
    remedy: "Keep the old way until nobody uses it.",
    security: &["auth-mtls-added", "auth-alternative-weaker-removed", "auth-conjunct-added"],
    fires: &[
        example!("{SCHEME2: {type: http, scheme: basic}, paths: {/a: {post: {security: [{o: [r]}, {s: []}]}}}}" => "{SCHEME2: {type: http, scheme: basic}, paths: {/a: {post: {security: [{o: [r]}]}}}}"),
        example!("{SCHEME2: {type: apiKey, in: header, name: X-Sig}, paths: {/a: {post: {security: [{o: [r]}]}}}}" => "{SCHEME2: {type: apiKey, in: header, name: X-Sig}, paths: {/a: {post: {security: [{o: [r], s: []}]}}}}"),
    ],
    silent: &[
        example!("{SCHEME2: {type: http, scheme: basic}, paths: {/a: {post: {security: [{o: [r]}]}}}}" => "{SCHEME2: {type: http, scheme: basic}, paths: {/a: {post: {security: [{o: [r]}, {s: []}]}}}}"),
    ],
    check: Check::Requirement(check),
};

fn check(at: &Pair<'_, RequirementView<'_>>, edits: &mut Edits) {
    requirement::alternative_removed(at, edits);
}
