//! What stands twice where once is meant.
//!
//! Source: OpenAPI 3.1.1 "Operation Object" (parameters), "OpenAPI Object" (tags); 2.0 "Parameter
//! Object"; JSON Schema 2020-12 validation 6.1.2, 6.5.3.

use std::collections::{HashMap, HashSet};

use super::super::model::Location;
use super::super::place::short;
use super::super::refs::Resolver;
use super::super::tree::{Kind, NodeId};
use super::super::{Dialect, Document, Fault, Severity};

/// What the rules about repetition find.
pub(super) fn judge(document: &Document) -> Vec<Fault> {
    let mut judge = Judge { document, resolver: Resolver::of(document), faults: Vec::new() };
    judge.schemas();
    judge.tags();
    judge.parameters();
    judge.faults
}

/// The finding that an item of a list repeats an earlier one.
pub(super) fn repeated(document: &Document, item: NodeId, severity: Severity) -> Fault {
    let shown = match document.tree().scalar_source(item) {
        Some(text) => format!("`{}`", short(text)),
        None => "an item".into(),
    };
    Fault {
        rule: "item-repeated",
        severity,
        message: format!("{shown} stands in the list already"),
        node: item,
        help: "Remove the repetition.",
    }
}

/// The items of a list that equal an earlier one.
pub(super) fn repetitions(document: &Document, list: NodeId) -> Vec<NodeId> {
    let items = document.tree().items(list);
    let mut seen = HashSet::new();
    items.iter().copied().filter(|item| !seen.insert(document.value_hash(*item))).collect()
}

struct Judge<'d> {
    document: &'d Document,
    resolver: Resolver<'d>,
    faults: Vec<Fault>,
}

impl Judge<'_> {
    fn list(&mut self, list: NodeId, severity: Severity) {
        let document = self.document;
        if document.tree().items(list).len() > 1 {
            let repeated =
                repetitions(document, list).into_iter().map(|item| repeated(document, item, severity));
            self.faults.extend(repeated);
        }
    }

    /// `required` must not repeat a name; `enum` should not repeat a value.
    fn schemas(&mut self) {
        let document = self.document;
        let tree = document.tree();
        for (_, schema) in document.api().schemas.iter() {
            if schema.enum_values.is_some()
                && let Some(list) = tree.get(schema.node, "enum")
            {
                self.list(list, Severity::Warning);
            }
            if !schema.required().is_empty()
                && let Some(list) = tree.get(schema.node, "required")
            {
                self.list(list, Severity::Error);
            }
        }
    }

    /// Names of declared tags, and the tags of each operation.
    fn tags(&mut self) {
        let document = self.document;
        let tree = document.tree();
        let mut names: HashSet<&str> = HashSet::new();
        for tag in &document.api().tags {
            if names.insert(&tag.name) {
                continue;
            }
            self.faults.push(Fault {
                rule: "tag-duplicate",
                severity: Severity::Error,
                message: format!("a tag called `{}` is declared already", short(&tag.name)),
                node: tree.get(tag.node, "name").unwrap_or(tag.node),
                help: "Declare each tag once.",
            });
        }
        let api = document.api();
        let mut judged = HashSet::new();
        for operation in api.operations.iter().chain(&api.webhooks) {
            if let Some(list) = tree.get(operation.node, "tags").filter(|_| judged.insert(operation.node)) {
                self.list(list, Severity::Warning);
            }
        }
    }

    /// Parameters of one list: each name and place once, and in 2.0 one body.
    fn parameters(&mut self) {
        let document = self.document;
        let (api, tree) = (document.api(), document.tree());
        let mut judged = HashSet::new();
        for operation in api.operations.iter().chain(&api.webhooks) {
            for holder in [operation.path_node, operation.node] {
                let list = tree.get(holder, "parameters").filter(|list| tree.kind(*list) == Kind::Array);
                if let Some(list) = list.filter(|list| judged.insert(*list)) {
                    self.one_list(list);
                }
            }
        }
    }

    fn one_list(&mut self, list: NodeId) {
        let tree = self.document.tree();
        let mut seen: HashMap<(&str, String), NodeId> = HashMap::new();
        let mut body: Option<NodeId> = None;
        let mut form: Option<NodeId> = None;
        for item in tree.items(list) {
            let Some(node) = self.resolver.follow(*item) else { continue };
            let (Some(place), Some(name)) = (tree.text_of(node, "in"), tree.text_of(node, "name")) else {
                continue;
            };
            if place == "body" && self.document.dialect() == Dialect::V20 {
                if body.replace(*item).is_some() {
                    self.conflict(*item, "a second body parameter: a call has one body");
                }
                continue;
            }
            if place == "formData" {
                form = form.or(Some(*item));
            }
            let key = match Location::named(place) {
                Some(Location::Header) => name.to_ascii_lowercase(),
                _ => name.to_owned(),
            };
            if seen.insert((place, key), *item).is_some() {
                self.faults.push(Fault {
                    rule: "parameter-duplicate",
                    severity: Severity::Error,
                    message: format!(
                        "the list has a parameter `{}` in {} already",
                        short(name),
                        short(place)
                    ),
                    node: *item,
                    help: "Declare each parameter of a list once: name and place make it what it is.",
                });
            }
        }
        if let (Some(body), Some(form)) = (body, form) {
            self.conflict(
                body.max(form),
                "a body parameter stands beside form parameters: a call has one body",
            );
        }
    }

    fn conflict(&mut self, node: NodeId, message: &str) {
        self.faults.push(Fault {
            rule: "body-conflict",
            severity: Severity::Error,
            message: message.into(),
            node,
            help: "Keep one body parameter, or form parameters alone.",
        });
    }
}
