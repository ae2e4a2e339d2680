//! Lines: their schedules and the routes where their calls arrive.

use std::cmp::Ordering;

use sqlx::FromRow;
use sqlx::types::Json;

use super::{Session, Stored, on};
use crate::lifecycle::Schedule;

/// A line of an API.
#[derive(Clone, Debug)]
pub struct LineRow {
    /// Key of the row.
    pub id: i64,
    /// API it belongs to.
    pub api: i64,
    /// Name, unique within the API.
    pub name: String,
    /// Its dates, successor, links and block.
    pub schedule: Schedule,
    /// Whether its owner named its routes, so that documents no longer do.
    pub routed: bool,
    /// Counts every change to this row; the base of its entity tag.
    pub revision: i64,
}

/// Where calls arrive; an empty selector is the empty text. Keys are equal where all calls that one
/// takes are taken by the other, however they are spelt.
#[derive(Clone, Debug)]
pub struct RouteKey {
    /// One text for all spellings of the route.
    pub canonical: String,
    /// Host in lower case, without port.
    pub host: String,
    /// Base path.
    pub path: String,
    /// `NAME=VALUE` of a header, or nothing.
    pub header: String,
    /// `NAME=VALUE` of a query parameter, or nothing.
    pub query: String,
}

impl PartialEq for RouteKey {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for RouteKey {}

impl PartialOrd for RouteKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RouteKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.canonical.cmp(&other.canonical)
    }
}

/// A route and the line that holds it.
#[derive(Clone, Debug)]
pub struct RouteRow {
    /// The line's row.
    pub line: i64,
    /// Where its calls arrive.
    pub key: RouteKey,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    api_id: i64,
    name: String,
    schedule: Json<Schedule>,
    routed: bool,
    revision: i64,
}

impl From<Row> for LineRow {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            api: row.api_id,
            name: row.name,
            schedule: row.schedule.0,
            routed: row.routed,
            revision: row.revision,
        }
    }
}

#[derive(FromRow)]
struct Held {
    line_id: i64,
    canonical: String,
    host: String,
    path: String,
    header: String,
    query: String,
}

impl From<Held> for RouteRow {
    fn from(row: Held) -> Self {
        let Held { line_id, canonical, host, path, header, query } = row;
        Self { line: line_id, key: RouteKey { canonical, host, path, header, query } }
    }
}

impl Session {
    /// The lines of an API in the order in which they came up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lines(&mut self, api: i64) -> Stored<Vec<LineRow>> {
        const SQL: &str =
            "SELECT id, api_id, name, schedule, routed, revision FROM line WHERE api_id = $1 ORDER BY id";
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(SQL).bind(api).fetch_all(c).await)?;
        Ok(rows.into_iter().map(LineRow::from).collect())
    }

    /// Makes a line unless there is one, and returns it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ensure_line(&mut self, api: i64, name: &str) -> Stored<LineRow> {
        const ADD: &str = "INSERT INTO line (api_id, name, schedule, routed, revision) VALUES ($1, $2, $3, $4, 1) \
             ON CONFLICT (api_id, name) DO NOTHING";
        const SQL: &str =
            "SELECT id, api_id, name, schedule, routed, revision FROM line WHERE api_id = $1 AND name = $2";
        on!(self, c => sqlx::query(ADD).bind(api).bind(name).bind(Json(Schedule::default())).bind(false)
            .execute(c).await.map(drop))?;
        let row: Row = on!(self, c => sqlx::query_as(SQL).bind(api).bind(name).fetch_one(c).await)?;
        Ok(row.into())
    }

    /// Sets the schedule of a line.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_schedule(&mut self, line: i64, schedule: &Schedule) -> Stored<()> {
        const SQL: &str = "UPDATE line SET schedule = $2, revision = revision + 1 WHERE id = $1";
        on!(self, c => sqlx::query(SQL).bind(line).bind(Json(schedule)).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Says whether a line's owner names its routes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_routed(&mut self, line: i64, routed: bool) -> Stored<()> {
        const SQL: &str = "UPDATE line SET routed = $2, revision = revision + 1 WHERE id = $1";
        on!(self, c => sqlx::query(SQL).bind(line).bind(routed).execute(c).await.map(drop))?;
        Ok(())
    }

    /// The routes of one API.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn routes(&mut self, api: i64) -> Stored<Vec<RouteRow>> {
        const SQL: &str = "SELECT r.line_id, r.canonical, r.host, r.path, r.header, r.query FROM route r \
             JOIN line l ON l.id = r.line_id WHERE l.api_id = $1 ORDER BY r.host, r.path, r.header, r.query";
        let rows: Vec<Held> = on!(self, c => sqlx::query_as(SQL).bind(api).fetch_all(c).await)?;
        Ok(rows.into_iter().map(RouteRow::from).collect())
    }

    /// Gives up a route, if the line still holds it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_route(&mut self, route: &RouteRow) -> Stored<()> {
        const SQL: &str = "DELETE FROM route WHERE line_id = $1 AND canonical = $2";
        on!(self, c => sqlx::query(SQL).bind(route.line).bind(&route.key.canonical).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Takes a route for a line unless somebody holds it; returns the holder as `namespace/name`, if
    /// that is another.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_route(&mut self, route: &RouteRow) -> Stored<Option<String>> {
        const ADD: &str = "INSERT INTO route (canonical, host, path, header, query, line_id) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (canonical) DO NOTHING RETURNING line_id";
        const HOLDER: &str = "SELECT n.name || '/' || a.name FROM route r JOIN line l ON l.id = r.line_id \
             JOIN api a ON a.id = l.api_id JOIN namespace n ON n.id = a.namespace_id \
             WHERE r.canonical = $1 AND r.line_id <> $2";
        let key = &route.key;
        let taken: Option<i64> = on!(self, c => sqlx::query_scalar(ADD).bind(&key.canonical).bind(&key.host).bind(&key.path)
            .bind(&key.header).bind(&key.query).bind(route.line).fetch_optional(c).await)?;
        if taken.is_some() {
            return Ok(None);
        }
        Ok(on!(self, c => sqlx::query_scalar(HOLDER).bind(&key.canonical).bind(route.line)
            .fetch_optional(c).await)?)
    }
}
