//! Findings name a cause and its place.

use serde_json::{Value, json};

use super::{read, with_operation, with_schemas};
use crate::spec::validate::validate;
use crate::spec::{Document, Limits, Severity, load};

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
    for version in ["3.0.3", "3.1.0", "3.2.0"] {
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
            ("unknown-field", "/paths/~1a/get/responses/200/descripton"),
            ("wrong-type", "/paths/~1a/get/parameters/0/required"),
            ("missing-field", "/paths/~1a/get/parameters/1"),
        ] {
            let is_found = found.iter().any(|(each, at, _)| (*each, at.as_str()) == (rule, pointer));
            assert!(is_found, "{version} {rule} {pointer}: {found:#?}");
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

#[test]
fn known_words_beside_a_deeper_fault_are_not_called_unknown() {
    for version in ["3.1.0", "3.2.0"] {
        let document = read(&json!({
            "openapi": version, "info": {"title": "t", "version": "1", "x-own": 1},
            "tags": [{"name": "t"}],
            "paths": {"/a": {"summary": "s", "x-own": 1, "get": {
                "tags": ["t"], "summary": "s", "operationId": "a", "deprecated": false,
                "callbacks": {}, "x-own": 1, "sumary": "misspelt",
                "parameters": [
                    {"name": "q", "in": "query", "style": "form", "explode": true, "schema": {"type": "strin"}},
                    {"name": "r", "in": "query", "required": "yes", "example": 1, "deprecated": false, "schema": {}},
                ],
                "responses": {"200": {"description": 5, "headers": {"h": {"schema": {"type": 5}, "explode": true, "example": 1}}},
                    "default": {"description": "d", "content": {"a/b": {"example": 1, "encoding": {"c": {"style": 1, "explode": true}}}}}, "x-own": 1},
            }}},
            "components": {"securitySchemes": {"s": {"type": "http", "scheme": 5, "bearerFormat": "x", "description": "d"}}},
        }).to_string());
        let found = faults(&document);
        let unknown: Vec<&str> = found
            .iter()
            .filter(|(rule, ..)| *rule == "unknown-field")
            .map(|(_, at, _)| at.as_str())
            .collect();
        assert_eq!(unknown, ["/paths/~1a/get/sumary"], "{version}: {found:#?}");
        for at in [
            "/paths/~1a/get/parameters/0/schema/type",
            "/paths/~1a/get/parameters/1/required",
            "/paths/~1a/get/responses/200/description",
            "/paths/~1a/get/responses/200/headers/h/schema/type",
            "/paths/~1a/get/responses/default/content/a~1b/encoding/c/style",
            "/components/securitySchemes/s/scheme",
        ] {
            assert!(found.iter().any(|(_, each, _)| each == at), "{version} {at}: {found:#?}");
        }
    }
}

/// Messages of the rules about values, with their places, in a 3.1 response body of this schema.
fn of_schema(version: &str, schema: &Value, media: &Value) -> Vec<(String, String)> {
    let mut content = media.clone();
    content["schema"] = schema.clone();
    let document = with_operation(
        version,
        &json!({"responses": {"200": {"description": "", "content": {"application/json": content}}}}),
    );
    let media = "/paths/~1a/get/responses/200/content/application~1json";
    let of_values = ["example-invalid", "default-invalid", "enum-value-invalid", "pattern-invalid"];
    let found = faults(&document).into_iter().filter(|(rule, ..)| of_values.contains(rule));
    found.map(|(_, at, message)| (at.strip_prefix(media).unwrap_or(&at).to_owned(), message)).collect()
}

#[test]
fn a_misfit_names_its_innermost_part_and_what_is_wrong_with_it() {
    let pet = json!({
        "type": "object", "required": ["id", "kind", "name"], "additionalProperties": false,
        "properties": {
            "id": {"type": "integer", "minimum": 1}, "name": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 5},
            "kind": {"enum": ["cat", "dog"]}, "tags": {"type": "array", "items": {"type": "string"}, "uniqueItems": true},
            "size": {"multipleOf": 0.01},
        },
    });
    let cases = [
        (json!([]), "", "the example is a list, and must be of type object"),
        (json!({"id": 1, "kind": "cat"}), "", "the example lacks `name`"),
        (json!({"kind": "cat"}), "", "the example lacks `id`, `name`"),
        (
            json!({"id": 0, "kind": "cat", "name": "a"}),
            "/id",
            "`/id` of the example is `0`, and must be at least 1",
        ),
        (
            json!({"id": 1.5, "kind": "cat", "name": "a"}),
            "/id",
            "`/id` of the example is `1.5`, and must be of type integer",
        ),
        (
            json!({"id": 1, "kind": "cow", "name": "a"}),
            "/kind",
            "`/kind` of the example is the string `cow`, and must be one of `cat`, `dog`",
        ),
        (
            json!({"id": 1, "kind": "cat", "name": "A"}),
            "/name",
            "`/name` of the example is `A`, which does not match `^[a-z]+$`",
        ),
        (
            json!({"id": 1, "kind": "cat", "name": "abcdef"}),
            "/name",
            "`/name` of the example has 6 characters, and must have at most 5",
        ),
        (
            json!({"id": 1, "kind": "cat", "name": "a", "age": 1}),
            "/age",
            "`/age` of the example is no property that the schema allows",
        ),
        (
            json!({"id": 1, "kind": "cat", "name": "a", "tags": ["x", 1]}),
            "/tags/1",
            "`/tags/1` of the example is `1`, and must be of type string",
        ),
        (
            json!({"id": 1, "kind": "cat", "name": "a", "tags": ["x", "x"]}),
            "/tags",
            "`/tags` of the example holds the same item twice",
        ),
        (
            json!({"id": 1, "kind": "cat", "name": "a", "size": 0.005}),
            "/size",
            "`/size` of the example is `0.005`, and must be a multiple of 0.01",
        ),
        (json!("{\"id\": 1}"), "", "the example is JSON within a string, and must be of type object"),
    ];
    for (example, below, message) in cases {
        for version in ["3.0.3", "3.1.0", "3.2.0"] {
            let found = of_schema(version, &pet, &json!({"example": example}));
            assert_eq!(found, [(format!("/example{below}"), message.to_owned())], "{version} {example}");
        }
    }
}

#[test]
fn of_several_alternatives_the_one_that_is_meant_is_told() {
    let cat = json!({"type": "object", "required": ["kind", "lives"], "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}}});
    let dog = json!({"type": "object", "required": ["kind", "name"], "properties": {"kind": {"const": "dog"}, "name": {"type": "string"}}});
    let schema = json!({"oneOf": [cat, dog, {"type": "string"}]});
    let told = |example: Value| of_schema("3.1.0", &schema, &json!({"example": example}));
    let only = |at: &str, message: &str| vec![(at.to_owned(), message.to_owned())];
    assert_eq!(
        told(json!({"kind": "dog", "name": 1})),
        only("/example/name", "`/name` of the example is `1`, and must be of type string")
    );
    assert_eq!(told(json!({"kind": "cat"})), only("/example", "the example lacks `lives`"));
    assert_eq!(told(json!(5)), only("/example", "the example is `5`, and must be of type string or object"));
    assert_eq!(
        told(json!({"kind": "cow"})),
        only("/example", "the example fits none of the 3 alternatives of `oneOf`")
    );
    assert_eq!(told(json!("cat")), []);
}

#[test]
fn what_may_be_meant_is_no_misfit() {
    let spared = json!({"type": "object", "required": ["w", "a"], "properties": {"w": {"type": "string", "writeOnly": true}, "a": {}}});
    let silent = [
        ("3.0.3", spared.clone(), json!({"example": {"a": 1}})),
        (
            "3.0.3",
            json!({"allOf": [{"properties": {"w": {"writeOnly": true}}}, {"required": ["w"]}]}),
            json!({"example": {}}),
        ),
        ("3.0.3", json!({"type": "integer", "nullable": true}), json!({"example": null})),
        ("3.0.3", json!({"nullable": true, "enum": ["a"]}), json!({"example": null})),
        ("3.0.3", json!({"allOf": [{"type": "object"}], "nullable": true}), json!({"example": null})),
        ("3.1.0", json!({"type": ["string", "null"]}), json!({"example": null})),
        ("3.1.0", json!({"type": "string", "format": "date-time"}), json!({"example": "tomorrow"})),
        ("3.1.0", json!({"type": "integer"}), json!({"example": 1.0})),
        (
            "3.1.0",
            json!({"oneOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "uuid"}]}),
            json!({"example": "2026-01-01"}),
        ),
        (
            "3.1.0",
            json!({"type": "integer"}),
            json!({"examples": {"one": {"externalValue": "https://example.com/a"}}}),
        ),
        ("3.1.0", json!({"unevaluatedProperties": false}), json!({"example": {"a": 1}})),
        ("3.1.0", json!({"not": {"$dynamicRef": "#node"}}), json!({"example": 1})),
        ("3.1.0", json!({"type": "string", "pattern": "("}), json!({})),
    ];
    for (version, schema, media) in &silent[..silent.len() - 1] {
        assert_eq!(of_schema(version, schema, media), [], "{schema} {media}");
    }
    // The last one shows that the rules are asked at all.
    let (version, schema, media) = &silent[silent.len() - 1];
    assert_eq!(of_schema(version, schema, media).len(), 1);
    // A request must hold what a response may lack.
    let body = json!({"content": {"application/json": {"schema": spared, "example": {"a": 1}}}});
    let document = with_operation("3.1.0", &json!({"requestBody": body, "responses": {}}));
    let found = faults(&document);
    assert!(
        found.iter().any(|(rule, _, message)| *rule == "example-invalid" && message.ends_with("lacks `w`")),
        "{found:?}"
    );
}

#[test]
fn an_example_is_judged_by_how_its_body_travels() {
    let of = |name: &str, media: Value| {
        let document = with_operation(
            "3.2.0",
            &json!({"responses": {"200": {"description": "", "content": {name: media}}}}),
        );
        faults(&document).into_iter().filter(|(rule, ..)| *rule == "example-invalid").count()
    };
    let wrong = json!({"schema": {"type": "object"}, "example": "a=1"});
    for name in ["application/xml", "text/plain", "multipart/form-data", "application/x-ndjson", "*/*"] {
        assert_eq!(of(name, wrong.clone()), 0, "{name}");
    }
    for name in ["application/json", "application/problem+json; charset=utf-8"] {
        assert_eq!(of(name, wrong.clone()), 1, "{name}");
    }
    let data =
        json!({"schema": {"type": "object"}, "examples": {"a": {"dataValue": 1, "serializedValue": "<a/>"}}});
    assert_eq!(of("application/xml", data), 1);
    // Parameters may be written as they travel.
    let parameter = |schema: Value, example: Value| {
        let parameter = json!({"name": "q", "in": "query", "schema": schema, "example": example});
        let document = with_operation(
            "3.0.3",
            &json!({"parameters": [parameter], "responses": {"200": {"description": ""}}}),
        );
        faults(&document).into_iter().filter(|(rule, ..)| *rule == "example-invalid").count()
    };
    assert_eq!(parameter(json!({"type": "array", "items": {"type": "integer"}}), json!("1,2")), 0);
    assert_eq!(parameter(json!({"type": "integer"}), json!("12")), 0);
    assert_eq!(parameter(json!({"type": "integer"}), json!("twelve")), 1);
    assert_eq!(parameter(json!({"type": "integer"}), json!([1])), 1);
}

#[test]
fn what_many_share_is_told_once() {
    let document = read(&json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {
            "/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/R"}}}},
            "/b": {"get": {"responses": {"200": {"$ref": "#/components/responses/R"}}}},
        },
        "components": {
            "responses": {"R": {"description": "", "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/A"},
                "examples": {"one": {"$ref": "#/components/examples/E"}},
            }}}},
            "examples": {"E": {"value": {"a": "text"}}},
            "schemas": {"A": {"type": "object", "properties": {"a": {"type": "integer", "default": "x", "enum": [1, "x"]}}}},
        },
    }).to_string());
    let found: Vec<_> = faults(&document).into_iter().map(|(rule, at, _)| (rule, at)).collect();
    let wanted = [
        ("example-invalid", "/components/examples/E/value/a".to_owned()),
        // The default is as wrong as the list that holds it, which is said there.
        ("enum-value-invalid", "/components/schemas/A/properties/a/enum/1".to_owned()),
    ];
    assert_eq!(found, wanted);
}

#[test]
fn old_response_examples_and_parameter_defaults_are_judged() {
    let document = read(&json!({
        "swagger": "2.0", "info": {"title": "t", "version": "1"}, "produces": ["application/json", "application/xml"],
        "paths": {"/a": {"get": {
            "parameters": [{"name": "q", "in": "query", "type": "integer", "default": "x", "enum": [1]}],
            "responses": {"200": {"description": "", "schema": {"type": "integer"},
                "examples": {"application/json": "text", "application/xml": "<a/>"}}},
        }}},
    }).to_string());
    let found: Vec<_> = faults(&document).into_iter().map(|(rule, at, _)| (rule, at)).collect();
    let wanted = [
        ("default-invalid", "/paths/~1a/get/parameters/0/default".to_owned()),
        ("example-invalid", "/paths/~1a/get/responses/200/examples/application~1json".to_owned()),
    ];
    assert_eq!(found, wanted);
}

#[test]
fn hostile_values_and_schemas_are_judged_within_bounds() {
    // Each level may be any of eight, none of which fits: 8 to the 60th ways.
    let alternatives: Vec<Value> = (0..8)
        .map(|n| json!({"properties": {"a": {"$ref": "#/components/schemas/A"}, "b": {"const": n}}}))
        .collect();
    let mut example = json!({"b": 9});
    for _ in 0..60 {
        example = json!({"a": example, "b": 0});
    }
    // References in a circle, and a chain longer than any stack.
    let mut schemas = json!({
        "A": {"anyOf": alternatives, "example": example},
        "C": {"allOf": [{"$ref": "#/components/schemas/D"}], "example": 1},
        "D": {"anyOf": [{"$ref": "#/components/schemas/C"}]},
    });
    for n in 0..5_000 {
        schemas[format!("S{n}")] =
            json!({"allOf": [{"$ref": format!("#/components/schemas/S{}", n + 1)}], "example": 1});
    }
    let document = with_schemas("3.1.0", &schemas);
    let found = faults(&document);
    assert!(found.iter().all(|(rule, ..)| *rule != "judge-failed"), "{found:?}");
    assert!(found.iter().all(|(rule, ..)| *rule != "example-invalid"), "{found:?}");
}

#[test]
fn components_are_used_by_whatever_reaches_them() {
    let unused = |components: Value, operation: Value| -> Vec<String> {
        let document = read(
            &json!({
                "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
                "paths": {"/a": {"get": operation}}, "components": components,
            })
            .to_string(),
        );
        let found = faults(&document).into_iter().filter(|(rule, ..)| *rule == "component-unused");
        found.map(|(_, at, _)| at.trim_start_matches("/components/").to_owned()).collect()
    };
    let answering = |schema: Value| json!({"responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}});
    let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    // Within a component, by another component, within an extension.
    let schemas = json!({"schemas": {
        "A": {"properties": {"b": to("B")}}, "B": {}, "C": {"properties": {"d": {}}}, "D": {}, "E": to("D"),
    }});
    let mut operation = answering(to("A"));
    operation["x-own"] = json!({"$ref": "#/components/schemas/C/properties/d"});
    assert_eq!(unused(schemas, operation), ["schemas/D", "schemas/E"]);
    // Children of a parent with a discriminator, down to grandchildren; without one they are not reached.
    let family = |discriminator: Value| {
        json!({"schemas": {
            "P": {"type": "object", "discriminator": discriminator, "properties": {"k": {}}},
            "Q": {"allOf": [to("P")]}, "R": {"allOf": [to("Q"), {"properties": {"s": to("S")}}]}, "S": {},
        }})
    };
    assert_eq!(unused(family(json!({"propertyName": "k"})), answering(to("P"))), Vec::<String>::new());
    let mut plain = family(json!({}));
    plain["schemas"]["P"] = json!({"type": "object"});
    assert_eq!(unused(plain, answering(to("P"))), ["schemas/Q", "schemas/R", "schemas/S"]);
    // By the name in a mapping, and by the name of a scheme.
    let mapped = json!({
        "schemas": {"P": {"type": "object", "required": ["k"], "properties": {"k": {}}, "discriminator": {"propertyName": "k", "mapping": {"x": "M", "y": "#/components/schemas/N"}}}, "M": {}, "N": {}},
        "securitySchemes": {"s": {"type": "http", "scheme": "basic"}, "t": {"type": "http", "scheme": "basic"}},
    });
    let mut operation = answering(to("P"));
    operation["security"] = json!([{"s": []}]);
    assert_eq!(unused(mapped, operation), ["securitySchemes/t"]);
}

#[test]
fn what_two_judges_see_is_told_once() {
    let parameter = json!({"name": "q", "in": "query", "type": "string", "enum": ["a", "a"]});
    let document = read(&json!({
        "swagger": "2.0", "info": {"title": "t", "version": "1"}, "tags": [{"name": "t"}, {"name": "t"}],
        "paths": {"/a": {"get": {
            "tags": ["t", "t"], "parameters": [parameter, parameter],
            "responses": {"200": {"description": "", "schema": {"type": "object", "required": ["a", "a"]}}},
        }}},
    }).to_string());
    let found: Vec<_> = faults(&document).into_iter().map(|(rule, at, _)| (rule, at)).collect();
    let wanted = [
        ("tag-duplicate", "/tags/1/name"),
        ("item-repeated", "/paths/~1a/get/tags/1"),
        ("item-repeated", "/paths/~1a/get/parameters/0/enum/1"),
        ("parameter-duplicate", "/paths/~1a/get/parameters/1"),
        ("item-repeated", "/paths/~1a/get/parameters/1/enum/1"),
        ("item-repeated", "/paths/~1a/get/responses/200/schema/required/1"),
    ];
    assert_eq!(found, wanted.map(|(rule, at)| (rule, at.to_owned())));
}

#[test]
fn errors_are_told_before_what_is_lighter() {
    let mut schemas = json!({"Last": {"type": 5}});
    for n in 0..700 {
        schemas[format!("A{n}")] = json!({"type": "integer", "enum": [1, 1], "default": "x"});
    }
    let document = with_schemas("3.1.0", &schemas);
    let found = validate(&document);
    assert!(found.len() <= 500, "{}", found.len());
    assert!(found.iter().any(|fault| fault.severity == Severity::Error), "the error is crowded out");
}

#[test]
fn a_slip_made_everywhere_leaves_room_for_the_rest() {
    let mut schemas = json!({});
    for n in 0..300 {
        schemas[format!("A{n}")] = json!({"type": "string", "example": 5});
    }
    schemas["Last"] = json!({"type": "integer", "example": "x"});
    let document = with_schemas("3.1.0", &schemas);
    let found: Vec<_> = faults(&document)
        .into_iter()
        .filter(|(rule, ..)| *rule == "example-invalid")
        .map(|(_, at, _)| at)
        .collect();
    assert_eq!(found.len(), 21);
    assert_eq!(found.last().map(String::as_str), Some("/components/schemas/Last/example"));
}

#[test]
fn what_was_left_out_is_told_however_much_else_is_wrong() {
    let mut paths = json!({});
    for n in 0..700 {
        let twice =
            [json!({"$ref": "#/components/parameters/a"}), json!({"$ref": "#/components/parameters/a"})];
        paths[format!("/p{n}")] = json!({"get": {"parameters": twice, "responses": {}}});
    }
    let parameter = json!({"name": "a", "in": "query", "schema": {}});
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths,
        "components": {"parameters": {"a": parameter}},
    });
    let limits = Limits { references: 1_300, ..Limits::default() };
    let document = load(document.to_string().into_bytes(), &limits).expect("a document");
    let found = faults(&document);
    assert_eq!(found.len(), 500);
    let told: Vec<_> = found.iter().filter(|(rule, ..)| *rule == "too-many-references").collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].1.starts_with("/paths/~1p6"), "{}", told[0].1);
}
