//! Where references of several files lead, and which files that opens.
//!
//! A path is decoded before it is judged, and one that leaves the root's folder is never asked of
//! the source. What was opened is kept, so that each file is read once.

use std::collections::HashMap;
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::kind::Home;
use super::{At, Joiner, MOST_FILES, Refusal, Unread};
use crate::spec::load::bare;
use crate::spec::place::{self, line_and_column, short};
use crate::spec::refs::{Resolver, reference_of};
use crate::spec::tree::{NodeId, Tree};
use crate::spec::{Fault, Limits, Problem, ProblemKind};

/// What a reference names, before anything is looked for.
#[derive(Debug, PartialEq)]
pub(super) enum Reference<'r> {
    /// Something at a URL, which is nobody's to fetch.
    Elsewhere,
    /// A place in the same file: what stands behind `#`.
    Fragment(&'r str),
    /// A place in another file, named by a path that is still percent-encoded.
    File { path: &'r str, fragment: &'r str },
}

impl<'r> Reference<'r> {
    pub(super) fn of(text: &'r str) -> Self {
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

/// Where a reference leads.
#[derive(Debug)]
pub(super) enum Lead {
    /// To a URL, or to what has one in the root: it stays as it is.
    Elsewhere,
    /// To this place in the root, by a reference that is right there.
    Root(String),
    /// To a node of a part.
    Part(At),
    /// Nowhere that may be entered, for this reason.
    Lost(Loss),
}

#[derive(Debug)]
pub(super) struct Loss {
    pub(super) rule: &'static str,
    pub(super) message: String,
    pub(super) help: &'static str,
    /// The reference as it has to be spelt in the root to mean the same.
    pub(super) spelt: String,
}

pub(super) struct File {
    /// Path below the root's folder, with `/` between its segments.
    pub(super) path: String,
    pub(super) tree: Arc<Tree>,
    pub(super) faults: Vec<Fault>,
    pub(super) anchors: HashMap<String, Option<NodeId>>,
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

impl Joiner<'_> {
    /// Follows references that are nothing but that.
    pub(super) fn settle(&mut self, start: At, home: Option<Home>) -> Result<Lead, Box<Refusal>> {
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
    pub(super) fn lead(&mut self, by: At, text: &str) -> Result<Lead, Box<Refusal>> {
        let (path, fragment) = match Reference::of(text) {
            Reference::Elsewhere => return Ok(Lead::Elsewhere),
            Reference::Fragment(fragment) => (None, fragment),
            // A schema of the root goes by this URI.
            Reference::File { .. } if by.0 == 0 && self.own.contains(&by.1) => return Ok(Lead::Elsewhere),
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

    pub(super) fn pointer_reference(&self, file: usize, node: NodeId) -> String {
        format!("#{}", encoded(&place::pointer(&self.files[file].tree, node)))
    }

    /// The file that a path names, and how the path is spelt in the root.
    pub(super) fn file(
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
    pub(super) fn open_file(&mut self, by: At, path: &str) -> Result<Result<usize, Unread>, Box<Refusal>> {
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

    pub(super) fn part(&mut self, by: At, path: &str, bytes: &[u8]) -> Result<usize, Box<Refusal>> {
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

    /// The node that a fragment names in a file. Where a pointer meets a reference on its way, it
    /// goes on behind it.
    pub(super) fn fragment(&mut self, file: usize, fragment: &str) -> Result<Option<At>, Box<Refusal>> {
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

    pub(super) fn walk(&mut self, file: usize, pointer: &str) -> Result<Option<At>, Box<Refusal>> {
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

    /// A value and what references of it lead to, one behind the other.
    pub(super) fn layers(&mut self, at: At) -> Result<Vec<At>, Box<Refusal>> {
        let mut layers = vec![at];
        let mut at = at;
        while layers.len() < CHAIN {
            let tree = Arc::clone(&self.files[at.0].tree);
            let Some(reference) = tree.get(at.1, "$ref") else {
                break;
            };
            let Some(text) = tree.text(reference) else {
                break;
            };
            match self.lead((at.0, reference), text)? {
                Lead::Part(next) if !layers.contains(&next) => {
                    layers.push(next);
                    at = next;
                }
                _ => break,
            }
        }
        Ok(layers)
    }

    pub(super) fn in_root(&self, reference: &str) -> Option<NodeId> {
        Resolver::new(&self.files[0].tree, self.dialect, usize::MAX).target(NodeId::ROOT, reference).node()
    }

    /// How messages name a file.
    pub(super) fn name(&self, file: usize) -> String {
        format!("{}{}", self.source.prefix, self.files[file].path)
    }

    pub(super) fn too_many(&self, by: At) -> Box<Refusal> {
        let message = format!("the files together have more than {} values", self.limits.nodes);
        self.refusal(
            by,
            ProblemKind::TooManyNodes,
            message,
            "Split the document, or raise the limit on nodes.",
        )
    }

    /// A bound that was reached, at the place of what asked for more.
    pub(super) fn refusal(
        &self,
        by: At,
        kind: ProblemKind,
        message: String,
        way_out: &'static str,
    ) -> Box<Refusal> {
        let tree = &self.files[by.0].tree;
        let (line, column) = line_and_column(tree.source(), tree.offset(by.1));
        let pointer = place::pointer(tree, by.1);
        let problem = Problem { kind, message, pointer, line, column, way_out };
        Box::new(Refusal { file: self.name(by.0), problem })
    }
}

/// Whether a file is called JSON or YAML.
pub(super) fn is_notation(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    [".json", ".yaml", ".yml"].iter().any(|ending| path.ends_with(ending))
}

pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// A path against that of the file which names it; `None` where it leaves the folder.
pub(super) fn resolved(base: &str, path: &str) -> Option<String> {
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
