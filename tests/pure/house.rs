//! Imports point one way, as the crate's front page says.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The rooms from the ground up; those of one floor may see each other.
const FLOORS: &[&[&str]] = &[
    &["clock", "threads"],
    &["scheme", "spec", "lifecycle"],
    &["diff", "lint", "report"],
    &["store", "access", "enforcement"],
    &["registry"],
    &["config", "telemetry"],
    &["server"],
    &["cli"],
];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of src") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn imports_point_down_only() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&source, &mut all);
    let mut rooms = BTreeSet::new();
    for file in all {
        let inside = file.strip_prefix(&source).expect("below src");
        let room = inside.components().next().expect("a name").as_os_str().to_str().expect("in UTF-8");
        let room = room.trim_end_matches(".rs");
        if ["lib", "main"].contains(&room) {
            continue;
        }
        rooms.insert(room.to_owned());
        let from = floor(room).unwrap_or_else(|| panic!("the room `{room}` has no floor"));
        let text = std::fs::read_to_string(&file).expect("a file of ours");
        for (at, part) in text.match_indices("crate::") {
            let rest = &text[at + part.len()..];
            let other: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if let Some(to) = floor(&other) {
                let line = text[..at].lines().count();
                assert!(to <= from, "{}:{line}: `{room}` looks up to `{other}`", inside.display());
            }
        }
    }
    let planned: BTreeSet<String> = FLOORS.concat().iter().map(|room| (*room).to_owned()).collect();
    assert_eq!(rooms, planned, "every room is there and has its floor");
}
