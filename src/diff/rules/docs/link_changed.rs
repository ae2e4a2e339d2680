//! Links to further operations changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::Edits;
use crate::diff::pair::{Pair, ProseView};
use crate::diff::prose;
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "link-changed",
    title: "links changed",
    level: Levels::always(Level::Info),
    surface: Surface::Documentation,
    since: "0.2.0",
    why: "Links are hints: clients that follow them go elsewhere or stop.",
    remedy: "Nothing.",
    security: &[],
    fires: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, links: {next: {operationId: x}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok, links: {next: {operationId: x}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: fine, links: {next: {operationId: x}}}}}}}"),
    ],
    check: Check::Prose(check),
};

fn check(at: &Pair<'_, ProseView<'_>>, edits: &mut Edits) {
    edits.extend(prose::edit(at, |keyword| keyword.starts_with("links")));
}
