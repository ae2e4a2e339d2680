//! Whether a value fulfils a schema: the model read as a validator.
//!
//! It decides candidates (enums, examples) and looks over values that were built, where nobody else does. It is
//! no referee: that one is another program, and reads the document as it was written.
//!
//! Source: JSON Schema 2020-12 core section 11 (unevaluated), validation section 6.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

use super::goal::{Engine, Lit, kind_of};
use super::language::Language;
use super::number::range;
use super::state::Kind;
use crate::spec::decimal::Decimal;
use crate::spec::schema::{Schema, SchemaId, Type};

/// Why a value could not be judged.
type Doubt = Arc<str>;

/// Members and items that some schema has looked at, noted where somebody asks for them.
#[derive(Default, Clone)]
struct Seen<'v> {
    is_asked: bool,
    names: FxHashSet<&'v str>,
    items: FxHashSet<usize>,
}

impl<'v> Seen<'v> {
    fn noted(is_asked: bool) -> Self {
        Self { is_asked, ..Self::default() }
    }

    fn note_name(&mut self, name: &'v str) {
        if self.is_asked {
            self.names.insert(name);
        }
    }

    fn note_item(&mut self, index: usize) {
        if self.is_asked {
            self.items.insert(index);
        }
    }

    fn add(&mut self, other: Self) {
        if self.is_asked {
            self.names.extend(other.names);
            self.items.extend(other.items);
        }
    }
}

/// Levels of schemas that apply in place.
const DEPTH: usize = 200;

impl Engine<'_> {
    /// Whether a value fulfils a schema that is asserted, or breaks one that is denied.
    pub(super) fn accepts(&mut self, lit: Lit, value: &Value) -> Result<bool, Doubt> {
        let mut seen = Seen::default();
        self.fits(lit, value, &mut seen, 0).map(|fits| fits == lit.holds)
    }

    fn fits<'v>(
        &mut self,
        lit: Lit,
        value: &'v Value,
        seen: &mut Seen<'v>,
        depth: usize,
    ) -> Result<bool, Doubt> {
        if !self.step(1) {
            return Err("the question takes more steps than are allowed".into());
        }
        if depth > DEPTH {
            return Err("the schemas nest deeper than is looked".into());
        }
        let (home, schema) = self.schema(lit);
        if let Some(flag) = schema.bool_schema {
            return Ok(flag);
        }
        let mut judge = Judge { engine: self, lit, home, schema, value, depth, doubt: None };
        let fits = judge.all(seen);
        match judge.doubt {
            // What is refused for another reason is refused.
            Some(doubt) if fits => Err(doubt),
            _ => Ok(fits),
        }
    }
}

struct Judge<'e, 'd, 'v> {
    engine: &'e mut Engine<'d>,
    lit: Lit,
    home: u8,
    schema: &'d Schema,
    value: &'v Value,
    depth: usize,
    doubt: Option<Doubt>,
}

impl<'v> Judge<'_, '_, 'v> {
    fn all(&mut self, seen: &mut Seen<'v>) -> bool {
        let asks = self.schema.unevaluated_properties().or(self.schema.unevaluated_items()).is_some();
        let mut own = Seen::noted(seen.is_asked || asks);
        if let Some(keyword) = self.schema.not_decided().next() {
            self.doubt.get_or_insert_with(|| format!("`{keyword}` is not decided").into());
        }
        let fits = self.types()
            && self.listed()
            && match self.value {
                Value::Number(_) => self.number(),
                Value::String(text) => self.text(text),
                Value::Array(items) => self.array(items, &mut own),
                Value::Object(members) => self.object(members, &mut own),
                Value::Null | Value::Bool(_) => true,
            }
            && self.combined(&mut own)
            // Whether a member is evaluated is not known where its schema is in doubt.
            && (self.doubt.is_some() || self.unevaluated(&mut own));
        seen.add(own);
        fits
    }

    fn below(&mut self, id: SchemaId, value: &Value) -> bool {
        let lit = self.engine.below(self.lit, id, true);
        let depth = self.depth + 1;
        match self.engine.fits(lit, value, &mut Seen::default(), depth) {
            Ok(fits) => fits,
            Err(doubt) => {
                self.doubt = Some(doubt);
                true
            }
        }
    }

    /// A schema that applies to the value itself; `None` where it is not known.
    fn here(&mut self, id: SchemaId, seen: &mut Seen<'v>) -> Option<bool> {
        let lit = self.engine.below(self.lit, id, true);
        // What demands the same as the whole adds nothing.
        if lit.class == self.lit.class {
            return Some(true);
        }
        let mut own = Seen::noted(seen.is_asked);
        match self.engine.fits(lit, self.value, &mut own, self.depth + 1) {
            Ok(fits) => {
                if fits {
                    seen.add(own);
                }
                Some(fits)
            }
            Err(doubt) => {
                self.doubt = Some(doubt);
                None
            }
        }
    }

    fn types(&self) -> bool {
        let Some(types) = self.schema.types else { return true };
        let kind = of(self.value);
        if kind == Kind::Number && !types.contains(Type::Number) {
            return types.contains(Type::Integer)
                && decimal(self.value).is_some_and(|number| number.is_whole());
        }
        types.iter().any(|each| kind_of(each) == kind)
    }

    fn listed(&self) -> bool {
        let document = self.engine.document(self.home);
        self.schema.const_value.is_none_or(|node| same(&document.value(node), self.value))
            && self
                .schema
                .enum_values
                .as_ref()
                .is_none_or(|nodes| nodes.iter().any(|node| same(&document.value(*node), self.value)))
    }

    fn number(&mut self) -> bool {
        let schema = self.schema;
        let Some(number) = decimal(self.value) else { return true };
        let parse = |text: &str| Decimal::parse(text);
        let at = |bound: Option<&crate::spec::schema::Number>, keeps: fn(&Decimal, &Decimal) -> bool| {
            bound.and_then(|bound| parse(&bound.text)).is_none_or(|bound| keeps(&number, &bound))
        };
        let is_divided = schema.multiple_of().and_then(|of| parse(&of.text)).is_none_or(|of| {
            number.is_multiple_of(&of).unwrap_or_else(|| {
                self.doubt = Some("numbers that are too far apart to be divided".into());
                true
            })
        });
        let format = schema.format().filter(|_| self.engine.terms.ranges);
        let is_in_range = format.and_then(range).is_none_or(|(low, high)| number >= low && number <= high);
        is_divided
            && at(schema.minimum(), |a, b| a >= b)
            && at(schema.exclusive_minimum(), |a, b| a > b)
            && at(schema.maximum(), |a, b| a <= b)
            && at(schema.exclusive_maximum(), |a, b| a < b)
            && is_in_range
    }

    fn text(&mut self, text: &str) -> bool {
        let schema = self.schema;
        let length = text.chars().count() as u64;
        if schema.min_length().is_some_and(|least| length < least)
            || schema.max_length().is_some_and(|most| length > most)
        {
            return false;
        }
        if let Some(pattern) = schema.pattern() {
            match self.engine.languages.pattern(pattern) {
                Ok(language) => match language.has(text) {
                    Some(false) => return false,
                    Some(true) => {}
                    None => self.doubt = Some(format!("the pattern `{pattern}` is not regular").into()),
                },
                Err(why) => self.doubt = Some(format!("the pattern `{pattern}`: {why}").into()),
            }
        }
        if let Some(format) = schema.format().filter(|_| self.engine.terms.formats)
            && let Some(Ok(language)) = Language::format(format)
        {
            return language.has(text).unwrap_or(true);
        }
        true
    }

    fn array(&mut self, items: &'v [Value], seen: &mut Seen<'v>) -> bool {
        let schema = self.schema;
        let length = items.len() as u64;
        if schema.min_items().is_some_and(|least| length < least)
            || schema.max_items().is_some_and(|most| length > most)
            || schema.unique() && has_repeats(items)
        {
            return false;
        }
        let prefix = schema.prefix_items();
        for (index, (id, item)) in prefix.iter().zip(items).enumerate() {
            if !self.below(*id, item) {
                return false;
            }
            seen.note_item(index);
        }
        if let Some(id) = schema.items() {
            for (index, item) in items.iter().enumerate().skip(prefix.len()) {
                if !self.below(id, item) {
                    return false;
                }
                seen.note_item(index);
            }
        }
        if let Some(id) = schema.contains() {
            let mut count = 0;
            for (index, item) in items.iter().enumerate() {
                if self.below(id, item) {
                    seen.note_item(index);
                    count += 1;
                }
            }
            return count >= schema.min_contains().unwrap_or(1)
                && schema.max_contains().is_none_or(|most| count <= most);
        }
        true
    }

    fn object(&mut self, members: &'v Map<String, Value>, seen: &mut Seen<'v>) -> bool {
        let schema = self.schema;
        let count = members.len() as u64;
        if schema.min_properties().is_some_and(|least| count < least)
            || schema.max_properties().is_some_and(|most| count > most)
        {
            return false;
        }
        let mut lookup = schema.lookup();
        let mut demanded = self.engine.demanded(self.home, schema);
        for name in schema.required() {
            if !members.contains_key(&**name) && demanded.has(name) {
                return false;
            }
        }
        for (name, value) in members {
            let declared = lookup.get(name);
            let mut own = Vec::new();
            let mut is_told = true;
            for (pattern, id) in schema.pattern_properties() {
                match self.engine.languages.pattern(pattern) {
                    Ok(language) => match language.has(name) {
                        Some(true) => own.push(*id),
                        Some(false) => {}
                        None => {
                            self.doubt = Some(format!("the pattern `{pattern}` is not regular").into());
                            is_told = false;
                        }
                    },
                    Err(why) => {
                        self.doubt = Some(format!("the pattern `{pattern}`: {why}").into());
                        is_told = false;
                    }
                }
            }
            let others = schema.additional().filter(|_| declared.is_none() && own.is_empty() && is_told);
            for id in declared.into_iter().chain(own).chain(others) {
                if !self.below(id, value) {
                    return false;
                }
                seen.note_name(name);
            }
            if let Some(id) = schema.property_names()
                && !self.below(id, &Value::String(name.clone()))
            {
                return false;
            }
        }
        for (name, needed) in schema.dependent_required() {
            if members.contains_key(&**name) && !needed.iter().all(|each| members.contains_key(&**each)) {
                return false;
            }
        }
        for (name, id) in schema.dependent_schemas() {
            if members.contains_key(&**name) && self.here(*id, seen) == Some(false) {
                return false;
            }
        }
        true
    }

    fn combined(&mut self, seen: &mut Seen<'v>) -> bool {
        let schema = self.schema;
        if let Some(reference) = &schema.reference {
            match reference.target {
                Some(target) if self.here(target, seen) == Some(false) => return false,
                Some(_) => {}
                None => self.doubt = Some(format!("`{}` leads nowhere", reference.text).into()),
            }
        }
        for id in schema.all_of() {
            if self.here(*id, seen) == Some(false) {
                return false;
            }
        }
        if let Some(any) = schema.any_of() {
            let mut found = Vec::with_capacity(any.len());
            for id in any {
                found.push(self.alternative(*id, seen));
                if found.ends_with(&[Some(true)]) && !seen.is_asked {
                    break;
                }
            }
            if found.contains(&Some(true)) {
                // One that fits is enough, whatever the others do.
            } else if let Some(why) = self.doubtful(&found) {
                self.doubt = Some(why);
            } else {
                return false;
            }
        }
        if let Some(one) = schema.one_of() {
            let found: Vec<Option<bool>> = one.iter().map(|id| self.alternative(*id, seen)).collect();
            let hits = found.iter().filter(|fits| **fits == Some(true)).count();
            match self.doubtful(&found) {
                _ if hits > 1 => return false,
                Some(why) => self.doubt = Some(why),
                None if hits == 0 => return false,
                None => {}
            }
        }
        if let Some(id) = schema.not() {
            let found = self.alternative(id, &mut Seen::default());
            match self.doubtful(&[found]) {
                Some(why) => self.doubt = Some(why),
                None if found == Some(true) => return false,
                None => {}
            }
        }
        if let Some(condition) = schema.if_schema() {
            let branch = match self.here(condition, seen) {
                Some(true) => schema.then_schema(),
                Some(false) => schema.else_schema(),
                None => None,
            };
            if branch.is_some_and(|id| self.here(id, seen) == Some(false)) {
                return false;
            }
        }
        true
    }

    /// A schema whose answer does not decide alone: a doubt about it may not matter.
    fn alternative(&mut self, id: SchemaId, seen: &mut Seen<'v>) -> Option<bool> {
        let before = self.doubt.take();
        let found = self.here(id, seen);
        self.doubt = before;
        found
    }

    fn doubtful(&self, found: &[Option<bool>]) -> Option<Doubt> {
        found.contains(&None).then(|| "an alternative is not decided".into())
    }

    fn unevaluated(&mut self, seen: &mut Seen<'v>) -> bool {
        let schema = self.schema;
        if let (Some(id), Value::Object(members)) = (schema.unevaluated_properties(), self.value) {
            for (name, value) in members {
                if !seen.names.contains(name.as_str()) && !self.below(id, value) {
                    return false;
                }
            }
            seen.names.extend(members.keys().map(String::as_str));
        }
        if let (Some(id), Value::Array(items)) = (schema.unevaluated_items(), self.value) {
            for (index, value) in items.iter().enumerate() {
                if !seen.items.contains(&index) && !self.below(id, value) {
                    return false;
                }
            }
            seen.items.extend(0..items.len());
        }
        true
    }
}

/// The type of a value.
pub(super) const fn of(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Boolean,
        Value::Number(_) => Kind::Number,
        Value::String(_) => Kind::Text,
        Value::Array(_) => Kind::Array,
        Value::Object(_) => Kind::Object,
    }
}

pub(super) fn decimal(value: &Value) -> Option<Decimal> {
    value.as_number().and_then(|number| Decimal::parse(&number.to_string()))
}

/// Whether two values are the same data: `1` and `1.0` are.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(_), Value::Number(_)) => a == b || decimal(a) == decimal(b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => same_members(a, b),
        _ => a == b,
    }
}

/// Whether two objects are the same data.
pub(super) fn same_members(a: &Map<String, Value>, b: &Map<String, Value>) -> bool {
    a.len() == b.len() && a.iter().all(|(name, value)| b.get(name).is_some_and(|other| same(value, other)))
}

pub(super) fn has_repeats(items: &[Value]) -> bool {
    items.iter().enumerate().any(|(index, item)| items[..index].iter().any(|other| same(item, other)))
}
