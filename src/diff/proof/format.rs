//! Formats as languages: what the known ones demand of a string.
//!
//! Where validators agree and the demand is regular, a format is one language. Elsewhere it lies
//! between two: a text of the inner one passes everywhere, a text outside the outer one nowhere.
//! Formats that no validator asserts are not here; they are annotations.
//!
//! Source: JSON Schema 2020-12, validation, section 7.3, and the RFCs that it names.

use std::sync::{Arc, OnceLock};

use super::language::Language;

/// A format that is asserted.
struct Format {
    name: &'static str,
    /// A pattern, and a wider one where the format is not known to the last word.
    inner: fn() -> String,
    outer: Option<fn() -> String>,
    /// The most code points that a text of the format has.
    longest: Option<u64>,
    /// Texts of the format that people like to read.
    liked: &'static [&'static str],
}

/// Whether each text of the one format is one of the other, by their definitions.
pub(super) fn implies(one: &str, other: &str) -> bool {
    matches!(
        (one, other),
        ("uri", "uri-reference" | "iri" | "iri-reference") | ("uri-reference" | "iri", "iri-reference")
    )
}

type Compiled = OnceLock<Result<Arc<Language>, String>>;

/// What a known format demands; `None` where it is an annotation.
pub(super) fn language(name: &str) -> Option<&'static Result<Arc<Language>, String>> {
    static COMPILED: [Compiled; FORMATS.len()] = [const { OnceLock::new() }; FORMATS.len()];
    let at = FORMATS.iter().position(|format| format.name == name)?;
    let format = &FORMATS[at];
    let compile = || {
        let outer = format.outer.map(|outer| outer());
        Language::between(&(format.inner)(), outer.as_deref(), format.name, format.longest, format.liked)
    };
    Some(COMPILED[at].get_or_init(compile))
}

const FORMATS: &[Format] = &[
    Format {
        name: "date",
        // The year 0 is a year by RFC 3339, and none to many calendars.
        inner: || format!("^(?!0000){DATE}$"),
        outer: Some(|| format!("^{DATE}$")),
        longest: Some(10),
        liked: &["2024-05-17", "2024-02-29", "1999-12-31"],
    },
    Format {
        name: "time",
        inner: || format!("^{TIME}$"),
        outer: Some(|| format!("^{WIDE_TIME}$")),
        longest: None,
        liked: &["12:30:00Z", "12:30:00+02:00", "12:30:00.5Z"],
    },
    Format {
        name: "date-time",
        inner: || format!("^(?!0000){DATE}T{TIME}$"),
        outer: Some(|| format!("^{DATE}[Tt]{WIDE_TIME}$")),
        longest: None,
        liked: &["2024-05-17T12:30:00Z", "2024-05-17T12:30:00+02:00", "2024-05-17T12:30:00.5Z"],
    },
    Format {
        name: "duration",
        inner: || {
            let date = r"(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)";
            let time = r"T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S)";
            format!(r"^P(?:\d+W|{date}(?:{time})?|{time})$")
        },
        outer: None,
        longest: None,
        liked: &["P1D", "PT5M", "P1Y2M3DT4H5M6S"],
    },
    Format {
        name: "uuid",
        inner: || "^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$".to_owned(),
        outer: None,
        longest: Some(36),
        liked: &["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"],
    },
    Format {
        name: "ipv4",
        inner: || format!("^{}$", ipv4()),
        outer: None,
        longest: Some(15),
        liked: &["192.0.2.1", "127.0.0.1"],
    },
    Format {
        name: "ipv6",
        inner: || format!("^{}$", ipv6()),
        outer: None,
        longest: Some(45),
        liked: &["2001:db8::1", "::1"],
    },
    Format {
        name: "hostname",
        inner: || format!("^{}$", host()),
        outer: Some(|| format!("^{WIDE_HOST}$")),
        longest: Some(253),
        liked: &["example.com", "api.example.com", "localhost"],
    },
    Format {
        name: "email",
        inner: || {
            let atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
            format!(r"^(?=[^@]{{1,64}}@){atom}(?:\.{atom})*@{}$", host())
        },
        outer: Some(|| format!(r"^[\0-\x7F]+@(?:{WIDE_HOST}|\[[^\]]*\])$")),
        longest: None,
        liked: &["jo@example.com", "jo.do+tag@mail.example.com"],
    },
    Format {
        name: "uri",
        inner: || format!("^{}$", uri()),
        outer: Some(|| format!("^[A-Za-z][A-Za-z0-9+.-]*:(?:{URI_CHARACTER}|[\\[\\]#])*$")),
        longest: None,
        liked: &["https://example.com/a", "https://example.com", "http://example.com/a?b=c#d", "urn:a:b"],
    },
    Format {
        name: "uri-reference",
        inner: || format!("^(?:{}|{})$", uri(), relative()),
        outer: Some(|| format!("^(?:{URI_CHARACTER}|[\\[\\]#])*$")),
        longest: None,
        liked: &["/a", "https://example.com/a", "#a", "a/b?c=d"],
    },
    Format {
        name: "iri",
        inner: || format!("^{}$", uri()),
        outer: Some(|| format!("^[A-Za-z][A-Za-z0-9+.-]*:{IRI_CHARACTER}*$")),
        longest: None,
        liked: &["https://example.com/a", "https://example.com"],
    },
    Format {
        name: "iri-reference",
        inner: || format!("^(?:{}|{})$", uri(), relative()),
        outer: Some(|| format!("^{IRI_CHARACTER}*$")),
        longest: None,
        liked: &["/a", "https://example.com/a"],
    },
    Format {
        name: "uri-template",
        inner: || {
            let name = r"(?:\w|%[0-9A-Fa-f]{2})+(?:\.(?:\w|%[0-9A-Fa-f]{2})+)*(?::[1-9]\d{0,3}|\*)?";
            let expression = format!(r"\{{[+#./;?&=,!@|]?{name}(?:,{name})*\}}");
            let literal = "[^\\0-\\x20\"<>%\\\\^`{|}\\x7F]|%[0-9A-Fa-f]{2}";
            format!("^(?:{literal}|{expression})*$")
        },
        outer: None,
        longest: None,
        liked: &["/a/{id}", "https://example.com/{id}"],
    },
    Format {
        name: "json-pointer",
        inner: || format!("^{POINTER}*$"),
        outer: None,
        longest: None,
        liked: &["/a", "/a/0", ""],
    },
    Format {
        name: "relative-json-pointer",
        inner: || format!(r"^(?:0|[1-9]\d*)(?:#|{POINTER}*)$"),
        outer: None,
        longest: None,
        liked: &["1/a", "0", "0#"],
    },
    Format {
        name: "regex",
        inner: || "^[A-Za-z0-9 _.,:/@=-]*$".to_owned(),
        outer: Some(|| "^[^]*$".to_owned()),
        longest: None,
        liked: &["a", "abc"],
    },
    Format {
        name: "byte",
        inner: || {
            let four = "(?:[A-Za-z0-9+/]{4})*";
            let last = "(?:[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)";
            format!("^{four}{last}?$")
        },
        // What the last bits are when they are not used, decoders judge differently.
        outer: Some(|| "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?$".to_owned()),
        longest: None,
        liked: &["YQ==", "YWJj", ""],
    },
];

/// A day of the Gregorian calendar.
const DATE: &str = r"(?:\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))|(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";
/// A time of the day; a leap second where it needs no sum to see that it is one.
const TIME: &str = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)|23:59:60(?:\.\d+)?(?:Z|[+-]00:00))";
const WIDE_TIME: &str =
    r"(?:(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d))";
/// One part of a JSON pointer.
const POINTER: &str = "(?:/(?:[^~/]|~[01])*)";
/// What a URI is spelt with, but for brackets and the number sign.
const URI_CHARACTER: &str = "(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})";
const IRI_CHARACTER: &str = r#"(?:[^\0-\x20"%<>\\^`{|}\x7F-\x9F]|%[0-9A-Fa-f]{2})"#;
/// Names of hosts, whatever their length; labels in Punycode are judged by what they decode to.
const WIDE_HOST: &str = r"(?:(?!-)(?!(?!xn)[A-Za-z0-9-]{2}--)[A-Za-z0-9-]{0,62}[A-Za-z0-9](?:\.(?!-)(?!(?!xn)[A-Za-z0-9-]{2}--)[A-Za-z0-9-]{0,62}[A-Za-z0-9])*)";

fn ipv4() -> String {
    let octet = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)";
    format!(r"(?:{octet}(?:\.{octet}){{3}})")
}

/// Eight groups, of which the last two may be an IPv4 address, or fewer around `::`.
fn ipv6() -> String {
    let group = "[0-9A-Fa-f]{1,4}";
    let ipv4 = ipv4();
    let groups = |count: usize| match count {
        0 => String::new(),
        1 => group.to_owned(),
        _ => format!("(?:(?:{group}:){{{}}}{group}|(?:{group}:){{{}}}{ipv4})", count - 1, count - 2),
    };
    let mut ways = vec![groups(8)];
    for head in 0..=7 {
        let before = if head == 0 { String::new() } else { format!("(?:{group}:){{{}}}{group}", head - 1) };
        let after: Vec<String> = (0..=7 - head).map(groups).collect();
        ways.push(format!("{before}::(?:{})", after.join("|")));
    }
    format!("(?:{})", ways.join("|"))
}

/// Names of hosts that are sure to be short enough and without Punycode: three labels of any length,
/// or ten short ones.
fn host() -> String {
    let label =
        |longest: u32| format!("(?!-)(?![A-Za-z0-9-]{{2}}--)[A-Za-z0-9-]{{0,{}}}[A-Za-z0-9]", longest - 1);
    let (long, short) = (label(63), label(20));
    format!(r"(?:{long}(?:\.{long}){{0,2}}|{short}(?:\.{short}){{0,9}})")
}

fn uri() -> String {
    let segment = "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";
    let first = format!("(?:{}|/(?:{segment}+(?:/{segment}*)*)?|{segment}+(?:/{segment}*)*|)", authority());
    format!("[A-Za-z][A-Za-z0-9+.-]*:{first}{}", tail())
}

fn relative() -> String {
    let segment = "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";
    let first = "(?:[A-Za-z0-9._~!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})";
    format!("(?:{}|/(?:{segment}+(?:/{segment}*)*)?|{first}+(?:/{segment}*)*|){}", authority(), tail())
}

/// `//`, a named host, perhaps a port, and a path.
fn authority() -> String {
    let host = "(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+";
    let segment = "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";
    format!(r"//{host}(?::\d{{1,4}})?(?:/{segment}*)*")
}

/// A query and a fragment.
fn tail() -> String {
    format!(r"(?:\?{URI_CHARACTER}*)?(?:#{URI_CHARACTER}*)?")
}
