//! Writes seeds for the fuzz targets: real documents cut down to one parameter, body, answer, schema or
//! operation each, since a run of a short text is fast and a word falls into it where it matters.
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

const LONGEST: usize = 400;
/// Members of an object and items of a list that are kept where the keys are names.
const WIDEST: usize = 3;
/// Longer texts explain or picture something.
const LONGEST_TEXT: usize = 60;

/// How far a seed follows its references, and at which depth it ends, until it is short enough.
const CUTS: [(usize, usize); 6] = [(2, 12), (2, 9), (1, 10), (1, 8), (1, 6), (0, 6)];

/// Keys below which keys are names.
const NAMED: &[&str] = &[
    "paths",
    "properties",
    "patternProperties",
    "schemas",
    "definitions",
    "parameters",
    "responses",
    "requestBodies",
    "headers",
    "content",
    "callbacks",
    "securitySchemes",
    "securityDefinitions",
    "scopes",
    "mapping",
    "variables",
    "example",
    "examples",
    "default",
];

fn main() -> Result<(), Box<dyn Error>> {
    let folders: Vec<String> = std::env::args().skip(1).collect();
    let mut shapes = BTreeSet::new();
    let mut bytes = 0;
    let mut before = None;
    for file in folders.iter().flat_map(|folder| files(Path::new(folder))) {
        let text = fs::read(&file)?;
        let text = if file.extension().is_some_and(|end| end == "zst") {
            zstd::decode_all(&text[..])?
        } else {
            text
        };
        let Ok(document) = load(text, &Limits::default()) else { continue };
        let whole = document.value(NodeId::ROOT);
        for seed in pieces(&whole).iter().filter_map(|piece| cut(piece, &whole)) {
            let mut shape = BTreeSet::new();
            words(&seed, false, &mut shape);
            let name = format!("{:05}", shapes.len());
            if !shapes.insert(shape) {
                continue;
            }
            let text = seed.to_string();
            bytes += text.len();
            write("json", &name, text.as_bytes())?;
            write("upgrades", &name, text.as_bytes())?;
            let printed = load(text.as_bytes(), &Limits::default()).map(|seed| seed.print(Syntax::Yaml));
            write("yaml", &name, printed.unwrap_or_default().as_bytes())?;
            write("references", &name, &[b"sundial!", text.as_bytes()].concat())?;
            // Beside itself, where a change says what the diff must name, and beside another of its kind.
            let other = before.replace(text.clone()).unwrap_or_else(|| text.clone());
            write("diff", &name, format!("[{text},{text}]").as_bytes())?;
            write("diff", &format!("{name}-beside"), format!("[{other},{text}]").as_bytes())?;
        }
    }
    println!("{} seeds a target, {bytes} bytes of JSON", shapes.len());
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

/// Documents that hold one thing each, and know nothing yet of what it refers to.
fn pieces(whole: &Value) -> Vec<Value> {
    let swagger = whole.get("swagger").is_some();
    let document = |path: &str, method: &str, operation: Value| {
        let mut piece = Map::new();
        for key in ["swagger", "openapi", "jsonSchemaDialect", "$self"] {
            if let Some(value) = whole.get(key) {
                piece.insert(key.into(), value.clone());
            }
        }
        piece.insert("info".into(), json!({"title": "t", "version": "1"}));
        piece.insert("paths".into(), json!({ path: { method: operation } }));
        Value::Object(piece)
    };
    let mut found = Vec::new();

    // What stands at the root beside paths and components.
    let mut root = document("/a", "get", json!({"responses": {}}));
    for (key, value) in whole.as_object().into_iter().flatten() {
        if !matches!(key.as_str(), "paths" | "components" | "definitions" | "parameters" | "responses") {
            root[key] = value.clone();
            found.push(root.clone());
            if !matches!(key.as_str(), "swagger" | "openapi" | "info") {
                root = document("/a", "get", json!({"responses": {}}));
            }
        }
    }

    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for (path, item) in whole["paths"].as_object().into_iter().flatten() {
        for shared in items(&item["parameters"]) {
            let mut piece = document(path, "get", json!({"responses": {}}));
            piece["paths"][path]["parameters"] = json!([shared]);
            found.push(piece);
        }
        for (method, operation) in item.as_object().into_iter().flatten() {
            let Value::Object(operation) = operation else { continue };
            if !operation.contains_key("responses") {
                continue;
            }
            for parameter in items(operation.get("parameters").unwrap_or(&Value::Null)) {
                let mut alone = json!({"parameters": [parameter], "responses": {}});
                let consumes = operation.get("consumes").filter(|_| swagger);
                if let Some(consumes) = consumes {
                    alone["consumes"] = consumes.clone();
                }
                let path = match parameter["in"].as_str() {
                    Some("path") => format!("/{{{}}}", parameter["name"].as_str().unwrap_or_default()),
                    _ => "/a".to_owned(),
                };
                found.push(document(&path, method, alone));
            }
            if let Some(body) = operation.get("requestBody") {
                found.push(document("/a", method, json!({"requestBody": body, "responses": {}})));
            }
            for (status, response) in operation["responses"].as_object().into_iter().flatten() {
                found.push(document("/a", method, json!({"responses": { status: response }})));
            }
            found.push(document(path, method, Value::Object(operation.clone())));
            let rest = operation
                .iter()
                .filter(|(key, _)| !matches!(key.as_str(), "parameters" | "requestBody" | "responses"));
            let mut rest: Map<String, Value> =
                rest.map(|(key, value)| (key.clone(), value.clone())).collect();
            rest.insert("responses".into(), json!({}));
            found.push(document("/a", method, Value::Object(rest)));
        }
    }

    for pointer in ["/definitions", "/components/schemas"] {
        for (_, schema) in whole.pointer(pointer).and_then(Value::as_object).into_iter().flatten() {
            let answer = if swagger {
                json!({"schema": schema})
            } else {
                json!({"content": {"application/json": {"schema": schema}}})
            };
            found.push(document("/a", "get", json!({"responses": {"200": answer}})));
        }
    }
    found
}

/// The piece with what it refers to, as much of it as a seed may hold.
fn cut(piece: &Value, whole: &Value) -> Option<Value> {
    CUTS.iter().find_map(|&(steps, depth)| {
        let mut seed = trim(piece, depth);
        for _ in 0..steps {
            let mut named = BTreeSet::new();
            references(&seed, &mut named);
            for pointer in named {
                if let Some(value) = whole.pointer(&pointer) {
                    place(&mut seed, &pointer, trim(value, depth.saturating_sub(3)));
                }
            }
        }
        (seed.to_string().len() <= LONGEST).then_some(seed)
    })
}

/// Without prose, and with a few of many.
fn trim(value: &Value, depth: usize) -> Value {
    fn kept(key: &str, value: &Value) -> bool {
        !matches!(key, "description" | "summary" | "externalDocs" | "operationId" | "tags" | "title")
            && (!key.starts_with("x-") || key == "x-nullable")
            && (key == "$ref" || value.as_str().is_none_or(|text| text.len() <= LONGEST_TEXT))
            || key == "title" && value == "t"
    }
    fn walk(value: &Value, named: bool, depth: usize) -> Value {
        match value {
            Value::Object(_) | Value::Array(_) if depth == 0 => json!({}),
            Value::Object(members) => {
                let members = members.iter().filter(|(key, value)| named || kept(key, value));
                let members = members.take(if named { WIDEST } else { usize::MAX });
                let walked = members.map(|(key, value)| {
                    let named = !named && NAMED.contains(&key.as_str());
                    (key.clone(), walk(value, named, depth - 1))
                });
                Value::Object(walked.collect())
            }
            Value::Array(items) => {
                items.iter().take(WIDEST).map(|item| walk(item, false, depth - 1)).collect()
            }
            other => other.clone(),
        }
    }
    walk(value, false, depth)
}

/// The keys that a seed uses, with the values that decide how it is read: of two seeds with the same words
/// one is enough.
fn words(value: &Value, named: bool, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if !named {
                    found.insert(match (key.as_str(), value) {
                        ("swagger" | "openapi", Value::String(text)) => text.chars().take(3).collect(),
                        ("in" | "type" | "style" | "collectionFormat", value) => format!("{key} {value}"),
                        _ => key.clone(),
                    });
                }
                words(value, !named && NAMED.contains(&key.as_str()), found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| words(item, false, found)),
        _ => {}
    }
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
