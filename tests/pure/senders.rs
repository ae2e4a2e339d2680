//! What an honest sender sends, by which the proofs over real documents tell a break from what nobody sends.

use serde_json::{Value, json};

use crate::support::instances::{Spot, Vocabulary};
use crate::support::referee::{Fate, Referee, Subject};

/// Schema of the sender, that of the receiver, a value and what becomes of it.
type Case = (Value, Value, Value, Fate);

#[test]
fn senders_keep_to_the_range_of_their_own_integers_and_to_no_other() {
    let int32 = json!({"type": "integer", "format": "int32"});
    let most = json!({"type": "integer", "maximum": 2_147_483_647});
    let (inside, beyond) = (json!(2_147_483_647), json!(2_147_483_648_i64));
    let mut cases: Vec<Case> = vec![
        (int32.clone(), most.clone(), beyond.clone(), Fate::Unsent),
        (int32.clone(), most.clone(), inside.clone(), Fate::Sent),
        // A bound within the range still refuses what is sent.
        (int32.clone(), json!({"maximum": 2_147_483_646}), inside, Fate::Refused),
        // The range of the receiver holds nobody back, and refuses nothing.
        (json!({"type": "integer"}), int32.clone(), beyond.clone(), Fate::Sent),
        (json!({"type": "integer"}), json!({"allOf": [int32, most]}), beyond.clone(), Fate::Refused),
        // What another alternative sends is sent.
        (
            json!({"anyOf": [int32, {"type": "integer", "format": "int64"}]}),
            most.clone(),
            beyond.clone(),
            Fate::Refused,
        ),
        (
            json!({"allOf": [int32, {"type": "integer", "format": "int64"}]}),
            most.clone(),
            beyond.clone(),
            Fate::Unsent,
        ),
        // Nor is anything sent for the sake of a range that the schema itself does not take.
        (json!({"not": int32}), most.clone(), beyond, Fate::Unsent),
        (
            json!({"type": "integer", "format": "int64"}),
            most,
            json!(9_223_372_036_854_775_808_u64),
            Fate::Unsent,
        ),
        // Other formats are no ranges.
        (json!({"format": "date"}), json!({"maxLength": 3}), json!("no date"), Fate::Refused),
    ];
    for at in 0..cases.len() {
        let (sender, receiver, value, fate) = cases[at].clone();
        let within = |schema: Value| json!({"properties": {"a": {"items": schema}}});
        cases.push((within(sender), within(receiver), json!({"a": [value]}), fate));
    }
    let mut referee = Referee::start();
    for (sender, receiver, value, wanted) in cases {
        let [from, to] = [&sender, &receiver].map(|schema| Subject::Bare(schema.clone()));
        let fates = referee.fates(&from, &to, &[&value.to_string()]);
        assert_eq!(fates, [wanted], "{value} from {sender} to {receiver}");
    }
}

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
