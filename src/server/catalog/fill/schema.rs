//! Fills the page of a named schema, and the rows that show a schema wherever one is printed.

use std::collections::HashMap;

use axum::extract::{Path, State};
use serde_json::Value;

use super::super::super::App;
use super::super::super::problem::Problem;
use super::super::reference::{PropertyRow, SchemaPage, SchemaView};
use super::super::words::{self, count};
use super::super::{Link, Page, Section};
use super::version::Opened;
use crate::spec::model::{MediaType, Operation};
use crate::spec::schema::{Schema, SchemaId, Type};
use crate::spec::tree::NodeId;

/// Deepest row that is printed; what lies below is reached through the page of its schema.
const DEPTH: u8 = 4;
/// Most rows of one schema.
const ROWS: usize = 120;
/// Most values of an enumeration.
const VALUES: usize = 200;
/// Longest example, in characters.
const EXAMPLE_CHARS: usize = 4_000;
/// Most users of a schema that are listed.
const USERS: usize = 40;

/// Prints the schemas of one version.
pub(super) struct Printer<'a> {
    pub(super) opened: &'a Opened,
    names: HashMap<SchemaId, &'a str>,
}

impl<'a> Printer<'a> {
    pub(super) fn new(opened: &'a Opened) -> Self {
        let names = opened.api().components.iter().map(|(name, id)| (*id, name.as_str())).collect();
        Self { opened, names }
    }

    /// The schema that a use means: the end of references.
    fn schema(&self, id: SchemaId) -> &'a Schema {
        self.opened.api().schemas.resolved(id)
    }

    /// The name of the schema that a use refers to, or is.
    fn name(&self, id: SchemaId) -> Option<&'a str> {
        let target =
            self.opened.api().schemas.get(id).reference.as_ref().and_then(|reference| reference.target);
        [Some(id), target, Some(self.opened.api().schemas.resolve(id))]
            .into_iter()
            .flatten()
            .find_map(|id| self.names.get(&id).copied())
    }

    fn href(&self, name: &str) -> String {
        words::schema_href(&self.opened.version.api, &self.opened.version.label, name)
    }

    /// A string of the document, in paragraphs.
    pub(super) fn text(&self, node: Option<NodeId>) -> Vec<String> {
        words::paragraphs(self.opened.text(node))
    }

    /// A value of the document, printed for people.
    pub(super) fn printed(&self, node: NodeId) -> String {
        let value = self.opened.document.value(node);
        let text = match &value {
            Value::String(text) => text.clone(),
            other => serde_json::to_string_pretty(other).unwrap_or_default(),
        };
        let cut: String = text.chars().take(EXAMPLE_CHARS).collect();
        let more = if cut.len() < text.len() { "\n…" } else { "" };
        words::visible(&format!("{cut}{more}"))
    }

    /// A schema ready to print: its own type, and its parts as rows.
    pub(super) fn view(&self, id: SchemaId) -> SchemaView {
        let schema = self.schema(id);
        let name = self.name(id);
        let mut rows = Vec::new();
        let mut path = vec![self.opened.api().schemas.resolve(id)];
        self.parts(schema, 0, &mut path, &mut rows);
        let more = (rows.len() > ROWS).then(|| {
            rows.truncate(ROWS);
            let line = self.opened.place(schema.node);
            Link::new("the rest stands in the document", line.href)
        });
        SchemaView {
            kind: self.kind(id),
            href: name.map(|name| self.href(name)),
            constraints: self.constraints(schema),
            rows,
            more,
        }
    }

    /// What a schema is called: its name, or its types in words.
    fn kind(&self, id: SchemaId) -> String {
        if let Some(name) = self.name(id) {
            return words::visible(name);
        }
        let schema = self.schema(id);
        if schema.types.is_some_and(|types| types.accepts(Type::Array))
            && let Some(items) = schema.items()
        {
            let inner = self.name(items).map_or_else(|| self.plain(self.schema(items)), words::visible);
            return format!("array of {inner}");
        }
        self.plain(schema)
    }

    /// The name of the schema that the items of an array refer to.
    fn item_name(&self, schema: &Schema) -> Option<&'a str> {
        schema.items().and_then(|items| self.name(items))
    }

    fn plain(&self, schema: &Schema) -> String {
        if let Some(all) = schema.bool_schema {
            return if all { "anything".to_owned() } else { "nothing".to_owned() };
        }
        let mut kind = match schema.types {
            Some(types) => types.iter().map(Type::name).collect::<Vec<_>>().join(" or "),
            None if !schema.properties().is_empty() => "object".to_owned(),
            None if schema.one_of().is_some() => "one of".to_owned(),
            None if schema.any_of().is_some() => "any of".to_owned(),
            None if !schema.all_of().is_empty() => "all of".to_owned(),
            None if schema.enum_values.is_some() || schema.const_value.is_some() => "one value of".to_owned(),
            None if schema.reference.is_some() => "unresolved reference".to_owned(),
            None => "anything".to_owned(),
        };
        if let Some(format) = schema.format() {
            kind.push_str(&format!(", {}", words::visible(format)));
        }
        kind
    }

    /// Rows of what a schema holds: properties, items, alternatives.
    fn parts(&self, schema: &Schema, depth: u8, path: &mut Vec<SchemaId>, rows: &mut Vec<PropertyRow>) {
        if rows.len() > ROWS || depth > DEPTH {
            return;
        }
        for (name, id) in schema.properties() {
            let row = PropertyRow { is_required: schema.requires(name), ..self.row(*id, depth, name, "") };
            self.push(*id, row, path, rows);
        }
        for (pattern, id) in schema.pattern_properties() {
            self.push(*id, self.row(*id, depth, pattern, "names that match"), path, rows);
        }
        if let Some(id) = schema.additional().filter(|id| self.schema(*id).bool_schema != Some(true)) {
            if self.schema(id).bool_schema == Some(false) {
                rows.push(PropertyRow { depth, role: "no other name".to_owned(), ..PropertyRow::default() });
            } else {
                self.push(id, self.row(id, depth, "", "any other name"), path, rows);
            }
        }
        for id in schema.prefix_items() {
            self.push(*id, self.row(*id, depth, "", "item"), path, rows);
        }
        if let Some(id) = schema.items() {
            let plain = self.name(id).is_none();
            // The type already says "array of X"; only an item with parts of its own needs a row.
            if plain && !self.is_leaf(self.schema(id)) {
                self.push(id, self.row(id, depth, "", "each item"), path, rows);
            }
        }
        let groups =
            [("all of", Some(schema.all_of())), ("one of", schema.one_of()), ("any of", schema.any_of())];
        for (role, ids) in groups {
            for id in ids.into_iter().flatten() {
                self.push(*id, self.row(*id, depth, "", role), path, rows);
            }
        }
        if let Some(id) = schema.not() {
            self.push(id, self.row(id, depth, "", "not"), path, rows);
        }
    }

    fn is_leaf(&self, schema: &Schema) -> bool {
        schema.properties().is_empty()
            && schema.items().is_none()
            && schema.all_of().is_empty()
            && schema.one_of().is_none()
            && schema.any_of().is_none()
    }

    /// Adds a row and what lies below it, unless that is a schema already being printed.
    fn push(
        &self,
        id: SchemaId,
        mut row: PropertyRow,
        path: &mut Vec<SchemaId>,
        rows: &mut Vec<PropertyRow>,
    ) {
        let target = self.opened.api().schemas.resolve(id);
        let depth = row.depth + 1;
        let recursive = path.contains(&target);
        if recursive {
            row.notes.push("contains itself".to_owned());
        }
        rows.push(row);
        if !recursive {
            path.push(target);
            self.parts(self.schema(id), depth, path, rows);
            path.pop();
        }
    }

    /// One row; what a property is called in the document is a stranger's text.
    pub(super) fn row(&self, id: SchemaId, depth: u8, name: &str, role: &str) -> PropertyRow {
        let schema = self.schema(id);
        let mut notes = Vec::new();
        for (is, note) in [(schema.read_only(), "read only"), (schema.write_only(), "write only")] {
            notes.extend(is.then(|| note.to_owned()));
        }
        let values =
            schema.enum_values.as_deref().unwrap_or_default().iter().chain(schema.const_value.as_ref());
        PropertyRow {
            depth,
            name: words::visible(name),
            role: role.to_owned(),
            kind: self.kind(id),
            href: self.name(id).or_else(|| self.item_name(schema)).map(|name| self.href(name)),
            is_required: false,
            is_deprecated: schema.deprecated(),
            notes,
            constraints: self.constraints(schema),
            values: values
                .take(VALUES)
                .map(|node| words::visible(&self.opened.document.value(*node).to_string()))
                .collect(),
            description: self.text(schema.description()),
        }
    }

    /// What a schema demands, in words.
    fn constraints(&self, schema: &Schema) -> Vec<String> {
        let mut words_of = Vec::new();
        let ranged =
            |low: Option<u64>, high: Option<u64>, noun: &str| match (low.filter(|low| *low > 0), high) {
                (Some(low), Some(high)) if low == high => Some(format!("exactly {}", count(low, noun))),
                (Some(low), Some(high)) => Some(format!("{} to {}", words::grouped(low), count(high, noun))),
                (Some(low), None) => Some(format!("at least {}", count(low, noun))),
                (None, Some(high)) => Some(format!("at most {}", count(high, noun))),
                (None, None) => None,
            };
        words_of.extend(ranged(schema.min_length(), schema.max_length(), "character"));
        words_of.extend(ranged(schema.min_items(), schema.max_items(), "item"));
        words_of.extend(match (schema.min_properties(), schema.max_properties()) {
            (None, None) => None,
            (low, high) => ranged(low, high, "member"),
        });
        let bounds = [
            (schema.minimum(), "at least"),
            (schema.exclusive_minimum(), "more than"),
            (schema.maximum(), "at most"),
            (schema.exclusive_maximum(), "less than"),
            (schema.multiple_of(), "a multiple of"),
        ];
        words_of
            .extend(bounds.into_iter().filter_map(|(bound, what)| Some(format!("{what} {}", bound?.text))));
        words_of.extend(schema.unique().then(|| "no item twice".to_owned()));
        words_of.extend(schema.pattern().map(|pattern| format!("pattern {}", words::visible(pattern))));
        words_of.extend(schema.default().map(|node| {
            format!("default {}", words::visible(&self.opened.document.value(node).to_string()))
        }));
        words_of
    }

    /// An example of a media type, or of its schema.
    pub(super) fn example(&self, media: &MediaType) -> Option<String> {
        let tree = self.opened.document.tree();
        let first = tree.get(media.node, "example").or_else(|| {
            let examples = tree.get(media.node, "examples")?;
            let (_, one) = tree.members(examples).next()?;
            tree.get(one, "value")
        });
        let of_schema = || {
            let schema = self.schema(media.schema?);
            schema.examples().first().copied()
        };
        first.or_else(of_schema).map(|node| self.printed(node))
    }
}

pub(super) async fn schema(
    State(app): State<App>,
    Path((ns, name, label, schema)): Path<(String, String, String, String)>,
) -> Result<Page<SchemaPage>, Problem> {
    let opened = Opened::open(&app, &ns, &name, &label).await?;
    let id = opened
        .api()
        .component(&schema)
        .ok_or_else(|| Problem::not_found(format!("version `{label}` has no schema `{schema}`")))?;
    let printer = Printer::new(&opened);
    let model = printer.schema(id);
    let title = format!("{schema} · {label} · {}", opened.detail.summary.title);
    let is_there = match opened.newest() {
        Some(newest) => app.registry.reading(newest).await?.api().component(&schema).is_some(),
        None => false,
    };
    let own = words::schema_href(&opened.version.api, &opened.version.label, &schema);
    let tail = own.strip_prefix(&opened.href()).filter(|_| is_there).unwrap_or_default();
    Ok(Page::new(SchemaPage {
        layout: opened.frame.layout(title, Section::Catalog, opened.crumbs()),
        head: opened.head("Reference", tail),
        name: words::visible(&schema),
        description: printer.text(model.description()),
        schema: SchemaView { href: None, ..printer.view(id) },
        example: model.examples().first().map(|node| printer.printed(*node)),
        used_by: users(&opened, id),
        place: opened.place(opened.api().schemas.get(id).node),
    }))
}

/// Schemas and operations that name a schema directly.
fn users(opened: &Opened, id: SchemaId) -> Vec<Link> {
    let api = opened.api();
    let target = api.schemas.resolve(id);
    let names = |from: SchemaId| reaches(opened, from, target);
    let version = &opened.version;
    let schemas =
        api.components.iter().filter(|(_, other)| *other != id && names(*other)).map(|(name, _)| {
            Link::new(words::visible(name), words::schema_href(&version.api, &version.label, name))
        });
    let operations = api.operations.iter().filter(|op| uses(op).any(names)).map(|op| {
        Link::new(
            words::visible(&format!("{} {}", op.method, op.path)),
            words::operation_href(&version.api, &version.label, &op.method, &op.path),
        )
    });
    operations.chain(schemas).take(USERS).collect()
}

/// The schemas that an operation names.
fn uses(operation: &Operation) -> impl Iterator<Item = SchemaId> {
    let parameters = operation.parameters.iter().filter_map(|parameter| parameter.schema);
    let body = operation.body.iter().flat_map(|body| body.content.iter());
    let responses = operation.responses.iter().flat_map(|response| response.content.iter());
    parameters.chain(body.chain(responses).filter_map(|media| media.schema))
}

/// Whether a schema, down to but not through other named ones, refers to `target`.
fn reaches(opened: &Opened, from: SchemaId, target: SchemaId) -> bool {
    let schemas = &opened.api().schemas;
    let mut open = vec![from];
    let mut seen = 0;
    while let Some(id) = open.pop() {
        seen += 1;
        // A schema written in place is small; the bound holds where it is not.
        if seen > 500 {
            return false;
        }
        let schema = schemas.get(id);
        match &schema.reference {
            Some(reference) => {
                if reference.target.is_some_and(|end| schemas.resolve(end) == target) {
                    return true;
                }
                if !schema.is_pure_reference() {
                    schema.children(|child| {
                        if Some(child) != reference.target {
                            open.push(child);
                        }
                    });
                }
            }
            None => schema.children(|child| open.push(child)),
        }
    }
    false
}
