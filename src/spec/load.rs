//! From bytes to a [`Document`]: size, encoding, syntax, and whether it is OpenAPI at all.
//!
//! Each obstacle is one [`Problem`] with its place and a way out. What the document means is not
//! asked here.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::compile::Compiler;
use super::model::Api;
use super::place::{Lines, line_and_column, short};
use super::refs::Resolver;
use super::schema::SchemaId;
use super::sink::{Sink, Stop};
use super::tree::{Kind, NodeId, Tree};
use super::{Dialect, Document, Fault, Format, Limits, Problem, ProblemKind, Syntax, json, yaml};

/// Reads a document: JSON or YAML, sniffed from the bytes. A text that begins with `{` and a
/// quote, or with `[`, is JSON and nothing else. Bytes that are given away become the text that the
/// document keeps; lent ones are copied.
///
/// # Errors
/// Where the bytes are no OpenAPI document that can be understood, or ask for more than `limits`.
pub fn load<'b>(bytes: impl Into<Cow<'b, [u8]>>, limits: &Limits) -> Result<Document, Problem> {
    let (tree, syntax, reading_faults) = bare(bytes.into(), limits)?;
    let format = format_of(&tree)?;
    Ok(unread(tree, syntax, format, reading_faults, limits))
}

/// A document of which nothing is known but its tree.
fn unread(
    tree: Tree,
    syntax: Syntax,
    format: Format,
    reading_faults: Vec<Fault>,
    limits: &Limits,
) -> Document {
    Document {
        tree,
        syntax,
        format,
        reading_faults,
        references: limits.references,
        work: limits.work,
        lines: Lines::default(),
        starts: OnceLock::new(),
        model: OnceLock::new(),
        faults: OnceLock::new(),
        parts: None,
        left: Vec::new(),
    }
}

/// Reads a schema of JSON Schema 2020-12 that stands alone, as a document that holds nothing else.
///
/// # Errors
/// As [`load`], but that any value will do.
pub fn bare_schema<'b>(
    bytes: impl Into<Cow<'b, [u8]>>,
    limits: &Limits,
) -> Result<(Document, SchemaId), Problem> {
    let (tree, syntax, reading_faults) = bare(bytes.into(), limits)?;
    let format = Format { dialect: Dialect::V31, written: "3.1.1".into() };
    let resolver = Resolver::new(&tree, format.dialect, limits.references);
    let mut compiler = Compiler::new(&tree, format.dialect, resolver);
    let root = compiler.schema(NodeId::ROOT);
    let (schemas, _) = compiler.finish();
    let model = OnceLock::from((Api { schemas, ..Api::default() }, Vec::new()));
    let document = Document { model, ..unread(tree, syntax, format, reading_faults, limits) };
    Ok((document, root))
}

/// Reads a part of a document: any one value, with what was odd about its spelling.
pub(super) fn bare(bytes: Cow<'_, [u8]>, limits: &Limits) -> Result<(Tree, Syntax, Vec<Fault>), Problem> {
    // Offsets are kept in 32 bits.
    let most = limits.bytes.min(u32::MAX as usize - 1);
    if bytes.len() > most {
        let message = format!("the document has {} bytes, and {most} are allowed", bytes.len());
        return Err(at_start(
            ProblemKind::TooLarge,
            message,
            "Split the document, or raise the limit on bytes.",
        ));
    }
    let text = text_of(bytes)?;
    let syntax = sniff(&text)?;
    let mut sink = Sink::new(limits, &text);
    let read = match syntax {
        Syntax::Json => json::read(&text, &mut sink),
        Syntax::Yaml => yaml::read(&text, limits, &mut sink),
    };
    read.map_err(|stop| with_place(stop, &text))?;
    let (mut tree, reading_faults) = sink.finish();
    tree.text = text.into_boxed_str();
    Ok((tree, syntax, reading_faults))
}

fn at_start(kind: ProblemKind, message: String, way_out: &'static str) -> Problem {
    Problem { kind, message, pointer: String::new(), line: 1, column: 1, way_out }
}

fn with_place(stop: Stop, text: &str) -> Problem {
    let (line, column) = line_and_column(text, stop.at);
    Problem {
        kind: stop.kind,
        message: stop.message,
        pointer: stop.pointer,
        line,
        column,
        way_out: stop.way_out,
    }
}

/// The bytes as text, without a byte order mark.
fn text_of(bytes: Cow<'_, [u8]>) -> Result<String, Problem> {
    const WAY_OUT: &str = "Save the document as UTF-8.";
    // A byte order mark, or an ASCII character beside a zero byte (RFC 4627 section 3).
    let utf16 = match &*bytes {
        [0xFE, 0xFF, ..] | [0, b' '..=b'~', ..] => Some("UTF-16 (big endian)"),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] | [1..=255, 0, 0, 0, ..] | [0, 0, 0, 1..=255, ..] => {
            Some("UTF-32")
        }
        [0xFF, 0xFE, ..] | [b'{' | b'[' | b'"' | b'#' | b'-' | b'a'..=b'z', 0, ..] => {
            Some("UTF-16 (little endian)")
        }
        _ => None,
    };
    if let Some(encoding) = utf16 {
        return Err(at_start(
            ProblemKind::Encoding,
            format!("the document is {encoding}, and not UTF-8"),
            WAY_OUT,
        ));
    }
    let mut bytes = bytes.into_owned();
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    let stop_at = |bytes: &[u8], at: usize, message: String, way_out| {
        let text = String::from_utf8_lossy(&bytes[..at]);
        let (line, column) = line_and_column(&text, text.len());
        Problem { kind: ProblemKind::Encoding, message, pointer: String::new(), line, column, way_out }
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let message =
            format!("the byte 0x{:02X} is no UTF-8: this is another encoding or no text", bytes[at]);
        stop_at(bytes, at, message, WAY_OUT)
    })?;
    // Neither JSON nor YAML lets a control character stand anywhere, so this is no text.
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(*byte, b'\t' | b'\n' | b'\r');
    if let Some(at) = text.bytes().take(4096).position(|byte| is_control(&byte)) {
        let message =
            format!("the byte 0x{:02X} stands in no text: this is a binary file", text.as_bytes()[at]);
        return Err(stop_at(text.as_bytes(), at, message, "Pass the OpenAPI document itself, uncompressed."));
    }
    Ok(text)
}

fn sniff(text: &str) -> Result<Syntax, Problem> {
    const WAY_OUT: &str = "Pass an OpenAPI document in JSON or YAML.";
    let start = text.trim_ascii_start();
    match start.as_bytes() {
        [] => Err(at_start(ProblemKind::Empty, "the document is empty".into(), WAY_OUT)),
        [b'<', ..] => {
            let message = "the document is XML or HTML, perhaps an error page that was saved instead".into();
            Err(at_start(ProblemKind::NotAnObject, message, WAY_OUT))
        }
        [b'[', ..] => Ok(Syntax::Json),
        [b'{', rest @ ..] => Ok(match rest.trim_ascii_start().first() {
            Some(b'"' | b'}') | None => Syntax::Json,
            // A flow mapping of YAML without quotes.
            Some(_) => Syntax::Yaml,
        }),
        _ => Ok(Syntax::Yaml),
    }
}

fn format_of(tree: &Tree) -> Result<Format, Problem> {
    const WAY_OUT: &str = "Say `openapi: 3.0.x`, `3.1.x` or `3.2.x`, or `swagger: \"2.0\"`, at the top.";
    if tree.is_empty() {
        return Err(at_start(ProblemKind::Empty, "the document holds nothing but comments".into(), WAY_OUT));
    }
    if tree.kind(NodeId::ROOT) == Kind::Null {
        let message = "the document holds no value".into();
        return Err(problem_at(tree, NodeId::ROOT, ProblemKind::Empty, message, WAY_OUT));
    }
    if tree.kind(NodeId::ROOT) != Kind::Object {
        let what = match tree.kind(NodeId::ROOT) {
            Kind::Array => "a list",
            Kind::Text => "a string",
            Kind::Number => "a number",
            _ => "a single word",
        };
        let message = format!("the document is {what}, and not an object");
        return Err(problem_at(tree, NodeId::ROOT, ProblemKind::NotAnObject, message, WAY_OUT));
    }
    let said = ["openapi", "swagger"].into_iter().find_map(|key| Some((key, tree.get(NodeId::ROOT, key)?)));
    let Some((key, node)) = said else {
        let message = "the document says neither `openapi` nor `swagger`".into();
        return Err(problem_at(tree, NodeId::ROOT, ProblemKind::UnknownVersion, message, WAY_OUT));
    };
    let written = tree.scalar_source(node).unwrap_or_default().trim();
    let series = |series: &str| {
        written == series || written.strip_prefix(series).is_some_and(|rest| rest.starts_with(['.', '-']))
    };
    let dialect = match key {
        "swagger" if series("2.0") => Some(Dialect::V20),
        "openapi" if series("3.0") => Some(Dialect::V30),
        "openapi" if series("3.1") => Some(Dialect::V31),
        "openapi" if series("3.2") => Some(Dialect::V32),
        _ => None,
    };
    dialect.map(|dialect| Format { dialect, written: written.into() }).ok_or_else(|| {
        let message = match tree.scalar_source(node) {
            Some(_) => format!("`{key}: {}` is no version that is known here", short(written)),
            None => format!("`{key}` is no version, but a list or map"),
        };
        problem_at(tree, node, ProblemKind::UnknownVersion, message, WAY_OUT)
    })
}

fn problem_at(
    tree: &Tree,
    node: NodeId,
    kind: ProblemKind,
    message: String,
    way_out: &'static str,
) -> Problem {
    let (line, column) = line_and_column(tree.source(), tree.offset(node));
    Problem { kind, message, pointer: super::place::pointer(tree, node), line, column, way_out }
}
