//! Every version becomes one model.

use serde_json::{Value, json};

use super::{read, with_operation};
use crate::spec::model::{Alternative, Location, Operation, SchemeKind, Status, Style};
use crate::spec::schema::XmlNode;
use crate::spec::tree::NodeId;
use crate::spec::{Document, Limits, Syntax, load};

#[test]
fn words_of_yaml_say_what_their_json_says() {
    let document = read(
        r#"
openapi: "3.1.0"
info: {title: t, version: "1"}
servers:
  - {url: "/{stage}", variables: {stage: {default: True, enum: [True, ~, FALSE]}}}
paths:
  /a:
    get:
      x-sunset:
      tags: [True, NULL, 0x10]
      security:
        - oauth:
            - read
            - 1.10
            - #*"
      responses: {}
"#,
    );
    let api = document.api();
    let operation = &api.operations[0];
    assert_eq!(operation.sunset, None, "an empty value is no date");
    assert_eq!(operation.tags, ["true", "16"]);
    assert_eq!(operation.security.alternatives[0].requirements[0].scopes, ["read", "1.10"]);
    assert_eq!(operation.servers[0].url, "/true");
    assert_eq!(operation.servers[0].variables[0].allowed, ["true", "false"]);
    assert_eq!(api.hash, read(&document.print(Syntax::Json)).api().hash);
}

#[test]
fn two_zero_and_three_give_the_same_operation() {
    let old = read(&json!({
        "swagger": "2.0", "info": {"title": "t", "version": "1"}, "host": "api.example.com", "basePath": "/v1",
        "schemes": ["https"], "consumes": ["application/json"], "produces": ["application/json"],
        "security": [{"key": []}, {"oauth": ["read"]}],
        "securityDefinitions": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"}, "basic": {"type": "basic"},
            "oauth": {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "https://a", "tokenUrl": "https://t", "scopes": {"read": "r"}},
        },
        "parameters": {"limit": {"name": "limit", "in": "query", "type": "integer", "maximum": 10, "exclusiveMaximum": true}},
        "responses": {"Bad": {"description": "bad", "headers": {"X-A": {"type": "string"}}}},
        "definitions": {"Pet": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer", "x-nullable": true}, "next": {"$ref": "#/definitions/Pet"}}}},
        "paths": {"/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "type": "string"}],
            "put": {
                "operationId": "put",
                "parameters": [
                    {"$ref": "#/parameters/limit"},
                    {"name": "tags", "in": "query", "type": "array", "items": {"type": "string"}, "collectionFormat": "multi"},
                    {"name": "pet", "in": "body", "required": true, "schema": {"$ref": "#/definitions/Pet"}},
                ],
                "responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/Pet"}}, "400": {"$ref": "#/responses/Bad"}},
            },
            "post": {
                "consumes": ["multipart/form-data"],
                "parameters": [{"name": "file", "in": "formData", "type": "file", "required": true}, {"name": "note", "in": "formData", "type": "string"}],
                "security": [],
                "responses": {"204": {"description": "done"}},
            },
        }},
    }).to_string());
    let new = read(&json!({
        "openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://api.example.com/v1"}],
        "security": [{"oauth": ["read"]}, {"key": []}],
        "components": {
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-Key"}, "basic": {"type": "http", "scheme": "Basic"},
                "oauth": {"type": "oauth2", "flows": {"authorizationCode": {"authorizationUrl": "https://a", "tokenUrl": "https://t", "scopes": {"read": "other words"}}}},
            },
            "schemas": {"Pet": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Pet"}, "id": {"type": "integer", "nullable": true}}, "required": ["id"]}},
        },
        "paths": {"/pets/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "put": {
                "operationId": "put", "description": "prose",
                "parameters": [
                    {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 10.0, "exclusiveMaximum": true}},
                    {"name": "Accept", "in": "header", "schema": {"type": "string"}},
                ],
                "requestBody": {"required": true, "content": {"Application/JSON": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
                "responses": {
                    "400": {"description": "worse", "headers": {"x-a": {"schema": {"type": "string"}}}},
                    "200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
                },
            },
            "post": {
                "requestBody": {"required": true, "content": {"multipart/form-data": {"schema": {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}, "note": {"type": "string"}}}}}},
                "security": [],
                "responses": {"204": {"description": "done"}},
            },
        }},
    }).to_string());
    for (a, b) in old.api().operations.iter().zip(&new.api().operations) {
        for (x, y) in [("id", Location::Path), ("limit", Location::Query), ("tags", Location::Query)]
            .iter()
            .filter_map(|(name, location)| a.parameter(*location, name).zip(b.parameter(*location, name)))
        {
            assert_eq!(x.hash, y.hash, "{}", x.name);
        }
        assert_eq!(a.body.as_ref().map(|body| body.hash), b.body.as_ref().map(|body| body.hash), "{a}");
        for response in &a.responses {
            assert_eq!(
                Some(response.hash),
                b.response(response.status).map(|response| response.hash),
                "{a} {}",
                response.status
            );
        }
        assert_eq!(a.hash, b.hash, "{a}");
    }
    assert_eq!(old.api().hash, new.api().hash);
    let put = &old.api().operations[0];
    assert_eq!((put.key.as_str(), put.servers[0].url.as_str()), ("/pets/{}", "https://api.example.com/v1"));
    assert_eq!(put.security.alternatives.len(), 2);
    assert!(old.api().operations[1].security.is_open() && old.api().operations[1].security.declared);
    assert_eq!(old.pointer(put.security_node), "/security");
    assert!(matches!(old.api().security_schemes[1].kind, SchemeKind::Http { .. }));
}

#[test]
fn effective_parts_come_from_the_nearest_place() {
    let document = read(&json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "servers": [{"url": "https://{env}.example.com", "variables": {"env": {"default": "api", "enum": ["api", "test"]}}}],
        "security": [{"a": []}],
        "paths": {
            "/x": {
                "servers": [{"url": "/path"}],
                "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}, {"name": "H", "in": "header"}],
                "x-internal": true,
                "get": {"parameters": [{"name": "q", "in": "query", "required": true}, {"name": "h", "in": "header", "deprecated": true}], "security": [{}, {"b": ["s"]}], "x-sunset": "2027-01-01", "x-stability-level": "beta"},
                "post": {"servers": [{"url": "/own"}], "deprecated": true},
            },
            "/y": {"$ref": "#/components/pathItems/Y"},
            "/z": {"get": {}},
        },
        "webhooks": {"ping": {"post": {"callbacks": {"c": {"{$request.body#/u}": {"put": {"responses": {"2XX": {"description": ""}}}}}}}}},
        "components": {"pathItems": {"Y": {"delete": {"operationId": "y"}}}},
    }).to_string());
    let api = document.api();
    let names: Vec<_> = api.operations.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["GET /x", "POST /x", "DELETE /y", "GET /z"]);
    let get = &api.operations[0];
    assert_eq!(get.parameters.len(), 2);
    assert!(get.parameters[0].required && get.parameters[1].deprecated);
    assert_eq!(get.parameters[0].style, Style::Form);
    assert!(get.security.is_open() && get.security.alternatives.len() == 2);
    assert!(get.internal);
    assert_eq!((get.sunset.as_deref(), get.stability.as_deref()), (Some("2027-01-01"), Some("beta")));
    assert_eq!(get.servers[0].url, "/path");
    assert_eq!(api.operations[1].servers[0].url, "/own");
    assert!(api.operations[1].deprecated && !api.operations[1].security.is_open());
    assert_eq!(api.operations[3].servers[0].url, "https://api.example.com");
    assert_eq!(document.pointer(api.operations[2].path_node), "/paths/~1y");
    assert_eq!(document.pointer(api.operations[2].node), "/components/pathItems/Y/delete");
    let callback = &api.webhooks[0].callbacks[0];
    assert_eq!(callback.operations[0].responses[0].status, Status::Range(2));
}

#[test]
fn path_items_that_refer_to_each_other_end() {
    let document = read(&json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"$ref": "#/paths/~1b"}, "/b": {"$ref": "#/paths/~1a", "get": {"callbacks": {"c": {"x": {"$ref": "#/paths/~1a"}}}}}},
    }).to_string());
    assert_eq!(document.api().operations.len(), 2);
}

#[test]
fn large_parts_that_are_referred_to_often_are_bounded() {
    let parameters: Vec<Value> = (0..2_000)
        .map(|n| json!({"name": format!("p{n}"), "in": "query", "description": "d".repeat(200)}))
        .collect();
    let paths: serde_json::Map<String, Value> =
        (0..2_000).map(|n| (format!("/{n}"), json!({"$ref": "#/components/pathItems/P"}))).collect();
    let document = read(
        &json!({
            "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths,
            "components": {"pathItems": {"P": {"parameters": parameters, "get": {}}}},
        })
        .to_string(),
    );
    assert!(document.faults().iter().any(|fault| fault.rule == "model-too-large"));
    let schemes: serde_json::Map<String, Value> =
        (0..10_000).map(|n| (format!("s{n}"), json!({"$ref": "#/x-scheme"}))).collect();
    let document = read(
        &json!({
            "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {},
            "x-scheme": {"type": "openIdConnect", "openIdConnectUrl": "u".repeat(100_000)},
            "components": {"securitySchemes": schemes},
        })
        .to_string(),
    );
    assert!(document.faults().iter().any(|fault| fault.rule == "model-too-large"));
}

#[test]
fn styles_default_by_place() {
    let document = with_operation(
        "3.0.0",
        &json!({"parameters": [
            {"name": "a", "in": "query"}, {"name": "b", "in": "header"}, {"name": "c", "in": "query", "style": "pipeDelimited"},
            {"name": "d", "in": "cookie", "explode": false}, {"name": "e", "in": "nowhere"},
        ]}),
    );
    let found: Vec<_> = document.api().operations[0]
        .parameters
        .iter()
        .map(|each| (each.style.to_string(), each.explode))
        .collect();
    let wanted = [("form", true), ("simple", false), ("pipeDelimited", false), ("form", false)];
    assert_eq!(found, wanted.map(|(style, explode)| (style.to_owned(), explode)));
}

/// Reads a document whose model may follow so many references.
fn bounded(document: &Value, references: usize) -> Document {
    let limits = Limits { references, ..Limits::default() };
    load(document.to_string().as_bytes(), &limits).expect("it loads")
}

/// The place of `too-many-references`, where it is found.
fn stopped(document: &Document) -> Option<String> {
    let fault = document.faults().iter().find(|fault| fault.rule == "too-many-references");
    fault.map(|fault| document.pointer(fault.node))
}

#[test]
fn references_followed_are_counted() {
    let parameters: Vec<Value> =
        (0..10).map(|n| json!({"$ref": format!("#/components/parameters/p{n}")})).collect();
    let targets: serde_json::Map<String, Value> =
        (0..10).map(|n| (format!("p{n}"), json!({"name": format!("p{n}"), "in": "query"}))).collect();
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"get": {"parameters": parameters}}},
        "components": {"parameters": targets},
    });
    let enough = bounded(&document, 10);
    assert_eq!(stopped(&enough), None);
    assert_eq!(enough.api().operations[0].parameters.len(), 10);
    let short = bounded(&document, 7);
    assert_eq!(stopped(&short).as_deref(), Some("/paths/~1a/get/parameters/7"));
    assert_eq!(short.api().operations[0].parameters.len(), 7);
}

#[test]
fn a_chain_is_walked_once() {
    let mut chain: serde_json::Map<String, Value> = (0..5_000)
        .map(|n| (format!("c{n}"), json!({"$ref": format!("#/components/parameters/c{}", n + 1)})))
        .collect();
    chain.insert("c5000".into(), json!({"name": "q", "in": "query"}));
    let gets: serde_json::Map<String, Value> = (0..1_000)
        .map(|n| (format!("/{n}"), json!({"get": {"parameters": [{"$ref": "#/components/parameters/c0"}]}})))
        .collect();
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": gets,
        "components": {"parameters": chain},
    });
    // One link for each use, and each link of the chain once.
    let document = bounded(&document, 6_000);
    assert_eq!(stopped(&document), None);
    assert!(document.api().operations.iter().all(|operation| operation.parameters.len() == 1));
}

#[test]
fn references_in_a_circle_end() {
    let document = read(
        &json!({
            "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
            "paths": {"/a": {"get": {"parameters": [
                {"$ref": "#/components/parameters/a"}, {"$ref": "#/components/parameters/b"},
                {"$ref": "#/paths/~1a/get/parameters/2"}, {"name": "q", "in": "query"},
            ]}}},
            "components": {
                "parameters": {"a": {"$ref": "#/components/parameters/b"}, "b": {"$ref": "#/components/parameters/a"}},
                "schemas": {"A": {"$ref": "#/components/schemas/A"}, "B": {"$ref": "#/components/schemas/C"}, "C": {"$ref": "#/components/schemas/B"}},
            },
        })
        .to_string(),
    );
    let api = document.api();
    assert_eq!(api.operations[0].parameters.len(), 1);
    for (_, id) in &api.components {
        assert_eq!(api.schemas.resolve(*id), *id);
    }
}

#[test]
fn a_thousand_paths_that_share_a_thousand_operations_are_bounded() {
    let operations: serde_json::Map<String, Value> =
        (0..1_000).map(|n| (format!("M{n}"), json!({}))).collect();
    let paths: serde_json::Map<String, Value> =
        (0..1_000).map(|n| (format!("/{n}"), json!({"$ref": "#/components/pathItems/P"}))).collect();
    let document = read(
        &json!({
            "openapi": "3.2.0", "info": {"title": "t", "version": "1"}, "paths": paths,
            "components": {"pathItems": {"P": {"additionalOperations": operations}}},
        })
        .to_string(),
    );
    let count = document.api().operations.len();
    assert!(count * size_of::<Operation>() <= 33 << 20, "{count} operations were read");
    let faults: Vec<_> = document.faults().iter().filter(|fault| fault.rule == "model-too-large").collect();
    assert_eq!(faults.len(), 1, "said once");
}

#[test]
fn what_the_root_says_of_security_is_not_repeated_without_end() {
    let security: Vec<Value> = (0..5_000).map(|n| json!({format!("s{n}"): []})).collect();
    let paths: serde_json::Map<String, Value> =
        (0..1_000).map(|n| (format!("/{n}"), json!({"get": {}}))).collect();
    let document = read(
        &json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "security": security, "paths": paths})
            .to_string(),
    );
    let repeated: usize =
        document.api().operations.iter().map(|operation| operation.security.alternatives.len()).sum();
    assert!(repeated * size_of::<Alternative>() <= 33 << 20, "{repeated} alternatives were copied");
    assert!(document.faults().iter().any(|fault| fault.rule == "model-too-large"));
}

#[test]
fn what_three_two_brought_is_in_the_model() {
    let document = read(
        &json!({
            "openapi": "3.2.0", "info": {"title": "t", "version": "1"}, "$self": "https://x.example/api.json",
            "servers": [{"url": "https://x.example", "name": "prod"}],
            "tags": [{"name": "a", "summary": "A", "kind": "nav"}, {"name": "b", "parent": "a"}, {"name": "c", "parent": "a", "kind": "badge"}],
            "security": [{"api.json#/components/securitySchemes/o": ["r"]}, {"#/components/x-schemes/k": []}],
            "paths": {"/a": {
                "query": {"parameters": [{"name": "q", "in": "querystring", "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}}, {"name": "c", "in": "cookie", "style": "cookie", "explode": false}]},
                "additionalOperations": {"LINK": {
                    "requestBody": {"content": {"multipart/mixed": {
                        "itemSchema": {"type": "string"},
                        "prefixEncoding": [{"contentType": "text/plain, a/b"}],
                        "itemEncoding": {"headers": {"X-A": {"schema": {"type": "string"}}, "Content-Type": {}}, "encoding": {"k": {"style": "pipeDelimited"}}},
                    }}},
                    "responses": {"200": {"summary": "s", "content": {"application/jsonl": {"$ref": "#/components/mediaTypes/L"}}}},
                    "callbacks": {"done": {"{$url}": {"post": {}}}},
                }},
            }},
            "components": {
                "mediaTypes": {"L": {"itemSchema": {"type": "integer"}}},
                "securitySchemes": {"o": {"type": "oauth2", "deprecated": true, "oauth2MetadataUrl": "https://m", "flows": {"deviceAuthorization": {"deviceAuthorizationUrl": "https://d", "tokenUrl": "https://t", "scopes": {"r": "read"}}}}},
                "x-schemes": {"k": {"type": "apiKey", "in": "query", "name": "k"}},
                "schemas": {
                    "P": {"oneOf": [{"$ref": "#/components/schemas/X"}], "discriminator": {"propertyName": "k", "mapping": {"X": "X", "y": "#/components/schemas/X", "z": "https://elsewhere.example/z"}, "defaultMapping": "X"}},
                    "X": {"type": "string", "xml": {"nodeType": "cdata", "name": "n"}},
                },
            },
            "webhooks": {"w": {"query": {}}},
        })
        .to_string(),
    );
    let api = document.api();
    let all: Vec<_> = api.all_operations().map(ToString::to_string).collect();
    assert_eq!(all, ["QUERY /a", "LINK /a", "POST {$url}", "QUERY w"]);
    assert_eq!(api.servers[0].name.as_deref(), Some("prod"));
    let below: Vec<_> = api.tags_below(Some("a")).map(|tag| tag.name.as_str()).collect();
    assert_eq!(below, ["b", "c"]);
    assert_eq!(api.tags_below(None).count(), 1);
    let tag = api.tag("a").expect("declared");
    assert_eq!((tag.summary.as_deref(), tag.kind.as_deref()), (Some("A"), Some("nav")));
    let names: Vec<_> =
        api.security.alternatives.iter().map(|each| each.requirements[0].scheme.as_str()).collect();
    assert_eq!(names, ["o", "#/components/x-schemes/k"]);
    assert!(matches!(
        api.security_scheme(names[1]).map(|scheme| &scheme.kind),
        Some(SchemeKind::ApiKey { location: Location::Query, .. })
    ));
    let oauth = api.security_scheme("o").expect("declared");
    assert!(oauth.deprecated);
    assert_eq!(oauth.oauth2_metadata_url.as_deref(), Some("https://m"));
    let SchemeKind::OAuth2 { flows } = &oauth.kind else { panic!("{oauth:?}") };
    assert_eq!(flows[0].device_authorization_url.as_deref(), Some("https://d"));
    let query = api.operation("QUERY", "/a").expect("a query");
    assert_eq!(query.parameters[0].location, Location::QueryString);
    assert_eq!((&query.parameters[1].style, query.parameters[1].explode), (&Style::Cookie, false));
    let link = api.operation("LINK", "/a").expect("a link");
    let media = &link.body.as_ref().expect("a body").content[0];
    assert!(media.item_schema.is_some() && media.is_multipart() && !media.is_form());
    assert_eq!(media.encodings.prefix[0].content_types, ["a/b", "text/plain"]);
    let item = media.encodings.item.as_ref().expect("an encoding of items");
    assert_eq!(item.headers.len(), 1, "Content-Type is ignored");
    assert_eq!(item.nested.named[0].style, Some(Style::PipeDelimited));
    assert_eq!(link.responses[0].summary.and_then(|node| document.tree().text(node)), Some("s"));
    assert!(link.responses[0].content[0].item_schema.is_some());
    let discriminator = api.schemas.get(api.component("P").expect("P")).discriminator().expect("said");
    let told: Vec<_> = discriminator.told().map(|(value, choice)| (value, choice.meaning())).collect();
    assert_eq!(told, [("y", "X"), ("z", "https://elsewhere.example/z")]);
    assert_eq!(discriminator.default.as_ref().and_then(|choice| choice.schema), api.component("X"));
    let xml = api.schemas.get(api.component("X").expect("X")).xml().expect("said");
    assert_eq!((xml.kind, xml.name.as_deref()), (Some(XmlNode::Cdata), Some("n")));
    assert_eq!(document.faults(), []);
}

#[test]
fn prose_beside_a_reference_wins_from_three_one_on() {
    for (version, wanted) in [("3.0.3", "there"), ("3.1.0", "here"), ("3.2.0", "here")] {
        let document = read(
            &json!({
                "openapi": version, "info": {"title": "t", "version": "1"},
                "paths": {"/a": {"post": {
                    "parameters": [{"$ref": "#/components/parameters/q", "description": "here"}],
                    "requestBody": {"$ref": "#/components/requestBodies/b", "description": "here"},
                    "responses": {
                        "200": {"$ref": "#/components/responses/r", "description": "here"},
                        "201": {"description": "d", "headers": {"X-A": {"$ref": "#/components/headers/h", "description": "here"}}},
                        "202": {"$ref": "#/components/responses/r"},
                    },
                }}},
                "components": {
                    "parameters": {"q": {"name": "q", "in": "query", "description": "there"}},
                    "requestBodies": {"b": {"description": "there", "content": {}}},
                    "responses": {"r": {"description": "there"}}, "headers": {"h": {"description": "there"}},
                },
            })
            .to_string(),
        );
        let operation = &document.api().operations[0];
        let text = |node: Option<NodeId>| document.tree().text(node.expect("it is said"));
        assert_eq!(text(operation.parameters[0].description), Some(wanted), "{version}");
        assert_eq!(text(operation.body.as_ref().and_then(|body| body.description)), Some(wanted));
        assert_eq!(text(operation.responses[0].description), Some(wanted));
        assert_eq!(text(operation.responses[1].headers[0].description), Some(wanted));
        assert_eq!(text(operation.responses[2].description), Some("there"));
    }
}

#[test]
fn a_map_of_media_types_has_no_extensions() {
    let content = json!({"x-world/x-vrml": {}, "text/plain; utf-8": {}, "X-Note": "none"});
    let operation = json!({"responses": {"200": {"description": "", "content": content}}});
    let document = with_operation("3.1.0", &operation);
    let response = &document.api().operations[0].responses[0];
    let names: Vec<&str> = response.content.iter().map(|media| media.name.as_str()).collect();
    assert_eq!(names, ["x-world/x-vrml", "text/plain"]);
}
