//! How calls were answered: counters per line, day and answer.

use sqlx::FromRow;

use super::{Session, Stored, on};

/// Calls of one line on one day that got one answer.
#[derive(Clone, Debug, FromRow)]
pub struct UsageRow {
    /// Name of the line.
    pub line: String,
    /// Days since the Unix epoch, UTC.
    pub day: i64,
    /// `allow`, `announce`, `throttle` or `refuse`.
    pub answer: String,
    /// How many.
    pub calls: i64,
}

/// Counts to add.
#[derive(Clone, Debug)]
pub struct UsageSample<'a> {
    /// Namespace of the API.
    pub namespace: &'a str,
    /// Name of the API.
    pub api: &'a str,
    /// Name of the line.
    pub line: &'a str,
    /// Days since the Unix epoch, UTC.
    pub day: i64,
    /// The answer.
    pub answer: &'a str,
    /// How many more.
    pub calls: i64,
}

impl Session {
    /// Adds to the counter of a line; a line that is gone is passed over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_usage(&mut self, sample: &UsageSample<'_>) -> Stored<()> {
        const SQL: &str = "INSERT INTO usage (line_id, day, answer, calls) \
             SELECT l.id, $4, $5, $6 FROM line l JOIN api a ON a.id = l.api_id \
             JOIN namespace n ON n.id = a.namespace_id WHERE n.name = $1 AND a.name = $2 AND l.name = $3 \
             ON CONFLICT (line_id, day, answer) DO UPDATE SET calls = usage.calls + excluded.calls";
        on!(self, c => sqlx::query(SQL).bind(sample.namespace).bind(sample.api).bind(sample.line)
            .bind(sample.day).bind(sample.answer).bind(sample.calls).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Adds to the counter of calls that no route knows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_shadow(&mut self, day: i64, answer: &str, calls: i64) -> Stored<()> {
        const SQL: &str = "INSERT INTO shadow (day, answer, calls) VALUES ($1, $2, $3) \
             ON CONFLICT (day, answer) DO UPDATE SET calls = shadow.calls + excluded.calls";
        on!(self, c => sqlx::query(SQL).bind(day).bind(answer).bind(calls).execute(c).await.map(drop))?;
        Ok(())
    }

    /// The counters of an API from a day on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn usage(&mut self, api: i64, since_day: i64) -> Stored<Vec<UsageRow>> {
        const SQL: &str = "SELECT l.name AS line, u.day, u.answer, u.calls FROM usage u \
             JOIN line l ON l.id = u.line_id WHERE l.api_id = $1 AND u.day >= $2 ORDER BY l.id, u.day, u.answer";
        Ok(on!(self, c => sqlx::query_as(SQL).bind(api).bind(since_day).fetch_all(c).await)?)
    }
}
