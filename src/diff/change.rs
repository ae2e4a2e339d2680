//! What a diff is made of: the values behind the stable JSON.
//!
//! No comparing happens here. Every type reads back what it writes, since the registry keeps
//! diffs and the command line reads them over HTTP. Source: the JSON contract of the design.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lint::Severity;
use crate::scheme::Bump;
use crate::spec::Place;

/// Everything that separates two documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diff {
    /// The older document.
    pub old: Side,
    /// The newer document.
    pub new: Side,
    /// The worst of it in one word.
    pub verdict: Verdict,
    /// How much the label of the newer version must move.
    pub bump: Bump,
    /// What the bump means in the scheme of the API: a label, `new line`, or nothing.
    pub due: Option<String>,
    /// How many changes there are of each kind.
    pub summary: Summary,
    /// The changes: the worst first, then as they stand in the documents.
    pub changes: Vec<Change>,
}

impl Diff {
    /// What a sentence calls the two documents: their versions, where these tell them apart.
    #[must_use]
    pub fn names(&self) -> (&str, &str) {
        if self.old.version == self.new.version {
            ("the older version", "the newer one")
        } else {
            (&self.old.version, &self.new.version)
        }
    }
}

/// What a document calls itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// The `OpenAPI` version as written, `3.0.3`.
    pub format: String,
}

/// The worst of a diff in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Something that worked stops working.
    Breaking,
    /// There are changes, and none of them breaks.
    Compatible,
    /// There is no change of any kind.
    Identical,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Breaking => "breaking",
            Self::Compatible => "compatible",
            Self::Identical => "identical",
        })
    }
}

/// How many changes a diff has of each level, and how many weaken security.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Changes of level breaking.
    pub breaking: usize,
    /// Changes of level warning.
    pub warning: usize,
    /// Changes of level info.
    pub info: usize,
    /// Changes that weaken security, whatever their level.
    pub security: usize,
}

/// How bad a change is for those who call the API. The order runs from the worst down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Something that worked stops working.
    Breaking,
    /// It may stop working for some, or cannot be decided.
    Warning,
    /// Worth knowing.
    Info,
}

impl Level {
    /// The word as it stands in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Whom a change hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Surface {
    /// Messages: what is sent and accepted.
    Wire,
    /// Code generated from the document.
    Source,
    /// The same message with another meaning, and what is not decided.
    Behaviour,
    /// Who may call, and what is checked or shown.
    Security,
    /// People who read.
    Documentation,
}

impl Surface {
    /// The word as it stands in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::Source => "source",
            Self::Behaviour => "behaviour",
            Self::Security => "security",
            Self::Documentation => "documentation",
        }
    }
}

impl fmt::Display for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Which way the message travels. Webhooks are judged by who sends, so their request is a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the caller to the API: everything accepted before must still be accepted.
    Request,
    /// From the API to the caller: everything sent now must have been announced before.
    Response,
}

impl Direction {
    /// The word as it stands in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One change with one cause, and every operation it reaches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The id of the rule that named it.
    pub rule: Cow<'static, str>,
    /// How bad it is.
    pub level: Level,
    /// Whom it hits.
    pub surface: Surface,
    /// What it means for security, where it means anything.
    pub security: Option<SecurityFacet>,
    /// One sentence for people.
    pub message: String,
    /// The operations that the change reaches, in the order of the newer document.
    pub operations: Vec<OperationName>,
    /// Which way the message travels; none where it does not matter.
    pub direction: Option<Direction>,
    /// The place in the older document.
    pub old: Option<Place>,
    /// The place in the newer document.
    pub new: Option<Place>,
    /// What stood there before.
    pub before: Value,
    /// What stands there now.
    pub after: Value,
    /// The proof of a breaking change.
    pub witness: Option<Witness>,
    /// Why the proof could not be completed.
    pub undecided: Option<String>,
    /// `sdf1:` and 24 hex digits that stay the same when lines move.
    pub fingerprint: String,
}

impl Change {
    /// Whether the change weakens security.
    #[must_use]
    pub fn weakens(&self) -> bool {
        self.has_effect(Effect::Weakens)
    }

    /// Whether the change strengthens security.
    #[must_use]
    pub fn strengthens(&self) -> bool {
        self.has_effect(Effect::Strengthens)
    }

    fn has_effect(&self, effect: Effect) -> bool {
        self.security.as_ref().is_some_and(|facet| facet.effect == effect)
    }
}

/// An operation by its method and its path as the document writes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OperationName {
    /// Upper case: `GET`.
    pub method: String,
    /// The template with its variables: `/pets/{id}`. For a webhook its name.
    pub path: String,
}

impl fmt::Display for OperationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// What a change means for security, by the catalogue of security changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityFacet {
    /// The id in that catalogue, of the side that happened.
    pub rule: Cow<'static, str>,
    /// Which way security moved.
    pub effect: Effect,
    /// How much it weighs.
    pub severity: Severity,
    /// OWASP API Security Top 10 (2023): `API2:2023`.
    pub owasp: Cow<'static, str>,
    /// Common Weakness Enumeration: `CWE-306`.
    pub cwe: Cow<'static, str>,
}

/// Which way security moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Less is asked, checked or hidden.
    Weakens,
    /// More is asked, checked or hidden: a reason to retire the older version.
    Strengthens,
    /// Something moved that an owner must look at.
    Neutral,
}

impl Effect {
    /// The word as it stands in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Weakens => "weakens",
            Self::Strengthens => "strengthens",
            Self::Neutral => "neutral",
        }
    }
}

/// A request, a response or a value that one side accepts and the other rejects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Witness {
    /// What kind of thing the instance is.
    pub kind: WitnessKind,
    /// The value, a whole body, parameter or header.
    pub instance: Arc<Value>,
    /// Pointer of the schema in the older document.
    pub old_schema: Option<String>,
    /// Pointer of the schema in the newer document.
    pub new_schema: Option<String>,
    /// The request that breaks.
    pub request: Option<WitnessRequest>,
    /// Why it breaks, in words.
    pub reason: String,
}

/// What kind of thing a witness is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WitnessKind {
    /// A call of an operation.
    Operation,
    /// The value of a parameter.
    Parameter,
    /// A request body.
    Body,
    /// A response, its status or its body.
    Response,
    /// The value of a response header.
    Header,
    /// A set of credentials.
    Security,
}

/// An HTTP request as it would be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WitnessRequest {
    /// Upper case.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Header fields by lower-case name.
    pub headers: serde_json::Map<String, Value>,
    /// The body, where there is one.
    pub body: Arc<Value>,
}
