//! Bad input: each gets a clear answer within a second, the server lives, nothing is stored.

use crate::support::documents::charges;
use crate::support::server::Local;

const NOW: &str = "2026-03-01T12:00:00Z";

fn refused(name: &str, document: Vec<u8>, status: u16, kind: &str, says: &str) {
    let registry = Local::start(NOW);
    let path = "/api/v1/apis/payments/charges/versions/1.0.0";
    let answer = registry.admin().put(path, document);
    assert_eq!((answer.status, answer.problem()), (status, kind.to_owned()), "{name}: {}", answer.text());
    let problem = answer.json();
    let detail = problem["detail"].as_str().expect("a detail").to_lowercase();
    assert!(detail.contains(says), "{name}: {detail}");
    assert_eq!(registry.anon().get("/healthz").status, 200, "{name}: the server lives");
    assert_eq!(registry.anon().get(path).status, 404, "{name}: nothing is stored");
}

fn at(document: Vec<u8>, line: usize, column: usize) {
    let registry = Local::start(NOW);
    let answer = registry.admin().put("/api/v1/apis/payments/charges/versions/1.0.0", document);
    let place = &answer.json()["errors"][0];
    assert_eq!(
        (place["line"].as_u64(), place["column"].as_u64()),
        (Some(line as u64), Some(column as u64)),
        "{}",
        answer.text()
    );
}

#[test]
fn a_truncated_file() {
    refused(
        "json",
        br#"{"openapi": "3.0.3", "info": {"title": "a""#.to_vec(),
        400,
        "document-unreadable",
        "end",
    );
    at(b"{\"openapi\": \"3.0.3\",\n \"info\": tru".to_vec(), 2, 10);
}

#[test]
fn a_binary() {
    refused("binary", vec![0x89, b'P', b'N', b'G', 0, 1, 2, 255, 254], 400, "document-unreadable", "");
}

#[test]
fn nothing_at_all() {
    refused("empty", Vec::new(), 400, "document-unreadable", "empty");
}

#[test]
fn a_hundred_megabytes() {
    refused("100 MB", vec![b' '; 100 << 20], 413, "document-too-large", "larger");
}

#[test]
fn a_bomb_of_aliases() {
    let mut bomb = String::from(
        "openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths: {}\nx-a: &a [1,1,1,1,1,1,1,1,1,1]\n",
    );
    for (name, of) in
        ["b", "c", "d", "e", "f", "g", "h", "i"].iter().zip(["a", "b", "c", "d", "e", "f", "g", "h"])
    {
        let uses = vec![format!("*{of}"); 10].join(",");
        bomb.push_str(&format!("x-{name}: &{name} [{uses}]\n"));
    }
    refused("alias bomb", bomb.into_bytes(), 413, "document-too-large", "alias");
}

#[test]
fn brackets_a_hundred_thousand_deep() {
    let mut deep = b"{\"openapi\": \"3.0.3\", \"x\": ".to_vec();
    deep.extend(std::iter::repeat_n(b'[', 100_000));
    refused("json", deep, 400, "document-unreadable", "deep");
    let mut deep = b"openapi: 3.0.3\nx: ".to_vec();
    deep.extend(std::iter::repeat_n(b'[', 100_000));
    refused("yaml", deep, 400, "document-unreadable", "deep");
}

#[test]
fn the_same_key_twice() {
    let json = br#"{"openapi": "3.0.3", "info": {"title": "a", "version": "1", "title": "b"}, "paths": {}}"#;
    refused("json", json.to_vec(), 400, "document-unreadable", "title");
    let yaml = "openapi: 3.0.3\ninfo:\n  title: a\n  title: b\n  version: '1'\npaths: {}\n";
    refused("yaml", yaml.into(), 400, "document-unreadable", "title");
    at(yaml.into(), 4, 3);
}

#[test]
fn a_version_of_openapi_that_nobody_knows() {
    refused(
        "4.0",
        b"openapi: 4.0.0\ninfo: {title: a, version: '1'}\n".to_vec(),
        400,
        "document-unreadable",
        "4.0.0",
    );
    refused("none", b"{\"hello\": 1}".to_vec(), 400, "document-unreadable", "openapi");
}

#[test]
fn a_name_that_is_none() {
    let registry = Local::start(NOW);
    let answer =
        registry.admin().put("/api/v1/apis/Pay_ments/charges/versions/1.0.0", charges("a.example", "/", ""));
    assert_eq!((answer.status, answer.problem()), (422, "request-invalid".to_owned()));
}
