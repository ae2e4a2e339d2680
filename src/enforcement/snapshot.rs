//! The immutable table that decisions are read from: numbered, hashed, swapped as a whole.
//!
//! Everything that can be known before a request comes is computed when a snapshot is built: keys
//! of routes, joined schedules, headers and bodies. Only the stage is computed at the moment of
//! asking, so that a snapshot stays right as the clock passes its dates.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::answer::{Answer, Subject};
use super::normalise::Target;
use super::operation::{self, Operation};
use super::route::Route;
use super::table::Table;
use super::usage::{Counter, UsageCount};
use super::{Ask, Decision};
use crate::clock::Timestamp;
use crate::lifecycle::{Dates, Schedule, Stage};

/// What the registry knows of one line, as far as gateways must know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LineEntry {
    /// `namespace/name`.
    pub api: String,
    /// The name of the line.
    pub line: String,
    /// The line's current version.
    pub current: Option<CurrentVersion>,
    /// The line's other releases, highest first: the first that stands takes over when the
    /// current version passes a sunset of its own or is blocked. May be left empty.
    pub others: Vec<CurrentVersion>,
    /// The schedule of the line.
    pub schedule: Schedule,
    /// Where its calls arrive.
    pub routes: Vec<Route>,
    /// The absolute URL of the successor's route, for `rel=successor-version`.
    pub successor_route: Option<String>,
    /// Methods and path templates of the current version, to name operations in answers.
    pub operations: Vec<(String, String)>,
}

/// A version that a line may stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CurrentVersion {
    /// Its label.
    pub label: String,
    /// Its own schedule; the stricter of this and the line's counts.
    pub schedule: Schedule,
}

/// What becomes of calls that no line is registered for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownCalls {
    /// They pass and are counted as shadow traffic.
    #[default]
    Allow,
    /// They are refused with 403.
    Refuse,
}

/// The compiled table.
#[derive(Debug)]
pub struct Snapshot {
    number: u64,
    hash: String,
    public_url: String,
    table: Table,
    lines: Vec<Line>,
    unknown: Answer,
    malformed: Answer,
    counters: Vec<Arc<Counter>>,
    /// Of calls that no line is registered for.
    shadow: Arc<Counter>,
}

/// One line, compiled.
#[derive(Debug)]
pub(super) struct Line {
    api: Box<str>,
    name: Box<str>,
    current: Version,
    /// Versions that may take over, in this order.
    others: Vec<Version>,
    bases: Vec<Box<str>>,
    operations: Vec<Operation>,
}

/// A line in one of its versions.
#[derive(Debug)]
pub(super) struct Version {
    label: Option<Box<str>>,
    /// Its own, which say whether another takes over.
    own: Dates,
    /// The line's and its own.
    together: Dates,
    active: Answer,
    deprecated: Option<Answer>,
    retired: Option<Answer>,
    blocked: Option<Answer>,
}

impl Snapshot {
    /// Compiles `entries` into the snapshot with this number.
    ///
    /// `public_url` is where callers reach the registry, for links and problem types. A route
    /// that fails [`Route::check`] matches at most by its literal spelling; refuse it earlier.
    #[must_use]
    pub fn build(number: u64, public_url: &str, mut entries: Vec<LineEntry>) -> Self {
        entries.sort_by(|a, b| (&a.api, &a.line).cmp(&(&b.api, &b.line)));
        let public_url = public_url.trim_end_matches('/').to_owned();
        let mut table = Table::default();
        for (line, entry) in entries.iter().enumerate() {
            for route in &entry.routes {
                table.insert(line, route);
            }
        }
        Self {
            number,
            hash: hash(&public_url, &entries),
            table,
            counters: entries.iter().map(|_| Arc::new(Counter::new())).collect(),
            shadow: Arc::new(Counter::new()),
            unknown: Answer::unknown(number, &public_url, false),
            malformed: Answer::malformed(number, &public_url),
            lines: entries.into_iter().map(|entry| Line::new(number, &public_url, entry)).collect(),
            public_url,
        }
    }

    /// The same with another answer to calls that no line is registered for.
    #[must_use]
    pub fn with_unknown_calls(mut self, unknown: UnknownCalls) -> Self {
        let refused = unknown == UnknownCalls::Refuse;
        self.unknown = Answer::unknown(self.number, &self.public_url, refused);
        self
    }

    /// The same, counting on where `previous` stands: lines that are in both share their
    /// counters, so that no count is lost when a snapshot is swapped while calls come in.
    ///
    /// Counts of lines that are gone stay in `previous`; drain it once after the swap.
    #[must_use]
    pub fn following(mut self, previous: &Self) -> Self {
        let mut known: HashMap<(&str, &str), &Arc<Counter>> = HashMap::new();
        for (line, counter) in previous.lines.iter().zip(&previous.counters) {
            known.insert((line.api(), line.name()), counter);
        }
        for (line, counter) in self.lines.iter().zip(&mut self.counters) {
            if let Some(shared) = known.get(&(line.api(), line.name())) {
                *counter = Arc::clone(shared);
            }
        }
        self.shadow = Arc::clone(&previous.shadow);
        self
    }

    /// Its number, which grows with every change.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// SHA-256 of what it says, in hexadecimal: equal for equal contents, whatever the number.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// How many lines it knows.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.lines.len()
    }

    /// Counts a decision that was acted on. Preflights are no calls and are not counted.
    pub fn count(&self, decision: &Decision<'_>) {
        let (line, answer, preflight) = decision.counted();
        if preflight {
            return;
        }
        match line {
            Some(line) => self.counters[line].add(answer, 1),
            None => self.shadow.add(answer, 1),
        }
    }

    /// Takes what was counted since the last time.
    #[must_use]
    pub fn drain(&self) -> Vec<UsageCount> {
        let mut counts = Vec::new();
        for (line, counter) in self.lines.iter().zip(&self.counters) {
            counts.extend(counter.drain().map(|(answer, count)| UsageCount {
                api: Some(line.api().to_owned()),
                line: Some(line.name().to_owned()),
                answer,
                count,
            }));
        }
        counts.extend(self.shadow.drain().map(|(answer, count)| UsageCount {
            api: None,
            line: None,
            answer,
            count,
        }));
        counts
    }

    /// Puts back what was drained and could not be stored. Lines that are gone meanwhile are
    /// left out.
    pub fn give_back(&self, counts: &[UsageCount]) {
        for count in counts {
            let counter = match (&count.api, &count.line) {
                (Some(api), Some(name)) => self
                    .lines
                    .binary_search_by(|line| (line.api(), line.name()).cmp(&(api.as_str(), name.as_str())))
                    .ok()
                    .map(|at| &self.counters[at]),
                _ => Some(&self.shadow),
            };
            if let Some(counter) = counter {
                counter.add(count.answer, count.count);
            }
        }
    }

    pub(super) const fn table(&self) -> &Table {
        &self.table
    }

    pub(super) fn line(&self, line: usize) -> &Line {
        // Indices come from the table, which was filled from these lines.
        &self.lines[line]
    }

    pub(super) const fn unknown(&self) -> &Answer {
        &self.unknown
    }

    pub(super) const fn malformed(&self) -> &Answer {
        &self.malformed
    }
}

impl Default for Snapshot {
    /// The snapshot of an empty registry.
    fn default() -> Self {
        Self::build(0, "", Vec::new())
    }
}

impl Line {
    fn new(number: u64, public_url: &str, entry: LineEntry) -> Self {
        let compile = |version: Option<&CurrentVersion>| Version::new(number, public_url, &entry, version);
        // Nobody takes over from a version that stays.
        let stays = |version: &CurrentVersion| {
            version.schedule.sunset_at.is_none() && version.schedule.blocked.is_none()
        };
        let current = entry.current.as_ref();
        let mut others = Vec::new();
        if current.is_some_and(|current| !stays(current)) {
            for version in &entry.others {
                others.push(compile(Some(version)));
                if stays(version) {
                    break;
                }
            }
        }
        let current = compile(current);
        Self {
            bases: entry.routes.iter().map(|route| route.path.as_str().into()).collect(),
            operations: entry
                .operations
                .iter()
                .map(|(method, template)| Operation::new(method, template))
                .collect(),
            api: entry.api.into(),
            name: entry.line.into(),
            current,
            others,
        }
    }

    pub fn api(&self) -> &str {
        &self.api
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line in the version that is its current one at `now`: the highest that stands, else
    /// the highest.
    pub fn at(&self, now: Timestamp) -> &Version {
        if self.others.is_empty() || !self.current.own.stage(now).is_gone() {
            return &self.current;
        }
        let stands = |version: &&Version| !version.own.stage(now).is_gone();
        self.others.iter().find(stands).unwrap_or(&self.current)
    }

    pub fn operation(&self, ask: &Ask<'_>) -> Option<String> {
        let target = Target::of(ask.target);
        operation::find(&self.operations, &self.bases, ask.method, target.path)
    }
}

impl Version {
    fn new(number: u64, public_url: &str, entry: &LineEntry, version: Option<&CurrentVersion>) -> Self {
        let own = version.map_or_else(Schedule::default, |version| version.schedule.clone());
        let together = entry.schedule.together(&own);
        let subject = Subject {
            snapshot: number,
            public_url,
            api: &entry.api,
            line: &entry.line,
            schedule: &together,
            successor_route: entry.successor_route.as_deref(),
        };
        let answer = |stage: Stage| Answer::of_line(&subject, stage);
        let dated = together.deprecated_at.is_some() || together.sunset_at.is_some();
        Self {
            label: version.map(|version| version.label.as_str().into()),
            own: own.dates(),
            active: answer(Stage::Active),
            deprecated: dated.then(|| answer(Stage::Deprecated)),
            retired: together.sunset_at.map(|_| answer(Stage::Retired)),
            blocked: together.blocked.as_ref().map(|_| answer(Stage::Blocked)),
            together: together.dates(),
        }
    }

    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    pub fn answer(&self, now: Timestamp) -> &Answer {
        let special = match self.together.stage(now) {
            Stage::Draft | Stage::Active => None,
            Stage::Deprecated => self.deprecated.as_ref(),
            Stage::Retired => self.retired.as_ref(),
            Stage::Blocked => self.blocked.as_ref(),
        };
        special.unwrap_or(&self.active)
    }

    /// The instant to announce where a sunset alone deprecates: now, since nobody said when.
    pub fn deprecated_at_once(&self, now: Timestamp) -> Option<Timestamp> {
        let dates = self.together;
        (dates.is_deprecated_at_once() && dates.stage(now) == Stage::Deprecated).then_some(now)
    }
}

fn hash(public_url: &str, entries: &[LineEntry]) -> String {
    // Strings, numbers and maps with string keys: nothing that JSON cannot write.
    let json = serde_json::to_vec(&(public_url, entries)).unwrap_or_default();
    hex::encode(Sha256::digest(&json))
}
