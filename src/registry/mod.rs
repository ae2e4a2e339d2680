//! The use cases of the registry, and the only caller of the store.
//!
//! A use case takes values and an [`Actor`], asks the pure rooms for a judgement, and writes what
//! follows from it in one transaction together with its audit event. It knows nothing of HTTP.

mod admin;
mod audit;
mod catalog;
mod govern;
mod judgement;
mod publish;
mod recent;
mod refusal;
mod rivals;
mod routing;

use std::sync::Arc;

use arc_swap::ArcSwap;

pub use admin::{Bootstrap, Estate, read_estate, token_file, verify_audit};
pub use catalog::{
    ApiDetail, ApiQuery, ApiSummary, Home, LineView, NewestVersion, Page, SunsetNotice, UsageSummary,
    VersionView,
};
pub use govern::{ScheduleChange, Subject};
pub use judgement::{DiffSummary, Judgement, Outcome, PublishAnswer, PublishRequest};
pub use refusal::Refusal;

use crate::access::{Actor, BadToken, Denied, Pepper, Token, TokenKind};
use crate::clock::Clock;
use crate::diff::Diff;
use crate::enforcement::{Snapshot, UnknownCalls};
use crate::spec::{Document, Limits};
use crate::store::{Store, StoreError};
use recent::{Recent, Sha256};

/// Bytes of documents kept in memory; a read document takes about three times its bytes.
const KEPT_BYTES: usize = 64 * 1024 * 1024;
/// Changes of diffs kept in memory.
const KEPT_CHANGES: usize = 20_000;

/// What an operator chooses and the use cases need.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where people reach the catalog, without a final slash.
    pub public_url: String,
    /// Bounds on what is read as a document.
    pub limits: Limits,
    /// Preset that a new namespace starts with.
    pub preset: crate::lifecycle::policy::Preset,
    /// What a call that no route knows gets.
    pub unknown: UnknownCalls,
}

/// The registry: its store, its clock, and what it keeps in memory.
#[derive(Debug)]
pub struct Registry {
    store: Store,
    clock: Clock,
    pepper: Pepper,
    settings: Settings,
    snapshot: ArcSwap<Snapshot>,
    refreshing: tokio::sync::Mutex<()>,
    documents: Recent<Sha256, Document>,
    diffs: Recent<(Sha256, Sha256, String, String), Diff>,
}

/// Who asks, and by which request: what every change is audited under.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who asks.
    pub actor: Actor,
    /// Identifies the request; empty where there is none.
    pub request_id: String,
    /// Network address that asked, a personal detail.
    pub address: Option<String>,
}

impl Caller {
    /// The program itself.
    #[must_use]
    pub const fn system() -> Self {
        Self { actor: Actor::System, request_id: String::new(), address: None }
    }
}

impl Registry {
    /// A registry over an opened store, with the snapshot of what is in it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn open(
        store: Store,
        clock: Clock,
        pepper: Pepper,
        settings: Settings,
    ) -> Result<Arc<Self>, Refusal> {
        let snapshot = ArcSwap::from_pointee(Snapshot::build(0, &settings.public_url, Vec::new()));
        let registry = Self {
            store,
            clock,
            pepper,
            settings,
            snapshot,
            refreshing: tokio::sync::Mutex::new(()),
            documents: Recent::new(KEPT_BYTES),
            diffs: Recent::new(KEPT_CHANGES),
        };
        registry.refresh().await?;
        Ok(Arc::new(registry))
    }

    /// What decisions are read from; holding it blocks nobody.
    #[must_use]
    pub fn snapshot(&self) -> arc_swap::Guard<Arc<Snapshot>> {
        self.snapshot.load()
    }

    /// The registry's clock.
    #[must_use]
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What the operator chose.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether other servers may change the same store.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        self.store.is_shared()
    }

    /// Whose token this is. A wrong one of the right form costs the same work as a right one.
    ///
    /// # Errors
    /// [`Denied::Unauthenticated`] for whatever is no token in force.
    pub async fn authenticate(&self, text: &str) -> Result<Actor, Refusal> {
        let refused = Refusal::Denied(Denied::Unauthenticated);
        let token = match Token::parse(text) {
            Ok(token) => token,
            Err(BadToken) => return Err(refused),
        };
        let row = self.store.read().await?.token(token.id()).await?;
        let stored = row.as_ref().map_or([0; 32], |row| row.secret_hash);
        let matches = self.pepper.matches(&token, &stored);
        match row {
            Some(row) if matches && !row.revoked => Ok(Actor::Token {
                kind: TokenKind::from_letter(&row.kind).ok_or_else(|| {
                    Refusal::Store(StoreError::Corrupt {
                        table: "token",
                        column: "kind",
                        key: row.id.clone(),
                    })
                })?,
                id: row.id,
                pseudonym: row.pseudonym,
                name: row.name,
            }),
            _ => Err(refused),
        }
    }
}
