//! Versions, their documents, and the diffs that were computed for them.

use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;

use super::{Session, StoreError, Stored, digest, on};
use crate::clock::Timestamp;
use crate::lifecycle::Schedule;

/// A version as it is stored.
#[derive(Clone, Debug)]
pub struct VersionRow {
    /// Key of the row.
    pub id: i64,
    /// Label as published.
    pub label: String,
    /// Line it belongs to.
    pub line: String,
    /// Whether it is still a draft.
    pub draft: bool,
    /// SHA-256 of the exact bytes.
    pub sha256: [u8; 32],
    /// Size of the document in bytes.
    pub size_bytes: i64,
    /// `json` or `yaml`.
    pub syntax: String,
    /// Title in the document.
    pub title: String,
    /// OpenAPI version as written.
    pub format: String,
    /// When it was published, or last replaced while a draft.
    pub published_at: Timestamp,
    /// Label of the version that it was compared with.
    pub predecessor: Option<String>,
    /// Its own schedule, beside that of its line.
    pub schedule: Schedule,
    /// Verdict, bump, due and summary of the diff against its predecessor.
    pub verdict: Option<Value>,
    /// Counts of findings by severity.
    pub findings: Value,
    /// What the registry needs of the document without reading it: operations, routes, counts.
    pub contract: Value,
    /// Counts every change to this row; the base of its entity tag.
    pub revision: i64,
}

/// A version to store.
#[derive(Clone, Debug)]
pub struct NewVersion<'a> {
    /// API it belongs to.
    pub api: i64,
    /// Line it belongs to.
    pub line: i64,
    /// Label as published.
    pub label: &'a str,
    /// Whether it is a draft.
    pub draft: bool,
    /// SHA-256 of the exact bytes.
    pub sha256: [u8; 32],
    /// Title in the document.
    pub title: &'a str,
    /// OpenAPI version as written.
    pub format: &'a str,
    /// Instant of the publish.
    pub published_at: Timestamp,
    /// Label of the version that it was compared with.
    pub predecessor: Option<&'a str>,
    /// Verdict, bump, due and summary of that comparison.
    pub verdict: Option<Value>,
    /// Counts of findings by severity.
    pub findings: Value,
    /// What the registry needs of the document without reading it.
    pub contract: Value,
}

/// A document as it is stored.
#[derive(Clone, Debug)]
pub struct DocumentRow {
    /// `json` or `yaml`.
    pub syntax: String,
    /// The exact bytes.
    pub bytes: Vec<u8>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    label: String,
    line: String,
    draft: bool,
    sha256: Vec<u8>,
    size_bytes: i64,
    syntax: String,
    title: String,
    format: String,
    published_at: i64,
    predecessor: Option<String>,
    schedule: Json<Schedule>,
    verdict: Option<Json<Value>>,
    findings: Json<Value>,
    contract: Json<Value>,
    revision: i64,
}

impl TryFrom<Row> for VersionRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Stored<Self> {
        Ok(Self {
            sha256: digest(&row.sha256, "version", "sha256", &row.label)?,
            id: row.id,
            label: row.label,
            line: row.line,
            draft: row.draft,
            size_bytes: row.size_bytes,
            syntax: row.syntax,
            title: row.title,
            format: row.format,
            published_at: Timestamp::from_micros(row.published_at),
            predecessor: row.predecessor,
            schedule: row.schedule.0,
            verdict: row.verdict.map(|json| json.0),
            findings: row.findings.0,
            contract: row.contract.0,
            revision: row.revision,
        })
    }
}

#[derive(FromRow)]
struct RecentRow {
    namespace: String,
    api: String,
    #[sqlx(flatten)]
    version: Row,
}

/// zstd level of stored documents: beyond it a publish pays more than the disk gains.
const LEVEL: i32 = 3;
/// What a stored body may unpack to at most; far above the limit of a document.
const UNPACKED_BYTES: u64 = 1 << 30;

fn pack(bytes: &[u8]) -> Stored<Vec<u8>> {
    zstd::encode_all(bytes, LEVEL).map_err(|error| StoreError::File { file: "zstd".to_owned(), error })
}

fn unpack(body: &[u8], table: &'static str, key: &str) -> Stored<Vec<u8>> {
    use std::io::Read;
    let corrupt = || StoreError::Corrupt { table, column: "body", key: key.to_owned() };
    let mut bytes = Vec::new();
    let decoder = zstd::Decoder::new(body).map_err(|_| corrupt())?;
    decoder.take(UNPACKED_BYTES).read_to_end(&mut bytes).map_err(|_| corrupt())?;
    Ok(bytes)
}

impl Session {
    /// Keeps a document under its SHA-256; the same bytes are kept once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_document(&mut self, sha256: &[u8; 32], syntax: &str, bytes: &[u8]) -> Stored<()> {
        const SQL: &str = "INSERT INTO document (sha256, size_bytes, syntax, body) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (sha256) DO NOTHING";
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let body = pack(bytes)?;
        on!(self, c => sqlx::query(SQL).bind(sha256.as_slice()).bind(size).bind(syntax).bind(body)
            .execute(c).await.map(drop))?;
        Ok(())
    }

    /// The document with this SHA-256.
    ///
    /// # Errors
    /// When the database fails or the stored body cannot be unpacked.
    pub async fn document(&mut self, sha256: &[u8; 32]) -> Stored<Option<DocumentRow>> {
        const SQL: &str = "SELECT syntax, body FROM document WHERE sha256 = $1";
        let row: Option<(String, Vec<u8>)> =
            on!(self, c => sqlx::query_as(SQL).bind(sha256.as_slice()).fetch_optional(c).await)?;
        row.map(|(syntax, body)| {
            Ok(DocumentRow { syntax, bytes: unpack(&body, "document", &short(sha256))? })
        })
        .transpose()
    }

    /// A version by label.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn version(&mut self, api: i64, label: &str) -> Stored<Option<VersionRow>> {
        const SQL: &str = "SELECT v.id, v.label, l.name AS line, v.draft, v.sha256, d.size_bytes, d.syntax, v.title, \
             v.format, v.published_at, v.predecessor, v.schedule, v.verdict, v.findings, v.contract, v.revision \
             FROM version v JOIN line l ON l.id = v.line_id JOIN document d ON d.sha256 = v.sha256 \
             WHERE v.api_id = $1 AND v.label = $2";
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(SQL).bind(api).bind(label).fetch_optional(c).await)?;
        row.map(VersionRow::try_from).transpose()
    }

    /// All versions of an API in the order of their publication.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn versions(&mut self, api: i64) -> Stored<Vec<VersionRow>> {
        const SQL: &str = "SELECT v.id, v.label, l.name AS line, v.draft, v.sha256, d.size_bytes, d.syntax, v.title, \
             v.format, v.published_at, v.predecessor, v.schedule, v.verdict, v.findings, v.contract, v.revision \
             FROM version v JOIN line l ON l.id = v.line_id JOIN document d ON d.sha256 = v.sha256 \
             WHERE v.api_id = $1 ORDER BY v.published_at, v.id";
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(SQL).bind(api).fetch_all(c).await)?;
        rows.into_iter().map(VersionRow::try_from).collect()
    }

    /// The versions published last, over all APIs, newest first, with namespace and name of their API.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recent_versions(&mut self, limit: i64) -> Stored<Vec<(String, String, VersionRow)>> {
        const SQL: &str = "SELECT n.name AS namespace, a.name AS api, v.id, v.label, l.name AS line, v.draft, v.sha256, \
             d.size_bytes, d.syntax, v.title, v.format, v.published_at, v.predecessor, v.schedule, v.verdict, \
             v.findings, v.contract, v.revision FROM version v JOIN line l ON l.id = v.line_id \
             JOIN document d ON d.sha256 = v.sha256 JOIN api a ON a.id = v.api_id \
             JOIN namespace n ON n.id = a.namespace_id WHERE NOT v.draft \
             ORDER BY v.published_at DESC, v.id DESC LIMIT $1";
        let rows: Vec<RecentRow> = on!(self, c => sqlx::query_as(SQL).bind(limit).fetch_all(c).await)?;
        rows.into_iter().map(|row| Ok((row.namespace, row.api, VersionRow::try_from(row.version)?))).collect()
    }

    /// Stores a version; `false` if the label is taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_version(&mut self, version: &NewVersion<'_>) -> Stored<bool> {
        const SQL: &str = "INSERT INTO version (api_id, line_id, label, draft, sha256, title, format, published_at, \
             predecessor, schedule, verdict, findings, contract, revision) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1) \
             ON CONFLICT (api_id, label) DO NOTHING RETURNING id";
        let id: Option<i64> = on!(self, c => sqlx::query_scalar(SQL)
            .bind(version.api).bind(version.line).bind(version.label).bind(version.draft)
            .bind(version.sha256.as_slice()).bind(version.title).bind(version.format)
            .bind(version.published_at.as_micros()).bind(version.predecessor)
            .bind(Json(Schedule::default())).bind(version.verdict.as_ref().map(Json))
            .bind(Json(&version.findings)).bind(Json(&version.contract)).fetch_optional(c).await)?;
        Ok(id.is_some())
    }

    /// Replaces a draft by other bytes, or releases it; `false` if there is no draft of that label.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace_draft(&mut self, version: &NewVersion<'_>) -> Stored<bool> {
        const SQL: &str = "UPDATE version SET line_id = $2, draft = $4, sha256 = $5, title = $6, format = $7, \
             published_at = $8, predecessor = $9, verdict = $10, findings = $11, contract = $12, \
             revision = revision + 1 WHERE api_id = $1 AND label = $3 AND draft RETURNING id";
        let id: Option<i64> = on!(self, c => sqlx::query_scalar(SQL)
            .bind(version.api).bind(version.line).bind(version.label).bind(version.draft)
            .bind(version.sha256.as_slice()).bind(version.title).bind(version.format)
            .bind(version.published_at.as_micros()).bind(version.predecessor)
            .bind(version.verdict.as_ref().map(Json)).bind(Json(&version.findings))
            .bind(Json(&version.contract)).fetch_optional(c).await)?;
        Ok(id.is_some())
    }

    /// Sets a version's own schedule.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_version_schedule(&mut self, version: i64, schedule: &Schedule) -> Stored<()> {
        const SQL: &str = "UPDATE version SET schedule = $2, revision = revision + 1 WHERE id = $1";
        on!(self, c => sqlx::query(SQL).bind(version).bind(Json(schedule)).execute(c).await.map(drop))?;
        Ok(())
    }

    /// The stored diff of two documents, as JSON.
    ///
    /// # Errors
    /// When the database fails or the stored body cannot be unpacked.
    pub async fn diff(&mut self, old: &[u8; 32], new: &[u8; 32]) -> Stored<Option<Vec<u8>>> {
        const SQL: &str = "SELECT body FROM diff WHERE old_sha256 = $1 AND new_sha256 = $2";
        let body: Option<Vec<u8>> = on!(self, c => sqlx::query_scalar(SQL)
            .bind(old.as_slice()).bind(new.as_slice()).fetch_optional(c).await)?;
        body.map(|body| unpack(&body, "diff", &short(new))).transpose()
    }

    /// Keeps the diff of two documents; the first one kept stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_diff(&mut self, old: &[u8; 32], new: &[u8; 32], json: &[u8]) -> Stored<()> {
        const SQL: &str = "INSERT INTO diff (old_sha256, new_sha256, body) VALUES ($1, $2, $3) \
             ON CONFLICT (old_sha256, new_sha256) DO NOTHING";
        let body = pack(json)?;
        on!(self, c => sqlx::query(SQL).bind(old.as_slice()).bind(new.as_slice()).bind(body)
            .execute(c).await.map(drop))?;
        Ok(())
    }
}

/// The start of a digest, enough to find the row.
fn short(sha256: &[u8; 32]) -> String {
    hex::encode(&sha256[..8])
}
