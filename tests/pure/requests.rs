//! Every operation of real documents can be shown as a request that a server could be sent.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};
use sundial::diff::request::{Given, show};
use sundial::spec::Document;
use sundial::spec::model::Location;
use sundial::spec::schema::{SchemaId, Type};

use crate::support::corpus;

/// A value of the schema's first type: enough to be written, whatever else the schema wants.
fn plausible(document: &Document, schema: SchemaId) -> Option<Value> {
    let types = document.api().schemas.resolved(schema).types?;
    let kind = types.iter().next()?;
    Some(match kind {
        Type::Null => Value::Null,
        Type::Boolean => json!(true),
        Type::Integer | Type::Number => json!(7),
        Type::String => json!("a b/c?d&e=f#g%\r\n\u{e9}"),
        Type::Array => json!(["a,b", 7]),
        Type::Object => json!({"a=b": "c&d", "e": null}),
    })
}

/// How many operations and parameters of the document were shown.
fn shown(name: &str, document: &Document) -> (usize, usize) {
    let api = document.api();
    let give = |schema| plausible(document, schema);
    let (mut operations, mut parameters) = (0, 0);
    for operation in api.all_operations() {
        operations += 1;
        // What is optional too, one at a time; and each body.
        let each = operation.parameters.iter().map(|parameter| {
            let value = parameter.schema.and_then(give).unwrap_or_else(|| json!({"a": [1, "b c"]}));
            (Some((parameter, value)), None)
        });
        let bodies = operation.body.iter().flat_map(|body| &body.content);
        let bodies = bodies
            .map(|media| (None, Some((media, Arc::new(media.schema.and_then(give).unwrap_or(Value::Null))))));
        for (parameter, body) in each.chain(bodies).chain([(None, None)]) {
            parameters += usize::from(parameter.is_some());
            let given = Given {
                parameter: parameter.as_ref().map(|(parameter, value)| (*parameter, value)),
                body: body.as_ref().map(|(media, value)| (*media, value)),
                ..Given::default()
            };
            let request = show(api, operation, &given, &give);
            let target = &request.target;
            let plain = |byte: u8| byte.is_ascii_graphic() && !b"{}<>\"\\^`|#[]".contains(&byte);
            assert!(target.starts_with('/') && target.bytes().all(plain), "{name}: {operation}: {target}");
            assert!(
                target.matches('?').count() <= 1
                    || operation.parameters.iter().any(|each| each.allow_reserved)
            );
            for (field, value) in &request.headers {
                let value = value.as_str().expect("a field is text");
                assert!(!value.contains(char::is_control), "{name}: {operation}: {field}: {value:?}");
                assert_eq!(*field, field.to_ascii_lowercase(), "{name}: {operation}");
            }
            // 2.0 lets a document declare the field as a parameter of its own.
            if operation.parameter(Location::Header, "content-type").is_none() {
                let is_told = request.headers.contains_key("content-type");
                assert_eq!(is_told, body.is_some() || is_body_demanded(operation), "{name}: {operation}");
            }
            if let Some((parameter, _)) = &parameter
                && parameter.location == Location::Header
            {
                assert!(
                    request.headers.contains_key(&parameter.name.to_ascii_lowercase()),
                    "{name}: {operation}"
                );
            }
        }
    }
    (operations, parameters)
}

fn is_body_demanded(operation: &sundial::spec::model::Operation) -> bool {
    operation.body.as_ref().is_some_and(|body| body.required && !body.content.is_empty())
}

#[test]
fn every_operation_of_the_demo_is_a_request() {
    let mut files: Vec<PathBuf> = vec![crate::support::package().join("specs/demo")];
    let (mut operations, mut parameters) = (0, 0);
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(path).expect("a folder").flatten().map(|entry| entry.path()));
        } else if path.extension().is_some_and(|end| end == "yaml" || end == "json") {
            let (more, others) = shown(&path.display().to_string(), &corpus::read(&path));
            operations += more;
            parameters += others;
        }
    }
    assert!(operations > 300 && parameters > 300, "{operations} operations, {parameters} parameters");
}

#[test]
fn every_operation_of_real_documents_is_a_request() {
    let Some(root) = corpus::corpus() else { skip!("SUNDIAL_CORPUS names no folder") };
    let mut parameters = 0;
    for entry in corpus::entries(&root) {
        parameters += shown(&entry.target(), &corpus::read(&root.join(&entry.file))).1;
    }
    assert!(parameters > 5_000, "{parameters} parameters");
}
