//! YAML text to the raw tree: YAML 1.2 with its core schema, as far as JSON has the value.
//!
//! The events come from a parser; what they mean is decided here: which plain words are no
//! strings (`on`, `no` and dates are strings), what aliases repeat, what `<<` and tags do.
//! Departing from the core schema, numbers with leading zeros (`017`) are strings, since documents
//! mean post codes and serial numbers by them.
//!
//! Source: YAML 1.2.2 section 10.3.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Span, StructureStyle, Tag};

use super::json::number_length;
use super::place::short;
use super::sink::{Sink, Stop};
use super::tree::{Kind, NodeId};
use super::{Limits, ProblemKind};

const WAY_OUT: &str =
    "Mend the YAML at this place; indentation and unquoted `:` or `#` are the usual causes.";

/// Reads one YAML document.
pub(super) fn read(text: &str, limits: &Limits, sink: &mut Sink<'_>) -> Result<(), Stop> {
    // Some levels more than the sink allows, so that it is the sink that names the bound.
    let options = granit_parser::options! {
        flow_nesting_limit: limits.depth + 8,
        block_nesting_limit: limits.depth + 8,
        emit_comments: false,
    };
    let mut reader =
        Reader { text, sink, anchors: Vec::new(), open: Vec::new(), done: 0, list_at: 0, ended: false };
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, span)) => {
                let is_list = matches!(event, Event::SequenceStart(StructureStyle::Block, ..));
                reader.take(event, &span)?;
                // The parser has already read the first dash of a list, which the first item needs.
                let end = if is_list { Some(reader.list_at) } else { span.end.byte_offset() };
                reader.done = end.unwrap_or(reader.done);
            }
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len());
                if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
                    let message = format!("the document is nested deeper than {} levels", limits.depth);
                    let way_out = "Flatten it, or raise the limit on depth.";
                    return Err(reader.sink.stop(ProblemKind::TooDeep, at, message, way_out));
                }
                return Err(reader.sink.stop(ProblemKind::Syntax, at, error.info(), WAY_OUT));
            }
        }
    }
    Ok(())
}

/// What an anchor stands for.
enum Anchored {
    Node(NodeId),
    Key(String),
}

/// An open collection.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Sequence,
    /// A mapping that waits for a key.
    Key,
    /// A mapping that waits for the value of a key.
    Value,
}

struct Reader<'t, 's, 'l> {
    text: &'t str,
    sink: &'s mut Sink<'l>,
    anchors: Vec<Option<Anchored>>,
    open: Vec<Open>,
    /// Where the event before this one ends.
    done: usize,
    /// Where the latest block list starts.
    list_at: usize,
    ended: bool,
}

impl<'t> Reader<'t, '_, '_> {
    fn take(&mut self, event: Event<'t>, span: &Span) -> Result<(), Stop> {
        let at = span.start.byte_offset().unwrap_or(0);
        match event {
            Event::DocumentStart(..) if self.ended => {
                let message = "a second YAML document begins here".into();
                let way_out = "Keep one document a file: remove the `---` or split the file.";
                Err(self.sink.stop(ProblemKind::SeveralDocuments, at, message, way_out))
            }
            Event::DocumentEnd => {
                self.ended = true;
                Ok(())
            }
            Event::Scalar(value, style, anchor, tag) if self.open.last() == Some(&Open::Key) => {
                self.key(&value, style, tag.is_some(), at);
                self.define(anchor, Anchored::Key(value.into_owned()));
                Ok(())
            }
            Event::Scalar(value, style, anchor, tag) => {
                let is_empty = span.end.byte_offset() == Some(at) && style == ScalarStyle::Plain;
                // A value that is not there has the place of its key.
                let at = match style {
                    _ if is_empty => self.sink.key_offset().or_else(|| self.behind_dash(at)).unwrap_or(at),
                    ScalarStyle::Literal | ScalarStyle::Folded => self.block_indicator(at).unwrap_or(at),
                    _ => at,
                };
                let node = self.scalar(&value, style, tag.as_deref(), at)?;
                self.define(anchor, Anchored::Node(node));
                self.value_done();
                Ok(())
            }
            Event::SequenceStart(style, anchor, tag) => {
                let mut at = at;
                if style == StructureStyle::Block {
                    // As the value of a key it may begin without indentation, and is then reported
                    // from its first item.
                    let is_value = self.open.last() == Some(&Open::Value);
                    at = if is_value { self.dash().unwrap_or(at) } else { at };
                    self.list_at = at;
                }
                self.start(Kind::Array, anchor, tag.as_deref(), at)
            }
            Event::MappingStart(_, anchor, tag) => self.start(Kind::Object, anchor, tag.as_deref(), at),
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
                self.sink.close()?;
                self.value_done();
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor, at),
            _ => Ok(()),
        }
    }

    fn key(&mut self, text: &str, style: ScalarStyle, tagged: bool, at: usize) {
        if text == "<<" && style == ScalarStyle::Plain && !tagged {
            self.sink.merge_key(at);
        } else {
            self.sink.key(text, at);
        }
        self.key_done();
    }

    fn key_done(&mut self) {
        if let Some(open) = self.open.last_mut() {
            *open = Open::Value;
        }
    }

    fn value_done(&mut self) {
        if let Some(open) = self.open.last_mut().filter(|open| **open == Open::Value) {
            *open = Open::Key;
        }
    }

    fn start(&mut self, kind: Kind, anchor: usize, tag: Option<&Tag>, at: usize) -> Result<(), Stop> {
        if self.open.last() == Some(&Open::Key) {
            let message = "a list or map stands in the place of a key".into();
            return Err(self.sink.stop(ProblemKind::NoJsonValue, at, message, "Use a string as the key."));
        }
        let node = self.sink.open(kind, at)?;
        self.define(anchor, Anchored::Node(node));
        self.open.push(if kind == Kind::Array { Open::Sequence } else { Open::Key });
        if let Some(tag) = tag.filter(|tag| !matches!(tag.core_suffix(), Some("map" | "seq"))) {
            self.unknown_tag(tag, node);
        }
        Ok(())
    }

    fn define(&mut self, anchor: usize, anchored: Anchored) {
        // Anchor 0 means none; a name that is defined again gets a new number.
        if anchor > 0 {
            if self.anchors.len() <= anchor {
                self.anchors.resize_with(anchor + 1, || None);
            }
            self.anchors[anchor] = Some(anchored);
        }
    }

    fn alias(&mut self, anchor: usize, at: usize) -> Result<(), Stop> {
        let is_key = self.open.last() == Some(&Open::Key);
        let anchored = self.anchors.get(anchor).and_then(Option::as_ref);
        match (anchored, is_key) {
            (Some(Anchored::Node(node)), false) => {
                let node = *node;
                self.sink.alias(node, at)?;
                self.value_done();
            }
            (Some(Anchored::Key(text)), false) => {
                self.sink.decoded(Kind::Text, at, text)?;
                self.value_done();
            }
            (Some(Anchored::Key(text)), true) => {
                self.sink.key(text, at);
                self.key_done();
            }
            (Some(Anchored::Node(node)), true) => {
                let Some(text) = self.sink.scalar_text(*node, self.text) else {
                    let message = "an alias in the place of a key repeats no string".into();
                    return Err(self.sink.stop(ProblemKind::NoJsonValue, at, message, "Write the key out."));
                };
                self.sink.key(&text, at);
                self.key_done();
            }
            (None, _) => {
                let message = "an alias repeats what is not known".into();
                return Err(self.sink.stop(ProblemKind::Syntax, at, message, WAY_OUT));
            }
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        at: usize,
    ) -> Result<NodeId, Stop> {
        let plain = style == ScalarStyle::Plain;
        let core = tag.and_then(Tag::core_suffix);
        let value = match (core, tag) {
            (None, None) if plain => resolve(text),
            (None, _) | (Some("str"), _) => Plain::Text,
            (Some(_), _) => resolve(text),
        };
        let node = match value {
            Plain::Is(kind) => self.sink.plain(kind, at)?,
            Plain::Number(number) if plain && number == text => {
                self.sink.raw(Kind::Number, at, at, text.len())?
            }
            Plain::Number(number) => self.sink.decoded(Kind::Number, at, &number)?,
            Plain::NoJson => {
                let message = format!("JSON has no number `{text}`");
                let way_out = "Quote it if it is meant as a string.";
                return Err(self.sink.stop(ProblemKind::NoJsonValue, at, message, way_out));
            }
            Plain::Text => match self.within(text) {
                Some(start) => self.sink.raw(Kind::Text, at, start, text.len())?,
                None => self.sink.decoded(Kind::Text, at, text)?,
            },
        };
        if let Some(tag) = tag.filter(|tag| core.is_none() && !is_non_specific(tag)) {
            self.unknown_tag(tag, node);
        }
        Ok(node)
    }

    /// The first dash behind what has been read, and behind the blanks, comments, anchors and tags
    /// that may stand between.
    fn dash(&self) -> Option<usize> {
        let mut at = self.done;
        loop {
            let rest = self.text.get(at..)?;
            let end = match rest.chars().next()? {
                '-' => return Some(at),
                '#' => rest.find(['\n', '\r'])?,
                '&' | '!' => rest.find(char::is_whitespace)?,
                c if c == ':' || c.is_whitespace() => c.len_utf8(),
                _ => return None,
            };
            at += end;
        }
    }

    /// The place of an item that is not written.
    fn behind_dash(&self, at: usize) -> Option<usize> {
        self.dash().map(|dash| dash + 1).filter(|behind| *behind <= at)
    }

    /// Where the `|` or `>` of a block scalar stands, whose content begins at `at`.
    fn block_indicator(&self, at: usize) -> Option<usize> {
        // What is read on the last line that is not blank, before the content's own line.
        let own_line = self.text.get(..at)?.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let before = self.text.get(self.done..own_line).filter(|part| !part.trim().is_empty());
        let before = before.or_else(|| self.text.get(self.done..at))?.trim_end();
        let line = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let is_indicator = |place: usize| {
            let rest =
                before[place + 1..].trim_start_matches(|c: char| c.is_ascii_digit() || "+-".contains(c));
            let opens = before[..place].ends_with(|c: char| c.is_whitespace());
            opens && (rest.is_empty() || rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#'))
        };
        let mut marks = before[line..].match_indices(['|', '>']).map(|(place, _)| line + place);
        marks.find(|place| is_indicator(*place)).map(|place| self.done + place)
    }

    /// Where a scalar lies in the text, if the parser had no need to rewrite it.
    fn within(&self, scalar: &str) -> Option<usize> {
        let start = scalar.as_ptr().addr().checked_sub(self.text.as_ptr().addr())?;
        let part = self.text.get(start..start.checked_add(scalar.len())?)?;
        (part == scalar).then_some(start)
    }

    fn unknown_tag(&mut self, tag: &Tag, node: NodeId) {
        let message = format!("the tag `{}` means nothing here; its value was kept", short(&tag.original()));
        self.sink.fault(
            "yaml-unknown-tag",
            message,
            node,
            "Remove the tag: JSON has none, so most tools refuse it.",
        );
    }
}

/// `!` alone only says that the scalar is a string.
fn is_non_specific(tag: &Tag) -> bool {
    format!("{}{}", tag.handle(), tag.suffix()) == "!"
}

/// What a plain scalar is in the core schema.
#[derive(Debug, PartialEq)]
enum Plain<'t> {
    Is(Kind),
    /// A number, in JSON's grammar.
    Number(Cow<'t, str>),
    /// Infinity or not a number.
    NoJson,
    Text,
}

fn resolve(text: &str) -> Plain<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Plain::Is(Kind::Null),
        "true" | "True" | "TRUE" => return Plain::Is(Kind::True),
        "false" | "False" | "FALSE" => return Plain::Is(Kind::False),
        _ => {}
    }
    // The common case first: most scalars begin with a letter.
    if !matches!(text.as_bytes()[0], b'0'..=b'9' | b'+' | b'-' | b'.') {
        return Plain::Text;
    }
    if number_length(text.as_bytes()) == text.len() {
        return Plain::Number(Cow::Borrowed(text));
    }
    if let Some(radix) = match text.get(..2) {
        Some("0o") => Some(8),
        Some("0x") => Some(16),
        _ => None,
    } {
        let digits = &text[2..];
        let is_sound = digits.chars().all(|digit| digit.is_digit(radix));
        return match u128::from_str_radix(digits, radix) {
            Ok(number) if is_sound => Plain::Number(Cow::Owned(number.to_string())),
            _ => Plain::Text,
        };
    }
    let (sign, rest) = match text.as_bytes()[0] {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    if matches!(rest, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Plain::NoJson;
    }
    // What the core schema allows and JSON does not: `+1`, `.5`, `1.`, `1.e3`.
    let (mantissa, exponent) = rest.split_at(rest.find(['e', 'E']).unwrap_or(rest.len()));
    let spelt = match mantissa.split_once('.') {
        Some(("", fraction)) if !fraction.is_empty() => format!("{sign}0.{fraction}{exponent}"),
        Some((whole, "")) if !whole.is_empty() => format!("{sign}{whole}{exponent}"),
        _ => format!("{sign}{rest}"),
    };
    let is_unsigned = rest.starts_with(|first: char| first == '.' || first.is_ascii_digit());
    let is_number = is_unsigned && number_length(spelt.as_bytes()) == spelt.len();
    if is_number { Plain::Number(Cow::Owned(spelt)) } else { Plain::Text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_are_what_the_core_schema_says() {
        let numbers = [
            ("0", "0"),
            ("-12", "-12"),
            ("+5", "5"),
            ("1.10", "1.10"),
            (".5", "0.5"),
            ("-.5", "-0.5"),
            ("1.", "1"),
            ("1.e3", "1e3"),
            ("1e3", "1e3"),
            ("0o17", "15"),
            ("0xFF", "255"),
            ("18446744073709551616", "18446744073709551616"),
        ];
        for (text, number) in numbers {
            assert_eq!(resolve(text), Plain::Number(number.into()), "{text}");
        }
        for text in [
            "on",
            "no",
            "yes",
            "y",
            "017",
            "08012",
            "0b11",
            "1_000",
            "12:30:45",
            "2020-01-01",
            "1.2.3",
            "-",
            "+",
            ".",
            "0o8",
            "0o",
            "0x",
            "1e",
            "e1",
            "+.inf.",
            "-0o7",
            "0o+7",
            "Y",
            "--1",
            "+-1",
            ".e1",
        ] {
            assert_eq!(resolve(text), Plain::Text, "{text}");
        }
        for text in [".inf", "-.inf", "+.INF", ".nan", ".NaN"] {
            assert_eq!(resolve(text), Plain::NoJson, "{text}");
        }
        assert_eq!(resolve("~"), Plain::Is(Kind::Null));
        assert_eq!(resolve("True"), Plain::Is(Kind::True));
    }
}
