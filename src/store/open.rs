//! From a database URL to pools whose schema is up to date.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{Pools, Store, StoreError, Stored};

static SQLITE: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// How long a statement waits for SQLite's one write lock.
const BUSY_FOR: Duration = Duration::from_secs(5);
/// How long a caller waits for a free connection.
const ACQUIRE_FOR: Duration = Duration::from_secs(10);

/// Whether an opened database may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Make it if it is absent, migrate it, and hold it against a second server.
    Serve,
    /// Look at what is there beside a running server; migrate nothing.
    Inspect,
}

/// The file of a `sqlite:` URL.
#[must_use]
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    (!rest.is_empty() && !rest.starts_with(":memory:")).then(|| PathBuf::from(rest))
}

impl Store {
    /// Opens `sqlite:FILE` or `postgres://…`, and with [`Access::Serve`] brings its schema up to date.
    ///
    /// # Errors
    /// When the URL names no database, it cannot be reached, another server holds the SQLite file,
    /// or a migration fails.
    pub async fn open(url: &str, access: Access) -> Stored<Self> {
        if let Some(file) = sqlite_file(url) {
            open_sqlite(&file, access).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            open_postgres(url, access).await
        } else {
            Err(StoreError::BadUrl { url: without_password(url) })
        }
    }
}

/// The URL as it may be shown: whatever stands between the user name and the host is left out.
fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 <= at => {
            let user = url[scheme + 3..at].split(':').next().unwrap_or_default();
            format!("{}{user}:…{}", &url[..scheme + 3], &url[at..])
        }
        _ => url.to_owned(),
    }
}

async fn open_sqlite(file: &Path, access: Access) -> Stored<Store> {
    let lock = lock_file(file, access).await?;
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(access == Access::Serve)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_FOR)
        .foreign_keys(true)
        .pragma("trusted_schema", "OFF");
    let pool = || SqlitePoolOptions::new().acquire_timeout(ACQUIRE_FOR);
    let writer = pool().max_connections(1).connect_with(options.clone()).await?;
    if access == Access::Serve {
        private(file)?;
        SQLITE.run(&writer).await?;
    }
    let readers = pool().max_connections(8).connect_with(options.read_only(true)).await?;
    Ok(Store(Pools::Sqlite { readers, writer, _lock: Arc::new(lock) }))
}

/// Held for the life of a server: sqlx's own migration lock does nothing on SQLite, and a second
/// server would answer from a snapshot of its own.
async fn lock_file(file: &Path, access: Access) -> Stored<File> {
    let beside = PathBuf::from(format!("{}.lock", file.display()));
    let failed = |error| StoreError::File { file: beside.display().to_string(), error };
    if access == Access::Inspect {
        return File::open(file)
            .map_err(|error| StoreError::File { file: file.display().to_string(), error });
    }
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&beside).map_err(failed)?;
    let locked = tokio::task::spawn_blocking(move || lock.try_lock().map(|()| lock)).await;
    match locked {
        Ok(Ok(lock)) => Ok(lock),
        Ok(Err(std::fs::TryLockError::WouldBlock)) => {
            Err(StoreError::InUse { file: file.display().to_string() })
        }
        Ok(Err(std::fs::TryLockError::Error(error))) => Err(failed(error)),
        Err(join) => Err(failed(std::io::Error::other(join))),
    }
}

/// The database holds hashes and audit details: nobody but its owner reads it.
#[cfg(unix)]
fn private(file: &Path) -> Stored<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))
        .map_err(|error| StoreError::File { file: file.display().to_string(), error })
}

#[cfg(not(unix))]
fn private(_file: &Path) -> Stored<()> {
    Ok(())
}

async fn open_postgres(url: &str, access: Access) -> Stored<Store> {
    let options =
        PgConnectOptions::from_str(url).map_err(|_| StoreError::BadUrl { url: without_password(url) })?;
    let pool =
        PgPoolOptions::new().max_connections(16).acquire_timeout(ACQUIRE_FOR).connect_with(options).await?;
    if access == Access::Serve {
        POSTGRES.run(&pool).await?;
    }
    Ok(Store(Pools::Postgres(pool)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(without_password("mysql://me:s3cret@host/db"), "mysql://me:…@host/db");
        assert_eq!(without_password("sundial.db"), "sundial.db");
    }

    #[test]
    fn sqlite_urls_name_their_file() {
        assert_eq!(sqlite_file("sqlite:a.db"), Some(PathBuf::from("a.db")));
        assert_eq!(sqlite_file("sqlite:///tmp/a.db"), Some(PathBuf::from("/tmp/a.db")));
        assert_eq!(sqlite_file("sqlite::memory:"), None);
        assert_eq!(sqlite_file("postgres://h/db"), None);
    }
}
