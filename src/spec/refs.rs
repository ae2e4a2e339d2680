//! `$ref`: where a reference leads within its own document, and which lead nowhere or out of it.
//!
//! Nothing is fetched or opened: a reference to another file or to the network is a [`Fault`], and
//! so is one to nowhere. Chains and cycles are fine; who follows a chain does so with
//! [`Resolver::follow`], which ends. How many links are followed in all is bounded.
//!
//! From 3.1 on a schema with `$id` is a resource of its own: references within it start there, and
//! others find it by its URI. 3.2 names the whole document by `$self`. Neither word means anything
//! in older documents.
//!
//! Source: RFC 6901 section 6 (URI fragments), OpenAPI 3.1.1 and 3.2.0 "Reference Object" and
//! "Relative References in API Description URIs", JSON Schema 2020-12 core section 8.2.

use std::collections::{HashMap, HashSet};

use percent_encoding::percent_decode_str;

use super::hash::{ByHash, Hasher};
use super::place::{locate, pointer, short};
use super::tree::{Kind, NodeId, Tree};
use super::uri::{resolve, split_fragment};
use super::{Dialect, Document, Fault, Severity};

/// Stands for the URI that the document was read from, which nobody tells.
const UNKNOWN: &str = "unknown:///";
/// URIs of one document together: each may repeat a long base.
const URI_BYTES: usize = 16 << 20;
/// Longer references are remembered by where they stand: YAML aliases can repeat one half a million
/// times, and to read it each time is too much.
const LONG: usize = 96;

/// Where a reference leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A node of the same document.
    Here(NodeId),
    /// Nothing is there in the resource that the reference starts from, but this node is where it
    /// would lead from the document's root, which is what its author takes it to mean.
    Astray(NodeId),
    /// The same document, but nothing is there.
    Nowhere,
    /// Another document.
    Outside,
}

impl Target {
    pub(super) const fn node(self) -> Option<NodeId> {
        match self {
            Self::Here(node) | Self::Astray(node) => Some(node),
            Self::Nowhere | Self::Outside => None,
        }
    }
}

/// Finds what references of one document lead to.
#[derive(Debug)]
pub(super) struct Resolver<'d> {
    tree: &'d Tree,
    dialect: Dialect,
    /// Made when the first reference asks for it.
    resources: Option<Resources<'d>>,
    /// Targets of short references by the hash of their text and the resource they start from.
    known: ByHash<Target>,
    /// Targets of long references by the place of their text and the resource they start from.
    remembered: HashMap<(usize, usize, u32), Target>,
    /// Ends of chains by their inner links, `None` where there is no end.
    ends: HashMap<NodeId, Option<NodeId>>,
    /// Links that may still be followed.
    left: usize,
    /// Where the link stands that was one too many.
    stopped: Option<NodeId>,
}

impl<'d> Resolver<'d> {
    /// A resolver that follows at most so many links.
    pub(super) fn new(tree: &'d Tree, dialect: Dialect, most: usize) -> Self {
        Self {
            tree,
            dialect,
            resources: None,
            known: ByHash::default(),
            remembered: HashMap::new(),
            ends: HashMap::new(),
            left: most,
            stopped: None,
        }
    }

    /// A resolver for one document, under its own bound.
    pub(super) fn of(document: &'d Document) -> Self {
        Self::new(&document.tree, document.dialect(), document.references)
    }

    /// How many links may still be followed.
    pub(super) const fn left(&self) -> usize {
        self.left
    }

    /// Where the first link stands that was not followed because it was one too many.
    pub(super) const fn stopped(&self) -> Option<NodeId> {
        self.stopped
    }

    /// Where a reference leads that stands in the object `at`.
    pub(super) fn target(&mut self, at: NodeId, reference: &'d str) -> Target {
        let Some(left) = self.left.checked_sub(1) else {
            self.stopped.get_or_insert(at);
            return Target::Nowhere;
        };
        self.left = left;
        if !self.has_resources() {
            return match reference.strip_prefix('#') {
                Some(fragment) => self.remember(0, reference, |own| own.within(0, fragment)),
                None => Target::Outside,
            };
        }
        let start = self.resources().holding(at);
        self.remember(start, reference, |own| own.beside(start, reference))
    }

    fn remember(&mut self, start: u32, text: &str, find: impl FnOnce(&mut Self) -> Target) -> Target {
        if text.len() <= LONG {
            let key = Hasher::new(text).number(u64::from(start)).finish();
            if let Some(known) = self.known.get(&key) {
                return *known;
            }
            let target = find(self);
            self.known.insert(key, target);
            return target;
        }
        let key = (text.as_ptr().addr(), text.len(), start);
        if let Some(known) = self.remembered.get(&key) {
            return *known;
        }
        let target = find(self);
        self.remembered.insert(key, target);
        target
    }

    /// Where a reference leads from within a resource.
    fn beside(&mut self, start: u32, reference: &str) -> Target {
        let (uri, fragment) = split_fragment(reference);
        if uri.is_empty() {
            return self.within(start, fragment);
        }
        let resources = self.resources();
        let named = resolve(resources.base(start), uri);
        match named.and_then(|uri| resources.by_uri.get(&uri).copied()) {
            Some(resource) => self.within(resource, fragment),
            None => Target::Outside,
        }
    }

    /// What a fragment means in a resource.
    fn within(&mut self, resource: u32, fragment: &str) -> Target {
        let decoded = percent_decode_str(fragment).decode_utf8();
        let decoded = decoded.as_deref().unwrap_or(fragment);
        if !decoded.is_empty() && !decoded.starts_with('/') {
            if self.dialect < Dialect::V31 {
                return Target::Nowhere;
            }
            let found = self.resources().anchors.get(&(resource, decoded)).copied();
            return found.map_or(Target::Nowhere, Target::Here);
        }
        // A key that holds a percent sign is often written unescaped.
        let from_root = |tree| locate(tree, decoded).or_else(|| locate(tree, fragment));
        if resource == 0 {
            return from_root(self.tree).map_or(Target::Nowhere, Target::Here);
        }
        let node = self.resources().all[resource as usize].node;
        if decoded.is_empty() {
            return Target::Here(node);
        }
        let mut whole = pointer(self.tree, node);
        whole.push_str(decoded);
        match locate(self.tree, &whole) {
            Some(node) => Target::Here(node),
            None => from_root(self.tree).map_or(Target::Nowhere, Target::Astray),
        }
    }

    /// The node behind a chain of references from this object, itself where it is none. `None`
    /// where the chain leads nowhere, out of the document, or round in a circle.
    pub(super) fn follow(&mut self, node: NodeId) -> Option<NodeId> {
        let mut at = node;
        let mut inner = Vec::new();
        let end = loop {
            let Some(reference) = reference_of(self.tree, at) else {
                break Some(at);
            };
            if at != node {
                if let Some(known) = self.ends.get(&at) {
                    break *known;
                }
                // Who comes here again before the end is known goes round in a circle.
                self.ends.insert(at, None);
                inner.push(at);
            }
            match self.target(at, reference).node() {
                Some(next) if next != node => at = next,
                _ => break None,
            }
        };
        if end.is_some() {
            self.ends.extend(inner.into_iter().map(|link| (link, end)));
        }
        end
    }

    /// One link of a chain.
    pub(super) fn step(&mut self, node: NodeId) -> Option<NodeId> {
        self.target(node, reference_of(self.tree, node)?).node()
    }

    /// Where a `$dynamicRef` leads whatever way its schema is reached; `None` where that depends
    /// on the way, which is not decided here.
    pub(super) fn dynamic(&mut self, at: NodeId, reference: &'d str) -> Option<Target> {
        let target = self.target(at, reference);
        let node = target.node()?;
        let Some(name) = self.tree.text_of(node, "$dynamicAnchor") else {
            return Some(target);
        };
        // Reached by a pointer, or by an anchor that is none of the dynamic ones, it is plain.
        let is_plain = split_fragment(reference).1 != name;
        (is_plain || self.is_only_dynamic(name)).then_some(target)
    }

    /// Whether no other schema has this `$dynamicAnchor`, which makes it an `$anchor`.
    pub(super) fn is_only_dynamic(&mut self, name: &str) -> bool {
        self.resources().dynamic.get(name) == Some(&1)
    }

    /// Whether anything in the document may name a resource.
    fn has_resources(&self) -> bool {
        self.resources.as_ref().map_or_else(
            || {
                let says = |key| self.tree.keys.find(key).is_some();
                (self.dialect >= Dialect::V31 && says("$id"))
                    || (self.dialect >= Dialect::V32 && says("$self"))
            },
            |resources| resources.all.len() > 1 || resources.all[0].base != UNKNOWN,
        )
    }

    fn resources(&mut self) -> &Resources<'d> {
        let (tree, dialect) = (self.tree, self.dialect);
        self.resources.get_or_insert_with(|| Resources::of(tree, dialect))
    }
}

/// A part of the document that has a URI: the document itself, or a schema with `$id`.
#[derive(Debug)]
struct Resource {
    node: NodeId,
    /// The first node after it.
    end: u32,
    base: String,
}

/// The resources and anchors of a document.
#[derive(Debug)]
struct Resources<'d> {
    /// In document order, the document itself first.
    all: Vec<Resource>,
    /// From each of these nodes on, the innermost resource is this one.
    borders: Vec<(u32, u32)>,
    by_uri: HashMap<String, u32>,
    anchors: HashMap<(u32, &'d str), NodeId>,
    /// How often a name is a `$dynamicAnchor`.
    dynamic: HashMap<&'d str, usize>,
}

impl<'d> Resources<'d> {
    fn of(tree: &'d Tree, dialect: Dialect) -> Self {
        let said = tree.text_of(NodeId::ROOT, "$self").filter(|_| dialect >= Dialect::V32);
        // A schema that stands alone is its own document.
        let is_schema = || tree.get(NodeId::ROOT, "openapi").is_none();
        let said = said.or_else(|| tree.text_of(NodeId::ROOT, "$id").filter(|_| is_schema()));
        let base = said.and_then(|uri| resolve(UNKNOWN, split_fragment(uri).0));
        let base = base.unwrap_or_else(|| UNKNOWN.into());
        let end = u32::try_from(tree.len()).unwrap_or(u32::MAX);
        let mut own = Self {
            by_uri: HashMap::from([(base.clone(), 0)]),
            all: vec![Resource { node: NodeId::ROOT, end, base }],
            borders: vec![(0, 0)],
            anchors: HashMap::new(),
            dynamic: HashMap::new(),
        };
        if dialect < Dialect::V31 {
            return own;
        }
        let mut schemas = Vec::new();
        objects(tree, dialect, |node| {
            if ["$id", "$anchor", "$dynamicAnchor"].iter().any(|key| tree.text_of(node, key).is_some()) {
                schemas.push(node);
            }
        });
        schemas.sort_unstable();
        let mut inside = vec![0];
        let mut left = URI_BYTES;
        for node in schemas {
            while let Some(last) = inside.last().filter(|last| own.all[**last as usize].end <= node.0) {
                let end = own.all[*last as usize].end;
                inside.pop();
                own.borders.push((end, inside.last().copied().unwrap_or(0)));
            }
            own.open(tree, node, &mut inside, &mut left);
            let resource = inside.last().copied().unwrap_or(0);
            for key in ["$anchor", "$dynamicAnchor"] {
                if let Some(name) = tree.text_of(node, key) {
                    own.anchors.entry((resource, name)).or_insert(node);
                }
            }
            if let Some(name) = tree.text_of(node, "$dynamicAnchor") {
                *own.dynamic.entry(name).or_default() += 1;
            }
        }
        while let Some(last) = inside.pop() {
            own.borders.push((own.all[last as usize].end, inside.last().copied().unwrap_or(0)));
        }
        own
    }

    /// Opens the resource that `$id` makes of a schema. A fragment alone is an older draft's anchor.
    fn open(&mut self, tree: &Tree, node: NodeId, inside: &mut Vec<u32>, left: &mut usize) {
        let Some(id) = tree.text_of(node, "$id").filter(|_| node != NodeId::ROOT) else {
            return;
        };
        let (uri, fragment) = split_fragment(id);
        let outer = inside.last().copied().unwrap_or(0);
        let base = resolve(self.base(outer), uri).filter(|_| !uri.is_empty() && fragment.is_empty());
        let Some(base) = base.filter(|base| base.len() <= *left) else {
            return;
        };
        *left -= base.len();
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.by_uri.entry(base.clone()).or_insert(number);
        self.all.push(Resource { node, end: tree.end(node).0, base });
        self.borders.push((node.0, number));
        inside.push(number);
    }

    fn base(&self, resource: u32) -> &str {
        &self.all[resource as usize].base
    }

    /// The innermost resource that holds a node.
    fn holding(&self, node: NodeId) -> u32 {
        let after = self.borders.partition_point(|(from, _)| *from <= node.0);
        after.checked_sub(1).map_or(0, |index| self.borders[index].1)
    }
}

/// The text of `$ref` in an object.
pub(super) fn reference_of(tree: &Tree, node: NodeId) -> Option<&str> {
    tree.reference(node).map(|(text, _)| text)
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

/// Visits every object whose keys are words of the specification, in no promised order. Examples,
/// defaults, enums and extensions are data, and are not searched.
fn objects(tree: &Tree, dialect: Dialect, mut visit: impl FnMut(NodeId)) {
    let word = |key: &str| match key {
        // Read as the word of 3.1.
        "x-webhooks" if dialect == Dialect::V30 => Below::Is(Place::Names),
        key => below(key),
    };
    let words: Vec<Below> = tree.keys.texts().map(word).collect();
    let mut todo = vec![(NodeId::ROOT, Place::Object)];
    while let Some((node, place)) = todo.pop() {
        let is_container = |node: &NodeId| matches!(tree.kind(*node), Kind::Object | Kind::Array);
        if place == Place::Object && tree.kind(node) == Kind::Object {
            visit(node);
        }
        todo.extend(
            tree.items(node).iter().filter(|item| is_container(item)).map(|item| (*item, Place::Object)),
        );
        for entry in tree.entries(node).iter().filter(|entry| is_container(&entry.node)) {
            let below = match place {
                Place::Object => words[entry.key.0 as usize].of(tree, entry.node),
                Place::Names => Some(Place::Object),
                Place::Examples => {
                    if reference_of(tree, entry.node).is_some() {
                        visit(entry.node);
                    }
                    None
                }
            };
            todo.extend(below.map(|place| (entry.node, place)));
        }
    }
}

/// Every reference that leads nowhere or out of the document, and every dialect of JSON Schema
/// that is not known here.
pub(super) fn faults(resolver: &mut Resolver<'_>) -> Vec<Fault> {
    let (tree, dialect) = (resolver.tree, resolver.dialect);
    let mut faults = Vec::new();
    let mut dialects = HashSet::new();
    let says_dialect = dialect >= Dialect::V31 && tree.keys.find("$schema").is_some();
    objects(tree, dialect, |node| {
        if let Some((reference, value)) = tree.reference(node) {
            faults.extend(judge(resolver.target(node, reference), reference, value));
        }
        if says_dialect || (node == NodeId::ROOT && dialect >= Dialect::V31) {
            let key = if node == NodeId::ROOT { "jsonSchemaDialect" } else { "$schema" };
            let said = tree.get(node, key).and_then(|value| Some((value, tree.text(value)?)));
            faults.extend(
                said.filter(|(_, uri)| !is_known_dialect(uri) && dialects.insert(*uri))
                    .map(|(value, uri)| unknown_dialect(value, uri)),
            );
        }
    });
    faults.sort_by_key(|fault| fault.node);
    faults
}

/// JSON Schema 2020-12, and the dialects of `OpenAPI` that stand on it.
fn is_known_dialect(uri: &str) -> bool {
    let uri = uri.strip_suffix('#').unwrap_or(uri);
    uri == "https://json-schema.org/draft/2020-12/schema"
        || ["3.1", "3.2"].iter().any(|version| {
            let rest = uri.strip_prefix("https://spec.openapis.org/oas/");
            let rest = rest.and_then(|rest| rest.strip_prefix(version));
            rest.is_some_and(|rest| rest.starts_with("/dialect/"))
        })
}

fn unknown_dialect(node: NodeId, uri: &str) -> Fault {
    Fault {
        rule: "schema-dialect-unknown",
        severity: Severity::Note,
        message: format!("`{}` is no known dialect, and is read as JSON Schema 2020-12", short(uri)),
        node,
        help: "Write the schemas in JSON Schema 2020-12, which is what OpenAPI stands on.",
    }
}

/// What stands below a word of the specification; `None` for data.
pub(super) fn meaning(tree: &Tree, key: &str, node: NodeId) -> Option<Place> {
    below(key).of(tree, node)
}

/// What may stand below a word of the specification.
#[derive(Clone, Copy)]
enum Below {
    Data,
    /// Examples by name, or a list of data.
    Examples,
    Is(Place),
}

impl Below {
    fn of(self, tree: &Tree, node: NodeId) -> Option<Place> {
        match self {
            Self::Data => None,
            Self::Examples => (tree.kind(node) == Kind::Object).then_some(Place::Examples),
            Self::Is(place) => Some(place),
        }
    }
}

fn below(key: &str) -> Below {
    match key {
        "example" | "default" | "enum" | "const" | "value" | "dataValue" => Below::Data,
        "examples" => Below::Examples,
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
        | "additionalOperations" => Below::Is(Place::Names),
        _ if key.starts_with("x-") => Below::Data,
        _ => Below::Is(Place::Object),
    }
}

fn judge(target: Target, reference: &str, node: NodeId) -> Option<Fault> {
    let (rule, severity, message, help) = match target {
        Target::Here(_) => return None,
        Target::Astray(_) => (
            "ref-dangling",
            Severity::Warning,
            format!(
                "`{}` leads nowhere in the schema whose `$id` it starts from, and is read from the document's root",
                short(reference)
            ),
            "Remove the `$id`, or write the reference with the URI of the document.",
        ),
        Target::Nowhere => (
            "ref-dangling",
            Severity::Error,
            format!("`{}` leads nowhere", short(reference)),
            "Mend the pointer, or add what it names.",
        ),
        Target::Outside => (
            "ref-external",
            Severity::Error,
            format!("`{}` leads out of the document, and nothing is fetched", short(reference)),
            "Bundle the documents into one.",
        ),
    };
    Some(Fault { rule, severity, message, node, help })
}
