//! One API in the spelling of each version has one hash; what means something else has another.
//!
//! A case is a name and two or more spellings: version, place, fragment. `schema` is the component
//! `A`, which a body and a response refer to, beside `S` and `T`; `params` the parameters of a
//! `GET /a/{id}`; `op` the inside of a `POST /a`; `root` all but version and info. `@S` in a
//! reference stands for the component `S` where the version keeps it. Each document is also read as
//! JSON, with its members in reverse.

use std::collections::BTreeMap;

use serde_json::Value;

use super::read;
use crate::spec::tree::NodeId;
use crate::spec::{Document, Hash, Severity};

/// Version, place and fragment.
type Spelling = (&'static str, &'static str, &'static str);

fn document((version, place, fragment): Spelling) -> Document {
    let is_old = version == "2.0";
    let (head, schemas) = if is_old {
        ("swagger: '2.0'".to_owned(), "#/definitions/")
    } else {
        (format!("openapi: {version}.0"), "#/components/schemas/")
    };
    let components = |text: &str| {
        if is_old {
            format!("definitions: {{{text}}}")
        } else {
            format!("components: {{schemas: {{{text}}}}}")
        }
    };
    let body = match place {
        "root" => fragment.to_owned(),
        "op" => {
            let responses =
                if fragment.contains("responses:") { "" } else { ", responses: {'204': {description: d}}" };
            let others = components(
                "S: {type: string}, T: {type: object, required: [k], properties: {k: {type: string}}}",
            );
            format!("paths: {{/a: {{post: {{operationId: o, {fragment}{responses}}}}}}}\n{others}")
        }
        "params" => {
            let id = if is_old { "type: string" } else { "schema: {type: string}" };
            format!(
                "paths: {{'/a/{{id}}': {{parameters: [{{name: id, in: path, required: true, {id}}}], get: {{parameters: [{fragment}], responses: {{'204': {{description: d}}}}}}}}}}"
            )
        }
        "schema" => {
            let all = components(&format!(
                "A: {fragment}, S: {{type: string}}, T: {{type: object, required: [k], properties: {{k: {{type: string}}}}}}"
            ));
            let operation = if is_old {
                "consumes: [a/b], produces: [a/b], parameters: [{in: body, name: b, schema: {$ref: '@A'}}], responses: {'200': {description: d, schema: {$ref: '@A'}}}"
            } else {
                "requestBody: {content: {a/b: {schema: {$ref: '@A'}}}}, responses: {'200': {description: d, content: {a/b: {schema: {$ref: '@A'}}}}}"
            };
            format!("paths: {{/a: {{post: {{{operation}}}}}}}\n{all}")
        }
        other => panic!("no place is called {other}"),
    };
    read(&format!("{head}\ninfo: {{title: t, version: '1'}}\n{}\n", body.replace('@', schemas)))
}

/// The same data in JSON, members in reverse.
fn reversed(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            Value::Object(map.into_iter().rev().map(|(key, value)| (key, reversed(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(reversed).collect()),
        other => other,
    }
}

/// What must be equal: the API, its operations, its named schemas.
fn hashes(document: &Document) -> (Hash, BTreeMap<String, Hash>, BTreeMap<&str, Hash>) {
    let api = document.api();
    (
        api.hash,
        api.all_operations().map(|each| (each.to_string(), each.hash)).collect(),
        api.components.iter().map(|(name, id)| (name.as_str(), api.schemas.get(*id).hash)).collect(),
    )
}

/// Reads a spelling as YAML and as JSON, which are one.
fn both(name: &str, spelling: Spelling) -> Document {
    let yaml = document(spelling);
    let errors: Vec<_> = yaml.faults().iter().filter(|fault| fault.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{name}: {errors:?} in {spelling:?}");
    let json = read(&reversed(yaml.value(NodeId::ROOT)).to_string());
    assert_eq!(hashes(&yaml), hashes(&json), "{name}: YAML and JSON of {spelling:?}");
    yaml
}

#[test]
fn spellings_of_one_api_are_equal() {
    assert!(SAME.len() >= 60, "{} cases", SAME.len());
    let mut unequal = Vec::new();
    for (name, spellings) in SAME {
        let first = both(name, spellings[0]);
        for other in &spellings[1..] {
            let document = both(name, *other);
            if hashes(&first) != hashes(&document) {
                unequal.push(format!("{name}:\n  {:?}\n  {other:?}", spellings[0]));
            }
        }
    }
    assert!(unequal.is_empty(), "{} of {} are not equal\n{}", unequal.len(), SAME.len(), unequal.join("\n"));
}

/// A schema that is written in place of its component is the same to callers, though not to
/// generated code, which has one type less.
#[test]
fn schemas_in_place_or_by_name_give_the_same_operations() {
    for (name, spellings) in IN_PLACE {
        let documents = spellings.map(|spelling| both(name, spelling));
        let [a, b] = documents.each_ref().map(|document| hashes(document).1);
        assert_eq!(a, b, "{name}");
        assert_ne!(documents[0].api().hash, documents[1].api().hash, "{name}: the names count");
    }
}

#[test]
fn near_misses_are_not_equal() {
    assert!(DIFFER.len() >= 30, "{} cases", DIFFER.len());
    let mut equal = Vec::new();
    for (name, a, b) in DIFFER {
        let (left, right) = (both(name, *a), both(name, *b));
        if left.api().hash == right.api().hash {
            equal.push(format!("{name}:\n  {a:?}\n  {b:?}"));
        }
    }
    assert!(equal.is_empty(), "{} of {} are equal\n{}", equal.len(), DIFFER.len(), equal.join("\n"));
}

/// Spellings of one API.
const SAME: &[(&str, &[Spelling])] = &[
    // Bodies, consumes and produces.
    (
        "body parameter",
        &[
            (
                "2.0",
                "op",
                "consumes: [application/json], parameters: [{in: body, name: b, required: true, schema: {type: object}}]",
            ),
            (
                "3.0",
                "op",
                "requestBody: {required: true, content: {application/json: {schema: {type: object}}}}",
            ),
            (
                "3.1",
                "op",
                "requestBody: {required: true, description: d, content: {Application/JSON: {schema: {type: [object]}}}}",
            ),
            (
                "3.2",
                "op",
                "requestBody: {required: true, content: {application/json: {schema: {type: object}}}}",
            ),
        ],
    ),
    (
        "body of several media types",
        &[
            (
                "2.0",
                "op",
                "consumes: [text/xml, application/json], parameters: [{in: body, name: b, schema: {$ref: '@T'}}]",
            ),
            (
                "3.0",
                "op",
                "requestBody: {required: false, content: {application/json: {schema: {$ref: '@T'}}, text/xml: {schema: {$ref: '@T'}}}}",
            ),
        ],
    ),
    (
        "body of no said media type",
        &[
            ("2.0", "op", "parameters: [{in: body, name: b, schema: {type: string}}]"),
            ("3.1", "op", "requestBody: {content: {'*/*': {schema: {type: string}}}}"),
        ],
    ),
    (
        "consumes and produces of the root",
        &[
            (
                "2.0",
                "root",
                "consumes: [a/b]\nproduces: [c/d]\npaths: {/a: {put: {parameters: [{in: body, name: b, schema: {type: string}}], responses: {'200': {description: d, schema: {type: string}}}}}}",
            ),
            (
                "2.0",
                "root",
                "consumes: [x/y]\nproduces: [x/y]\npaths: {/a: {put: {consumes: [a/b], produces: [c/d], parameters: [{in: body, name: b, schema: {type: string}}], responses: {'200': {description: d, schema: {type: string}}}}}}",
            ),
            (
                "3.0",
                "root",
                "paths: {/a: {put: {requestBody: {content: {a/b: {schema: {type: string}}}}, responses: {'200': {description: d, content: {c/d: {schema: {type: string}}}}}}}}",
            ),
        ],
    ),
    (
        "consumes cleared",
        &[
            (
                "2.0",
                "root",
                "consumes: [a/b]\npaths: {/a: {put: {consumes: [], parameters: [{in: body, name: b, schema: {type: string}}], responses: {'204': {description: d}}}}}",
            ),
            (
                "3.0",
                "root",
                "paths: {/a: {put: {requestBody: {content: {'*/*': {schema: {type: string}}}}, responses: {'204': {description: d}}}}}",
            ),
        ],
    ),
    (
        "consumes without a body",
        &[("2.0", "op", "consumes: [a/b], produces: [a/b]"), ("3.0", "op", "summary: s")],
    ),
    (
        "response schema",
        &[
            (
                "2.0",
                "op",
                "produces: [a/b], responses: {'200': {description: d, schema: {$ref: '@T'}}, default: {description: e, schema: {type: string}}}",
            ),
            (
                "3.0",
                "op",
                "responses: {default: {description: x, content: {A/B: {schema: {type: string}}}}, '200': {description: d, content: {a/b: {schema: {$ref: '@T'}}}}}",
            ),
            (
                "3.2",
                "op",
                "responses: {default: {content: {a/b: {schema: {type: string}}}}, '200': {summary: s, content: {a/b: {schema: {$ref: '@T'}}}}}",
            ),
        ],
    ),
    (
        "response of no said media type",
        &[
            ("2.0", "op", "responses: {'200': {description: d, schema: {type: string}, examples: {a/b: x}}}"),
            ("3.0", "op", "responses: {'200': {description: d, content: {'*/*': {schema: {type: string}}}}}"),
        ],
    ),
    (
        "status codes as numbers",
        &[
            ("2.0", "op", "responses: {200: {description: d}, default: {description: d}}"),
            ("3.0", "op", "responses: {'200': {description: d}, default: {description: d}}"),
            ("3.1", "op", "responses: {\"200\": {description: d}, default: {description: d}, x-more: {}}"),
        ],
    ),
    (
        "range of status codes without case",
        &[
            ("3.0", "op", "responses: {2XX: {description: d}}"),
            ("3.1", "op", "responses: {2xx: {description: d}}"),
        ],
    ),
    // Forms.
    (
        "urlencoded form",
        &[
            (
                "2.0",
                "op",
                "consumes: [application/x-www-form-urlencoded], parameters: [{in: formData, name: a, type: string, required: true}, {in: formData, name: b, type: integer}]",
            ),
            (
                "2.0",
                "op",
                "parameters: [{in: formData, name: b, type: integer}, {in: formData, name: a, type: string, required: true}]",
            ),
            (
                "3.0",
                "op",
                "requestBody: {required: true, content: {application/x-www-form-urlencoded: {schema: {type: object, required: [a], properties: {a: {type: string}, b: {type: integer}}}}}}",
            ),
        ],
    ),
    (
        "multipart form with a file",
        &[
            (
                "2.0",
                "op",
                "consumes: [multipart/form-data], parameters: [{in: formData, name: f, type: file, required: true}]",
            ),
            ("2.0", "op", "parameters: [{in: formData, name: f, type: file, required: true}]"),
            (
                "2.0",
                "op",
                "consumes: [application/x-www-form-urlencoded, multipart/form-data], parameters: [{in: formData, name: f, type: file, required: true}]",
            ),
            (
                "3.0",
                "op",
                "requestBody: {required: true, content: {multipart/form-data: {schema: {type: object, required: [f], properties: {f: {type: string, format: binary}}}}}}",
            ),
        ],
    ),
    (
        "form in both encodings",
        &[
            (
                "2.0",
                "op",
                "consumes: [multipart/form-data, application/x-www-form-urlencoded], parameters: [{in: formData, name: a, type: string}]",
            ),
            (
                "3.1",
                "op",
                "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: string}}}}, application/x-www-form-urlencoded: {schema: {properties: {a: {type: string}}, type: object}}}}",
            ),
        ],
    ),
    (
        "form field that repeats",
        &[
            (
                "2.0",
                "op",
                "parameters: [{in: formData, name: a, type: array, items: {type: string}, collectionFormat: multi}]",
            ),
            (
                "3.0",
                "op",
                "requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: array, items: {type: string}}}}}}}",
            ),
            (
                "3.1",
                "op",
                "requestBody: {content: {application/x-www-form-urlencoded: {encoding: {a: {style: form, explode: true}}, schema: {type: object, properties: {a: {type: array, items: {type: string}}}}}}}",
            ),
        ],
    ),
    (
        "form field with commas",
        &[
            ("2.0", "op", "parameters: [{in: formData, name: a, type: array, items: {type: string}}]"),
            (
                "2.0",
                "op",
                "parameters: [{in: formData, name: a, type: array, items: {type: string}, collectionFormat: csv}]",
            ),
            (
                "3.0",
                "op",
                "requestBody: {content: {application/x-www-form-urlencoded: {encoding: {a: {style: form, explode: false}}, schema: {type: object, properties: {a: {type: array, items: {type: string}}}}}}}",
            ),
            (
                "3.2",
                "op",
                "requestBody: {content: {application/x-www-form-urlencoded: {encoding: {a: {explode: false}}, schema: {type: object, properties: {a: {type: array, items: {type: string}}}}}}}",
            ),
        ],
    ),
    (
        "form field with pipes",
        &[
            (
                "2.0",
                "op",
                "parameters: [{in: formData, name: a, type: array, items: {type: string}, collectionFormat: pipes}]",
            ),
            (
                "3.0",
                "op",
                "requestBody: {content: {application/x-www-form-urlencoded: {encoding: {a: {style: pipeDelimited}}, schema: {type: object, properties: {a: {type: array, items: {type: string}}}}}}}",
            ),
        ],
    ),
    (
        "encodings that say what holds anyway",
        &[
            (
                "3.0",
                "op",
                "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: string}, b: {type: object}, c: {type: string, format: binary}}}}}}",
            ),
            (
                "3.1",
                "op",
                "requestBody: {content: {multipart/form-data: {encoding: {a: {contentType: text/plain}, b: {contentType: Application/json}, c: {contentType: application/octet-stream}}, schema: {type: object, properties: {a: {type: string}, b: {type: object}, c: {type: string, format: binary}}}}}}",
            ),
        ],
    ),
    (
        "encoding where nothing has parts",
        &[
            (
                "3.0",
                "op",
                "requestBody: {content: {application/json: {encoding: {k: {contentType: a/b}}, schema: {$ref: '@T'}}}}",
            ),
            ("3.1", "op", "requestBody: {content: {application/json: {schema: {$ref: '@T'}}}}"),
        ],
    ),
    (
        "encoding of a response in 3.0",
        &[
            (
                "3.0",
                "op",
                "responses: {'200': {description: d, content: {multipart/form-data: {encoding: {k: {contentType: a/b}}, schema: {$ref: '@T'}}}}}",
            ),
            (
                "3.1",
                "op",
                "responses: {'200': {description: d, content: {multipart/form-data: {schema: {$ref: '@T'}}}}}",
            ),
        ],
    ),
    // Parameters.
    (
        "list with commas in a query",
        &[
            ("2.0", "params", "{name: q, in: query, type: array, items: {type: integer}}"),
            (
                "2.0",
                "params",
                "{name: q, in: query, type: array, items: {type: integer, collectionFormat: csv}, collectionFormat: csv}",
            ),
            (
                "3.0",
                "params",
                "{name: q, in: query, explode: false, schema: {type: array, items: {type: integer}}}",
            ),
            (
                "3.1",
                "params",
                "{name: q, in: query, style: form, explode: false, schema: {items: {type: integer}, type: array}}",
            ),
        ],
    ),
    (
        "list that repeats in a query",
        &[
            (
                "2.0",
                "params",
                "{name: q, in: query, type: array, items: {type: integer}, collectionFormat: multi}",
            ),
            ("3.0", "params", "{name: q, in: query, schema: {type: array, items: {type: integer}}}"),
            (
                "3.2",
                "params",
                "{name: q, in: query, style: form, explode: true, schema: {type: array, items: {type: integer}}}",
            ),
        ],
    ),
    (
        "list with blanks",
        &[
            (
                "2.0",
                "params",
                "{name: q, in: query, type: array, items: {type: string}, collectionFormat: ssv}",
            ),
            (
                "3.0",
                "params",
                "{name: q, in: query, style: spaceDelimited, schema: {type: array, items: {type: string}}}",
            ),
        ],
    ),
    (
        "list with pipes",
        &[
            (
                "2.0",
                "params",
                "{name: q, in: query, type: array, items: {type: string}, collectionFormat: pipes}",
            ),
            (
                "3.0",
                "params",
                "{name: q, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}",
            ),
        ],
    ),
    (
        "list in a header",
        &[
            ("2.0", "params", "{name: X-Q, in: header, type: array, items: {type: string}}"),
            (
                "2.0",
                "params",
                "{name: x-q, in: header, type: array, items: {type: string}, collectionFormat: multi}",
            ),
            ("3.0", "params", "{name: X-Q, in: header, schema: {type: array, items: {type: string}}}"),
            (
                "3.0",
                "params",
                "{name: X-Q, in: header, explode: true, schema: {type: array, items: {type: string}}}",
            ),
        ],
    ),
    (
        "list in a path",
        &[
            (
                "2.0",
                "root",
                "paths: {'/a/{b}': {get: {parameters: [{name: b, in: path, required: true, type: array, items: {type: string}}], responses: {'204': {description: d}}}}}",
            ),
            (
                "3.0",
                "root",
                "paths: {'/a/{b}': {get: {parameters: [{name: b, in: path, required: true, style: simple, schema: {type: array, items: {type: string}}}], responses: {'204': {description: d}}}}}",
            ),
        ],
    ),
    (
        "lists within lists",
        &[
            (
                "2.0",
                "params",
                "{name: q, in: query, type: array, collectionFormat: multi, items: {type: array, items: {type: string}}}",
            ),
            (
                "2.0",
                "params",
                "{name: q, in: query, type: array, collectionFormat: multi, items: {type: array, collectionFormat: csv, items: {type: string}}}",
            ),
            (
                "3.0",
                "params",
                "{name: q, in: query, schema: {type: array, items: {type: array, items: {type: string}}}}",
            ),
        ],
    ),
    (
        "keywords of a parameter",
        &[
            (
                "2.0",
                "params",
                "{name: q, in: query, type: integer, format: int32, minimum: 1, exclusiveMinimum: true, enum: [2, 3], default: 2, description: d}",
            ),
            (
                "3.0",
                "params",
                "{name: q, in: query, schema: {type: integer, format: int32, minimum: 1, exclusiveMinimum: true, enum: [3, 2], default: 2}}",
            ),
            (
                "3.1",
                "params",
                "{name: q, in: query, schema: {type: integer, format: int32, exclusiveMinimum: 1, enum: [2, 3], default: 2.0}, example: 3}",
            ),
        ],
    ),
    (
        "explode of a plain value",
        &[
            ("3.0", "params", "{name: q, in: query, explode: false, schema: {type: string}}"),
            ("3.1", "params", "{name: q, in: query, schema: {type: string}}"),
        ],
    ),
    (
        "allowEmptyValue",
        &[
            (
                "2.0",
                "params",
                "{name: q, in: query, type: string, allowEmptyValue: true}, {name: X-H, in: header, type: string, allowEmptyValue: true}",
            ),
            (
                "3.0",
                "params",
                "{name: q, in: query, allowEmptyValue: true, schema: {type: string}}, {name: X-H, in: header, schema: {type: string}}",
            ),
        ],
    ),
    (
        "allowReserved outside a query",
        &[
            ("3.0", "params", "{name: X-H, in: header, allowReserved: true, schema: {type: string}}"),
            ("3.1", "params", "{name: X-H, in: header, schema: {type: string}}"),
        ],
    ),
    (
        "header parameters that are ignored",
        &[
            (
                "3.0",
                "params",
                "{name: Accept, in: header, schema: {type: string}}, {name: content-type, in: header, schema: {type: string}}, {name: AUTHORIZATION, in: header, schema: {type: string}}",
            ),
            ("3.1", "params", ""),
            ("2.0", "params", ""),
        ],
    ),
    (
        "parameter that overrides its path's",
        &[
            (
                "2.0",
                "root",
                "paths: {/a: {parameters: [{name: q, in: query, type: string}, {name: X-H, in: header, type: string}], get: {parameters: [{name: x-h, in: header, type: integer}, {name: q, in: query, required: true, type: integer}], responses: {'204': {description: d}}}}}",
            ),
            (
                "3.0",
                "root",
                "paths: {/a: {parameters: [{name: q, in: query, schema: {type: string}}], get: {parameters: [{name: q, in: query, required: true, schema: {type: integer}}, {name: X-H, in: header, schema: {type: integer}}], responses: {'204': {description: d}}}}}",
            ),
            (
                "3.1",
                "root",
                "paths: {/a: {get: {parameters: [{name: q, in: query, required: true, schema: {type: integer}}, {name: X-H, in: header, schema: {type: integer}}], responses: {'204': {description: d}}}}}",
            ),
        ],
    ),
    (
        "form field that overrides its path's",
        &[
            (
                "2.0",
                "root",
                "paths: {/a: {parameters: [{name: q, in: formData, type: string}], post: {parameters: [{name: q, in: formData, type: integer}], responses: {'204': {description: d}}}}}",
            ),
            (
                "3.0",
                "root",
                "paths: {/a: {post: {requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {q: {type: integer}}}}}}, responses: {'204': {description: d}}}}}",
            ),
        ],
    ),
    (
        "parameter by media type",
        &[
            (
                "3.0",
                "params",
                "{name: q, in: query, explode: false, content: {application/json: {schema: {type: object}}}}",
            ),
            ("3.2", "params", "{name: q, in: query, content: {application/JSON: {schema: {type: object}}}}"),
        ],
    ),
    (
        "querystring is a word of 3.2",
        &[
            (
                "3.1",
                "params",
                "{name: q, in: querystring, content: {application/x-www-form-urlencoded: {schema: {type: object}}}}",
            ),
            ("3.0", "params", ""),
        ],
    ),
    // Response headers.
    (
        "response headers",
        &[
            (
                "2.0",
                "op",
                "responses: {'200': {description: d, headers: {X-A: {type: integer, description: d}, x-b: {type: array, items: {type: string}}}}}",
            ),
            (
                "3.0",
                "op",
                "responses: {'200': {description: d, headers: {x-a: {schema: {type: integer}}, X-B: {schema: {type: array, items: {type: string}}}}}}",
            ),
            (
                "3.1",
                "op",
                "responses: {'200': {description: d, headers: {X-A: {schema: {type: integer}}, X-B: {explode: true, schema: {type: array, items: {type: string}}}, Content-Type: {schema: {type: string}}}}}",
            ),
        ],
    ),
    // Servers.
    (
        "host, base path and scheme",
        &[
            ("2.0", "root", "host: api.example.com\nbasePath: /v1\nschemes: [https]\npaths: {}"),
            ("3.0", "root", "servers: [{url: 'https://api.example.com/v1', description: d}]\npaths: {}"),
            ("3.1", "root", "servers: [{url: 'HTTPS://API.example.com:443/v1/'}]\npaths: {}"),
            ("3.2", "root", "servers: [{url: 'https://api.example.com/v1', name: prod}]\npaths: {}"),
        ],
    ),
    (
        "several schemes",
        &[
            (
                "2.0",
                "root",
                "host: h\nschemes: [https, http]\npaths: {/a: {get: {responses: {'204': {description: d}}}}}",
            ),
            (
                "3.0",
                "root",
                "servers: [{url: 'https://h'}, {url: 'http://h'}]\npaths: {/a: {get: {responses: {'204': {description: d}}}}}",
            ),
        ],
    ),
    (
        "no scheme",
        &[
            ("2.0", "root", "host: h\nbasePath: /v1\npaths: {}"),
            ("3.0", "root", "servers: [{url: //h/v1}]\npaths: {}"),
        ],
    ),
    (
        "no host",
        &[
            ("2.0", "root", "basePath: /v1\nschemes: [https]\npaths: {}"),
            ("3.0", "root", "servers: [{url: /v1}]\npaths: {}"),
            ("3.0", "root", "servers: [{url: /v1/}]\npaths: {}"),
        ],
    ),
    (
        "base path of one slash",
        &[
            ("2.0", "root", "host: h\nbasePath: /\nschemes: [https]\npaths: {}"),
            ("2.0", "root", "host: h\nschemes: [https]\npaths: {}"),
            ("3.0", "root", "servers: [{url: 'https://h'}]\npaths: {}"),
        ],
    ),
    (
        "no server",
        &[
            ("2.0", "root", "paths: {}"),
            ("3.0", "root", "paths: {}"),
            ("3.0", "root", "servers: []\npaths: {}"),
            ("3.1", "root", "servers: [{url: /}]\npaths: {}"),
        ],
    ),
    (
        "schemes of an operation",
        &[
            (
                "2.0",
                "root",
                "host: h\nschemes: [http]\npaths: {/a: {get: {schemes: [wss], responses: {'204': {description: d}}}}}",
            ),
            (
                "3.0",
                "root",
                "servers: [{url: 'http://h'}]\npaths: {/a: {get: {servers: [{url: 'wss://h/'}], responses: {'204': {description: d}}}}}",
            ),
        ],
    ),
    (
        "servers of a path or its operation",
        &[
            (
                "3.0",
                "root",
                "paths: {/a: {servers: [{url: /x}], get: {responses: {'204': {description: d}}}}}",
            ),
            (
                "3.1",
                "root",
                "paths: {/a: {get: {servers: [{url: /x}], responses: {'204': {description: d}}}}}",
            ),
        ],
    ),
    (
        "variables of a server",
        &[
            (
                "3.0",
                "root",
                "servers: [{url: 'https://{a}/{b}', variables: {a: {default: x, enum: [x, y]}, b: {default: z}}}]\npaths: {}",
            ),
            (
                "3.2",
                "root",
                "servers: [{url: 'https://{a}/{b}', variables: {b: {default: z, description: d}, a: {default: x, enum: [y, x]}, unused: {default: u}}}]\npaths: {}",
            ),
        ],
    ),
    // Security.
    (
        "basic authentication",
        &[
            ("2.0", "root", "securityDefinitions: {b: {type: basic}}\nsecurity: [{b: []}]\npaths: {}"),
            (
                "3.0",
                "root",
                "components: {securitySchemes: {b: {type: http, scheme: Basic}}}\nsecurity: [{b: []}]\npaths: {}",
            ),
        ],
    ),
    (
        "keys",
        &[
            (
                "2.0",
                "root",
                "securityDefinitions: {k: {type: apiKey, in: header, name: X-Key}}\nsecurity: [{k: []}]\npaths: {}",
            ),
            (
                "3.1",
                "root",
                "components: {securitySchemes: {k: {type: apiKey, in: header, name: X-Key, description: d}}}\nsecurity: [{k: []}]\npaths: {}",
            ),
        ],
    ),
    (
        "implicit flow",
        &[
            (
                "2.0",
                "root",
                "securityDefinitions: {o: {type: oauth2, flow: implicit, authorizationUrl: 'https://a', scopes: {r: read}}}\npaths: {}",
            ),
            (
                "3.0",
                "root",
                "components: {securitySchemes: {o: {type: oauth2, flows: {implicit: {authorizationUrl: 'https://a', tokenUrl: 'https://unused', scopes: {r: ''}}}}}}\npaths: {}",
            ),
        ],
    ),
    (
        "password flow",
        &[
            (
                "2.0",
                "root",
                "securityDefinitions: {o: {type: oauth2, flow: password, tokenUrl: 'https://t', scopes: {}}}\npaths: {}",
            ),
            (
                "3.0",
                "root",
                "components: {securitySchemes: {o: {type: oauth2, flows: {password: {tokenUrl: 'https://t', scopes: {}}}}}}\npaths: {}",
            ),
        ],
    ),
    (
        "client credentials flow",
        &[
            (
                "2.0",
                "root",
                "securityDefinitions: {o: {type: oauth2, flow: application, tokenUrl: 'https://t', scopes: {a: x, b: y}}}\npaths: {}",
            ),
            (
                "3.0",
                "root",
                "components: {securitySchemes: {o: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://t', scopes: {b: y, a: x}}}}}}\npaths: {}",
            ),
        ],
    ),
    (
        "authorization code flow",
        &[
            (
                "2.0",
                "root",
                "securityDefinitions: {o: {type: oauth2, flow: accessCode, authorizationUrl: 'https://a', tokenUrl: 'https://t', scopes: {}}}\npaths: {}",
            ),
            (
                "3.0",
                "root",
                "components: {securitySchemes: {o: {type: oauth2, flows: {authorizationCode: {authorizationUrl: 'https://a', tokenUrl: 'https://t', scopes: {}}}}}}\npaths: {}",
            ),
        ],
    ),
    (
        "device flow is a word of 3.2",
        &[
            (
                "3.1",
                "root",
                "components: {securitySchemes: {o: {type: oauth2, flows: {deviceAuthorization: {deviceAuthorizationUrl: 'https://d', tokenUrl: 'https://t', scopes: {}}}}}}\npaths: {}",
            ),
            ("3.2", "root", "components: {securitySchemes: {o: {type: oauth2, flows: {}}}}\npaths: {}"),
        ],
    ),
    (
        "security that is overridden",
        &[
            (
                "2.0",
                "root",
                "securityDefinitions: {b: {type: basic}}\nsecurity: [{b: []}]\npaths: {/a: {get: {security: [], responses: {'204': {description: d}}}}}",
            ),
            (
                "3.0",
                "root",
                "components: {securitySchemes: {b: {type: http, scheme: basic}}}\nsecurity: [{b: []}]\npaths: {/a: {get: {security: [{}], responses: {'204': {description: d}}}}}",
            ),
            (
                "3.1",
                "root",
                "components: {securitySchemes: {b: {type: http, scheme: basic}}}\nsecurity: [{b: []}]\npaths: {/a: {get: {security: [], responses: {'204': {description: d}}}}}",
            ),
        ],
    ),
    (
        "security of the root or of each operation",
        &[
            (
                "3.0",
                "root",
                "components: {securitySchemes: {b: {type: http, scheme: basic}}}\nsecurity: [{b: []}, {}]\npaths: {/a: {get: {responses: {'204': {description: d}}}}}",
            ),
            (
                "3.0",
                "root",
                "components: {securitySchemes: {b: {type: http, scheme: basic}}}\nsecurity: [{b: []}, {}]\npaths: {/a: {get: {security: [{}, {b: []}], responses: {'204': {description: d}}}}}",
            ),
        ],
    ),
    (
        "a requirement that names its scheme by URI",
        &[
            (
                "3.1",
                "root",
                "components: {securitySchemes: {b: {type: http, scheme: basic}}}\nsecurity: [{b: []}]\npaths: {}",
            ),
            (
                "3.2",
                "root",
                "components: {securitySchemes: {b: {type: http, scheme: basic}}}\nsecurity: [{'#/components/securitySchemes/b': []}]\npaths: {}",
            ),
            (
                "3.2",
                "root",
                "$self: https://x.example/api.yaml\ncomponents: {securitySchemes: {b: {type: http, scheme: basic}}}\nsecurity: [{'api.yaml#/components/securitySchemes/b': []}]\npaths: {}",
            ),
        ],
    ),
    (
        "a deprecated scheme is a word of 3.2",
        &[
            (
                "3.1",
                "root",
                "components: {securitySchemes: {b: {type: http, scheme: basic, deprecated: true, oauth2MetadataUrl: 'https://m'}}}\npaths: {}",
            ),
            ("3.0", "root", "components: {securitySchemes: {b: {type: http, scheme: basic}}}\npaths: {}"),
        ],
    ),
    // Types and null.
    (
        "nullable",
        &[
            ("2.0", "schema", "{type: string, x-nullable: true}"),
            ("3.0", "schema", "{type: string, nullable: true}"),
            ("3.1", "schema", "{type: ['null', string]}"),
            ("3.2", "schema", "{type: [string, 'null']}"),
        ],
    ),
    (
        "nullable with an enum that has null",
        &[
            ("2.0", "schema", "{type: string, x-nullable: true, enum: [a, null]}"),
            ("3.0", "schema", "{type: string, nullable: true, enum: [a, null]}"),
            ("3.1", "schema", "{type: [string, 'null'], enum: [null, a]}"),
        ],
    ),
    (
        "nullable without a type",
        &[("3.0", "schema", "{nullable: true, minLength: 1}"), ("3.1", "schema", "{minLength: 1}")],
    ),
    (
        "nullable around a reference",
        &[
            ("3.0", "schema", "{nullable: true, allOf: [{$ref: '@T'}]}"),
            ("3.1", "schema", "{allOf: [{$ref: '@T'}]}"),
            ("3.1", "schema", "{$ref: '@T', description: d}"),
        ],
    ),
    (
        "nullable in a version that has no such word",
        &[
            ("2.0", "schema", "{type: string, nullable: true}"),
            ("3.1", "schema", "{type: string, nullable: true}"),
            ("3.0", "schema", "{type: string, x-nullable: true}"),
        ],
    ),
    (
        "file",
        &[
            ("2.0", "schema", "{type: file}"),
            ("3.0", "schema", "{type: string, format: binary}"),
            ("3.1", "schema", "{type: [string], format: binary}"),
        ],
    ),
    (
        "Base64",
        &[
            ("2.0", "schema", "{type: string, format: byte}"),
            ("3.0", "schema", "{type: string, format: byte}"),
            ("3.1", "schema", "{type: string, contentEncoding: base64}"),
        ],
    ),
    (
        "integer beside number",
        &[("3.1", "schema", "{type: [integer, number]}"), ("3.0", "schema", "{type: number}")],
    ),
    (
        "all types",
        &[
            ("3.1", "schema", "{type: [string, number, boolean, array, object, 'null'], maxLength: 3}"),
            ("3.0", "schema", "{maxLength: 3}"),
        ],
    ),
    // Bounds and enums.
    (
        "exclusive bounds",
        &[
            ("2.0", "schema", "{minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: true}"),
            ("3.0", "schema", "{minimum: 1.0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: true}"),
            ("3.1", "schema", "{exclusiveMinimum: 1, exclusiveMaximum: 9e0}"),
        ],
    ),
    (
        "bounds that are not exclusive",
        &[
            ("3.0", "schema", "{minimum: 1, exclusiveMinimum: false, exclusiveMaximum: true}"),
            ("3.1", "schema", "{minimum: 1}"),
        ],
    ),
    (
        "const",
        &[
            ("3.0", "schema", "{type: string, enum: [a]}"),
            ("3.1", "schema", "{type: string, const: a}"),
            ("2.0", "schema", "{type: string, enum: [a, a]}"),
        ],
    ),
    (
        "order of what has none",
        &[
            (
                "3.0",
                "schema",
                "{type: object, required: [a, b], properties: {a: {enum: [1, 2]}, b: {anyOf: [{type: string}, {type: integer}]}, c: {oneOf: [{type: string}, {type: integer}]}}}",
            ),
            (
                "3.1",
                "schema",
                "{required: [b, a, b], properties: {c: {oneOf: [{type: integer}, {type: string}]}, b: {anyOf: [{type: integer}, {type: string}]}, a: {enum: [2, 1, 1.0]}}, type: object}",
            ),
        ],
    ),
    (
        "words that demand nothing",
        &[
            (
                "2.0",
                "schema",
                "{required: [], additionalProperties: {}, minLength: 0, uniqueItems: false, readOnly: false}",
            ),
            (
                "3.0",
                "schema",
                "{additionalProperties: true, items: {}, minItems: 0, minProperties: 0, deprecated: false, xml: {}}",
            ),
            ("3.1", "schema", "{minContains: 2, if: {type: string}, $defs: {X: {type: string}}}"),
            ("3.1", "schema", "{then: {type: string}, else: false, xml: {wrapped: true}}"),
            ("3.2", "schema", "true"),
        ],
    ),
    (
        "prose",
        &[
            (
                "2.0",
                "schema",
                "{type: string, title: t, description: d, example: e, externalDocs: {url: 'https://e'}, x-any: 1}",
            ),
            ("3.0", "schema", "{type: string, example: f}"),
            (
                "3.1",
                "schema",
                "{type: string, examples: [g, h], $comment: c, $schema: 'https://json-schema.org/draft/2020-12/schema'}",
            ),
            ("3.2", "schema", "{type: string}"),
        ],
    ),
    (
        "prose of an operation",
        &[
            (
                "3.0",
                "op",
                "summary: s, description: d, externalDocs: {url: 'https://e'}, x-any: 1, requestBody: {content: {a/b: {example: 1}}}",
            ),
            ("3.1", "op", "description: e, requestBody: {content: {a/b: {examples: {x: {value: 2}}}}}"),
            ("3.2", "op", "requestBody: {content: {a/b: {}}}"),
        ],
    ),
    (
        "words of schemas that 2.0 lacks",
        &[
            (
                "2.0",
                "schema",
                "{type: object, properties: {a: {type: string, writeOnly: true, deprecated: true}}}",
            ),
            ("3.0", "schema", "{type: object, properties: {a: {type: string}}}"),
        ],
    ),
    (
        "read-only members",
        &[
            (
                "2.0",
                "schema",
                "{type: object, required: [a], properties: {a: {type: string, readOnly: true}}}",
            ),
            (
                "3.1",
                "schema",
                "{type: object, required: [a], properties: {a: {readOnly: true, writeOnly: false, type: string}}}",
            ),
        ],
    ),
    // Combinations and discriminators.
    (
        "an alternative that is alone",
        &[
            ("2.0", "schema", "{$ref: '@T'}"),
            ("3.0", "schema", "{allOf: [{$ref: '@T'}], description: d}"),
            ("3.0", "schema", "{oneOf: [{$ref: '@T'}]}"),
            ("3.1", "schema", "{anyOf: [{allOf: [{$ref: '@T'}]}]}"),
        ],
    ),
    (
        "discriminator by implied names",
        &[
            (
                "2.0",
                "root",
                "paths: {}\ndefinitions: {P: {type: object, discriminator: k, required: [k], properties: {k: {type: string}}}, C: {allOf: [{$ref: '@P'}, {type: object}]}}",
            ),
            (
                "3.0",
                "root",
                "paths: {}\ncomponents: {schemas: {P: {type: object, discriminator: {propertyName: k}, required: [k], properties: {k: {type: string}}}, C: {allOf: [{$ref: '@P'}, {type: object}]}}}",
            ),
            (
                "3.1",
                "root",
                "paths: {}\ncomponents: {schemas: {P: {type: object, discriminator: {propertyName: k, mapping: {C: '@C', P: P}}, required: [k], properties: {k: {type: string}}}, C: {allOf: [{$ref: '@P'}, {type: object}]}}}",
            ),
        ],
    ),
    (
        "discriminator by name or reference",
        &[
            (
                "3.0",
                "schema",
                "{oneOf: [{$ref: '@S'}, {$ref: '@T'}], discriminator: {propertyName: k, mapping: {s: S, t: '@T'}}}",
            ),
            (
                "3.1",
                "schema",
                "{oneOf: [{$ref: '@T'}, {$ref: '@S'}], discriminator: {propertyName: k, mapping: {t: T, s: '@S'}}}",
            ),
        ],
    ),
    (
        "a default alternative is a word of 3.2",
        &[
            (
                "3.1",
                "schema",
                "{oneOf: [{$ref: '@S'}, {$ref: '@T'}], discriminator: {propertyName: k, defaultMapping: T}}",
            ),
            ("3.0", "schema", "{oneOf: [{$ref: '@S'}, {$ref: '@T'}], discriminator: {propertyName: k}}"),
        ],
    ),
    (
        "nodes of XML",
        &[
            (
                "3.0",
                "schema",
                "{type: object, properties: {a: {type: string, xml: {attribute: true}}, b: {type: array, xml: {wrapped: true, name: l}, items: {type: string, xml: {attribute: false}}}}}",
            ),
            (
                "3.2",
                "schema",
                "{type: object, properties: {a: {type: string, xml: {nodeType: attribute}}, b: {type: array, xml: {nodeType: element, name: l}, items: {type: string, xml: {nodeType: element}}}}}",
            ),
        ],
    ),
    // References.
    (
        "siblings of a reference",
        &[
            ("2.0", "schema", "{$ref: '@S', maxLength: 3, description: d}"),
            ("3.0", "schema", "{$ref: '@S', nullable: true, readOnly: true}"),
            ("3.1", "schema", "{$ref: '@S', title: t}"),
        ],
    ),
    (
        "siblings of a reference in force",
        &[
            ("3.1", "schema", "{$ref: '@S', maxLength: 3}"),
            ("3.0", "schema", "{allOf: [{$ref: '@S'}], maxLength: 3}"),
            ("3.2", "schema", "{maxLength: 3, allOf: [{type: string}]}"),
        ],
    ),
    (
        "components of every kind",
        &[
            (
                "2.0",
                "root",
                "parameters: {q: {name: q, in: query, type: string}}\nresponses: {R: {description: d, headers: {X-A: {type: string}}}}\npaths: {/a: {get: {parameters: [{$ref: '#/parameters/q'}], responses: {'200': {$ref: '#/responses/R'}}}}}",
            ),
            (
                "3.0",
                "root",
                "components: {parameters: {q: {name: q, in: query, schema: {type: string}}}, responses: {R: {description: d, headers: {X-A: {$ref: '#/components/headers/A'}}}}, headers: {A: {schema: {type: string}}}}\npaths: {/a: {get: {parameters: [{$ref: '#/components/parameters/q'}], responses: {'200': {$ref: '#/components/responses/R'}}}}}",
            ),
            (
                "3.1",
                "root",
                "paths: {/a: {get: {parameters: [{name: q, in: query, schema: {type: string}}], responses: {'200': {description: e, headers: {X-A: {schema: {type: string}}}}}}}}",
            ),
        ],
    ),
    (
        "bodies and callbacks by reference",
        &[
            (
                "3.0",
                "root",
                "components: {requestBodies: {B: {content: {a/b: {}}}}, callbacks: {C: {'{$url}': {post: {responses: {'200': {description: d}}}}}}}\npaths: {/a: {post: {requestBody: {$ref: '#/components/requestBodies/B'}, callbacks: {c: {$ref: '#/components/callbacks/C'}}, responses: {'204': {description: d}}}}}",
            ),
            (
                "3.1",
                "root",
                "paths: {/a: {post: {requestBody: {content: {a/b: {}}}, callbacks: {c: {'{$url}': {post: {responses: {'200': {description: d}}}}}}, responses: {'204': {description: d}}}}}",
            ),
        ],
    ),
    (
        "chains of references",
        &[
            (
                "3.0",
                "root",
                "components: {parameters: {a: {$ref: '#/components/parameters/b'}, b: {$ref: '#/components/parameters/c'}, c: {name: q, in: query, schema: {type: string}}}}\npaths: {/a: {get: {parameters: [{$ref: '#/components/parameters/a'}], responses: {'204': {description: d}}}}}",
            ),
            (
                "3.1",
                "root",
                "paths: {/a: {get: {parameters: [{name: q, in: query, schema: {type: string}}], responses: {'204': {description: d}}}}}",
            ),
        ],
    ),
    (
        "escaped and encoded pointers",
        &[
            (
                "3.0",
                "root",
                "paths: {'/a/{b}': {get: {responses: {'200': {description: d, content: {a/b: {schema: {type: string}}}}}}}, /c: {get: {responses: {'200': {$ref: '#/paths/~1a~1%7Bb%7D/get/responses/200'}}}}}",
            ),
            (
                "3.1",
                "root",
                "paths: {'/a/{b}': {get: {responses: {'200': {description: d, content: {a/b: {schema: {type: string}}}}}}}, /c: {get: {responses: {'200': {description: d, content: {a/b: {schema: {$ref: '#/paths/~1a~1{b}/get/responses/200/content/a~1b/schema'}}}}}}}}",
            ),
        ],
    ),
    (
        "a tilde in a pointer",
        &[
            (
                "3.0",
                "root",
                "paths: {/c: {get: {responses: {'200': {$ref: '#/components/responses/a~0b%25'}}}}}\ncomponents: {responses: {'a~b%': {description: d}}}",
            ),
            ("3.1", "root", "paths: {/c: {get: {responses: {'200': {description: d}}}}}"),
        ],
    ),
    (
        "a path item by reference",
        &[
            (
                "3.0",
                "root",
                "paths: {/a: {$ref: '#/paths/~1b'}, /b: {get: {operationId: x, responses: {'204': {description: d}}}}}",
            ),
            (
                "3.1",
                "root",
                "paths: {/a: {$ref: '#/components/pathItems/B'}, /b: {$ref: '#/components/pathItems/B'}}\ncomponents: {pathItems: {B: {get: {operationId: x, responses: {'204': {description: d}}}}}}",
            ),
        ],
    ),
    (
        "an operation by reference",
        &[
            (
                "3.0",
                "root",
                "paths: {/a: {get: {$ref: '#/paths/~1b/get'}}, /b: {get: {responses: {'204': {description: d}}}}}",
            ),
            (
                "3.1",
                "root",
                "paths: {/a: {get: {responses: {'204': {description: d}}}}, /b: {get: {responses: {'204': {description: d}}}}}",
            ),
        ],
    ),
    (
        "$defs",
        &[
            (
                "3.1",
                "schema",
                "{type: object, properties: {a: {$ref: '@A/$defs/X'}}, $defs: {X: {type: integer}}}",
            ),
            ("3.0", "schema", "{type: object, properties: {a: {type: integer}}}"),
        ],
    ),
    (
        "a pointer within a resource",
        &[
            (
                "3.1",
                "schema",
                "{$id: 'https://x.example/a', type: object, properties: {a: {$ref: '#/$defs/X'}}, $defs: {X: {type: integer}}}",
            ),
            (
                "3.1",
                "schema",
                "{type: object, properties: {a: {$ref: '#x'}}, $defs: {X: {$anchor: x, type: integer}}}",
            ),
            (
                "3.2",
                "schema",
                "{$id: a, type: object, properties: {a: {$ref: '#x'}}, $defs: {X: {$anchor: x, type: integer}}}",
            ),
            ("3.0", "schema", "{type: object, properties: {a: {type: integer}}}"),
        ],
    ),
    (
        "a resource by its URI",
        &[
            (
                "3.1",
                "root",
                "paths: {}\ncomponents: {schemas: {A: {items: {$ref: 'https://x.example/s/b'}}, B: {$id: 'https://x.example/s/b', type: string}}}",
            ),
            (
                "3.1",
                "root",
                "paths: {}\ncomponents: {schemas: {A: {$id: 'https://x.example/s/a', items: {$ref: b}}, B: {$id: 'https://X.example/s/./b', type: string}}}",
            ),
            (
                "3.1",
                "root",
                "paths: {}\ncomponents: {schemas: {A: {items: {$ref: 's/b#'}}, B: {$id: s/b, type: string}}}",
            ),
            (
                "3.0",
                "root",
                "paths: {}\ncomponents: {schemas: {A: {items: {$ref: '@B'}}, B: {type: string}}}",
            ),
        ],
    ),
    (
        "a pointer across a resource",
        &[
            (
                "3.1",
                "schema",
                "{items: {$ref: '@A/$defs/R/properties/k'}, $defs: {R: {$id: 'https://x.example/r', properties: {k: {type: integer}}}}}",
            ),
            ("3.0", "schema", "{items: {type: integer}}"),
        ],
    ),
    (
        "$self",
        &[
            ("3.2", "schema", "{items: {$ref: '@S'}}"),
            (
                "3.2",
                "root",
                "$self: https://x.example/v1/api.yaml\npaths: {/a: {post: {requestBody: {content: {a/b: {schema: {$ref: 'https://x.example/v1/api.yaml@A'}}}}, responses: {'200': {description: d, content: {a/b: {schema: {$ref: 'api.yaml@A'}}}}}}}}\ncomponents: {schemas: {A: {items: {$ref: '../v1/api.yaml@S'}}, S: {type: string}, T: {type: object, required: [k], properties: {k: {type: string}}}}}",
            ),
        ],
    ),
    (
        "$id in versions without resources",
        &[
            ("2.0", "schema", "{id: 'https://x.example/a', $id: 'https://x.example/b', items: {$ref: '@S'}}"),
            ("3.0", "schema", "{$id: 'https://x.example/b', items: {$ref: '@S'}}"),
            ("3.1", "schema", "{items: {$ref: '@S'}}"),
        ],
    ),
    (
        "a dynamic reference that leads to one place",
        &[
            (
                "3.1",
                "schema",
                "{properties: {a: {$dynamicRef: '#x'}, b: {$dynamicRef: '@S'}}, $defs: {X: {$dynamicAnchor: x, type: integer}}}",
            ),
            ("3.0", "schema", "{properties: {a: {type: integer}, b: {type: string}}}"),
        ],
    ),
    (
        "known dialects",
        &[
            ("3.1", "root", "jsonSchemaDialect: https://spec.openapis.org/oas/3.1/dialect/base\npaths: {}"),
            ("3.2", "root", "jsonSchemaDialect: https://json-schema.org/draft/2020-12/schema\npaths: {}"),
            ("3.0", "root", "jsonSchemaDialect: https://example.com/unknown\npaths: {}"),
        ],
    ),
    // Operations.
    (
        "webhooks",
        &[
            ("3.0", "root", "x-webhooks: {w: {post: {responses: {'200': {description: d}}}}}\npaths: {}"),
            ("3.1", "root", "webhooks: {w: {post: {responses: {'200': {description: d}}}}}"),
            (
                "3.2",
                "root",
                "webhooks: {w: {$ref: '#/components/pathItems/w'}}\ncomponents: {pathItems: {w: {post: {responses: {'200': {description: d}}}}}}\npaths: {}",
            ),
        ],
    ),
    (
        "methods that the version lacks",
        &[
            (
                "2.0",
                "root",
                "paths: {/a: {trace: {responses: {'204': {description: d}}}}}\nwebhooks: {w: {post: {}}}",
            ),
            (
                "3.0",
                "root",
                "paths: {/a: {query: {responses: {'204': {description: d}}}}}\nwebhooks: {w: {post: {}}}",
            ),
            (
                "3.1",
                "root",
                "paths: {/a: {additionalOperations: {LINK: {responses: {'204': {description: d}}}}}}",
            ),
        ],
    ),
    (
        "any method",
        &[
            (
                "3.2",
                "root",
                "paths: {/a: {query: {responses: {'204': {description: d}}}, get: {responses: {'204': {description: d}}}}}",
            ),
            (
                "3.2",
                "root",
                "paths: {/a: {get: {responses: {'204': {}}}, additionalOperations: {QUERY: {responses: {'204': {description: e}}}}}}",
            ),
        ],
    ),
    (
        "tags without a hierarchy",
        &[
            ("2.0", "root", "tags: [{name: a, description: d}, {name: b}]\npaths: {}"),
            ("3.1", "root", "tags: [{name: b}, {name: a, parent: b, kind: nav}]\npaths: {}"),
            ("3.2", "root", "tags: [{name: b}, {name: a, summary: s}]\npaths: {}"),
        ],
    ),
    (
        "media types as components",
        &[
            (
                "3.2",
                "root",
                "components: {mediaTypes: {M: {schema: {type: string}}}}\npaths: {/a: {get: {responses: {'200': {content: {a/b: {$ref: '#/components/mediaTypes/M'}}}}}}}",
            ),
            (
                "3.0",
                "root",
                "paths: {/a: {get: {responses: {'200': {description: d, content: {a/b: {schema: {type: string}}}}}}}}",
            ),
        ],
    ),
    (
        "itemSchema is a word of 3.2",
        &[
            (
                "3.1",
                "op",
                "responses: {'200': {description: d, content: {application/jsonl: {itemSchema: {type: string}}}}}",
            ),
            ("3.0", "op", "responses: {'200': {description: d, content: {application/jsonl: {}}}}"),
        ],
    ),
    (
        "names of media types",
        &[
            (
                "3.0",
                "op",
                "responses: {'200': {description: d, content: {'Application/JSON; charset=UTF-8; v=1': {}}}}",
            ),
            (
                "3.1",
                "op",
                "responses: {'200': {description: d, content: {'application/json;V=1;charset=\"utf-8\"': {}}}}",
            ),
        ],
    ),
    (
        "deprecated and extended operations",
        &[
            ("2.0", "op", "deprecated: true, tags: [b, a], x-sunset: 2027-01-01, x-internal: true"),
            ("3.2", "op", "tags: [a, b, a], deprecated: true, x-sunset: '2027-01-01', x-internal: true"),
        ],
    ),
];

/// Spellings that are one to callers.
const IN_PLACE: &[(&str, [Spelling; 2])] = &[
    (
        "an extracted schema",
        [
            (
                "3.0",
                "root",
                "paths: {/a: {get: {responses: {'200': {description: d, content: {a/b: {schema: {type: object, properties: {k: {type: string}}}}}}}}}}",
            ),
            (
                "3.1",
                "root",
                "paths: {/a: {get: {responses: {'200': {description: d, content: {a/b: {schema: {$ref: '@X'}}}}}}}}\ncomponents: {schemas: {X: {type: object, properties: {k: {$ref: '@K'}}}, K: {type: string}}}",
            ),
        ],
    ),
    (
        "an extracted schema of 2.0",
        [
            (
                "2.0",
                "root",
                "paths: {/a: {get: {produces: [a/b], responses: {'200': {description: d, schema: {$ref: '@X'}}}}}}\ndefinitions: {X: {type: array, items: {type: string}}}",
            ),
            (
                "3.0",
                "root",
                "paths: {/a: {get: {responses: {'200': {description: d, content: {a/b: {schema: {type: array, items: {type: string}}}}}}}}}",
            ),
        ],
    ),
    (
        "a renamed recursive schema",
        [
            (
                "3.0",
                "root",
                "paths: {/a: {get: {responses: {'200': {description: d, content: {a/b: {schema: {$ref: '@X'}}}}}}}}\ncomponents: {schemas: {X: {type: object, properties: {k: {$ref: '@X'}}}}}",
            ),
            (
                "3.1",
                "root",
                "paths: {/a: {get: {responses: {'200': {description: d, content: {a/b: {schema: {$ref: '@Y'}}}}}}}}\ncomponents: {schemas: {Y: {type: object, properties: {k: {allOf: [{$ref: '@Y'}]}}}}}",
            ),
        ],
    ),
];

/// What looks alike and is not.
const DIFFER: &[(&str, Spelling, Spelling)] = &[
    (
        "a body that must be sent",
        ("2.0", "op", "parameters: [{in: body, name: b, required: true, schema: {type: string}}]"),
        ("3.0", "op", "requestBody: {content: {'*/*': {schema: {type: string}}}}"),
    ),
    (
        "any media type and a said one",
        ("2.0", "op", "parameters: [{in: body, name: b, schema: {type: string}}]"),
        ("3.0", "op", "requestBody: {content: {application/json: {schema: {type: string}}}}"),
    ),
    (
        "form and multipart",
        ("2.0", "op", "parameters: [{in: formData, name: a, type: string}]"),
        (
            "3.0",
            "op",
            "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: string}}}}}}",
        ),
    ),
    (
        "a file and its name",
        ("2.0", "op", "consumes: [multipart/form-data], parameters: [{in: formData, name: f, type: file}]"),
        ("2.0", "op", "consumes: [multipart/form-data], parameters: [{in: formData, name: f, type: string}]"),
    ),
    (
        "commas and repeats in a query",
        ("2.0", "params", "{name: q, in: query, type: array, items: {type: string}}"),
        ("3.0", "params", "{name: q, in: query, schema: {type: array, items: {type: string}}}"),
    ),
    (
        "commas and repeats in a form",
        ("2.0", "op", "parameters: [{in: formData, name: a, type: array, items: {type: string}}]"),
        (
            "3.0",
            "op",
            "requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: array, items: {type: string}}}}}}}",
        ),
    ),
    (
        "tabs and blanks",
        ("2.0", "params", "{name: q, in: query, type: array, items: {type: string}, collectionFormat: tsv}"),
        ("2.0", "params", "{name: q, in: query, type: array, items: {type: string}, collectionFormat: ssv}"),
    ),
    (
        "pipes within commas",
        (
            "2.0",
            "params",
            "{name: q, in: query, type: array, items: {type: array, items: {type: string}, collectionFormat: pipes}}",
        ),
        ("2.0", "params", "{name: q, in: query, type: array, items: {type: array, items: {type: string}}}"),
    ),
    (
        "pipes in a response header",
        (
            "2.0",
            "op",
            "responses: {'200': {description: d, headers: {X-A: {type: array, items: {type: string}, collectionFormat: pipes}}}}",
        ),
        (
            "3.0",
            "op",
            "responses: {'200': {description: d, headers: {X-A: {schema: {type: array, items: {type: string}}}}}}",
        ),
    ),
    (
        "explode of an object",
        ("3.0", "params", "{name: q, in: query, explode: false, schema: {type: object}}"),
        ("3.0", "params", "{name: q, in: query, schema: {type: object}}"),
    ),
    (
        "explode of a header that may be an object",
        ("3.0", "params", "{name: X-H, in: header, explode: true, schema: {}}"),
        ("3.0", "params", "{name: X-H, in: header, schema: {}}"),
    ),
    (
        "an encoding with another type",
        (
            "3.0",
            "op",
            "requestBody: {content: {multipart/form-data: {encoding: {k: {contentType: application/xml}}, schema: {$ref: '@T'}}}}",
        ),
        ("3.0", "op", "requestBody: {content: {multipart/form-data: {schema: {$ref: '@T'}}}}"),
    ),
    (
        "an encoding of a response in 3.1",
        (
            "3.1",
            "op",
            "responses: {'200': {description: d, content: {multipart/form-data: {encoding: {k: {contentType: a/b}}, schema: {$ref: '@T'}}}}}",
        ),
        (
            "3.0",
            "op",
            "responses: {'200': {description: d, content: {multipart/form-data: {encoding: {k: {contentType: a/b}}, schema: {$ref: '@T'}}}}}",
        ),
    ),
    (
        "headers of a part",
        (
            "3.0",
            "op",
            "requestBody: {content: {multipart/form-data: {encoding: {k: {headers: {X-A: {schema: {type: string}}}}}, schema: {$ref: '@T'}}}}",
        ),
        (
            "3.0",
            "op",
            "requestBody: {content: {multipart/form-data: {encoding: {k: {headers: {Content-Type: {schema: {type: string}}}}}, schema: {$ref: '@T'}}}}",
        ),
    ),
    (
        "names in a query have a case",
        ("3.0", "params", "{name: q, in: query, schema: {type: string}}"),
        ("3.0", "params", "{name: Q, in: query, schema: {type: string}}"),
    ),
    (
        "2.0 ignores no header parameter",
        ("2.0", "params", "{name: Accept, in: header, type: string}"),
        ("3.0", "params", "{name: Accept, in: header, schema: {type: string}}"),
    ),
    (
        "an authorization in a query",
        ("3.0", "params", "{name: Authorization, in: query, schema: {type: string}}"),
        ("3.0", "params", ""),
    ),
    (
        "allowReserved in a query",
        ("3.0", "params", "{name: q, in: query, allowReserved: true, schema: {type: string}}"),
        ("3.0", "params", "{name: q, in: query, schema: {type: string}}"),
    ),
    (
        "allowReserved in a 3.2 path",
        (
            "3.2",
            "root",
            "paths: {'/{p}': {get: {parameters: [{name: p, in: path, required: true, allowReserved: true, schema: {type: string}}]}}}",
        ),
        (
            "3.1",
            "root",
            "paths: {'/{p}': {get: {parameters: [{name: p, in: path, required: true, allowReserved: true, schema: {type: string}}]}}}",
        ),
    ),
    (
        "querystring",
        (
            "3.2",
            "params",
            "{name: q, in: querystring, content: {application/x-www-form-urlencoded: {schema: {type: object}}}}",
        ),
        (
            "3.2",
            "params",
            "{name: q, in: query, content: {application/x-www-form-urlencoded: {schema: {type: object}}}}",
        ),
    ),
    (
        "the style of cookies",
        ("3.2", "params", "{name: c, in: cookie, style: cookie, schema: {type: string}}"),
        ("3.2", "params", "{name: c, in: cookie, schema: {type: string}}"),
    ),
    (
        "two schemes and one",
        ("2.0", "root", "host: h\nschemes: [https, http]\npaths: {}"),
        ("3.0", "root", "servers: [{url: 'https://h'}]\npaths: {}"),
    ),
    (
        "paths have a case",
        ("3.0", "root", "servers: [{url: 'https://h/V1'}]\npaths: {}"),
        ("2.0", "root", "host: h\nbasePath: /v1\nschemes: [https]\npaths: {}"),
    ),
    (
        "a port",
        ("3.0", "root", "servers: [{url: 'https://h:80'}]\npaths: {}"),
        ("3.0", "root", "servers: [{url: 'https://h'}]\npaths: {}"),
    ),
    (
        "a base path without and with a host",
        ("2.0", "root", "basePath: /v1\npaths: {}"),
        ("2.0", "root", "host: h\nbasePath: /v1\npaths: {}"),
    ),
    (
        "implicit and code flow",
        (
            "2.0",
            "root",
            "securityDefinitions: {o: {type: oauth2, flow: implicit, authorizationUrl: 'https://a', scopes: {}}}\npaths: {}",
        ),
        (
            "3.0",
            "root",
            "components: {securitySchemes: {o: {type: oauth2, flows: {authorizationCode: {authorizationUrl: 'https://a', tokenUrl: 'https://t', scopes: {}}}}}}\npaths: {}",
        ),
    ),
    (
        "password and client credentials",
        (
            "2.0",
            "root",
            "securityDefinitions: {o: {type: oauth2, flow: password, tokenUrl: 'https://t', scopes: {}}}\npaths: {}",
        ),
        (
            "3.0",
            "root",
            "components: {securitySchemes: {o: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://t', scopes: {}}}}}}\npaths: {}",
        ),
    ),
    (
        "device flow",
        (
            "3.2",
            "root",
            "components: {securitySchemes: {o: {type: oauth2, flows: {deviceAuthorization: {deviceAuthorizationUrl: 'https://d', tokenUrl: 'https://t', scopes: {}}}}}}\npaths: {}",
        ),
        (
            "3.2",
            "root",
            "components: {securitySchemes: {o: {type: oauth2, flows: {deviceAuthorization: {deviceAuthorizationUrl: 'https://e', tokenUrl: 'https://t', scopes: {}}}}}}\npaths: {}",
        ),
    ),
    (
        "where a server describes itself",
        (
            "3.2",
            "root",
            "components: {securitySchemes: {o: {type: oauth2, oauth2MetadataUrl: 'https://m', flows: {}}}}\npaths: {}",
        ),
        ("3.2", "root", "components: {securitySchemes: {o: {type: oauth2, flows: {}}}}\npaths: {}"),
    ),
    (
        "credentials that may be left out",
        (
            "3.0",
            "root",
            "components: {securitySchemes: {b: {type: http, scheme: basic}}}\nsecurity: [{b: []}, {}]\npaths: {}",
        ),
        (
            "3.0",
            "root",
            "components: {securitySchemes: {b: {type: http, scheme: basic}}}\nsecurity: [{b: []}]\npaths: {}",
        ),
    ),
    (
        "one of two and both",
        (
            "3.0",
            "root",
            "components: {securitySchemes: {a: {type: http, scheme: basic}, b: {type: http, scheme: bearer}}}\nsecurity: [{a: []}, {b: []}]\npaths: {}",
        ),
        (
            "3.0",
            "root",
            "components: {securitySchemes: {a: {type: http, scheme: basic}, b: {type: http, scheme: bearer}}}\nsecurity: [{a: [], b: []}]\npaths: {}",
        ),
    ),
    (
        "nullable and not",
        ("3.0", "schema", "{type: string, nullable: true}"),
        ("3.1", "schema", "{type: string}"),
    ),
    (
        "nullable around a reference is no null",
        ("3.0", "schema", "{nullable: true, allOf: [{$ref: '@T'}]}"),
        ("3.1", "schema", "{anyOf: [{$ref: '@T'}, {type: 'null'}]}"),
    ),
    (
        "null in an enum",
        ("3.0", "schema", "{type: string, nullable: true, enum: [a, null]}"),
        ("3.1", "schema", "{type: [string, 'null'], enum: [a]}"),
    ),
    (
        "inclusive and exclusive",
        ("3.0", "schema", "{minimum: 1, exclusiveMinimum: false}"),
        ("3.1", "schema", "{exclusiveMinimum: 1}"),
    ),
    ("text and number in an enum", ("3.1", "schema", "{const: '1'}"), ("3.0", "schema", "{enum: [1]}")),
    (
        "integer and number",
        ("2.0", "schema", "{type: integer}"),
        ("3.1", "schema", "{type: [integer, number]}"),
    ),
    (
        "siblings of a reference by version",
        ("3.0", "schema", "{$ref: '@S', maxLength: 3}"),
        ("3.1", "schema", "{$ref: '@S', maxLength: 3}"),
    ),
    (
        "read-only and write-only",
        ("3.0", "schema", "{properties: {a: {readOnly: true}}}"),
        ("3.0", "schema", "{properties: {a: {writeOnly: true}}}"),
    ),
    (
        "required and not",
        ("3.0", "schema", "{required: [a], properties: {a: {}}}"),
        ("3.0", "schema", "{required: [], properties: {a: {}}}"),
    ),
    (
        "a declared property without demands",
        ("3.0", "schema", "{properties: {a: {}}}"),
        ("3.0", "schema", "{}"),
    ),
    ("nothing passes", ("3.1", "schema", "false"), ("3.1", "schema", "true")),
    (
        "else without then",
        ("3.1", "schema", "{if: {}, else: {type: string}, then: {type: number}}"),
        ("3.1", "schema", "{then: {type: number}}"),
    ),
    (
        "one of two that are one",
        ("3.0", "schema", "{oneOf: [{type: string}, {type: string}]}"),
        ("3.0", "schema", "{oneOf: [{type: string}]}"),
    ),
    (
        "trivial words that count as evaluated",
        ("3.1", "schema", "{allOf: [{additionalProperties: true}], unevaluatedProperties: false}"),
        ("3.1", "schema", "{allOf: [{}], unevaluatedProperties: false}"),
    ),
    (
        "a discriminator with other names",
        (
            "3.0",
            "schema",
            "{oneOf: [{$ref: '@S'}, {$ref: '@T'}], discriminator: {propertyName: k, mapping: {s: S}}}",
        ),
        (
            "3.0",
            "schema",
            "{oneOf: [{$ref: '@S'}, {$ref: '@T'}], discriminator: {propertyName: k, mapping: {s: T}}}",
        ),
    ),
    (
        "a default alternative",
        (
            "3.2",
            "schema",
            "{oneOf: [{$ref: '@S'}, {$ref: '@T'}], discriminator: {propertyName: k, defaultMapping: T}}",
        ),
        (
            "3.2",
            "schema",
            "{oneOf: [{$ref: '@S'}, {$ref: '@T'}], discriminator: {propertyName: k, defaultMapping: S}}",
        ),
    ),
    (
        "text of XML",
        ("3.2", "schema", "{type: string, xml: {nodeType: text}}"),
        ("3.2", "schema", "{type: string, xml: {nodeType: cdata}}"),
    ),
    (
        "an anchor of another resource",
        (
            "3.1",
            "schema",
            "{$id: a, items: {$ref: '#x'}, $defs: {X: {$anchor: x, type: integer}, R: {$id: r, $defs: {Y: {$anchor: x, type: string}}}}}",
        ),
        (
            "3.1",
            "schema",
            "{$id: a, items: {$ref: 'r#x'}, $defs: {X: {$anchor: x, type: integer}, R: {$id: r, $defs: {Y: {$anchor: x, type: string}}}}}",
        ),
    ),
    (
        "a pointer from the document and from a resource",
        ("3.1", "schema", "{$id: a, items: {$ref: '#/components/x'}, components: {x: {type: string}}}"),
        ("3.1", "schema", "{items: {$ref: '@A/components/x'}, $id: a, components: {x: {type: integer}}}"),
    ),
    (
        "dynamic references that depend on the way",
        (
            "3.1",
            "schema",
            "{properties: {a: {$dynamicRef: '#x'}}, $defs: {X: {$dynamicAnchor: x, type: integer}, R: {$id: r, $dynamicAnchor: x}}}",
        ),
        (
            "3.1",
            "schema",
            "{properties: {a: {type: integer}}, $defs: {X: {$dynamicAnchor: x, type: integer}, R: {$id: r, $dynamicAnchor: x}}}",
        ),
    ),
    (
        "an extension of 2.0 that looks like webhooks",
        ("2.0", "root", "x-webhooks: {w: {post: {responses: {'200': {description: d}}}}}\npaths: {}"),
        ("3.1", "root", "webhooks: {w: {post: {responses: {'200': {description: d}}}}}"),
    ),
    (
        "a webhook and a path",
        ("3.1", "root", "webhooks: {/w: {post: {responses: {'200': {description: d}}}}}"),
        ("3.1", "root", "paths: {/w: {post: {responses: {'200': {description: d}}}}}"),
    ),
    (
        "methods as written",
        (
            "3.2",
            "root",
            "paths: {/a: {additionalOperations: {Query: {responses: {'204': {description: d}}}}}}",
        ),
        ("3.2", "root", "paths: {/a: {query: {responses: {'204': {description: d}}}}}"),
    ),
    (
        "a query of 3.1",
        ("3.1", "root", "paths: {/a: {query: {responses: {'204': {description: d}}}}}"),
        ("3.2", "root", "paths: {/a: {query: {responses: {'204': {description: d}}}}}"),
    ),
    (
        "a tag below another",
        ("3.2", "root", "tags: [{name: a}, {name: b, parent: a}]\npaths: {}"),
        ("3.2", "root", "tags: [{name: a}, {name: b}]\npaths: {}"),
    ),
    (
        "items of a stream",
        (
            "3.2",
            "op",
            "responses: {'200': {description: d, content: {application/jsonl: {itemSchema: {type: string}}}}}",
        ),
        (
            "3.2",
            "op",
            "responses: {'200': {description: d, content: {application/jsonl: {schema: {type: string}}}}}",
        ),
    ),
    (
        "encodings by position",
        (
            "3.2",
            "op",
            "requestBody: {content: {multipart/mixed: {schema: {type: array}, prefixEncoding: [{contentType: a/b}, {contentType: c/d}]}}}",
        ),
        (
            "3.2",
            "op",
            "requestBody: {content: {multipart/mixed: {schema: {type: array}, prefixEncoding: [{contentType: c/d}, {contentType: a/b}]}}}",
        ),
    ),
    (
        "encoding of items and of the first",
        (
            "3.2",
            "op",
            "requestBody: {content: {multipart/mixed: {schema: {type: array}, itemEncoding: {contentType: a/b}}}}",
        ),
        (
            "3.2",
            "op",
            "requestBody: {content: {multipart/mixed: {schema: {type: array}, prefixEncoding: [{contentType: a/b}]}}}",
        ),
    ),
    (
        "a charset",
        ("3.0", "op", "responses: {'200': {description: d, content: {text/plain;charset=utf-8: {}}}}"),
        ("3.0", "op", "responses: {'200': {description: d, content: {text/plain: {}}}}"),
    ),
    (
        "default and a status",
        ("2.0", "op", "responses: {default: {description: d}}"),
        ("2.0", "op", "responses: {200: {description: d}}"),
    ),
    (
        "a schema without and with content",
        ("2.0", "op", "produces: [a/b], responses: {'200': {description: d}}"),
        ("3.0", "op", "responses: {'200': {description: d, content: {a/b: {}}}}"),
    ),
    (
        "a deprecated header",
        (
            "3.0",
            "op",
            "responses: {'200': {description: d, headers: {X-A: {deprecated: true, schema: {type: string}}}}}",
        ),
        (
            "2.0",
            "op",
            "responses: {'200': {description: d, headers: {X-A: {deprecated: true, type: string}}}}",
        ),
    ),
];
