//! Objects: which names are there, and what stands under them.
//!
//! A name is known when some keyword names it. All others are told apart by the languages they are in
//! alone, so one fresh name for each way of being in some and not in others stands for all of them.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::accept::same_members;
use super::goal::{Engine, Goal, Lit, Outcome};
use super::language::Language;
use super::state::{Atom, Kind, Looked, Others, Sought, State};
use super::vocabulary::{Name, Names};

/// Languages of names that are told apart; each doubles the sorts of names.
const LANGUAGES: usize = 5;
/// Members that are built to reach a count.
const MOST: u64 = 500;

/// Schemas that hold for most properties, at most: what either side says, and what is held beside it.
const USUAL: usize = 4;

/// What holds for the property `name`, and `extra`.
pub(super) fn goal_of(state: &State, name: &Name, extra: &[Lit]) -> Goal {
    let mut goal = Goal::default();
    goal.all.reserve(extra.len() + USUAL);
    goal.all.extend(extra);
    let from = state.properties.partition_point(|(each, _)| each < name);
    goal.all
        .extend(state.properties[from..].iter().take_while(|(each, _)| each == name).map(|(_, lit)| *lit));
    goal.all
        .extend(state.matching.iter().filter(|(language, _)| language.matches(name)).map(|(_, lit)| *lit));
    goal.all.extend(state.others.iter().filter(|(others, _)| others.has(name)).map(|(_, lit)| *lit));
    goal
}

/// Whether the name may stand in a value: by the vocabulary rule, and by what is said of names.
pub(super) fn may_hold(engine: &mut Engine<'_>, state: &State, name: &Name) -> bool {
    if engine.terms.vocabulary && engine.is_unsent(state, name) {
        return false;
    }
    if state.names.is_empty() {
        return true;
    }
    let text = Value::String(name.to_string());
    state.names.iter().all(|lit| engine.accepts(*lit, &text).unwrap_or(true))
}

impl Engine<'_> {
    /// The names that a pattern matches, where it is known of every name.
    pub(super) fn names(&mut self, pattern: &str) -> Result<Arc<Language>, String> {
        let language = self.languages.pattern(pattern)?;
        if language.is_exact() { Ok(language) } else { Err("not regular".to_owned()) }
    }
}

/// Whether a member must be there.
pub(super) fn is_present(state: &State, name: &Name) -> bool {
    state.required.contains(name) || state.has.iter().any(|(each, _)| each == name)
}

/// What the member of this name must hold beside what every one of its name does.
fn held<'s>(state: &'s State, name: &'s Name) -> impl Iterator<Item = Lit> + 's {
    let lits = state.has.iter().filter(move |(each, _)| each == name);
    lits.flat_map(|(_, lits)| lits.iter().copied())
}

/// Whether a member that must be there cannot be; those that were looked at before are not looked at again.
pub(super) fn is_blocked(engine: &mut Engine<'_>, state: &mut State) -> bool {
    let shared = state.properties.len() + state.matching.len() + state.others.len() + state.pins.len();
    let looked = if state.looked.shared == shared { state.looked } else { Looked::default() };
    state.looked = Looked { shared, required: state.required.len(), has: state.has.len() };
    let state = &*state;
    let fresh = state.has[looked.has..].iter().map(|(name, _)| name);
    state.required[looked.required..].iter().chain(fresh).any(|name| {
        state.absent.contains(name) || matches!(member_with(engine, state, name, &[]), Outcome::Empty)
    })
}

/// Whether no member with a name other than these can hold all of that: some schema that holds leaves
/// only names that are known, and none of them can.
pub(super) fn is_nowhere(engine: &mut Engine<'_>, state: &State, sought: &Others, lits: &[Lit]) -> bool {
    for (others, rest) in state.others.iter().filter(|(others, _)| others.languages.is_empty()) {
        let goal = Goal::all(lits.iter().copied().chain([*rest]));
        if !matches!(engine.inhabit(goal), Outcome::Empty) {
            continue;
        }
        let is_closed = |name: &Name| {
            !sought.has(name) || state.absent.contains(name) || !may_hold(engine, state, name) || {
                matches!(member_with(engine, state, name, lits), Outcome::Empty)
            }
        };
        if others.names.iter().all(is_closed) {
            return true;
        }
    }
    false
}

/// An object that the state allows.
pub(super) fn solve(engine: &mut Engine<'_>, state: &State) -> Outcome {
    let mut build = Build { state, known: known(state), members: Vec::new(), doubt: None };
    for name in state.required.iter().chain(state.has.iter().map(|(name, _)| name)) {
        if !build.members.iter().any(|(each, _)| each == name) {
            build.members.push((name.clone(), held(state, name).collect()));
        }
    }
    for at in 0..build.members.len() {
        let (name, lits) = build.members[at].clone();
        if state.absent.contains(&name) || !may_hold(engine, state, &name) {
            return Outcome::Empty;
        }
        match member(engine, state, &name, &lits) {
            Outcome::Value(_) => {}
            outcome => return outcome,
        }
    }
    match build.place(engine, 0) {
        Some(value) => Outcome::Value(Arc::new(value)),
        None => build.doubt.map_or(Outcome::Empty, Outcome::Unknown),
    }
}

/// A value for one name that holds this too, beside all that is demanded of it already.
pub(super) fn member_with(engine: &mut Engine<'_>, state: &State, name: &Name, lits: &[Lit]) -> Outcome {
    let mut goal = goal_of(state, name, lits);
    goal.all.extend(held(state, name));
    given_or_made(engine, state, name, goal)
}

/// A value for one name that holds this too.
fn member(engine: &mut Engine<'_>, state: &State, name: &Name, lits: &[Lit]) -> Outcome {
    given_or_made(engine, state, name, goal_of(state, name, lits))
}

/// A value for one name: the one that was given for it, if one was.
fn given_or_made(engine: &mut Engine<'_>, state: &State, name: &Name, goal: Goal) -> Outcome {
    match state.pins.iter().find(|(each, _)| each == name) {
        Some((_, value)) => engine.given(goal, value),
        None => engine.inhabit(goal),
    }
}

/// Every name that some keyword names.
fn known(state: &State) -> Vec<Name> {
    let mut names: Vec<Name> = state.properties.iter().map(|(name, _)| name.clone()).collect();
    names.extend(state.others.iter().flat_map(|(others, _)| others.names.iter().cloned()));
    for (sought, _) in &state.some {
        if let Sought::Other(others) = sought {
            names.extend(others.names.iter().cloned());
        }
    }
    names.extend(state.required.iter().cloned());
    names.extend(state.absent.iter().cloned());
    names.extend(state.has.iter().map(|(name, _)| name.clone()));
    let mut seen = Names::default();
    names.retain(|name| seen.insert(name));
    names
}

struct Build<'s> {
    state: &'s State,
    known: Vec<Name>,
    /// The members so far, with what is demanded of them beside what holds anyway.
    members: Vec<(Name, Vec<Lit>)>,
    doubt: Option<Arc<str>>,
}

impl Build<'_> {
    /// Finds a member for each demand that some member must fulfil, then fills up.
    fn place(&mut self, engine: &mut Engine<'_>, demand: usize) -> Option<Value> {
        if !engine.step(1) {
            self.doubt = Some("the question takes more steps than are allowed".into());
            return None;
        }
        if let Some((sought, lits)) = self.state.some.get(demand) {
            let (sought, lits) = (sought.clone(), lits.clone());
            return self.with_member(engine, demand, Some(&sought), None, &lits);
        }
        let Some(broken) = self.state.some_name.get(demand - self.state.some.len()).copied() else {
            return self.fill(engine);
        };
        self.with_member(engine, demand, None, Some(broken), &[])
    }

    fn with_member(
        &mut self,
        engine: &mut Engine<'_>,
        demand: usize,
        sought: Option<&Sought>,
        named: Option<Lit>,
        lits: &[Lit],
    ) -> Option<Value> {
        // Those that are there already, then those that might be, then a fresh name.
        let mut names: Vec<Name> = self.members.iter().map(|(name, _)| name.clone()).collect();
        names.extend(self.known.iter().filter(|name| !names.contains(name)).cloned().collect::<Vec<_>>());
        for name in names {
            let text = Value::String(name.to_string());
            let fits = sought.is_none_or(|sought| sought.has(&name))
                && named.is_none_or(|lit| engine.accepts(lit, &text).unwrap_or(false));
            if fits && let Some(found) = self.try_member(engine, demand, &name, lits) {
                return Some(found);
            }
        }
        for name in self.fresh(engine, sought, named, true) {
            if let Some(found) = self.try_member(engine, demand, &name, lits) {
                return Some(found);
            }
        }
        None
    }

    fn try_member(
        &mut self,
        engine: &mut Engine<'_>,
        demand: usize,
        name: &Name,
        lits: &[Lit],
    ) -> Option<Value> {
        if self.state.absent.contains(name) || !may_hold(engine, self.state, name) {
            return None;
        }
        let at = self.members.iter().position(|(each, _)| each == name);
        let mut all = at.map_or_else(Vec::new, |at| self.members[at].1.clone());
        all.extend(lits);
        match member(engine, self.state, name, &all) {
            Outcome::Value(_) => {}
            Outcome::Empty => return None,
            Outcome::Unknown(why) => {
                self.doubt = Some(why);
                return None;
            }
        }
        let before = self.members.clone();
        match at {
            Some(at) => self.members[at].1 = all,
            None => self.members.push((name.clone(), all)),
        }
        let found = self.place(engine, demand + 1);
        self.members = before;
        found
    }

    /// Adds members until there are enough, and writes them out.
    fn fill(&mut self, engine: &mut Engine<'_>) -> Option<Value> {
        if self.state.most.is_some_and(|most| self.members.len() as u64 > most) {
            return None;
        }
        let before = self.members.len();
        let found = self.enough(engine).then(|| self.write(engine)).flatten();
        self.members.truncate(before);
        found
    }

    fn enough(&mut self, engine: &mut Engine<'_>) -> bool {
        let least = self.state.least;
        if least > MOST {
            self.doubt = Some("an object of more members than are built".into());
            return false;
        }
        let is_short = |build: &Self| (build.members.len() as u64) < least;
        for name in self.known.clone() {
            if is_short(self) && !self.members.iter().any(|(each, _)| *each == name) {
                self.add(engine, name);
            }
        }
        while is_short(self) {
            let names = self.fresh(engine, None, None, false);
            let before = self.members.len();
            for name in names {
                if self.members.len() == before {
                    self.add(engine, name);
                }
            }
            if self.members.len() == before {
                return false;
            }
        }
        true
    }

    fn add(&mut self, engine: &mut Engine<'_>, name: Name) {
        if self.state.absent.contains(&name) || !may_hold(engine, self.state, &name) {
            return;
        }
        match engine.inhabit(goal_of(self.state, &name, &[])) {
            Outcome::Value(_) => self.members.push((name, Vec::new())),
            Outcome::Empty => {}
            Outcome::Unknown(why) => self.doubt = Some(why),
        }
    }

    fn write(&mut self, engine: &mut Engine<'_>) -> Option<Value> {
        let mut map = Map::new();
        for (name, lits) in self.members.clone() {
            match member(engine, self.state, &name, &lits) {
                Outcome::Value(value) => {
                    map.insert(name.to_string(), Value::clone(&value));
                }
                Outcome::Empty => return None,
                Outcome::Unknown(why) => {
                    self.doubt = Some(why);
                    return None;
                }
            }
        }
        let is_free = |map: &Map<String, Value>| {
            let is_same = |other: &Value| other.as_object().is_some_and(|other| same_members(other, map));
            !self.state.except.iter().any(is_same)
        };
        if is_free(&map) {
            return Some(Value::Object(map));
        }
        // Another value under one name, or a member more, makes another object.
        for (name, lits) in self.members.clone() {
            let goal = goal_of(self.state, &name, &lits);
            let known = map.get(&*name).cloned();
            let taken: Vec<Value> =
                self.state.except.iter().filter_map(|value| value.get(&*name).cloned()).collect();
            if let Outcome::Value(other) = engine.another(&goal, &taken) {
                map.insert(name.to_string(), Value::clone(&other));
                if is_free(&map) {
                    return Some(Value::Object(map));
                }
            }
            if let Some(known) = known {
                map.insert(name.to_string(), known);
            }
        }
        let mut wider = self.state.clone();
        wider.except = Vec::new();
        wider.least =
            self.state.except.iter().filter_map(|value| value.as_object().map(Map::len)).max().unwrap_or(0)
                as u64
                + 1;
        if wider.most.is_none_or(|most| wider.least <= most) {
            let before = std::mem::take(&mut self.members);
            let mut build = Build { state: &wider, known: self.known.clone(), members: before, doubt: None };
            let found = build.fill(engine);
            self.members = build.members;
            if found.is_some() {
                return found;
            }
        }
        self.doubt = Some("an object other than those that are left out".into());
        None
    }

    /// Names that nobody names: one for each way of being within some languages and not in others.
    fn fresh(
        &mut self,
        engine: &mut Engine<'_>,
        sought: Option<&Sought>,
        named: Option<Lit>,
        is_demanded: bool,
    ) -> Vec<Name> {
        let mut languages: Vec<Arc<Language>> = Vec::new();
        let mut note = |language: &Arc<Language>| {
            if !languages.iter().any(|known| Arc::ptr_eq(known, language)) {
                languages.push(language.clone());
            }
        };
        self.state.matching.iter().for_each(|(language, _)| note(language));
        self.state.others.iter().flat_map(|(others, _)| others.languages.iter()).for_each(&mut note);
        for (each, _) in &self.state.some {
            match each {
                Sought::Matching(language) => note(language),
                Sought::Other(others) => others.languages.iter().for_each(&mut note),
            }
        }
        if languages.len() > LANGUAGES {
            self.doubt = Some("names told apart by many patterns".into());
            languages.truncate(LANGUAGES);
        }
        let mut atoms: Vec<Atom> = self.state.names.iter().map(|lit| Atom::Schema(*lit)).collect();
        atoms.extend(named.map(Atom::Schema));
        let taken = self.known.iter().chain(self.members.iter().map(|(name, _)| name));
        atoms.push(Atom::Except(taken.map(|name| Value::String(name.to_string())).collect()));
        match sought {
            Some(Sought::Matching(language)) => atoms.push(Atom::Within(language.clone())),
            Some(Sought::Other(others)) => {
                atoms.extend(others.languages.iter().map(|language| Atom::Outside(language.clone())));
            }
            None => {}
        }
        let mut names = Vec::new();
        for signs in 0..1_u32 << languages.len() {
            let mut atoms = atoms.clone();
            for (at, language) in languages.iter().enumerate() {
                let inside = signs & 1 << at != 0;
                atoms.push(if inside {
                    Atom::Within(language.clone())
                } else {
                    Atom::Outside(language.clone())
                });
            }
            match engine.text_of(atoms) {
                Outcome::Value(value) => names.extend(value.as_str().map(|text| engine.name(text))),
                Outcome::Empty => {}
                Outcome::Unknown(why) if is_demanded || self.doubt.is_none() => self.doubt = Some(why),
                Outcome::Unknown(_) => {}
            }
        }
        names
    }
}

impl Engine<'_> {
    /// A text with these demands.
    fn text_of(&mut self, atoms: Vec<Atom>) -> Outcome {
        let all =
            atoms.iter().filter_map(|atom| if let Atom::Schema(lit) = atom { Some(*lit) } else { None });
        let goal = Goal::all(all.collect::<Vec<_>>());
        self.search(&goal, State::new(Kind::Text), atoms)
    }
}
