//! Values of a document in one spelling, so that `1.0` and `1`, or two orders of keys, compare equal.

use serde_json::Value;

use crate::spec::Document;
use crate::spec::decimal::Decimal;
use crate::spec::tree::{Kind, NodeId};

/// The value as text: keys sorted, numbers by their value.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// As [`canonical`], of a part of a document, with those members of objects alone that are wanted.
#[must_use]
pub fn canonical_part(document: &Document, node: NodeId, is_wanted: fn(&str, Kind) -> bool) -> String {
    let mut out = String::new();
    write_part(document, node, is_wanted, &mut out);
    out
}

// Recursion is bounded by the depth that reading a document allows.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::String(text) => write_text(text, out),
        Value::Number(number) => {
            let text = number.to_string();
            out.push_str(&Decimal::parse(&text).map_or(text, |number| number.canonical()));
        }
        Value::Array(items) => write_all(['[', ']'], items, out, write),
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| *key);
            write_all(['{', '}'], members, out, |(key, member), out| {
                write_member(key, out, |out| write(member, out));
            });
        }
    }
}

fn write_part(document: &Document, node: NodeId, is_wanted: fn(&str, Kind) -> bool, out: &mut String) {
    let tree = document.tree();
    let part = |node: NodeId, out: &mut String| write_part(document, node, is_wanted, out);
    match tree.kind(node) {
        Kind::Text => write_text(tree.text(node).unwrap_or_default(), out),
        Kind::Array => write_all(['[', ']'], tree.items(node), out, |item, out| part(*item, out)),
        Kind::Object => {
            let wanted = tree.members(node).filter(|(key, member)| is_wanted(key, tree.kind(*member)));
            let mut wanted: Vec<(&str, NodeId)> = wanted.collect();
            wanted.sort_unstable_by_key(|(key, _)| *key);
            write_all(['{', '}'], wanted, out, |(key, member), out| {
                write_member(key, out, |out| part(member, out));
            });
        }
        Kind::Null | Kind::False | Kind::True | Kind::Number => write(&document.value(node), out),
    }
}

/// Entries between brackets, with commas between them.
fn write_all<T>(
    [open, close]: [char; 2],
    all: impl IntoIterator<Item = T>,
    out: &mut String,
    one: impl Fn(T, &mut String),
) {
    out.push(open);
    for (at, entry) in all.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        one(entry, out);
    }
    out.push(close);
}

fn write_member(key: &str, out: &mut String, member: impl FnOnce(&mut String)) {
    write_text(key, out);
    out.push(':');
    member(out);
}

/// A JSON string.
fn write_text(text: &str, out: &mut String) {
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        out.extend(["\"", text, "\""]);
    } else {
        out.push_str(&Value::from(text).to_string());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::spec::{Limits, load};

    #[test]
    fn spelling_and_order_do_not_matter() {
        let text = |json: &str| canonical(&serde_json::from_str(json).expect("JSON"));
        assert_eq!(text(r#"{"b": 1.0, "a": [true]}"#), text(r#"{"a": [true], "b": 1}"#));
        assert_ne!(text(r#""1""#), text("1"));
    }

    #[test]
    fn a_part_of_a_document_reads_as_its_value() {
        let part = json!({"b": [1.50, 1e3, -0.0, null, true], "a": {"\u{7f}é": "\"\\\n/", "": {}}, "c": []});
        let document =
            json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, "x-a": part});
        let document = load(document.to_string().as_bytes(), &Limits::default()).expect("a document");
        let node = document.locate("/x-a").expect("it is there");
        assert_eq!(canonical_part(&document, node, |_, _| true), canonical(&part));
        let without = json!({"a": {}, "c": []});
        let is_wanted = |key: &str, kind: Kind| key != "b" && (kind != Kind::Text && !key.is_empty());
        assert_eq!(canonical_part(&document, node, is_wanted), canonical(&without));
        assert_eq!(
            canonical(&json!(["a\u{1}\u{7f}\"\\é"])),
            r#"["a\u0001DEL\"\\é"]"#.replace("DEL", "\u{7f}")
        );
    }
}
