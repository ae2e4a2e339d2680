//! Findings name a cause and its place.

use serde_json::json;

use super::{read, with_operation, with_schemas};
use crate::spec::Document;
use crate::spec::validate::validate;

fn faults(document: &Document) -> Vec<(&'static str, String, String)> {
    validate(document)
        .into_iter()
        .map(|fault| (fault.rule, document.pointer(fault.node), fault.message))
        .collect()
}

#[test]
fn a_sound_document_has_no_faults() {
    let operation = json!({"operationId": "a", "responses": {"200": {"description": "ok"}}});
    for version in ["3.0.3", "3.1.0", "3.2.0"] {
        assert_eq!(faults(&with_operation(version, &operation)), [], "{version}");
    }
    let old = json!({"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": operation}}});
    assert_eq!(faults(&read(&old.to_string())), []);
}

#[test]
fn the_official_schema_names_the_cause_and_its_place() {
    for version in ["3.0.3", "3.1.0"] {
        let document = with_operation(
            version,
            &json!({
                "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object", "properties": {"a": {"type": "strin"}}}}}}},
            }),
        );
        let found: Vec<_> =
            faults(&document).into_iter().filter(|(rule, ..)| *rule != "typed-reader-refuses").collect();
        assert_eq!(found.len(), 1, "{version}: {found:?}");
        let at = "/paths/~1a/get/responses/200/content/application~1json/schema/properties/a/type";
        assert_eq!((found[0].0, found[0].1.as_str()), ("value-not-allowed", at), "{found:?}");
        let document = with_operation(
            version,
            &json!({
                "respones": {}, "responses": {"200": {"descripton": "ok"}},
                "parameters": [{"name": "a", "in": "query", "required": "yes", "schema": {}}, {"name": "b", "in": "path", "schema": {}}],
            }),
        );
        let found = faults(&document);
        for (rule, pointer) in [
            ("unknown-field", "/paths/~1a/get/respones"),
            ("missing-field", "/paths/~1a/get/responses/200"),
            ("wrong-type", "/paths/~1a/get/parameters/0/required"),
            ("missing-field", "/paths/~1a/get/parameters/1"),
        ] {
            // A word that is unknown beside deeper faults may wait for them in 3.1.
            let may_wait = version == "3.1.0" && rule == "unknown-field";
            let is_found = found.iter().any(|(each, at, _)| (*each, at.as_str()) == (rule, pointer));
            assert!(is_found || may_wait, "{version} {rule} {pointer}: {found:#?}");
        }
        assert!(found.iter().all(|(_, _, message)| !message.contains("oneOf")), "{found:?}");
    }
}

#[test]
fn rules_of_structure_fire_where_they_should() {
    let document = read(&json!({
        "openapi": "3.0.3", "info": {"title": "t", "version": "1"},
        "security": [{"nobody": []}],
        "paths": {
            "/a/{x}": {"get": {"operationId": "same", "responses": {"200": {"description": ""}}}},
            "/a/{y}": {"get": {"operationId": "same", "parameters": [{"name": "y", "in": "path", "required": true, "schema": {}}], "responses": {"200": {"description": ""}}}},
            "/b": {"get": {"parameters": [{"name": "z", "in": "path", "required": true, "schema": {}}], "responses": {"200": {"description": ""}}}},
            "/c/{": {"get": {"responses": {"200": {"description": ""}}}},
        },
    }).to_string());
    let found: Vec<_> = faults(&document).into_iter().map(|(rule, pointer, _)| (rule, pointer)).collect();
    let wanted = [
        ("security-scheme-undefined", "/security/0/nobody"),
        ("path-parameter-undeclared", "/paths/~1a~1{x}/get"),
        ("path-equivalent", "/paths/~1a~1{y}"),
        ("operation-id-duplicate", "/paths/~1a~1{y}/get/operationId"),
        ("path-parameter-unused", "/paths/~1b/get/parameters/0"),
        ("path-template-malformed", "/paths/~1c~1{"),
    ];
    assert_eq!(found, wanted.map(|(rule, pointer)| (rule, pointer.to_owned())));
}

#[test]
fn the_typed_reader_names_the_part_it_refuses() {
    let document = with_operation(
        "3.0.0",
        &json!({"responses": {"200": {"description": "", "content": {"a/b": {"schema": {
            "type": "object", "properties": {"a": {"type": "array", "items": {"type": ["string", "null"]}}},
        }}}}}}),
    );
    let found = faults(&document);
    let typed: Vec<_> = found.iter().filter(|(rule, ..)| *rule == "typed-reader-refuses").collect();
    assert_eq!(typed.len(), 1, "{found:#?}");
    assert!(typed[0].1.ends_with("/properties/a/items"), "{typed:?}");
}

#[test]
fn two_hundred_levels_stay_usable() {
    let mut schema = json!({"type": 5});
    for _ in 0..46 {
        schema = json!({"allOf": [{"properties": {"a": schema}}]});
    }
    let mut deep = json!({});
    for _ in 0..190 {
        deep = json!({"a": deep});
    }
    for version in ["3.0.3", "3.1.0"] {
        let document = with_schemas(
            version,
            &json!({"A": {"type": "object", "allOf": [schema["allOf"][0]["properties"]["a"]]}, "B": {"example": deep}}),
        );
        let found = faults(&document);
        assert!(
            found.iter().any(|(rule, pointer, _)| matches!(*rule, "wrong-type" | "value-not-allowed")
                && pointer.ends_with("/type")),
            "{found:?}"
        );
        assert!(document.api().schemas.len() > 90);
    }
}
