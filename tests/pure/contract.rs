//! The published JSON Schema of a diff holds for every diff that is made, and refuses what is none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::{Value, json};
use sundial::clock::Timestamp;
use sundial::diff::{Diff, Options, Verdict, compare};
use sundial::scheme::{Label, Scheme};
use sundial::spec::Document;

use crate::support::corpus;

fn published() -> Value {
    let text = std::fs::read_to_string(crate::support::package().join("specs/diff.schema.json"))
        .expect("the schema");
    serde_json::from_str(&text).expect("JSON")
}

/// The published schema, and the same one where no object may have members that it does not name: so
/// that no member is written that nobody was told of.
struct Contract {
    published: Validator,
    closed: Validator,
}

impl Contract {
    fn read() -> Self {
        let mut closed = published();
        close(&mut closed);
        let compiled = |schema: &Value| jsonschema::draft202012::new(schema).expect("a schema");
        Self { published: compiled(&published()), closed: compiled(&closed) }
    }

    fn faults(&self, diff: &Value) -> Vec<String> {
        let of = |validator: &Validator| {
            validator
                .iter_errors(diff)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect::<Vec<_>>()
        };
        [of(&self.published), of(&self.closed)].concat()
    }

    #[track_caller]
    fn hold(&self, name: &str, diff: &Diff) {
        let faults = self.faults(&serde_json::to_value(diff).expect("JSON"));
        assert!(faults.is_empty(), "{name}: {:#?}", &faults[..faults.len().min(5)]);
    }
}

/// Closes every object that is described in full: those with `required`, which conditions have not.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(close);
            if members.contains_key("required") && members.contains_key("properties") {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

fn options() -> Options {
    Options::at("2026-06-30T12:00:00Z".parse::<Timestamp>().expect("an instant"))
}

/// The documents of the demo by API.
fn demo() -> BTreeMap<String, Vec<PathBuf>> {
    let root = crate::support::package().join("specs/demo");
    let mut series: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let folders = |at: &Path| {
        let entries = std::fs::read_dir(at).expect("a folder").flatten().map(|entry| entry.path());
        entries.filter(|path| path.is_dir()).collect::<Vec<_>>()
    };
    for namespace in folders(&root) {
        for api in folders(&namespace) {
            let files = std::fs::read_dir(&api).expect("a folder").flatten().map(|entry| entry.path());
            series.insert(api.display().to_string(), files.collect());
        }
    }
    series
}

#[test]
fn every_diff_of_the_demo_keeps_the_contract() {
    let contract = Contract::read();
    let (mut pairs, mut breaking, mut promises) = (0, 0, 0);
    for files in demo().values() {
        let documents: Vec<Document> = files.iter().map(|file| corpus::read(file)).collect();
        for (old, a) in files.iter().zip(&documents) {
            for (new, b) in files.iter().zip(&documents) {
                let name = format!("{} to {}", old.display(), new.display());
                let mut diff = compare(a, b, &options());
                contract.hold(&name, &diff);
                pairs += 1;
                breaking += usize::from(diff.verdict == Verdict::Breaking);
                let label = |text| Label::parse(Scheme::Semver, text).expect("a label");
                diff.hold_to(&label("1.4.0"), &label("1.4.1"), false);
                contract.hold(&name, &diff);
                promises += diff.changes.iter().filter(|change| change.rule == "version-not-bumped").count();
            }
        }
    }
    assert!(
        pairs > 50 && breaking > 10 && promises > 10,
        "{pairs} pairs, {breaking} breaking, {promises} held"
    );
}

#[test]
fn every_diff_of_real_documents_keeps_the_contract() {
    let Some(root) = corpus::corpus() else { skip!("SUNDIAL_CORPUS names no folder") };
    let contract = Contract::read();
    let mut series: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for entry in corpus::entries(&root) {
        series.entry(entry.api).or_default().push(root.join(entry.file));
    }
    let mut pairs = 0;
    for files in series.values() {
        let mut before: Option<Document> = None;
        for file in files {
            let document = corpus::read(file);
            if let Some(before) = &before {
                contract.hold(&file.display().to_string(), &compare(before, &document, &options()));
                pairs += 1;
            }
            before = Some(document);
        }
    }
    assert!(pairs > 20, "{pairs} neighbours");
}

/// A diff with every member filled in, among them proofs of each kind.
fn full() -> Value {
    let place = json!({"pointer": "/paths/~1a~01/get", "line": 3, "column": 7, "file": "parts/a.yaml"});
    let change = |kind: &str, request: Value| {
        json!({
            "rule": "property-became-required", "level": "breaking", "surface": "wire",
            "security": {"rule": "auth-requirement-removed", "effect": "weakens", "severity": "critical",
                         "owasp": "API10:2023", "cwe": "CWE-306"},
            "message": "`a` became required", "operations": [{"method": "GET", "path": "/a"}],
            "direction": "request", "old": place, "new": place, "before": null, "after": [1],
            "witness": {"kind": kind, "instance": {"a": 1}, "old_schema": "/a", "new_schema": null,
                        "request": request, "reason": "it is missing"},
            "undecided": null, "fingerprint": "sdf1:0123456789abcdef01234567",
        })
    };
    let request = json!({"method": "GET", "target": "/a?b=c", "headers": {"host": "x"}, "body": null});
    let kinds = ["operation", "parameter", "body", "response", "header", "security"];
    let changes: Vec<Value> = kinds
        .into_iter()
        .map(|kind| change(kind, if kind == "header" { Value::Null } else { request.clone() }))
        .collect();
    json!({
        "old": {"title": "t", "version": "1", "format": "3.0.3"}, "new": {"title": "t", "version": "2", "format": "3.1.0"},
        "verdict": "breaking", "bump": "major", "due": "new line",
        "summary": {"breaking": 6, "warning": 0, "info": 0, "security": 6}, "changes": changes,
    })
}

#[test]
fn the_schema_knows_every_member_and_refuses_what_is_no_diff() {
    let contract = Contract::read();
    let good = full();
    assert_eq!(contract.faults(&good), [""; 0]);
    // The program reads back what the schema allows, to the last member.
    let diff: Diff = serde_json::from_value(good.clone()).expect("a diff");
    assert_eq!(serde_json::to_value(&diff).expect("JSON"), good);
    let spoiled: [(&str, Value); 17] = [
        ("/verdict", json!("fine")),
        ("/verdict", json!("compatible")),
        ("/verdict", json!("identical")),
        ("/bump", json!("huge")),
        ("/due", json!("")),
        ("/summary/breaking", json!(-1)),
        ("/changes", json!([])),
        ("/changes/0/level", json!("error")),
        ("/changes/0/rule", json!("No Rule")),
        ("/changes/0/old/line", json!(0)),
        ("/changes/0/old/pointer", json!("#/a")),
        ("/changes/0/fingerprint", json!("sdf1:xyz")),
        ("/changes/0/security/owasp", json!("API11:2023")),
        ("/changes/0/witness/kind", json!("guess")),
        ("/changes/0/witness/request/target", json!("/a b")),
        ("/changes/0/witness/request/headers", json!({"Host": "x"})),
        ("/changes/0/undecided", json!(7)),
    ];
    for (pointer, value) in spoiled {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).expect("a member") = value.clone();
        assert!(!contract.published.is_valid(&bad), "{pointer} may not be {value}");
    }
    for pointer in
        ["", "/summary", "/changes/0", "/changes/0/witness", "/changes/0/witness/request", "/changes/0/old"]
    {
        let names: Vec<String> =
            good.pointer(pointer).and_then(Value::as_object).expect("an object").keys().cloned().collect();
        for name in names.iter().filter(|name| *name != "file") {
            let mut bad = good.clone();
            bad.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object").shift_remove(name);
            assert!(!contract.published.is_valid(&bad), "{pointer} must have {name}");
        }
    }
}
