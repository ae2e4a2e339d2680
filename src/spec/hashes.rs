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

use super::Hash;
use super::compile::ends;
use super::hash::{self, Hasher};
use super::schema::{Number, Schema, SchemaId, Schemas, Type, XmlNode};
use super::tree::Tree;
use super::value::canonical_number;

/// Fills in the hash of every schema.
pub(super) fn fill(schemas: &mut Schemas, tree: &Tree) {
    let ends = ends(schemas.len(), |index| schemas.all[index].only_part());
    // What is trivial elsewhere counts as evaluated where `unevaluated…` asks for it.
    let evaluates =
        |schema: &Schema| schema.unevaluated_properties().is_some() || schema.unevaluated_items().is_some();
    let nothing = Hasher::new("schema").finish();
    let context = Context { tree, ends: &ends, nothing, evaluates: schemas.all.iter().any(evaluates) };
    let graph = Graph::of(schemas, &ends);
    let mut hashes = vec![Hash::default(); schemas.len()];
    let mut budget = 4 * schemas.len() + 200_000;
    components(&graph, |component| match *component {
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
    let tree = context.tree;
    let find = |id: SchemaId| hashes[context.ends[id.index()].index()];
    let nothing = context.nothing;
    let mut hasher = Hasher::new("schema");
    if schema.bool_schema == Some(false) {
        hasher.text("false");
        return hasher.finish();
    }
    // All types together are no demand.
    if let Some(types) = schema.types.filter(|types| types.normal().len() < Type::ALL.len() - 1) {
        hasher.text("type").number(types.normal().bits());
    }
    if let Some(values) = &schema.enum_values {
        hasher.text("enum").set(values.iter().map(|value| tree.hash(*value)));
    }
    if let Some(value) = schema.const_value {
        hasher.text("enum").set([tree.hash(value)]);
    }
    let numbers: [(&str, Option<&Number>); 5] = [
        ("minimum", schema.minimum()),
        ("maximum", schema.maximum()),
        ("exclusiveMinimum", schema.exclusive_minimum()),
        ("exclusiveMaximum", schema.exclusive_maximum()),
        ("multipleOf", schema.multiple_of()),
    ];
    for (name, number) in numbers.into_iter().filter(|_| schema.numbers.is_some()) {
        if let Some(number) = number {
            hasher.text(name).text(&canonical_number(&number.text));
        }
    }
    let counts = [
        ("minLength", schema.min_length(), 0),
        ("maxLength", schema.max_length(), u64::MAX),
        ("minItems", schema.min_items(), 0),
        ("maxItems", schema.max_items(), u64::MAX),
        ("minContains", schema.min_contains(), 1),
        ("maxContains", schema.max_contains(), u64::MAX),
        ("minProperties", schema.min_properties(), 0),
        ("maxProperties", schema.max_properties(), u64::MAX),
    ];
    for (name, count, without_effect) in counts {
        let is_lonely = name.ends_with("Contains") && schema.contains().is_none();
        if let Some(count) = count.filter(|count| *count != without_effect && !is_lonely) {
            hasher.text(name).number(count);
        }
    }
    // OpenAPI 3.1.1, "Migrating binary descriptions": 3.0's word for Base64.
    let is_byte = schema.format() == Some("byte");
    let texts = [
        ("pattern", schema.pattern()),
        ("format", schema.format().filter(|_| !is_byte)),
        ("contentEncoding", schema.content_encoding().or(is_byte.then_some("base64"))),
        ("contentMediaType", schema.content_media_type()),
    ];
    for (name, text) in texts.into_iter().filter(|_| schema.strings.is_some()) {
        if let Some(text) = text {
            hasher.text(name).text(text);
        }
    }
    let parts = [
        ("items", schema.items()),
        ("contains", schema.contains()),
        ("unevaluatedItems", schema.unevaluated_items()),
        ("additionalProperties", schema.additional()),
        ("propertyNames", schema.property_names()),
        ("unevaluatedProperties", schema.unevaluated_properties()),
        ("not", schema.not()),
        ("if", schema.if_schema()),
        ("then", schema.then_schema()),
        ("else", schema.else_schema()),
    ];
    for (name, part) in parts {
        // `true` and `{}` demand nothing here, as if they were not there; `not: {}` does.
        let has_effect = |hash: &Hash| match name {
            "not" | "contains" => true,
            "if" => schema.then_schema().or(schema.else_schema()).is_some(),
            "then" | "else" => schema.if_schema().is_some() && *hash != nothing,
            _ => *hash != nothing || context.evaluates,
        };
        if let Some(hash) = part.map(&find).filter(has_effect) {
            hasher.text(name).hash(hash);
        }
    }
    if !schema.prefix_items().is_empty() {
        hasher.text("prefixItems").hashes(schema.prefix_items().iter().map(|id| find(*id)));
    }
    if schema.unique() {
        hasher.text("uniqueItems");
    }
    let maps = [
        ("properties", schema.properties()),
        ("patternProperties", schema.pattern_properties()),
        ("dependentSchemas", schema.dependent_schemas()),
    ];
    for (name, members) in maps.into_iter().filter(|(_, members)| !members.is_empty()) {
        let members = members.iter().map(|(key, id)| (hash::of_text(key), find(*id)));
        hasher.text(name).hash(hash::of_members(members));
    }
    if !schema.required().is_empty() {
        hasher.text("required").set(schema.required().iter().map(|name| hash::of_text(name)));
    }
    let mut dependent: Vec<_> = schema.dependent_required().iter().collect();
    dependent.sort_unstable();
    for (key, names) in dependent {
        let mut names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        names.sort_unstable();
        hasher.text("dependentRequired").text(key).text(&names.len().to_string());
        for name in names {
            hasher.text(name);
        }
    }
    // Beside other keywords a reference is one more schema that must hold.
    let reference = schema.reference.as_ref();
    let mut all: Vec<Hash> = schema.all_of().iter().map(|id| find(*id)).collect();
    all.extend(reference.and_then(|reference| reference.target).map(&find));
    all.retain(|hash| *hash != nothing);
    if !all.is_empty() {
        hasher.text("allOf").set(all);
    }
    if let Some(lost) = reference.filter(|reference| reference.target.is_none()) {
        hasher.text("$ref").text(&lost.text);
    }
    if let Some(any) = schema.any_of() {
        hasher.text("anyOf").set(any.iter().map(|id| find(*id)));
    }
    if let Some(one) = schema.one_of() {
        // Twice the same alternative lets nothing through that matches it, so repeats count.
        let mut hashes: Vec<Hash> = one.iter().map(|id| find(*id)).collect();
        hashes.sort_unstable();
        hasher.text("oneOf").hashes(hashes);
    }
    if let Some(discriminator) = schema.discriminator() {
        hasher.text("discriminator").text(&discriminator.property);
        let mut mapping: Vec<_> = discriminator.told().map(|(key, to)| (key, to.meaning())).collect();
        mapping.sort_unstable();
        for (key, target) in mapping {
            hasher.text("mapping").text(key).text(target);
        }
        if let Some(default) = &discriminator.default {
            hasher.text("defaultMapping").text(default.meaning());
        }
    }
    let flags = [
        ("readOnly", schema.read_only()),
        ("writeOnly", schema.write_only()),
        ("deprecated", schema.deprecated()),
    ];
    for (name, _) in flags.into_iter().filter(|(_, is_set)| *is_set) {
        hasher.text(name);
    }
    let values = [("default", schema.default()), ("x-extensible-enum", schema.extensible_enum())];
    for (name, value) in values {
        if let Some(value) = value {
            hasher.text(name).hash(tree.hash(value));
        }
    }
    if let Some(xml) = schema.xml() {
        hasher.text("xml").text(xml.kind.map_or("", XmlNode::name));
        for text in [&xml.name, &xml.namespace, &xml.prefix] {
            hasher.text(text.as_deref().unwrap_or_default());
        }
    }
    let mut other: Vec<_> = schema.other.iter().collect();
    other.sort_unstable();
    for (name, value) in other {
        hasher.text("other").text(name).hash(tree.hash(*value));
    }
    hasher.finish()
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

/// Visits strongly connected components, each after those that it reaches (Tarjan 1972, without
/// recursion).
fn components(graph: &Graph, mut visit: impl FnMut(&[u32])) {
    const UNSEEN: u32 = u32::MAX;
    let mut order = vec![UNSEEN; graph.len()];
    let mut low = vec![0; graph.len()];
    let mut on_stack = vec![false; graph.len()];
    let mut stack = Vec::new();
    let mut calls = Vec::new();
    let mut next = 0;
    for start in 0..number(graph.len()) {
        if order[start as usize] != UNSEEN {
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
