//! Bytes to one model: reads OpenAPI 2.0, 3.0, 3.1 and 3.2, JSON or YAML, within bounds.
//!
//! [`load`] keeps the raw [`tree`]; [`Document::api`] reads it as one [`model`] for all versions.
//! Nothing is ever fetched, and a fault that leaves the document understandable is a [`Fault`],
//! not a refusal. What is wrong in the terms of the specification is asked of [`validate`].
//!
//! ```
//! use sundial::spec::members::Way;
//! use sundial::spec::{Limits, load};
//!
//! let document = load(&std::fs::read("specs/demo/harbour/berths/2.0.0.yaml")?, &Limits::default())?;
//! let api = document.api();
//! println!("{} {} is OpenAPI {}", api.title, api.version, document.format());
//! for operation in api.all_operations() {
//!     let place = document.place(operation.node);
//!     println!("{operation} (line {}) takes {} parameters", place.line, operation.parameters.len());
//!     for media in operation.body.iter().flat_map(|body| &body.content) {
//!         for member in media.schema.map(|id| api.schemas.members(id, Way::Request)).unwrap_or_default() {
//!             println!("  {}{}", member.name, if member.required { "" } else { "?" });
//!         }
//!     }
//! }
//! # assert!(api.operations.len() > 10 && api.all_operations().any(|operation| operation.body.is_some()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod bundle;
pub mod decimal;
pub mod members;
pub mod model;
pub mod plain;
pub mod schema;
pub mod tree;
pub mod validate;

mod compile;
mod entry;
mod hash;
mod hashes;
mod json;
mod keys;
mod load;
mod place;
mod print;
mod read;
mod refs;
mod seal;
mod sink;
mod swagger;
#[cfg(test)]
mod tests;
mod uri;
mod value;
mod yaml;

use std::collections::HashSet;
use std::fmt;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

pub use hash::Hash;
pub use model::Api;
use place::{Lines, Starts};
use tree::{NodeId, Tree};

/// How much a document may ask of its reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of the document in bytes.
    pub bytes: usize,
    /// Values in the document, those that YAML aliases repeat included.
    pub nodes: usize,
    /// Containers within containers.
    pub depth: usize,
    /// Values that YAML aliases may repeat; each 64 bytes of a text count as one more.
    pub alias_nodes: usize,
    /// References followed while the model is read; past them what they lead to is left out.
    pub references: usize,
    /// Work that reading the model may take beyond what the document's own size accounts for, in
    /// bytes of model: parts that are repeated by reference. It bounds the time, alike on every
    /// machine.
    pub work: usize,
}

impl Default for Limits {
    /// 64 MiB, 2 million values, 200 levels, 500,000 repeated values, 2 million references, 32 MiB of
    /// repeated parts: the largest public document known has 47 MB, 1.53 million values and 34 levels.
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            nodes: 2_000_000,
            depth: 200,
            alias_nodes: 500_000,
            references: 2_000_000,
            work: 32 << 20,
        }
    }
}

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Syntax {
    /// RFC 8259.
    Json,
    /// YAML 1.2, core schema.
    Yaml,
}

impl fmt::Display for Syntax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json => "JSON",
            Self::Yaml => "YAML",
        })
    }
}

/// The generation of OpenAPI, which decides how a document is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// Swagger 2.0
    V20,
    /// OpenAPI 3.0.x
    V30,
    /// OpenAPI 3.1.x
    V31,
    /// OpenAPI 3.2.x
    V32,
}

/// The version of OpenAPI that a document claims, displayed as written: `3.0.3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    /// Its generation.
    pub dialect: Dialect,
    written: Box<str>,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// Why a document cannot be read. The first obstacle, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{message} (line {line}, column {column})")]
pub struct Problem {
    /// What sort of obstacle.
    pub kind: ProblemKind,
    /// One sentence, without the place.
    pub message: String,
    /// RFC 6901 pointer to the innermost value that was being read; empty for the whole document.
    pub pointer: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in code points, from 1.
    pub column: usize,
    /// What the author can do about it.
    pub way_out: &'static str,
}

/// Sorts of obstacles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// More bytes than [`Limits::bytes`].
    TooLarge,
    /// More values than [`Limits::nodes`].
    TooManyNodes,
    /// More files than one document may be joined from.
    TooManyFiles,
    /// More levels than [`Limits::depth`].
    TooDeep,
    /// More repeated values than [`Limits::alias_nodes`].
    AliasExpansion,
    /// Nothing but blanks and comments.
    Empty,
    /// Not UTF-8 text.
    Encoding,
    /// Not JSON or YAML.
    Syntax,
    /// An object names a key twice.
    DuplicateKey,
    /// A YAML value that JSON does not have.
    NoJsonValue,
    /// More than one YAML document.
    SeveralDocuments,
    /// The document is not an object.
    NotAnObject,
    /// Neither `openapi` nor `swagger`, or a version that is not known.
    UnknownVersion,
}

/// How bad a [`Fault`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Likely not what the author means.
    Warning,
    /// Against the specification: `--strict` refuses it.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Something wrong in a document that does not stop it from being understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Stable id in kebab case.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// Where it is.
    pub node: NodeId,
    /// What to do about it.
    pub help: &'static str,
}

/// A place in a document, for people and for tools.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// RFC 6901, without `#`; empty for the whole document.
    pub pointer: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in code points, from 1.
    pub column: usize,
    /// The file that line and column are of, where it is another than the document's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

impl Place {
    /// The file that line and column are of, for a document that goes by this name.
    #[must_use]
    pub fn file_or<'a>(&'a self, name: &'a str) -> &'a str {
        self.file.as_deref().unwrap_or(name)
    }
}

/// A document that has been read.
#[derive(Debug)]
pub struct Document {
    tree: Tree,
    syntax: Syntax,
    format: Format,
    reading_faults: Vec<Fault>,
    references: usize,
    work: usize,
    lines: Lines,
    starts: OnceLock<Starts>,
    /// The model, and what was found wrong while it was read.
    model: OnceLock<(Api, Vec<Fault>)>,
    faults: OnceLock<Vec<Fault>>,
    /// Where its nodes were written, if it was joined from several files.
    parts: Option<Box<bundle::Parts>>,
    /// References to other files that were left as they are, judged by whoever looked for the files.
    left: Vec<Fault>,
}

pub use load::{bare_schema, load};
pub(crate) use place::unescaped;

impl Document {
    /// The raw tree.
    #[must_use]
    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The text of the document as bytes, without a byte order mark.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.tree.source().as_bytes()
    }

    /// How it is written.
    #[must_use]
    pub const fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// The version of OpenAPI that it claims.
    #[must_use]
    pub const fn format(&self) -> &Format {
        &self.format
    }

    /// The generation of OpenAPI.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.format.dialect
    }

    /// `info.title`, empty where it is missing.
    #[must_use]
    pub fn title(&self) -> &str {
        self.info("title")
    }

    /// `info.version` as written, empty where it is missing.
    #[must_use]
    pub fn version(&self) -> &str {
        self.info("version")
    }

    fn info(&self, key: &str) -> &str {
        let info = self.tree.get(NodeId::ROOT, "info");
        let value = info.and_then(|info| self.tree.get(info, key));
        value.and_then(|value| self.tree.scalar_source(value)).unwrap_or_default()
    }

    /// The model; read on first use.
    #[must_use]
    pub fn api(&self) -> &Api {
        &self.read().0
    }

    /// Whether the model was read already.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.model.get().is_some()
    }

    /// What was found wrong while reading: references that lead nowhere or out of the document,
    /// YAML that not every reader takes.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        self.faults.get_or_init(|| {
            // Each reference is looked at once, so the document itself is the bound.
            let mut resolver = refs::Resolver::new(&self.tree, self.dialect(), usize::MAX);
            let lost = refs::faults(&mut resolver);
            let mut faults = self.reading_faults.clone();
            let judged: HashSet<NodeId> = self.left.iter().map(|fault| fault.node).collect();
            faults.extend(lost.into_iter().filter(|fault| !judged.contains(&fault.node)));
            faults.extend(self.left.iter().cloned());
            faults.extend(self.read().1.iter().cloned());
            faults
        })
    }

    fn read(&self) -> &(Api, Vec<Fault>) {
        self.model.get_or_init(|| read::read(&self.tree, self.dialect(), self.references, self.work))
    }

    /// RFC 6901 pointer of a node, without `#`.
    #[must_use]
    pub fn pointer(&self, node: NodeId) -> String {
        place::pointer(&self.tree, node)
    }

    /// The nodes that [`Self::pointer`] passes below the root, one for each of its tokens.
    pub fn passed(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        place::passed(&self.tree, node)
    }

    /// Pointer, line and column of a node: those of the file that its author edits, where the
    /// document was joined from several. The pointer is always that within this document.
    #[must_use]
    pub fn place(&self, node: NodeId) -> Place {
        if let Some(parts) = &self.parts {
            return parts.place(node, self.pointer(node));
        }
        let text = self.tree.source();
        let (line, column) = self.lines.place(text, self.tree.offset(node));
        Place { pointer: self.pointer(node), line, column, file: None }
    }

    /// Whether it was joined from several files, see [`bundle::join`].
    #[must_use]
    pub const fn is_joined(&self) -> bool {
        self.parts.is_some()
    }

    /// References to other files that lead nowhere, or where nothing may be opened; they are among
    /// [`Self::faults`]. Empty for a document that nobody tried to join.
    #[must_use]
    pub fn left(&self) -> &[Fault] {
        &self.left
    }

    /// The same data in a syntax of choice: digits and order kept, comments not.
    #[must_use]
    pub fn print(&self, syntax: Syntax) -> String {
        print::print(&self.tree, syntax)
    }

    /// The innermost value at a line and column (both from 1, columns in code points): one that
    /// starts there, else the one whose key or text stands there. `None` before the first value and
    /// beyond the end of a line.
    ///
    /// Where two values start at one place (a block map and what is not written behind its first
    /// key), it is the inner one. The place of what a YAML alias repeats leads to what is written
    /// there, and the key before an alias to the copy.
    /// Line and column are those of [`Self::bytes`], also in a document that was joined.
    #[must_use]
    pub fn node_at(&self, line: usize, column: usize) -> Option<NodeId> {
        let starts = self.starts.get_or_init(|| Starts::of(&self.tree));
        starts.node_at(&self.tree, &self.lines, line, column)
    }

    /// The node that an RFC 6901 pointer (without `#`) names; references are not followed.
    #[must_use]
    pub fn locate(&self, pointer: &str) -> Option<NodeId> {
        place::locate(&self.tree, pointer)
    }

    /// Where a keyword of a schema stands; the schema itself where it is not written there.
    #[must_use]
    pub fn keyword_node(&self, schema: schema::SchemaId, keyword: &str) -> NodeId {
        let node = self.api().schemas.get(schema).node;
        self.tree.get(node, keyword).unwrap_or(node)
    }

    /// A part of the document as a JSON value. Numbers beyond `f64` become its largest.
    #[must_use]
    pub fn value(&self, node: NodeId) -> serde_json::Value {
        value::value(&self.tree, node)
    }

    /// Hash of a value as JSON data: order of members apart, `1`, `1.0` and `1e0` the same, prose
    /// included, references by their text.
    #[must_use]
    pub fn value_hash(&self, node: NodeId) -> Hash {
        self.tree.hash(node)
    }
}
