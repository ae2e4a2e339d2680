//! Deterministic automata over code points, built from the tree of a pattern.
//!
//! Look-around is regular: what a look-ahead demands of the rest is carried along as a deterministic
//! state of its own, what a look-behind asks of the past is tracked from the beginning of the text.
//! So anchors and boundaries are right wherever they stand. Questions about several automata at once
//! are not asked here.
//!
//! Source: Chandra, Kozen and Stockmeyer, *Alternation* (1981), for conjunctions in states.

use rustc_hash::{FxHashMap, FxHashSet};

use regex_syntax::hir::ClassUnicode;

use super::ecma::{Node, any, word};

/// Instructions that a pattern may be unrolled into.
const MOST_INSTRUCTIONS: usize = 200_000;
/// States that an automaton may have.
const MOST_STATES: usize = 70_000;
/// States times symbols.
const MOST_CELLS: usize = 2_000_000;
/// Instructions that are looked at while an automaton is built.
const MOST_WORK: usize = 2_000_000;

/// Code points that a text can hold: the scalar values, counted without the gap of the surrogates.
pub(super) const ALPHABET: u32 = 0x11_0000 - GAP;
const GAP: u32 = 0x800;

/// The place of a character among all.
pub(super) const fn index_of(c: char) -> u32 {
    let code = c as u32;
    if code < 0xd800 { code } else { code - GAP }
}

/// The character at a place.
pub(super) fn char_at(index: u32) -> Option<char> {
    char::from_u32(if index < 0xd800 { index } else { index + GAP })
}

/// The state from which no text is accepted.
pub(super) const DEAD: u32 = 0;
/// The state from which every text is accepted.
pub(super) const ALL: u32 = 1;

/// A complete deterministic automaton.
#[derive(Debug)]
pub(super) struct Automaton {
    /// Where each run of characters of one symbol begins; the first is 0.
    starts: Vec<u32>,
    /// The symbol of each run.
    symbols: Vec<u32>,
    /// How many symbols there are.
    width: usize,
    /// State times width plus symbol to state.
    table: Vec<u32>,
    accepts: Vec<bool>,
    start: u32,
}

impl Automaton {
    /// The texts in which the pattern is found.
    ///
    /// # Errors
    ///
    /// Says which bound was met.
    pub(super) fn new(pattern: &Node) -> Result<Self, String> {
        let program = Program::new(pattern)?;
        let alphabet = Alphabet::new(&program.classes);
        Ok(Builder::new(&program, &alphabet).build()?.pruned(alphabet))
    }

    pub(super) fn start(&self) -> u32 {
        self.start
    }

    pub(super) fn accepts(&self, state: u32) -> bool {
        self.accepts[state as usize]
    }

    pub(super) fn step(&self, state: u32, symbol: u32) -> u32 {
        self.table[state as usize * self.width + symbol as usize]
    }

    /// The runs of characters of one symbol: where each begins, and its symbol.
    pub(super) fn runs(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.starts.iter().copied().zip(self.symbols.iter().copied())
    }

    /// The cells of the table, as a measure of the room that it takes.
    pub(super) fn cells(&self) -> usize {
        self.table.len() + self.starts.len()
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let mut state = self.start;
        for c in text.chars() {
            if state == DEAD || state == ALL {
                break;
            }
            let run = self.starts.partition_point(|&start| start <= index_of(c)) - 1;
            state = self.step(state, self.symbols[run]);
        }
        self.accepts(state)
    }
}

/// One step of a pattern; numbers are places in the program.
#[derive(Clone, Copy, Debug)]
enum Step {
    Class { class: u32, next: u32 },
    Split(u32, u32),
    Start(u32),
    End(u32),
    Boundary { wanted: bool, next: u32 },
    Ahead { negated: bool, body: u32, next: u32 },
    Behind { negated: bool, tracker: u32, next: u32 },
    Match,
}

/// A pattern as instructions.
struct Program {
    steps: Vec<Step>,
    classes: Vec<ClassUnicode>,
    known: FxHashMap<Vec<(char, char)>, u32>,
    /// Where the bodies of look-behinds begin.
    trackers: Vec<u32>,
    entry: u32,
    /// The class of word characters, where a boundary asks for it.
    word: Option<u32>,
    in_tracker: bool,
}

/// The place of the step that ends every pattern.
const MATCH: u32 = 0;

impl Program {
    fn new(pattern: &Node) -> Result<Self, String> {
        let mut program = Self {
            steps: vec![Step::Match],
            classes: Vec::new(),
            known: FxHashMap::default(),
            trackers: Vec::new(),
            entry: MATCH,
            word: None,
            in_tracker: false,
        };
        let body = program.add(&trimmed(trimmed(pattern.clone(), Edge::Left), Edge::Right), MATCH)?;
        // A pattern is searched for: it may begin anywhere.
        program.entry = program.searched(body)?;
        Ok(program)
    }

    fn searched(&mut self, body: u32) -> Result<u32, String> {
        let entry = self.push(Step::Match)?;
        let class = self.class(&any());
        let again = self.push(Step::Class { class, next: entry })?;
        self.steps[entry as usize] = Step::Split(body, again);
        Ok(entry)
    }

    fn push(&mut self, step: Step) -> Result<u32, String> {
        if self.steps.len() >= MOST_INSTRUCTIONS {
            return Err("the pattern is too large: its repetitions take too many steps".to_owned());
        }
        self.steps.push(step);
        Ok(u32::try_from(self.steps.len() - 1).unwrap_or(u32::MAX))
    }

    fn class(&mut self, class: &ClassUnicode) -> u32 {
        let key: Vec<_> = class.iter().map(|range| (range.start(), range.end())).collect();
        let next = u32::try_from(self.classes.len()).unwrap_or(u32::MAX);
        *self.known.entry(key).or_insert_with(|| {
            self.classes.push(class.clone());
            next
        })
    }

    /// Adds the steps of a tree that go on at `next`; answers where they begin.
    fn add(&mut self, node: &Node, next: u32) -> Result<u32, String> {
        match node {
            Node::Empty => Ok(next),
            Node::Class(class) => {
                let class = self.class(class);
                self.push(Step::Class { class, next })
            }
            Node::Concat(parts) => parts.iter().rev().try_fold(next, |next, part| self.add(part, next)),
            Node::Alternation(parts) => {
                let mut entry = None;
                for part in parts.iter().rev() {
                    let this = self.add(part, next)?;
                    entry = Some(match entry {
                        Some(other) => self.push(Step::Split(this, other))?,
                        None => this,
                    });
                }
                match entry {
                    Some(entry) => Ok(entry),
                    None => self.add(&Node::Class(ClassUnicode::empty()), next),
                }
            }
            Node::Repeat(inner, min, max) => self.repeat(inner, *min, *max, next),
            Node::Start => self.push(Step::Start(next)),
            Node::End => self.push(Step::End(next)),
            Node::Boundary(wanted) => {
                self.word = Some(self.class(&word()));
                self.push(Step::Boundary { wanted: *wanted, next })
            }
            Node::Look { behind: false, negated, node } => {
                if self.in_tracker {
                    return Err("a look-ahead within a look-behind is not followed".to_owned());
                }
                let body = self.add(&trimmed(*node.clone(), Edge::Right), MATCH)?;
                self.push(Step::Ahead { negated: *negated, body, next })
            }
            Node::Look { behind: true, negated, node } => {
                let was = std::mem::replace(&mut self.in_tracker, true);
                let body = self.add(&trimmed(*node.clone(), Edge::Left), MATCH)?;
                self.in_tracker = was;
                let tracker = u32::try_from(self.trackers.len()).unwrap_or(u32::MAX);
                self.trackers.push(body);
                self.push(Step::Behind { negated: *negated, tracker, next })
            }
        }
    }

    fn repeat(&mut self, inner: &Node, min: u32, max: Option<u32>, next: u32) -> Result<u32, String> {
        let mut entry = next;
        match max {
            None => {
                entry = self.push(Step::Match)?;
                let body = self.add(inner, entry)?;
                self.steps[entry as usize] = Step::Split(body, next);
            }
            Some(max) => {
                for _ in min..max {
                    let body = self.add(inner, entry)?;
                    entry = self.push(Step::Split(body, next))?;
                }
            }
        }
        for _ in 0..min {
            let before = self.steps.len();
            entry = self.add(inner, entry)?;
            if before == self.steps.len() {
                break;
            }
        }
        Ok(entry)
    }
}

/// The side of a pattern on which anything may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Left,
    Right,
}

/// A pattern that finds the same places with fewer steps: what is repeated at an edge counts as often
/// as it must, for the rest is as good as what may stand beside it.
fn trimmed(node: Node, edge: Edge) -> Node {
    match node {
        Node::Repeat(_, 0, _) => Node::Empty,
        Node::Repeat(inner, min, _) => {
            let rest = Node::Repeat(inner.clone(), min - 1, Some(min - 1));
            let last = trimmed(*inner, edge);
            Node::Concat(if edge == Edge::Left { vec![last, rest] } else { vec![rest, last] })
        }
        Node::Alternation(parts) => {
            Node::Alternation(parts.into_iter().map(|part| trimmed(part, edge)).collect())
        }
        Node::Concat(mut parts) => {
            let count = parts.len();
            for at in 0..count {
                let at = if edge == Edge::Left { at } else { count - 1 - at };
                parts[at] = trimmed(std::mem::replace(&mut parts[at], Node::Empty), edge);
                if parts[at] != Node::Empty {
                    break;
                }
            }
            Node::Concat(parts)
        }
        other => other,
    }
}

/// The characters in groups that no class of a program tells apart.
struct Alphabet {
    starts: Vec<u32>,
    symbols: Vec<u32>,
    /// For each symbol, the classes that hold it, as bits.
    holds: Vec<Box<[u64]>>,
}

impl Alphabet {
    fn new(classes: &[ClassUnicode]) -> Self {
        let mut edges: Vec<(u32, usize)> = vec![];
        for (place, class) in classes.iter().enumerate() {
            for range in class.iter() {
                edges.push((index_of(range.start()), place));
                edges.push((index_of(range.end()) + 1, place));
            }
        }
        edges.sort_unstable();
        let mut out = Self { starts: Vec::new(), symbols: Vec::new(), holds: Vec::new() };
        let mut known: FxHashMap<Box<[u64]>, u32> = FxHashMap::default();
        let mut held = vec![0u64; classes.len().div_ceil(64)].into_boxed_slice();
        let mut edges = edges.into_iter().peekable();
        let mut start = 0;
        while start < ALPHABET {
            while let Some((_, place)) = edges.next_if(|edge| edge.0 <= start) {
                // Ranges of a class neither touch nor overlap, so each edge turns the bit over.
                held[place / 64] ^= 1 << (place % 64);
            }
            let next = u32::try_from(out.holds.len()).unwrap_or(u32::MAX);
            let symbol = *known.entry(held.clone()).or_insert_with(|| {
                out.holds.push(held.clone());
                next
            });
            if out.symbols.last() != Some(&symbol) {
                out.starts.push(start);
                out.symbols.push(symbol);
            }
            start = edges.peek().map_or(ALPHABET, |edge| edge.0);
        }
        out
    }

    fn holds(&self, symbol: u32, class: u32) -> bool {
        self.holds[symbol as usize][class as usize / 64] >> (class % 64) & 1 == 1
    }
}

/// What stands right of a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Right {
    End,
    Word,
    Other,
}

/// What stands left of a place, as far as the program asks.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Left {
    is_start: bool,
    is_word: bool,
    /// For each look-behind, where its matches that began earlier have come to.
    trackers: Vec<Vec<u32>>,
}

/// Alternatives, of which one must hold for the rest of the text: a step to go on from, and a set of
/// demands beside it.
type Formula = Box<[(u32, u32)]>;
/// Formulas that must hold, or with `true`, must not.
type Demands = Box<[(bool, u32)]>;

/// The formula that no rest fulfils.
const FALSE: u32 = 0;
/// The formula that every rest fulfils.
const TRUE: u32 = 1;
/// No demand.
const NONE: u32 = 0;

/// A thing by its number, and the number by the thing.
struct Interner<T> {
    all: Vec<T>,
    known: FxHashMap<T, u32>,
}

impl<T: Clone + Eq + std::hash::Hash> Interner<T> {
    fn new() -> Self {
        Self { all: Vec::new(), known: FxHashMap::default() }
    }

    fn number(&mut self, thing: T) -> u32 {
        if let Some(&number) = self.known.get(&thing) {
            return number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(thing.clone());
        self.known.insert(thing, number);
        number
    }

    fn get(&self, number: u32) -> &T {
        &self.all[number as usize]
    }
}

struct Builder<'a> {
    program: &'a Program,
    alphabet: &'a Alphabet,
    formulas: Interner<Formula>,
    demands: Interner<Demands>,
    lefts: Interner<Left>,
    work: usize,
    /// Marks of the steps that a walk without demands has seen, and the mark of this walk.
    seen: Vec<u32>,
    mark: u32,
}

/// States with their successors, before the useless ones are merged.
struct Raw {
    width: usize,
    table: Vec<u32>,
    accepts: Vec<bool>,
}

impl<'a> Builder<'a> {
    fn new(program: &'a Program, alphabet: &'a Alphabet) -> Self {
        let mut formulas: Interner<Formula> = Interner::new();
        formulas.number(Box::default());
        formulas.number(Box::new([(MATCH, NONE)]));
        let mut demands: Interner<Demands> = Interner::new();
        demands.number(Box::default());
        Self {
            program,
            alphabet,
            formulas,
            demands,
            lefts: Interner::new(),
            work: 0,
            seen: vec![0; program.steps.len()],
            mark: 0,
        }
    }

    fn build(mut self) -> Result<Raw, String> {
        let width = self.alphabet.holds.len();
        let left =
            Left { is_start: true, is_word: false, trackers: vec![Vec::new(); self.program.trackers.len()] };
        let left = self.lefts.number(left);
        let mut numbers: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        let mut states = vec![(FALSE, left), (TRUE, left)];
        let first = self.formulas.number(Box::new([(self.program.entry, NONE)]));
        states.push((first, left));
        numbers.insert((first, left), 2);
        let mut raw = Raw { width, table: Vec::new(), accepts: Vec::new() };
        let mut at = 0;
        while let Some(&(formula, left)) = states.get(at) {
            raw.accepts.push(self.ends_well(formula, left)?);
            // What is reached does not hang on the character but by its class and whether it is a
            // word character.
            let mut reached: [Option<Vec<(u32, u32)>>; 2] = [None, None];
            for symbol in 0..width {
                let symbol = u32::try_from(symbol).unwrap_or(u32::MAX);
                let right = self.right(symbol);
                let kept = &mut reached[usize::from(right == Right::Word)];
                let from = match kept {
                    Some(from) => from,
                    None => kept.insert(self.reach(formula, left, right)?),
                };
                let next = self.consume(from, left, symbol)?;
                let number = match next {
                    FALSE => DEAD,
                    TRUE => ALL,
                    _ => {
                        let next = (next, self.left_after(left, symbol)?);
                        *numbers.entry(next).or_insert_with(|| {
                            states.push(next);
                            u32::try_from(states.len() - 1).unwrap_or(u32::MAX)
                        })
                    }
                };
                raw.table.push(number);
            }
            if states.len() > MOST_STATES || states.len() * width > MOST_CELLS {
                return Err("the pattern is too large: its automaton has too many states".to_owned());
            }
            at += 1;
        }
        Ok(raw)
    }

    fn spend(&mut self, work: usize) -> Result<(), String> {
        self.work += work;
        if self.work > MOST_WORK {
            return Err("the pattern is too large: its automaton takes too much work".to_owned());
        }
        Ok(())
    }

    fn right(&self, symbol: u32) -> Right {
        match self.program.word {
            Some(word) if self.alphabet.holds(symbol, word) => Right::Word,
            _ => Right::Other,
        }
    }

    /// Where the alternatives of a formula come to before they take a character: steps that take one,
    /// or the end, each with its demands.
    fn reach(&mut self, formula: u32, left: u32, right: Right) -> Result<Vec<(u32, u32)>, String> {
        let from = self.formulas.get(formula).to_vec();
        self.mark += 1;
        let mut out = Vec::new();
        let mut seen: FxHashSet<(u32, u32)> = FxHashSet::default();
        let mut open: Vec<_> = from.into_iter().rev().collect();
        while let Some((at, demands)) = open.pop() {
            let is_new = if demands == NONE {
                std::mem::replace(&mut self.seen[at as usize], self.mark) != self.mark
            } else {
                seen.insert((at, demands))
            };
            if !is_new {
                continue;
            }
            self.spend(1)?;
            match self.program.steps[at as usize] {
                Step::Class { .. } | Step::Match => out.push((at, demands)),
                Step::Split(one, other) => open.extend([(other, demands), (one, demands)]),
                Step::Start(next) => {
                    if self.lefts.get(left).is_start {
                        open.push((next, demands));
                    }
                }
                Step::End(next) => {
                    if right == Right::End {
                        open.push((next, demands));
                    }
                }
                Step::Boundary { wanted, next } => {
                    if (self.lefts.get(left).is_word != (right == Right::Word)) == wanted {
                        open.push((next, demands));
                    }
                }
                Step::Ahead { negated, body, next } => {
                    let body = self.formulas.number(Box::new([(body, NONE)]));
                    let mut more = self.demands.get(demands).to_vec();
                    more.push((negated, body));
                    let demands = self.demanded(more);
                    open.push((next, demands));
                }
                Step::Behind { negated, tracker, next } => {
                    if self.has_come(tracker, left, right)? != negated {
                        open.push((next, demands));
                    }
                }
            }
        }
        Ok(out)
    }

    fn demanded(&mut self, mut demands: Vec<(bool, u32)>) -> u32 {
        demands.sort_unstable();
        demands.dedup();
        self.demands.number(demands.into())
    }

    /// The formula for the rest after a character.
    fn consume(&mut self, from: &[(u32, u32)], left: u32, symbol: u32) -> Result<u32, String> {
        let mut out: Vec<(u32, u32)> = Vec::with_capacity(from.len());
        let mut memo: FxHashMap<u32, Option<u32>> = FxHashMap::default();
        for &(at, demands) in from {
            let next = match self.program.steps[at as usize] {
                Step::Class { class, next } if self.alphabet.holds(symbol, class) => next,
                Step::Match => MATCH,
                _ => continue,
            };
            self.spend(1)?;
            let demands = if demands == NONE {
                Some(NONE)
            } else if let Some(&known) = memo.get(&demands) {
                known
            } else {
                let after = self.demands_after(demands, left, symbol)?;
                memo.insert(demands, after);
                after
            };
            match demands {
                Some(NONE) if next == MATCH => return Ok(TRUE),
                Some(demands) => out.push((next, demands)),
                None => {}
            }
        }
        out.sort_unstable();
        out.dedup();
        if out.iter().any(|&(_, demands)| demands != NONE) {
            self.drop_implied(&mut out)?;
        }
        Ok(self.formulas.number(out.into()))
    }

    /// Drops alternatives that demand more than another one at the same step.
    fn drop_implied(&mut self, alternatives: &mut Vec<(u32, u32)>) -> Result<(), String> {
        let all = alternatives.clone();
        self.spend(all.len())?;
        alternatives.retain(|&(at, demands)| {
            let first = all.partition_point(|other| other.0 < at);
            !all[first..].iter().take_while(|other| other.0 == at).any(|&(_, other)| {
                let (more, fewer) = (self.demands.get(demands), self.demands.get(other));
                other != demands && fewer.iter().all(|demand| more.contains(demand))
            })
        });
        Ok(())
    }

    /// The demands on the rest after a character; `None` where one cannot be met.
    fn demands_after(&mut self, demands: u32, left: u32, symbol: u32) -> Result<Option<u32>, String> {
        let mut out = Vec::new();
        for (negated, formula) in self.demands.get(demands).to_vec() {
            let from = self.reach(formula, left, self.right(symbol))?;
            match (self.consume(&from, left, symbol)?, negated) {
                (TRUE, false) | (FALSE, true) => {}
                (FALSE, false) | (TRUE, true) => return Ok(None),
                (formula, _) => out.push((negated, formula)),
            }
        }
        Ok(Some(self.demanded(out)))
    }

    /// Whether a formula holds where the text ends.
    fn ends_well(&mut self, formula: u32, left: u32) -> Result<bool, String> {
        for (at, demands) in self.reach(formula, left, Right::End)? {
            if at != MATCH {
                continue;
            }
            let mut holds = true;
            for (negated, formula) in self.demands.get(demands).to_vec() {
                holds = holds && self.ends_well(formula, left)? != negated;
            }
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn left_after(&mut self, left: u32, symbol: u32) -> Result<u32, String> {
        let right = self.right(symbol);
        let mut trackers = Vec::with_capacity(self.program.trackers.len());
        for tracker in 0..self.program.trackers.len() {
            let from = self.tracked(tracker, left, right)?;
            let mut next: Vec<u32> = from
                .into_iter()
                .filter_map(|at| match self.program.steps[at as usize] {
                    Step::Class { class, next } if self.alphabet.holds(symbol, class) => Some(next),
                    _ => None,
                })
                .collect();
            next.sort_unstable();
            next.dedup();
            trackers.push(next);
        }
        Ok(self.lefts.number(Left { is_start: false, is_word: right == Right::Word, trackers }))
    }

    /// Whether a look-behind has come to its end at this place.
    fn has_come(&mut self, tracker: u32, left: u32, right: Right) -> Result<bool, String> {
        Ok(self.tracked(tracker as usize, left, right)?.contains(&MATCH))
    }

    /// Where a look-behind has come to, begun here or earlier.
    fn tracked(&mut self, tracker: usize, left: u32, right: Right) -> Result<Vec<u32>, String> {
        let mut open = self.lefts.get(left).trackers[tracker].clone();
        open.push(self.program.trackers[tracker]);
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        let mut out = Vec::new();
        while let Some(at) = open.pop() {
            if !seen.insert(at) {
                continue;
            }
            self.spend(1)?;
            match self.program.steps[at as usize] {
                Step::Class { .. } | Step::Match => out.push(at),
                Step::Split(one, other) => open.extend([other, one]),
                Step::Start(next) if self.lefts.get(left).is_start => open.push(next),
                Step::End(next) if right == Right::End => open.push(next),
                Step::Boundary { wanted, next }
                    if (self.lefts.get(left).is_word != (right == Right::Word)) == wanted =>
                {
                    open.push(next);
                }
                // One within another: it is tracked by itself, and never holds the outer one.
                Step::Behind { negated, tracker, next }
                    if self.has_come(tracker, left, right)? != negated =>
                {
                    open.push(next);
                }
                _ => {}
            }
        }
        Ok(out)
    }
}

impl Raw {
    /// The automaton whose hopeless states are [`DEAD`] and whose settled ones are [`ALL`].
    fn pruned(self, alphabet: Alphabet) -> Automaton {
        let count = self.accepts.len();
        let mut before: Vec<Vec<u32>> = vec![Vec::new(); count];
        for (cell, &to) in self.table.iter().enumerate() {
            let from = u32::try_from(cell / self.width).unwrap_or(u32::MAX);
            let list = &mut before[to as usize];
            if list.last() != Some(&from) {
                list.push(from);
            }
        }
        let leads_to = |wanted: bool| {
            let mut leads = vec![false; count];
            let mut open: Vec<usize> = (0..count).filter(|&at| self.accepts[at] == wanted).collect();
            while let Some(at) = open.pop() {
                if !std::mem::replace(&mut leads[at], true) {
                    open.extend(before[at].iter().map(|&at| at as usize));
                }
            }
            leads
        };
        let (to_yes, to_no) = (leads_to(true), leads_to(false));
        let mut next = ALL;
        let names: Vec<u32> = (0..count)
            .map(|at| match (to_yes[at], to_no[at]) {
                (false, _) => DEAD,
                (true, false) => ALL,
                (true, true) => {
                    next += 1;
                    next
                }
            })
            .collect();
        let width = self.width;
        let mut table = vec![DEAD; width];
        table.extend(std::iter::repeat_n(ALL, width));
        let mut accepts = vec![false, true];
        for at in (0..count).filter(|&at| names[at] > ALL) {
            table.extend(self.table[at * width..(at + 1) * width].iter().map(|&to| names[to as usize]));
            accepts.push(self.accepts[at]);
        }
        // The first state of the three that every build begins with is the start.
        let Alphabet { starts, symbols, .. } = alphabet;
        Automaton { starts, symbols, width, table, accepts, start: names[2] }
    }
}

#[cfg(test)]
impl Automaton {
    /// A word that is found by chance, when one is found soon.
    pub(super) fn walk_at_random(&self, below: &mut dyn FnMut(usize) -> usize) -> Option<String> {
        let mut word = String::new();
        let mut state = self.start;
        for _ in 0..60 {
            if self.accepts(state) && below(6) == 0 {
                return Some(word);
            }
            let runs: Vec<usize> =
                (0..self.starts.len()).filter(|&run| self.step(state, self.symbols[run]) != DEAD).collect();
            if runs.is_empty() {
                break;
            }
            let run = runs[below(runs.len())];
            let end = self.starts.get(run + 1).copied().unwrap_or(ALPHABET);
            let length = usize::try_from((end - self.starts[run]).min(40)).unwrap_or(1);
            word.extend(char_at(self.starts[run] + u32::try_from(below(length)).unwrap_or(0)));
            state = self.step(state, self.symbols[run]);
        }
        self.accepts(state).then_some(word)
    }
}
