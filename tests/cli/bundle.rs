//! Documents of several files: `bundle`, and every command that takes a root.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::corpus;
use crate::support::program::{Output, Run, Server};

/// A small API in files: nested folders, a name with a blank, a key with a slash, an operation by
/// reference, two files that refer to each other, and one that refers back to the root.
const FILES: [(&str, &str); 7] = [
    (
        "api/openapi.yaml",
        "openapi: 3.0.3
info: {title: Shop, version: '1'}
servers: [{url: 'https://api.example.com/v1'}]
security: [{key: []}]
paths:
  /orders: {$ref: 'paths/all%20orders.yaml'}
  /orders/{id}:
    get: {$ref: 'paths/operations.json#/get~1one'}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  schemas:
    Money: {type: object, properties: {amount: {type: integer}}}
",
    ),
    (
        "api/paths/all orders.yaml",
        "get:
  operationId: listOrders
  responses:
    '200': {$ref: ../shared/responses.yaml#/orders}
post:
  operationId: createOrder
  security: []
  requestBody:
    content:
      application/json:
        schema: {$ref: ../models/order.yaml}
  responses:
    '201': {description: Created}
",
    ),
    (
        "api/paths/operations.json",
        r#"{"get/one": {"operationId": "getOrder",
  "parameters": [{"$ref": "../shared/parameters.yaml#/id"}],
  "responses": {"200": {"description": "One", "content": {"application/json": {"schema": {"$ref": "../models/order.yaml"}}}}}}}"#,
    ),
    ("api/shared/parameters.yaml", "id: {name: id, in: path, required: true, schema: {type: string}}\n"),
    (
        "api/shared/responses.yaml",
        "orders:
  description: All
  content:
    application/json:
      schema:
        type: array
        items: {$ref: ../models/order.yaml}
",
    ),
    (
        "api/models/order.yaml",
        "type: object
required: [total]
properties:
  total: {$ref: '../openapi.yaml#/components/schemas/Money'}
  customer: {$ref: customer.yaml}
",
    ),
    (
        "api/models/customer.yaml",
        "type: object\nproperties:\n  last: {$ref: order.yaml}\n  limit: {type: number, maximum: 18446744073709551616}\n",
    ),
];

fn write(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    std::fs::write(file, text).expect("a file");
}

fn files() -> tempfile::TempDir {
    let folder = crate::support::folder();
    for (name, text) in FILES {
        write(folder.path(), name, text);
    }
    folder
}

fn run(folder: &Path, args: &[&str]) -> Output {
    Run::default().dir(folder).args(args)
}

#[test]
fn files_become_one_document_that_stays_what_it_is() {
    let folder = files();
    let bundled = run(folder.path(), &["bundle", "api/openapi.yaml"]).expect(0);
    assert_eq!(bundled.stderr, "");
    insta::assert_snapshot!(bundled.stdout, @r##"
    openapi: "3.0.3"
    info:
      title: Shop
      version: "1"
    servers:
      - url: "https://api.example.com/v1"
    security:
      - key: []
    paths:
      /orders:
        get:
          operationId: listOrders
          responses:
            "200":
              $ref: "#/components/responses/orders"
        post:
          operationId: createOrder
          security: []
          requestBody:
            content:
              application/json:
                schema:
                  $ref: "#/components/schemas/order"
          responses:
            "201":
              description: Created
      /orders/{id}:
        get:
          operationId: getOrder
          parameters:
            - $ref: "#/components/parameters/id"
          responses:
            "200":
              description: One
              content:
                application/json:
                  schema:
                    $ref: "#/components/schemas/order"
    components:
      securitySchemes:
        key:
          type: apiKey
          in: header
          name: X-Key
      schemas:
        Money:
          type: object
          properties:
            amount:
              type: integer
        order:
          type: object
          required:
            - total
          properties:
            total:
              $ref: "#/components/schemas/Money"
            customer:
              $ref: "#/components/schemas/customer"
        customer:
          type: object
          properties:
            last:
              $ref: "#/components/schemas/order"
            limit:
              type: number
              maximum: 18446744073709551616
      responses:
        orders:
          description: All
          content:
            application/json:
              schema:
                type: array
                items:
                  $ref: "#/components/schemas/order"
      parameters:
        id:
          name: id
          in: path
          required: true
          schema:
            type: string
    "##);
    assert_eq!(run(folder.path(), &["bundle", "api/openapi.yaml"]).expect(0).stdout, bundled.stdout);
    run(folder.path(), &["bundle", "api/openapi.yaml", "--output", "one.yaml"]).expect(0);
    let one = std::fs::read_to_string(folder.path().join("one.yaml")).expect("it was written");
    assert_eq!(one, bundled.stdout);
    assert_eq!(run(folder.path(), &["bundle", "one.yaml"]).expect(0).stdout, one, "again changes nothing");
    // The other syntax and back, without the loss of a digit.
    run(folder.path(), &["bundle", "api/openapi.yaml", "--format", "json", "--output", "one.json"]).expect(0);
    let json = std::fs::read_to_string(folder.path().join("one.json")).expect("it was written");
    assert!(json.contains("\"maximum\": 18446744073709551616"), "{json}");
    assert_eq!(run(folder.path(), &["bundle", "one.json", "--format", "yaml"]).expect(0).stdout, one);
    for (old, new) in [("api/openapi.yaml", "one.json"), ("one.yaml", "api/openapi.yaml")] {
        let diff = run(folder.path(), &["diff", old, new]).expect(0);
        assert!(diff.stdout.starts_with("Identical"), "{diff}");
    }
}

#[test]
fn a_single_file_is_passed_on_byte_for_byte() {
    let folder = crate::support::folder();
    let text = "# mine\nopenapi: 3.0.3\ninfo: {title: t, version: 1.10}\npaths: {/a: {$ref: 'https://example.com/a.yaml'}}";
    write(folder.path(), "openapi.yaml", text);
    assert_eq!(run(folder.path(), &["bundle", "openapi.yaml"]).expect(0).stdout, text);
    assert_eq!(Run::default().stdin(text.as_bytes()).args(["bundle", "-"]).expect(0).stdout, text);
    let json = run(folder.path(), &["bundle", "openapi.yaml", "--format", "json"]).expect(0).stdout;
    assert!(json.contains("\"version\": 1.10"), "{json}");
    run(folder.path(), &["bundle", "openapi.yaml", "--format", "toml"]).expect(2);
    run(folder.path(), &["bundle", "openapi.yaml", "--output", "absent/x.yaml"]).expect(2);
    run(folder.path(), &["bundle", "absent.yaml"]).expect(3);
    run(folder.path(), &["bundle"]).expect(2);
    assert!(run(folder.path(), &["bundle", "--help"]).expect(0).stdout.contains("Examples:"));
}

#[test]
fn findings_name_the_file_that_the_author_edits() {
    let folder = files();
    let lint = run(folder.path(), &["lint", "api/openapi.yaml", "--format", "json"]).expect(0).json();
    let finding = &lint["findings"][0];
    assert_eq!(finding["rule"], "auth-write-open");
    let place = &finding["places"][0];
    assert_eq!(place["file"], "api/paths/all orders.yaml");
    assert_eq!((place["line"].as_u64(), place["column"].as_u64()), (Some(7), Some(13)));
    assert_eq!(place["pointer"], "/paths/~1orders/post/security");
    let text = run(folder.path(), &["lint", "api/openapi.yaml"]).expect(0).stdout;
    assert!(text.contains("    api/paths/all orders.yaml:7:13 /paths/~1orders/post/security\n"), "{text}");
    let github = run(folder.path(), &["lint", "api/openapi.yaml", "--format", "github"]).expect(0).stdout;
    assert!(github.starts_with("::error file=api/paths/all orders.yaml,line=7,col=13,title="), "{github}");

    // What stands in the root has no other file than the one that was named.
    let old = run(folder.path(), &["bundle", "api/openapi.yaml", "--output", "old.yaml"]).expect(0);
    assert_eq!(old.stdout, "");
    let model = FILES[5].1.replace("[total]", "[total, customer]");
    write(folder.path(), "api/models/order.yaml", &model);
    let root = FILES[0].1.replace("amount: {type: integer}", "amount: {type: integer, maximum: 9}");
    write(folder.path(), "api/openapi.yaml", &root);
    let diff =
        run(folder.path(), &["diff", "old.yaml", "api/openapi.yaml", "--format", "json"]).expect(1).json();
    let new: Vec<(&str, Option<&str>)> = diff["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|change| (change["rule"].as_str().expect("a rule"), change["new"]["file"].as_str()))
        .collect();
    assert!(new.contains(&("property-became-required", Some("api/models/order.yaml"))), "{new:?}");
    assert!(new.iter().any(|(_, file)| file.is_none()), "{new:?}");
    assert!(
        diff["changes"].as_array().expect("changes").iter().all(|change| change["old"].get("file").is_none())
    );
    let text = run(folder.path(), &["diff", "old.yaml", "api/openapi.yaml"]).expect(1).stdout;
    assert!(text.contains("    api/models/order.yaml:2:"), "{text}");
    assert!(text.contains("    api/openapi.yaml:13:"), "{text}");
    let text = run(folder.path(), &["diff", "api/openapi.yaml", "old.yaml"]).expect(1).stdout;
    assert!(text.contains("was api/models/order.yaml:2:"), "{text}");
}

#[test]
fn a_part_that_is_not_there_is_a_finding_at_its_reference() {
    let folder = files();
    write(
        folder.path(),
        "api/models/customer.yaml",
        "type: object\nproperties:\n  a: {$ref: absent.yaml}\n  b: {$ref: '#/absent'}\n",
    );
    let lint = run(folder.path(), &["lint", "api/openapi.yaml", "--format", "json"]).expect(1).json();
    let dangling: Vec<String> = lint["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| finding["rule"] == "ref-dangling")
        .map(|finding| {
            let place = &finding["places"][0];
            format!("{}:{}:{}", place["file"].as_str().unwrap_or_default(), place["line"], place["column"])
        })
        .collect();
    assert_eq!(dangling, ["api/models/customer.yaml:3:13", "api/models/customer.yaml:4:13"]);
    let bundled = run(folder.path(), &["bundle", "api/openapi.yaml"]).expect(1);
    assert!(bundled.stdout.contains("$ref: models/absent.yaml\n"), "{bundled}");
    assert!(
        bundled.stderr.contains("api/models/customer.yaml:3:13: `absent.yaml` leads nowhere"),
        "{bundled}"
    );
    write(folder.path(), "api/again.yaml", &bundled.stdout);
    let again = run(folder.path(), &["bundle", "api/again.yaml"]).expect(1);
    assert_eq!(again.stdout, bundled.stdout);
    // A part that cannot be read stops all of it, by its own name and place.
    write(folder.path(), "api/models/customer.yaml", "type: object\nproperties: [\n");
    for command in ["lint", "bundle"] {
        let broken = run(folder.path(), &[command, "api/openapi.yaml"]).expect(3);
        assert!(broken.stderr.starts_with("sundial: api/models/customer.yaml:"), "{broken}");
        assert_eq!(broken.stdout, "");
    }
}

#[test]
fn nothing_outside_the_folder_is_opened() {
    let folder = files();
    let secret = "description: hidden words\n";
    write(folder.path(), "secret.yaml", secret);
    write(folder.path(), "elsewhere/deep/secret.yaml", secret);
    let link = |to: &str, name: &str| symlink(to, folder.path().join("api").join(name)).expect("a link");
    link("../secret.yaml", "link.yaml");
    link("../elsewhere", "linked");
    link("/etc", "etc");
    link("models", "inside");
    let made = Command::new("mkfifo").arg(folder.path().join("api/pipe.yaml")).status().expect("mkfifo runs");
    assert!(made.success());
    let hostile = [
        "../secret.yaml",
        "models/../../secret.yaml",
        "%2e%2e/secret.yaml",
        "..%2Fsecret.yaml",
        "/etc/passwd",
        "/etc/hostname",
        "link.yaml",
        "linked/deep/secret.yaml",
        "etc/hostname",
        "pipe.yaml",
        "models",
    ];
    for reference in hostile {
        let root = format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{/a: {{get: {{responses: {{'200': {{$ref: '{reference}'}}}}}}}}}}\n"
        );
        write(folder.path(), "api/hostile.yaml", &root);
        let bundled = run(folder.path(), &["bundle", "api/hostile.yaml"]).expect(3);
        assert_eq!(bundled.stdout, "", "{reference}");
        assert!(bundled.stderr.contains("api/hostile.yaml:3:"), "{bundled}");
        assert!(!bundled.stderr.contains("hidden"), "{bundled}");
        let lint = run(folder.path(), &["lint", "api/hostile.yaml", "--format", "json"]).expect(1);
        assert!(!lint.stdout.contains("hidden"), "{lint}");
        let finding = &lint.json()["findings"][0];
        assert_eq!(finding["rule"], "ref-external", "{reference}");
        assert_eq!(finding["places"][0]["line"], 3, "{reference}");
    }
    // From a part the same holds, and a link that stays inside is a way like another.
    write(
        folder.path(),
        "api/hostile.yaml",
        "{openapi: 3.0.3, paths: {}, components: {schemas: {A: {$ref: inside/evil.yaml}}}}",
    );
    write(
        folder.path(),
        "api/models/evil.yaml",
        "properties: {a: {$ref: ../../secret.yaml}, b: {$ref: customer.yaml}}",
    );
    let bundled = run(folder.path(), &["bundle", "api/hostile.yaml"]).expect(3);
    assert!(bundled.stderr.contains("api/inside/evil.yaml:1:24: "), "{bundled}");
}

#[test]
fn a_commit_has_its_parts_too() {
    let folder = files();
    let git = |args: &[&str]| {
        let ran = Command::new("git")
            .args(["-c", "user.name=n", "-c", "user.email=n@example.com"])
            .args(args)
            .current_dir(folder.path())
            .output()
            .expect("git runs");
        assert!(ran.status.success(), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
    };
    let bundled = run(folder.path(), &["bundle", "api/openapi.yaml"]).expect(0).stdout;
    symlink("models", folder.path().join("api/linked")).expect("a link");
    symlink("models/order.yaml", folder.path().join("api/link.yaml")).expect("a link");
    let hostile =
        "openapi: 3.0.3\npaths: {/a: {$ref: linked/order.yaml}, /b: {$ref: link.yaml}, /c: {$ref: models}}\n";
    write(folder.path(), "api/hostile.yaml", hostile);
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "all"]);
    // What the folder holds now is another matter.
    write(folder.path(), "api/models/order.yaml", "type: string\n");
    let root = "git:HEAD:api/openapi.yaml";
    assert_eq!(run(folder.path(), &["bundle", root]).expect(0).stdout, bundled);
    assert_eq!(
        run(&folder.path().join("api"), &["bundle", "git:HEAD:./openapi.yaml"]).expect(0).stdout,
        bundled
    );
    assert_eq!(run(&folder.path().join("api/paths"), &["bundle", root]).expect(0).stdout, bundled);
    let text = run(folder.path(), &["diff", root, "api/openapi.yaml"]).expect(1).stdout;
    assert!(text.contains("git:HEAD:api/models/order.yaml:1:"), "{text}");
    let refused = run(folder.path(), &["bundle", "git:HEAD:api/hostile.yaml"]).expect(3);
    assert_eq!(refused.stderr.matches("link of a commit is followed").count(), 2, "{refused}");
}

#[test]
fn a_publish_stores_what_bundle_writes_and_a_check_speaks_of_the_files() {
    let server = Server::sqlite();
    let folder = files();
    let client = || server.client().dir(folder.path());
    let check = client().args(["check", "shop/orders@1.0.0", "api/openapi.yaml", "--format", "json"]);
    let check = check.expect(0).json();
    assert_eq!(check["lint"]["findings"][0]["places"][0]["file"], "api/paths/all orders.yaml");
    assert_eq!(check["lint"]["findings"][0]["places"][0]["line"], 7);
    client().args(["publish", "shop/orders@1.0.0", "api/openapi.yaml"]).expect(0);
    let bundled = client().args(["bundle", "api/openapi.yaml"]).expect(0).stdout;
    let stored = client().args(["bundle", "registry:shop/orders@1.0.0"]).expect(0).stdout;
    assert_eq!(stored, bundled);

    let model = FILES[5].1.replace("[total]", "[total, customer]");
    write(folder.path(), "api/models/order.yaml", &model);
    let check = client().args(["check", "shop/orders@1.1.0", "api/openapi.yaml"]).expect(1).stdout;
    assert!(check.contains("    api/models/order.yaml:2:"), "{check}");
    write(folder.path(), "api/models/customer.yaml", "type: object\nproperties: {a: {$ref: '#/absent'}}\n");
    let strict =
        client().args(["publish", "shop/orders@2.0.0", "api/openapi.yaml", "--strict"]).expect(1).stderr;
    assert!(strict.contains("api/models/customer.yaml:2:24: `#/absent` leads nowhere"), "{strict}");
    assert!(strict.contains("\n  api/models/customer.yaml:2:24: "), "{strict}");
    client().args(["publish", "shop/orders@2.0.0", "api/openapi.yaml"]).expect(0);
    write(folder.path(), "api/models/customer.yaml", "{");
    client().args(["publish", "shop/orders@3.0.0", "api/openapi.yaml"]).expect(3);
    client().args(["version", "show", "shop/orders@3.0.0"]).expect(2);
}

/// Operations that a root names: methods under paths.
fn named(root: &Path) -> usize {
    let text = std::fs::read(root).expect("the root");
    let document = sundial::spec::load(&text, &sundial::spec::Limits::default()).expect("a document");
    let paths = document.locate("/paths").expect("paths");
    let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
    let items = document
        .tree()
        .members(paths)
        .map(|(_, item)| document.tree().members(item).filter(|(key, _)| methods.contains(key)).count());
    items.sum()
}

/// Every reference in a value, wherever it stands.
fn references<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn trees_of_a_thousand_files_are_joined_and_compared() {
    let Some(corpus) = corpus::corpus() else {
        skip!("SUNDIAL_CORPUS is not set");
    };
    let folder = crate::support::folder();
    let roots = ["2020-12-14", "2021-12-02"].map(|name| {
        let packed =
            std::fs::read(corpus.join(format!("digitalocean-multifile/{name}.tar.zst"))).expect("a tree");
        let tar = folder.path().join(format!("{name}.tar"));
        std::fs::write(&tar, zstd::decode_all(&packed[..]).expect("Zstandard")).expect("a file");
        let unpacked = Command::new("tar").arg("xf").arg(&tar).current_dir(folder.path()).status();
        assert!(unpacked.expect("tar runs").success());
        format!("{name}/DigitalOcean-public.v2.yaml")
    });
    for root in &roots {
        let json = run(folder.path(), &["bundle", root, "--format", "json"]).expect(0);
        assert_eq!(json.stderr, "");
        let value = json.json();
        let mut found = Vec::new();
        references(&value, &mut found);
        assert!(found.len() > 1000, "{}", found.len());
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{root}: `{reference}`"));
            assert!(value.pointer(pointer).is_some(), "{root}: `{reference}`");
        }
        let document = sundial::spec::load(json.stdout.as_bytes(), &sundial::spec::Limits::default());
        let document = document.expect("a document");
        let named = named(&folder.path().join(root));
        assert_eq!(document.api().operations.len(), named, "{root}");
        assert!(named > 150, "{named}");
        let empty = document.api().operations.iter().filter(|operation| operation.responses.is_empty());
        assert_eq!(empty.count(), 0, "{root}");
        assert_eq!(document.faults().iter().filter(|fault| fault.rule.starts_with("ref-")).count(), 0);
    }
    let [old, new] = &roots;
    assert!(run(folder.path(), &["diff", old, old]).expect(0).stdout.starts_with("Identical"));
    let diff = run(folder.path(), &["diff", old, new, "--format", "json"]).expect(1).json();
    let changes = diff["changes"].as_array().expect("changes");
    assert!(changes.len() > 100, "{}", changes.len());
    let mut in_parts = 0;
    for (side, root) in [("old", old), ("new", new)] {
        let prefix = root.split('/').next().expect("a folder");
        for place in changes.iter().map(|change| &change[side]).filter(|place| !place.is_null()) {
            let Some(file) = place["file"].as_str() else {
                continue;
            };
            in_parts += 1;
            assert!(file.starts_with(&format!("{prefix}/")), "{file}");
            let text = std::fs::read_to_string(folder.path().join(file)).expect("the part is there");
            let line = place["line"].as_u64().expect("a line");
            assert!(text.lines().count() as u64 >= line, "{place}");
        }
    }
    assert!(in_parts > changes.len(), "{in_parts} of {} changes", changes.len());
}
