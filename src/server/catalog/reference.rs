//! Pages of one version: what its document says, in words, and the document itself.
//!
//! Every string here comes from a stranger's document, and is printed escaped, with invisible
//! characters shown ([`words::visible`]). Nested schemas arrive as flat rows with a depth, so
//! that no document can make a template recurse.

use askama::Template;

use super::browse::Fact;
use super::words::{self, When};
use super::{Layout, Link, Pager, Place, Verdict};

/// Lines of the document on one page of its view: as many elements, well below the 5,000 that
/// a page may hold.
pub const LINES_A_PAGE: u32 = 2_000;

/// Operations listed on one page before groups become links to pages of their own.
pub const OPERATIONS_A_PAGE: usize = 400;

/// Characters of one line that the document's view prints; minified documents have lines of
/// megabytes.
const LINE_LIMIT: usize = 600;

/// The first line of the page of the document's view that holds `line`.
#[must_use]
pub const fn first_line_of_page(line: u32) -> u32 {
    let before = if line == 0 { 0 } else { line - 1 };
    before / LINES_A_PAGE * LINES_A_PAGE + 1
}

/// The head that all pages of a version share.
#[derive(Clone, Debug)]
pub struct Head {
    /// The API: its title and page.
    pub api: Link,
    /// The document's title.
    pub title: String,
    /// `2.1.0`.
    pub label: String,
    /// The line: its name and its place in the API's page.
    pub line: Link,
    /// The stage now.
    pub stage: String,
    /// What a reader must know first; `None` for an active version.
    pub banner: Option<Banner>,
    /// The newest version of the API, where this is an older one: leads to the same page there.
    pub newest: Option<Link>,
    /// Reference, findings, document: with the current one marked.
    pub tabs: Vec<Tab>,
}

/// A page of a version, in the row of them.
#[derive(Clone, Debug)]
pub struct Tab {
    /// What is read.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// A count beside the text; empty without.
    pub count: String,
    /// Whether it is this page.
    pub is_current: bool,
}

/// The stage of a version that is not simply active, with what follows from it.
#[derive(Clone, Debug)]
pub struct Banner {
    /// `draft`, `deprecated`, `retired` or `blocked`.
    pub stage: String,
    /// `This line is deprecated and ends on`, before the date if there is one.
    pub headline: String,
    /// The date that matters most: the sunset, the block.
    pub date: Option<When>,
    /// Why, in the owner's words.
    pub reason: Option<String>,
    /// Where to go: the successor.
    pub successor: Option<Link>,
    /// Migration guide, policy and the like.
    pub links: Vec<Link>,
}

/// `…/versions/{label}`: facts, security in words, operations, schemas.
#[derive(Clone, Debug, Template)]
#[template(path = "reference/version.html")]
pub struct VersionPage {
    /// The frame.
    pub layout: Layout,
    /// The head.
    pub head: Head,
    /// The document's description; long ones are folded after the first paragraph.
    pub description: Vec<String>,
    /// Format, published, operations, size, digest.
    pub facts: Vec<Fact>,
    /// Base URLs, as text: they are where calls go, not where readers go.
    pub servers: Vec<String>,
    /// Against the predecessor.
    pub verdict: Option<Verdict>,
    /// What callers must show.
    pub security: Security,
    /// Operations by tag, in the order of the document.
    pub groups: Vec<Group>,
    /// The named schemas.
    pub schemas: Vec<SchemaLink>,
    /// How to get the exact bytes: links.
    pub downloads: Vec<Link>,
}

/// Security of a version in words.
#[derive(Clone, Debug, Default)]
pub struct Security {
    /// `12 of 14 operations ask for credentials; 2 are open.` Empty: nothing to say.
    pub summary: String,
    /// Whether any operation is open to everyone.
    pub has_open: bool,
    /// One sentence per scheme and group of operations:
    /// `9 operations ask for OAuth scope charges:write.`
    pub sentences: Vec<String>,
    /// Operations that anyone may call, linked; a few.
    pub open: Vec<Link>,
    /// `and 12 more`.
    pub open_more: Option<String>,
    /// The schemes that the document declares.
    pub schemes: Vec<Scheme>,
}

/// A security scheme in words.
#[derive(Clone, Debug)]
pub struct Scheme {
    /// Its name in the document.
    pub name: String,
    /// `OAuth 2.0, client credentials`; `API key in header X-Key`.
    pub words: String,
    /// What is weak about it: `travels in the URL`; `None` where nothing is.
    pub caution: Option<String>,
    /// Its scopes: name and meaning.
    pub scopes: Vec<(String, String)>,
}

/// Operations under one tag.
#[derive(Clone, Debug)]
pub struct Group {
    /// The tag; `Other` for operations without one.
    pub name: String,
    /// The group's anchor: [`anchor`] of the tag.
    pub anchor: String,
    /// The tag's description, first paragraph.
    pub description: String,
    /// `14 operations`.
    pub count: String,
    /// The operations; empty where `href` leads to a page with them.
    pub operations: Vec<OperationRow>,
    /// The page of this group alone, for documents too large for one page.
    pub href: Option<String>,
}

/// An operation in the list.
#[derive(Clone, Debug)]
pub struct OperationRow {
    /// Upper case.
    pub method: String,
    /// The template as written.
    pub path: String,
    /// Its page.
    pub href: String,
    /// In the document's words.
    pub summary: String,
    /// Marked by the document.
    pub is_deprecated: bool,
    /// Whether anyone may call it.
    pub is_open: bool,
}

/// A schema in the list.
#[derive(Clone, Debug)]
pub struct SchemaLink {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
}

/// `…/operations/{METHOD}/{path}`: one operation.
#[derive(Clone, Debug, Template)]
#[template(path = "reference/operation.html")]
pub struct OperationPage {
    /// The frame.
    pub layout: Layout,
    /// The head.
    pub head: Head,
    /// Upper case.
    pub method: String,
    /// The template as written.
    pub path: String,
    /// `operationId`.
    pub id: Option<String>,
    /// In the document's words.
    pub summary: String,
    /// In the document's words.
    pub description: Vec<String>,
    /// Its tags, leading to their groups.
    pub tags: Vec<Link>,
    /// Marked by the document; with its `x-sunset` in words.
    pub deprecated: Option<String>,
    /// What a caller must show; one entry an alternative, empty where anyone may call.
    pub credentials: Vec<Credentials>,
    /// By location: path, query, header, cookie.
    pub parameters: Vec<ParameterGroup>,
    /// What is sent.
    pub body: Option<BodyView>,
    /// What comes back.
    pub responses: Vec<ResponseView>,
    /// A call with placeholders, ready to paste.
    pub curl: String,
    /// Where the document says it.
    pub place: Place,
    /// The same operation in other lines: `v2`, leading there.
    pub elsewhere: Vec<Link>,
}

/// One way to be let in: all of it must be shown.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// `OAuth 2.0 (oauth)`; several are joined by `and`.
    pub words: String,
    /// The scopes it needs.
    pub scopes: Vec<String>,
}

/// Parameters that travel in the same place.
#[derive(Clone, Debug)]
pub struct ParameterGroup {
    /// `Path`, `Query`, `Header`, `Cookie`.
    pub location: String,
    /// The parameters.
    pub rows: Vec<PropertyRow>,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct BodyView {
    /// Whether it must be sent.
    pub is_required: bool,
    /// In the document's words.
    pub description: Vec<String>,
    /// By media type.
    pub media: Vec<MediaView>,
}

/// A response.
#[derive(Clone, Debug)]
pub struct ResponseView {
    /// `200`, `4XX`, `default`.
    pub status: String,
    /// `success`, `redirect`, `client`, `server` or `default`.
    pub class: String,
    /// In the document's words.
    pub description: String,
    /// Its headers.
    pub headers: Vec<PropertyRow>,
    /// By media type; empty without a body.
    pub media: Vec<MediaView>,
}

/// A body in one media type.
#[derive(Clone, Debug)]
pub struct MediaView {
    /// `application/json`.
    pub name: String,
    /// What is in it.
    pub schema: SchemaView,
    /// An example, printed.
    pub example: Option<String>,
}

/// A schema ready to print: its own type, and its parts as flat rows.
#[derive(Clone, Debug, Default)]
pub struct SchemaView {
    /// `object`, `array of Charge`.
    pub kind: String,
    /// The page of the schema that it is or refers to.
    pub href: Option<String>,
    /// Constraints of the whole.
    pub constraints: Vec<String>,
    /// The parts.
    pub rows: Vec<PropertyRow>,
    /// Where the rest is, when the rows were cut.
    pub more: Option<Link>,
}

/// A property, parameter, header, alternative or item.
#[derive(Clone, Debug, Default)]
pub struct PropertyRow {
    /// 0 for the outermost; more than 6 is drawn as 6.
    pub depth: u8,
    /// Its name; empty for items and alternatives.
    pub name: String,
    /// What it is where it has no name, or beside it: `one of`, `each item`, `any other name`.
    pub role: String,
    /// `string, date-time`, `Charge`, `array of Charge`, `string or null`.
    pub kind: String,
    /// The page of the schema that the type names; where a recursion was cut, too.
    pub href: Option<String>,
    /// Whether it must be there.
    pub is_required: bool,
    /// Marked by the document.
    pub is_deprecated: bool,
    /// `read only`, `write only`, `contains itself`.
    pub notes: Vec<String>,
    /// `1 to 64 characters`, `pattern ^[a-z]+$`, `default 20`.
    pub constraints: Vec<String>,
    /// The values it may take, printed as JSON; more than eight are folded.
    pub values: Vec<String>,
    /// In the document's words.
    pub description: Vec<String>,
}

impl PropertyRow {
    fn indent(&self) -> u8 {
        self.depth.min(6)
    }

    fn first_values(&self) -> &[String] {
        self.values.get(..8).unwrap_or(&self.values)
    }

    fn other_values(&self) -> &[String] {
        self.values.get(8..).unwrap_or(&[])
    }
}

/// `…/schemas/{name}`: one named schema.
#[derive(Clone, Debug, Template)]
#[template(path = "reference/schema.html")]
pub struct SchemaPage {
    /// The frame.
    pub layout: Layout,
    /// The head.
    pub head: Head,
    /// Its name.
    pub name: String,
    /// In the document's words.
    pub description: Vec<String>,
    /// What it holds.
    pub schema: SchemaView,
    /// An example, printed.
    pub example: Option<String>,
    /// Operations and schemas that use it.
    pub used_by: Vec<Link>,
    /// Where the document says it.
    pub place: Place,
}

/// `…/versions/{label}/findings`: what lint says of the document.
#[derive(Clone, Debug, Template)]
#[template(path = "reference/findings.html")]
pub struct FindingsPage {
    /// The frame.
    pub layout: Layout,
    /// The head.
    pub head: Head,
    /// Counts by severity, gravest first: severity and number.
    pub counts: Vec<(String, u64)>,
    /// A part of the findings, gravest first.
    pub findings: Vec<FindingRow>,
    /// Further findings.
    pub pager: Pager,
    /// The command that gives the same on a file.
    pub lint_command: String,
}

/// A finding.
#[derive(Clone, Debug)]
pub struct FindingRow {
    /// Its anchor.
    pub anchor: String,
    /// The rule and its page.
    pub rule: Link,
    /// `critical` to `info`; `error`, `warning`, `note` for structure.
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// `API2:2023`.
    pub owasp: Option<String>,
    /// `CWE-306`.
    pub cwe: Option<String>,
    /// Where; a few.
    pub places: Vec<Place>,
    /// `and 12 more places`.
    pub places_more: Option<String>,
    /// Operations that it touches: `GET /charges`; a few.
    pub operations: Vec<Link>,
}

/// `…/document/view`: the document by lines.
#[derive(Clone, Debug, Template)]
#[template(path = "reference/document.html")]
pub struct DocumentPage {
    /// The frame.
    pub layout: Layout,
    /// The head.
    pub head: Head,
    /// The lines of this page.
    pub lines: Vec<DocumentLine>,
    /// Further pages.
    pub pager: Pager,
    /// Every page by its first line, for jumping; empty with a single page.
    pub pages: Vec<Link>,
    /// The exact bytes, and conversions.
    pub downloads: Vec<Link>,
    /// Syntax, size, digest.
    pub facts: Vec<Fact>,
}

/// A line of a document; its anchor is `L{number}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentLine {
    /// From 1.
    pub number: u32,
    /// Its text, invisible characters shown.
    pub text: String,
    /// Whether the text was cut.
    pub is_cut: bool,
}

/// The lines of `text` on the page that starts at line `from` (see [`first_line_of_page`]), each
/// cut to a length that can be read.
#[must_use]
pub fn document_lines(text: &str, from: u32) -> Vec<DocumentLine> {
    let from = from.max(1);
    let lines = text.lines().skip(from as usize - 1).take(LINES_A_PAGE as usize);
    // lines lead: a range that is asked for more than it has overflows
    lines
        .zip(from..)
        .map(|(line, number)| {
            let cut = line.char_indices().nth(LINE_LIMIT).map(|(offset, _)| offset);
            let text = words::visible(cut.map_or(line, |offset| &line[..offset]));
            DocumentLine { number, text, is_cut: cut.is_some() }
        })
        .collect()
}

/// An anchor from free text: lower-case letters and digits, runs of anything else as `-`, with
/// the prefix that keeps it apart from the page's own (`tag-`, `line-`).
#[must_use]
pub fn anchor(prefix: &str, text: &str) -> String {
    let mut out = prefix.to_owned();
    for c in text.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fall_into_pages() {
        assert_eq!([0, 1, 2_000, 2_001, 4_001].map(first_line_of_page), [1, 1, 1, 2_001, 4_001]);
        let text = "x\n".repeat(4_100);
        let page = document_lines(&text, 4_001);
        assert_eq!((page.len(), page[0].number), (100, 4_001));
        assert!(document_lines(&text, u32::MAX).is_empty());
    }

    #[test]
    fn a_minified_document_is_cut_between_characters() {
        let page = document_lines(&"ä".repeat(5_000), 1);
        assert!(page[0].is_cut);
        assert_eq!(page[0].text.chars().count(), LINE_LIMIT);
    }

    #[test]
    fn anchors_are_plain() {
        assert_eq!(anchor("tag-", "Refunds & more!"), "tag-refunds-more");
        assert_eq!(anchor("tag-", "\"><script>"), "tag-script");
    }
}
