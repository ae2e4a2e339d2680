//! What the referee is asked, and that what is spared changes no answer.

use proptest::prelude::*;

use super::*;
use crate::spec::{Limits, load};

#[test]
fn what_cannot_be_judged_spoils_no_other_value() {
    let document = document(&json!({
        "A": {"properties": {"a": {"type": "string"}, "b": {"pattern": "("}}},
        "B": {"properties": {"c": {"type": "string"}}},
    }));
    let id = |name| document.api().component(name).expect("the schema is named");
    let (a, b) = (id("A"), id("B"));
    let (good, bad, spoilt, other) =
        (json!({"a": "x"}), json!({"a": 1}), json!({"b": "x"}), json!({"c": "x"}));
    for formats in [false, true] {
        let (schemas, values) = ([a, b, a, a], [&bad, &other, &spoilt, &good]);
        let told = judged(&document, &schemas, &values, None, formats);
        assert_eq!([&told[0], &told[1], &told[3]], [&Ok(false), &Ok(true), &Ok(true)]);
        assert!(told[2].as_ref().is_err_and(|why| why.contains("pattern")));
    }
}

#[test]
fn what_a_taker_stands_for_refuses_nothing() {
    let (text, apart) = (json!({"type": "string"}), json!({"not": {"required": ["q"]}}));
    let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let of = |schema: &Value| json!({"A": {"properties": {"a": schema}}});
    let closed = |keyword: &str| {
        let mut schemas = of(&text);
        schemas["A"][keyword] = json!(false);
        schemas
    };
    let beside = json!({"$ref": "#/components/schemas/X", "maxProperties": 3});
    let twice = json!({"properties": {"x": to("S"), "y": to("S")}});
    let cases = [
        (of(&text), closed("additionalProperties"), json!({"a": "x"})),
        (of(&text), closed("unevaluatedProperties"), json!({"a": "x"})),
        (json!({"A": to("X"), "X": apart}), json!({"A": beside, "X": apart}), json!({"a": "x"})),
        (
            json!({"A": {"properties": {"y": apart}}}),
            json!({"A": twice, "S": apart}),
            json!({"x": {}, "y": {}}),
        ),
    ];
    for (sent, read, value) in cases {
        let (sender, receiver) = (document(&sent), document(&read));
        let taker = Taker::of(&sender.api().schemas, named(&sender));
        for taker in [None, Some(taker)] {
            let is_known = taker.is_some();
            let told = judged(&receiver, &[named(&receiver)], &[&value], taker, false);
            assert_eq!(told, [Ok(true)], "{read} {value} {is_known}");
        }
    }
}

/// What is judged of values, each held against its schema.
fn judged(
    document: &Document,
    schemas: &[SchemaId],
    values: &[&Value],
    taker: Option<Taker<'_>>,
    formats: bool,
) -> Vec<Result<bool, String>> {
    let named: Vec<Named> = values.iter().enumerate().map(|(at, value)| Named::new(at, value)).collect();
    let asked = schemas.iter().zip(&named).map(|(schema, value)| Asked { schema: *schema, value, taker });
    judge(document, View::Request, &asked.collect::<Vec<_>>(), formats)
}

fn document(schemas: &Value) -> Document {
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {},
        "components": {"schemas": schemas},
    });
    load(document.to_string().as_bytes(), &Limits::default()).expect("a document")
}

fn named(document: &Document) -> SchemaId {
    document.api().component("A").expect("the schema is named")
}

fn names() -> impl Strategy<Value = String> + Clone {
    prop::sample::select(vec!["a", "b", "c"]).prop_map(str::to_owned)
}

/// Schemas of a few keywords, which may refer to the shared ones.
fn schema(shared: usize) -> impl Strategy<Value = Value> {
    let plain = prop::sample::select(vec![
        json!(true),
        json!(false),
        json!({"type": "string"}),
        json!({"type": "object"}),
        json!({"const": 1}),
        json!({"required": ["a"]}),
        json!({"type": ["integer", "array"]}),
        json!({"enum": ["x", 1]}),
        json!({"const": "y"}),
        json!({"enum": ["a", "b"]}),
        json!({"enum": ["a", "b"], "not": {"const": "a"}}),
        json!({"enum": ["a", "b"], "allOf": [{"const": "a"}]}),
        json!({"required": ["b"], "properties": {"a": {"const": 1}, "b": {"readOnly": true}}}),
    ]);
    let shared = (0..=shared).prop_map(move |at| match at {
        0 => json!({}),
        at => json!({"$ref": format!("#/components/schemas/S{at}")}),
    });
    prop_oneof![plain, shared].prop_recursive(3, 24, 3, |inner| {
        let members = prop::collection::btree_map(names(), inner.clone(), 1..3);
        let single =
            ["items", "contains", "not", "additionalProperties", "unevaluatedItems", "propertyNames"];
        let several = ["allOf", "anyOf", "oneOf", "prefixItems"];
        prop_oneof![
            3 => members.clone().prop_map(|members| json!({"properties": members})),
            1 => (members.clone(), inner.clone())
                .prop_map(|(members, rest)| json!({"properties": members, "additionalProperties": rest})),
            1 => (members.clone(), inner.clone()).prop_map(|(members, part)| {
                json!({"properties": members, "unevaluatedProperties": false, "allOf": [part]})
            }),
            1 => (members, inner.clone()).prop_map(|(members, part)| {
                let mut whole = json!({"properties": members});
                whole.as_object_mut().expect("an object").extend(part.as_object().cloned().unwrap_or_default());
                whole
            }),
            2 => (prop::sample::select(single.to_vec()), inner.clone())
                .prop_map(|(keyword, schema)| json!({keyword: schema})),
            2 => (prop::sample::select(several.to_vec()), prop::collection::vec(inner, 1..3))
                .prop_map(|(keyword, schemas)| json!({keyword: schemas})),
        ]
    })
}

fn value() -> impl Strategy<Value = Value> {
    let plain = prop::sample::select(vec![json!(1), json!("x")]);
    plain.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            3 => prop::collection::btree_map(names(), inner.clone(), 0..4).prop_map(|members| json!(members)),
            1 => prop::collection::vec(inner, 0..3).prop_map(Value::Array),
        ]
    })
}

proptest! {
    #[test]
    fn a_taker_changes_no_answer(
        shared in prop::collection::vec(schema(0), 2),
        whole in schema(2),
        (at, other) in (0..3_usize, schema(2)),
        values in prop::collection::vec(value(), 12),
    ) {
        let schemas = |all: [&Value; 3]| json!({"A": all[0], "S1": all[1], "S2": all[2]});
        let mut all = [&whole, &shared[0], &shared[1]];
        let sender = document(&schemas(all));
        let plain = other.to_string().contains("$ref");
        all[if plain { 0 } else { at }] = &other;
        let receiver = document(&schemas(all));
        let (sent, read) = (named(&sender), named(&receiver));
        let ask = |document, schema, values: &[&Value], taker| {
            judged(document, &vec![schema; values.len()], values, taker, false)
        };
        let all: Vec<&Value> = values.iter().collect();
        let taken = ask(&sender, sent, &all, None);
        let kept: Vec<&Value> =
            all.into_iter().zip(taken).filter(|(_, taken)| *taken == Ok(true)).map(|(value, _)| value).collect();
        let taker = Taker::of(&sender.api().schemas, sent);
        prop_assert_eq!(ask(&receiver, read, &kept, None), ask(&receiver, read, &kept, Some(taker)));
    }

    #[test]
    fn what_no_value_meets_changes_no_answer(
        shared in prop::collection::vec(schema(0), 2),
        whole in schema(2),
        values in prop::collection::vec(value(), 12),
    ) {
        let document = document(&json!({"A": whole, "S1": shared[0], "S2": shared[1]}));
        let id = named(&document);
        let mut written =
            plain(&document, &[id], View::Request, |_| true, |_| true).expect("it is small").schema;
        written["$ref"] = reference(id).into();
        let referee = Referee::new(&written, false).expect("a schema");
        let answers: Vec<Result<bool, String>> =
            values.iter().map(|value| Ok(referee.accepts(value))).collect();
        let values: Vec<&Value> = values.iter().collect();
        prop_assert_eq!(judged(&document, &[id; 12], &values, None, false), answers);
    }
}
