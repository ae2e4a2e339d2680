//! What is written and has no effect in the document's version, though its author means something.
//!
//! Prose beside `$ref` is lost too, but nobody's client breaks by it, so it is left alone.
//!
//! Source: OpenAPI 3.0.4 "Reference Object", "Schema Object" (nullable), "Parameter Object" and
//! "Response Object" (ignored headers), "Path Item Object"; 2.0 "Reference Object".

use std::collections::HashSet;

use super::super::place::short;
use super::super::refs::Resolver;
use super::super::tree::{Kind, NodeId, Tree};
use super::super::{Dialect, Document, Fault, Severity};

/// Findings of a document.
const MOST: usize = 100;

/// What the rules about effect find.
pub(super) fn judge(document: &Document) -> Vec<Fault> {
    let mut faults = Vec::new();
    schemas(document, &mut faults);
    headers(document, &mut faults);
    faults.truncate(MOST);
    faults
}

fn fault(node: NodeId, message: String, help: &'static str) -> Fault {
    Fault { rule: "word-without-effect", severity: Severity::Note, message, node, help }
}

fn schemas(document: &Document, faults: &mut Vec<Fault>) {
    let tree = document.tree();
    let is_old = document.dialect() < Dialect::V31;
    for (_, schema) in document.api().schemas.iter() {
        if is_old && schema.reference.is_some() {
            let words = tree.members(schema.node).filter(|(key, _)| demands(key));
            let words: Vec<(&str, NodeId)> = words.collect();
            if let Some((_, node)) = words.first() {
                let names: Vec<String> =
                    words.iter().take(4).map(|(name, _)| format!("`{}`", short(name))).collect();
                let verb = if words.len() == 1 { "has" } else { "have" };
                let message = format!("{} beside `$ref` {verb} no effect before 3.1", names.join(", "));
                faults.push(fault(
                    *node,
                    message,
                    "Put the reference into `allOf`, and the words beside that.",
                ));
            }
            continue;
        }
        let Some(nullable) = tree.get(schema.node, "nullable").filter(|node| tree.kind(*node) == Kind::True)
        else {
            continue;
        };
        if !is_old {
            let message = "`nullable` has no effect since 3.1".into();
            faults.push(fault(nullable, message, "Add `null` to the list of `type`."));
        } else if document.dialect() == Dialect::V30 && schema.types.is_none() {
            let message = "`nullable` has no effect without `type` beside it".into();
            faults.push(fault(nullable, message, "Say the type beside it."));
        }
        if faults.len() > MOST {
            return;
        }
    }
}

/// Whether the word would change what a value may be, or who sends it.
fn demands(key: &str) -> bool {
    !key.starts_with("x-")
        && !matches!(
            key,
            "$ref"
                | "title"
                | "description"
                | "summary"
                | "example"
                | "examples"
                | "externalDocs"
                | "xml"
                | "$comment"
        )
}

/// Parameters and response headers whose definition "SHALL be ignored".
fn headers(document: &Document, faults: &mut Vec<Fault>) {
    if document.dialect() == Dialect::V20 {
        return;
    }
    let tree = document.tree();
    let mut resolver = Resolver::of(document);
    let api = document.api();
    let mut judged = HashSet::new();
    for operation in api.operations.iter().chain(&api.webhooks) {
        let lists = [operation.path_node, operation.node].map(|holder| tree.get(holder, "parameters"));
        for item in lists.into_iter().flatten().flat_map(|list| tree.items(list)) {
            let Some(node) = resolver.follow(*item).filter(|node| judged.insert(*node)) else { continue };
            if let Some(name) = ignored_header(tree, node) {
                let message = format!("a header parameter `{}` is ignored", short(name));
                let help = "Say it by the media types of bodies, or by a security scheme.";
                faults.push(fault(node, message, help));
            }
        }
        for response in &operation.responses {
            let headers = tree.get(response.node, "headers").map(|map| tree.members(map));
            for (name, node) in headers.into_iter().flatten() {
                if name.eq_ignore_ascii_case("content-type") && judged.insert(node) {
                    let message = "a response header `Content-Type` is ignored".into();
                    faults.push(fault(node, message, "Say it by the media types of the response."));
                }
            }
        }
    }
}

fn ignored_header(tree: &Tree, node: NodeId) -> Option<&str> {
    let name = tree.text_of(node, "name").filter(|_| tree.text_of(node, "in") == Some("header"))?;
    ["accept", "content-type", "authorization"]
        .iter()
        .any(|each| each.eq_ignore_ascii_case(name))
        .then_some(name)
}
