//! Reading what was printed gives the same again: in JSON by way of the tree and of a JSON value, and
//! in YAML; for real documents and for made ones.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use sundial::spec::tree::{Kind, NodeId, Tree};
use sundial::spec::{Document, Limits, Syntax, load};

use crate::support::corpus;
use crate::support::packages::{directory, on_all_cores};

fn read(name: &str, bytes: &[u8]) -> Document {
    load(bytes, &Limits::default()).unwrap_or_else(|problem| panic!("{name}: {problem}"))
}

/// Whether a number is the same after it has been an `i64`, a `u64` or an `f64`.
fn survives(text: &str) -> bool {
    let digits = text.split(['e', 'E']).next().unwrap_or_default().bytes().filter(u8::is_ascii_digit).count();
    let is_plain = text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok();
    let size = text.parse::<f64>().map_or(0.0, f64::abs);
    is_plain || (digits <= 15 && (size == 0.0 || (1e-300..1e300).contains(&size)))
}

fn all_survive(tree: &Tree, node: NodeId) -> bool {
    match tree.kind(node) {
        Kind::Number => tree.number(node).is_some_and(survives),
        Kind::Array => tree.items(node).iter().all(|item| all_survive(tree, *item)),
        _ => tree.members(node).all(|(_, member)| all_survive(tree, member)),
    }
}

/// Whether all prints of a document, which are the same when read, include a plain JSON value.
fn hold(name: &str, bytes: &[u8]) -> bool {
    let document = read(name, bytes);
    let mut prints = vec![("JSON", document.print(Syntax::Json)), ("YAML", document.print(Syntax::Yaml))];
    let survive = all_survive(document.tree(), NodeId::ROOT);
    if survive {
        prints.push(("a value", document.value(NodeId::ROOT).to_string()));
    }
    for (what, text) in &prints {
        let again = read(&format!("{name} as {what}"), text.as_bytes());
        assert_eq!(again.format(), document.format(), "{name} as {what}");
        let hashes = |document: &Document| (document.value_hash(NodeId::ROOT), document.api().hash);
        assert_eq!(hashes(&again), hashes(&document), "{name} as {what}");
        let operations =
            |document: &Document| document.api().operations.iter().map(|each| each.hash).collect::<Vec<_>>();
        assert_eq!(operations(&again), operations(&document), "{name} as {what}");
    }
    survive
}

fn tell(source: &str, held: &[bool]) {
    let wide = held.iter().filter(|survive| !**survive).count();
    println!(
        "{source}: {} documents came back the same, {wide} of them not by way of a JSON value",
        held.len()
    );
    assert!(wide * 10 < held.len(), "{wide} of {} have numbers that no JSON value holds", held.len());
}

#[test]
fn documents_of_the_corpus_come_back_the_same() {
    let Some(root) = corpus::corpus() else { skip!("the corpus is not set: no real document was read") };
    let files: Vec<(String, Vec<u8>)> = corpus::entries(&root)
        .into_iter()
        .map(|entry| (entry.file.clone(), corpus::document(&root, &entry.file)))
        .filter(|(_, bytes)| bytes.len() < 1_000_000)
        .collect();
    tell("corpus", &on_all_cores(&files, |(_, bytes)| bytes.len(), |(name, bytes)| hold(name, bytes)));
}

#[test]
fn documents_of_the_directory_come_back_the_same() {
    let listed: Vec<_> = directory().into_iter().filter(|each| each.bytes <= 60_000).step_by(4).collect();
    let held = on_all_cores(&listed, |each| each.bytes, |each| hold(&each.name, &each.read()));
    tell("directory", &held);
}

/// Any value, with words that mean something to OpenAPI or to YAML among its names and texts.
fn values() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        3 => prop::sample::select(vec![
            "type", "$ref", "#/components/schemas/A", "properties", "required", "enum", "items", "allOf", "oneOf", "nullable",
            "string", "object", "integer", "array", "name", "in", "query", "path", "header", "schema", "content", "application/json",
            "default", "200", "get", "post", "parameters", "requestBody", "responses", "description", "security", "additionalProperties",
            "null", "~", "on", "Yes", "0o17", "017", "1e3", ".5", "-.inf", "2020-01-01", "<<", "=", "- a", "a: b", "a #b", "*a", "&a", "!a", "%a",
            "|", ">", "@", "`", "?", "-", ":", "", " ", "a ", " a", "\"", "'", "\\", "---", "...", "a\n", "\na", "a\n\n b", "\t", "é", "\u{feff}",
            "\u{85}", "\u{2028}", "\u{7f}", "\u{0}", "\r", "a\r\nb", "😀",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[a-z]{1020,1028}",
        1 => "[a-z \n]{0,200}",
    ];
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1_000_000_i32..1_000_000, 1_i32..1_000).prop_map(|(a, b)| Value::from(f64::from(a) / f64::from(b))),
        any::<f64>().prop_map(Value::from),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number,
        word.clone().prop_map(Value::from),
        Just(json!({})),
        Just(json!([])),
    ];
    leaf.prop_recursive(6, 60, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..5)
                .prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn made_documents_come_back_the_same(
        parts in prop::collection::vec((prop::sample::select(vec![
            "/paths", "/paths/~1a", "/paths/~1a/get", "/paths/~1a/get/parameters", "/paths/~1a/get/responses", "/components",
            "/components/schemas", "/components/schemas/A", "/security", "/servers", "/tags", "/info", "/x-data", "/definitions",
        ]), values()), 1..4),
        version in prop::sample::select(vec!["2.0", "3.0.0", "3.1.0", "3.2.0"]),
    ) {
        let mut whole = json!({
            "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {"parameters": [], "responses": {}}}},
            "components": {"schemas": {"A": {}}}, "definitions": {}, "security": [], "servers": [], "tags": [], "x-data": null,
        });
        whole[if version == "2.0" { "swagger" } else { "openapi" }] = version.into();
        for (place, value) in parts {
            if let Some(part) = whole.pointer_mut(place) {
                *part = value;
            }
        }
        let document = read("made", whole.to_string().as_bytes());
        for text in [format!("{whole:#}"), document.print(Syntax::Json), document.print(Syntax::Yaml)] {
            let again = load(text.as_bytes(), &Limits::default());
            let again = again.map_err(|problem| TestCaseError::fail(format!("{problem}: {text}")))?;
            prop_assert_eq!(again.value(NodeId::ROOT), document.value(NodeId::ROOT));
            prop_assert_eq!(again.value_hash(NodeId::ROOT), document.value_hash(NodeId::ROOT));
            prop_assert_eq!(again.api().hash, document.api().hash);
        }
    }
}
