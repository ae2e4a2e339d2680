//! URI references and what they mean beside a base.
//!
//! Only what references within one document need: nothing is fetched, no percent sign is decoded,
//! and a URI that is no URI is merely one that no resource has.
//!
//! Source: RFC 3986 sections 3, 5.2 and 6.2.2.1.

/// Longer URIs name nothing: a document could repeat them without end.
pub(super) const LONGEST: usize = 4096;

/// The parts of a URI reference without its fragment.
#[derive(Clone, Copy)]
struct Parts<'t> {
    scheme: Option<&'t str>,
    authority: Option<&'t str>,
    path: &'t str,
    query: Option<&'t str>,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Self {
        let (scheme, rest) = match text.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
            _ => (None, text),
        };
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        match rest.strip_prefix("//") {
            Some(rest) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                Self { scheme, authority: Some(authority), path, query }
            }
            None => Self { scheme, authority: None, path: rest, query },
        }
    }

    fn text(self, path: &str) -> String {
        let mut text = String::new();
        if let Some(scheme) = self.scheme {
            text.push_str(&scheme.to_ascii_lowercase());
            text.push(':');
        }
        if let Some(authority) = self.authority {
            text.push_str("//");
            text.push_str(&authority.to_ascii_lowercase());
        }
        text.push_str(path);
        if let Some(query) = self.query {
            text.push('?');
            text.push_str(query);
        }
        text
    }
}

fn is_scheme(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
}

/// What precedes `#`, and what follows it.
pub(super) fn split_fragment(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// The URI that a reference without fragment means beside an absolute base. `None` past
/// [`LONGEST`].
pub(super) fn resolve(base: &str, reference: &str) -> Option<String> {
    if reference.len() > LONGEST {
        return None;
    }
    let from = Parts::of(base);
    let to = Parts::of(reference);
    let resolved = if to.scheme.is_some() {
        to.text(&without_dots(to.path))
    } else if to.authority.is_some() {
        Parts { scheme: from.scheme, ..to }.text(&without_dots(to.path))
    } else if to.path.is_empty() {
        Parts { query: to.query.or(from.query), ..from }.text(from.path)
    } else {
        let path = if to.path.starts_with('/') {
            without_dots(to.path)
        } else if from.authority.is_some() && from.path.is_empty() {
            without_dots(&format!("/{}", to.path))
        } else {
            let folder = from.path.rfind('/').map_or("", |end| &from.path[..=end]);
            without_dots(&format!("{folder}{}", to.path))
        };
        Parts { query: to.query, ..from }.text(&path)
    };
    (resolved.len() <= LONGEST).then_some(resolved)
}

/// One spelling for the URLs of one server: scheme and host have no case, the port of the scheme
/// goes without saying, and paths are appended whether or not a slash ends the URL.
pub(super) fn normal(url: &str) -> String {
    let parts = Parts::of(url);
    // The names of variables have a case.
    if parts.authority.is_some_and(|authority| authority.contains('{')) || parts.query.is_some() {
        return url.to_owned();
    }
    let port = match parts.scheme.map(str::to_ascii_lowercase).as_deref() {
        Some("http" | "ws") => ":80",
        Some("https" | "wss") => ":443",
        _ => "",
    };
    let authority = parts.authority.map(|authority| authority.strip_suffix(port).unwrap_or(authority));
    let path = match parts.path.strip_suffix('/') {
        Some("") if authority.is_none() => "/",
        Some(path) => path,
        None => parts.path,
    };
    Parts { authority, ..parts }.text(path)
}

/// RFC 3986 section 5.2.4.
fn without_dots(path: &str) -> String {
    if !path.contains("./") && !path.ends_with('.') {
        return path.to_owned();
    }
    let mut kept: Vec<&str> = Vec::new();
    let segments: Vec<&str> = path.split('/').collect();
    for (index, segment) in segments.iter().enumerate() {
        let is_last = index + 1 == segments.len();
        match *segment {
            "." | ".." => {
                // The empty segment before a leading slash stays.
                if *segment == ".." && (kept.len() > 1 || kept.first().is_some_and(|first| !first.is_empty()))
                {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    kept.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_resolve_as_the_rfc_shows() {
        // RFC 3986 section 5.4, fragments apart.
        let cases = [
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("./", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../g", "http://a/g"),
            ("../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("/../g", "http://a/g"),
            ("g.", "http://a/b/c/g."),
            ("..g", "http://a/b/c/..g"),
            ("./g/.", "http://a/b/c/g/"),
            ("g/../h", "http://a/b/c/h"),
        ];
        for (reference, wanted) in cases {
            assert_eq!(resolve("http://a/b/c/d;p?q", reference).as_deref(), Some(wanted), "{reference}");
        }
    }

    #[test]
    fn spellings_of_a_server_are_one() {
        for same in [
            &["https://api.example.com/v1", "HTTPS://API.example.com:443/v1/"][..],
            &["http://h", "http://h/", "http://H:80"],
            &["//h/v1", "//h/v1/"],
            &["/", "/"],
            &["https://{Host}.x/v1/", "https://{Host}.x/v1/"],
        ] {
            for url in same {
                assert_eq!(normal(url), normal(same[0]), "{url}");
            }
        }
        for (a, b) in
            [("/", ""), ("https://h/V1", "https://h/v1"), ("https://h:80", "https://h"), ("//h:443", "//h")]
        {
            assert_ne!(normal(a), normal(b), "{a} and {b}");
        }
        assert_eq!(normal("https://{Host}.x/v1"), "https://{Host}.x/v1");
    }

    #[test]
    fn names_without_hierarchy_and_hosts_without_case() {
        assert_eq!(resolve("https://A.example", "x").as_deref(), Some("https://a.example/x"));
        assert_eq!(resolve("https://a/b", "HTTPS://B/C").as_deref(), Some("https://b/C"));
        assert_eq!(resolve("https://a/b", "urn:x:y").as_deref(), Some("urn:x:y"));
        assert_eq!(resolve("urn:x:y", "").as_deref(), Some("urn:x:y"));
        assert_eq!(resolve("https://a/b", &"x".repeat(LONGEST)), None);
        assert_eq!(split_fragment("a#b#c"), ("a", "b#c"));
    }
}
