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

/// One schema and many values.
#[derive(Debug, Clone)]
pub struct Question {
    pub subject: Subject,
    pub instances: Vec<Value>,
    /// Whether `format` refuses.
    pub formats: bool,
}

impl Question {
    pub fn bare(schema: &Value, instances: Vec<Value>) -> Self {
        Self { subject: Subject::Bare(schema.clone()), instances, formats: false }
    }

    pub fn at(name: &str, pointer: &str, way: Way, instances: Vec<Value>) -> Self {
        Self { subject: Subject::At(name.to_owned(), pointer.to_owned(), way), instances, formats: false }
    }

    pub fn with_formats(mut self) -> Self {
        self.formats = true;
        self
    }
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

    fn say(&mut self, question: &Value) -> Value {
        let input = self.input.as_mut().unwrap();
        let sent = serde_json::to_writer(&mut *input, question).is_ok()
            && input.write_all(b"\n").and_then(|()| input.flush()).is_ok();
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
        self.say(&json!({"open": name, "path": path}));
    }

    /// Lets it forget a document.
    pub fn close(&mut self, name: &str) {
        self.say(&json!({"close": name}));
    }

    /// For each question, for each value: whether the schema takes it; nothing where the schema cannot be asked.
    pub fn ask(&mut self, questions: &[Question]) -> Vec<Vec<Option<bool>>> {
        if questions.is_empty() {
            return Vec::new();
        }
        let asked: Vec<Value> = questions
            .iter()
            .map(|question| match &question.subject {
                Subject::Bare(schema) => {
                    json!({"schema": schema, "instances": question.instances, "formats": question.formats})
                }
                Subject::At(name, pointer, way) => {
                    json!({"at": [name, pointer, way], "instances": question.instances, "formats": question.formats})
                }
            })
            .collect();
        let answers = self.say(&json!({"ask": asked}));
        serde_json::from_value(answers).expect("lists of answers")
    }

    /// Whether a bare schema takes a value.
    pub fn takes(&mut self, schema: &Value, instance: &Value) -> Option<bool> {
        self.ask(&[Question::bare(schema, vec![instance.clone()])])[0][0]
    }

    /// A schema of a document with all it refers to, as one of 2020-12.
    pub fn bundle(&mut self, name: &str, pointer: &str, way: Way) -> Option<Value> {
        Some(self.say(&json!({"bundle": [name, pointer, way]}))).filter(|schema| !schema.is_null())
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
