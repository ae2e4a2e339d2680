//! Names that must be those of something else: variables of servers, targets of links and
//! discriminators, parents of tags.
//!
//! Source: OpenAPI 3.1.1 "Server Object", "Server Variable Object", "Link Object", "Discriminator
//! Object"; 3.2.0 "Tag Object".

use std::collections::{HashMap, HashSet};

use super::super::model::{Operation, Server};
use super::super::place::short;
use super::super::refs::{Resolver, Target};
use super::super::tree::{Kind, NodeId, Tree};
use super::super::{Api, Dialect, Document, Fault, Severity};
use super::structure::template_names;

/// What the rules about names find.
pub(super) fn judge(document: &Document) -> Vec<Fault> {
    let mut judge = Judge {
        document,
        api: document.api(),
        tree: document.tree(),
        resolver: Resolver::of(document),
        faults: Vec::new(),
    };
    judge.servers();
    judge.links();
    judge.mappings();
    judge.tags();
    if judge.resolver.stopped().is_some() {
        // A reference that was not followed only seems to lead nowhere.
        judge
            .faults
            .retain(|fault| !matches!(fault.rule, "link-operation-unknown" | "discriminator-target-unknown"));
    }
    judge.faults
}

struct Judge<'d> {
    document: &'d Document,
    api: &'d Api,
    tree: &'d Tree,
    resolver: Resolver<'d>,
    faults: Vec<Fault>,
}

impl<'d> Judge<'d> {
    fn fault(&mut self, rule: &'static str, node: NodeId, message: String, help: &'static str) {
        self.faults.push(Fault { rule, severity: Severity::Error, message, node, help });
    }

    fn operations(&self) -> impl Iterator<Item = &'d Operation> {
        self.api.operations.iter().chain(&self.api.webhooks)
    }

    fn servers(&mut self) {
        if self.document.dialect() == Dialect::V20 {
            return;
        }
        let mut judged = HashSet::new();
        let of_operations = self.operations().flat_map(|operation| &operation.servers);
        let servers: Vec<&Server> = self
            .api
            .servers
            .iter()
            .chain(of_operations)
            .filter(|server| judged.insert(server.node))
            .collect();
        for server in servers {
            self.server(server);
        }
    }

    fn server(&mut self, server: &Server) {
        let tree = self.tree;
        let Some(url) = tree.get(server.node, "url") else { return };
        let used = match template_names(&server.template) {
            Ok(used) => used,
            // A variable may well stand twice in a URL.
            Err(what) if what.contains("twice") => return,
            Err(what) => {
                let message = format!("the URL `{}` {what}", short(&server.template));
                self.fault("server-url-malformed", url, message, "Write each variable as `{name}`.");
                return;
            }
        };
        for name in &used {
            if !server.variables.iter().any(|variable| variable.name == *name) {
                let message = format!("no variable of the server is called `{}`", short(name));
                self.fault(
                    "server-variable-undefined",
                    url,
                    message,
                    "Declare it among `variables`, with a default.",
                );
            }
        }
        let Some(map) = tree.get(server.node, "variables") else { return };
        for variable in &server.variables {
            let Some(node) = tree.get(map, &variable.name) else { continue };
            if !variable.allowed.is_empty()
                && !variable.allowed.contains(&variable.default)
                && tree.get(node, "default").is_some()
            {
                let at = tree.get(node, "default").unwrap_or(node);
                let message =
                    format!("the default `{}` is none of the values of `enum`", short(&variable.default));
                self.fault(
                    "server-variable-default",
                    at,
                    message,
                    "Add it to `enum`, or choose one that is there.",
                );
            }
        }
    }

    fn links(&mut self) {
        if self.document.dialect() == Dialect::V20 {
            return;
        }
        let ids: HashSet<&str> = self.operations().filter_map(|operation| operation.id.as_deref()).collect();
        let mut found: Vec<NodeId> = Vec::new();
        for response in self.operations().flat_map(|operation| &operation.responses) {
            let links = self.tree.get(response.node, "links").map(|links| self.tree.members(links));
            found.extend(links.into_iter().flatten().map(|(_, link)| link));
        }
        let shared = self.tree.get(NodeId::ROOT, "components").and_then(|home| self.tree.get(home, "links"));
        found
            .extend(shared.map(|links| self.tree.members(links)).into_iter().flatten().map(|(_, link)| link));
        found.sort_unstable();
        found.dedup();
        for link in found {
            if self.tree.get(link, "$ref").is_some() {
                continue;
            }
            if let Some(node) = self.tree.get(link, "operationId")
                && let Some(id) = self.tree.text(node)
                && !ids.contains(id)
            {
                let message = format!("no operation has the operationId `{}`", short(id));
                self.fault("link-operation-unknown", node, message, "Name an operation of this document.");
            }
            if let Some(node) = self.tree.get(link, "operationRef")
                && let Some(reference) = self.tree.text(node)
                && self.resolver.target(link, reference) == Target::Nowhere
            {
                let message = format!("`{}` leads to no operation", short(reference));
                self.fault("link-operation-unknown", node, message, "Name an operation of this document.");
            }
        }
    }

    /// A value of a mapping is the name of a schema or a reference to one.
    fn mappings(&mut self) {
        let api = self.api;
        let names: HashSet<&str> = api.components.iter().map(|(name, _)| name.as_str()).collect();
        for (_, schema) in api.schemas.iter() {
            let Some(map) = schema.discriminator().and_then(|each| self.tree.get(each.node, "mapping"))
            else {
                continue;
            };
            for (_, node) in self.tree.members(map) {
                let Some(text) = self.tree.text(node) else { continue };
                // What is neither a name nor leads into this document may be the URL of another.
                let is_url =
                    text.contains(['/', '#', ':']) || text.ends_with(".json") || text.ends_with(".yaml");
                let leads_nowhere = is_url && self.resolver.target(map, text) == Target::Nowhere;
                if names.contains(text) || is_url && !leads_nowhere {
                    continue;
                }
                let message = format!("`{}` names no schema", short(text));
                self.fault(
                    "discriminator-target-unknown",
                    node,
                    message,
                    "Give the name of a schema, or a reference to one.",
                );
            }
        }
    }

    /// `parent` of a tag (3.2): one that is declared, and no circle.
    fn tags(&mut self) {
        if self.document.dialect() != Dialect::V32 {
            return;
        }
        let tree = self.tree;
        let parents: HashMap<&str, NodeId> = self
            .api
            .tags
            .iter()
            .filter_map(|tag| Some((tag.name.as_str(), tree.get(tag.node, "parent")?)))
            .collect();
        let names: HashSet<&str> = self.api.tags.iter().map(|tag| tag.name.as_str()).collect();
        for tag in &self.api.tags {
            let Some(node) = tree.get(tag.node, "parent").filter(|node| tree.kind(*node) == Kind::Text)
            else {
                continue;
            };
            let parent = tree.text(node).unwrap_or_default();
            if !names.contains(parent) {
                let message = format!("no tag is called `{}`", short(parent));
                self.fault("tag-parent-unknown", node, message, "Declare the tag, or mend the name.");
                continue;
            }
            let mut at = parent;
            // No hierarchy that anybody means is deeper.
            for _ in 0..100 {
                if at == tag.name {
                    let message = format!("the tag `{}` is its own ancestor", short(&tag.name));
                    self.fault("tag-parent-unknown", node, message, "Let one of the circle have no parent.");
                    break;
                }
                match parents.get(at).and_then(|node| tree.text(*node)) {
                    Some(next) => at = next,
                    None => break,
                }
            }
        }
    }
}
