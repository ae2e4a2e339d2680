//! Parameter deprecation changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::{Header, Parameter};
use crate::spec::tree::NodeId;

/// The rule.
pub static RULE: Rule = Rule {
    id: "parameter-deprecated",
    title: "parameter deprecation changed",
    level: Levels::always(Level::Info),
    surface: Surface::Documentation,
    since: "0.1.0",
    why: "Callers are told to do without it, or that they need not.",
    remedy: "Name a date after which it may go.",
    security: &[],
    fires: &[
        example!("PARAM: {name: q, in: query, schema: {type: string}}" => "PARAM: {name: q, in: query, deprecated: true, schema: {type: string}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-A: {deprecated: true, schema: {type: string}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-A: {schema: {type: string}}}}}}}}"),
    ],
    silent: &[
        example!("PARAM: {name: q, in: query, schema: {type: string}}" => "PARAM: {name: q, in: query, schema: {type: string}}"),
    ],
    check: Check::Several(&[Check::Parameter(check), Check::Header(header)]),
};

fn check(at: &Pair<'_, &Parameter>, edits: &mut Edits) {
    if let Some((old, new)) = at.both() {
        edits.extend(edit(&at.name, (old.node, old.deprecated), (new.node, new.deprecated)));
    }
}

fn header(at: &Pair<'_, &Header>, edits: &mut Edits) {
    if let Some((old, new)) = at.both() {
        edits.extend(edit(&at.name, (old.node, old.deprecated), (new.node, new.deprecated)));
    }
}

fn edit(name: &str, (old, was): (NodeId, bool), (new, is): (NodeId, bool)) -> Option<Edit> {
    let verb = if is { "is deprecated" } else { "is no longer deprecated" };
    (was != is).then(|| Edit::new(format!("`{name}` {verb}")).places(old, new).values(was, is))
}
