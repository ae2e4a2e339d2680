//! What the room promises, on documents of our own: one test a promise.

mod equivalence;
mod judging;
mod modelling;
mod properties;
mod reading;
mod references;
mod refusals;
mod schemas;

use serde_json::{Value, json};

use super::{Document, Limits, load};

fn read(text: &str) -> Document {
    load(text.as_bytes(), &Limits::default()).unwrap_or_else(|problem| panic!("{problem}\n{text}"))
}

/// A 3.0 document with one operation, whose inside is given.
fn with_operation(version: &str, operation: &Value) -> Document {
    let document = json!({
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": operation}},
    });
    read(&document.to_string())
}

/// A document with schemas of these names.
fn with_schemas(version: &str, schemas: &Value) -> Document {
    let mut document = json!({"info": {"title": "t", "version": "1"}, "paths": {}});
    if version == "2.0" {
        document["swagger"] = json!("2.0");
        document["definitions"] = schemas.clone();
    } else {
        document["openapi"] = json!(version);
        document["components"] = json!({"schemas": schemas});
    }
    read(&document.to_string())
}
