//! What the rules look at: the two sides of one thing, with where and which way.
//!
//! Pairs are made by the engine; nothing is compared here.

use std::hash::BuildHasher;
use std::sync::OnceLock;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::address::{Shift, below};
use super::change::Direction;
use super::view::View;
use super::{Options, Profile, pairing};
use crate::clock::Timestamp;
use crate::lint::{self, Severity, Tier};
use crate::spec::Document;
use crate::spec::model::{Operation, Response, Security, SecurityScheme, Server};
use crate::spec::schema::{SchemaId, Type};
use crate::spec::tree::NodeId;

/// The two documents and how they are compared.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The older document.
    pub old: &'a Document,
    /// The newer document.
    pub new: &'a Document,
    /// How they are compared.
    pub options: &'a Options,
    /// Security schemes of the newer document that the older one knows by another name.
    pub schemes: FxHashMap<String, String>,
    /// The prefixes of paths that belong to the servers.
    pub shift: Shift,
    /// The operations of the older document by the ends of their paths, once it is asked for.
    pub by_ends: OnceLock<FxHashMap<u64, Vec<usize>>>,
    /// Which schemas of the older and the newer document a message can hold, once it is asked for.
    pub reached: [OnceLock<Vec<bool>>; 2],
}

impl Scene<'_> {
    /// Operations of the older document whose templates may take URLs of this path, by their method, their
    /// length, their first segment and their last.
    pub fn like<'s>(&'s self, method: &'s str, path: &str) -> impl Iterator<Item = &'s Operation> {
        let operations = &self.old.api().operations;
        let by_ends = self.by_ends.get_or_init(|| {
            let mut by_ends: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
            for (at, operation) in operations.iter().enumerate() {
                let path = below(&operation.path, &self.shift.old);
                let fixed = ends(path).map(|end| end.filter(|segment| !segment.ends_with('}')));
                by_ends.entry(shape(&operation.method, path, fixed)).or_default().push(at);
            }
            by_ends
        });
        let [first, last] = ends(path);
        let taken = [[None, None], [first, None], [None, last], [first, last]];
        let all = taken.map(|fixed| by_ends.get(&shape(method, path, fixed))).into_iter().flatten().flatten();
        all.map(|at| &operations[*at]).filter(move |operation| operation.method == method)
    }

    /// Whether a message can hold each schema of the older document, or of the newer one, by its index.
    pub fn reached(&self, side: usize) -> &[bool] {
        self.reached[side].get_or_init(|| pairing::reached([self.old, self.new][side].api()))
    }

    /// Whether lists of values in responses may grow without breaking anybody.
    #[must_use]
    pub fn has_open_enums(&self) -> bool {
        self.is_tolerant() || self.options.policy.open_enums
    }

    /// Whether responses may grow without breaking anybody.
    #[must_use]
    pub fn is_tolerant(&self) -> bool {
        self.options.policy.profile == Profile::Tolerant
    }
}

/// The first segment of a path and the last.
fn ends(path: &str) -> [Option<&str>; 2] {
    [path.split('/').nth(1), path.rsplit('/').next()]
}

/// A number for operations of one method, with paths of one length of which the ends are these or variables.
fn shape(method: &str, path: &str, ends: [Option<&str>; 2]) -> u64 {
    FxBuildHasher.hash_one((method, path.split('/').count(), ends))
}

/// One thing on both sides; a side without it is `None`.
#[derive(Clone, Debug)]
pub struct Pair<'a, T> {
    /// The two documents.
    pub scene: &'a Scene<'a>,
    /// The thing in the older document.
    pub old: Option<T>,
    /// The thing in the newer document.
    pub new: Option<T>,
    /// Which way the message travels.
    pub direction: Option<Direction>,
    /// What people call the place: `Account.iban`, `query parameter limit`, `GET /pets`.
    pub name: String,
    /// Whether values travel as text (parameters and headers), where every scalar is a string.
    pub textual: bool,
    /// Whether it belongs to a response that tells of an error.
    pub error: bool,
    /// Whether the object around it refuses undeclared names, in the older and newer document.
    pub closed: (bool, bool),
}

impl<T: Copy> Pair<'_, T> {
    /// Both sides, when both have it.
    #[must_use]
    pub fn both(&self) -> Option<(T, T)> {
        self.old.zip(self.new)
    }

    /// The newer side, when the older has none.
    #[must_use]
    pub fn added(&self) -> Option<T> {
        self.new.filter(|_| self.old.is_none())
    }

    /// The older side, when the newer has none.
    #[must_use]
    pub fn removed(&self) -> Option<T> {
        self.old.filter(|_| self.new.is_none())
    }

    /// Whether the caller sends.
    #[must_use]
    pub fn is_request(&self) -> bool {
        self.direction == Some(Direction::Request)
    }

    /// Whether the API sends.
    #[must_use]
    pub fn is_response(&self) -> bool {
        self.direction == Some(Direction::Response)
    }
}

/// All operations of one path template.
#[derive(Clone, Copy, Debug)]
pub struct PathView<'a> {
    /// The template as written.
    pub template: &'a str,
    /// The path item.
    pub node: NodeId,
    /// Its operations.
    pub operations: &'a [OperationView<'a>],
}

/// One operation.
#[derive(Clone, Copy, Debug)]
pub struct OperationView<'a> {
    /// The operation itself.
    pub operation: &'a Operation,
    /// Whether the rule of the path already speaks for it.
    pub path_gone: bool,
    /// Where an operation that is gone lives now, by its operationId.
    pub moved: Option<&'a Operation>,
    /// Whether it is an event that the API sends.
    pub is_webhook: bool,
    /// Whether anybody may call it.
    pub open: bool,
    /// Whether at least four of five operations in its document are closed.
    pub house_is_closed: bool,
}

impl OperationView<'_> {
    /// The announced date of an operation that is deprecated.
    #[must_use]
    pub fn sunset(&self) -> Option<Timestamp> {
        let sunset = self.operation.sunset.as_ref().filter(|_| self.operation.deprecated)?;
        sunset.parse().ok()
    }

    /// Whether the operation was announced to go.
    #[must_use]
    pub fn is_planned(&self) -> bool {
        self.sunset().is_some()
    }
}

/// Who may call one operation.
#[derive(Clone, Copy, Debug)]
pub struct RequirementView<'a> {
    /// The security in effect.
    pub security: &'a Security,
    /// Where it is said.
    pub node: NodeId,
    /// The operation.
    pub operation: &'a Operation,
}

impl RequirementView<'_> {
    /// How much it would weigh if the operation were open.
    #[must_use]
    pub fn severity(&self) -> Severity {
        lint::opening_severity(self.operation)
    }
}

/// The servers that a set of operations uses.
#[derive(Clone, Copy, Debug)]
pub struct ServersView<'a> {
    /// The servers.
    pub list: &'a [Server],
    /// The prefix that all paths share and that is read as a part of every server's URL.
    pub prefix: &'a str,
    /// Where they are said.
    pub node: NodeId,
}

/// All that an operation may answer.
#[derive(Clone, Copy, Debug)]
pub struct OutcomesView<'a> {
    /// The responses.
    pub list: &'a [Response],
    /// Whether the operation asks for credentials.
    pub secured: bool,
}

/// One property of an object, as seen in one direction.
#[derive(Clone, Copy, Debug)]
pub struct PropertyView<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its schemas; none where the name is only demanded.
    pub schemas: &'a [SchemaId],
    /// The place of its schema.
    pub node: NodeId,
    /// Where it is demanded, when it is.
    pub required: Option<NodeId>,
    /// Whether the flag takes it out of this direction.
    pub hidden: bool,
    /// The document that says so.
    pub document: &'a Document,
}

impl PropertyView<'_> {
    /// What its name tells of a value that is neither an object nor a list.
    #[must_use]
    pub fn tier(&self) -> Option<Tier> {
        let meant = self.document.api().schemas.resolved(*self.schemas.first()?);
        let is = |kind: Type| meant.types.is_some_and(|types| types.contains(kind));
        if is(Type::Object) || is(Type::Array) {
            return None;
        }
        let by_format = || (meant.format() == Some("password")).then_some(Tier::Credential);
        lint::tier(self.name, is(Type::Boolean)).or_else(by_format)
    }

    /// The schema in short.
    #[must_use]
    pub fn brief(&self) -> String {
        self.schemas.first().map_or_else(|| "any".to_owned(), |first| View::brief(self.document, *first))
    }
}

/// One security scheme and whether any operation asks for it.
#[derive(Clone, Copy, Debug)]
pub struct SchemeView<'a> {
    /// The scheme.
    pub scheme: &'a SecurityScheme,
    /// Whether a requirement of an operation names it.
    pub used: bool,
}

/// A named schema and whether a message reaches it.
#[derive(Clone, Copy, Debug)]
pub struct ComponentView<'a> {
    /// Its name.
    pub name: &'a str,
    /// The schema.
    pub id: SchemaId,
    /// Its place.
    pub node: NodeId,
    /// Whether an operation reaches it.
    pub reached: bool,
}

/// Text for people at one place.
#[derive(Clone, Copy, Debug)]
pub struct ProseView<'a> {
    /// Where it belongs.
    pub node: NodeId,
    /// Keyword and text, in the order of the keywords.
    pub texts: &'a [(String, String)],
}

/// A schema pair as the rules see it: flattened on both sides.
pub type SchemaPair<'a> = Pair<'a, &'a View<'a>>;
