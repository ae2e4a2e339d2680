//! Fills the pages of one version: its reference, its findings, its document by lines.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::{Path, State};
use serde::Deserialize;

use super::super::super::App;
use super::super::super::extract::Params;
use super::super::super::problem::Problem;
use super::super::browse::Fact;
use super::super::reference::{
    self, Banner, DocumentPage, FindingRow, FindingsPage, Group, Head, LINES_A_PAGE, OPERATIONS_A_PAGE,
    OperationRow, SchemaLink, Scheme, Security, Tab, VersionPage, document_lines, first_line_of_page,
};
use super::super::words::{self, When, count};
use super::super::{Link, Page, Pager, Place, Section};
use super::browse::{links, stage_of};
use super::{Frame, description, number, verdict};
use crate::lifecycle::Stage;
use crate::lint::Severity;
use crate::registry::{ApiDetail, VersionView};
use crate::spec::Document;
use crate::spec::model::{Api, Operation, SchemeKind};
use crate::spec::tree::NodeId;

/// Path of a version: namespace, API, label.
pub(super) type VersionPath = Path<(String, String, String)>;

/// A version with what its pages need.
pub(super) struct Opened {
    pub detail: ApiDetail,
    pub version: VersionView,
    pub document: Arc<Document>,
    pub frame: Frame,
}

impl Opened {
    pub(super) async fn open(app: &App, ns: &str, name: &str, label: &str) -> Result<Self, Problem> {
        let detail = app.registry.api(ns, name).await?;
        // Asked anew for its refusal, which names what is near.
        let version = app.registry.version(ns, name, label).await?;
        let document = app.registry.reading(&version).await?;
        Ok(Self { detail, version, document, frame: Frame::of(app) })
    }

    pub(super) fn api(&self) -> &Api {
        self.document.api()
    }

    /// A string of the document; empty where there is none.
    pub(super) fn text(&self, node: Option<NodeId>) -> &str {
        node.and_then(|node| self.document.tree().text(node)).unwrap_or_default()
    }

    pub(super) fn href(&self) -> String {
        words::version_href(&self.version.api, &self.version.label)
    }

    /// The way back up, from a page below the version.
    pub(super) fn crumbs(&self) -> Vec<Link> {
        vec![
            Link::new("APIs", "/"),
            Link::new(&self.detail.summary.title, words::api_href(&self.version.api)),
            Link::new(&self.version.label, self.href()),
        ]
    }

    /// A place in this document, linked into its view.
    pub(super) fn place(&self, node: NodeId) -> Place {
        let place = self.document.place(node);
        place_link(&self.version, &place.pointer, place.line, None)
    }

    /// The version that the API shows of itself.
    pub(super) fn newest(&self) -> Option<&VersionView> {
        let label = &self.detail.summary.newest.as_ref()?.label;
        self.detail.versions.iter().find(|version| version.label == *label)
    }

    /// The head, with the page `tab` marked; `tail` is what follows the version's address on the same
    /// page of the newest version, empty where that has no such page.
    pub(super) fn head(&self, tab: &str, tail: &str) -> Head {
        let (version, summary) = (&self.version, &self.detail.summary);
        let line = summary.lines.iter().find(|line| line.line == version.line);
        let stage = stage_of(version, line);
        let href = self.href();
        // All that the page behind the tab lists, while tables count what is grave.
        let counts = super::browse::SEVERITIES.iter();
        let findings = counts.map(|severity| version.findings[*severity].as_u64().unwrap_or(0)).sum();
        let tabs = [
            ("Reference", href.clone(), version.operations as u64),
            ("Findings", format!("{href}/findings"), findings),
            ("Document", format!("{href}/document/view"), 0),
        ];
        let newest = summary.newest.as_ref().filter(|newest| newest.label != version.label);
        Head {
            api: Link::new(&summary.title, words::api_href(&version.api)),
            title: version.title.clone(),
            label: version.label.clone(),
            line: Link::new(
                &version.line,
                format!("{}#line-{}", words::api_href(&version.api), version.line),
            ),
            stage: stage.to_string(),
            banner: self.banner(stage),
            newest: newest.map(|newest| {
                Link::new(
                    &newest.label,
                    format!("{}{tail}", words::version_href(&version.api, &newest.label)),
                )
            }),
            tabs: tabs
                .into_iter()
                .map(|(text, href, count)| Tab {
                    is_current: text == tab,
                    text: text.to_owned(),
                    href,
                    count: if count > 0 { words::grouped(count) } else { String::new() },
                })
                .collect(),
        }
    }

    fn banner(&self, stage: Stage) -> Option<Banner> {
        let line = self.detail.summary.lines.iter().find(|line| line.line == self.version.line)?;
        let own = &self.version.schedule;
        let sunset = [own.sunset_at, line.sunset_at].into_iter().flatten().min();
        let headline = match (stage, sunset) {
            (Stage::Active, _) => return None,
            (Stage::Draft, _) => "This is a draft: it may still change, and no gateway knows it.",
            (Stage::Deprecated, Some(_)) => "This version is deprecated. Calls are refused from",
            (Stage::Deprecated, None) => "This version is deprecated. Its end is not yet set.",
            (Stage::Retired, _) => "This version is retired. Calls are refused since",
            (Stage::Blocked, _) => "This version is blocked in an emergency. Calls are refused since",
        };
        let date = match stage {
            Stage::Blocked => line.blocked_at,
            Stage::Draft => None,
            _ => sunset,
        };
        let href = |next: &String| format!("{}#line-{next}", words::api_href(&self.version.api));
        let mut owner_links = line.links.clone();
        owner_links.extend(own.links.clone());
        Some(Banner {
            stage: stage.to_string(),
            headline: headline.to_owned(),
            date: date.map(|at| When::new(at, self.frame.now)),
            reason: own.reason.clone().or_else(|| line.reason.clone()).filter(|_| stage != Stage::Draft),
            successor: own
                .successor
                .as_ref()
                .or(line.successor.as_ref())
                .map(|next| Link::new(next, href(next))),
            links: links(&owner_links),
        })
    }
}

/// A place linked into the view of its document; `side` names the version where there are two.
pub(super) fn place_link(version: &VersionView, pointer: &str, line: usize, side: Option<&str>) -> Place {
    let line = u32::try_from(line).unwrap_or(u32::MAX);
    let side = side.map(|label| format!("{label}, ")).unwrap_or_default();
    Place {
        words: format!("{side}line {}", words::grouped(u64::from(line))),
        href: words::line_href(&version.api, &version.label, line),
        pointer: words::visible(pointer),
    }
}

#[derive(Deserialize)]
pub(super) struct GroupParams {
    /// The one group to show, for documents too large for one page.
    #[serde(default)]
    tag: String,
}

pub(super) async fn version(
    State(app): State<App>,
    Path((ns, name, label)): VersionPath,
    Params(params): Params<GroupParams>,
) -> Result<Page<VersionPage>, Problem> {
    let opened = Opened::open(&app, &ns, &name, &label).await?;
    let (version, api) = (&opened.version, opened.api());
    let crumbs = opened.crumbs()[..2].to_vec();
    let title = format!("{} · {}", version.label, opened.detail.summary.title);
    let mut layout = opened.frame.layout(title, Section::Catalog, crumbs);
    layout.json = Some(format!("/api/v1{}", opened.href()));
    let bytes = format!("/api/v1{}/document", opened.href());
    let other = if version.syntax == "json" { "yaml" } else { "json" };
    Ok(Page::new(VersionPage {
        layout,
        head: opened.head("Reference", ""),
        description: description(&opened.document),
        facts: vec![
            Fact::new("Format", format!("OpenAPI {}, {}", version.format, version.syntax.to_uppercase())),
            Fact::new("Published", When::new(version.published_at, opened.frame.now).words),
            Fact::new(
                "Holds",
                format!(
                    "{}, {}",
                    count(number(version.operations), "operation"),
                    count(number(version.schemas), "named schema")
                ),
            ),
            Fact::new("Size", words::size(u64::try_from(version.size_bytes).unwrap_or(0))),
            Fact::new("SHA-256", &version.sha256).code(),
        ],
        servers: api.servers.iter().map(|server| words::visible(&server.template)).collect(),
        verdict: verdict(version),
        security: security(&opened),
        groups: groups(&opened, &params.tag),
        schemas: api
            .components
            .iter()
            .map(|(name, _)| SchemaLink {
                name: words::visible(name),
                href: words::schema_href(&version.api, &version.label, name),
            })
            .collect(),
        downloads: vec![
            Link::new(format!("exact bytes, {}", version.syntax.to_uppercase()), bytes.clone()),
            Link::new(format!("as {}", other.to_uppercase()), format!("{bytes}?format={other}")),
        ],
    }))
}

/// Operations by their first tag, in the order in which the tags come up.
fn groups(opened: &Opened, only: &str) -> Vec<Group> {
    let api = opened.api();
    let mut order: Vec<&str> = Vec::new();
    let mut by_tag: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in &api.operations {
        let tag = operation.tags.first().map_or("", String::as_str);
        if !by_tag.contains_key(tag) {
            order.push(tag);
        }
        by_tag.entry(tag).or_default().push(operation);
    }
    let is_large = api.operations.len() > OPERATIONS_A_PAGE;
    order
        .into_iter()
        .map(|tag| {
            let operations = by_tag.remove(tag).unwrap_or_default();
            let declared = api.tags.iter().find(|declared| declared.name == tag);
            let description =
                declared.and_then(|declared| declared.description.as_deref()).unwrap_or_default();
            let name = if tag.is_empty() { "Other" } else { tag };
            let anchor = reference::anchor("tag-", name);
            let folded = is_large && name != only;
            Group {
                count: count(number(operations.len()), "operation"),
                href: folded
                    .then(|| format!("{}#{anchor}", words::query_href(&opened.href(), &[("tag", name)]))),
                operations: if folded {
                    Vec::new()
                } else {
                    operations.iter().map(|op| row(opened, op)).collect()
                },
                description: words::paragraphs(description).into_iter().next().unwrap_or_default(),
                name: words::visible(name),
                anchor,
            }
        })
        .collect()
}

fn row(opened: &Opened, operation: &Operation) -> OperationRow {
    let version = &opened.version;
    OperationRow {
        method: operation.method.clone(),
        path: words::visible(&operation.path),
        href: words::operation_href(&version.api, &version.label, &operation.method, &operation.path),
        summary: words::visible(opened.text(operation.summary)),
        is_deprecated: operation.deprecated,
        is_open: operation.security.is_open(),
    }
}

/// Open operations named in the summary of a version's security.
const OPEN_SHOWN: usize = 8;

fn security(opened: &Opened) -> Security {
    let (version, api) = (&opened.version, opened.api());
    let open: Vec<&Operation> = api.operations.iter().filter(|op| op.security.is_open()).collect();
    let (total, open_count) = (number(api.operations.len()), number(open.len()));
    let summary = match (total, open_count) {
        (0, _) => String::new(),
        (_, 0) => format!("{} ask for credentials.", all(total)),
        (_, open) if open == total => format!("{} are open: anyone may call.", all(total)),
        (_, open) => format!(
            "{} of {} operations ask for credentials; {open} {} open.",
            total - open,
            total,
            if open == 1 { "is" } else { "are" }
        ),
    };
    let mut asked: BTreeMap<String, u64> = BTreeMap::new();
    for operation in api.operations.iter().filter(|op| !op.security.is_open()) {
        let ways: BTreeSet<String> = operation
            .security
            .alternatives
            .iter()
            .flat_map(|way| way.requirements.iter())
            .map(|need| {
                let scheme = api.security_scheme(&need.scheme);
                let what = scheme.map_or_else(
                    || format!("the undefined scheme {}", need.scheme),
                    |s| scheme_words(&s.kind),
                );
                if need.scopes.is_empty() {
                    what
                } else {
                    format!("{what} with scope {}", need.scopes.join(", "))
                }
            })
            .collect();
        for way in ways {
            *asked.entry(way).or_default() += 1;
        }
    }
    let mut sentences: Vec<(u64, String)> = asked
        .into_iter()
        .map(|(way, number)| {
            let verb = if number == 1 { "takes" } else { "take" };
            (number, format!("{} {verb} {}.", count(number, "operation"), words::visible(&way)))
        })
        .collect();
    sentences.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let more = open.len().saturating_sub(OPEN_SHOWN);
    let open_link = |op: &&Operation| {
        Link::new(
            words::visible(&format!("{} {}", op.method, op.path)),
            words::operation_href(&version.api, &version.label, &op.method, &op.path),
        )
    };
    Security {
        summary,
        has_open: !open.is_empty(),
        sentences: sentences.into_iter().map(|(_, sentence)| sentence).take(20).collect(),
        open: open.iter().take(OPEN_SHOWN).map(open_link).collect(),
        open_more: (more > 0).then(|| format!("and {more} more")),
        schemes: api
            .security_schemes
            .iter()
            .map(|scheme| Scheme {
                name: words::visible(&scheme.name),
                words: scheme_words(&scheme.kind),
                caution: caution(&scheme.kind),
                scopes: scopes(&scheme.kind),
            })
            .collect(),
    }
}

fn all(total: u64) -> String {
    if total == 1 { "The one operation".to_owned() } else { format!("All {total} operations") }
}

/// A security scheme in words.
pub(super) fn scheme_words(kind: &SchemeKind) -> String {
    match kind {
        SchemeKind::ApiKey { location, name } => format!("an API key in {location} {}", words::visible(name)),
        SchemeKind::Http { scheme, .. } if scheme == "basic" => "HTTP basic".to_owned(),
        SchemeKind::Http { scheme, .. } => format!("an HTTP {} token", words::visible(scheme)),
        SchemeKind::OAuth2 { .. } => "OAuth 2.0".to_owned(),
        SchemeKind::OpenIdConnect { .. } => "OpenID Connect".to_owned(),
        SchemeKind::MutualTls => "a client certificate".to_owned(),
        SchemeKind::Unknown(kind) => format!("`{}`, which no version of OpenAPI knows", words::visible(kind)),
    }
}

/// What is weak about a scheme.
fn caution(kind: &SchemeKind) -> Option<String> {
    use crate::spec::model::{FlowKind, Location};
    match kind {
        SchemeKind::ApiKey { location: Location::Query, .. } => {
            Some("the key travels in the address, and so into logs and histories".to_owned())
        }
        SchemeKind::Http { scheme, .. } if scheme == "basic" => {
            Some("the password travels with every call".to_owned())
        }
        SchemeKind::OAuth2 { flows } => {
            let weak: Vec<&str> = flows
                .iter()
                .filter(|flow| matches!(flow.kind, FlowKind::Implicit | FlowKind::Password))
                .map(|flow| flow.kind.name())
                .collect();
            (!weak.is_empty())
                .then(|| format!("offers the {} flow, which RFC 9700 rules out", weak.join(" and ")))
        }
        _ => None,
    }
}

fn scopes(kind: &SchemeKind) -> Vec<(String, String)> {
    let SchemeKind::OAuth2 { flows } = kind else { return Vec::new() };
    let scopes: BTreeMap<&String, &String> =
        flows.iter().flat_map(|flow| flow.scopes.iter().map(|(name, meaning)| (name, meaning))).collect();
    scopes.into_iter().map(|(name, meaning)| (words::visible(name), words::visible(meaning))).collect()
}

#[derive(Deserialize)]
pub(super) struct FromParams {
    #[serde(default)]
    from: usize,
}

/// Findings on one page.
const FINDINGS_A_PAGE: usize = 100;
/// Places and operations shown with one finding.
const SHOWN: usize = 5;

pub(super) async fn findings(
    State(app): State<App>,
    Path((ns, name, label)): VersionPath,
    Params(params): Params<FromParams>,
) -> Result<Page<FindingsPage>, Problem> {
    let opened = Opened::open(&app, &ns, &name, &label).await?;
    let lint = app.registry.findings(&opened.version).await?;
    let version = &opened.version;
    let href = format!("{}/findings", opened.href());
    let rows: Vec<FindingRow> = lint
        .findings
        .iter()
        .skip(params.from)
        .take(FINDINGS_A_PAGE)
        .map(|finding| {
            let more = finding.places.len().saturating_sub(SHOWN);
            FindingRow {
                anchor: anchor_of(&finding.fingerprint),
                rule: Link::new(finding.rule.as_ref(), words::rule_href(&finding.rule)),
                severity: finding.severity.to_string(),
                message: words::visible(&finding.message),
                owasp: finding.owasp.as_deref().map(str::to_owned),
                cwe: finding.cwe.as_deref().map(str::to_owned),
                places: finding
                    .places
                    .iter()
                    .take(SHOWN)
                    .map(|place| place_link(version, &place.pointer, place.line, None))
                    .collect(),
                places_more: (more > 0).then(|| format!("and {more} more places")),
                operations: finding
                    .operations
                    .iter()
                    // A webhook has no page.
                    .filter(|op| version.describes(&op.method, &op.path))
                    .take(SHOWN)
                    .map(|op| {
                        Link::new(
                            words::visible(&format!("{} {}", op.method, op.path)),
                            words::operation_href(&version.api, &version.label, &op.method, &op.path),
                        )
                    })
                    .collect(),
            }
        })
        .collect();
    let (from, until, total) = (params.from, params.from + rows.len(), lint.findings.len());
    let page_at = |from: usize| words::query_href(&href, &[("from", &from.to_string())]);
    let title = format!("Findings · {} · {}", version.label, opened.detail.summary.title);
    let mut layout = opened.frame.layout(title, Section::Catalog, opened.crumbs());
    layout.json = Some(format!("/api/v1{}/lint", opened.href()));
    Ok(Page::new(FindingsPage {
        layout,
        head: opened.head("Findings", "/findings"),
        counts: Severity::ALL
            .iter()
            .map(|severity| (severity.to_string(), number(lint.summary.of(*severity))))
            .filter(|(_, count)| *count > 0)
            .collect(),
        findings: rows,
        pager: Pager {
            words: if total > FINDINGS_A_PAGE {
                format!("{} to {until} of {total}", from + 1)
            } else {
                String::new()
            },
            previous: (from > 0).then(|| page_at(from.saturating_sub(FINDINGS_A_PAGE))),
            next: (until < total).then(|| page_at(until)),
        },
        lint_command: format!("sundial lint registry:{}@{}", version.api, version.label),
    }))
}

/// An anchor from a fingerprint.
pub(super) fn anchor_of(fingerprint: &str) -> String {
    reference::anchor("c-", fingerprint.rsplit(':').next().unwrap_or(fingerprint))
}

pub(super) async fn document(
    State(app): State<App>,
    Path((ns, name, label)): VersionPath,
    Params(params): Params<FromParams>,
) -> Result<Page<DocumentPage>, Problem> {
    let opened = Opened::open(&app, &ns, &name, &label).await?;
    let version = &opened.version;
    let text = String::from_utf8_lossy(opened.document.bytes());
    let total = u32::try_from(text.lines().count()).unwrap_or(u32::MAX).max(1);
    let from = first_line_of_page(u32::try_from(params.from).unwrap_or(u32::MAX).clamp(1, total));
    let href = format!("{}/document/view", opened.href());
    let page_at = |line: u32| words::query_href(&href, &[("from", &line.to_string())]);
    let starts: Vec<u32> = (0..total.div_ceil(LINES_A_PAGE)).map(|page| page * LINES_A_PAGE + 1).collect();
    let until = (from + LINES_A_PAGE - 1).min(total);
    let bytes = format!("/api/v1{}/document", opened.href());
    let title = format!("Document · {} · {}", version.label, opened.detail.summary.title);
    Ok(Page::new(DocumentPage {
        layout: opened.frame.layout(title, Section::Catalog, opened.crumbs()),
        head: opened.head("Document", "/document/view"),
        lines: document_lines(&text, from),
        pager: Pager {
            words: format!("lines {from} to {until} of {total}"),
            previous: (from > 1).then(|| page_at(from.saturating_sub(LINES_A_PAGE).max(1))),
            next: (until < total).then(|| page_at(until + 1)),
        },
        pages: if starts.len() > 1 {
            starts.iter().map(|start| Link::new(start.to_string(), page_at(*start))).collect()
        } else {
            Vec::new()
        },
        downloads: vec![
            Link::new("exact bytes", bytes.clone()),
            Link::new("as JSON", format!("{bytes}?format=json")),
            Link::new("as YAML", format!("{bytes}?format=yaml")),
        ],
        facts: vec![
            Fact::new("Syntax", version.syntax.to_uppercase()),
            Fact::new("Size", words::size(u64::try_from(version.size_bytes).unwrap_or(0))),
            Fact::new("SHA-256", &version.sha256).code(),
        ],
    }))
}
