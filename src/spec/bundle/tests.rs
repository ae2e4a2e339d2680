use std::cell::RefCell;
use std::collections::HashMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{MOST_FILES, Refusal, Source, Unread, join};
use crate::spec::{Document, Limits, ProblemKind, load};

fn joined_within(limits: &Limits, root: &str, parts: &[(&str, &str)]) -> Result<Document, Refusal> {
    let parts: HashMap<&str, &str> = parts.iter().copied().collect();
    let read = |path: &str, most: usize| match parts.get(path) {
        Some(text) if text.len() > most => Err(Unread::TooLarge),
        Some(text) => Ok(text.as_bytes().to_vec()),
        None => Err(Unread::Missing),
    };
    let document = load(root.as_bytes(), limits).expect("a document");
    let source = Source { root: "openapi.yaml".into(), prefix: "api/".into(), read: Box::new(read) };
    join(document, &source, limits)
}

fn joined(root: &str, parts: &[(&str, &str)]) -> Document {
    joined_within(&Limits::default(), root, parts).expect("it can be joined")
}

fn text(document: &Document) -> &str {
    std::str::from_utf8(document.bytes()).expect("UTF-8")
}

/// `file:line:column pointer` of the node at a pointer.
fn place(document: &Document, pointer: &str) -> String {
    let place = document.place(document.locate(pointer).expect("it is there"));
    format!("{}:{}:{}", place.file_or("ROOT"), place.line, place.column)
}

fn faults(document: &Document) -> Vec<String> {
    let told = |fault: &crate::spec::Fault| {
        let place = document.place(fault.node);
        let file = place.file_or("ROOT");
        format!("{file}:{}:{} {}: {}", place.line, place.column, fault.rule, fault.message)
    };
    document.faults().iter().map(told).collect()
}

#[test]
fn each_file_is_the_base_of_its_own_references() {
    let root = "openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /a: {$ref: 'paths/a%20b.yaml'}
  /b:
    get: {$ref: 'paths/ops.yaml#/get~1b'}
components:
  schemas:
    Pet: {$ref: schemas/pet.yaml}
";
    let parts = [
        ("paths/a b.yaml", "get:\n  responses:\n    '200': {$ref: ../responses/pets.yaml}\n"),
        ("paths/ops.yaml", "get/b: {responses: {'200': {$ref: ../responses/pets.yaml}}}\n"),
        (
            "responses/pets.yaml",
            "description: d\ncontent:\n  application/json:\n    schema: {$ref: ../schemas/deep/list.json}\n",
        ),
        (
            "schemas/deep/list.json",
            r##"{"type": "array", "items": {"$ref": "./../pet.yaml#"}, "title": "#"}"##,
        ),
        (
            "schemas/pet.yaml",
            "properties:\n  owner: {$ref: 'owner.yaml#/definitions/owner'}\n  self: {$ref: '#'}\n  own: {$ref: '#/properties/owner'}\n",
        ),
        (
            "schemas/owner.yaml",
            "definitions:\n  owner:\n    properties:\n      pets: {$ref: deep/list.json}\n      pet: {$ref: '../openapi.yaml#/components/schemas/Pet'}\n      chain: {$ref: '#/definitions/chain'}\n  chain: {$ref: '#/definitions/owner'}\n",
        ),
    ];
    let document = joined(root, &parts);
    insta::assert_snapshot!(text(&document), @r##"
    openapi: "3.0.3"
    info:
      title: t
      version: "1"
    paths:
      /a:
        get:
          responses:
            "200":
              $ref: "#/components/responses/pets"
      /b:
        get:
          responses:
            "200":
              $ref: "#/components/responses/pets"
    components:
      schemas:
        Pet:
          properties:
            owner:
              $ref: "#/components/schemas/owner"
            self:
              $ref: "#/components/schemas/Pet"
            own:
              $ref: "#/components/schemas/owner"
        owner:
          properties:
            pets:
              $ref: "#/components/schemas/list"
            pet:
              $ref: "#/components/schemas/Pet"
            chain:
              $ref: "#/components/schemas/owner"
        list:
          type: array
          items:
            $ref: "#/components/schemas/Pet"
          title: "#"
      responses:
        pets:
          description: d
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/list"
    "##);
    assert_eq!(faults(&document), [""; 0]);
    assert_eq!(document.api().operations.len(), 2);
    for (pointer, at) in [
        ("/info/title", "ROOT:2:15"),
        ("/paths/~1a/get/responses/200", "api/paths/a b.yaml:3:12"),
        ("/paths/~1b/get", "api/paths/ops.yaml:1:8"),
        ("/components/schemas/Pet/properties/own/$ref", "api/schemas/pet.yaml:4:15"),
        ("/components/schemas/list/items", "api/schemas/deep/list.json:1:28"),
        ("/components/schemas/owner", "api/schemas/owner.yaml:3:5"),
        ("/components", "ROOT:8:3"),
    ] {
        assert_eq!(place(&document, pointer), at, "{pointer}");
    }
    let again = joined(text(&document), &parts);
    assert!(!again.is_joined(), "joining what was joined changes nothing");
    assert_eq!(again.bytes(), document.bytes());
}

#[test]
fn what_has_no_home_is_put_in_place_and_circles_end() {
    let root = "openapi: 3.0.3
info: {title: t, version: '1', description: {$ref: 'texts.yaml#/intro'}}
servers: {$ref: servers.yaml}
paths:
  $ref: paths.yaml
  /own: {parameters: [], $ref: item.yaml}
";
    let parts = [
        ("texts.yaml", "intro: |\n  Hello\n"),
        ("servers.yaml", "- url: https://example.com\n"),
        ("paths.yaml", "/a: {$ref: item.yaml}\n/own: {}\n"),
        (
            "item.yaml",
            "parameters: [{$ref: p.yaml}]\npost:\n  callbacks:\n    done: {$ref: callback.yaml}\n  responses: {}\n",
        ),
        ("callback.yaml", "'{$request.body#/url}': {$ref: item.yaml}\n"),
        ("p.yaml", "{name: p, in: query, schema: {type: string}}"),
    ];
    let document = joined(root, &parts);
    insta::assert_snapshot!(text(&document), @r##"
    openapi: "3.0.3"
    info:
      title: t
      version: "1"
      description: "Hello\n"
    servers:
      - url: "https://example.com"
    paths:
      /own:
        parameters: []
        post:
          callbacks:
            done:
              $ref: "#/components/callbacks/callback"
          responses: {}
      /a:
        parameters:
          - $ref: "#/components/parameters/p"
        post:
          callbacks:
            done:
              $ref: "#/components/callbacks/callback"
          responses: {}
    components:
      parameters:
        p:
          name: p
          in: query
          schema:
            type: string
      callbacks:
        callback:
          "{$request.body#/url}":
            parameters:
              - $ref: "#/components/parameters/p"
            post:
              callbacks:
                done:
                  $ref: "#/components/callbacks/callback"
              responses: {}
    "##);
    let root = "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {/a: {$ref: a.yaml}}}";
    let circle = "get: {callbacks: {c: {'{$url}': {$ref: 'a.yaml'}}}}";
    let document = joined(root, &[("a.yaml", circle)]);
    assert!(text(&document).contains("$ref: \"#/paths/~1a\""), "{}", text(&document));
}

#[test]
fn homes_and_siblings_are_those_of_the_version() {
    let root = "openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /a: {summary: mine, $ref: item.yaml}
components:
  schemas:
    A: {description: mine, $ref: s.yaml}
    B: {type: object, properties: {s: {$ref: s.yaml}, t: {$ref: 't/s.yaml'}, u: {$ref: 'u.yaml#/s'}, v: {$ref: 'flag.yaml'}}}
    s: {type: string}
";
    let parts = [
        ("item.yaml", "get: {responses: {}}"),
        ("s.yaml", "type: integer"),
        ("t/s.yaml", "type: number"),
        ("u.yaml", "s: {type: boolean}"),
        ("flag.yaml", "true"),
    ];
    let document = joined(root, &parts);
    insta::assert_snapshot!(text(&document), @r##"
    openapi: "3.1.0"
    info:
      title: t
      version: "1"
    paths:
      /a:
        summary: mine
        $ref: "#/components/pathItems/item"
    components:
      schemas:
        A:
          description: mine
          $ref: "#/components/schemas/s_2"
        B:
          type: object
          properties:
            s:
              $ref: "#/components/schemas/s_2"
            t:
              $ref: "#/components/schemas/t_s"
            u:
              $ref: "#/components/schemas/u_s"
            v:
              $ref: "#/components/schemas/flag"
        s:
          type: string
        s_2:
          type: integer
        t_s:
          type: number
        u_s:
          type: boolean
        flag: true
      pathItems:
        item:
          get:
            responses: {}
    "##);
    let root = r#"{"swagger": "2.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {
        "parameters": [{"$ref": "p.yaml#/limit"}, {"name": "b", "in": "body", "schema": {"$ref": "pet/index.yaml"}}],
        "responses": {"200": {"$ref": "r.yaml"}}}}}}"#;
    let parts = [
        ("p.yaml", "limit: {name: limit, in: query, type: integer, maximum: 18446744073709551616}"),
        ("pet/index.yaml", "type: object"),
        ("r.yaml", "{description: d, headers: {X: {$ref: 'h.yaml'}}}"),
        ("h.yaml", "type: string"),
    ];
    let document = joined(root, &parts);
    insta::assert_snapshot!(text(&document), @r##"
    {
      "swagger": "2.0",
      "info": {
        "title": "t",
        "version": "1"
      },
      "paths": {
        "/a": {
          "get": {
            "parameters": [
              {
                "$ref": "#/parameters/limit"
              },
              {
                "name": "b",
                "in": "body",
                "schema": {
                  "$ref": "#/definitions/pet"
                }
              }
            ],
            "responses": {
              "200": {
                "$ref": "#/responses/r"
              }
            }
          }
        }
      },
      "definitions": {
        "pet": {
          "type": "object"
        }
      },
      "responses": {
        "r": {
          "description": "d",
          "headers": {
            "X": {
              "type": "string"
            }
          }
        }
      },
      "parameters": {
        "limit": {
          "name": "limit",
          "in": "query",
          "type": "integer",
          "maximum": 18446744073709551616
        }
      }
    }
    "##);
}

#[test]
fn names_of_a_mapping_stay_and_files_become_references() {
    let root = "openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Cat: {type: object}
    Pet:
      oneOf: [{$ref: dog.yaml}]
      discriminator: {propertyName: kind, mapping: {dog: ./dog.yaml, cat: Cat, hen: '#/components/schemas/Cat', cow: cow}}
";
    let document = joined(root, &[("dog.yaml", "type: object")]);
    let mapping = document.locate("/components/schemas/Pet/discriminator/mapping").expect("there");
    assert_eq!(
        document.value(mapping),
        serde_json::json!({"dog": "#/components/schemas/dog", "cat": "Cat", "hen": "#/components/schemas/Cat", "cow": "cow"})
    );
}

#[test]
fn data_is_passed_on_and_extensions_are_joined_where_a_file_answers() {
    let root = "openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /a:
    get:
      x-code: [{$ref: code.yaml}, {$ref: absent.yaml}, {$ref: code.yaml, b: 1}, {$ref: code.py}]
      responses:
        default:
          description: d
          content:
            application/json:
              schema: {type: object, default: {$ref: code.yaml}, enum: [{$ref: code.yaml}]}
              example: {$ref: code.yaml}
              examples: {a: {$ref: example.yaml}, b: {value: {$ref: code.yaml}}}
";
    let code = "{lang: {$ref: 'code.yaml#/name'}, name: c}";
    let document =
        joined(root, &[("code.yaml", code), ("example.yaml", "value: {$ref: code.yaml}"), ("code.py", "x")]);
    let value = |pointer: &str| document.value(document.locate(pointer).expect("there")).to_string();
    let kept = r#"{"$ref":"code.yaml"}"#;
    let media = "/paths/~1a/get/responses/default/content/application~1json";
    for pointer in ["/schema/default", "/schema/enum/0", "/example", "/examples/b/value"] {
        assert_eq!(value(&format!("{media}{pointer}")), kept, "{pointer}");
    }
    assert_eq!(value("/components/examples/example/value"), kept);
    assert_eq!(
        value("/paths/~1a/get/x-code"),
        r#"[{"lang":"c","name":"c"},{"$ref":"absent.yaml"},{"$ref":"code.yaml","b":1},{"$ref":"code.py"}]"#
    );
    assert_eq!(faults(&document), [""; 0]);
}

#[test]
fn what_leads_nowhere_or_outside_is_said_where_it_is_written() {
    let root = "openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /a:
    get:
      responses:
        '200': {$ref: 'part/r.yaml'}
        '201': {$ref: 'https://example.com/r.yaml'}
        '202': {$ref: '//example.com/r.yaml'}
        '203': {$ref: '/etc/passwd'}
        '204': {$ref: 'part/../../r.yaml'}
        '205': {$ref: '%2e%2e/r.yaml'}
        '206': {$ref: 'absent.yaml'}
        '207': {$ref: '#/absent'}
        '208': {$ref: 'intro.md'}
";
    let part = "description: d\nheaders:\n  A: {$ref: '#/absent'}\n  B: {$ref: absent.yaml}\n  C: {<<: {description: x}}\n";
    let document = joined(root, &[("part/r.yaml", part), ("intro.md", "# Title\n\n*x*: [\n")]);
    insta::assert_snapshot!(faults(&document).join("\n"), @"
    api/part/r.yaml:5:6 yaml-merge-key: `<<` is no part of YAML 1.2; its keys were merged
    ROOT:8:23 ref-external: `https://example.com/r.yaml` leads out of the document, and nothing is fetched
    ROOT:9:23 ref-external: `//example.com/r.yaml` leads out of the document, and nothing is fetched
    ROOT:14:23 ref-dangling: `#/absent` leads nowhere
    ROOT:10:23 ref-external: `/etc/passwd` leads out of the folder of the root document, and is not opened
    ROOT:11:23 ref-external: `part/../../r.yaml` leads out of the folder of the root document, and is not opened
    ROOT:12:23 ref-external: `%2e%2e/r.yaml` leads out of the folder of the root document, and is not opened
    ROOT:13:23 ref-dangling: `absent.yaml` leads nowhere: there is no file `api/absent.yaml`
    ROOT:15:23 ref-dangling: `intro.md` leads nowhere: `api/intro.md` cannot be read: it is neither JSON nor YAML
    api/part/r.yaml:3:13 ref-dangling: `#/absent` leads nowhere: there is no such place in `api/part/r.yaml`
    api/part/r.yaml:4:13 ref-dangling: `absent.yaml` leads nowhere: there is no file `api/part/absent.yaml`
    ");
    let header = |name: &str| {
        let node = document.locate(&format!("/components/responses/r/headers/{name}/$ref")).expect("there");
        document.tree().text(node).expect("a text").to_owned()
    };
    assert_eq!(header("A"), "part/r.yaml#/absent", "from the root it means the same");
    assert_eq!(header("B"), "part/absent.yaml");
}

#[test]
fn a_document_without_files_keeps_its_bytes() {
    for (text, left) in [
        ("openapi: 3.1.0 # one\ninfo: {title: t, version: 1.10}\npaths: {}\n", 0),
        ("openapi: 3.1.0 # two\npaths: {/a: {$ref: 'https://example.com/a.yaml'}}\n", 0),
        ("openapi: 3.1.0 # three\npaths: {/a: {$ref: absent.yaml}}\n", 1),
    ] {
        let document = joined(text, &[]);
        assert!(!document.is_joined());
        assert_eq!(document.bytes(), text.as_bytes());
        assert_eq!(document.left().len(), left, "{text}");
        assert_eq!(
            document
                .place(document.left().first().map_or(crate::spec::tree::NodeId::ROOT, |fault| fault.node))
                .file,
            None
        );
    }
    let document = joined("openapi: 3.1.0\npaths: {/a: {$ref: 'openapi.yaml#/paths/~1b'}, /b: {}}\n", &[]);
    assert!(text(&document).contains("$ref: \"#/paths/~1b\""), "its own name leads nowhere else");
}

#[test]
fn an_index_of_names_is_a_home_too() {
    let root = "openapi: 3.0.3
info: {title: t, version: '1'}
paths: {/a: {get: {responses: {default: {description: d, content: {a/b: {schema: {$ref: '#/components/schemas/Pet'}}}}}}}}
components:
  schemas: {$ref: schemas/index.yaml}
";
    let parts = [
        ("schemas/index.yaml", "Pet: {$ref: pet.yaml}\nOld: {$ref: pet.yaml}\n"),
        ("schemas/pet.yaml", "items: {$ref: '#'}"),
    ];
    let document = joined(root, &parts);
    assert_eq!(faults(&document), [""; 0]);
    let schemas = document.value(document.locate("/components/schemas").expect("there"));
    assert_eq!(
        schemas,
        serde_json::json!({"Pet": {"items": {"$ref": "#/components/schemas/Pet"}}, "Old": {"$ref": "#/components/schemas/Pet"}})
    );
}

#[test]
fn a_file_of_components_gives_way_to_what_stands_beside_it() {
    let root = "openapi: 3.0.3
info: {title: t, version: '1'}
paths: {/a: {get: {responses: {default: {$ref: 'components.yaml#/responses/Error'}}}}}
components:
  schemas: {Own: {$ref: own.yaml}}
  $ref: components.yaml
";
    let parts = [
        (
            "components.yaml",
            "schemas: {Hidden: {$ref: own.yaml}}\nresponses:\n  Error: {description: d, headers: {X: {schema: {$ref: own.yaml}}}}\n",
        ),
        ("own.yaml", "type: string"),
    ];
    let document = joined(root, &parts);
    assert_eq!(faults(&document), [""; 0]);
    assert_eq!(
        document.value(document.locate("/components").expect("there")),
        json!({
            "schemas": {"Own": {"type": "string"}},
            "responses": {
                "Error": {"description": "d", "headers": {"X": {"schema": {"$ref": "#/components/schemas/Own"}}}},
            },
        })
    );
}

#[test]
fn uris_of_schemas_are_no_files_and_a_part_gives_up_its_own() {
    let root = "openapi: 3.1.0
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Whole: {$id: 'https://example.com/schemas/whole', properties: {own: {$ref: inner}}}
    Inner: {$id: 'https://example.com/schemas/inner', type: string}
    Pet: {$ref: pet.yaml}
";
    let parts = [
        (
            "pet.yaml",
            "$id: https://example.com/pet.yaml\n$defs: {a: {type: string}}\nproperties: {b: {$ref: b.yaml}, a: {$ref: '#/$defs/a'}}\n",
        ),
        ("b.yaml", "$id: https://example.com/b.yaml\ntype: integer\n"),
    ];
    let document = joined(root, &parts);
    assert_eq!(faults(&document), [""; 0]);
    let value = |pointer: &str| document.value(document.locate(pointer).expect("there"));
    assert_eq!(value("/components/schemas/Whole/properties/own"), json!({"$ref": "inner"}));
    assert_eq!(
        value("/components/schemas/Pet"),
        json!({
            "$defs": {"a": {"type": "string"}},
            "properties": {"b": {"$ref": "#/components/schemas/b"}, "a": {"$ref": "#/components/schemas/Pet/$defs/a"}},
        })
    );
}

#[test]
fn a_part_that_cannot_be_read_is_named_with_its_place() {
    let root = "{openapi: 3.0.3, paths: {/a: {$ref: a.yaml}}}";
    let refusal = |part: &str| joined_within(&Limits::default(), root, &[("a.yaml", part)]).expect_err("no");
    let broken = refusal("get:\n  x: [1\n");
    assert_eq!((broken.file.as_str(), broken.problem.kind), ("api/a.yaml", ProblemKind::Syntax));
    assert!(broken.problem.line >= 2, "{broken}");
    assert_eq!(refusal("# nothing\n").problem.kind, ProblemKind::Empty);
    let twice = refusal("get: {}\npost: {}\nget: {}\n");
    assert_eq!((twice.problem.kind, twice.problem.line), (ProblemKind::DuplicateKey, 3));
}

/// What was refused, where, and at which pointer of that file.
fn bound(refusal: &Refusal) -> (ProblemKind, String) {
    let Refusal { file, problem } = refusal;
    (problem.kind, format!("{file}:{}:{} {}", problem.line, problem.column, problem.pointer))
}

#[test]
fn bounds_name_the_reference_that_asked_for_more() {
    let root = "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {/a: {$ref: a.yaml}}}";
    let limits = |bytes, nodes, depth| Limits { bytes, nodes, depth, ..Limits::default() };
    let refused = |limits: Limits, parts: &[(&str, &str)]| {
        bound(&joined_within(&limits, root, parts).expect_err("a bound"))
    };
    let long = "x".repeat(300);
    assert_eq!(
        refused(limits(300, 1000, 50), &[("a.yaml", &long)]),
        (ProblemKind::TooLarge, "api/openapi.yaml:1:69 /paths/~1a/$ref".to_owned())
    );
    let many = format!("get: [{}]", "1, ".repeat(200));
    assert_eq!(
        refused(limits(9999, 100, 50), &[("a.yaml", &many)]),
        (ProblemKind::TooManyNodes, "api/openapi.yaml:1:69 /paths/~1a/$ref".to_owned())
    );
    // Each step puts the next one in place twice.
    let doubling: Vec<(String, String)> = (0..40)
        .map(|step| {
            let next = format!("x{}.yaml", step + 1);
            (format!("x{step}.yaml"), format!("info: [{{$ref: {next}}}, {{$ref: {next}}}]"))
        })
        .collect();
    let mut parts: Vec<(&str, &str)> =
        doubling.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    parts.push(("a.yaml", "get: {info: {$ref: x0.yaml}}"));
    parts.push(("x40.yaml", "end"));
    let (kind, at) = refused(limits(1 << 24, 10_000, 200), &parts);
    assert_eq!(kind, ProblemKind::TooManyNodes);
    assert!(at.starts_with("api/x3"), "{at}");
    let (kind, at) = refused(limits(20_000, 100_000, 200), &parts);
    assert_eq!(kind, ProblemKind::TooLarge);
    assert!(at.starts_with("api/x"), "{at}");
    let (kind, at) = refused(limits(1 << 20, 10_000, 30), &parts);
    assert_eq!(kind, ProblemKind::TooDeep);
    assert!(at.starts_with("api/x"), "{at}");
}

#[test]
fn a_chain_of_files_without_end_is_ended() {
    let asked = RefCell::new(0_usize);
    let read = |path: &str, _: usize| {
        *asked.borrow_mut() += 1;
        let number: usize = path.trim_end_matches(".yaml").parse().expect("a number");
        Ok(format!("items: {{$ref: {}.yaml}}", number + 1).into_bytes())
    };
    let source = Source { root: "openapi.yaml".into(), prefix: String::new(), read: Box::new(read) };
    let limits = Limits::default();
    let root = "{openapi: 3.0.3, components: {schemas: {A: {$ref: 1.yaml}}}}";
    let refusal = join(load(root.as_bytes(), &limits).expect("a document"), &source, &limits);
    let refusal = refusal.expect_err("a bound");
    drop(source);
    assert_eq!(
        bound(&refusal),
        (ProblemKind::TooManyFiles, format!("{}.yaml:1:15 /items/$ref", MOST_FILES - 1))
    );
    assert_eq!(asked.into_inner(), MOST_FILES - 1);
    // The same with references that are nothing else, which no home keeps apart.
    let read = |path: &str, _: usize| {
        let number: usize = path.trim_end_matches(".yaml").parse().expect("a number");
        Ok(format!("{{$ref: {}.yaml, x: 1}}", number + 1).into_bytes())
    };
    let source = Source { root: "openapi.yaml".into(), prefix: String::new(), read: Box::new(read) };
    let root = "{openapi: 3.0.3, paths: {/a: {get: {$ref: 1.yaml}}}}";
    let refusal = join(load(root.as_bytes(), &limits).expect("a document"), &source, &limits);
    assert_eq!(refusal.expect_err("a bound").problem.kind, ProblemKind::TooDeep);
}

/// Places that the references of [`what_is_joined_stays_joined`] name.
const FRAGMENTS: [&str; 10] = [
    "",
    "#",
    "#/A",
    "#/B/A",
    "#/components/schemas/A",
    "#/paths/~1a",
    "#/properties/A",
    "#/allOf/0",
    "#/x-a",
    "#/get",
];

/// References among the files of [`what_is_joined_stays_joined`], to what may be there.
fn references() -> impl Strategy<Value = String> {
    const FILES: [&str; 8] =
        ["", "openapi.yaml", "a.yaml", "d/b.yaml", "../a.yaml", "b.yaml", "./d/../a.yaml", "absent.yaml"];
    (prop::sample::select(&FILES[..]), prop::sample::select(&FRAGMENTS[..])).prop_map(|(file, fragment)| {
        if file.is_empty() && fragment.is_empty() { "#".to_owned() } else { format!("{file}{fragment}") }
    })
}

fn values() -> impl Strategy<Value = Value> {
    const KEYS: [&str; 24] = [
        "paths",
        "components",
        "schemas",
        "responses",
        "parameters",
        "properties",
        "items",
        "allOf",
        "get",
        "/a",
        "200",
        "content",
        "a/b",
        "schema",
        "examples",
        "example",
        "x-a",
        "callbacks",
        "A",
        "B",
        "discriminator",
        "mapping",
        "headers",
        "pathItems",
    ];
    let alone = references().prop_map(|text| json!({ "$ref": text }));
    let leaf = prop_oneof![
        3 => alone,
        1 => references().prop_map(Value::from),
        1 => Just(json!({"type": "object"})),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(6, 30, 4, |inner| {
        let members = prop::collection::btree_map(prop::sample::select(&KEYS[..]), inner.clone(), 0..4);
        let members =
            (members, prop::option::weighted(0.3, references())).prop_map(|(members, reference)| {
                let mut map: Map<String, Value> =
                    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
                map.extend(reference.map(|text| ("$ref".to_owned(), text.into())));
                Value::Object(map)
            });
        prop_oneof![4 => members, 1 => prop::collection::vec(inner, 0..3).prop_map(Value::from)]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn what_is_joined_stays_joined(
        version in prop::sample::select(&["3.0.3", "3.1.0"][..]),
        paths in values(), components in values(), a in values(), b in values(),
    ) {
        let root = json!({"openapi": version, "paths": {"/a": paths}, "components": components}).to_string();
        let parts = [("a.yaml", a.to_string()), ("d/b.yaml", b.to_string())];
        let parts: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (*name, text.as_str())).collect();
        match joined_within(&Limits::default(), &root, &parts) {
            Ok(document) => {
                let again = joined(text(&document), &parts);
                prop_assert!(!again.is_joined(), "{root}\n{parts:?}\n{}\n{}", text(&document), text(&again));
                prop_assert_eq!(again.bytes(), document.bytes());
                let external = document.faults().iter().filter(|fault| fault.rule == "ref-external");
                let outside = document.left().iter().filter(|fault| fault.rule == "ref-external");
                prop_assert_eq!(external.count(), outside.count());
                // What joining itself refers to is there.
                let written = document.faults().iter().filter(|fault| fault.rule == "ref-dangling");
                for fault in written.filter(|fault| !document.left().contains(fault)) {
                    let text = document.tree().text(fault.node).unwrap_or_default();
                    prop_assert!(FRAGMENTS.contains(&text), "{text} in {}", self::text(&document));
                }
                prop_assert!(document.place(crate::spec::tree::NodeId::ROOT).file.is_none());
            }
            Err(refusal) => prop_assert_eq!(refusal.problem.kind, ProblemKind::TooDeep, "{}", refusal),
        }
    }
}
