//! `$ref`: where a reference leads within its own document, and which lead nowhere or out of it.
//!
//! Nothing is fetched or opened: a reference to another file or to the network is a [`Fault`], and
//! so is one to nowhere. Chains and cycles are fine; who follows a chain does so with [`follow`],
//! which ends.
//!
//! Source: RFC 6901 section 6 (URI fragments), OpenAPI 3.1.1 "Reference Object".

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use super::place::{locate, short};
use super::tree::{Kind, NodeId, Tree};
use super::{Fault, Severity};

/// Where a reference leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A node of the same document.
    Here(NodeId),
    /// The same document, but nothing is there.
    Nowhere,
    /// Another document.
    Outside,
}

/// Finds what references of one document lead to.
#[derive(Debug)]
pub(super) struct Resolver<'d> {
    tree: &'d Tree,
    /// `$anchor` names, collected when the first one is asked for.
    anchors: Option<HashMap<&'d str, NodeId>>,
}

impl<'d> Resolver<'d> {
    pub(super) fn new(tree: &'d Tree) -> Self {
        Self { tree, anchors: None }
    }

    pub(super) fn target(&mut self, reference: &str) -> Target {
        let Some(fragment) = reference.strip_prefix('#') else {
            return Target::Outside;
        };
        let decoded = percent_decode_str(fragment).decode_utf8();
        let pointer = decoded.as_deref().unwrap_or(fragment);
        let found = if pointer.is_empty() || pointer.starts_with('/') {
            // A key that holds a percent sign is often written unescaped.
            locate(self.tree, pointer).or_else(|| locate(self.tree, fragment))
        } else {
            self.anchors().get(pointer).copied()
        };
        found.map_or(Target::Nowhere, Target::Here)
    }

    /// The node behind a chain of references from this object, itself where it is none. `None`
    /// where the chain leads nowhere, out of the document, or round in a circle.
    pub(super) fn follow(&mut self, node: NodeId) -> Option<NodeId> {
        let mut at = node;
        // Real chains have two or three links; a circle has no end.
        for _ in 0..64 {
            let Some(reference) = reference_of(self.tree, at) else {
                return Some(at);
            };
            match self.target(reference) {
                Target::Here(next) => at = next,
                Target::Nowhere | Target::Outside => return None,
            }
        }
        None
    }

    /// One link of a chain.
    pub(super) fn step(&mut self, node: NodeId) -> Option<NodeId> {
        match self.target(reference_of(self.tree, node)?) {
            Target::Here(next) => Some(next),
            Target::Nowhere | Target::Outside => None,
        }
    }

    fn anchors(&mut self) -> &HashMap<&'d str, NodeId> {
        let tree = self.tree;
        self.anchors.get_or_insert_with(|| {
            let mut anchors = HashMap::new();
            for index in 0..tree.len() {
                let node = NodeId(u32::try_from(index).unwrap_or(u32::MAX));
                for key in ["$anchor", "$dynamicAnchor"] {
                    if let Some(name) = tree.text_of(node, key) {
                        anchors.entry(name).or_insert(node);
                    }
                }
            }
            anchors
        })
    }
}

/// The text of `$ref` in an object.
pub(super) fn reference_of(tree: &Tree, node: NodeId) -> Option<&str> {
    tree.text_of(node, "$ref")
}

/// What a container means to the search for references.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// Its keys are words of the specification.
    Object,
    /// Its keys are names that the author chose.
    Names,
    /// As `Names`, of examples: each may be a reference, none is searched.
    Examples,
}

/// Every reference that leads nowhere or out of the document. Examples, defaults, enums and
/// extensions are data, and are not searched.
pub(super) fn faults(tree: &Tree) -> Vec<Fault> {
    let mut resolver = Resolver::new(tree);
    let mut faults = Vec::new();
    let mut todo = vec![(NodeId::ROOT, Place::Object)];
    while let Some((node, place)) = todo.pop() {
        for item in tree.items(node) {
            todo.push((*item, Place::Object));
        }
        for entry in tree.entries(node) {
            let key = tree.key(entry.key);
            let below = match place {
                Place::Object if key == "$ref" => {
                    if let Some(reference) = tree.text(entry.node) {
                        faults.extend(judge(resolver.target(reference), reference, entry.node));
                        continue;
                    }
                    Place::Object
                }
                Place::Object => match meaning(tree, key, entry.node) {
                    Some(below) => below,
                    None => continue,
                },
                Place::Names => Place::Object,
                Place::Examples => {
                    if let Some(reference) = tree.get(entry.node, "$ref")
                        && let Some(text) = tree.text(reference)
                    {
                        faults.extend(judge(resolver.target(text), text, reference));
                    }
                    continue;
                }
            };
            if matches!(tree.kind(entry.node), Kind::Object | Kind::Array) {
                todo.push((entry.node, below));
            }
        }
    }
    faults.sort_by_key(|fault| fault.node);
    faults
}

/// What stands below a word of the specification; `None` for data.
pub(super) fn meaning(tree: &Tree, key: &str, node: NodeId) -> Option<Place> {
    match key {
        "example" | "default" | "enum" | "const" | "value" | "dataValue" => None,
        "examples" => (tree.kind(node) == Kind::Object).then_some(Place::Examples),
        "properties"
        | "patternProperties"
        | "definitions"
        | "$defs"
        | "dependentSchemas"
        | "schemas"
        | "responses"
        | "parameters"
        | "requestBodies"
        | "headers"
        | "securitySchemes"
        | "securityDefinitions"
        | "links"
        | "callbacks"
        | "pathItems"
        | "paths"
        | "webhooks"
        | "content"
        | "mediaTypes"
        | "encoding"
        | "mapping"
        | "scopes"
        | "variables"
        | "additionalOperations" => Some(Place::Names),
        _ if key.starts_with("x-") => None,
        _ => Some(Place::Object),
    }
}

fn judge(target: Target, reference: &str, node: NodeId) -> Option<Fault> {
    let (rule, message, help) = match target {
        Target::Here(_) => return None,
        Target::Nowhere => (
            "ref-dangling",
            format!("`{}` leads nowhere", short(reference)),
            "Mend the pointer, or add what it names.",
        ),
        Target::Outside => (
            "ref-external",
            format!("`{}` leads out of the document, and nothing is fetched", short(reference)),
            "Bundle the documents into one.",
        ),
    };
    Some(Fault { rule, severity: Severity::Error, message, node, help })
}
