//! Rules that the official JSON Schemas cannot say.
//!
//! Source: OpenAPI 3.1.1 "Paths Object", "Path Templating", "Operation Object", "Security
//! Requirement Object"; the same in 2.0 and 3.0.

use std::collections::{HashMap, HashSet};

use super::super::model::{Location, Operation, Security};
use super::super::place::short;
use super::super::tree::NodeId;
use super::super::{Api, Dialect, Document, Fault, Severity};

/// What the rules of structure find.
pub(super) fn judge(document: &Document) -> Vec<Fault> {
    let mut judge = Judge { document, api: document.api(), faults: Vec::new() };
    judge.operation_ids();
    judge.paths();
    judge.security();
    judge.faults
}

struct Judge<'d> {
    document: &'d Document,
    api: &'d Api,
    faults: Vec<Fault>,
}

impl<'d> Judge<'d> {
    fn fault(&mut self, rule: &'static str, node: NodeId, message: String, help: &'static str) {
        self.faults.push(Fault { rule, severity: Severity::Error, message, node, help });
    }

    /// Operations of paths, webhooks and callbacks.
    fn all_operations(&self) -> Vec<&'d Operation> {
        let mut found = Vec::new();
        let mut todo: Vec<&Operation> = self.api.operations.iter().chain(&self.api.webhooks).collect();
        while let Some(operation) = todo.pop() {
            found.push(operation);
            todo.extend(operation.callbacks.iter().flat_map(|callback| &callback.operations));
        }
        found.sort_by_key(|operation| operation.node);
        found
    }

    fn operation_ids(&mut self) {
        let mut seen: HashMap<&str, &Operation> = HashMap::new();
        for operation in self.all_operations() {
            let Some(id) = operation.id.as_deref() else {
                continue;
            };
            match seen.get(id) {
                // The same path item may be referred to twice: that is one operation written once.
                Some(first) if first.node == operation.node => {}
                Some(first) => {
                    let node =
                        self.document.tree().get(operation.node, "operationId").unwrap_or(operation.node);
                    let message =
                        format!("`{}` is the operationId of `{}` too", short(id), short(&first.to_string()));
                    self.fault(
                        "operation-id-duplicate",
                        node,
                        message,
                        "Give each operation an id of its own.",
                    );
                }
                None => {
                    seen.insert(id, operation);
                }
            }
        }
    }

    fn paths(&mut self) {
        let api = self.api;
        let mut by_key: HashMap<&str, (&str, NodeId)> = HashMap::new();
        let mut judged = HashSet::new();
        for operation in &api.operations {
            let names = template_names(&operation.path);
            if judged.insert(operation.path_node) {
                match by_key.get(operation.key.as_str()) {
                    Some((path, node)) if *node != operation.path_node => {
                        let message = format!("the path means the same as `{}`", short(path));
                        let help = "Paths that differ in parameter names alone are one path: merge them.";
                        self.fault("path-equivalent", operation.path_node, message, help);
                    }
                    Some(_) => {}
                    None => {
                        by_key.insert(&operation.key, (&operation.path, operation.path_node));
                    }
                }
                if let Err(what) = &names {
                    let message = format!("the path template `{}` {what}", short(&operation.path));
                    self.fault(
                        "path-template-malformed",
                        operation.path_node,
                        message,
                        "Write `{name}`, each name once.",
                    );
                }
            }
            let Ok(names) = names else { continue };
            let declared: HashSet<&str> = operation
                .parameters
                .iter()
                .filter(|parameter| parameter.location == Location::Path)
                .map(|parameter| parameter.name.as_str())
                .collect();
            for name in names.iter().filter(|name| !declared.contains(*name)) {
                let message = format!(
                    "`{{{}}}` of the path is declared by no parameter of {}",
                    short(name),
                    operation.method
                );
                let help = "Declare a parameter of this name with `in: path`.";
                self.fault("path-parameter-undeclared", operation.node, message, help);
            }
            for parameter in
                operation.parameters.iter().filter(|parameter| parameter.location == Location::Path)
            {
                if !names.contains(&parameter.name.as_str()) {
                    let name = short(&parameter.name);
                    let message = format!("the path `{}` has no `{{{name}}}`", short(&operation.path));
                    let help = "Put the name into the path in braces, or remove the parameter.";
                    self.fault("path-parameter-unused", parameter.node, message, help);
                }
            }
        }
    }

    fn security(&mut self) {
        let api = self.api;
        let mut judged = HashSet::new();
        let operations = self.all_operations();
        let all =
            std::iter::once(&api.security).chain(operations.iter().map(|operation| &operation.security));
        for Security { alternatives, .. } in all {
            for requirement in alternatives.iter().flat_map(|alternative| &alternative.requirements) {
                if !judged.insert(requirement.node) || declares_scheme(self.document, &requirement.scheme) {
                    continue;
                }
                let message = format!("no security scheme is named `{}`", short(&requirement.scheme));
                let help = "Declare the scheme among the components, or mend the name.";
                self.fault("security-scheme-undefined", requirement.node, message, help);
            }
        }
    }
}

/// Whether a security scheme of this name is declared, be it readable or not; from 3.2 on the name
/// may also be a reference.
pub(super) fn declares_scheme(document: &Document, name: &str) -> bool {
    let tree = document.tree();
    let declared = match document.dialect() {
        Dialect::V20 => tree.get(NodeId::ROOT, "securityDefinitions"),
        _ => tree.get(NodeId::ROOT, "components").and_then(|home| tree.get(home, "securitySchemes")),
    };
    let is_reference = || {
        document.dialect() == Dialect::V32
            && match name.strip_prefix('#') {
                Some(pointer) => document.locate(pointer).is_some(),
                None => name.contains(['/', '#']),
            }
    };
    declared.is_some_and(|declared| tree.get(declared, name).is_some()) || is_reference()
}

/// The names in the braces of a path template, or what is wrong with it.
pub(super) fn template_names(path: &str) -> Result<Vec<&str>, &'static str> {
    let mut names = Vec::new();
    let mut seen = HashSet::new();
    let mut rest = path;
    loop {
        let Some(at) = rest.find(['{', '}']) else {
            return Ok(names);
        };
        if rest[at..].starts_with('}') {
            return Err("closes a brace that was never opened");
        }
        rest = &rest[at + 1..];
        let end = rest.find(['{', '}']).filter(|end| rest[*end..].starts_with('}'));
        let Some(end) = end else {
            return Err("opens a brace and does not close it");
        };
        let name = &rest[..end];
        if name.is_empty() {
            return Err("has braces without a name");
        }
        if !seen.insert(name) {
            return Err("has the same name twice");
        }
        names.push(name);
        rest = &rest[end + 1..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_name_each_parameter_once() {
        assert_eq!(template_names("/a/{b}/{c}.json"), Ok(vec!["b", "c"]));
        assert_eq!(template_names("/"), Ok(vec![]));
        for malformed in ["/{", "/}", "/{}", "/{a}/{a}", "/{a{b}}", "/{a}}"] {
            assert!(template_names(malformed).is_err(), "{malformed}");
        }
    }
}
