//! Writes seeds for the fuzz targets: real documents cut down to one operation each.
//!
//! `cargo run --manifest-path fuzz/Cargo.toml --example seed -- FOLDER...`, where the folders hold OpenAPI
//! documents, packed with zstd or not. Each seed is a document of its own, in `fuzz/corpus/TARGET`.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use sundial::spec::tree::NodeId;
use sundial::spec::{Limits, Syntax, load};

/// Seeds taken from one document, spread over its operations.
const EACH: usize = 12;
/// Longer ones make every run slow.
const LONGEST: usize = 6_000;

fn main() -> Result<(), Box<dyn Error>> {
    let folders: Vec<String> = std::env::args().skip(1).collect();
    let mut written = 0;
    for file in folders.iter().flat_map(|folder| files(Path::new(folder))) {
        let bytes = fs::read(&file)?;
        let bytes = if file.extension().is_some_and(|end| end == "zst") {
            zstd::decode_all(&bytes[..])?
        } else {
            bytes
        };
        let Ok(document) = load(bytes, &Limits::default()) else { continue };
        let whole = document.value(NodeId::ROOT);
        for seed in cut(&whole) {
            let text = seed.to_string();
            if text.len() > LONGEST {
                continue;
            }
            let name = format!("{written:05}");
            write("json", &name, text.as_bytes())?;
            write("upgrades", &name, text.as_bytes())?;
            let printed = load(text.as_bytes(), &Limits::default()).map(|seed| seed.print(Syntax::Yaml));
            write("yaml", &name, printed.unwrap_or_default().as_bytes())?;
            write("references", &name, &[b"sundial!", text.as_bytes()].concat())?;
            written += 1;
        }
    }
    println!("{written} seeds a target");
    Ok(())
}

fn write(target: &str, name: &str, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from("fuzz/corpus").join(target);
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join(name), bytes)?)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Documents of one operation, with the components that it names.
fn cut(whole: &Value) -> Vec<Value> {
    let Some(paths) = whole["paths"].as_object() else { return Vec::new() };
    let operations: Vec<(&str, &str, &Value)> = paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().into_iter().flatten().map(move |(key, value)| (&**path, &**key, value))
        })
        .filter(|(_, _, operation)| operation.get("responses").is_some())
        .collect();
    let step = (operations.len() / EACH).max(1);
    let seed = |(path, method, operation): &(&str, &str, &Value)| {
        let mut seed = Map::new();
        for key in ["swagger", "openapi", "host", "basePath", "schemes", "consumes", "produces", "security"] {
            if let Some(value) = whole.get(key) {
                seed.insert(key.into(), value.clone());
            }
        }
        seed.insert("info".into(), json!({"title": "t", "version": "1"}));
        let mut item = Map::new();
        if let Some(shared) = paths[*path].get("parameters") {
            item.insert("parameters".into(), shared.clone());
        }
        item.insert((*method).into(), (*operation).clone());
        let mut seed = Value::Object(seed);
        seed["paths"] = json!({ *path: item });
        let mut named = BTreeSet::new();
        references(&seed, &mut named);
        for _ in 0..2 {
            for pointer in named.clone() {
                if let Some(value) = whole.pointer(&pointer) {
                    place(&mut seed, &pointer, value.clone());
                }
            }
            references(&seed, &mut named);
        }
        seed
    };
    operations.iter().step_by(step).map(seed).collect()
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(pointer) =
                members.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'))
            {
                found.insert(pointer.to_owned());
            }
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

fn place(seed: &mut Value, pointer: &str, value: Value) {
    let tokens: Vec<&str> = pointer.split('/').skip(1).collect();
    let Some((last, above)) = tokens.split_last() else { return };
    let mut at = seed;
    for token in above {
        let Value::Object(members) = at else { return };
        at = members.entry((*token).to_owned()).or_insert_with(|| json!({}));
    }
    if let Value::Object(members) = at {
        members.entry((*last).to_owned()).or_insert(value);
    }
}
