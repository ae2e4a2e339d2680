//! Values of a document in one spelling, so that `1.0` and `1`, or two orders of keys, compare equal.

use serde_json::Value;

use crate::spec::decimal::Decimal;

/// The value as text: keys sorted, numbers by their value.
#[must_use]
pub fn canonical(value: &Value) -> String {
    canonical_of(value, |_, _| true)
}

/// As [`canonical`], with those members of objects alone that are wanted.
#[must_use]
pub fn canonical_of(value: &Value, is_wanted: fn(&str, &Value) -> bool) -> String {
    let mut out = String::new();
    write(value, is_wanted, &mut out);
    out
}

// Recursion is bounded by the depth that reading a document allows.
fn write(value: &Value, is_wanted: fn(&str, &Value) -> bool, out: &mut String) {
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
                write(item, is_wanted, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().filter(|(key, member)| is_wanted(key, member)).collect();
            members.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (i, (key, member)) in members.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(member, is_wanted, out);
            }
            out.push('}');
        }
    }
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
