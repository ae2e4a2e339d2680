//! Lists: what stands at which place, how many there are, and whether two are the same.
//!
//! Places beyond those that some keyword speaks of are all alike. So a list need not be longer than
//! those places, and one for each thing that must be somewhere.

use std::sync::Arc;

use serde_json::Value;

use super::accept::{has_repeats, same};
use super::goal::{Engine, Goal, Lit, Outcome};
use super::state::State;

/// Lists longer than this are not built.
const LONGEST: u64 = 2_000;

/// What holds at one place, and `extra`.
pub(super) fn goal_at(state: &State, index: usize, extra: &[Lit]) -> Goal {
    let mut goal = Goal::all(extra.iter().copied());
    goal.all.extend(state.item.iter().filter(|(at, _)| *at == index).map(|(_, lit)| *lit));
    for (_, lits) in state.items.iter().filter(|(from, _)| *from <= index) {
        match lits[..] {
            [lit] => goal.all.push(lit),
            _ => goal.any.push(lits.clone()),
        }
    }
    goal
}

/// The first place from which on all are alike.
fn alike_from(state: &State) -> usize {
    let places = state.item.iter().map(|(at, _)| at + 1).chain(state.items.iter().map(|(from, _)| *from));
    let demands =
        state.has_item.iter().map(|(at, _)| at + 1).chain(state.some_item.iter().map(|(from, _)| *from));
    let demands = demands.chain(state.pinned_items.iter().map(|(at, _)| at + 1));
    places.chain(demands).max().unwrap_or(0)
}

/// A value for one place: the one that was given for it, if one was.
pub(super) fn item(engine: &mut Engine<'_>, state: &State, index: usize, lits: &[Lit]) -> Outcome {
    let goal = goal_at(state, index, lits);
    match state.pinned_items.iter().find(|(at, _)| *at == index) {
        Some((_, value)) => engine.given(goal, value),
        None => engine.inhabit(goal),
    }
}

/// Whether no place from `from` on can hold all of these.
pub(super) fn is_nowhere(engine: &mut Engine<'_>, state: &State, from: usize, lits: &[Lit]) -> bool {
    let last = alike_from(state).max(from);
    (from..=last)
        .filter(|index| state.most.is_none_or(|most| (*index as u64) < most))
        .all(|index| matches!(item(engine, state, index, lits), Outcome::Empty))
}

/// A list that the state allows.
pub(super) fn solve(engine: &mut Engine<'_>, state: &State) -> Outcome {
    let alike = alike_from(state);
    if !state.repeats {
        let pinned: Vec<(usize, &Arc<Value>)> =
            state.pinned_items.iter().map(|(at, value)| (*at, value)).collect();
        return lengths(engine, state, &pinned);
    }
    if state.unique {
        return Outcome::Empty;
    }
    // Two places that hold the same value.
    let mut doubt = None;
    let fits = |index: usize| state.most.is_none_or(|most| (index as u64) < most);
    let has_more = !state.contains.is_empty() || !state.some_item.is_empty();
    for second in (1..=alike + 1).filter(|second| fits(*second)) {
        for first in 0..second {
            let mut both = goal_at(state, first, &[]);
            let other = goal_at(state, second, &[]);
            both.all.extend(other.all);
            both.any.extend(other.any);
            match engine.inhabit(both) {
                Outcome::Value(value) => match lengths(engine, state, &[(first, &value), (second, &value)]) {
                    // Another value twice might leave room for what else must be there.
                    Outcome::Empty if has_more => doubt = Some("a repeated item beside other demands".into()),
                    Outcome::Empty => {}
                    Outcome::Unknown(why) => doubt = Some(why),
                    found @ Outcome::Value(_) => return found,
                },
                Outcome::Unknown(why) => doubt = Some(why),
                Outcome::Empty => {}
            }
        }
    }
    doubt.map_or(Outcome::Empty, Outcome::Unknown)
}

/// Tries the lengths that may matter, the shortest first.
fn lengths(engine: &mut Engine<'_>, state: &State, pinned: &[(usize, &Arc<Value>)]) -> Outcome {
    let counted: u64 = state.contains.iter().map(|(_, least, _)| *least).fold(0, u64::saturating_add);
    let demands = counted.saturating_add(state.some_item.len() as u64);
    let pins = pinned.iter().map(|(at, _)| *at as u64 + 1).max().unwrap_or(0);
    let shortest = state.least.max(pins);
    let enough = (alike_from(state) as u64).max(pins).saturating_add(demands).max(shortest);
    let longest = state.most.map_or(enough, |most| most.min(enough));
    let mut doubt = None;
    for length in shortest..=longest {
        if length > LONGEST {
            doubt = Some("a list longer than is built".into());
            break;
        }
        let mut build = Build {
            state,
            pinned,
            length: length as usize,
            items: Vec::new(),
            placed: vec![false; state.some_item.len()],
            counts: vec![0; state.contains.len()],
            doubt: None,
        };
        if let Some(items) = build.go(engine) {
            let value = Value::Array(items);
            if !state.except.iter().any(|other| same(other, &value)) {
                return Outcome::Value(Arc::new(value));
            }
            doubt = Some("a list other than those that are left out".into());
        }
        doubt = doubt.or(build.doubt);
    }
    if doubt.is_some() && !state.except.is_empty() && state.most.is_none_or(|most| longest < most) {
        // A longer one is another one.
        let mut longer = state.clone();
        longer.except = Vec::new();
        longer.least =
            state.except.iter().filter_map(|value| value.as_array().map(Vec::len)).max().unwrap_or(0) as u64
                + 1;
        longer.least = longer.least.max(state.least);
        if longer.most.is_none_or(|most| longer.least <= most)
            && let found @ Outcome::Value(_) = lengths(engine, &longer, pinned)
        {
            return found;
        }
    }
    doubt.map_or(Outcome::Empty, Outcome::Unknown)
}

/// A list of known length, place by place.
struct Build<'s> {
    state: &'s State,
    pinned: &'s [(usize, &'s Arc<Value>)],
    length: usize,
    items: Vec<Value>,
    /// Which of the things that must be somewhere have found their place.
    placed: Vec<bool>,
    counts: Vec<u64>,
    doubt: Option<Arc<str>>,
}

impl Build<'_> {
    fn go(&mut self, engine: &mut Engine<'_>) -> Option<Vec<Value>> {
        let index = self.items.len();
        if index == self.length {
            return self.is_done().then(|| std::mem::take(&mut self.items));
        }
        if !engine.step(1) {
            self.doubt = Some("the question takes more steps than are allowed".into());
            return None;
        }
        let fixed: Vec<Lit> = self
            .state
            .has_item
            .iter()
            .filter(|(at, _)| *at == index)
            .flat_map(|(_, lits)| lits.iter().copied())
            .collect();
        for choice in self.choices(index) {
            let mut extra = fixed.clone();
            extra.extend(&choice.lits);
            let Some(item) = self.item(engine, index, &extra) else { continue };
            for at in &choice.placed {
                self.placed[*at] = true;
            }
            for at in &choice.counted {
                self.counts[*at] += 1;
            }
            self.items.push(item);
            if let Some(found) = self.go(engine) {
                return Some(found);
            }
            self.items.pop();
            for at in &choice.placed {
                self.placed[*at] = false;
            }
            for at in &choice.counted {
                self.counts[*at] -= 1;
            }
            if engine.steps == 0 {
                return None;
            }
        }
        None
    }

    fn is_done(&self) -> bool {
        let counted = self.state.contains.iter().zip(&self.counts);
        self.placed.iter().all(|placed| *placed)
            && counted
                .into_iter()
                .all(|((_, least, most), count)| count >= least && most.is_none_or(|most| *count <= most))
    }

    /// What a place may be for: what is most needed first.
    fn choices(&self, index: usize) -> Vec<Chosen> {
        let mut all = vec![Chosen::default()];
        for (at, (from, lits)) in self.state.some_item.iter().enumerate() {
            if self.placed[at] || *from > index {
                continue;
            }
            let with: Vec<Chosen> = all.iter().map(|choice| choice.with(lits, Some(at), None)).collect();
            all.splice(0..0, with);
        }
        for (at, (lit, least, most)) in self.state.contains.iter().enumerate() {
            let is_full = most.is_some_and(|most| self.counts[at] >= most);
            let is_needed = self.counts[at] < *least;
            let mut next = Vec::with_capacity(all.len() * 2);
            let with = |choice: &Chosen| choice.with(&[*lit], None, Some(at));
            let without = |choice: &Chosen| match most {
                // Where they are counted to the end, each other one must not be one.
                Some(_) => choice.with(&[lit.denied()], None, None),
                None => choice.clone(),
            };
            if is_needed && !is_full {
                next.extend(all.iter().map(with));
            }
            next.extend(all.iter().map(without));
            if !is_needed && !is_full && most.is_some() {
                next.extend(all.iter().map(with));
            }
            all = next;
        }
        all
    }

    fn item(&mut self, engine: &mut Engine<'_>, index: usize, extra: &[Lit]) -> Option<Value> {
        let goal = goal_at(self.state, index, extra);
        if let Some((_, value)) = self.pinned.iter().find(|(at, _)| *at == index) {
            return match engine.given(goal, value) {
                Outcome::Value(value) => Some(Value::clone(&value)),
                Outcome::Empty => None,
                Outcome::Unknown(why) => {
                    self.doubt = Some(why);
                    None
                }
            };
        }
        match engine.inhabit(goal.clone()) {
            Outcome::Value(value)
                if !self.state.unique || !self.items.iter().any(|item| same(item, &value)) =>
            {
                Some(Value::clone(&value))
            }
            Outcome::Value(_) => match engine.another(&goal, &self.items) {
                Outcome::Value(value) => Some(Value::clone(&value)),
                Outcome::Empty => {
                    // Earlier places might have taken other values, unless all ask for the same.
                    let is_one_kind = (0..index).all(|at| goal_at(self.state, at, extra) == goal);
                    if !is_one_kind {
                        self.doubt = Some("distinct items from few values".into());
                    }
                    None
                }
                Outcome::Unknown(why) => {
                    self.doubt = Some(why);
                    None
                }
            },
            Outcome::Empty => None,
            Outcome::Unknown(why) => {
                self.doubt = Some(why);
                None
            }
        }
        .filter(|value| {
            !self.state.unique || !has_repeats(&[&self.items[..], std::slice::from_ref(value)].concat())
        })
    }
}

/// What one place is for.
#[derive(Clone, Default)]
struct Chosen {
    lits: Vec<Lit>,
    placed: Vec<usize>,
    counted: Vec<usize>,
}

impl Chosen {
    fn with(&self, lits: &[Lit], placed: Option<usize>, counted: Option<usize>) -> Self {
        let mut with = self.clone();
        with.lits.extend(lits);
        with.placed.extend(placed);
        with.counted.extend(counted);
        with
    }
}
