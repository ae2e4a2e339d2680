//! The web catalog: server-rendered pages that work without JavaScript.
//!
//! A page is one `#[derive(Template)]` struct whose fields are ready to print: strings, hrefs,
//! booleans. Whoever fills it decides; templates only loop and ask. Here stand the parts that
//! all pages share: the frame ([`Layout`]), the answer ([`Page`]), the error page, and the small
//! view models that several pages print.
//!
//! Not here: routes, queries and the registry; a page knows nothing of them.

pub mod assets;
pub mod browse;
mod fill;
pub mod help;
pub mod judge;
pub mod reference;
pub mod timeline;
pub mod words;

#[cfg(test)]
mod gallery;

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use sha2::{Digest, Sha256};

pub(super) use fill::router;
use words::When;

/// The Content-Security-Policy of every page: nothing but what is listed.
///
/// - `style-src 'self'`: the one stylesheet; no inline style, hence no `style` attribute anywhere.
/// - `script-src 'self'`: small modules under hashed names, when there are any; nothing inline.
/// - `img-src 'self' data:`: the favicon; small marks that the stylesheet draws.
/// - `form-action 'self'`: search and comparison are GET forms to this host.
/// - no `<base>`, no frame around a page.
pub const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
                       form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                       script-src 'self'";

/// A link ready to print. `href` is an address of this catalog or came through
/// [`words::outward`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What is read.
    pub text: String,
    /// Where it leads.
    pub href: String,
}

impl Link {
    /// A link from anything that becomes a string.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into() }
    }
}

/// Which entry of the main navigation a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The list of APIs and all below it.
    Catalog,
    /// The rules of diff and lint.
    Rules,
    /// The help pages of problem types.
    Problems,
    /// None of them, as for an error.
    Elsewhere,
}

/// What the frame around every page says.
#[derive(Clone, Debug)]
pub struct Layout {
    /// For the window's title, the most special word first: `v2.1.0 · Charges`; the frame adds
    /// the name of the program.
    pub title: String,
    /// One sentence for previews of a link; may be empty.
    pub description: String,
    /// The entry of the navigation that is marked.
    pub section: Section,
    /// The way back up, the page itself left out.
    pub crumbs: Vec<Link>,
    /// The absolute address of the newest page of this kind, for search engines.
    pub canonical: Option<String>,
    /// The same thing as JSON, below `/api/v1`.
    pub json: Option<String>,
    /// The day on which the page was made, in UTC: `24 Nov 2026`. Countdowns count from it.
    pub today: String,
}

impl Layout {
    /// A frame with a title alone.
    #[must_use]
    pub fn new(title: impl Into<String>, section: Section, today: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            description: String::new(),
            section,
            crumbs: Vec::new(),
            canonical: None,
            json: None,
            today: today.into(),
        }
    }

    /// The frame with the way back up.
    #[must_use]
    pub fn under(mut self, crumbs: Vec<Link>) -> Self {
        self.crumbs = crumbs;
        self
    }

    fn stylesheet(&self) -> &'static str {
        &assets::STYLESHEET.href
    }

    fn favicon(&self) -> &'static str {
        &assets::FAVICON.href
    }

    fn in_catalog(&self) -> bool {
        self.section == Section::Catalog
    }

    fn in_rules(&self) -> bool {
        self.section == Section::Rules
    }

    fn in_problems(&self) -> bool {
        self.section == Section::Problems
    }

    fn build(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

/// How long an answer may be kept, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// By anyone, but asked again each time by its `ETag`: pages that change.
    Revalidate,
    /// By the reader's browser alone and asked again each time: pages behind a log-in.
    Private,
    /// Not at all: errors.
    Never,
}

/// A rendered page as an answer: status, `Content-Type`, `ETag` over its bytes, `Cache-Control`.
/// Security headers and the [`CSP`] are added by middleware to pages and errors alike.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The template with its data.
    pub body: T,
    /// 200 unless said otherwise.
    pub status: StatusCode,
    /// [`Keep::Revalidate`] unless said otherwise.
    pub keep: Keep,
}

impl<T: Template> Page<T> {
    /// The page with status 200.
    pub const fn new(body: T) -> Self {
        Self { body, status: StatusCode::OK, keep: Keep::Revalidate }
    }

    /// The page with another caching policy.
    #[must_use]
    pub fn keep(mut self, keep: Keep) -> Self {
        self.keep = keep;
        self
    }
}

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let html = match self.body.render() {
            Ok(html) => html,
            Err(error) => {
                tracing::error!(%error, "a page failed to render");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
        };
        // the weak form: compression below us changes the bytes on the wire (RFC 9110, 8.8.1)
        let tag = format!("W/\"{}\"", hex::encode(&Sha256::digest(html.as_bytes())[..12]));
        let keep = match self.keep {
            Keep::Revalidate => "public, no-cache",
            Keep::Private => "private, no-cache",
            Keep::Never => "no-store",
        };
        let mut response = (self.status, Html(html)).into_response();
        let fields = response.headers_mut();
        fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        if self.keep != Keep::Never
            && let Ok(tag) = HeaderValue::from_str(&tag)
        {
            fields.insert(header::ETAG, tag);
        }
        response
    }
}

/// Middleware for pages: an answer whose `ETag` the client already holds becomes 304 without a
/// body (RFC 9110, section 13.1.2; weak comparison).
pub async fn revalidate(request: Request, next: Next) -> Response {
    let held = request.headers().get(header::IF_NONE_MATCH).cloned();
    let mut response = next.run(request).await;
    let same = match (&held, response.headers().get(header::ETAG)) {
        (Some(held), Some(tag)) => holds(held, tag),
        _ => false,
    };
    if same && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = axum::body::Body::empty();
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.headers_mut().remove(header::CONTENT_TYPE);
    }
    response
}

fn holds(held: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(held), Ok(tag)) = (held.to_str(), tag.to_str()) else {
        return false;
    };
    let opaque = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    held.trim() == "*" || held.split(',').any(|one| opaque(one) == opaque(tag))
}

/// Findings of one document, counted for a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// All of them.
    pub total: u64,
    /// The worst severity among them (`critical` to `info`, `error`, `warning`), empty without any.
    pub worst: String,
    /// Where they are listed.
    pub href: String,
}

/// A verdict of a diff, short enough for a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// `breaking`, `compatible` or `identical`.
    pub verdict: String,
    /// `major`, `minor`, `patch` or `none`.
    pub bump: String,
    /// What the bump means in the API's scheme: `2.0.0`, `new line`; `None` where nothing is due.
    pub due: Option<String>,
    /// The label of the older side.
    pub from: String,
    /// The page of the diff.
    pub href: String,
}

/// A page of a longer list, by links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// What part is shown: `1 to 50 of 312`; empty prints no words.
    pub words: String,
    /// The page before this one.
    pub previous: Option<String>,
    /// The page after this one.
    pub next: Option<String>,
}

impl Pager {
    /// Whether there is anything to turn to.
    #[must_use]
    pub const fn turns(&self) -> bool {
        self.previous.is_some() || self.next.is_some()
    }
}

/// One entry of a choice in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub words: String,
    /// Whether it is chosen now.
    pub chosen: bool,
}

/// A place in a document, linked into its view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `line 120`, or with the document: `2.0.0, line 120`.
    pub words: String,
    /// The line in the document's view ([`words::line_href`]).
    pub href: String,
    /// RFC 6901, into the document as published.
    pub pointer: String,
}

/// An error as a page: what happened, and ways out of the dead end.
///
/// 404 names near things, 410 says when something was retired, 5xx gives the id to report.
#[derive(Clone, Debug, Template)]
#[template(path = "layout/error.html")]
pub struct ErrorPage {
    /// The frame.
    pub layout: Layout,
    /// The HTTP status.
    pub status: u16,
    /// The problem's title: `No such version`.
    pub title: String,
    /// What is known about this case, in one sentence.
    pub detail: String,
    /// The faults one by one, where a problem lists them.
    pub errors: Vec<String>,
    /// Near names, linked.
    pub near: Vec<Link>,
    /// The help page of the problem's type.
    pub help: Option<String>,
    /// The id under which the log holds more.
    pub request_id: Option<String>,
    /// What was meant to happen first: the instant of retirement for 410.
    pub since: Option<When>,
}

impl ErrorPage {
    /// The page as an answer under its own status, kept by nobody.
    #[must_use]
    pub fn page(self) -> Page<Self> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Page { body: self, status, keep: Keep::Never }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost() -> ErrorPage {
        ErrorPage {
            layout: Layout::new("Not found", Section::Elsewhere, "24 Nov 2026"),
            status: 404,
            title: "No such API".to_owned(),
            detail: "<script>alert(1)</script>".to_owned(),
            errors: Vec::new(),
            near: vec![Link::new("a/b", "/apis/a/b")],
            help: None,
            request_id: None,
            since: None,
        }
    }

    #[test]
    fn an_error_keeps_its_status_and_is_kept_by_nobody() {
        let response = lost().page().into_response();
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        assert!(response.headers().get(header::ETAG).is_none());
    }

    #[test]
    fn text_is_escaped() {
        let html = lost().render().expect("renders");
        assert!(!html.contains("<script"));
    }

    #[test]
    fn a_page_has_a_tag_that_follows_its_bytes() {
        let tag = |title: &str| {
            let mut body = lost();
            body.title = title.to_owned();
            let response = Page::new(body).into_response();
            response.headers()[header::ETAG].clone()
        };
        assert_eq!(tag("a"), tag("a"));
        assert_ne!(tag("a"), tag("b"));
        let both = HeaderValue::from_str(&format!("\"x\", {}", tag("a").to_str().expect("ASCII")));
        assert!(holds(&both.expect("ASCII"), &tag("a")));
        assert!(!holds(&HeaderValue::from_static("\"x\""), &tag("a")));
    }
}
