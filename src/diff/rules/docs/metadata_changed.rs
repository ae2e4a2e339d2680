//! Text changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{Pair, ProseView};
use crate::diff::rules::{Check, Levels, Rule};
use serde_json::Value;

/// The rule.
pub static RULE: Rule = Rule {
    id: "metadata-changed",
    title: "text changed",
    level: Levels::always(Level::Info),
    surface: Surface::Documentation,
    since: "0.1.0",
    why: "People read something else; no message changes.",
    remedy: "Nothing.",
    security: &[],
    fires: &[
        example!("info: {description: one}" => "info: {description: two}"),
        example!("paths: {/a: {get: {summary: one}}}" => "paths: {/a: {get: {summary: two}}}"),
        example!("REQ: {type: string, description: one}" => "REQ: {type: string, description: two}"),
        example!("paths: {/a: {get: {tags: [one]}}}" => "paths: {/a: {get: {tags: [two]}}}"),
    ],
    silent: &[
        example!("info: {description: one}" => "info: {description: one}"),
        example!("{info: {description: one}, paths: {/a: {get: {}}, /b: {get: {}}}}" => "{paths: {/b: {get: {}}, /a: {get: {}}}, info: {description: one}}"),
    ],
    check: Check::Prose(check),
};

fn check(at: &Pair<'_, ProseView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    // Both lists are sorted, so what stands in one alone is what changed.
    let only = |from: &ProseView<'_>, other: &ProseView<'_>| -> Vec<(String, String)> {
        from.texts.iter().filter(|text| other.texts.binary_search(text).is_err()).cloned().collect()
    };
    let (gone, won) = (only(&old, &new), only(&new, &old));
    let mut changed: Vec<&str> = gone.iter().chain(&won).map(|(keyword, _)| keyword.as_str()).collect();
    changed.sort_unstable();
    changed.dedup();
    let Some(first) = changed.first() else { return };
    let value = |list: &[(String, String)]| {
        let text = list.iter().find(|(keyword, _)| keyword == first);
        text.map_or(Value::Null, |(_, text)| text.as_str().into())
    };
    let (before, after) = (value(&gone), value(&won));
    let more = changed.len().saturating_sub(3);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let shown = changed[..changed.len().min(3)].join(", ");
    edits.push(
        Edit::new(format!("`{}`: {shown}{more} changed", at.name))
            .places(old.node, new.node)
            .values(before, after),
    );
}
