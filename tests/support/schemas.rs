//! Schemas by chance, over all keywords that OpenAPI uses, and small changes to them.

use serde_json::{Map, Value, json};

use super::dice::Dice;

const NAMES: [&str; 5] = ["a", "b", "c", "ab", "kind"];
const PATTERNS: [&str; 14] = [
    "^a",
    "b$",
    "^a*$",
    "^[a-c]+$",
    "a|b",
    "^(a|b)$",
    "^[0-9]{2,3}$",
    "^\\d+$",
    "^x-",
    "^[^a]*$",
    "ab?",
    "^a.c$",
    "^(ab)*$",
    "",
];
const FORMATS: [&str; 6] = ["date", "uuid", "date-time", "email", "int32", "x-own"];

/// A schema of at most some levels; a quarter of them refer to themselves.
pub fn schema(dice: &mut Dice) -> Value {
    let recursive = dice.once_in(4);
    // Small ones too: there a single keyword decides.
    let depth = if recursive || dice.once_in(2) { 2 } else { dice.below(2) };
    let mut made = part(dice, depth, recursive);
    if recursive && let Some(members) = made.as_object_mut() {
        let inner = part(dice, 1, true);
        members.insert("$defs".to_owned(), json!({"n": inner}));
    }
    if recursive && (!made.is_object() || asks_itself(&made)) {
        return schema(dice);
    }
    made
}

/// A schema, and the same with one keyword more, which alone decides.
pub fn narrowed(dice: &mut Dice) -> (Value, Value) {
    let kinds = ["integer", "number", "string", "array", "array", "object", "object"];
    let mut narrow = Map::new();
    let kind = kinds[dice.below(kinds.len())];
    fill(dice, &mut narrow, 1, false, kind);
    let keywords: Vec<String> = narrow.keys().filter(|key| *key != "type").cloned().collect();
    let mut wide = narrow.clone();
    if let Some(gone) = dice.pick(&keywords) {
        wide.shift_remove(gone);
    }
    (Value::Object(wide), Value::Object(narrow))
}

/// Whether the definition asks for itself of the same value, which JSON Schema leaves undefined.
fn asks_itself(whole: &Value) -> bool {
    fn meets(schema: &Value) -> bool {
        let lists = ["allOf", "anyOf", "oneOf"]
            .iter()
            .filter_map(|keyword| schema.get(*keyword)?.as_array())
            .flatten();
        let ones = ["not", "if", "then", "else"].iter().filter_map(|keyword| schema.get(*keyword));
        let dependents = schema
            .get("dependentSchemas")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|all| all.values());
        schema.get("$ref").is_some() || lists.chain(ones).chain(dependents).any(meets)
    }
    whole.pointer("/$defs/n").is_some_and(meets)
}

fn part(dice: &mut Dice, depth: usize, recursive: bool) -> Value {
    if recursive && dice.once_in(4) {
        return json!({"$ref": "#/$defs/n"});
    }
    let leaf = depth == 0;
    let mut made = Map::new();
    match dice.below(if leaf { 11 } else { 22 }) {
        0 => return Value::Bool(!dice.once_in(3)),
        1 => drop(made.insert("const".to_owned(), scalar(dice))),
        2 => drop(made.insert("enum".to_owned(), listed(dice))),
        3 | 4 => fill(dice, &mut made, depth, recursive, "integer"),
        5 => fill(dice, &mut made, depth, recursive, "number"),
        6..=8 => fill(dice, &mut made, depth, recursive, "string"),
        9 => drop(made.insert("type".to_owned(), types(dice))),
        10 => {
            let kind = if leaf { "boolean" } else { "array" };
            fill(dice, &mut made, depth, recursive, kind);
        }
        11 | 12 => fill(dice, &mut made, depth, recursive, "array"),
        13..=18 => fill(dice, &mut made, depth, recursive, "object"),
        _ => {}
    }
    if made.is_empty() || (!leaf && dice.once_in(6)) {
        combine(dice, &mut made, depth, recursive);
    }
    Value::Object(made)
}

/// Keywords of one type; the type itself is left out now and then.
fn fill(dice: &mut Dice, made: &mut Map<String, Value>, depth: usize, recursive: bool, kind: &str) {
    if !dice.once_in(7) {
        let kind = if dice.once_in(6) { json!([kind, "null"]) } else { json!(kind) };
        made.insert("type".to_owned(), kind);
    }
    let keywords: &[&str] = match kind {
        "integer" | "number" => &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
        "string" => &["minLength", "maxLength", "pattern", "format", "enum"],
        "array" => &[
            "items",
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "uniqueItems",
            "contains",
            "minContains",
            "maxContains",
            "unevaluatedItems",
        ],
        "object" => &[
            "properties",
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedProperties",
        ],
        _ => &[],
    };
    if kind == "object" && !dice.once_in(5) {
        made.insert("properties".to_owned(), keyword(dice, "properties", depth, recursive));
    }
    for _ in 0..dice.below(4) {
        if let Some(name) = dice.pick(keywords) {
            made.insert((*name).to_owned(), keyword(dice, name, depth, recursive));
        }
    }
    if made.contains_key("minContains") || made.contains_key("maxContains") {
        let inner = keyword(dice, "contains", depth, recursive);
        made.entry("contains").or_insert(inner);
    }
}

fn combine(dice: &mut Dice, made: &mut Map<String, Value>, depth: usize, recursive: bool) {
    let name = ["allOf", "anyOf", "oneOf", "anyOf", "oneOf", "not", "if"][dice.below(7)];
    made.insert(name.to_owned(), keyword(dice, name, depth, recursive));
    if name == "if" {
        for branch in ["then", "else"] {
            if !dice.once_in(3) {
                let inner = below(dice, depth, recursive);
                made.insert(branch.to_owned(), inner);
            }
        }
    }
}

fn below(dice: &mut Dice, depth: usize, recursive: bool) -> Value {
    part(dice, depth.saturating_sub(1), recursive)
}

fn name(dice: &mut Dice) -> String {
    NAMES[dice.below(NAMES.len())].to_owned()
}

fn members(dice: &mut Dice, count: usize, mut make: impl FnMut(&mut Dice) -> Value) -> Value {
    let mut found = Map::new();
    for _ in 0..count {
        let key = name(dice);
        let member = make(dice);
        found.insert(key, member);
    }
    Value::Object(found)
}

fn names(dice: &mut Dice, least: usize) -> Value {
    let mut found: Vec<String> = Vec::new();
    for _ in 0..least + dice.below(2) {
        let one = name(dice);
        if !found.contains(&one) {
            found.push(one);
        }
    }
    json!(found)
}

fn scalar(dice: &mut Dice) -> Value {
    let all = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(2),
        json!(1.5),
        json!("a"),
        json!("b"),
        json!("ab"),
        json!([]),
        json!([1]),
        json!({}),
        json!({"a": 1}),
        json!({"kind": "a"}),
    ];
    all[dice.below(all.len())].clone()
}

fn listed(dice: &mut Dice) -> Value {
    let mut values: Vec<Value> = Vec::new();
    for _ in 0..=dice.below(3) {
        let one = scalar(dice);
        if !values.contains(&one) {
            values.push(one);
        }
    }
    Value::Array(values)
}

fn types(dice: &mut Dice) -> Value {
    let mut all = ["null", "boolean", "integer", "number", "string", "array", "object"];
    dice.shuffle(&mut all);
    if dice.once_in(2) { json!(all[0]) } else { json!(all[..2 + dice.below(2)]) }
}

fn keyword(dice: &mut Dice, keyword: &str, depth: usize, recursive: bool) -> Value {
    match keyword {
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
            if dice.once_in(4) {
                json!(dice.between(-4, 8) as f64 / 2.0)
            } else {
                json!(dice.between(-2, 6))
            }
        }
        "multipleOf" => [json!(1), json!(2), json!(3), json!(4), json!(0.5), json!(0.1), json!(1.5)]
            [dice.below(7)]
        .clone(),
        "minLength" | "minItems" | "minProperties" | "minContains" => json!(dice.between(0, 3)),
        "maxLength" | "maxItems" | "maxProperties" | "maxContains" => json!(dice.between(0, 4)),
        "pattern" => json!(PATTERNS[dice.below(PATTERNS.len())]),
        "format" => json!(FORMATS[dice.below(FORMATS.len())]),
        "enum" => listed(dice),
        "uniqueItems" => json!(!dice.once_in(4)),
        "required" => names(dice, 1),
        "prefixItems" => {
            let count = 1 + dice.below(2);
            Value::Array((0..count).map(|_| below(dice, depth, recursive)).collect())
        }
        "allOf" | "anyOf" | "oneOf" => {
            let count = 2 + dice.below(2);
            Value::Array((0..count).map(|_| below(dice, depth, recursive)).collect())
        }
        "properties" | "dependentSchemas" => {
            let count = if keyword == "properties" { 1 + dice.below(3) } else { 1 };
            members(dice, count, |dice| below(dice, depth, recursive))
        }
        "dependentRequired" => members(dice, 1, |dice| names(dice, 1)),
        "patternProperties" => {
            let pattern = PATTERNS[dice.below(PATTERNS.len())];
            json!({pattern: below(dice, depth, recursive)})
        }
        "propertyNames" => {
            let inner = ["maxLength", "minLength", "pattern", "enum"][dice.below(4)];
            let value = if inner == "enum" { names(dice, 2) } else { self::keyword(dice, inner, 0, false) };
            json!({inner: value})
        }
        "additionalProperties" | "unevaluatedProperties" | "unevaluatedItems" if dice.once_in(2) => {
            json!(false)
        }
        _ => below(dice, depth, recursive),
    }
}

/// The schema with one to three small changes.
pub fn changed(schema: &Value, dice: &mut Dice) -> Value {
    let mut made = schema.clone();
    let most = if dice.once_in(2) { 1 } else { 3 };
    for _ in 0..=dice.below(most) {
        let mut places = Vec::new();
        collect(&made, String::new(), &mut places);
        let place = places[dice.below(places.len())].clone();
        let recursive = made.get("$defs").is_some();
        if let Some(one) = made.pointer_mut(&place) {
            change(one, place.is_empty(), recursive, dice);
        }
    }
    if asks_itself(&made) { schema.clone() } else { made }
}

/// Pointers of all schemas within a schema.
pub fn collect(schema: &Value, place: String, places: &mut Vec<String>) {
    let Some(keywords) = schema.as_object() else {
        places.push(place);
        return;
    };
    for (keyword, value) in keywords {
        let here = format!("{place}/{keyword}");
        match keyword.as_str() {
            "properties" | "patternProperties" | "dependentSchemas" | "$defs" => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    collect(inner, format!("{here}/{}", name.replace('~', "~0").replace('/', "~1")), places);
                }
            }
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                for (at, inner) in value.as_array().into_iter().flatten().enumerate() {
                    collect(inner, format!("{here}/{at}"), places);
                }
            }
            "items"
            | "contains"
            | "additionalProperties"
            | "propertyNames"
            | "not"
            | "if"
            | "then"
            | "else"
            | "unevaluatedItems"
            | "unevaluatedProperties" => collect(value, here, places),
            _ => {}
        }
    }
    places.push(place);
}

fn change(schema: &mut Value, is_root: bool, recursive: bool, dice: &mut Dice) {
    let choice = dice.below(12);
    let Some(keywords) = schema.as_object_mut() else {
        if !is_root || !recursive {
            *schema = part(dice, 1, recursive);
        }
        return;
    };
    let present: Vec<String> = keywords.keys().filter(|key| !key.starts_with('$')).cloned().collect();
    match choice {
        0 | 1 => {
            if let Some(gone) = dice.pick(&present) {
                keywords.shift_remove(gone);
            }
        }
        2..=6 => {
            if let Some(name) = dice.pick(&present)
                && let Some(value) = keywords.get_mut(name)
            {
                adjust(name, value, recursive, dice);
            }
        }
        7 | 8 => {
            let kinds = ["integer", "string", "array", "object", "object", "number"];
            let said = keywords.get("type").and_then(Value::as_str).map(str::to_owned);
            let kind = said.unwrap_or_else(|| kinds[dice.below(kinds.len())].to_owned());
            let mut more = Map::new();
            fill(dice, &mut more, 1, recursive, &kind);
            more.shift_remove("type");
            for (key, value) in more {
                keywords.entry(key).or_insert(value);
            }
        }
        9 if !is_root => *schema = part(dice, 1, recursive),
        _ => {
            // The union or intersection with another; definitions stay where they are.
            let definitions = keywords.shift_remove("$defs");
            let keyword = ["anyOf", "oneOf", "allOf", "not"][dice.below(4)];
            let inner = Value::Object(std::mem::take(keywords));
            let wrapped = if keyword == "not" {
                json!({"not": inner})
            } else {
                json!([inner, part(dice, 1, recursive)])
            };
            keywords.insert(keyword.to_owned(), wrapped);
            keywords.extend(definitions.map(|definitions| ("$defs".to_owned(), definitions)));
        }
    }
}

fn adjust(name: &str, value: &mut Value, recursive: bool, dice: &mut Dice) {
    if let Some(number) = value.as_i64() {
        let other = number + if dice.once_in(2) { 1 } else { -1 };
        let counts = name.starts_with("min") || name.starts_with("max");
        let floor = if counts && name != "minimum" && name != "maximum" {
            0
        } else {
            i64::from(name == "multipleOf")
        };
        *value = json!(if floor == 0 && !counts { other } else { other.max(floor) });
        if name == "multipleOf" {
            *value = json!(other.max(1));
        } else if name == "minimum" || name == "maximum" || name.starts_with("exclusive") {
            *value = json!(other);
        }
        return;
    }
    match (name, &mut *value) {
        ("required" | "enum", Value::Array(list)) => {
            let gone = dice.below(list.len().max(1));
            if dice.once_in(2) && list.len() > 1 {
                list.remove(gone);
            } else {
                let more = if name == "required" { json!(self::name(dice)) } else { scalar(dice) };
                if !list.contains(&more) {
                    list.push(more);
                }
            }
        }
        ("allOf" | "anyOf" | "oneOf" | "prefixItems", Value::Array(list)) => {
            if dice.once_in(2) && list.len() > 1 {
                let gone = dice.below(list.len());
                list.remove(gone);
            } else {
                list.push(part(dice, 1, recursive));
            }
        }
        ("properties" | "patternProperties" | "dependentSchemas", Value::Object(members)) => {
            let all: Vec<String> = members.keys().cloned().collect();
            match dice.pick(&all) {
                Some(gone) if dice.once_in(2) => drop(members.shift_remove(gone)),
                _ => drop(members.insert(self::name(dice), part(dice, 1, recursive))),
            }
        }
        _ => *value = keyword(dice, name, 1, recursive),
    }
    if name == "type" {
        *value = types(dice);
    }
}
