//! Tokens, as keyed hashes of their secrets.

use sqlx::FromRow;

use super::{Session, StoreError, Stored, digest, on};
use crate::clock::Timestamp;

/// A token without its secret.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// Public part, the key of the row.
    pub id: String,
    /// Kind letter of its form.
    pub kind: String,
    /// What it was made for.
    pub name: String,
    /// What stands for its holder in the audit trail.
    pub pseudonym: String,
    /// HMAC-SHA-256 of the secret under the key file.
    pub secret_hash: [u8; 32],
    /// Whether it was revoked.
    pub revoked: bool,
}

#[derive(FromRow)]
struct Row {
    id: String,
    kind: String,
    name: String,
    pseudonym: String,
    secret_hash: Vec<u8>,
    revoked_at: Option<i64>,
}

impl TryFrom<Row> for TokenRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Stored<Self> {
        Ok(Self {
            secret_hash: digest(&row.secret_hash, "token", "secret_hash", &row.id)?,
            id: row.id,
            kind: row.kind,
            name: row.name,
            pseudonym: row.pseudonym,
            revoked: row.revoked_at.is_some(),
        })
    }
}

impl Session {
    /// The token with this public part.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn token(&mut self, id: &str) -> Stored<Option<TokenRow>> {
        const SQL: &str =
            "SELECT id, kind, name, pseudonym, secret_hash, revoked_at FROM token WHERE id = $1";
        let row: Option<Row> = on!(self, c => sqlx::query_as(SQL).bind(id).fetch_optional(c).await)?;
        row.map(TokenRow::try_from).transpose()
    }

    /// Whether there is a token of a kind that was not revoked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_token(&mut self, kind: &str) -> Stored<bool> {
        const SQL: &str = "SELECT id FROM token WHERE kind = $1 AND revoked_at IS NULL LIMIT 1";
        let id: Option<String> = on!(self, c => sqlx::query_scalar(SQL).bind(kind).fetch_optional(c).await)?;
        Ok(id.is_some())
    }

    /// Keeps a token; `false` if there is one with this public part.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_token(&mut self, token: &TokenRow, now: Timestamp) -> Stored<bool> {
        const SQL: &str = "INSERT INTO token (id, kind, name, pseudonym, secret_hash, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING RETURNING id";
        let id: Option<String> = on!(self, c => sqlx::query_scalar(SQL).bind(&token.id).bind(&token.kind)
            .bind(&token.name).bind(&token.pseudonym).bind(token.secret_hash.as_slice()).bind(now.as_micros())
            .fetch_optional(c).await)?;
        Ok(id.is_some())
    }
}
