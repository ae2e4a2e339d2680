//! Components that nothing in the document reaches.
//!
//! Everything outside the components is in use, and what is in use reaches on: by `$ref` wherever
//! one stands, by the name of a security scheme, by the mapping of a discriminator, and by its
//! implicit names, which make the children of a parent (`allOf`) its alternatives. A document
//! without operations is a library for others, and nothing in it is called unused.
//!
//! Source: OpenAPI 3.1.1 "Components Object", "Discriminator Object"; 2.0 "Definitions Object".

use std::collections::{HashMap, HashSet};

use super::super::place::short;
use super::super::refs::{Resolver, Target};
use super::super::tree::{Kind, NodeId, Tree};
use super::super::{Dialect, Document, Fault, Severity};

/// Sections of components, and what a member of each is called.
const SECTIONS: &[(&str, &str)] = &[
    ("schemas", "schema"),
    ("responses", "response"),
    ("parameters", "parameter"),
    ("examples", "example"),
    ("requestBodies", "request body"),
    ("headers", "header"),
    ("securitySchemes", "security scheme"),
    ("links", "link"),
    ("callbacks", "callback"),
    ("pathItems", "path item"),
    ("mediaTypes", "media type"),
];
/// The same in 2.0, where they stand at the root.
const OLD_SECTIONS: &[(&str, &str)] = &[
    ("definitions", "schema"),
    ("parameters", "parameter"),
    ("responses", "response"),
    ("securityDefinitions", "security scheme"),
];

/// Findings of a document.
const MOST: usize = 200;

/// What is declared and reached by nothing.
pub(super) fn judge(document: &Document) -> Vec<Fault> {
    let api = document.api();
    if api.operations.is_empty() && api.webhooks.is_empty() {
        return Vec::new();
    }
    let mut search = Search::new(document);
    search.run();
    if search.resolver.stopped().is_some() {
        // Not every reference was followed, so what is unused is not known.
        return Vec::new();
    }
    let unused = search.components.iter().enumerate().filter(|(index, _)| !search.used[*index]);
    unused
        .take(MOST)
        .map(|(_, component)| Fault {
            rule: "component-unused",
            severity: Severity::Note,
            message: format!(
                "nothing in the document uses the {} `{}`",
                component.noun,
                short(component.name)
            ),
            node: component.node,
            help: "Remove it, or refer to it where it was meant.",
        })
        .collect()
}

struct Component<'d> {
    name: &'d str,
    noun: &'static str,
    node: NodeId,
}

struct Search<'d> {
    tree: &'d Tree,
    resolver: Resolver<'d>,
    /// In document order, as their nodes are.
    components: Vec<Component<'d>>,
    by_name: HashMap<(&'static str, &'d str), usize>,
    /// Schemas whose `allOf` names the schema, which are its alternatives if it has a discriminator.
    children: HashMap<usize, Vec<usize>>,
    /// Schemas whose values name their kind: those with a discriminator and all below them.
    discriminated: HashSet<usize>,
    used: Vec<bool>,
    todo: Vec<NodeId>,
    /// Containers that hold components, which are in use only where something reaches them.
    sections: HashSet<NodeId>,
}

impl<'d> Search<'d> {
    fn new(document: &'d Document) -> Self {
        let tree = document.tree();
        let is_old = document.dialect() == Dialect::V20;
        let home = if is_old { Some(NodeId::ROOT) } else { tree.get(NodeId::ROOT, "components") };
        let mut components = Vec::new();
        let mut sections = HashSet::new();
        for (key, noun) in if is_old { OLD_SECTIONS } else { SECTIONS } {
            let Some(section) = home.and_then(|home| tree.get(home, key)) else { continue };
            sections.insert(section);
            let members =
                tree.members(section).filter(|(name, _)| *noun == "schema" || !name.starts_with("x-"));
            components.extend(members.map(|(name, node)| Component { name, noun, node }));
        }
        components.sort_by_key(|component| component.node);
        let by_name = components
            .iter()
            .enumerate()
            .map(|(index, component)| ((component.noun, component.name), index))
            .collect();
        let mut search = Self {
            tree,
            resolver: Resolver::of(document),
            used: vec![false; components.len()],
            components,
            by_name,
            children: HashMap::new(),
            discriminated: HashSet::new(),
            todo: vec![NodeId::ROOT],
            sections,
        };
        search.families();
        search
    }

    /// Who is whose child by `allOf`, and which families have a discriminator at their head.
    fn families(&mut self) {
        let tree = self.tree;
        let mut heads = Vec::new();
        for index in 0..self.components.len() {
            let Component { noun, node, .. } = self.components[index];
            if noun != "schema" {
                continue;
            }
            if tree.get(node, "discriminator").is_some() {
                heads.push(index);
            }
            for part in tree.get(node, "allOf").map_or(&[][..], |list| tree.items(list)) {
                if tree.get(*part, "discriminator").is_some() {
                    heads.push(index);
                }
                let Some(reference) = tree.text_of(*part, "$ref") else { continue };
                if let Some(target) = self.resolver.target(*part, reference).node()
                    && let Some(parent) = self.holder(target)
                {
                    self.children.entry(parent).or_default().push(index);
                }
            }
        }
        while let Some(index) = heads.pop() {
            if self.discriminated.insert(index) {
                heads.extend(self.children.get(&index).into_iter().flatten());
            }
        }
    }

    /// The component that holds a node.
    fn holder(&self, node: NodeId) -> Option<usize> {
        let index = self.components.partition_point(|component| component.node <= node).checked_sub(1)?;
        // Or the node stands after all that the last component before it holds.
        let component = &self.components[index];
        (node < self.tree.end(component.node)).then_some(index)
    }

    fn run(&mut self) {
        let tree = self.tree;
        while let Some(node) = self.todo.pop() {
            if self.sections.contains(&node) {
                continue;
            }
            self.todo.extend(tree.items(node).iter().filter(|item| is_container(tree, **item)));
            for entry in tree.entries(node) {
                match (tree.key(entry.key), tree.kind(entry.node)) {
                    ("$ref" | "$dynamicRef", Kind::Text) => {
                        self.reach(node, tree.text(entry.node).unwrap_or_default());
                    }
                    ("security", Kind::Array) => self.security(entry.node),
                    ("mapping", Kind::Object) => self.mapping(entry.node),
                    (_, Kind::Array | Kind::Object) => self.todo.push(entry.node),
                    _ => {}
                }
            }
        }
    }

    /// What a reference leads to, and what holds that.
    fn reach(&mut self, at: NodeId, reference: &'d str) {
        match self.resolver.target(at, reference) {
            Target::Here(node) | Target::Astray(node) => {
                if let Some(index) = self.holder(node) {
                    self.mark(index);
                }
            }
            // Perhaps the document by another of its names: what is called so is not said to be unused.
            Target::Outside => {
                let name = reference.rsplit(['/', '#']).next().unwrap_or_default();
                for (_, noun) in SECTIONS {
                    self.mark_named(noun, name);
                }
            }
            Target::Nowhere => {}
        }
    }

    fn mark_named(&mut self, noun: &'static str, name: &'d str) -> bool {
        let index = self.by_name.get(&(noun, name)).copied();
        if let Some(index) = index {
            self.mark(index);
        }
        index.is_some()
    }

    fn mark(&mut self, index: usize) {
        let mut family = vec![index];
        while let Some(index) = family.pop() {
            if std::mem::replace(&mut self.used[index], true) {
                continue;
            }
            self.todo.push(self.components[index].node);
            if self.discriminated.contains(&index) {
                family.extend(self.children.get(&index).into_iter().flatten());
            }
        }
    }

    fn security(&mut self, list: NodeId) {
        let tree = self.tree;
        for (name, _) in tree.items(list).iter().flat_map(|alternative| tree.members(*alternative)) {
            // 3.2 takes references too.
            if !self.mark_named("security scheme", name) {
                self.reach(list, name);
            }
        }
    }

    fn mapping(&mut self, mapping: NodeId) {
        let tree = self.tree;
        for (_, target) in tree.members(mapping) {
            match tree.text(target) {
                Some(text) => {
                    if !self.mark_named("schema", text) {
                        self.reach(mapping, text);
                    }
                }
                // A schema that has a property called so.
                None => self.todo.push(target),
            }
        }
    }
}

fn is_container(tree: &Tree, node: NodeId) -> bool {
    matches!(tree.kind(node), Kind::Array | Kind::Object)
}
