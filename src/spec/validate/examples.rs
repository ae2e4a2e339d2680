//! Examples, defaults and enumerations against the schema that they stand under.
//!
//! An example of a body is judged where the media type is JSON, since others may be written as a
//! text; one of a parameter may be written as it travels. Members that the direction spares
//! (readOnly in requests, writeOnly in responses) may be missing.
//!
//! Source: OpenAPI 3.1.1 "Example Object", "Media Type Object", "Parameter Object", "Schema
//! Object"; 3.2.0 `dataValue`; 2.0 "Example Object" of responses.

use std::collections::{HashMap, HashSet};

use super::super::model::{MediaType, Operation, Parameter, Response};
use super::super::plain::View;
use super::super::refs::Resolver;
use super::super::schema::{Schema, SchemaId, Type};
use super::super::tree::{Kind, NodeId, Tree};
use super::super::{Api, Dialect, Document, Fault, Severity};
use super::fits::{Misfit, Walk};

/// Steps that all values of a document may take together; one of 13 MB takes 75,000.
const STEPS: usize = 4_000_000;
/// Findings of one rule.
const MOST: usize = 200;
/// Findings that say the same of different places: a slip made everywhere must not crowd out the rest.
const MOST_ALIKE: usize = 20;

/// A value of the document that is meant to fit a schema.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Sample {
    /// The value.
    pub node: NodeId,
    /// What it stands under.
    pub schema: SchemaId,
    /// Who would send it.
    pub view: View,
    /// What it is to its author.
    pub role: Role,
}

/// What a value is to its author.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// An example.
    Example,
    /// An example of a parameter or header, which may be written as it travels.
    Travelling,
    /// A default.
    Default,
}

/// Every example and default of a document, each once for each schema in force.
#[must_use]
pub fn samples(document: &Document) -> Vec<Sample> {
    let mut gatherer = Gatherer {
        document,
        tree: document.tree(),
        resolver: Resolver::of(document),
        seen: HashSet::new(),
        samples: Vec::new(),
    };
    gatherer.schemas();
    let api = document.api();
    for operation in &api.operations {
        gatherer.operation(operation, [View::Request, View::Response]);
    }
    // Who sends what turns round there, and documents differ in how they mean it.
    let mut todo: Vec<&Operation> = api.webhooks.iter().collect();
    todo.extend(api.operations.iter().flat_map(called));
    while let Some(operation) = todo.pop() {
        gatherer.operation(operation, [View::Either; 2]);
        todo.extend(called(operation));
    }
    gatherer.samples.sort_by_key(|sample| (sample.node, sample.schema, sample.view));
    gatherer.samples
}

/// The samples that do not fit their schema.
#[must_use]
pub fn misfitting(document: &Document) -> Vec<Sample> {
    let mut walk = Walk::new(document);
    let mut samples = samples(document);
    samples.retain(|sample| !misfits(&mut walk, document, sample).is_empty());
    samples
}

/// The operations that an operation's callbacks hold.
fn called(operation: &Operation) -> impl Iterator<Item = &Operation> {
    operation.callbacks.iter().flat_map(|callback| &callback.operations)
}

/// What is wrong with one value.
#[must_use]
pub(super) fn misfits(walk: &mut Walk<'_>, document: &Document, sample: &Sample) -> Vec<Misfit> {
    let tree = document.tree();
    let schema = document.api().schemas.resolved(sample.schema);
    if tree.kind(sample.node) == Kind::Text && may_be_written_out(tree, schema, sample) {
        return Vec::new();
    }
    walk.misfits(sample.node, sample.schema, sample.view)
}

/// What the values of a document say against their schemas.
pub(super) fn judge(document: &Document, walk: &mut Walk<'_>) -> Vec<Fault> {
    let mut faults = enumerations(document, walk);
    let mut told: HashSet<(usize, &str, String)> = HashSet::new();
    let mut alike: HashMap<(&str, String), usize> = HashMap::new();
    let (mut examples, mut defaults) = (0, 0);
    for sample in samples(document) {
        if walk.steps > STEPS {
            faults.push(Fault {
                rule: "too-heavy-to-judge",
                severity: Severity::Warning,
                message: "examples from here on are not judged: together they take too long".into(),
                node: sample.node,
                help: "Let large schemas have fewer or smaller examples.",
            });
            break;
        }
        let (rule, noun, help, count) = match sample.role {
            Role::Default => (
                "default-invalid",
                "default",
                "Give a default that the schema allows, or widen the schema.",
                &mut defaults,
            ),
            _ => (
                "example-invalid",
                "example",
                "Mend the example, or the schema if the example is right.",
                &mut examples,
            ),
        };
        if *count >= MOST {
            continue;
        }
        let misfits = misfits(walk, document, &sample);
        if misfits.is_empty() || is_fault_of_enumeration(document, walk, &sample) {
            continue;
        }
        let whole = document.pointer(sample.node);
        for misfit in misfits {
            let pointer = document.pointer(misfit.node);
            let below = pointer.strip_prefix(&whole).unwrap_or_default();
            let message = if below.is_empty() {
                format!("the {noun} {}", misfit.what)
            } else {
                format!("`{}` of the {noun} {}", path(below), misfit.what)
            };
            let alike = alike.entry((rule, message.clone())).or_default();
            // What an alias repeats stands in one place, and what two schemas say alike is one cause.
            if *alike < MOST_ALIKE
                && told.insert((document.tree().offset(misfit.node), misfit.keyword, misfit.what))
            {
                *alike += 1;
                *count += 1;
                faults.push(Fault { rule, severity: Severity::Warning, message, node: misfit.node, help });
            }
        }
    }
    faults
}

/// At most 120 characters of a path, its end, which is where the eye goes.
fn path(pointer: &str) -> String {
    match pointer.char_indices().rev().nth(120) {
        Some((start, c)) => format!("…{}", &pointer[start + c.len_utf8()..]),
        None => pointer.to_owned(),
    }
}

/// A text may stand for what cannot be written in JSON (XML), and for a parameter as it travels.
fn may_be_written_out(tree: &Tree, schema: &Schema, sample: &Sample) -> bool {
    let text = tree.text(sample.node).unwrap_or_default().trim();
    let Some(types) = schema.types else {
        return sample.role == Role::Travelling || text.starts_with('<');
    };
    if types.accepts(Type::String) {
        return false;
    }
    let holds = types.accepts(Type::Array) || types.accepts(Type::Object);
    let is_number =
        || text.parse::<f64>().is_ok_and(|number| number.fract() == 0.0 || types.accepts(Type::Number));
    match sample.role {
        Role::Example => holds && text.starts_with('<'),
        Role::Travelling => {
            holds
                || (types.accepts(Type::Boolean) && matches!(text, "true" | "false"))
                || (types.accepts(Type::Integer) && is_number())
        }
        Role::Default => false,
    }
}

/// A value that its own enumeration lists is as wrong as the list, which is said there.
fn is_fault_of_enumeration(document: &Document, walk: &Walk<'_>, sample: &Sample) -> bool {
    let schema = document.api().schemas.resolved(sample.schema);
    schema.enum_values.iter().flatten().any(|value| walk.is_equal(*value, sample.node))
}

/// Listed values that the type beside the list rules out.
fn enumerations(document: &Document, walk: &mut Walk<'_>) -> Vec<Fault> {
    let tree = document.tree();
    let mut faults = Vec::new();
    for (_, schema) in document.api().schemas.iter() {
        let (Some(values), Some(types)) = (&schema.enum_values, schema.types) else { continue };
        let is_nullable = ["nullable", "x-nullable"].iter().any(|key| tree.is_true(schema.node, key));
        let mut odd = values.iter().filter(|value| {
            let is_meant = is_nullable && tree.kind(**value) == Kind::Null;
            !is_meant && !types.accepts(walk.kind(**value))
        });
        let Some(first) = odd.next() else { continue };
        let more = match odd.count() {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        faults.push(Fault {
            rule: "enum-value-invalid",
            severity: Severity::Warning,
            message: format!(
                "{}{more} is listed, and the type {types} beside the list rules it out",
                walk.shown(*first)
            ),
            node: *first,
            help: "Write the value in the type of the schema, or add its type.",
        });
        if faults.len() >= MOST {
            break;
        }
    }
    faults
}

struct Gatherer<'d> {
    document: &'d Document,
    tree: &'d Tree,
    resolver: Resolver<'d>,
    seen: HashSet<(NodeId, SchemaId, View)>,
    samples: Vec<Sample>,
}

impl<'d> Gatherer<'d> {
    fn add(&mut self, node: NodeId, schema: SchemaId, view: View, role: Role) {
        let schema = self.document.api().schemas.resolve(schema);
        if self.seen.insert((node, schema, view)) {
            self.samples.push(Sample { node, schema, view, role });
        }
    }

    fn schemas(&mut self) {
        let api: &Api = self.document.api();
        for (id, schema) in api.schemas.iter() {
            // `examples` of a schema came with 3.1; before, it is a word without meaning.
            let example = self.tree.get(schema.node, "example");
            for node in schema.examples() {
                if Some(*node) == example || self.document.dialect() >= Dialect::V31 {
                    self.add(*node, id, View::Either, Role::Example);
                }
            }
            if let Some(node) = schema.default() {
                self.add(node, id, View::Either, Role::Default);
            }
        }
    }

    fn operation(&mut self, operation: &'d Operation, [asked, answered]: [View; 2]) {
        for parameter in &operation.parameters {
            self.parameter(parameter);
        }
        for media in operation.body.iter().flat_map(|body| &body.content) {
            self.media(media, asked);
        }
        for response in &operation.responses {
            self.response(response, answered);
        }
    }

    fn parameter(&mut self, parameter: &'d Parameter) {
        self.carried(parameter.node, parameter.schema, &parameter.content, View::Request);
    }

    fn carried(&mut self, node: NodeId, schema: Option<SchemaId>, content: &'d [MediaType], view: View) {
        if self.document.dialect() == Dialect::V20 {
            return;
        }
        for media in content {
            self.media(media, view);
        }
        if let Some(schema) = schema.filter(|_| content.is_empty()) {
            self.values(node, schema, view, Role::Travelling, true);
        }
    }

    fn response(&mut self, response: &'d Response, view: View) {
        for header in &response.headers {
            self.carried(header.node, header.schema, &header.content, view);
        }
        if self.document.dialect() != Dialect::V20 {
            for media in &response.content {
                self.media(media, view);
            }
            return;
        }
        let tree = self.tree;
        let Some(schema) = response.content.first().and_then(|media| media.schema) else { return };
        for (name, node) in
            tree.get(response.node, "examples").map(|map| tree.members(map)).into_iter().flatten()
        {
            if is_json(name) {
                self.add(node, schema, view, Role::Example);
            }
        }
    }

    fn media(&mut self, media: &'d MediaType, view: View) {
        if self.document.dialect() == Dialect::V20 {
            return;
        }
        if let Some(schema) = media.schema {
            self.values(media.node, schema, view, Role::Example, is_json(&media.name));
        }
    }

    /// `example` and `examples` of a media type, parameter or header. What is no JSON on the wire
    /// is judged where it is given as data (3.2).
    fn values(&mut self, node: NodeId, schema: SchemaId, view: View, role: Role, is_json: bool) {
        let tree = self.tree;
        if let Some(example) = tree.get(node, "example").filter(|_| is_json) {
            self.add(example, schema, view, role);
        }
        for (_, example) in tree.get(node, "examples").map(|map| tree.members(map)).into_iter().flatten() {
            let Some(example) = self.resolver.follow(example) else { continue };
            if let Some(value) = tree.get(example, "value").filter(|_| is_json) {
                self.add(value, schema, view, role);
            }
            if let Some(value) = tree.get(example, "dataValue") {
                self.add(value, schema, view, Role::Example);
            }
        }
    }
}

/// Whether bodies of this media type are one JSON value.
fn is_json(name: &str) -> bool {
    let essence = name.split(';').next().unwrap_or_default().trim();
    matches!(essence, "application/json" | "text/json")
        || essence.ends_with("+json") && !essence.ends_with("-seq+json")
}
