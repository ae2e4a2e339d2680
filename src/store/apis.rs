//! Namespaces and APIs.

use sqlx::FromRow;

use super::{Session, Stored, on};
use crate::clock::Timestamp;

/// A namespace with what the pages count of it.
#[derive(Clone, Debug)]
pub struct NamespaceRow {
    /// Name, unique in the registry.
    pub name: String,
    /// Name of the policy preset in force.
    pub preset: String,
    /// APIs in it.
    pub apis: i64,
}

/// An API.
#[derive(Clone, Debug, FromRow)]
pub struct ApiRow {
    /// Key of the row.
    pub id: i64,
    /// Namespace it belongs to.
    pub namespace: String,
    /// Name within the namespace.
    pub name: String,
    /// Name of the version scheme.
    pub scheme: String,
    /// Title that the newest document gives it.
    pub title: String,
    /// `public` or `internal`.
    pub visibility: String,
    /// `own` or `third-party`.
    pub origin: String,
    /// Counts every change to the API, its lines and versions; the base of its entity tag.
    pub revision: i64,
    /// Policy preset of its namespace.
    pub preset: String,
}

impl ApiRow {
    /// `namespace/name`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }
}

/// Which APIs to list: all parts must hold.
#[derive(Clone, Debug, Default)]
pub struct ApiFilter {
    /// Part of the name or title, whatever the case.
    pub text: String,
    /// Only this namespace.
    pub namespace: Option<String>,
    /// Only what comes after this `namespace/name`.
    pub after: Option<(String, String)>,
    /// At most so many.
    pub limit: i64,
}

#[derive(FromRow)]
struct NamespaceCount {
    name: String,
    preset: String,
    apis: i64,
}

const API: &str = "SELECT a.id, n.name AS namespace, a.name, a.scheme, a.title, a.visibility, a.origin, a.revision, \
     n.preset FROM api a JOIN namespace n ON n.id = a.namespace_id WHERE n.name = $1 AND a.name = $2";
const LIST: &str = "SELECT a.id, n.name AS namespace, a.name, a.scheme, a.title, a.visibility, a.origin, a.revision, \
     n.preset FROM api a JOIN namespace n ON n.id = a.namespace_id \
     WHERE (lower(n.name || '/' || a.name) LIKE $1 ESCAPE '\\' OR lower(a.title) LIKE $1 ESCAPE '\\') \
     AND ($2 = '' OR n.name = $2) AND (n.name > $3 OR (n.name = $3 AND a.name > $4)) \
     ORDER BY n.name, a.name LIMIT $5";

/// Text as a LIKE pattern that means itself, lower-cased, anywhere.
fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '\\' | '%' | '_') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

impl Session {
    /// All namespaces by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn namespaces(&mut self) -> Stored<Vec<NamespaceRow>> {
        const SQL: &str = "SELECT n.name, n.preset, COUNT(a.id) AS apis FROM namespace n \
             LEFT JOIN api a ON a.namespace_id = n.id GROUP BY n.name, n.preset ORDER BY n.name";
        let rows: Vec<NamespaceCount> = on!(self, c => sqlx::query_as(SQL).fetch_all(c).await)?;
        Ok(rows
            .into_iter()
            .map(|row| NamespaceRow { name: row.name, preset: row.preset, apis: row.apis })
            .collect())
    }

    /// The policy preset of a namespace, if there is one of that name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn preset(&mut self, namespace: &str) -> Stored<Option<String>> {
        const SQL: &str = "SELECT preset FROM namespace WHERE name = $1";
        Ok(on!(self, c => sqlx::query_scalar(SQL).bind(namespace).fetch_optional(c).await)?)
    }

    /// Makes a namespace unless there is one, with the given preset for a new one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ensure_namespace(&mut self, name: &str, preset: &str, now: Timestamp) -> Stored<()> {
        const SQL: &str = "INSERT INTO namespace (name, preset, created_at) VALUES ($1, $2, $3) \
             ON CONFLICT (name) DO NOTHING";
        on!(self, c => sqlx::query(SQL).bind(name).bind(preset).bind(now.as_micros()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Sets the policy preset of a namespace; `false` if there is none of that name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_preset(&mut self, namespace: &str, preset: &str) -> Stored<bool> {
        const SQL: &str = "UPDATE namespace SET preset = $2 WHERE name = $1 RETURNING id";
        let id: Option<i64> =
            on!(self, c => sqlx::query_scalar(SQL).bind(namespace).bind(preset).fetch_optional(c).await)?;
        Ok(id.is_some())
    }

    /// An API by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn api(&mut self, namespace: &str, name: &str) -> Stored<Option<ApiRow>> {
        Ok(on!(self, c => sqlx::query_as(API).bind(namespace).bind(name).fetch_optional(c).await)?)
    }

    /// APIs in the order of their names.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn apis(&mut self, filter: &ApiFilter) -> Stored<Vec<ApiRow>> {
        let pattern = contains(&filter.text);
        let namespace = filter.namespace.as_deref().unwrap_or_default();
        let (after_namespace, after_name) =
            filter.after.as_ref().map_or(("", ""), |(namespace, name)| (namespace.as_str(), name.as_str()));
        Ok(on!(self, c => sqlx::query_as(LIST).bind(pattern).bind(namespace).bind(after_namespace)
            .bind(after_name).bind(filter.limit).fetch_all(c).await)?)
    }

    /// Makes an API unless there is one.
    ///
    /// # Errors
    /// When the database fails, or the namespace is not there.
    pub async fn ensure_api(
        &mut self,
        namespace: &str,
        name: &str,
        scheme: &str,
        title: &str,
        now: Timestamp,
    ) -> Stored<()> {
        const SQL: &str = "INSERT INTO api (namespace_id, name, scheme, title, visibility, origin, revision, created_at) \
             SELECT id, $2, $3, $4, 'public', 'own', 0, $5 FROM namespace WHERE name = $1 \
             ON CONFLICT (namespace_id, name) DO NOTHING";
        on!(self, c => sqlx::query(SQL).bind(namespace).bind(name).bind(scheme).bind(title)
            .bind(now.as_micros()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Counts a change to an API and returns the revision before it. Until the transaction ends no
    /// other one changes that API: the row stays locked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lock_api(&mut self, api: i64) -> Stored<i64> {
        const SQL: &str = "UPDATE api SET revision = revision + 1 WHERE id = $1 RETURNING revision";
        let revision: i64 = on!(self, c => sqlx::query_scalar(SQL).bind(api).fetch_one(c).await)?;
        Ok(revision - 1)
    }

    /// The title of an API follows its newest document.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_title(&mut self, api: i64, title: &str) -> Stored<()> {
        const SQL: &str = "UPDATE api SET title = $2 WHERE id = $1";
        on!(self, c => sqlx::query(SQL).bind(api).bind(title).execute(c).await.map(drop))?;
        Ok(())
    }

    /// The number of the present snapshot.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn snapshot_number(&mut self) -> Stored<i64> {
        const SQL: &str = "SELECT number FROM snapshot WHERE id = 1";
        Ok(on!(self, c => sqlx::query_scalar(SQL).fetch_one(c).await)?)
    }

    /// Counts the snapshot up: what gateways see has changed. It is a row of its own, since ids have
    /// gaps on PostgreSQL.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_snapshot(&mut self) -> Stored<i64> {
        const SQL: &str = "UPDATE snapshot SET number = number + 1 WHERE id = 1 RETURNING number";
        Ok(on!(self, c => sqlx::query_scalar(SQL).fetch_one(c).await)?)
    }

    /// A setting that the registry keeps about itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn setting(&mut self, name: &str) -> Stored<Option<String>> {
        const SQL: &str = "SELECT value FROM setting WHERE name = $1";
        Ok(on!(self, c => sqlx::query_scalar(SQL).bind(name).fetch_optional(c).await)?)
    }

    /// Keeps a setting unless it has a value; returns the value that holds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ensure_setting(&mut self, name: &str, value: &str) -> Stored<String> {
        const SQL: &str = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
        on!(self, c => sqlx::query(SQL).bind(name).bind(value).execute(c).await.map(drop))?;
        Ok(self.setting(name).await?.unwrap_or_else(|| value.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn a_search_means_its_own_text() {
        assert_eq!(contains("50%_A\\"), "%50\\%\\_a\\\\%");
    }
}
