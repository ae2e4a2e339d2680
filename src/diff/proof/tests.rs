//! Questions with known answers. Each refutation is looked at by the `jsonschema` crate inside
//! [`super::contains`], so a wrong witness shows as undecided.

use serde_json::{Map, Value, json};

use super::{Verdict, contains};
use crate::spec::Limits;

fn ask(a: &Value, b: &Value) -> Verdict {
    contains(a.to_string().as_bytes(), b.to_string().as_bytes(), &Limits::default()).expect("schemas")
}

/// Both ways at once: `true` where the second holds all of the first, and the other way round.
fn both(a: &Value, b: &Value) -> (bool, bool) {
    let decided = |verdict| match verdict {
        Verdict::Proven => true,
        Verdict::Refuted(_) => false,
        Verdict::Unknown(why) => panic!("{a} {b}: {why}"),
    };
    (decided(ask(a, b)), decided(ask(b, a)))
}

#[test]
fn what_is_written_otherwise_is_the_same() {
    let pairs = [
        (json!({"enum": ["a", "b"]}), json!({"oneOf": [{"const": "a"}, {"const": "b"}]})),
        (json!({"type": "integer", "minimum": 1}), json!({"type": "integer", "exclusiveMinimum": 0})),
        (json!({"type": "boolean"}), json!({"enum": [true, false]})),
        (json!({"type": "integer", "minimum": 1, "maximum": 3}), json!({"enum": [1, 2, 3]})),
        (json!({"type": "string", "pattern": "^(a|b)$"}), json!({"enum": ["a", "b"]})),
        (json!({"not": {"not": {"type": "string"}}}), json!({"type": "string"})),
        (
            json!({"allOf": [{"properties": {"a": {"type": "string"}}}, {"required": ["a"]}], "type": "object"}),
            json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}),
        ),
        (json!({"anyOf": [{"type": "string"}, {"type": "null"}]}), json!({"type": ["null", "string"]})),
        (
            json!({"if": {"type": "string"}, "then": {"minLength": 1}, "else": false}),
            json!({"type": "string", "minLength": 1}),
        ),
        (
            json!({"dependentRequired": {"a": ["b"]}}),
            json!({"if": {"type": "object", "required": ["a"]}, "then": {"required": ["b"]}}),
        ),
        (
            json!({"type": "array", "uniqueItems": true, "maxItems": 1}),
            json!({"type": "array", "maxItems": 1}),
        ),
        (json!({"type": "number", "multipleOf": 0.5}), json!({"type": "number", "multipleOf": 5e-1})),
        (json!({"minLength": 5, "maxLength": 4, "type": "string"}), json!(false)),
    ];
    for (a, b) in pairs {
        assert_eq!(both(&a, &b), (true, true), "{a} {b}");
    }
}

#[test]
fn what_was_found_is_looked_over_whatever_it_took() {
    for members in (200..=1_000).step_by(50) {
        let schema = |last: &str| {
            let names: Vec<String> = (0..members).map(|n| format!("m{n:04}")).collect();
            let kind = |at: usize| if at + 1 == members { last } else { "string" };
            let properties: Map<String, Value> = names
                .iter()
                .enumerate()
                .map(|(at, name)| (name.clone(), json!({"type": kind(at)})))
                .collect();
            json!({"type": "object", "properties": properties, "required": names})
        };
        assert_eq!(both(&schema("string"), &schema("integer")), (false, false), "{members} members");
    }
}

#[test]
fn what_is_less_is_within_and_not_the_other_way() {
    let pairs = [
        (json!({"type": "integer"}), json!({"type": "number"})),
        (json!({"type": "string", "maxLength": 3}), json!({"type": "string", "maxLength": 4})),
        (json!({"multipleOf": 6, "type": "integer"}), json!({"multipleOf": 3, "type": "integer"})),
        (json!({"minimum": 0.1, "type": "number"}), json!({"exclusiveMinimum": 0.09, "type": "number"})),
        (json!({"pattern": "^ab+$", "type": "string"}), json!({"pattern": "^a", "type": "string"})),
        (json!({"type": "integer"}), json!({"oneOf": [{"type": "integer"}, {"type": "string"}]})),
        (
            json!({"type": "object", "additionalProperties": false, "properties": {"a": true}}),
            json!({"type": "object", "propertyNames": {"maxLength": 1}}),
        ),
        (
            json!({"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "integer"}}),
            json!({"type": "array", "items": {"type": ["string", "integer"]}}),
        ),
        (json!({"type": "array", "contains": {"const": 1}}), json!({"type": "array", "minItems": 1})),
        (
            json!({"unevaluatedProperties": false, "allOf": [{"properties": {"a": true}}], "type": "object"}),
            json!({"type": "object", "maxProperties": 1}),
        ),
    ];
    for (a, b) in pairs {
        assert_eq!(both(&a, &b), (true, false), "{a} {b}");
    }
}

#[test]
fn alternatives_that_overlap_refuse_what_both_take() {
    let any = json!({"anyOf": [{"type": "integer"}, {"type": "number", "minimum": 0}]});
    let one = json!({"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 0}]});
    assert_eq!(both(&any, &one), (false, true));
}

#[test]
fn recursion_ends() {
    let list = |value: Value| {
        json!({"$ref": "#/$defs/node", "$defs": {"node": {"type": "object",
            "properties": {"value": value, "next": {"$ref": "#/$defs/node"}}}}})
    };
    let (wide, narrow) = (list(json!({"type": ["string", "integer"]})), list(json!({"type": "string"})));
    assert_eq!(both(&narrow, &wide), (true, false));
    // Nothing has an end here, so nothing is in it.
    let endless = json!({"$ref": "#/$defs/a", "$defs": {"a": {"type": "object", "required": ["b"],
        "properties": {"b": {"$ref": "#/$defs/a"}}}}});
    assert_eq!(ask(&endless, &json!(false)), Verdict::Proven);
}

#[test]
fn tagged_alternatives_are_told_apart_without_trying_all_ways() {
    let branch = |tag: usize, most: usize| {
        json!({"type": "object", "required": ["tag", "a", "b", "c"], "properties": {"tag": {"const": tag},
            "a": {"type": "string", "maxLength": most}, "b": {"type": "integer"}, "c": {"type": "string"}}})
    };
    let all = |most: usize| json!({"oneOf": (0..20).map(|tag| branch(tag, most)).collect::<Vec<_>>()});
    assert_eq!(both(&all(5), &all(6)), (true, false));
}

#[test]
fn what_cannot_be_decided_says_why() {
    let a = json!({"type": "string", "pattern": "^(a+)\\1$"});
    let Verdict::Unknown(why) = ask(&a, &json!({"type": "string", "maxLength": 1})) else {
        panic!("a back-reference was decided");
    };
    assert!(why.contains("pattern"), "{why}");
}

#[test]
fn a_schema_that_cannot_be_read_is_named() {
    let wrong = contains(b"{}", b"{", &Limits::default()).expect_err("half an object");
    assert_eq!(wrong.0, super::Which::Second);
}

#[test]
fn a_condition_without_consequence_evaluates_what_it_looks_at() {
    let closed = json!({"type": "object", "unevaluatedProperties": false});
    let mut looking = closed.clone();
    looking["if"] = json!({"properties": {"a": true}});
    assert_eq!(both(&closed, &looking), (true, false));
    // Where nobody asks what is evaluated, it says nothing.
    let plain = json!({"type": "object"});
    assert_eq!(both(&plain, &json!({"type": "object", "if": {"required": ["a"]}})), (true, true));
}
