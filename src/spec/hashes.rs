//! Structural hashes of schemas: equal hashes mean equal demands, prose apart.
//!
//! What is only another spelling hashes alike: a reference and what it leads to, the only one of
//! `allOf`, `anyOf` or `oneOf` and what stands around it, `const: a` and `enum: [a]`,
//! `additionalProperties: true` and its absence, the order of alternatives. The hash
//! of a schema holds those of its parts. Schemas that reach each other in a circle are hashed in
//! rounds: a round tells schemas apart by what one more step away differs, until no round tells
//! more apart than the last. What each ends with, together with the set of all of them, names its
//! structure whatever document it stands in.
//!
//! Long circles of schemas that are nearly alike could ask for as many rounds as there are
//! schemas. Past a budget they are told apart by their document instead: equal structures may then
//! hash unequal, which costs a comparison, never the other way round.

use std::sync::Arc;

use super::Hash;
use super::compile::ends;
use super::hash::{self, Hasher};
use super::schema::{
    Annotations, Arrays, Combined, Numbers, Objects, Schema, SchemaId, Schemas, Strings, Type, XmlNode,
};
use super::tree::Tree;

/// Fills in the hash of every schema; `like` says which other one is written alike.
pub(super) fn fill(schemas: &mut Schemas, tree: &Tree, like: impl Fn(usize) -> Option<SchemaId>) {
    let ends = ends(schemas.len(), |index| like(index).or_else(|| schemas.all[index].only_part()));
    // What is trivial elsewhere counts as evaluated where `unevaluated…` asks for it.
    let evaluates =
        |schema: &Schema| schema.unevaluated_properties().is_some() || schema.unevaluated_items().is_some();
    let nothing = Hasher::new("schema").finish();
    let context = Context { tree, ends: &ends, nothing, evaluates: schemas.all.iter().any(evaluates) };
    let graph = Graph::of(schemas, &ends);
    let mut hashes = vec![Hash::default(); schemas.len()];
    let mut budget = 4 * schemas.len() + 200_000;
    // Others take the hash of the one that they lead to.
    let is_hashed = |node: u32| ends[node as usize].index() == node as usize;
    components(&graph, is_hashed, |component| match *component {
        [single] if !graph.edges(single).contains(&single) => {
            hashes[single as usize] = digest(&schemas.all[single as usize], &context, &hashes);
        }
        _ => circle(component, schemas, &context, &mut hashes, &mut budget),
    });
    for (schema, end) in schemas.all.iter_mut().zip(&ends) {
        schema.hash = hashes[end.index()];
    }
}

/// What the hash of a schema depends on beside the schema.
struct Context<'a> {
    tree: &'a Tree,
    /// By schema: the one that says something where this one only points or wraps.
    ends: &'a [SchemaId],
    /// The hash of a schema that demands nothing.
    nothing: Hash,
    evaluates: bool,
}

/// Hashes schemas that reach each other.
fn circle(
    component: &[u32],
    schemas: &Schemas,
    context: &Context<'_>,
    hashes: &mut [Hash],
    budget: &mut usize,
) {
    for index in component {
        hashes[*index as usize] = Hasher::new("circle").finish();
    }
    let mut told_apart = 1;
    loop {
        let next: Vec<Hash> = component
            .iter()
            .map(|index| {
                let mut hasher = Hasher::new("round");
                hasher.hash(hashes[*index as usize]);
                hasher.hash(digest(&schemas.all[*index as usize], context, hashes));
                hasher.finish()
            })
            .collect();
        for (index, hash) in component.iter().zip(&next) {
            hashes[*index as usize] = *hash;
        }
        let mut distinct = next;
        distinct.sort_unstable();
        distinct.dedup();
        let is_settled = distinct.len() == told_apart;
        told_apart = distinct.len();
        let cost = component.len();
        let is_spent = *budget < cost;
        *budget = budget.saturating_sub(cost);
        if is_settled || is_spent {
            let mut all = Hasher::new("circle");
            all.hashes(distinct);
            if !is_settled {
                all.text(context.tree.source());
            }
            let all = all.finish();
            for index in component {
                let mut hasher = Hasher::new("settled");
                hasher.hash(hashes[*index as usize]).hash(all);
                hashes[*index as usize] = hasher.finish();
            }
            return;
        }
    }
}

/// The hash of one schema, given those of its parts.
fn digest(schema: &Schema, context: &Context<'_>, hashes: &[Hash]) -> Hash {
    if schema.bool_schema == Some(false) {
        return Hasher::new("schema").text("false").finish();
    }
    let mut digest = Digest { hasher: Hasher::new("schema"), schema, context, hashes };
    digest.values();
    if let Some(numbers) = &schema.numbers {
        digest.numbers(numbers);
    }
    if let Some(strings) = &schema.strings {
        digest.strings(strings);
    }
    if let Some(arrays) = &schema.arrays {
        digest.arrays(arrays);
    }
    if let Some(objects) = &schema.objects {
        digest.objects(objects);
    }
    digest.conjuncts();
    if let Some(combined) = &schema.combined {
        digest.combined(combined);
    }
    if let Some(annotations) = &schema.annotations {
        digest.annotations(annotations);
    }
    digest.others();
    digest.hasher.finish()
}

struct Digest<'a> {
    hasher: Hasher,
    schema: &'a Schema,
    context: &'a Context<'a>,
    hashes: &'a [Hash],
}

impl Digest<'_> {
    fn find(&self, id: SchemaId) -> Hash {
        self.hashes[self.context.ends[id.index()].index()]
    }

    fn values(&mut self) {
        let (schema, tree) = (self.schema, self.context.tree);
        // All types together are no demand.
        if let Some(types) = schema.types.filter(|types| types.normal().len() < Type::ALL.len() - 1) {
            self.hasher.text("type").number(types.normal().bits());
        }
        if let Some(values) = &schema.enum_values {
            self.hasher.text("enum").set(values.iter().map(|value| tree.hash(*value)));
        }
        if let Some(value) = schema.const_value {
            self.hasher.text("enum").set([tree.hash(value)]);
        }
    }

    fn numbers(&mut self, numbers: &Numbers) {
        let bounds = [
            ("minimum", &numbers.minimum),
            ("maximum", &numbers.maximum),
            ("exclusiveMinimum", &numbers.exclusive_minimum),
            ("exclusiveMaximum", &numbers.exclusive_maximum),
            ("multipleOf", &numbers.multiple_of),
        ];
        for (name, number) in bounds {
            if let Some(number) = number {
                self.hasher.text(name).hash(hash::of_number(&number.text));
            }
        }
    }

    fn strings(&mut self, strings: &Strings) {
        self.count("minLength", strings.min_length, 0);
        self.count("maxLength", strings.max_length, u64::MAX);
        // OpenAPI 3.1.1, "Migrating binary descriptions": 3.0's word for Base64.
        let is_byte = strings.format.as_deref() == Some("byte");
        let texts = [
            ("pattern", strings.pattern.as_deref()),
            ("format", strings.format.as_deref().filter(|_| !is_byte)),
            ("contentEncoding", strings.content_encoding.as_deref().or(is_byte.then_some("base64"))),
            ("contentMediaType", strings.content_media_type.as_deref()),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                self.hasher.text(name).text(text);
            }
        }
    }

    fn arrays(&mut self, arrays: &Arrays) {
        self.count("minItems", arrays.min_items, 0);
        self.count("maxItems", arrays.max_items, u64::MAX);
        self.part("items", arrays.items);
        self.part("unevaluatedItems", arrays.unevaluated);
        if let Some(contains) = arrays.contains {
            let contains = self.find(contains);
            self.hasher.text("contains").hash(contains);
            self.count("minContains", arrays.min_contains, 1);
            self.count("maxContains", arrays.max_contains, u64::MAX);
        }
        if !arrays.prefix_items.is_empty() {
            let prefix: Vec<Hash> = arrays.prefix_items.iter().map(|id| self.find(*id)).collect();
            self.hasher.text("prefixItems").hashes(prefix);
        }
        if arrays.unique {
            self.hasher.text("uniqueItems");
        }
    }

    fn objects(&mut self, objects: &Objects) {
        self.count("minProperties", objects.min_properties, 0);
        self.count("maxProperties", objects.max_properties, u64::MAX);
        self.part("additionalProperties", objects.additional);
        self.part("propertyNames", objects.property_names);
        self.part("unevaluatedProperties", objects.unevaluated);
        let maps = [
            ("properties", &objects.properties),
            ("patternProperties", &objects.pattern_properties),
            ("dependentSchemas", &objects.dependent_schemas),
        ];
        for (name, members) in maps {
            if !members.is_empty() {
                let members = members.iter().map(|(key, id)| (hash::of_text(key), self.find(*id)));
                let members = hash::of_members(members);
                self.hasher.text(name).hash(members);
            }
        }
        let names = |names: &[Arc<str>]| {
            let mut hasher = Hasher::new("names");
            hasher.set(names.iter().map(|name| hash::of_text(name)));
            hasher.finish()
        };
        if !objects.required.is_empty() {
            self.hasher.text("required").hash(names(&objects.required));
        }
        if !objects.dependent_required.is_empty() {
            let lists = objects.dependent_required.iter();
            let lists = hash::of_members(lists.map(|(key, list)| (hash::of_text(key), names(list))));
            self.hasher.text("dependentRequired").hash(lists);
        }
    }

    /// What must hold beside the rest: beside other keywords a reference is one more schema.
    fn conjuncts(&mut self) {
        let reference = self.schema.reference.as_ref();
        let all = self.schema.all_of();
        if all.is_empty() && reference.is_none() {
            return;
        }
        let mut all: Vec<Hash> = all.iter().map(|id| self.find(*id)).collect();
        all.extend(reference.and_then(|reference| reference.target).map(|id| self.find(id)));
        all.retain(|hash| *hash != self.context.nothing);
        if !all.is_empty() {
            self.hasher.text("allOf").set(all);
        }
        if let Some(lost) = reference.filter(|reference| reference.target.is_none()) {
            self.hasher.text("$ref").text(&lost.text);
        }
    }

    fn combined(&mut self, combined: &Combined) {
        if let Some(not) = combined.not {
            let not = self.find(not);
            self.hasher.text("not").hash(not);
        }
        let (then, otherwise) = (combined.then_schema, combined.else_schema);
        if let Some(condition) =
            combined.if_schema.filter(|_| then.or(otherwise).is_some() || self.context.evaluates)
        {
            let condition = self.find(condition);
            self.hasher.text("if").hash(condition);
            for (name, part) in [("then", then), ("else", otherwise)] {
                let part = part.map(|id| self.find(id)).filter(|hash| *hash != self.context.nothing);
                if let Some(hash) = part {
                    self.hasher.text(name).hash(hash);
                }
            }
        }
        if let Some(any) = &combined.any_of {
            let any: Vec<Hash> = any.iter().map(|id| self.find(*id)).collect();
            self.hasher.text("anyOf").set(any);
        }
        if let Some(one) = &combined.one_of {
            // Twice the same alternative lets nothing through that matches it, so repeats count.
            let mut one: Vec<Hash> = one.iter().map(|id| self.find(*id)).collect();
            one.sort_unstable();
            self.hasher.text("oneOf").hashes(one);
        }
        if let Some(discriminator) = &combined.discriminator {
            self.hasher.text("discriminator").text(&discriminator.property);
            let mut mapping: Vec<_> = discriminator.told().map(|(key, to)| (key, to.meaning())).collect();
            mapping.sort_unstable();
            for (key, target) in mapping {
                self.hasher.text("mapping").text(key).text(target);
            }
            if let Some(default) = &discriminator.default {
                self.hasher.text("defaultMapping").text(default.meaning());
            }
        }
    }

    fn annotations(&mut self, annotations: &Annotations) {
        let tree = self.context.tree;
        let flags = [annotations.read_only, annotations.write_only, annotations.deprecated];
        if flags.contains(&true) {
            self.hasher.text("access").flags(flags);
        }
        let values = [("default", annotations.default), ("x-extensible-enum", annotations.extensible_enum)];
        for (name, value) in values {
            if let Some(value) = value {
                self.hasher.text(name).hash(tree.hash(value));
            }
        }
        if let Some(xml) = &annotations.xml {
            self.hasher.text("xml").text(xml.kind.map_or("", XmlNode::name));
            for text in [&xml.name, &xml.namespace, &xml.prefix] {
                self.hasher.text(text.as_deref().unwrap_or_default());
            }
        }
    }

    fn others(&mut self) {
        let mut other: Vec<_> = self.schema.other.iter().collect();
        other.sort_unstable();
        for (name, value) in other {
            self.hasher.text("other").text(name).hash(self.context.tree.hash(*value));
        }
    }

    fn count(&mut self, name: &str, count: Option<u64>, without_effect: u64) {
        if let Some(count) = count.filter(|count| *count != without_effect) {
            self.hasher.text(name).number(count);
        }
    }

    /// `true` and `{}` demand nothing in these places, as if they were not there.
    fn part(&mut self, name: &str, part: Option<SchemaId>) {
        let has_effect = |hash: &Hash| *hash != self.context.nothing || self.context.evaluates;
        if let Some(hash) = part.map(|id| self.find(id)).filter(has_effect) {
            self.hasher.text(name).hash(hash);
        }
    }
}

/// Which schema needs the hash of which; pure references are skipped.
struct Graph {
    starts: Vec<usize>,
    targets: Vec<u32>,
}

impl Graph {
    fn of(schemas: &Schemas, ends: &[SchemaId]) -> Self {
        let mut graph =
            Self { starts: Vec::with_capacity(ends.len() + 1), targets: Vec::with_capacity(ends.len()) };
        graph.starts.push(0);
        for (index, schema) in schemas.all.iter().enumerate() {
            // What only points elsewhere takes the hash from there.
            if ends[index].index() == index {
                schema.children(|id| graph.targets.push(number(ends[id.index()].index())));
            }
            graph.starts.push(graph.targets.len());
        }
        graph
    }

    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn edges(&self, node: u32) -> &[u32] {
        &self.targets[self.starts[node as usize]..self.starts[node as usize + 1]]
    }
}

fn number(index: usize) -> u32 {
    // Schemas are fewer than nodes, which are counted in 32 bits.
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Visits strongly connected components that are reached from the starts, each after those that it
/// reaches (Tarjan 1972, without recursion).
fn components(graph: &Graph, is_start: impl Fn(u32) -> bool, mut visit: impl FnMut(&[u32])) {
    const UNSEEN: u32 = u32::MAX;
    let mut order = vec![UNSEEN; graph.len()];
    let mut low = vec![0; graph.len()];
    let mut on_stack = vec![false; graph.len()];
    let mut stack = Vec::new();
    let mut calls = Vec::new();
    let mut next = 0;
    for start in 0..number(graph.len()) {
        if order[start as usize] != UNSEEN || !is_start(start) {
            continue;
        }
        calls.push((start, 0));
        while let Some((node, edge)) = calls.last_mut() {
            let at = *node as usize;
            if *edge == 0 {
                order[at] = next;
                low[at] = next;
                next += 1;
                stack.push(*node);
                on_stack[at] = true;
            }
            if let Some(target) = graph.edges(*node).get(*edge) {
                *edge += 1;
                let to = *target as usize;
                if order[to] == UNSEEN {
                    calls.push((*target, 0));
                } else if on_stack[to] {
                    low[at] = low[at].min(order[to]);
                }
                continue;
            }
            if low[at] == order[at] {
                let from = stack.iter().rposition(|each| *each as usize == at).unwrap_or(0);
                stack[from..].iter().for_each(|each| on_stack[*each as usize] = false);
                visit(&stack[from..]);
                stack.truncate(from);
            }
            calls.pop();
            if let Some((parent, _)) = calls.last() {
                low[*parent as usize] = low[*parent as usize].min(low[at]);
            }
        }
    }
}
