//! The judge of the proofs: Python's `jsonschema`, kept running, asked by the thousand. See `referee.py`.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{folder, package};

/// Which members of a document's schema take part.
pub type Way = Option<&'static str>;

/// The schema that a value is held against.
#[derive(Debug, Clone)]
pub enum Subject {
    /// A schema of 2020-12 by itself.
    Bare(Value),
    /// A place in a document that was opened, as it travels this way.
    At(String, String, Way),
}

impl Subject {
    pub fn at(name: &str, pointer: &str, way: Way) -> Self {
        Self::At(name.to_owned(), pointer.to_owned(), way)
    }

    /// The question about values that are written already: real bodies are large, and asked about more than once.
    fn question<'t>(&self, formats: Formats, values: impl Iterator<Item = &'t str>) -> String {
        let subject = match self {
            Self::Bare(schema) => format!(r#""schema": {schema}"#),
            Self::At(name, pointer, way) => format!(r#""at": {}"#, json!([name, pointer, way])),
        };
        let formats = match formats {
            Formats::None => "null",
            Formats::Ranges => r#""ranges""#,
            Formats::All => r#""all""#,
        };
        let values: Vec<&str> = values.collect();
        format!(r#"{{{subject}, "formats": {formats}, "instances": [{}]}}"#, values.join(", "))
    }
}

/// Which formats refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formats {
    None,
    /// `int32` and `int64`.
    Ranges,
    All,
}

/// One schema and many values.
#[derive(Debug, Clone)]
pub struct Question {
    pub subject: Subject,
    pub instances: Vec<Value>,
    pub formats: Formats,
}

impl Question {
    pub const fn new(subject: Subject, instances: Vec<Value>) -> Self {
        Self { subject, instances, formats: Formats::None }
    }

    pub fn bare(schema: &Value, instances: Vec<Value>) -> Self {
        Self::new(Subject::Bare(schema.clone()), instances)
    }

    pub fn at(name: &str, pointer: &str, way: Way, instances: Vec<Value>) -> Self {
        Self::new(Subject::at(name, pointer, way), instances)
    }

    pub const fn with_formats(mut self) -> Self {
        self.formats = Formats::All;
        self
    }
}

/// What becomes of a value that a sender might send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The sender does not send it.
    Unsent,
    /// It is sent, and nobody is known to refuse it.
    Sent,
    /// It is sent and refused.
    Refused,
}

/// A running judge. It ends with the value; and with the process, whose death closes its input.
pub struct Referee {
    child: Child,
    input: Option<BufWriter<ChildStdin>>,
    output: BufReader<ChildStdout>,
    files: TempDir,
}

impl Referee {
    /// # Panics
    /// With a sentence that names `tests/setup` when Python's packages are not there.
    pub fn start() -> Self {
        let python = package().join(".sundial/venv/bin/python");
        assert!(
            python.is_file(),
            "jsonschema is not installed: run tests/setup, which installs what the tests need"
        );
        let files = folder();
        let mut child = Command::new(python)
            .arg("-B")
            .arg(package().join("tests/support/referee.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(files.path().join("stderr")).unwrap())
            .spawn()
            .unwrap();
        let input = child.stdin.take().map(BufWriter::new);
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, input, output, files }
    }

    fn say(&mut self, question: &str) -> Value {
        let input = self.input.as_mut().unwrap();
        let sent = writeln!(input, "{question}").and_then(|()| input.flush()).is_ok();
        let mut line = String::new();
        if sent {
            self.output.read_line(&mut line).unwrap();
        }
        serde_json::from_str(&line).unwrap_or_else(|_| {
            let said = std::fs::read_to_string(self.files.path().join("stderr")).unwrap_or_default();
            panic!("the referee ended: {said}")
        })
    }

    /// Gives it a document, as its publisher wrote it, under a name.
    pub fn open(&mut self, name: &str, bytes: &[u8]) {
        let path = self.files.path().join("document");
        std::fs::write(&path, bytes).unwrap();
        self.say(&json!({"open": name, "path": path}).to_string());
    }

    /// Lets it forget a document.
    pub fn close(&mut self, name: &str) {
        self.say(&json!({"close": name}).to_string());
    }

    /// For each question, for each value: whether the schema takes it; nothing where the schema cannot be asked.
    pub fn ask(&mut self, questions: &[Question]) -> Vec<Vec<Option<bool>>> {
        if questions.is_empty() {
            return Vec::new();
        }
        let written = |Question { subject, instances, formats }: &Question| {
            let texts: Vec<String> = instances.iter().map(Value::to_string).collect();
            subject.question(*formats, texts.iter().map(String::as_str))
        };
        self.answers(&questions.iter().map(written).collect::<Vec<String>>())
    }

    fn answers(&mut self, questions: &[String]) -> Vec<Vec<Option<bool>>> {
        let answers = self.say(&format!(r#"{{"ask": [{}]}}"#, questions.join(", ")));
        serde_json::from_value(answers).expect("lists of answers")
    }

    /// What becomes of each value on its way; values are written already.
    ///
    /// Whoever sends keeps to its schema, and to the range of its own `int32` and `int64`; whoever receives need not
    /// check a format. Each is asked only where the answer still hangs on it.
    pub fn fates(&mut self, sender: &Subject, receiver: &Subject, texts: &[&str]) -> Vec<Fate> {
        let mut fates = vec![Fate::Sent; texts.len()];
        let mut settle = |open: Fate, subject: &Subject, formats, fate: fn(Option<bool>) -> Fate| {
            let left: Vec<usize> = (0..texts.len()).filter(|at| fates[*at] == open).collect();
            let question = subject.question(formats, left.iter().map(|at| texts[*at]));
            for (at, said) in left.into_iter().zip(self.answers(&[question]).remove(0)) {
                fates[at] = fate(said);
            }
        };
        settle(Fate::Sent, sender, Formats::None, |said| match said {
            Some(true) => Fate::Sent,
            _ => Fate::Unsent,
        });
        settle(Fate::Sent, receiver, Formats::None, |said| match said {
            Some(false) => Fate::Refused,
            _ => Fate::Sent,
        });
        settle(Fate::Refused, sender, Formats::Ranges, |said| match said {
            Some(true) => Fate::Refused,
            _ => Fate::Unsent,
        });
        fates
    }

    /// Whether a bare schema takes a value.
    pub fn takes(&mut self, schema: &Value, instance: &Value) -> Option<bool> {
        self.ask(&[Question::bare(schema, vec![instance.clone()])])[0][0]
    }

    /// A schema of a document with all it refers to, as one of 2020-12.
    pub fn bundle(&mut self, name: &str, pointer: &str, way: Way) -> Option<Value> {
        Some(self.say(&json!({"bundle": [name, pointer, way]}).to_string()))
            .filter(|schema| !schema.is_null())
    }
}

impl Drop for Referee {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// The JSON files of the published suite of questions, by name.
///
/// # Panics
/// With a sentence that names `tests/setup` when they are not there.
pub fn suite() -> Vec<(String, Value)> {
    let top = package().join(".sundial/suite");
    let read = |path: &Path| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
    };
    let entries = std::fs::read_dir(&top).unwrap_or_else(|_| {
        panic!("the JSON Schema Test Suite is not there: run tests/setup, which installs what the tests need")
    });
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| read(&path))
        .collect();
    files.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    files
}
