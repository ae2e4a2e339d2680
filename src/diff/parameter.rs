//! What parameters are called, how they are spelled on the wire, and which of them tell secrets.

use super::risk::Facet;
use super::types::Types;
use super::view::View;
use crate::lint::{Tier, tier};
use crate::spec::Document;
use crate::spec::model::{Location, Parameter};

/// How values are written, as far as it matters for the values the parameter can have.
#[must_use]
pub fn spelling(document: &Document, parameter: &Parameter) -> String {
    if let Some(media) = parameter.content.first() {
        return media.name.clone();
    }
    // Only lists and objects are joined or spread.
    let composite = parameter.schema.is_none_or(|schema| {
        let types = View::of(document, schema).types;
        types != Types::ANY && (types.has("array") || types.has("object"))
    });
    let mut words = match parameter.style.to_string().as_str() {
        "form" | "simple" if !composite => "plain text".to_owned(),
        style if composite && parameter.explode => format!("{style}, exploded"),
        style => style.to_owned(),
    };
    if parameter.allow_reserved {
        words.push_str(", reserved characters as they are");
    }
    words
}

/// What it means that a parameter which carries a credential in the URL came or went.
#[must_use]
pub fn facet(parameter: &Parameter, added: bool) -> Option<Facet> {
    let in_url = matches!(parameter.location, Location::Query | Location::Path | Location::QueryString);
    let is_secret = tier(&parameter.name, false) == Some(Tier::Credential);
    (in_url && is_secret).then(|| Facet::either("auth-credential-parameter-added", added)).flatten()
}
