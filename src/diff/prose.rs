//! What people read: titles, descriptions, examples, tags. Changed text changes no message.
//!
//! Texts are gathered for each operation, named schema and the head of the document, so that one
//! rewrite is one change. Parts of the documents that are equal as data are not read.

use super::change::OperationName;
use super::pair::{Pair, ProseView, Scene};
use super::pairing::Side;
use crate::spec::Document;
use crate::spec::model::{MediaType, Operation};
use crate::spec::schema::SchemaId;
use crate::spec::tree::NodeId;

type Texts = Vec<(String, String)>;

/// Visits every pair of places whose text may differ.
pub fn walk<'a>(
    scene: &'a Scene<'a>,
    sides: &[Side<'a>],
    mut visit: impl FnMut(&Pair<'a, ProseView<'_>>, Option<OperationName>),
) {
    let mut compare = |name: &str,
                       old: (NodeId, Texts),
                       new: (NodeId, Texts),
                       operation: Option<OperationName>| {
        if old.1 != new.1 {
            let pair = Pair {
                scene,
                old: Some(ProseView {
                    node: old.0,
                    texts: &old.1,
                }),
                new: Some(ProseView {
                    node: new.0,
                    texts: &new.1,
                }),
                direction: None,
                name: name.to_owned(),
                textual: false,
                closed: (false, false),
            };
            visit(&pair, operation);
        }
    };
    let (old, new) = (scene.old, scene.new);
    compare("info", head(old), head(new), None);
    for side in sides {
        if let (Some(a), Some(b)) = (side.old, side.new)
            && old.value_hash(a.node) != new.value_hash(b.node)
        {
            let name = OperationName {
                method: b.method.clone(),
                path: b.path.clone(),
            };
            let (before, after) = (of_operation(old, a), of_operation(new, b));
            compare(
                &name.to_string(),
                (a.node, before),
                (b.node, after),
                Some(name),
            );
        }
    }
    for (name, id) in &new.api().components {
        let Some(other) = old.api().component(name) else {
            continue;
        };
        let (a, b) = (
            old.api().schemas.get(other).node,
            new.api().schemas.get(*id).node,
        );
        if old.value_hash(a) != new.value_hash(b) {
            let texts = |document: &Document, id: SchemaId| {
                let mut texts = Vec::new();
                of_schema(document, id, "", &mut texts);
                texts.sort_unstable();
                texts
            };
            compare(name, (a, texts(old, other)), (b, texts(new, *id)), None);
        }
    }
}

fn push(texts: &mut Texts, place: &str, keyword: &str, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        let key = if place.is_empty() {
            keyword.to_owned()
        } else {
            format!("{keyword} of {place}")
        };
        texts.push((key, text.to_owned()));
    }
}

/// `info` and what else stands at the head of a document.
fn head(document: &Document) -> (NodeId, Texts) {
    let tree = document.tree();
    let mut texts = Vec::new();
    let info = tree.get(NodeId::ROOT, "info");
    if let Some(info) = info {
        for (key, node) in tree.members(info) {
            let text = document.value(node);
            push(&mut texts, "", key, Some(&super::value::canonical(&text)));
        }
    }
    for tag in &document.api().tags {
        push(
            &mut texts,
            "",
            &format!("tag {}", tag.name),
            Some(tag.description.as_deref().unwrap_or("-")),
        );
    }
    for server in &document.api().servers {
        push(
            &mut texts,
            &server.url,
            "description",
            server.description.as_deref(),
        );
    }
    for scheme in &document.api().security_schemes {
        push(
            &mut texts,
            &scheme.name,
            "description",
            scheme.description.as_deref(),
        );
    }
    texts.sort_unstable();
    (info.unwrap_or(NodeId::ROOT), texts)
}

fn of_operation(document: &Document, operation: &Operation) -> Texts {
    let mut texts = Vec::new();
    push(&mut texts, "", "summary", operation.summary.as_deref());
    push(
        &mut texts,
        "",
        "description",
        operation.description.as_deref(),
    );
    push(&mut texts, "", "tags", Some(&operation.tags.join(", ")));
    push(&mut texts, "", "operationId", operation.id.as_deref());
    for parameter in &operation.parameters {
        push(
            &mut texts,
            &parameter.name,
            "description",
            parameter.description.as_deref(),
        );
        push(
            &mut texts,
            &parameter.name,
            "deprecated",
            parameter.deprecated.then_some("true"),
        );
        of_schemas(
            document,
            parameter.schema,
            &parameter.content,
            &parameter.name,
            &mut texts,
        );
    }
    if let Some(body) = &operation.body {
        push(
            &mut texts,
            "the body",
            "description",
            body.description.as_deref(),
        );
        of_schemas(document, None, &body.content, "body", &mut texts);
    }
    for response in &operation.responses {
        let status = response.status.to_string();
        push(
            &mut texts,
            &status,
            "description",
            Some(&response.description),
        );
        of_schemas(document, None, &response.content, &status, &mut texts);
        for header in &response.headers {
            push(
                &mut texts,
                &header.name,
                "description",
                header.description.as_deref(),
            );
            of_schemas(
                document,
                header.schema,
                &header.content,
                &header.name,
                &mut texts,
            );
        }
    }
    texts.sort_unstable();
    texts
}

fn of_schemas(
    document: &Document,
    schema: Option<SchemaId>,
    content: &[MediaType],
    place: &str,
    texts: &mut Texts,
) {
    let schemas = content
        .iter()
        .filter_map(|media| media.schema)
        .chain(schema);
    for schema in schemas {
        of_schema(document, schema, place, texts);
    }
}

/// The texts of a schema and of what is written within it; referred schemas speak for themselves.
fn of_schema(document: &Document, id: SchemaId, place: &str, texts: &mut Texts) {
    let schemas = &document.api().schemas;
    let mut stack = vec![(id, place.to_owned())];
    while let Some((id, place)) = stack.pop() {
        let schema = schemas.get(id);
        let mut text = |keyword: &str, node: Option<NodeId>| {
            if let Some(node) = node {
                push(
                    texts,
                    &place,
                    keyword,
                    Some(&super::value::canonical(&document.value(node))),
                );
            }
        };
        text("title", schema.title());
        text("description", schema.description());
        for example in schema.examples() {
            text("example", Some(*example));
        }
        push(
            texts,
            &place,
            "deprecated",
            schema.deprecated().then_some("true"),
        );
        if schema.reference.is_some() {
            continue;
        }
        for (name, property) in schema.properties() {
            stack.push((
                *property,
                format!("{place}.{name}").trim_start_matches('.').to_owned(),
            ));
        }
        let listed = schema
            .all_of()
            .iter()
            .chain(schema.any_of().unwrap_or_default())
            .chain(schema.one_of().unwrap_or_default());
        for (i, branch) in listed.enumerate() {
            stack.push((*branch, format!("{place}({i})")));
        }
        stack.extend(schema.items().map(|items| (items, format!("{place}[]"))));
        stack.extend(schema.additional().map(|rest| (rest, format!("{place}.*"))));
    }
}
