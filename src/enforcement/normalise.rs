//! One spelling or several: how hosts and paths of a request are read.
//!
//! Servers behind gateways disagree on what a path means: one decodes twice, one cuts `;` path
//! parameters, one takes `\` for `/`, one resolves `..` before it merges slashes. A plain path
//! means the same to all of them and needs one look-up; an odd one is read in every way that a
//! server may read it, and the caller lets the strictest stage win. Nothing here decides.
//!
//! A *key* is what all readings end in: lower-cased segments, each after one `/`, no slash at
//! the end; the root is the empty key.

use std::borrow::Cow;

/// What a request target says, cut into its parts and otherwise untouched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target<'a> {
    /// Of an absolute-form target (RFC 9112 section 3.2.2).
    pub authority: Option<&'a [u8]>,
    pub path: &'a [u8],
    pub query: Option<&'a [u8]>,
}

impl<'a> Target<'a> {
    pub fn of(raw: &'a [u8]) -> Self {
        let (authority, rest) = match absolute(raw) {
            Some((authority, rest)) => (Some(authority), rest),
            None => (None, raw),
        };
        match rest.iter().position(|byte| *byte == b'?') {
            None => Self { authority, path: rest, query: None },
            Some(at) => Self { authority, path: &rest[..at], query: Some(&rest[at + 1..]) },
        }
    }
}

/// Authority and rest of `scheme://authority/rest`.
fn absolute(raw: &[u8]) -> Option<(&[u8], &[u8])> {
    if !raw.first()?.is_ascii_alphabetic() {
        return None;
    }
    let scheme = raw.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"+-.".contains(byte)))?;
    let rest = raw[scheme..].strip_prefix(b"://")?;
    let end = rest.iter().position(|byte| b"/?#\\".contains(byte)).unwrap_or(rest.len());
    Some(rest.split_at(end))
}

/// The host without user, port and trailing dot, in lower case.
pub(super) fn host(raw: &[u8]) -> Cow<'_, [u8]> {
    let mut host = raw.trim_ascii();
    if let Some(at) = host.iter().rposition(|byte| *byte == b'@') {
        host = &host[at + 1..];
    }
    let end = if host.starts_with(b"[") {
        host.iter().position(|byte| *byte == b']').map(|bracket| bracket + 1)
    } else {
        host.iter().position(|byte| *byte == b':')
    };
    host = &host[..end.unwrap_or(host.len())];
    while let [rest @ .., b'.'] = host {
        host = rest;
    }
    if host.iter().any(u8::is_ascii_uppercase) {
        Cow::Owned(host.to_ascii_lowercase())
    } else {
        Cow::Borrowed(host)
    }
}

/// How much work a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// It is its own key, but for a slash at the end.
    Plain,
    /// It is plain once it is lower-cased.
    Upper,
    /// It must be read in several ways.
    Odd,
}

/// Tells plain paths from odd ones in one scan.
pub(super) fn shape(path: &[u8]) -> Shape {
    if path.first() != Some(&b'/') {
        return Shape::Odd;
    }
    let mut upper = false;
    let mut after_slash = false;
    for byte in path {
        match byte {
            b'/' | b'.' if after_slash => return Shape::Odd,
            b'%' | b'\\' | b';' | b'#' => return Shape::Odd,
            b'A'..=b'Z' => upper = true,
            0x21..=0x7e => {}
            _ => return Shape::Odd,
        }
        after_slash = *byte == b'/';
    }
    if upper { Shape::Upper } else { Shape::Plain }
}

/// The key of a plain path.
pub(super) fn plain_key(path: &[u8]) -> &[u8] {
    path.strip_suffix(b"/").unwrap_or(path)
}

/// The path with its case as it came, resolved in the mildest way: the spelling by which a
/// registered prefix is known.
pub(super) fn spelling(path: &[u8]) -> Vec<u8> {
    resolve(path, false, Dots::Literal)
}

/// Whether some server may find a `..` in the path.
pub(super) fn climbs(path: &[u8]) -> bool {
    let twice = decode_leniently(&decode_leniently(path));
    twice.windows(2).any(|pair| pair == b"..")
}

/// Whether no server should have to read this path: control bytes, NUL, escapes that are no
/// escapes, or overlong UTF-8, in the raw or the once-decoded text.
pub(super) fn is_malformed(path: &[u8]) -> bool {
    let Some(decoded) = decode(path) else {
        return true;
    };
    [path, &decoded].into_iter().any(|text| text.iter().any(u8::is_ascii_control) || has_overlong(text))
}

/// Every key that some server may read `path` as, each once, the mildest reading first.
pub(super) fn keys(path: &[u8]) -> Vec<Vec<u8>> {
    let mut keys: Vec<Vec<u8>> = Vec::with_capacity(8);
    for text in texts(path) {
        let slashes: &[bool] = if text.contains(&b'\\') { &[false, true] } else { &[false] };
        for backslash in slashes {
            for dots in [Dots::Literal, Dots::AfterDropping, Dots::BeforeDropping] {
                let key = lower(resolve(&text, *backslash, dots));
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
    }
    keys
}

/// The texts that servers make of a path before they look at its segments.
fn texts(path: &[u8]) -> Vec<Vec<u8>> {
    let mut texts: Vec<Vec<u8>> = Vec::with_capacity(4);
    let mut add = |text: Vec<u8>| {
        // What was decoded to `?` or `#` ends the path for a server that parses it again.
        if let Some(end) = text.iter().position(|byte| b"?#".contains(byte)) {
            let shorter = text[..end].to_vec();
            if !texts.contains(&shorter) {
                texts.push(shorter);
            }
        }
        if !texts.contains(&text) {
            texts.push(text);
        }
    };
    add(path.to_vec());
    let once = decode_leniently(path);
    for text in cuts(path) {
        add(decode_leniently(&text));
    }
    for text in cuts(&once) {
        add(text);
    }
    let twice = decode_leniently(&once);
    if let Some(end) = twice.iter().position(u8::is_ascii_control) {
        for text in cuts(&twice[..end]) {
            add(text);
        }
    }
    for text in cuts(&twice) {
        add(text);
    }
    add(once);
    add(twice);
    texts
}

/// `text` without path parameters: each `;` up to the next slash. Where there are backslashes,
/// also up to the next of either.
fn cuts(text: &[u8]) -> Vec<Vec<u8>> {
    let cut = |ends: &[u8]| {
        let mut kept = Vec::with_capacity(text.len());
        let mut within = false;
        for byte in text {
            within = match byte {
                byte if ends.contains(byte) => false,
                b';' => true,
                _ => within,
            };
            if !within {
                kept.push(*byte);
            }
        }
        kept
    };
    let mut cuts = vec![cut(b"/")];
    if text.contains(&b'\\') && text.contains(&b';') {
        cuts.push(cut(b"/\\"));
    }
    cuts
}

/// What `..` does to the segments before it.
#[derive(Debug, Clone, Copy)]
enum Dots {
    /// It is a name like any other.
    Literal,
    /// Takes the last non-empty segment away.
    AfterDropping,
    /// Takes the last segment away, an empty one too (RFC 3986 section 5.2.4).
    BeforeDropping,
}

fn resolve(text: &[u8], backslash: bool, dots: Dots) -> Vec<u8> {
    let mut segments: Vec<&[u8]> = Vec::with_capacity(8);
    for segment in text.split(|byte| *byte == b'/' || (backslash && *byte == b'\\')) {
        match (segment, dots) {
            (b".", _) | (b"", Dots::Literal | Dots::AfterDropping) => {}
            (b"..", Dots::AfterDropping | Dots::BeforeDropping) => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    let mut key = Vec::with_capacity(text.len() + 1);
    for segment in segments.into_iter().filter(|segment| !segment.is_empty()) {
        key.push(b'/');
        key.extend_from_slice(segment);
    }
    key
}

/// Lower case for ASCII and, where the bytes are UTF-8, for all of Unicode: a server that
/// compares without case may fold a Kelvin sign to `k`.
fn lower(mut key: Vec<u8>) -> Vec<u8> {
    if key.is_ascii() {
        key.make_ascii_lowercase();
        return key;
    }
    let mut folded = Vec::with_capacity(key.len());
    for chunk in key.utf8_chunks() {
        folded.extend_from_slice(chunk.valid().to_lowercase().as_bytes());
        folded.extend_from_slice(chunk.invalid());
    }
    folded
}

/// Percent-decodes once; nothing where an escape is none.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    unescape(text, |_| None)
}

/// Percent-decodes once and leaves what is no escape as it stands.
pub(super) fn decode_leniently(text: &[u8]) -> Vec<u8> {
    unescape(text, Some).unwrap_or_default()
}

fn unescape(text: &[u8], stray: fn(u8) -> Option<u8>) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            decoded.push(*first);
            continue;
        }
        match tail {
            [high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                decoded.push(digit(*high) << 4 | digit(*low));
                rest = after;
            }
            _ => decoded.push(stray(b'%')?),
        }
    }
    Some(decoded)
}

/// The value of a hexadecimal digit.
const fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        _ => (byte | 0x20) - b'a' + 10,
    }
}

/// UTF-8 that spells a character in more bytes than it needs (RFC 3629 section 3), the classic
/// way past a filter: `%c0%af` for a slash.
fn has_overlong(text: &[u8]) -> bool {
    text.windows(2).any(|pair| {
        matches!(
            pair,
            [0xc0 | 0xc1, 0x80..=0xbf]
                | [0xe0, 0x80..=0x9f]
                | [0xf0, 0x80..=0x8f]
                | [0xf8, 0x80..=0x87]
                | [0xfc, 0x80..=0x83]
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reads(path: &str, key: &str) -> bool {
        keys(path.as_bytes()).contains(&key.as_bytes().to_vec())
    }

    #[test]
    fn targets_are_cut_into_their_parts() {
        let parts = |raw: &'static str| {
            let target = Target::of(raw.as_bytes());
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            (target.authority.map(text), text(target.path), target.query.map(text))
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(parts("/a?b?c"), (None, "/a".into(), some("b?c")));
        assert_eq!(parts("//a/b"), (None, "//a/b".into(), None));
        assert_eq!(parts("HTTP://u@E.com:80/a"), (some("u@E.com:80"), "/a".into(), None));
        assert_eq!(parts("https://e.com?x"), (some("e.com"), String::new(), some("x")));
        assert_eq!(parts("*"), (None, "*".into(), None));
        assert_eq!(parts(""), (None, String::new(), None));
        assert_eq!(parts("a:b/c"), (None, "a:b/c".into(), None));
    }

    #[test]
    fn hosts_lose_case_port_and_dot() {
        for (raw, expected) in [
            ("API.Example.com:8443", "api.example.com"),
            ("api.example.com.", "api.example.com"),
            ("api.example.com.:443", "api.example.com"),
            (" e.com ", "e.com"),
            ("user:pw@e.com:1", "e.com"),
            ("[2001:DB8::1]:443", "[2001:db8::1]"),
            ("[::1]", "[::1]"),
            ("[::1", "[::1"),
            ("", ""),
        ] {
            assert_eq!(&*host(raw.as_bytes()), expected.as_bytes(), "{raw}");
        }
    }

    #[test]
    fn one_scan_tells_plain_from_odd() {
        for plain in ["/", "/orders/v1", "/orders/v1/", "/a.b/c..d", "/a~b:c@d!$&'()*+,=|"] {
            assert_eq!(shape(plain.as_bytes()), Shape::Plain, "{plain}");
        }
        for upper in ["/Orders/v1", "/charges/CH_7"] {
            assert_eq!(shape(upper.as_bytes()), Shape::Upper, "{upper}");
        }
        for odd in [
            "",
            "orders",
            "*",
            "//",
            "/a//b",
            "/./a",
            "/a/..",
            "/.well-known",
            "/a%20",
            "/a;b",
            "/a\\b",
            "/a#b",
            "/a b",
            "/ä",
            "/a\u{7f}",
        ] {
            assert_eq!(shape(odd.as_bytes()), Shape::Odd, "{odd}");
        }
    }

    #[test]
    fn malformed_is_only_what_no_server_should_read() {
        for bad in [
            "/a%00",
            "/a%0d%0a",
            "/a%7f",
            "/a\tb",
            "/a\0",
            "/a%",
            "/a%4",
            "/a%zz",
            "/a%u002f",
            "/%c0%af",
            "/%e0%80%af",
            "/%f0%80%80%af",
            "/%c1%9c",
        ] {
            assert!(is_malformed(bad.as_bytes()), "{bad}");
        }
        for good in [
            "/a#b",
            "/a%2fb",
            "/a%252f",
            "/50%25-off",
            "/a%2500",
            "/caf%c3%a9",
            "/caf%e9",
            "/%c1rbol",
            "/a;b",
            "/a\\b",
            "/../..",
            "",
        ] {
            assert!(!is_malformed(good.as_bytes()), "{good}");
        }
    }

    #[test]
    fn every_known_trick_reaches_the_key() {
        for path in [
            "/orders/v1",
            "//orders//v1",
            "/orders/v3/../v1",
            "/./orders/v1",
            "/orders/./v1/.",
            "/orders/%76%31",
            "/orders%2fv1",
            "/orders%2Fv1",
            "/orders/v3/%2e%2e/v1",
            "/orders/v3/..%2fv1",
            "/orders/v1;p=1",
            "/orders;a/v1;b=2",
            "/orders/v3/..;/v1",
            "/orders\\v1",
            "/orders%5cv1",
            "/orders%255cv1",
            "/ORDERS/V1",
            "/orders/v1/",
            "/%6frders/%2576%2531",
            "/orders%252fv1",
            "/orders/v3/%252e%252e/v1",
            "/orders/v1%3fx",
            "/orders/v1%23x",
            "/orders/v1#x",
            "/orders/v1%253fx",
            "/orders/v1%3b",
            "/orders/v1%253bp",
            "/orders/v1%2500",
            "/../orders/v1",
            "/orders;x\\v1",
            "/%4frders/V1",
            "/orders//../orders/v1",
            "/orders/v1%2f%2e",
            "orders/v1",
        ] {
            assert!(reads(path, "/orders/v1"), "{path}: {:?}", keys(path.as_bytes()));
        }
        // The two ways to take `..`, and a backslash that is a letter to the server.
        assert!(reads("/v1//../c", "/v1/c") && reads("/v1//../c", "/c"));
        assert!(reads("/x/../v1/a\\..\\..\\b", "/v1/a\\..\\..\\b"));
        assert!(reads("/\u{212a}ey", "/key"), "Kelvin sign");
        assert!(!reads("/orders/v10", "/orders/v1"));
        assert!(!reads("/xorders/v1", "/orders/v1"));
    }

    #[test]
    fn escapes_that_decode_to_bad_ones_stay() {
        assert!(reads("/50%25-off", "/50%-off"));
        assert_eq!(decode_leniently(b"%4%41%"), b"%4A%");
        assert_eq!(decode(b"%41%4"), None);
    }

    proptest! {
        #[test]
        fn keys_are_resolved_and_lower_case(path in "[/.;\\\\%a-cA-C0-9?#é]{0,24}") {
            let keys = keys(path.as_bytes());
            prop_assert!(!keys.is_empty());
            for key in &keys {
                prop_assert!(key.is_empty() || key.starts_with(b"/"));
                prop_assert!(!key.ends_with(b"/"));
                prop_assert!(!key.windows(2).any(|pair| pair == b"//"));
                prop_assert!(!key.iter().any(u8::is_ascii_uppercase));
            }
        }

        #[test]
        fn a_plain_path_has_one_reading_and_it_is_itself(path in "(/[a-z0-9_-]{1,6}){0,5}/?") {
            prop_assume!(!path.is_empty());
            prop_assert_eq!(shape(path.as_bytes()), Shape::Plain);
            prop_assert_eq!(keys(path.as_bytes()), vec![plain_key(path.as_bytes()).to_vec()]);
        }

        #[test]
        fn nothing_panics(raw in proptest::collection::vec(any::<u8>(), 0..64)) {
            let target = Target::of(&raw);
            let _ = (host(&raw), shape(&raw), is_malformed(target.path), keys(target.path));
            let _ = spelling(target.path);
        }
    }
}
