//! Schemas in 2020-12 terms, and their hashes.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::with_schemas;
use crate::spec::members::Way;
use crate::spec::schema::{Type, TypeSet};
use crate::spec::{Document, Hash};

fn hash_of(document: &Document, name: &str) -> Hash {
    let api = document.api();
    api.schemas.get(api.component(name).expect("the schema is named")).hash
}

#[test]
fn spellings_of_one_schema_hash_alike_and_near_misses_do_not() {
    let same: &[(&str, Value, &str, Value)] = &[
        ("3.0.3", json!({"type": "string", "nullable": true}), "3.1.0", json!({"type": ["null", "string"]})),
        ("3.0.3", json!({"minimum": 1, "exclusiveMinimum": true}), "3.1.0", json!({"exclusiveMinimum": 1.0})),
        ("3.0.3", json!({"minimum": 1, "exclusiveMinimum": false}), "3.1.0", json!({"minimum": 1})),
        ("2.0", json!({"type": "file"}), "3.0.3", json!({"type": "string", "format": "binary"})),
        (
            "2.0",
            json!({"type": "string", "x-nullable": true}),
            "3.0.3",
            json!({"type": "string", "nullable": true}),
        ),
        ("3.0.3", json!({"nullable": true, "description": "no effect"}), "3.1.0", json!({})),
        ("3.1.0", json!({"const": 1}), "3.1.0", json!({"enum": [1.0]})),
        (
            "3.1.0",
            json!({"enum": ["a", "b"]}),
            "3.0.0",
            json!({"enum": ["b", "a"], "title": "t", "example": "a"}),
        ),
        ("3.1.0", json!({"additionalProperties": true, "items": {}, "minLength": 0}), "3.1.0", json!({})),
        (
            "3.1.0",
            json!({"allOf": [{"type": "string"}, {"minLength": 1}]}),
            "3.1.0",
            json!({"allOf": [{"minLength": 1}, {"type": "string"}]}),
        ),
        (
            "3.0.3",
            json!({"$ref": "#/components/schemas/S", "description": "ignored", "maxLength": 2}),
            "3.1.0",
            json!({"$ref": "#/components/schemas/S"}),
        ),
        ("3.1.0", json!({"$ref": "#/components/schemas/S"}), "3.1.0", json!({"type": "string"})),
        (
            "3.1.0",
            json!({"$ref": "#/components/schemas/S", "maxLength": 2}),
            "3.1.0",
            json!({"maxLength": 2, "allOf": [{"type": "string"}]}),
        ),
    ];
    let differ: &[(Value, Value)] = &[
        (json!({"type": "string"}), json!({"type": "string", "nullable": true})),
        (json!({"minLength": 1}), json!({"maxLength": 1})),
        (json!({"oneOf": [{"type": "string"}]}), json!({"oneOf": [{"type": "string"}, {"type": "string"}]})),
        (json!({"enum": ["1"]}), json!({"enum": [1]})),
        (json!({"additionalProperties": false}), json!({})),
        (json!({"properties": {"a": {}}}), json!({})),
        (json!({"not": {}}), json!({})),
        (json!({"required": ["a"]}), json!({"required": ["b"]})),
        (json!({"type": "integer"}), json!({"type": "number"})),
        (json!({"readOnly": true}), json!({"writeOnly": true})),
        (json!({"default": null}), json!({})),
        (json!({"anyOf": []}), json!({"oneOf": []})),
    ];
    let hash = |version: &str, schema: &Value| {
        hash_of(&with_schemas(version, &json!({"A": schema, "S": {"type": "string"}})), "A")
    };
    for (old, a, new, b) in same {
        assert_eq!(hash(old, a), hash(new, b), "{old} {a} and {new} {b}");
    }
    for (a, b) in differ {
        assert_ne!(hash("3.0.3", a), hash("3.0.3", b), "{a} and {b}");
    }
}

#[test]
fn recursive_schemas_hash_by_their_structure() {
    let tree = |name: &str, leaf: &str| {
        let reference = format!("#/components/schemas/{name}");
        json!({name: {"type": "object", "properties": {"value": {"type": leaf}, "left": {"$ref": reference}, "right": {"$ref": reference}}}})
    };
    let a = hash_of(&with_schemas("3.1.0", &tree("Tree", "string")), "Tree");
    let b = hash_of(&with_schemas("3.0.0", &tree("Node", "string")), "Node");
    let c = hash_of(&with_schemas("3.0.0", &tree("Node", "integer")), "Node");
    assert_eq!(a, b);
    assert_ne!(a, c);
    // Two schemas in one circle, told apart by what lies two steps away.
    let ring = |last: &str| {
        json!({
            "A": {"items": {"$ref": "#/components/schemas/B"}}, "B": {"items": {"$ref": "#/components/schemas/C"}},
            "C": {"items": {"$ref": "#/components/schemas/A"}, "type": last},
        })
    };
    let one = with_schemas("3.1.0", &ring("array"));
    let two = with_schemas("3.1.0", &ring("object"));
    for name in ["A", "B", "C"] {
        assert_ne!(hash_of(&one, name), hash_of(&two, name), "{name}");
    }
    assert_ne!(hash_of(&one, "A"), hash_of(&one, "B"));
}

#[test]
fn a_hostile_circle_of_schemas_does_not_take_for_ever() {
    let mut schemas = serde_json::Map::new();
    for n in 0..20_000 {
        schemas.insert(
            format!("S{n}"),
            json!({"items": {"$ref": format!("#/components/schemas/S{}", (n + 1) % 20_000)}}),
        );
    }
    schemas.insert("S7".into(), json!({"type": "array", "items": {"$ref": "#/components/schemas/S8"}}));
    let text = with_schemas("3.1.0", &Value::Object(schemas));
    let start = Instant::now();
    assert_ne!(hash_of(&text, "S7"), hash_of(&text, "S8"));
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn members_are_asked_by_the_way_they_travel() {
    let document = with_schemas(
        "3.1.0",
        &json!({
            "A": {
                "required": ["id", "secret", "name", "undeclared"],
                "properties": {"id": {"$ref": "#/components/schemas/Id"}, "secret": {"type": "string", "writeOnly": true}, "name": {"type": "string"}},
                "allOf": [{"$ref": "#/components/schemas/B"}, {"properties": {"name": {"minLength": 1}}}],
            },
            "B": {"properties": {"note": {"allOf": [{"type": "string"}, {"readOnly": true}]}, "extra": {}}, "required": ["extra"], "allOf": [{"$ref": "#/components/schemas/A"}]},
            "Id": {"type": "string", "readOnly": true},
        }),
    );
    let api = document.api();
    let id = api.component("A").expect("A");
    let members = |way| {
        let members = api.schemas.members(id, way);
        members.iter().map(|each| (each.name, each.required, each.schemas.len())).collect::<Vec<_>>()
    };
    assert_eq!(
        members(Way::Request),
        [("secret", true, 1), ("name", true, 2), ("extra", true, 1), ("undeclared", true, 0)]
    );
    assert_eq!(
        members(Way::Response),
        [("id", true, 1), ("name", true, 2), ("note", false, 1), ("extra", true, 1), ("undeclared", true, 0)]
    );
}

#[test]
fn schemas_are_asked_by_keyword() {
    let document = with_schemas(
        "3.0.3",
        &json!({"A": {
            "type": "object", "required": ["b", "b"], "properties": {"b": {"type": "integer", "format": "int64", "minimum": 1.50, "nullable": true, "enum": [1, null]}},
            "additionalProperties": false, "minProperties": 1, "if": {}, "x-other": 1, "discriminator": {"propertyName": "b", "mapping": {"x": "#/y"}},
        }}),
    );
    let api = document.api();
    let id = api.component("A").expect("A");
    let schema = api.schemas.get(id);
    assert_eq!(schema.required().len(), 1);
    assert!(schema.requires("b"));
    assert_eq!(schema.min_properties(), Some(1));
    assert_eq!(schema.other.len(), 1, "3.0 has no `if`");
    assert_eq!(schema.discriminator().map(|each| &*each.property), Some("b"));
    let b = schema.property("b").expect("b");
    let property = api.schemas.get(b);
    assert_eq!(property.types, Some(TypeSet::NONE.with(Type::Integer).with(Type::Null)));
    assert_eq!(property.minimum().map(|number| &*number.text), Some("1.5"));
    assert_eq!(property.format(), Some("int64"));
    assert_eq!(
        document.pointer(document.keyword_node(b, "minimum")),
        "/components/schemas/A/properties/b/minimum"
    );
    assert_eq!(document.keyword_node(b, "maximum"), property.node);
    assert_eq!(api.schemas.get(schema.additional().expect("said")).bool_schema, Some(false));
}
