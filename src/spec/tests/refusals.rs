//! What is refused, how fast, and with which words.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::spec::{Limits, Problem, ProblemKind, load};

fn refused(bytes: &[u8]) -> Problem {
    let start = Instant::now();
    let problem = load(bytes, &Limits::default()).expect_err("this must not load");
    assert!(start.elapsed() < Duration::from_secs(1), "{problem} took {:?}", start.elapsed());
    assert!(problem.line >= 1 && problem.column >= 1 && !problem.message.is_empty());
    problem
}

#[test]
fn what_cannot_be_read_says_why_and_where() {
    let cases: &[(&[u8], ProblemKind, usize, usize, &str)] = &[
        (b"", ProblemKind::Empty, 1, 1, ""),
        (b" \n\t\n", ProblemKind::Empty, 1, 1, ""),
        (b"# nothing\n---\n# more", ProblemKind::Empty, 2, 4, ""),
        (b"# nothing", ProblemKind::Empty, 1, 1, ""),
        (b"<html></html>", ProblemKind::NotAnObject, 1, 1, ""),
        (b"[1]", ProblemKind::NotAnObject, 1, 1, ""),
        (b"just a sentence", ProblemKind::NotAnObject, 1, 1, ""),
        (b"{\"openapi\": \"3.0.0\",\n \"info\": {\"title\": \"x", ProblemKind::Syntax, 2, 20, "/info/title"),
        (
            b"{\"openapi\": \"3.0.0\", \"paths\": {\"/a\": [1, {\"b\": tru",
            ProblemKind::Syntax,
            1,
            48,
            "/paths/~1a/1/b",
        ),
        (b"{\"openapi\": \"3.0.0\",}", ProblemKind::Syntax, 1, 21, ""),
        (b"{\"openapi\": \"3.0.0\"} {}", ProblemKind::Syntax, 1, 22, ""),
        (b"{\"a\": 01}", ProblemKind::Syntax, 1, 7, "/a"),
        (b"{\"a\": \"\\ud800\"}", ProblemKind::Syntax, 1, 8, "/a"),
        (b"{\"a\": \"\x01\"}", ProblemKind::Encoding, 1, 8, ""),
        (b"openapi: 3.0.0\ninfo:\n  title: [a, b\n", ProblemKind::Syntax, 3, 10, "/info/title/1"),
        (b"openapi: 3.0.0\ninfo: {title: a}\ninfo: {}\n", ProblemKind::DuplicateKey, 3, 1, "/info"),
        (
            b"{\"openapi\": \"3.0.0\", \"paths\": {\"/a\": {}, \"/b\": 1, \"/a\": {}}}",
            ProblemKind::DuplicateKey,
            1,
            51,
            "/paths/~1a",
        ),
        (b"{\"a\": {\"x\": {\"x\": 1}, \"\\u0078\": 2}}", ProblemKind::DuplicateKey, 1, 23, "/a/x"),
        (b"a: .inf\n", ProblemKind::NoJsonValue, 1, 4, "/a"),
        (b"? [a]\n: b\n", ProblemKind::NoJsonValue, 1, 3, ""),
        (b"openapi: 3.0.0\n---\nopenapi: 3.0.0\n", ProblemKind::SeveralDocuments, 2, 1, ""),
        (b"a: &a [*a]\n", ProblemKind::Syntax, 1, 8, "/a/0"),
        (b"openapi: 4.0.0\n", ProblemKind::UnknownVersion, 1, 10, "/openapi"),
        (b"swagger: '1.2'\n", ProblemKind::UnknownVersion, 1, 10, "/swagger"),
        (b"openapi: 3.10.0\n", ProblemKind::UnknownVersion, 1, 10, "/openapi"),
        (b"a: 1\n", ProblemKind::UnknownVersion, 1, 1, ""),
        (b"openapi: {a: 1}\n", ProblemKind::UnknownVersion, 1, 10, "/openapi"),
        (b"a: \xFF\n", ProblemKind::Encoding, 1, 4, ""),
        (b"\xFF\xFE{\0}\0", ProblemKind::Encoding, 1, 1, ""),
        (b"{\0\"\0", ProblemKind::Encoding, 1, 1, ""),
        (b"\x7fELF\x02\x01\x01\x00", ProblemKind::Encoding, 1, 5, ""),
        (b"\x89PNG\r\n\x1a\n", ProblemKind::Encoding, 1, 1, ""),
    ];
    for (bytes, kind, line, column, pointer) in cases {
        let problem = refused(bytes);
        let found = (problem.kind, problem.line, problem.column, problem.pointer.as_str());
        assert_eq!(
            found,
            (*kind, *line, *column, *pointer),
            "{problem} in {}",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn each_bound_is_named() {
    let large = vec![b' '; 100 << 20];
    assert_eq!(refused(&large).kind, ProblemKind::TooLarge);
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{{\"openapi\": {}1{}}}", open.repeat(100_000), close.repeat(100_000));
        let problem = refused(deep.as_bytes());
        assert_eq!(problem.kind, ProblemKind::TooDeep, "{problem}");
        assert!(problem.message.contains("200"), "{problem}");
    }
    assert_eq!(refused(format!("a: {}", "[".repeat(100_000)).as_bytes()).kind, ProblemKind::TooDeep);
    assert_eq!(refused(format!("{}1", "{a: ".repeat(100_000)).as_bytes()).kind, ProblemKind::TooDeep);
    let mut block = String::new();
    for level in 0..2_000 {
        let _ = writeln!(block, "{}a:", " ".repeat(level));
    }
    assert_eq!(refused(block.as_bytes()).kind, ProblemKind::TooDeep);
    assert_eq!(refused(format!("a: {}", "- ".repeat(50_000)).as_bytes()).kind, ProblemKind::Syntax);
    assert_eq!(refused("- ".repeat(50_000).as_bytes()).kind, ProblemKind::TooDeep);
    let limits = Limits { nodes: 100, ..Limits::default() };
    let many = format!("{{\"openapi\": [{}1]}}", "1,".repeat(200));
    let problem = load(many.as_bytes(), &limits).expect_err("too many values");
    assert_eq!((problem.kind, problem.pointer.as_str()), (ProblemKind::TooManyNodes, "/openapi/98"));
}

#[test]
fn aliases_that_multiply_are_stopped() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(bomb, "a{level}: &a{level} [{aliases}]");
    }
    let problem = refused(bomb.as_bytes());
    assert_eq!(problem.kind, ProblemKind::AliasExpansion);
    assert!(problem.message.contains("500000"), "{problem}");
    // Few values, but each as long as a book.
    let text = "x".repeat(1 << 20);
    for value in [format!(" '{text}'"), format!("\n  ? {text}\n  : 1")] {
        let many = "*a, ".repeat(1_000);
        let problem = refused(format!("openapi: 3.1.0\na: &a{value}\nb: [{many}]\n").as_bytes());
        assert_eq!(problem.kind, ProblemKind::AliasExpansion, "{problem}");
    }
}
