//! The places of a document where a schema meets the wire, found by our model and judged by others.

use sundial::spec::Document;
use sundial::spec::model::Operation;
use sundial::spec::schema::SchemaId;

/// A schema that values of one call are held against.
#[derive(Debug, Clone)]
pub struct Met {
    /// `GET /pets/{}` and where in it: what pairs two documents.
    pub place: String,
    pub method: String,
    pub path: String,
    /// Whether a request carries it.
    pub request: bool,
    pub schema: SchemaId,
    /// RFC 6901, into the document as written.
    pub pointer: String,
    /// Whether the body is JSON, so that a value is a message.
    pub json: bool,
}

fn met(
    document: &Document,
    operation: &Operation,
    what: &str,
    request: bool,
    schema: SchemaId,
    json: bool,
) -> Met {
    let pointer = document.pointer(document.api().schemas.get(schema).node);
    Met {
        place: format!("{} {} {what}", operation.method, operation.key),
        method: operation.method.clone(),
        path: operation.path.clone(),
        request,
        schema,
        pointer,
        json,
    }
}

/// All such places of the operations below `paths`.
pub fn places(document: &Document) -> Vec<Met> {
    let mut found = Vec::new();
    for operation in &document.api().operations {
        for parameter in &operation.parameters {
            if let Some(schema) = parameter.schema {
                let what = format!("parameter {} {}", parameter.location, parameter.name);
                found.push(met(document, operation, &what, true, schema, false));
            }
        }
        for media in operation.body.iter().flat_map(|body| &body.content) {
            if let Some(schema) = media.schema {
                let what = format!("body {}", media.name);
                found.push(met(
                    document,
                    operation,
                    &what,
                    true,
                    schema,
                    media.name.contains("json") || media.name == "*/*",
                ));
            }
        }
        for response in &operation.responses {
            for media in &response.content {
                if let Some(schema) = media.schema {
                    let what = format!("response {} {}", response.status, media.name);
                    found.push(met(
                        document,
                        operation,
                        &what,
                        false,
                        schema,
                        media.name.contains("json") || media.name == "*/*",
                    ));
                }
            }
        }
    }
    found
}
