//! JSON text to the raw tree: strict RFC 8259, nothing more and nothing less.
//!
//! Not recursive: what is open stands in the sink, so depth costs no stack. Strings are scanned
//! eight bytes at a time, which is most of the speed.

use super::ProblemKind;
use super::place::short;
use super::sink::{Sink, Stop};
use super::tree::Kind;

const WAY_OUT: &str = "Mend the JSON: a linter or `python3 -m json.tool FILE` shows the same place.";

/// Reads one JSON text.
pub(super) fn read(text: &str, sink: &mut Sink<'_>) -> Result<(), Stop> {
    Lexer { text, bytes: text.as_bytes(), at: 0, scratch: String::new() }.document(sink)
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    scratch: String,
}

impl Lexer<'_> {
    fn document(&mut self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        // True for an object, false for an array.
        let mut open: Vec<bool> = Vec::new();
        'value: loop {
            self.skip_blanks();
            match self.peek() {
                Some(b'{') => {
                    sink.open(Kind::Object, self.at)?;
                    self.at += 1;
                    self.skip_blanks();
                    if self.peek() == Some(b'}') {
                        self.at += 1;
                        sink.close()?;
                    } else {
                        open.push(true);
                        self.member_key(sink)?;
                        continue 'value;
                    }
                }
                Some(b'[') => {
                    sink.open(Kind::Array, self.at)?;
                    self.at += 1;
                    self.skip_blanks();
                    if self.peek() == Some(b']') {
                        self.at += 1;
                        sink.close()?;
                    } else {
                        open.push(false);
                        continue 'value;
                    }
                }
                Some(b'"') => self.string(sink)?,
                Some(b'-' | b'0'..=b'9') => self.number(sink)?,
                Some(b't') => self.word("true", Kind::True, sink)?,
                Some(b'f') => self.word("false", Kind::False, sink)?,
                Some(b'n') => self.word("null", Kind::Null, sink)?,
                _ => return Err(self.unexpected(sink, "a value")),
            }
            loop {
                self.skip_blanks();
                let Some(in_object) = open.last().copied() else {
                    return match self.peek() {
                        None => Ok(()),
                        Some(_) => Err(self.unexpected(sink, "the end of the text")),
                    };
                };
                match (self.peek(), in_object) {
                    (Some(b','), true) => {
                        self.at += 1;
                        self.skip_blanks();
                        self.member_key(sink)?;
                        continue 'value;
                    }
                    (Some(b','), false) => {
                        self.at += 1;
                        continue 'value;
                    }
                    (Some(b'}'), true) | (Some(b']'), false) => {
                        self.at += 1;
                        open.pop();
                        sink.close()?;
                    }
                    (_, true) => return Err(self.unexpected(sink, "`,` or `}`")),
                    (_, false) => return Err(self.unexpected(sink, "`,` or `]`")),
                }
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        const SPACES: u64 = u64::from_le_bytes(*b"        ");
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
            // Indentation comes in long runs.
            while let Some(chunk) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
                let other = u64::from_le_bytes(*chunk) ^ SPACES;
                self.at += other.trailing_zeros() as usize / 8;
                if other != 0 {
                    break;
                }
            }
        }
    }

    fn member_key(&mut self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let at = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.unexpected(sink, "a key in double quotes"));
        }
        if let Some(length) = sink.likely_key(&self.bytes[at + 1..], at) {
            self.at += length + 2;
            return self.colon(sink);
        }
        match self.string_body(sink)? {
            Some((start, end)) => sink.key(&self.text[start..end], at),
            None => sink.key(&self.scratch, at),
        }
        self.colon(sink)
    }

    fn colon(&mut self, sink: &Sink<'_>) -> Result<(), Stop> {
        if self.peek() != Some(b':') {
            self.skip_blanks();
        }
        if self.peek() != Some(b':') {
            return Err(self.unexpected(sink, "`:`"));
        }
        self.at += 1;
        Ok(())
    }

    fn string(&mut self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let at = self.at;
        match self.string_body(sink)? {
            Some((start, end)) => sink.raw(Kind::Text, at, start, end - start)?,
            None => sink.decoded(Kind::Text, at, &self.scratch)?,
        };
        Ok(())
    }

    /// Reads a string from its opening to behind its closing quote: where its content lies in the
    /// text, or `None` when it has escapes and lies decoded in `scratch`.
    fn string_body(&mut self, sink: &Sink<'_>) -> Result<Option<(usize, usize)>, Stop> {
        let start = self.at + 1;
        self.at = start;
        self.skip_ordinary();
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Some((start, self.at - 1)));
        }
        self.scratch.clear();
        let mut from = start;
        loop {
            self.scratch.push_str(&self.text[from..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(None);
                }
                Some(b'\\') => self.escape(sink)?,
                Some(_) => {
                    let message = "a control character stands in a string unescaped".into();
                    return Err(sink.stop(ProblemKind::Syntax, self.at, message, WAY_OUT));
                }
                None => {
                    let message = "the text ends within a string".into();
                    return Err(sink.stop(ProblemKind::Syntax, start - 1, message, WAY_OUT));
                }
            }
            from = self.at;
            self.skip_ordinary();
        }
    }

    /// To the next quote, backslash or control character.
    fn skip_ordinary(&mut self) {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const HIGH: u64 = 0x8080_8080_8080_8080;
        while let Some(chunk) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
            let word = u64::from_le_bytes(*chunk);
            let zero_in = |x: u64| x.wrapping_sub(ONES) & !x & HIGH;
            let quote = zero_in(word ^ (ONES * b'"' as u64));
            let backslash = zero_in(word ^ (ONES * b'\\' as u64));
            let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
            // Borrows falsify only bytes above the first hit.
            let hit = quote | backslash | control;
            if hit != 0 {
                self.at += hit.trailing_zeros() as usize / 8;
                return;
            }
            self.at += 8;
        }
        while self.peek().is_some_and(|byte| byte != b'"' && byte != b'\\' && byte >= 0x20) {
            self.at += 1;
        }
    }

    fn escape(&mut self, sink: &Sink<'_>) -> Result<(), Stop> {
        let at = self.at;
        let c = match self.bytes.get(at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(sink),
            _ => {
                let message = "a backslash starts no escape that JSON knows".into();
                return Err(sink.stop(ProblemKind::Syntax, at, message, WAY_OUT));
            }
        };
        self.at += 2;
        self.scratch.push(c);
        Ok(())
    }

    fn unicode_escape(&mut self, sink: &Sink<'_>) -> Result<(), Stop> {
        let at = self.at;
        let stop = |what: &str| sink.stop(ProblemKind::Syntax, at, what.into(), WAY_OUT);
        let first = self.hex4(at + 2).ok_or_else(|| stop("`\\u` needs four hexadecimal digits"))?;
        self.at += 6;
        let code = match first {
            0xD800..=0xDBFF => {
                let second = match self.bytes.get(self.at..self.at + 2) {
                    Some(b"\\u") => self.hex4(self.at + 2),
                    _ => None,
                };
                let Some(second @ 0xDC00..=0xDFFF) = second else {
                    return Err(stop("half a surrogate pair is no character"));
                };
                self.at += 6;
                0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
            }
            code => code,
        };
        // What is left out of `char` is the second half of a pair, standing alone.
        let c = char::from_u32(code).ok_or_else(|| stop("half a surrogate pair is no character"))?;
        self.scratch.push(c);
        Ok(())
    }

    fn hex4(&self, from: usize) -> Option<u32> {
        let digits = self.bytes.get(from..from + 4)?;
        digits.iter().try_fold(0, |code, digit| Some(code * 16 + (*digit as char).to_digit(16)?))
    }

    fn number(&mut self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        let start = self.at;
        let end = start + number_length(&self.bytes[start..]);
        let next = self.bytes.get(end).copied();
        if end == start
            || next.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-' | b'_'))
        {
            let word: String = self.text[start..]
                .chars()
                .take_while(|c| !c.is_whitespace() && !",]}".contains(*c))
                .collect();
            let message = format!("`{}` is no JSON number", short(&word));
            return Err(sink.stop(ProblemKind::Syntax, start, message, WAY_OUT));
        }
        self.at = end;
        sink.raw(Kind::Number, start, start, end - start)?;
        Ok(())
    }

    fn word(&mut self, word: &str, kind: Kind, sink: &mut Sink<'_>) -> Result<(), Stop> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(self.unexpected(sink, "a value"));
        }
        sink.plain(kind, self.at)?;
        self.at += word.len();
        Ok(())
    }

    fn unexpected(&self, sink: &Sink<'_>, wanted: &str) -> Stop {
        let message = match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(c) => format!("expected {wanted}, found `{}`", c.escape_debug()),
            None => format!("the text ends where {wanted} should stand: it is cut short"),
        };
        sink.stop(ProblemKind::Syntax, self.at, message, WAY_OUT)
    }
}

/// Length of the longest JSON number at the start of `bytes`; 0 where there is none.
pub(super) fn number_length(bytes: &[u8]) -> usize {
    let digits =
        |from: usize| bytes.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    match bytes.get(at) {
        Some(b'0') => at += 1,
        Some(b'1'..=b'9') => at += digits(at),
        _ => return 0,
    }
    if bytes.get(at) == Some(&b'.') && digits(at + 1) > 0 {
        at += 1 + digits(at + 1);
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        if digits(at + 1 + sign) > 0 {
            at += 1 + sign + digits(at + 1 + sign);
        }
    }
    at
}
