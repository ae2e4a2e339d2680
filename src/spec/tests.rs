//! What reading promises, on documents of our own: one test a promise.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::model::{Location, SchemeKind, Status, Style};
use super::schema::{Type, TypeSet};
use super::tree::{Kind, NodeId};
use super::validate::validate;
use super::{Document, Limits, Problem, ProblemKind, Syntax, load};

fn read(text: &str) -> Document {
    load(text.as_bytes(), &Limits::default()).unwrap_or_else(|problem| panic!("{problem}\n{text}"))
}

fn refused(bytes: &[u8]) -> Problem {
    let start = Instant::now();
    let problem = load(bytes, &Limits::default()).expect_err("this must not load");
    assert!(start.elapsed() < Duration::from_secs(1), "{problem} took {:?}", start.elapsed());
    assert!(problem.line >= 1 && problem.column >= 1 && !problem.message.is_empty());
    problem
}

/// A 3.0 document with one operation, whose inside is given.
fn with_operation(version: &str, operation: &Value) -> Document {
    let document = json!({
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": operation}},
    });
    read(&document.to_string())
}

/// A document with schemas of these names.
fn with_schemas(version: &str, schemas: &Value) -> Document {
    let mut document = json!({"info": {"title": "t", "version": "1"}, "paths": {}});
    if version == "2.0" {
        document["swagger"] = json!("2.0");
        document["definitions"] = schemas.clone();
    } else {
        document["openapi"] = json!(version);
        document["components"] = json!({"schemas": schemas});
    }
    read(&document.to_string())
}

fn hash_of(document: &Document, name: &str) -> super::Hash {
    let api = document.api();
    api.schemas.get(api.component(name).expect("the schema is named")).hash
}

// Refusals

#[test]
fn what_cannot_be_read_says_why_and_where() {
    let cases: &[(&[u8], ProblemKind, usize, usize, &str)] = &[
        (b"", ProblemKind::Empty, 1, 1, ""),
        (b" \n\t\n", ProblemKind::Empty, 1, 1, ""),
        (b"# nothing\n---\n# more", ProblemKind::Empty, 2, 4, ""),
        (b"# nothing", ProblemKind::Empty, 1, 1, ""),
        (b"<html></html>", ProblemKind::NotAnObject, 1, 1, ""),
        (b"[1]", ProblemKind::NotAnObject, 1, 1, ""),
        (b"just a sentence", ProblemKind::NotAnObject, 1, 1, ""),
        (b"{\"openapi\": \"3.0.0\",\n \"info\": {\"title\": \"x", ProblemKind::Syntax, 2, 20, "/info/title"),
        (
            b"{\"openapi\": \"3.0.0\", \"paths\": {\"/a\": [1, {\"b\": tru",
            ProblemKind::Syntax,
            1,
            48,
            "/paths/~1a/1/b",
        ),
        (b"{\"openapi\": \"3.0.0\",}", ProblemKind::Syntax, 1, 21, ""),
        (b"{\"openapi\": \"3.0.0\"} {}", ProblemKind::Syntax, 1, 22, ""),
        (b"{\"a\": 01}", ProblemKind::Syntax, 1, 7, "/a"),
        (b"{\"a\": \"\\ud800\"}", ProblemKind::Syntax, 1, 8, "/a"),
        (b"{\"a\": \"\x01\"}", ProblemKind::Encoding, 1, 8, ""),
        (b"openapi: 3.0.0\ninfo:\n  title: [a, b\n", ProblemKind::Syntax, 3, 10, "/info/title/1"),
        (b"openapi: 3.0.0\ninfo: {title: a}\ninfo: {}\n", ProblemKind::DuplicateKey, 3, 1, "/info"),
        (
            b"{\"openapi\": \"3.0.0\", \"paths\": {\"/a\": {}, \"/b\": 1, \"/a\": {}}}",
            ProblemKind::DuplicateKey,
            1,
            51,
            "/paths/~1a",
        ),
        (b"{\"a\": {\"x\": {\"x\": 1}, \"\\u0078\": 2}}", ProblemKind::DuplicateKey, 1, 23, "/a/x"),
        (b"a: .inf\n", ProblemKind::NoJsonValue, 1, 4, "/a"),
        (b"? [a]\n: b\n", ProblemKind::NoJsonValue, 1, 3, ""),
        (b"openapi: 3.0.0\n---\nopenapi: 3.0.0\n", ProblemKind::SeveralDocuments, 2, 1, ""),
        (b"a: &a [*a]\n", ProblemKind::Syntax, 1, 8, "/a/0"),
        (b"openapi: 4.0.0\n", ProblemKind::UnknownVersion, 1, 10, "/openapi"),
        (b"swagger: '1.2'\n", ProblemKind::UnknownVersion, 1, 10, "/swagger"),
        (b"openapi: 3.10.0\n", ProblemKind::UnknownVersion, 1, 10, "/openapi"),
        (b"a: 1\n", ProblemKind::UnknownVersion, 1, 1, ""),
        (b"openapi: {a: 1}\n", ProblemKind::UnknownVersion, 1, 10, "/openapi"),
        (b"a: \xFF\n", ProblemKind::Encoding, 1, 4, ""),
        (b"\xFF\xFE{\0}\0", ProblemKind::Encoding, 1, 1, ""),
        (b"{\0\"\0", ProblemKind::Encoding, 1, 1, ""),
        (b"\x7fELF\x02\x01\x01\x00", ProblemKind::Encoding, 1, 5, ""),
        (b"\x89PNG\r\n\x1a\n", ProblemKind::Encoding, 1, 1, ""),
    ];
    for (bytes, kind, line, column, pointer) in cases {
        let problem = refused(bytes);
        let found = (problem.kind, problem.line, problem.column, problem.pointer.as_str());
        assert_eq!(
            found,
            (*kind, *line, *column, *pointer),
            "{problem} in {}",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn each_bound_is_named() {
    let large = vec![b' '; 100 << 20];
    assert_eq!(refused(&large).kind, ProblemKind::TooLarge);
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{{\"openapi\": {}1{}}}", open.repeat(100_000), close.repeat(100_000));
        let problem = refused(deep.as_bytes());
        assert_eq!(problem.kind, ProblemKind::TooDeep, "{problem}");
        assert!(problem.message.contains("200"), "{problem}");
    }
    assert_eq!(refused(format!("a: {}", "[".repeat(100_000)).as_bytes()).kind, ProblemKind::TooDeep);
    assert_eq!(refused(format!("{}1", "{a: ".repeat(100_000)).as_bytes()).kind, ProblemKind::TooDeep);
    let mut block = String::new();
    for level in 0..2_000 {
        let _ = writeln!(block, "{}a:", " ".repeat(level));
    }
    assert_eq!(refused(block.as_bytes()).kind, ProblemKind::TooDeep);
    assert_eq!(refused(format!("a: {}", "- ".repeat(50_000)).as_bytes()).kind, ProblemKind::Syntax);
    assert_eq!(refused("- ".repeat(50_000).as_bytes()).kind, ProblemKind::TooDeep);
    let limits = Limits { nodes: 100, ..Limits::default() };
    let many = format!("{{\"openapi\": [{}1]}}", "1,".repeat(200));
    let problem = load(many.as_bytes(), &limits).expect_err("too many values");
    assert_eq!((problem.kind, problem.pointer.as_str()), (ProblemKind::TooManyNodes, "/openapi/98"));
}

#[test]
fn aliases_that_multiply_are_stopped() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(bomb, "a{level}: &a{level} [{aliases}]");
    }
    let problem = refused(bomb.as_bytes());
    assert_eq!(problem.kind, ProblemKind::AliasExpansion);
    assert!(problem.message.contains("500000"), "{problem}");
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

// Reading

#[test]
fn yaml_is_read_by_the_core_schema() {
    let document = read(
        "openapi: 3.0\ninfo: {title: on, version: 1.10}\nx: [no, 017, 0o17, 2020-01-01, ~, True, .5, !!str 5, ! 6, 1e3]\n\
         paths:\n  200: a\n  true: b\n  null: c\n  ~: d\n  \"<<\": e\n",
    );
    assert_eq!(document.syntax(), Syntax::Yaml);
    assert_eq!(document.format().to_string(), "3.0");
    assert_eq!((document.title(), document.version()), ("on", "1.10"));
    let value = document.value(NodeId::ROOT);
    assert_eq!(value["x"], json!(["no", "017", 15, "2020-01-01", null, true, 0.5, "5", "6", 1e3]));
    assert_eq!(value["paths"], json!({"200": "a", "true": "b", "null": "c", "~": "d", "<<": "e"}));
}

#[test]
fn anchors_repeat_what_was_defined_last() {
    let document = read(
        "openapi: 3.0.0\nx:\n  a: &x 1\n  b: &x 2\n  c: &y 3\n  d: *x\n  e: *y\n  f: &z {k: [v]}\n  g: *z\n  &key h: *key\n",
    );
    assert_eq!(
        document.value(NodeId::ROOT)["x"],
        json!({"a": 1, "b": 2, "c": 3, "d": 2, "e": 3, "f": {"k": ["v"]}, "g": {"k": ["v"]}, "h": "h"})
    );
    let repeated = document.locate("/x/g/k/0").expect("the alias was expanded");
    let place = document.place(repeated);
    // The pointer is that of the use, the line that of the text.
    assert_eq!((place.pointer.as_str(), place.line), ("/x/g/k/0", 8));
}

#[test]
fn merge_keys_are_merged_and_said() {
    let document = read(
        "openapi: 3.0.0\nx:\n  base: &b {a: 1, b: 2}\n  more: &m {b: 3, c: 4}\n  one: {<<: *b, b: own}\n  two: {<<: [*b, *m], z: 0}\n",
    );
    let x = &document.value(NodeId::ROOT)["x"];
    assert_eq!(x["one"], json!({"a": 1, "b": "own"}));
    assert_eq!(x["two"], json!({"a": 1, "b": 2, "c": 4, "z": 0}));
    let rules: Vec<_> =
        document.faults().iter().map(|fault| (fault.rule, document.pointer(fault.node))).collect();
    assert_eq!(rules, [("yaml-merge-key", "/x/one".to_owned()), ("yaml-merge-key", "/x/two".to_owned())]);
    let c = document.locate("/x/two/c").expect("merged");
    assert_eq!(document.pointer(c), "/x/two/c");
}

#[test]
fn unknown_tags_keep_their_value() {
    let document = read("openapi: 3.0.0\nx: !custom 5\ny: !!set {a: 1}\n");
    assert_eq!(document.value(NodeId::ROOT)["x"], json!("5"));
    assert_eq!(document.faults().len(), 2);
    assert!(document.faults().iter().all(|fault| fault.rule == "yaml-unknown-tag"));
}

#[test]
fn numbers_and_escapes_of_json_are_exact() {
    let document = read(
        r#"{"openapi": "3.0.0", "n": [18446744073709551616, 1.50, -0, 1E+2], "s": "a\u00e4\ud83d\ude00\/\"\\\b\f\n\r\t", "\u0061": 1}"#,
    );
    let tree = document.tree();
    let numbers = tree.get(NodeId::ROOT, "n").expect("n");
    let texts: Vec<_> = tree.items(numbers).iter().filter_map(|item| tree.number(*item)).collect();
    assert_eq!(texts, ["18446744073709551616", "1.50", "-0", "1E+2"]);
    assert_eq!(tree.text_of(NodeId::ROOT, "s"), Some("aä😀/\"\\\u{8}\u{c}\n\r\t"));
    assert!(tree.get(NodeId::ROOT, "a").is_some());
}

#[test]
fn places_are_those_of_values_in_both_syntaxes() {
    let document = read("\u{feff}{\r\n  \"openapi\": \"3.0.0\",\r\n  \"ä\": {\"b\": [1, 22]}}");
    let place = document.place(document.locate("/ä/b/1").expect("there"));
    assert_eq!((place.line, place.column), (3, 18));
    let document = read("openapi: 3.0.0\npaths:\n  /ä/{b}:\n    get:\n      - x\n      - empty:\n");
    let at = |pointer: &str| {
        let place = document.place(document.locate(pointer).expect("there"));
        assert_eq!(place.pointer, pointer);
        (place.line, place.column)
    };
    assert_eq!(at("/paths"), (3, 3));
    assert_eq!(at("/paths/~1ä~1{b}/get/0"), (5, 9));
    // Nothing stands there: the place of the key.
    assert_eq!(at("/paths/~1ä~1{b}/get/1/empty"), (6, 9));
    assert_eq!(document.locate("/paths/00"), None);
    assert_eq!(document.locate("paths"), None);
}

#[test]
fn references_that_lead_nowhere_or_out_are_faults() {
    let document = read(&json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {"/a b": {"get": {
            "parameters": [{"$ref": "#/components/parameters/Gone"}, {"$ref": "#/components/parameters/P%20q"}],
            "responses": {"default": {"$ref": "other.yaml#/R"}, "200": {"description": "", "content": {"a/b": {
                "schema": {"$ref": "#/paths/~1a%20b/get/responses/200/content/a~1b/x"},
                "example": {"$ref": "#/data"},
                "examples": {"e": {"$ref": "#/nope"}},
            }}}},
        }}},
        "components": {
            "parameters": {"P q": {"$ref": "#/components/parameters/R"}, "R": {"name": "r", "in": "query"}},
            "schemas": {
                "A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"},
                "N": {"$ref": "#node"}, "M": {"$anchor": "node", "type": "string"},
                "U": {"$ref": "https://example.com/s.json"},
                "V": {"properties": {"$ref": {"type": "string"}, "default": {"$ref": "#/lost"}}, "enum": [{"$ref": "#/data"}]},
            },
        },
    }).to_string());
    let found: Vec<_> =
        document.faults().iter().map(|fault| (fault.rule, document.pointer(fault.node))).collect();
    let wanted = [
        ("ref-dangling", "/paths/~1a b/get/parameters/0/$ref"),
        ("ref-external", "/paths/~1a b/get/responses/default/$ref"),
        ("ref-dangling", "/paths/~1a b/get/responses/200/content/a~1b/schema/$ref"),
        ("ref-dangling", "/paths/~1a b/get/responses/200/content/a~1b/examples/e/$ref"),
        ("ref-external", "/components/schemas/U/$ref"),
        ("ref-dangling", "/components/schemas/V/properties/default/$ref"),
    ];
    assert_eq!(found, wanted.map(|(rule, pointer)| (rule, pointer.to_owned())));
    let api = document.api();
    assert_eq!(api.operations[0].parameters.len(), 1);
    assert_eq!(api.operations[0].parameters[0].name, "r");
    let m = api.component("M").expect("M");
    assert_eq!(api.schemas.resolve(api.component("N").expect("N")), m);
    let a = api.component("A").expect("A");
    assert_eq!(api.schemas.resolve(a), a);
}

// The model

#[test]
fn two_zero_and_three_give_the_same_operation() {
    let old = read(&json!({
        "swagger": "2.0", "info": {"title": "t", "version": "1"}, "host": "api.example.com", "basePath": "/v1",
        "schemes": ["https"], "consumes": ["application/json"], "produces": ["application/json"],
        "security": [{"key": []}, {"oauth": ["read"]}],
        "securityDefinitions": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"}, "basic": {"type": "basic"},
            "oauth": {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "https://a", "tokenUrl": "https://t", "scopes": {"read": "r"}},
        },
        "parameters": {"limit": {"name": "limit", "in": "query", "type": "integer", "maximum": 10, "exclusiveMaximum": true}},
        "responses": {"Bad": {"description": "bad", "headers": {"X-A": {"type": "string"}}}},
        "definitions": {"Pet": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "x-nullable": true}, "next": {"$ref": "#/definitions/Pet"}}}},
        "paths": {"/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "type": "string"}],
            "put": {
                "operationId": "put",
                "parameters": [
                    {"$ref": "#/parameters/limit"},
                    {"name": "tags", "in": "query", "type": "array", "items": {"type": "string"}, "collectionFormat": "multi"},
                    {"name": "pet", "in": "body", "required": true, "schema": {"$ref": "#/definitions/Pet"}},
                ],
                "responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Pet"}}, "400": {"$ref": "#/responses/Bad"}},
            },
            "post": {
                "consumes": ["multipart/form-data"],
                "parameters": [{"name": "file", "in": "formData", "type": "file", "required": true}, {"name": "note", "in": "formData", "type": "string"}],
                "security": [],
                "responses": {"204": {"description": "done"}},
            },
        }},
    }).to_string());
    let new = read(&json!({
        "openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://api.example.com/v1"}],
        "security": [{"oauth": ["read"]}, {"key": []}],
        "components": {
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-Key"}, "basic": {"type": "http", "scheme": "Basic"},
                "oauth": {"type": "oauth2", "flows": {"authorizationCode": {"authorizationUrl": "https://a", "tokenUrl": "https://t", "scopes": {"read": "other words"}}}},
            },
            "schemas": {"Pet": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Pet"}, "id": {"type": "integer", "nullable": true}}, "required": ["id"]}},
        },
        "paths": {"/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "put": {
                "operationId": "put", "description": "prose",
                "parameters": [
                    {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 10.0, "exclusiveMaximum": true}},
                    {"name": "Accept", "in": "header", "schema": {"type": "string"}},
                ],
                "requestBody": {"required": true, "content": {"Application/JSON": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
                "responses": {
                    "400": {"description": "worse", "headers": {"x-a": {"schema": {"type": "string"}}}},
                    "200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
                },
            },
            "post": {
                "requestBody": {"required": true, "content": {"multipart/form-data": {"schema": {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}, "note": {"type": "string"}}}}}},
                "security": [],
                "responses": {"204": {"description": "done"}},
            },
        }},
    }).to_string());
    for (a, b) in old.api().operations.iter().zip(&new.api().operations) {
        for (x, y) in [("id", Location::Path), ("limit", Location::Query), ("tags", Location::Query)]
            .iter()
            .filter_map(|(name, location)| a.parameter(*location, name).zip(b.parameter(*location, name)))
        {
            assert_eq!(x.hash, y.hash, "{}", x.name);
        }
        assert_eq!(a.body.as_ref().map(|body| body.hash), b.body.as_ref().map(|body| body.hash), "{a}");
        for response in &a.responses {
            assert_eq!(
                Some(response.hash),
                b.response(response.status).map(|response| response.hash),
                "{a} {}",
                response.status
            );
        }
        assert_eq!(a.hash, b.hash, "{a}");
    }
    assert_eq!(old.api().hash, new.api().hash);
    let put = &old.api().operations[0];
    assert_eq!((put.key.as_str(), put.servers[0].url.as_str()), ("/pets/{}", "https://api.example.com/v1"));
    assert_eq!(put.security.alternatives.len(), 2);
    assert!(old.api().operations[1].security.is_open() && old.api().operations[1].security.declared);
    assert_eq!(old.pointer(put.security_node), "/security");
    assert!(matches!(old.api().security_schemes[1].kind, SchemeKind::Http { .. }));
}

#[test]
fn effective_parts_come_from_the_nearest_place() {
    let document = read(&json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://{env}.example.com", "variables": {"env": {"default": "api", "enum": ["api", "test"]}}}],
        "security": [{"a": []}],
        "paths": {
            "/x": {
                "servers": [{"url": "/path"}],
                "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}, {"name": "H", "in": "header"}],
                "x-internal": true,
                "get": {"parameters": [{"name": "q", "in": "query", "required": true}, {"name": "h", "in": "header", "deprecated": true}], "security": [{}, {"b": ["s"]}], "x-sunset": "2027-01-01", "x-stability-level": "beta"},
                "post": {"servers": [{"url": "/own"}], "deprecated": true},
            },
            "/y": {"$ref": "#/components/pathItems/Y"},
            "/z": {"get": {}},
        },
        "webhooks": {"ping": {"post": {"callbacks": {"c": {"{$request.body#/u}": {"put": {"responses": {"2XX": {"description": ""}}}}}}}}},
        "components": {"pathItems": {"Y": {"delete": {"operationId": "y"}}}},
    }).to_string());
    let api = document.api();
    let names: Vec<_> = api.operations.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["GET /x", "POST /x", "DELETE /y", "GET /z"]);
    let get = &api.operations[0];
    assert_eq!(get.parameters.len(), 2);
    assert!(get.parameters[0].required && get.parameters[1].deprecated);
    assert_eq!(get.parameters[0].style, Style::Form);
    assert!(get.security.is_open() && get.security.alternatives.len() == 2);
    assert!(get.internal);
    assert_eq!((get.sunset.as_deref(), get.stability.as_deref()), (Some("2027-01-01"), Some("beta")));
    assert_eq!(get.servers[0].url, "/path");
    assert_eq!(api.operations[1].servers[0].url, "/own");
    assert!(api.operations[1].deprecated && !api.operations[1].security.is_open());
    assert_eq!(api.operations[3].servers[0].url, "https://api.example.com");
    assert_eq!(document.pointer(api.operations[2].path_node), "/paths/~1y");
    assert_eq!(document.pointer(api.operations[2].node), "/components/pathItems/Y/delete");
    let callback = &api.webhooks[0].callbacks[0];
    assert_eq!(callback.operations[0].responses[0].status, Status::Range(2));
}

#[test]
fn path_items_that_refer_to_each_other_end() {
    let document = read(&json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"$ref": "#/paths/~1b"}, "/b": {"$ref": "#/paths/~1a", "get": {"callbacks": {"c": {"x": {"$ref": "#/paths/~1a"}}}}}},
    }).to_string());
    assert_eq!(document.api().operations.len(), 2);
}

#[test]
fn large_parts_that_are_referred_to_often_are_bounded() {
    let parameters: Vec<Value> = (0..2_000)
        .map(|n| json!({"name": format!("p{n}"), "in": "query", "description": "d".repeat(200)}))
        .collect();
    let paths: serde_json::Map<String, Value> =
        (0..2_000).map(|n| (format!("/{n}"), json!({"$ref": "#/components/pathItems/P"}))).collect();
    let document = read(
        &json!({
            "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths,
            "components": {"pathItems": {"P": {"parameters": parameters, "get": {}}}},
        })
        .to_string(),
    );
    assert!(document.faults().iter().any(|fault| fault.rule == "model-too-large"));
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

#[test]
fn styles_default_by_place() {
    let document = with_operation(
        "3.0.0",
        &json!({"parameters": [
            {"name": "a", "in": "query"}, {"name": "b", "in": "header"}, {"name": "c", "in": "query", "style": "pipeDelimited"},
            {"name": "d", "in": "cookie", "explode": false}, {"name": "e", "in": "nowhere"},
        ]}),
    );
    let found: Vec<_> = document.api().operations[0]
        .parameters
        .iter()
        .map(|each| (each.style.to_string(), each.explode))
        .collect();
    let wanted = [("form", true), ("simple", false), ("pipeDelimited", false), ("form", false)];
    assert_eq!(found, wanted.map(|(style, explode)| (style.to_owned(), explode)));
}

// Judging

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

// Properties

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
