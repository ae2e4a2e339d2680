//! The raw tree: everything a document says, in one arena for JSON and YAML.
//!
//! It keeps what a typed reading loses: the order of members, the text of numbers, the offset of
//! every node and key. It knows nothing of OpenAPI. A node takes 16 bytes and points into the
//! text; keys are stored once. Ids run in document order (a container before its members), which
//! is what finds the way from a node back to its pointer without parent links.
//!
//! [`Sink`] is the one way to fill it; both syntaxes drive it, so depth, node count, repeated keys
//! and alias expansion are bounded in one place.

use std::collections::HashMap;

use super::Hash;
use super::keys::Keys;

/// A node of one document; meaningless in another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(pub(crate) u32);

impl NodeId {
    /// The root of every document.
    pub const ROOT: Self = Self(0);

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// An interned key of one document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KeyId(pub(crate) u32);

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// `null`
    Null,
    /// `false`
    False,
    /// `true`
    True,
    /// A number, kept as text.
    Number,
    /// A string.
    Text,
    /// A list.
    Array,
    /// A map with keys in document order, none twice.
    Object,
}

/// The text lies in `side`, not in the document's text.
pub(super) const SIDE: u8 = 1;
/// The node was made by a YAML alias: its offset is that of what it repeats.
pub(super) const COPIED: u8 = 2;
/// The number was not written in JSON's grammar and has been spelt anew (`0o17`).
pub(super) const RESPELT: u8 = 4;
/// The object has the member `$ref`.
pub(super) const REFERS: u8 = 8;

/// 16 bytes a node. `a` and `b` are start and length: Number and Text in the text (or `side`),
/// Array in `items`, Object in `entries`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) at: u32,
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) kind: Kind,
    pub(super) flags: u8,
}

/// One member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its key; [`Tree::key`] has the text.
    pub key: KeyId,
    /// Its value.
    pub node: NodeId,
    pub(super) key_at: u32,
}

/// The member that is asked for more often than all others together.
pub(super) const REFERENCE: &str = "$ref";
/// Objects with no more members than this are searched by the text of their keys.
const FEW: usize = 6;
/// Objects with more members than this get an index.
pub(super) const INDEXED_ABOVE: usize = 24;

/// The tree of one document.
#[derive(Debug)]
pub struct Tree {
    pub(super) text: Box<str>,
    pub(super) side: String,
    pub(super) nodes: Vec<Node>,
    pub(super) items: Vec<NodeId>,
    pub(super) entries: Vec<Entry>,
    /// By node: its hash as JSON data.
    pub(super) hashes: Vec<Hash>,
    pub(super) keys: Keys,
    /// Members of large objects by key, so that hostile documents cannot make look-ups slow.
    pub(super) index: HashMap<NodeId, Box<[(KeyId, u32)]>>,
}

impl Tree {
    /// The text of the document, without a byte order mark.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.text
    }

    /// How many nodes there are, those made by aliases included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node; never so for a loaded document.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// What the node is.
    #[must_use]
    pub fn kind(&self, node: NodeId) -> Kind {
        self.nodes[node.index()].kind
    }

    /// Hash of the value as JSON data: order of members apart, `1`, `1.0` and `1e0` the same, prose
    /// included, references by their text.
    #[must_use]
    pub fn hash(&self, node: NodeId) -> Hash {
        self.hashes[node.index()]
    }

    /// Byte offset of the node's first character in [`Self::source`]; for what a YAML alias made,
    /// that of the part it repeats.
    #[must_use]
    pub fn offset(&self, node: NodeId) -> usize {
        self.nodes[node.index()].at as usize
    }

    /// Byte offset of a member's key in [`Self::source`].
    #[must_use]
    pub const fn key_offset(&self, entry: &Entry) -> usize {
        entry.key_at as usize
    }

    /// Text of a key.
    #[must_use]
    pub fn key(&self, key: KeyId) -> &str {
        self.keys.text(key)
    }

    /// Members of an object in document order; empty for anything else.
    #[must_use]
    pub fn entries(&self, node: NodeId) -> &[Entry] {
        let node = self.nodes[node.index()];
        match node.kind {
            Kind::Object => &self.entries[node.a as usize..][..node.b as usize],
            _ => &[],
        }
    }

    /// Members of an object as key and value, in document order; none for anything else.
    pub fn members(&self, node: NodeId) -> impl Iterator<Item = (&str, NodeId)> + Clone {
        self.entries(node).iter().map(|entry| (self.key(entry.key), entry.node))
    }

    /// Items of an array in document order; empty for anything else.
    #[must_use]
    pub fn items(&self, node: NodeId) -> &[NodeId] {
        let node = self.nodes[node.index()];
        match node.kind {
            Kind::Array => &self.items[node.a as usize..][..node.b as usize],
            _ => &[],
        }
    }

    /// The first node after all that stands below this one: ids run in document order.
    pub(super) fn end(&self, node: NodeId) -> NodeId {
        let mut last = node;
        loop {
            let entry = self.entries(last).last().map(|entry| entry.node);
            match entry.or(self.items(last).last().copied()) {
                Some(below) => last = below,
                None => return NodeId(last.0.saturating_add(1)),
            }
        }
    }

    /// The value of `key` in an object.
    #[must_use]
    pub fn get(&self, node: NodeId, key: &str) -> Option<NodeId> {
        self.entry(node, key).map(|entry| entry.node)
    }

    /// The text of `$ref` in an object, and where it stands.
    pub(super) fn reference(&self, node: NodeId) -> Option<(&str, NodeId)> {
        if self.nodes[node.index()].flags & REFERS == 0 {
            return None;
        }
        let value = self.get(node, REFERENCE)?;
        Some((self.text(value)?, value))
    }

    /// The member `key` of an object.
    #[must_use]
    pub fn entry(&self, node: NodeId, key: &str) -> Option<&Entry> {
        let entries = self.entries(node);
        if entries.is_empty() {
            return None;
        }
        if entries.len() <= FEW {
            // Looking the key up takes as long as comparing a handful.
            return entries.iter().find(|entry| self.keys.is(entry.key, key));
        }
        let key = self.keys.find(key)?;
        if entries.len() > INDEXED_ABOVE
            && let Some(index) = self.index.get(&node)
        {
            let place = index.binary_search_by_key(&key, |(each, _)| *each).ok()?;
            return entries.get(index[place].1 as usize);
        }
        entries.iter().find(|entry| entry.key == key)
    }

    /// The content of a string.
    #[must_use]
    pub fn text(&self, node: NodeId) -> Option<&str> {
        let node = &self.nodes[node.index()];
        (node.kind == Kind::Text).then(|| self.slice(node))
    }

    /// A number in JSON's grammar, digits as written.
    #[must_use]
    pub fn number(&self, node: NodeId) -> Option<&str> {
        let node = &self.nodes[node.index()];
        (node.kind == Kind::Number).then(|| self.slice(node))
    }

    /// `true` or `false`.
    #[must_use]
    pub fn flag(&self, node: NodeId) -> Option<bool> {
        match self.kind(node) {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    /// A scalar as the author wrote it: `1.10` for a version that YAML reads as a number. The
    /// content of strings; `None` for containers.
    #[must_use]
    pub fn scalar_source(&self, node: NodeId) -> Option<&str> {
        let raw = &self.nodes[node.index()];
        match raw.kind {
            Kind::Text => Some(self.slice(raw)),
            Kind::Number if raw.flags & RESPELT == 0 => Some(self.slice(raw)),
            Kind::Null | Kind::True | Kind::False | Kind::Number => {
                // A plain scalar of one word: it ends where YAML or JSON goes on.
                let rest = self.text.get(raw.at as usize..)?;
                let end = rest
                    .find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}' | ':' | '#'))
                    .unwrap_or(rest.len());
                Some(&rest[..end])
            }
            Kind::Array | Kind::Object => None,
        }
    }

    /// A scalar as a text of the model: `true` however YAML spells it, a number in JSON's grammar, so that
    /// both syntaxes say the same. A null says nothing.
    pub(super) fn said(&self, node: NodeId) -> Option<&str> {
        match self.kind(node) {
            Kind::Text => self.text(node),
            Kind::Number => self.number(node),
            Kind::True => Some("true"),
            Kind::False => Some("false"),
            Kind::Null | Kind::Array | Kind::Object => None,
        }
    }

    /// The node of the member `key` where it is a string.
    #[must_use]
    pub fn text_node(&self, node: NodeId, key: &str) -> Option<NodeId> {
        self.get(node, key).filter(|value| self.kind(*value) == Kind::Text)
    }

    /// The member `key` where it is a string.
    #[must_use]
    pub fn text_of(&self, node: NodeId, key: &str) -> Option<&str> {
        self.get(node, key).and_then(|value| self.text(value))
    }

    /// Whether the member `key` is `true`.
    #[must_use]
    pub fn is_true(&self, node: NodeId, key: &str) -> bool {
        self.get(node, key).is_some_and(|value| self.kind(value) == Kind::True)
    }

    fn slice(&self, node: &Node) -> &str {
        let from: &str = if node.flags & SIDE == 0 { &self.text } else { &self.side };
        from.get(node.a as usize..(node.a + node.b) as usize).unwrap_or_default()
    }
}
