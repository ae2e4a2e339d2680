//! Regular expressions of schemas: which an engine takes, and whether a text matches.
//!
//! The engine is that of `jsonschema`, which translates ECMA-262; it backtracks, so how far is
//! bounded.

use std::collections::HashMap;

use super::super::place::short;
use super::super::tree::NodeId;
use super::super::{Document, Fault, Severity};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{PatternOptions, Validator};
use serde_json::{Value, json};

/// Steps back that one match may take.
const BACKTRACKS: usize = 50_000;
/// Patterns that are compiled for one document.
const MOST: usize = 5_000;
/// Texts and patterns longer than this are not matched.
const LONGEST: usize = 20_000;

/// The patterns of one document, each compiled once, when it is asked for.
#[derive(Default)]
pub(super) struct Patterns {
    compiled: HashMap<Box<str>, Option<Validator>>,
}

impl Patterns {
    /// Whether the text matches; `None` where the engine cannot tell.
    pub(super) fn matches(&mut self, pattern: &str, text: &str) -> Option<bool> {
        if text.len() > LONGEST {
            return None;
        }
        let value = Value::from(text);
        match self.compiled(pattern)?.validate(&value) {
            Ok(()) => Some(true),
            Err(error) => matches!(error.kind(), ValidationErrorKind::Pattern { .. }).then_some(false),
        }
    }

    fn compiled(&mut self, pattern: &str) -> Option<&Validator> {
        if !self.compiled.contains_key(pattern) {
            if self.compiled.len() >= MOST || pattern.len() > LONGEST {
                return None;
            }
            self.compiled.insert(pattern.into(), compile(pattern));
        }
        self.compiled.get(pattern)?.as_ref()
    }

    /// Whether no engine takes the pattern: neither is it ECMA-262, nor can ours compile it.
    pub(super) fn is_refused(&mut self, pattern: &str) -> bool {
        let is_known = self.compiled.len() < MOST && pattern.len() <= LONGEST;
        is_known && self.compiled(pattern).is_none() && !is_ecma(pattern)
    }
}

/// The patterns of a document that no engine takes.
pub(super) fn judge(document: &Document, patterns: &mut Patterns) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut found = |pattern: &str, node: NodeId| {
        if patterns.is_refused(pattern) {
            faults.push(Fault {
                rule: "pattern-invalid",
                severity: Severity::Error,
                message: format!("`{}` is no regular expression", short(pattern)),
                node,
                help: "Mend it: `pattern` is a regular expression by ECMA-262, without slashes around it.",
            });
        }
    };
    let tree = document.tree();
    for (_, schema) in document.api().schemas.iter() {
        if let Some(pattern) = schema.pattern() {
            found(pattern, tree.get(schema.node, "pattern").unwrap_or(schema.node));
        }
        for (pattern, inner) in schema.pattern_properties() {
            found(pattern, document.api().schemas.get(*inner).node);
        }
    }
    faults
}

fn compile(pattern: &str) -> Option<Validator> {
    let build = |pattern: &str| {
        let options = jsonschema::options().offline();
        let options = options.with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACKS));
        options.build(&json!({"pattern": pattern})).ok()
    };
    build(pattern).or_else(|| build(&strict(pattern)))
}

/// The same pattern without what ECMA-262 lets pass in its annex B, as browsers do: brackets and
/// braces that stand for themselves, and a hyphen beside a class within a class (`[\w-.]`).
fn strict(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut in_class = false;
    let mut after_class_escape = false;
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let (this, next) = rest.split_at(first.len_utf8());
        let was_class_escape = std::mem::take(&mut after_class_escape);
        rest = next;
        match first {
            '\\' => {
                let length = rest.chars().next().map_or(0, char::len_utf8);
                let (escaped, next) = rest.split_at(length);
                after_class_escape = matches!(escaped, "d" | "D" | "s" | "S" | "w" | "W");
                out.push('\\');
                out.push_str(escaped);
                rest = next;
                continue;
            }
            '[' if !in_class => in_class = true,
            ']' if in_class => in_class = false,
            '-' if in_class && !rest.starts_with(']') && (was_class_escape || is_class_escape(rest)) => {
                out.push('\\');
            }
            ']' | '}' if !in_class => out.push('\\'),
            '{' if !in_class => {
                let end = rest.find('}').unwrap_or(0);
                let bounds = &rest[..end];
                let is_count = bounds.starts_with(|c: char| c.is_ascii_digit())
                    && bounds.chars().all(|c| c.is_ascii_digit() || c == ',')
                    && bounds.matches(',').count() < 2;
                if is_count {
                    out.push_str(this);
                    out.push_str(&rest[..=end]);
                    rest = &rest[end + 1..];
                    continue;
                }
                out.push('\\');
            }
            _ => {}
        }
        out.push_str(this);
    }
    out
}

fn is_class_escape(rest: &str) -> bool {
    ["\\d", "\\D", "\\s", "\\S", "\\w", "\\W"].iter().any(|escape| rest.starts_with(escape))
}

/// Whether the text is a regular expression by ECMA-262.
fn is_ecma(pattern: &str) -> bool {
    let options = jsonschema::options().offline().should_validate_formats(true);
    let schema = options.build(&json!({"format": "regex"}));
    schema.is_ok_and(|schema| schema.is_valid(&Value::from(pattern)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ecma_or_the_engine_takes_is_not_refused() {
        let mut patterns = Patterns::default();
        for sound in [
            "^a$",
            "[[A-Z0-9]{1,18}",
            r"^(?!x)\w+$",
            r"(a)\1",
            r"\d{4}",
            "",
            r"\p{L}+",
            r"[\w.-]+",
            r"^[\w-\.]*$",
            "^{id}$",
            "a]",
            r"\A(eni-)\z",
        ] {
            assert!(!patterns.is_refused(sound), "{sound}");
        }
        for broken in ["(", "a{2,1}", "*a", "[z-a]", "(?<n", "[a"] {
            assert!(patterns.is_refused(broken), "{broken}");
        }
    }

    #[test]
    fn a_match_that_runs_away_is_not_decided() {
        let mut patterns = Patterns::default();
        assert_eq!(patterns.matches("^a+$", "aaa"), Some(true));
        assert_eq!(patterns.matches("^a+$", "ab"), Some(false));
        assert_eq!(patterns.matches("(", "ab"), None);
        assert_eq!(patterns.matches(r"^(a|aa|\1)*(?!c)$", &format!("{}b", "a".repeat(400))), None);
    }
}
