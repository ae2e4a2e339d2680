//! Regular languages over code points, and the questions that containment asks of them.
//!
//! A language comes from a pattern or a format. Where a format is not quite regular, two automata
//! enclose it, and only what both agree on is answered. An answer never hangs on the clock: steps
//! are counted, and every machine counts the same.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::automaton::Automaton;
use super::ecma::{self, Bend, Node};
use super::format;
use super::walk::{Lengths, Stop, Walk};

/// Patterns that are kept compiled, and the cells that their automata may take together.
const MOST_KEPT: usize = 8_192;
const MOST_CELLS: usize = 8_000_000;

/// A regular language over Unicode code points.
#[derive(Debug)]
pub(crate) struct Language {
    /// What is in it for certain.
    inner: Arc<Automaton>,
    /// What may be in it; the same automaton where it is known exactly.
    outer: Arc<Automaton>,
    /// How it is called where it is a format.
    name: &'static str,
    /// How many code points its texts have, beside what the automata say.
    lengths: Lengths,
    /// Texts of it that people like to read.
    liked: &'static [&'static str],
}

impl Language {
    /// The texts in which a pattern is found, as `pattern` and `patternProperties` mean it.
    ///
    /// # Errors
    ///
    /// Says why the pattern is not regular, not read alike by all engines, or too large.
    pub(crate) fn pattern(text: &str) -> Result<Arc<Self>, String> {
        let node = ecma::parse(text)?;
        let (node, min, max) = ecma::counted(&node).unwrap_or((node, 0, None));
        let lengths = Lengths { min, max };
        match Automaton::new(&node) {
            Ok(automaton) => Ok(Self::exact(automaton, lengths)),
            Err(reason) => {
                let (inner, outer) = Self::around(&node).ok_or(reason)?;
                Ok(Arc::new(Self { inner, outer, name: "", lengths, liked: &[] }))
            }
        }
    }

    /// Automata that find less and more than a pattern that is too large.
    fn around(node: &Node) -> Option<(Arc<Automaton>, Arc<Automaton>)> {
        let narrow = ecma::bent(node, Bend::Narrow);
        let inner = Automaton::new(&narrow).or_else(|_| {
            // What fills the whole text is found in it as well.
            Automaton::new(&Node::Concat(vec![Node::Start, narrow, Node::End]))
        });
        let inner = inner.ok()?;
        let outer = Automaton::new(&ecma::bent(node, Bend::Wide)).ok()?;
        Some((Arc::new(inner), Arc::new(outer)))
    }

    /// What a known format demands; `None` where the format is unknown, and so an annotation.
    pub(crate) fn format(name: &str) -> Option<&'static Result<Arc<Self>, String>> {
        format::language(name)
    }

    #[cfg(test)]
    /// The finite language of some words.
    ///
    /// # Errors
    ///
    /// Says that the words are too many or too long.
    pub(crate) fn words(words: &[&str]) -> Result<Arc<Self>, String> {
        let words = words.iter().map(|word| ecma::literal(word)).collect();
        let node = Node::Concat(vec![Node::Start, Node::Alternation(words), Node::End]);
        Ok(Self::exact(Automaton::new(&node)?, Lengths::ANY))
    }

    fn exact(automaton: Automaton, lengths: Lengths) -> Arc<Self> {
        let automaton = Arc::new(automaton);
        Arc::new(Self { inner: Arc::clone(&automaton), outer: automaton, name: "", lengths, liked: &[] })
    }

    /// A language that a pattern spells, or that lies between two.
    ///
    /// # Errors
    ///
    /// As for [`Language::pattern`].
    pub(super) fn between(
        inner: &str,
        outer: Option<&str>,
        name: &'static str,
        longest: Option<u64>,
        liked: &'static [&'static str],
    ) -> Result<Arc<Self>, String> {
        let compile = |text: &str| Automaton::new(&ecma::parse(text)?).map(Arc::new);
        let inner = compile(inner)?;
        let outer = outer.map_or_else(|| Ok(Arc::clone(&inner)), compile)?;
        let lengths = Lengths { min: 0, max: longest };
        Ok(Arc::new(Self { inner, outer, name, lengths, liked }))
    }

    /// Whether a text is in the language; `None` where that is not known.
    pub(crate) fn has(&self, text: &str) -> Option<bool> {
        let inner = self.matches(text);
        (inner || self.is_exact() || !(self.counts(text) && self.outer.matches(text))).then_some(inner)
    }

    /// Whether a text is in the language for certain.
    pub(crate) fn matches(&self, text: &str) -> bool {
        self.counts(text) && self.inner.matches(text)
    }

    /// Whether it is seen at once that the other language has all words of this one.
    fn is_part_of(self: &Arc<Self>, other: &Arc<Self>) -> bool {
        Arc::ptr_eq(self, other) || format::implies(self.name, other.name)
    }

    fn counts(&self, text: &str) -> bool {
        self.lengths == Lengths::ANY || self.lengths.hold(text.chars().count() as u64)
    }

    /// Whether the language is known to the last word.
    pub(crate) fn is_exact(&self) -> bool {
        Arc::ptr_eq(&self.inner, &self.outer)
    }
}

/// Compiled languages by their text, so that each is compiled once.
#[derive(Debug, Default)]
pub(crate) struct Languages {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    patterns: FxHashMap<Box<str>, Result<Arc<Language>, String>>,
    cells: usize,
}

impl Languages {
    /// As [`Language::pattern`], compiled once.
    ///
    /// # Errors
    ///
    /// The same.
    pub(crate) fn pattern(&self, text: &str) -> Result<Arc<Language>, String> {
        // What a thread that panicked left behind is a map with whole entries.
        let lock = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().patterns.get(text) {
            return known.clone();
        }
        let compiled = Language::pattern(text);
        let mut kept = lock();
        let cells = compiled.as_ref().map_or(0, |language| language.inner.cells() + language.outer.cells());
        if kept.patterns.len() < MOST_KEPT && kept.cells + cells <= MOST_CELLS {
            // Where two threads compiled at once, the first one's stays, so that equal text stays
            // one language.
            let known = kept.patterns.entry(text.into()).or_insert_with(|| compiled).clone();
            kept.cells += cells;
            return known;
        }
        compiled
    }
}

/// What is asked of a word.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted<'a> {
    /// Languages that it is in.
    pub(crate) within: &'a [Arc<Language>],
    /// Languages that it is not in.
    pub(crate) outside: &'a [Arc<Language>],
    /// The fewest code points.
    pub(crate) min: u64,
    /// The most code points.
    pub(crate) max: Option<u64>,
    /// Words that it is not.
    pub(crate) except: &'a [&'a str],
}

/// What is known of a word that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is this one.
    Word(String),
    /// There is none: a proof.
    Empty,
    /// It was not decided, and why.
    Unknown(String),
}

/// The shortest word, and of several the most likeable: letters and digits before signs, what cannot
/// be seen last. A well-known text of a format comes before all. Steps are taken off; without any
/// left, the answer is unknown.
pub(crate) fn shortest(wanted: &Wanted<'_>, steps: &mut u64) -> Answer {
    if wanted.is_hopeless() {
        return Answer::Empty;
    }
    if let Some(word) = wanted.liked().next() {
        return Answer::Word(word.to_owned());
    }
    match wanted.first(Reading::Certain, steps) {
        Ok(Some(word)) => return Answer::Word(word),
        Ok(None) if wanted.is_exact() => return Answer::Empty,
        Ok(None) => {}
        Err(stop) => return Answer::Unknown(stop.reason()),
    }
    match wanted.first(Reading::Possible, steps) {
        Ok(None) => Answer::Empty,
        Ok(Some(_)) => Answer::Unknown(wanted.vague()),
        Err(stop) => Answer::Unknown(stop.reason()),
    }
}

#[cfg(test)]
/// Up to `count` different words, in the same order; fewer are a proof that there are no more.
///
/// # Errors
///
/// Says why it was not decided whether there are so many.
pub(crate) fn words(wanted: &Wanted<'_>, count: usize, steps: &mut u64) -> Result<Vec<String>, String> {
    if wanted.is_hopeless() {
        return Ok(Vec::new());
    }
    let mut found: Vec<&str> = Vec::new();
    for text in wanted.liked() {
        if found.len() < count && !found.contains(&text) {
            found.push(text);
        }
    }
    let except: Vec<&str> = wanted.except.iter().chain(&found).copied().collect();
    let rest = Wanted { except: &except, ..*wanted };
    let count = count - found.len();
    let more = rest.all(Reading::Certain, count, steps).map_err(Stop::reason)?;
    if more.len() < count && !wanted.is_exact() {
        let possible = rest.all(Reading::Possible, more.len() + 1, steps).map_err(Stop::reason)?;
        if possible.len() > more.len() {
            return Err(wanted.vague());
        }
    }
    Ok(found.into_iter().map(str::to_owned).chain(more).collect())
}

/// How languages are read that are not known exactly.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// Each word that is found is one.
    Certain,
    /// Each word that is one is found.
    Possible,
}

impl Wanted<'_> {
    /// Whether it is seen at once that there is no such word.
    fn is_hopeless(&self) -> bool {
        let lengths = self.lengths();
        lengths.max.is_some_and(|max| max < lengths.min)
            || self.within.iter().any(|inside| self.outside.iter().any(|other| inside.is_part_of(other)))
    }

    fn is_exact(&self) -> bool {
        self.within.iter().chain(self.outside).all(|language| language.is_exact())
    }

    fn lengths(&self) -> Lengths {
        let asked = Lengths { min: self.min, max: self.max };
        self.within.iter().fold(asked, |lengths, language| lengths.and(language.lengths))
    }

    /// The lengths that are asked for in parts, the shortest first, within each of which every
    /// language counts all lengths or none.
    fn parts(&self) -> Vec<Lengths> {
        let all = self.lengths();
        let bounds = self.outside.iter().map(|language| language.lengths);
        let mut starts: Vec<u64> = bounds
            .flat_map(|lengths| [Some(lengths.min), lengths.max.map(|max| max.saturating_add(1))])
            .flatten()
            .filter(|&start| start > all.min && all.hold(start))
            .collect();
        starts.push(all.min);
        starts.sort_unstable();
        starts.dedup();
        let ends = starts.iter().skip(1).map(|&next| Some(next - 1)).chain([all.max]);
        starts.iter().zip(ends).map(|(&min, max)| Lengths { min, max }).collect()
    }

    fn walk(&self, reading: Reading, part: Lengths) -> Walk<'_> {
        let is_certain = reading == Reading::Certain;
        let inside = self.within.iter().map(|language| (language, is_certain));
        let outside = self.outside.iter().filter(|language| language.lengths.hold(part.min));
        let outside = outside.map(|language| (language, !is_certain));
        let mut lists: [Vec<&Automaton>; 2] = [inside.collect::<Vec<_>>(), outside.collect()].map(|list| {
            list.into_iter()
                .map(|(language, inner)| if inner { &*language.inner } else { &*language.outer })
                .collect()
        });
        for list in &mut lists {
            let mut seen: FxHashSet<*const Automaton> = FxHashSet::default();
            list.retain(|automaton| seen.insert(std::ptr::from_ref(*automaton)));
        }
        Walk::new(&lists[0], &lists[1])
    }

    /// Texts that people like to read, where a format knows some that fit.
    fn liked(&self) -> impl Iterator<Item = &'static str> + '_ {
        let all = self.within.iter().flat_map(|language| language.liked).copied();
        all.filter(|text| {
            self.lengths().hold(text.chars().count() as u64)
                && !self.except.contains(text)
                && self.within.iter().all(|language| language.has(text) == Some(true))
                && self.outside.iter().all(|language| language.has(text) == Some(false))
        })
    }

    fn first(&self, reading: Reading, steps: &mut u64) -> Result<Option<String>, Stop> {
        for part in self.parts() {
            let mut walk = self.walk(reading, part);
            match walk.shortest(part, steps)? {
                Some(word) if self.except.contains(&word.as_str()) => {
                    let except = self.except.iter().copied().collect();
                    if let Some(word) = walk.words(part, &except, 1, steps)?.pop() {
                        return Ok(Some(word));
                    }
                }
                Some(word) => return Ok(Some(word)),
                None => {}
            }
        }
        Ok(None)
    }

    #[cfg(test)]
    fn all(&self, reading: Reading, count: usize, steps: &mut u64) -> Result<Vec<String>, Stop> {
        let except = self.except.iter().copied().collect();
        let mut out = Vec::new();
        for part in self.parts() {
            if out.len() < count {
                out.extend(self.walk(reading, part).words(part, &except, count - out.len(), steps)?);
            }
        }
        Ok(out)
    }

    fn vague(&self) -> String {
        let vague = self.within.iter().chain(self.outside).find(|language| !language.is_exact());
        match vague.map_or("", |language| language.name) {
            "" => "a pattern is too large to be followed exactly".to_owned(),
            name => format!("format `{name}` is not quite regular"),
        }
    }
}

impl Stop {
    fn reason(self) -> String {
        match self {
            Self::Budget => "budget of steps for strings".to_owned(),
            Self::TooLong => "strings of this length are not built".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
