//! What a schema demands of a value of one type, and what it means to break it.
//!
//! Asserting a schema takes in every keyword. Denying it leaves a choice: one keyword is broken. What
//! a keyword says of other types says nothing, so it can neither be kept nor broken here.

use std::sync::Arc;

use super::focus::Tag;
use super::goal::{Closed, Engine, Lit, kind_of};
use super::number;
use super::state::{Atom, Bound, Choice, Kind, Others, Way};
use super::vocabulary::Name;
use super::worlds::{self, World};
use crate::spec::decimal::Decimal;
use crate::spec::schema::{Number, Schema, SchemaId, Type};

/// What one schema, asserted or denied, demands of a value of one type.
#[derive(Debug, Default)]
pub(super) struct Demands {
    pub(super) all: Vec<Atom>,
    pub(super) choices: Vec<Choice>,
}

/// Reads what a schema demands; `None` where no value of the type can fulfil it.
pub(super) fn demands(engine: &mut Engine<'_>, lit: Lit, kind: Kind) -> Option<Demands> {
    let (home, schema) = engine.schema(lit);
    if let Some(flag) = schema.bool_schema {
        return (flag == lit.holds).then(Demands::default);
    }
    let mut said =
        Said { engine, lit, home, schema, all: Vec::new(), broken: Vec::new(), choices: Vec::new() };
    let types = said.types(kind);
    let asks_for_type = said.asks_for(Tag::Type, None);
    if types.is_ok() {
        said.values();
        match kind {
            Kind::Null | Kind::Boolean => {}
            Kind::Number => said.numbers(),
            Kind::Text => said.texts(),
            Kind::Array => said.arrays(),
            Kind::Object => said.objects(),
        }
        said.combined();
        said.unevaluated(kind);
        said.unknown();
    }
    let Said { engine, all, mut broken, choices, .. } = said;
    match (lit.holds, types) {
        (true, Ok(())) => {
            Some(Demands { all, choices: choices.into_iter().map(|ways| shared(ways, lit)).collect() })
        }
        // The type is not among those allowed: broken already.
        (false, Err(Closed)) if asks_for_type => Some(Demands::default()),
        (_, Err(Closed)) => None,
        (false, Ok(())) => {
            broken.sort_by_key(|way| engine.rank(way));
            Some(Demands { all: Vec::new(), choices: vec![shared(broken, lit)] })
        }
    }
}

fn shared(ways: Ways, lit: Lit) -> Choice {
    Choice { ways: ways.into_iter().map(Way::from).collect(), of: lit }
}

impl Engine<'_> {
    /// Which way of breaking a schema is tried first: another value for what tells alternatives apart, as
    /// one settles most choices; then leaving something out, which makes the smallest values.
    fn rank(&self, way: &[Atom]) -> u8 {
        let is_listed = |lit: &Lit| {
            let (_, schema) = self.schema(*lit);
            schema.const_value.is_some() || schema.enum_values.is_some()
        };
        match way {
            [Atom::Has(_, lits)] if lits.iter().any(is_listed) => 0,
            [Atom::Absent(_)] => 1,
            _ => 2,
        }
    }
}

/// Ways while they are gathered.
type Ways = Vec<Vec<Atom>>;

struct Said<'e, 'd> {
    engine: &'e mut Engine<'d>,
    lit: Lit,
    home: u8,
    schema: &'d Schema,
    /// What holds when the schema does.
    all: Vec<Atom>,
    /// What may hold when it does not.
    broken: Ways,
    /// Choices that the schema leaves when it holds.
    choices: Vec<Ways>,
}

impl Said<'_, '_> {
    fn kept(&mut self, atom: Atom) {
        if self.lit.holds {
            self.all.push(atom);
        }
    }

    fn name(&mut self, text: &str) -> Name {
        self.engine.name(text)
    }

    /// Whether the question is about this sort of keyword, of this property.
    fn asks_for(&self, tag: Tag, name: Option<&str>) -> bool {
        self.engine.focus.as_ref().is_none_or(|focus| focus.allows(tag, name))
    }

    fn breaks(&mut self, tag: Tag, atoms: impl IntoIterator<Item = Atom>) {
        if !self.lit.holds && self.asks_for(tag, None) {
            self.broken.push(atoms.into_iter().collect());
        }
    }

    fn either(&mut self, choice: Ways) {
        if self.lit.holds {
            self.choices.push(choice);
        }
    }

    fn sub(&mut self, id: SchemaId, holds: bool) -> Lit {
        self.engine.below(self.lit, id, holds)
    }

    /// A schema below this one, asserted and denied.
    fn subs(&mut self, id: SchemaId) -> (Lit, Lit) {
        let holds = self.sub(id, true);
        (holds, holds.denied())
    }

    fn types(&mut self, kind: Kind) -> Result<(), Closed> {
        let Some(types) = self.schema.types else { return Ok(()) };
        if !types.iter().any(|each| kind_of(each) == kind) {
            return Err(Closed);
        }
        if kind == Kind::Number && !types.contains(Type::Number) {
            let one = Decimal::whole(1);
            self.kept(Atom::Multiple(one.clone()));
            self.breaks(Tag::Type, [Atom::NotMultiple(one)]);
        }
        Ok(())
    }

    fn values(&mut self) {
        if let Some(values) = self.engine.listed(self.lit) {
            self.kept(Atom::Among(values.clone()));
            self.breaks(Tag::Values, [Atom::Except(values)]);
        }
        // `const` beside `enum` is one demand more.
        if let (Some(_), Some(nodes)) = (&self.schema.const_value, &self.schema.enum_values) {
            let document = self.engine.document(self.home);
            let values: Vec<_> = nodes.iter().map(|node| document.value(*node)).collect();
            self.kept(Atom::Among(values.clone()));
            self.breaks(Tag::Values, [Atom::Except(values)]);
        }
    }

    fn numbers(&mut self) {
        let schema = self.schema;
        let mut bound = |number: Option<&Number>, is_low: bool, bound: Bound| {
            let Some(number) = number else { return };
            let other = if bound == Bound::Open { Bound::Closed } else { Bound::Open };
            match Decimal::parse(&number.text) {
                Some(value) if is_low => {
                    self.kept(Atom::AtLeast(value.clone(), bound));
                    self.breaks(Tag::Bounds, [Atom::AtMost(value, other)]);
                }
                Some(value) => {
                    self.kept(Atom::AtMost(value.clone(), bound));
                    self.breaks(Tag::Bounds, [Atom::AtLeast(value, other)]);
                }
                None => self.unjudged("a bound that is too large to reckon with"),
            }
        };
        bound(schema.minimum(), true, Bound::Closed);
        bound(schema.exclusive_minimum(), true, Bound::Open);
        bound(schema.maximum(), false, Bound::Closed);
        bound(schema.exclusive_maximum(), false, Bound::Open);
        if let Some(number) = schema.multiple_of() {
            match Decimal::parse(&number.text) {
                Some(of) if of > Decimal::whole(0) => {
                    self.kept(Atom::Multiple(of.clone()));
                    self.breaks(Tag::Multiple, [Atom::NotMultiple(of)]);
                }
                // Nothing is divided by zero, and engines differ about it.
                _ => self.unjudged("a `multipleOf` that is not above zero"),
            }
        }
        let format = schema.format().filter(|_| self.engine.terms.formats);
        if let Some((low, high)) = format.and_then(number::range) {
            self.kept(Atom::AtLeast(low.clone(), Bound::Closed));
            self.kept(Atom::AtMost(high.clone(), Bound::Closed));
            // Whoever sends keeps to the range; few that read look at it.
            if self.engine.terms.ranges {
                self.breaks(Tag::Bounds, [Atom::AtMost(low, Bound::Open)]);
                self.breaks(Tag::Bounds, [Atom::AtLeast(high, Bound::Open)]);
            }
        }
    }

    fn unjudged(&mut self, why: &str) {
        self.kept(Atom::Unjudged(why.into()));
        self.breaks(Tag::Any, [Atom::Unjudged(why.into())]);
    }

    fn lengths(&mut self, tag: Tag, least: Option<u64>, most: Option<u64>) {
        if let Some(least) = least.filter(|least| *least > 0) {
            self.kept(Atom::Longer(least));
            self.breaks(tag, [Atom::Shorter(least - 1)]);
        }
        if let Some(most) = most {
            self.kept(Atom::Shorter(most));
            self.breaks(tag, [Atom::Longer(most.saturating_add(1))]);
        }
    }

    fn texts(&mut self) {
        let schema = self.schema;
        self.lengths(Tag::Length, schema.min_length(), schema.max_length());
        if let Some(pattern) = schema.pattern() {
            match self.engine.languages.pattern(pattern) {
                Ok(language) => {
                    self.kept(Atom::Within(language.clone()));
                    self.breaks(Tag::Pattern, [Atom::Outside(language)]);
                }
                Err(why) => self.unjudged(&format!("the pattern `{pattern}`: {why}")),
            }
        }
        if let Some(format) = schema.format().filter(|_| self.engine.terms.formats) {
            let format: Arc<str> = format.into();
            self.kept(Atom::Format(format.clone(), true));
            self.breaks(Tag::Format, [Atom::Format(format, false)]);
        }
    }

    fn arrays(&mut self) {
        let schema = self.schema;
        self.lengths(Tag::ItemCount, schema.min_items(), schema.max_items());
        let prefix = schema.prefix_items();
        for (index, id) in prefix.iter().enumerate() {
            let (holds, broken) = self.subs(*id);
            self.kept(Atom::Item(index, holds));
            self.breaks(Tag::Items, [Atom::HasItem(index, vec![broken])]);
        }
        if let Some(id) = schema.items() {
            let (holds, broken) = self.subs(id);
            self.kept(Atom::Items(prefix.len(), vec![holds]));
            self.breaks(Tag::Items, [Atom::SomeItem(prefix.len(), vec![broken])]);
        }
        if schema.unique() {
            self.kept(Atom::Unique);
            self.breaks(Tag::ItemCount, [Atom::Repeats]);
        }
        if let Some(id) = schema.contains() {
            let (least, most) = (schema.min_contains().unwrap_or(1), schema.max_contains());
            let lit = self.sub(id, true);
            self.kept(Atom::Contains(lit, least, most));
            if least > 0 {
                self.breaks(Tag::ItemCount, [Atom::Contains(lit, 0, Some(least - 1))]);
            }
            if let Some(most) = most {
                self.breaks(Tag::ItemCount, [Atom::Contains(lit, most.saturating_add(1), None)]);
            }
        }
    }

    fn objects(&mut self) {
        let schema = self.schema;
        self.lengths(Tag::Count, schema.min_properties(), schema.max_properties());
        if self.lit.holds {
            self.all.reserve(schema.properties().len() + schema.required().len());
        }
        for (name, id) in schema.properties() {
            let name = self.name(name);
            let (holds, broken) = self.subs(*id);
            if self.engine.is_hidden(self.home, *id) {
                self.kept(Atom::Hidden(name, holds));
                continue;
            }
            if self.lit.holds {
                self.all.push(Atom::Property(name, holds));
            } else {
                self.breaks(Tag::Property, [Atom::Has(name, vec![broken])]);
            }
        }
        let mut demanded = self.engine.demanded(self.home, schema);
        for name in schema.required() {
            if demanded.has(name) {
                let is_asked = self.asks_for(Tag::Required, Some(name));
                let name = self.name(name);
                self.kept(Atom::Demanded(name.clone()));
                if is_asked {
                    self.breaks(Tag::Any, [Atom::Absent(name)]);
                }
            }
        }
        let mut languages = Vec::new();
        for (pattern, id) in schema.pattern_properties() {
            match self.engine.names(pattern) {
                Ok(language) => {
                    let (holds, broken) = self.subs(*id);
                    self.kept(Atom::Matching(language.clone(), holds));
                    self.breaks(Tag::Rest, [Atom::SomeMatching(language.clone(), vec![broken])]);
                    languages.push(language);
                }
                Err(why) => self.unjudged(&format!("the pattern `{pattern}`: {why}")),
            }
        }
        if let Some(id) = schema.additional() {
            if languages.len() == schema.pattern_properties().len() {
                let names = schema.properties().iter().map(|(name, _)| self.name(name)).collect();
                let others = Others { names, languages: languages.into() };
                let (holds, broken) = self.subs(id);
                self.kept(Atom::Others(others.clone(), holds));
                self.breaks(Tag::Rest, [Atom::SomeOther(others, vec![broken])]);
            } else {
                self.unjudged("`additionalProperties` beside a pattern that is not judged");
            }
        }
        if let Some(id) = schema.property_names() {
            let (holds, broken) = self.subs(id);
            self.kept(Atom::Names(holds));
            self.breaks(Tag::Rest, [Atom::SomeName(broken)]);
        }
        for (name, needed) in schema.dependent_required() {
            let name = self.name(name);
            let needed: Vec<Name> = needed.iter().map(|each| self.name(each)).collect();
            let mut ways = vec![vec![Atom::Absent(name.clone())]];
            ways.push(needed.iter().map(|each| Atom::Required(each.clone())).collect());
            if !needed.is_empty() {
                self.either(ways);
            }
            for each in needed {
                self.breaks(Tag::Dependent, [Atom::Required(name.clone()), Atom::Absent(each)]);
            }
        }
        for (name, id) in schema.dependent_schemas() {
            let name = self.name(name);
            let (holds, broken) = self.subs(*id);
            self.either(vec![vec![Atom::Absent(name.clone())], vec![Atom::Schema(holds)]]);
            self.breaks(Tag::Dependent, [Atom::Required(name), Atom::Schema(broken)]);
        }
    }

    fn combined(&mut self) {
        let schema = self.schema;
        if let Some(reference) = &schema.reference {
            match reference.target {
                Some(target) => self.conjunct(target),
                None => self.unjudged(&format!("`{}` leads nowhere", reference.text)),
            }
        }
        for id in schema.all_of() {
            self.conjunct(*id);
        }
        if let Some(any) = schema.any_of() {
            let holds: Vec<Lit> = any.iter().map(|id| self.sub(*id, true)).collect();
            self.either(holds.iter().map(|lit| vec![Atom::Schema(*lit)]).collect());
            self.breaks(Tag::Combined, holds.iter().map(|lit| Atom::Schema(lit.denied())));
        }
        if let Some(one) = schema.one_of() {
            self.one_of(one);
        }
        if let Some(id) = schema.not() {
            let (holds, broken) = self.subs(id);
            self.kept(Atom::Schema(broken));
            self.breaks(Tag::Combined, [Atom::Schema(holds)]);
        }
        if let Some(condition) = schema.if_schema() {
            let condition = self.sub(condition, true);
            let mut ways = Ways::new();
            for (branch, given) in
                [(schema.then_schema(), condition), (schema.else_schema(), condition.denied())]
            {
                let mut way = vec![Atom::Schema(given)];
                if let Some(id) = branch {
                    let (holds, broken) = self.subs(id);
                    way.push(Atom::Schema(holds));
                    self.breaks(Tag::Combined, [Atom::Schema(given), Atom::Schema(broken)]);
                }
                ways.push(way);
            }
            if schema.then_schema().or(schema.else_schema()).is_some() {
                self.either(ways);
            }
        }
    }

    fn conjunct(&mut self, id: SchemaId) {
        let (holds, broken) = self.subs(id);
        // What demands the same as the whole adds nothing.
        if holds.class == self.lit.class {
            return;
        }
        self.kept(Atom::Schema(holds));
        self.breaks(Tag::Any, [Atom::Schema(broken)]);
    }

    fn one_of(&mut self, one: &[SchemaId]) {
        let lits: Vec<Lit> = one.iter().map(|id| self.sub(*id, true)).collect();
        if self.lit.holds {
            let ways = (0..lits.len()).map(|index| alone(&lits, index)).collect();
            self.either(ways);
            return;
        }
        self.breaks(Tag::Combined, lits.iter().map(|lit| Atom::Schema(lit.denied())));
        // Two hold: one, and one of those behind it.
        for (index, lit) in lits.iter().enumerate() {
            let others = &lits[index + 1..];
            if !others.is_empty() {
                let others = others.iter().map(|other| vec![Atom::Schema(*other)]).collect();
                self.breaks(Tag::Combined, [Atom::Either(shared(others, self.lit)), Atom::Schema(*lit)]);
            }
        }
    }

    fn unevaluated(&mut self, kind: Kind) {
        let schema = self.schema;
        let (rest, is_array) = match kind {
            Kind::Array => (schema.unevaluated_items(), true),
            Kind::Object => (schema.unevaluated_properties(), false),
            _ => return,
        };
        let Some(rest) = rest else { return };
        let (holds, broken) = self.subs(rest);
        let worlds = match worlds::of(self.engine, self.lit, is_array) {
            Ok(worlds) => worlds,
            Err(why) => return self.unjudged(&why),
        };
        let mut ways = Ways::new();
        for World { given, names, languages, all, items, containing } in worlds {
            let mut way = given;
            if !all && is_array {
                if self.lit.holds {
                    let mut allowed = vec![holds];
                    allowed.extend(containing);
                    way.push(Atom::Items(items, allowed));
                } else {
                    let mut demanded = vec![broken];
                    demanded.extend(containing.iter().map(|lit| lit.denied()));
                    way.push(Atom::SomeItem(items, demanded));
                }
            } else if !all {
                let others = Others { names: names.into(), languages: languages.into() };
                way.push(if self.lit.holds {
                    Atom::Others(others, holds)
                } else {
                    Atom::SomeOther(others, vec![broken])
                });
            } else if !self.lit.holds {
                continue;
            }
            ways.push(way);
        }
        if self.lit.holds {
            self.choices.push(ways);
        } else if self.asks_for(Tag::Rest, None) {
            self.broken.extend(ways);
        }
    }

    /// Keywords that the model keeps as they stand.
    fn unknown(&mut self) {
        let schema = self.schema;
        for keyword in schema.not_decided() {
            self.unjudged(&format!("`{keyword}` is not decided"));
        }
    }
}

/// What holds where one of these schemas does and no other: the one stands last, so that it is taken in
/// first, which closes most of what follows.
pub(super) fn alone(lits: &[Lit], index: usize) -> Vec<Atom> {
    let others = lits.iter().enumerate().filter(|(other, _)| *other != index);
    let others = others.map(|(_, other)| Atom::Schema(other.denied()));
    others.chain([Atom::Schema(lits[index])]).collect()
}
