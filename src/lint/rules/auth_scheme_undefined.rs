//! A requirement names a security scheme that nobody declares.

use super::Rule;
use crate::diff::OperationName;
use crate::lint::{Mark, Severity};
use crate::spec::model::{Operation, Security};
use crate::spec::{Document, validate};

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
    fires: &[
        "paths: {/a: {get: {security: [{typo: []}]}}}",
        "{security: [{typo: []}], paths: {/a: {get: {security: []}}}}",
        "webhooks: {a: {post: {security: [{typo: []}], responses: {'200': {description: ok}}}}}",
    ],
    silent: &[
        "paths: {/a: {get: {security: [{o: [r]}]}}}",
        "{openapi: 3.2.0, paths: {/a: {get: {security: [{'#/components/securitySchemes/o': [r]}]}}}}",
    ],
    check,
};

fn check(document: &Document, marks: &mut Vec<Mark>) {
    let api = document.api();
    let mut mark = |security: &Security, operation: Option<&Operation>| {
        let requirements = security.alternatives.iter().flat_map(|alternative| &alternative.requirements);
        for requirement in requirements.filter(|each| !validate::declares_scheme(document, &each.scheme)) {
            marks.push(Mark {
                message: format!("`{}` is asked for and declared nowhere", requirement.scheme),
                node: requirement.node,
                operation: operation.map(|operation| OperationName {
                    method: operation.method.clone(),
                    path: operation.path.clone(),
                }),
                severity: None,
            });
        }
    };
    mark(&api.security, None);
    for operation in &api.operations {
        mark(&operation.security, Some(operation));
    }
    // Calls that the API makes have names of their own, which are no operations of this API.
    let mut todo: Vec<&Operation> =
        api.webhooks.iter().chain(api.operations.iter().flat_map(called)).collect();
    while let Some(operation) = todo.pop() {
        mark(&operation.security, None);
        todo.extend(called(operation));
    }
}

fn called(operation: &Operation) -> impl Iterator<Item = &Operation> {
    operation.callbacks.iter().flat_map(|callback| &callback.operations)
}
