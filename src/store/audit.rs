//! The audit trail: a chain of rows, each holding the hash of the one before.
//!
//! `hash = SHA-256(0x00 || prev || row)`, where `row` is the canonical JSON (RFC 8785) of all
//! columns but the chain's own. Personal details enter only as a salted SHA-256, so that they can
//! be erased one day without breaking the chain.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::FromRow;

use super::{Session, StoreError, Stored, digest, on};
use crate::clock::Timestamp;

/// Something that happened, as it goes into the trail.
#[derive(Clone, Debug)]
pub struct AuditEvent<'a> {
    /// When.
    pub at: Timestamp,
    /// Who, as a pseudonym.
    pub actor: &'a str,
    /// What: a verb such as `publish`.
    pub action: &'a str,
    /// To what: `namespace/name@label`, `namespace/name line` and the like.
    pub target: &'a str,
    /// The request that asked for it; empty where there was none.
    pub request_id: &'a str,
    /// `done` or why not.
    pub result: &'a str,
    /// What else matters; never a secret, never a person.
    pub details: Value,
    /// What tells of a person, with 16 or more random bytes of salt.
    pub personal: Option<(Value, Vec<u8>)>,
}

/// A row of the trail.
#[derive(Clone, Debug, FromRow)]
pub struct AuditRow {
    /// Place in the chain, from 1, without gaps.
    pub seq: i64,
    /// Microseconds since the Unix epoch.
    pub at: i64,
    /// Who, as a pseudonym.
    pub actor: String,
    /// What.
    pub action: String,
    /// To what.
    pub target: String,
    /// The request that asked for it.
    pub request_id: String,
    /// `done` or why not.
    pub result: String,
    /// Canonical JSON.
    pub details: String,
    /// Canonical JSON, or nothing once erased.
    pub personal: Option<String>,
    salt: Option<Vec<u8>>,
    personal_sha256: Vec<u8>,
    prev: Vec<u8>,
    hash: Vec<u8>,
}

/// What is wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditFault {
    /// The row's own hash does not fit its content.
    Edited,
    /// The row's personal details do not fit the digest that entered the chain.
    PersonalEdited,
    /// A row is missing or out of order before this one.
    Broken,
    /// Rows after this one were cut off.
    Cut,
    /// The row holds what no version of Sundial writes.
    Unreadable,
}

/// The outcome of walking the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditVerdict {
    /// Rows that were read.
    pub rows: i64,
    /// The first bad row by its place, and what is wrong with it.
    pub fault: Option<(i64, AuditFault)>,
}

/// Rows read at a time, so that a long trail is walked in bounded memory.
const BATCH: i64 = 1000;

/// Canonical JSON (RFC 8785): keys in order, no blanks. Our details hold only texts, integers,
/// flags, lists and objects, for which sorting and `serde_json`'s own printing are all of it.
fn canonical(value: &Value) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(map) => {
                // RFC 8785 section 3.2.3 sorts keys by UTF-16 code units.
                let ordered: BTreeMap<Vec<u16>, (&String, Value)> =
                    map.iter().map(|(k, v)| (k.encode_utf16().collect(), (k, sorted(v)))).collect();
                Value::Object(ordered.into_values().map(|(k, v)| (k.clone(), v)).collect())
            }
            Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
            other => other.clone(),
        }
    }
    sorted(value).to_string()
}

fn personal_digest(personal: Option<&str>, salt: &[u8]) -> [u8; 32] {
    personal.map_or([0; 32], |text| Sha256::new().chain_update(salt).chain_update(text).finalize().into())
}

impl AuditRow {
    fn digest(&self) -> [u8; 32] {
        let row = serde_json::json!({
            "seq": self.seq, "at": self.at, "actor": self.actor, "action": self.action,
            "target": self.target, "request_id": self.request_id, "result": self.result,
            "details": self.details, "personal_sha256": hex::encode(&self.personal_sha256),
        });
        Sha256::new()
            .chain_update([0])
            .chain_update(&self.prev)
            .chain_update(canonical(&row))
            .finalize()
            .into()
    }

    /// What is wrong with this row, given the one before.
    fn fault(&self, seq: i64, prev: &[u8; 32]) -> Option<AuditFault> {
        let Ok(stated) = digest(&self.hash, "audit", "hash", "") else { return Some(AuditFault::Unreadable) };
        if self.seq != seq {
            return Some(AuditFault::Broken);
        }
        if self.digest() != stated {
            return Some(AuditFault::Edited);
        }
        if self.prev != prev {
            return Some(AuditFault::Broken);
        }
        if let (Some(personal), Some(salt)) = (&self.personal, &self.salt)
            && personal_digest(Some(personal), salt) != *self.personal_sha256
        {
            return Some(AuditFault::PersonalEdited);
        }
        None
    }
}

impl Session {
    /// Appends an event to the chain, in the transaction of the change that it reports. Returns its
    /// place.
    ///
    /// # Errors
    /// When the database fails; then the change must not be committed either.
    pub async fn append_audit(&mut self, event: &AuditEvent<'_>) -> Stored<i64> {
        const NEXT: &str = "UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash";
        const ADD: &str = "INSERT INTO audit (seq, at, actor, action, target, request_id, result, details, personal, \
             salt, personal_sha256, prev, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        const HEAD: &str = "UPDATE audit_head SET hash = $1 WHERE id = 1";
        let (seq, prev): (i64, Vec<u8>) = on!(self, c => sqlx::query_as(NEXT).fetch_one(c).await)?;
        let personal = event.personal.as_ref().map(|(value, _)| canonical(value));
        let salt = event.personal.as_ref().map(|(_, salt)| salt.clone());
        let mut row = AuditRow {
            seq,
            at: event.at.as_micros(),
            actor: event.actor.to_owned(),
            action: event.action.to_owned(),
            target: event.target.to_owned(),
            request_id: event.request_id.to_owned(),
            result: event.result.to_owned(),
            details: canonical(&event.details),
            personal_sha256: personal_digest(personal.as_deref(), salt.as_deref().unwrap_or_default())
                .to_vec(),
            personal,
            salt,
            prev,
            hash: Vec::new(),
        };
        row.hash = row.digest().to_vec();
        on!(self, c => sqlx::query(ADD).bind(row.seq).bind(row.at).bind(&row.actor).bind(&row.action)
            .bind(&row.target).bind(&row.request_id).bind(&row.result).bind(&row.details).bind(&row.personal)
            .bind(&row.salt).bind(&row.personal_sha256).bind(&row.prev).bind(&row.hash).execute(c).await.map(drop))?;
        on!(self, c => sqlx::query(HEAD).bind(&row.hash).execute(c).await.map(drop))?;
        Ok(seq)
    }

    /// Rows of the trail after a place, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_after(&mut self, seq: i64, limit: i64) -> Stored<Vec<AuditRow>> {
        const SQL: &str = "SELECT seq, at, actor, action, target, request_id, result, details, personal, salt, \
             personal_sha256, prev, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2";
        Ok(on!(self, c => sqlx::query_as(SQL).bind(seq).bind(limit).fetch_all(c).await)?)
    }

    /// Walks the whole chain and names the first row that does not hold.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify_audit(&mut self) -> Stored<AuditVerdict> {
        const HEAD: &str = "SELECT seq, hash FROM audit_head WHERE id = 1";
        let (newest, head): (i64, Vec<u8>) = on!(self, c => sqlx::query_as(HEAD).fetch_one(c).await)?;
        let head = digest(&head, "audit_head", "hash", "1")?;
        let (mut seq, mut prev) = (0, [0; 32]);
        loop {
            let rows = self.audit_after(seq, BATCH).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                if let Some(fault) = row.fault(seq + 1, &prev) {
                    return Ok(AuditVerdict { rows: seq, fault: Some((row.seq, fault)) });
                }
                seq = row.seq;
                prev = row.hash.as_slice().try_into().map_err(|_| StoreError::Corrupt {
                    table: "audit",
                    column: "hash",
                    key: seq.to_string(),
                })?;
            }
        }
        let fault = (seq != newest || prev != head).then_some((seq, AuditFault::Cut));
        Ok(AuditVerdict { rows: seq, fault })
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn canonical_json_sorts_keys_at_every_level() {
        let value = serde_json::json!({"b": [{"z": 1, "a": null}], "a": "\u{e9}", "\u{20ac}": true});
        assert_eq!(canonical(&value), "{\"a\":\"é\",\"b\":[{\"a\":null,\"z\":1}],\"€\":true}");
    }
}
