//! Values in the spelling that travels: parameters by their style, bodies by their media type.
//!
//! Nothing is judged here, and what the specification leaves open (lists in lists, objects in lists)
//! is written as compact JSON. Source: `OpenAPI` 3.2.0 section 4.12 with appendices B to E, RFC 6570,
//! RFC 7578, WHATWG URL section 5.2.

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::spec::model::{Encoding, MediaType, Parameter, Style};
use crate::spec::schema::{SchemaId, Schemas, Type};

/// What RFC 3986 never needs escaped.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What `allowReserved` leaves alone in a query; `&`, `=`, `+` and `#` would end or change the value,
/// and no query may hold a bracket.
const RESERVED: &AsciiSet = &PLAIN
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';');
/// What `allowReserved` (3.2) leaves alone in a path: no `/`, `?` or `#`, which end the segment.
const SEGMENT: &AsciiSet = &RESERVED.add(b'/').add(b'?').remove(b'&').remove(b'=').remove(b'+');
/// What a form of the WHATWG leaves alone; a blank becomes `+`.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');

/// Percent-encodes everything that is not unreserved.
pub(super) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// The text of a value that is no list and no object; those as compact JSON.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A value as styles see it.
enum Shape {
    Single(String),
    List(Vec<String>),
    Members(Vec<(String, String)>),
}

impl Shape {
    fn of(value: &Value, escape: &dyn Fn(&str) -> String) -> Self {
        match value {
            Value::Array(items) => Self::List(items.iter().map(|item| escape(&text(item))).collect()),
            Value::Object(members) => Self::Members(
                members.iter().map(|(name, member)| (escape(name), escape(&text(member)))).collect(),
            ),
            single => Self::Single(escape(&text(single))),
        }
    }

    /// All in a row: items, or names and values in turn, or `name=value` where they are spread.
    fn joined(&self, separator: &str, explode: bool) -> String {
        match self {
            Self::Single(text) => text.clone(),
            Self::List(items) => items.join(separator),
            Self::Members(members) => {
                let between = if explode { "=" } else { separator };
                let pairs = members.iter().map(|(name, value)| format!("{name}{between}{value}"));
                pairs.collect::<Vec<_>>().join(separator)
            }
        }
    }

    /// As `name=value` each: once, or once an item or member.
    fn spread(&self, name: &str) -> Vec<String> {
        match self {
            Self::Single(text) => vec![format!("{name}={text}")],
            Self::List(items) => items.iter().map(|item| format!("{name}={item}")).collect(),
            Self::Members(members) => {
                members.iter().map(|(member, value)| format!("{member}={value}")).collect()
            }
        }
    }
}

/// The value of a parameter by its `content`, as text; `None` where it has a style.
fn by_content(parameter: &Parameter, value: &Value) -> Option<String> {
    let media = parameter.content.first()?;
    Some(if media.is_form() {
        form(&media.encodings.named, value)
    } else if is_json(media) {
        value.to_string()
    } else {
        text(value)
    })
}

/// The segment, or the part of one, that takes the place of a path variable.
pub(super) fn in_path(parameter: &Parameter, value: &Value) -> String {
    let set = if parameter.allow_reserved { SEGMENT } else { PLAIN };
    let escape = |text: &str| utf8_percent_encode(text, set).to_string();
    if let Some(text) = by_content(parameter, value) {
        return escape(&text);
    }
    let (shape, explode) = (Shape::of(value, &escape), parameter.explode);
    let name = escape(&parameter.name);
    match (&parameter.style, &shape) {
        (Style::Label, _) => format!(".{}", shape.joined(if explode { "." } else { "," }, explode)),
        // RFC 6570 3.2.7: an empty value stands without the sign.
        (Style::Matrix, Shape::Single(text)) if text.is_empty() => format!(";{name}"),
        (Style::Matrix, _) if explode => {
            shape.spread(&name).iter().map(|part| format!(";{part}")).collect::<String>()
        }
        (Style::Matrix, _) => format!(";{name}={}", shape.joined(",", false)),
        _ => shape.joined(",", explode),
    }
}

/// The parts of the query, each `name=value` or what the style makes of it.
pub(super) fn in_query(parameter: &Parameter, value: &Value) -> Vec<String> {
    let set = if parameter.allow_reserved { RESERVED } else { PLAIN };
    let escape = |text: &str| utf8_percent_encode(text, set).to_string();
    let name = escaped(&parameter.name);
    if let Some(text) = by_content(parameter, value) {
        return vec![format!("{name}={}", escape(&text))];
    }
    let shape = Shape::of(value, &escape);
    let separator = match parameter.style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        Style::TabDelimited => "%09",
        Style::DeepObject if value.is_object() => {
            let mut parts = Vec::new();
            deep(&name, value, &escape, &mut parts);
            return parts;
        }
        _ => ",",
    };
    if parameter.explode || matches!(shape, Shape::Single(_)) || parameter.style == Style::DeepObject {
        return shape.spread(&name);
    }
    match &shape {
        // RFC 6570 2.3: a list without items is undefined, and leaves nothing behind.
        Shape::List(items) if items.is_empty() => Vec::new(),
        Shape::Members(members) if members.is_empty() => Vec::new(),
        shape => vec![format!("{name}={}", shape.joined(separator, false))],
    }
}

/// `name[member]=value`; what is nested goes on with further brackets.
// Recursion is bounded by the depth of the value, which a schema of bounded depth made.
fn deep(name: &str, value: &Value, escape: &dyn Fn(&str) -> String, parts: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                deep(&format!("{name}%5B{}%5D", escape(member)), value, escape, parts);
            }
        }
        Value::Array(items) => {
            for item in items {
                parts.push(format!("{name}={}", escape(&text(item))));
            }
        }
        single => parts.push(format!("{name}={}", escape(&text(single)))),
    }
}

/// The value of a header field. Nothing is escaped but what no field may hold.
pub(super) fn in_header(parameter: &Parameter, value: &Value) -> String {
    let written = by_content(parameter, value)
        .unwrap_or_else(|| Shape::of(value, &str::to_owned).joined(",", parameter.explode));
    field(&written)
}

/// A header field without control characters, which would end it.
pub(super) fn field(text: &str) -> String {
    let escape = |letter: char| {
        if letter.is_control() { escaped(&letter.to_string()) } else { letter.to_string() }
    };
    text.chars().map(escape).collect()
}

/// The pieces of the `Cookie` field.
pub(super) fn in_cookie(parameter: &Parameter, value: &Value) -> Vec<String> {
    if parameter.style == Style::Cookie && parameter.content.is_empty() {
        return Shape::of(value, &field).spread(&field(&parameter.name));
    }
    let parts = in_query(&Parameter { style: Style::Form, ..parameter.clone() }, value);
    if parts.is_empty() { parts } else { vec![parts.join("&")] }
}

/// The whole query string (3.2): by its media type.
pub(super) fn as_query_string(parameter: &Parameter, value: &Value) -> String {
    match parameter.content.first() {
        Some(media) if media.is_form() => form(&media.encodings.named, value),
        Some(media) if is_json(media) => escaped(&value.to_string()),
        _ => escaped(&text(value)),
    }
}

/// Whether bodies of this type are JSON.
pub(super) fn is_json(media: &MediaType) -> bool {
    is_json_name(media.essence())
}

/// Whether bodies of a type of this name are JSON.
pub(super) fn is_json_name(name: &str) -> bool {
    let essence = name.split(';').next().unwrap_or_default().trim();
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

/// Whether a body is a row of JSON texts.
fn is_rows(essence: &str) -> bool {
    ["application/jsonl", "application/x-ndjson", "application/ndjson", "application/x-jsonlines"]
        .contains(&essence)
}

/// A type that a body can have, where the document names a range.
pub(super) fn concrete(name: &str) -> String {
    match name {
        "" | "*/*" | "application/*" => "application/json".to_owned(),
        "text/*" => "text/plain".to_owned(),
        "image/*" => "image/png".to_owned(),
        "multipart/*" => "multipart/form-data".to_owned(),
        other => other.replace('*', "example"),
    }
}

/// A body as it is sent: the type of its content, and the value that a JSON body is or the text that
/// any other body is.
pub(super) fn body(media: &MediaType, value: &Arc<Value>, schemas: &Schemas) -> (String, Arc<Value>) {
    let name = concrete(&media.name);
    let essence = name.split(';').next().unwrap_or_default();
    if is_json_name(essence) {
        return (name, value.clone());
    }
    if essence == "application/x-www-form-urlencoded" {
        return (name, Value::from(form(&media.encodings.named, value)).into());
    }
    if essence.starts_with("multipart/") {
        let (kind, text) = multipart(media, &name, value, schemas);
        return (kind, Value::from(text).into());
    }
    if let (true, Value::Array(items)) = (is_rows(essence), &**value) {
        let rows: String = items.iter().map(|item| format!("{item}\n")).collect();
        return (name, Value::from(rows).into());
    }
    // What has no spelling of its own here (XML among others) is shown as the data that it carries.
    (name, value.clone())
}

/// A body or query string of form fields.
fn form(encodings: &[Encoding], value: &Value) -> String {
    let Value::Object(members) = value else {
        return form_escaped(&text(value));
    };
    let mut parts = Vec::new();
    for (name, member) in members {
        let encoding = encodings.iter().find(|encoding| encoding.name == *name);
        field_parts(encoding, name, member, &mut parts);
    }
    parts.join("&")
}

fn field_parts(encoding: Option<&Encoding>, name: &str, member: &Value, parts: &mut Vec<String>) {
    let escaped_name = form_escaped(name);
    let style = encoding.and_then(|encoding| Some((encoding.style.as_ref()?, encoding)));
    let by_type = encoding
        .is_some_and(|encoding| encoding.content_types.first().is_some_and(|kind| is_json_name(kind)));
    match (style, member) {
        (Some((Style::DeepObject, _)), Value::Object(_)) => deep(&escaped_name, member, &form_escaped, parts),
        (Some((style, encoding)), _) if !encoding.explode => {
            let separator = match style {
                Style::SpaceDelimited => "+",
                Style::PipeDelimited => "%7C",
                Style::TabDelimited => "%09",
                _ => ",",
            };
            let shape = Shape::of(member, &form_escaped);
            parts.push(format!("{escaped_name}={}", shape.joined(separator, false)));
        }
        (Some(_), _) => parts.extend(Shape::of(member, &form_escaped).spread(&escaped_name)),
        // Without a style a list is several fields, and an object is JSON (3.2.0, 4.15.1).
        (None, Value::Array(_)) if !by_type => {
            parts.extend(Shape::of(member, &form_escaped).spread(&escaped_name));
        }
        (None, _) => parts.push(format!("{escaped_name}={}", form_escaped(&text(member)))),
    }
}

fn form_escaped(text: &str) -> String {
    utf8_percent_encode(text, FORM).to_string().replace("%20", "+")
}

/// A body of parts, with the boundary that its type names.
fn multipart(media: &MediaType, name: &str, value: &Value, schemas: &Schemas) -> (String, String) {
    let essence = name.split(';').next().unwrap_or_default();
    let is_form = essence == "multipart/form-data";
    let mut parts: Vec<(String, String)> = Vec::new();
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let encoding = media.encodings.named.iter().find(|encoding| encoding.name == *name);
                let schema = media.schema.and_then(|schema| schemas.resolved(schema).property(name));
                let items = match member {
                    Value::Array(items) => items.as_slice(),
                    single => std::slice::from_ref(single),
                };
                for item in items {
                    parts.push(part(is_form.then_some(name), encoding, schema, item, schemas));
                }
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                let encoding = media.encodings.prefix.get(at).or(media.encodings.item.as_deref());
                parts.push(part(None, encoding, media.item_schema, item, schemas));
            }
        }
        single => parts.push(part(None, None, None, single, schemas)),
    }
    let boundary = boundary(&parts);
    let mut out = String::new();
    for (head, content) in &parts {
        out.push_str(&format!("--{boundary}\r\n{head}\r\n{content}\r\n"));
    }
    out.push_str(&format!("--{boundary}--\r\n"));
    (format!("{name};boundary={boundary}"), out)
}

/// The header fields of a part, and its content.
fn part(
    name: Option<&String>,
    encoding: Option<&Encoding>,
    schema: Option<SchemaId>,
    value: &Value,
    schemas: &Schemas,
) -> (String, String) {
    let is_binary = schema.is_some_and(|schema| is_binary(schemas, schema));
    let mut head = String::new();
    if let Some(name) = name {
        // RFC 7578 and WHATWG: quotes and line ends are escaped, all else stands as it is.
        let name = name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
        let file = if is_binary { "; filename=\"file\"" } else { "" };
        head.push_str(&format!("Content-Disposition: form-data; name=\"{name}\"{file}\r\n"));
    }
    let said = encoding.and_then(|encoding| encoding.content_types.first()).map(|kind| concrete(kind));
    let usual = match value {
        Value::Array(_) | Value::Object(_) => Some("application/json"),
        _ if is_binary => Some("application/octet-stream"),
        // Text needs no word about it.
        _ => None,
    };
    if let Some(kind) = said.as_deref().or(usual) {
        head.push_str(&format!("Content-Type: {}\r\n", field(kind)));
    }
    let is_json = said.as_deref().or(usual).is_some_and(is_json_name);
    let content = if is_json { value.to_string() } else { text(value) };
    (head, content)
}

/// Whether a schema stands for bytes: a string of format binary, or with a media type and no encoding.
fn is_binary(schemas: &Schemas, schema: SchemaId) -> bool {
    let mut schema = schemas.resolved(schema);
    if let Some(items) = schema.items() {
        schema = schemas.resolved(items);
    }
    let is_text = schema.types.is_none_or(|types| types.contains(Type::String));
    let bare_bytes = schema.content_media_type().is_some() && schema.content_encoding().is_none();
    is_text && (schema.format() == Some("binary") || bare_bytes)
}

/// A line that no part holds.
fn boundary(parts: &[(String, String)]) -> String {
    let mut boundary = "part".to_owned();
    while parts.iter().any(|(_, content)| content.contains(&boundary)) {
        boundary.push('-');
        boundary.push_str("part");
    }
    boundary
}
