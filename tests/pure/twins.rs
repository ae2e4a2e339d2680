//! Another spelling is no change: every real document beside itself as YAML, with its keys in another order, and
//! as OpenAPI 3.1 where it is 3.0.

use sundial::diff::{Verdict, compare};
use sundial::spec::tree::NodeId;
use sundial::spec::{Dialect, Document, Syntax};

use super::completeness::{options, read};
use crate::support::corpus;
use crate::support::dice::Dice;
use crate::support::is_full;
use crate::support::packages::on_all_cores;
use crate::support::upgrade::{modern, shuffled};

/// Says what separates two documents that are the same API.
fn same(name: &str, what: &str, one: &Document, other: &Document) -> Option<String> {
    for (old, new) in [(one, other), (other, one)] {
        let diff = compare(old, new, &options());
        if diff.verdict != Verdict::Identical {
            let said: Vec<String> = diff
                .changes
                .iter()
                .take(5)
                .map(|change| {
                    format!("{}: {} {} / {}", change.rule, change.message, change.before, change.after)
                })
                .collect();
            return Some(format!("{name} {what}: {} changes: {said:#?}", diff.changes.len()));
        }
    }
    None
}

#[test]
fn another_spelling_is_identical() {
    let Some(root) = corpus::corpus() else { skip!("the corpus is not set: no twins were compared") };
    let most = if is_full() { usize::MAX } else { 700_000 };
    let files: Vec<(String, Vec<u8>)> = corpus::entries(&root)
        .into_iter()
        .map(|entry| (entry.file.clone(), corpus::document(&root, &entry.file)))
        .filter(|(_, bytes)| bytes.len() <= most)
        .collect();
    let found = on_all_cores(
        &files,
        |(_, bytes)| bytes.len(),
        |(name, bytes)| {
            let document = read(bytes);
            let value = document.value(NodeId::ROOT);
            let mut dice = Dice::new(11);
            let mut twins = vec![
                ("itself", read(bytes)),
                ("as YAML", read(document.print(Syntax::Yaml).as_bytes())),
                ("as JSON", read(document.print(Syntax::Json).as_bytes())),
                ("with other orders of keys", read(shuffled(&value, &mut dice).to_string().as_bytes())),
            ];
            if document.dialect() == Dialect::V30 {
                twins.push(("as 3.1", read(modern(&value).to_string().as_bytes())));
            }
            let wrong: Vec<String> =
                twins.iter().filter_map(|(what, twin)| same(name, what, &document, twin)).collect();
            (twins.len(), document.dialect() == Dialect::V30, wrong)
        },
    );
    let twins: usize = found.iter().map(|(count, ..)| count).sum();
    let upgraded = found.iter().filter(|(_, upgraded, _)| *upgraded).count();
    println!("{} documents, {twins} twins, {upgraded} of them upgraded", files.len());
    let wrong: Vec<&str> = found.iter().flat_map(|(.., wrong)| wrong).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(twins > 60 && upgraded > 3, "{twins} twins, {upgraded} upgraded");
}
