//! Values at the edges of schemas: members by construction, and their neighbours, one keyword away.
//!
//! Nothing here knows what is valid: the referee says so afterwards. Schemas are those of 2020-12.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Number, Value, json};

use super::dice::Dice;

/// A schema, and the whole that its references lead into.
#[derive(Debug, Clone, Copy)]
pub struct Spot<'s> {
    pub root: &'s Value,
    pub schema: &'s Value,
}

impl<'s> Spot<'s> {
    pub const fn whole(root: &'s Value) -> Self {
        Self { root, schema: root }
    }

    const fn at(self, schema: &'s Value) -> Self {
        Self { root: self.root, schema }
    }

    pub fn reference(self) -> Option<Self> {
        let text = self.schema.get("$ref")?.as_str()?;
        let pointer = text.strip_prefix('#')?;
        self.root.pointer(pointer).map(|target| self.at(target))
    }

    pub fn list(self, keyword: &str) -> impl Iterator<Item = Self> {
        let list = self.schema.get(keyword).and_then(Value::as_array);
        list.into_iter().flatten().map(move |each| self.at(each))
    }

    pub fn map(self, keyword: &str) -> impl Iterator<Item = (&'s str, Self)> {
        let members = self.schema.get(keyword).and_then(Value::as_object);
        members.into_iter().flatten().map(move |(name, each)| (name.as_str(), self.at(each)))
    }

    /// The schema of a name.
    pub fn member(self, keyword: &str, name: &str) -> Option<Self> {
        self.schema.get(keyword)?.as_object()?.get(name).map(|each| self.at(each))
    }

    pub fn one(self, keyword: &str) -> Option<Self> {
        self.schema.get(keyword).map(|each| self.at(each))
    }

    fn names(self, keyword: &str) -> impl Iterator<Item = &'s str> {
        self.schema.get(keyword).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }
}

/// All schemas that speak of the same value, whatever they make of it.
pub fn parts<'s>(spots: &[Spot<'s>]) -> Vec<Spot<'s>> {
    let mut found: Vec<Spot<'s>> = Vec::new();
    let mut todo: Vec<Spot<'s>> = spots.iter().rev().copied().collect();
    while let Some(spot) = todo.pop() {
        if found.len() >= 80 || found.iter().any(|each| std::ptr::eq(each.schema, spot.schema)) {
            continue;
        }
        found.push(spot);
        todo.extend(spot.reference());
        for keyword in ["allOf", "anyOf", "oneOf"] {
            todo.extend(spot.list(keyword));
        }
        for keyword in ["not", "if", "then", "else"] {
            todo.extend(spot.one(keyword));
        }
        todo.extend(spot.map("dependentSchemas").map(|(_, each)| each));
    }
    found
}

/// The schemas of a member, seen from all that speak of the object.
fn members_of<'s>(parts: &[Spot<'s>], name: &str) -> Vec<Spot<'s>> {
    let mut found = Vec::new();
    for part in parts {
        found.extend(part.member("properties", name));
        found.extend(part.map("patternProperties").map(|(_, each)| each));
        found.extend(part.one("additionalProperties"));
        found.extend(part.one("unevaluatedProperties"));
    }
    found
}

fn items_of<'s>(parts: &[Spot<'s>], index: usize) -> Vec<Spot<'s>> {
    let mut found = Vec::new();
    for part in parts {
        found.extend(part.list("prefixItems").nth(index));
        for keyword in ["items", "contains", "unevaluatedItems"] {
            found.extend(part.one(keyword));
        }
    }
    found
}

/// The names that a sender uses: those that it declares, and those that nobody does. Where that hangs on a pattern a
/// name is not used.
///
/// The same places are met in thousands of values, so what is declared there is looked up once for each.
pub struct Vocabulary<'s> {
    places: Vec<Named<'s>>,
    /// By the schemas of both sides.
    known: HashMap<[Vec<*const Value>; 2], usize>,
}

/// A place in values, and what both sides say of it.
struct Named<'s> {
    ours: Vec<Spot<'s>>,
    theirs: Vec<Spot<'s>>,
    /// How many items come before all others are alike.
    tuple: usize,
    items: HashMap<usize, usize>,
    /// The place below a name; none where the name is not used.
    members: HashMap<String, Option<usize>>,
}

impl<'s> Vocabulary<'s> {
    pub fn new(sender: Spot<'s>, receiver: Spot<'s>) -> Self {
        let mut found = Self { places: Vec::new(), known: HashMap::new() };
        found.place([&[sender], &[receiver]]);
        found
    }

    /// Whether all names in a value are such.
    pub fn holds(&mut self, value: &Value) -> bool {
        self.holds_at(0, value)
    }

    fn holds_at(&mut self, place: usize, value: &Value) -> bool {
        match value {
            Value::Object(members) => members.iter().all(|(name, member)| {
                let below = match self.places[place].members.get(name) {
                    Some(known) => *known,
                    None => self.member(place, name),
                };
                below.is_some_and(|below| self.holds_at(below, member))
            }),
            Value::Array(items) => items.iter().enumerate().all(|(at, item)| {
                let below = self.item(place, at);
                self.holds_at(below, item)
            }),
            _ => true,
        }
    }

    fn member(&mut self, place: usize, name: &str) -> Option<usize> {
        let Named { ours, theirs, .. } = &self.places[place];
        let by_pattern = theirs.iter().any(|part| part.schema.get("patternProperties").is_some());
        let is_used = declares(ours, name) || (!declares(theirs, name) && !by_pattern);
        let sides = [members_of(ours, name), members_of(theirs, name)];
        let below = is_used.then(|| self.place(sides.each_ref().map(Vec::as_slice)));
        self.places[place].members.insert(name.to_owned(), below);
        below
    }

    fn item(&mut self, place: usize, at: usize) -> usize {
        let Named { ours, theirs, tuple, items, .. } = &self.places[place];
        let at = at.min(*tuple);
        if let Some(known) = items.get(&at) {
            return *known;
        }
        let sides = [items_of(ours, at), items_of(theirs, at)];
        let below = self.place(sides.each_ref().map(Vec::as_slice));
        self.places[place].items.insert(at, below);
        below
    }

    fn place(&mut self, sides: [&[Spot<'s>]; 2]) -> usize {
        let [ours, theirs] = sides.map(parts);
        let key =
            [&ours, &theirs].map(|parts| parts.iter().map(|part| std::ptr::from_ref(part.schema)).collect());
        *self.known.entry(key).or_insert_with(|| {
            let tuple =
                ours.iter().chain(&theirs).map(|part| part.list("prefixItems").count()).max().unwrap_or(0);
            self.places.push(Named { ours, theirs, tuple, items: HashMap::new(), members: HashMap::new() });
            self.places.len() - 1
        })
    }
}

fn declares(parts: &[Spot<'_>], name: &str) -> bool {
    let has = |part: &Spot<'_>, keyword: &str| {
        part.schema.get(keyword).and_then(Value::as_object).is_some_and(|members| members.contains_key(name))
    };
    parts.iter().any(|part| {
        ["properties", "dependentSchemas", "dependentRequired"].iter().any(|keyword| has(part, keyword))
            || part.names("required").any(|each| each == name)
    })
}

const TYPES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];

fn types_said(schema: &Value) -> Option<Vec<&str>> {
    match schema.get("type")? {
        Value::String(one) => Some(vec![one.as_str()]),
        Value::Array(several) => Some(several.iter().filter_map(Value::as_str).collect()),
        _ => None,
    }
}

/// The type whose keywords a schema uses.
pub fn type_spoken_of(keyword: &str) -> Option<&'static str> {
    Some(match keyword {
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => "number",
        "minLength" | "maxLength" | "pattern" => "string",
        "items" | "prefixItems" | "contains" | "minItems" | "maxItems" | "uniqueItems" | "minContains"
        | "maxContains" | "unevaluatedItems" => "array",
        "properties"
        | "required"
        | "additionalProperties"
        | "patternProperties"
        | "propertyNames"
        | "minProperties"
        | "maxProperties"
        | "dependentRequired"
        | "dependentSchemas"
        | "unevaluatedProperties" => "object",
        _ => return None,
    })
}

pub fn number(value: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be a whole number within i64")]
    if value.fract() == 0.0 && value.abs() < 9e15 {
        Value::from(value as i64)
    } else {
        Number::from_f64(value).map_or(Value::Null, Value::Number)
    }
}

/// Makes values by chance.
pub struct Maker<'d> {
    pub dice: &'d mut Dice,
}

impl Maker<'_> {
    /// A value that this schema likely takes.
    pub fn member(&mut self, spot: Spot<'_>) -> Value {
        self.together(&[spot])
    }

    /// A value that all of these likely take.
    pub fn together(&mut self, spots: &[Spot<'_>]) -> Value {
        self.make(spots, 0)
    }

    /// What holds together, with one branch of each union.
    fn conjuncts<'s>(&mut self, spots: &[Spot<'s>]) -> Vec<Spot<'s>> {
        let mut found: Vec<Spot<'s>> = Vec::new();
        let mut todo: Vec<Spot<'s>> = spots.iter().rev().copied().collect();
        while let Some(spot) = todo.pop() {
            if found.len() >= 60 || found.iter().any(|each| std::ptr::eq(each.schema, spot.schema)) {
                continue;
            }
            found.push(spot);
            todo.extend(spot.reference());
            todo.extend(spot.list("allOf"));
            for keyword in ["anyOf", "oneOf"] {
                let branches: Vec<Spot<'s>> = spot.list(keyword).collect();
                todo.extend(self.dice.pick(&branches).copied());
            }
            if let Some(condition) = spot.one("if") {
                if self.dice.once_in(2) {
                    todo.push(condition);
                    todo.extend(spot.one("then"));
                } else {
                    todo.extend(spot.one("else"));
                }
            }
        }
        found
    }

    fn make(&mut self, spots: &[Spot<'_>], depth: usize) -> Value {
        // A schema that demands itself has no members.
        if depth > 12 {
            return Value::Null;
        }
        let all = self.conjuncts(spots);
        if let Some(value) = all.iter().find_map(|each| each.schema.get("const")) {
            return value.clone();
        }
        let mut listed: Option<Vec<&Value>> = None;
        for list in all.iter().filter_map(|each| each.schema.get("enum")?.as_array()) {
            let kept: Vec<&Value> = match &listed {
                None => list.iter().collect(),
                Some(before) => before.iter().copied().filter(|each| list.contains(each)).collect(),
            };
            if !kept.is_empty() {
                listed = Some(kept);
            }
        }
        if let Some(listed) = listed
            && let Some(value) = self.dice.pick(&listed)
        {
            return (*value).clone();
        }
        match self.kind(&all) {
            "null" => Value::Null,
            "boolean" => Value::Bool(self.dice.once_in(2)),
            "integer" => self.number(&all, true),
            "number" => self.number(&all, false),
            "string" => Value::String(self.string(&all)),
            "array" => self.array(&all, depth),
            _ => self.object(&all, depth),
        }
    }

    fn kind(&mut self, all: &[Spot<'_>]) -> &'static str {
        let mut allowed: Vec<&'static str> = TYPES.to_vec();
        let mut said = false;
        for types in all.iter().filter_map(|each| types_said(each.schema)) {
            said = true;
            let wide = types.contains(&"number");
            let kept: Vec<&'static str> = allowed
                .iter()
                .copied()
                .filter(|each| types.contains(each) || (*each == "integer" && wide))
                .collect();
            if !kept.is_empty() {
                allowed = kept;
            }
        }
        if !said {
            let keywords = all.iter().filter_map(|each| each.schema.as_object()).flat_map(Map::keys);
            let spoken: Vec<&'static str> = keywords.filter_map(|keyword| type_spoken_of(keyword)).collect();
            if !self.dice.once_in(5)
                && let Some(kind) = self.dice.pick(&spoken)
            {
                return kind;
            }
            // Containers of nothing in particular are dull.
            allowed.truncate(5);
        }
        // null is worth less than what else there is.
        if allowed.len() > 1 && !self.dice.once_in(4) {
            allowed.retain(|each| *each != "null");
        }
        self.dice.pick(&allowed).copied().unwrap_or("null")
    }

    fn number(&mut self, all: &[Spot<'_>], whole: bool) -> Value {
        let bound = |keyword: &str| {
            all.iter().filter_map(move |each| each.schema.get(keyword)?.as_f64()).collect::<Vec<_>>()
        };
        let step = bound("multipleOf").into_iter().reduce(f64::max);
        let grain = if whole || step.is_some() { 1.0 } else { 0.5 };
        let above = bound("exclusiveMinimum").into_iter().map(|limit| limit + grain);
        let below = bound("exclusiveMaximum").into_iter().map(|limit| limit - grain);
        let low = bound("minimum").into_iter().chain(above).reduce(f64::max);
        let high = bound("maximum").into_iter().chain(below).reduce(f64::min);
        let somewhere = self.dice.between(-3, 12) as f64;
        let value = match (low, high, self.dice.below(4)) {
            (Some(low), _, 0 | 1) => low,
            (_, Some(high), 2) => high,
            (Some(low), Some(high), _) => somewhere.clamp(low.min(high), high.max(low)),
            (Some(low), None, _) => low + somewhere.abs(),
            (None, Some(high), _) => high - somewhere.abs(),
            (None, None, _) if !whole && self.dice.once_in(3) => somewhere + 0.5,
            (None, None, _) => somewhere,
        };
        let value = if whole { value.ceil() } else { value };
        number(step.map_or(value, |step| (value / step).ceil() * step))
    }

    fn string(&mut self, all: &[Spot<'_>]) -> String {
        let text = |keyword: &str| {
            all.iter().filter_map(|each| each.schema.get(keyword)?.as_str()).collect::<Vec<_>>()
        };
        let length = |keyword: &str| {
            all.iter().filter_map(|each| each.schema.get(keyword)?.as_u64()).collect::<Vec<_>>()
        };
        let least = length("minLength").into_iter().max().unwrap_or(0).min(5_000);
        let most = length("maxLength").into_iter().min();
        let (patterns, formats) = (text("pattern"), text("format"));
        let mut made = if let Some(pattern) = self.dice.pick(&patterns) {
            word(pattern, self.dice)
        } else if let Some(sample) = self.dice.pick(&formats).and_then(|format| sample_of(format)) {
            return sample.to_owned();
        } else {
            let words = ["", "a", "b", "ab", "abc", "x1", "é", "Hello", "0", "2020-01-01"];
            self.dice.pick(&words).map_or_else(String::new, |each| (*each).to_owned())
        };
        let least = usize::try_from(least).unwrap_or(0);
        let missing = least.saturating_sub(made.chars().count());
        let filler = made.chars().last().unwrap_or('a');
        made.extend(std::iter::repeat_n(filler, missing));
        if let Some(most) = most {
            made = made.chars().take(usize::try_from(most).unwrap_or(usize::MAX)).collect();
        }
        made
    }

    fn array(&mut self, all: &[Spot<'_>], depth: usize) -> Value {
        let count = |keyword: &str| {
            all.iter().filter_map(|each| each.schema.get(keyword)?.as_u64()).collect::<Vec<_>>()
        };
        let least = usize::try_from(count("minItems").into_iter().max().unwrap_or(0).min(60)).unwrap_or(0);
        let most =
            count("maxItems").into_iter().min().map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(0));
        let wanted: Vec<Spot<'_>> = all.iter().filter_map(|each| each.one("contains")).collect();
        let wished = if depth > 5 { 0 } else { self.dice.below(3) };
        let length = (least + wished).max(wanted.len()).min(most).min(80).max(least);
        let unique = all.iter().any(|each| each.schema.get("uniqueItems") == Some(&Value::Bool(true)));
        let mut items: Vec<Value> = Vec::with_capacity(length);
        for at in 0..length {
            let mut spots: Vec<Spot<'_>> = Vec::new();
            for part in all {
                let tuple = part.list("prefixItems").nth(at);
                spots.extend(tuple.or_else(|| part.one("items")));
            }
            if at < wanted.len() {
                spots.push(wanted[at]);
            }
            let mut item = self.make(&spots, depth + 1);
            for _ in 0..if unique { 5 } else { 0 } {
                if items.contains(&item) {
                    item = self.make(&spots, depth + 1);
                }
            }
            items.push(item);
        }
        Value::Array(items)
    }

    fn object(&mut self, all: &[Spot<'_>], depth: usize) -> Value {
        let mut names: Vec<String> = Vec::new();
        let mut add = |name: &str| {
            if !names.iter().any(|each| each == name) {
                names.push(name.to_owned());
            }
        };
        for part in all {
            part.names("required").for_each(&mut add);
        }
        let rarity = if depth > 4 { 0 } else { 2 + depth };
        let declared: Vec<&str> =
            all.iter().flat_map(|part| part.map("properties")).map(|(name, _)| name).collect();
        for name in &declared {
            if rarity > 0
                && (declared.len() <= 2 * rarity || self.dice.below(declared.len()) < 3)
                && self.dice.below(rarity) < 2
            {
                add(name);
            }
        }
        for part in all {
            for (pattern, _) in part.map("patternProperties") {
                if self.dice.once_in(2) {
                    add(&word(pattern, self.dice));
                }
            }
            for keyword in ["additionalProperties", "unevaluatedProperties"] {
                if part.one(keyword).is_some_and(|rest| *rest.schema != Value::Bool(false))
                    && self.dice.once_in(3)
                {
                    add(FRESH[0]);
                }
            }
            for name in names_made(part, self) {
                add(&name);
            }
        }
        let count =
            all.iter().filter_map(|each| each.schema.get("minProperties")?.as_u64()).max().unwrap_or(0);
        for name in declared.iter().chain(&FRESH) {
            if (names.len() as u64) < count && !names.iter().any(|each| each == name) {
                names.push((*name).to_owned());
            }
        }
        for part in all {
            for (trigger, dependents) in part.map("dependentRequired") {
                if names.iter().any(|each| each == trigger) && !self.dice.once_in(4) {
                    for name in dependents.schema.as_array().into_iter().flatten().filter_map(Value::as_str) {
                        if !names.iter().any(|each| each == name) {
                            names.push(name.to_owned());
                        }
                    }
                }
            }
        }
        let mut members = Map::new();
        for name in names {
            let mut spots: Vec<Spot<'_>> = Vec::new();
            for part in all {
                spots.extend(part.member("properties", &name).or_else(|| part.one("additionalProperties")));
            }
            let member = self.make(&spots, depth + 1);
            members.insert(name, member);
        }
        Value::Object(members)
    }

    /// Changes a value in one place, by one keyword of the schemas that speak of it; says which.
    pub fn stir(&mut self, spots: &[Spot<'_>], value: &mut Value) -> Option<String> {
        let all = parts(spots);
        let size = match value {
            Value::Array(items) => items.len(),
            Value::Object(members) => members.len(),
            _ => 0,
        };
        if size > 0 && !self.dice.once_in(3) {
            let at = self.dice.below(size);
            let inner = match value {
                Value::Array(items) => items.get_mut(at).map(|item| (items_of(&all, at), item)),
                Value::Object(members) => {
                    members.iter_mut().nth(at).map(|(name, member)| (members_of(&all, name), member))
                }
                _ => None,
            };
            if let Some((spots, inner)) = inner
                && let Some(keyword) = self.stir(&spots, inner)
            {
                return Some(keyword);
            }
        }
        let mut speaking: Vec<(&str, Spot<'_>, &Value)> = Vec::new();
        for part in &all {
            for (keyword, constant) in part.schema.as_object().into_iter().flatten() {
                let fits = match type_spoken_of(keyword) {
                    Some("number") => value.is_number(),
                    Some("string") => value.is_string(),
                    Some("array") => value.is_array(),
                    Some("object") => value.is_object(),
                    _ => !keyword.starts_with('$') && keyword != "format",
                };
                if fits || self.dice.once_in(20) {
                    speaking.push((keyword, *part, constant));
                }
            }
        }
        let (keyword, part, constant) = *self.dice.pick(&speaking)?;
        self.edit(keyword, part, constant, &all, value).then(|| keyword.to_owned())
    }

    fn edit(
        &mut self,
        keyword: &str,
        part: Spot<'_>,
        constant: &Value,
        all: &[Spot<'_>],
        value: &mut Value,
    ) -> bool {
        match keyword {
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
                let Some(limit) = constant.as_f64() else { return false };
                let steps = [-1.0, 0.0, 1.0, -0.5, 0.5, -0.001, 0.001];
                *value = number(limit + self.dice.pick(&steps).copied().unwrap_or(0.0));
            }
            "multipleOf" => {
                let Some(step) = constant.as_f64() else { return false };
                let times = self.dice.between(-2, 6) as f64;
                let off = self.dice.pick(&[0.0, 0.0, step / 2.0, 1.0, step / 3.0]).copied().unwrap_or(0.0);
                *value = number(step * times + off);
            }
            "minLength" | "maxLength" => {
                let Some(limit) = constant.as_i64().filter(|limit| *limit < 20_000) else { return false };
                let length = usize::try_from(limit + self.dice.between(-1, 1)).unwrap_or(0);
                let text = value.as_str().unwrap_or("a");
                let last = text.chars().last().unwrap_or('a');
                let filler = self.dice.pick(&[last, last, 'é', '😀']).copied().unwrap_or('a');
                *value = Value::String(text.chars().chain(std::iter::repeat(filler)).take(length).collect());
            }
            "pattern" => {
                let mut text = word(constant.as_str().unwrap_or_default(), self.dice);
                match self.dice.below(6) {
                    0 => text.push('\n'),
                    1 => text.insert(0, '-'),
                    2 => drop(text.pop()),
                    3 => text.push_str(&text.clone()),
                    _ => {}
                }
                *value = Value::String(text);
            }
            "enum" => {
                let Some(one) = constant.as_array().and_then(|list| self.dice.pick(list)) else {
                    return false;
                };
                *value = self.near(one);
            }
            "const" => *value = self.near(constant),
            "type" => {
                let types: Vec<&str> = types_said(part.schema).unwrap_or_default();
                let kind = if self.dice.once_in(2) {
                    self.dice.pick(&types).copied()
                } else {
                    self.dice.pick(&TYPES).copied()
                };
                *value = match kind.unwrap_or("null") {
                    "null" => Value::Null,
                    "boolean" => Value::Bool(self.dice.once_in(2)),
                    "integer" => json!(self.dice.between(-2, 5)),
                    "number" => number(self.dice.between(-2, 5) as f64 + 0.5),
                    "string" => json!("a"),
                    "array" => json!([]),
                    _ => json!({}),
                };
            }
            "required" => {
                let names: Vec<&str> = part.names("required").collect();
                let (Some(name), Some(members)) = (self.dice.pick(&names), value.as_object_mut()) else {
                    return false;
                };
                if members.shift_remove(*name).is_none() {
                    let member = self.make(&members_of(all, name), 4);
                    members.insert((*name).to_owned(), member);
                }
            }
            "properties" | "dependentRequired" | "dependentSchemas" => {
                let names: Vec<&str> = part.map(keyword).map(|(name, _)| name).collect();
                let (Some(name), Some(members)) = (self.dice.pick(&names), value.as_object_mut()) else {
                    return false;
                };
                if self.dice.once_in(4) {
                    members.shift_remove(*name);
                } else {
                    let one = part.member("properties", name);
                    let spots = one.map_or_else(|| members_of(all, name), |one| vec![one]);
                    let member = self.make(&spots, 3);
                    members.insert((*name).to_owned(), member);
                }
            }
            "patternProperties" => {
                let patterns: Vec<(&str, Spot<'_>)> = part.map(keyword).collect();
                let (Some((pattern, inner)), Some(members)) =
                    (self.dice.pick(&patterns), value.as_object_mut())
                else {
                    return false;
                };
                let name = word(pattern, self.dice);
                let member = if self.dice.once_in(3) { self.scalar() } else { self.make(&[*inner], 3) };
                members.insert(name, member);
            }
            "additionalProperties" | "unevaluatedProperties" => {
                let Some(members) = value.as_object_mut() else { return false };
                let member =
                    if self.dice.once_in(3) { self.scalar() } else { self.make(&[part.at(constant)], 3) };
                members.insert(FRESH[0].to_owned(), member);
            }
            "propertyNames" => {
                let name = self.make(&[part.at(constant)], 4);
                let (Some(name), Some(members)) = (name.as_str(), value.as_object_mut()) else {
                    return false;
                };
                let name = if self.dice.once_in(3) { format!("{name}-") } else { name.to_owned() };
                let member = self.make(&members_of(all, &name), 4);
                members.insert(name, member);
            }
            "minProperties" | "maxProperties" => {
                let (Some(limit), Some(members)) = (constant.as_i64(), value.as_object_mut()) else {
                    return false;
                };
                let count = usize::try_from(limit + self.dice.between(-1, 1)).unwrap_or(0).min(40);
                while members.len() > count {
                    let name =
                        members.keys().nth(self.dice.below(members.len())).cloned().unwrap_or_default();
                    members.shift_remove(&name);
                }
                let declared: Vec<&str> =
                    all.iter().flat_map(|part| part.map("properties")).map(|(name, _)| name).collect();
                let more: Vec<String> = (0..40).map(|number| format!("zz{number}")).collect();
                for name in declared.into_iter().chain(more.iter().map(String::as_str)) {
                    if members.len() < count && !members.contains_key(name) {
                        let member = self.make(&members_of(all, name), 4);
                        members.insert(name.to_owned(), member);
                    }
                }
            }
            "minItems" | "maxItems" | "minContains" | "maxContains" => {
                let (Some(limit), Some(items)) = (constant.as_i64(), value.as_array_mut()) else {
                    return false;
                };
                let count = usize::try_from(limit + self.dice.between(-1, 1)).unwrap_or(0).min(200);
                items.truncate(count);
                while items.len() < count {
                    let wanted = part.one("contains").filter(|_| keyword.ends_with("Contains"));
                    let spots = wanted.map_or_else(|| items_of(all, items.len()), |wanted| vec![wanted]);
                    let item = self.make(&spots, 3);
                    items.push(item);
                }
            }
            "uniqueItems" => {
                let Some(items) = value.as_array_mut() else { return false };
                if items.is_empty() {
                    items.push(self.make(&items_of(all, 0), 3));
                }
                let again = items[self.dice.below(items.len())].clone();
                items.push(again);
            }
            "items" | "prefixItems" | "contains" | "unevaluatedItems" => {
                let Some(items) = value.as_array_mut() else { return false };
                let at = self.dice.below(items.len() + 1);
                let inner = if keyword == "prefixItems" {
                    part.list(keyword).nth(at)
                } else {
                    Some(part.at(constant))
                };
                let item = match inner {
                    Some(inner) if !self.dice.once_in(3) => self.make(&[inner], 3),
                    _ => self.scalar(),
                };
                if at < items.len() && self.dice.once_in(2) {
                    items[at] = item;
                } else {
                    items.insert(at, item);
                }
            }
            "allOf" | "anyOf" | "oneOf" => {
                let branches: Vec<Spot<'_>> = part.list(keyword).collect();
                let Some(one) = self.dice.pick(&branches).copied() else { return false };
                // Two at once, which `oneOf` minds.
                let mut spots = vec![one];
                if self.dice.once_in(3) {
                    spots.extend(self.dice.pick(&branches).copied());
                }
                *value = self.make(&spots, 2);
            }
            "not" | "if" | "then" | "else" => *value = self.make(&[part.at(constant)], 2),
            _ => return false,
        }
        true
    }

    fn scalar(&mut self) -> Value {
        let all = [Value::Null, json!(true), json!(0), json!(1.5), json!("a"), json!([]), json!({})];
        self.dice.pick(&all).cloned().unwrap_or_default()
    }

    /// The value, or one beside it.
    fn near(&mut self, value: &Value) -> Value {
        if !self.dice.once_in(4) {
            return value.clone();
        }
        match value {
            Value::String(text) => Value::String(format!("{text}x")),
            Value::Number(one) => number(one.as_f64().unwrap_or(0.0) + 1.0),
            Value::Bool(flag) => Value::Bool(!flag),
            _ => self.scalar(),
        }
    }
}

/// Names that no schema declares.
pub const FRESH: [&str; 4] = ["zz0", "zz1", "zz2", "zz3"];

fn names_made(part: &Spot<'_>, maker: &mut Maker<'_>) -> Vec<String> {
    let Some(names) = part.one("propertyNames").filter(|_| maker.dice.once_in(3)) else { return Vec::new() };
    maker.make(&[names], 5).as_str().map(str::to_owned).into_iter().collect()
}

/// A value at the edge of two schemas.
#[derive(Debug, Clone)]
pub struct Made {
    pub value: Value,
    /// As it is written: large values are written once.
    pub text: String,
    /// The keyword by which it differs from its parent; none for those made from a schema.
    pub keyword: Option<String>,
    /// Index of the value that it was made from, by one keyword.
    pub parent: Option<usize>,
}

/// Values at the edges of two schemas: members of the first, some of the second, and their neighbours.
pub fn around(a: Spot<'_>, b: Spot<'_>, count: usize, dice: &mut Dice) -> Vec<Made> {
    let mut maker = Maker { dice };
    let mut seen = HashSet::new();
    let mut found: Vec<Made> = Vec::new();
    for round in 0..count / 3 {
        let base = maker.member(if round % 8 == 7 { b } else { a });
        let text = base.to_string();
        let parent = seen.insert(text.clone()).then_some(found.len());
        if parent.is_some() {
            found.push(Made { value: base.clone(), text, keyword: None, parent: None });
        }
        for _ in 0..18 {
            let mut value = base.clone();
            let mut keyword = maker.stir(&[a, b], &mut value);
            let mut from = parent;
            // Now and then two steps: some edges are where two keywords cross.
            if maker.dice.once_in(12) {
                keyword = maker.stir(&[a, b], &mut value).or(keyword);
                from = None;
            }
            let text = value.to_string();
            if keyword.is_some() && seen.insert(text.clone()) {
                found.push(Made { value, text, keyword, parent: from });
            }
        }
        if found.len() >= count {
            break;
        }
    }
    found.truncate(count);
    found
}

fn sample_of(format: &str) -> Option<&'static str> {
    Some(match format {
        "date" => "2020-01-31",
        "date-time" => "2020-01-31T10:00:00Z",
        "time" => "10:00:00Z",
        "duration" => "P1D",
        "uuid" => "3fa85f64-5717-4562-b3fc-2c963f66afa6",
        "email" => "a@example.org",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "url" => "https://example.org/a",
        "hostname" => "example.org",
        "byte" => "YQ==",
        _ => return None,
    })
}

// --- words of patterns ------------------------------------------------------------------------------------------------

enum Piece {
    Nothing,
    Char(char),
    Class(Vec<(char, char)>, bool),
    Row(Vec<Piece>),
    Choice(Vec<Piece>),
    Many(Box<Piece>, Times),
}

struct Times {
    least: usize,
    /// How many are tried at most; where it is endless more would do.
    most: usize,
    endless: bool,
}

impl Times {
    const fn new(least: usize, most: usize) -> Self {
        Self { least, most, endless: false }
    }

    const fn endless(least: usize, tried: usize) -> Self {
        Self { least, most: tried, endless: true }
    }
}

/// A word that likely matches a pattern; look-around and back-references are read over.
pub fn word(pattern: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    write(&read(pattern), dice, &mut out);
    out
}

fn read(pattern: &str) -> Piece {
    let chars: Vec<char> = pattern.chars().collect();
    choice(&chars, &mut 0)
}

/// Lengths between which all texts lie that match; look-around may leave fewer.
pub fn lengths(pattern: &str) -> (usize, Option<usize>) {
    let inner = pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix('$'));
    // Back-references are as long as what they refer to, and some escapes and groups are not read as they are meant.
    let is_unread = |rest: &str| {
        rest.starts_with(['1', '2', '3', '4', '5', '6', '7', '8', '9', 'k', 'c'])
            || ["u{", "ud", "uD"].iter().any(|start| rest.starts_with(start))
    };
    let is_strange = |rest: &str| !rest.starts_with([':', '=', '!', '<']);
    if pattern.split('\\').skip(1).any(is_unread) || pattern.split("(?").skip(1).any(is_strange) {
        return (0, None);
    }
    let piece = read(pattern);
    let (least, most) = span(&piece);
    let is_whole = inner.is_some_and(|inner| !inner.ends_with('\\')) && !matches!(piece, Piece::Choice(_));
    (least, most.filter(|_| is_whole))
}

fn span(piece: &Piece) -> (usize, Option<usize>) {
    match piece {
        Piece::Nothing => (0, Some(0)),
        Piece::Char(_) | Piece::Class(..) => (1, Some(1)),
        Piece::Row(pieces) => pieces.iter().map(span).fold((0, Some(0)), |(least, most), (low, high)| {
            (least + low, most.zip(high).map(|(most, high)| most + high))
        }),
        Piece::Choice(branches) => {
            let all = branches.iter().map(span);
            let wider = |(a, b): (usize, Option<usize>), (c, d)| (a.min(c), b.zip(d).map(|(b, d)| b.max(d)));
            all.reduce(wider).unwrap_or((0, None))
        }
        Piece::Many(inner, times) => {
            let (least, most) = span(inner);
            (
                least * times.least,
                most.map(|most| most * times.most).filter(|most| *most == 0 || !times.endless),
            )
        }
    }
}

fn choice(chars: &[char], at: &mut usize) -> Piece {
    let mut branches = vec![row(chars, at)];
    while chars.get(*at) == Some(&'|') {
        *at += 1;
        branches.push(row(chars, at));
    }
    if branches.len() == 1 { branches.remove(0) } else { Piece::Choice(branches) }
}

fn row(chars: &[char], at: &mut usize) -> Piece {
    let mut pieces = Vec::new();
    while let Some(&char) = chars.get(*at) {
        if char == '|' || char == ')' {
            break;
        }
        *at += 1;
        let piece = match char {
            '(' => {
                let looks = chars.get(*at) == Some(&'?');
                if looks {
                    let word: String = chars[*at..].iter().take(4).collect();
                    let skip =
                        if word.starts_with("?<") && !word.starts_with("?<=") && !word.starts_with("?<!") {
                            chars[*at..].iter().position(|each| *each == '>').map_or(2, |end| end + 1)
                        } else if word.starts_with("?<") {
                            3
                        } else {
                            2
                        };
                    *at += skip;
                    let inner = choice(chars, at);
                    *at += 1;
                    if word.starts_with("?:") || skip > 3 { inner } else { Piece::Nothing }
                } else {
                    let inner = choice(chars, at);
                    *at += 1;
                    inner
                }
            }
            '[' => class(chars, at),
            '\\' => escape(chars, at),
            '.' => Piece::Class(vec![('a', 'z'), ('0', '9'), (' ', ' ')], false),
            '^' | '$' => Piece::Nothing,
            _ => Piece::Char(char),
        };
        pieces.push(many(piece, chars, at));
    }
    Piece::Row(pieces)
}

fn many(piece: Piece, chars: &[char], at: &mut usize) -> Piece {
    let times = match chars.get(*at) {
        Some('*') => Times::endless(0, 3),
        Some('+') => Times::endless(1, 3),
        Some('?') => Times::new(0, 1),
        Some('{') => {
            let Some(end) = chars[*at..].iter().position(|each| *each == '}') else { return piece };
            let text: String = chars[*at + 1..*at + end].iter().collect();
            let (least, most) = text.split_once(',').unwrap_or((&text, &text));
            let Ok(least) = least.parse::<usize>() else { return piece };
            *at += end;
            most.parse().map_or_else(|_| Times::endless(least, least + 2), |most| Times::new(least, most))
        }
        _ => return piece,
    };
    *at += 1;
    if chars.get(*at) == Some(&'?') {
        *at += 1;
    }
    Piece::Many(Box::new(piece), times)
}

fn escape(chars: &[char], at: &mut usize) -> Piece {
    let char = chars.get(*at).copied().unwrap_or('\\');
    *at += 1;
    match char {
        'd' => Piece::Class(vec![('0', '9')], false),
        'w' => Piece::Class(vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')], false),
        's' => Piece::Char(' '),
        'S' | 'D' | 'W' => Piece::Char(if char == 'W' { '-' } else { 'a' }),
        'n' => Piece::Char('\n'),
        'r' => Piece::Char('\r'),
        't' => Piece::Char('\t'),
        'b' | 'B' => Piece::Nothing,
        'x' | 'u' => {
            let digits = if char == 'x' { 2 } else { 4 };
            let text: String = chars[(*at).min(chars.len())..].iter().take(digits).collect();
            *at += digits;
            Piece::Char(u32::from_str_radix(&text, 16).ok().and_then(char::from_u32).unwrap_or('a'))
        }
        'p' | 'P' => {
            if let Some(end) = chars[(*at).min(chars.len())..].iter().position(|each| *each == '}') {
                *at += end + 1;
            }
            Piece::Char('a')
        }
        _ => Piece::Char(char),
    }
}

fn class(chars: &[char], at: &mut usize) -> Piece {
    let negated = chars.get(*at) == Some(&'^');
    *at += usize::from(negated);
    let mut ranges: Vec<(char, char)> = Vec::new();
    while let Some(&char) = chars.get(*at) {
        *at += 1;
        let start = match char {
            ']' => break,
            '\\' => match escape(chars, at) {
                Piece::Class(more, _) => {
                    ranges.extend(more);
                    continue;
                }
                Piece::Char(char) => char,
                _ => continue,
            },
            _ => char,
        };
        let is_range = chars.get(*at) == Some(&'-') && chars.get(*at + 1).is_some_and(|next| *next != ']');
        if is_range {
            let mut end = chars[*at + 1];
            *at += 2;
            if end == '\\' {
                match escape(chars, at) {
                    Piece::Char(char) => end = char,
                    _ => end = start,
                }
            }
            ranges.push((start, end.max(start)));
        } else {
            ranges.push((start, start));
        }
    }
    Piece::Class(ranges, negated)
}

fn write(piece: &Piece, dice: &mut Dice, out: &mut String) {
    if out.len() > 4_000 {
        return;
    }
    match piece {
        Piece::Nothing => {}
        Piece::Char(char) => out.push(*char),
        Piece::Class(ranges, negated) => {
            if *negated {
                let all = ['a', '0', '-', ' ', 'Z', '_', '/', '.'];
                let free = all
                    .into_iter()
                    .filter(|char| !ranges.iter().any(|(from, to)| (from..=to).contains(&char)));
                out.push(free.into_iter().next().unwrap_or('é'));
            } else if let Some((from, to)) = dice.pick(ranges) {
                let span = (*to as u32 - *from as u32).min(200) + 1;
                let code = *from as u32 + dice.next() as u32 % span;
                out.push(char::from_u32(code).unwrap_or(*from));
            }
        }
        Piece::Row(pieces) => pieces.iter().for_each(|each| write(each, dice, out)),
        Piece::Choice(branches) => {
            if let Some(one) = dice.pick(branches) {
                write(one, dice, out);
            }
        }
        Piece::Many(inner, Times { least, most, .. }) => {
            let last = if dice.once_in(6) { *most } else { (*least + 2).min(*most) };
            let times = least + dice.below(last.max(*least).min(500) - (*least).min(500) + 1);
            (0..times.min(500)).for_each(|_| write(inner, dice, out));
        }
    }
}
