//! How the keywords of a flattened schema compare: shared by the rules that come in two directions.
//!
//! Only keyword against keyword; whether the languages really differ is a question of proof.

use std::cmp::Ordering;

use serde_json::Value;

use super::change::{Direction, Level};
use super::edit::{Edit, Edits};
use super::pair::SchemaPair;
use super::risk::Facet;
use super::types::Types;
use super::view::{Limit, Listed, Opening, View};
use crate::lint::Severity;

/// Which way a set of values moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Fewer values.
    Narrowed,
    /// More values.
    Widened,
}

/// Pushes an edit for each of the bounds that moved `way`. A bound that a request loses altogether
/// is left to `constraint-loosened`.
pub fn limits(at: &SchemaPair<'_>, edits: &mut Edits, way: Way, keywords: &[&'static str]) {
    let Some((old, new)) = at.both() else { return };
    for &keyword in keywords {
        let (before, after) = (old.limits.get(keyword), new.limits.get(keyword));
        let wanted = match way {
            Way::Narrowed => Ordering::Greater,
            Way::Widened => Ordering::Less,
        };
        let lost_by_request = at.is_request() && after.is_none();
        // A format that bounds numbers sets both bounds; one change speaks for it.
        let is_format = |limit: Option<&Limit>| limit.is_some_and(|limit| limit.is_format());
        if keyword == "minimum" && (is_format(before) || is_format(after)) && !lost_by_request {
            let other = (old.limits.get("maximum"), new.limits.get("maximum"));
            let same = is_format(other.0) == is_format(before) && is_format(other.1) == is_format(after);
            if same && tightness(other.1, other.0, true) == wanted {
                continue;
            }
        }
        if tightness(after, before, is_upper(keyword)) == wanted && !lost_by_request {
            edits.push(limit_edit(at, keyword, before, after));
        }
    }
}

/// Pushes an edit for each bound, pattern, list of values or closedness that a request lost.
pub fn lost(at: &SchemaPair<'_>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    for (keyword, before) in &old.limits {
        let twin = before.is_format() && *keyword == "minimum" && !new.limits.contains_key("maximum");
        if !new.limits.contains_key(keyword) && !twin {
            edits.push(limit_edit(at, keyword, Some(before), None));
        }
    }
    if new.patterns.is_empty() {
        for (pattern, node) in &old.patterns {
            let edit = Edit::new(format!("`{}`: the pattern `{pattern}` was dropped", at.name))
                .places(*node, new.node)
                .values(*pattern, Value::Null)
                .facet(backtracking_facet(at).or_else(|| Facet::of("input-pattern-loosened")));
            edits.push(edit);
        }
    }
    if let (Some(values), None) = (&old.values, &new.values) {
        let facet = Facet::of("input-enum-removed").filter(|_| old.types.has("string"));
        let edit = Edit::new(format!("`{}`: the list of values was dropped", at.name))
            .places(old.values_node, new.node)
            .values(json_of(values), Value::Null)
            .facet(facet);
        edits.push(edit);
    }
    if let Some(node) = opened(old, new) {
        let edit = Edit::new(format!("`{}` now accepts properties it does not declare", at.name))
            .places(node, new.node)
            .values(false, Value::Null)
            .facet(Facet::of("input-object-opened"));
        edits.push(edit);
    }
}

/// Where the old side refused undeclared names, when the new side takes them.
#[must_use]
pub fn opened(old: &View<'_>, new: &View<'_>) -> Option<crate::spec::tree::NodeId> {
    old.closed.filter(|_| new.closed.is_none() && new.types.has("object"))
}

fn limit_edit(
    at: &SchemaPair<'_>,
    keyword: &'static str,
    before: Option<&Limit>,
    after: Option<&Limit>,
) -> Edit {
    let words = |limit: &Limit| match limit.is_format() {
        true => format!("format {}", limit.keyword),
        false => format!("{} {}", limit.keyword, limit.json),
    };
    let message = match (before, after) {
        (None, Some(after)) => format!("`{}`: {} was set", at.name, words(after)),
        (Some(before), None) => format!("`{}`: {} was dropped", at.name, words(before)),
        (Some(before), Some(after)) => {
            format!("`{}`: {} became {}", at.name, words(before), words(after))
        }
        (None, None) => at.name.clone(),
    };
    let node = |limit: Option<&Limit>, view: Option<&View<'_>>| {
        limit.map(|limit| limit.node).or(view.map(|view| view.node))
    };
    let value = |limit: Option<&Limit>| match limit {
        Some(limit) if limit.is_format() => limit.keyword.into(),
        Some(limit) => limit.json.clone(),
        None => Value::Null,
    };
    Edit::new(message)
        .places(node(before, at.old), node(after, at.new))
        .values(value(before), value(after))
        .facet(limit_facet(at, keyword, before, after))
}

/// What a moved bound means for security: only requests count, and a lower bound hardly does.
fn limit_facet(
    at: &SchemaPair<'_>,
    keyword: &str,
    before: Option<&Limit>,
    after: Option<&Limit>,
) -> Option<Facet> {
    if !at.is_request() {
        return None;
    }
    match (before, after) {
        (None, None) => None,
        (None, _) | (_, None) => {
            let facet = Facet::either("input-bound-removed", after.is_none())?;
            Some(if is_upper(keyword) { facet } else { facet.at(Severity::Low) })
        }
        (Some(before), Some(after)) if is_upper(keyword) => {
            let raised = before.value < after.value;
            let (low, high) = if raised { (before, after) } else { (after, before) };
            let tenfold = low.value.tenfold() <= high.value;
            let severity = if tenfold { Severity::Medium } else { Severity::Info };
            Some(Facet::either("input-bound-raised", raised)?.at(severity))
        }
        _ => None,
    }
}

fn is_upper(keyword: &str) -> bool {
    keyword.starts_with("max")
}

/// `Greater` when `a` allows less than `b`.
#[must_use]
pub fn tightness(a: Option<&Limit>, b: Option<&Limit>, upper: bool) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(a), Some(b)) => {
            let order = a.value.cmp(&b.value);
            let order = if upper { order.reverse() } else { order };
            order.then(a.exclusive.cmp(&b.exclusive))
        }
    }
}

/// How the types compare in this place; `None` when they are the same.
#[must_use]
pub fn types(at: &SchemaPair<'_>) -> Option<(Types, Types)> {
    let (old, new) = at.both()?;
    if is_lost(at) {
        return None;
    }
    let seen = |types: Types| if at.textual { types.as_text() } else { types };
    let (before, after) = (seen(old.types), seen(new.types));
    (before != after).then_some((before, after))
}

/// Whether another reference leads nowhere, so that nothing is known of one of the schemas.
#[must_use]
pub fn is_lost(at: &SchemaPair<'_>) -> bool {
    let target = |view: Option<&View<'_>>| view.and_then(|view| view.lost).map(|(text, _)| text.to_owned());
    target(at.old) != target(at.new)
}

/// Whether no value of the old types is one of the new, so that nothing else is worth saying.
#[must_use]
pub fn is_retyped(at: &SchemaPair<'_>) -> bool {
    types(at).is_some_and(|(before, after)| !before.meets(after))
}

/// The edit for changed types.
#[must_use]
pub fn types_edit(at: &SchemaPair<'_>) -> Option<Edit> {
    let (old, new) = at.both()?;
    let (before, after) = (old.types, new.types);
    let facet = || {
        let free = |types: Types| types.has("string") || types.has("object");
        let (less, more) = types(at)?;
        // A union that gains text or objects, or no type at all, takes input that nobody checks; text
        // that can only be an id, a date or one of a list is checked as well as a number is.
        if more.contains(less) && free(more) && !(free(less) && more != Types::ANY) && !is_confined(new) {
            return Facet::of("input-type-generalized");
        }
        if less.contains(more) && free(less) && !(free(more) && less != Types::ANY) && !is_confined(old) {
            return Facet::of("input-type-narrowed");
        }
        None
    };
    Some(
        Edit::new(format!("`{}`: {} became {}", at.name, before.words(), after.words()))
            .places(old.types_node(), new.types_node())
            .values(before.json(), after.json())
            .facet(id_facet(at).or_else(|| if at.is_request() { facet() } else { None })),
    )
}

/// What it means that the ids of objects can be counted through, or no longer.
#[must_use]
pub fn id_facet(at: &SchemaPair<'_>) -> Option<Facet> {
    let (old, new) = at.both()?;
    if !is_id(&at.name) {
        return None;
    }
    let is_countable = |view: &View<'_>| view.types.has_numbers() && !view.types.has("string");
    let is_opaque = |view: &View<'_>| view.types != Types::ANY && view.types.has("string");
    if is_opaque(old) && is_countable(new) {
        return Facet::of("object-id-became-enumerable");
    }
    if is_countable(old) && is_opaque(new) {
        return Facet::of("object-id-became-opaque");
    }
    None
}

/// Whether the place holds the id of an object, by the last word of its name.
#[must_use]
pub fn is_id(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    crate::lint::words::words(last)
        .last()
        .is_some_and(|word| matches!(word.as_str(), "id" | "uuid" | "no" | "number" | "key"))
}

/// What it means that any site, or not any longer, may read the answers of the API.
#[must_use]
pub fn origin_facet(at: &SchemaPair<'_>) -> Option<Facet> {
    let (old, new) = at.both()?;
    if !at.is_response() || !at.textual || !at.name.eq_ignore_ascii_case("access-control-allow-origin") {
        return None;
    }
    let is_wide = |view: &View<'_>| {
        view.values
            .as_ref()
            .is_none_or(|values| values.iter().any(|value| matches!(value.json.as_str(), Some("*" | "null"))))
    };
    let (was, is) = (is_wide(old), is_wide(new));
    (was != is).then(|| Facet::either("cors-origin-widened", is)).flatten()
}

/// What it means that a pattern can be matched in so many ways that a validator which backtracks
/// hangs, or no longer.
#[must_use]
pub fn backtracking_facet(at: &SchemaPair<'_>) -> Option<Facet> {
    let (old, new) = at.both()?;
    let hangs = |view: &View<'_>| view.patterns.keys().any(|pattern| is_ambiguous(pattern));
    let (was, is) = (hangs(old), hangs(new));
    (was != is).then(|| Facet::either("input-pattern-backtracking-added", is)).flatten()
}

/// Whether something that repeats without end repeats without end itself: `(a+)+`, `(a|b*)*`.
fn is_ambiguous(pattern: &str) -> bool {
    let text: Vec<char> = pattern.chars().collect();
    // For each open group: whether it holds an unbounded repeat.
    let mut groups: Vec<bool> = vec![false];
    let mut at = 0;
    let mut in_class = false;
    let repeats = |at: usize| match text.get(at) {
        Some('*' | '+') => true,
        Some('{') => {
            let rest: String = text[at..].iter().take_while(|letter| **letter != '}').collect();
            rest.ends_with(',')
        }
        _ => false,
    };
    while at < text.len() {
        match text[at] {
            '\\' => at += 1,
            '[' if !in_class => in_class = true,
            ']' => in_class = false,
            _ if in_class => {}
            '(' => groups.push(false),
            ')' => {
                let inner = groups.pop().unwrap_or(false);
                if inner && repeats(at + 1) {
                    return true;
                }
                if let Some(outer) = groups.last_mut() {
                    *outer |= inner;
                }
                if groups.is_empty() {
                    return false;
                }
            }
            _ => {}
        }
        if !in_class
            && at > 0
            && repeats(at)
            && let Some(group) = groups.last_mut()
        {
            *group = true;
        }
        at += 1;
    }
    false
}

/// Formats whose texts all have one shape and a length of their own.
const CONFINING: [&str; 7] = ["uuid", "date", "date-time", "time", "duration", "ipv4", "ipv6"];

/// Whether the texts of a schema are confined to a list or to a format of one shape.
fn is_confined(view: &View<'_>) -> bool {
    let free = view.types == Types::ANY || view.types.has("object");
    let format = view.format.is_some_and(|(format, _)| CONFINING.contains(&format));
    !free && (view.values.is_some() || format)
}

/// The listed values of one side that the other does not list.
#[must_use]
pub fn missing<'v>(from: &'v [Listed], other: &[Listed]) -> Vec<&'v Listed> {
    from.iter().filter(|value| other.iter().all(|known| known.text != value.text)).collect()
}

/// Listed values as a JSON array.
#[must_use]
pub fn json_of(values: &[Listed]) -> Value {
    values.iter().map(|value| value.json.clone()).collect()
}

/// Listed values for a sentence, cut after five.
#[must_use]
pub fn words_of(values: &[&Listed]) -> String {
    let shown: Vec<&str> = values.iter().take(5).map(|value| value.text.as_str()).collect();
    let more = values.len().saturating_sub(shown.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// The keywords of one side that the other does not have with the same content.
#[must_use]
pub fn unmatched<'v>(from: &'v [Opening], other: &[Opening]) -> Vec<&'v Opening> {
    from.iter()
        .filter(|opening| {
            let same = |known: &Opening| known.keyword == opening.keyword && known.hash == opening.hash;
            !other.iter().any(same)
        })
        .collect()
}

/// Whether the condition lets one part of a value demand something of another.
#[must_use]
pub fn is_dependency(conjunct: &Opening) -> bool {
    matches!(conjunct.keyword, "if" | "dependentRequired" | "dependentSchemas")
}

/// Whether both sides list one value alone, and not the same one.
#[must_use]
pub fn is_exchange(before: &[Listed], after: &[Listed]) -> bool {
    matches!((before, after), ([one], [other]) if one.text != other.text)
}

/// Whether the schema says nothing about the types.
#[must_use]
pub fn is_any(view: &View<'_>) -> bool {
    view.types == Types::ANY && view.unions.is_empty()
}

/// One text as a string, several as an array.
#[must_use]
pub fn one_or_many(mut texts: Vec<String>) -> Value {
    if texts.len() == 1 { Value::from(texts.remove(0)) } else { Value::from(texts) }
}

/// The format when readers check it; unknown formats and those of numbers are annotations.
#[must_use]
pub fn asserted<T>(format: Option<(&str, T)>) -> Option<(&str, T)> {
    const KNOWN: [&str; 16] = [
        "date",
        "date-time",
        "time",
        "duration",
        "uuid",
        "email",
        "idn-email",
        "hostname",
        "ipv4",
        "ipv6",
        "uri",
        "uri-reference",
        "iri",
        "byte",
        "binary",
        "regex",
    ];
    format.filter(|(name, _)| KNOWN.contains(name))
}

/// Pushes edits for `uniqueItems` and `contains` that moved `way`.
pub fn item_rules(at: &SchemaPair<'_>, edits: &mut Edits, way: Way) {
    let Some((old, new)) = at.both() else { return };
    let (from, to) = match way {
        Way::Narrowed => (old, new),
        Way::Widened => (new, old),
    };
    let mut push = |keyword: &str, node: crate::spec::tree::NodeId| {
        let narrowed = way == Way::Narrowed;
        let verb = if narrowed { "was set" } else { "was dropped" };
        let edit = Edit::new(format!("`{}`: {keyword} {verb}", at.name)).values(!narrowed, narrowed);
        edits.push(if narrowed { edit.places(old.node, node) } else { edit.places(node, new.node) });
    };
    if let (None, Some(node)) = (from.unique, to.unique) {
        push("uniqueItems", node);
    }
    if let Some(contains) = &to.contains
        && from.contains.as_ref().is_none_or(|known| known.hash != contains.hash && way == Way::Narrowed)
    {
        push("contains", contains.node);
    }
}

/// Pushes edits for divisors that moved `way`.
pub fn multiples(at: &SchemaPair<'_>, edits: &mut Edits, way: Way) {
    let Some((old, new)) = at.both() else { return };
    // Each divisor that the tighter side has beyond what the other side demands already.
    let (from, to) = match way {
        Way::Narrowed => (old, new),
        Way::Widened => (new, old),
    };
    let implied = |limit: &Limit| {
        from.multiples.iter().any(|known| known.value.is_multiple_of(&limit.value) == Some(true))
    };
    for limit in to.multiples.iter().filter(|limit| !implied(limit)) {
        let other = from.multiples.first().map_or(Value::Null, |limit| limit.json.clone());
        let words = |value: &Value| {
            if value.is_null() { "none".to_owned() } else { value.to_string() }
        };
        let (before, after) = match way {
            Way::Narrowed => (other, limit.json.clone()),
            Way::Widened => (limit.json.clone(), other),
        };
        let message = format!("`{}`: multipleOf {} became {}", at.name, words(&before), words(&after));
        let node = |view: &View<'_>| view.multiples.first().map_or(view.node, |limit| limit.node);
        edits.push(Edit::new(message).places(node(old), node(new)).values(before, after));
    }
}

/// Pushes edits for what refuses or types undeclared names, as far as it moved `way`. An object that
/// a request loses the lock of is left to `constraint-loosened`.
pub fn openness(at: &SchemaPair<'_>, edits: &mut Edits, way: Way) {
    let Some((old, new)) = at.both() else { return };
    let narrowed = way == Way::Narrowed;
    let (from, to) = if narrowed { (old, new) } else { (new, old) };
    let mut push = |keyword: &str, node, facet: Option<Facet>| {
        let verb = if narrowed { "restricts names now" } else { "restricts names no longer" };
        let edit =
            Edit::new(format!("`{}`: {keyword} {verb}", at.name)).values(!narrowed, narrowed).facet(facet);
        edits.push(if narrowed { edit.places(old.node, node) } else { edit.places(node, new.node) });
    };
    let is_told = !narrowed && at.is_request();
    if let (None, Some(node)) = (from.closed, to.closed) {
        let is_object = from.types.has("object");
        if is_object && !is_told {
            let id = if at.is_request() { "input-object-opened" } else { "exposure-response-opened" };
            push("additionalProperties", node, Facet::either(id, !narrowed));
        }
    } else if let (None, Some(rest), None) = (from.additional, to.additional, from.closed) {
        let node = to.document.api().schemas.get(rest).node;
        push("additionalProperties", node, None);
    }
    for opening in unmatched(&to.openings, &from.openings) {
        push(opening.keyword, opening.node, None);
    }
}

/// Pushes edits for arrays whose places are described otherwise.
pub fn items(at: &SchemaPair<'_>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let level = |narrowed: bool| match at.direction {
        Some(Direction::Request) if narrowed => Level::Breaking,
        Some(Direction::Response) if !narrowed => Level::Breaking,
        _ => Level::Info,
    };
    match (old.items, new.items) {
        (None, Some(_)) => edits.push(
            Edit::new(format!("`{}`: the items have a schema now", at.name))
                .places(old.node, new.node)
                .values(Value::Null, true)
                .level(level(true)),
        ),
        (Some(_), None) => edits.push(
            Edit::new(format!("`{}`: the items have no schema any more", at.name))
                .places(old.node, new.node)
                .values(true, Value::Null)
                .level(level(false)),
        ),
        _ => {}
    }
    let (before, after) = (old.prefix.len(), new.prefix.len());
    if before != after {
        edits.push(
            Edit::new(format!("`{}`: {after} leading items are described, there were {before}", at.name))
                .places(old.node, new.node)
                .values(before, after)
                .level(level(after > before)),
        );
    }
}
