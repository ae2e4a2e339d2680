//! A document taken apart into files and joined again is the document that it was.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};
use sundial::spec::bundle::{self, Source, Unread};
use sundial::spec::{Dialect, Document, Limits, Syntax, load};

use crate::support::corpus;
use crate::support::package;

/// Bytes of the largest document that is taken apart: the larger ones hold nothing that these lack.
const LARGEST: usize = 1_000_000;

fn read(bytes: &[u8]) -> Document {
    load(bytes, &Limits::default()).expect("a document")
}

/// The text of a part: JSON, or YAML below the key `it`, by turns.
fn part(number: usize, value: &Value) -> (&'static str, &'static str, String) {
    match number % 3 {
        0 => (".yaml", "/it", {
            let whole = json!({"openapi": "3.0.0", "it": value});
            read(whole.to_string().as_bytes()).print(Syntax::Yaml)
        }),
        1 => (".json", "/deep~1in/0", json!({"deep/in": [value]}).to_string()),
        _ => (".json", "", value.to_string()),
    }
}

/// A document as files: `openapi.json`, one file a schema and a path item, one for all responses.
struct Split {
    files: BTreeMap<String, String>,
    /// Pointers of the whole document that moved: where to.
    moved: BTreeMap<String, (String, &'static str)>,
}

impl Split {
    fn of(document: &Document) -> Self {
        let mut root = document.value(sundial::spec::tree::NodeId::ROOT);
        let schemas = match document.dialect() {
            Dialect::V20 => "/definitions",
            _ => "/components/schemas",
        };
        let mut split = Self { files: BTreeMap::new(), moved: BTreeMap::new() };
        let mut parts: Vec<(String, usize)> = Vec::new();
        let homes = [(schemas, "models/each one"), ("/paths", "paths")];
        for (home, folder) in homes {
            for (name, value) in root.pointer(home).and_then(Value::as_object).into_iter().flatten() {
                let number = parts.len();
                // An alias with words beside it would have no effect before 3.1 either way.
                if name.starts_with("x-") || !value.is_object() {
                    continue;
                }
                let (ending, below, _) = part(number, &Value::Null);
                let file = format!("{folder}/{number}{ending}");
                let pointer = format!("{home}/{}", token(name));
                split.moved.insert(pointer.clone(), (file, below));
                parts.push((pointer, number));
            }
        }
        let responses = match document.dialect() {
            Dialect::V20 => "/responses",
            _ => "/components/responses",
        };
        if root.pointer(responses).is_some_and(Value::is_object) {
            split.moved.insert(responses.to_owned(), ("answers.json".to_owned(), ""));
            parts.push((responses.to_owned(), 2));
        }
        for (pointer, number) in parts {
            let value = root.pointer_mut(&pointer).expect("it was found there").take();
            let (file, below) = split.moved[&pointer].clone();
            let text = part(number, &split.rewritten(value, &file, "")).2;
            split.files.insert(file.clone(), text);
            let reference = format!("{}{}", file.replace(' ', "%20"), fragment(below));
            *root.pointer_mut(&pointer).expect("it was found there") = json!({"$ref": reference});
        }
        let root = split.rewritten(root, "openapi.json", "");
        split.files.insert("openapi.json".to_owned(), root.to_string());
        split
    }

    /// A value with its references put right for the file that it now stands in.
    fn rewritten(&self, value: Value, file: &str, key: &str) -> Value {
        match value {
            Value::Object(members) => {
                let put_right = |(name, member): (String, Value)| {
                    let is_reference = name == "$ref" || key == "mapping";
                    let member = match member {
                        Value::String(text) if is_reference && text.starts_with('#') => {
                            Value::String(self.reference(&text, file))
                        }
                        other => self.rewritten(other, file, &name),
                    };
                    (name, member)
                };
                Value::Object(members.into_iter().map(put_right).collect::<Map<_, _>>())
            }
            Value::Array(items) => items.into_iter().map(|item| self.rewritten(item, file, "")).collect(),
            other => other,
        }
    }

    fn reference(&self, text: &str, file: &str) -> String {
        let pointer = text.trim_start_matches('#').replace("%7B", "{").replace("%7D", "}");
        let ends = pointer.match_indices('/').map(|(at, _)| at).chain([pointer.len()]);
        let moved = ends.skip(1).find_map(|end| self.moved.get_key_value(&pointer[..end]));
        // What stays in the root is referred to by way of the root.
        let (target, pointer) = match moved {
            Some((start, (target, below))) if target != "answers.json" => {
                (target.as_str(), format!("{below}{}", &pointer[start.len()..]))
            }
            _ => ("openapi.json", pointer.clone()),
        };
        if target == file {
            return fragment(&pointer);
        }
        let up = "../".repeat(file.matches('/').count());
        format!("{up}{}{}", target.replace(' ', "%20"), fragment(&pointer))
    }

    fn joined(&self) -> Document {
        let missing = |path: &str| self.files.get(path).ok_or(Unread::Missing);
        let source = Source {
            root: "openapi.json".to_owned(),
            prefix: String::new(),
            read: Box::new(|path, _| Ok(missing(path)?.clone().into_bytes())),
        };
        let root = read(self.files["openapi.json"].as_bytes());
        bundle::join(root, &source, &Limits::default()).expect("it can be joined")
    }
}

fn token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn fragment(pointer: &str) -> String {
    if pointer.is_empty() {
        return String::new();
    }
    format!("#{}", pointer.replace('%', "%25").replace('{', "%7B").replace('}', "%7D"))
}

/// Takes a document apart and joins it; how many parts it was.
fn holds_together(name: &str, bytes: &[u8]) -> usize {
    // Both sides from one reading into values, which round numbers that no computer word holds.
    let whole = read(read(bytes).value(sundial::spec::tree::NodeId::ROOT).to_string().as_bytes());
    let split = Split::of(&whole);
    let joined = split.joined();
    assert!(joined.is_joined(), "{name}");
    let dangling =
        |document: &Document| document.faults().iter().filter(|fault| fault.rule.starts_with("ref-")).count();
    assert_eq!(dangling(&joined), dangling(&whole), "{name}: {:?}", joined.faults());
    assert_eq!(joined.left().len(), 0, "{name}");
    let (api, again) = (whole.api(), joined.api());
    let hashes = |api: &sundial::spec::Api| -> Vec<(String, String, sundial::spec::Hash)> {
        let operations = api.operations.iter().chain(&api.webhooks);
        operations.map(|each| (each.method.clone(), each.path.clone(), each.hash)).collect()
    };
    assert_eq!(hashes(api), hashes(again), "{name}");
    let names = |api: &sundial::spec::Api| -> Vec<String> {
        api.components.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(api), names(again), "{name}");
    assert_eq!(api.hash, again.hash, "{name}");
    // A schema is found in the file that it was put into.
    for (pointer, (file, below)) in split.moved.iter().filter(|(pointer, _)| pointer.contains("chemas/")) {
        let Some(node) = joined.locate(&format!("{pointer}/type")) else {
            continue;
        };
        let place = joined.place(node);
        assert_eq!(place.file.as_deref(), Some(file.as_str()), "{name} {pointer}");
        let text = &split.files[file];
        let line = text.lines().nth(place.line - 1).expect("the line is there");
        let rest: String = line.chars().skip(place.column - 1).collect();
        let kind = joined.tree().text(node).unwrap_or_default();
        assert!(rest.trim_start_matches('"').starts_with(kind), "{name} {pointer} {below}: `{rest}`");
    }
    let again = read(joined.print(Syntax::Yaml).as_bytes());
    assert_eq!(again.api().hash, api.hash, "{name} as YAML");
    split.files.len()
}

#[test]
fn the_demo_documents_survive_being_taken_apart() {
    let mut files = 0;
    let mut documents = 0;
    let mut folders = vec![package().join("specs/demo")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if matches!(path.extension().and_then(|ending| ending.to_str()), Some("yaml" | "json")) {
                files += holds_together(&path.display().to_string(), &std::fs::read(&path).expect("a file"));
                documents += 1;
            }
        }
    }
    assert!(documents >= 20 && files > 5 * documents, "{documents} documents, {files} files");
}

#[test]
fn the_corpus_survives_being_taken_apart() {
    let Some(corpus) = corpus::corpus() else {
        skip!("SUNDIAL_CORPUS is not set");
    };
    let (mut documents, mut files) = (0, 0);
    for entry in corpus::entries(Path::new(&corpus)) {
        let bytes = corpus::document(&corpus, &entry.file);
        if bytes.len() <= LARGEST {
            files += holds_together(&entry.file, &bytes);
            documents += 1;
        }
    }
    println!("{documents} documents taken apart into {files} files");
    assert!(documents >= 30, "{documents}");
}
