//! Whether a value of the document fits a schema of the document, and which part does not.
//!
//! A walk of our own over both, because a document holds tens of thousands of examples: nothing is
//! copied and nothing compiled, numbers are compared as they are written, and the innermost part
//! that fails has its place at hand. It answers *maybe* wherever the model does not decide, and
//! gives up after a bounded number of steps, so that what it calls a misfit is one. Formats are
//! annotations, and not judged. Tests hold its verdicts against two engines that are not ours.
//!
//! Source: JSON Schema 2020-12.

use std::collections::HashSet;
use std::sync::Arc;

use super::super::decimal::Decimal;
use super::super::place::short;
use super::super::plain::{self, View};
use super::super::schema::{Number, Schema, SchemaId, Schemas, Type, TypeSet};
use super::super::tree::{Kind, NodeId, Tree};
use super::super::{Document, value};
use super::patterns::Patterns;

/// Steps that one value may take.
const STEPS: usize = 200_000;
/// Schemas within schemas, references followed.
const DEPTH: usize = 1_000;
/// Misfits that are told of one value.
const MOST: usize = 5;
/// Alternatives that are looked through for the one that is meant.
const MOST_ALTERNATIVES: usize = 64;

/// Whether a value passes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fit {
    Yes,
    No,
    /// The model does not decide, or the bound on work is reached.
    Maybe,
}

impl Fit {
    const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Maybe, _) | (_, Self::Maybe) => Self::Maybe,
            _ => Self::Yes,
        }
    }

    const fn of(flag: bool) -> Self {
        if flag { Self::Yes } else { Self::No }
    }
}

/// A part that does not fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Misfit {
    /// The part.
    pub(super) node: NodeId,
    /// The keyword that it fails.
    pub(super) keyword: &'static str,
    /// What is wrong with it, to follow its name: `is 3, and must be 5 or more`.
    pub(super) what: String,
}

/// Misfits are collected where somebody asks for them.
type Found<'a> = Option<&'a mut Vec<Misfit>>;

/// The walk over one document.
pub(super) struct Walk<'d> {
    document: &'d Document,
    tree: &'d Tree,
    schemas: &'d Schemas,
    pub(super) patterns: Patterns,
    view: View,
    /// References under way: a circle of them that consumes nothing ends.
    open: HashSet<(SchemaId, NodeId)>,
    depth: usize,
    left: usize,
    /// Steps taken for all values so far.
    pub(super) steps: usize,
}

impl<'d> Walk<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self {
            document,
            tree: document.tree(),
            schemas: &document.api().schemas,
            patterns: Patterns::default(),
            view: View::Whole,
            open: HashSet::new(),
            depth: 0,
            left: 0,
            steps: 0,
        }
    }

    /// The parts of a value that do not fit; none where it fits or where that is not decided.
    pub(super) fn misfits(&mut self, node: NodeId, schema: SchemaId, view: View) -> Vec<Misfit> {
        self.view = view;
        self.left = STEPS;
        self.open.clear();
        let mut found = Vec::new();
        // Most values fit, and to see that costs least.
        let mut fit = self.fit(node, schema, schema, None);
        if fit == Fit::No {
            self.left = STEPS;
            fit = self.fit(node, schema, schema, Some(&mut found));
        }
        if fit != Fit::No {
            found.clear();
        }
        found.dedup();
        found.truncate(MOST);
        found
    }

    /// Counts work; whether there is room for more.
    fn charge(&mut self, steps: usize) -> bool {
        self.steps += steps;
        let has_room = self.left > 0;
        self.left = self.left.saturating_sub(steps);
        has_room
    }

    /// Whether a text matches, at a price: who backtracks far pays for it.
    fn matches(&mut self, pattern: &str, text: &str) -> Option<bool> {
        if !self.charge(8 + text.len() / 16) {
            return None;
        }
        let matches = self.patterns.matches(pattern, text);
        if matches.is_none() {
            self.charge(STEPS / 20);
        }
        matches
    }

    /// `top` is the schema at which the judging of this very value began.
    fn fit(&mut self, node: NodeId, id: SchemaId, top: SchemaId, mut found: Found<'_>) -> Fit {
        if !self.charge(1) || self.depth > DEPTH {
            return Fit::Maybe;
        }
        let schema = self.schemas.get(id);
        if let Some(flag) = schema.bool_schema {
            if !flag {
                miss(&mut found, node, "false", || "may not stand there".into());
            }
            return Fit::of(flag);
        }
        if self.tree.kind(node) == Kind::Null && self.means_nullable(schema) {
            return Fit::Yes;
        }
        self.depth += 1;
        let fit = self.whole(node, schema, top, found);
        self.depth -= 1;
        fit
    }

    /// `nullable` that has no effect by the letter (without `type`, beside `$ref`) is no less meant.
    fn means_nullable(&self, schema: &Schema) -> bool {
        ["nullable", "x-nullable"].iter().any(|key| self.tree.is_true(schema.node, key))
    }

    fn whole(&mut self, node: NodeId, schema: &'d Schema, top: SchemaId, mut found: Found<'_>) -> Fit {
        let mut fit = self.types(node, schema, &mut found);
        if fit == Fit::No {
            // What the other keywords say of a value of the wrong type is no second cause.
            return fit;
        }
        let hurry = found.is_none();
        type Check<'d> = fn(&mut Walk<'d>, NodeId, &'d Schema, SchemaId, &mut Found<'_>) -> Fit;
        let of_kind: Check<'d> = match self.tree.kind(node) {
            Kind::Number => Self::number,
            Kind::Text => Self::text,
            Kind::Array => Self::array,
            Kind::Object => Self::object,
            Kind::Null | Kind::False | Kind::True => |_, _, _, _, _| Fit::Yes,
        };
        for check in [Self::listed as Check<'d>, of_kind, Self::referred, Self::combined] {
            fit = fit.and(check(self, node, schema, top, &mut found));
            if fit == Fit::No && hurry {
                return fit;
            }
        }
        // Words that the model keeps undecided may forbid more, and allow nothing that others forbid.
        if schema.other.is_empty() { fit } else { fit.and(Fit::Maybe) }
    }

    pub(super) fn kind(&self, node: NodeId) -> Type {
        match self.tree.kind(node) {
            Kind::Null => Type::Null,
            Kind::False | Kind::True => Type::Boolean,
            Kind::Text => Type::String,
            Kind::Array => Type::Array,
            Kind::Object => Type::Object,
            Kind::Number => {
                let number = self.tree.number(node).and_then(Decimal::parse);
                if number.is_none_or(|number| number.is_whole()) { Type::Integer } else { Type::Number }
            }
        }
    }

    fn types(&self, node: NodeId, schema: &Schema, found: &mut Found<'_>) -> Fit {
        let Some(types) = schema.types else { return Fit::Yes };
        let kind = self.kind(node);
        if types.accepts(kind) {
            return Fit::Yes;
        }
        miss(found, node, "type", || {
            let is_written = self.tree.text(node).is_some_and(is_json_text);
            let shown = if is_written { "JSON within a string".into() } else { self.shown(node) };
            format!("is {shown}, and must be of type {}", named(types))
        });
        Fit::No
    }

    fn listed(&mut self, node: NodeId, schema: &'d Schema, _: SchemaId, found: &mut Found<'_>) -> Fit {
        let mut fit = Fit::Yes;
        if !self.charge(schema.enum_values.as_ref().map_or(0, |values| values.len() / 4)) {
            return Fit::Maybe;
        }
        if let Some(values) = &schema.enum_values
            && !values.iter().any(|each| self.is_equal(*each, node))
        {
            miss(found, node, "enum", || {
                let bare = |value: &NodeId| match self.tree.text(*value) {
                    Some(text) => format!("`{}`", one_line(text)),
                    None => self.shown(*value),
                };
                let mut shown: Vec<String> = values.iter().take(8).map(bare).collect();
                if values.len() > shown.len() {
                    shown.push("…".into());
                }
                format!("is {}, and must be one of {}", self.shown(node), shown.join(", "))
            });
            fit = Fit::No;
        }
        if let Some(value) = schema.const_value
            && !self.is_equal(value, node)
        {
            miss(found, node, "const", || {
                format!("is {}, and must be {}", self.shown(node), self.shown(value))
            });
            fit = Fit::No;
        }
        fit
    }

    /// Whether two values are the same data.
    pub(super) fn is_equal(&self, a: NodeId, b: NodeId) -> bool {
        let tree = self.tree;
        match (tree.kind(a), tree.kind(b)) {
            (Kind::Text, Kind::Text) => tree.text(a) == tree.text(b),
            (Kind::Number, Kind::Number) => {
                let canonical = |node| tree.number(node).map(value::canonical_number);
                tree.number(a) == tree.number(b) || canonical(a) == canonical(b)
            }
            (Kind::Array, Kind::Array) if tree.items(a).len() != tree.items(b).len() => false,
            (Kind::Object, Kind::Object) if tree.entries(a).len() != tree.entries(b).len() => false,
            (Kind::Array, Kind::Array) | (Kind::Object, Kind::Object) => {
                self.document.value_hash(a) == self.document.value_hash(b)
            }
            (a, b) => a == b,
        }
    }

    fn number(&mut self, node: NodeId, schema: &'d Schema, _: SchemaId, found: &mut Found<'_>) -> Fit {
        if schema.numbers.is_none() {
            return Fit::Yes;
        }
        let Some(number) = self.tree.number(node).and_then(Decimal::parse) else {
            return Fit::Maybe;
        };
        let mut fit = Fit::Yes;
        let mut bound =
            |keyword, limit: Option<&Number>, holds: fn(&Decimal, &Decimal) -> Option<bool>, words: &str| {
                let Some(limit) = limit else { return };
                let held = Decimal::parse(&limit.text).and_then(|value| holds(&number, &value));
                if held == Some(false) {
                    miss(found, node, keyword, || {
                        format!("is {}, and must be {words} {}", self.shown(node), short(&limit.text))
                    });
                }
                fit = fit.and(held.map_or(Fit::Maybe, Fit::of));
            };
        bound("minimum", schema.minimum(), |a, b| Some(a >= b), "at least");
        bound("maximum", schema.maximum(), |a, b| Some(a <= b), "at most");
        bound("exclusiveMinimum", schema.exclusive_minimum(), |a, b| Some(a > b), "more than");
        bound("exclusiveMaximum", schema.exclusive_maximum(), |a, b| Some(a < b), "less than");
        bound("multipleOf", schema.multiple_of(), Decimal::is_multiple_of, "a multiple of");
        fit
    }

    fn text(&mut self, node: NodeId, schema: &'d Schema, _: SchemaId, found: &mut Found<'_>) -> Fit {
        let Some(text) = self.tree.text(node) else { return Fit::Yes };
        self.string(text, schema, |keyword, what| miss(found, node, keyword, || what))
    }

    /// What a schema says of a text; the name of a member is one too, and has no node.
    fn string(&mut self, text: &str, schema: &Schema, mut miss: impl FnMut(&'static str, String)) -> Fit {
        let mut fit = Fit::Yes;
        if schema.min_length().is_some() || schema.max_length().is_some() {
            let length = text.chars().count() as u64;
            if let Some(limit) = schema.min_length().filter(|limit| length < *limit) {
                miss("minLength", format!("has {length} characters, and must have at least {limit}"));
                fit = Fit::No;
            }
            if let Some(limit) = schema.max_length().filter(|limit| length > *limit) {
                miss("maxLength", format!("has {length} characters, and must have at most {limit}"));
                fit = Fit::No;
            }
        }
        if let Some(pattern) = schema.pattern() {
            let matches = self.matches(pattern, text);
            if matches == Some(false) {
                miss(
                    "pattern",
                    format!("is `{}`, which does not match `{}`", one_line(text), one_line(pattern)),
                );
            }
            fit = fit.and(matches.map_or(Fit::Maybe, Fit::of));
        }
        fit
    }

    fn array(&mut self, node: NodeId, schema: &'d Schema, _: SchemaId, found: &mut Found<'_>) -> Fit {
        if schema.arrays.is_none() {
            return Fit::Yes;
        }
        let items = self.tree.items(node);
        if schema.unique() && !self.charge(items.len() * 4) {
            return Fit::Maybe;
        }
        let mut fit = count(
            found,
            node,
            "items",
            ["minItems", "maxItems"],
            items.len(),
            schema.min_items(),
            schema.max_items(),
        );
        if schema.unique() && self.has_twins(items) {
            miss(found, node, "uniqueItems", || "holds the same item twice".into());
            fit = Fit::No;
        }
        let fixed = schema.prefix_items();
        for (index, item) in items.iter().enumerate() {
            let Some(inner) = fixed.get(index).copied().or(schema.items()) else { break };
            fit = fit.and(self.fit(*item, inner, inner, found.as_deref_mut()));
            if is_settled(fit, found) {
                return fit;
            }
        }
        if let Some(inner) = schema.contains() {
            let fits: Vec<Fit> = items.iter().map(|item| self.fit(*item, inner, inner, None)).collect();
            let sure = fits.iter().filter(|fit| **fit == Fit::Yes).count() as u64;
            let possible = fits.iter().filter(|fit| **fit != Fit::No).count() as u64;
            let (least, most) =
                (schema.min_contains().unwrap_or(1), schema.max_contains().unwrap_or(u64::MAX));
            let contained = match () {
                () if possible < least || sure > most => Fit::No,
                () if sure >= least && possible <= most => Fit::Yes,
                () => Fit::Maybe,
            };
            if contained == Fit::No {
                miss(found, node, "contains", || {
                    format!("has {possible} of the items that `contains` counts")
                });
            }
            fit = fit.and(contained);
        }
        if schema.unevaluated_items().is_some() { fit.and(Fit::Maybe) } else { fit }
    }

    fn has_twins(&self, items: &[NodeId]) -> bool {
        let mut seen = HashSet::new();
        items.iter().any(|item| !seen.insert(self.document.value_hash(*item)))
    }

    fn object(&mut self, node: NodeId, schema: &'d Schema, top: SchemaId, found: &mut Found<'_>) -> Fit {
        if schema.objects.is_none() {
            return Fit::Yes;
        }
        let tree = self.tree;
        let length = tree.entries(node).len();
        if !self.charge(schema.required().len() / 2 + schema.properties().len() / 2) {
            return Fit::Maybe;
        }
        let mut fit = count(
            found,
            node,
            "members",
            ["minProperties", "maxProperties"],
            length,
            schema.min_properties(),
            schema.max_properties(),
        );
        let absent = |name: &&Arc<str>| tree.get(node, name).is_none();
        let missing: Vec<&str> = schema.required().iter().filter(absent).map(|name| &**name).collect();
        let missing: Vec<&str> =
            missing.into_iter().filter(|name| !self.may_be_missing(schema, top, name)).collect();
        if !missing.is_empty() {
            miss(found, node, "required", || lacks(&missing));
            fit = Fit::No;
        }
        for (name, inner) in schema.properties() {
            if let Some(member) = tree.get(node, name) {
                fit = fit.and(self.fit(member, *inner, *inner, found.as_deref_mut()));
            }
            if is_settled(fit, found) {
                return fit;
            }
        }
        fit = fit.and(self.other_members(node, schema, found));
        for (name, needed) in schema.dependent_required() {
            let Some(missing) =
                tree.get(node, name).and(needed.iter().find(|name| tree.get(node, name).is_none()))
            else {
                continue;
            };
            miss(found, node, "dependentRequired", || {
                format!("has `{}`, and lacks `{}`", short(name), short(missing))
            });
            fit = Fit::No;
        }
        for (name, inner) in schema.dependent_schemas() {
            if tree.get(node, name).is_some() {
                fit = fit.and(self.fit(node, *inner, top, found.as_deref_mut()));
            }
        }
        if schema.unevaluated_properties().is_some() { fit.and(Fit::Maybe) } else { fit }
    }

    /// Members that `properties` does not name.
    fn other_members(&mut self, node: NodeId, schema: &'d Schema, found: &mut Found<'_>) -> Fit {
        let by_pattern = schema.pattern_properties();
        let (rest, names) = (schema.additional(), schema.property_names());
        if by_pattern.is_empty() && rest.is_none() && names.is_none() {
            return Fit::Yes;
        }
        let declared: HashSet<&str> = schema.properties().iter().map(|(name, _)| &**name).collect();
        let mut fit = Fit::Yes;
        for (name, member) in self.tree.members(node) {
            if let Some(names) = names {
                let named = self.name_fits(name, names);
                if named == Fit::No {
                    miss(found, member, "propertyNames", || "has a name that may not be given".into());
                }
                fit = fit.and(named);
            }
            let mut is_other = Some(!declared.contains(name));
            for (pattern, inner) in by_pattern {
                match self.matches(pattern, name) {
                    Some(true) => {
                        is_other = Some(false);
                        fit = fit.and(self.fit(member, *inner, *inner, found.as_deref_mut()));
                    }
                    Some(false) => {}
                    None => is_other = is_other.filter(|other| !other),
                }
            }
            let Some(rest) = rest else { continue };
            fit = match is_other {
                Some(false) => fit,
                None => fit.and(Fit::Maybe),
                Some(true) if self.schemas.get(rest).bool_schema == Some(false) => {
                    miss(found, member, "additionalProperties", || {
                        "is no property that the schema allows".into()
                    });
                    Fit::No
                }
                Some(true) => fit.and(self.fit(member, rest, rest, found.as_deref_mut())),
            };
            if is_settled(fit, found) {
                return fit;
            }
        }
        fit
    }

    /// A name is a text without a node: only what speaks of texts is asked.
    fn name_fits(&mut self, name: &str, names: SchemaId) -> Fit {
        let schema = self.schemas.resolved(names);
        if schema.bool_schema == Some(false) || schema.types.is_some_and(|types| !types.accepts(Type::String))
        {
            return Fit::No;
        }
        let tree = self.tree;
        let mut fit = self.string(name, schema, |_, _| {});
        if let Some(values) = &schema.enum_values {
            fit = fit.and(Fit::of(values.iter().any(|value| tree.text(*value) == Some(name))));
        }
        let is_simple =
            schema.combined.is_none() && schema.reference.is_none() && schema.const_value.is_none();
        if is_simple && schema.other.is_empty() { fit } else { fit.and(Fit::Maybe) }
    }

    /// Whether the view spares the member, wherever it is declared for this value.
    fn may_be_missing(&self, schema: &Schema, top: SchemaId, name: &str) -> bool {
        if self.view == View::Whole {
            return false;
        }
        let here = plain::declarations(self.schemas, schema, name);
        let above = plain::declarations(self.schemas, self.schemas.get(top), name);
        here.into_iter().chain(above).any(|property| {
            let (read_only, write_only) = plain::access(self.schemas, property);
            self.view.spares(read_only, write_only)
        })
    }

    fn referred(&mut self, node: NodeId, schema: &'d Schema, top: SchemaId, found: &mut Found<'_>) -> Fit {
        let Some(reference) = &schema.reference else { return Fit::Yes };
        let Some(target) = reference.target else { return Fit::Maybe };
        if !self.open.insert((target, node)) {
            // A value fits a circle that asks nothing else of it.
            return Fit::Yes;
        }
        let fit = self.fit(node, target, top, found.as_deref_mut());
        self.open.remove(&(target, node));
        fit
    }

    fn combined(&mut self, node: NodeId, schema: &'d Schema, top: SchemaId, found: &mut Found<'_>) -> Fit {
        if schema.combined.is_none() {
            return Fit::Yes;
        }
        let mut fit = Fit::Yes;
        for part in schema.all_of() {
            fit = fit.and(self.fit(node, *part, top, found.as_deref_mut()));
            if is_settled(fit, found) {
                return fit;
            }
        }
        if let Some(alternatives) = schema.any_of() {
            fit = fit.and(self.any(node, schema, alternatives, "anyOf", top, found));
        }
        if let Some(alternatives) = schema.one_of() {
            fit = fit.and(self.any(node, schema, alternatives, "oneOf", top, found));
        }
        if let Some(not) = schema.not() {
            let ruled_out = self.fit(node, not, top, None);
            if ruled_out == Fit::Yes {
                miss(found, node, "not", || "is what `not` rules out".into());
            }
            fit = fit.and(match ruled_out {
                Fit::Yes => Fit::No,
                Fit::No => Fit::Yes,
                Fit::Maybe => Fit::Maybe,
            });
        }
        if let Some(condition) = schema.if_schema() {
            let branch = match self.fit(node, condition, top, None) {
                Fit::Yes => schema.then_schema(),
                Fit::No => schema.else_schema(),
                Fit::Maybe => return fit.and(Fit::Maybe),
            };
            if let Some(branch) = branch {
                fit = fit.and(self.fit(node, branch, top, found.as_deref_mut()));
            }
        }
        fit
    }

    /// `anyOf` and `oneOf`. That several of `oneOf` fit is often no more than that formats are not
    /// judged here, so it is not held against the value.
    fn any(
        &mut self,
        node: NodeId,
        schema: &'d Schema,
        alternatives: &'d [SchemaId],
        keyword: &'static str,
        top: SchemaId,
        found: &mut Found<'_>,
    ) -> Fit {
        let mut fit = Fit::No;
        let mut passed = 0;
        for alternative in alternatives {
            match self.fit(node, *alternative, top, None) {
                Fit::Yes => passed += 1,
                Fit::Maybe => fit = Fit::Maybe,
                Fit::No => continue,
            }
            if keyword == "anyOf" && passed > 0 {
                return Fit::Yes;
            }
        }
        match passed {
            0 => {}
            1 if fit == Fit::No => return Fit::Yes,
            _ => return Fit::Maybe,
        }
        if fit == Fit::No
            && let Some(found) = found
        {
            self.explain(node, schema, alternatives, keyword, top, found);
        }
        fit
    }

    /// Why none of the alternatives fits: the misfits of the one that is meant, if one is.
    fn explain(
        &mut self,
        node: NodeId,
        schema: &'d Schema,
        alternatives: &'d [SchemaId],
        keyword: &'static str,
        top: SchemaId,
        found: &mut Vec<Misfit>,
    ) {
        let tree = self.tree;
        let chosen = schema.discriminator().and_then(|discriminator| {
            let value = tree.text(tree.get(node, &discriminator.property)?)?;
            let mapped = discriminator.mapping.iter().find(|(name, _)| &**name == value);
            let target =
                mapped.map_or_else(|| self.document.api().component(value), |(_, choice)| choice.schema)?;
            alternatives.iter().copied().find(|id| self.schemas.resolve(*id) == self.schemas.resolve(target))
        });
        let mut ranked = Vec::new();
        for alternative in alternatives.iter().take(MOST_ALTERNATIVES) {
            let mut misfits = Vec::new();
            self.fit(node, *alternative, top, Some(&mut misfits));
            let is_wrong_type = misfits.iter().any(|misfit| misfit.node == node && misfit.keyword == "type");
            // One that fails at a word which only names the kind of value is meant for others.
            let is_for_others = misfits.iter().any(|misfit| {
                matches!(misfit.keyword, "const" | "enum")
                    && tree.entries(node).iter().any(|entry| entry.node == misfit.node)
            });
            let rank = (chosen != Some(*alternative), is_wrong_type, is_for_others, misfits.len());
            ranked.push((rank, misfits));
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        let mut ranked = ranked.into_iter();
        let (first, second) = (ranked.next(), ranked.next());
        let Some((rank, misfits)) = first else {
            miss(&mut Some(found), node, keyword, || format!("cannot fit: `{keyword}` has no alternatives"));
            return;
        };
        let is_alone =
            second.as_ref().is_none_or(|(other, _)| (rank.0, rank.1, rank.2) != (other.0, other.1, other.2));
        if is_alone && !misfits.is_empty() {
            found.extend(misfits);
            return;
        }
        let rest = second.into_iter().chain(ranked);
        let all: Vec<Vec<Misfit>> =
            std::iter::once(misfits).chain(rest.map(|(_, misfits)| misfits)).collect();
        let mut wanted: Vec<&str> = Vec::new();
        let only_types = all.iter().all(|misfits| match &misfits[..] {
            [Misfit { node: at, keyword: "type", what }] if *at == node => {
                let kinds = what.split_once("must be of type ").map_or("", |(_, kinds)| kinds);
                wanted.extend(kinds.split(" or ").filter(|kind| !kinds.is_empty() && !kind.is_empty()));
                true
            }
            _ => false,
        });
        if only_types {
            let wanted: TypeSet = wanted.iter().filter_map(|name| Type::named(name)).collect();
            let what = format!("is {}, and must be of type {}", self.shown(node), named(wanted));
            miss(&mut Some(found), node, "type", || what);
        } else {
            let what = format!("fits none of the {} alternatives of `{keyword}`", alternatives.len());
            miss(&mut Some(found), node, keyword, || what);
        }
    }

    /// A value in a message: scalars as they are, containers by their kind.
    pub(super) fn shown(&self, node: NodeId) -> String {
        let tree = self.tree;
        match tree.kind(node) {
            Kind::Array => "a list".into(),
            Kind::Object => "an object".into(),
            Kind::Text => format!("the string `{}`", one_line(tree.text(node).unwrap_or_default())),
            Kind::Number => format!("`{}`", short(tree.number(node).unwrap_or_default())),
            Kind::Null => "null".into(),
            Kind::False => "`false`".into(),
            Kind::True => "`true`".into(),
        }
    }
}

fn lacks(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(4).map(|name| format!("`{}`", one_line(name))).collect();
    match names.len() - shown.len() {
        0 => format!("lacks {}", shown.join(", ")),
        more => format!("lacks {} (and {more} more)", shown.join(", ")),
    }
}

/// The types as words, `null` last.
fn named(types: TypeSet) -> String {
    let names = types.without(Type::Null).iter().chain(types.contains(Type::Null).then_some(Type::Null));
    names.map(Type::name).collect::<Vec<_>>().join(" or ")
}

/// Whether a text is a JSON object or list, which its author could have written as such.
fn is_json_text(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// A text for a message, which is one line.
fn one_line(text: &str) -> String {
    short(text).replace(|c: char| c.is_control(), " ")
}

/// Nobody asks for more than the verdict, or enough has been found.
fn is_settled(fit: Fit, found: &Found<'_>) -> bool {
    fit == Fit::No && found.as_ref().is_none_or(|found| found.len() >= MOST)
}

fn miss(found: &mut Found<'_>, node: NodeId, keyword: &'static str, what: impl FnOnce() -> String) {
    if let Some(found) = found
        && found.len() < MOST
    {
        found.push(Misfit { node, keyword, what: what() });
    }
}

fn count(
    found: &mut Found<'_>,
    node: NodeId,
    noun: &str,
    [least, most]: [&'static str; 2],
    length: usize,
    min: Option<u64>,
    max: Option<u64>,
) -> Fit {
    let length = length as u64;
    let mut fit = Fit::Yes;
    if let Some(limit) = min.filter(|limit| length < *limit) {
        miss(found, node, least, || format!("has {length} {noun}, and must have at least {limit}"));
        fit = Fit::No;
    }
    if let Some(limit) = max.filter(|limit| length > *limit) {
        miss(found, node, most, || format!("has {length} {noun}, and must have at most {limit}"));
        fit = Fit::No;
    }
    fit
}
