//! What is wrong in real documents, and whether engines that are not ours agree that it is.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::{Value, json};
use sundial::lint::faults;
use sundial::spec::plain::{View, plain, reference};
use sundial::spec::schema::SchemaId;
use sundial::spec::validate::examples::{Sample, misfitting, samples};
use sundial::spec::validate::validate;
use sundial::spec::{Document, Limits, Syntax, load};

use crate::support::corpus;

/// Values that the other engines are asked about, of each document.
const ASKED: usize = 30;

#[test]
fn findings_have_a_place_and_help_and_other_engines_agree_on_examples() {
    let Some(root) = corpus::corpus() else { skip!("the corpus is not set: no real document was read") };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut tally = Tally::default();
    let folder = tempfile::tempdir().expect("a folder");
    let mut questions = Vec::new();
    for entry in corpus::entries(&root) {
        let bytes = corpus::document(&root, &entry.file);
        let document =
            load(&bytes, &Limits::default()).unwrap_or_else(|problem| panic!("{}: {problem}", entry.file));
        for (rule, count) in findings(&entry.file, &document) {
            *counts.entry(rule).or_default() += count;
        }
        let misfits = misfitting(&document);
        tally.misfits += misfits.len();
        ask_the_crate(&entry.file, &document, &misfits, &mut tally);
        if let Some(question) = question(folder.path(), questions.len(), &bytes, &document, &misfits) {
            questions.push(question);
        }
    }
    println!("{counts:#?}");
    println!("{tally:?}");
    for rule in ["example-invalid", "default-invalid", "component-unused", "item-repeated"] {
        assert!(counts.get(rule).is_some_and(|count| *count > 0), "nothing was found by {rule}");
    }
    assert!(tally.refused > 100 && tally.accepted > 300, "{tally:?}");
    // What ours lets pass and another refuses: readOnly beyond what the translation sees, `nullable`
    // that is meant though it has no effect. A walk that judges too little shows here.
    assert!(tally.lenient * 200 < tally.accepted, "{tally:?}");
    ask_python(folder.path(), &questions, tally.refused);
}

/// Each finding leads to its place and back, helps, and is said once.
fn findings(name: &str, document: &Document) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    let mut said = HashSet::new();
    for fault in validate(document) {
        *counts.entry(fault.rule).or_default() += 1;
        let place = document.place(fault.node);
        assert_eq!(document.locate(&place.pointer), Some(fault.node), "{name} {}", place.pointer);
        assert!(place.line > 0 && place.column > 0, "{name} {}", place.pointer);
        assert!(!fault.help.is_empty(), "{name} {}", fault.rule);
        let is_one_line = !fault.message.is_empty() && !fault.message.contains(char::is_control);
        assert!(is_one_line && fault.message.len() < 600, "{name}: {}", fault.message);
        assert!(!fault.message.contains("not valid under any of"), "{name}: {}", fault.message);
        assert!(faults::fault(fault.rule).is_some(), "{name}: {} is explained nowhere", fault.rule);
        assert!(
            said.insert((fault.rule, fault.node, fault.message.clone())),
            "{name}: {} twice",
            fault.message
        );
    }
    counts
}

/// How often the engines agree.
#[derive(Default, Debug)]
struct Tally {
    /// Values that do not fit, by our walk.
    misfits: usize,
    /// Of those asked about: refused by the other engine too.
    refused: usize,
    /// Values that fit, by our walk, and by the other engine.
    accepted: usize,
    /// Values that fit by our walk alone.
    lenient: usize,
}

/// The engine of the program itself, on plain JSON Schema that our translation wrote.
fn ask_the_crate(name: &str, document: &Document, misfits: &[Sample], tally: &mut Tally) {
    let mut validators: HashMap<(SchemaId, View), Validator> = HashMap::new();
    let mut refuses = |sample: &Sample| {
        let validator = validators.entry((sample.schema, sample.view)).or_insert_with(|| {
            let mut plain = plain(document, &[sample.schema], sample.view, takes, |_| true)
                .expect("no schema is that large");
            plain.schema["$ref"] = reference(sample.schema).into();
            let built = jsonschema::options().offline().build(&plain.schema);
            built.unwrap_or_else(|error| panic!("{name} {}: {error}", document.pointer(sample.node)))
        });
        let value = document.value(sample.node);
        // That several of `oneOf` fit is left open by the walk, as formats would decide between them.
        let is_clear = |error: jsonschema::ValidationError<'_>| {
            !matches!(error.kind(), ValidationErrorKind::OneOfMultipleValid { .. })
        };
        validator.iter_errors(&value).any(is_clear)
    };
    for sample in misfits.iter().step_by(misfits.len().div_ceil(ASKED).max(1)) {
        assert!(refuses(sample), "{name}: {} fits, by another engine", document.pointer(sample.node));
        tally.refused += 1;
    }
    let misfits: HashSet<&Sample> = misfits.iter().collect();
    let samples = samples(document);
    let fitting: Vec<&Sample> = samples.iter().filter(|sample| !misfits.contains(sample)).collect();
    for sample in fitting.iter().step_by(fitting.len().div_ceil(ASKED).max(1)) {
        if refuses(sample) {
            println!("{name}: {} fits by us alone", document.pointer(sample.node));
            tally.lenient += 1;
        } else {
            tally.accepted += 1;
        }
    }
}

fn takes(pattern: &str) -> bool {
    jsonschema::options().offline().build(&json!({"pattern": pattern})).is_ok()
}

/// What the referee needs of one document: its text as published, and pointers into it.
fn question(
    folder: &Path,
    number: usize,
    bytes: &[u8],
    document: &Document,
    misfits: &[Sample],
) -> Option<Value> {
    let step = misfits.len().div_ceil(ASKED).max(1);
    let pairs: Vec<Value> = misfits
        .iter()
        .step_by(step)
        .map(|sample| {
            let schema = document.api().schemas.get(sample.schema).node;
            json!([document.pointer(sample.node), document.pointer(schema), format!("{:?}", sample.view)])
        })
        .collect();
    if pairs.is_empty() {
        return None;
    }
    let file = format!("{number}.{}", if document.syntax() == Syntax::Json { "json" } else { "yaml" });
    fs::write(folder.join(&file), bytes).expect("the folder takes files");
    Some(json!({"file": file, "version": document.format().to_string(), "pairs": pairs}))
}

/// Python's `jsonschema` reads the documents as they were published, by a translation of its own.
fn ask_python(folder: &Path, questions: &[Value], asked: usize) {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join(".sundial/venv/bin/python");
    if !python.is_file() {
        skip!("tests/setup has not been run: no second engine was asked about examples");
    }
    fs::write(folder.join("questions.json"), Value::from(questions).to_string())
        .expect("the folder takes files");
    fs::write(folder.join("referee.py"), REFEREE).expect("the folder takes files");
    let output = Command::new(python).arg("referee.py").current_dir(folder).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).expect("the referee answers in JSON");
    println!("the referee: {} refused, {} not decided", answer["refused"], answer["undecided"]);
    assert_eq!(answer["accepted"], json!([]), "false alarms, by the referee");
    let refused = answer["refused"].as_u64().expect("a count");
    assert!(refused as usize * 10 > asked * 9, "{refused} of {asked} were decided");
}

/// Its own reading of older dialects, from the specifications.
const REFEREE: &str = r##"
import json, re, sys, urllib.parse
import jsonschema, yaml

class Core(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):
    pass
Core.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag.split(":")[-1] in ("merge", "null")]
    for first, rules in Core.yaml_implicit_resolvers.items()
}
Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^[-+]?[0-9]+$"), list("-+0123456789"))
Core.add_implicit_resolver("tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$"), list("-+.0123456789"))
Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
Core.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))

def at(document, pointer):
    for token in pointer.split("/")[1:]:
        token = token.replace("~1", "/").replace("~0", "~")
        if isinstance(document, list):
            document = document[int(token)]
        elif token in document:
            document = document[token]
        else:  # YAML's keys may be numbers
            document = next(value for key, value in document.items() if str(key) == token)
    return document

MAPS = {"properties", "patternProperties", "dependentSchemas"}
LISTS = {"allOf", "anyOf", "oneOf", "prefixItems"}
SINGLE = {"items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"}
VALUES = {"enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
          "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
          "minContains", "maxContains", "dependentRequired"}

class Translation:
    def __init__(self, document, version, view):
        self.document, self.version, self.view = document, tuple(map(int, version.split(".")[:2])), view
        self.defs, self.todo = {}, []

    def name(self, pointer):
        if pointer not in self.defs:
            self.defs[pointer] = None
            self.todo.append(pointer)
        return {"$ref": "#/$defs/" + urllib.parse.quote(pointer.replace("~", "~0").replace("/", "~1"))}

    def root(self, pointer):
        root = self.name(pointer)
        while self.todo:
            pointer = self.todo.pop()
            self.defs[pointer] = self.schema(at(self.document, pointer))
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": self.defs, **root}

    def target(self, reference):
        return self.name(urllib.parse.unquote(reference[1:]))

    def flags(self, schema, depth=0):
        if not isinstance(schema, dict) or depth > 8:
            return set()
        found = {key for key in ("readOnly", "writeOnly") if schema.get(key) is True}
        parts = [part for part in schema.get("allOf", []) if isinstance(part, dict)]
        if isinstance(schema.get("$ref"), str):
            parts.append(at(self.document, urllib.parse.unquote(schema["$ref"][1:])))
        for part in parts:
            found |= self.flags(part, depth + 1)
        return found

    def spared(self, schema, name):
        flags = self.flags(schema.get("properties", {}).get(name))
        return bool(flags & {"Request": {"readOnly"}, "Response": {"writeOnly"}, "Either": {"readOnly", "writeOnly"}}[self.view])

    def schema(self, schema):
        if not isinstance(schema, dict):
            return schema if isinstance(schema, bool) else True
        old = self.version < (3, 1)
        if isinstance(schema.get("$ref"), str) and old:
            return self.target(schema["$ref"])
        out = {}
        for key, value in schema.items():
            if key == "$ref" and isinstance(value, str):
                out |= self.target(value)
            elif key in MAPS and isinstance(value, dict):
                out[key] = {name: self.schema(each) for name, each in value.items()}
            elif key == "items" and isinstance(value, list):
                out["prefixItems"] = [self.schema(each) for each in value]
            elif key in LISTS and isinstance(value, list):
                out[key] = [self.schema(each) for each in value]
            elif key in SINGLE:
                out[key] = self.schema(value)
            elif key == "required" and isinstance(value, list):
                out[key] = [name for name in value if not self.spared(schema, name)]
            elif key in VALUES:
                out[key] = value
            elif key == "type":
                out[key] = "string" if value == "file" else value
        for bound, edge in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            if isinstance(out.get(bound), bool):
                if out.pop(bound) and edge in out:
                    out[bound] = out.pop(edge)
        nullable = {(2, 0): "x-nullable", (3, 0): "nullable"}.get(self.version)
        if nullable and schema.get(nullable) is True and isinstance(out.get("type"), str):
            out["type"] = [out["type"], "null"]
        return out

answer = {"accepted": [], "refused": 0, "undecided": 0}
for question in json.load(open("questions.json")):
    text = open(question["file"], encoding="utf-8-sig").read()
    try:
        document = json.loads(text) if question["file"].endswith("json") else yaml.load(text, Core)
    except yaml.composer.ComposerError:  # it refuses what YAML 1.2 allows: an anchor defined twice
        answer["undecided"] += len(question["pairs"])
        continue
    translations = {}
    for example, schema, view in question["pairs"]:
        key = (schema, view)
        if key not in translations:
            root = Translation(document, question["version"], view).root(schema)
            translations[key] = jsonschema.Draft202012Validator(root)
        try:
            fits = translations[key].is_valid(at(document, example))
        except re.error:
            answer["undecided"] += 1
            continue
        if fits:
            answer["accepted"].append([question["file"], example, schema])
        else:
            answer["refused"] += 1
print(json.dumps(answer))
"##;
