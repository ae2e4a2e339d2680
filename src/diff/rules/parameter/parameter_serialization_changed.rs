//! Parameter spelled otherwise.

use crate::diff::change::{Level, Surface};
use crate::diff::edit::{Edit, Edits};
use crate::diff::pair::Pair;
use crate::diff::parameter;
use crate::diff::rules::{Check, Levels, Rule};
use crate::spec::model::{Header, Parameter};

/// The rule.
pub static RULE: Rule = Rule {
    id: "parameter-serialization-changed",
    title: "parameter spelled otherwise",
    level: Levels::always(Level::Breaking),
    surface: Surface::Wire,
    since: "0.1.0",
    why: "The same value is written with other bytes now.",
    remedy: "Keep style and explode, or take a new parameter name.",
    security: &[],
    fires: &[
        example!("PARAM: {name: q, in: query, schema: {type: array, items: {type: string}}}" => "PARAM: {name: q, in: query, style: spaceDelimited, explode: false, schema: {type: array, items: {type: string}}}"),
        example!("PARAM: {name: q, in: query, schema: {type: string}}" => "PARAM: {name: q, in: query, allowReserved: true, schema: {type: string}}"),
        example!("PARAM: {name: q, in: query, schema: {type: string}}" => "PARAM: {name: q, in: query, content: {application/json: {schema: {type: string}}}}"),
        example!("PARAM: {name: q, in: query, allowEmptyValue: true, schema: {type: boolean}}" => "PARAM: {name: q, in: query, schema: {type: boolean}}"),
        example!("paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-A: {schema: {type: object}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-A: {explode: true, schema: {type: object}}}}}}}}"),
    ],
    silent: &[
        example!("paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-A: {schema: {type: string}}}}}}}}" => "paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-A: {explode: true, style: simple, schema: {type: string}}}}}}}}"),
        example!("PARAM: {name: q, in: query, schema: {type: array, items: {type: string}}}" => "PARAM: {name: q, in: query, style: form, explode: true, schema: {type: array, items: {type: string}}}"),
        example!("PARAM: {name: q, in: query, schema: {type: string}}" => "PARAM: {name: q, in: query, explode: false, schema: {type: string}}"),
    ],
    check: Check::Several(&[Check::Parameter(check), Check::Header(header)]),
};

fn check(at: &Pair<'_, &Parameter>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if old.location != new.location {
        return;
    }
    if let Some((before, after)) = parameter::spellings(at).filter(|(before, after)| before != after) {
        edits.push(
            Edit::new(format!("`{}` is written as {after}, it was {before}", at.name))
                .places(old.node, new.node)
                .values(before, after),
        );
    }
    if old.allow_empty != new.allow_empty {
        let (verb, level) =
            if new.allow_empty { ("may be", Level::Info) } else { ("can no longer be", Level::Breaking) };
        edits.push(
            Edit::new(format!("`{}` {verb} sent without a value", at.name))
                .places(old.node, new.node)
                .values(old.allow_empty, new.allow_empty)
                .level(level),
        );
    }
}

/// Headers of responses are written in one of two ways, which objects alone tell apart.
fn header(at: &Pair<'_, &Header>, edits: &mut Edits) {
    let Some((old, new)) = at.both() else { return };
    if let Some((before, after)) = parameter::header_spellings(at).filter(|(before, after)| before != after) {
        edits.push(
            Edit::new(format!("`{}` is written as {after}, it was {before}", at.name))
                .places(old.node, new.node)
                .values(before, after),
        );
    }
}
