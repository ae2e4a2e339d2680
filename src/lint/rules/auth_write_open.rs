//! An operation that changes state asks for no credentials.

use super::Rule;
use crate::diff::OperationName;
use crate::lint::{Mark, Severity, is_public_by_design, is_write};
use crate::spec::Document;
use crate::spec::tree::NodeId;

/// The rule.
pub static RULE: Rule = Rule {
    id: "auth-write-open",
    title: "write without authentication",
    severity: Severity::Critical,
    owasp: "API2:2023",
    cwe: "CWE-306",
    since: "0.1.0",
    why: "Anyone who learns the URL can change state.",
    remedy: "Put `security` at the root and let operations inherit it.",
    fires: &["{security: [], paths: {/a: {post: {}}}}", "paths: {/a: {delete: {security: [{}]}}}"],
    silent: &[
        "paths: {/a: {post: {}}}",
        "paths: {/a: {get: {security: []}}}",
        "paths: {/login: {post: {security: []}}}",
    ],
    check,
};

fn check(document: &Document, marks: &mut Vec<Mark>) {
    for operation in &document.api().operations {
        let asks =
            operation.security.alternatives.iter().any(|alternative| !alternative.requirements.is_empty());
        if asks || !is_write(operation) || is_public_by_design(operation) {
            continue;
        }
        marks.push(Mark {
            message: format!("`{operation}` changes state and asks for no credentials"),
            // Where nobody says anything, the document as a whole is the place.
            node: if operation.security.declared { operation.security_node } else { NodeId::ROOT },
            operation: Some(OperationName { method: operation.method.clone(), path: operation.path.clone() }),
            severity: None,
        });
    }
}
