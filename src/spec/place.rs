//! Where things stand: RFC 6901 pointer to node and back, offset to line and column.
//!
//! Lines are counted only when somebody asks. A line ends with LF, CR LF, or a CR alone; columns
//! count code points, from 1.

use super::tree::{Kind, NodeId, Tree};

/// Offsets at which lines start.
#[derive(Debug)]
pub(super) struct Lines(Vec<u32>);

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        Self(starts)
    }

    /// Line and column of an offset.
    pub(super) fn place(&self, text: &str, at: usize) -> (usize, usize) {
        let line = self.0.partition_point(|start| *start as usize <= at).max(1);
        (line, column(text, self.0[line - 1] as usize, at))
    }
}

/// Line and column of one offset, without keeping the lines.
pub(super) fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..at.min(text.len())];
    let is_end = |index: usize| {
        before[index] == b'\n' || (before[index] == b'\r' && before.get(index + 1) != Some(&b'\n'))
    };
    let mut line = 1;
    let mut start = 0;
    for index in (0..before.len()).filter(|index| is_end(*index)) {
        // A CR that ends `before` may belong to a CR LF which `at` splits: same line still.
        if index + 1 == before.len()
            && before[index] == b'\r'
            && text.as_bytes().get(index + 1) == Some(&b'\n')
        {
            break;
        }
        line += 1;
        start = index + 1;
    }
    (line, column(text, start, at))
}

/// A continuation byte of UTF-8 starts no code point.
fn column(text: &str, start: usize, at: usize) -> usize {
    let part = text.as_bytes().get(start..at.min(text.len())).unwrap_or_default();
    1 + part.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// Appends `/token`, escaped.
pub(super) fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    for c in token.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

/// At most 60 characters of a text, for messages.
pub(super) fn short(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The pointer of a node. Ids run in document order, so the way down is found by bisection.
pub(super) fn pointer(tree: &Tree, node: NodeId) -> String {
    let mut pointer = String::new();
    let mut at = NodeId::ROOT;
    while at != node {
        match tree.kind(at) {
            Kind::Object => {
                let entries = tree.entries(at);
                let Some(index) = entries.partition_point(|entry| entry.node <= node).checked_sub(1) else {
                    break;
                };
                push_token(&mut pointer, tree.key(entries[index].key));
                at = entries[index].node;
            }
            Kind::Array => {
                let items = tree.items(at);
                let Some(index) = items.partition_point(|item| *item <= node).checked_sub(1) else {
                    break;
                };
                push_token(&mut pointer, &index.to_string());
                at = items[index];
            }
            _ => break,
        }
    }
    pointer
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

/// One step down by an escaped token.
pub(super) fn step(tree: &Tree, at: NodeId, token: &str) -> Option<NodeId> {
    match tree.kind(at) {
        Kind::Object if token.contains('~') => tree.get(at, &token.replace("~1", "/").replace("~0", "~")),
        Kind::Object => tree.get(at, token),
        Kind::Array => {
            let canonical =
                token == "0" || (!token.starts_with('0') && token.bytes().all(|b| b.is_ascii_digit()));
            let index = canonical.then(|| token.parse::<usize>().ok()).flatten()?;
            tree.items(at).get(index).copied()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_with_lf_crlf_or_cr_and_columns_count_code_points() {
        let text = "a\r\nbä😀c\rd\n\ne";
        let lines = Lines::of(text);
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
    fn tokens_are_escaped() {
        let mut pointer = String::new();
        push_token(&mut pointer, "/pets/{id}");
        push_token(&mut pointer, "a~b");
        assert_eq!(pointer, "/~1pets~1{id}/a~0b");
    }
}
