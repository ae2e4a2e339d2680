//! Which operation of a line a request calls: path templates against segments.
//!
//! Needed for what people and usage are told, never for the verdict, so it may take its time and
//! reads a path in the one usual way (RFC 3986).

use super::normalise;

/// An operation as it was registered, ready to be matched.
#[derive(Debug)]
pub(super) struct Operation {
    method: Box<str>,
    template: Box<str>,
}

impl Operation {
    pub fn new(method: &str, template: &str) -> Self {
        Self { method: method.into(), template: template.into() }
    }
}

/// The operation that `method` on `path` calls, below any of the base paths.
pub(super) fn find(
    operations: &[Operation],
    bases: &[Box<str>],
    method: &str,
    path: &[u8],
) -> Option<String> {
    let called = segments(path);
    let base = bases
        .iter()
        .map(|base| segments(base.as_bytes()))
        .filter(|base| {
            base.len() <= called.len() && base.iter().zip(&called).all(|(a, b)| a.eq_ignore_ascii_case(b))
        })
        .max_by_key(Vec::len)?;
    let rest = &called[base.len()..];
    let best = |method: &str| {
        operations
            .iter()
            .filter(|operation| operation.method.eq_ignore_ascii_case(method))
            .filter_map(|operation| Some((literals(&operation.template, rest)?, operation)))
            .max_by_key(|(literals, _)| *literals)
            .map(|(_, found)| format!("{} {}", found.method, found.template))
    };
    // HEAD is answered by what answers GET (RFC 9110 section 9.3.2).
    best(method).or_else(|| (method == "HEAD").then(|| best("GET")).flatten())
}

/// How many bytes of a matching template are no variable; the more, the closer it matches
/// (OAS 3.1 section 4.8.8: concrete paths come before templated ones).
fn literals(template: &str, called: &[Vec<u8>]) -> Option<usize> {
    let mut parts = template.split('/').filter(|part| !part.is_empty());
    let mut sum = 0;
    for segment in called {
        sum += literals_of(parts.next()?, segment)?;
    }
    parts.next().is_none().then_some(sum)
}

/// The same for one segment, `{id}` or `report-{year}.csv`. What stands between two variables is
/// not looked at.
fn literals_of(part: &str, segment: &[u8]) -> Option<usize> {
    let (Some(open), Some(close)) = (part.find('{'), part.rfind('}')) else {
        return (part.as_bytes() == segment).then_some(part.len() + 1);
    };
    let (head, tail) = (&part[..open], part.get(close + 1..)?);
    let middle = segment.strip_prefix(head.as_bytes())?.strip_suffix(tail.as_bytes())?;
    (!middle.is_empty()).then_some(head.len() + tail.len())
}

/// The decoded segments of a path, dots resolved. A slash that was escaped stays in its segment.
fn segments(path: &[u8]) -> Vec<Vec<u8>> {
    let mut segments = Vec::new();
    for raw in path.split(|byte| *byte == b'/') {
        let decoded = normalise::decode_leniently(raw);
        match decoded.as_slice() {
            b"" | b"." => {}
            b".." => {
                segments.pop();
            }
            _ => segments.push(decoded),
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_literal_template_wins() {
        let operations: Vec<_> = [
            ("GET", "/"),
            ("GET", "/charges"),
            ("GET", "/charges/{id}"),
            ("GET", "/charges/mine"),
            ("POST", "/charges/{id}/refunds"),
            ("GET", "/reports/{year}.csv"),
            ("GET", "/{any}/{other}"),
        ]
        .map(|(method, template)| Operation::new(method, template))
        .into();
        let bases = ["/v1".into(), "/api/V1".into()];
        let found = |method: &str, path: &str| find(&operations, &bases, method, path.as_bytes());
        for (method, path, expected) in [
            ("GET", "/v1", "GET /"),
            ("GET", "/v1/charges/", "GET /charges"),
            ("GET", "/v1/charges/CH_7", "GET /charges/{id}"),
            ("GET", "/v1/charges/a%2Fb", "GET /charges/{id}"),
            ("HEAD", "/api/v1/charges/mine", "GET /charges/mine"),
            ("POST", "/v1/./charges/7/refunds", "POST /charges/{id}/refunds"),
            ("GET", "/v1/reports/2026.csv", "GET /reports/{year}.csv"),
            ("GET", "/v1/reports/.csv", "GET /{any}/{other}"),
        ] {
            assert_eq!(found(method, path).as_deref(), Some(expected), "{path}");
        }
        assert_eq!(found("DELETE", "/v1/charges"), None);
        assert_eq!(found("GET", "/v2/charges"), None);
        assert_eq!(found("GET", "/v1/a/b/c"), None);
    }

    #[test]
    fn odd_templates_match_or_not_but_never_panic() {
        for template in ["", "/}{", "/{", "/}", "/{}", "/a{b}c{d}e"] {
            let operations = [Operation::new("GET", template)];
            let _ = find(&operations, &["/".into()], "GET", b"/aXcYe");
        }
    }
}
