//! Real documents: every one below `SUNDIAL_CORPUS` loads, says the same as other readers, and
//! hashes alike however often it is read.

use std::path::Path;
use std::time::Instant;

use serde_json::Value;

use sundial::spec::tree::{Kind, NodeId, Tree};
use sundial::spec::{Document, Limits, Severity, Syntax, load, validate};

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
