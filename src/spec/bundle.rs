//! Many files to one document: a root whose references lead to other files below its folder.
//!
//! [`join`] takes in what is reached: under `components` where the version has a home for it, in
//! the place of the reference where it has none. The document that comes out holds no reference to
//! another file and still knows the file, line and column of every node. Nothing is fetched: URLs
//! stay as they are. What may be opened below the folder is decided by the [`Source`]; a path that
//! leaves the folder is never asked of it.
//!
//! Each file is the base of its own references (RFC 3986 section 5.1); `$self` and `$id` are not
//! asked. Examples, defaults and enums are data and are not searched. Extensions are no matter of
//! the specification; there an object that is nothing but a reference to a file that exists is
//! joined, and anything else is passed on.

mod homes;
mod kind;
mod lead;
mod origin;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, OnceLock};

use super::place;
use super::refs::{self, Resolver, meaning, reference_of};
use super::tree::{Kind, NodeId, Tree};
use super::{Dialect, Document, Fault, Limits, Problem, ProblemKind, Severity};
use kind::{Home, Spot};
use lead::{File, Lead, Loss, Reference, encoded, is_notation};
pub(super) use origin::Parts;

/// Files that one document may be joined from, its root among them. The largest public tree known
/// has some two thousand.
pub const MOST_FILES: usize = 10_000;

/// Where the parts of a document are read from: a folder, a commit.
pub struct Source<'s> {
    /// The root's name in its folder, `openapi.yaml`.
    pub root: String,
    /// What stands before a part's path in messages: `api/`, or `git:main:api/`.
    pub prefix: String,
    /// Reads the file at a path below the root's folder, at most so many bytes of it. The path has
    /// no `.` or `..` and does not begin with `/`; that no link leads out of the folder is for the
    /// reader to see to.
    #[expect(clippy::type_complexity, reason = "a function is the whole of it")]
    pub read: Box<dyn Fn(&str, usize) -> Result<Vec<u8>, Unread> + 's>,
}

/// Why a part was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// There is none.
    Missing,
    /// It is there and cannot be read, for this reason.
    Failed(String),
    /// It must not be opened: it lies elsewhere, or is no regular file. The text goes on from
    /// "`name` …".
    Refused(String),
    /// It has more bytes than were allowed.
    TooLarge,
}

/// Why files cannot be joined, and in which of them that shows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct Refusal {
    /// The file, as messages name it.
    pub file: String,
    /// What is wrong in it; the pointer is one within that file.
    pub problem: Problem,
}

/// Joins a document with the files that its references lead to. One that leads to none is given
/// back with its text untouched; references to files that are not there, or that must not be
/// opened, are left in it and named by [`Document::left`].
///
/// # Errors
/// Where a part cannot be read as JSON or YAML, or all of it together asks for more than `limits`
/// or [`MOST_FILES`]; with the place of the reference that asked for it.
pub fn join(document: Document, source: &Source<'_>, limits: &Limits) -> Result<Document, Refusal> {
    if !refers_elsewhere(&document.tree) {
        return Ok(document);
    }
    let Document { tree, syntax, format, reading_faults, references, work, lines, starts, model, .. } =
        document;
    let mut joiner = Joiner::new(tree, format.dialect, source, limits);
    let out = joiner.document().map_err(|refusal| *refusal)?;
    if !joiner.changed {
        let tree = Arc::into_inner(joiner.files.swap_remove(0).tree).expect("the walk held no other");
        let left = joiner.left.into_iter().map(|(_, fault)| fault).collect();
        return Ok(Document {
            tree,
            syntax,
            format,
            reading_faults,
            references,
            work,
            lines,
            starts,
            model,
            faults: OnceLock::new(),
            parts: None,
            left,
        });
    }
    joiner.files[0].faults = reading_faults;
    joiner.finish(out, syntax).map_err(|refusal| *refusal)
}

/// Whether a reference may lead to another file: one with a scheme leads to the network, and one
/// of a fragment alone stays.
fn refers_elsewhere(tree: &Tree) -> bool {
    let names_file = |text: &str| matches!(Reference::of(text), Reference::File { .. });
    (0..tree.len()).any(|index| {
        let node = NodeId(u32::try_from(index).unwrap_or(u32::MAX));
        reference_of(tree, node).is_some_and(names_file)
            || tree.get(node, "mapping").is_some_and(|mapping| {
                tree.members(mapping).any(|(_, value)| tree.text(value).is_some_and(names_file))
            })
    })
}

/// References that a schema's `$id` answers within the document.
fn own(tree: &Tree, dialect: Dialect) -> HashSet<NodeId> {
    if dialect < Dialect::V31 {
        return HashSet::new();
    }
    let mut resolver = Resolver::new(tree, dialect, usize::MAX);
    let nodes = (0..tree.len()).map(|index| NodeId(u32::try_from(index).unwrap_or(u32::MAX)));
    let answered = |node: NodeId| {
        let value = tree.get(node, "$ref")?;
        let text = tree.text(value)?;
        let is_file = matches!(Reference::of(text), Reference::File { .. });
        (is_file && resolver.target(node, text).node().is_some()).then_some(value)
    };
    nodes.filter_map(answered).collect()
}

/// A node of one of the files.
type At = (usize, NodeId);

/// A node of the document that is being made.
struct Made {
    from: At,
    shape: Shape,
}

enum Shape {
    /// A scalar as it is written in its file.
    Same,
    /// A text that takes the place of what is written.
    Text(String),
    Array(Vec<usize>),
    Object(Vec<(Box<str>, usize)>),
}

struct Joiner<'j> {
    source: &'j Source<'j>,
    limits: &'j Limits,
    dialect: Dialect,
    files: Vec<File>,
    /// What was found at a path: a file, or why not.
    found: HashMap<String, Result<usize, Unread>>,
    /// References of the root that look like files, and lead to a URI within it.
    own: HashSet<NodeId>,
    bytes: usize,
    nodes: usize,
    made: Vec<Made>,
    made_bytes: usize,
    /// The name that something was given in its home.
    names: HashMap<(At, Home), String>,
    /// The first home of a node, for references to what lies below it.
    homes: HashMap<At, Home>,
    taken: HashMap<Home, HashSet<String>>,
    todo: VecDeque<(At, Home, String)>,
    left: Vec<(At, Fault)>,
    /// Where the next node will stand in the document that is being made.
    path: Vec<String>,
    /// What is being put in place just now, and where.
    open: Vec<(At, Spot, usize)>,
    /// The references by which the walk came where it is.
    via: Vec<At>,
    /// Pointers within whose way another pointer is being followed.
    nested: usize,
    /// Whether anything was taken in, so that the root itself will not do.
    changed: bool,
}

impl<'j> Joiner<'j> {
    fn new(root: Tree, dialect: Dialect, source: &'j Source<'j>, limits: &'j Limits) -> Self {
        let (bytes, nodes, own) = (root.source().len(), root.len(), own(&root, dialect));
        let file = File {
            path: source.root.clone(),
            tree: Arc::new(root),
            faults: Vec::new(),
            anchors: HashMap::new(),
        };
        Self {
            source,
            limits,
            dialect,
            files: vec![file],
            found: HashMap::from([(source.root.clone(), Ok(0))]),
            own,
            bytes,
            nodes,
            made: Vec::new(),
            made_bytes: 0,
            names: HashMap::new(),
            homes: HashMap::new(),
            taken: HashMap::new(),
            todo: VecDeque::new(),
            left: Vec::new(),
            path: Vec::new(),
            open: Vec::new(),
            via: Vec::new(),
            nested: 0,
            changed: false,
        }
    }

    /// Builds the whole document; its root is the node that comes back.
    fn document(&mut self) -> Result<usize, Box<Refusal>> {
        for home in Home::of(self.dialect) {
            self.adopt(*home)?;
        }
        let root = self.build((0, NodeId::ROOT), refs::Place::Object, Spot::Root)?;
        let mut parts: HashMap<Home, Vec<(Box<str>, usize)>> = HashMap::new();
        while let Some((at, home, name)) = self.todo.pop_front() {
            self.path = home.path(self.dialect).iter().map(|token| (*token).to_owned()).collect();
            self.path.push(name.clone());
            let made = self.place(at, refs::Place::Object, Spot::One(home))?;
            parts.entry(home).or_default().push((name.into(), made));
        }
        self.path.clear();
        for home in Home::of(self.dialect) {
            if let Some(members) = parts.remove(home) {
                self.house(root, *home, members);
            }
        }
        Ok(root)
    }

    /// A node of the document that is being made, within the bounds.
    fn make(&mut self, from: At, shape: Shape) -> Result<usize, Box<Refusal>> {
        let tree = &self.files[from.0].tree;
        let by = self.via.last().copied().unwrap_or(from);
        let text = match &shape {
            Shape::Same => tree.text(from.1).or_else(|| tree.number(from.1)).map_or(0, str::len),
            Shape::Text(text) => text.len(),
            Shape::Array(_) => 0,
            Shape::Object(members) => members.iter().map(|(key, _)| key.len()).sum(),
        };
        self.made_bytes += text + 2 * self.path.len() + 2;
        if self.made.len() >= self.limits.nodes {
            return Err(self.too_many(by));
        }
        if self.made_bytes > self.limits.bytes {
            let message = format!(
                "what references put in place makes more than the {} bytes that are allowed",
                self.limits.bytes
            );
            let way_out = "Let fewer places refer to very large parts.";
            return Err(self.refusal(by, ProblemKind::TooLarge, message, way_out));
        }
        self.made.push(Made { from, shape });
        Ok(self.made.len() - 1)
    }

    fn deeper(&mut self, at: At, token: &str) -> Result<(), Box<Refusal>> {
        if self.open.len() + self.path.len() >= self.limits.depth {
            let by = self.via.last().copied().unwrap_or(at);
            let message = format!("the joined document is nested deeper than {} levels", self.limits.depth);
            return Err(self.refusal(
                by,
                ProblemKind::TooDeep,
                message,
                "Flatten it, or raise the limit on depth.",
            ));
        }
        self.path.push(token.to_owned());
        Ok(())
    }

    /// A value of a file with its references put right. Recursion is bounded by depth.
    fn build(&mut self, at: At, place: refs::Place, spot: Spot) -> Result<usize, Box<Refusal>> {
        let tree = Arc::clone(&self.files[at.0].tree);
        match tree.kind(at.1) {
            Kind::Array => {
                let mut items = Vec::with_capacity(tree.items(at.1).len());
                for (index, item) in tree.items(at.1).iter().enumerate() {
                    self.deeper(at, &index.to_string())?;
                    items.push(self.build((at.0, *item), refs::Place::Object, spot)?);
                    self.path.pop();
                }
                self.make(at, Shape::Array(items))
            }
            Kind::Object => self.object(at, place, spot),
            Kind::Text if spot == Spot::Mapped => {
                let shape = self.mapped(at)?.map_or(Shape::Same, Shape::Text);
                self.make(at, shape)
            }
            _ => self.make(at, Shape::Same),
        }
    }

    fn object(&mut self, at: At, place: refs::Place, spot: Spot) -> Result<usize, Box<Refusal>> {
        let tree = Arc::clone(&self.files[at.0].tree);
        let mut text = None;
        let mut under = None;
        if let Some(reference) = tree.get(at.1, "$ref")
            && let Some(written) = tree.text(reference)
            && spot.may_refer(place)
        {
            match self.turn((at.0, reference), written, place, spot)? {
                Turn::Keep => {}
                Turn::Text(new) => text = Some(new),
                Turn::Place(target) => {
                    self.via.push((at.0, reference));
                    let made = self.place(target, place, spot)?;
                    self.via.pop();
                    let keeps = place == refs::Place::Names || spot.keeps_siblings();
                    if !keeps || tree.entries(at.1).len() == 1 {
                        return Ok(made);
                    }
                    under = Some(made);
                }
            }
        }
        let mut members: Vec<(Box<str>, usize)> = Vec::with_capacity(tree.entries(at.1).len());
        for (key, value) in tree.members(at.1) {
            let child = (at.0, value);
            if key == "$ref" && under.is_some() {
                continue;
            }
            // References in it are put right for the joined document, and would start at its URI.
            let is_part = at.0 != 0 && at.1 == NodeId::ROOT && self.dialect >= Dialect::V31;
            if key == "$id" && is_part && spot == Spot::One(Home::Schema) {
                continue;
            }
            self.deeper(at, key)?;
            let made = match place {
                _ if key == "$ref" && tree.text(value).is_some() => {
                    self.make(child, text.take().map_or(Shape::Same, Shape::Text))?
                }
                _ if spot == Spot::One(Home::Example) => self.copy(child, Data::Value)?,
                refs::Place::Object => match meaning(&tree, key, value) {
                    Some(below) => self.build(child, below, spot.below(key, self.dialect))?,
                    None if key.starts_with("x-") => self.copy(child, Data::Extension)?,
                    None => self.copy(child, Data::Value)?,
                },
                refs::Place::Names => self.build(child, refs::Place::Object, spot.member())?,
                refs::Place::Examples if reference_of(&tree, value).is_some() => {
                    self.object(child, refs::Place::Examples, Spot::One(Home::Example))?
                }
                refs::Place::Examples => self.copy(child, Data::Value)?,
            };
            self.path.pop();
            members.push((key.into(), made));
        }
        // Its own words win over those that it refers to.
        if let Some(Shape::Object(others)) = under.map(|under| &self.made[under].shape) {
            let own: HashSet<&str> = members.iter().map(|(key, _)| &**key).collect();
            let more: Vec<_> = others.iter().filter(|(key, _)| !own.contains(&**key)).cloned().collect();
            members.extend(more);
        }
        self.make(at, Shape::Object(members))
    }

    /// What becomes of a reference.
    fn turn(&mut self, by: At, text: &str, place: refs::Place, spot: Spot) -> Result<Turn, Box<Refusal>> {
        let lead = match self.lead(by, text)? {
            Lead::Part(target) => self.settle(target, spot.home(self.dialect))?,
            lead => lead,
        };
        let target = match lead {
            Lead::Elsewhere => return Ok(Turn::Keep),
            Lead::Root(reference) => {
                self.changed |= !text.starts_with('#');
                return Ok(Turn::text(reference, text));
            }
            Lead::Lost(loss) => {
                let Loss { rule, message, help, spelt } = loss;
                let fault = Fault { rule, severity: Severity::Error, message, node: by.1, help };
                self.left.push((by, fault));
                // In the root it is right as it is.
                return Ok(if by.0 == 0 { Turn::Keep } else { Turn::text(spelt, text) });
            }
            Lead::Part(target) => target,
        };
        self.changed = true;
        let is_one = spot != Spot::Examples && (place != refs::Place::Names);
        match spot.home(self.dialect).filter(|home| is_one && self.fits(target, *home)) {
            None => Ok(Turn::Place(target)),
            Some(home) => {
                let pointer = self.housed(target, home);
                if pointer == self.path {
                    Ok(Turn::Place(target))
                } else {
                    Ok(Turn::Text(reference(&pointer)))
                }
            }
        }
    }

    /// Puts a target in the place of what refers to it.
    fn place(&mut self, target: At, place: refs::Place, spot: Spot) -> Result<usize, Box<Refusal>> {
        if let Some(made) = self.enter(target, spot)? {
            return Ok(made);
        }
        let made = self.build(target, place, spot)?;
        self.open.pop();
        Ok(made)
    }

    /// Notes that a target is being put in place here. One that is being put in place further up
    /// is not entered again: that is where a reference can lead, which comes back.
    fn enter(&mut self, target: At, spot: Spot) -> Result<Option<usize>, Box<Refusal>> {
        if self.open.len() + self.path.len() >= self.limits.depth {
            let by = self.via.last().copied().unwrap_or(target);
            let message = format!("references put more than {} parts within each other", self.limits.depth);
            let way_out = "Let references lead to their target without detours.";
            return Err(self.refusal(by, ProblemKind::TooDeep, message, way_out));
        }
        if let Some((.., depth)) = self.open.iter().find(|(at, kind, _)| (*at, *kind) == (target, spot)) {
            let text = reference(&self.path[..*depth]);
            let by = self.via.last().copied().unwrap_or(target);
            let value = self.make(by, Shape::Text(text))?;
            return self.make(by, Shape::Object(vec![("$ref".into(), value)])).map(Some);
        }
        self.open.push((target, spot, self.path.len()));
        Ok(None)
    }

    /// Data, as it is. In an extension an object that is nothing but a reference to a part is meant
    /// as one by every tool that joins files; one that leads nowhere may mean something else, and
    /// nothing is said of it.
    fn copy(&mut self, at: At, data: Data) -> Result<usize, Box<Refusal>> {
        let tree = Arc::clone(&self.files[at.0].tree);
        if data == Data::Extension
            && tree.entries(at.1).len() == 1
            && let Some(reference) = tree.get(at.1, "$ref")
            && let Some(text) = tree.text(reference)
            && !matches!(Reference::of(text), Reference::File { path, .. } if !is_notation(path))
        {
            match self.lead((at.0, reference), text)? {
                Lead::Part(target) => return self.extended((at.0, reference), target),
                // From the root it is to mean the same.
                Lead::Root(spelt) | Lead::Lost(Loss { spelt, .. }) if at.0 != 0 => {
                    self.deeper(at, "$ref")?;
                    let value = self.make((at.0, reference), Shape::Text(spelt))?;
                    self.path.pop();
                    return self.make(at, Shape::Object(vec![("$ref".into(), value)]));
                }
                Lead::Root(_) | Lead::Lost(_) | Lead::Elsewhere => {}
            }
        }
        let shape = match tree.kind(at.1) {
            Kind::Array => {
                let mut items = Vec::with_capacity(tree.items(at.1).len());
                for (index, item) in tree.items(at.1).iter().enumerate() {
                    self.deeper(at, &index.to_string())?;
                    items.push(self.copy((at.0, *item), data)?);
                    self.path.pop();
                }
                Shape::Array(items)
            }
            Kind::Object => {
                let mut members = Vec::with_capacity(tree.entries(at.1).len());
                for (key, value) in tree.members(at.1) {
                    self.deeper(at, key)?;
                    members.push((key.into(), self.copy((at.0, value), data)?));
                    self.path.pop();
                }
                Shape::Object(members)
            }
            _ => Shape::Same,
        };
        self.make(at, shape)
    }

    /// Puts a part into the place of what refers to it in an extension.
    fn extended(&mut self, by: At, target: At) -> Result<usize, Box<Refusal>> {
        self.changed = true;
        self.via.push(by);
        let made = match self.enter(target, Spot::Extension)? {
            Some(made) => made,
            None => {
                let made = self.copy(target, Data::Extension)?;
                self.open.pop();
                made
            }
        };
        self.via.pop();
        Ok(made)
    }

    /// The value of a discriminator's mapping, where it is a reference that has to change. A name
    /// of a component stays, and so does what could be one.
    fn mapped(&mut self, by: At) -> Result<Option<String>, Box<Refusal>> {
        let tree = Arc::clone(&self.files[by.0].tree);
        let text = tree.text(by.1).unwrap_or_default();
        let is_name = self.taken.get(&Home::Schema).is_some_and(|taken| taken.contains(text));
        let is_path = text.contains(['/', '#']) || is_notation(text);
        if is_name || !is_path {
            return Ok(None);
        }
        Ok(match self.turn(by, text, refs::Place::Object, Spot::One(Home::Schema))? {
            Turn::Text(text) => Some(text),
            // A mapping holds texts alone.
            Turn::Keep | Turn::Place(_) => None,
        })
    }
}

/// What is not searched for references of the specification.
#[derive(Clone, Copy, PartialEq)]
enum Data {
    /// Examples, defaults, enums.
    Value,
    /// What stands below `x-…`.
    Extension,
}

/// What becomes of a reference.
enum Turn {
    /// It stays as it is.
    Keep,
    /// It is spelt like this.
    Text(String),
    /// What it leads to takes its place.
    Place(At),
}

impl Turn {
    fn text(new: String, old: &str) -> Self {
        if new == old { Self::Keep } else { Self::Text(new) }
    }
}

/// A reference to a place in the document itself.
fn reference(tokens: &[String]) -> String {
    let mut pointer = String::new();
    tokens.iter().for_each(|token| place::push_token(&mut pointer, token));
    format!("#{}", encoded(&pointer))
}
