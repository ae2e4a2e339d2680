//! Words of several automata at once: inside some, outside others, within bounds of length.
//!
//! All questions are walks over tuples of states. The shortest word comes from a breadth-first walk;
//! that none exists is known when the walk has seen everything. Nothing here knows of patterns.

use rustc_hash::{FxHashMap, FxHashSet};

use super::automaton::{ALL, ALPHABET, Automaton, DEAD, char_at, index_of};

/// Code points of the longest word that is built.
const LONGEST: u64 = 1 << 20;
/// Characters in the order in which people like to read them.
const LIKED: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\
    -_./:@ ,+#=&?!;()*'$~%[]{}|<>^`\"\\éäßñçøαβжя中日あ한€😀";

/// Layers after which a walk asks whether they come again; those before keep words in their order.
const CYCLES_FROM: u64 = 128;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The steps are spent.
    Budget,
    /// Words are longer than what is built.
    TooLong,
}

/// The lengths that are asked for, in code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lengths {
    pub(super) min: u64,
    pub(super) max: Option<u64>,
}

impl Lengths {
    pub(super) const ANY: Self = Self { min: 0, max: None };

    fn allows(self, length: u64) -> bool {
        self.max.is_none_or(|max| length <= max)
    }

    pub(super) fn hold(self, length: u64) -> bool {
        self.min <= length && self.allows(length)
    }

    /// What both allow.
    pub(super) fn and(self, other: Self) -> Self {
        Self { min: self.min.max(other.min), max: self.max.into_iter().chain(other.max).min() }
    }
}

fn spend(steps: &mut u64, cost: usize) -> Result<(), Stop> {
    let cost = cost as u64;
    if *steps < cost {
        *steps = 0;
        return Err(Stop::Budget);
    }
    *steps -= cost;
    Ok(())
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The characters in groups that no automaton of a question tells apart.
struct Letters {
    /// For each group, the symbol that it is to each automaton.
    groups: Vec<Vec<u32>>,
    /// Runs of characters: first, one past the last, group.
    runs: Vec<(u32, u32, u32)>,
    /// The groups, those with the most likeable characters first.
    order: Vec<u32>,
    /// The most likeable character of each group.
    faces: Vec<char>,
}

impl Letters {
    fn new(automata: &[&Automaton]) -> Self {
        let mut iters: Vec<_> = automata.iter().map(|automaton| automaton.runs().peekable()).collect();
        let mut groups: Vec<Vec<u32>> = Vec::new();
        let mut known: FxHashMap<Vec<u32>, u32> = FxHashMap::default();
        let mut runs: Vec<(u32, u32, u32)> = Vec::new();
        let mut now = vec![0; automata.len()];
        let mut start = 0;
        while start < ALPHABET {
            for (symbol, iter) in now.iter_mut().zip(&mut iters) {
                while let Some((_, next)) = iter.next_if(|run| run.0 <= start) {
                    *symbol = next;
                }
            }
            let end = iters.iter_mut().filter_map(|iter| iter.peek()).map(|run| run.0).min();
            let end = end.unwrap_or(ALPHABET);
            let group = if let Some(&group) = known.get(&now) {
                group
            } else {
                groups.push(now.clone());
                known.insert(now.clone(), number(groups.len() - 1));
                number(groups.len() - 1)
            };
            runs.push((start, end, group));
            start = end;
        }
        let mut letters = Self { order: Vec::new(), faces: vec!['\0'; groups.len()], groups, runs };
        letters.rank();
        letters
    }

    fn group_of(&self, c: char) -> u32 {
        let at = self.runs.partition_point(|run| run.0 <= index_of(c)) - 1;
        self.runs[at].2
    }

    /// Finds the face of each group, and with it the order.
    fn rank(&mut self) {
        let mut has_face = vec![false; self.groups.len()];
        for c in LIKED.chars() {
            let group = self.group_of(c);
            if !std::mem::replace(&mut has_face[group as usize], true) {
                self.faces[group as usize] = c;
                self.order.push(group);
            }
        }
        if self.order.len() == self.groups.len() {
            return;
        }
        let mut best: Vec<Option<(u8, u32)>> = vec![None; self.groups.len()];
        for &(start, end, group) in self.runs.iter().filter(|run| !has_face[run.2 as usize]) {
            let found = (start..end.min(start + 64)).filter_map(|at| Some((oddness(char_at(at)?), at))).min();
            let best = &mut best[group as usize];
            *best = [*best, found].into_iter().flatten().min();
        }
        let mut rest: Vec<_> = (0..self.groups.len())
            .filter_map(|group| best[group].map(|(oddness, at)| (oddness, at, group)))
            .collect();
        rest.sort_unstable();
        for (_, at, group) in rest {
            self.faces[group] = char_at(at).unwrap_or('\u{fffd}');
            self.order.push(number(group));
        }
    }
}

/// How little one likes to see a character.
fn oddness(c: char) -> u8 {
    match c {
        _ if c.is_alphanumeric() => 0,
        '\t' => 2,
        '\n' => 3,
        _ if c.is_control() => 5,
        _ if c.is_whitespace() => 3,
        // What formats text and is not seen, what is private, and what is no character.
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => 4,
        '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'.. => 4,
        _ => 1,
    }
}

/// No node: what a word would have to leave for good.
const NOWHERE: u32 = u32::MAX;

/// The tuples of states that words lead to.
pub(super) struct Walk<'a> {
    automata: Vec<&'a Automaton>,
    /// How many automata, from the first, a word must be in; it must not be in the others.
    inside: usize,
    letters: Letters,
    nodes: Vec<u32>,
    known: FxHashMap<Box<[u32]>, u32>,
    /// Node times group to node, for the nodes that were asked for.
    edges: Vec<Option<Box<[u32]>>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(within: &[&'a Automaton], outside: &[&'a Automaton]) -> Self {
        let automata: Vec<&Automaton> = within.iter().chain(outside).copied().collect();
        let letters = Letters::new(&automata);
        Self {
            automata,
            inside: within.len(),
            letters,
            nodes: Vec::new(),
            known: FxHashMap::default(),
            edges: Vec::new(),
        }
    }

    /// The node of a tuple; [`NOWHERE`] where no word can lead on from it.
    fn node(&mut self, states: &[u32]) -> u32 {
        let (inside, outside) = states.split_at(self.inside);
        if inside.contains(&DEAD) || outside.contains(&ALL) {
            return NOWHERE;
        }
        if let Some(&node) = self.known.get(states) {
            return node;
        }
        let node = number(self.edges.len());
        self.nodes.extend_from_slice(states);
        self.edges.push(None);
        self.known.insert(states.into(), node);
        node
    }

    fn states(&self, node: u32) -> &[u32] {
        let width = self.automata.len();
        &self.nodes[node as usize * width..][..width]
    }

    fn start(&mut self) -> u32 {
        let states: Vec<u32> = self.automata.iter().map(|automaton| automaton.start()).collect();
        self.node(&states)
    }

    fn accepts(&self, node: u32) -> bool {
        let mut states = self.states(node).iter().zip(&self.automata).enumerate();
        states.all(|(at, (&state, automaton))| automaton.accepts(state) == (at < self.inside))
    }

    /// Where each group of characters leads from a node.
    fn leave(&mut self, node: u32, steps: &mut u64) -> Result<Box<[u32]>, Stop> {
        let count = self.letters.groups.len();
        spend(steps, count)?;
        if let Some(edges) = self.edges[node as usize].take() {
            return Ok(edges);
        }
        let from = self.states(node).to_vec();
        let mut to = vec![0; from.len()];
        let mut edges = Vec::with_capacity(count);
        for group in 0..count {
            let symbols = &self.letters.groups[group];
            for at in 0..from.len() {
                to[at] = self.automata[at].step(from[at], symbols[at]);
            }
            edges.push(self.node(&to));
        }
        Ok(edges.into())
    }

    /// The same, for a look and no more.
    fn each_edge(&mut self, node: u32, steps: &mut u64, mut f: impl FnMut(u32, u32)) -> Result<(), Stop> {
        let edges = self.leave(node, steps)?;
        for &group in &self.letters.order {
            let to = edges[group as usize];
            if to != NOWHERE {
                f(group, to);
            }
        }
        self.edges[node as usize] = Some(edges);
        Ok(())
    }

    /// The shortest word, and of several the most likeable; `None` is a proof that there is none.
    pub(super) fn shortest(&mut self, lengths: Lengths, steps: &mut u64) -> Result<Option<String>, Stop> {
        let start = self.start();
        if start == NOWHERE || !lengths.allows(lengths.min) {
            return Ok(None);
        }
        let layers = self.layers(start, lengths.min, steps)?;
        let first = layers.at(lengths.min);
        // From there on each node counts once, when it is met first.
        let mut met: FxHashMap<u32, usize> = FxHashMap::default();
        let mut queue: Vec<Found> = Vec::new();
        for found in &layers.all[first] {
            met.insert(found.node, queue.len());
            queue.push(Found { node: found.node, from: u32::MAX, group: 0 });
        }
        let (mut at, mut length, mut layer_end) = (0, lengths.min, queue.len());
        while at < queue.len() {
            if at == layer_end {
                length += 1;
                layer_end = queue.len();
                if !lengths.allows(length) {
                    return Ok(None);
                }
            }
            let node = queue[at].node;
            if self.accepts(node) {
                if length > LONGEST {
                    return Err(Stop::TooLong);
                }
                return Ok(Some(self.spell(&layers, lengths.min, &queue, at)));
            }
            self.each_edge(node, steps, |group, to| {
                met.entry(to).or_insert_with(|| {
                    queue.push(Found { node: to, from: number(at), group });
                    queue.len() - 1
                });
            })?;
            at += 1;
        }
        Ok(None)
    }

    /// The nodes that words of exactly 0, 1, … up to `count` characters lead to.
    fn layers(&mut self, start: u32, count: u64, steps: &mut u64) -> Result<Layers, Stop> {
        let mut layers =
            Layers { all: vec![vec![Found { node: start, from: u32::MAX, group: 0 }]], cycle: None };
        let mut known: FxHashMap<Vec<u32>, usize> = FxHashMap::default();
        let mut stamps: Vec<usize> = Vec::new();
        for layer in 1..=count {
            let last = layers.all.len() - 1;
            let mut next: Vec<Found> = Vec::new();
            for at in 0..layers.all[last].len() {
                let node = layers.all[last][at].node;
                self.each_edge(node, steps, |group, to| {
                    if stamps.len() <= to as usize {
                        stamps.resize(to as usize + 1, 0);
                    }
                    if std::mem::replace(&mut stamps[to as usize], last + 1) != last + 1 {
                        next.push(Found { node: to, from: number(at), group });
                    }
                })?;
            }
            if next.is_empty() {
                layers.all.push(next);
                layers.cycle = Some(last + 1);
                break;
            }
            let mut nodes: Vec<u32> = next.iter().map(|found| found.node).collect();
            nodes.sort_unstable();
            layers.all.push(next);
            if (CYCLES_FROM..count).contains(&layer)
                && let Some(earlier) = known.insert(nodes, last + 1)
            {
                layers.cycle = Some(earlier);
                break;
            }
        }
        Ok(layers)
    }

    /// The word that leads to a place of the queue.
    fn spell(&self, layers: &Layers, min: u64, queue: &[Found], at: usize) -> String {
        let mut letters = Vec::new();
        let mut at = at;
        while queue[at].from != u32::MAX {
            letters.push(self.letters.faces[queue[at].group as usize]);
            at = queue[at].from as usize;
        }
        let mut length = min;
        let mut node = queue[at].node;
        while length > 0 {
            let layer = &layers.all[layers.entered(length)];
            let Some(found) = layer.iter().find(|found| found.node == node) else { break };
            letters.push(self.letters.faces[found.group as usize]);
            length -= 1;
            node = layers.all[layers.entered(length + 1) - 1][found.from as usize].node;
        }
        letters.iter().rev().collect()
    }

    /// Up to `count` words that are none of `except`, the shortest and most likeable first; fewer are
    /// a proof that there are no more.
    pub(super) fn words(
        &mut self,
        lengths: Lengths,
        except: &FxHashSet<&str>,
        count: usize,
        steps: &mut u64,
    ) -> Result<Vec<String>, Stop> {
        let mut out = Vec::new();
        let start = self.start();
        if start == NOWHERE || count == 0 {
            return Ok(out);
        }
        self.leave_all(steps)?;
        let nodes = self.edges.len() as u64;
        let mut hopes = self.hopes();
        let mut length = 0;
        // A word longer than `last` by as much as there are nodes can be cut short, and still be
        // longer than `last`.
        let mut last = lengths.min;
        while lengths.allows(length) && length <= last.saturating_add(nodes) {
            if length > LONGEST {
                return Err(Stop::TooLong);
            }
            if length >= lengths.min && hopes.holds(length, start) {
                last = length;
                self.spell_all(length, &hopes, except, count, &mut out, steps)?;
                if out.len() == count {
                    break;
                }
            }
            self.hope(&mut hopes, steps)?;
            length += 1;
        }
        Ok(out)
    }

    /// Learns where every node leads.
    fn leave_all(&mut self, steps: &mut u64) -> Result<(), Stop> {
        let mut at = 0;
        while at < self.edges.len() {
            let edges = self.leave(number(at), steps)?;
            self.edges[at] = Some(edges);
            at += 1;
        }
        Ok(())
    }

    fn hopes(&self) -> Hopes {
        let count = self.edges.len();
        let mut first = vec![0u64; count.div_ceil(64)];
        for node in (0..count).filter(|&node| self.accepts(number(node))) {
            first[node / 64] |= 1 << (node % 64);
        }
        let successors = (0..count)
            .map(|node| {
                let edges = self.edges[node].as_deref().unwrap_or_default();
                let mut to: Vec<u32> = edges.iter().copied().filter(|&to| to != NOWHERE).collect();
                to.sort_unstable();
                to.dedup();
                to
            })
            .collect();
        Hopes { layers: vec![first], successors }
    }

    /// Adds the nodes that one character more can save.
    fn hope(&self, hopes: &mut Hopes, steps: &mut u64) -> Result<(), Stop> {
        let count = self.edges.len();
        let Some(last) = hopes.layers.last() else { return Ok(()) };
        let mut next = vec![0u64; last.len()];
        let mut cost = 0;
        for node in 0..count {
            cost += 1 + hopes.successors[node].len();
            let saved = hopes.successors[node].iter().any(|&to| last[to as usize / 64] >> (to % 64) & 1 == 1);
            if saved {
                next[node / 64] |= 1 << (node % 64);
            }
        }
        spend(steps, cost)?;
        hopes.layers.push(next);
        Ok(())
    }

    /// Adds the words of one length, until there are enough.
    fn spell_all(
        &mut self,
        length: u64,
        hopes: &Hopes,
        except: &FxHashSet<&str>,
        count: usize,
        out: &mut Vec<String>,
        steps: &mut u64,
    ) -> Result<(), Stop> {
        let symbols = Symbols::new(&self.letters);
        let start = self.start();
        let mut path: Vec<(u32, u32)> = vec![(start, 0)];
        let mut word: Vec<char> = Vec::new();
        let wanted = usize::try_from(length).unwrap_or(usize::MAX);
        while let Some(&(node, cursor)) = path.last() {
            if word.len() == wanted {
                spend(steps, 1 + wanted)?;
                let text: String = word.iter().collect();
                if !except.contains(text.as_str()) {
                    out.push(text);
                    if out.len() == count {
                        return Ok(());
                    }
                }
                path.pop();
                word.pop();
                continue;
            }
            let left = length - word.len() as u64 - 1;
            let edges = self.edges[node as usize].as_deref().unwrap_or_default();
            let mut looked = 0;
            let mut leads = |group: u32| {
                looked += 1;
                let to = edges[group as usize];
                to != NOWHERE && hopes.holds(left, to)
            };
            // Most nodes let few characters pass; behind the last of them there is nothing to look for.
            let is_past =
                (0..number(edges.len())).all(|group| symbols.last[group as usize] < cursor || !leads(group));
            let found = if is_past { None } else { symbols.next(cursor, leads) };
            spend(steps, looked)?;
            let depth = path.len() - 1;
            if let Some((cursor, c, group)) = found {
                path[depth].1 = cursor + 1;
                path.push((edges[group as usize], 0));
                word.push(c);
            } else {
                path.pop();
                word.pop();
            }
        }
        Ok(())
    }
}

/// A node, how it was reached, and by which group of characters.
struct Found {
    node: u32,
    from: u32,
    group: u32,
}

/// The nodes that words of each length lead to; from some length on they may come again.
struct Layers {
    all: Vec<Vec<Found>>,
    /// The layer that the last one equals.
    cycle: Option<usize>,
}

impl Layers {
    /// Which of the kept layers is that of words of a length.
    fn at(&self, length: u64) -> usize {
        let last = self.all.len() - 1;
        let length_here = usize::try_from(length).unwrap_or(usize::MAX);
        match self.cycle {
            Some(earlier) if length_here > last => match last - earlier {
                0 => last,
                period => earlier + (length_here - earlier) % period,
            },
            _ => length_here,
        }
    }

    /// The same layer where it was entered from the one before: the first of a cycle is met again as
    /// its last.
    fn entered(&self, length: u64) -> usize {
        let last = self.all.len() - 1;
        let at = self.at(length);
        if self.cycle == Some(at) && length > at as u64 { last } else { at }
    }
}

/// For each number of characters, the nodes from which so many lead to an end, as bits.
struct Hopes {
    layers: Vec<Vec<u64>>,
    successors: Vec<Vec<u32>>,
}

impl Hopes {
    fn holds(&self, length: u64, node: u32) -> bool {
        usize::try_from(length)
            .ok()
            .and_then(|length| self.layers.get(length))
            .is_some_and(|layer| layer[node as usize / 64] >> (node % 64) & 1 == 1)
    }
}

/// All characters in the order of liking, with the group of each.
struct Symbols {
    liked: Vec<(char, u32)>,
    /// What is left: the number of the first, the place of the first, and the group.
    runs: Vec<(u32, u32, u32)>,
    end: u32,
    /// For each group, the number of its last character.
    last: Vec<u32>,
}

impl Symbols {
    fn new(letters: &Letters) -> Self {
        let liked: Vec<(char, u32)> = LIKED.chars().map(|c| (c, letters.group_of(c))).collect();
        let mut places: Vec<u32> = liked.iter().map(|&(c, _)| index_of(c)).collect();
        places.sort_unstable();
        let mut parts: Vec<(u8, usize, u32, u32, u32)> = Vec::new();
        let rank: FxHashMap<u32, usize> =
            letters.order.iter().enumerate().map(|(rank, &group)| (group, rank)).collect();
        for &(start, end, group) in &letters.runs {
            let mut from = start;
            let low = places.partition_point(|&place| place < start);
            let high = places.partition_point(|&place| place < end);
            for &place in places[low..high].iter().chain([&end]) {
                if from < place {
                    let oddness = char_at(from).map_or(9, oddness);
                    parts.push((oddness, rank.get(&group).copied().unwrap_or(0), from, place, group));
                }
                from = place + 1;
            }
        }
        parts.sort_unstable();
        let mut runs = Vec::with_capacity(parts.len());
        let mut last = vec![0; letters.groups.len()];
        for (at, &(_, group)) in liked.iter().enumerate() {
            last[group as usize] = number(at);
        }
        let mut at = number(liked.len());
        for (_, _, from, to, group) in parts {
            runs.push((at, from, group));
            at += to - from;
            last[group as usize] = at - 1;
        }
        Self { liked, runs, end: at, last }
    }

    /// The first character from a number on whose group is wanted: its number, itself, its group.
    fn next(&self, cursor: u32, mut wanted: impl FnMut(u32) -> bool) -> Option<(u32, char, u32)> {
        for (at, &(c, group)) in self.liked.iter().enumerate().skip(cursor as usize) {
            if wanted(group) {
                return Some((number(at), c, group));
            }
        }
        let mut at = cursor.max(number(self.liked.len()));
        if at >= self.end {
            return None;
        }
        let first = self.runs.partition_point(|run| run.0 <= at).saturating_sub(1);
        for (run, &(begin, from, group)) in self.runs.iter().enumerate().skip(first) {
            let end = self.runs.get(run + 1).map_or(self.end, |run| run.0);
            at = at.max(begin);
            if at < end && wanted(group) {
                return char_at(from + at - begin).map(|c| (at, c, group));
            }
            at = at.max(end);
        }
        None
    }
}
