//! Which link relations and targets a schedule may name (RFC 8288 sections 2.1 and 3.1).

use super::schedule::LINK_LIMIT_BYTES;

/// Registered relations that can say something about an API version. The registry of IANA holds
/// many more, for feeds, payments and stylesheets; those would only mislead here.
const REGISTERED: &[&str] = &[
    "about",
    "alternate",
    "api-catalog",
    "author",
    "canonical",
    "collection",
    "contents",
    "copyright",
    "current",
    "deprecation",
    "describedby",
    "describes",
    "disclosure",
    "duplicate",
    "glossary",
    "help",
    "hosts",
    "index",
    "item",
    "latest-version",
    "license",
    "linkset",
    "memento",
    "original",
    "payment",
    "policy",
    "predecessor-version",
    "preview",
    "privacy-policy",
    "profile",
    "related",
    "replies",
    "service",
    "service-desc",
    "service-doc",
    "service-meta",
    "status",
    "successor-version",
    "sunset",
    "terms-of-service",
    "timegate",
    "timemap",
    "type",
    "up",
    "version-history",
    "via",
    "working-copy",
    "working-copy-of",
];

/// Whether `rel` is a registered relation or an extension relation, an absolute URI.
pub(super) fn is_usable(rel: &str) -> bool {
    REGISTERED.contains(&rel) || target(rel).is_ok()
}

/// Whether `text` is an absolute http or https URI in the characters of RFC 3986.
pub(super) fn target(text: &str) -> Result<(), &'static str> {
    if text.len() > LINK_LIMIT_BYTES {
        return Err("is longer than 512 bytes");
    }
    if !text.bytes().all(is_uri_byte) {
        return Err("holds characters that a URI percent-encodes");
    }
    if !escapes_are_whole(text.as_bytes()) {
        return Err("holds a `%` without two hexadecimal digits");
    }
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| {
            let head = text.get(..scheme.len())?;
            head.eq_ignore_ascii_case(scheme).then(|| &text[scheme.len()..])
        })
        .ok_or("is no absolute http or https URI")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if authority.contains('@') {
        return Err("holds a user name or password");
    }
    if authority.is_empty() || authority.starts_with(':') {
        return Err("has no host");
    }
    Ok(())
}

/// Unreserved, reserved and `%` (RFC 3986 section 2).
pub(super) const fn is_uri_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'.'
                | b'_'
                | b'~'
                | b':'
                | b'/'
                | b'?'
                | b'#'
                | b'['
                | b']'
                | b'@'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b'%'
        )
}

fn escapes_are_whole(text: &[u8]) -> bool {
    text.iter().enumerate().all(|(at, byte)| {
        *byte != b'%'
            || text.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}
