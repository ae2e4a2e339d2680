//! How media types match, and what some of them mean for security.
//!
//! The most specific entry speaks for a type; a range covers what no entry names. Source: RFC 9110
//! sections 8.3 and 12.5.1, `OpenAPI` "Media Type Object".

use std::borrow::Cow;

use super::risk::Facet;
use crate::spec::model::MediaType;

/// The entry of the list that a type meets: itself, itself without parameters that say nothing,
/// else the narrowest range that covers it.
#[must_use]
pub fn find<'m>(list: &'m [MediaType], name: &str) -> Option<&'m MediaType> {
    let own = essence(name);
    let (kind, _) = own.split_once('/').unwrap_or((&own, ""));
    let is = |wanted: &str| list.iter().find(|media| essence(&media.name) == wanted);
    list.iter()
        .find(|media| media.name == name)
        .or_else(|| is(&own))
        .or_else(|| is(&format!("{kind}/*")))
        .or_else(|| is("*/*"))
}

/// Whether the name stands for many types.
#[must_use]
pub fn is_range(name: &str) -> bool {
    name.contains("/*")
}

/// Whether the first range, or type, takes all that the second does.
fn covers(wide: &str, narrow: &str) -> bool {
    let (wide, narrow) = (essence(wide), essence(narrow));
    let is_within =
        |kind: &str| narrow.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    wide == narrow || wide == "*/*" || wide.strip_suffix("/*").is_some_and(is_within)
}

/// Whether the first name says more than the second, a range that covers it.
#[must_use]
pub fn is_narrower(name: &str, wide: &str) -> bool {
    covers(wide, name) && essence(wide) != essence(name)
}

/// Representations of both sides: those that speak for each other, what the newer side has no
/// longer, and what it has beside. Whoever sends chooses within a range, so that a range which
/// became one of its types is narrower; whoever reads may ask for any type that was promised.
#[must_use]
pub fn pairs<'m>(
    old: &'m [MediaType],
    new: &'m [MediaType],
    is_request: bool,
) -> Vec<(Option<&'m MediaType>, Option<&'m MediaType>)> {
    let mut both: Vec<(&MediaType, &MediaType)> = Vec::new();
    let mut add = |a: &'m MediaType, b: &'m MediaType| {
        if !both.iter().any(|(x, y)| std::ptr::eq(*x, a) && std::ptr::eq(*y, b)) {
            both.push((a, b));
        }
    };
    for media in new {
        if let Some(known) = find(old, &media.name) {
            add(known, media);
        }
    }
    for media in old {
        if let Some(other) = find(new, &media.name) {
            add(media, other);
        }
    }
    let kept = |media: &MediaType, others: &[MediaType]| {
        let is_named = |other: &MediaType| essence(&other.name) == essence(&media.name);
        let mut others = others.iter();
        match (is_request, is_range(&media.name)) {
            (true, _) => others.any(|other| covers(&other.name, &media.name)),
            (false, false) => others.any(is_named),
            (false, true) => others.any(|other| covers(&media.name, &other.name)),
        }
    };
    let known = |media: &MediaType| old.iter().any(|other| covers(&other.name, &media.name));
    let pairs = both.into_iter().map(|(a, b)| (Some(a), Some(b)));
    let lost = old.iter().filter(|media| !kept(media, new)).map(|media| (Some(media), None));
    let won = new.iter().filter(|media| !known(media)).map(|media| (None, Some(media)));
    pairs.chain(lost).chain(won).collect()
}

/// The type without what says nothing: UTF-8, which is usual, and any character set of JSON, which
/// knows only that one (RFC 8259 section 8.1).
fn essence(name: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b';' && !byte.is_ascii_uppercase();
    if name.bytes().all(is_plain) {
        return name.into();
    }
    let mut parts = name.split(';').map(str::trim);
    let bare = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_json = bare.ends_with("/json") || bare.ends_with("+json");
    let says = |parameter: &&str| match parameter.to_ascii_lowercase().strip_prefix("charset=") {
        Some(charset) => !is_json && charset.trim_matches('"') != "utf-8",
        None => !parameter.is_empty(),
    };
    let mut rest: Vec<&str> = parts.filter(says).collect();
    rest.sort_unstable();
    rest.insert(0, &bare);
    rest.join(";").into()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_that_say_nothing_are_left_out() {
        assert_eq!(essence("application/json;charset=iso-8859-1"), "application/json");
        assert_eq!(essence("text/plain; charset=UTF-8"), "text/plain");
        assert_eq!(essence("text/plain; charset=iso-8859-1"), "text/plain;charset=iso-8859-1");
        assert_eq!(essence("application/json;version=2"), "application/json;version=2");
    }

    #[test]
    fn ranges_cover_and_suffixes_do_not() {
        assert!(covers("application/*", "application/json") && covers("*/*", "text/plain"));
        assert!(!covers("application/*", "text/plain") && !covers("application/json", "application/*"));
        assert!(!covers("application/json", "application/problem+json"));
    }
}
