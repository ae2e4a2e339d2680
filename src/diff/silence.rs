//! Pairs that change the text and not the contract: nothing in them breaks and nothing warns.
//!
//! A side is a fragment over the small document of [`example`], or a whole document where it begins
//! with its version. Each pair is asked in both directions.

use super::*;
use crate::spec::{Limits, load};

/// Pairs whose equality no keyword shows: only a proof over whole schemas can keep silent on them.
const NEEDS_PROOF: &[&str] = &[];

const TWO: &str = "\
swagger: '2.0'
info: {title: Pets, version: '1'}
host: api.example.com
basePath: /v1
schemes: [https]
consumes: [application/json]
produces: [application/json]
paths:
  /pets/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, type: string}
        - {name: tags, in: query, type: array, items: {type: string}, collectionFormat: multi}
        - {name: limit, in: query, type: integer, maximum: 100, exclusiveMaximum: true}
      responses:
        '200': {description: ok, schema: {$ref: '#/definitions/Pet'}, headers: {X-Total: {type: integer}}}
    post:
      parameters:
        - {name: id, in: path, required: true, type: string}
        - {name: pet, in: body, required: true, schema: {$ref: '#/definitions/Pet'}}
      responses:
        '201': {description: ok, schema: {$ref: '#/definitions/Pet'}}
definitions:
  Pet:
    type: object
    required: [name]
    properties: {name: {type: string}, age: {type: integer, format: int32}}
";

/// One 3.0 document, its paths below a prefix that stands in the server or in the paths.
macro_rules! three {
    ($server:literal, $paths:literal) => {
        concat!(
            "\
openapi: 3.0.3
info: {title: Pets, version: '1'}
servers: [{url: 'https://api.example.com",
            $server,
            "'}]
paths:
  ",
            $paths,
            "/pets/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: tags, in: query, schema: {type: array, items: {type: string}}}
        - {name: limit, in: query, schema: {type: integer, maximum: 100, exclusiveMaximum: true}}
      responses:
        '200':
          description: ok
          headers: {X-Total: {schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
    post:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        '201': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties: {name: {type: string}, age: {type: integer, format: int32}}
"
        )
    };
}

const THREE: &str = three!("/v1", "");

const PREFIXED: &str = three!("", "/v1");

const THREE_ONE: &str = "\
openapi: 3.1.0
info: {title: Pets, version: '1'}
servers: [{url: 'https://api.example.com/v1'}]
paths:
  /pets/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    get:
      parameters:
        - {name: tags, in: query, style: form, explode: true, schema: {type: array, items: {type: string}}}
        - {name: limit, in: query, required: false, schema: {type: integer, exclusiveMaximum: 100}}
      responses:
        '200':
          description: ok
          headers: {x-total: {schema: {type: integer}}}
          content: {Application/JSON; charset=utf-8: {schema: {$ref: '#/components/schemas/Pet'}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        '201': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties: {name: {type: string}, age: {type: integer, format: int32}}
";

/// Name, older side, newer side.
const PAIRS: &[(&str, &str, &str)] = &[
    ("2.0 as 3.0", TWO, THREE),
    ("3.0 as 3.1", THREE, THREE_ONE),
    ("2.0 as 3.1", TWO, THREE_ONE),
    ("a prefix moved from the server into the paths", THREE, PREFIXED),
    ("a prefix moved while 2.0 became 3.0", TWO, PREFIXED),
    (
        "key order",
        "REQ: {type: object, required: [a, b], properties: {a: {type: string}, b: {type: integer}}}",
        "REQ: {properties: {b: {type: integer}, a: {type: string}}, required: [b, a], type: object}",
    ),
    (
        "a reference put in place",
        "{components: {schemas: {A: {type: object, properties: {n: {type: integer}}}}}, REQ: {$ref: '#/components/schemas/A'}}",
        "REQ: {type: object, properties: {n: {type: integer}}}",
    ),
    (
        "a property's schema extracted",
        "RES: {type: object, properties: {n: {type: object, properties: {m: {type: string}}}}}",
        "{components: {schemas: {N: {type: object, properties: {m: {type: string}}}}}, RES: {type: object, properties: {n: {$ref: '#/components/schemas/N'}}}}",
    ),
    (
        "a chain of references",
        "{components: {schemas: {A: {type: string}, B: {$ref: '#/components/schemas/A'}}}, REQ: {$ref: '#/components/schemas/B'}}",
        "{components: {schemas: {A: {type: string}}}, REQ: {$ref: '#/components/schemas/A'}}",
    ),
    (
        "a component renamed",
        "{components: {schemas: {Pet: {type: object, properties: {n: {type: integer}}}}}, REQ: {$ref: '#/components/schemas/Pet'}}",
        "{components: {schemas: {Animal: {type: object, properties: {n: {type: integer}}}}}, REQ: {$ref: '#/components/schemas/Animal'}}",
    ),
    (
        "a recursive component renamed",
        "{components: {schemas: {Node: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}}}}}, RES: {$ref: '#/components/schemas/Node'}}",
        "{components: {schemas: {Link: {type: object, properties: {next: {$ref: '#/components/schemas/Link'}}}}}, RES: {$ref: '#/components/schemas/Link'}}",
    ),
    (
        "allOf flattened",
        "REQ: {allOf: [{type: object, properties: {a: {type: string}}}, {required: [a], properties: {b: {type: integer}}}]}",
        "REQ: {type: object, required: [a], properties: {a: {type: string}, b: {type: integer}}}",
    ),
    (
        "allOf split, in a response",
        "RES: {type: object, required: [a], properties: {a: {type: string}, b: {type: integer}}}",
        "RES: {allOf: [{type: object, required: [a], properties: {a: {type: string}}}, {type: object, properties: {b: {type: integer}}}]}",
    ),
    (
        "allOf with one member",
        "REQ: {type: string, maxLength: 9}",
        "REQ: {allOf: [{type: string, maxLength: 9}]}",
    ),
    (
        "allOf around a reference",
        "{components: {schemas: {A: {type: string}}}, RES: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}}",
        "{components: {schemas: {A: {type: string}}}, RES: {type: object, properties: {a: {description: text, allOf: [{$ref: '#/components/schemas/A'}]}}}}",
    ),
    ("allOf with an empty member", "REQ: {type: string}", "REQ: {allOf: [{type: string}, {}]}"),
    ("anyOf with one member", "RES: {type: integer}", "RES: {anyOf: [{type: integer}]}"),
    ("oneOf with one member", "REQ: {type: integer}", "REQ: {oneOf: [{type: integer}]}"),
    (
        "order of anyOf",
        "REQ: {anyOf: [{type: string}, {type: integer}]}",
        "REQ: {anyOf: [{type: integer}, {type: string}]}",
    ),
    (
        "order of oneOf",
        "RES: {oneOf: [{type: string}, {type: integer}, {type: boolean}]}",
        "RES: {oneOf: [{type: boolean}, {type: integer}, {type: string}]}",
    ),
    (
        "anyOf of disjoint types as oneOf",
        "REQ: {anyOf: [{type: string}, {type: integer}]}",
        "REQ: {oneOf: [{type: string}, {type: integer}]}",
    ),
    ("order of an enum", "RES: {type: string, enum: [a, b, c]}", "RES: {type: string, enum: [c, a, b]}"),
    ("enum of one value as const", "REQ: {type: string, enum: [a]}", "REQ: {type: string, const: a}"),
    ("const without its type", "REQ: {type: string, const: a}", "REQ: {const: a}"),
    ("type array with one type", "REQ: {type: string}", "REQ: {type: [string]}"),
    ("order of a type array", "RES: {type: [string, 'null']}", "RES: {type: ['null', string]}"),
    ("integer beside number", "RES: {type: number}", "RES: {type: [number, integer]}"),
    (
        "null as an alternative",
        "RES: {type: [string, 'null']}",
        "RES: {anyOf: [{type: string}, {type: 'null'}]}",
    ),
    (
        "null as an alternative to a reference",
        "{components: {schemas: {A: {type: object, properties: {n: {type: integer}}}}}, RES: {oneOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}]}}",
        "RES: {type: [object, 'null'], properties: {n: {type: integer}}}",
    ),
    (
        "exclusive bound of integers",
        "REQ: {type: integer, minimum: 1}",
        "REQ: {type: integer, exclusiveMinimum: 0}",
    ),
    (
        "a number in another spelling",
        "REQ: {type: number, maximum: 100}",
        "REQ: {type: number, maximum: 1.0e2}",
    ),
    (
        "the range that a format sets",
        "REQ: {type: integer, format: int32}",
        "REQ: {type: integer, format: int32, minimum: -2147483648, maximum: 2147483647}",
    ),
    ("a format that sets no range", "RES: {type: number, format: double}", "RES: {type: number}"),
    ("a format that nobody checks", "RES: {type: string, format: house-number}", "RES: {type: string}"),
    ("multiples of one", "REQ: {type: integer}", "REQ: {type: integer, multipleOf: 1}"),
    ("minLength zero", "REQ: {type: string}", "REQ: {type: string, minLength: 0}"),
    (
        "minItems zero",
        "RES: {type: array, items: {type: string}}",
        "RES: {type: array, minItems: 0, uniqueItems: false, items: {type: string}}",
    ),
    (
        "additionalProperties true",
        "REQ: {type: object, properties: {n: {type: integer}}}",
        "REQ: {type: object, additionalProperties: true, properties: {n: {type: integer}}}",
    ),
    (
        "additionalProperties of anything",
        "RES: {type: object, properties: {n: {type: integer}}}",
        "RES: {type: object, additionalProperties: {}, properties: {n: {type: integer}}}",
    ),
    ("items of anything", "REQ: {type: array}", "REQ: {type: array, items: {}}"),
    (
        "minProperties that required names imply",
        "REQ: {type: object, required: [a], properties: {a: {type: string}}}",
        "REQ: {type: object, minProperties: 1, required: [a], properties: {a: {type: string}}}",
    ),
    (
        "uniqueItems of at most one",
        "REQ: {type: array, maxItems: 1, items: {type: string}}",
        "REQ: {type: array, maxItems: 1, uniqueItems: true, items: {type: string}}",
    ),
    (
        "a keyword of another type",
        "REQ: {type: string}",
        "REQ: {type: string, maximum: 5, minItems: 2, required: [a]}",
    ),
    (
        "a required name twice",
        "REQ: {type: object, required: [a], properties: {a: {type: string}}}",
        "REQ: {type: object, required: [a, a], properties: {a: {type: string}}}",
    ),
    ("then without if", "REQ: {type: string}", "REQ: {type: string, then: {maxLength: 3}}"),
    ("not of nothing", "REQ: {type: string}", "REQ: {type: string, not: false}"),
    (
        "prose",
        "{info: {description: one}, RES: {type: object, title: One, description: one, examples: [1], properties: {n: {type: integer, example: 5}}}}",
        "{info: {description: two}, RES: {type: object, title: Two, description: two, examples: [2], properties: {n: {type: integer, example: 6}}}}",
    ),
    (
        "summary, tags and external documentation",
        "paths: {/a: {get: {summary: one, tags: [x, y], externalDocs: {url: 'https://a.example'}}}}",
        "paths: {/a: {get: {summary: two, tags: [y, x], externalDocs: {url: 'https://b.example'}}}}",
    ),
    (
        "an extension that nobody knows",
        "{x-note: 1, RES: {type: string, x-order: 1}}",
        "{x-note: 2, RES: {type: string, x-order: 2}}",
    ),
    (
        "a parameter moved to the path item",
        "paths: {/a: {get: {parameters: [{name: q, in: query, schema: {type: string}}]}}}",
        "paths: {/a: {parameters: [{name: q, in: query, schema: {type: string}}], get: {}}}",
    ),
    (
        "a parameter extracted",
        "PARAM: {name: q, in: query, schema: {type: string}}",
        "{components: {parameters: {Q: {name: q, in: query, schema: {type: string}}}}, PARAM: {$ref: '#/components/parameters/Q'}}",
    ),
    (
        "order of parameters",
        "paths: {/a: {get: {parameters: [{name: q, in: query, schema: {type: string}}, {name: r, in: header, schema: {type: string}}]}}}",
        "paths: {/a: {get: {parameters: [{name: r, in: header, schema: {type: string}}, {name: q, in: query, schema: {type: string}}]}}}",
    ),
    (
        "defaults of a parameter in words",
        "PARAM: {name: q, in: query, schema: {type: array, items: {type: string}}}",
        "PARAM: {name: q, in: query, required: false, deprecated: false, allowReserved: false, allowEmptyValue: false, style: form, explode: true, schema: {type: array, items: {type: string}}}",
    ),
    (
        "explode of a plain value",
        "PARAM: {name: q, in: query, schema: {type: string}}",
        "PARAM: {name: q, in: query, explode: false, schema: {type: string}}",
    ),
    (
        "case of a header parameter",
        "PARAM: {name: X-Trace, in: header, schema: {type: string}}",
        "PARAM: {name: x-trace, in: header, schema: {type: string}}",
    ),
    (
        "a header that the specification ignores",
        "paths: {/a: {get: {}}}",
        "PARAM: {name: Accept, in: header, schema: {type: string}}",
    ),
    (
        "case of a response header",
        "paths: {/a: {get: {responses: {'200': {description: ok, headers: {X-Total: {schema: {type: integer}}}}}}}}",
        "paths: {/a: {get: {responses: {'200': {description: ok, headers: {x-total: {schema: {type: integer}}}}}}}}",
    ),
    (
        "case and character set of a media type",
        "paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}",
        "paths: {/a: {post: {requestBody: {content: {Application/JSON; charset=UTF-8: {schema: {type: object}}}}}}}",
    ),
    (
        "a body that may be missing, in words",
        "paths: {/a: {post: {requestBody: {content: {application/json: {schema: {type: object}}}}}}}",
        "paths: {/a: {post: {requestBody: {required: false, content: {application/json: {schema: {type: object}}}}}}}",
    ),
    (
        "a response extracted",
        "paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}}}}",
        "{components: {responses: {Ok: {description: ok, content: {application/json: {schema: {type: object}}}}}}, paths: {/a: {get: {responses: {'200': {$ref: '#/components/responses/Ok'}}}}}}",
    ),
    (
        "order of security alternatives and schemes",
        "{SCHEME2: {type: http, scheme: bearer}, paths: {/a: {post: {security: [{o: [r, w], s: []}, {s: []}]}}}}",
        "{SCHEME2: {type: http, scheme: bearer}, paths: {/a: {post: {security: [{s: []}, {s: [], o: [w, r]}]}}}}",
    ),
    (
        "security of the root said at the operation",
        "paths: {/a: {post: {}}}",
        "paths: {/a: {post: {security: [{o: [r]}]}}}",
    ),
    (
        "a security scheme renamed",
        "{components: {securitySchemes: {k: {type: apiKey, in: header, name: X-Key}}}, paths: {/a: {post: {security: [{k: []}]}}}}",
        "{components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}, paths: {/a: {post: {security: [{key: []}]}}}}",
    ),
    (
        "a security scheme of flows renamed",
        "{components: {securitySchemes: {flows: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://a.example/t', scopes: {r: reads, w: writes}}, password: {tokenUrl: 'https://a.example/p', scopes: {}}}}}}, paths: {/a: {post: {security: [{flows: [r]}]}}}}",
        "{components: {schemas: {}, securitySchemes: {auth: {flows: {password: {scopes: {}, tokenUrl: 'https://a.example/p'}, clientCredentials: {scopes: {w: writes, r: reads}, tokenUrl: 'https://a.example/t'}}, type: oauth2}}}, paths: {/a: {post: {security: [{auth: [r]}]}}}}",
    ),
    (
        "case of an HTTP scheme",
        "SCHEME: {type: http, scheme: bearer}",
        "SCHEME: {type: http, scheme: Bearer}",
    ),
    (
        "a server's slash, host case and port",
        "SERVER: 'https://api.example.com/v1'",
        "SERVER: 'https://API.example.com:443/v1/'",
    ),
    (
        "a server variable with its only value",
        "servers: [{url: 'https://api.example.com/v1'}]",
        "servers: [{url: 'https://{host}/v1', variables: {host: {default: api.example.com, enum: [api.example.com]}}}]",
    ),
    (
        "servers of the root said at the operation",
        "{servers: [{url: 'https://api.example.com'}], paths: {/a: {get: {}}}}",
        "{servers: [{url: 'https://api.example.com'}], paths: {/a: {get: {servers: [{url: 'https://api.example.com'}]}}}}",
    ),
    (
        "an unused component",
        "paths: {/a: {get: {}}}",
        "{components: {schemas: {Unused: {type: string}}}, paths: {/a: {get: {}}}}",
    ),
    (
        "a callback named otherwise",
        "paths: {/a: {post: {callbacks: {done: {'{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}}}}}}",
        "paths: {/a: {post: {callbacks: {finished: {'{$request.body#/url}': {post: {responses: {'200': {description: ok}}}}}}}}}",
    ),
    (
        "variables of a path renamed",
        "paths: {'/a/{x}': {get: {parameters: [{name: x, in: path, required: true, schema: {type: string}}]}}}",
        "paths: {'/a/{y}': {get: {parameters: [{name: y, in: path, required: true, schema: {type: string}}]}}}",
    ),
    (
        "default explained by codes of one shape",
        "paths: {/a: {get: {responses: {'2XX': {description: ok, content: {application/json: {schema: {type: object}}}}}}}}",
        "paths: {/a: {get: {responses: {'2XX': {description: ok, content: {application/json: {schema: {type: object}}}}, '200': {description: ok, content: {application/json: {schema: {type: object}}}}}}}}",
    ),
    (
        "a mapping that the names say anyway",
        "{components: {schemas: {A: {type: object, properties: {kind: {type: string}}}, B: {type: object, required: [b], properties: {kind: {type: string}}}}}, \
          RES: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind}}}",
        "{components: {schemas: {A: {type: object, properties: {kind: {type: string}}}, B: {type: object, required: [b], properties: {kind: {type: string}}}}}, \
          RES: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind, mapping: {A: '#/components/schemas/A', B: B}}}}",
    ),
    (
        "encoding of a string, 3.0 word",
        "REQ: {type: string, format: byte}",
        "REQ: {type: string, contentEncoding: base64}",
    ),
    // Only a proof knows these.
    (
        "oneOf of const is an enum",
        "RES: {type: string, enum: [a, b]}",
        "RES: {oneOf: [{const: a}, {const: b}]}",
    ),
    ("boolean enum is the type", "REQ: {type: boolean}", "REQ: {enum: [true, false]}"),
    (
        "pattern of words is an enum",
        "REQ: {type: string, enum: [on, off]}",
        "REQ: {type: string, pattern: '^(on|off)$'}",
    ),
    (
        "bounded integers are an enum",
        "RES: {type: integer, minimum: 1, maximum: 3}",
        "RES: {enum: [1, 2, 3]}",
    ),
    (
        "a bound that another one implies",
        "REQ: {type: string, enum: [a, bb]}",
        "REQ: {type: string, enum: [a, bb], maxLength: 2}",
    ),
    (
        "additional properties that the names exclude",
        "REQ: {type: object, propertyNames: {enum: [a]}, properties: {a: {type: string}}}",
        "REQ: {type: object, additionalProperties: false, properties: {a: {type: string}}}",
    ),
    (
        "a branch that another one covers",
        "RES: {anyOf: [{type: string}, {type: integer}]}",
        "RES: {anyOf: [{type: string}, {type: string, maxLength: 3}, {type: integer}]}",
    ),
    (
        "anyOf of types is a type array",
        "REQ: {type: [string, integer]}",
        "REQ: {anyOf: [{type: string}, {type: integer}]}",
    ),
    (
        "not of a type is the other types",
        "REQ: {type: [string, integer], not: {type: integer}}",
        "REQ: {type: string}",
    ),
    (
        "minProperties through required names of a branch",
        "RES: {type: object, anyOf: [{required: [a]}, {required: [b]}]}",
        "RES: {type: object, minProperties: 1, anyOf: [{required: [a]}, {required: [b]}]}",
    ),
];

fn read(side: &str) -> Document {
    if side.starts_with("openapi") || side.starts_with("swagger") {
        return load(side.as_bytes(), &Limits::default()).expect("a document");
    }
    example::load(side).expect("a fragment")
}

/// What is louder than an info between two sides.
fn noise(old: &str, new: &str) -> Vec<String> {
    let now = "2026-06-30T12:00:00Z".parse::<Timestamp>().expect("an instant");
    let diff = compare(&read(old), &read(new), &Options::at(now));
    let loud = diff.changes.iter().filter(|change| change.level != Level::Info);
    loud.map(|change| format!("{} {}: {}", change.level, change.rule, change.message)).collect()
}

fn needs_proof(name: &str) -> bool {
    NEEDS_PROOF.contains(&name)
}

#[test]
fn another_text_of_the_same_contract_is_silent() {
    let mut loud = Vec::new();
    for (name, old, new) in PAIRS.iter().filter(|(name, ..)| !needs_proof(name)) {
        for (way, noise) in [("", noise(old, new)), (", backwards", noise(new, old))] {
            loud.extend(noise.into_iter().map(|noise| format!("{name}{way}: {noise}")));
        }
    }
    assert!(loud.is_empty(), "{} of {} pairs:\n{}", loud.len(), PAIRS.len(), loud.join("\n"));
}

/// A pair that has become silent leaves the list.
#[test]
fn what_needs_a_proof_is_loud_without_one() {
    for name in NEEDS_PROOF {
        let (_, old, new) = PAIRS.iter().find(|(known, ..)| known == name).expect("a pair of the table");
        assert!(!noise(old, new).is_empty() || !noise(new, old).is_empty(), "{name} is silent now");
    }
}

#[test]
fn there_are_pairs_enough_and_each_has_its_own_name() {
    let names: std::collections::BTreeSet<&str> = PAIRS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names.len(), PAIRS.len());
    assert!(PAIRS.len() - NEEDS_PROOF.len() >= 60, "{}", PAIRS.len() - NEEDS_PROOF.len());
}

/// YAML as JSON, with every object's members in another order.
#[test]
fn a_document_is_its_own_twin() {
    for text in [TWO, THREE, THREE_ONE, PREFIXED] {
        let document = read(text);
        let json = document.value(NodeId::ROOT);
        let twin = load(turned(&json).to_string().as_bytes(), &Limits::default()).expect("a document");
        let now = "2026-06-30T12:00:00Z".parse::<Timestamp>().expect("an instant");
        assert_eq!(compare(&document, &twin, &Options::at(now)).changes, []);
    }
}

fn turned(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Array(items) => items.iter().map(turned).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().rev().map(|(key, member)| (key.clone(), turned(member))).collect())
        }
        other => other.clone(),
    }
}
