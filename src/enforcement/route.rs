//! Where calls of a line arrive: a host, a base path, and at most one header and one query value.
//!
//! How the routes of all lines become one table, and which of them wins, is said in `table`.

use std::fmt;
use std::str::FromStr;

use http::HeaderName;
use serde::{Deserialize, Serialize};

use super::Ask;
use super::normalise;

/// No host or path of a route is longer than this.
const ROUTE_LIMIT_BYTES: usize = 1024;

/// Where calls of a line arrive.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Route {
    /// The host that callers name; case, port and a trailing dot do not matter.
    pub host: String,
    /// The base path, `/` for a whole host.
    pub path: String,
    /// A header that must have this value.
    #[serde(default)]
    pub header: Option<Selector>,
    /// A query parameter that must have this value.
    #[serde(default)]
    pub query: Option<Selector>,
}

/// `NAME=VALUE`: a header or query parameter that selects a line.
///
/// Names and values compare without case; a `v` before a number does not count (`v2` is `2`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Selector {
    /// Of the header or the parameter.
    pub name: String,
    /// What it must be.
    pub value: String,
}

/// What is wrong with a route. The message says what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RouteFault {
    /// The host is not one that a request can name.
    #[error("`{0}` is no host; give a name like api.example.com, without scheme and path")]
    Host(String),
    /// The path is not absolute, or no request can reach it.
    #[error("`{0}` is no base path; give one like /orders/v1")]
    Path(String),
    /// The selector is not `NAME=VALUE`, or its name cannot be that of a header.
    #[error("`{0}` is no selector; give NAME=VALUE, like X-Api-Version=2")]
    Selector(String),
    /// The header carries credentials, or is one of Sundial's own.
    #[error("`{0}` is never read to select a version: it carries credentials or is one of Sundial's own")]
    Reserved(String),
}

impl Selector {
    /// Whether a request that has `value` here is meant.
    fn takes(&self, value: &[u8]) -> bool {
        fold(value).eq_ignore_ascii_case(fold(self.value.as_bytes()))
    }
}

/// A value without blanks around it and without the `v` before a number.
fn fold(value: &[u8]) -> &[u8] {
    match value.trim_ascii() {
        [b'v' | b'V', rest @ ..] if rest.first().is_some_and(u8::is_ascii_digit) => rest,
        value => value,
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.value)
    }
}

impl FromStr for Selector {
    type Err = RouteFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((name, value))
                if !name.trim().is_empty()
                    && !value.trim().is_empty()
                    && text.len() <= ROUTE_LIMIT_BYTES
                    && !text.chars().any(char::is_control) =>
            {
                Ok(Self { name: name.trim().to_owned(), value: value.trim().to_owned() })
            }
            _ => Err(RouteFault::Selector(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Selector {
    type Error = RouteFault;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Selector> for String {
    fn from(selector: Selector) -> Self {
        selector.to_string()
    }
}

impl Route {
    /// The route that a server of a document gives: host and base path of an absolute URL.
    ///
    /// Nothing for a URL without a host, with a variable left in it, or of another protocol.
    #[must_use]
    pub fn of_server(url: &str) -> Option<Self> {
        let (scheme, _) = url.split_once("://")?;
        let known = ["http", "https", "ws", "wss"];
        if !known.iter().any(|name| name.eq_ignore_ascii_case(scheme)) {
            return None;
        }
        let target = normalise::Target::of(url.as_bytes());
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
        let path = text(target.path)?;
        let path = path.split('#').next().unwrap_or_default();
        let trimmed = path.trim_end_matches('/');
        let route = Self {
            host: text(&normalise::host(target.authority?))?,
            path: if trimmed.is_empty() { "/" } else { trimmed }.to_owned(),
            header: None,
            query: None,
        };
        (route.check().is_ok() && !url.contains(['{', '}'])).then_some(route)
    }

    /// Whether requests can match the route.
    ///
    /// # Errors
    ///
    /// The first [`RouteFault`] found.
    pub fn check(&self) -> Result<(), RouteFault> {
        let host = normalise::host(self.host.as_bytes());
        let named = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~[:]".contains(byte);
        let bracketed = host.starts_with(b"[") == host.ends_with(b"]");
        if host.is_empty()
            || host.len() > 255
            || !bracketed
            || !host.iter().all(named)
            || self.host.contains(['/', '@'])
        {
            return Err(RouteFault::Host(self.host.clone()));
        }
        if !self.path.starts_with('/')
            || self.path.len() > ROUTE_LIMIT_BYTES
            || self.path.contains(['?', '#'])
            || normalise::is_malformed(self.path.as_bytes())
        {
            return Err(RouteFault::Path(self.path.clone()));
        }
        if let Some(selector) = &self.header {
            let name = HeaderName::from_str(&selector.name)
                .map_err(|_| RouteFault::Selector(selector.to_string()))?;
            let credentials = ["authorization", "proxy-authorization", "cookie"];
            if credentials.contains(&name.as_str()) || name.as_str().starts_with("x-sundial-") {
                return Err(RouteFault::Reserved(selector.name.clone()));
            }
        }
        Ok(())
    }

    /// The route in the spelling that a registry keeps: host in lower case without port and final dot,
    /// base path without final slashes.
    ///
    /// # Errors
    ///
    /// [`RouteFault`] when no call could arrive there, or the selector is not one that may select.
    pub fn tidy(&self) -> Result<Self, RouteFault> {
        self.check()?;
        let path = self.path.trim_end_matches('/');
        Ok(Self {
            host: String::from_utf8_lossy(&normalise::host(self.host.as_bytes())).into_owned(),
            path: if path.is_empty() { "/" } else { path }.to_owned(),
            ..self.clone()
        })
    }

    /// The route as every other spelling of it would be written: two routes with the same text
    /// take the same calls, so only one line may hold it.
    #[must_use]
    pub fn canonical(&self) -> String {
        let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut text = lossy(&normalise::host(self.host.as_bytes()));
        let spelling = normalise::spelling(self.path.as_bytes());
        text.push_str(&lossy(&spelling).to_lowercase());
        for (mark, selector) in [(" header ", &self.header), (" query ", &self.query)] {
            if let Some(Selector { name, value }) = selector {
                text.push_str(mark);
                text.push_str(&name.to_lowercase());
                text.push('=');
                text.push_str(&lossy(fold(value.as_bytes())).to_lowercase());
            }
        }
        text
    }

    /// The address of the route, for links: `https://api.example.com/orders/v2`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}{}", self.host, self.path)
    }
}

/// The header and the query value that a route asks for, apart from the route: in the table most
/// routes have none, and then nothing of this is looked at.
#[derive(Debug, Clone)]
pub(super) struct Selectors {
    header: Option<Selector>,
    query: Option<Selector>,
}

impl Selectors {
    pub fn of(route: &Route) -> Option<Self> {
        let Route { header, query, .. } = route;
        (header.is_some() || query.is_some()).then(|| Self { header: header.clone(), query: query.clone() })
    }

    /// Whether the request has what is asked for.
    pub fn selects(&self, ask: &Ask<'_>, query: Option<&[u8]>) -> bool {
        self.header.as_ref().is_none_or(|selector| {
            ask.headers.any(&selector.name, |value| {
                // Intermediaries join repeated headers by commas: every part counts.
                selector.takes(value) || value.split(|byte| *byte == b',').any(|part| selector.takes(part))
            })
        }) && self.query.as_ref().is_none_or(|selector| has_parameter(selector, query, ask.query))
    }

    /// How many selectors there are.
    pub fn weight(&self) -> usize {
        usize::from(self.header.is_some()) + usize::from(self.query.is_some())
    }
}

/// Whether either query string has the parameter; one that is there twice counts twice.
fn has_parameter(selector: &Selector, first: Option<&[u8]>, second: Option<&[u8]>) -> bool {
    let named = |pair: &[u8]| {
        let at = pair.iter().position(|byte| *byte == b'=');
        let (name, value) = pair.split_at(at.unwrap_or(pair.len()));
        let name = unform(name);
        name.eq_ignore_ascii_case(selector.name.as_bytes())
            && selector.takes(&unform(value.strip_prefix(b"=").unwrap_or(value)))
    };
    [first, second].into_iter().flatten().any(|query| {
        query.split(|byte| *byte == b'&').any(|pair| {
            // Some servers still split at `;` (HTML 4.01 appendix B.2.2).
            named(pair) || pair.split(|byte| *byte == b';').any(named)
        })
    })
}

/// Reads one name or value of a query string as forms write it.
fn unform(text: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if !text.iter().any(|byte| b"%+".contains(byte)) {
        return text.into();
    }
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    normalise::decode_leniently(&spaced).into()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::enforcement) fn route(text: &str) -> Route {
        let mut parts = text.split_whitespace();
        let place = parts.next().expect("a place");
        let at = place.find('/').expect("a path");
        let mut route =
            Route { host: place[..at].to_owned(), path: place[at..].to_owned(), header: None, query: None };
        for part in parts {
            match part.split_at(1) {
                ("h", selector) => route.header = Some(selector.parse().expect("a selector")),
                (_, selector) => route.query = Some(selector.parse().expect("a selector")),
            }
        }
        route
    }

    #[test]
    fn servers_give_routes() {
        let given = |url: &str| Route::of_server(url).map(|route| route.host + route.path.as_str());
        assert_eq!(given("https://API.e.com:8443/v1/").as_deref(), Some("api.e.com/v1"));
        assert_eq!(given("http://e.com").as_deref(), Some("e.com/"));
        assert_eq!(given("wss://e.com/s?x#y").as_deref(), Some("e.com/s"));
        for none in [
            "/v1",
            "",
            "e.com/v1",
            "//e.com/v1",
            "ftp://e.com",
            "https:///x",
            "https://{h}.e.com/",
            "mailto:a@e.com",
        ] {
            assert_eq!(given(none), None, "{none}");
        }
    }

    #[test]
    fn routes_are_checked_before_they_are_kept() {
        for good in ["e.com/", "localhost:8080/v1", "[::1]:80/a%20b", "e.com/a hX-Version=1 qv=a=b"] {
            assert_eq!(route(good).check(), Ok(()), "{good}");
        }
        let with = |host: &str, path: &str| Route {
            host: host.into(),
            path: path.into(),
            header: None,
            query: None,
        };
        for host in ["", "https://e.com", "e com", "e.com/x", "ü.de", "a@b"] {
            assert!(matches!(with(host, "/").check(), Err(RouteFault::Host(_))), "{host}");
        }
        for path in ["", "v1", "/a?b", "/a#b", "/a%zz", "/a\n"] {
            assert!(matches!(with("e.com", path).check(), Err(RouteFault::Path(_))), "{path}");
        }
        for header in ["Authorization", "cookie", "Proxy-Authorization", "X-Sundial-Consumer"] {
            let mut route = with("e.com", "/");
            route.header = Some(Selector { name: header.into(), value: "1".into() });
            assert!(matches!(route.check(), Err(RouteFault::Reserved(_))), "{header}");
        }
        for bad in ["", "a", "=b", "a=", "a=\n"] {
            assert!(bad.parse::<Selector>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_canonical_text_is_the_same_for_all_spellings() {
        assert_eq!(
            route("E.com:80//Orders/./v1/ hX-V=V2").canonical(),
            route("e.com./orders/v1 hx-v=2").canonical()
        );
        assert_ne!(route("e.com/a").canonical(), route("e.com/a hv=1").canonical());
        assert_ne!(route("e.com/a hv=1").canonical(), route("e.com/a qv=1").canonical());
    }

    #[test]
    fn json_is_flat() {
        let json = r#"{"host":"e.com","path":"/a","header":"X-V=2","query":null}"#;
        let route: Route = serde_json::from_str(json).expect("readable");
        assert_eq!(serde_json::to_string(&route).expect("plain"), json);
        assert!(serde_json::from_str::<Route>(r#"{"host":"e.com","path":"/a"}"#).is_ok());
        assert!(serde_json::from_str::<Route>(r#"{"host":"e.com","path":"/a","header":"x"}"#).is_err());
    }
}
