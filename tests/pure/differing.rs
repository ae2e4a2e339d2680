//! The diff over real documents, when `SUNDIAL_CORPUS` names a folder of them: every document is
//! identical to itself, neighbouring versions compare without a panic, and `diff(a, b)` weakens
//! where `diff(b, a)` strengthens.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use sundial::clock::Timestamp;
use sundial::diff::{Diff, Options, Verdict, compare};
use sundial::spec::Document;

use crate::support::corpus;

fn options() -> Options {
    Options::at("2026-06-30T12:00:00Z".parse::<Timestamp>().expect("an instant"))
}

/// The documents of each API, in the order of `publish.tsv`.
fn series(root: &Path) -> BTreeMap<String, Vec<PathBuf>> {
    let list = std::fs::read_to_string(root.join("publish.tsv")).expect("publish.tsv");
    let mut series: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for row in list.lines().skip(1) {
        let file = row.split('\t').find(|cell| {
            let path = root.join(cell);
            !cell.is_empty() && path.is_file()
        });
        if let Some(file) = file {
            let api = file.split('/').next().unwrap_or_default().to_owned();
            series.entry(api).or_default().push(root.join(file));
        }
    }
    series
}

/// What weakens, or strengthens: ids, turned to the weakening one, with their count. A path goes as
/// a whole and comes by its operations, so of these the paths count.
fn effects(diff: &Diff, weakens: bool) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let mut paths = BTreeSet::new();
    for change in &diff.changes {
        if let Some(facet) = &change.security
            && (if weakens { change.weakens() } else { change.strengthens() })
        {
            let risk = sundial::diff::risk::risk(&facet.rule).expect("an id of the catalogue");
            let is_whole =
                matches!(change.rule.as_ref(), "path-removed" | "operation-removed" | "operation-added");
            if !is_whole || paths.insert((risk.weakening, change.operations[0].path.clone())) {
                *counts.entry(risk.weakening.to_owned()).or_default() += 1;
            }
        }
    }
    counts
}

#[test]
fn real_documents_compare() {
    let Some(root) = corpus::corpus() else {
        skip!("the corpus is not set: no real documents were compared")
    };
    let mut uneven = Vec::new();
    for (api, files) in series(&root) {
        let mut before: Option<(PathBuf, Document)> = None;
        for file in files {
            let document = corpus::read(&file);
            let same = compare(&document, &document, &options());
            assert_eq!(same.verdict, Verdict::Identical, "{}: {:#?}", file.display(), same.changes.first());
            if let Some((_, old)) = &before {
                let start = Instant::now();
                let diff = compare(old, &document, &options());
                let took = start.elapsed();
                let back = compare(&document, old, &options());
                for (from, to, way) in [(&diff, &back, "there"), (&back, &diff, "back")] {
                    if effects(from, true) != effects(to, false) {
                        uneven.push(format!(
                            "{} {way}: {:?} {:?}",
                            file.display(),
                            effects(from, true),
                            effects(to, false)
                        ));
                    }
                }
                let reached: usize = diff.changes.iter().map(|change| change.operations.len()).sum();
                println!(
                    "{api} {}: {:?} in {took:?}, {} changes reaching {reached}",
                    file.file_name().unwrap_or_default().to_string_lossy(),
                    diff.summary,
                    diff.changes.len(),
                );
                let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
                for change in &diff.changes {
                    *rules.entry(change.rule.as_ref()).or_default() += 1;
                }
                println!("    {rules:?}");
                let text = serde_json::to_string(&diff).expect("a diff is JSON");
                let again: Diff = serde_json::from_str(&text).expect("a diff reads back");
                assert_eq!(again, diff);
                let fingerprints: std::collections::HashSet<&str> =
                    diff.changes.iter().map(|change| change.fingerprint.as_str()).collect();
                assert_eq!(fingerprints.len(), diff.changes.len(), "fingerprints are unique");
            }
            before = Some((file, document));
        }
    }
    assert!(uneven.is_empty(), "{uneven:#?}");
}
