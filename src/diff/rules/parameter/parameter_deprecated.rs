//! Parameter deprecation changed.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::Parameter;

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
    ],
    silent: &[
        example!("PARAM: {name: q, in: query, schema: {type: string}}" => "PARAM: {name: q, in: query, schema: {type: string}}"),
    ],
    check: Check::Parameter(check),
};

fn check(at: &Pair<'_, &Parameter>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if old.deprecated != new.deprecated {
        let verb = if new.deprecated { "is deprecated" } else { "is no longer deprecated" };
        edits.push(
            Edit::new(format!("`{}` {verb}", at.name))
                .places(old.node, new.node)
                .values(old.deprecated, new.deprecated),
        );
    }
}
