//! What people read: titles, descriptions, examples, tags. Changed text changes no message.
//!
//! Texts are gathered for each operation, shared part, named schema and the head of the document,
//! so that one rewrite is one change. Only places that both sides have are compared; parts that are
//! equal as data are not read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::edit::Edit;
use super::pair::{Pair, ProseView, Scene};
use super::pairing::{self, Named, Side};
use super::risk::Facet;
use super::rules::{CHECKS, Seen, seen};
use super::value::canonical;
use super::view::View;
use crate::lint::Severity;
use crate::spec::model::{MediaType, Operation, Response, SchemeKind};
use crate::spec::schema::{Schema, SchemaId};
use crate::spec::tree::NodeId;
use crate::spec::{Dialect, Document, Hash};

/// What changed among the texts whose keyword is wanted, as one edit.
#[must_use]
pub fn edit(at: &Pair<'_, ProseView<'_>>, is_wanted: impl Fn(&str) -> bool) -> Option<Edit> {
    let (old, new) = at.both()?;
    // Both lists are sorted, so what stands in one alone is what changed.
    let only = |from: &ProseView<'_>, other: &ProseView<'_>| -> Vec<(String, String)> {
        let wanted = from.texts.iter().filter(|(keyword, _)| is_wanted(keyword));
        wanted.filter(|text| other.texts.binary_search(text).is_err()).cloned().collect()
    };
    let (gone, won) = (only(&old, &new), only(&new, &old));
    let mut changed: Vec<&str> = gone.iter().chain(&won).map(|(keyword, _)| keyword.as_str()).collect();
    changed.sort_unstable();
    changed.dedup();
    let first = changed.first()?;
    let value = |list: &[(String, String)]| {
        let text = list.iter().find(|(keyword, _)| keyword == first);
        text.map_or(Value::Null, |(_, text)| text.as_str().into())
    };
    let (before, after) = (value(&gone), value(&won));
    let more = changed.len().saturating_sub(3);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let shown = changed[..changed.len().min(3)].join(", ");
    let guard = changed.iter().find(|keyword| is_guard(keyword));
    let is_lost = guard.is_some_and(|keyword| won.iter().all(|(other, _)| other != keyword));
    let facet = guard.and_then(|_| Facet::of("extension-security-changed"));
    let facet = facet.map(|facet| if is_lost { facet.at(Severity::High) } else { facet });
    Some(
        Edit::new(format!("`{}`: {shown}{more} changed", at.name))
            .places(old.node, new.node)
            .values(before, after)
            .facet(facet),
    )
}

/// Whether a gateway reads the extension to protect the operation.
fn is_guard(keyword: &str) -> bool {
    const GUARDS: [&str; 7] = [
        "x-amazon-apigateway-",
        "x-google-",
        "x-kong-plugin-",
        "x-ms-",
        "x-42c-",
        "x-ratelimit",
        "x-required-role",
    ];
    GUARDS.iter().any(|guard| keyword.starts_with(guard))
}

/// Texts that differ at one place of both documents, and below it.
struct Texts<'d> {
    documents: [&'d Document; 2],
    /// Of either side: what is said where, and the text.
    lists: [Vec<(String, String)>; 2],
}

impl<'d> Texts<'d> {
    fn new(documents: [&'d Document; 2]) -> Self {
        Self { documents, lists: Default::default() }
    }

    /// Notes what either side says, unless both say the same.
    fn say(&mut self, place: &str, keyword: &str, texts: [Option<&str>; 2]) {
        if texts[0] == texts[1] {
            return;
        }
        for (side, text) in texts.into_iter().enumerate() {
            self.add(side, place, keyword, text.unwrap_or_default());
        }
    }

    /// As [`Self::say`], of strings of the documents.
    fn say_texts(&mut self, place: &str, keyword: &str, nodes: [Option<NodeId>; 2]) {
        let [old, new] = self.documents;
        let text = |document: &'d Document, node: Option<NodeId>| document.tree().text(node?);
        self.say(place, keyword, [text(old, nodes[0]), text(new, nodes[1])]);
    }

    /// As [`Self::say`], of data.
    fn say_data(&mut self, place: &str, keyword: &str, nodes: [Option<NodeId>; 2]) {
        self.say_all(place, &nodes.map(|node| node.map(|node| (keyword, node)).into_iter()));
    }

    /// As [`Self::say_data`], of several keywords, each of which may stand more than once.
    fn say_all<'t>(&mut self, place: &str, said: &[impl Iterator<Item = (&'t str, NodeId)> + Clone; 2]) {
        let documents = self.documents;
        let hashes = |side: usize| {
            let tree = documents[side].tree();
            said[side].clone().map(move |(keyword, node)| (keyword, tree.hash(node)))
        };
        if hashes(0).eq(hashes(1)) {
            return;
        }
        for (side, other) in [(0, 1), (1, 0)] {
            let theirs: FxHashSet<(&str, Hash)> = hashes(other).collect();
            let document = documents[side];
            for (keyword, node) in said[side].clone() {
                if !theirs.contains(&(keyword, document.tree().hash(node))) {
                    self.add(side, place, keyword, &canonical(&document.value(node)));
                }
            }
        }
    }

    /// Notes what either side says at places that both have, of which there may be several of one name.
    fn say_shared(&mut self, keyword: &str, said: &[Vec<(Cow<'_, str>, &str)>; 2]) {
        for (side, other) in [(0, 1), (1, 0)] {
            let places: FxHashSet<&str> = said[other].iter().map(|(place, _)| &**place).collect();
            for (place, text) in said[side].iter().filter(|(place, _)| places.contains(&**place)) {
                self.add(side, place, keyword, text);
            }
        }
    }

    fn add(&mut self, side: usize, place: &str, keyword: &str, text: &str) {
        if !text.is_empty() {
            let key = if place.is_empty() { keyword.to_owned() } else { format!("{keyword} of {place}") };
            self.lists[side].push((key, text.to_owned()));
        }
    }

    /// Extensions but those that rules of their own read.
    fn say_extensions(&mut self, place: &str, nodes: [NodeId; 2]) {
        let [a, b] = self.documents;
        self.say_all(place, &[extensions(a, nodes[0]), extensions(b, nodes[1])]);
    }
}

/// What rules saw at one place, and the operation that the place belongs to.
pub(super) type Found<'a> = (Vec<Seen>, Option<&'a Operation>);

/// What the rules see wherever a text differs.
#[must_use]
pub(super) fn walk<'a>(scene: &'a Scene<'a>, sides: &[Side<'a>], named: &[Named<'a>]) -> Vec<Found<'a>> {
    let mut reader = Reader { scene, found: Vec::new() };
    let (old, new) = (scene.old, scene.new);
    reader.head();
    let differ = !outside_schemas(old).eq(outside_schemas(new));
    for side in sides.iter().filter(|_| differ) {
        if let (Some(a), Some(b)) = (side.old, side.new) {
            reader.operation(a, b);
        }
    }
    for Named { name, old: other, new: id } in named {
        let (Some(other), Some(id)) = (*other, *id) else { continue };
        let nodes = [old.api().schemas.get(other).node, new.api().schemas.get(id).node];
        if !reader.is_equal(nodes) {
            let mut texts = reader.texts();
            texts.schema([other, id], "");
            reader.compare(name, nodes, texts, None);
        }
    }
    reader.found
}

/// What may hold a part of an operation, each by its name and hash; named schemas are read by themselves.
fn outside_schemas(document: &Document) -> impl Iterator<Item = (&str, Hash)> {
    const OTHERS: [&str; 5] = ["externalDocs", "info", "openapi", "swagger", "tags"];
    let tree = document.tree();
    let is_old = document.dialect() == Dialect::V20;
    let home = if is_old { "definitions" } else { "components" };
    let whole = tree.members(NodeId::ROOT).filter(move |(key, _)| *key != home && !OTHERS.contains(key));
    let components = tree.get(NodeId::ROOT, "components").filter(|_| !is_old);
    let shared = components.into_iter().flat_map(|node| tree.members(node));
    whole.chain(shared.filter(|(key, _)| *key != "schemas")).map(|(key, node)| (key, tree.hash(node)))
}

struct Reader<'a> {
    scene: &'a Scene<'a>,
    found: Vec<Found<'a>>,
}

impl<'a> Reader<'a> {
    fn texts(&self) -> Texts<'a> {
        Texts::new([self.scene.old, self.scene.new])
    }

    /// Whether both places hold the same data, prose included.
    fn is_equal(&self, [old, new]: [NodeId; 2]) -> bool {
        self.scene.old.tree().hash(old) == self.scene.new.tree().hash(new)
    }

    /// Whether both say the same, also in the parts that they refer to.
    fn is_kept(&self, old: &Operation, new: &Operation) -> bool {
        fn parts(operation: &Operation) -> impl Iterator<Item = NodeId> {
            let parameters = operation.parameters.iter().map(|parameter| parameter.node);
            let body = operation.body.iter().map(|body| body.node);
            parameters.chain(body).chain(operation.responses.iter().map(|response| response.node))
        }
        let (before, after) = (self.scene.old.tree(), self.scene.new.tree());
        self.is_equal([old.node, new.node])
            && parts(old).map(|node| before.hash(node)).eq(parts(new).map(|node| after.hash(node)))
    }

    fn compare(
        &mut self,
        name: &str,
        nodes: [NodeId; 2],
        texts: Texts<'_>,
        operation: Option<&'a Operation>,
    ) {
        let [before, after] = texts.lists.map(|mut list| {
            list.sort_unstable();
            list
        });
        if before != after {
            let pair = Pair {
                scene: self.scene,
                old: Some(ProseView { node: nodes[0], texts: &before }),
                new: Some(ProseView { node: nodes[1], texts: &after }),
                direction: None,
                name: name.to_owned(),
                textual: false,
                error: false,
                closed: (false, false),
            };
            self.found.push((seen(&CHECKS.prose, &pair), operation));
        }
    }

    /// `info` and what else stands at the head of a document.
    fn head(&mut self) {
        let mut texts = self.texts();
        let [old, new] = texts.documents;
        let info = [old, new].map(|document| document.tree().get(NodeId::ROOT, "info"));
        let members = |side: usize| {
            let tree = [old, new][side].tree();
            info[side].into_iter().flat_map(|node| tree.members(node))
        };
        texts.say_all("", &[members(0), members(1)]);
        for (side, document) in [old, new].into_iter().enumerate() {
            for tag in &document.api().tags {
                let text = format!("{}: {}", tag.name, tag.description.as_deref().unwrap_or_default());
                texts.add(side, "", "declared tags", &text);
            }
        }
        texts.say_shared("description", &[old, new].map(|document| descriptions(document)));
        texts.say_extensions("", [NodeId::ROOT; 2]);
        let docs = |document: &Document| document.tree().get(NodeId::ROOT, "externalDocs");
        texts.say_data("", "externalDocs", [docs(old), docs(new)]);
        self.compare("info", info.map(|node| node.unwrap_or(NodeId::ROOT)), texts, None);
    }

    /// A part of an operation: read as its own where it is shared, else with the operation.
    fn part(
        &mut self,
        nodes: [NodeId; 2],
        owner: &'a Operation,
        name: &str,
        inline: &mut Texts<'a>,
        read: impl FnOnce(&mut Texts<'a>),
    ) {
        if self.is_equal(nodes) {
            return;
        }
        let shared = |document: &Document, node: NodeId| !document.pointer(node).starts_with("/paths/");
        if shared(self.scene.old, nodes[0]) && shared(self.scene.new, nodes[1]) {
            let mut texts = self.texts();
            read(&mut texts);
            self.compare(name, nodes, texts, Some(owner));
        } else {
            read(inline);
        }
    }

    fn operation(&mut self, old: &'a Operation, new: &'a Operation) {
        if self.is_kept(old, new) {
            return;
        }
        let mut inline = self.texts();
        let both = [old, new];
        inline.say_texts("", "summary", both.map(|operation| operation.summary));
        inline.say_texts("", "description", both.map(|operation| operation.description));
        let [was, is] = both.map(|operation| {
            let mut tags: Vec<&str> = operation.tags.iter().map(String::as_str).collect();
            tags.sort_unstable();
            tags.join(", ")
        });
        inline.say("", "tags", [Some(&was), Some(&is)]);
        let nodes = both.map(|operation| operation.node);
        inline.say_extensions("", nodes);
        inline.say_members(nodes, "externalDocs", "");
        for (a, b) in pairing::parameters(self.scene, old, new) {
            let (Some(a), Some(b)) = (a, b) else { continue };
            self.part([a.node, b.node], new, &b.name, &mut inline, |texts| {
                let both = [a, b];
                texts.say_texts(&b.name, "description", both.map(|part| part.description));
                texts.held(both.map(|part| (part.schema, part.content.as_slice())), &b.name);
            });
        }
        if let (Some(a), Some(b)) = (&old.body, &new.body) {
            self.part([a.node, b.node], new, "request body", &mut inline, |texts| {
                let both = [a, b];
                texts.say_texts("request", "description", both.map(|part| part.description));
                texts.held(both.map(|part| (None, part.content.as_slice())), "request");
            });
        }
        for b in &new.responses {
            let Some(a) = old.response(b.status) else {
                continue;
            };
            let status = b.status.to_string();
            self.part([a.node, b.node], new, &status, &mut inline, |texts| texts.response([a, b], &status));
        }
        self.compare(&new.to_string(), nodes, inline, Some(new));
    }
}

/// What servers, security schemes and scopes are said to be for. Servers of one URL and scopes of several flows
/// have several texts.
fn descriptions(document: &Document) -> Vec<(Cow<'_, str>, &str)> {
    let api = document.api();
    let servers = api.servers.iter().map(|server| (&*server.url, server.description.as_deref()));
    let text = |node: Option<NodeId>| document.tree().text(node?);
    let schemes = api.security_schemes.iter().map(|scheme| (&*scheme.name, text(scheme.description)));
    let flows = api.security_schemes.iter().flat_map(|scheme| match &scheme.kind {
        SchemeKind::OAuth2 { flows } => flows.as_slice(),
        _ => &[],
    });
    let scopes = flows.flat_map(|flow| &flow.scopes);
    let named = servers.chain(schemes).map(|(name, text)| (name.into(), text.unwrap_or_default()));
    named.chain(scopes.map(|(name, text)| (format!("scope {name}").into(), text.as_str()))).collect()
}

/// A schema of its own, or one for each media type.
type Held<'d> = (Option<SchemaId>, &'d [MediaType]);

impl Texts<'_> {
    /// A member that both objects may have.
    fn say_members(&mut self, nodes: [NodeId; 2], keyword: &str, place: &str) {
        let [a, b] = self.documents;
        self.say_data(place, keyword, [a.tree().get(nodes[0], keyword), b.tree().get(nodes[1], keyword)]);
    }

    fn response(&mut self, both: [&Response; 2], status: &str) {
        self.say_texts(status, "description", both.map(|response| response.description));
        self.say_members(both.map(|response| response.node), "links", status);
        self.held(both.map(|response| (None, response.content.as_slice())), status);
        let [old, new] = both;
        for header in &new.headers {
            let twin = old.headers.iter().find(|twin| twin.name.eq_ignore_ascii_case(&header.name));
            let Some(twin) = twin else { continue };
            let both = [twin, header];
            self.say_texts(&header.name, "description", both.map(|header| header.description));
            self.held(both.map(|header| (header.schema, header.content.as_slice())), &header.name);
        }
    }

    /// The texts of the schemas that a part of an operation holds.
    fn held(&mut self, [(before, old), (after, new)]: [Held<'_>; 2], place: &str) {
        let is_only = old.len() == 1 && new.len() == 1;
        for media in new {
            let twin = old.iter().find(|twin| is_only || twin.name == media.name);
            if let (Some(a), Some(b)) = (twin.and_then(|twin| twin.schema), media.schema) {
                let named = || format!("{place} ({})", media.name);
                self.schema([a, b], &if is_only { place.to_owned() } else { named() });
            }
        }
        if let (Some(a), Some(b)) = (before, after) {
            self.schema([a, b], place);
        }
    }

    /// The texts of a schema and of what is written within it; referred schemas speak for themselves.
    fn schema(&mut self, both: [SchemaId; 2], place: &str) {
        let [old, new] = self.documents;
        let (schemas, others) = (&old.api().schemas, &new.api().schemas);
        let said = |id: SchemaId| old.tree().hash(schemas.get(id).node);
        let said_now = |id: SchemaId| new.tree().hash(others.get(id).node);
        let differ = |a: SchemaId, b: SchemaId| said(a) != said_now(b);
        let mut stack = vec![(both, place.to_owned())];
        while let Some(([a, b], place)) = stack.pop() {
            let (was, is) = (schemas.get(a), others.get(b));
            self.say_all(&place, &[keywords(old, was), keywords(new, is)]);
            if was.reference.is_some() || is.reference.is_some() {
                continue;
            }
            let mut lookup = was.lookup();
            for (name, b) in is.properties() {
                if let Some(a) = lookup.get(name).filter(|a| differ(*a, *b)) {
                    stack.push(([a, *b], format!("{place}.{name}").trim_start_matches('.').to_owned()));
                }
            }
            // Branches have no order: those that are left on both sides are called by what they are.
            let mut gone = named(old, left(branches(was), said, branches(is).map(said_now)));
            let won = left(branches(is), said_now, branches(was).map(said));
            for (name, b) in named(new, won) {
                if let Some(a) = gone.remove(&name) {
                    stack.push(([a, b], format!("{place}({name})")));
                }
            }
            let deeper = [(was.items(), is.items(), "[]"), (was.additional(), is.additional(), ".*")];
            for (a, b, name) in deeper {
                if let (Some(a), Some(b)) = (a, b)
                    && differ(a, b)
                {
                    stack.push(([a, b], format!("{place}{name}")));
                }
            }
        }
    }
}

/// The keywords of a schema that hold texts.
fn keywords<'d>(
    document: &'d Document,
    schema: &'d Schema,
) -> impl Iterator<Item = (&'d str, NodeId)> + Clone {
    let named = [("title", schema.title()), ("description", schema.description())];
    let examples = schema.examples().iter().map(|node| ("example", *node));
    let named = named.into_iter().filter_map(|(keyword, node)| Some((keyword, node?)));
    named.chain(examples).chain(extensions(document, schema.node))
}

/// The branches that the other side, whose hashes these are, does not have alike.
fn left(
    branches: impl Iterator<Item = SchemaId>,
    said: impl Fn(SchemaId) -> Hash,
    theirs: impl Iterator<Item = Hash>,
) -> Vec<SchemaId> {
    let mut kept: FxHashMap<Hash, usize> = FxHashMap::default();
    for hash in theirs {
        *kept.entry(hash).or_default() += 1;
    }
    let is_left = |branch: &SchemaId| match kept.get_mut(&said(*branch)) {
        Some(count @ 1..) => {
            *count -= 1;
            false
        }
        _ => true,
    };
    branches.filter(is_left).collect()
}

/// Branches by what they are, and by number where several are alike.
fn named(document: &Document, branches: Vec<SchemaId>) -> BTreeMap<String, SchemaId> {
    let mut named = BTreeMap::new();
    let mut met: FxHashMap<String, usize> = FxHashMap::default();
    for branch in branches {
        let brief = View::brief(document, branch);
        let count = met.entry(brief.clone()).or_default();
        *count += 1;
        let more = if *count > 1 { format!(" {count}") } else { String::new() };
        named.insert(format!("{brief}{more}"), branch);
    }
    named
}

/// Extensions but those that rules of their own read.
fn extensions(document: &Document, node: NodeId) -> impl Iterator<Item = (&str, NodeId)> + Clone {
    const READ: [&str; 5] =
        ["x-sunset", "x-stability-level", "x-internal", "x-extensible-enum", "x-webhooks"];
    document.tree().members(node).filter(|(key, _)| key.starts_with("x-") && !READ.contains(key))
}

/// The members of `allOf`, `anyOf` and `oneOf`.
fn branches(schema: &Schema) -> impl Iterator<Item = SchemaId> {
    let unions = [schema.any_of(), schema.one_of()].into_iter().flatten().flatten();
    schema.all_of().iter().chain(unions).copied()
}
