//! What parameters are called, how they are spelled on the wire, and what their names tell.
//!
//! Which of them belong together is `pairing`'s to say.

use super::pair::Pair;
use super::risk::Facet;
use super::view::View;
use crate::lint::{Severity, Tier, tier, words};
use crate::spec::Document;
use crate::spec::model::{Header, Location, Parameter, Style};
use crate::spec::schema::SchemaId;

/// What a new parameter can mean for security.
pub const RISKS: &[&str] = &[
    "auth-credential-parameter-added",
    "exposure-personal-url-added",
    "input-query-language-added",
    "ssrf-url-input-added",
    "ssrf-redirect-added",
    "function-debug-added",
    "consume-webhook-signed",
];

/// How values are written on both sides, as far as it matters for values that both can have.
#[must_use]
pub fn spellings(at: &Pair<'_, &Parameter>) -> Option<(String, String)> {
    let (old, new) = at.both()?;
    let is_composite = is_composite(at.scene.old, old.schema) && is_composite(at.scene.new, new.schema);
    Some((spelling(old, is_composite), spelling(new, is_composite)))
}

fn spelling(parameter: &Parameter, is_composite: bool) -> String {
    if let Some(media) = parameter.content.first() {
        return media.essence().to_owned();
    }
    let plain = matches!(parameter.style, Style::Form | Style::Simple | Style::Cookie) && !is_composite;
    // A deep object is spread whatever is said.
    let is_spread = is_composite && parameter.explode && parameter.style != Style::DeepObject;
    let mut words = match parameter.style.name() {
        _ if plain => "plain text".to_owned(),
        style if is_spread => format!("{style}, exploded"),
        style => style.to_owned(),
    };
    if parameter.allow_reserved && parameter.location == Location::Query {
        words.push_str(", reserved characters as they are");
    }
    words
}

/// How the value of a response header is written on both sides, as far as it matters for values
/// that both can have.
#[must_use]
pub fn header_spellings(at: &Pair<'_, &Header>) -> Option<(String, String)> {
    let (old, new) = at.both()?;
    let is_composite = is_composite(at.scene.old, old.schema) && is_composite(at.scene.new, new.schema);
    let spelling = |header: &Header| match header.content.first() {
        Some(media) => media.essence().to_owned(),
        None if !is_composite => "plain text".to_owned(),
        None if header.explode => format!("{}, exploded", header.style.name()),
        None => header.style.name().to_owned(),
    };
    Some((spelling(old), spelling(new)))
}

/// Only lists and objects are joined or spread; what has no type can be one.
fn is_composite(document: &Document, schema: Option<SchemaId>) -> bool {
    schema.is_none_or(|schema| {
        let types = View::of(document, schema).types;
        types.has("array") || types.has("object")
    })
}

/// What it means for security that the parameter came or went.
#[must_use]
pub fn facet(at: &Pair<'_, &Parameter>, parameter: &Parameter, added: bool) -> Option<Facet> {
    let parts = words::words(&parameter.name);
    if at.is_response() {
        let signs = parts.iter().any(|word| matches!(word.as_str(), "signature" | "hmac"));
        return signs.then(|| Facet::either("consume-webhook-unsigned-added", !added)).flatten();
    }
    let in_url = matches!(parameter.location, Location::Query | Location::Path | Location::QueryString);
    let weakening = match tier(&parameter.name, false).filter(|_| in_url) {
        Some(Tier::Credential) => Some("auth-credential-parameter-added"),
        Some(Tier::Personal | Tier::Regulated) => Some("exposure-personal-url-added"),
        None => None,
    };
    if weakening.is_some() {
        return weakening.and_then(|id| Facet::either(id, added));
    }
    if is_method_override(&parts) {
        return Facet::either("function-debug-added", added);
    }
    let document = if added { at.scene.new } else { at.scene.old };
    let view = parameter.schema.map(|schema| View::of(document, schema));
    input_facet(&parameter.name, view.as_ref(), added)
}

/// What it means that callers may send text of this name: a URL that the API follows or sends
/// browsers to, a file or a query. Listed values and anchored patterns confine it.
#[must_use]
pub fn input_facet(name: &str, view: Option<&View<'_>>, added: bool) -> Option<Facet> {
    let is_free = view.is_none_or(|view| {
        let is_anchored = view.patterns.keys().any(|pattern| pattern.starts_with('^'));
        view.types.has("string") && view.values.is_none() && !is_anchored
    });
    if !is_free {
        return None;
    }
    let parts = words::words(name);
    let is = |list: &[&str], word: &String| list.contains(&word.as_str());
    let last = parts.last()?;
    let is_url = view.is_some_and(|view| {
        view.format.is_some_and(|(format, _)| matches!(format, "uri" | "url" | "iri" | "uri-reference"))
    });
    const REDIRECTS: [&str; 6] = ["redirect", "return", "next", "continue", "goto", "target"];
    const URLS: [&str; 9] =
        ["url", "uri", "href", "link", "webhook", "endpoint", "host", "domain", "callback"];
    const QUERIES: [&str; 8] = ["sql", "where", "filter", "expr", "jq", "xpath", "script", "query"];
    const FILES: [&str; 6] = ["file", "filename", "path", "dir", "folder", "template"];
    if parts.iter().any(|word| is(&REDIRECTS, word)) && matches!(last.as_str(), "url" | "uri" | "to") {
        return Facet::either("ssrf-redirect-added", added);
    }
    if is_url || is(&URLS, last) {
        return Facet::either("ssrf-url-input-added", added);
    }
    if is(&QUERIES, last) {
        return Facet::either("input-query-language-added", added);
    }
    if is(&FILES, last) {
        return Facet::either("input-query-language-added", added).map(|facet| facet.at(Severity::Low));
    }
    None
}

fn is_method_override(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.ends_with(&["method", "override"])
}
