//! The examples of the rules as whole documents.
//!
//! An example is a YAML fragment, merged (RFC 7396) over a small clean document: `OpenAPI` 3.1, one
//! https server, OAuth 2 as scheme `o`, demanded of all. Upper-case keys are short for places:
//! `REQ` the JSON body of POST /a, `RES` that of the 200 response of GET /a, `PARAM` a parameter of
//! GET /a, `SCHEME` a security scheme that GET /a asks for, `SCHEME2` one that is only declared,
//! `OAUTH` the flows of `o`, `SCOPES` more scopes of it, `SERVER` the URL.

use serde_json::{Map, Value, json};

use crate::spec::{Document, Limits, Problem, load as read};

/// Reads a fragment and everything around it as a document.
///
/// # Errors
/// When the fragment is no YAML.
pub fn load(fragment: &str) -> Result<Document, Problem> {
    let text = expand(fragment)?.to_string();
    read(text.as_bytes(), &Limits::default())
}

/// The whole document that a fragment stands for.
///
/// # Errors
/// When the fragment is no YAML.
pub fn expand(fragment: &str) -> Result<Value, Problem> {
    let mut document = base();
    let mut patch = parse(fragment)?;
    if let Value::Object(patch) = &mut patch {
        for (key, path) in PLACES {
            if let Some(value) = patch.remove(*key) {
                merge(&mut document, nest(path, value));
            }
        }
        shortcuts(&mut document, patch);
    }
    merge(&mut document, patch);
    responses(&mut document);
    Ok(document)
}

/// The fragment with its short keys in words, for people.
#[must_use]
pub fn legible(fragment: &str) -> String {
    const WORDS: [(&str, &str); 8] = [
        ("REQ:", "request body of POST /a:"),
        ("RES:", "response body of GET /a:"),
        ("PARAM:", "parameter of GET /a:"),
        ("SCHEME2:", "security scheme s:"),
        ("SCHEME:", "security scheme s, asked for by GET /a:"),
        ("OAUTH:", "OAuth 2 flows:"),
        ("SCOPES:", "OAuth 2 scopes:"),
        ("SERVER:", "server URL:"),
    ];
    let mut text = fragment.to_owned();
    for (key, words) in WORDS {
        text = text.replace(key, words);
    }
    text
}

/// What the short keys stand for, as the path to their value.
const PLACES: &[(&str, &[&str])] = &[
    ("REQ", &["paths", "/a", "post", "requestBody", "content", "application/json", "schema"]),
    ("RES", &["paths", "/a", "get", "responses", "200", "content", "application/json", "schema"]),
    ("SCHEME2", &["components", "securitySchemes", "s"]),
];

fn shortcuts(document: &mut Value, patch: &mut Map<String, Value>) {
    if let Some(parameter) = patch.remove("PARAM") {
        merge(document, nest(&["paths", "/a", "get"], json!({"parameters": [parameter]})));
    }
    if let Some(scheme) = patch.remove("SCHEME") {
        merge(document, nest(&["components", "securitySchemes", "s"], scheme));
        merge(document, nest(&["paths", "/a", "get"], json!({"security": [{"s": []}]})));
    }
    if let Some(flows) = patch.remove("OAUTH") {
        document["components"]["securitySchemes"]["o"]["flows"] = flows;
    }
    if let Some(scopes) = patch.remove("SCOPES") {
        let path = ["components", "securitySchemes", "o", "flows", "authorizationCode", "scopes"];
        merge(document, nest(&path, scopes));
    }
    if let Some(url) = patch.remove("SERVER") {
        document["servers"][0]["url"] = url;
    }
}

fn base() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Example", "version": "1"},
        "servers": [{"url": "https://api.example.com", "description": "production"}],
        "security": [{"o": ["r"]}],
        "paths": {},
        "components": {"securitySchemes": {"o": {"type": "oauth2", "flows": {"authorizationCode": {
            "authorizationUrl": "https://id.example.com/authorize",
            "tokenUrl": "https://id.example.com/token",
            "scopes": {"r": "read", "w": "write"},
        }}}}},
    })
}

/// An operation without `responses` gets the usual ones.
fn responses(document: &mut Value) {
    let Some(Value::Object(paths)) = document.get_mut("paths") else {
        return;
    };
    let methods = paths.values_mut().filter_map(Value::as_object_mut).flatten();
    for (method, operation) in methods {
        let Value::Object(operation) = operation else {
            continue;
        };
        if method != "parameters" && !operation.contains_key("responses") {
            let limit = json!({"description": "too many", "headers": {"Retry-After": {"schema": {"type": "integer"}}}});
            operation.insert(
                "responses".to_owned(),
                json!({
                    "200": {"description": "ok"},
                    "400": {"description": "bad"},
                    "401": {"description": "who"},
                    "404": {"description": "none"},
                    "429": limit,
                }),
            );
        }
    }
}

fn parse(fragment: &str) -> Result<Value, Problem> {
    // The reader takes documents, so the fragment travels as an extension of one.
    let indented = fragment.replace('\n', "\n  ");
    let text =
        format!("openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths: {{}}\nx-fragment:\n  {indented}\n");
    let document = read(text.as_bytes(), &Limits::default())?;
    Ok(document.locate("/x-fragment").map_or(Value::Null, |node| document.value(node)))
}

fn nest(path: &[&str], value: Value) -> Value {
    path.iter().rev().fold(value, |inner, key| json!({*key: inner}))
}

/// RFC 7396.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(members) = target {
        for (key, value) in patch {
            if value.is_null() {
                members.remove(&key);
            } else {
                merge(members.entry(key).or_insert(Value::Null), value);
            }
        }
    }
}
