//! What holds for any input.

use std::fmt;

use proptest::prelude::*;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Value, json};

use super::read;
use crate::spec::tree::{Kind, NodeId};
use crate::spec::validate::validate;
use crate::spec::{Document, Limits, ProblemKind, load};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::hash_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// JSON as text rather than as a value: every escape, surrogates, exponents, numbers beyond all
/// types, blanks, keys twice.
fn json_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ !#-\\[\\]-~]{0,8}",
        1 => "[\u{7f}-\u{2ff}\u{2028}\u{feff}\u{10000}-\u{10ffff}]{1,3}",
        1 => prop::sample::select(vec![r#"\""#, r"\\", r"\/", r"\b", r"\f", r"\n", r"\r", r"\t"]).prop_map(str::to_owned),
        1 => any::<u16>().prop_map(|unit| format!("\\u{unit:04x}")),
        1 => any::<char>().prop_map(|c| c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04X}")).collect()),
    ];
    let string = prop::collection::vec(piece, 0..3).prop_map(|pieces| format!("\"{}\"", pieces.concat()));
    let blank = "[ \t\r\n]{0,2}";
    let leaf = prop_oneof![
        2 => prop::sample::select(vec!["null", "true", "false", "{}", "[]", "0", "-0", "{ }", "[\n]"]).prop_map(str::to_owned),
        2 => "-?(0|[1-9][0-9]{0,22})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?",
        3 => string.clone(),
    ];
    leaf.prop_recursive(6, 40, 4, move |inner| {
        let padded =
            (blank, inner, blank).prop_map(|(before, value, after)| format!("{before}{value}{after}"));
        // Few names, so that some objects name one twice.
        let key = prop_oneof![string.clone(), "\"[ab]\"".boxed()];
        let member = (blank, key, blank, padded.clone())
            .prop_map(|(before, key, after, value)| format!("{before}{key}{after}:{value}"));
        prop_oneof![
            prop::collection::vec(padded, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(member, 0..4).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

/// Holds our verdict on a text, and the data, against that of `serde_json`.
fn agree(text: &str) -> Result<(), TestCaseError> {
    let theirs = serde_json::from_str::<Pairs>(text);
    let ours = load(text.as_bytes(), &Limits::default());
    match (&theirs, &ours) {
        (Ok(theirs), Ok(document)) => {
            prop_assert!(!theirs.repeats());
            prop_assert!(theirs.is(document, NodeId::ROOT), "{text}");
        }
        (Ok(theirs), Err(problem)) => match problem.kind {
            ProblemKind::DuplicateKey => prop_assert!(theirs.repeats(), "{text}"),
            _ => prop_assert!(false, "{problem}: {text}"),
        },
        // It knows no number beyond `f64`.
        (Err(error), Ok(_)) => prop_assert!(error.to_string().contains("out of range"), "{error}: {text}"),
        (Err(_), Err(_)) => {}
    }
    Ok(())
}

/// What `serde_json` reads, with every member of an object.
#[derive(Debug)]
enum Pairs {
    Scalar(Value),
    List(Vec<Pairs>),
    Map(Vec<(String, Pairs)>),
}

impl Pairs {
    /// Whether an object names a key twice.
    fn repeats(&self) -> bool {
        match self {
            Self::Scalar(_) => false,
            Self::List(items) => items.iter().any(Self::repeats),
            Self::Map(members) => {
                let mut names: Vec<&String> = members.iter().map(|(name, _)| name).collect();
                names.sort_unstable();
                names.windows(2).any(|pair| pair[0] == pair[1])
                    || members.iter().any(|(_, member)| member.repeats())
            }
        }
    }

    /// Whether a node of ours is the same.
    fn is(&self, document: &Document, node: NodeId) -> bool {
        let tree = document.tree();
        match self {
            Self::List(items) => {
                let ours = tree.items(node);
                tree.kind(node) == Kind::Array
                    && ours.len() == items.len()
                    && items.iter().zip(ours).all(|(theirs, ours)| theirs.is(document, *ours))
            }
            Self::Map(members) => {
                tree.kind(node) == Kind::Object
                    && tree.entries(node).len() == members.len()
                    && members
                        .iter()
                        .zip(tree.members(node))
                        .all(|((theirs, value), (ours, node))| theirs == ours && value.is(document, node))
            }
            Self::Scalar(Value::Number(number)) if number.is_f64() => {
                let text = tree.number(node).unwrap_or("none");
                let (ours, theirs) = (text.parse::<f64>(), number.as_f64().unwrap_or(f64::NAN));
                // It rounds digits beyond the seventeenth its own way.
                ours.is_ok_and(|ours| (ours - theirs).abs() <= theirs.abs() * 4.0 * f64::EPSILON)
            }
            Self::Scalar(value) => document.value(node) == *value,
        }
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Pairs;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Pairs, E> {
                Ok(Pairs::Scalar(Value::Null))
            }
            fn visit_bool<E>(self, flag: bool) -> Result<Pairs, E> {
                Ok(Pairs::Scalar(flag.into()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Pairs, E> {
                Ok(Pairs::Scalar(number.into()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Pairs, E> {
                Ok(Pairs::Scalar(number.into()))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Pairs, E> {
                Ok(Pairs::Scalar(number.into()))
            }
            fn visit_str<E>(self, text: &str) -> Result<Pairs, E> {
                Ok(Pairs::Scalar(text.into()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Pairs, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(Pairs::List(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Pairs::Map(members))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

proptest! {
    #[test]
    fn json_comes_out_as_it_went_in(value in any_json(), pretty in any::<bool>()) {
        let document = json!({"openapi": "3.0.0", "x": value});
        let text = if pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) };
        let loaded = read(&text.expect("a value can be written"));
        prop_assert_eq!(loaded.value(NodeId::ROOT), document);
    }

    #[test]
    fn what_serde_json_takes_is_taken_and_nothing_else(text in r#"\{"openapi":"3\.0\.0","a":[\[\]{}",:0-9eE.+\-a-z\\ u]{0,12}\}"#) {
        let theirs = serde_json::from_str::<Value>(&text);
        let ours = load(text.as_bytes(), &Limits::default());
        match (&theirs, &ours) {
            (Ok(value), Ok(document)) => prop_assert_eq!(&document.value(NodeId::ROOT), value),
            // It keeps the last of two equal keys, and knows no number beyond `f64`.
            (Ok(_), Err(problem)) => prop_assert!(problem.kind == ProblemKind::DuplicateKey || problem.kind == ProblemKind::UnknownVersion),
            (Err(error), Ok(_)) => prop_assert!(error.to_string().contains("out of range")),
            (Err(_), Err(_)) => {}
        }
    }

    #[test]
    fn any_text_of_json_gives_the_data_that_serde_json_gives(text in json_text()) {
        let whole = format!(r#"{{"openapi":"3.0.0","x-data":{text}}}"#);
        agree(&whole)?;
    }

    #[test]
    fn a_slip_in_a_text_of_json_is_refused_by_both_or_by_none(
        text in json_text(),
        place in any::<prop::sample::Index>(),
        slip in prop::sample::select(vec![
            "", "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\x", "0", "-", ".", "e", "+", "t", "nul", " ",
            "\t", "\u{b}", "\u{0}", "\u{a0}", "\u{feff}", "/", "#", "'",
        ]),
        cut in any::<bool>(),
    ) {
        let marks: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let at = place.index(marks.len());
        let (before, after) = (&text[..marks[at]], &text[marks[at]..]);
        let after = if cut { after.chars().next().map_or("", |c| &after[c.len_utf8()..]) } else { after };
        agree(&format!(r#"{{"openapi":"3.0.0","x-data":{before}{slip}{after}}}"#))?;
    }

    #[test]
    fn depth_is_bounded_exactly(depth in 150_usize..250, objects in any::<u64>(), blank in "[ \n]{0,2}") {
        let is_object = |level: usize| objects >> (level % 64) & 1 == 1;
        let open: String = (0..depth).map(|level| if is_object(level) { r#"{"a":"# } else { "[" }).collect();
        let close: String = (0..depth).rev().map(|level| if is_object(level) { "}" } else { "]" }).collect();
        let text = format!(r#"{{"openapi":"3.0.0","x-data":{open}{blank}0{close}}}"#);
        let limits = Limits::default();
        match load(text.as_bytes(), &limits) {
            Ok(_) => prop_assert!(depth < limits.depth),
            Err(problem) => {
                prop_assert_eq!(problem.kind, ProblemKind::TooDeep);
                prop_assert!(depth >= limits.depth);
            }
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in any::<String>(), head in prop::sample::select(vec!["", "openapi: 3.0.0\n", "{\"openapi\":\"3.1.0\",", "a: &a "])) {
        let _ = load(format!("{head}{text}").as_bytes(), &Limits::default());
    }

    #[test]
    fn any_value_in_any_place_is_survived(value in any_json(), place in prop::sample::select(vec![
        "/paths", "/paths/~1a", "/paths/~1a/get", "/paths/~1a/get/parameters", "/paths/~1a/get/responses", "/components",
        "/components/schemas", "/components/schemas/A", "/security", "/servers", "/tags", "/info",
    ]), version in prop::sample::select(vec!["3.0.0", "3.1.0", "3.2.0"])) {
        let mut document = json!({
            "openapi": version, "info": {}, "paths": {"/a": {"get": {"parameters": [], "responses": {}}}},
            "components": {"schemas": {"A": {}}}, "security": [], "servers": [], "tags": [],
        });
        *document.pointer_mut(place).expect("the place is there") = value;
        let loaded = read(&document.to_string());
        let kind = loaded.tree().kind(NodeId::ROOT);
        prop_assert_eq!(kind, Kind::Object);
        for fault in validate(&loaded) {
            let _ = loaded.place(fault.node);
        }
    }
}
