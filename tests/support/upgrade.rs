//! The same API said in another way: keys in another order, OpenAPI 3.0 as 3.1.

use serde_json::{Map, Value, json};

use super::dice::Dice;

/// Members of all objects in another order.
pub fn shuffled(value: &Value, dice: &mut Dice) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| shuffled(item, dice)).collect(),
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> =
                members.iter().map(|(name, member)| (name.clone(), shuffled(member, dice))).collect();
            dice.shuffle(&mut members);
            Value::Object(Map::from_iter(members))
        }
        _ => value.clone(),
    }
}

/// A 3.0 document as one of 3.1 that says the same.
pub fn modern(document: &Value) -> Value {
    let mut document = document.clone();
    document["openapi"] = json!("3.1.0");
    let schemas =
        document.pointer_mut("/components/schemas").and_then(Value::as_object_mut).map(std::mem::take);
    outside(&mut document);
    if let Some(mut schemas) = schemas {
        schemas.values_mut().for_each(schema);
        document["components"]["schemas"] = Value::Object(schemas);
    }
    document
}

/// What is no schema, down to where schemas begin.
fn outside(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(outside),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match name.as_str() {
                    "schema" => schema(member),
                    "example" | "examples" | "value" => {}
                    _ if name.starts_with("x-") && name != "x-webhooks" => {}
                    _ => outside(member),
                }
            }
        }
        _ => {}
    }
}

fn schema(value: &mut Value) {
    let Some(keywords) = value.as_object_mut() else { return };
    if keywords.get("$ref").is_some_and(Value::is_string) {
        // Nothing else that stands beside it has an effect; what tools note there is kept.
        keywords.retain(|keyword, _| keyword == "$ref" || keyword.starts_with("x-"));
        return;
    }
    let nullable = keywords.shift_remove("nullable") == Some(Value::Bool(true));
    if nullable && let Some(Value::String(kind)) = keywords.get("type") {
        let both = json!([kind, "null"]);
        keywords.insert("type".to_owned(), both);
    }
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if let Some(flag) = keywords.get(exclusive).and_then(Value::as_bool) {
            keywords.shift_remove(exclusive);
            if flag && let Some(limit) = keywords.shift_remove(bound) {
                keywords.insert(exclusive.to_owned(), limit);
            }
        }
    }
    for (keyword, inner) in keywords.iter_mut() {
        match (keyword.as_str(), inner) {
            ("properties", Value::Object(members)) => members.values_mut().for_each(schema),
            ("allOf" | "anyOf" | "oneOf", Value::Array(parts)) => parts.iter_mut().for_each(schema),
            ("items" | "additionalProperties" | "not", inner) => schema(inner),
            _ => {}
        }
    }
}
