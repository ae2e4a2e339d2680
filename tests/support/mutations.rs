//! Changes of one schema that only narrow, or only widen, what it takes.

use serde_json::{Map, Value, json};
use sundial::spec::Dialect;

use super::dice::Dice;
use super::instances::{lengths, type_spoken_of};

type Keywords = Map<String, Value>;

/// A change with a known effect.
#[derive(Clone, Copy)]
pub struct Operator {
    pub name: &'static str,
    /// Whether the set of values shrinks; else it grows.
    pub narrows: bool,
    /// Does it where it can be done, and where the schema does not show that it would change nothing.
    pub apply: fn(&mut Keywords, &mut Dice, Dialect) -> bool,
}

fn types(keywords: &Keywords) -> Vec<String> {
    match keywords.get("type") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn is(keywords: &Keywords, kind: &str) -> bool {
    types(keywords).iter().any(|each| each == kind)
}

fn is_plain(keywords: &Keywords, kind: &str) -> bool {
    is(keywords, kind)
        && !keywords.contains_key("enum")
        && !keywords.contains_key("const")
        && !keywords.contains_key("format")
}

/// Moves a count that is there.
fn loosen(keywords: &mut Keywords, keyword: &str, by: i64) -> bool {
    let Some(limit) = keywords.get(keyword).and_then(Value::as_i64) else { return false };
    if limit + by < 0 && keyword.ends_with(['h', 's']) {
        return false;
    }
    keywords.insert(keyword.to_owned(), json!(limit + by));
    true
}

fn drop_limit(keywords: &mut Keywords, keyword: &str) -> bool {
    keywords.get(keyword).is_some_and(Value::is_number) && keywords.shift_remove(keyword).is_some()
}

/// Whether a change is plainly none of what the schema takes, for what stands beside it.
pub fn is_idle(before: &Keywords, after: &Keywords) -> bool {
    let mut moved = before.iter().filter(|(keyword, value)| after.get(*keyword) != Some(value));
    let is_added = after.keys().any(|keyword| !before.contains_key(keyword));
    let is_idle = |(keyword, value): (&String, &Value)| match keyword.as_str() {
        "anyOf" => after.get(keyword).is_some_and(|left| is_covered(value, left)),
        _ => is_idle_bound(before, keyword),
    };
    !is_added && moved.all(is_idle)
}

/// Whether the branch that is missing is covered by one that is left.
fn is_covered(before: &Value, after: &Value) -> bool {
    let (Some(before), Some(after)) = (before.as_array(), after.as_array()) else { return false };
    let gone = before.iter().find(|branch| !after.contains(branch));
    after.len() < before.len() && gone.is_none_or(|gone| after.iter().any(|left| covers(left, gone)))
}

/// Whether a bound refuses nothing that the keywords beside it take: values of another type, those of a list, or the
/// texts of a pattern.
fn is_idle_bound(keywords: &Keywords, keyword: &str) -> bool {
    let is_exclusive =
        ["exclusiveMinimum", "exclusiveMaximum"].iter().any(|each| keywords.contains_key(*each));
    let Some(limit) = keywords.get(keyword).and_then(Value::as_f64).filter(|_| !is_exclusive) else {
        return false;
    };
    let types = types(keywords);
    let is_spoken_of = type_spoken_of(keyword)
        .is_none_or(|kind| types.iter().any(|each| each == kind || kind == "number" && each == "integer"));
    if !types.is_empty() && !is_spoken_of {
        return true;
    }
    let is_kept = |size: f64| if keyword.starts_with("max") { size <= limit } else { size >= limit };
    let listed = keywords.get("enum").and_then(Value::as_array);
    if listed.is_some_and(|listed| listed.iter().filter_map(|each| size(each, keyword)).all(is_kept)) {
        return true;
    }
    let pattern = keywords.get("pattern").and_then(Value::as_str).filter(|_| keyword.ends_with("Length"));
    pattern.is_some_and(|pattern| {
        let (least, most) = lengths(pattern);
        if keyword == "minLength" {
            is_kept(least as f64)
        } else {
            most.is_some_and(|most| is_kept(most as f64))
        }
    })
}

/// What a bound measures in a value of the type that it speaks of.
fn size(value: &Value, keyword: &str) -> Option<f64> {
    match (value, type_spoken_of(keyword)?) {
        (Value::String(text), "string") => Some(text.chars().count() as f64),
        (Value::Array(items), "array") => Some(items.len() as f64),
        (Value::Object(members), "object") => Some(members.len() as f64),
        (Value::Number(number), "number") => number.as_f64(),
        _ => None,
    }
}

/// Whether a schema that says no more than a type takes whatever another takes.
fn covers(one: &Value, other: &Value) -> bool {
    const SILENT: [&str; 8] =
        ["title", "description", "default", "example", "examples", "deprecated", "externalDocs", "xml"];
    let (Some(one), Some(other)) = (one.as_object(), other.as_object()) else { return false };
    let mut said = one.keys().filter(|keyword| !SILENT.contains(&keyword.as_str()));
    said.all(|keyword| keyword == "type")
        && one.get("type") == other.get("type")
        && !other.contains_key("nullable")
}

/// The keyword by which null is allowed beside a type, before types could be listed.
const fn nullable(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::V20 => Some("x-nullable"),
        Dialect::V30 => Some("nullable"),
        _ => None,
    }
}

/// Demands more than was demanded, where the type is right.
fn tighten(keywords: &mut Keywords, keyword: &str, kind: &str, limit: i64) -> bool {
    let is_upper = keyword.starts_with("max");
    let now = keywords.get(keyword).and_then(Value::as_i64);
    let other = if is_upper { keyword.replace("max", "min") } else { keyword.replace("min", "max") };
    let far = keywords.get(&other).and_then(Value::as_i64);
    let sides =
        if is_upper { far.is_none_or(|least| least <= limit) } else { far.is_none_or(|most| most >= limit) };
    let is_tighter = now.is_none_or(|now| if is_upper { now > limit } else { now < limit });
    let plain = if kind == "string" {
        is_plain(keywords, kind) && !keywords.contains_key("pattern")
    } else {
        is_plain(keywords, kind)
    };
    let ready = plain && sides && is_tighter && !(keywords.contains_key(keyword) && now.is_none());
    if ready {
        keywords.insert(keyword.to_owned(), json!(limit));
    }
    ready
}

fn numeric(keywords: &Keywords) -> bool {
    (is(keywords, "integer") || is(keywords, "number"))
        && !keywords.contains_key("enum")
        && !keywords.contains_key("const")
}

fn bound(keywords: &mut Keywords, keyword: &str, limit: i64) -> bool {
    let taken = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
    let ready = numeric(keywords) && !taken.iter().any(|each| keywords.contains_key(*each));
    if ready {
        keywords.insert(keyword.to_owned(), json!(limit));
    }
    ready
}

fn list<'k>(keywords: &'k mut Keywords, keyword: &str) -> Option<&'k mut Vec<Value>> {
    keywords.get_mut(keyword).and_then(Value::as_array_mut)
}

/// Texts alone: null among them may be said elsewhere too.
fn enum_of_texts(keywords: &mut Keywords) -> Option<&mut Vec<Value>> {
    list(keywords, "enum").filter(|values| !values.is_empty() && values.iter().all(Value::is_string))
}

fn declared(keywords: &Keywords, dice: &mut Dice, required: bool) -> Option<String> {
    let listed: Vec<&str> = keywords
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = keywords.get("properties")?.as_object()?;
    let fit: Vec<&String> =
        properties.keys().filter(|name| listed.contains(&name.as_str()) == required).collect();
    dice.pick(&fit).map(|name| (*name).clone())
}

fn closed(keywords: &Keywords) -> bool {
    keywords.get("additionalProperties") == Some(&Value::Bool(false))
}

fn open_object(keywords: &Keywords) -> bool {
    is(keywords, "object")
        && keywords
            .get("additionalProperties")
            .is_none_or(|rest| *rest == Value::Bool(true) || *rest == json!({}))
        && !keywords.contains_key("patternProperties")
        && !keywords.contains_key("unevaluatedProperties")
}

macro_rules! operators {
    ($($effect:ident $name:literal = $apply:expr;)*) => {
        /// All of them.
        pub const OPERATORS: &[Operator] = &[$(Operator { name: $name, narrows: operators!(@ $effect), apply: $apply }),*];
    };
    (@ narrow) => { true };
    (@ widen) => { false };
}

operators! {
    widen "maxLength raised" = |it, _, _| loosen(it, "maxLength", 3);
    widen "maxLength dropped" = |it, _, _| drop_limit(it, "maxLength");
    narrow "maxLength set" = |it, _, _| tighten(it, "maxLength", "string", 2);
    widen "minLength lowered" = |it, _, _| loosen(it, "minLength", -1);
    widen "minLength dropped" = |it, _, _| it.get("minLength") != Some(&json!(0)) && drop_limit(it, "minLength");
    narrow "minLength set" = |it, _, _| tighten(it, "minLength", "string", 4);
    narrow "pattern set" = |it, _, _| {
        let ready = is_plain(it, "string") && !it.contains_key("pattern");
        if ready { it.insert("pattern".to_owned(), json!("^[m-z]")); }
        ready
    };
    widen "pattern dropped" = |it, _, _| it.shift_remove("pattern").is_some_and(|pattern| pattern.is_string());
    widen "maximum raised" = |it, _, _| loosen(it, "maximum", 5);
    widen "maximum dropped" = |it, _, _| it.get("exclusiveMaximum").is_none() && drop_limit(it, "maximum");
    narrow "maximum set" = |it, _, _| bound(it, "maximum", 7);
    widen "minimum lowered" = |it, _, _| loosen(it, "minimum", -5);
    widen "minimum dropped" = |it, _, _| it.get("exclusiveMinimum").is_none() && drop_limit(it, "minimum");
    narrow "minimum set" = |it, _, _| bound(it, "minimum", 3);
    narrow "exclusive maximum set" = |it, _, dialect| {
        let modern = dialect >= Dialect::V31;
        modern && bound(it, "exclusiveMaximum", 4) || !modern && bound(it, "maximum", 4) && it.insert("exclusiveMaximum".to_owned(), json!(true)).is_none()
    };
    narrow "exclusive minimum set" = |it, _, dialect| {
        let modern = dialect >= Dialect::V31;
        modern && bound(it, "exclusiveMinimum", 4) || !modern && bound(it, "minimum", 4) && it.insert("exclusiveMinimum".to_owned(), json!(true)).is_none()
    };
    narrow "multipleOf set" = |it, _, _| bound(it, "multipleOf", 3);
    narrow "number made integer" = |it, _, _| {
        let ready = it.get("type") == Some(&json!("number")) && !it.contains_key("enum") && !it.contains_key("multipleOf");
        if ready {
            it.insert("type".to_owned(), json!("integer"));
            it.shift_remove("format");
        }
        ready
    };
    widen "integer made number" = |it, _, _| {
        let ready = it.get("type") == Some(&json!("integer")) && !it.contains_key("enum");
        if ready {
            it.insert("type".to_owned(), json!("number"));
            it.shift_remove("format");
        }
        ready
    };
    widen "value added to enum" = |it, _, _| enum_of_texts(it).map(|values| values.push(json!("zz-new"))).is_some();
    narrow "value removed from enum" = |it, dice, _| {
        enum_of_texts(it).filter(|values| values.len() > 1).map(|values| values.remove(dice.below(values.len()))).is_some()
    };
    widen "enum dropped" = |it, _, _| {
        enum_of_texts(it).is_some() && it.get("type") == Some(&json!("string")) && it.shift_remove("enum").is_some()
    };
    narrow "enum set" = |it, _, _| {
        let ready = it.get("type") == Some(&json!("string")) && is_plain(it, "string") && !["pattern", "minLength", "maxLength"].iter().any(|each| it.contains_key(*each));
        if ready { it.insert("enum".to_owned(), json!(["one", "two"])); }
        ready
    };
    widen "minItems dropped" = |it, _, _| it.get("minItems") != Some(&json!(0)) && drop_limit(it, "minItems");
    narrow "minItems set" = |it, _, _| tighten(it, "minItems", "array", 2);
    widen "maxItems raised" = |it, _, _| loosen(it, "maxItems", 2);
    widen "maxItems dropped" = |it, _, _| drop_limit(it, "maxItems");
    narrow "maxItems set" = |it, _, _| tighten(it, "maxItems", "array", 1);
    narrow "uniqueItems set" = |it, _, _| {
        let ready = is(it, "array") && it.get("uniqueItems") != Some(&json!(true)) && it.get("maxItems").and_then(Value::as_i64).is_none_or(|most| most > 1);
        if ready { it.insert("uniqueItems".to_owned(), json!(true)); }
        ready
    };
    widen "uniqueItems dropped" = |it, _, _| it.get("uniqueItems") == Some(&json!(true)) && it.shift_remove("uniqueItems").is_some();
    narrow "member required" = |it, dice, _| {
        let Some(name) = is(it, "object").then(|| declared(it, dice, false)).flatten() else { return false };
        let all = it.entry("required").or_insert_with(|| json!([]));
        all.as_array_mut().map(|all| all.push(json!(name))).is_some()
    };
    widen "member no longer required" = |it, dice, _| {
        let Some(name) = is(it, "object").then(|| declared(it, dice, true)).flatten() else { return false };
        list(it, "required").map(|all| all.retain(|each| *each != json!(name))).is_some()
    };
    narrow "object closed" = |it, _, _| {
        open_object(it) && it.contains_key("properties") && {
            it.insert("additionalProperties".to_owned(), json!(false));
            true
        }
    };
    widen "object opened" = |it, _, _| closed(it) && it.shift_remove("additionalProperties").is_some();
    narrow "other names given a type" = |it, _, _| {
        open_object(it) && it.contains_key("properties") && {
            it.insert("additionalProperties".to_owned(), json!({"type": "integer"}));
            true
        }
    };
    narrow "maxProperties set" = |it, _, _| {
        let ready = is(it, "object") && !it.contains_key("maxProperties") && !it.contains_key("minProperties") && !it.contains_key("required") && open_object(it);
        if ready { it.insert("maxProperties".to_owned(), json!(1)); }
        ready
    };
    narrow "minProperties set" = |it, _, _| {
        let ready = is(it, "object") && !it.contains_key("minProperties") && !it.contains_key("maxProperties") && !it.contains_key("required");
        if ready { it.insert("minProperties".to_owned(), json!(1)); }
        ready
    };
    widen "null allowed" = |it, _, dialect| {
        let Some(Value::String(kind)) = it.get("type").cloned() else { return false };
        let flag = nullable(dialect);
        if kind == "null" || it.contains_key("enum") || it.contains_key("const") || flag.is_some_and(|flag| it.contains_key(flag)) { return false }
        match flag {
            Some(flag) => it.insert(flag.to_owned(), json!(true)),
            None => it.insert("type".to_owned(), json!([kind, "null"])),
        };
        true
    };
    narrow "null refused" = |it, _, dialect| {
        if let Some(flag) = nullable(dialect) {
            return it.contains_key("type") && !it.contains_key("enum") && it.get(flag) == Some(&json!(true)) && it.shift_remove(flag).is_some();
        }
        let all = types(it);
        let ready = all.len() == 2 && all.contains(&"null".to_owned()) && !it.contains_key("enum");
        if ready { it.insert("type".to_owned(), json!(all.iter().find(|each| *each != "null"))); }
        ready
    };
    widen "branch added to anyOf" = |it, _, _| list(it, "anyOf").map(|all| all.push(json!({"type": "string", "enum": ["zz-branch"]}))).is_some();
    narrow "branch removed from anyOf" = |it, dice, _| {
        list(it, "anyOf").filter(|all| all.len() > 1).map(|all| all.remove(dice.below(all.len()))).is_some()
    };
    widen "type dropped" = |it, _, _| {
        matches!(it.get("type").and_then(Value::as_str), Some("string" | "integer" | "boolean"))
            && it.keys().all(|key| ["type", "description", "title"].contains(&key.as_str()))
            && it.shift_remove("type").is_some()
    };
    narrow "branch added to allOf" = |it, _, _| {
        let ready = is_plain(it, "string") && !it.contains_key("allOf") && it.get("type") == Some(&json!("string"));
        if ready { it.insert("allOf".to_owned(), json!([{"type": "string", "maxLength": 1}])); }
        ready && it.get("maxLength").is_none() && it.get("minLength").is_none() && it.get("pattern").is_none()
    };
}
