//! Where references start, and where they lead.

use serde_json::{Value, json};

use super::read;
use crate::spec::{Document, Severity};

fn with(version: &str, parts: &Value) -> Document {
    let mut document = json!({"openapi": version, "info": {"title": "t", "version": "1"}, "paths": {}});
    for (key, value) in parts.as_object().expect("parts are named") {
        document[key] = value.clone();
    }
    read(&document.to_string())
}

/// The pointer to which the schema at `pointer` refers.
fn leads(document: &Document, pointer: &str) -> Option<String> {
    let node = document.locate(pointer).unwrap_or_else(|| panic!("nothing is at {pointer}"));
    let api = document.api();
    let (_, schema) = api.schemas.iter().find(|(_, schema)| schema.node == node).expect("it is a schema");
    let target = schema.reference.as_ref().expect("it refers").target?;
    Some(document.pointer(api.schemas.get(target).node))
}

fn rules(document: &Document) -> Vec<(&'static str, Severity, String)> {
    let faults = document.faults().iter();
    faults.map(|fault| (fault.rule, fault.severity, document.pointer(fault.node))).collect()
}

#[test]
fn a_schema_with_an_id_is_where_its_references_start() {
    let document = with(
        "3.1.0",
        &json!({"components": {"schemas": {
            "A": {
                "$id": "https://x.example/a/root.json",
                "$defs": {"In": {"$anchor": "here", "type": "string"}, "Sub": {
                    "$id": "sub.json", "$defs": {"In": {"$anchor": "here"}},
                    "items": {"$ref": "#here"},
                }},
                "properties": {
                    "pointer": {"$ref": "#/$defs/In"}, "anchor": {"$ref": "#here"}, "self": {"$ref": "#"},
                    "relative": {"$ref": "sub.json#/$defs/In"}, "up": {"$ref": "../b.json"},
                },
            },
            "B": {"$id": "https://x.example/b.json", "items": {"$ref": "a/sub.json"}},
            "C": {"items": {"$ref": "https://x.example/a/root.json#/$defs/Sub/items"}, "contains": {"$ref": "#/components/schemas/A/$defs/Sub/$defs/In"}},
        }}}),
    );
    let a = "/components/schemas/A";
    for (from, to) in [
        ("/properties/pointer", "/$defs/In"),
        ("/properties/anchor", "/$defs/In"),
        ("/properties/self", ""),
        ("/properties/relative", "/$defs/Sub/$defs/In"),
        ("/$defs/Sub/items", "/$defs/Sub/$defs/In"),
    ] {
        let from = format!("{a}{from}");
        assert_eq!(leads(&document, &from), Some(format!("{a}{to}")), "{from}");
    }
    assert_eq!(leads(&document, &format!("{a}/properties/up")).as_deref(), Some("/components/schemas/B"));
    assert_eq!(leads(&document, "/components/schemas/B/items"), Some(format!("{a}/$defs/Sub")));
    assert_eq!(leads(&document, "/components/schemas/C/items"), Some(format!("{a}/$defs/Sub/items")));
    assert_eq!(
        leads(&document, "/components/schemas/C/contains"),
        Some(format!("{a}/$defs/Sub/$defs/In")),
        "a pointer crosses resources"
    );
    assert_eq!(rules(&document), []);
}

#[test]
fn what_follows_a_resource_starts_from_the_document_again() {
    let document = with(
        "3.1.0",
        &json!({"components": {"schemas": {
            "A": {"$id": "https://x.example/a", "type": "object", "properties": {"k": {"type": "string"}}},
            "B": {"items": {"$ref": "#/components/schemas/A"}},
            "C": {"$id": "https://x.example/c", "properties": {"d": {"$id": "d", "type": "string"}, "e": {"$ref": "#/properties/d"}}},
        }}}),
    );
    assert_eq!(leads(&document, "/components/schemas/B/items").as_deref(), Some("/components/schemas/A"));
    assert_eq!(
        leads(&document, "/components/schemas/C/properties/e").as_deref(),
        Some("/components/schemas/C/properties/d")
    );
    assert_eq!(rules(&document), []);
}

#[test]
fn a_pointer_that_means_the_document_is_read_so_and_named() {
    let document = with(
        "3.1.0",
        &json!({"components": {"schemas": {
            "A": {"$id": "https://x.example/a", "items": {"$ref": "#/components/schemas/B"}, "contains": {"$ref": "#/nothing"}},
            "B": {"type": "string"},
        }}}),
    );
    assert_eq!(leads(&document, "/components/schemas/A/items").as_deref(), Some("/components/schemas/B"));
    assert_eq!(leads(&document, "/components/schemas/A/contains"), None);
    let place = "/components/schemas/A";
    assert_eq!(
        rules(&document),
        [
            ("ref-dangling", Severity::Warning, format!("{place}/items/$ref")),
            ("ref-dangling", Severity::Error, format!("{place}/contains/$ref")),
        ]
    );
}

#[test]
fn a_document_that_names_itself_is_found_by_its_name() {
    let reference = |text: &str| json!({"items": {"$ref": text}});
    let parts = json!({
        "$self": "https://x.example/v1/api.yaml",
        "components": {"schemas": {
            "Absolute": reference("https://x.example/v1/api.yaml#/components/schemas/A"),
            "Case": reference("HTTPS://X.EXAMPLE/v1/api.yaml#/components/schemas/A"),
            "Relative": reference("api.yaml#/components/schemas/A"),
            "Up": reference("../v1/./api.yaml#/components/schemas/A"),
            "Local": reference("#/components/schemas/A"),
            "Named": reference("a"),
            "Other": reference("https://x.example/v2/api.yaml#/components/schemas/A"),
            "A": {"$id": "a", "type": "string"},
        }},
    });
    let document = with("3.2.0", &parts);
    for name in ["Absolute", "Case", "Relative", "Up", "Local", "Named"] {
        let pointer = format!("/components/schemas/{name}/items");
        assert_eq!(leads(&document, &pointer).as_deref(), Some("/components/schemas/A"), "{name}");
    }
    assert_eq!(leads(&document, "/components/schemas/Other/items"), None);
    let outside = ("ref-external", Severity::Error, "/components/schemas/Other/items/$ref".to_owned());
    assert_eq!(rules(&document), [outside]);
    let older = with("3.1.0", &parts);
    assert_eq!(rules(&older).iter().filter(|(rule, ..)| *rule == "ref-external").count(), 5);
}

#[test]
fn a_path_item_starts_from_the_document_that_names_itself() {
    let document = with(
        "3.2.0",
        &json!({
            "$self": "/api", "paths": {"/a": {"$ref": "/api#/components/pathItems/P"}},
            "components": {"pathItems": {"P": {"get": {"parameters": [{"$ref": "api#/components/parameters/q"}]}}}, "parameters": {"q": {"name": "q", "in": "query"}}},
        }),
    );
    assert_eq!(rules(&document), []);
    assert_eq!(document.api().operations[0].parameters.len(), 1);
}

#[test]
fn ids_and_anchors_are_data_where_they_stand_in_data_or_in_older_documents() {
    let parts = json!({"components": {"schemas": {
        "A": {"$id": "https://x.example/a", "$anchor": "a", "items": {"$ref": "#/components/schemas/B"}},
        "B": {"type": "object", "default": {"$id": "https://x.example/c", "$anchor": "c"}, "properties": {"$id": {"type": "string"}}},
        "C": {"items": {"$ref": "https://x.example/c"}, "contains": {"$ref": "#c"}, "not": {"$ref": "#a"}},
    }}});
    let old = with("3.0.3", &parts);
    assert_eq!(leads(&old, "/components/schemas/A/items").as_deref(), Some("/components/schemas/B"));
    assert_eq!(leads(&old, "/components/schemas/C/not"), None, "3.0 has no anchors");
    let new = with("3.1.0", &parts);
    let found: Vec<_> = rules(&new).into_iter().map(|(rule, _, place)| (rule, place)).collect();
    let place = |rest: &str| format!("/components/schemas/{rest}/$ref");
    assert_eq!(
        found,
        [
            ("ref-dangling", place("A/items")),
            ("ref-external", place("C/items")),
            ("ref-dangling", place("C/contains")),
            ("ref-dangling", place("C/not")),
        ]
    );
}

#[test]
fn dynamic_references_are_decided_where_one_way_is_left() {
    let document = with(
        "3.1.0",
        &json!({"components": {"schemas": {
            "One": {"items": {"$dynamicRef": "#only"}, "contains": {"$dynamicRef": "#/components/schemas/Two"}, "not": {"$dynamicRef": "#plain"}},
            "Two": {"$dynamicAnchor": "only"},
            "Plain": {"$anchor": "plain"},
            "Open": {"$id": "open", "$dynamicAnchor": "node", "items": {"$dynamicRef": "#node"}},
            "Closed": {"$id": "closed", "$dynamicAnchor": "node", "$ref": "open"},
            "Lost": {"$dynamicRef": "#nowhere"},
        }}}),
    );
    let schemas = "/components/schemas";
    for (from, to) in [("items", "Two"), ("contains", "Two"), ("not", "Plain")] {
        assert_eq!(leads(&document, &format!("{schemas}/One/{from}")), Some(format!("{schemas}/{to}")));
    }
    let api = document.api();
    let undecided = |name: &str| {
        let schema = api.schemas.get(api.component(name).expect("it is named"));
        schema.other.iter().map(|(keyword, _)| keyword.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(undecided("Two"), Vec::<String>::new());
    assert_eq!(undecided("Open"), ["$dynamicAnchor"]);
    assert_eq!(undecided("Lost"), ["$dynamicRef"]);
    let open = api.schemas.get(api.component("Open").expect("it is named"));
    let items = api.schemas.get(open.items().expect("it has items"));
    assert!(items.reference.is_none() && items.other.len() == 1, "the way decides");
}

#[test]
fn dialects_that_are_not_known_are_named_once() {
    let parts = json!({"jsonSchemaDialect": "https://example.com/d", "components": {"schemas": {
        "A": {"$schema": "https://example.com/d"}, "B": {"$schema": "http://json-schema.org/draft-07/schema#"},
        "C": {"$schema": "https://json-schema.org/draft/2020-12/schema"}, "D": {"const": {"$schema": "data"}},
    }}});
    let said: Vec<_> =
        rules(&with("3.1.0", &parts)).into_iter().map(|(rule, _, place)| (rule, place)).collect();
    let (rule, other) = ("schema-dialect-unknown", "/components/schemas/B/$schema".to_owned());
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.contains(&(rule, other)));
    assert_eq!(rules(&with("3.0.3", &parts)), []);
}

#[test]
fn nested_resources_and_circles_of_ids_end() {
    let mut nested = json!({"$ref": "#"});
    for level in (0..60).rev() {
        nested = json!({"$id": format!("level{level}/"), "items": nested});
    }
    let document =
        with("3.1.0", &json!({"components": {"schemas": {"A": nested, "B": {"$id": "b", "$ref": "b"}}}}));
    assert_eq!(rules(&document), []);
    let deepest = format!("/components/schemas/A{}", "/items".repeat(60));
    assert_eq!(leads(&document, &deepest), Some(format!("/components/schemas/A{}", "/items".repeat(59))));
    assert_eq!(leads(&document, "/components/schemas/B").as_deref(), Some("/components/schemas/B"));
}
