//! A document in the other syntax: the same data, printed as JSON or as YAML 1.2.
//!
//! For reading and for tools that take one syntax only; the exact bytes are what was published.

use serde_json::Value;

/// YAML wants a `?` before a key of more than 1,024 characters (section 7.4.2).
const LONG: usize = 1_000;

/// Prints a value as indented JSON.
#[must_use]
pub fn json(value: &Value) -> String {
    let mut text = format!("{value:#}");
    text.push('\n');
    text
}

/// Prints a value as YAML in block style.
#[must_use]
pub fn yaml(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => members(value, 0, &mut text),
        Value::Array(list) if !list.is_empty() => items(list, 0, &mut text),
        scalar => {
            text.push_str(&inline(scalar, 0));
            text.push('\n');
        }
    }
    text
}

fn members(value: &Value, depth: usize, text: &mut String) {
    for (key, member) in value.as_object().into_iter().flatten() {
        indent(depth, text);
        let key = word(key);
        if key.len() > LONG {
            text.push_str("? ");
            text.push_str(&key);
            text.push('\n');
            indent(depth, text);
        } else {
            text.push_str(&key);
        }
        text.push(':');
        below(member, depth, text);
    }
}

fn items(list: &[Value], depth: usize, text: &mut String) {
    for item in list {
        indent(depth, text);
        match item {
            Value::Object(map) if !map.is_empty() => {
                // The first member stands beside the dash, the others below it.
                let mut inner = String::new();
                members(item, depth + 1, &mut inner);
                text.push_str("- ");
                text.push_str(inner.get((depth + 1) * 2..).unwrap_or_default());
            }
            other => {
                text.push('-');
                below(other, depth, text);
            }
        }
    }
}

/// What follows a key or a dash.
fn below(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            text.push('\n');
            members(value, depth + 1, text);
        }
        Value::Array(list) if !list.is_empty() => {
            text.push('\n');
            items(list, depth + 1, text);
        }
        scalar => {
            text.push(' ');
            text.push_str(&inline(scalar, depth + 1));
            text.push('\n');
        }
    }
}

fn indent(depth: usize, text: &mut String) {
    text.extend(std::iter::repeat_n("  ", depth));
}

fn inline(value: &Value, depth: usize) -> String {
    match value {
        Value::String(string) => literal(string, depth).unwrap_or_else(|| word(string)),
        other => other.to_string(),
    }
}

/// A text of several lines as a block, where its lines survive that.
fn literal(string: &str, depth: usize) -> Option<String> {
    let body = string.strip_suffix('\n').unwrap_or(string);
    let mark = if body.len() < string.len() { "|" } else { "|-" };
    let sound = |line: &str| {
        !line.ends_with([' ', '\t'])
            && !line
                .chars()
                .any(|c| c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}'))
    };
    let fits = body.contains('\n')
        && !body.starts_with([' ', '\t', '\n'])
        && !body.ends_with('\n')
        && body.split('\n').all(sound);
    fits.then(|| {
        let mut block = mark.to_owned();
        for line in body.split('\n') {
            block.push('\n');
            if !line.is_empty() {
                indent(depth, &mut block);
                block.push_str(line);
            }
        }
        block
    })
}

/// A text on one line: bare where every reader takes it for a text, else quoted as in JSON, which YAML
/// reads alike.
fn word(string: &str) -> String {
    let starts = string.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '/');
    let bare = |c: char| c.is_ascii_alphanumeric() || "_-./ (){}".contains(c);
    let lower = string.to_ascii_lowercase();
    let reserved = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(&lower.as_str());
    if starts && !reserved && !string.ends_with(' ') && string.chars().all(bare) {
        return string.to_owned();
    }
    let mut quoted = String::new();
    for c in Value::from(string).to_string().chars() {
        // JSON may have these as they are; YAML calls them not printable, or takes them for line ends.
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') {
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

    use super::yaml;
    use crate::spec::tree::NodeId;
    use crate::spec::{Limits, load};

    #[test]
    fn yaml_reads_well() {
        let value = json!({
            "openapi": "3.1.0", "paths": {"/a/{id}": {"get": {"tags": ["a", "on"], "parameters": [{"name": "id", "in": "path"}]}}},
            "info": {"description": "One\n\nTwo", "x": [], "y": {}, "n": 1.5, "z": null, "s": "200"},
        });
        insta::assert_snapshot!(yaml(&value), @r#"
        openapi: "3.1.0"
        paths:
          /a/{id}:
            get:
              tags:
                - a
                - "on"
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

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[ -~\n\t\u{85}é]{0,12}".prop_map(Value::from),
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
            let document = load(yaml(&whole).as_bytes(), &Limits::default()).expect("YAML of our own");
            prop_assert_eq!(document.value(NodeId::ROOT), whole);
        }
    }
}
