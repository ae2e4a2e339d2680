//! Why a use case was turned down. Each variant is one HTTP answer and one exit code.

use crate::access::Denied;
use crate::lifecycle::ScheduleFault;
use crate::lifecycle::policy::Demand;
use crate::registry::Judgement;
use crate::scheme::{BadLabel, BadLineName};
use crate::spec::Problem;
use crate::store::StoreError;

/// Why a use case was turned down.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The document cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Problem),
    /// The label fits no scheme, or not that of the API.
    #[error(transparent)]
    BadLabel(#[from] BadLabel),
    /// The label fits no scheme at all.
    #[error(
        "`{0}` fits no version scheme; labels are like 1.4.0 (semver), 2026-06-20 (date) or v3 (integer)"
    )]
    NoScheme(String),
    /// The line's name is none.
    #[error(transparent)]
    BadLine(#[from] BadLineName),
    /// A name of a namespace or an API is none.
    #[error("`{0}` is no name; use a-z, 0-9 and -, 1 to 63 characters, a letter or digit at both ends")]
    BadName(String),
    /// A value in the request makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// A schedule contradicts itself.
    #[error(transparent)]
    Schedule(#[from] ScheduleFault),
    /// The label is published with other bytes.
    #[error(
        "`{label}` is already published with other bytes (sha256 {published}); publish under a new label"
    )]
    Conflict {
        /// The label.
        label: String,
        /// SHA-256 of what is published, in hex.
        published: String,
    },
    /// The version is published under another spelling of its label, such as `3` for `v3`.
    #[error("`{label}` is already published, as `{published}`; keep to that spelling")]
    Spelling {
        /// The label as asked for.
        label: String,
        /// The label as published.
        published: String,
    },
    /// The namespace's policy says no to a publish.
    #[error("{} of the policy {} not met", demands(&.0.answer.policy), if unmet(&.0.answer.policy) == 1 { "is" } else { "are" })]
    Policy(Box<Judgement>),
    /// `--strict` was asked for and the document has errors.
    #[error("the document has findings of level error, and strict was asked for")]
    Strict(Box<Judgement>),
    /// The namespace's policy says no to a schedule.
    #[error("{} of the policy {} not met", demands(.0), if unmet(.0) == 1 { "is" } else { "are" })]
    Demands(Vec<Demand>),
    /// Another API holds the route.
    #[error("{route} is held by `{holder}`")]
    RouteTaken {
        /// The route in words.
        route: String,
        /// `namespace/name` of the holder.
        holder: String,
    },
    /// There is nothing of that name.
    #[error("there is no {what} `{name}`{}", hint(.near))]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// The name that was asked for.
        name: String,
        /// Names that come near.
        near: Vec<String>,
    },
    /// Somebody changed it meanwhile.
    #[error("it was changed meanwhile; read it again and repeat")]
    Stale,
    /// Who asks may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store failed.
    #[error("the store failed: {0}")]
    Store(#[from] StoreError),
    /// The operating system failed: no randomness, no thread.
    #[error("the system failed: {0}")]
    System(String),
}

fn unmet(policy: &[Demand]) -> usize {
    policy.iter().filter(|demand| !demand.holds).count()
}

fn demands(policy: &[Demand]) -> String {
    match unmet(policy) {
        1 => "1 demand".to_owned(),
        n => format!("{n} demands"),
    }
}

fn hint(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; is it `{}`?", near.join("`, `")) }
}

impl From<getrandom::Error> for Refusal {
    fn from(error: getrandom::Error) -> Self {
        Self::System(error.to_string())
    }
}

impl From<tokio::task::JoinError> for Refusal {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::System(error.to_string())
    }
}
