//! The one way to fill a [`Tree`]: JSON lexer and YAML events drive it.
//!
//! It keeps the bounds (depth, nodes, alias expansion), finds repeated keys and merges `<<`, so
//! that both syntaxes do all of that alike. It does not read text.
//!
//! Members wait on one pending stack and are copied out when their container closes. A repeated
//! key is seen there by a stamp per key; stamping as keys arrive would miss repeats around a
//! nested object.

use std::collections::HashMap;

use super::hash::{self, Hash};
use super::keys::{Keys, Spot};
use super::place;
use super::tree::{
    COPIED, Entry, INDEXED_ABOVE, KeyId, Kind, Node, NodeId, REFERENCE, REFERS, RESPELT, SIDE, Tree,
};
use super::{Fault, Limits, ProblemKind, Severity};

/// Why reading stops, before line and column are known.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) kind: ProblemKind,
    pub(super) message: String,
    pub(super) pointer: String,
    pub(super) at: usize,
    pub(super) way_out: &'static str,
}

/// The key of a member that `<<` stands for until its container closes.
const MERGE: KeyId = KeyId(u32::MAX);
/// No key: an item of an array, or the root.
const NO_KEY: KeyId = KeyId(u32::MAX - 1);

#[derive(Clone, Copy)]
struct Pending {
    key: KeyId,
    key_at: u32,
    node: NodeId,
}

struct Frame {
    node: NodeId,
    start: usize,
    merges: bool,
    /// The innermost key that it stands within.
    within: KeyId,
}

/// Collects the nodes of one document.
pub(super) struct Sink<'l> {
    limits: &'l Limits,
    text: &'l str,
    side: String,
    nodes: Vec<Node>,
    hashes: Vec<Hash>,
    items: Vec<NodeId>,
    entries: Vec<Entry>,
    keys: Keys,
    /// The key `$ref`.
    reference: KeyId,
    /// By key: the hash of its text.
    key_hashes: Vec<Hash>,
    words: [Hash; 3],
    index: HashMap<NodeId, Box<[(KeyId, u32)]>>,
    pending: Vec<Pending>,
    frames: Vec<Frame>,
    key: (KeyId, u32),
    /// By key: the number of the closing container that saw it last.
    stamps: Vec<u32>,
    closings: u32,
    copied: usize,
    faults: Vec<Fault>,
}

/// Bytes of a text from which on room that is not used is kept: whole pages of it are never touched and cost nothing,
/// where giving them back may move the rest.
const LARGE: usize = 1 << 20;

impl<'l> Sink<'l> {
    pub(super) fn new(limits: &'l Limits, text: &'l str) -> Self {
        // Formatted documents have a value for some 20 to 40 bytes, and up to half of their text is prose.
        // What is not used is never touched and given back; growing step by step leaves holes behind.
        let guess = (text.len() / 32).min(limits.nodes);
        let mut keys = Keys::new();
        let reference = keys.intern(REFERENCE);
        Self {
            limits,
            text,
            side: String::with_capacity(text.len() / 2),
            nodes: Vec::with_capacity(guess),
            hashes: Vec::with_capacity(guess),
            items: Vec::with_capacity(guess / 2),
            entries: Vec::with_capacity(guess),
            keys,
            key_hashes: vec![hash::of_text(REFERENCE)],
            reference,
            words: hash::of_words(),
            index: HashMap::new(),
            pending: Vec::new(),
            frames: Vec::new(),
            key: (NO_KEY, 0),
            stamps: Vec::new(),
            closings: 0,
            copied: 0,
            faults: Vec::new(),
        }
    }

    /// The key of the next value.
    pub(super) fn key(&mut self, text: &str, at: usize) {
        let key = self.keys.intern(text);
        if key.0 as usize == self.key_hashes.len() {
            self.key_hashes.push(hash::of_text(text));
        }
        self.key = (key, offset(at));
    }

    /// Takes the key of the next value where it is the likely one, as `text` begins: how long it is.
    pub(super) fn likely_key(&mut self, text: &[u8], at: usize) -> Option<usize> {
        let (key, length) = self.keys.likely(text)?;
        self.key = (key, offset(at));
        Some(length)
    }

    /// The next value is what YAML's `<<` merges into the open object.
    pub(super) fn merge_key(&mut self, at: usize) {
        self.key = (MERGE, offset(at));
        if let Some(frame) = self.frames.last_mut() {
            frame.merges = true;
        }
    }

    /// Where the key of the next value stands, if it has one.
    pub(super) fn key_offset(&self) -> Option<usize> {
        (self.key.0 != NO_KEY).then_some(self.key.1 as usize)
    }

    pub(super) fn plain(&mut self, kind: Kind, at: usize) -> Result<NodeId, Stop> {
        let hash = match kind {
            Kind::Null => self.words[0],
            Kind::False => self.words[1],
            Kind::True => self.words[2],
            // Known when it closes.
            _ => Hash::default(),
        };
        self.add(Node { at: offset(at), a: 0, b: 0, kind, flags: 0 }, hash)
    }

    /// A number or string that stands in the document's text as it is.
    pub(super) fn raw(&mut self, kind: Kind, at: usize, start: usize, len: usize) -> Result<NodeId, Stop> {
        let hash = scalar_hash(kind, self.text.get(start..start + len).unwrap_or_default());
        self.add(Node { at: offset(at), a: offset(start), b: offset(len), kind, flags: 0 }, hash)
    }

    /// A number or string that is written another way in the document's text.
    pub(super) fn decoded(&mut self, kind: Kind, at: usize, text: &str) -> Result<NodeId, Stop> {
        if self.side.len() + text.len() > u32::MAX as usize {
            return Err(self.stop(ProblemKind::TooLarge, at, "the decoded strings exceed 4 GiB".into(), ""));
        }
        let start = offset(self.side.len());
        self.side.push_str(text);
        let flags = if kind == Kind::Number { SIDE | RESPELT } else { SIDE };
        self.add(
            Node { at: offset(at), a: start, b: offset(text.len()), kind, flags },
            scalar_hash(kind, text),
        )
    }

    pub(super) fn open(&mut self, kind: Kind, at: usize) -> Result<NodeId, Stop> {
        if self.frames.len() >= self.limits.depth {
            let message = format!("the document is nested deeper than {} levels", self.limits.depth);
            return Err(self.stop(
                ProblemKind::TooDeep,
                at,
                message,
                "Flatten it, or raise the limit on depth.",
            ));
        }
        let node = self.plain(kind, at)?;
        let within = self.keys.here();
        self.keys.go(Spot::Inside(within));
        self.frames.push(Frame { node, start: self.pending.len(), merges: false, within });
        Ok(node)
    }

    pub(super) fn close(&mut self) -> Result<(), Stop> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        // A container stands on the pending stack just below its own members.
        let is_item = self.pending[frame.start - 1].key == NO_KEY;
        self.keys.go(if is_item { Spot::Inside(frame.within) } else { Spot::After(frame.within) });
        let container = frame.node.index();
        if self.nodes[container].kind == Kind::Array {
            let start = self.items.len();
            self.items.extend(self.pending.drain(frame.start..).map(|member| member.node));
            self.nodes[container].a = offset(start);
            self.nodes[container].b = offset(self.items.len() - start);
            let hashes = &self.hashes;
            self.hashes[container] =
                hash::of_items(self.items[start..].iter().map(|item| hashes[item.index()]));
            return Ok(());
        }
        let start = self.entries.len();
        self.closings += 1;
        self.stamps.resize(self.keys.len(), 0);
        let mut repeated = None;
        for member in &self.pending[frame.start..] {
            if member.key == MERGE {
                continue;
            }
            let stamp = &mut self.stamps[member.key.0 as usize];
            if *stamp == self.closings {
                repeated = Some(*member);
                break;
            }
            *stamp = self.closings;
        }
        if let Some(member) = repeated {
            self.frames.push(frame);
            return Err(self.repeated(member));
        }
        if frame.merges {
            self.merge(&frame)?;
        } else {
            self.entries.extend(self.pending[frame.start..].iter().map(|member| Entry {
                key: member.key,
                node: member.node,
                key_at: member.key_at,
            }));
        }
        self.pending.truncate(frame.start);
        self.finish_object(frame.node, start);
        Ok(())
    }

    /// Repeats a closed node for a YAML alias, counted against the bounds.
    pub(super) fn alias(&mut self, node: NodeId, at: usize) -> Result<(), Stop> {
        if self.frames.iter().any(|frame| frame.node == node) {
            let message = "an alias stands within the value that it repeats".into();
            return Err(self.stop(
                ProblemKind::Syntax,
                at,
                message,
                "Use a `$ref` for recursive structures.",
            ));
        }
        let depth = self.frames.len();
        let copy = self.copy(node, at, depth)?;
        self.attach(copy);
        Ok(())
    }

    /// The text of a string, or of a scalar written plainly, for an alias in the place of a key.
    pub(super) fn scalar_text(&self, node: NodeId, text: &str) -> Option<String> {
        let node = self.nodes[node.index()];
        let from = if node.flags & SIDE == 0 { text } else { &self.side };
        match node.kind {
            Kind::Text | Kind::Number => {
                from.get(node.a as usize..(node.a + node.b) as usize).map(Into::into)
            }
            _ => None,
        }
    }

    pub(super) fn fault(&mut self, rule: &'static str, message: String, node: NodeId, help: &'static str) {
        self.faults.push(Fault { rule, severity: Severity::Warning, message, node, help });
    }

    /// The tree, but for the text that it stands on.
    pub(super) fn finish(mut self) -> (Tree, Vec<Fault>) {
        if self.text.len() < LARGE {
            self.side.shrink_to_fit();
            self.nodes.shrink_to_fit();
            self.hashes.shrink_to_fit();
            self.items.shrink_to_fit();
            self.entries.shrink_to_fit();
        }
        let tree = Tree {
            text: Box::default(),
            side: self.side,
            nodes: self.nodes,
            hashes: self.hashes,
            items: self.items,
            entries: self.entries,
            keys: self.keys,
            index: self.index,
        };
        (tree, self.faults)
    }

    /// An obstacle at this offset, within what is open now.
    pub(super) fn stop(&self, kind: ProblemKind, at: usize, message: String, way_out: &'static str) -> Stop {
        Stop { kind, message, pointer: self.pointer(), at, way_out }
    }

    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for pair in self.frames.windows(2) {
            // A container stands on the pending stack just below its own members.
            let place = pair[1].start - 1;
            let member = self.pending[place];
            self.push_token(&mut pointer, member.key, place - pair[0].start);
        }
        if let Some(frame) = self.frames.last() {
            let is_array = self.nodes[frame.node.index()].kind == Kind::Array;
            if is_array || self.key.0 != NO_KEY {
                self.push_token(&mut pointer, self.key.0, self.pending.len() - frame.start);
            }
        }
        pointer
    }

    fn push_token(&self, pointer: &mut String, key: KeyId, index: usize) {
        match key {
            NO_KEY => place::push_token(pointer, &index.to_string()),
            MERGE => place::push_token(pointer, "<<"),
            key => place::push_token(pointer, self.keys.text(key)),
        }
    }

    fn add(&mut self, node: Node, hash: Hash) -> Result<NodeId, Stop> {
        if self.nodes.len() >= self.limits.nodes {
            let message = format!("the document has more than {} values", self.limits.nodes);
            let way_out = "Split the document, or raise the limit on nodes.";
            return Err(self.stop(ProblemKind::TooManyNodes, node.at as usize, message, way_out));
        }
        let id = NodeId(offset(self.nodes.len()));
        self.nodes.push(node);
        self.hashes.push(hash);
        self.attach(id);
        Ok(id)
    }

    fn attach(&mut self, node: NodeId) {
        let (key, key_at) = std::mem::replace(&mut self.key, (NO_KEY, 0));
        self.pending.push(Pending { key, key_at, node });
    }

    fn repeated(&mut self, member: Pending) -> Stop {
        let name = self.keys.text(member.key).to_owned();
        self.key = (member.key, member.key_at);
        let message = format!("the key `{}` is there twice", place::short(&name));
        self.stop(
            ProblemKind::DuplicateKey,
            member.key_at as usize,
            message,
            "Remove or rename one of the two.",
        )
    }

    fn finish_object(&mut self, node: NodeId, start: usize) {
        let count = self.entries.len() - start;
        let mut refers = false;
        let members = self.entries[start..].iter();
        self.hashes[node.index()] = hash::of_members(members.map(|entry| {
            refers |= entry.key == self.reference;
            (self.key_hashes[entry.key.0 as usize], self.hashes[entry.node.index()])
        }));
        let object = &mut self.nodes[node.index()];
        (object.a, object.b) = (offset(start), offset(count));
        if refers {
            object.flags |= REFERS;
        }
        if count > INDEXED_ABOVE {
            let members = self.entries[start..].iter().enumerate();
            let mut index: Vec<(KeyId, u32)> =
                members.map(|(place, entry)| (entry.key, offset(place))).collect();
            index.sort_unstable();
            self.index.insert(node, index.into());
        }
    }

    /// Copies out the members of an object with `<<`: its own keys win over merged ones, earlier
    /// merged ones over later (<https://yaml.org/type/merge.html>).
    fn merge(&mut self, frame: &Frame) -> Result<(), Stop> {
        for place in frame.start..self.pending.len() {
            let member = self.pending[place];
            if member.key != MERGE {
                self.entries.push(Entry { key: member.key, node: member.node, key_at: member.key_at });
                continue;
            }
            let value = self.nodes[member.node.index()];
            let sources: Vec<NodeId> = match value.kind {
                Kind::Array => self.items[value.a as usize..][..value.b as usize].to_vec(),
                _ => vec![member.node],
            };
            for source in sources {
                let source = self.nodes[source.index()];
                if source.kind != Kind::Object {
                    let message = "`<<` merges maps, and this is none".into();
                    let way_out = "Write the merged keys out, or quote the key.";
                    return Err(self.stop(ProblemKind::Syntax, member.key_at as usize, message, way_out));
                }
                for index in 0..source.b as usize {
                    let entry = self.entries[source.a as usize + index];
                    let stamp = &mut self.stamps[entry.key.0 as usize];
                    if *stamp != self.closings {
                        *stamp = self.closings;
                        self.entries.push(entry);
                    }
                }
            }
        }
        let help = "JSON and most OpenAPI tools know no `<<`: write the keys out, or use `allOf`.";
        self.fault(
            "yaml-merge-key",
            "`<<` is no part of YAML 1.2; its keys were merged".into(),
            frame.node,
            help,
        );
        Ok(())
    }

    /// Recursion is bounded by the depth of the tree.
    fn copy(&mut self, from: NodeId, at: usize, depth: usize) -> Result<NodeId, Stop> {
        let node = self.nodes[from.index()];
        self.copied += 1 + if matches!(node.kind, Kind::Text | Kind::Number) { weight(node.b) } else { 0 };
        if self.copied > self.limits.alias_nodes {
            let message = format!("aliases repeat more than {} values", self.limits.alias_nodes);
            let way_out = "Use `$ref` instead of aliases, or raise the limit on alias expansion.";
            return Err(self.stop(ProblemKind::AliasExpansion, at, message, way_out));
        }
        if self.nodes.len() >= self.limits.nodes {
            let message =
                format!("the document has more than {} values, aliases repeated", self.limits.nodes);
            let way_out = "Split the document, or raise the limit on nodes.";
            return Err(self.stop(ProblemKind::TooManyNodes, at, message, way_out));
        }
        let id = NodeId(offset(self.nodes.len()));
        self.nodes.push(Node { flags: node.flags | COPIED, ..node });
        self.hashes.push(self.hashes[from.index()]);
        match node.kind {
            Kind::Array | Kind::Object if depth >= self.limits.depth => {
                let message = format!("aliases nest the document deeper than {} levels", self.limits.depth);
                return Err(self.stop(ProblemKind::TooDeep, at, message, "Use `$ref` instead of aliases."));
            }
            Kind::Array => {
                let mut copies = Vec::with_capacity(node.b as usize);
                for index in 0..node.b as usize {
                    let item = self.items[node.a as usize + index];
                    copies.push(self.copy(item, at, depth + 1)?);
                }
                self.nodes[id.index()].a = offset(self.items.len());
                self.items.extend(copies);
            }
            Kind::Object => {
                let mut copies = Vec::with_capacity(node.b as usize);
                for index in 0..node.b as usize {
                    let entry = self.entries[node.a as usize + index];
                    self.copied += weight(offset(self.keys.text(entry.key).len()));
                    copies.push(Entry { node: self.copy(entry.node, at, depth + 1)?, ..entry });
                }
                let start = self.entries.len();
                self.entries.extend(copies);
                self.finish_object(id, start);
            }
            _ => {}
        }
        Ok(id)
    }
}

fn scalar_hash(kind: Kind, text: &str) -> Hash {
    if kind == Kind::Number { hash::of_number(text) } else { hash::of_text(text) }
}

/// Values that a text counts as when an alias repeats it: what reads the document reads all of it
/// every time.
const fn weight(bytes: u32) -> usize {
    bytes as usize / 64
}

/// Texts longer than 4 GiB are refused before anything is read.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
