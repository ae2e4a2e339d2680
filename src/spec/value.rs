//! Values of the raw tree: as JSON for others, and numbers in one spelling.
//!
//! Recursion here is bounded by the depth of the tree, which [`super::Limits::depth`] bounds.

use serde_json::{Map, Number, Value};

use super::tree::{Kind, NodeId, Tree};

/// A node as a JSON value.
pub(super) fn value(tree: &Tree, node: NodeId) -> Value {
    match tree.kind(node) {
        Kind::Null => Value::Null,
        Kind::False => Value::Bool(false),
        Kind::True => Value::Bool(true),
        Kind::Number => Value::Number(number(tree.number(node).unwrap_or("0"))),
        Kind::Text => Value::String(tree.text(node).unwrap_or_default().into()),
        Kind::Array => Value::Array(tree.items(node).iter().map(|item| value(tree, *item)).collect()),
        Kind::Object => {
            let mut map = Map::with_capacity(tree.entries(node).len());
            map.extend(tree.members(node).map(|(key, child)| (key.to_owned(), value(tree, child))));
            Value::Object(map)
        }
    }
}

/// `i64`, else `u64`, else the nearest `f64`, the largest for what lies beyond.
fn number(text: &str) -> Number {
    if let Ok(number) = text.parse::<i64>() {
        // JSON's `-0` is a number of its own in `f64` alone.
        if number != 0 || !text.starts_with('-') {
            return number.into();
        }
    }
    if let Ok(number) = text.parse::<u64>() {
        return number.into();
    }
    let number = text.parse::<f64>().unwrap_or(0.0);
    Number::from_f64(number.clamp(f64::MIN, f64::MAX)).unwrap_or_else(|| 0.into())
}

/// One spelling for all spellings of a number: digits without zeros at either end, and the
/// exponent of the last digit. `100`, `1e2` and `1.00E+2` are all `1e2`; zero is `0`.
pub(super) fn canonical_number(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = rest.split_at(rest.find(['e', 'E']).unwrap_or(rest.len()));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return "0".into();
    }
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    let written = exponent.trim_start_matches(['e', 'E']).trim_start_matches('+');
    let written: Option<i128> = if exponent.is_empty() { Some(0) } else { written.parse().ok() };
    let shift = i128::try_from(zeros).unwrap_or(0) - i128::try_from(fraction.len()).unwrap_or(0);
    match written.and_then(|written| written.checked_add(shift)) {
        Some(exponent) => format!("{sign}{significant}e{exponent}"),
        // An exponent of forty digits: as written is as good as any.
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_number_are_one() {
        for same in [
            &["100", "1e2", "1.00E+2", "100.0", "0.1e3"][..],
            &["0", "-0", "0.0", "0e9"],
            &["-1.50", "-15e-1"],
        ] {
            for text in same {
                assert_eq!(canonical_number(text), canonical_number(same[0]), "{text}");
            }
        }
        for (a, b) in [("1", "10"), ("1", "-1"), ("0.1", "1"), ("9007199254740993", "9007199254740992")] {
            assert_ne!(canonical_number(a), canonical_number(b));
        }
        assert_eq!(canonical_number(&format!("1e{}", "9".repeat(60))), format!("1e{}", "9".repeat(60)));
    }

    #[test]
    fn numbers_become_the_nearest_json_number() {
        assert_eq!(number("18446744073709551615").as_u64(), Some(u64::MAX));
        assert_eq!(number("18446744073709551616").as_f64(), Some(18_446_744_073_709_551_616.0));
        assert_eq!(number("1e999").as_f64(), Some(f64::MAX));
        assert!(number("-0").is_f64());
        assert_eq!(number("1.0").to_string(), "1.0");
    }
}
