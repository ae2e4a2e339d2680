//! How the parts of a form or multipart body are written.
//!
//! What no encoding says follows from the schema of the part. Source: `OpenAPI` 3.1.1 "Encoding
//! Object".

use super::types::Types;
use super::view::View;
use crate::spec::Document;
use crate::spec::model::{Encoding, MediaType, Style};
use crate::spec::tree::NodeId;

/// A part that is written in another way.
pub struct Changed {
    /// The name of the part.
    pub part: String,
    /// Its encoding in the older document, or the representation.
    pub old: NodeId,
    /// Its encoding in the newer document, or the representation.
    pub new: NodeId,
    /// How it was written.
    pub before: String,
    /// How it is written.
    pub after: String,
}

/// The parts that both sides have and write in another way.
#[must_use]
pub fn changes(old: &Document, before: &MediaType, new: &Document, after: &MediaType) -> Vec<Changed> {
    let (a, b) = (&before.encodings.named, &after.encodings.named);
    let (Some(left), Some(right)) = (before.schema, after.schema) else {
        return Vec::new();
    };
    if a.is_empty() && b.is_empty() || before.hash == after.hash {
        return Vec::new();
    }
    let (left, right) = (View::of(old, left), View::of(new, right));
    let mut names: Vec<&str> = a.iter().chain(b).map(|encoding| encoding.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut changed = Vec::new();
    for name in names {
        let find = |list: &'_ [Encoding]| list.iter().position(|encoding| encoding.name == name);
        let (x, y) = (find(a).map(|at| &a[at]), find(b).map(|at| &b[at]));
        let is_multipart = before.is_multipart() && after.is_multipart();
        let was = words(&left, name, x, is_multipart);
        let is = words(&right, name, y, is_multipart);
        let (Some(was), Some(is)) = (was, is) else { continue };
        if was != is {
            changed.push(Changed {
                part: name.to_owned(),
                old: x.map_or(before.node, |encoding| encoding.node),
                new: y.map_or(after.node, |encoding| encoding.node),
                before: was,
                after: is,
            });
        }
    }
    changed
}

/// How the part is written; none where the schema has no such part.
fn words(whole: &View<'_>, name: &str, encoding: Option<&Encoding>, is_multipart: bool) -> Option<String> {
    let part = View::of(whole.document, *whole.properties.get(name).first()?);
    let composite = part.types.has("array") || part.types.has("object");
    if let Some((encoding, style)) = encoding.and_then(|encoding| Some((encoding, encoding.style.as_ref()?)))
    {
        let is_usual = *style == Style::Form && (encoding.explode || !composite) && !encoding.allow_reserved;
        if !is_usual || part.types.has("object") {
            let spread = if encoding.explode && composite { ", exploded" } else { "" };
            let reserved = if encoding.allow_reserved { ", reserved characters as they are" } else { "" };
            return Some(format!("{style}{spread}{reserved}"));
        }
    }
    let said = encoding.map_or(&[] as &[String], |encoding| &encoding.content_types);
    let mut types: Vec<String> = said.to_vec();
    types.sort_unstable();
    if types.is_empty() {
        types.push(usual(&part).to_owned());
    }
    let mut words = types.join(", ");
    let mut headers: Vec<String> = encoding
        .map(|encoding| encoding.headers.iter().map(|header| header.name.to_ascii_lowercase()).collect())
        .unwrap_or_default();
    headers.sort_unstable();
    if is_multipart && !headers.is_empty() {
        words.push_str(&format!(", with {}", headers.join(", ")));
    }
    Some(words)
}

/// The media type of a part where nothing is said; that of a list is the one of its items.
fn usual(part: &View<'_>) -> &'static str {
    if part.types == Types::of(["array"]) {
        return part.items.map_or("text/plain", |items| usual_of_item(&View::of(part.document, items)));
    }
    usual_of_item(part)
}

fn usual_of_item(part: &View<'_>) -> &'static str {
    let is_binary = part.format.is_some_and(|(format, _)| format == "binary") || part.encoding.is_some();
    if part.types != Types::ANY && (part.types.has("object") || part.types.has("array")) {
        "application/json"
    } else if is_binary {
        "application/octet-stream"
    } else {
        "text/plain"
    }
}
