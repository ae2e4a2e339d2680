//! A requirement names a security scheme that nobody declares.

use super::Rule;
use crate::diff::OperationName;
use crate::lint::{Mark, Severity};
use crate::spec::Document;

/// The rule.
pub static RULE: Rule = Rule {
    id: "auth-scheme-undefined",
    title: "security scheme not declared",
    severity: Severity::High,
    owasp: "API2:2023",
    cwe: "CWE-287",
    since: "0.1.0",
    why: "The alternative cannot be enforced; generators drop it and leave the operation open.",
    remedy: "Declare the scheme, or correct its name.",
    fires: &["paths: {/a: {get: {security: [{typo: []}]}}}"],
    silent: &["paths: {/a: {get: {security: [{o: [r]}]}}}"],
    check,
};

fn check(document: &Document, marks: &mut Vec<Mark>) {
    let api = document.api();
    for operation in &api.operations {
        let alternatives = operation.security.alternatives.iter();
        for requirement in alternatives.flat_map(|alternative| &alternative.requirements) {
            if api.security_scheme(&requirement.scheme).is_none() {
                marks.push(Mark {
                    message: format!("`{}` is asked for and declared nowhere", requirement.scheme),
                    node: requirement.node,
                    operation: Some(OperationName {
                        method: operation.method.clone(),
                        path: operation.path.clone(),
                    }),
                    severity: None,
                });
            }
        }
    }
}
