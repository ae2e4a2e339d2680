//! Real version series, published one by one into both databases by the program itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::support::corpus::{self, Entry};
use crate::support::postgres::Database;
use crate::support::program::Server;
use crate::support::server::Caller;

/// What a registry knows after all rows: versions, diffs with their verdicts, changes in all.
#[derive(Debug, Default, PartialEq)]
struct Count {
    versions: usize,
    diffs: usize,
    changes: usize,
    verdicts: BTreeMap<String, usize>,
}

fn published(corpus: &Path, entries: &[Entry], mut server: Server) -> Count {
    let folder = crate::support::folder();
    for entry in entries {
        std::fs::write(folder.path().join("document"), corpus::document(corpus, &entry.file))
            .expect("a file");
        let target = entry.target();
        let mut args = vec!["publish", target.as_str(), "document", "--format", "json"];
        if let Some(line) = &entry.line {
            args.extend(["--line", line]);
        }
        let ran = server.client().dir(folder.path()).args(args);
        assert_eq!(ran.code, 0, "{}: {ran}", entry.file);
    }
    server.stop();
    server.resume();
    // After a restart all of it is there.
    let reader = Caller::anon(&server);
    let mut count = Count::default();
    let apis: BTreeSet<&str> = entries.iter().map(|entry| entry.api.as_str()).collect();
    for api in apis {
        let versions = reader.get(&format!("/api/v1/apis/{api}/versions")).json();
        for version in versions["items"].as_array().expect("a list") {
            count.versions += 1;
            if let Some(verdict) = version["diff"]["verdict"].as_str() {
                count.diffs += 1;
                *count.verdicts.entry(verdict.to_owned()).or_default() += 1;
                let diff: Value = reader.get(version["diff"]["href"].as_str().expect("a link")).json();
                count.changes += diff["changes"].as_array().expect("changes").len();
            }
        }
    }
    for entry in entries {
        let kept = reader.get(&format!("/api/v1/apis/{}/versions/{}/document", entry.api, entry.label));
        assert!(
            kept.body == corpus::document(corpus, &entry.file),
            "{} comes back byte for byte",
            entry.file
        );
    }
    server.stop();
    count
}

#[test]
fn all_series_publish_alike_into_both_databases() {
    let Some(corpus) = corpus::corpus() else { skip!("the corpus is not set: no series was published") };
    let entries = corpus::entries(&corpus);
    let sqlite = published(&corpus, &entries, Server::sqlite());
    assert_eq!(sqlite.versions, entries.len());
    let database = Database::new();
    let postgres = published(&corpus, &entries, Server::start(&database.url, &[]));
    println!("{sqlite:?}");
    assert_eq!(sqlite, postgres);
}
