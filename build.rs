//! Puts the demo estate into the program, and sees that a new migration is noticed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    // `sqlx::migrate!` does not notice a new file by itself.
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=specs/demo");
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("set by cargo")).join("specs/demo");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let mut code = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&root).expect("collected below the root").display().to_string();
        writeln!(code, "    ({name:?}, include_bytes!({:?})),", file.display().to_string())
            .expect("a string grows");
    }
    code.push(']');
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("set by cargo")).join("demo.rs");
    std::fs::write(out, code).expect("cargo's own folder can be written");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
