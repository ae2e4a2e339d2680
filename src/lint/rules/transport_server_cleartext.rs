//! A server is offered without TLS.

use super::Rule;
use crate::diff::server::is_plaintext;
use crate::lint::{Mark, Severity};
use crate::spec::Document;

/// The rule.
pub static RULE: Rule = Rule {
    id: "transport-server-cleartext",
    title: "server without TLS",
    severity: Severity::High,
    owasp: "API8:2023",
    cwe: "CWE-319",
    since: "0.1.0",
    why: "Credentials and data can be read and changed on the way.",
    remedy: "Offer https alone.",
    fires: &["SERVER: 'http://api.example.com'"],
    silent: &["SERVER: 'https://api.example.com'"],
    check,
};

fn check(document: &Document, marks: &mut Vec<Mark>) {
    for server in document.api().servers.iter().filter(|server| is_plaintext(&server.url)) {
        marks.push(Mark {
            message: format!("`{}` speaks without TLS", server.url),
            node: server.node,
            operation: None,
            severity: None,
        });
    }
}
