//! The search for one value that fulfils a goal: schemas asserted and denied, all at once.
//!
//! A goal is solved type by type. Keywords become demands ([`super::expand`]), those that leave a
//! choice wait; a choice of which nothing is left ends the way, one of which one way is left is no
//! choice, and only then one is tried after the other. Goals are remembered. One that asks for itself
//! again has no value that way (a least fixpoint); what was found empty under that assumption is
//! remembered only once the assumption is settled.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::accept::same;
use super::expand::{self, Demands};
use super::focus::Focus;
use super::language::Languages;
use super::state::{Atom, Bound, Choice, KINDS, Kind, Sought, State, Way};
use super::vocabulary::Vocabulary;
use super::within::Seen;
use super::{Terms, Verdict, array, number, object, text};
use crate::spec::plain::{self, access};
use crate::spec::schema::{Schema, SchemaId, Type};
use crate::spec::{Document, Hash};

/// A schema of one side, asserted or denied. Schemas with equal demands are one class.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Lit {
    pub(super) class: u32,
    pub(super) holds: bool,
    /// Whose words it is, for the vocabulary rule: 0 the sender's, 1 the receiver's.
    pub(super) side: u8,
}

impl Lit {
    pub(super) fn denied(self) -> Self {
        Self { holds: !self.holds, ..self }
    }

    fn contradicts(self, other: Self) -> bool {
        self.class == other.class && self.holds != other.holds
    }
}

/// Schemas that hold all at once, and lists of which one schema holds each.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Goal {
    pub(super) all: Vec<Lit>,
    pub(super) any: Vec<Vec<Lit>>,
}

impl Goal {
    pub(super) fn all(lits: impl IntoIterator<Item = Lit>) -> Self {
        Self { all: lits.into_iter().collect(), any: Vec::new() }
    }

    fn normal(mut self) -> Self {
        self.all.sort_unstable();
        self.all.dedup();
        for one in &mut self.any {
            one.sort_unstable();
            one.dedup();
        }
        self.any.retain(|one| !one.iter().any(|lit| self.all.contains(lit)));
        self.any.sort_unstable();
        self.any.dedup();
        self
    }
}

/// What became of a goal.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// This value fulfils it.
    Value(Arc<Value>),
    /// No value does.
    Empty,
    /// The reason why it is not known.
    Unknown(Arc<str>),
}

impl From<Outcome> for Verdict {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Empty => Self::Proven,
            Outcome::Unknown(why) => Self::Unknown(why.to_string()),
            Outcome::Value(value) => Self::Refuted(value),
        }
    }
}

/// A way that has come to its end: what was asked for cannot be.
pub(super) struct Closed;

/// How a value stands in the one around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It is the whole.
    Same,
    /// Under this name.
    Property(String),
    /// At this place of a list.
    Item(usize),
    /// Under a name that nobody declares.
    Rest,
}

/// Choices of more ways are looked at more closely.
const WIDE: usize = 4;

/// Goals within goals; real documents have some thirty levels.
const DEPTH: usize = 120;

/// Which choice is tried first. Neither order is best everywhere, and the wrong one takes all steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// That of the fewest ways: an object whose tag is chosen fulfils most of what else is left.
    Fewest,
    /// That of schemas that hold, then that of those of the receiver that do not, then the rest: which
    /// other alternatives of the sender do not hold is of no use where the receiver takes all the same.
    Core,
}

impl Order {
    fn rank(self, choice: &Choice) -> (u8, usize) {
        let first = match (self, choice.of) {
            (Self::Fewest, _) | (_, Lit { holds: true, .. }) => 0,
            (Self::Core, Lit { side: 1, .. }) => 1,
            (Self::Core, _) => 2,
        };
        (first, choice.ways.len())
    }
}

/// Asks questions of two documents, and remembers the answers.
pub(crate) struct Engine<'d> {
    sides: [&'d Document; 2],
    pub(super) terms: Terms,
    classes: Vec<(u8, SchemaId)>,
    by_hash: FxHashMap<Hash, u32>,
    memo: FxHashMap<Goal, Outcome>,
    demanded: FxHashMap<(Lit, Kind), Option<Arc<Demands>>>,
    /// Goals that are being solved, by depth.
    open: FxHashMap<Goal, usize>,
    /// Goals found empty while one at this depth was taken to be so.
    provisional: FxHashMap<Goal, usize>,
    /// What became of goals for values that were given, each by its place in memory, where it is kept.
    given: FxHashMap<(Goal, usize), (Arc<Value>, Outcome)>,
    /// The lowest depth that was leaned on since the goal at hand was begun.
    leaned: usize,
    pub(super) languages: Languages,
    pub(super) vocabulary: Vocabulary,
    pub(super) steps: u64,
    /// The cause that is asked about, at the root of a question alone.
    pub(super) focus: Option<Focus>,
    order: Order,
}

impl<'d> Engine<'d> {
    pub(crate) fn new(sender: &'d Document, receiver: &'d Document, terms: Terms) -> Self {
        Self {
            sides: [sender, receiver],
            terms,
            classes: Vec::new(),
            by_hash: FxHashMap::default(),
            memo: FxHashMap::default(),
            demanded: FxHashMap::default(),
            open: FxHashMap::default(),
            provisional: FxHashMap::default(),
            given: FxHashMap::default(),
            leaned: usize::MAX,
            languages: Languages::default(),
            vocabulary: Vocabulary::default(),
            steps: 0,
            focus: None,
            order: Order::Fewest,
        }
    }

    /// Whether every value of schema `a` of the sender is one of `b` of the receiver; a value that refutes it is
    /// looked over.
    pub(crate) fn ask(&mut self, a: SchemaId, b: SchemaId, budget: u64) -> Verdict {
        match self.seek(a, b, budget) {
            Verdict::Refuted(value) => match self.look_over(a, b, &value) {
                Ok(()) => Verdict::Refuted(value),
                Err(why) => Verdict::Unknown(why),
            },
            verdict => verdict,
        }
    }

    /// As [`Self::ask`], for somebody who has the value confirmed.
    pub(crate) fn seek(&mut self, a: SchemaId, b: SchemaId, budget: u64) -> Verdict {
        let (a, b) = (self.lit(0, a, true), self.lit(1, b, false));
        let outcome = self.in_turn(budget, |engine| engine.inhabit(Goal::all([a, b])));
        self.found(a, outcome).into()
    }

    /// As [`Self::seek`], of values that break one sort of keyword.
    pub(crate) fn seek_about(&mut self, a: SchemaId, b: SchemaId, focus: &Focus, budget: u64) -> Verdict {
        let (a, b) = (self.lit(0, a, true), self.lit(1, b, false));
        let goal = Goal::all([a, b]);
        let outcome = self.in_turn(budget, |engine| {
            if let Some(values) = engine.finite(&goal) {
                return engine.first_of(&goal, values);
            }
            engine.focus = Some(focus.clone());
            let outcome = engine.by_type(&goal, &[]);
            engine.focus = None;
            outcome
        });
        self.found(a, outcome).into()
    }

    /// Solves in one order or the other: in each with few steps, which mostly are enough, then with many.
    fn in_turn(&mut self, budget: u64, mut solve: impl FnMut(&mut Self) -> Outcome) -> Outcome {
        let (few, many) = (budget / 100, budget / 4);
        let turns = [
            (Order::Fewest, few),
            (Order::Core, few),
            (Order::Fewest, many),
            (Order::Core, budget.saturating_sub(many + 2 * few)),
        ];
        let mut outcome = Self::spent();
        for (order, steps) in turns {
            self.order = order;
            self.steps = steps;
            outcome = solve(self);
            if self.steps > 0 || matches!(outcome, Outcome::Value(_)) {
                return outcome;
            }
        }
        // What ended for want of steps proves nothing.
        if matches!(outcome, Outcome::Empty) { Self::spent() } else { outcome }
    }

    /// A value of `a` that holds `value` where the step leads, and is none of `b`; the value is none of `below`, a
    /// schema of the receiver.
    pub(crate) fn lift(
        &mut self,
        a: SchemaId,
        b: SchemaId,
        step: &Step,
        (below, value): (SchemaId, &Arc<Value>),
        budget: u64,
    ) -> Outcome {
        let (a, b) = (self.lit(0, a, true), self.lit(1, b, false));
        let is_passed_on = self.is_passed_on(b, step, below);
        let outcome = self.in_turn(budget, |engine| engine.lifted(a, b, step, value, is_passed_on));
        self.found(a, outcome)
    }

    /// Whether a schema asks of all that stands where the step leads what `below` of the receiver asks: whoever holds
    /// a value there that `below` refuses is refused.
    fn is_passed_on(&self, whole: Lit, step: &Step, below: SchemaId) -> bool {
        let (home, schema) = self.schema(whole);
        let part = match step {
            Step::Property(name) => schema.property(name).filter(|part| !self.is_hidden(home, *part)),
            Step::Item(index) => schema.items().filter(|_| schema.prefix_items().len() <= *index),
            Step::Same | Step::Rest => None,
        };
        let asked = self.sides[1].api().schemas.resolved(below).hash;
        part.is_some_and(|part| self.document(home).api().schemas.resolved(part).hash == asked)
    }

    /// Remembers of a value that was found what it was found to be: it is mostly carried up next.
    fn found(&mut self, a: Lit, outcome: Outcome) -> Outcome {
        if let Outcome::Value(value) = &outcome {
            let asked = (Goal::all([a]), Arc::as_ptr(value).addr());
            self.given.entry(asked).or_insert_with(|| (value.clone(), outcome.clone()));
        }
        outcome
    }

    /// `is_refused` says that the receiver refuses whatever holds the value where the step leads.
    fn lifted(&mut self, a: Lit, b: Lit, step: &Step, value: &Arc<Value>, is_refused: bool) -> Outcome {
        let held = value.clone();
        let (kind, pin) = match step {
            Step::Same => return self.given(Goal::all([a, b]), value),
            Step::Property(name) => (Kind::Object, Atom::Pin(self.name(name), held)),
            Step::Item(index) => (Kind::Array, Atom::PinItem(*index, held)),
            Step::Rest => {
                // A name that nobody declares; some are short of what names may be.
                let mut last = Outcome::Empty;
                for name in ["a", "b", "x-1", "key", "id-1", "1"] {
                    let step = Step::Property(name.to_owned());
                    let is_known = self.schema(a).1.property(name).is_some()
                        || self.schema(b).1.property(name).is_some();
                    if !is_known {
                        last = self.lifted(a, b, &step, value, false);
                    }
                    if matches!(last, Outcome::Value(_)) {
                        break;
                    }
                }
                return last;
            }
        };
        // What the sender lists itself need not hold it.
        let holds = |found: &Value| match step {
            Step::Property(name) => found.get(name.as_str()) == Some(value),
            Step::Item(index) => found.get(*index) == Some(value),
            Step::Same | Step::Rest => false,
        };
        // Mostly any value of the sender will do.
        let plain = self.search(&Goal::all([a]), State::new(kind), vec![Atom::Schema(a), pin.clone()]);
        match plain {
            // That the sender may send it, the referee looks at.
            Outcome::Value(found)
                if !(is_refused && holds(&found)) && self.accepts(b, &found) != Ok(true) =>
            {
                let atoms = vec![Atom::Schema(b), Atom::Schema(a), pin];
                self.search(&Goal::all([a, b]), State::new(kind), atoms)
            }
            outcome => outcome,
        }
    }

    /// Whether the receiver takes a value.
    pub(crate) fn takes(&mut self, b: SchemaId, value: &Value) -> bool {
        self.steps = super::BUDGET;
        let b = self.lit(1, b, true);
        self.accepts(b, value) == Ok(true)
    }

    /// A value of one schema of the sender that pleases: an example where it is one.
    pub(crate) fn sample(&mut self, id: SchemaId) -> Option<Value> {
        self.steps = super::BUDGET;
        let lit = self.lit(0, id, true);
        let (home, schema) = self.schema(lit);
        let document = self.document(home);
        for node in schema.examples().iter().copied().chain(schema.default()) {
            let value = document.value(node);
            if self.accepts(lit, &value) == Ok(true) {
                return Some(value);
            }
        }
        match self.inhabit(Goal::all([lit])) {
            Outcome::Value(value) => Some(Value::clone(&value)),
            _ => None,
        }
    }

    /// Whether a value is one of `a` of the sender and none of `b` of the receiver; the error says why not.
    pub(crate) fn look_over(&mut self, a: SchemaId, b: SchemaId, value: &Value) -> Result<(), String> {
        // What was found is looked over whatever it took to find it.
        self.steps = super::BUDGET;
        let (a, b) = (self.lit(0, a, true), self.lit(1, b, false));
        match (self.accepts(a, value), self.accepts(b, value)) {
            (Ok(true), Ok(true)) => Ok(()),
            (Err(why), _) | (_, Err(why)) => Err(why.to_string()),
            _ => Err(format!("a value that was built does not fit: {value}")),
        }
    }

    pub(super) fn lit(&mut self, side: u8, id: SchemaId, holds: bool) -> Lit {
        let schemas = &self.sides[usize::from(side)].api().schemas;
        let id = schemas.innermost(id);
        let hash = schemas.get(id).hash;
        let next = u32::try_from(self.classes.len()).unwrap_or(u32::MAX);
        let class = match self.by_hash.entry(hash) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(free) => {
                self.classes.push((side, id));
                *free.insert(next)
            }
        };
        Lit { class, holds, side }
    }

    /// The schema that stands for a class, and the side that it is of.
    pub(super) fn schema(&self, lit: Lit) -> (u8, &'d Schema) {
        let (side, id) = self.classes[lit.class as usize];
        (side, self.sides[usize::from(side)].api().schemas.get(id))
    }

    pub(super) fn document(&self, side: u8) -> &'d Document {
        self.sides[usize::from(side)]
    }

    /// A schema below the one that stands for `from`, whose side it takes.
    pub(super) fn below(&mut self, from: Lit, id: SchemaId, holds: bool) -> Lit {
        let (home, _) = self.classes[from.class as usize];
        let lit = self.lit(home, id, holds);
        Lit { side: from.side, ..lit }
    }

    /// Whether a property is not sent in this direction.
    pub(super) fn is_hidden(&self, home: u8, id: SchemaId) -> bool {
        let Some(view) = self.terms.view else { return false };
        let (read_only, write_only) = access(&self.sides[usize::from(home)].api().schemas, id);
        view.spares(read_only, write_only)
    }

    /// Which of the names that a schema requires are asked for in this direction.
    pub(super) fn demanded(&self, home: u8, schema: &'d Schema) -> plain::Demands<'d> {
        let view = self.terms.view.unwrap_or(plain::View::Whole);
        plain::Demands::of(&self.sides[usize::from(home)].api().schemas, schema, view)
    }

    /// Takes a step; `false` where none is left.
    pub(super) fn step(&mut self, cost: u64) -> bool {
        self.steps = self.steps.saturating_sub(cost);
        self.steps > 0
    }

    pub(super) fn spent() -> Outcome {
        Outcome::Unknown("the question takes more steps than are allowed".into())
    }

    /// A value that fulfils the goal.
    pub(super) fn inhabit(&mut self, goal: Goal) -> Outcome {
        let is_closed = |lit: &Lit| goal.all.iter().any(|other| lit.contradicts(*other));
        if goal.all.iter().any(is_closed) || goal.any.iter().any(Vec::is_empty) {
            return Outcome::Empty;
        }
        let goal = goal.normal();
        if let Some(known) = self.memo.get(&goal) {
            return known.clone();
        }
        if let Some(depth) = self.open.get(&goal).or_else(|| self.provisional.get(&goal)) {
            self.leaned = self.leaned.min(*depth);
            return Outcome::Empty;
        }
        let depth = self.open.len();
        if depth >= DEPTH {
            return Outcome::Unknown("the schemas nest deeper than is looked".into());
        }
        if !self.step(1) {
            return Self::spent();
        }
        self.open.insert(goal.clone(), depth);
        let before = std::mem::replace(&mut self.leaned, usize::MAX);
        let focus = self.focus.take();
        let outcome = self.solve(&goal);
        self.focus = focus;
        let leaned = std::mem::replace(&mut self.leaned, before);
        self.open.remove(&goal);
        let is_empty = matches!(outcome, Outcome::Empty);
        if leaned >= depth {
            // What leaned on this goal alone is settled with it.
            let settled: Vec<Goal> = self
                .provisional
                .iter()
                .filter(|(_, on)| **on >= depth)
                .map(|(goal, _)| goal.clone())
                .collect();
            for each in settled {
                self.provisional.remove(&each);
                if is_empty && self.steps > 0 {
                    self.memo.insert(each, Outcome::Empty);
                }
            }
            if self.steps > 0 || matches!(outcome, Outcome::Value(_)) {
                self.memo.insert(goal, outcome.clone());
            }
        } else {
            self.leaned = self.leaned.min(leaned);
            match &outcome {
                Outcome::Empty => {
                    if self.steps > 0 {
                        self.provisional.insert(goal, leaned);
                    }
                }
                Outcome::Value(_) => {
                    self.provisional.retain(|_, on| *on < depth);
                    self.memo.insert(goal, outcome.clone());
                }
                Outcome::Unknown(_) => self.provisional.retain(|_, on| *on < depth),
            }
        }
        outcome
    }

    fn solve(&mut self, goal: &Goal) -> Outcome {
        if let Some(values) = self.finite(goal) {
            return self.first_of(goal, values);
        }
        let seen = match self.look(goal) {
            Seen::Empty => Some(Outcome::Empty),
            Seen::Union(sent, read) => self.by_alternative(sent, read),
            Seen::Unclear => None,
        };
        seen.unwrap_or_else(|| self.by_type(goal, &[]))
    }

    pub(super) fn by_type(&mut self, goal: &Goal, taken: &[Value]) -> Outcome {
        let mut doubt = None;
        for kind in KINDS {
            if !goal.all.iter().all(|lit| self.may_be(*lit, kind)) {
                continue;
            }
            let mut state = State::new(kind);
            let mut atoms: Vec<Atom> = goal.all.iter().map(|lit| Atom::Schema(*lit)).collect();
            if !taken.is_empty() {
                atoms.push(Atom::Except(taken.to_vec()));
            }
            state.choices.extend(goal.any.iter().filter_map(|one| {
                let ways = one.iter().map(|lit| Way::from([Atom::Schema(*lit)])).collect();
                Some(Choice { ways, of: *one.first()? })
            }));
            match self.search(goal, state, atoms) {
                Outcome::Empty => {}
                Outcome::Unknown(why) => doubt = doubt.or(Some(why)),
                found @ Outcome::Value(_) => return found,
            }
        }
        doubt.map_or(Outcome::Empty, Outcome::Unknown)
    }

    /// The values that some schema of the goal lists, if one does.
    fn finite(&self, goal: &Goal) -> Option<Vec<Value>> {
        let mut asserted = goal.all.iter().filter(|lit| lit.holds);
        asserted.find_map(|lit| self.listed(*lit))
    }

    /// The values that a schema lists.
    pub(super) fn listed(&self, lit: Lit) -> Option<Vec<Value>> {
        let (home, schema) = self.schema(lit);
        let document = self.document(home);
        let value = |node: &crate::spec::tree::NodeId| document.value(*node);
        match (&schema.const_value, &schema.enum_values) {
            (Some(one), _) => Some(vec![value(one)]),
            (None, Some(many)) => Some(many.iter().map(value).collect()),
            (None, None) => None,
        }
    }

    /// The first of these values that fulfils the goal.
    pub(super) fn first_of(&mut self, goal: &Goal, values: Vec<Value>) -> Outcome {
        let mut doubt = None;
        for value in values {
            if !self.step(1) {
                return Self::spent();
            }
            match self.fulfils(goal, &value) {
                Ok(true) => return Outcome::Value(Arc::new(value)),
                Ok(false) => {}
                Err(why) => doubt = Some(why),
            }
        }
        doubt.map_or(Outcome::Empty, Outcome::Unknown)
    }

    /// A value that was given, where it fulfils the goal.
    pub(super) fn given(&mut self, goal: Goal, value: &Arc<Value>) -> Outcome {
        let asked = (goal, Arc::as_ptr(value).addr());
        if let Some((_, known)) = self.given.get(&asked) {
            return known.clone();
        }
        let outcome = match self.fulfils(&asked.0, value) {
            Ok(true) => Outcome::Value(value.clone()),
            Ok(false) => Outcome::Empty,
            Err(why) => Outcome::Unknown(why),
        };
        if self.steps > 0 {
            self.given.insert(asked, (value.clone(), outcome.clone()));
        }
        outcome
    }

    /// Whether a value fulfils a goal.
    pub(super) fn fulfils(&mut self, goal: &Goal, value: &Value) -> Result<bool, Arc<str>> {
        let mut doubt = None;
        for lit in &goal.all {
            match self.accepts(*lit, value) {
                Ok(false) => return Ok(false),
                Ok(true) => {}
                Err(why) => doubt = Some(why),
            }
        }
        for one in &goal.any {
            let mut fits = Ok(false);
            for lit in one {
                match self.accepts(*lit, value) {
                    Ok(true) => {
                        fits = Ok(true);
                        break;
                    }
                    Ok(false) => {}
                    Err(why) => fits = Err(why),
                }
            }
            match fits {
                Ok(false) => return Ok(false),
                Ok(true) => {}
                Err(why) => doubt = Some(why),
            }
        }
        doubt.map_or(Ok(true), Err)
    }

    /// Whether some value of this type may fulfil the schema, by its `type` alone.
    pub(super) fn may_be(&self, lit: Lit, kind: Kind) -> bool {
        let (_, schema) = self.schema(lit);
        if let Some(flag) = schema.bool_schema {
            return flag == lit.holds;
        }
        !lit.holds || schema.types.is_none_or(|types| types.iter().any(|each| kind_of(each) == kind))
    }

    /// A value that fulfils the goal and is none of these.
    pub(super) fn another(&mut self, goal: &Goal, taken: &[Value]) -> Outcome {
        let goal = goal.clone().normal();
        if !self.step(1) {
            return Self::spent();
        }
        if let Some(values) = self.finite(&goal) {
            let free = values.into_iter().filter(|value| !taken.iter().any(|other| same(other, value)));
            return self.first_of(&goal, free.collect());
        }
        self.by_type(&goal, taken)
    }

    /// Takes in demands, settles choices, and solves what is left.
    pub(super) fn search(&mut self, goal: &Goal, mut state: State, mut atoms: Vec<Atom>) -> Outcome {
        loop {
            while let Some(atom) = atoms.pop() {
                if !self.step(1) {
                    return Self::spent();
                }
                if self.take(&mut state, atom, &mut atoms).is_err() {
                    return Outcome::Empty;
                }
            }
            state.sort();
            if state.kind == Kind::Object && object::is_blocked(self, &mut state) {
                return Outcome::Empty;
            }
            // What is left of the choices.
            let mut choices = std::mem::take(&mut state.choices);
            let mut forced = Vec::new();
            let mut dead = FxHashMap::default();
            let mut kept = Vec::with_capacity(choices.len());
            while let Some(choice) = choices.pop() {
                let Choice { ways, of } = &choice;
                let is_wide = ways.len() > WIDE;
                let mut open = Vec::new();
                let mut is_settled = false;
                for way in ways.iter() {
                    if !self.step(way.len() as u64) {
                        return Self::spent();
                    }
                    if self.is_closed(&state, way) {
                        continue;
                    }
                    if self.is_taken(&state, way) {
                        is_settled = true;
                        break;
                    }
                    if !is_wide || !way.iter().any(|atom| self.is_dead(&state, atom, &mut dead)) {
                        open.push(way);
                    }
                }
                match open[..] {
                    _ if is_settled => {}
                    [] => return Outcome::Empty,
                    // What is seen of the other choices before it is taken in holds all the same after it.
                    [way] => forced.push(way.clone()),
                    _ if open.len() == ways.len() => kept.push(choice),
                    _ => kept.push(Choice { ways: open.into_iter().cloned().collect(), of: *of }),
                }
            }
            state.choices = kept;
            if forced.is_empty() {
                break;
            }
            for way in forced {
                atoms.extend_from_slice(&way);
            }
        }
        let order = self.order;
        let next = (0..state.choices.len()).min_by_key(|index| order.rank(&state.choices[*index]));
        let Some(next) = next else {
            return self.finish(goal, &state);
        };
        let choice = state.choices.swap_remove(next);
        let mut doubt = None;
        let copied = state.choices.len() as u64;
        for way in choice.ways.iter() {
            if !self.step(4 + copied) {
                return Self::spent();
            }
            match self.search(goal, state.clone(), way.to_vec()) {
                Outcome::Empty => {}
                Outcome::Unknown(why) => doubt = doubt.or(Some(why)),
                found @ Outcome::Value(_) => return found,
            }
        }
        doubt.map_or(Outcome::Empty, Outcome::Unknown)
    }

    /// Solves a state without choices.
    fn finish(&mut self, goal: &Goal, state: &State) -> Outcome {
        if let Some(among) = &state.among {
            let free = among.iter().filter(|value| !state.except.iter().any(|other| same(other, value)));
            return self.first_of(goal, free.cloned().collect());
        }
        let outcome = match state.kind {
            Kind::Null => self.first_of_plain(state, [Value::Null]),
            Kind::Boolean => self.first_of_plain(state, [Value::Bool(true), Value::Bool(false)]),
            Kind::Number => number::solve(self, state),
            Kind::Text => text::solve(self, state),
            Kind::Array => array::solve(self, state),
            Kind::Object => object::solve(self, state),
        };
        match (outcome, &state.unjudged) {
            (Outcome::Value(value), Some(why)) => match self.fulfils(goal, &value) {
                Ok(true) => Outcome::Value(value),
                _ => Outcome::Unknown(why.clone()),
            },
            (outcome, _) => outcome,
        }
    }

    fn first_of_plain<const N: usize>(&self, state: &State, values: [Value; N]) -> Outcome {
        let free = values.into_iter().find(|value| !state.except.contains(value));
        free.map_or(Outcome::Empty, |value| Outcome::Value(Arc::new(value)))
    }

    /// Whether a way asks for nothing that does not hold already. What tells alternatives apart, a
    /// property with another value for each, settles most choices so.
    fn is_taken(&mut self, state: &State, way: &[Atom]) -> bool {
        way.iter().all(|atom| match atom {
            Atom::Schema(lit) => {
                state.lits.iter().any(|known| known.class == lit.class && known.holds == lit.holds)
            }
            Atom::Required(name) | Atom::Demanded(name) => object::is_present(state, name),
            Atom::Absent(name) => state.absent.contains(name),
            Atom::Has(name, lits) if object::is_present(state, name) => lits
                .iter()
                .all(|lit| matches!(object::member_with(self, state, name, &[lit.denied()]), Outcome::Empty)),
            Atom::HasItem(index, lits) if state.least > *index as u64 => lits
                .iter()
                .all(|lit| matches!(array::item(self, state, *index, &[lit.denied()]), Outcome::Empty)),
            _ => false,
        })
    }

    /// Whether a schema plainly cannot hold beside those that do: looked at where there are many to choose
    /// from, as one answer closes every way that needs the schema. Choices that it leaves are not tried:
    /// that would ask of the same value what is being asked already.
    fn is_dead(&mut self, state: &State, atom: &Atom, known: &mut FxHashMap<Lit, bool>) -> bool {
        let Atom::Schema(lit) = atom else { return false };
        if !lit.holds || state.lits.iter().any(|known| known.holds && known.class == lit.class) {
            return false;
        }
        if let Some(dead) = known.get(lit) {
            return *dead;
        }
        let mut probe = state.clone();
        probe.choices.clear();
        let dead = self.take_all(&mut probe, vec![atom.clone()]).is_err()
            || probe.kind == Kind::Object && object::is_blocked(self, &mut probe);
        known.insert(*lit, dead);
        dead
    }

    /// Whether a way is plainly at its end.
    fn is_closed(&mut self, state: &State, way: &[Atom]) -> bool {
        way.iter().any(|atom| match atom {
            Atom::Schema(lit) => {
                state.lits.iter().any(|known| lit.contradicts(*known)) || !self.may_be(*lit, state.kind)
            }
            Atom::AtLeast(low, bound) => state.high.as_ref().is_some_and(|(high, other)| {
                low > high || low == high && (*bound == Bound::Open || *other == Bound::Open)
            }),
            Atom::AtMost(high, bound) => state.low.as_ref().is_some_and(|(low, other)| {
                low > high || low == high && (*bound == Bound::Open || *other == Bound::Open)
            }),
            Atom::Longer(least) => state.most.is_some_and(|most| *least > most),
            Atom::Shorter(most) => *most < state.least,
            Atom::Required(name) => state.absent.contains(name) || !object::may_hold(self, state, name),
            Atom::Demanded(name) => state.is_barred(name) || !object::may_hold(self, state, name),
            Atom::Absent(name) => {
                state.required.contains(name) || state.has.iter().any(|(each, _)| each == name)
            }
            Atom::Has(name, lits) => {
                if state.absent.contains(name) || !object::may_hold(self, state, name) {
                    return true;
                }
                matches!(object::member_with(self, state, name, lits), Outcome::Empty)
            }
            Atom::HasItem(index, lits) => {
                if state.most.is_some_and(|most| *index as u64 >= most) {
                    return true;
                }
                matches!(array::item(self, state, *index, lits), Outcome::Empty)
            }
            Atom::SomeItem(from, lits) => {
                state.most.is_some_and(|most| *from as u64 >= most)
                    || array::is_nowhere(self, state, *from, lits)
            }
            Atom::SomeOther(others, lits) => object::is_nowhere(self, state, others, lits),
            Atom::Either(choice) => choice.ways.iter().all(|way| self.is_closed(state, way)),
            _ => false,
        })
    }

    /// What a schema demands of a value of one type; read once, unless it is asked about one cause.
    fn demands(&mut self, lit: Lit, kind: Kind) -> Option<Arc<Demands>> {
        if self.focus.is_some() {
            return expand::demands(self, lit, kind).map(Arc::new);
        }
        if let Some(known) = self.demanded.get(&(lit, kind)) {
            return known.clone();
        }
        let demands = expand::demands(self, lit, kind).map(Arc::new);
        self.demanded.insert((lit, kind), demands.clone());
        demands
    }

    /// Takes in demands and what they bring along, as far as the steps reach; choices wait.
    pub(super) fn take_all(&mut self, state: &mut State, mut atoms: Vec<Atom>) -> Result<(), Closed> {
        while let Some(atom) = atoms.pop().filter(|_| self.step(1)) {
            self.take(state, atom, &mut atoms)?;
        }
        state.sort();
        Ok(())
    }

    /// Takes in one demand.
    fn take(&mut self, state: &mut State, atom: Atom, atoms: &mut Vec<Atom>) -> Result<(), Closed> {
        match atom {
            Atom::Schema(lit) => {
                // What the sender says already adds nothing when the receiver says it too.
                let is_said = |known: &Lit| {
                    known.class == lit.class && known.holds == lit.holds && known.side <= lit.side
                };
                if state.lits.iter().any(is_said) {
                    return Ok(());
                }
                if state.lits.iter().any(|known| lit.contradicts(*known)) || !self.may_be(lit, state.kind) {
                    return Err(Closed);
                }
                state.lits.push(lit);
                if self.terms.vocabulary && state.kind == Kind::Object {
                    self.declare(state, lit);
                }
                let demands = self.demands(lit, state.kind).ok_or(Closed)?;
                atoms.extend_from_slice(&demands.all);
                state.choices.extend_from_slice(&demands.choices);
            }
            Atom::Either(choice) => state.choices.push(choice),
            Atom::Unjudged(why) => {
                state.unjudged.get_or_insert(why);
            }
            Atom::Among(values) => {
                state.among = Some(match state.among.take() {
                    Some(known) => known
                        .into_iter()
                        .filter(|value| values.iter().any(|other| same(other, value)))
                        .collect(),
                    None => values,
                });
                if state.among.as_ref().is_some_and(Vec::is_empty) {
                    return Err(Closed);
                }
            }
            Atom::Except(values) => state.except.extend(values),
            Atom::AtLeast(number, bound) => {
                let is_tighter = state.low.as_ref().is_none_or(|(known, other)| {
                    number > *known || number == *known && bound == Bound::Open && *other == Bound::Closed
                });
                if is_tighter {
                    state.low = Some((number, bound));
                }
            }
            Atom::AtMost(number, bound) => {
                let is_tighter = state.high.as_ref().is_none_or(|(known, other)| {
                    number < *known || number == *known && bound == Bound::Open && *other == Bound::Closed
                });
                if is_tighter {
                    state.high = Some((number, bound));
                }
            }
            Atom::Multiple(of) => state.multiples.push(of),
            Atom::NotMultiple(of) => state.not_multiples.push(of),
            Atom::Longer(least) => state.least = state.least.max(least),
            Atom::Shorter(most) => state.most = Some(state.most.map_or(most, |known| known.min(most))),
            Atom::Within(language) => state.within.push(language),
            Atom::Outside(language) => state.outside.push(language),
            Atom::Format(format, kept) => state.formats.push((format, kept)),
            Atom::Unique => state.unique = true,
            Atom::Repeats => state.repeats = true,
            Atom::Item(index, lit) => state.item.push((index, lit)),
            Atom::Items(from, lits) => state.items.push((from, lits)),
            Atom::HasItem(index, lits) => {
                state.least = state.least.max(index as u64 + 1);
                state.has_item.push((index, lits));
            }
            Atom::SomeItem(from, lits) => {
                state.least = state.least.max(from as u64 + 1);
                state.some_item.push((from, lits));
            }
            Atom::Contains(lit, least, most) => {
                state.least = state.least.max(least);
                state.contains.push((lit, least, most));
            }
            Atom::Required(name) => {
                if state.absent.contains(&name) {
                    return Err(Closed);
                }
                if !state.required.contains(&name) {
                    state.required.push(name);
                }
            }
            Atom::Demanded(name) => {
                if state.is_barred(&name) {
                    return Err(Closed);
                }
                state.send(&name);
                if !state.required.contains(&name) {
                    state.required.push(name.clone());
                }
                state.demanded.push(name);
            }
            Atom::Hidden(name, lit) if state.demanded.contains(&name) => state.properties.push((name, lit)),
            Atom::Hidden(name, lit) => {
                if object::is_present(state, &name) {
                    return Err(Closed);
                }
                state.absent.push(name.clone());
                state.hidden.push((name, lit));
            }
            Atom::Absent(name) => {
                if state.required.contains(&name) || state.has.iter().any(|(each, _)| *each == name) {
                    return Err(Closed);
                }
                state.absent.push(name);
            }
            Atom::Has(name, lits) => {
                if state.absent.contains(&name) {
                    return Err(Closed);
                }
                state.has.push((name, lits));
            }
            Atom::Property(name, lit) => state.properties.push((name, lit)),
            Atom::Matching(language, lit) => state.matching.push((language, lit)),
            Atom::Others(others, lit) => state.others.push((others, lit)),
            Atom::SomeMatching(language, lits) => state.some.push((Sought::Matching(language), lits)),
            Atom::SomeOther(others, lits) => state.some.push((Sought::Other(others), lits)),
            Atom::Pin(name, value) => {
                if state.absent.contains(&name) {
                    return Err(Closed);
                }
                if !state.required.contains(&name) {
                    state.required.push(name.clone());
                }
                state.pins.push((name, value));
            }
            Atom::PinItem(index, value) => {
                state.least = state.least.max(index as u64 + 1);
                state.pinned_items.push((index, value));
            }
            Atom::Names(lit) => state.names.push(lit),
            Atom::SomeName(lit) => state.some_name.push(lit),
        }
        let is_impossible = state.most.is_some_and(|most| state.least > most);
        if is_impossible { Err(Closed) } else { Ok(()) }
    }
}

/// The type of a value that `type` names.
pub(super) const fn kind_of(kind: Type) -> Kind {
    match kind {
        Type::Null => Kind::Null,
        Type::Boolean => Kind::Boolean,
        Type::Integer | Type::Number => Kind::Number,
        Type::String => Kind::Text,
        Type::Array => Kind::Array,
        Type::Object => Kind::Object,
    }
}
