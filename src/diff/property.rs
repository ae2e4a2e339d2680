//! What the rules of properties share: their sentences, and what it means when one is shown.

use rustc_hash::FxHashSet;
use serde_json::Value;

use super::change::{Level, Surface};
use super::edit::{Edit, Edits};
use super::pair::{Pair, PropertyView};
use super::parameter;
use super::risk::Facet;
use super::types::Types;
use super::view::{View, reference_name};
use crate::lint::{Severity, Tier, is_privileged, is_server_managed, tier};
use crate::spec::Document;
use crate::spec::schema::SchemaId;
use crate::spec::tree::NodeId;

type PropertyPair<'a> = Pair<'a, PropertyView<'a>>;

/// The sentence of a new property.
#[must_use]
pub fn added_edit(at: &PropertyPair<'_>, new: PropertyView<'_>) -> Edit {
    let demanded = if new.required.is_some() { " and required" } else { "" };
    let edit = Edit::new(format!("`{}` is new{demanded}", at.name))
        .places(None, new.node)
        .values(Value::Null, new.brief())
        .facet(privilege(at, new, true).or_else(|| detail(at, new, true)).or_else(|| input(at, new, true)));
    // A closed object promised that no other name would come.
    let was_closed = at.is_response() && at.closed.0;
    if was_closed { edit.level(Level::Breaking) } else { edit }
}

/// Pushes the edits of a property that is gone, and of the sensitive leaves that went with it.
pub fn removed(at: &PropertyPair<'_>, old: PropertyView<'_>, edits: &mut Edits) {
    let edit = removed_edit(at, old);
    let refused = at.is_request() && at.closed.1;
    edits.push(if refused { edit.level(Level::Breaking).surface(Surface::Wire) } else { edit });
    if !at.is_response() {
        return;
    }
    for (path, node, tier) in sensitive_below(at.scene.old, at.scene.new, old) {
        edits.push(
            Edit::new(format!("`{}{path}` is no longer shown", at.name))
                .places(node, None)
                .values(path, Value::Null)
                .level(Level::Info)
                .facet(Facet::either(exposure(tier), false)),
        );
    }
}

/// The sentence of a property that is gone.
#[must_use]
fn removed_edit(at: &PropertyPair<'_>, old: PropertyView<'_>) -> Edit {
    let facet = match old.tier() {
        Some(tier) if at.is_response() => Facet::either(exposure(tier), false),
        _ => privilege(at, old, false).or_else(|| detail(at, old, false)).or_else(|| input(at, old, false)),
    };
    Edit::new(format!("`{}` is gone", at.name))
        .places(old.node, None)
        .values(old.brief(), Value::Null)
        .facet(facet)
}

/// Whether `sensitive-property-exposed` speaks for the property.
#[must_use]
pub fn is_exposure(at: &PropertyPair<'_>) -> bool {
    let visible = |side: Option<PropertyView<'_>>| side.is_some_and(|side| !side.hidden);
    at.is_response() && visible(at.new) && !visible(at.old) && at.new.is_some_and(|new| new.tier().is_some())
}

/// Pushes the edits of sensitive properties that a response shows now: the property itself, or what
/// a new one holds.
pub fn exposed(at: &PropertyPair<'_>, edits: &mut Edits) {
    if let Some(new) = at.added().filter(|_| at.is_response()) {
        for (path, node, tier) in sensitive_below(at.scene.new, at.scene.old, new) {
            edits.push(
                Edit::new(format!("`{}{path}` is shown now: {}", at.name, tier.as_str()))
                    .places(None, node)
                    .values(Value::Null, path)
                    .facet(Facet::of(exposure(tier))),
            );
        }
    }
    let Some((new, tier)) = at.new.filter(|_| is_exposure(at)).and_then(|new| Some((new, new.tier()?)))
    else {
        return;
    };
    let facet = match at.old {
        Some(_) => Facet::of("exposure-writeonly-dropped")
            .map(|facet| if tier == Tier::Credential { facet.at(Severity::Critical) } else { facet }),
        None => Facet::of(exposure(tier)),
    };
    let edit = Edit::new(format!("`{}` is shown now: {}", at.name, tier.as_str()))
        .places(at.old.map(|old| old.node), new.node)
        .values(Value::Null, new.brief())
        .facet(facet);
    let was_closed = at.old.is_none() && at.closed.0;
    edits.push(if was_closed { edit.level(Level::Breaking) } else { edit });
}

/// Pushes the edit of a property that `readOnly` or `writeOnly` took out of a direction or put into it.
pub fn access(at: &PropertyPair<'_>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if old.hidden == new.hidden || is_exposure(at) {
        return;
    }
    let flag = if at.is_request() { "readOnly" } else { "writeOnly" };
    let id = match (at.is_request(), is_privileged(new.name), is_server_managed(new.name)) {
        (false, ..) => Some("exposure-writeonly-dropped"),
        (true, true, _) => Some("input-privileged-added"),
        (true, false, true) => Some("input-readonly-dropped"),
        (true, false, false) => None,
    };
    let verb = if new.hidden { "became" } else { "is no longer" };
    // Whoever sends must know of a demand, whoever reads of a promise.
    let breaks = if at.is_request() {
        !new.hidden && new.required.is_some()
    } else {
        new.hidden && old.required.is_some()
    };
    let edit = Edit::new(format!("`{}` {verb} {flag}", at.name))
        .places(old.node, new.node)
        .values(old.hidden, new.hidden)
        .facet(id.and_then(|id| Facet::either(id, !new.hidden)));
    edits.push(if breaks { edit.level(Level::Breaking) } else { edit });
}

/// The sensitive leaves below a property that only `document` has. Named schemas that the other
/// document has too are taken to be shown there as well.
fn sensitive_below(
    document: &Document,
    other: &Document,
    property: PropertyView<'_>,
) -> Vec<(String, NodeId, Tier)> {
    let schemas = &document.api().schemas;
    let is_known = |id: SchemaId| {
        let name = reference_name(document, id);
        name.is_some_and(|name| other.api().component(name).is_some())
    };
    let mut found = Vec::new();
    let mut seen = FxHashSet::default();
    let mut stack: Vec<(SchemaId, String)> = property.schemas.iter().map(|id| (*id, String::new())).collect();
    while let Some((id, path)) = stack.pop() {
        if is_known(id) || !seen.insert(schemas.resolve(id)) {
            continue;
        }
        if schemas.resolved(id).is_leaf() {
            continue;
        }
        let view = View::of(document, id);
        for (name, ids) in view.properties.iter() {
            let below = format!("{path}.{name}");
            let Some(first) = ids.first() else { continue };
            let (said, meant) = (schemas.get(*first), schemas.resolved(*first));
            // Most names tell nothing, whatever stands under them.
            let told = tier(name, false).filter(|_| {
                let types = View::of(document, *first).types;
                types == Types::ANY
                    || !types.has("object") && !types.has("array") && types != Types::of(["boolean"])
            });
            match told {
                Some(tier) if !said.write_only() && !meant.write_only() => {
                    found.push((below, said.node, tier));
                }
                _ => stack.extend(ids.iter().map(|id| (*id, below.clone()))),
            }
        }
        stack.extend(view.items.map(|items| (items, format!("{path}[]"))));
        let branches = view.unions.iter().flat_map(|union| &union.branches);
        stack.extend(branches.map(|branch| (*branch, path.clone())));
    }
    found
}

fn exposure(tier: Tier) -> &'static str {
    match tier {
        Tier::Credential => "exposure-credential-added",
        Tier::Personal | Tier::Regulated => "exposure-personal-added",
    }
}

/// What it means that an error shows internals, or no longer.
fn detail(at: &PropertyPair<'_>, property: PropertyView<'_>, added: bool) -> Option<Facet> {
    const INTERNALS: [&str; 6] = ["stack", "exception", "sql", "query", "debug", "backtrace"];
    let words = crate::lint::words::words(property.name);
    let is_internal = words.iter().any(|word| INTERNALS.contains(&word.as_str()))
        || words.last().is_some_and(|word| word == "trace")
        || words.as_slice() == ["inner", "error"];
    (at.error && is_internal).then(|| Facet::either("error-detail-added", added)).flatten()
}

/// What it means that callers may send a URL, or no longer.
fn input(at: &PropertyPair<'_>, property: PropertyView<'_>, added: bool) -> Option<Facet> {
    let document = if added { at.scene.new } else { at.scene.old };
    let view = View::of(document, *property.schemas.first()?);
    let facet = parameter::input_facet(property.name, Some(&view), added)?;
    (at.is_request() && facet.id().starts_with("ssrf-url")).then_some(facet)
}

fn privilege(at: &PropertyPair<'_>, property: PropertyView<'_>, added: bool) -> Option<Facet> {
    (at.is_request() && is_privileged(property.name))
        .then(|| Facet::either("input-privileged-added", added))
        .flatten()
}
