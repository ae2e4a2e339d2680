//! Words of the pages: dates, counts, addresses and untrusted text made ready to print.
//!
//! Everything that a document says is a stranger's text. Escaping is askama's work; what is
//! decided here is what may become a link, how prose falls into paragraphs, and which
//! invisible characters are shown (Trojan Source, CVE-2021-42574).

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::clock::Timestamp;

const DAY_MICROS: i64 = 86_400_000_000;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// What must be escaped within one path segment (RFC 3986 `pchar`, braces and quotes apart).
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// As [`SEGMENT`], but slashes stay: the path of an operation is the tail of its page's address.
const TAIL: &AsciiSet = &SEGMENT.remove(b'/');

/// As [`SEGMENT`], and what has a meaning in a query string (`application/x-www-form-urlencoded`).
const QUERY: &AsciiSet = &SEGMENT.add(b'&').add(b'+').add(b'=').add(b';');

/// An instant ready to print: for machines, for people, and seen from now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// RFC 3339, for the `datetime` attribute.
    pub iso: String,
    /// The day in UTC: `30 Jun 2026`.
    pub words: String,
    /// The distance in days, months or years: `in 12 days`, `3 months ago`.
    pub relative: String,
    /// Whether the instant lies in the future and at most thirty days ahead.
    pub soon: bool,
    /// Whether the instant has passed.
    pub past: bool,
}

impl When {
    /// `at` as it is spoken of at `now`. The distance counts calendar days in UTC, so that a
    /// page keeps its bytes, and with them its `ETag`, from one midnight to the next.
    #[must_use]
    pub fn new(at: Timestamp, now: Timestamp) -> Self {
        let days = day_number(at) - day_number(now);
        Self {
            iso: at.to_string(),
            words: day_words(at),
            relative: distance(days),
            soon: at > now && days <= 30,
            past: at <= now,
        }
    }
}

/// Days since the Unix epoch, by UTC midnights.
pub(super) const fn day_number(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(DAY_MICROS)
}

/// `30 Jun 2026`.
#[must_use]
pub fn day_words(at: Timestamp) -> String {
    let date = at.date();
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let month = month.and_then(|text| text.parse::<usize>().ok());
    match (year, month.and_then(|number| MONTHS.get(number.wrapping_sub(1))), day) {
        (Some(year), Some(month), Some(day)) => {
            format!("{} {month} {year}", day.trim_start_matches('0'))
        }
        _ => date.clone(),
    }
}

/// The month of `at`: its name in three letters, the year, the month counted from 0.
pub(super) fn month_words(at: Timestamp) -> (&'static str, i64, i64) {
    let date = at.date();
    let year = date.get(..4).and_then(|text| text.parse().ok()).unwrap_or(0);
    let month = date.get(5..7).and_then(|text| text.parse::<usize>().ok()).unwrap_or(1);
    let index = month.clamp(1, 12) - 1;
    (MONTHS[index], year, i64::try_from(index).unwrap_or(0))
}

fn distance(days: i64) -> String {
    let ahead = days > 0;
    let span = match days.unsigned_abs() {
        0 => return "today".to_owned(),
        1 if ahead => return "tomorrow".to_owned(),
        1 => return "yesterday".to_owned(),
        n @ 2..=89 => format!("{n} days"),
        // 30.44 days are the mean month; a countdown of months needs no more than that
        n @ 90..=729 => format!("{} months", (n * 100 + 1522) / 3044),
        n => format!("{} years", (n * 100 + 18_262) / 36_525),
    };
    if ahead { format!("in {span}") } else { format!("{span} ago") }
}

/// `1 version`, `3 versions`; the plural is regular.
#[must_use]
pub fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// Digits in groups of three: `12,480`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A size in bytes as people say it, in powers of 1,000: `61.4 kB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000 => return count(bytes, "byte"),
        1_000..1_000_000 => (1_000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let tenths = bytes / (unit / 10);
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

/// The paragraphs of a description: split at empty lines, lines joined by a blank, invisible
/// characters shown. Markdown is not read; its marks stay as they were written.
#[must_use]
pub fn paragraphs(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut open = String::new();
    for line in text.lines().map(str::trim).chain([""]) {
        if !line.is_empty() {
            if !open.is_empty() {
                open.push(' ');
            }
            open.push_str(line);
        } else if !open.is_empty() {
            out.push(visible(&open));
            open.clear();
        }
    }
    out
}

/// `text` with control characters and bidirectional overrides spelled out (`⟨U+202E⟩`), since
/// they make a line read otherwise than it is. Tabs and line feeds stay.
#[must_use]
pub fn visible(text: &str) -> String {
    let hides = |c: char| {
        (c.is_control() && c != '\t' && c != '\n')
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
    };
    if !text.contains(hides) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hides(c) {
            out.push_str(&format!("⟨U+{:04X}⟩", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// `href` where it is an address that a page may link to: absolute `http`, `https` or `mailto`,
/// without control characters. Anything else (`javascript:`, `data:`, relative) is `None`.
#[must_use]
pub fn outward(href: &str) -> Option<String> {
    let href = href.trim();
    let (scheme, rest) = href.split_once(':')?;
    let known = match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => rest.starts_with("//") && rest.len() > 2,
        "mailto" => !rest.is_empty(),
        _ => false,
    };
    (known && !href.chars().any(|c| c.is_control() || c.is_whitespace())).then(|| href.to_owned())
}

/// `/apis/{ns}/{api}`; `api` is `namespace/name`, whose characters need no escapes.
#[must_use]
pub fn api_href(api: &str) -> String {
    format!("/apis/{}", utf8_percent_encode(api, TAIL))
}

/// `/apis/{ns}/{api}/versions/{label}`.
#[must_use]
pub fn version_href(api: &str, label: &str) -> String {
    format!("{}/versions/{}", api_href(api), utf8_percent_encode(label, SEGMENT))
}

/// `…/versions/{label}/operations/{METHOD}/{path}`; the path as the document writes it.
#[must_use]
pub fn operation_href(api: &str, label: &str, method: &str, path: &str) -> String {
    format!(
        "{}/operations/{}/{}",
        version_href(api, label),
        utf8_percent_encode(method, SEGMENT),
        utf8_percent_encode(path.strip_prefix('/').unwrap_or(path), TAIL),
    )
}

/// `…/versions/{label}/schemas/{name}`.
#[must_use]
pub fn schema_href(api: &str, label: &str, name: &str) -> String {
    format!("{}/schemas/{}", version_href(api, label), utf8_percent_encode(name, SEGMENT))
}

/// `…/versions/{label}/document/view?from=…#L{line}`: the page of the document that holds `line`.
#[must_use]
pub fn line_href(api: &str, label: &str, line: u32) -> String {
    let first = super::reference::first_line_of_page(line);
    let page = if first == 1 { String::new() } else { format!("?from={first}") };
    format!("{}/document/view{page}#L{line}", version_href(api, label))
}

/// `/apis/{ns}/{api}/diff/{from}...{to}`.
#[must_use]
pub fn diff_href(api: &str, from: &str, to: &str) -> String {
    format!(
        "{}/diff/{}...{}",
        api_href(api),
        utf8_percent_encode(from, SEGMENT),
        utf8_percent_encode(to, SEGMENT),
    )
}

/// `/rules/{id}`.
#[must_use]
pub fn rule_href(id: &str) -> String {
    format!("/rules/{}", utf8_percent_encode(id, SEGMENT))
}

/// `path?name=value&…`, leaving out empty values.
#[must_use]
pub fn query_href(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut out = path.to_owned();
    let mut joint = '?';
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        out.push(joint);
        out.push_str(name);
        out.push('=');
        out.extend(utf8_percent_encode(value, QUERY));
        joint = '&';
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn distances_count_calendar_days() {
        let now = at("2026-06-01T23:30:00Z");
        let words = |text: &str| When::new(at(text), now).relative;
        assert_eq!(words("2026-06-01"), "today");
        assert_eq!(words("2026-06-02T00:10:00Z"), "tomorrow");
        assert_eq!(words("2026-05-31"), "yesterday");
        assert_eq!(words("2026-06-30"), "in 29 days");
        assert_eq!(words("2026-12-31"), "in 7 months");
        assert_eq!(words("2022-06-01"), "4 years ago");
        assert!(When::new(at("2026-07-01"), now).soon);
        assert!(!When::new(at("2026-07-02"), now).soon);
    }

    #[test]
    fn days_and_numbers_read_well() {
        assert_eq!(day_words(at("2026-06-05")), "5 Jun 2026");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(100), "100");
        assert_eq!(count(1, "version"), "1 version");
        assert_eq!(size(61_449), "61.4 kB");
        assert_eq!(size(12), "12 bytes");
    }

    #[test]
    fn only_plain_addresses_leave_the_page() {
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//host",
            "/path",
            "http:",
            "https://",
            "https://a b",
            "java\nscript:x",
            "mailto:",
            "vbscript:x",
        ] {
            assert_eq!(outward(bad), None, "{bad}");
        }
        assert_eq!(outward(" HTTPS://a.example/x "), Some("HTTPS://a.example/x".to_owned()));
        assert!(outward("mailto:team@a.example").is_some());
    }

    #[test]
    fn invisible_characters_are_shown() {
        assert_eq!(visible("a\u{202E}b\u{7}"), "a⟨U+202E⟩b⟨U+0007⟩");
        assert_eq!(paragraphs("one\ntwo\n\n\n three "), ["one two", "three"]);
        assert!(paragraphs(" \n ").is_empty());
    }

    #[test]
    fn addresses_are_escaped_by_segment() {
        assert_eq!(
            operation_href("pay/charges", "1.0.0+b", "GET", "/charges/{id}/a b"),
            "/apis/pay/charges/versions/1.0.0+b/operations/GET/charges/%7Bid%7D/a%20b",
        );
        assert_eq!(schema_href("a/b", "v1", "x/y"), "/apis/a/b/versions/v1/schemas/x%2Fy");
        assert_eq!(query_href("/", &[("q", "a&b"), ("stage", ""), ("n", "1")]), "/?q=a%26b&n=1");
        assert_eq!(line_href("a/b", "1", 2_001), "/apis/a/b/versions/1/document/view?from=2001#L2001");
    }
}
