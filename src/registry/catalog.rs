//! Reading: lists, search, one API, one version, its document, and how two differ.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::recent::Sha256;
use super::routing::{self, scheme_of};
use super::{Refusal, Registry};
use crate::clock::Timestamp;
use crate::diff::{self, Diff};
use crate::enforcement::Route;
use crate::lifecycle::{self, Schedule, Stage};
use crate::lint::{self, Lint};
use crate::scheme::Label;
use crate::spec::{self, Document};
use crate::store::{ApiFilter, ApiRow, DocumentRow, LineRow, NamespaceRow, RouteRow, Session, VersionRow};

/// A part of a list, and where the next part starts.
#[derive(Clone, Debug, Serialize)]
pub struct Page<T> {
    /// The part.
    pub items: Vec<T>,
    /// Cursor of the next part.
    pub next: Option<String>,
}

/// Which APIs to list.
#[derive(Clone, Debug, Default)]
pub struct ApiQuery {
    /// Part of the name or title.
    pub text: String,
    /// Only this namespace.
    pub namespace: Option<String>,
    /// Only APIs with a line in this stage.
    pub stage: Option<Stage>,
    /// Cursor of an earlier answer.
    pub after: Option<String>,
    /// At most so many.
    pub limit: usize,
}

/// A line: what `lifecycle show` prints.
#[derive(Clone, Debug, Serialize)]
pub struct LineView {
    /// Name of the line.
    pub line: String,
    /// The stricter of its own stage and that of its current version.
    pub stage: Stage,
    /// Label of the version that its callers get.
    pub current: Option<String>,
    /// From when on it is deprecated.
    pub deprecated_at: Option<Timestamp>,
    /// From when on it is retired.
    pub sunset_at: Option<Timestamp>,
    /// The line to use instead.
    pub successor: Option<String>,
    /// Pages by link relation.
    pub links: BTreeMap<String, String>,
    /// Why; of a blocked line the reason of the block.
    pub reason: Option<String>,
    /// Where its calls arrive.
    pub routes: Vec<Route>,
    /// Its own stage, whatever that of its current version.
    #[serde(skip)]
    pub own_stage: Stage,
    /// Since when it is blocked.
    #[serde(skip)]
    pub blocked_at: Option<Timestamp>,
    /// Counts its changes; the base of its entity tag.
    #[serde(skip)]
    pub revision: i64,
}

/// A version without its document.
#[derive(Clone, Debug, Serialize)]
pub struct VersionView {
    /// `namespace/name` of its API.
    pub api: String,
    /// Label as published.
    pub label: String,
    /// Line it belongs to.
    pub line: String,
    /// Its own stage; that of its line may be stricter.
    pub stage: Stage,
    /// Title in the document.
    pub title: String,
    /// OpenAPI version as written.
    pub format: String,
    /// `json` or `yaml`.
    pub syntax: String,
    /// Size of the document in bytes.
    pub size_bytes: i64,
    /// SHA-256 of the exact bytes, in hex.
    pub sha256: String,
    /// Operations it describes.
    pub operations: usize,
    /// Named schemas it describes.
    pub schemas: usize,
    /// When it was published.
    pub published_at: Timestamp,
    /// Label that it was compared with.
    pub predecessor: Option<String>,
    /// Verdict, bump, due and summary of that comparison.
    pub diff: Option<Value>,
    /// Counts of findings by severity.
    pub findings: Value,
    /// Its own schedule.
    pub schedule: Schedule,
    /// Counts its changes; the base of its entity tag.
    #[serde(skip)]
    pub revision: i64,
    #[serde(skip)]
    digest: Sha256,
    #[serde(skip)]
    paths: Vec<(String, String)>,
}

impl VersionView {
    /// Whether it describes this operation, by method and path template as written.
    #[must_use]
    pub fn describes(&self, method: &str, path: &str) -> bool {
        self.paths.iter().any(|(own_method, own_path)| own_method == method && own_path == path)
    }
}

/// An API in a list.
#[derive(Clone, Debug, Serialize)]
pub struct ApiSummary {
    /// `namespace/name`.
    pub api: String,
    /// Namespace it belongs to.
    pub namespace: String,
    /// Name within the namespace.
    pub name: String,
    /// Title of its newest document.
    pub title: String,
    /// How its labels order.
    pub scheme: String,
    /// `public` or `internal`.
    pub visibility: String,
    /// `own` or `third-party`.
    pub origin: String,
    /// Policy preset of its namespace.
    pub policy: String,
    /// Its lines, newest first.
    pub lines: Vec<LineView>,
    /// The highest release, or draft where there is none.
    pub newest: Option<NewestVersion>,
}

/// The version that an API shows of itself.
#[derive(Clone, Debug, Serialize)]
pub struct NewestVersion {
    /// Its label.
    pub label: String,
    /// When it was published.
    pub published_at: Timestamp,
    /// Counts of findings by severity.
    pub findings: Value,
}

/// An API with all of it.
#[derive(Clone, Debug, Serialize)]
pub struct ApiDetail {
    /// What a list shows of it.
    #[serde(flatten)]
    pub summary: ApiSummary,
    /// Its versions, highest first.
    pub versions: Vec<VersionView>,
    /// Counts every change to it; the base of its entity tag.
    #[serde(skip)]
    pub revision: i64,
}

/// A sunset that comes, or came lately.
#[derive(Clone, Debug)]
pub struct SunsetNotice {
    /// `namespace/name`.
    pub api: String,
    /// The line.
    pub line: LineView,
    /// When.
    pub sunset_at: Timestamp,
}

/// What the first page shows beside the list.
#[derive(Clone, Debug)]
pub struct Home {
    /// All namespaces.
    pub namespaces: Vec<NamespaceRow>,
    /// What ends next.
    pub sunsets: Vec<SunsetNotice>,
    /// What was published last.
    pub recent: Vec<VersionView>,
}

/// How the calls of a line were answered.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UsageSummary {
    /// Name of the line.
    pub line: String,
    /// Calls by answer.
    pub answers: BTreeMap<String, i64>,
}

/// Most entries of a list.
const LIMIT: usize = 200;
/// Days of counters that a page sums up.
const USAGE_DAYS: i64 = 30;

impl Registry {
    /// APIs that fit a query, in the order of their names.
    ///
    /// # Errors
    /// When the store fails or the cursor is none.
    pub async fn apis(&self, query: &ApiQuery) -> Result<Page<ApiSummary>, Refusal> {
        let limit = query.limit.clamp(1, LIMIT);
        let after = match &query.after {
            None => None,
            Some(cursor) => {
                let parts = cursor.split_once('/').map(|(ns, name)| (ns.to_owned(), name.to_owned()));
                Some(parts.ok_or_else(|| Refusal::Invalid(format!("`{cursor}` is no cursor of this list")))?)
            }
        };
        let mut filter = ApiFilter {
            text: query.text.clone(),
            namespace: query.namespace.clone(),
            after,
            limit: i64::try_from(limit).unwrap_or(i64::MAX) + 1,
        };
        let mut session = self.store.read().await?;
        let mut items: Vec<ApiSummary> = Vec::new();
        // A stage is computed, not stored, so the list is read on until it is full.
        loop {
            let rows = session.apis(&filter).await?;
            let full = rows.len() as i64 == filter.limit;
            for row in &rows {
                let summary = self.summary(&mut session, row).await?.summary;
                let wanted =
                    query.stage.is_none_or(|stage| summary.lines.iter().any(|line| line.stage == stage));
                if wanted {
                    items.push(summary);
                }
                if items.len() > limit {
                    break;
                }
            }
            match rows.last() {
                Some(last) if full && items.len() <= limit => {
                    filter.after = Some((last.namespace.clone(), last.name.clone()));
                }
                _ => break,
            }
        }
        let next = if items.len() > limit {
            items.truncate(limit);
            items.last().map(|item| item.api.clone())
        } else {
            None
        };
        Ok(Page { items, next })
    }

    /// One API with its lines and versions.
    ///
    /// # Errors
    /// When there is none of that name.
    pub async fn api(&self, namespace: &str, api: &str) -> Result<ApiDetail, Refusal> {
        let mut session = self.store.read().await?;
        let row = self.load(&mut session, namespace, api).await?;
        self.summary(&mut session, &row).await
    }

    /// One line of an API.
    ///
    /// # Errors
    /// When there is none of that name.
    pub async fn line(&self, namespace: &str, api: &str, line: &str) -> Result<LineView, Refusal> {
        let detail = self.api(namespace, api).await?;
        let names = detail.summary.lines.iter().map(|line| line.line.clone()).collect::<Vec<_>>();
        let found = detail.summary.lines.into_iter().find(|view| view.line == line);
        found.ok_or_else(|| Refusal::NotFound { what: "line", name: line.to_owned(), near: names })
    }

    /// One version of an API.
    ///
    /// # Errors
    /// When there is none of that label.
    pub async fn version(&self, namespace: &str, api: &str, label: &str) -> Result<VersionView, Refusal> {
        let detail = self.api(namespace, api).await?;
        let labels = detail.versions.iter().map(|version| version.label.clone()).take(5).collect::<Vec<_>>();
        let found = detail.versions.into_iter().find(|version| version.label == label);
        found.ok_or_else(|| Refusal::NotFound { what: "version", name: label.to_owned(), near: labels })
    }

    /// The exact bytes of a version's document.
    ///
    /// # Errors
    /// When there is no such version.
    pub async fn document(&self, version: &VersionView) -> Result<DocumentRow, Refusal> {
        let row = self.store.read().await?.document(&version.digest).await?;
        row.ok_or_else(|| Refusal::NotFound {
            what: "document",
            name: version.sha256.clone(),
            near: Vec::new(),
        })
    }

    /// A version's document, read.
    ///
    /// # Errors
    /// When there is no such version, or the bounds were lowered below what it needs.
    pub async fn reading(&self, version: &VersionView) -> Result<Arc<Document>, Refusal> {
        self.read_document(&version.digest).await
    }

    /// How version `to` differs from version `from`.
    ///
    /// # Errors
    /// When one of them is not there.
    pub async fn compare(&self, from: &VersionView, to: &VersionView) -> Result<Arc<Diff>, Refusal> {
        let key = (from.digest, to.digest, from.label.clone(), to.label.clone());
        if let Some(diff) = self.diffs.get(&key) {
            return Ok(diff);
        }
        let (namespace, api) = to.api.split_once('/').unwrap_or_default();
        let mut session = self.store.read().await?;
        let scheme = scheme_of(&self.load(&mut session, namespace, api).await?)?;
        let stored = session.diff(&from.digest, &to.digest).await?;
        drop(session);
        let (old, new) = (Label::parse(scheme, &from.label)?, Label::parse(scheme, &to.label)?);
        let mut diff = match stored.and_then(|body| serde_json::from_slice(&body).ok()) {
            Some(diff) => diff,
            None => self.computed(from, to, old.clone()).await?,
        };
        // What was kept with the bytes was held to the labels that they had then.
        diff.hold_to(&old, &new, from.line != to.line);
        let diff = Arc::new(diff);
        self.diffs.put(key, diff.changes.len() + 1, diff.clone());
        Ok(diff)
    }

    async fn computed(&self, from: &VersionView, to: &VersionView, label: Label) -> Result<Diff, Refusal> {
        let (old, new) = (self.reading(from).await?, self.reading(to).await?);
        let options = diff::Options { old_label: Some(label), ..diff::Options::at(to.published_at) };
        Ok(tokio::task::spawn_blocking(move || diff::compare(&old, &new, &options)).await?)
    }

    /// What lint finds in a version's document.
    ///
    /// # Errors
    /// When there is no such version.
    pub async fn findings(&self, version: &VersionView) -> Result<Lint, Refusal> {
        let document = self.reading(version).await?;
        Ok(tokio::task::spawn_blocking(move || lint::lint(&document)).await?)
    }

    /// How the calls of an API's lines were answered over the last 30 days.
    ///
    /// # Errors
    /// When there is no such API.
    pub async fn answers(&self, namespace: &str, api: &str) -> Result<Vec<UsageSummary>, Refusal> {
        let mut session = self.store.read().await?;
        let row = self.load(&mut session, namespace, api).await?;
        let since = self.clock.now().unix_seconds().div_euclid(86_400) - USAGE_DAYS;
        let mut lines: Vec<UsageSummary> = Vec::new();
        for usage in session.usage(row.id, since).await? {
            if lines.last().is_none_or(|last| last.line != usage.line) {
                lines.push(UsageSummary { line: usage.line, answers: BTreeMap::new() });
            }
            if let Some(last) = lines.last_mut() {
                *last.answers.entry(usage.answer).or_default() += usage.calls;
            }
        }
        Ok(lines)
    }

    /// What the first page shows beside the list of APIs.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn home(&self, recent: i64) -> Result<Home, Refusal> {
        let now = self.clock.now();
        let mut session = self.store.read().await?;
        let namespaces = session.namespaces().await?;
        let recent = session.recent_versions(recent).await?;
        let recent =
            recent.iter().map(|(ns, api, version)| view(&format!("{ns}/{api}"), version, now)).collect();
        let mut sunsets = Vec::new();
        for row in session.apis(&ApiFilter { limit: i64::MAX, ..ApiFilter::default() }).await? {
            let summary = self.summary(&mut session, &row).await?.summary;
            sunsets.extend(summary.lines.into_iter().filter_map(|line| {
                let sunset_at = line.sunset_at.filter(|at| *at > now)?;
                Some(SunsetNotice { api: summary.api.clone(), line, sunset_at })
            }));
        }
        sunsets.sort_by_key(|notice| notice.sunset_at);
        Ok(Home { namespaces, sunsets, recent })
    }

    /// Reads a stored document, or takes it from among those read lately.
    pub(super) async fn read_document(&self, sha256: &Sha256) -> Result<Arc<Document>, Refusal> {
        if let Some(document) = self.documents.get(sha256) {
            return Ok(document);
        }
        let row = self.store.read().await?.document(sha256).await?;
        let row = row.ok_or_else(|| Refusal::NotFound {
            what: "document",
            name: hex::encode(sha256),
            near: Vec::new(),
        })?;
        let limits = self.settings.limits.clone();
        let document = tokio::task::spawn_blocking(move || spec::load(&row.bytes, &limits)).await??;
        let document = Arc::new(document);
        self.documents.put(*sha256, document.bytes().len(), document.clone());
        Ok(document)
    }

    /// The refusal for an API that is not there, with names that come near.
    pub(super) async fn no_api(
        &self,
        session: &mut Session,
        namespace: &str,
        api: &str,
    ) -> Result<Refusal, Refusal> {
        let everything = ApiFilter { limit: LIMIT as i64, ..ApiFilter::default() };
        let mut near: Vec<String> = session
            .apis(&everything)
            .await?
            .iter()
            .filter(|row| row.name == api || row.namespace == namespace)
            .map(ApiRow::full_name)
            .collect();
        near.truncate(5);
        Ok(Refusal::NotFound { what: "API", name: format!("{namespace}/{api}"), near })
    }

    async fn summary(&self, session: &mut Session, row: &ApiRow) -> Result<ApiDetail, Refusal> {
        let now = self.clock.now();
        let scheme = scheme_of(row)?;
        let name = row.full_name();
        let mut versions = session.versions(row.id).await?;
        // Labels that the scheme cannot read cannot be stored, so all of them order.
        versions.sort_by_cached_key(|version| std::cmp::Reverse(Label::parse(scheme, &version.label).ok()));
        let mut rows = session.lines(row.id).await?;
        let rank = |line: &LineRow| versions.iter().position(|version| version.line == line.name);
        rows.sort_by_key(rank);
        let routes = session.routes(row.id).await?;
        let lines = rows
            .iter()
            .map(|line| {
                let releases = routing::releases(scheme, &versions, &line.name);
                line_view(line, routing::current(&releases, now), &routes, now)
            })
            .collect();
        let newest = versions.iter().find(|version| !version.draft).or(versions.first());
        let summary = ApiSummary {
            api: name.clone(),
            namespace: row.namespace.clone(),
            name: row.name.clone(),
            title: row.title.clone(),
            scheme: row.scheme.clone(),
            visibility: row.visibility.clone(),
            origin: row.origin.clone(),
            policy: row.preset.clone(),
            lines,
            newest: newest.map(|version| NewestVersion {
                label: version.label.clone(),
                published_at: version.published_at,
                findings: version.findings.clone(),
            }),
        };
        let versions = versions.iter().map(|version| view(&name, version, now)).collect();
        Ok(ApiDetail { summary, versions, revision: row.revision })
    }
}

fn line_view(line: &LineRow, current: Option<&VersionRow>, routes: &[RouteRow], now: Timestamp) -> LineView {
    let schedule = &line.schedule;
    let stage = routing::line_stage(schedule, current, now);
    LineView {
        line: line.name.clone(),
        stage,
        current: current.map(|version| version.label.clone()),
        deprecated_at: schedule.deprecated_at,
        sunset_at: schedule.sunset_at,
        successor: schedule.successor.clone(),
        links: schedule.links.clone(),
        reason: schedule
            .blocked
            .as_ref()
            .map(|block| block.reason.clone())
            .or_else(|| schedule.reason.clone()),
        routes: routes
            .iter()
            .filter(|held| held.line == line.id)
            .map(|held| routing::route(&held.key))
            .collect(),
        own_stage: lifecycle::stage(schedule, now),
        blocked_at: schedule.blocked.as_ref().map(|block| block.at),
        revision: line.revision,
    }
}

fn view(api: &str, version: &VersionRow, now: Timestamp) -> VersionView {
    let contract = routing::contract_of(version);
    VersionView {
        api: api.to_owned(),
        label: version.label.clone(),
        line: version.line.clone(),
        stage: if version.draft { Stage::Draft } else { lifecycle::stage(&version.schedule, now) },
        title: version.title.clone(),
        format: version.format.clone(),
        syntax: version.syntax.clone(),
        size_bytes: version.size_bytes,
        sha256: hex::encode(version.sha256),
        operations: contract.operations.len(),
        schemas: contract.schemas,
        published_at: version.published_at,
        predecessor: version.predecessor.clone(),
        diff: version.verdict.clone(),
        findings: version.findings.clone(),
        schedule: version.schedule.clone(),
        revision: version.revision,
        digest: version.sha256,
        paths: contract.operations,
    }
}
