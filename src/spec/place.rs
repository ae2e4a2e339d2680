//! Where things stand: RFC 6901 pointer to node and back, node to line and column and back.
//!
//! Lines are counted only as far as somebody asks, and once. A line ends with LF, CR LF, or a CR alone; columns
//! count code points, from 1.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::tree::{COPIED, Entry, Kind, NodeId, SIDE, Tree};

/// Bytes from one count to the next: few enough to go through for a place, many enough that all counts of a
/// document are small beside it. Long lines are common in minified JSON.
const STEP: usize = 1024;

/// How many ends of lines and how many code points stand before every [`STEP`]th byte of a text, as far as
/// somebody has asked. The text is the same in every call. Who reads what is known locks nothing: changes are
/// placed by several threads.
#[derive(Debug, Default)]
pub(super) struct Lines {
    counts: OnceLock<Box<[Count]>>,
    /// How many of them are known.
    known: AtomicUsize,
    counting: Mutex<()>,
}

/// Ends of lines, and code points in the lower half.
#[derive(Debug, Default)]
struct Count(AtomicU64);

impl Count {
    fn get(&self) -> (usize, usize) {
        let both = self.0.load(Ordering::Relaxed);
        ((both >> 32) as usize, (both & u64::from(u32::MAX)) as usize)
    }

    /// Texts longer than 4 GiB are refused before anything is read.
    fn set(&self, (ends, points): (usize, usize)) {
        self.0.store((ends as u64) << 32 | points as u64, Ordering::Relaxed);
    }
}

impl Lines {
    /// Line and column of an offset.
    pub(super) fn place(&self, text: &str, at: usize) -> (usize, usize) {
        let at = at.min(text.len());
        let line = self.before(text, at).0 + 1;
        let start = line_start(text.as_bytes(), at);
        if at - start < STEP {
            return (line, column(text, start, at));
        }
        (line, 1 + self.before(text, at).1 - self.before(text, start).1)
    }

    /// The offset of a place: of a character, or of the end of a line; `None` where the line is not
    /// there or not so long.
    fn offset(&self, text: &str, line: usize, column: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let start = self.start(text, line)?;
        let next = self.start(text, line + 1).unwrap_or(text.len());
        let written = text.get(start..next)?.trim_end_matches(['\r', '\n']);
        let end = start + written.len();
        let wanted = self.before(text, start).1 + column.checked_sub(1)?;
        let counts = self.counted(text, end);
        let chunk = counts.partition_point(|count| count.get().1 <= wanted).checked_sub(1);
        let from = chunk.map_or(0, |chunk| chunk * STEP).max(start);
        let ahead = wanted - self.before(text, from).1;
        let starts = (from..end).filter(|at| is_point(bytes[*at]));
        if from > end { None } else { starts.chain([end]).nth(ahead) }
    }

    /// Where a line starts, if it is there.
    fn start(&self, text: &str, line: usize) -> Option<usize> {
        let Some(before) = line.checked_sub(2) else { return (line == 1).then_some(0) };
        let counts = self.counted(text, text.len());
        let chunk = counts.partition_point(|count| count.get().0 <= before).checked_sub(1)?;
        let left = before - counts[chunk].get().0;
        let bytes = text.as_bytes();
        ends_in(bytes, chunk * STEP..bytes.len()).nth(left).map(|end| end + 1)
    }

    /// How many ends of lines and code points stand before an offset.
    fn before(&self, text: &str, at: usize) -> (usize, usize) {
        let (ends, points) = self.counted(text, at)[at / STEP].get();
        let (more_ends, more_points) = counts(text.as_bytes(), at / STEP * STEP..at);
        (ends + more_ends, points + more_points)
    }

    /// Counts up to an offset, and those further on that are known.
    fn counted(&self, text: &str, at: usize) -> &[Count] {
        let all = self.counts.get_or_init(|| (0..=text.len() / STEP).map(|_| Count::default()).collect());
        let known = self.known.load(Ordering::Acquire);
        if known > at / STEP { &all[..known] } else { &all[..self.count(text, all, at / STEP)] }
    }

    /// Counts up to a chunk; gives how many are known.
    fn count(&self, text: &str, all: &[Count], chunk: usize) -> usize {
        // Whoever panicked had told of none that it had not set.
        let _alone = self.counting.lock().unwrap_or_else(PoisonError::into_inner);
        // Nothing stands before the first.
        let mut known = self.known.load(Ordering::Acquire).max(1);
        let (mut ends, mut points) = all[known - 1].get();
        while known <= chunk {
            let (more_ends, more_points) = counts(text.as_bytes(), (known - 1) * STEP..known * STEP);
            (ends, points) = (ends + more_ends, points + more_points);
            all[known].set((ends, points));
            known += 1;
        }
        self.known.store(known, Ordering::Release);
        known
    }
}

/// How many ends of lines and code points there are in a part of a text.
fn counts(bytes: &[u8], part: Range<usize>) -> (usize, usize) {
    let chunk = &bytes[part.clone()];
    let points = if chunk.is_ascii() { chunk.len() } else { points_in(chunk) };
    let ends = if memchr::memchr(b'\r', chunk).is_some() {
        ends_in(bytes, part).count()
    } else {
        memchr::memchr_iter(b'\n', chunk).count()
    };
    (ends, points)
}

/// The last bytes of the ends of lines within a part of a text.
fn ends_in(bytes: &[u8], part: Range<usize>) -> impl Iterator<Item = usize> {
    let from = part.start;
    let found = memchr::memchr2_iter(b'\n', b'\r', &bytes[part]).map(move |at| from + at);
    found.filter(|at| is_end(bytes, *at))
}

/// Whether a line feed or carriage return is the last byte of the end of a line.
fn is_end(bytes: &[u8], at: usize) -> bool {
    bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')
}

/// Where the line of an offset starts.
fn line_start(bytes: &[u8], at: usize) -> usize {
    let mut ends = memchr::memrchr2_iter(b'\n', b'\r', &bytes[..at]);
    ends.find(|end| is_end(bytes, *end)).map_or(0, |end| end + 1)
}

/// A continuation byte of UTF-8 starts no code point.
const fn is_point(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

fn points_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| is_point(**byte)).count()
}

/// Line and column of one offset, without keeping the lines.
pub(super) fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let (bytes, at) = (text.as_bytes(), at.min(text.len()));
    (1 + ends_in(bytes, 0..at).count(), column(text, line_start(bytes, at), at))
}

fn column(text: &str, start: usize, at: usize) -> usize {
    1 + points_in(text.as_bytes().get(start..at.min(text.len())).unwrap_or_default())
}

/// Appends `/token`, escaped.
pub(super) fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    let mut rest = token;
    while let Some((plain, odd)) = memchr::memchr2(b'~', b'/', rest.as_bytes()).map(|at| rest.split_at(at)) {
        pointer.push_str(plain);
        pointer.push_str(if odd.starts_with('~') { "~0" } else { "~1" });
        rest = &odd[1..];
    }
    pointer.push_str(rest);
}

/// At most 60 characters of a text, for messages.
pub(super) fn short(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Bytes of most tokens of pointers, with what stands before them, and of few names more.
const TOKEN: usize = 16;

/// The pointer of a node.
pub(super) fn pointer(tree: &Tree, node: NodeId) -> String {
    let way = way(tree, node);
    let mut pointer = String::with_capacity(way.len() * TOKEN);
    for step in way {
        match step.entry(tree) {
            Some(entry) => push_token(&mut pointer, tree.key(entry.key)),
            None => push_token(&mut pointer, &step.index.to_string()),
        }
    }
    pointer
}

/// The nodes that the pointer of a node passes below the root, itself the last.
pub(super) fn passed(tree: &Tree, node: NodeId) -> impl Iterator<Item = NodeId> {
    let below = |step: Step| {
        let item = || tree.items(step.container).get(step.index).copied();
        step.entry(tree).map(|entry| entry.node).or_else(item)
    };
    way(tree, node).into_iter().filter_map(below)
}

/// One step of the way down to a node.
#[derive(Clone, Copy)]
struct Step {
    container: NodeId,
    /// Which of its members or items is next.
    index: usize,
}

impl Step {
    /// The member that is next, where the container is an object.
    fn entry(self, tree: &Tree) -> Option<&Entry> {
        tree.entries(self.container).get(self.index)
    }
}

/// The steps from the root to a node. Ids run in document order, so each is found by bisection.
fn way(tree: &Tree, node: NodeId) -> Vec<Step> {
    let mut steps = Vec::with_capacity(16);
    let mut at = NodeId::ROOT;
    while at != node {
        let (entries, items) = (tree.entries(at), tree.items(at));
        let before = match tree.kind(at) {
            Kind::Object => entries.partition_point(|entry| entry.node <= node),
            Kind::Array => items.partition_point(|item| *item <= node),
            _ => 0,
        };
        let Some(index) = before.checked_sub(1) else {
            break;
        };
        steps.push(Step { container: at, index });
        at = entries.get(index).map_or_else(|| items[index], |entry| entry.node);
    }
    steps
}

/// The node that a pointer names.
pub(super) fn locate(tree: &Tree, pointer: &str) -> Option<NodeId> {
    if pointer.is_empty() {
        return Some(NodeId::ROOT);
    }
    let mut at = NodeId::ROOT;
    for token in pointer.strip_prefix('/')?.split('/') {
        at = step(tree, at, token)?;
    }
    Some(at)
}

/// A token of a pointer as the key that it stands for (RFC 6901 section 4).
pub(crate) fn unescaped(token: &str) -> Cow<'_, str> {
    if token.contains('~') { token.replace("~1", "/").replace("~0", "~").into() } else { token.into() }
}

/// One step down by an escaped token.
pub(super) fn step(tree: &Tree, at: NodeId, token: &str) -> Option<NodeId> {
    match tree.kind(at) {
        Kind::Object => tree.get(at, &unescaped(token)),
        Kind::Array => {
            let canonical =
                token == "0" || (!token.starts_with('0') && token.bytes().all(|b| b.is_ascii_digit()));
            let index = canonical.then(|| token.parse::<usize>().ok()).flatten()?;
            tree.items(at).get(index).copied()
        }
        _ => None,
    }
}

/// Where values and keys start, in the order of the text: what leads from a place to a node.
///
/// What YAML aliases made stands where it was first written, and leads nowhere from there; only the
/// key before an alias leads to its copy.
#[derive(Debug)]
pub(super) struct Starts(Vec<(u32, NodeId)>);

impl Starts {
    pub(super) fn of(tree: &Tree) -> Self {
        // Offset, whether a value starts there (and not its key), and the value.
        let mut starts = vec![(tree.nodes[0].at, true, NodeId::ROOT)];
        let mut todo = vec![NodeId::ROOT];
        while let Some(container) = todo.pop() {
            let keys = tree.entries(container).iter().map(|entry| (entry.key_at, false, entry.node));
            starts.extend(keys);
            let children = tree.entries(container).iter().map(|entry| &entry.node);
            for child in children.chain(tree.items(container)).filter(|child| !is_copy(tree, **child)) {
                starts.push((tree.nodes[child.index()].at, true, *child));
                todo.push(*child);
            }
        }
        // The last of those at one offset is kept: the innermost value; else, of a key whose member
        // was merged elsewhere, the value that was written there.
        let order = |(at, is_value, node): &(u32, bool, NodeId)| {
            (*at, *is_value, if *is_value { node.0 } else { u32::MAX - node.0 })
        };
        starts.sort_unstable_by_key(order);
        let mut kept: Vec<(u32, NodeId)> = Vec::with_capacity(starts.len());
        for (at, _, node) in starts {
            match kept.last_mut() {
                Some(last) if last.0 == at => last.1 = node,
                _ => kept.push((at, node)),
            }
        }
        kept.shrink_to_fit();
        Self(kept)
    }

    /// The innermost value at a place; see [`super::Document::node_at`].
    pub(super) fn node_at(&self, tree: &Tree, lines: &Lines, line: usize, column: usize) -> Option<NodeId> {
        let text = tree.source();
        let at = lines.offset(text, line, column)?;
        let index = self.0.partition_point(|(start, _)| *start as usize <= at).checked_sub(1)?;
        let (start, node) = self.0[index];
        let start = start as usize;
        if start == at {
            return Some(node);
        }
        let Some(end) = own_end(tree, node, start) else {
            // Its end is not known: it has all up to the next start, but for lines of others.
            return Some(Climb { tree, lines, way: way(tree, node), node }.out_of_blocks(start, at));
        };
        if at < end {
            return Some(node);
        }
        let mut climb = Climb { tree, lines, way: way(tree, node), node };
        climb.out_of_flow(end, at);
        Some(climb.out_of_blocks(start, at))
    }
}

fn is_copy(tree: &Tree, node: NodeId) -> bool {
    tree.nodes[node.index()].flags & COPIED != 0
}

/// Where what stands of a value alone ends, seen from where it or its key starts: behind a scalar or
/// an alias, behind the bracket that opens a container. `None` where only its parser knew.
fn own_end(tree: &Tree, node: NodeId, start: usize) -> Option<usize> {
    let text = tree.source();
    let raw = tree.nodes[node.index()];
    let at = raw.at as usize;
    if raw.flags & COPIED != 0 {
        let alias = start + text.get(start..)?.find(": *")? + 2;
        let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}');
        return Some(text[alias..].find(is_end).map_or(text.len(), |length| alias + length));
    }
    let first = *text.as_bytes().get(at)?;
    match raw.kind {
        Kind::Array | Kind::Object => matches!(first, b'[' | b'{').then_some(at + 1),
        Kind::Text | Kind::Number if raw.flags & SIDE == 0 => {
            Some((raw.a + raw.b) as usize + usize::from(matches!(first, b'"' | b'\'')))
        }
        Kind::Text if matches!(first, b'"' | b'\'') => {
            // A quote ends it that is neither escaped nor doubled.
            let bytes = text.as_bytes();
            let mut end = at + 1;
            loop {
                match *bytes.get(end)? {
                    b'\\' if first == b'"' => end += 2,
                    b'\'' if first == b'\'' && bytes.get(end + 1) == Some(&b'\'') => end += 2,
                    byte if byte == first => return Some(end + 1),
                    _ => end += 1,
                }
            }
        }
        Kind::Text => None,
        // A word; not so a null that is not written, which has the place of its key.
        _ => {
            let word = tree.scalar_source(node)?;
            let is_null = matches!(word, "null" | "Null" | "NULL" | "~");
            (raw.kind != Kind::Null || is_null).then_some(at + word.len())
        }
    }
}

/// The way out from a value whose own text ended before a place.
struct Climb<'t> {
    tree: &'t Tree,
    lines: &'t Lines,
    way: Vec<Step>,
    node: NodeId,
}

impl Climb<'_> {
    fn out(&mut self) {
        if let Some(step) = self.way.pop() {
            self.node = step.container;
        }
    }

    /// Whether a container is written with brackets.
    fn is_flow(&self, node: NodeId) -> bool {
        let first = self.tree.source().as_bytes().get(self.tree.offset(node));
        matches!(first, Some(b'[' | b'{')) && matches!(self.tree.kind(node), Kind::Array | Kind::Object)
    }

    /// Leaves what brackets close between two offsets, where no value starts.
    fn out_of_flow(&mut self, from: usize, to: usize) {
        let is_container = matches!(self.tree.kind(self.node), Kind::Array | Kind::Object);
        let is_scalar = !is_container || is_copy(self.tree, self.node);
        // A pair in a list, `[a: b]`, has no brackets of its own and ends with its value.
        let around = self.way.iter().rev().take(2).position(|step| self.is_flow(step.container));
        for _ in 0..around.filter(|_| is_scalar).map_or(0, |pairs| pairs + 1) {
            self.out();
        }
        let bytes = self.tree.source().as_bytes();
        let mut at = from;
        while at < to {
            match bytes[at] {
                b'#' if bytes[at - 1].is_ascii_whitespace() => {
                    while at < to && !matches!(bytes[at], b'\n' | b'\r') {
                        at += 1;
                    }
                }
                b']' | b'}' => {
                    while !self.is_flow(self.node) && !self.way.is_empty() {
                        self.out();
                    }
                    self.out();
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Leaves the blocks that a line further down, by its indentation, is not part of.
    fn out_of_blocks(&mut self, from: usize, to: usize) -> NodeId {
        let text = self.tree.source();
        let (line, column) = self.lines.place(text, to);
        let is_dash = text.as_bytes().get(to) == Some(&b'-');
        if self.lines.place(text, from).0 == line {
            return self.node;
        }
        while let Some(step) = self.way.last().filter(|step| !self.is_flow(step.container)) {
            let key = step.entry(self.tree).map(|entry| entry.key_at as usize);
            let outer = key.unwrap_or_else(|| self.tree.offset(step.container));
            let indentation = self.lines.place(text, outer).1;
            // The dashes of a list may stand below the first letter of its key.
            let is_own_dash = is_dash
                && self.tree.kind(self.node) == Kind::Array
                && self.lines.place(text, self.tree.offset(self.node)).1 == column;
            if column > indentation || is_own_dash {
                // Behind a dash on the place's own line, the next item has begun.
                let dash = self.lines.offset(text, line, indentation).filter(|_| key.is_none());
                let is_next = dash.is_some_and(|dash| text.as_bytes().get(dash) == Some(&b'-'));
                let next = self.tree.items(step.container).get(step.index + 1).filter(|_| is_next);
                return next.copied().unwrap_or(self.node);
            }
            self.out();
        }
        self.node
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_lf_crlf_or_cr_and_columns_count_code_points() {
        let text = "a\r\nbä😀c\rd\n\ne";
        let lines = Lines::default();
        let cases = [
            ("a", (1, 1)),
            ("b", (2, 1)),
            ("ä", (2, 2)),
            ("😀", (2, 3)),
            ("c", (2, 4)),
            ("d", (3, 1)),
            ("e", (5, 1)),
        ];
        for (needle, place) in cases {
            let at = text.find(needle).expect("the needle is in the text");
            assert_eq!(lines.place(text, at), place, "{needle}");
            assert_eq!(line_and_column(text, at), place, "{needle}");
        }
        assert_eq!(lines.place(text, text.len()), (5, 2));
        assert_eq!(line_and_column(text, 2), (1, 3));
        assert_eq!(lines.place(text, 2), (1, 3));
    }

    #[test]
    fn every_offset_leads_to_a_place_and_back() {
        let long = "ä😀x".repeat(700);
        for text in
            ["", "\n", "a\r\nbä😀c\rd\n\ne", &format!("{long}\n{long}\r\n\r{long}"), &"é".repeat(STEP)]
        {
            let lines = Lines::default();
            let offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            for at in offsets {
                let (line, column) = lines.place(text, at);
                assert_eq!((line, column), line_and_column(text, at));
                // Behind a CR that an LF follows, nothing stands.
                if !text[..at].ends_with('\r') || !text[at..].starts_with('\n') {
                    assert_eq!(lines.offset(text, line, column), Some(at), "{line}:{column}");
                }
                let beyond = text[at..].find(['\r', '\n']).unwrap_or(text.len() - at);
                let beyond = column + text[at..at + beyond].chars().count() + 1;
                assert_eq!(lines.offset(text, line, beyond), None, "{line}:{beyond}");
            }
            assert_eq!(lines.offset(text, 0, 1), None);
            assert_eq!(lines.offset(text, 1, 0), None);
            let all = line_and_column(text, text.len()).0;
            assert_eq!(lines.offset(text, all + 1, 1), None);
        }
    }

    /// The pointers under each character of a text, `·` for none.
    fn under(text: &str) -> String {
        let document = super::super::load(text.as_bytes(), &super::super::Limits::default());
        let document = document.unwrap_or_else(|problem| panic!("{problem}"));
        let mut said = String::new();
        for (index, line) in text.lines().enumerate() {
            let mut last = String::new();
            for column in 1..=line.chars().count() {
                let node = document.node_at(index + 1, column);
                let now = node.map_or_else(|| "·".into(), |node| format!("`{}`", document.pointer(node)));
                let c = line.chars().nth(column - 1).unwrap_or_default();
                if now != last {
                    said.push_str(if last.is_empty() { "" } else { "  " });
                    said.push_str(&format!("{now} "));
                    last = now;
                }
                said.push(c);
            }
            said.push('\n');
        }
        said
    }

    #[test]
    fn every_character_of_json_leads_to_its_value() {
        insta::assert_snapshot!(under("{\"openapi\": \"3.0.0\", \"a\": [1, {\"b}\": \"\\\"}\"}, []],\n  \"c\": {} , \"d\": null}"), @r#"
        `` {  `/openapi` "openapi": "3.0.0"  `` ,   `/a` "a": [  `/a/0` 1  `/a` ,   `/a/1` {  `/a/1/b}` "b}": "\"}"  `/a/1` }  `/a` ,   `/a/2` []  `/a` ]  `` ,
        ``     `/c` "c": {}  ``  ,   `/d` "d": null  `` }
        "#);
    }

    #[test]
    fn every_character_of_yaml_leads_to_its_value() {
        insta::assert_snapshot!(under("# first
openapi: 3.0.0 # }
a: &a
  - b: {c: [d, e: f], 'g': 'h''}' } # ]
    i: &i x
  -
  - |
    text

j:
  - k
  - {l: \"m\",
     n: o}
p:
q: *a
"), @r#"
        · # first
        `` openapi:   `/openapi` 3.0.0 # }
        `/a` a: &a
        ``    `/a`  -   `/a/0` b:   `/a/0/b` {  `/a/0/b/c` c: [  `/a/0/b/c/0` d  `/a/0/b/c` ,   `/a/0/b/c/1` e:   `/a/0/b/c/1/e` f  `/a/0/b/c` ]  `/a/0/b` ,   `/a/0/b/g` 'g': 'h''}'  `/a/0/b`  }  `/a/0`  # ]
        ``    `/a`     `/a/0`    `/a/0/i` i: &i x
        ``    `/a`  -
        ``    `/a`  -  `/a/2`  |
        ``    `/a`     `/a/2`  text

        `/j` j:
        ``    `/j`  -   `/j/0` k
        ``    `/j`  -  `/j/1`  {  `/j/1/l` l: "m"  `/j/1` ,
        ``    `/j`     `/j/1`     `/j/1/n` n: o  `/j/1` }
        `/p` p:
        `/q` q: *a
        "#);
    }

    #[test]
    fn tokens_are_escaped() {
        let mut pointer = String::new();
        push_token(&mut pointer, "/pets/{id}");
        push_token(&mut pointer, "a~b");
        assert_eq!(pointer, "/~1pets~1{id}/a~0b");
    }
}
