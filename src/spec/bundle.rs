//! Many files to one document: a root whose references lead to other files below its folder.
//!
//! [`join`] takes in what is reached: under `components` where the version has a home for it, in
//! the place of the reference where it has none. The document that comes out holds no reference to
//! another file and still knows the file, line and column of every node. Nothing is fetched: URLs
//! stay as they are. What may be opened below the folder is decided by the [`Source`]; a path that
//! leaves the folder is never asked of it.
//!
//! Each file is the base of its own references (RFC 3986 section 5.1); `$self` and `$id` are not
//! asked. Examples, defaults, enums and extensions are data and are not searched.

mod kind;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, OnceLock};

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::load::{bare, load};
use super::place::{self, Lines, line_and_column, short};
use super::refs::{self, Resolver, meaning, reference_of};
use super::sink::Sink;
use super::tree::{Kind, NodeId, Tree};
use super::{Dialect, Document, Fault, Limits, Place, Problem, ProblemKind, Severity};
use kind::{Home, Spot};

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

/// Where the nodes of a joined document were written.
#[derive(Debug)]
pub(super) struct Parts {
    files: Vec<Part>,
    /// By node: the number of its file, and the offset in that file's text.
    origins: Vec<(u32, u32)>,
}

#[derive(Debug)]
struct Part {
    /// `None` for the root, whose name is the caller's to say.
    name: Option<String>,
    text: Box<str>,
    lines: OnceLock<Lines>,
}

impl Parts {
    pub(super) fn place(&self, node: NodeId, pointer: String) -> Place {
        let (file, at) = self.origins[node.index()];
        let part = &self.files[file as usize];
        let lines = part.lines.get_or_init(|| Lines::of(&part.text));
        let (line, column) = lines.place(&part.text, at as usize);
        Place { pointer, line, column, file: part.name.clone() }
    }
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
    let Document { tree, syntax, format, reading_faults, references, lines, starts, model, .. } = document;
    let mut joiner = Joiner::new(tree, format.dialect, source, limits);
    let out = joiner.document().map_err(|refusal| *refusal)?;
    if joiner.files.len() == 1 && !joiner.changed {
        let tree = Arc::into_inner(joiner.files.swap_remove(0).tree).expect("the walk held no other");
        let left = joiner.left.into_iter().map(|(_, fault)| fault).collect();
        return Ok(Document {
            tree,
            syntax,
            format,
            reading_faults,
            references,
            lines,
            starts,
            model,
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

/// What a reference names, before anything is looked for.
#[derive(Debug, PartialEq)]
enum Reference<'r> {
    /// Something at a URL, which is nobody's to fetch.
    Elsewhere,
    /// A place in the same file: what stands behind `#`.
    Fragment(&'r str),
    /// A place in another file, named by a path that is still percent-encoded.
    File { path: &'r str, fragment: &'r str },
}

impl<'r> Reference<'r> {
    fn of(text: &'r str) -> Self {
        let (path, fragment) = text.split_once('#').unwrap_or((text, ""));
        if path.is_empty() {
            return Self::Fragment(fragment);
        }
        // RFC 3986 section 3.1. A drive letter looks like a scheme, and is as far away.
        let scheme = path.split_once(':').is_some_and(|(scheme, _)| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        });
        if scheme || path.starts_with("//") { Self::Elsewhere } else { Self::File { path, fragment } }
    }
}

/// A node of one of the files.
type At = (usize, NodeId);

/// Where a reference leads.
#[derive(Debug)]
enum Lead {
    /// To a URL: it stays as it is.
    Elsewhere,
    /// To this place in the root, by a reference that is right there.
    Root(String),
    /// To a node of a part.
    Part(At),
    /// Nowhere that may be entered, for this reason.
    Lost(Loss),
}

#[derive(Debug)]
struct Loss {
    rule: &'static str,
    message: String,
    help: &'static str,
    /// The reference as it has to be spelt in the root to mean the same.
    spelt: String,
}

struct File {
    /// Path below the root's folder, with `/` between its segments.
    path: String,
    tree: Arc<Tree>,
    faults: Vec<Fault>,
    anchors: HashMap<String, Option<NodeId>>,
}

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
    /// Whether the root itself would not do.
    changed: bool,
}

/// Characters that a fragment or a path of a URI holds only percent-encoded.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Links of a chain of references that are followed.
const CHAIN: usize = 64;

impl<'j> Joiner<'j> {
    fn new(root: Tree, dialect: Dialect, source: &'j Source<'j>, limits: &'j Limits) -> Self {
        let (bytes, nodes) = (root.source().len(), root.len());
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

    /// Names that stand in a home of the root already. An entry that is nothing but a reference to
    /// a part is where that part belongs.
    fn adopt(&mut self, home: Home) -> Result<(), Box<Refusal>> {
        let mut at = (0, NodeId::ROOT);
        for token in home.path(self.dialect) {
            let next = self.files[at.0].tree.get(at.1, token).map(|node| (at.0, node));
            let Some(next) = next else {
                return Ok(());
            };
            if home.path(self.dialect).last() == Some(token) {
                let names = self.files[next.0].tree.members(next.1).map(|(name, _)| name.to_owned());
                self.taken.entry(home).or_default().extend(names);
            }
            at = self.behind(next)?;
        }
        let tree = Arc::clone(&self.files[at.0].tree);
        let mut aliases = Vec::new();
        for (name, value) in tree.members(at.1) {
            self.taken.entry(home).or_default().insert(name.to_owned());
            let Some(text) = reference_of(&tree, value).filter(|_| self.is_alias(&tree, value, home)) else {
                continue;
            };
            let by = (at.0, tree.get(value, "$ref").unwrap_or(value));
            if let Lead::Part(first) = self.lead(by, text)?
                && let Lead::Part(target) = self.settle(first, Some(home))?
                && self.fits(target, home)
            {
                if first == target {
                    self.claim(target, home, name);
                } else {
                    aliases.push((target, name));
                }
            }
        }
        // A name that leads there by way of another yields to that.
        for (target, name) in aliases {
            self.claim(target, home, name);
        }
        Ok(())
    }

    fn claim(&mut self, target: At, home: Home, name: &str) {
        self.names.entry((target, home)).or_insert_with(|| name.to_owned());
        self.homes.entry(target).or_insert(home);
    }

    /// What stands behind a chain of references, whatever it says beside them; the last that can be
    /// reached.
    fn behind(&mut self, at: At) -> Result<At, Box<Refusal>> {
        let mut at = at;
        for _ in 0..CHAIN {
            let tree = Arc::clone(&self.files[at.0].tree);
            let Some(reference) = tree.get(at.1, "$ref") else {
                break;
            };
            let Some(text) = tree.text(reference) else {
                break;
            };
            match self.lead((at.0, reference), text)? {
                Lead::Part(next) => at = next,
                Lead::Root(reference) => match self.in_root(&reference) {
                    Some(node) => at = (0, node),
                    None => break,
                },
                Lead::Elsewhere | Lead::Lost(_) => break,
            }
        }
        Ok(at)
    }

    fn in_root(&self, reference: &str) -> Option<NodeId> {
        Resolver::new(&self.files[0].tree, self.dialect, usize::MAX).target(NodeId::ROOT, reference).node()
    }

    /// Whether what stands beside a reference there has no effect.
    fn is_alias(&self, tree: &Tree, node: NodeId, home: Home) -> bool {
        tree.entries(node).len() == 1 || (self.dialect < Dialect::V31 && home != Home::PathItem)
    }

    /// Whether the home takes such a value.
    fn fits(&self, (file, node): At, home: Home) -> bool {
        match self.files[file].tree.kind(node) {
            Kind::Object => true,
            Kind::True | Kind::False => home == Home::Schema && self.dialect >= Dialect::V31,
            _ => false,
        }
    }

    /// Follows references that are nothing but that.
    fn settle(&mut self, start: At, home: Option<Home>) -> Result<Lead, Box<Refusal>> {
        let mut at = start;
        let mut seen = vec![start];
        while seen.len() < CHAIN {
            let tree = Arc::clone(&self.files[at.0].tree);
            let alone =
                tree.entries(at.1).len() == 1 || home.is_some_and(|home| self.is_alias(&tree, at.1, home));
            let Some(text) = reference_of(&tree, at.1).filter(|_| alone) else {
                return Ok(Lead::Part(at));
            };
            let by = (at.0, tree.get(at.1, "$ref").unwrap_or(at.1));
            match self.lead(by, text)? {
                Lead::Part(next) if seen.contains(&next) => break,
                Lead::Part(next) => {
                    seen.push(next);
                    at = next;
                }
                Lead::Root(reference) => return Ok(Lead::Root(reference)),
                // What is wrong is said where the part is taken in.
                Lead::Elsewhere | Lead::Lost(_) => return Ok(Lead::Part(at)),
            }
        }
        Ok(Lead::Part(start))
    }

    /// Where a reference leads that stands at `by`.
    fn lead(&mut self, by: At, text: &str) -> Result<Lead, Box<Refusal>> {
        let (path, fragment) = match Reference::of(text) {
            Reference::Elsewhere => return Ok(Lead::Elsewhere),
            Reference::Fragment(fragment) => (None, fragment),
            Reference::File { path, fragment } => (Some(path), fragment),
        };
        let (file, spelt) = match path {
            None => (by.0, encoded(&self.files[by.0].path)),
            Some(path) => match self.file(by, path, fragment, text)? {
                Ok(found) => found,
                Err(loss) => return Ok(Lead::Lost(loss)),
            },
        };
        if file == 0 {
            self.changed |= path.is_some();
            // Pointers of the root stay right; the names of anchors might not stay alone.
            let anchor = !fragment.is_empty() && !fragment.starts_with(['/', '%']);
            let known = if anchor { self.fragment(0, fragment)? } else { None };
            return Ok(match known {
                Some((0, node)) => Lead::Root(self.pointer_reference(0, node)),
                _ => Lead::Root(format!("#{fragment}")),
            });
        }
        Ok(match self.fragment(file, fragment)? {
            Some((0, node)) => Lead::Root(self.pointer_reference(0, node)),
            Some(at) => Lead::Part(at),
            None => {
                let name = self.name(file);
                Lead::Lost(Loss {
                    rule: "ref-dangling",
                    message: format!("`{}` leads nowhere: there is no such place in `{name}`", short(text)),
                    help: "Mend the pointer, or add what it names.",
                    spelt: format!("{spelt}#{fragment}"),
                })
            }
        })
    }

    fn pointer_reference(&self, file: usize, node: NodeId) -> String {
        format!("#{}", encoded(&place::pointer(&self.files[file].tree, node)))
    }

    /// The file that a path names, and how the path is spelt in the root.
    fn file(
        &mut self,
        by: At,
        path: &str,
        fragment: &str,
        text: &str,
    ) -> Result<Result<(usize, String), Loss>, Box<Refusal>> {
        let decoded = percent_decode_str(path).decode_utf8();
        let decoded = decoded.as_deref().unwrap_or(path);
        let fragment = if text.contains('#') { format!("#{fragment}") } else { String::new() };
        let outside = |spelt: String| Loss {
            rule: "ref-external",
            message: format!(
                "`{}` leads out of the folder of the root document, and is not opened",
                short(text)
            ),
            help: "Keep every part below the folder of the root document.",
            spelt,
        };
        let Some(joined) = resolved(&self.files[by.0].path, decoded) else {
            return Ok(Err(outside(text.to_owned())));
        };
        let mut names = vec![joined];
        // A name that holds a percent sign is often written unescaped.
        names.extend(resolved(&self.files[by.0].path, path).filter(|raw| *raw != names[0]));
        let mut why = Unread::Missing;
        for name in &names {
            match self.open_file(by, name)? {
                Ok(file) => return Ok(Ok((file, encoded(name)))),
                Err(Unread::Missing) => {}
                Err(other) => {
                    why = other;
                    break;
                }
            }
        }
        let spelt = format!("{}{fragment}", encoded(&names[0]));
        let shown = format!("{}{}", self.source.prefix, names[0]);
        Ok(Err(match why {
            Unread::Missing => Loss {
                rule: "ref-dangling",
                message: format!("`{}` leads nowhere: there is no file `{shown}`", short(text)),
                help: "Mend the path, or add the file.",
                spelt,
            },
            Unread::Failed(reason) => Loss {
                rule: "ref-dangling",
                message: format!("`{}` leads nowhere: `{shown}` cannot be read: {reason}", short(text)),
                help: "Make it a file that can be read.",
                spelt,
            },
            Unread::Refused(reason) => Loss {
                message: format!("`{}` is not opened: `{shown}` {reason}", short(text)),
                ..outside(spelt)
            },
            // It was said as a refusal of the whole.
            Unread::TooLarge => outside(spelt),
        }))
    }

    /// Opens a file once, and keeps what came of it.
    fn open_file(&mut self, by: At, path: &str) -> Result<Result<usize, Unread>, Box<Refusal>> {
        if let Some(found) = self.found.get(path) {
            return Ok(found.clone());
        }
        if self.files.len() >= MOST_FILES {
            let message = format!("the document is joined from more than {MOST_FILES} files");
            let way_out = "Join fewer files, or bundle the folder's parts before.";
            return Err(self.refusal(by, ProblemKind::TooManyFiles, message, way_out));
        }
        let left = self.limits.bytes.saturating_sub(self.bytes);
        let too_large = |joiner: &Self| {
            let message = format!(
                "the files together have more than the {} bytes that are allowed",
                joiner.limits.bytes
            );
            joiner.refusal(
                by,
                ProblemKind::TooLarge,
                message,
                "Split the document, or raise the limit on bytes.",
            )
        };
        let found = match (self.source.read)(path, left) {
            Ok(bytes) if bytes.len() > left => return Err(too_large(self)),
            Err(Unread::TooLarge) => return Err(too_large(self)),
            Ok(bytes) => match self.part(by, path, &bytes) {
                // Prose, perhaps: only what is called JSON or YAML has to be that.
                Err(refusal) if refusal.problem.kind == ProblemKind::Syntax && !is_notation(path) => {
                    Err(Unread::Failed("it is neither JSON nor YAML".to_owned()))
                }
                read => Ok(read?),
            },
            Err(why) => Err(why),
        };
        self.found.insert(path.to_owned(), found.clone());
        Ok(found)
    }

    fn part(&mut self, by: At, path: &str, bytes: &[u8]) -> Result<usize, Box<Refusal>> {
        let limits = Limits { nodes: self.limits.nodes.saturating_sub(self.nodes), ..self.limits.clone() };
        let name = format!("{}{path}", self.source.prefix);
        let (tree, _, faults) = bare(bytes.into(), &limits).map_err(|problem| {
            if problem.kind == ProblemKind::TooManyNodes {
                return self.too_many(by);
            }
            Box::new(Refusal { file: name.clone(), problem })
        })?;
        if tree.is_empty() {
            let problem = Problem {
                kind: ProblemKind::Empty,
                message: "the file holds nothing but comments".into(),
                pointer: String::new(),
                line: 1,
                column: 1,
                way_out: "Write the part, or remove the reference to it.",
            };
            return Err(Box::new(Refusal { file: name, problem }));
        }
        self.bytes += bytes.len();
        self.nodes += tree.len();
        self.files.push(File {
            path: path.to_owned(),
            tree: Arc::new(tree),
            faults,
            anchors: HashMap::new(),
        });
        Ok(self.files.len() - 1)
    }

    /// How messages name a file.
    fn name(&self, file: usize) -> String {
        format!("{}{}", self.source.prefix, self.files[file].path)
    }

    fn too_many(&self, by: At) -> Box<Refusal> {
        let message = format!("the files together have more than {} values", self.limits.nodes);
        self.refusal(
            by,
            ProblemKind::TooManyNodes,
            message,
            "Split the document, or raise the limit on nodes.",
        )
    }

    /// A bound that was reached, at the place of what asked for more.
    fn refusal(&self, by: At, kind: ProblemKind, message: String, way_out: &'static str) -> Box<Refusal> {
        let tree = &self.files[by.0].tree;
        let (line, column) = line_and_column(tree.source(), tree.offset(by.1));
        let pointer = place::pointer(tree, by.1);
        let problem = Problem { kind, message, pointer, line, column, way_out };
        Box::new(Refusal { file: self.name(by.0), problem })
    }

    /// The node that a fragment names in a file. Where a pointer meets a reference on its way, it
    /// goes on behind it.
    fn fragment(&mut self, file: usize, fragment: &str) -> Result<Option<At>, Box<Refusal>> {
        let decoded = percent_decode_str(fragment).decode_utf8();
        let decoded = decoded.as_deref().unwrap_or(fragment);
        if decoded.is_empty() {
            return Ok(Some((file, NodeId::ROOT)));
        }
        if !decoded.starts_with('/') {
            let found = match self.files[file].anchors.get(decoded) {
                Some(found) => *found,
                None => {
                    let tree = Arc::clone(&self.files[file].tree);
                    let reference = format!("#{fragment}");
                    let mut resolver = Resolver::new(&tree, self.dialect, usize::MAX);
                    let found = resolver.target(NodeId::ROOT, &reference).node();
                    self.files[file].anchors.insert(decoded.to_owned(), found);
                    found
                }
            };
            return Ok(found.map(|node| (file, node)));
        }
        match self.walk(file, decoded)? {
            None if decoded != fragment => self.walk(file, fragment),
            found => Ok(found),
        }
    }

    fn walk(&mut self, file: usize, pointer: &str) -> Result<Option<At>, Box<Refusal>> {
        if let Some(node) = place::locate(&self.files[file].tree, pointer) {
            return Ok(Some((file, node)));
        }
        let mut at = (file, NodeId::ROOT);
        let mut links = 0;
        for token in pointer.split('/').skip(1) {
            loop {
                let tree = Arc::clone(&self.files[at.0].tree);
                if let Some(node) = place::step(&tree, at.1, token) {
                    at.1 = node;
                    break;
                }
                links += 1;
                // Pointers through references through references can have no end.
                let ends = self.nested >= 2 || links > 16;
                let Some(reference) = tree.get(at.1, "$ref").filter(|_| !ends) else {
                    return Ok(None);
                };
                let Some(text) = tree.text(reference) else {
                    return Ok(None);
                };
                self.nested += 1;
                let lead = self.lead((at.0, reference), text);
                self.nested -= 1;
                match lead? {
                    Lead::Part(next) => at = next,
                    Lead::Root(reference) => match self.in_root(&reference) {
                        Some(node) => at = (0, node),
                        None => return Ok(None),
                    },
                    Lead::Elsewhere | Lead::Lost(_) => return Ok(None),
                }
            }
        }
        Ok(Some(at))
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
            Lead::Root(reference) => return Ok(Turn::text(reference, text)),
            Lead::Lost(loss) => {
                let Loss { rule, message, help, spelt } = loss;
                let fault = Fault { rule, severity: Severity::Error, message, node: by.1, help };
                self.left.push((by, fault));
                // In the root it is right as it is.
                return Ok(if by.0 == 0 { Turn::Keep } else { Turn::text(spelt, text) });
            }
            Lead::Part(target) => target,
        };
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

    /// Where a target stands in the document that is being made, as tokens of a pointer.
    fn housed(&mut self, target: At, home: Home) -> Vec<String> {
        let start = |dialect: Dialect| home.path(dialect).iter().map(|token| (*token).to_owned());
        if let Some(name) = self.names.get(&(target, home)) {
            return start(self.dialect).chain([name.clone()]).collect();
        }
        if let Some(pointer) = self.below_a_home(target) {
            return pointer;
        }
        let name = self.unique(target, home);
        self.names.insert((target, home), name.clone());
        self.homes.entry(target).or_insert(home);
        self.todo.push_back((target, home, name.clone()));
        start(self.dialect).chain([name]).collect()
    }

    /// The way to a target that lies within something that has been given a home.
    fn below_a_home(&self, (file, node): At) -> Option<Vec<String>> {
        let tree = &self.files[file].tree;
        let pointer = place::pointer(tree, node);
        let tokens: Vec<&str> = pointer.split('/').skip(1).collect();
        let mut at = NodeId::ROOT;
        for (index, token) in tokens.iter().enumerate() {
            if let Some(home) = self.homes.get(&(file, at)) {
                let name = self.names.get(&((file, at), *home))?;
                let start = home.path(self.dialect).iter().map(|token| (*token).to_owned());
                let rest = tokens[index..].iter().map(|token| token.replace("~1", "/").replace("~0", "~"));
                return Some(start.chain([name.clone()]).chain(rest).collect());
            }
            at = place::step(tree, at, token)?;
        }
        None
    }

    /// A readable name that nothing else in the home has: the last token of the pointer, or the
    /// file's name without its ending.
    fn unique(&mut self, (file, node): At, home: Home) -> String {
        let pointer = place::pointer(&self.files[file].tree, node);
        let token = pointer.rsplit('/').next().filter(|token| !token.is_empty());
        let token = token.map(|token| token.replace("~1", "/").replace("~0", "~"));
        let mut folders: Vec<&str> = self.files[file].path.split('/').collect();
        let name = folders.pop().unwrap_or_default();
        let mut stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        // `pet/index.yaml` is about pets.
        if matches!(stem, "index" | "_index") {
            stem = folders.pop().unwrap_or(stem);
        }
        let folder = folders.pop();
        let mut wishes = vec![token.clone().unwrap_or_else(|| stem.to_owned())];
        wishes.extend(
            token.map(|token| format!("{stem}_{token}")).or_else(|| Some(format!("{}_{stem}", folder?))),
        );
        let taken = self.taken.entry(home).or_default();
        let wishes: Vec<String> = wishes.iter().map(|wish| plain(wish)).collect();
        let mut names = wishes.iter().cloned().chain((2..).map(|number| format!("{}_{number}", wishes[0])));
        // Names without end, of which finitely many are taken.
        let name = names.find(|name| !taken.contains(name)).unwrap_or_default();
        taken.insert(name.clone());
        name
    }

    /// Puts a target in the place of what refers to it.
    fn place(&mut self, target: At, place: refs::Place, spot: Spot) -> Result<usize, Box<Refusal>> {
        if self.open.len() + self.path.len() >= self.limits.depth {
            let by = self.via.last().copied().unwrap_or(target);
            let message = format!("references put more than {} parts within each other", self.limits.depth);
            let way_out = "Let references lead to their target without detours.";
            return Err(self.refusal(by, ProblemKind::TooDeep, message, way_out));
        }
        if let Some((.., depth)) = self.open.iter().find(|(at, kind, _)| (*at, *kind) == (target, spot)) {
            // It is being put in place further up: that is where a reference can lead.
            let text = reference(&self.path[..*depth]);
            let by = self.via.last().copied().unwrap_or(target);
            let value = self.make(by, Shape::Text(text))?;
            return self.make(by, Shape::Object(vec![("$ref".into(), value)]));
        }
        self.open.push((target, spot, self.path.len()));
        let made = self.build(target, place, spot)?;
        self.open.pop();
        Ok(made)
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
            && let Lead::Part(target) = self.lead((at.0, reference), text)?
            && !self.open.iter().any(|(open, ..)| *open == target)
            && self.open.len() + self.path.len() < self.limits.depth
        {
            self.via.push((at.0, reference));
            self.open.push((target, Spot::Other, self.path.len()));
            let made = self.copy(target, data)?;
            self.open.pop();
            self.via.pop();
            return Ok(made);
        }
        let shape = match tree.kind(at.1) {
            Kind::Array => {
                let mut items = Vec::with_capacity(tree.items(at.1).len());
                for item in tree.items(at.1) {
                    self.deeper(at, "")?;
                    items.push(self.copy((at.0, *item), data)?);
                    self.path.pop();
                }
                Shape::Array(items)
            }
            Kind::Object => {
                let mut members = Vec::with_capacity(tree.entries(at.1).len());
                for (key, value) in tree.members(at.1) {
                    self.deeper(at, "")?;
                    members.push((key.into(), self.copy((at.0, value), data)?));
                    self.path.pop();
                }
                Shape::Object(members)
            }
            _ => Shape::Same,
        };
        self.make(at, shape)
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

    /// Adds what was taken in to its home in the root, which is made where there is none.
    fn house(&mut self, root: usize, home: Home, members: Vec<(Box<str>, usize)>) {
        let mut at = root;
        for token in home.path(self.dialect) {
            let Shape::Object(entries) = &self.made[at].shape else {
                return;
            };
            let known = entries.iter().position(|(key, _)| &**key == *token);
            let child = known.map(|index| entries[index].1);
            at = match child {
                Some(child) if matches!(self.made[child].shape, Shape::Object(_)) => child,
                _ => {
                    let from = self.made[at].from;
                    self.made.push(Made { from, shape: Shape::Object(Vec::new()) });
                    let new = self.made.len() - 1;
                    if let Shape::Object(entries) = &mut self.made[at].shape {
                        match known {
                            Some(index) => entries[index].1 = new,
                            None => entries.push(((*token).into(), new)),
                        }
                    }
                    new
                }
            };
        }
        if let Shape::Object(entries) = &mut self.made[at].shape {
            entries.extend(members);
        }
    }

    /// Prints and reads what was made, and lays the origins beside it.
    fn finish(self, root: usize, syntax: super::Syntax) -> Result<Document, Box<Refusal>> {
        let mut order = Vec::with_capacity(self.made.len());
        let name = self.name(0);
        let whole = |problem: Problem| Box::new(Refusal { file: name.clone(), problem });
        let mut sink = Sink::new(self.limits, "");
        self.pour(root, &mut sink, &mut order).map_err(|stop| {
            let from = order.last().copied().unwrap_or((0, NodeId::ROOT));
            self.refusal(from, stop.kind, stop.message, stop.way_out)
        })?;
        let (tree, _) = sink.finish();
        let text = super::print::print(&tree, syntax);
        drop(tree);
        let mut document = load(text.as_bytes(), self.limits).map_err(whole)?;
        // One node for each that was poured, in the order of the text.
        if document.tree.len() != order.len() {
            let message = "what was joined does not read back the same".to_owned();
            return Err(self.refusal((0, NodeId::ROOT), ProblemKind::Syntax, message, ""));
        }
        let mut nodes: HashMap<At, NodeId> = HashMap::new();
        for (index, from) in order.iter().enumerate() {
            nodes.entry(*from).or_insert(NodeId(u32::try_from(index).unwrap_or(u32::MAX)));
        }
        for (file, part) in self.files.iter().enumerate() {
            let here =
                |fault: &Fault| Some(Fault { node: *nodes.get(&(file, fault.node))?, ..fault.clone() });
            document.reading_faults.extend(part.faults.iter().filter_map(here));
        }
        let mut left: Vec<Fault> = Vec::new();
        let mut said: HashSet<NodeId> = HashSet::new();
        let lost: HashMap<At, &Fault> = self.left.iter().map(|(at, fault)| (*at, fault)).collect();
        for (index, from) in order.iter().enumerate() {
            let node = NodeId(u32::try_from(index).unwrap_or(u32::MAX));
            if let Some(fault) = lost.get(from).filter(|_| said.insert(node)) {
                left.push(Fault { node, ..(*fault).clone() });
            }
        }
        document.left = left;
        let offset = |(file, node): At| {
            let at = u32::try_from(self.files[file].tree.offset(node)).unwrap_or(u32::MAX);
            (u32::try_from(file).unwrap_or(u32::MAX), at)
        };
        let origins = order.iter().map(|from| offset(*from)).collect();
        let prefix = &self.source.prefix;
        let part = |(number, file): (usize, File)| Part {
            name: (number > 0).then(|| format!("{prefix}{}", file.path)),
            text: Arc::into_inner(file.tree).map(|tree| tree.text).expect("nothing else holds it"),
            lines: OnceLock::new(),
        };
        let files = self.files.into_iter().enumerate().map(part).collect();
        document.parts = Some(Box::new(Parts { files, origins }));
        Ok(document)
    }

    fn pour(&self, made: usize, sink: &mut Sink<'_>, order: &mut Vec<At>) -> Result<(), super::sink::Stop> {
        let node = &self.made[made];
        order.push(node.from);
        let tree = &self.files[node.from.0].tree;
        match &node.shape {
            Shape::Text(text) => {
                sink.decoded(Kind::Text, 0, text)?;
            }
            Shape::Same => {
                match tree.kind(node.from.1) {
                    Kind::Text => sink.decoded(Kind::Text, 0, tree.text(node.from.1).unwrap_or_default())?,
                    Kind::Number => sink.decoded(Kind::Number, 0, tree.number(node.from.1).unwrap_or("0"))?,
                    kind => sink.plain(kind, 0)?,
                };
            }
            Shape::Array(items) => {
                sink.open(Kind::Array, 0)?;
                for item in items {
                    self.pour(*item, sink, order)?;
                }
                sink.close()?;
            }
            Shape::Object(members) => {
                sink.open(Kind::Object, 0)?;
                for (key, member) in members {
                    sink.key(key, 0);
                    self.pour(*member, sink, order)?;
                }
                sink.close()?;
            }
        }
        Ok(())
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

/// Whether a file is called JSON or YAML.
fn is_notation(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    [".json", ".yaml", ".yml"].iter().any(|ending| path.ends_with(ending))
}

/// A reference to a place in the document itself.
fn reference(tokens: &[String]) -> String {
    let mut pointer = String::new();
    tokens.iter().for_each(|token| place::push_token(&mut pointer, token));
    format!("#{}", encoded(&pointer))
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// A path against that of the file which names it; `None` where it leaves the folder.
fn resolved(base: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut segments: Vec<&str> = base.split('/').collect();
    segments.pop();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            other => segments.push(other),
        }
    }
    Some(segments.join("/"))
}

/// Only what a component may be named.
fn plain(name: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let name: String = name.trim_matches('/').chars().map(letter).collect();
    if name.is_empty() { "part".to_owned() } else { name }
}
