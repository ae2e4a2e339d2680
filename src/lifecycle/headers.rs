//! The values of `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link` (RFC 8288).
//!
//! Values are visible ASCII whatever goes in: no owner's text can end a header line early.

use std::fmt::Write;

use super::relation::is_uri_byte;
use crate::clock::Timestamp;

/// The value of `Deprecation`: a structured-field Date (RFC 9651 section 3.3.7), `@1688169599`.
#[must_use]
pub fn deprecation(at: Timestamp) -> String {
    format!("@{}", at.unix_seconds())
}

/// The value of `Sunset`: an IMF-fixdate, `Sun, 30 Jun 2024 23:59:59 GMT`.
#[must_use]
pub fn sunset(at: Timestamp) -> String {
    at.http_date()
}

/// Builds one `Link` value out of several links, within a number of bytes.
#[derive(Debug)]
pub struct Links {
    value: String,
    limit_bytes: usize,
}

impl Links {
    /// An empty list that grows to at most `limit_bytes`.
    #[must_use]
    pub const fn within(limit_bytes: usize) -> Self {
        Self { value: String::new(), limit_bytes }
    }

    /// Appends `<target>; rel="rel"`, with `type` where it is known, and drops the link when it
    /// no longer fits: an answer that a gateway cannot buffer would be no answer at all.
    #[must_use]
    pub fn with(mut self, rel: &str, target: &str, media_type: Option<&str>) -> Self {
        let mut link = String::with_capacity(target.len() + rel.len() + 32);
        if !self.value.is_empty() {
            link.push_str(", ");
        }
        link.push('<');
        for byte in target.bytes() {
            if is_uri_byte(byte) {
                link.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(link, "%{byte:02X}");
            }
        }
        link.push('>');
        quoted(&mut link, "rel", rel);
        if let Some(media_type) = media_type {
            quoted(&mut link, "type", media_type);
        }
        if self.value.len() + link.len() <= self.limit_bytes {
            self.value.push_str(&link);
        }
        self
    }

    /// The value, or nothing when no link fitted.
    #[must_use]
    pub fn finish(self) -> Option<String> {
        (!self.value.is_empty()).then_some(self.value)
    }
}

/// `; name="value"` as a quoted-string (RFC 9110 section 5.6.4); what is no visible ASCII or
/// space is left out.
fn quoted(into: &mut String, name: &str, value: &str) {
    into.push_str("; ");
    into.push_str(name);
    into.push_str("=\"");
    for byte in value.bytes().filter(|byte| (b' '..=b'~').contains(byte)) {
        if matches!(byte, b'"' | b'\\') {
            into.push('\\');
        }
        into.push(char::from(byte));
    }
    into.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn deprecation_is_a_structured_field_date() {
        // The example of RFC 9745 section 2.1.
        let at: Timestamp = "2023-06-30T23:59:59Z".parse().expect("an instant");
        assert_eq!(deprecation(at), "@1688169599");
        let before: Timestamp = "1969-12-31T23:59:58.5Z".parse().expect("an instant");
        assert_eq!(deprecation(before), "@-2");
    }

    #[test]
    fn sunset_is_an_imf_fixdate() {
        // The form of RFC 8594 section 3, with the right weekday and a two-digit day.
        let at: Timestamp = "2024-06-30T23:59:59Z".parse().expect("an instant");
        assert_eq!(sunset(at), "Sun, 30 Jun 2024 23:59:59 GMT");
        let single: Timestamp = "2026-01-05T00:00:00Z".parse().expect("an instant");
        assert_eq!(sunset(single), "Mon, 05 Jan 2026 00:00:00 GMT");
    }

    #[test]
    fn links_are_one_list_with_quoted_parameters() {
        let value = Links::within(1000)
            .with("deprecation", "https://e.com/v1", Some("text/html"))
            .with("successor-version", "https://api.e.com/v2", None)
            .finish();
        assert_eq!(
            value.as_deref(),
            Some(
                "<https://e.com/v1>; rel=\"deprecation\"; type=\"text/html\", \
                 <https://api.e.com/v2>; rel=\"successor-version\""
            )
        );
        assert_eq!(Links::within(1000).finish(), None);
    }

    #[test]
    fn what_does_not_fit_is_left_out_and_the_next_may_still_fit() {
        let value = Links::within(40)
            .with("sunset", &format!("https://e.com/{}", "x".repeat(40)), None)
            .with("sunset", "https://e.com/y", None)
            .finish();
        assert_eq!(value.as_deref(), Some("<https://e.com/y>; rel=\"sunset\""));
    }

    proptest! {
        #[test]
        fn no_text_can_leave_its_place(rel in any::<String>(), target in any::<String>()) {
            let value = Links::within(usize::MAX).with(&rel, &target, Some(&rel)).finish();
            let value = value.expect("it fits");
            prop_assert!(value.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            let (uri, rest) = value[1..].split_once('>').expect("closed");
            prop_assert!(!uri.contains(['<', '"', ' ']));
            // Outside of escapes exactly four quotes: two parameters, each opened and closed.
            let mut quotes = 0;
            let mut escaped = false;
            for byte in rest.bytes() {
                match (escaped, byte) {
                    (true, _) => escaped = false,
                    (false, b'\\') => escaped = true,
                    (false, b'"') => quotes += 1,
                    (false, _) => {}
                }
            }
            prop_assert_eq!(quotes, 4);
        }
    }
}
