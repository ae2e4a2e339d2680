//! Authentication loosened.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, RequirementView};
use crate::diff::requirement;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-loosened",
    title: "authentication loosened",
    level: Levels::always(Level::Warning),
    surface: Surface::Security,
    since: "0.1.0",
    why: "Somebody may call who could not before, or needs less for it.",
    remedy: "Keep the requirement; let only single operations opt out, with a reason.",
    security: &[
        "auth-mtls-dropped",
        "auth-requirement-removed",
        "auth-requirement-became-optional",
        "auth-conjunct-removed",
        "auth-alternative-weaker-added",
        "auth-alternative-added",
    ],
    fires: &[
        example!("paths: {/a: {post: {}}}" => "paths: {/a: {post: {security: []}}}"),
        example!("paths: {/a: {post: {}}}" => "paths: {/a: {post: {security: [{}, {o: [r]}]}}}"),
        example!("{SCHEME2: {type: apiKey, in: header, name: X-Sig}, paths: {/a: {post: {security: [{o: [r], s: []}]}}}}" => "{SCHEME2: {type: apiKey, in: header, name: X-Sig}, paths: {/a: {post: {security: [{o: [r]}]}}}}"),
        example!("{SCHEME2: {type: http, scheme: basic}, paths: {/a: {post: {security: [{o: [r]}]}}}}" => "{SCHEME2: {type: http, scheme: basic}, paths: {/a: {post: {security: [{o: [r]}, {s: []}]}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {post: {security: []}}}" => "paths: {/a: {post: {}}}"),
        example!("{SCHEME2: {type: apiKey, in: header, name: X-Sig}, paths: {/a: {post: {security: [{o: [r]}]}}}}" => "{SCHEME2: {type: apiKey, in: header, name: X-Sig}, paths: {/a: {post: {security: [{o: [r], s: []}]}}}}"),
    ],
    check: Check::Requirement(check),
};

fn check(at: &Pair<'_, RequirementView<'_>>, edits: &mut Edits) {
    requirement::loosened(at, edits);
}
