//! Real documents that lie outside the repository: the folder that `SUNDIAL_CORPUS` names, if it names one.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use sundial::spec::{Document, Limits, load};

/// The corpus, or nothing: then the test says [`skip!`](crate::skip) and ends.
///
/// # Panics
/// When the variable names what is no corpus.
pub fn corpus() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("SUNDIAL_CORPUS").filter(|folder| !folder.is_empty())?);
    assert!(
        folder.join("publish.tsv").is_file(),
        "SUNDIAL_CORPUS names {}, which holds no publish.tsv",
        folder.display()
    );
    Some(folder)
}

/// One line of `publish.tsv`: where a document stands in a registry. They come in the order of publication.
#[derive(Debug, Clone)]
pub struct Entry {
    /// `namespace/name`.
    pub api: String,
    pub scheme: String,
    pub label: String,
    /// Where it is not the one that the scheme gives.
    pub line: Option<String>,
    /// Below the corpus; see [`document`].
    pub file: String,
}

impl Entry {
    /// `namespace/name@label`.
    pub fn target(&self) -> String {
        format!("{}@{}", self.api, self.label)
    }
}

/// The documents of the corpus that are a single file each.
pub fn entries(corpus: &Path) -> Vec<Entry> {
    let table = fs::read_to_string(corpus.join("publish.tsv")).unwrap();
    let entry = |row: &str| {
        let fields: Vec<&str> = row.split('\t').collect();
        let [api, scheme, label, line, file] = fields[..] else {
            panic!("publish.tsv: five fields expected in `{row}`");
        };
        Entry {
            api: api.to_owned(),
            scheme: scheme.to_owned(),
            label: label.to_owned(),
            line: (!line.is_empty()).then(|| line.to_owned()),
            file: file.to_owned(),
        }
    };
    table.lines().skip(1).map(entry).collect()
}

/// The bytes of a document as its publisher wrote them; `.zst` is unpacked.
pub fn document(corpus: &Path, file: &str) -> Vec<u8> {
    bytes(&corpus.join(file))
}

/// The bytes of a file; `.zst` is unpacked.
pub fn bytes(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if path.extension().is_some_and(|end| end == "zst") {
        zstd::decode_all(&bytes[..]).unwrap()
    } else {
        bytes
    }
}

/// A file as a document.
pub fn read(path: &Path) -> Document {
    load(bytes(path), &Limits::default()).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

/// The documents of each API that are its neighbours in the order of publication, by name of file.
pub fn neighbours(corpus: &Path) -> Vec<(String, String)> {
    let entries = entries(corpus);
    let pairs = entries.windows(2).filter(|pair| pair[0].api == pair[1].api);
    pairs.map(|pair| (pair[0].file.clone(), pair[1].file.clone())).collect()
}

/// Tells that the running test is skipped. Called by `skip!`.
///
/// Written to the stream itself: `println!` would be kept by the test harness and never be seen. The file takes the
/// reason alone, for whoever sums up over several test binaries.
pub fn skipped(reason: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    std::io::stdout().write_all(format!("skipped 1: {test}: {reason}\n").as_bytes()).unwrap();
    if let Some(file) = std::env::var_os("SUNDIAL_SKIPPED") {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
        file.write_all(format!("{reason}\n").as_bytes()).unwrap();
    }
}
