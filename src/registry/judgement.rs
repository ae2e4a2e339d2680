//! What a publish asks and what it is told: the words of `publish.rs`, which its callers share.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Timestamp;
use crate::lifecycle::Stage;
use crate::lifecycle::policy::Demand;
use crate::lint::{Counts, Lint};
use crate::report::Compared;
use crate::scheme::Bump;

/// A version to publish.
#[derive(Clone, Debug)]
pub struct PublishRequest {
    /// Namespace of the API.
    pub namespace: String,
    /// Name of the API.
    pub api: String,
    /// Label of the version.
    pub label: String,
    /// The exact bytes of the document.
    pub bytes: Bytes,
    /// Line to put it into, where it is not the one that the label names.
    pub line: Option<String>,
    /// Whether it may still be replaced.
    pub draft: bool,
    /// Whether findings of level error refuse it.
    pub strict: bool,
    /// The instant to publish at, where it is not now: for imports and the demo.
    pub at: Option<Timestamp>,
}

/// What became of a publish.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// A version that was not there before, or a draft released.
    Created,
    /// The same bytes again.
    Same,
    /// A draft took other bytes.
    Replaced,
}

/// The part of a diff that is kept with the version and shown in lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiffSummary {
    /// `breaking`, `compatible` or `identical`.
    pub verdict: String,
    /// Class of the change.
    pub bump: Bump,
    /// What that means in the API's scheme.
    pub due: Option<String>,
    /// Counts by level.
    pub summary: Value,
    /// Where the whole diff is.
    pub href: String,
}

/// The answer to a publish (DESIGN: `PUT …/versions/{label}`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PublishAnswer {
    /// `namespace/name`.
    pub api: String,
    /// Label of the version.
    pub label: String,
    /// Line it belongs to.
    pub line: String,
    /// Stage it is in.
    pub stage: Stage,
    /// SHA-256 of the exact bytes, in hex.
    pub sha256: String,
    /// Where the exact bytes are.
    pub document: String,
    /// Label that it was compared with.
    pub predecessor: Option<String>,
    /// That comparison.
    pub diff: Option<DiffSummary>,
    /// Counts of findings by severity.
    pub findings: Counts,
    /// What the policy demands and whether it holds.
    pub policy: Vec<Demand>,
    /// What the registry itself has to say, such as a route that another API holds.
    pub notices: Vec<Notice>,
    /// What became of it.
    pub outcome: Outcome,
}

/// Something that the registry has to say of a publish that succeeded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Stable id.
    pub rule: String,
    /// The sentence.
    pub message: String,
}

/// All that was found out about a version.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The answer in short.
    pub answer: PublishAnswer,
    /// Findings in the document.
    pub lint: Lint,
    /// Against which versions it was compared, and how it differs; the predecessor first.
    pub diffs: Vec<Compared>,
}
