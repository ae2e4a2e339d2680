//! A second reader of other people agrees: what the types of `openapiv3` make of a 3.0 document is
//! what our model makes of it, but for what those types are known to lose, which is counted.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Debug;

use openapiv3::{
    AdditionalProperties, Components, OpenAPI, ParameterSchemaOrContent, ReferenceOr, SchemaKind, StatusCode,
};

use sundial::spec::model::{self, Security, Status};
use sundial::spec::schema::{SchemaId, Type};
use sundial::spec::tree::NodeId;
use sundial::spec::{Dialect, Document, Limits, load, validate};

use crate::support::corpus;
use crate::support::packages::{directory, on_all_cores};

/// What the types lose, and nothing else is lost.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Loss {
    /// Keywords beside `$ref`, which have no effect in 3.0.
    BesideReference,
    /// `enum: []` is no `enum`.
    EmptyList,
    /// A bound of more digits than `f64` has.
    Digits,
}

/// What came of one document.
#[derive(Default)]
struct Meeting {
    refused: bool,
    operations: usize,
    parameters: usize,
    schemas: usize,
    /// References that the types keep as text and cannot follow: into paths, or into other parts of components.
    not_followed: usize,
    losses: BTreeMap<Loss, usize>,
    differences: Vec<String>,
}

/// A schema of the typed reader.
#[derive(Clone, Copy)]
enum Theirs<'t> {
    Schema(&'t openapiv3::Schema),
    Reference(&'t str),
}

impl<'t> Theirs<'t> {
    fn of(schema: &'t ReferenceOr<openapiv3::Schema>) -> Self {
        match schema {
            ReferenceOr::Item(item) => Self::Schema(item),
            ReferenceOr::Reference { reference } => Self::Reference(reference),
        }
    }

    fn boxed(schema: &'t ReferenceOr<Box<openapiv3::Schema>>) -> Self {
        match schema {
            ReferenceOr::Item(item) => Self::Schema(item),
            ReferenceOr::Reference { reference } => Self::Reference(reference),
        }
    }
}

/// The keywords of a typed schema, whichever of its forms it took.
#[derive(Default)]
struct Keywords<'t> {
    typ: Option<&'t str>,
    values: Option<usize>,
    required: Vec<&'t str>,
    properties: Vec<(&'t str, Theirs<'t>)>,
    items: Option<Theirs<'t>>,
    additional: Option<Result<bool, Theirs<'t>>>,
    all_of: Vec<Theirs<'t>>,
    any_of: Vec<Theirs<'t>>,
    one_of: Vec<Theirs<'t>>,
    not: Option<Theirs<'t>>,
    bounds: [Option<f64>; 2],
}

#[expect(clippy::cast_precision_loss, reason = "bounds are compared as the typed reader's `f64`")]
fn keywords(schema: &openapiv3::Schema) -> Keywords<'_> {
    let typed = |typ| Keywords { typ: Some(typ), ..Keywords::default() };
    fn list(list: &[ReferenceOr<openapiv3::Schema>]) -> Vec<Theirs<'_>> {
        list.iter().map(Theirs::of).collect()
    }
    let count = |len: usize| (len > 0).then_some(len);
    match &schema.schema_kind {
        SchemaKind::Type(openapiv3::Type::String(own)) => {
            Keywords { values: count(own.enumeration.len()), ..typed("string") }
        }
        SchemaKind::Type(openapiv3::Type::Number(own)) => Keywords {
            values: count(own.enumeration.len()),
            bounds: [own.minimum, own.maximum],
            ..typed("number")
        },
        SchemaKind::Type(openapiv3::Type::Integer(own)) => Keywords {
            values: count(own.enumeration.len()),
            bounds: [own.minimum.map(|bound| bound as f64), own.maximum.map(|bound| bound as f64)],
            ..typed("integer")
        },
        SchemaKind::Type(openapiv3::Type::Boolean(own)) => {
            Keywords { values: count(own.enumeration.len()), ..typed("boolean") }
        }
        SchemaKind::Type(openapiv3::Type::Array(own)) => {
            Keywords { items: own.items.as_ref().map(Theirs::boxed), ..typed("array") }
        }
        SchemaKind::Type(openapiv3::Type::Object(own)) => Keywords {
            required: own.required.iter().map(String::as_str).collect(),
            properties: own
                .properties
                .iter()
                .map(|(name, own)| (name.as_str(), Theirs::boxed(own)))
                .collect(),
            additional: own.additional_properties.as_ref().map(additional),
            ..typed("object")
        },
        SchemaKind::OneOf { one_of } => Keywords { one_of: list(one_of), ..Keywords::default() },
        SchemaKind::AllOf { all_of } => Keywords { all_of: list(all_of), ..Keywords::default() },
        SchemaKind::AnyOf { any_of } => Keywords { any_of: list(any_of), ..Keywords::default() },
        SchemaKind::Not { not } => Keywords { not: Some(Theirs::of(not)), ..Keywords::default() },
        SchemaKind::Any(any) => Keywords {
            typ: any.typ.as_deref(),
            values: count(any.enumeration.len()),
            required: any.required.iter().map(String::as_str).collect(),
            properties: any
                .properties
                .iter()
                .map(|(name, own)| (name.as_str(), Theirs::boxed(own)))
                .collect(),
            items: any.items.as_ref().map(Theirs::boxed),
            additional: any.additional_properties.as_ref().map(additional),
            all_of: list(&any.all_of),
            any_of: list(&any.any_of),
            one_of: list(&any.one_of),
            not: any.not.as_deref().map(Theirs::of),
            bounds: [any.minimum, any.maximum],
        },
    }
}

fn additional(own: &AdditionalProperties) -> Result<bool, Theirs<'_>> {
    match own {
        AdditionalProperties::Any(any) => Ok(*any),
        AdditionalProperties::Schema(schema) => Err(Theirs::of(schema)),
    }
}

/// Names and media types as the model normalises them, written anew from RFC 9110 section 8.3.1.
fn media_type(name: &str) -> String {
    let (essence, parameters) = name.split_once(';').unwrap_or((name, ""));
    let mut normal = essence.trim().to_lowercase();
    for (name, value) in parameters.split(';').map(str::trim).filter_map(|each| each.split_once('=')) {
        let (name, value) = (name.trim().to_lowercase(), value.trim().trim_matches('"'));
        let value = if name == "charset" { value.to_lowercase() } else { value.to_owned() };
        normal += &format!(";{name}={value}");
    }
    normal
}

/// One document read twice.
struct Reading<'t> {
    document: &'t Document,
    theirs: &'t OpenAPI,
    meeting: Meeting,
    todo: Vec<(SchemaId, Theirs<'t>)>,
    seen: HashSet<SchemaId>,
}

impl<'t> Reading<'t> {
    fn components(&self) -> Option<&'t Components> {
        self.theirs.components.as_ref()
    }

    fn lose(&mut self, loss: Loss) {
        *self.meeting.losses.entry(loss).or_default() += 1;
    }

    fn same<T: PartialEq + Debug>(&mut self, node: NodeId, what: &str, ours: &T, theirs: &T) {
        if ours != theirs {
            let pointer = self.document.pointer(node);
            self.meeting.differences.push(format!("{pointer}: {what}: {ours:?} and {theirs:?}"));
        }
    }

    /// The part at the end of references into the components; `None` where the types have no way to it.
    fn find<T>(
        &mut self,
        mut part: &'t ReferenceOr<T>,
        prefix: &str,
        get: impl Fn(&'t Components, &str) -> Option<&'t ReferenceOr<T>>,
    ) -> Option<&'t T> {
        for _ in 0..16 {
            match part {
                ReferenceOr::Item(item) => return Some(item),
                ReferenceOr::Reference { reference } => {
                    let named = self.components().zip(reference.strip_prefix(prefix));
                    let Some(next) = named.and_then(|(all, name)| get(all, &unescape(name))) else {
                        break;
                    };
                    part = next;
                }
            }
        }
        self.meeting.not_followed += 1;
        None
    }

    /// A path item, which may be a reference to another.
    fn path_item(&mut self, item: &'t ReferenceOr<openapiv3::PathItem>) -> Option<&'t openapiv3::PathItem> {
        let item = match item {
            ReferenceOr::Item(item) => Some(item),
            ReferenceOr::Reference { reference } => {
                let path = reference.strip_prefix("#/paths/").map(unescape);
                path.and_then(|path| self.theirs.paths.paths.get(&path)?.as_item())
            }
        };
        self.meeting.not_followed += usize::from(item.is_none());
        item
    }

    fn whole(&mut self) {
        let (api, theirs) = (self.document.api(), self.theirs);
        self.security(NodeId::ROOT, &api.security, theirs.security.as_ref());
        let ours: BTreeSet<String> = api.operations.iter().map(ToString::to_string).collect();
        let mut others = BTreeSet::new();
        for (path, item) in &theirs.paths.paths {
            let Some(item) = self.path_item(item) else {
                continue;
            };
            for (method, operation) in item.iter() {
                let mut found = api.operations.iter();
                let method = method.to_uppercase();
                if let Some(mine) = found.find(|each| each.path == *path && each.method == method) {
                    self.operation(mine, item, operation);
                }
                others.insert(format!("{method} {path}"));
            }
        }
        let only = (&ours - &others, &others - &ours);
        self.same(NodeId::ROOT, "operations", &only.0, &only.1);
        let named: &[_] = &api.components;
        let their_names: Vec<&String> =
            self.components().map(|all| all.schemas.keys().collect()).unwrap_or_default();
        self.same(NodeId::ROOT, "named schemas", &named.iter().map(|(name, _)| name).collect(), &their_names);
        for (name, schema) in named {
            if let Some(theirs) = self.components().and_then(|all| all.schemas.get(name)) {
                self.todo.push((*schema, Theirs::of(theirs)));
            }
        }
        while let Some((ours, theirs)) = self.todo.pop() {
            if self.seen.insert(ours) {
                self.schema(ours, theirs);
            }
        }
    }

    fn operation(
        &mut self,
        mine: &model::Operation,
        item: &'t openapiv3::PathItem,
        theirs: &'t openapiv3::Operation,
    ) {
        self.meeting.operations += 1;
        let node = mine.node;
        self.same(node, "operationId", &mine.id, &theirs.operation_id);
        self.same(node, "deprecated", &mine.deprecated, &theirs.deprecated);
        self.same(node, "tags", &mine.tags, &theirs.tags);
        self.security(node, &mine.security, theirs.security.as_ref().or(self.theirs.security.as_ref()));
        self.parameters(mine, item.parameters.iter().chain(&theirs.parameters));

        let body = theirs.request_body.as_ref();
        self.same(node, "has a body", &mine.body.is_some(), &body.is_some());
        if let (Some(mine), Some(theirs)) = (&mine.body, body)
            && let Some(theirs) =
                self.find(theirs, "#/components/requestBodies/", |all, name| all.request_bodies.get(name))
        {
            self.same(mine.node, "required", &mine.required, &theirs.required);
            self.content(mine.node, &mine.content, theirs.content.iter());
        }

        let by_code = theirs.responses.responses.iter().map(|(code, response)| (status(code), response));
        let any = theirs.responses.default.as_ref().map(|response| (Status::Default, response));
        let theirs: BTreeMap<Status, _> = by_code.chain(any).collect();
        let ours: BTreeSet<Status> = mine.responses.iter().map(|each| each.status).collect();
        self.same(node, "statuses", &ours, &theirs.keys().copied().collect());
        for mine in &mine.responses {
            let Some(theirs) = theirs.get(&mine.status) else {
                continue;
            };
            let theirs = self.find(theirs, "#/components/responses/", |all, name| all.responses.get(name));
            if let Some(theirs) = theirs {
                let description =
                    mine.description.and_then(|node| self.document.tree().text(node)).unwrap_or_default();
                self.same(mine.node, "description", &description, &theirs.description.as_str());
                self.content(mine.node, &mine.content, theirs.content.iter());
                self.headers(mine, theirs);
            }
        }
    }

    fn parameters(
        &mut self,
        mine: &model::Operation,
        theirs: impl Iterator<Item = &'t ReferenceOr<openapiv3::Parameter>>,
    ) {
        let mut wanted = BTreeMap::new();
        for parameter in theirs {
            let found =
                self.find(parameter, "#/components/parameters/", |all, name| all.parameters.get(name));
            let Some(parameter) = found else {
                return;
            };
            let (location, style) = match parameter {
                openapiv3::Parameter::Query { style, .. } => ("query", word(style)),
                openapiv3::Parameter::Header { style, .. } => ("header", word(style)),
                openapiv3::Parameter::Path { style, .. } => ("path", word(style)),
                openapiv3::Parameter::Cookie { style, .. } => ("cookie", word(style)),
            };
            let data = parameter.parameter_data_ref();
            // Header names have no case, and three of them are to be ignored.
            let lower = data.name.to_lowercase();
            if location == "header" && ["accept", "content-type", "authorization"].contains(&&*lower) {
                continue;
            }
            let name = if location == "header" { lower } else { data.name.clone() };
            wanted.insert((location, name), (data, style));
        }
        let ours: BTreeMap<(&str, String), &model::Parameter> = mine
            .parameters
            .iter()
            .map(|each| {
                let is_header = each.location == model::Location::Header;
                let name = if is_header { each.name.to_lowercase() } else { each.name.clone() };
                ((each.location.name(), name), each)
            })
            .collect();
        let keys: (Vec<_>, Vec<_>) = (ours.keys().collect(), wanted.keys().collect());
        self.same(mine.node, "parameters", &keys.0, &keys.1);
        for (key, mine) in &ours {
            let Some((theirs, style)) = wanted.get(key) else {
                continue;
            };
            self.meeting.parameters += 1;
            let node = mine.node;
            self.same(node, "required", &mine.required, &(theirs.required || key.0 == "path"));
            self.same(node, "deprecated", &mine.deprecated, &theirs.deprecated.unwrap_or(false));
            self.same(node, "style", &mine.style.to_string(), style);
            self.same(node, "explode", &mine.explode, &theirs.explode.unwrap_or(style == "form"));
            self.format(node, mine.schema, &mine.content, &theirs.format);
        }
    }

    fn headers(&mut self, mine: &model::Response, theirs: &'t openapiv3::Response) {
        let is_read = |name: &&String| !name.eq_ignore_ascii_case("content-type");
        let names: Vec<&String> = mine.headers.iter().map(|each| &each.name).collect();
        self.same(mine.node, "headers", &names, &theirs.headers.keys().filter(is_read).collect());
        for mine in &mine.headers {
            let Some(theirs) = theirs.headers.get(&mine.name) else {
                continue;
            };
            let theirs = self.find(theirs, "#/components/headers/", |all, name| all.headers.get(name));
            if let Some(theirs) = theirs {
                self.same(mine.node, "required", &mine.required, &theirs.required);
                self.format(mine.node, mine.schema, &mine.content, &theirs.format);
            }
        }
    }

    fn format(
        &mut self,
        node: NodeId,
        schema: Option<SchemaId>,
        content: &[model::MediaType],
        theirs: &'t ParameterSchemaOrContent,
    ) {
        match theirs {
            ParameterSchemaOrContent::Schema(theirs) => match schema {
                Some(schema) => self.todo.push((schema, Theirs::of(theirs))),
                None => self.same(node, "has a schema", &false, &true),
            },
            ParameterSchemaOrContent::Content(theirs) => self.content(node, content, theirs.iter()),
        }
    }

    fn content(
        &mut self,
        node: NodeId,
        ours: &[model::MediaType],
        theirs: impl Iterator<Item = (&'t String, &'t openapiv3::MediaType)>,
    ) {
        let theirs: Vec<(String, &openapiv3::MediaType)> =
            theirs.map(|(name, theirs)| (media_type(name), theirs)).collect();
        let names: (Vec<&String>, Vec<&String>) =
            (ours.iter().map(|each| &each.name).collect(), theirs.iter().map(|(name, _)| name).collect());
        self.same(node, "media types", &names.0, &names.1);
        for (mine, (_, theirs)) in ours.iter().zip(theirs) {
            self.same(mine.node, "has a schema", &mine.schema.is_some(), &theirs.schema.is_some());
            if let (Some(mine), Some(theirs)) = (mine.schema, &theirs.schema) {
                self.todo.push((mine, Theirs::of(theirs)));
            }
        }
    }

    fn security(
        &mut self,
        node: NodeId,
        ours: &Security,
        theirs: Option<&Vec<openapiv3::SecurityRequirement>>,
    ) {
        self.same(node, "security is said", &ours.declared, &theirs.is_some());
        let alternative = |each: &model::Alternative| -> BTreeMap<String, Vec<String>> {
            each.requirements.iter().map(|each| (each.scheme.clone(), each.scopes.clone())).collect()
        };
        let ours: Vec<_> = ours.alternatives.iter().map(alternative).collect();
        let theirs = theirs.into_iter().flatten().map(|each| each.clone().into_iter().collect());
        self.same(node, "security", &ours, &theirs.collect());
    }

    fn schema(&mut self, id: SchemaId, theirs: Theirs<'t>) {
        self.meeting.schemas += 1;
        let document = self.document;
        let ours = document.api().schemas.get(id);
        let node = ours.node;
        let theirs = match theirs {
            Theirs::Schema(schema) => schema,
            Theirs::Reference(text) => {
                let said = ours.reference.as_ref().map(|reference| &*reference.text);
                self.same(node, "$ref", &said, &Some(text));
                if document.tree().entries(node).len() > 1 {
                    self.lose(Loss::BesideReference);
                }
                let target = ours.reference.as_ref().and_then(|reference| reference.target);
                let name = text.strip_prefix("#/components/schemas/").map(unescape);
                match (target, self.components().zip(name).and_then(|(all, name)| all.schemas.get(&name))) {
                    (Some(target), Some(theirs)) => self.todo.push((target, Theirs::of(theirs))),
                    (None, Some(_)) => self.same(node, "reference leads somewhere", &false, &true),
                    (_, None) => self.meeting.not_followed += 1,
                }
                return;
            }
        };
        self.same(node, "is a reference", &ours.reference.is_some(), &false);
        let read = keywords(theirs);

        let types: Option<BTreeSet<Type>> = ours.types.map(|types| types.iter().collect());
        // A word that names no type demands nothing, and `nullable` adds null to a type alone.
        let named = read.typ.and_then(Type::named);
        let null = Some(Type::Null).filter(|_| theirs.schema_data.nullable);
        let their_types = named.map(|typ| BTreeSet::from_iter(std::iter::once(typ).chain(null)));
        self.same(node, "type", &types, &their_types);

        let values = ours.enum_values.as_ref().map(|values| values.len());
        if values == Some(0) && read.values.is_none() {
            self.lose(Loss::EmptyList);
        } else {
            self.same(node, "number of values", &values, &read.values);
        }

        let required: BTreeSet<&str> = ours.required().iter().map(|name| &**name).collect();
        self.same(node, "required", &required, &read.required.into_iter().collect());
        let names: Vec<&str> = ours.properties().iter().map(|(name, _)| &**name).collect();
        let their_names: Vec<&str> = read.properties.iter().map(|(name, _)| *name).collect();
        self.same(node, "properties", &names, &their_names);
        for ((_, mine), (_, theirs)) in ours.properties().iter().zip(read.properties) {
            self.todo.push((*mine, theirs));
        }

        self.one(node, "items", ours.items(), read.items);
        match (ours.additional(), read.additional) {
            (Some(mine), Some(Err(theirs))) => self.todo.push((mine, theirs)),
            (mine, theirs) => {
                let mine = mine.map(|mine| document.api().schemas.get(mine).bool_schema);
                let theirs = theirs.map(Result::ok);
                self.same(node, "additionalProperties", &mine, &theirs);
            }
        }
        self.many(node, "allOf", Some(ours.all_of()), read.all_of);
        self.many(node, "anyOf", ours.any_of(), read.any_of);
        self.many(node, "oneOf", ours.one_of(), read.one_of);
        self.one(node, "not", ours.not(), read.not);

        // A bound that excludes itself is the other keyword with us.
        let lower = ours.minimum().or(ours.exclusive_minimum());
        let upper = ours.maximum().or(ours.exclusive_maximum());
        for (what, mine, theirs) in [("minimum", lower, read.bounds[0]), ("maximum", upper, read.bounds[1])] {
            let Some(theirs) = theirs else {
                // Bounds of what is no number are left out by the types of the others.
                continue;
            };
            let number = mine.and_then(|mine| mine.text.parse::<f64>().ok());
            self.same(node, what, &number, &Some(theirs));
            let digits = mine.map_or(0, |mine| mine.text.bytes().filter(u8::is_ascii_digit).count());
            if digits > 15 {
                self.lose(Loss::Digits);
            }
        }
    }

    fn one(&mut self, node: NodeId, what: &str, ours: Option<SchemaId>, theirs: Option<Theirs<'t>>) {
        self.many(node, what, ours.as_slice().into(), theirs.into_iter().collect());
    }

    fn many(&mut self, node: NodeId, what: &str, ours: Option<&[SchemaId]>, theirs: Vec<Theirs<'t>>) {
        if ours.is_some_and(<[_]>::is_empty) && theirs.is_empty() && what != "allOf" && what.ends_with("Of") {
            self.lose(Loss::EmptyList);
        }
        let ours = ours.unwrap_or_default();
        self.same(node, what, &ours.len(), &theirs.len());
        self.todo.extend(ours.iter().copied().zip(theirs));
    }
}

/// A name in a reference: a pointer's token within a URI's fragment.
fn unescape(name: &str) -> String {
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    name.replace("~1", "/").replace("~0", "~")
}

/// As a word of the document.
fn word(style: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(style).expect("a style is a word");
    value.as_str().expect("a style is a word").to_owned()
}

fn status(code: &StatusCode) -> Status {
    match code {
        StatusCode::Code(code) => Status::Code(*code),
        StatusCode::Range(first) => Status::Range(u8::try_from(*first).unwrap_or(u8::MAX)),
    }
}

fn meet(document: &Document) -> Meeting {
    match serde_json::from_value::<OpenAPI>(document.value(NodeId::ROOT)) {
        Err(_) => Meeting { refused: true, ..Meeting::default() },
        Ok(theirs) => {
            let mut reading = Reading {
                document,
                theirs: &theirs,
                meeting: Meeting::default(),
                todo: Vec::new(),
                seen: HashSet::new(),
            };
            reading.whole();
            reading.meeting
        }
    }
}

fn read(name: &str, bytes: &[u8]) -> Document {
    load(bytes, &Limits::default()).unwrap_or_else(|problem| panic!("{name}: {problem}"))
}

/// Prints the sums, and fails where anything differs.
fn tell(source: &str, met: &[(String, Meeting)]) {
    let sum = |count: fn(&Meeting) -> usize| met.iter().map(|(_, meeting)| count(meeting)).sum::<usize>();
    println!(
        "{source}: {} documents of 3.0, {} refused by the typed reader; {} operations, {} parameters, {} schemas agree; \
         {} references that it cannot follow",
        met.len(),
        sum(|each| usize::from(each.refused)),
        sum(|each| each.operations),
        sum(|each| each.parameters),
        sum(|each| each.schemas),
        sum(|each| each.not_followed),
    );
    let mut losses: BTreeMap<Loss, (usize, usize)> = BTreeMap::new();
    for (loss, count) in met.iter().flat_map(|(_, meeting)| &meeting.losses) {
        let (documents, places) = losses.entry(*loss).or_default();
        *documents += 1;
        *places += count;
    }
    println!("{source}: lost by the types, in documents and places: {losses:?}");
    let differences: Vec<String> = met
        .iter()
        .flat_map(|(name, meeting)| meeting.differences.iter().map(move |each| format!("{name} {each}")))
        .collect();
    let shown = differences.iter().take(20).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(differences.is_empty(), "{} differences:\n{shown}", differences.len());
}

#[test]
fn the_typed_reader_sees_the_same_in_the_corpus() {
    let Some(root) = corpus::corpus() else { skip!("the corpus is not set: no real document was read") };
    let files: Vec<(String, Vec<u8>)> = corpus::entries(&root)
        .into_iter()
        .map(|entry| (entry.file.clone(), corpus::document(&root, &entry.file)))
        .collect();
    let met = on_all_cores(
        &files,
        |(_, bytes)| bytes.len(),
        |(name, bytes)| {
            let document = read(name, bytes);
            (document.dialect() == Dialect::V30).then(|| {
                let meeting = meet(&document);
                // Our search asks for each part alone, and must come to the verdict on the whole.
                let mut faults = validate::validate(&document).into_iter();
                let refuses = faults.any(|fault| fault.rule == "typed-reader-refuses");
                assert_eq!(meeting.refused, refuses, "{name}");
                (name.clone(), meeting)
            })
        },
    );
    let met: Vec<_> = met.into_iter().flatten().collect();
    tell("corpus", &met);
    assert!(met.iter().filter(|(_, meeting)| !meeting.refused).count() >= 10);
}

#[test]
fn the_typed_reader_sees_the_same_in_the_directory() {
    let listed = directory();
    let met = on_all_cores(
        &listed,
        |each| each.bytes,
        |each| {
            let document = read(&each.name, &each.read());
            (document.dialect() == Dialect::V30).then(|| (each.name.clone(), meet(&document)))
        },
    );
    let met: Vec<_> = met.into_iter().flatten().collect();
    tell("directory", &met);
    assert!(met.iter().filter(|(_, meeting)| !meeting.refused).count() >= 1_500);
}
