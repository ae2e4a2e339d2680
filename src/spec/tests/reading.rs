//! JSON and YAML become one tree, with places and references.

use serde_json::json;

use super::read;
use crate::spec::Syntax;
use crate::spec::tree::NodeId;

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
