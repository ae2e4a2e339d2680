//! Real documents: every one below `SUNDIAL_CORPUS` loads, says the same as other readers, and
//! hashes alike however often it is read.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use serde_json::Value;

use sundial::spec::model::Location;
use sundial::spec::tree::{Kind, NodeId, Tree};
use sundial::spec::{Dialect, Document, Limits, Severity, Syntax, load, validate};

use crate::support::corpus;

/// Documents of the corpus: name below its root, and bytes.
fn documents(root: &Path) -> Vec<(String, Vec<u8>)> {
    corpus::entries(root)
        .into_iter()
        .map(|entry| (entry.file.clone(), corpus::document(root, &entry.file)))
        .collect()
}

fn read(name: &str, bytes: &[u8]) -> Document {
    load(bytes, &Limits::default()).unwrap_or_else(|problem| panic!("{name}: {problem}"))
}

#[test]
fn every_document_loads_and_every_reference_leads_somewhere() {
    let Some(root) = corpus::corpus() else { skip!("the corpus is not set: no real document was read") };
    let documents = documents(&root);
    for (name, bytes) in documents {
        let start = Instant::now();
        let document = read(&name, &bytes);
        let loaded = start.elapsed();
        let api = document.api();
        let modelled = start.elapsed() - loaded;
        println!(
            "{name}: {} {}, {} nodes, {} operations, {} schemas, {} faults, {} + {} ms",
            document.format(),
            document.syntax(),
            document.tree().len(),
            api.operations.len(),
            api.schemas.len(),
            document.faults().len(),
            loaded.as_millis(),
            modelled.as_millis(),
        );
        assert!(!api.operations.is_empty(), "{name}");
        assert!(!api.title.is_empty() && !api.version.is_empty(), "{name}");
        let bad: Vec<_> =
            document.faults().iter().filter(|fault| fault.severity == Severity::Error).collect();
        assert!(bad.is_empty(), "{name}: {bad:?}");
        let expected = if name.ends_with(".yaml") { Syntax::Yaml } else { Syntax::Json };
        assert_eq!(document.syntax(), expected, "{name}");
    }
}

#[test]
fn json_gives_the_data_that_serde_json_gives() {
    let Some(root) = corpus::corpus() else { skip!("the corpus is not set: no real document was read") };
    let documents = documents(&root);
    for (name, bytes) in documents.iter().filter(|(name, _)| name.ends_with(".json")) {
        let document = read(name, bytes);
        let theirs: Value = serde_json::from_slice(bytes).expect("the corpus is JSON");
        same(document.tree(), NodeId::ROOT, &theirs, name);
    }
}

fn same(tree: &Tree, node: NodeId, theirs: &Value, name: &str) {
    match theirs {
        Value::Null => assert_eq!(tree.kind(node), Kind::Null, "{name}"),
        Value::Bool(flag) => assert_eq!(tree.flag(node), Some(*flag), "{name}"),
        Value::String(text) => assert_eq!(tree.text(node), Some(text.as_str()), "{name}"),
        Value::Number(number) => {
            let text = tree.number(node).expect("a number");
            let ours: f64 = text.parse().expect("JSON numbers are Rust numbers");
            let theirs = number.as_f64().expect("not arbitrary precision");
            assert!((ours - theirs).abs() <= theirs.abs() * f64::EPSILON, "{name}: {text} and {number}");
        }
        Value::Array(items) => {
            assert_eq!(tree.items(node).len(), items.len(), "{name}");
            for (item, theirs) in tree.items(node).iter().zip(items) {
                same(tree, *item, theirs, name);
            }
        }
        Value::Object(members) => {
            assert_eq!(tree.entries(node).len(), members.len(), "{name}");
            for ((key, child), (their_key, theirs)) in tree.members(node).zip(members) {
                assert_eq!(key, their_key, "{name}");
                same(tree, child, theirs, name);
            }
        }
    }
}

#[test]
fn every_pointer_leads_back_to_its_node() {
    let Some(root) = corpus::corpus() else { skip!("the corpus is not set: no real document was read") };
    let documents = documents(&root);
    for (name, bytes) in documents.iter().filter(|(_, bytes)| bytes.len() < 1_000_000) {
        let document = read(name, bytes);
        let mut todo = vec![NodeId::ROOT];
        let mut count = 0_usize;
        while let Some(node) = todo.pop() {
            count += 1;
            if count.is_multiple_of(7) {
                assert_eq!(document.locate(&document.pointer(node)), Some(node), "{name}");
            }
            todo.extend(document.tree().items(node));
            todo.extend(document.tree().members(node).map(|(_, child)| child));
        }
    }
}

#[test]
fn data_read_as_json_or_yaml_hashes_alike() {
    let Some(root) = corpus::corpus() else { skip!("the corpus is not set: no real document was read") };
    let documents = documents(&root);
    for (name, bytes) in
        documents.iter().filter(|(name, bytes)| name.ends_with(".yaml") && bytes.len() < 900_000)
    {
        let yaml = read(name, bytes);
        let json = serde_json::to_vec(&yaml.value(NodeId::ROOT)).expect("a value can be written");
        let json = read(name, &json);
        assert_eq!(yaml.value_hash(NodeId::ROOT), json.value_hash(NodeId::ROOT), "{name}");
        assert_eq!(yaml.api().hash, json.api().hash, "{name}");
        for (a, b) in yaml.api().operations.iter().zip(&json.api().operations) {
            assert_eq!(a.hash, b.hash, "{name}: {a}");
        }
    }
}

#[test]
fn the_typed_reader_sees_the_same_operations() {
    let Some(root) = corpus::corpus() else { skip!("the corpus is not set: no real document was read") };
    let documents = documents(&root);
    let mut compared = 0;
    for (name, bytes) in &documents {
        let document = read(name, bytes);
        if document.dialect() != Dialect::V30 {
            continue;
        }
        let theirs = serde_json::from_value::<openapiv3::OpenAPI>(document.value(NodeId::ROOT));
        // Our search asks for each part alone, and must come to the verdict on the whole.
        let refuses = validate::validate(&document).iter().any(|fault| fault.rule == "typed-reader-refuses");
        assert_eq!(theirs.is_err(), refuses, "{name}: {theirs:?}");
        let Ok(theirs) = theirs else {
            println!("{name}: the typed reader refuses it");
            continue;
        };
        compare(name, &document, &theirs);
        compared += 1;
    }
    println!("{compared} documents compared with the typed reader");
    assert!(compared >= 10);
}

fn compare(name: &str, document: &Document, theirs: &openapiv3::OpenAPI) {
    let api = document.api();
    let mut ours: Vec<String> = api.operations.iter().map(ToString::to_string).collect();
    let mut others: Vec<String> =
        theirs.operations().map(|(path, method, _)| format!("{} {path}", method.to_uppercase())).collect();
    ours.sort_unstable();
    others.sort_unstable();
    assert_eq!(ours, others, "{name}");
    for (path, method, operation) in theirs.operations() {
        let mine =
            api.operations.iter().find(|each| each.path == path && each.method == method.to_uppercase());
        let mine = mine.unwrap_or_else(|| panic!("{name}: {method} {path}"));
        let shared = theirs.paths.paths[path].as_item().map(|item| &item.parameters[..]).unwrap_or_default();
        let mut wanted = BTreeMap::new();
        for parameter in shared.iter().chain(&operation.parameters) {
            let data = match resolve(parameter, theirs) {
                openapiv3::Parameter::Query { parameter_data, .. } => ("query", parameter_data),
                openapiv3::Parameter::Header { parameter_data, .. } => ("header", parameter_data),
                openapiv3::Parameter::Path { parameter_data, .. } => ("path", parameter_data),
                openapiv3::Parameter::Cookie { parameter_data, .. } => ("cookie", parameter_data),
            };
            let ignored = ["accept", "content-type", "authorization"];
            if data.0 == "header" && ignored.contains(&data.1.name.to_lowercase().as_str()) {
                continue;
            }
            wanted.insert((data.0, data.1.name.clone()), data.1.required || data.0 == "path");
        }
        let found: BTreeMap<(&str, String), bool> = mine
            .parameters
            .iter()
            .map(|each| ((each.location.name(), each.name.clone()), each.required))
            .collect();
        assert_eq!(found, wanted, "{name}: {mine}");
        assert_eq!(mine.id, operation.operation_id, "{name}: {mine}");
        assert_eq!(mine.deprecated, operation.deprecated, "{name}: {mine}");
        assert_eq!(mine.body.is_some(), operation.request_body.is_some(), "{name}: {mine}");
        let count = operation.responses.responses.len() + usize::from(operation.responses.default.is_some());
        assert_eq!(mine.responses.len(), count, "{name}: {mine}");
        assert!(mine.parameters.iter().all(|each| each.location != Location::QueryString), "{name}");
    }
}

fn resolve<'a>(
    parameter: &'a openapiv3::ReferenceOr<openapiv3::Parameter>,
    api: &'a openapiv3::OpenAPI,
) -> &'a openapiv3::Parameter {
    match parameter {
        openapiv3::ReferenceOr::Item(item) => item,
        openapiv3::ReferenceOr::Reference { reference } => {
            let name =
                reference.strip_prefix("#/components/parameters/").expect("parameters lie in components");
            let components = api.components.as_ref().expect("there are components");
            resolve(&components.parameters[name], api)
        }
    }
}

#[test]
fn judging_a_document_names_every_cause_once() {
    let Some(root) = corpus::corpus() else { skip!("the corpus is not set: no real document was read") };
    let documents = documents(&root);
    for (name, bytes) in &documents {
        let document = read(name, bytes);
        let start = Instant::now();
        let faults = validate::validate(&document);
        println!("{name}: {} faults in {} ms", faults.len(), start.elapsed().as_millis());
        for fault in faults.iter().take(12) {
            let place = document.place(fault.node);
            println!(
                "  {}:{} {} {} {} {}",
                place.line, place.column, fault.severity, fault.rule, place.pointer, fault.message
            );
            assert!(fault.message.len() < 500, "{name}: {}", fault.message);
            assert!(!fault.message.contains("not valid under any of"), "{name}: {}", fault.message);
        }
    }
}
