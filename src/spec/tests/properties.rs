//! What holds for any input.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::read;
use crate::spec::tree::{Kind, NodeId};
use crate::spec::validate::validate;
use crate::spec::{Limits, ProblemKind, load};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::hash_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn json_comes_out_as_it_went_in(value in any_json(), pretty in any::<bool>()) {
        let document = json!({"openapi": "3.0.0", "x": value});
        let text = if pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) };
        let loaded = read(&text.expect("a value can be written"));
        prop_assert_eq!(loaded.value(NodeId::ROOT), document);
    }

    #[test]
    fn what_serde_json_takes_is_taken_and_nothing_else(text in r#"\{"openapi":"3\.0\.0","a":[\[\]{}",:0-9eE.+\-a-z\\ u]{0,12}\}"#) {
        let theirs = serde_json::from_str::<Value>(&text);
        let ours = load(text.as_bytes(), &Limits::default());
        match (&theirs, &ours) {
            (Ok(value), Ok(document)) => prop_assert_eq!(&document.value(NodeId::ROOT), value),
            // It keeps the last of two equal keys, and knows no number beyond `f64`.
            (Ok(_), Err(problem)) => prop_assert!(problem.kind == ProblemKind::DuplicateKey || problem.kind == ProblemKind::UnknownVersion),
            (Err(error), Ok(_)) => prop_assert!(error.to_string().contains("out of range")),
            (Err(_), Err(_)) => {}
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in any::<String>(), head in prop::sample::select(vec!["", "openapi: 3.0.0\n", "{\"openapi\":\"3.1.0\",", "a: &a "])) {
        let _ = load(format!("{head}{text}").as_bytes(), &Limits::default());
    }

    #[test]
    fn any_value_in_any_place_is_survived(value in any_json(), place in prop::sample::select(vec![
        "/paths", "/paths/~1a", "/paths/~1a/get", "/paths/~1a/get/parameters", "/paths/~1a/get/responses", "/components",
        "/components/schemas", "/components/schemas/A", "/security", "/servers", "/tags", "/info",
    ]), version in prop::sample::select(vec!["3.0.0", "3.1.0", "3.2.0"])) {
        let mut document = json!({
            "openapi": version, "info": {}, "paths": {"/a": {"get": {"parameters": [], "responses": {}}}},
            "components": {"schemas": {"A": {}}}, "security": [], "servers": [], "tags": [],
        });
        *document.pointer_mut(place).expect("the place is there") = value;
        let loaded = read(&document.to_string());
        let kind = loaded.tree().kind(NodeId::ROOT);
        prop_assert_eq!(kind, Kind::Object);
        for fault in validate(&loaded) {
            let _ = loaded.place(fault.node);
        }
    }
}
