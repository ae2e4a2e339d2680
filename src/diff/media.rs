//! How media types match, and what some of them mean for security.

use super::risk::Facet;
use crate::spec::model::MediaType;

/// The entry of the list that a type meets: itself, itself without parameters that say nothing,
/// else the range that covers it.
#[must_use]
pub fn find<'m>(list: &'m [MediaType], name: &str) -> Option<&'m MediaType> {
    let bare = essence(name);
    let (kind, _) = bare.split_once('/').unwrap_or((&bare, ""));
    list.iter()
        .find(|media| media.name == name)
        .or_else(|| list.iter().find(|media| essence(&media.name) == bare))
        .or_else(|| list.iter().find(|media| media.name == format!("{kind}/*")))
        .or_else(|| list.iter().find(|media| media.name == "*/*"))
}

/// Pairs representations of both sides; ranges speak for the types they cover.
#[must_use]
pub fn pairs<'m>(
    old: &'m [MediaType],
    new: &'m [MediaType],
) -> Vec<(Option<&'m MediaType>, Option<&'m MediaType>)> {
    let mut pairs: Vec<_> = new.iter().map(|media| (find(old, &media.name), Some(media))).collect();
    for media in old {
        if !pairs.iter().any(|(known, _)| known.is_some_and(|known| std::ptr::eq(known, media))) {
            pairs.push((Some(media), find(new, &media.name)));
        }
    }
    pairs
}

/// The type without its character set, which says nothing about JSON and its like.
fn essence(name: &str) -> String {
    let mut parts = name.split(';').map(str::trim);
    let bare = parts.next().unwrap_or_default();
    let rest = parts.filter(|parameter| !parameter.starts_with("charset="));
    std::iter::once(bare).chain(rest).collect::<Vec<_>>().join(";")
}

/// What accepting the type, or no longer, means for security.
#[must_use]
pub fn facet(media: &MediaType, added: bool) -> Option<Facet> {
    let name = media.name.split(';').next().unwrap_or_default();
    let id = if name.ends_with("/xml") || name.ends_with("+xml") {
        "input-media-xml-added"
    } else if name.starts_with("multipart/")
        || name.starts_with("image/")
        || name == "application/octet-stream"
    {
        "input-upload-added"
    } else {
        return None;
    };
    Facet::either(id, added)
}
