//! A raw tree as text: the same data in JSON or in YAML 1.2, whichever syntax it was read from.
//!
//! Numbers keep their digits and members their order; comments and the ways a text was quoted are
//! not kept. It is the one way to print a document; recursion is bounded by the depth of the tree.

use super::Syntax;
use super::tree::{Kind, NodeId, Tree};

/// YAML wants a `?` before a key of more than 1,024 characters (section 7.4.2).
const LONG: usize = 1_000;

/// Prints a tree, indented by two, with a line end behind the last line.
pub(super) fn print(tree: &Tree, syntax: Syntax) -> String {
    let mut printer = Printer { tree, text: String::new() };
    match syntax {
        Syntax::Json => printer.json(NodeId::ROOT, 0),
        Syntax::Yaml if printer.is_block(NodeId::ROOT) => printer.block(NodeId::ROOT, 0, false),
        Syntax::Yaml => printer.inline(NodeId::ROOT, 0),
    }
    if !printer.text.ends_with('\n') {
        printer.text.push('\n');
    }
    printer.text
}

struct Printer<'t> {
    tree: &'t Tree,
    text: String,
}

impl Printer<'_> {
    fn indent(&mut self, depth: usize) {
        self.text.extend(std::iter::repeat_n("  ", depth));
    }

    fn json(&mut self, node: NodeId, depth: usize) {
        let tree = self.tree;
        match tree.kind(node) {
            Kind::Array if !tree.items(node).is_empty() => {
                self.text.push('[');
                for (index, item) in tree.items(node).iter().enumerate() {
                    self.next(index, depth + 1);
                    self.json(*item, depth + 1);
                }
                self.text.push('\n');
                self.indent(depth);
                self.text.push(']');
            }
            Kind::Object if !tree.entries(node).is_empty() => {
                self.text.push('{');
                for (index, (key, value)) in tree.members(node).enumerate() {
                    self.next(index, depth + 1);
                    self.text.push_str(&quoted(key));
                    self.text.push_str(": ");
                    self.json(value, depth + 1);
                }
                self.text.push('\n');
                self.indent(depth);
                self.text.push('}');
            }
            _ => {
                let text = tree.text(node).map_or_else(|| self.word(node).to_owned(), quoted);
                self.text.push_str(&text);
            }
        }
    }

    fn next(&mut self, index: usize, depth: usize) {
        self.text.push_str(if index == 0 { "\n" } else { ",\n" });
        self.indent(depth);
    }

    /// What both syntaxes spell alike.
    fn word(&self, node: NodeId) -> &str {
        match self.tree.kind(node) {
            Kind::Null => "null",
            Kind::False => "false",
            Kind::True => "true",
            Kind::Number => self.tree.number(node).unwrap_or("0"),
            Kind::Text => self.tree.text(node).unwrap_or_default(),
            Kind::Array => "[]",
            Kind::Object => "{}",
        }
    }

    /// Whether it takes lines of its own in YAML.
    fn is_block(&self, node: NodeId) -> bool {
        !self.tree.items(node).is_empty() || !self.tree.entries(node).is_empty()
    }

    /// Members or items, a line each; the first may stand behind a dash that is there already.
    fn block(&mut self, node: NodeId, depth: usize, behind_dash: bool) {
        let tree = self.tree;
        for (index, (key, value)) in tree.members(node).enumerate() {
            if index > 0 || !behind_dash {
                self.indent(depth);
            }
            let key = word(key);
            if key.len() > LONG {
                self.text.push_str("? ");
                self.text.push_str(&key);
                self.text.push('\n');
                self.indent(depth);
            } else {
                self.text.push_str(&key);
            }
            self.text.push(':');
            self.below(value, depth);
        }
        for item in tree.items(node) {
            self.indent(depth);
            self.text.push('-');
            if tree.entries(*item).is_empty() {
                self.below(*item, depth);
            } else {
                self.text.push(' ');
                self.block(*item, depth + 1, true);
            }
        }
    }

    /// What follows a key or a dash.
    fn below(&mut self, node: NodeId, depth: usize) {
        if self.is_block(node) {
            self.text.push('\n');
            self.block(node, depth + 1, false);
        } else {
            self.text.push(' ');
            self.inline(node, depth + 1);
            self.text.push('\n');
        }
    }

    fn inline(&mut self, node: NodeId, depth: usize) {
        let text = match self.tree.text(node) {
            Some(text) => literal(text, depth).unwrap_or_else(|| word(text)),
            None => self.word(node).to_owned(),
        };
        self.text.push_str(&text);
    }
}

/// What ends a line, or cannot be printed, for one reader of YAML or another.
fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// A text of several lines as a block, where its lines survive that.
fn literal(text: &str, depth: usize) -> Option<String> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let mark = if body.len() < text.len() { "|" } else { "|-" };
    let is_sound = |line: &str| !line.ends_with([' ', '\t']) && !line.chars().any(is_unprintable);
    let fits = body.contains('\n')
        && !body.starts_with([' ', '\t', '\n'])
        && !body.ends_with('\n')
        && body.split('\n').all(is_sound);
    fits.then(|| {
        let mut block = mark.to_owned();
        for line in body.split('\n') {
            block.push('\n');
            if !line.is_empty() {
                block.extend(std::iter::repeat_n("  ", depth));
                block.push_str(line);
            }
        }
        block
    })
}

/// A text on one line: bare where every reader takes it for a text, else quoted as in JSON, which
/// YAML reads alike.
fn word(text: &str) -> String {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || "_/$".contains(c));
    let bare = |c: char| c.is_ascii_alphanumeric() || "_-./ (){}$".contains(c);
    let lower = text.to_ascii_lowercase();
    let reserved = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(&lower.as_str());
    if starts && !reserved && !text.ends_with(' ') && text.chars().all(bare) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// In double quotes, by escapes that JSON and YAML share.
fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    if !json.chars().any(is_unprintable) {
        return json;
    }
    let mut quoted = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        // All of them lie below U+10000.
        if is_unprintable(c) {
            quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            quoted.push(c);
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::super::tree::NodeId;
    use super::super::{Document, Limits, Syntax, load};

    fn read(text: &str) -> Document {
        load(text.as_bytes(), &Limits::default()).expect("a document")
    }

    #[test]
    fn yaml_reads_well() {
        let value = json!({
            "openapi": "3.1.0", "paths": {"/a/{id}": {"get": {"tags": ["a", "on", [[1], {}, {"b": [2]}]], "parameters": [{"name": "id", "in": "path"}]}}},
            "info": {"description": "One\n\nTwo", "x": [], "y": {}, "n": 1.5, "z": null, "s": "200"},
        });
        insta::assert_snapshot!(read(&value.to_string()).print(Syntax::Yaml), @r#"
        openapi: "3.1.0"
        paths:
          /a/{id}:
            get:
              tags:
                - a
                - "on"
                -
                  -
                    - 1
                  - {}
                  - b:
                      - 2
              parameters:
                - name: id
                  in: path
        info:
          description: |-
            One

            Two
          x: []
          "y": {}
          "n": 1.5
          z: null
          s: "200"
        "#);
    }

    #[test]
    fn numbers_and_versions_keep_their_digits_in_both_syntaxes() {
        let text = "openapi: 3.1.0\ninfo: {title: t, version: 1.10}\nx: [18446744073709551616, 1e400, -0, 0.10, 0o17, +5]\n200: {}\n";
        let written = read(text);
        let json = read(&written.print(Syntax::Json));
        let yaml = read(&json.print(Syntax::Yaml));
        for again in [&json, &yaml] {
            assert_eq!(again.version(), "1.10");
            let list = again.locate("/x").expect("there");
            let numbers: Vec<&str> =
                again.tree().items(list).iter().filter_map(|item| again.tree().number(*item)).collect();
            assert_eq!(numbers, ["18446744073709551616", "1e400", "-0", "0.10", "15", "5"]);
            assert!(again.locate("/200").is_some());
        }
        assert_eq!(json.syntax(), Syntax::Json);
        assert_eq!(json.print(Syntax::Json), written.print(Syntax::Json));
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[ -~\n\t\u{7f}\u{85}\u{2028}\u{feff}é]{0,12}".prop_map(Value::from),
            Just(json!({})),
            Just(json!([])),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[ -~\né]{0,6}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_was_printed_reads_back_the_same(data in values()) {
            let whole = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "x-data": data});
            let written = read(&whole.to_string());
            for syntax in [Syntax::Yaml, Syntax::Json] {
                let again = read(&written.print(syntax));
                prop_assert_eq!(again.syntax(), syntax);
                prop_assert_eq!(again.value(NodeId::ROOT), whole.clone());
                prop_assert_eq!(again.print(Syntax::Json), written.print(Syntax::Json));
            }
        }
    }
}
