//! Which names the schemas of either side declare: an object is asked to hold only names that the
//! sender declares, and such that nobody declares.
//!
//! A schema declares what any part of it does that applies to the same value, whether that part holds
//! or not: else a name would be closed while an alternative that declares it is still to be chosen.
//!
//! States with hundreds of schemas ask this for every name that a way speaks of, so names are numbers
//! and what a state has declared is a set of bits.

use std::cmp::Ordering;
use std::ops::Deref;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::goal::{Engine, Lit};
use super::state::State;

/// What a member is called. States speak of the same names over and over: each has a number.
#[derive(Clone, Debug)]
pub(super) struct Name {
    number: u32,
    text: Arc<str>,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Name {}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// In the order in which they were first met.
impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        self.number.cmp(&other.number)
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

/// A set of names.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(Vec<u64>);

impl Names {
    /// Adds a name; `false` where it is there already.
    pub(super) fn insert(&mut self, name: &Name) -> bool {
        if self.has(name) {
            return false;
        }
        let word = name.number as usize / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (name.number % 64);
        true
    }

    fn has(&self, name: &Name) -> bool {
        self.0.get(name.number as usize / 64).is_some_and(|word| word & 1 << (name.number % 64) != 0)
    }

    fn add(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }
}

/// The names of both documents, and which of them each schema declares.
#[derive(Default)]
pub(super) struct Vocabulary {
    names: FxHashMap<Arc<str>, u32>,
    /// By class.
    declared: FxHashMap<u32, Arc<Declared>>,
}

/// What one schema declares.
#[derive(Default)]
struct Declared {
    names: Names,
    /// The parts that declare names by patterns.
    patterned: Vec<Lit>,
}

impl Engine<'_> {
    /// A name by its text, of which an engine has a copy of its own, as it is handed around by the thousand.
    pub(super) fn name(&mut self, text: &str) -> Name {
        let names = &mut self.vocabulary.names;
        if let Some((text, number)) = names.get_key_value(text) {
            return Name { number: *number, text: text.clone() };
        }
        let number = u32::try_from(names.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = text.into();
        names.insert(text.clone(), number);
        Name { number, text }
    }

    /// Notes what a schema that was taken in declares.
    pub(super) fn declare(&mut self, state: &mut State, lit: Lit) {
        let declared = match self.vocabulary.declared.get(&lit.class) {
            Some(known) => known.clone(),
            None => {
                let declared = Arc::new(self.declared(lit));
                self.vocabulary.declared.insert(lit.class, declared.clone());
                declared
            }
        };
        state.declared[usize::from(lit.side)].add(&declared.names);
        state.patterned.extend(declared.patterned.iter().map(|part| Lit { side: lit.side, ..*part }));
    }

    fn declared(&mut self, lit: Lit) -> Declared {
        let mut declared = Declared::default();
        let mut todo = vec![lit];
        let mut seen = vec![lit.class];
        while let Some(lit) = todo.pop() {
            let (_, schema) = self.schema(lit);
            let dependent = schema.dependent_required().iter();
            let all = schema
                .properties()
                .iter()
                .map(|(name, _)| name)
                .chain(schema.required())
                .chain(dependent.flat_map(|(name, needed)| std::iter::once(name).chain(needed)))
                .chain(schema.dependent_schemas().iter().map(|(name, _)| name));
            for name in all {
                declared.names.insert(&self.name(name));
            }
            if !schema.pattern_properties().is_empty() {
                declared.patterned.push(lit);
            }
            for id in schema.in_place() {
                let part = self.below(lit, id, true);
                if !seen.contains(&part.class) {
                    seen.push(part.class);
                    todo.push(part);
                }
            }
        }
        declared
    }

    /// Whether the receiver alone declares a name.
    pub(super) fn is_unsent(&mut self, state: &State, name: &Name) -> bool {
        let [mut is_sent, mut is_read] = [0, 1].map(|side: usize| state.declared[side].has(name));
        for lit in &state.patterned {
            let (_, schema) = self.schema(*lit);
            let matches = schema.pattern_properties().iter().any(|(pattern, _)| {
                self.languages.pattern(pattern).is_ok_and(|language| language.matches(name))
            });
            is_sent |= matches && lit.side == 0;
            is_read |= matches && lit.side == 1;
        }
        is_read && !is_sent
    }
}
