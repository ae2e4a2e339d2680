//! A property has another name.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::{Pair, PropertyView};
use crate::diff::rules::{Check, Levels, Rule};

/// The rule.
pub static RULE: Rule = Rule {
    id: "property-renamed",
    title: "property renamed",
    level: Levels::always(Level::Warning),
    surface: Surface::Wire,
    since: "0.2.0",
    why: "What is sent under the old name is not read, and what is read under it does not come.",
    remedy: "Keep both names until nobody uses the old one.",
    security: &[],
    fires: &[
        example!("REQ: {type: object, required: [zip], properties: {zip: {type: string, maxLength: 9}}}" => "REQ: {type: object, required: [postcode], properties: {postcode: {type: string, maxLength: 9}}}"),
        example!("RES: {type: object, properties: {zip: {type: string}, n: {type: integer}}}" => "RES: {type: object, properties: {postcode: {type: string}, n: {type: integer}}}"),
    ],
    silent: &[
        example!("REQ: {type: object, properties: {zip: {type: string}}}" => "REQ: {type: object, properties: {code: {type: integer}}}"),
        example!("RES: {type: object, properties: {zip: {type: string}}}" => "RES: {type: object, properties: {password: {type: string}}}"),
        example!("REQ: {type: object, properties: {zip: {type: string}}}" => "REQ: {type: object, properties: {zip: {type: string}, code: {type: string}}}"),
    ],
    check: Check::Property(check),
};

fn check(at: &Pair<'_, PropertyView<'_>>, edits: &mut Edits) {
    let Some((old, new)) = at.both().filter(|(old, new)| old.name != new.name) else {
        return;
    };
    let breaks = if at.is_request() {
        new.required.is_some() || at.closed.1
    } else {
        old.required.is_some() || at.closed.0
    };
    let edit = Edit::new(format!("`{}` is called `{}` now", at.name, new.name))
        .places(old.node, new.node)
        .values(old.name, new.name);
    edits.push(if breaks { edit.level(Level::Breaking) } else { edit });
}
