//! A parameter has another name.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::{Location, Parameter};

/// The rule.
pub static RULE: Rule = Rule {
    id: "parameter-renamed",
    title: "parameter renamed",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.2.0",
    why: "Calls carry the value under the old name, which nobody reads any more.",
    remedy: "Read both names until nobody uses the old one.",
    security: &[],
    fires: &[
        example!("PARAM: {name: pageSize, in: query, schema: {type: integer, maximum: 100}}" => "PARAM: {name: page_size, in: query, schema: {type: integer, maximum: 100}}"),
    ],
    silent: &[
        example!("PARAM: {name: X-Trace, in: header, schema: {type: string}}" => "PARAM: {name: x-trace, in: header, schema: {type: string}}"),
        example!("PARAM: {name: q, in: query, schema: {type: string}}" => "PARAM: {name: r, in: query, schema: {type: integer}}"),
        example!("paths: {'/a/{x}': {get: {parameters: [{name: x, in: path, required: true, schema: {type: string}}]}}}" => "paths: {'/a/{y}': {get: {parameters: [{name: y, in: path, required: true, schema: {type: string}}]}}}"),
    ],
    check: Check::Parameter(check),
};

fn check(at: &Pair<'_, &Parameter>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    let is_told = old.location != new.location || old.location == Location::Path;
    if is_told || old.location.same_name(&old.name, &new.name) {
        return;
    }
    edits.push(
        Edit::new(format!("`{}` is called `{}` now", old.name, new.name))
            .places(old.node, new.node)
            .values(old.name.as_str(), new.name.as_str()),
    );
}
