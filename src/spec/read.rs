//! The raw tree of 3.x to [`Api`]; what 2.0 spells otherwise is in `swagger.rs`.
//!
//! References are followed where the specification or custom allows them (path items, operations,
//! parameters, bodies, responses, headers); one that leads nowhere leaves its part out, which the
//! faults of `refs.rs` say to the author. Documents can name a large part a thousand times, so what
//! the model may take is bounded.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::compile::{Compiler, Wanted};
use super::entry::default_servers;
use super::model::{
    Alternative, Api, Body, Callback, Encoding, Encodings, Header, Location, MediaType, Operation, Parameter,
    Requirement, Response, Security, SecurityScheme, Server, Status, Style, Tag,
};
use super::refs::{Resolver, reference_of};
use super::swagger::collection;
use super::tree::{Kind, NodeId, Tree};
use super::{Dialect, Fault, Hash, Severity, seal};
use crate::threads;

/// Bytes that it may take beside for each of the document: the largest public ones take between
/// one and two where they refer to nothing twice.
const PER_BYTE: usize = 3;
/// Callbacks within callbacks; nobody is known to write even one.
const CALLBACKS: usize = 4;

/// Documents of more values, from about a megabyte on, are read by two threads. In one of half a
/// megabyte the second thread costs a twentieth more than it saves.
const LARGE: usize = 50_000;

/// How paths and schemas are read.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    InTurn,
    SideBySide,
}

/// Reads the model, and what was found wrong on the way. At most so many references are followed.
pub(super) fn read(tree: &Tree, dialect: Dialect, references: usize, work: usize) -> (Api, Vec<Fault>) {
    // Which schema a node of 2.0 is depends on who asks first.
    let pays = tree.len() > LARGE && dialect > Dialect::V20;
    read_in(if pays { Order::SideBySide } else { Order::InTurn }, tree, dialect, references, work)
}

fn read_in(order: Order, tree: &Tree, dialect: Dialect, references: usize, work: usize) -> (Api, Vec<Fault>) {
    let resolver = || Resolver::new(tree, dialect, references);
    let reading = || Reader::new(tree, dialect, resolver(), work).read();
    let side_by_side = || {
        let mut compiler = Compiler::new(tree, dialect, resolver());
        let (paths, ()) = threads::both(reading, || {
            for (_, node) in component_schemas(tree, dialect) {
                compiler.schema(node);
            }
            compiler.run();
        });
        let ids = compiler.admit(paths.wanted);
        compiler.run();
        // The bound holds for both together: where it is reached, it matters who comes first.
        let left = compiler.resolver.left().checked_sub(references - paths.resolver.left());
        left.filter(|left| *left > 0).map(|_| (paths.api, paths.faults, ids, compiler))
    };
    let found = if order == Order::SideBySide { side_by_side() } else { None };
    let (mut api, mut faults, ids, compiler) = found.unwrap_or_else(|| {
        let paths = reading();
        let mut compiler = Compiler::new(tree, dialect, paths.resolver);
        let ids = compiler.admit(paths.wanted);
        (paths.api, paths.faults, ids, compiler)
    });
    let (schemas, stopped) = compiler.finish();
    api.schemas = schemas;
    faults.extend(stopped.map(|node| Fault {
        rule: "too-many-references",
        severity: Severity::Error,
        message: format!(
            "more than {references} references would have to be followed; what follows is left out"
        ),
        node,
        help: "Let fewer parts be reached by long chains of references, or raise the limit on references.",
    }));
    seal::seal(&mut api, &ids);
    (api, faults)
}

/// Room for a list: a vector that grows has room for four, and most lists hold one or two; what more there is
/// comes as the bound on the model allows.
fn room(members: usize) -> usize {
    members.min(8)
}

/// Name and place of each schema that stands by itself.
fn component_schemas(tree: &Tree, dialect: Dialect) -> impl Iterator<Item = (&str, NodeId)> {
    let schemas = match dialect {
        Dialect::V20 => tree.get(NodeId::ROOT, "definitions"),
        _ => tree.get(NodeId::ROOT, "components").and_then(|components| tree.get(components, "schemas")),
    };
    schemas.into_iter().flat_map(|schemas| tree.members(schemas))
}

/// All but the schemas: those are numbered as they are asked for.
struct Paths<'d> {
    api: Api,
    faults: Vec<Fault>,
    wanted: Wanted,
    resolver: Resolver<'d>,
}

/// What is said above an operation and holds unless it says otherwise.
pub(super) struct Above {
    pub(super) servers: Vec<Server>,
    pub(super) security: Security,
    pub(super) security_node: Option<NodeId>,
}

pub(super) struct Reader<'d> {
    pub(super) tree: &'d Tree,
    pub(super) dialect: Dialect,
    pub(super) resolver: Resolver<'d>,
    pub(super) wanted: Wanted,
    faults: Vec<Fault>,
    budget: usize,
    left: usize,
    callbacks: usize,
    /// Security schemes that requirements name by URI and that are no components.
    pub(super) foreign: BTreeMap<&'d str, Option<SecurityScheme>>,
}

impl<'d> Reader<'d> {
    fn new(tree: &'d Tree, dialect: Dialect, resolver: Resolver<'d>, work: usize) -> Self {
        let budget = work + PER_BYTE * tree.source().len();
        Self {
            tree,
            dialect,
            resolver,
            wanted: Wanted::of(tree),
            faults: Vec::new(),
            budget,
            left: budget,
            callbacks: 0,
            foreign: BTreeMap::new(),
        }
    }

    fn read(mut self) -> Paths<'d> {
        let mut api = self.api();
        api.security_schemes.extend(self.foreign.into_values().flatten());
        Paths { api, faults: self.faults, wanted: self.wanted, resolver: self.resolver }
    }

    fn api(&mut self) -> Api {
        let tree = self.tree;
        let root = NodeId::ROOT;
        let info = |key| tree.get(root, "info").and_then(|info| tree.scalar_source(tree.get(info, key)?));
        let is_old = self.dialect == Dialect::V20;
        let schemes = if is_old {
            tree.get(root, "securityDefinitions")
        } else {
            tree.get(root, "components").and_then(|components| tree.get(components, "securitySchemes"))
        };
        let security_node = tree.get(root, "security");
        let above = Above {
            servers: if is_old {
                self.old_servers(root)
            } else {
                self.servers(root).unwrap_or_else(default_servers)
            },
            security: self.security(security_node),
            security_node,
        };
        let mut api = Api {
            title: info("title").unwrap_or_default().into(),
            version: info("version").unwrap_or_default().into(),
            components: component_schemas(tree, self.dialect)
                .map(|(name, node)| (name.into(), self.wanted.schema(node)))
                .collect(),
            security_schemes: schemes.map(|schemes| self.security_schemes(schemes)).unwrap_or_default(),
            tags: self.tags(),
            ..Api::default()
        };
        // Documents of 3.0 say what 3.1 made a word of its own by an extension of this name.
        let webhooks = if self.dialect == Dialect::V30 { "x-webhooks" } else { "webhooks" };
        for (map, list) in [("paths", &mut api.operations), (webhooks, &mut api.webhooks)] {
            let Some(map) = tree.get(root, map).filter(|_| !is_old || map == "paths") else {
                continue;
            };
            for (path, node) in tree.members(map).filter(|(path, _)| !path.starts_with("x-")) {
                self.path_item(path, node, &above, list);
            }
        }
        api.servers = above.servers;
        api.security = above.security;
        api
    }

    /// Operations of a path item, in document order, appended to `list`.
    fn path_item(&mut self, path: &str, node: NodeId, above: &Above, list: &mut Vec<Operation>) {
        let tree = self.tree;
        if self.left == 0 {
            return;
        }
        // Beside `$ref` a path item may say more: its own words win over those it refers to.
        let mut layers = vec![node];
        let mut at = node;
        while let Some(next) = reference_of(tree, at).and_then(|_| self.resolver.step(at)) {
            if layers.len() > 8 || layers.contains(&next) {
                break;
            }
            layers.push(next);
            at = next;
        }
        let get = |key: &str| layers.iter().find_map(|layer| tree.get(*layer, key));
        let servers = get("servers").and_then(|_| layers.iter().find_map(|layer| self.servers(*layer)));
        let shared = get("parameters");
        let is_internal = layers.iter().any(|layer| tree.is_true(*layer, "x-internal"));
        let mut seen = HashSet::new();
        for layer in &layers {
            for (key, value) in tree.members(*layer) {
                let found: Vec<(String, NodeId)> =
                    if key == "additionalOperations" && self.dialect == Dialect::V32 {
                        tree.members(value).map(|(method, node)| (method.to_owned(), node)).collect()
                    } else if is_method(key, self.dialect) {
                        vec![(key.to_ascii_uppercase(), value)]
                    } else {
                        continue;
                    };
                for (method, value) in found {
                    if seen.contains(&method) {
                        continue;
                    }
                    let Some(operation) = self.resolver.follow(value) else {
                        continue;
                    };
                    if tree.kind(operation) != Kind::Object {
                        continue;
                    }
                    if !self.spend(size_of::<Operation>() + 2 * path.len() + method.len(), node) {
                        return;
                    }
                    seen.insert(method.clone());
                    let mut read = self.operation(operation, above, servers.as_ref(), shared);
                    read.method = method;
                    read.path = path.into();
                    read.key = key_of(path);
                    read.path_node = node;
                    read.internal |= is_internal;
                    list.push(read);
                }
            }
        }
    }

    fn operation(
        &mut self,
        node: NodeId,
        above: &Above,
        path_servers: Option<&Vec<Server>>,
        shared: Option<NodeId>,
    ) -> Operation {
        let tree = self.tree;
        let lists = [shared, tree.get(node, "parameters")];
        let is_old = self.dialect == Dialect::V20;
        let (parameters, body) =
            if is_old { self.old_parameters(node, lists) } else { (self.parameters(lists), None) };
        let body = body.or_else(|| self.body(tree.get(node, "requestBody").filter(|_| !is_old)?));
        let own_servers = if is_old { self.old_operation_servers(node) } else { self.servers(node) };
        let servers = own_servers.unwrap_or_else(|| {
            let above = path_servers.unwrap_or(&above.servers);
            let cost = above.iter().map(|server| size_of::<Server>() + 2 * server.url.len()).sum();
            if self.spend(cost, node) { above.clone() } else { Vec::new() }
        });
        let own_security = tree.get(node, "security");
        let security = own_security.map(|own| self.security(Some(own))).filter(|own| own.declared);
        let is_own = security.is_some();
        let security = security.unwrap_or_else(|| {
            let cost = above.security.alternatives.iter().map(cost_of).sum();
            if self.spend(cost, node) { above.security.clone() } else { Security::default() }
        });
        let text = |key: &str| tree.get(node, key).and_then(|value| tree.said(value)).map(str::to_owned);
        Operation {
            node,
            hash: Hash::default(),
            method: String::new(),
            path: String::new(),
            key: String::new(),
            path_node: node,
            id: self.text(node, "operationId"),
            summary: tree.text_node(node, "summary"),
            description: tree.text_node(node, "description"),
            tags: tree.get(node, "tags").map(|tags| self.texts(tags)).unwrap_or_default(),
            deprecated: tree.is_true(node, "deprecated"),
            sunset: text("x-sunset"),
            stability: text("x-stability-level"),
            internal: tree.is_true(node, "x-internal"),
            parameters,
            body,
            responses: self.responses(node),
            servers,
            security_node: own_security.filter(|_| is_own).or(above.security_node).unwrap_or(node),
            security,
            callbacks: self.callbacks(node, above),
        }
    }

    fn callbacks(&mut self, operation: NodeId, above: &Above) -> Vec<Callback> {
        let tree = self.tree;
        let Some(map) = tree.get(operation, "callbacks").filter(|_| self.callbacks < CALLBACKS) else {
            return Vec::new();
        };
        self.callbacks += 1;
        let mut callbacks = Vec::new();
        for (name, value) in tree.members(map) {
            let Some(node) = self.resolver.follow(value) else {
                continue;
            };
            let mut operations = Vec::new();
            for (expression, item) in tree.members(node).filter(|(key, _)| !key.starts_with("x-")) {
                self.path_item(expression, item, above, &mut operations);
            }
            callbacks.push(Callback { node, name: name.into(), operations });
        }
        self.callbacks -= 1;
        callbacks
    }

    /// Effective parameters of lists that override each other, the last one strongest.
    fn parameters(&mut self, lists: [Option<NodeId>; 2]) -> Vec<Parameter> {
        let nodes = self.parameter_nodes(lists);
        let mut effective =
            Effective { parameters: Vec::with_capacity(room(nodes.len())), ..Effective::default() };
        for (said, node) in nodes {
            if let Some(parameter) = self.parameter(said, node) {
                effective.add(parameter);
            }
        }
        effective.parameters
    }

    /// The parameters that lists name: where each is listed, and where it stands.
    pub(super) fn parameter_nodes(&mut self, lists: [Option<NodeId>; 2]) -> Vec<(NodeId, NodeId)> {
        let tree = self.tree;
        let items = lists.into_iter().flatten().flat_map(|list| tree.items(list));
        items.filter_map(|item| Some((*item, self.resolver.follow(*item)?))).collect()
    }

    fn parameter(&mut self, said: NodeId, node: NodeId) -> Option<Parameter> {
        let tree = self.tree;
        let name = tree.text_of(node, "name")?;
        let location = self.location(tree.text_of(node, "in")?)?;
        // 3.x: "the parameter definition SHALL be ignored".
        let ignored = ["accept", "content-type", "authorization"];
        if location == Location::Header && ignored.iter().any(|each| each.eq_ignore_ascii_case(name)) {
            return None;
        }
        self.spend(size_of::<Parameter>() + name.len(), node).then_some(())?;
        let style = match tree.text_of(node, "style") {
            Some(style) => style_of(style, self.dialect),
            None if matches!(location, Location::Path | Location::Header) => Style::Simple,
            None => Style::Form,
        };
        let explode = tree.get(node, "explode").and_then(|flag| tree.flag(flag));
        let is_query = location == Location::Query;
        Some(Parameter {
            node,
            hash: Hash::default(),
            name: name.into(),
            location,
            required: location == Location::Path || tree.is_true(node, "required"),
            deprecated: tree.is_true(node, "deprecated"),
            allow_empty: is_query && tree.is_true(node, "allowEmptyValue"),
            explode: explode.unwrap_or(matches!(style, Style::Form | Style::Cookie)),
            style,
            // Before 3.2 the word has a meaning for queries alone.
            allow_reserved: (is_query || self.dialect == Dialect::V32) && tree.is_true(node, "allowReserved"),
            schema: tree.get(node, "schema").map(|schema| self.wanted.schema(schema)),
            content: self.content(node, Part::Other),
            description: self.prose(said, node, "description"),
        })
    }

    /// Where a parameter travels; what its version does not know is no parameter.
    fn location(&self, name: &str) -> Option<Location> {
        Location::named(name)
            .filter(|location| *location != Location::QueryString || self.dialect == Dialect::V32)
    }

    fn body(&mut self, said: NodeId) -> Option<Body> {
        let tree = self.tree;
        let node = self.resolver.follow(said)?;
        self.spend(size_of::<Body>(), node).then_some(())?;
        Some(Body {
            node,
            hash: Hash::default(),
            required: tree.is_true(node, "required"),
            content: self.content(node, Part::Body),
            description: self.prose(said, node, "description"),
        })
    }

    fn responses(&mut self, operation: NodeId) -> Vec<Response> {
        let tree = self.tree;
        let Some(map) = tree.get(operation, "responses") else {
            return Vec::new();
        };
        let produces =
            if self.dialect == Dialect::V20 { self.media_types(operation, "produces") } else { Vec::new() };
        let mut responses: Vec<Response> = Vec::with_capacity(room(tree.entries(map).len()));
        for (key, value) in tree.members(map) {
            let Some(status) = Status::parse(key) else {
                continue;
            };
            let Some(node) = self.resolver.follow(value) else {
                continue;
            };
            if !self.spend(size_of::<Response>(), node) {
                break;
            }
            let content = match self.dialect {
                Dialect::V20 => self.old_content(node, &produces),
                _ => self.content(node, Part::Other),
            };
            responses.push(Response {
                node,
                hash: Hash::default(),
                status,
                summary: self.prose(value, node, "summary").filter(|_| self.dialect == Dialect::V32),
                description: self.prose(value, node, "description"),
                headers: self.headers(node),
                content,
            });
        }
        responses
    }

    /// `headers` of a response or of a part of a body.
    fn headers(&mut self, node: NodeId) -> Vec<Header> {
        let tree = self.tree;
        let Some(map) = tree.get(node, "headers") else {
            return Vec::new();
        };
        let mut headers = Vec::with_capacity(room(tree.entries(map).len()));
        let is_old = self.dialect == Dialect::V20;
        for (name, value) in tree.members(map) {
            // 3.x: "a response header with the name Content-Type SHALL be ignored".
            if name.starts_with("x-") && tree.kind(value) != Kind::Object
                || (!is_old && name.eq_ignore_ascii_case("content-type"))
            {
                continue;
            }
            let Some(node) = self.resolver.follow(value) else {
                continue;
            };
            if !self.spend(size_of::<Header>() + name.len(), node) {
                break;
            }
            let (style, explode) = if is_old {
                collection(tree, node, (Style::Simple, false))
            } else {
                (Style::Simple, tree.is_true(node, "explode"))
            };
            headers.push(Header {
                node,
                hash: Hash::default(),
                name: name.into(),
                required: !is_old && tree.is_true(node, "required"),
                deprecated: !is_old && tree.is_true(node, "deprecated"),
                style,
                explode,
                schema: if is_old {
                    Some(self.wanted.parameter_schema(node))
                } else {
                    tree.get(node, "schema").map(|schema| self.wanted.schema(schema))
                },
                content: if is_old { Vec::new() } else { self.content(node, Part::Other) },
                description: self.prose(value, node, "description"),
            });
        }
        headers
    }

    fn content(&mut self, node: NodeId, part: Part) -> Vec<MediaType> {
        let tree = self.tree;
        let Some(map) = tree.get(node, "content") else {
            return Vec::new();
        };
        let mut content = Vec::with_capacity(room(tree.entries(map).len()));
        for (name, value) in tree.members(map).filter(|(_, value)| tree.kind(*value) == Kind::Object) {
            let Some(node) = self.resolver.follow(value) else {
                continue;
            };
            if !self.spend(size_of::<MediaType>() + name.len(), node) {
                break;
            }
            let mut media = MediaType {
                node,
                hash: Hash::default(),
                name: media_type_name(name),
                schema: tree.get(node, "schema").map(|schema| self.wanted.schema(schema)),
                item_schema: tree
                    .get(node, "itemSchema")
                    .filter(|_| self.dialect == Dialect::V32)
                    .map(|schema| self.wanted.schema(schema)),
                encodings: Encodings::default(),
            };
            // 3.0: encodings "SHALL only apply to requestBody objects".
            let is_allowed = part == Part::Body || self.dialect != Dialect::V30;
            if is_allowed && (media.is_form() || media.is_multipart()) {
                media.encodings = self.encodings(node);
            }
            content.push(media);
        }
        content
    }

    /// What a media type or a part of one says of its parts.
    fn encodings(&mut self, node: NodeId) -> Encodings {
        let tree = self.tree;
        let mut encodings = Encodings::default();
        let named = tree.get(node, "encoding").map(|map| tree.members(map));
        for (name, value) in
            named.into_iter().flatten().filter(|(_, value)| tree.kind(*value) == Kind::Object)
        {
            encodings.named.extend(self.encoding(name, value));
        }
        if self.dialect == Dialect::V32 {
            let prefix = tree.get(node, "prefixEncoding").map_or(&[][..], |list| tree.items(list));
            encodings.prefix = prefix.iter().filter_map(|value| self.encoding("", *value)).collect();
            let item = tree.get(node, "itemEncoding").and_then(|value| self.encoding("", value));
            encodings.item = item.map(Box::new);
        }
        encodings
    }

    fn encoding(&mut self, name: &str, node: NodeId) -> Option<Encoding> {
        let tree = self.tree;
        self.spend(size_of::<Encoding>() + name.len(), node).then_some(())?;
        let words = ["style", "explode", "allowReserved"];
        let style = words
            .iter()
            .any(|word| tree.get(node, word).is_some())
            .then(|| tree.text_of(node, "style").map_or(Style::Form, |style| style_of(style, self.dialect)));
        let explode = tree.get(node, "explode").and_then(|flag| tree.flag(flag));
        let types = self.text(node, "contentType").unwrap_or_default();
        let mut content_types: Vec<String> =
            types.split(',').map(media_type_name).filter(|name| !name.is_empty()).collect();
        content_types.sort_unstable();
        Some(Encoding {
            node,
            name: name.into(),
            content_types,
            headers: self.headers(node),
            explode: explode.unwrap_or(matches!(style, Some(Style::Form | Style::Cookie))),
            style,
            allow_reserved: tree.is_true(node, "allowReserved"),
            nested: if self.dialect == Dialect::V32 { self.encodings(node) } else { Encodings::default() },
        })
    }

    fn tags(&mut self) -> Vec<Tag> {
        let tree = self.tree;
        let items = tree.get(NodeId::ROOT, "tags").map_or(&[][..], |tags| tree.items(tags));
        let is_new = self.dialect == Dialect::V32;
        let tag = |node: &NodeId| {
            let text = |key: &str| tree.text_of(*node, key).map(str::to_owned);
            let new = |key: &str| text(key).filter(|_| is_new);
            Some(Tag {
                node: *node,
                name: text("name")?,
                summary: new("summary"),
                description: text("description"),
                parent: new("parent"),
                kind: new("kind"),
            })
        };
        items.iter().filter_map(tag).collect()
    }

    /// Prose of a part that is said at one node and stands at another: from 3.1 on what stands
    /// beside `$ref` wins.
    pub(super) fn prose(&self, said: NodeId, node: NodeId, key: &str) -> Option<NodeId> {
        let is_beside = said != node && self.dialect >= Dialect::V31;
        let beside = if is_beside { self.tree.text_node(said, key) } else { None };
        beside.or_else(|| self.tree.text_node(node, key))
    }

    pub(super) fn text(&mut self, node: NodeId, key: &str) -> Option<String> {
        let text = self.tree.text_of(node, key)?;
        self.spend(text.len(), node).then(|| text.to_owned())
    }

    pub(super) fn texts(&mut self, list: NodeId) -> Vec<String> {
        let tree = self.tree;
        let texts: Vec<&str> = tree.items(list).iter().filter_map(|item| tree.said(*item)).collect();
        let cost = texts.iter().map(|text| 24 + text.len()).sum();
        if self.spend(cost, list) { texts.into_iter().map(str::to_owned).collect() } else { Vec::new() }
    }

    /// Whether the model may still grow by so many bytes; a fault says once that it may not.
    pub(super) fn spend(&mut self, bytes: usize, node: NodeId) -> bool {
        if let Some(left) = self.left.checked_sub(bytes) {
            self.left = left;
            return true;
        }
        self.left = 0;
        if self.faults.is_empty() {
            self.faults.push(Fault {
                rule: "model-too-large",
                severity: Severity::Error,
                message: format!(
                    "parts that are repeated by reference exceed {} MiB; what follows is left out",
                    self.budget >> 20
                ),
                node,
                help: "Let fewer operations refer to very large parts.",
            });
        }
        false
    }
}

/// What a media type is part of.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// A request body.
    Body,
    /// A response, parameter or header.
    Other,
}

/// Bytes that an alternative takes.
fn cost_of(alternative: &Alternative) -> usize {
    let requirement = |each: &Requirement| {
        let scopes: usize = each.scopes.iter().map(|scope| size_of::<String>() + scope.len()).sum();
        size_of::<Requirement>() + each.scheme.len() + scopes
    };
    size_of::<Alternative>() + alternative.requirements.iter().map(requirement).sum::<usize>()
}

/// Parameters by place and name, later ones in the place of earlier ones.
#[derive(Default)]
pub(super) struct Effective {
    pub(super) parameters: Vec<Parameter>,
    /// Only where there are many: a few are looked through.
    places: HashMap<(Location, String), usize>,
}

/// More parameters than this are found by name.
const MANY: usize = 16;

impl Effective {
    pub(super) fn add(&mut self, parameter: Parameter) {
        match self.place(&parameter) {
            Some(place) => self.parameters[place] = parameter,
            None => self.parameters.push(parameter),
        }
    }

    fn place(&mut self, parameter: &Parameter) -> Option<usize> {
        let location = parameter.location;
        if self.parameters.len() <= MANY {
            let is_same = |each: &Parameter| {
                each.location == location && location.same_name(&each.name, &parameter.name)
            };
            return self.parameters.iter().position(is_same);
        }
        let key = |each: &Parameter| match each.location {
            Location::Header => (each.location, each.name.to_ascii_lowercase()),
            _ => (each.location, each.name.clone()),
        };
        for (place, each) in self.parameters.iter().enumerate().skip(self.places.len()) {
            self.places.insert(key(each), place);
        }
        self.places.get(&key(parameter)).copied()
    }
}

/// Whether a key of a path item is a method.
pub(super) fn is_method(key: &str, dialect: Dialect) -> bool {
    match key {
        "get" | "put" | "post" | "delete" | "options" | "head" | "patch" => true,
        "trace" => dialect > Dialect::V20,
        "query" => dialect == Dialect::V32,
        _ => false,
    }
}

/// The template with the names of its parameters erased.
pub(super) fn key_of(path: &str) -> String {
    let mut key = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((_, after)) = after.split_once('}') else {
            break;
        };
        key.push_str(before);
        key.push_str("{}");
        rest = after;
    }
    key.push_str(rest);
    key
}

fn style_of(text: &str, dialect: Dialect) -> Style {
    match text {
        "matrix" => Style::Matrix,
        "label" => Style::Label,
        "simple" => Style::Simple,
        "form" => Style::Form,
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        "cookie" if dialect == Dialect::V32 => Style::Cookie,
        other => Style::Other(other.into()),
    }
}

/// Type, subtype and parameter names have no case (RFC 9110 section 8.3.1), nor has `charset`.
pub(super) fn media_type_name(written: &str) -> String {
    let mut parts = written.split(';');
    let mut name = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let mut parameters = Vec::new();
    for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
        // What has no value is no parameter (RFC 9110 section 5.6.6).
        let Some((key, value)) = part.split_once('=') else { continue };
        let key = key.trim().to_ascii_lowercase();
        let value = value.trim().trim_matches('"');
        let value = if key == "charset" { value.to_ascii_lowercase() } else { value.to_owned() };
        parameters.push((key, value));
    }
    // Their order has no meaning.
    parameters.sort_unstable();
    for (key, value) in parameters {
        name.push(';');
        name.push_str(&key);
        name.push('=');
        name.push_str(&value);
    }
    name
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::spec::{Limits, load};

    /// Reads a document both ways: what the model says must not depend on it.
    fn alike(document: &Value, references: usize) -> Vec<Fault> {
        let document = load(document.to_string().as_bytes(), &Limits::default()).expect("it loads");
        let read = |order| read_in(order, &document.tree, document.dialect(), references, 1 << 20);
        let (one, faults) = read(Order::InTurn);
        let (other, others) = read(Order::SideBySide);
        let schema =
            |api: &Api, id: Option<_>| id.map(|id| (api.schemas.get(id).node, api.schemas.get(id).hash));
        let schemas = |api: &Api| {
            let mut all: Vec<_> =
                api.operations.iter().map(|each| (each.node, Some((each.node, each.hash)))).collect();
            let parameters = api.operations.iter().flat_map(|each| &each.parameters);
            all.extend(parameters.map(|each| (each.node, schema(api, each.schema))));
            let responses = api.operations.iter().flat_map(|each| &each.responses);
            for response in responses {
                all.extend(response.content.iter().map(|each| (each.node, schema(api, each.schema))));
                all.extend(response.headers.iter().map(|each| (each.node, schema(api, each.schema))));
            }
            all.extend(api.components.iter().map(|(_, id)| (NodeId::ROOT, schema(api, Some(*id)))));
            all
        };
        assert_eq!(schemas(&one), schemas(&other));
        assert_eq!((one.hash, one.schemas.len()), (other.hash, other.schemas.len()));
        let told =
            |faults: &[Fault]| -> Vec<_> { faults.iter().map(|each| (each.rule, each.node)).collect() };
        assert_eq!(told(&faults), told(&others));
        faults
    }

    #[test]
    fn two_threads_read_what_one_reads() {
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
            "paths": {"/a": {"get": {
                "parameters": [
                    {"name": "p", "in": "query", "schema": {"type": "array", "items": {"$ref": "#/components/schemas/A"}}},
                    {"$ref": "#/components/parameters/q"},
                ],
                "responses": {"200": {
                    "headers": {"X": {"schema": {"$ref": "#/components/schemas/B"}}},
                    "content": {"application/json": {"schema": {"properties": {"b": {"$ref": "#/components/schemas/B"}}}}},
                }},
            }}},
            "components": {
                "parameters": {"q": {"name": "q", "in": "query", "schema": {"type": "integer"}}},
                "schemas": {
                    "A": {"properties": {"b": {"$ref": "#/components/schemas/B"}, "n": {"type": "string"}}},
                    "B": {"items": {"$ref": "#/components/schemas/A"}, "contains": {"$ref": "#/paths/~1a/get/parameters/0/schema"}},
                },
            },
        });
        assert_eq!(alike(&document, 100), []);
        // However early the bound is reached.
        for references in 0..8 {
            alike(&document, references);
        }
        assert_ne!(alike(&document, 3), []);
    }
}
