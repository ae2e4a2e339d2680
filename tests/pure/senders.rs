//! What an honest sender sends, by which the proofs over real documents tell a break from what nobody sends.

use serde_json::json;

use crate::support::instances::{Spot, Vocabulary};

#[test]
fn senders_use_the_names_that_they_declare_and_those_that_nobody_does() {
    let sender = json!({
        "properties": {
            "a": {"properties": {"x": {}}},
            "list": {"prefixItems": [{"required": ["x"]}, {"$ref": "#/$defs/mine"}], "items": {"$ref": "#"}},
            "same": {"$ref": "#"},
            "by pattern": {"required": ["x"]}
        },
        "$defs": {"mine": {"dependentRequired": {"y": []}}}
    });
    let receiver = json!({
        "properties": {"a": {"properties": {"x": {}, "y": {}}}, "b": {}, "list": {"items": {"$ref": "#/$defs/theirs"}}},
        "allOf": [{"properties": {"same": {"$ref": "#"}, "by pattern": {"patternProperties": {"^x": {}}}}}],
        "$defs": {"theirs": {"anyOf": [{"properties": {"x": {}, "y": {}, "b": {}}}]}}
    });
    let mut vocabulary = Vocabulary::new(Spot::whole(&sender), Spot::whole(&receiver));
    for (value, is_used) in [
        (json!({"a": 1, "zz": {"b": 1}}), true),
        (json!({"b": 1}), false),
        (json!({"a": {"x": 1, "zz": 1}}), true),
        (json!({"a": {"x": 1, "y": 1}}), false),
        (json!({"same": {"same": {"a": {"x": 1}}}}), true),
        (json!({"same": {"same": {"b": 1}}}), false),
        (json!({"list": [{"x": 1}, {"y": 1}, {"a": 1}]}), true),
        (json!({"list": [{"y": 1}]}), false),
        (json!({"list": [0, {"x": 1}]}), false),
        (json!({"list": [0, 0, 0, 0, {"b": 1}]}), false),
        (json!({"by pattern": {"x": 1}}), true),
        (json!({"by pattern": {"y": 1}}), false),
        (json!([{"b": 1}]), true),
    ] {
        assert_eq!(vocabulary.holds(&value), is_used, "{value}");
    }
}
