//! Patterns of schemas as trees: ECMA-262 in its Unicode mode, read code point by code point.
//!
//! Real documents are written without that mode, so what annex B lets pass is taken where the
//! engines in use read it alike; where they differ, or a pattern is not regular, it is refused with
//! the reason. Nothing here knows of automata.
//!
//! Source: ECMA-262, section 22.2.1 and annex B.1.2; JSON Schema 2020-12, core, section 6.4.

use std::iter::Peekable;
use std::str::Chars;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

/// Groups within groups that are followed.
const DEEPEST: usize = 100;
/// Bytes of a pattern that are read.
const LONGEST: usize = 50_000;

/// What a part of a pattern demands of a text and of the place it stands at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// Nothing: the empty text.
    Empty,
    /// One character of a set.
    Class(ClassUnicode),
    /// One after the other.
    Concat(Vec<Node>),
    /// Any of them.
    Alternation(Vec<Node>),
    /// As often as the bounds say; no upper one where there is `None`.
    Repeat(Box<Node>, u32, Option<u32>),
    /// The beginning of the text.
    Start,
    /// The end of the text, and not the place before a last line feed.
    End,
    /// A place with a word character on exactly one side, or where `false`, not on exactly one.
    Boundary(bool),
    /// What follows, or with `behind`, what comes before matches the tree; with `negated`, does not.
    Look { behind: bool, negated: bool, node: Box<Node> },
}

/// Reads a pattern.
///
/// # Errors
///
/// Says why it is not regular, is no pattern, or is read differently by the engines in use.
pub(super) fn parse(pattern: &str) -> Result<Node, String> {
    if pattern.len() > LONGEST {
        return Err(format!("a pattern of {} bytes is too large", pattern.len()));
    }
    let mut parser = Parser {
        rest: pattern.chars().peekable(),
        depth: 0,
        fold: false,
        dot_all: false,
        lone_bracket: false,
        odd_class: false,
    };
    if let Some(flags) = leading_flags(pattern) {
        for flag in flags.chars() {
            parser.flag(flag, true)?;
        }
        for _ in 0..flags.len() + 3 {
            parser.rest.next();
        }
    }
    let node = parser.alternation()?;
    if parser.rest.next().is_some() {
        return Err("no regular expression: a `)` without its `(`".to_owned());
    }
    if parser.lone_bracket && parser.odd_class {
        return Err(differ("a `]` right after a `[`"));
    }
    Ok(node)
}

/// Bounds from which a number of characters is better counted than unrolled.
const COUNTED: u32 = 500;

/// `^[…]{n,m}$` with large bounds: the same without them, and the bounds.
pub(super) fn counted(node: &Node) -> Option<(Node, u64, Option<u64>)> {
    let Node::Concat(parts) = node else { return None };
    let [Node::Start, Node::Repeat(inner, min, max), Node::End] = parts.as_slice() else { return None };
    if !matches!(**inner, Node::Class(_)) || max.unwrap_or(*min) < COUNTED {
        return None;
    }
    let any = Node::Repeat(inner.clone(), 0, None);
    Some((Node::Concat(vec![Node::Start, any, Node::End]), u64::from(*min), max.map(u64::from)))
}

/// Which way a pattern is bent that is too large to be followed to the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bend {
    /// It finds less.
    Narrow,
    /// It finds more.
    Wide,
}

/// A smaller pattern that finds less or more: repetitions end soon, or never.
pub(super) fn bent(node: &Node, bend: Bend) -> Node {
    const FEW: u32 = 3;
    let all = |parts: &[Node]| parts.iter().map(|part| bent(part, bend)).collect();
    match node {
        Node::Concat(parts) => Node::Concat(all(parts)),
        Node::Alternation(parts) => Node::Alternation(all(parts)),
        Node::Repeat(inner, min, max) => {
            let inner = Box::new(bent(inner, bend));
            match (bend, *max) {
                (Bend::Narrow, max) => Node::Repeat(inner, *min, max.map(|max| max.min(FEW.max(*min)))),
                (Bend::Wide, Some(max)) if max <= FEW => Node::Repeat(inner, *min, Some(max)),
                (Bend::Wide, _) => Node::Repeat(inner, (*min).min(FEW), None),
            }
        }
        Node::Look { behind, negated, node } => {
            let bend = match (bend, negated) {
                (Bend::Narrow, false) | (Bend::Wide, true) => Bend::Narrow,
                (Bend::Wide, false) | (Bend::Narrow, true) => Bend::Wide,
            };
            Node::Look { behind: *behind, negated: *negated, node: Box::new(bent(node, bend)) }
        }
        Node::Empty | Node::Class(_) | Node::Start | Node::End | Node::Boundary(_) => node.clone(),
    }
}

#[cfg(test)]
/// The characters of a text as a class each, so that a literal is a tree as well.
pub(super) fn literal(text: &str) -> Node {
    Node::Concat(text.chars().map(|c| Node::Class(single(c))).collect())
}

/// The word characters of `\w` and `\b`.
pub(super) fn word() -> ClassUnicode {
    class(&[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')])
}

/// Every character.
pub(super) fn any() -> ClassUnicode {
    class(&[('\0', char::MAX)])
}

/// `i` and `s` of `(?is)` at the very beginning, as Perl and its heirs write flags for all.
fn leading_flags(pattern: &str) -> Option<&str> {
    let (flags, _) = pattern.strip_prefix("(?")?.split_once(')')?;
    (!flags.is_empty() && flags.bytes().all(|b| b.is_ascii_lowercase())).then_some(flags)
}

fn differ(what: &str) -> String {
    format!("engines differ in what they make of {what}")
}

fn broken(what: &str) -> String {
    format!("no regular expression: {what}")
}

fn class(ranges: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(ranges.iter().map(|&(from, to)| ClassUnicodeRange::new(from, to)))
}

fn single(c: char) -> ClassUnicode {
    class(&[(c, c)])
}

/// The characters between two code points.
fn range(from: u32, to: u32) -> ClassUnicode {
    // What lies between the surrogates has no characters, so ends within are moved out of there.
    let first = if (0xd800..0xe000).contains(&from) { 0xe000 } else { from };
    let last = if (0xd800..0xe000).contains(&to) { 0xd7ff } else { to };
    match (char::from_u32(first), char::from_u32(last)) {
        (Some(first), Some(last)) if first <= last => class(&[(first, last)]),
        _ => class(&[]),
    }
}

fn digit() -> ClassUnicode {
    class(&[('0', '9')])
}

/// `WhiteSpace` and `LineTerminator`.
fn space() -> ClassUnicode {
    class(&[
        ('\t', '\r'),
        (' ', ' '),
        ('\u{a0}', '\u{a0}'),
        ('\u{1680}', '\u{1680}'),
        ('\u{2000}', '\u{200a}'),
        ('\u{2028}', '\u{2029}'),
        ('\u{202f}', '\u{202f}'),
        ('\u{205f}', '\u{205f}'),
        ('\u{3000}', '\u{3000}'),
        ('\u{feff}', '\u{feff}'),
    ])
}

fn negated(mut class: ClassUnicode) -> ClassUnicode {
    class.negate();
    class
}

/// What stands between the brackets of a class, or after a backslash.
enum Atom {
    /// A code point, perhaps half of a surrogate pair, which no text holds.
    One(u32),
    Many(ClassUnicode),
}

/// How often something is repeated, as it stands in braces.
struct Bounds {
    /// Characters with the braces.
    length: usize,
    bounds: Result<(u32, Option<u32>), String>,
}

struct Parser<'a> {
    rest: Peekable<Chars<'a>>,
    depth: usize,
    /// Whether capitals are as good as small letters.
    fold: bool,
    /// Whether `.` takes line terminators.
    dot_all: bool,
    /// Whether a `]` stood for itself outside a class.
    lone_bracket: bool,
    /// Whether a class had nothing before its `]`.
    odd_class: bool,
}

impl Parser<'_> {
    fn flag(&mut self, flag: char, on: bool) -> Result<(), String> {
        match flag {
            'i' => self.fold = on,
            's' => self.dot_all = on,
            _ => return Err(differ(&format!("the flag `{flag}`"))),
        }
        Ok(())
    }

    fn take(&mut self, wanted: char) -> bool {
        self.rest.next_if_eq(&wanted).is_some()
    }

    /// Whether the rest begins like this; it stays where it is.
    fn looks_at(&self, wanted: &str) -> bool {
        let mut rest = self.rest.clone();
        wanted.chars().all(|c| rest.next() == Some(c))
    }

    fn skip(&mut self, wanted: &str) -> bool {
        let found = self.looks_at(wanted);
        if found {
            for _ in wanted.chars() {
                self.rest.next();
            }
        }
        found
    }

    fn alternation(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("groups are nested too deeply".to_owned());
        }
        let mut alternatives = vec![self.sequence()?];
        while self.take('|') {
            alternatives.push(self.sequence()?);
        }
        self.depth -= 1;
        Ok(one_of(alternatives))
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut parts = Vec::new();
        while let Some(&next) = self.rest.peek() {
            if matches!(next, '|' | ')') {
                break;
            }
            let term = self.term()?;
            let term = self.quantified(term)?;
            if term != Node::Empty {
                parts.push(term);
            }
        }
        Ok(match parts.len() {
            0 => Node::Empty,
            1 => parts.swap_remove(0),
            _ => Node::Concat(parts),
        })
    }

    fn term(&mut self) -> Result<Node, String> {
        let Some(first) = self.rest.next() else { return Ok(Node::Empty) };
        Ok(match first {
            '^' => Node::Start,
            '$' => Node::End,
            '.' if self.dot_all => Node::Class(any()),
            '.' => Node::Class(negated(class(&[('\n', '\n'), ('\r', '\r'), ('\u{2028}', '\u{2029}')]))),
            '(' => return self.group(),
            '[' => Node::Class(self.class()?),
            '\\' => return self.escape(),
            '*' | '+' | '?' => return Err(broken(&format!("`{first}` has nothing to repeat"))),
            '{' => {
                if self.bounds().is_some() {
                    return Err(broken("`{` has nothing to repeat"));
                }
                if self.looks_at(",") {
                    return Err(differ("`{,`"));
                }
                self.one('{')
            }
            ']' => {
                self.lone_bracket = true;
                self.one(']')
            }
            other => self.one(other),
        })
    }

    fn one(&self, c: char) -> Node {
        Node::Class(self.folded(single(c)))
    }

    fn folded(&self, mut class: ClassUnicode) -> ClassUnicode {
        if self.fold {
            class.case_fold_simple();
        }
        class
    }

    fn group(&mut self) -> Result<Node, String> {
        let kept = (self.fold, self.dot_all);
        let mut look = None;
        if self.take('?') {
            let Some(kind) = self.rest.next() else { return Err(broken("a `(` without its `)`")) };
            match kind {
                ':' => {}
                '=' => look = Some((false, false)),
                '!' => look = Some((false, true)),
                '<' if self.take('=') => look = Some((true, false)),
                '<' if self.take('!') => look = Some((true, true)),
                '<' => self.group_name()?,
                'P' if self.take('<') => self.group_name()?,
                'P' if self.looks_at("=") => return Err("a back-reference is not regular".to_owned()),
                'a'..='z' | '-' => self.modifiers(kind)?,
                other => return Err(differ(&format!("`(?{other}`"))),
            }
        }
        let inner = self.alternation()?;
        if !self.take(')') {
            return Err(broken("a `(` without its `)`"));
        }
        (self.fold, self.dot_all) = kept;
        Ok(match look {
            Some((behind, negated)) => Node::Look { behind, negated, node: Box::new(inner) },
            None => inner,
        })
    }

    fn group_name(&mut self) -> Result<(), String> {
        let mut length = 0;
        loop {
            match self.rest.next() {
                Some('>') if length > 0 => return Ok(()),
                Some(c) if c == '_' || c == '$' || c.is_alphanumeric() => length += 1,
                _ => return Err(broken("a name of a group is cut short")),
            }
        }
    }

    fn modifiers(&mut self, first: char) -> Result<(), String> {
        let mut on = true;
        let mut next = Some(first);
        loop {
            match next {
                Some('-') if on => on = false,
                Some(':') => return Ok(()),
                Some(flag @ 'a'..='z') => self.flag(flag, on)?,
                Some(')') => return Err(differ("flags that do not stand at the beginning")),
                _ => return Err(broken("flags of a group are cut short")),
            }
            next = self.rest.next();
        }
    }

    fn quantified(&mut self, node: Node) -> Result<Node, String> {
        let Some(&next) = self.rest.peek() else { return Ok(node) };
        let (min, max) = match next {
            '*' => (0, None),
            '+' => (1, None),
            '?' => (0, Some(1)),
            '{' => {
                if let Some(Bounds { length, bounds }) = self.braced() {
                    for _ in 0..length {
                        self.rest.next();
                    }
                    bounds?
                } else if self.looks_at("{,") {
                    return Err(differ("`{,`"));
                } else {
                    return Ok(node);
                }
            }
            _ => return Ok(node),
        };
        if next != '{' {
            self.rest.next();
        }
        self.take('?');
        if matches!(node, Node::Start | Node::End | Node::Boundary(_) | Node::Look { behind: true, .. }) {
            return Err(differ("an assertion that is repeated"));
        }
        if matches!(self.rest.peek(), Some('*' | '+' | '?')) || self.braced().is_some() {
            return Err(differ("a quantifier after a quantifier"));
        }
        Ok(match (min, max) {
            // Annex B: an iteration that takes nothing is none, so one look is as good as many.
            _ if matches!(node, Node::Look { .. }) => {
                if min == 0 {
                    Node::Empty
                } else {
                    node
                }
            }
            (_, Some(0)) => Node::Empty,
            (1, Some(1)) => node,
            _ if node == Node::Empty => node,
            _ => Node::Repeat(Box::new(node), min, max),
        })
    }

    /// The bounds in braces whose opening one has been read; nothing is taken.
    fn bounds(&self) -> Option<Bounds> {
        let mut rest = self.rest.clone();
        let mut text = String::new();
        loop {
            match rest.next()? {
                '}' => break,
                c if c == ',' || c.is_ascii_digit() => text.push(c),
                _ => return None,
            }
        }
        let (min, max) = text.split_once(',').map_or((text.as_str(), Some(text.as_str())), |(min, max)| {
            (min, (!max.is_empty()).then_some(max))
        });
        if min.is_empty() || max.is_some_and(|max| max.contains(',')) {
            return None;
        }
        let number = |digits: &str| {
            digits.parse::<u32>().map_err(|_| format!("a repetition of {digits} times is too large"))
        };
        let bounds = number(min).and_then(|min| match max.map(number).transpose()? {
            Some(max) if max < min => Err(broken("the bounds of a repetition are crossed")),
            max => Ok((min, max)),
        });
        Some(Bounds { length: text.len() + 2, bounds })
    }

    /// The bounds in braces that come next; nothing is taken.
    fn braced(&self) -> Option<Bounds> {
        let mut ahead = Parser { rest: self.rest.clone(), ..*self };
        if ahead.take('{') { ahead.bounds() } else { None }
    }

    /// After a backslash, outside a class.
    fn escape(&mut self) -> Result<Node, String> {
        match self.rest.peek() {
            None => Err(broken("it ends in a backslash")),
            Some('b') => {
                self.rest.next();
                Ok(Node::Boundary(true))
            }
            Some('B') => {
                self.rest.next();
                Ok(Node::Boundary(false))
            }
            // By the letter an A and a z; all engines but those of browsers hold them for anchors.
            Some('A') => {
                self.rest.next();
                Ok(Node::Start)
            }
            Some('z') => {
                self.rest.next();
                Ok(Node::End)
            }
            Some('1'..='9' | 'k') => Err("a back-reference is not regular".to_owned()),
            Some('<' | '>') => Err(differ("`\\<` and `\\>`")),
            Some(_) => Ok(Node::Class(match self.escaped()? {
                Atom::One(code) => self.folded(range(code, code)),
                Atom::Many(class) => self.folded(class),
            })),
        }
    }

    /// A character or a set after a backslash, in and outside classes.
    fn escaped(&mut self) -> Result<Atom, String> {
        let Some(first) = self.rest.next() else { return Err(broken("it ends in a backslash")) };
        Ok(match first {
            'd' => Atom::Many(digit()),
            'D' => Atom::Many(negated(digit())),
            'w' => Atom::Many(self.folded(word())),
            'W' => Atom::Many(negated(self.folded(word()))),
            's' => Atom::Many(space()),
            'S' => Atom::Many(negated(space())),
            'p' | 'P' => {
                let property = self.property()?;
                Atom::Many(if first == 'P' { negated(property) } else { property })
            }
            'f' => Atom::One(0xc),
            'n' => Atom::One(0xa),
            'r' => Atom::One(0xd),
            't' => Atom::One(0x9),
            'v' => Atom::One(0xb),
            '0' if !matches!(self.rest.peek(), Some('0'..='9')) => Atom::One(0),
            'c' => match self.rest.next_if(char::is_ascii_alphabetic) {
                Some(letter) => Atom::One(u32::from(letter) % 32),
                None => return Err(differ("`\\c` without a letter")),
            },
            'x' => Atom::One(self.hex(2).ok_or_else(|| differ("`\\x`"))?),
            'u' => Atom::One(self.unicode()?),
            other if other.is_ascii_alphanumeric() => return Err(differ(&format!("`\\{other}`"))),
            other => Atom::One(u32::from(other)),
        })
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        let mut value = 0;
        for _ in 0..digits {
            value = value * 16 + self.rest.next()?.to_digit(16)?;
        }
        Some(value)
    }

    /// After `\u`: four digits, two times four for a surrogate pair, or some in braces.
    fn unicode(&mut self) -> Result<u32, String> {
        if self.take('{') {
            let mut digits = String::new();
            while let Some(digit) = self.rest.next_if(char::is_ascii_hexdigit) {
                digits.push(digit);
            }
            let found = u32::from_str_radix(&digits, 16).ok().filter(|&code| code <= 0x10_ffff);
            return found.filter(|_| self.take('}')).ok_or_else(|| differ("`\\u{`"));
        }
        let unit = self.hex(4).ok_or_else(|| differ("`\\u`"))?;
        let mut ahead = Parser { rest: self.rest.clone(), ..*self };
        if (0xd800..0xdc00).contains(&unit)
            && ahead.skip("\\u")
            && let Some(low @ 0xdc00..0xe000) = ahead.hex(4)
        {
            self.rest = ahead.rest;
            return Ok(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
        }
        Ok(unit)
    }

    /// After `\p`: the table of the property that the braces name.
    fn property(&mut self) -> Result<ClassUnicode, String> {
        let mut name = String::new();
        if self.take('{') {
            while let Some(c) = self.rest.next_if(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '=')) {
                name.push(c);
            }
            if !self.take('}') {
                name.clear();
            }
        }
        if name.is_empty() {
            return Err(differ("`\\p` without a property"));
        }
        let hir = regex_syntax::parse(&format!("\\p{{{name}}}"))
            .map_err(|_| format!("no regular expression: no property `{name}` of Unicode is known"))?;
        match hir.into_kind() {
            HirKind::Class(Class::Unicode(class)) => Ok(class),
            HirKind::Empty => Ok(class(&[])),
            // A property of one character is a literal there.
            HirKind::Literal(literal) => Ok(std::str::from_utf8(&literal.0)
                .ok()
                .and_then(|text| text.chars().next())
                .map_or_else(|| class(&[]), single)),
            _ => Err(format!("the property `{name}` is no set of characters")),
        }
    }

    /// After `[`, up to and with the `]`.
    fn class(&mut self) -> Result<ClassUnicode, String> {
        let is_negated = self.take('^');
        let mut set = class(&[]);
        if self.rest.peek() == Some(&']') {
            self.odd_class = true;
        }
        loop {
            if self.take(']') {
                break;
            }
            let from = self.class_atom()?;
            let is_range = self.looks_at("-") && !self.looks_at("-]");
            if !is_range {
                set.union(&from.into_class());
                continue;
            }
            self.take('-');
            let to = self.class_atom()?;
            match (from, to) {
                (Atom::One(from), Atom::One(to)) if from <= to => set.union(&range(from, to)),
                (Atom::One(_), Atom::One(_)) => return Err(broken("the ends of a range are crossed")),
                // Annex B: beside a set, the hyphen stands for itself.
                (from, to) => {
                    for part in [from.into_class(), single('-'), to.into_class()] {
                        set.union(&part);
                    }
                }
            }
        }
        let set = self.folded(set);
        Ok(if is_negated { negated(set) } else { set })
    }

    fn class_atom(&mut self) -> Result<Atom, String> {
        match self.rest.next() {
            None => Err(broken("a `[` without its `]`")),
            Some('\\') if self.take('b') => Ok(Atom::One(0x8)),
            Some('\\') => self.escaped(),
            Some(c) => Ok(Atom::One(u32::from(c))),
        }
    }
}

impl Atom {
    fn into_class(self) -> ClassUnicode {
        match self {
            Self::One(code) => range(code, code),
            Self::Many(class) => class,
        }
    }
}

/// Alternatives; those of one character become one set, which keeps automata small.
fn one_of(alternatives: Vec<Node>) -> Node {
    let mut set: Option<ClassUnicode> = None;
    let mut others = Vec::new();
    for alternative in alternatives {
        match alternative {
            Node::Class(class) => match &mut set {
                Some(set) => set.union(&class),
                None => set = Some(class),
            },
            other => others.push(other),
        }
    }
    others.extend(set.map(Node::Class));
    match others.len() {
        1 => others.swap_remove(0),
        _ => Node::Alternation(others),
    }
}
