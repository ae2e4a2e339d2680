//! Places are those that independent parsers report, for every value of many documents, and they
//! lead back: JSON by npm's `jsonc-parser`, YAML by the marks of `PyYAML`.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use sundial::spec::tree::{NodeId, Tree};
use sundial::spec::{Document, Limits, Syntax, load};

use crate::support::packages::{directory, node, on_all_cores, python};
use crate::support::{corpus, folder, package};

/// A document, and the folder's file that holds it.
struct Sample {
    name: String,
    bytes: Vec<u8>,
}

impl Sample {
    fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }

    fn is_json(&self) -> bool {
        self.name.ends_with(".json")
    }
}

/// What was compared.
#[derive(Default)]
struct Count {
    values: usize,
    /// Of them, those that share their place with another value.
    shared: usize,
    keys: usize,
    /// Of them, those at which another value starts: the first key of a block map.
    taken: usize,
    /// Characters anywhere in a document, and what is around them.
    characters: usize,
}

/// Asks the other parsers about all samples at once, and holds the answers against ours.
fn hold(samples: &[Sample]) {
    let folder = folder();
    let file = |index: usize, end: &str| folder.path().join(format!("{index}.{end}"));
    let mut lists = [String::new(), String::new()];
    for (index, sample) in samples.iter().enumerate() {
        fs::write(file(index, "document"), &sample.bytes).expect("a folder of ours");
        let list = &mut lists[usize::from(sample.is_json())];
        writeln!(list, "{}\t{}", file(index, "document").display(), file(index, "places").display())
            .expect("into a string");
    }
    for (list, ask) in lists.iter().zip([python, node]) {
        let path = folder.path().join("list");
        fs::write(&path, list).expect("a folder of ours");
        if !list.is_empty() {
            ask(if list == &lists[0] { "places.py" } else { "places.js" }, &[&path]);
        }
    }
    let numbered: Vec<(usize, &Sample)> = samples.iter().enumerate().collect();
    let counts = on_all_cores(
        &numbered,
        |(_, sample)| sample.bytes.len(),
        |(index, sample)| compare(sample, &file(*index, "places")),
    );
    for syntax in [Syntax::Json, Syntax::Yaml] {
        let mut sum = Count::default();
        let mut documents = 0;
        for (sample, count) in samples.iter().zip(&counts) {
            if sample.is_json() == (syntax == Syntax::Json) {
                documents += 1;
                sum.values += count.values;
                sum.shared += count.shared;
                sum.keys += count.keys;
                sum.taken += count.taken;
                sum.characters += count.characters;
            }
        }
        println!(
            "{syntax}: {documents} documents, {} values ({} at a place of another), {} keys ({} where a value starts), \
             {} characters between",
            sum.values, sum.shared, sum.keys, sum.taken, sum.characters
        );
        if syntax == Syntax::Json {
            assert_eq!((sum.shared, sum.taken), (0, 0), "each value of JSON has a place of its own");
        }
    }
}

fn compare(sample: &Sample, answers: &Path) -> Count {
    let name = &sample.name;
    let document =
        load(&sample.bytes, &Limits::default()).unwrap_or_else(|problem| panic!("{name}: {problem}"));
    assert_eq!(document.syntax() == Syntax::Json, sample.is_json(), "{name}");
    let mut count = Count::default();
    let answers = fs::read_to_string(answers).expect("the script answers for each");
    let line_and_column = |node| {
        let place = document.place(node);
        (place.line, place.column)
    };
    for answer in answers.lines() {
        let row: Vec<Value> = serde_json::from_str(answer).expect("one row a line");
        let pointer = row[0].as_str().expect("a pointer first");
        let numbers = row[1..].iter().map(|number| number.as_u64().and_then(|n| usize::try_from(n).ok()));
        let numbers: Vec<usize> = numbers.map(|number| number.expect("numbers behind it")).collect();
        let at = (numbers[0], numbers[1]);
        let node = document.locate(pointer).unwrap_or_else(|| panic!("{name}: there is no {pointer}"));
        let back = |(line, column)| {
            document.node_at(line, column).unwrap_or_else(|| panic!("{name}: nothing is at {line}:{column}"))
        };
        let &[_, _, key_line, key_column] = &numbers[..] else {
            count.characters += 1;
            let found = document.pointer(back(at));
            assert_eq!(found, pointer, "{name}: what is around {at:?}");
            continue;
        };
        count.values += 1;
        assert_eq!(document.pointer(node), pointer, "{name}");
        assert_eq!(line_and_column(node), at, "{name}: {pointer}");
        let found = back(at);
        if found != node {
            count.shared += 1;
            assert_eq!(line_and_column(found), at, "{name}: back from {pointer}");
        }
        if key_line > 0 {
            count.keys += 1;
            let found = back((key_line, key_column));
            if found != node {
                count.taken += 1;
                // Another value starts there, or the member was merged from elsewhere.
                let is_start = line_and_column(found) == (key_line, key_column);
                assert!(is_start || line_and_column(found) == at, "{name}: back from the key of {pointer}");
            }
        }
    }
    assert_eq!(count.values, reachable(&document), "{name}: every value was compared");
    count
}

/// How many values a document has, what aliases repeat among them.
fn reachable(document: &Document) -> usize {
    fn below(tree: &Tree, node: NodeId) -> usize {
        let members = tree.members(node).map(|(_, child)| child);
        1 + members.chain(tree.items(node).iter().copied()).map(|child| below(tree, child)).sum::<usize>()
    }
    below(document.tree(), NodeId::ROOT)
}

/// The repository's own APIs.
fn own() -> Vec<Sample> {
    let mut found = Vec::new();
    let mut folders = vec![package().join("specs/demo")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of ours") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "json" || end == "yaml") {
                found.push(Sample::new(path.display().to_string(), fs::read(&path).expect("a file of ours")));
            }
        }
    }
    found.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    found
}

/// Puts a member whose key and value are not ASCII before the first of each object.
fn foreign(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(foreign).collect(),
        Value::Object(members) => {
            let mut map = Map::new();
            map.insert("é😀𝒳".into(), "ü𐍈 \"\\ 漢".into());
            map.extend(members.iter().map(|(key, member)| (key.clone(), foreign(member))));
            Value::Object(map)
        }
        other => other.clone(),
    }
}

/// Small documents of the directory, some of them written anew in ways that real ones are not.
fn listed() -> Vec<Sample> {
    let small: Vec<_> = directory().into_iter().filter(|each| each.bytes <= 120_000).step_by(60).collect();
    let mut samples = Vec::new();
    for (index, each) in small.iter().enumerate() {
        let bytes = each.read();
        let value: Value = serde_json::from_slice(&bytes).expect("the directory is JSON");
        let text = String::from_utf8(bytes).expect("the directory is UTF-8");
        let (what, text) = match index % 6 {
            0 => ("as it is", text),
            1 => ("with CR LF", text.replace('\n', "\r\n")),
            2 => ("with CR", text.replace('\n', "\r")),
            3 => ("with a byte order mark", format!("\u{feff}{text}")),
            4 => ("in one line, not ASCII", foreign(&value).to_string()),
            _ => ("not ASCII", format!("\n \t{:#}\n ", foreign(&value))),
        };
        samples.push(Sample::new(format!("{what}: {}", each.name), text));
    }
    let folder = folder();
    let (list, counts) = (folder.path().join("list"), folder.path().join("counts"));
    let target = |index: usize| -> PathBuf { folder.path().join(format!("{index}.yaml")) };
    let (mut lines, mut made) = (String::new(), Vec::new());
    for (index, each) in small.iter().enumerate().filter(|(index, _)| index % 2 == 1) {
        writeln!(lines, "{}\t{}", each.path().display(), target(index).display()).expect("into a string");
        made.push((index, each));
    }
    fs::write(&list, lines).expect("a folder of ours");
    python("to_yaml.py", &[&list, &counts]);
    for (index, each) in made {
        let text = fs::read_to_string(target(index)).expect("the script writes each");
        let text = if index % 4 == 1 { format!("\u{feff}# é😀\n{text}") } else { text };
        samples.push(Sample::new(format!("{}.yaml", each.name), text));
    }
    samples
}

/// What YAML offers, in a document that uses all of it.
const RICH: &str = r#"%YAML 1.2
# a comment: {"é": 1}
--- # another
openapi: 3.1.0   # é😀
info: {title: 😀𝒳 é, version: "1\u00e9"}   # 😀
x-empty:
x-also empty :
x-anchored: &map # with a comment
  one: &one 1
  "two é": &two
    - a
    -
    - &three {b: c, "d":"e", f: , g: [h: i, j, [k]]}
    - - nested
      - ? explicit
        : value
x-tagged: !!str 1
x-both: !!map &both
  é😀: 漢
x-alias: *map
x-merged:
  zero: 0
  <<: *map
  one: own
x-merged list:
  <<: [*both, {inline: 1, one: 2}]
  zero: 0
x-block: |
  text |

   > more
x-folded: !!str >-  # | comment

    folded
    text
x-indented: &indented |2
    indented
x-kept: |+
  kept

x-nothing: |
x-list:
- a # b
- |
  c
- >
  d
- "e
   f"
- 'g''
  h'
- plain
  on two lines
- *indented
- &key k
x-keys: {*key : 1, "l": *one, ? m : 2, n}
"x-quoted | # key": |
  text
x-last: &last
"#;

#[test]
fn places_in_documents_of_the_directory_and_of_our_own_are_those_of_other_parsers() {
    let mut samples = own();
    samples.extend(listed());
    for (what, end) in [("LF", "\n"), ("CR LF", "\r\n"), ("CR", "\r")] {
        samples.push(Sample::new(format!("rich, {what}.yaml"), RICH.replace('\n', end)));
    }
    let small = json!({"openapi": "3.0.0", "a~/b": [[], {}, "\u{10348}"], "": {"": null}});
    samples.push(Sample::new("small.json", small.to_string()));
    assert!(samples.len() >= 50, "{}", samples.len());
    hold(&samples);
}

#[test]
fn places_in_the_corpus_are_those_of_other_parsers() {
    let Some(root) = corpus::corpus() else { skip!("the corpus is not set: no real document was read") };
    let samples: Vec<Sample> = corpus::entries(&root)
        .into_iter()
        .map(|entry| Sample::new(entry.file.clone(), corpus::document(&root, &entry.file)))
        .filter(|sample| sample.bytes.len() <= 450_000)
        .collect();
    assert!(samples.len() >= 20, "{}", samples.len());
    hold(&samples);
}
