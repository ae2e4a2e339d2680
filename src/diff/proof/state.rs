//! What is known of the value that is looked for, once its type is chosen.

use std::sync::Arc;

use serde_json::Value;

use super::goal::Lit;
use super::language::Language;
use super::vocabulary::{Name, Names};
use crate::spec::decimal::Decimal;

/// The types of JSON, `integer` being a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    #[default]
    Null,
    Boolean,
    Number,
    Text,
    Array,
    Object,
}

/// In the order in which they are tried: texts and numbers please most; null surprises.
pub(super) const KINDS: [Kind; 6] =
    [Kind::Text, Kind::Number, Kind::Object, Kind::Array, Kind::Boolean, Kind::Null];

/// One demand on a value of known type. A name, an index or a place below stands with the demands on
/// what is there.
#[derive(Clone, Debug)]
pub(super) enum Atom {
    /// A schema holds, or does not.
    Schema(Lit),
    /// The value is none of these.
    Except(Vec<Value>),
    /// The value is one of these.
    Among(Vec<Value>),
    AtLeast(Decimal, Bound),
    AtMost(Decimal, Bound),
    Multiple(Decimal),
    NotMultiple(Decimal),
    /// Length of a text, list or object.
    Longer(u64),
    Shorter(u64),
    Within(Arc<Language>),
    Outside(Arc<Language>),
    /// A known format is kept, or broken.
    Format(Arc<str>, bool),
    Unique,
    Repeats,
    /// The item at this index, if there is one.
    Item(usize, Lit),
    /// Every item from this index on holds one of these.
    Items(usize, Vec<Lit>),
    /// There is an item at this index, and all of these hold there.
    HasItem(usize, Vec<Lit>),
    /// Some item from this index on holds all of these.
    SomeItem(usize, Vec<Lit>),
    /// So many items hold this.
    Contains(Lit, u64, Option<u64>),
    Required(Name),
    /// As [`Self::Required`], by the keyword that asks for it.
    Demanded(Name),
    Absent(Name),
    /// The property is not sent this way, unless the keyword asks for it all the same.
    Hidden(Name, Lit),
    /// The property, if it is there.
    Property(Name, Lit),
    /// Properties whose names are within a language.
    Matching(Arc<Language>, Lit),
    /// Properties that are none of these.
    Others(Others, Lit),
    Has(Name, Vec<Lit>),
    /// Some property of these names holds all of these.
    SomeMatching(Arc<Language>, Vec<Lit>),
    SomeOther(Others, Vec<Lit>),
    Names(Lit),
    SomeName(Lit),
    /// This very value stands under the name.
    Pin(Name, Arc<Value>),
    /// This very value stands at the index.
    PinItem(usize, Arc<Value>),
    /// One of these ways.
    Either(Choice),
    /// Something that cannot be judged here.
    Unjudged(Arc<str>),
}

/// Whether the bound itself is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    Closed,
    Open,
}

/// Names that are neither listed nor within a language: what `additionalProperties` speaks of.
#[derive(Clone, Debug, Default)]
pub(super) struct Others {
    pub(super) names: Arc<[Name]>,
    pub(super) languages: Arc<[Arc<Language>]>,
}

impl Others {
    pub(super) fn has(&self, name: &Name) -> bool {
        !self.names.contains(name) && !self.languages.iter().any(|language| language.matches(name))
    }
}

/// Demands that make up one way out of a choice.
pub(super) type Way = Arc<[Atom]>;

/// Ways of which one must be gone; shared, as states are copied for each way that is tried.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) ways: Arc<[Way]>,
    /// The schema that leaves it.
    pub(super) of: Lit,
}

/// All that is known, and what is still to be chosen.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) kind: Kind,
    /// Schemas that have been taken in.
    pub(super) lits: Vec<Lit>,
    pub(super) choices: Vec<Choice>,
    /// What the schemas of each side declare.
    pub(super) declared: [Names; 2],
    /// Those that declare names by patterns.
    pub(super) patterned: Vec<Lit>,
    pub(super) among: Option<Vec<Value>>,
    pub(super) except: Vec<Value>,
    pub(super) low: Option<(Decimal, Bound)>,
    pub(super) high: Option<(Decimal, Bound)>,
    pub(super) multiples: Vec<Decimal>,
    pub(super) not_multiples: Vec<Decimal>,
    pub(super) least: u64,
    pub(super) most: Option<u64>,
    pub(super) within: Vec<Arc<Language>>,
    pub(super) outside: Vec<Arc<Language>>,
    pub(super) formats: Vec<(Arc<str>, bool)>,
    pub(super) unique: bool,
    pub(super) repeats: bool,
    pub(super) item: Vec<(usize, Lit)>,
    pub(super) items: Vec<(usize, Vec<Lit>)>,
    pub(super) has_item: Vec<(usize, Vec<Lit>)>,
    pub(super) some_item: Vec<(usize, Vec<Lit>)>,
    pub(super) contains: Vec<(Lit, u64, Option<u64>)>,
    pub(super) required: Vec<Name>,
    pub(super) absent: Vec<Name>,
    /// Those of the required that the keyword asks for, and those of the absent that would be sent for it.
    pub(super) demanded: Vec<Name>,
    pub(super) hidden: Vec<(Name, Lit)>,
    /// Sorted by name once all demands are taken in, as each is asked for over and over.
    pub(super) properties: Vec<(Name, Lit)>,
    pub(super) matching: Vec<(Arc<Language>, Lit)>,
    pub(super) others: Vec<(Others, Lit)>,
    pub(super) has: Vec<(Name, Vec<Lit>)>,
    pub(super) some: Vec<(Sought, Vec<Lit>)>,
    pub(super) names: Vec<Lit>,
    pub(super) some_name: Vec<Lit>,
    pub(super) pins: Vec<(Name, Arc<Value>)>,
    pub(super) pinned_items: Vec<(usize, Arc<Value>)>,
    pub(super) unjudged: Option<Arc<str>>,
    /// The members that are known not to stand in the way.
    pub(super) looked: Looked,
}

/// How many of the members that must be there were looked at, and how much was said of members then. These lists
/// only grow, so that their lengths tell what is new.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Looked {
    pub(super) shared: usize,
    pub(super) required: usize,
    pub(super) has: usize,
}

/// Which property is asked for.
#[derive(Clone, Debug)]
pub(super) enum Sought {
    Matching(Arc<Language>),
    Other(Others),
}

impl Sought {
    pub(super) fn has(&self, name: &Name) -> bool {
        match self {
            Self::Matching(language) => language.matches(name),
            Self::Other(others) => others.has(name),
        }
    }
}

impl State {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, ..Self::default() }
    }

    /// Whether a name is absent whatever asks for it.
    pub(super) fn is_barred(&self, name: &Name) -> bool {
        let hidden = self.hidden.iter().filter(|(each, _)| each == name).count();
        self.absent.iter().filter(|each| *each == name).count() > hidden
    }

    /// Has a name sent that would not be.
    pub(super) fn send(&mut self, name: &Name) {
        if self.hidden.iter().any(|(each, _)| each == name) {
            self.absent.retain(|each| each != name);
            self.properties.extend(self.hidden.extract_if(.., |(each, _)| each == name));
        }
    }

    /// Puts in order what is looked up by name.
    pub(super) fn sort(&mut self) {
        if !self.properties.is_sorted_by(|(a, _), (b, _)| a <= b) {
            self.properties.sort_by(|(a, _), (b, _)| a.cmp(b));
        }
    }
}
