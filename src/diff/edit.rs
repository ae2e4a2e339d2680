//! What a rule says of a pair: message, places and values; the engine fills in the rest.

use serde_json::Value;

use super::change::{Level, Surface};
use super::risk::Facet;
use crate::spec::tree::NodeId;

/// One thing that changed, as a rule sees it.
#[derive(Clone, Debug)]
pub struct Edit {
    pub(super) message: String,
    pub(super) old: Option<NodeId>,
    pub(super) new: Option<NodeId>,
    pub(super) before: Value,
    pub(super) after: Value,
    pub(super) level: Option<Level>,
    pub(super) surface: Option<Surface>,
    pub(super) facet: Option<Facet>,
    pub(super) undecided: Option<String>,
    pub(super) is_agreed: bool,
}

impl Edit {
    /// An edit with its sentence; what changed stands first, in backticks.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            old: None,
            new: None,
            before: Value::Null,
            after: Value::Null,
            level: None,
            surface: None,
            facet: None,
            undecided: None,
            is_agreed: false,
        }
    }

    /// The places in the older and the newer document.
    #[must_use]
    pub fn places(self, old: impl Into<Option<NodeId>>, new: impl Into<Option<NodeId>>) -> Self {
        Self { old: old.into(), new: new.into(), ..self }
    }

    /// What stood there before and what stands there now.
    #[must_use]
    pub fn values(self, before: impl Into<Value>, after: impl Into<Value>) -> Self {
        Self { before: before.into(), after: after.into(), ..self }
    }

    /// Another level than the rule's usual one.
    #[must_use]
    pub fn level(self, level: Level) -> Self {
        Self { level: Some(level), ..self }
    }

    /// Info, as those who read it agreed that it may be so, by a profile or by the document: the whole around
    /// it is not asked about it either.
    #[must_use]
    pub fn agreed(self) -> Self {
        Self { level: Some(Level::Info), is_agreed: true, ..self }
    }

    /// Another surface than the rule's usual one.
    #[must_use]
    pub fn surface(self, surface: Surface) -> Self {
        Self { surface: Some(surface), ..self }
    }

    /// What the change means for security.
    #[must_use]
    pub fn facet(self, facet: Option<Facet>) -> Self {
        Self { facet, ..self }
    }
}

impl Edit {
    /// Why it was not decided what the change means.
    #[must_use]
    pub fn undecided(self, why: &str) -> Self {
        Self { undecided: Some(why.to_owned()), ..self }
    }
}

/// The edits that rules push.
#[derive(Debug, Default)]
pub struct Edits(pub(super) Vec<Edit>);

impl Edits {
    /// Adds an edit, where there is one.
    pub fn extend(&mut self, edit: Option<Edit>) {
        self.0.extend(edit);
    }

    /// Adds an edit.
    pub fn push(&mut self, edit: Edit) {
        self.0.push(edit);
    }
}
