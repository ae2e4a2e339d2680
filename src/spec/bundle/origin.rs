//! The joined document as text, with the way back from each of its nodes to the file it is of.
//!
//! Ids of nodes run in document order, so a list beside the text is all it takes.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::lead::File;
use super::{At, Joiner, Refusal, Shape};
use crate::spec::load::load;
use crate::spec::place::Lines;
use crate::spec::print::print;
use crate::spec::sink::{Sink, Stop};
use crate::spec::tree::{Kind, NodeId};
use crate::spec::{Document, Fault, Place, Problem, ProblemKind, Syntax};

/// Where the nodes of a joined document were written.
#[derive(Debug)]
pub(in crate::spec) struct Parts {
    files: Vec<Part>,
    /// By node: the number of its file, and the offset in that file's text.
    origins: Vec<(u32, u32)>,
}

#[derive(Debug)]
struct Part {
    /// `None` for the root, whose name is the caller's to say.
    name: Option<String>,
    text: Box<str>,
    lines: Lines,
}

impl Parts {
    pub(in crate::spec) fn place(&self, node: NodeId, pointer: String) -> Place {
        let (file, at) = self.origins[node.index()];
        let part = &self.files[file as usize];
        let (line, column) = part.lines.place(&part.text, at as usize);
        Place { pointer, line, column, file: part.name.clone() }
    }
}

impl Joiner<'_> {
    /// Prints and reads what was made, and lays the origins beside it.
    pub(super) fn finish(self, root: usize, syntax: Syntax) -> Result<Document, Box<Refusal>> {
        let mut order = Vec::with_capacity(self.made.len());
        let name = self.name(0);
        let whole = |problem: Problem| Box::new(Refusal { file: name.clone(), problem });
        let mut sink = Sink::new(self.limits, "");
        self.pour(root, &mut sink, &mut order).map_err(|stop| {
            let from = order.last().copied().unwrap_or((0, NodeId::ROOT));
            self.refusal(from, stop.kind, stop.message, stop.way_out)
        })?;
        let (tree, _) = sink.finish();
        let text = print(&tree, syntax);
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
            lines: Lines::default(),
        };
        let files = self.files.into_iter().enumerate().map(part).collect();
        document.parts = Some(Box::new(Parts { files, origins }));
        Ok(document)
    }

    fn pour(&self, made: usize, sink: &mut Sink<'_>, order: &mut Vec<At>) -> Result<(), Stop> {
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
