//! The store: every SQL statement of Sundial, over SQLite or PostgreSQL.
//!
//! It knows rows and transactions, and no rule of the registry. Each statement is written once and
//! runs on both databases (`on!`), with `$1` placeholders; the tests run every method on both.

mod apis;
mod audit;
mod lines;
mod open;
mod tokens;
mod usage;
mod versions;

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

pub use apis::{ApiFilter, ApiRow, NamespaceRow};
pub use audit::{AuditEvent, AuditFault, AuditRow, AuditVerdict};
pub use lines::{LineRow, RouteKey, RouteRow};
pub use open::{Access, sqlite_file};
pub use tokens::TokenRow;
pub use usage::{UsageRow, UsageSample};
pub use versions::{DocumentRow, NewVersion, VersionRow};

/// Why the store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or did not answer.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// A migration failed, so the schema is not what this program expects.
    #[error("migrating the database: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The URL names no database that Sundial can use.
    #[error("`{url}` is no database URL; use sqlite:FILE or postgres://…")]
    BadUrl {
        /// The URL as given, without its password.
        url: String,
    },
    /// Another server holds the SQLite file.
    #[error("`{file}` is in use by another sundial server")]
    InUse {
        /// The database file.
        file: String,
    },
    /// A file beside the database cannot be used.
    #[error("`{file}`: {error}")]
    File {
        /// The file.
        file: String,
        /// What the operating system says.
        error: std::io::Error,
    },
    /// A row holds what no version of Sundial writes.
    #[error("row `{key}` of table `{table}` is inconsistent in `{column}`")]
    Corrupt {
        /// Table of the row.
        table: &'static str,
        /// Column that cannot be read.
        column: &'static str,
        /// What identifies the row.
        key: String,
    },
}

impl StoreError {
    /// Whether the same call may succeed a moment later: a lock held too long, a pool run dry.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) => true,
            // 5 is SQLITE_BUSY, 517 SQLITE_BUSY_SNAPSHOT; 40001 and 40P01 serialisation and deadlock.
            Self::Database(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| matches!(&*code, "5" | "517" | "40001" | "40P01"))
            }
            _ => false,
        }
    }
}

/// Result of a call to the store.
pub type Stored<T> = Result<T, StoreError>;

/// The pools of one database.
#[derive(Clone, Debug)]
pub struct Store(Pools);

#[derive(Clone, Debug)]
enum Pools {
    Sqlite { readers: SqlitePool, writer: SqlitePool, _lock: std::sync::Arc<std::fs::File> },
    Postgres(PgPool),
}

/// A read session or a write transaction; every query is a method here.
///
/// A write transaction that is dropped without [`Session::commit`] leaves nothing behind.
#[derive(Debug)]
pub struct Session(Inner);

#[derive(Debug)]
enum Inner {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteWrite(Transaction<'static, Sqlite>),
    PostgresRead(PoolConnection<Postgres>),
    PostgresWrite(Transaction<'static, Postgres>),
}

enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// Runs one body on whichever database the session is of.
macro_rules! on {
    ($session:expr, $c:ident => $body:expr) => {
        match $session.conn() {
            $crate::store::Conn::Sqlite($c) => $body,
            $crate::store::Conn::Postgres($c) => $body,
        }
    };
}
use on;

impl Store {
    /// A session that only reads.
    ///
    /// # Errors
    /// When no connection comes free in time.
    pub async fn read(&self) -> Stored<Session> {
        Ok(Session(match &self.0 {
            Pools::Sqlite { readers, .. } => Inner::SqliteRead(readers.acquire().await?),
            Pools::Postgres(pool) => Inner::PostgresRead(pool.acquire().await?),
        }))
    }

    /// A transaction that writes. On SQLite it holds the one write lock from the start, since a
    /// transaction that reads first and then writes fails at once when another has committed.
    ///
    /// # Errors
    /// When no connection, or on SQLite no lock, comes free in time.
    pub async fn write(&self) -> Stored<Session> {
        Ok(Session(match &self.0 {
            Pools::Sqlite { writer, .. } => Inner::SqliteWrite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Inner::PostgresWrite(pool.begin().await?),
        }))
    }

    /// Whether several servers may share this database, so that changes can come from elsewhere.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        matches!(self.0, Pools::Postgres(_))
    }

    /// Closes all connections; what is committed stays.
    pub async fn close(&self) {
        match &self.0 {
            Pools::Sqlite { readers, writer, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

impl Session {
    fn conn(&mut self) -> Conn<'_> {
        match &mut self.0 {
            Inner::SqliteRead(c) => Conn::Sqlite(c),
            Inner::SqliteWrite(t) => Conn::Sqlite(t),
            Inner::PostgresRead(c) => Conn::Postgres(c),
            Inner::PostgresWrite(t) => Conn::Postgres(t),
        }
    }

    /// Makes a write transaction last; a read session just ends.
    ///
    /// # Errors
    /// When the database cannot make it durable; then nothing of it is there.
    pub async fn commit(self) -> Stored<()> {
        match self.0 {
            Inner::SqliteWrite(t) => t.commit().await?,
            Inner::PostgresWrite(t) => t.commit().await?,
            Inner::SqliteRead(_) | Inner::PostgresRead(_) => {}
        }
        Ok(())
    }
}

/// Reads a text column into a domain type, or says which row is inconsistent.
fn parsed<T: std::str::FromStr>(
    text: &str,
    table: &'static str,
    column: &'static str,
    key: &str,
) -> Stored<T> {
    text.parse().map_err(|_| StoreError::Corrupt { table, column, key: key.to_owned() })
}

/// Reads a SHA-256 column, or says which row is inconsistent.
fn digest(bytes: &[u8], table: &'static str, column: &'static str, key: &str) -> Stored<[u8; 32]> {
    bytes.try_into().map_err(|_| StoreError::Corrupt { table, column, key: key.to_owned() })
}
