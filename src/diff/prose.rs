//! What people read: titles, descriptions, examples, tags. Changed text changes no message.
//!
//! Texts are gathered for each operation, shared part, named schema and the head of the document,
//! so that one rewrite is one change. Only places that both sides have are compared; parts that are
//! equal as data are not read.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::change::OperationName;
use super::edit::Edit;
use super::pair::{Pair, ProseView, Scene};
use super::pairing::{self, Side};
use super::risk::Facet;
use super::value::canonical;
use super::view::View;
use crate::lint::Severity;
use crate::spec::Document;
use crate::spec::model::{MediaType, Operation, Parameter, SchemeKind};
use crate::spec::schema::SchemaId;
use crate::spec::tree::NodeId;

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
    fn push(&mut self, place: &str, keyword: &str, text: Option<&str>) {
        if !self.places.contains(place) {
            self.places.insert(place.to_owned());
        }
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

/// Visits every pair of places whose text differs.
pub fn walk<'a>(
    scene: &'a Scene<'a>,
    sides: &[Side<'a>],
    visit: impl FnMut(&Pair<'a, ProseView<'_>>, Option<OperationName>),
) {
    let mut reader = Reader { scene, visit };
    let (old, new) = (scene.old, scene.new);
    let ((a, before), (b, after)) = (head(old), head(new));
    reader.compare("info", (a, &before), (b, &after), None);
    for side in sides {
        if let (Some(a), Some(b)) = (side.old, side.new) {
            reader.operation(a, b);
        }
    }
    for (name, id) in &new.api().components {
        let Some(other) = old.api().component(name) else {
            continue;
        };
        let (a, b) = (old.api().schemas.get(other).node, new.api().schemas.get(*id).node);
        if !reader.is_equal(a, b) {
            let texts = |document: &Document, id: SchemaId, twin: (&Document, SchemaId)| {
                let mut texts = Texts::default();
                of_schema(document, id, Some(twin), "", &mut texts);
                texts
            };
            let (before, after) = (texts(old, other, (new, *id)), texts(new, *id, (old, other)));
            reader.compare(name, (a, &before), (b, &after), None);
        }
    }
}

struct Reader<'a, V> {
    scene: &'a Scene<'a>,
    visit: V,
}

impl<'a, V: FnMut(&Pair<'a, ProseView<'_>>, Option<OperationName>)> Reader<'a, V> {
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
        operation: Option<OperationName>,
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
            (self.visit)(&pair, operation);
        }
    }

    /// A part of an operation: read as its own where it is shared, else with the operation.
    fn part(
        &mut self,
        (a, b): (NodeId, NodeId),
        owner: &OperationName,
        name: &str,
        inline: &mut (Texts, Texts),
        read: impl Fn(&mut Texts, bool),
    ) {
        if self.is_equal(a, b) {
            return;
        }
        let shared = |document: &Document, node: NodeId| !document.pointer(node).starts_with("/paths/");
        if shared(self.scene.old, a) && shared(self.scene.new, b) {
            let (mut before, mut after) = (Texts::default(), Texts::default());
            read(&mut before, true);
            read(&mut after, false);
            self.compare(name, (a, &before), (b, &after), Some(owner.clone()));
        } else {
            read(&mut inline.0, true);
            read(&mut inline.1, false);
        }
    }

    fn operation(&mut self, old: &Operation, new: &Operation) {
        if self.is_kept(old, new) {
            return;
        }
        let (left, right) = (self.scene.old, self.scene.new);
        let name = OperationName { method: new.method.clone(), path: new.path.clone() };
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
            self.part((a.node, b.node), &name, &b.name, &mut inline, |texts, is_old| {
                let (document, parameter) = if is_old { (left, a) } else { (right, b) };
                of_parameter(document, parameter, &b.name, texts);
            });
        }
        if let (Some(a), Some(b)) = (&old.body, &new.body) {
            self.part((a.node, b.node), &name, "request body", &mut inline, |texts, is_old| {
                let (document, body) = if is_old { (left, a) } else { (right, b) };
                texts.push("request", "description", body.description.as_deref());
                of_schemas(document, None, &body.content, "request", texts);
            });
        }
        for b in &new.responses {
            let Some(a) = old.response(b.status) else {
                continue;
            };
            let status = b.status.to_string();
            self.part((a.node, b.node), &name, &status, &mut inline, |texts, is_old| {
                let (document, response) = if is_old { (left, a) } else { (right, b) };
                texts.push(&status, "description", Some(&response.description));
                let links = document.tree().get(response.node, "links");
                texts.push(&status, "links", links.map(|node| canonical(&document.value(node))).as_deref());
                of_schemas(document, None, &response.content, &status, texts);
                for header in &response.headers {
                    texts.push(&header.name, "description", header.description.as_deref());
                    of_schemas(document, header.schema, &header.content, &header.name, texts);
                }
            });
        }
        self.compare(&name.to_string(), (old.node, &inline.0), (new.node, &inline.1), Some(name.clone()));
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
    const READ: [&str; 5] =
        ["x-sunset", "x-stability-level", "x-internal", "x-extensible-enum", "x-webhooks"];
    let extensions = document.tree().members(node).filter(|(key, _)| key.starts_with("x-"));
    for (key, node) in extensions.filter(|(key, _)| !READ.contains(key)) {
        texts.push(place, key, Some(&canonical(&document.value(node))));
    }
}

fn of_parameter(document: &Document, parameter: &Parameter, place: &str, texts: &mut Texts) {
    texts.push(place, "description", parameter.description.as_deref());
    of_schemas(document, parameter.schema, &parameter.content, place, texts);
}

fn of_schemas(
    document: &Document,
    schema: Option<SchemaId>,
    content: &[MediaType],
    place: &str,
    texts: &mut Texts,
) {
    for media in content {
        if let Some(schema) = media.schema {
            let place =
                if content.len() == 1 { place.to_owned() } else { format!("{place} ({})", media.name) };
            of_schema(document, schema, None, &place, texts);
        }
    }
    if let Some(schema) = schema {
        of_schema(document, schema, None, place, texts);
    }
}

/// The texts of a schema and of what is written within it; referred schemas speak for themselves, and properties
/// that its twin of the other document has alike are passed over.
fn of_schema(
    document: &Document,
    id: SchemaId,
    twin: Option<(&Document, SchemaId)>,
    place: &str,
    texts: &mut Texts,
) {
    let schemas = &document.api().schemas;
    let other = twin.map(|(other, _)| other);
    let hash = |document: &Document, id: SchemaId| document.tree().hash(document.api().schemas.get(id).node);
    let mut stack = vec![(id, twin.map(|(_, twin)| twin), place.to_owned())];
    while let Some((id, twin, place)) = stack.pop() {
        let schema = schemas.get(id);
        let text = |node: Option<NodeId>| node.map(|node| canonical(&document.value(node)));
        texts.push(&place, "title", text(schema.title()).as_deref());
        texts.push(&place, "description", text(schema.description()).as_deref());
        for example in schema.examples() {
            texts.push(&place, "example", text(Some(*example)).as_deref());
        }
        of_extensions(document, schema.node, &place, texts);
        if schema.reference.is_some() {
            continue;
        }
        for (name, property) in schema.properties() {
            let twin = other.zip(twin).and_then(|(other, twin)| other.api().schemas.get(twin).property(name));
            let is_kept = |(other, twin)| hash(other, twin) == hash(document, *property);
            if !other.zip(twin).is_some_and(is_kept) {
                let place = format!("{place}.{name}").trim_start_matches('.').to_owned();
                stack.push((*property, twin, place));
            }
        }
        let unions = schema.any_of().unwrap_or_default().iter().chain(schema.one_of().unwrap_or_default());
        // Branches have no order: each is called by what it is.
        let mut met: HashMap<String, usize> = HashMap::new();
        for branch in schema.all_of().iter().chain(unions) {
            let brief = View::brief(document, *branch);
            let count = met.entry(brief.clone()).or_default();
            *count += 1;
            let more = if *count > 1 { format!(" {count}") } else { String::new() };
            stack.push((*branch, None, format!("{place}({brief}{more})")));
        }
        stack.extend(schema.items().map(|items| (items, None, format!("{place}[]"))));
        stack.extend(schema.additional().map(|rest| (rest, None, format!("{place}.*"))));
    }
}
