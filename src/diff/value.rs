//! Values of a document in one spelling, so that `1.0` and `1`, or two orders of keys, compare equal.

use serde_json::Value;

use crate::spec::decimal::Decimal;
use crate::spec::tree::{Kind, NodeId, Tree};

/// The value as text: keys sorted, numbers by their value.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

// Recursion is bounded by the depth that reading a document allows.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => out.push_str(&value.to_string()),
        Value::Number(number) => {
            let text = number.to_string();
            out.push_str(&Decimal::parse(&text).map_or(text, |number| number.canonical()));
        }
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (i, (key, member)) in members.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
    }
}

/// Whether two parts of documents are the same data: order of members apart, numbers by value. Ends
/// at the first difference, which makes it cheaper than comparing hashes of both parts.
#[must_use]
pub fn is_same(old: &Tree, a: NodeId, new: &Tree, b: NodeId) -> bool {
    let mut stack = vec![(a, b)];
    while let Some((a, b)) = stack.pop() {
        if old.kind(a) != new.kind(b) {
            return false;
        }
        match old.kind(a) {
            Kind::Null | Kind::False | Kind::True => {}
            Kind::Text => {
                if old.text(a) != new.text(b) {
                    return false;
                }
            }
            Kind::Number => {
                let (a, b) = (old.number(a).unwrap_or_default(), new.number(b).unwrap_or_default());
                if a != b && (Decimal::parse(a).is_none() || Decimal::parse(a) != Decimal::parse(b)) {
                    return false;
                }
            }
            Kind::Array => {
                let (a, b) = (old.items(a), new.items(b));
                if a.len() != b.len() {
                    return false;
                }
                stack.extend(a.iter().copied().zip(b.iter().copied()));
            }
            Kind::Object => {
                let (members, others) = (old.entries(a), new.entries(b));
                if members.len() != others.len() {
                    return false;
                }
                for (member, other) in members.iter().zip(others) {
                    let key = old.key(member.key);
                    // Keys nearly always stand in the same order; only then is there no search.
                    let twin = if new.key(other.key) == key { Some(other.node) } else { new.get(b, key) };
                    let Some(twin) = twin else { return false };
                    stack.push((member.node, twin));
                }
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_and_order_do_not_matter() {
        let text = |json: &str| canonical(&serde_json::from_str(json).expect("JSON"));
        assert_eq!(text(r#"{"b": 1.0, "a": [true]}"#), text(r#"{"a": [true], "b": 1}"#));
        assert_ne!(text(r#""1""#), text("1"));
    }
}
