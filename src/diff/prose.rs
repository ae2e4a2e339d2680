//! What people read: titles, descriptions, examples, tags. Changed text changes no message.
//!
//! Texts are gathered for each operation, shared part, named schema and the head of the document,
//! so that one rewrite is one change. Only places that both sides have are compared; parts that are
//! equal as data are not read.

use std::collections::{HashMap, HashSet};

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
use crate::spec::model::{Body, MediaType, Operation, Parameter, SchemeKind};
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

/// The texts of one side, each with its place and keyword.
#[derive(Default)]
struct Texts {
    list: Vec<(String, String, String)>,
    places: HashSet<String>,
}

impl Texts {
    fn reach(&mut self, place: &str) {
        if !self.places.contains(place) {
            self.places.insert(place.to_owned());
        }
    }

    fn push(&mut self, place: &str, keyword: &str, text: Option<&str>) {
        self.reach(place);
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.list.push((place.to_owned(), keyword.to_owned(), text.to_owned()));
        }
    }

    /// The texts at places that the other side has too, sorted.
    fn shared(&self, other: &Self) -> Vec<(String, String)> {
        let kept = self.list.iter().filter(|(place, ..)| other.places.contains(place));
        let named = kept.map(|(place, keyword, text)| {
            let key = if place.is_empty() { keyword.clone() } else { format!("{keyword} of {place}") };
            (key, text.clone())
        });
        let mut texts: Vec<(String, String)> = named.collect();
        texts.sort_unstable();
        texts
    }
}

/// What rules saw at one place, and the operation that the place belongs to.
pub(super) type Found<'a> = (Vec<Seen>, Option<&'a Operation>);

/// What the rules see wherever a text differs.
#[must_use]
pub(super) fn walk<'a>(scene: &'a Scene<'a>, sides: &[Side<'a>], named: &[Named<'a>]) -> Vec<Found<'a>> {
    let mut reader = Reader { scene, found: Vec::new() };
    let (old, new) = (scene.old, scene.new);
    let ((a, before), (b, after)) = (head(old), head(new));
    reader.compare("info", (a, &before), (b, &after), None);
    let differ = !outside_schemas(old).eq(outside_schemas(new));
    for side in sides.iter().filter(|_| differ) {
        if let (Some(a), Some(b)) = (side.old, side.new) {
            reader.operation(a, b);
        }
    }
    for Named { name, old: other, new: id } in named {
        let (Some(other), Some(id)) = (*other, *id) else { continue };
        let (a, b) = (old.api().schemas.get(other).node, new.api().schemas.get(id).node);
        if !reader.is_equal(a, b) {
            let texts = |side: (&Document, SchemaId), (twin, its): (&Document, SchemaId)| {
                let mut texts = Texts::default();
                of_schema(side, (twin, Some(its)), "", &mut texts);
                texts
            };
            let (before, after) = (texts((old, other), (new, id)), texts((new, id), (old, other)));
            reader.compare(name, (a, &before), (b, &after), None);
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
    /// Whether both places hold the same data, prose included.
    fn is_equal(&self, old: NodeId, new: NodeId) -> bool {
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
        self.is_equal(old.node, new.node)
            && parts(old).map(|node| before.hash(node)).eq(parts(new).map(|node| after.hash(node)))
    }

    fn compare(
        &mut self,
        name: &str,
        (old_node, old): (NodeId, &Texts),
        (new_node, new): (NodeId, &Texts),
        operation: Option<&'a Operation>,
    ) {
        let (before, after) = (old.shared(new), new.shared(old));
        if before != after {
            let pair = Pair {
                scene: self.scene,
                old: Some(ProseView { node: old_node, texts: &before }),
                new: Some(ProseView { node: new_node, texts: &after }),
                direction: None,
                name: name.to_owned(),
                textual: false,
                error: false,
                closed: (false, false),
            };
            self.found.push((seen(&CHECKS.prose, &pair), operation));
        }
    }

    /// A part of an operation: read as its own where it is shared, else with the operation.
    fn part(
        &mut self,
        (a, b): (NodeId, NodeId),
        owner: &'a Operation,
        name: &str,
        inline: &mut (Texts, Texts),
        read: impl Fn(&mut Texts, usize),
    ) {
        if self.is_equal(a, b) {
            return;
        }
        let shared = |document: &Document, node: NodeId| !document.pointer(node).starts_with("/paths/");
        if shared(self.scene.old, a) && shared(self.scene.new, b) {
            let (mut before, mut after) = (Texts::default(), Texts::default());
            read(&mut before, 0);
            read(&mut after, 1);
            self.compare(name, (a, &before), (b, &after), Some(owner));
        } else {
            read(&mut inline.0, 0);
            read(&mut inline.1, 1);
        }
    }

    fn operation(&mut self, old: &'a Operation, new: &'a Operation) {
        if self.is_kept(old, new) {
            return;
        }
        let (left, right) = (self.scene.old, self.scene.new);
        let mut inline = (Texts::default(), Texts::default());
        for (texts, operation, document) in [(&mut inline.0, old, left), (&mut inline.1, new, right)] {
            texts.push("", "summary", operation.summary.as_deref());
            texts.push("", "description", operation.description.as_deref());
            let mut tags: Vec<&str> = operation.tags.iter().map(String::as_str).collect();
            tags.sort_unstable();
            texts.push("", "tags", Some(&tags.join(", ")));
            of_extensions(document, operation.node, "", texts);
            let docs = document.tree().get(operation.node, "externalDocs");
            texts.push("", "externalDocs", docs.map(|node| canonical(&document.value(node))).as_deref());
        }
        for (a, b) in pairing::parameters(self.scene, old, new) {
            let (Some(a), Some(b)) = (a, b) else { continue };
            let holder = |document, part: &'a Parameter| Holder {
                document,
                schema: part.schema,
                content: &part.content,
            };
            let holders = [holder(left, a), holder(right, b)];
            self.part((a.node, b.node), new, &b.name, &mut inline, |texts, side| {
                texts.push(&b.name, "description", [a, b][side].description.as_deref());
                of_schemas(holders[side], holders[1 - side], &b.name, texts);
            });
        }
        if let (Some(a), Some(b)) = (&old.body, &new.body) {
            let holder = |document, part: &'a Body| Holder { document, schema: None, content: &part.content };
            let holders = [holder(left, a), holder(right, b)];
            self.part((a.node, b.node), new, "request body", &mut inline, |texts, side| {
                texts.push("request", "description", [a, b][side].description.as_deref());
                of_schemas(holders[side], holders[1 - side], "request", texts);
            });
        }
        for b in &new.responses {
            let Some(a) = old.response(b.status) else {
                continue;
            };
            let status = b.status.to_string();
            let nothing: &[MediaType] = &[];
            self.part((a.node, b.node), new, &status, &mut inline, |texts, side| {
                let (document, response) = ([left, right][side], [a, b][side]);
                let (there, twin) = ([right, left][side], [b, a][side]);
                texts.push(&status, "description", Some(&response.description));
                let links = document.tree().get(response.node, "links");
                texts.push(&status, "links", links.map(|node| canonical(&document.value(node))).as_deref());
                let holder = |document, schema, content| Holder { document, schema, content };
                let bodies = (holder(document, None, &response.content), holder(there, None, &twin.content));
                of_schemas(bodies.0, bodies.1, &status, texts);
                for header in &response.headers {
                    texts.push(&header.name, "description", header.description.as_deref());
                    let twin = twin.headers.iter().find(|twin| twin.name.eq_ignore_ascii_case(&header.name));
                    let (schema, content) =
                        twin.map_or((None, nothing), |twin| (twin.schema, twin.content.as_slice()));
                    let own = holder(document, header.schema, &header.content);
                    of_schemas(own, holder(there, schema, content), &header.name, texts);
                }
            });
        }
        self.compare(&new.to_string(), (old.node, &inline.0), (new.node, &inline.1), Some(new));
    }
}

/// `info` and what else stands at the head of a document.
fn head(document: &Document) -> (NodeId, Texts) {
    let tree = document.tree();
    let api = document.api();
    let mut texts = Texts::default();
    let info = tree.get(NodeId::ROOT, "info");
    for (key, node) in info.into_iter().flat_map(|info| tree.members(info)) {
        texts.push("", key, Some(&canonical(&document.value(node))));
    }
    for tag in &api.tags {
        texts.push(
            "",
            "declared tags",
            Some(&format!("{}: {}", tag.name, tag.description.as_deref().unwrap_or_default())),
        );
    }
    for server in &api.servers {
        texts.push(&server.url, "description", server.description.as_deref());
    }
    for scheme in &api.security_schemes {
        texts.push(&scheme.name, "description", scheme.description.as_deref());
        if let SchemeKind::OAuth2 { flows } = &scheme.kind {
            for (name, description) in flows.iter().flat_map(|flow| &flow.scopes) {
                texts.push(&format!("scope {name}"), "description", Some(description));
            }
        }
    }
    of_extensions(document, NodeId::ROOT, "", &mut texts);
    let docs = tree.get(NodeId::ROOT, "externalDocs");
    texts.push("", "externalDocs", docs.map(|node| canonical(&document.value(node))).as_deref());
    (info.unwrap_or(NodeId::ROOT), texts)
}

/// Extensions but those that rules of their own read.
fn of_extensions(document: &Document, node: NodeId, place: &str, texts: &mut Texts) {
    for (key, node) in extensions(document, node) {
        texts.push(place, key, Some(&canonical(&document.value(node))));
    }
}

fn extensions(document: &Document, node: NodeId) -> impl Iterator<Item = (&str, NodeId)> {
    const READ: [&str; 5] =
        ["x-sunset", "x-stability-level", "x-internal", "x-extensible-enum", "x-webhooks"];
    document.tree().members(node).filter(|(key, _)| key.starts_with("x-") && !READ.contains(key))
}

/// The texts of a schema itself; what its twin says too is passed over.
fn of_keywords(
    (document, schema): (&Document, &Schema),
    (other, twin): (&Document, Option<&Schema>),
    place: &str,
    texts: &mut Texts,
) {
    fn said<'d>(document: &'d Document, schema: &'d Schema) -> impl Iterator<Item = (&'d str, NodeId)> {
        let named = [("title", schema.title()), ("description", schema.description())];
        let examples = schema.examples().iter().map(|node| ("example", *node));
        let named = named.into_iter().filter_map(|(keyword, node)| Some((keyword, node?)));
        named.chain(examples).chain(extensions(document, schema.node))
    }
    texts.reach(place);
    let its: FxHashSet<(&str, Hash)> = twin
        .into_iter()
        .flat_map(|twin| said(other, twin).map(|(keyword, node)| (keyword, other.tree().hash(node))))
        .collect();
    for (keyword, node) in said(document, schema) {
        if !its.contains(&(keyword, document.tree().hash(node))) {
            texts.push(place, keyword, Some(&canonical(&document.value(node))));
        }
    }
}

/// What may hold schemas: a schema of its own, or one for each media type.
#[derive(Clone, Copy)]
struct Holder<'d> {
    document: &'d Document,
    schema: Option<SchemaId>,
    content: &'d [MediaType],
}

/// The texts of the schemas that a part of an operation holds, where its twin has others.
fn of_schemas(holder: Holder<'_>, twin: Holder<'_>, place: &str, texts: &mut Texts) {
    for media in holder.content {
        if let Some(schema) = media.schema {
            let is_only = holder.content.len() == 1;
            let place = if is_only { place.to_owned() } else { format!("{place} ({})", media.name) };
            let other = twin.content.iter().find(|other| is_only || other.name == media.name);
            let other = other.and_then(|other| other.schema);
            of_schema((holder.document, schema), (twin.document, other), &place, texts);
        }
    }
    if let Some(schema) = holder.schema {
        of_schema((holder.document, schema), (twin.document, twin.schema), place, texts);
    }
}

/// The texts of a schema and of what is written within it; referred schemas speak for themselves, and
/// parts that its twin of the other document has alike are passed over.
fn of_schema(
    (document, id): (&Document, SchemaId),
    (other, twin): (&Document, Option<SchemaId>),
    place: &str,
    texts: &mut Texts,
) {
    let (schemas, others) = (&document.api().schemas, &other.api().schemas);
    let said = |id: SchemaId| document.tree().hash(schemas.get(id).node);
    let said_there = |id: SchemaId| other.tree().hash(others.get(id).node);
    let is_kept =
        |id: SchemaId, twin: Option<SchemaId>| twin.is_some_and(|twin| said(id) == said_there(twin));
    let mut stack = vec![(id, twin, place.to_owned())];
    while let Some((id, twin, place)) = stack.pop() {
        let schema = schemas.get(id);
        let twin = twin.map(|twin| others.get(twin));
        of_keywords((document, schema), (other, twin), &place, texts);
        if schema.reference.is_some() {
            continue;
        }
        let mut lookup = twin.map(|twin| twin.lookup());
        for (name, property) in schema.properties() {
            let twin = lookup.as_mut().and_then(|twin| twin.get(name));
            if !is_kept(*property, twin) {
                let place = format!("{place}.{name}").trim_start_matches('.').to_owned();
                stack.push((*property, twin, place));
            }
        }
        let mut kept: FxHashMap<Hash, usize> = FxHashMap::default();
        for branch in twin.into_iter().flat_map(branches) {
            *kept.entry(said_there(branch)).or_default() += 1;
        }
        // Branches have no order: each is called by what it is.
        let mut met: HashMap<String, usize> = HashMap::new();
        for branch in branches(schema) {
            if let Some(left @ 1..) = kept.get_mut(&said(branch)) {
                *left -= 1;
                continue;
            }
            let brief = View::brief(document, branch);
            let count = met.entry(brief.clone()).or_default();
            *count += 1;
            let more = if *count > 1 { format!(" {count}") } else { String::new() };
            stack.push((branch, None, format!("{place}({brief}{more})")));
        }
        let deeper = [
            (schema.items(), twin.and_then(|twin| twin.items()), "[]"),
            (schema.additional(), twin.and_then(|twin| twin.additional()), ".*"),
        ];
        for (below, twin, name) in deeper {
            if let Some(below) = below.filter(|below| !is_kept(*below, twin)) {
                stack.push((below, twin, format!("{place}{name}")));
            }
        }
    }
}

/// The members of `allOf`, `anyOf` and `oneOf`.
fn branches(schema: &Schema) -> impl Iterator<Item = SchemaId> {
    let unions = [schema.any_of(), schema.one_of()].into_iter().flatten().flatten();
    schema.all_of().iter().chain(unions).copied()
}
