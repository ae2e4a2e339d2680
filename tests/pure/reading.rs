//! JSON of real documents gives the data that `serde_json` gives.

use serde_json::Value;

use sundial::spec::tree::{Kind, NodeId, Tree};
use sundial::spec::{Limits, load};

use crate::support::corpus;
use crate::support::packages::{directory, on_all_cores};

fn hold(name: &str, bytes: &[u8]) {
    let document = load(bytes, &Limits::default()).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    let theirs: Value = serde_json::from_slice(bytes).expect("it is JSON");
    same(document.tree(), NodeId::ROOT, &theirs, name);
}

#[test]
fn json_of_the_corpus_gives_the_data_that_serde_json_gives() {
    let Some(root) = corpus::corpus() else { skip!("the corpus is not set: no real document was read") };
    let files: Vec<(String, Vec<u8>)> = corpus::entries(&root)
        .into_iter()
        .map(|entry| (entry.file.clone(), corpus::document(&root, &entry.file)))
        .filter(|(file, _)| !file.ends_with(".yaml"))
        .collect();
    assert!(files.len() >= 20, "{}", files.len());
    on_all_cores(&files, |(_, bytes)| bytes.len(), |(file, bytes)| hold(file, bytes));
}

#[test]
fn json_of_the_directory_gives_the_data_that_serde_json_gives() {
    let listed: Vec<_> = directory().into_iter().filter(|each| each.bytes <= 200_000).step_by(3).collect();
    assert!(listed.len() > 700, "{}", listed.len());
    on_all_cores(&listed, |each| each.bytes, |each| hold(&each.name, &each.read()));
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
