//! Neighbouring versions of real documents, held against values: what is called breaking has a witness that the
//! referee confirms on both documents as they were written, and no value breaks where nothing is said to break.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Value, json};
use sundial::clock::Timestamp;
use sundial::diff::{Change, Diff, Direction, Level, Options, Verdict, WitnessKind, compare};
use sundial::spec::{Document, Limits, load};

use crate::support::calls::{Met, places};
use crate::support::corpus;
use crate::support::dice::Dice;
use crate::support::instances::{Made, Spot, Vocabulary, around};
use crate::support::is_full;
use crate::support::packages::on_all_cores;
use crate::support::proof::is_refused;
use crate::support::referee::{Fate, Question, Referee, Subject, Way};

pub fn options() -> Options {
    Options::at("2026-06-30T12:00:00Z".parse::<Timestamp>().expect("an instant"))
}

pub fn read(bytes: &[u8]) -> Document {
    load(bytes, &Limits::default()).expect("a readable document")
}

/// What was found in one pair of documents.
#[derive(Default)]
struct Tally {
    breaking: usize,
    /// By kind of witness.
    witnesses: BTreeMap<String, usize>,
    confirmed: usize,
    undecided: BTreeMap<String, usize>,
    /// Values within the vocabulary rule that one side takes and the other refuses.
    apart: usize,
    by_one_keyword: usize,
    by_keyword: BTreeMap<String, usize>,
    /// Places with other schemas before and after.
    places: usize,
    /// Schemas of messages that are others now: distinct pairs of hashes in one direction.
    pairs: usize,
    /// Those of which something was left open, each counted once for each reason.
    open: BTreeMap<String, usize>,
    /// Those where the diff says that something breaks, or that it does not know.
    warned: usize,
    /// Changes left open because their witness was none: faults of the engine, though not lies.
    refused: Vec<String>,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.breaking += other.breaking;
        self.confirmed += other.confirmed;
        self.apart += other.apart;
        self.by_one_keyword += other.by_one_keyword;
        self.places += other.places;
        self.pairs += other.pairs;
        self.warned += other.warned;
        self.wrong.extend(other.wrong);
        self.refused.extend(other.refused);
        for (mine, theirs) in [
            (&mut self.witnesses, other.witnesses),
            (&mut self.undecided, other.undecided),
            (&mut self.open, other.open),
            (&mut self.by_keyword, other.by_keyword),
        ] {
            for (key, count) in theirs {
                *mine.entry(key).or_default() += count;
            }
        }
    }
}

/// Asks the referee for every witness of a change, on both documents.
pub fn unconfirmed(changes: &[&Change], referee: &mut Referee) -> Vec<String> {
    let mut questions = Vec::new();
    let mut asked = Vec::new();
    for change in changes {
        let Some(witness) = &change.witness else { continue };
        let (Some(old), Some(new)) = (&witness.old_schema, &witness.new_schema) else { continue };
        let is_request = matches!(witness.kind, WitnessKind::Body | WitnessKind::Parameter);
        // Who sends decides which document takes it and which members travel: what a webhook asks is an answer.
        let request = change.direction.map_or(is_request, |direction| direction == Direction::Request);
        let way: Way = Some(if request { "request" } else { "response" });
        for (name, pointer) in [("old", old), ("new", new)] {
            let question = Question::at(name, pointer, way, vec![Value::clone(&witness.instance)]);
            questions.extend([question.clone(), question.with_formats()]);
        }
        asked.push((change, witness, request));
    }
    let answers = referee.ask(&questions);
    let mut refused = Vec::new();
    for ((change, witness, request), answers) in asked.iter().zip(answers.chunks(4)) {
        let answer = |at: usize| answers[at][0];
        let wanted = (Some(*request), Some(!request));
        // Without formats, else with them.
        if (answer(0), answer(2)) != wanted && (answer(1), answer(3)) != wanted {
            let said = witness.instance.to_string();
            let turned = (answer(2), answer(0)) == wanted || (answer(3), answer(1)) == wanted;
            refused.push(format!(
                "{} {:?} {:?}{}: the witness {} is {:?} in the old {:?} and {:?} in the new {:?}: {}",
                change.rule,
                witness.kind,
                change.direction,
                if turned { " (the other way round)" } else { "" },
                said.chars().take(300).collect::<String>(),
                answer(0),
                witness.old_schema,
                answer(2),
                witness.new_schema,
                change.message
            ));
        }
    }
    refused
}

fn witnesses(diff: &Diff, referee: &mut Referee, tally: &mut Tally) {
    let breaking: Vec<&Change> =
        diff.changes.iter().filter(|change| change.level == Level::Breaking).collect();
    tally.breaking += breaking.len();
    for change in &breaking {
        match &change.witness {
            Some(witness) => {
                let placed = if witness.old_schema.is_some() && witness.new_schema.is_some() {
                    ""
                } else {
                    " (no schema)"
                };
                *tally.witnesses.entry(format!("{:?}{placed}", witness.kind)).or_default() += 1;
            }
            None => {
                let places = (change.old.as_ref(), change.new.as_ref());
                tally.wrong.push(format!(
                    "{}: breaking without a witness: {} {places:?}",
                    change.rule, change.message
                ));
            }
        }
    }
    for change in &diff.changes {
        if let Some(reason) = &change.undecided {
            *tally.undecided.entry(reason.clone()).or_default() += 1;
            if is_refused(reason) {
                let place = change.new.as_ref().or(change.old.as_ref()).map_or("", |place| &place.pointer);
                tally.refused.push(format!("{}: {} at {place}: {reason}", change.rule, change.message));
            }
        }
    }
    let refused = unconfirmed(&breaking, referee);
    tally.confirmed += breaking.len() - refused.len();
    tally.wrong.extend(refused);
}

/// What tells a pair of schemas from others: both hashes, and whether a request carries it.
type Key = (u128, u128, bool);

/// The places of both documents whose schema is another now.
fn differing(old: &Document, new: &Document) -> Vec<(Met, Met, Key)> {
    let before: HashMap<String, Met> = places(old).into_iter().map(|met| (met.place.clone(), met)).collect();
    let hash = |document: &Document, met: &Met| document.api().schemas.resolved(met.schema).hash.0;
    let pairs = places(new).into_iter().filter_map(|met| {
        let was = before.get(&met.place)?.clone();
        let key = (hash(old, &was), hash(new, &met), met.request);
        (key.0 != key.1).then_some((was, met, key))
    });
    pairs.collect()
}

/// What the diff says of this call this way.
fn told<'d>(diff: &'d Diff, place: &Met, other: &Met) -> impl Iterator<Item = &'d Change> {
    let direction = if place.request { Direction::Request } else { Direction::Response };
    diff.changes.iter().filter(move |change| {
        change.direction == Some(direction)
            && change.operations.iter().any(|each| {
                each.method == place.method && (each.path == place.path || each.path == other.path)
            })
    })
}

/// The schemas that differ, each pair once, and those of which a change was left open.
fn count_pairs(old: &Document, new: &Document, diff: &Diff, tally: &mut Tally) {
    let mut pairs: HashMap<Key, BTreeSet<&str>> = HashMap::new();
    for (was, met, key) in differing(old, new) {
        let open = told(diff, &met, &was).filter_map(|change| change.undecided.as_deref());
        pairs.entry(key).or_default().extend(open);
    }
    tally.pairs += pairs.len();
    for reason in pairs.into_values().flatten() {
        *tally.open.entry(reason.to_owned()).or_default() += 1;
    }
}

/// Whether the diff says that this call may break this way, or that it does not know.
fn is_warned_of(diff: &Diff, place: &Met, other: &Met) -> bool {
    told(diff, place, other).any(|change| change.level == Level::Breaking || change.undecided.is_some())
}

/// Values of the sender's side at every place whose schema is another now.
fn values(
    old: &Document,
    new: &Document,
    diff: &Diff,
    referee: &mut Referee,
    tally: &mut Tally,
    seed: u64,
    tried: usize,
) {
    let mut dice = Dice::new(seed);
    // Shared schemas are met in many places; each pair is tried once.
    let mut seen: HashSet<Key> = HashSet::new();
    for (was, met, key) in differing(old, new) {
        if !met.json || !seen.insert(key) {
            continue;
        }
        let way: Way = Some(if met.request { "request" } else { "response" });
        let sides = [("old", &was.pointer), ("new", &met.pointer)];
        let [Some(a), Some(b)] = sides.map(|(name, pointer)| referee.bundle(name, pointer, way)) else {
            continue;
        };
        let [before, after] = sides.map(|(name, pointer)| Subject::at(name, pointer, way));
        let (sender, receiver, ours, theirs) =
            if met.request { (before, after, &a, &b) } else { (after, before, &b, &a) };
        let (ours, theirs) = (Spot::whole(ours), Spot::whole(theirs));
        let is_warned = is_warned_of(diff, &met, &was);
        tally.places += 1;
        tally.warned += usize::from(is_warned);
        let made = around(ours, theirs, tried, &mut dice);
        let mut vocabulary = Vocabulary::new(ours, theirs);
        let used: Vec<usize> = (0..made.len()).filter(|at| vocabulary.holds(&made[*at].value)).collect();
        let texts: Vec<&str> = used.iter().map(|at| made[*at].text.as_str()).collect();
        let mut fates = vec![Fate::Unsent; made.len()];
        for (at, fate) in used.iter().zip(referee.fates(&sender, &receiver, &texts)) {
            fates[*at] = fate;
        }
        for (Made { text, keyword, parent, .. }, _) in
            made.iter().zip(&fates).filter(|(_, fate)| **fate == Fate::Refused)
        {
            tally.apart += 1;
            tally.by_one_keyword += usize::from(parent.is_some_and(|parent| fates[parent] != Fate::Unsent));
            *tally.by_keyword.entry(keyword.clone().unwrap_or_else(|| "(made)".to_owned())).or_default() += 1;
            if !is_warned {
                tally.wrong.push(format!(
                    "{}: nothing is said to break, but {text} is refused now ({} and {})",
                    met.place, was.pointer, met.pointer
                ));
            }
        }
    }
}

fn judge(
    root: &std::path::Path,
    pair: &(String, String),
    check: impl Fn(&Document, &Document, &Diff, &mut Referee, &mut Tally),
) -> Tally {
    let (before, after) = (corpus::document(root, &pair.0), corpus::document(root, &pair.1));
    let (old, new) = (read(&before), read(&after));
    let mut referee = Referee::start();
    referee.open("old", &before);
    referee.open("new", &after);
    let diff = compare(&old, &new, &options());
    let mut tally = Tally::default();
    check(&old, &new, &diff, &mut referee, &mut tally);
    tally.wrong.iter_mut().for_each(|wrong| *wrong = format!("{} to {}: {wrong}", pair.0, pair.1));
    tally
}

fn over_the_corpus(
    root: &std::path::Path,
    check: impl Fn(&Document, &Document, &Diff, &mut Referee, &mut Tally) + Sync,
) -> Tally {
    let pairs = corpus::neighbours(root);
    assert!(pairs.len() > 30, "{pairs:?}");
    // As it is unpacked: that is how long it takes.
    let size = |pair: &(String, String)| corpus::document(root, &pair.1).len();
    // The largest take minutes, and are for those who ask for everything.
    let most = if is_full() { usize::MAX } else { 700_000 };
    let pairs: Vec<(String, String)> = pairs
        .into_iter()
        .filter(|pair| size(pair) <= most && (is_full() || !pair.1.ends_with(".zst")))
        .collect();
    let mut tally = Tally::default();
    for each in on_all_cores(&pairs, size, |pair| judge(root, pair, &check)) {
        tally.add(each);
    }
    println!("{} pairs of documents", pairs.len());
    tally
}

#[test]
fn witnesses_of_the_corpus_are_confirmed_by_the_referee() {
    let Some(root) = corpus::corpus() else { skip!("the corpus is not set: no witness was confirmed") };
    let tally = over_the_corpus(&root, |old, new, diff, referee, tally| {
        witnesses(diff, referee, tally);
        count_pairs(old, new, diff, tally);
    });
    println!(
        "{} breaking, {} confirmed or without a schema; witnesses {:?}",
        tally.breaking, tally.confirmed, tally.witnesses
    );
    println!("  undecided by reason: {:?}", tally.undecided);
    println!("  {} pairs of schemas, of which something was left open: {:?}", tally.pairs, tally.open);
    println!("  {} witnesses that were none: {:#?}", tally.refused.len(), tally.refused);
    let first: Vec<&str> = tally.wrong.iter().take(30).map(String::as_str).collect();
    assert!(
        first.is_empty(),
        "{} of {} breaking changes, first:\n{}",
        tally.wrong.len(),
        tally.breaking,
        first.join("\n")
    );
    assert!(tally.breaking > 100, "only {} breaking changes", tally.breaking);
    // Of the small documents alone, a single one may weigh more.
    let open: usize = tally.open.values().sum();
    assert!(!is_full() || open * 50 < tally.pairs, "{open} of {} pairs are not decided", tally.pairs);
}

#[test]
fn no_value_breaks_where_the_corpus_is_called_compatible() {
    let Some(root) = corpus::corpus() else {
        skip!("the corpus is not set: no values were tried on real documents")
    };
    let tried = if is_full() { 1_000 } else { 150 };
    let tally = over_the_corpus(&root, |old, new, diff, referee, tally| {
        values(old, new, diff, referee, tally, 7, tried);
    });
    println!(
        "{} places with another schema, {} of them warned of; {} values tell before from after ({} by one keyword): {:?}",
        tally.places, tally.warned, tally.apart, tally.by_one_keyword, tally.by_keyword
    );
    let first: Vec<&str> = tally.wrong.iter().take(30).map(String::as_str).collect();
    assert!(first.is_empty(), "{} values, first:\n{}", tally.wrong.len(), first.join("\n"));
    assert!(tally.places > 20, "only {} places", tally.places);
    assert!(tally.apart > tally.warned * 10, "only {} values tell before from after", tally.apart);
}

/// A body of one operation, as a document.
pub fn of_body(schema: &Value) -> Vec<u8> {
    json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"post": {
            "requestBody": {"required": true, "content": {"application/json": {"schema": schema}}},
            "responses": {"204": {"description": "done"}}
        }}}
    })
    .to_string()
    .into_bytes()
}

#[test]
fn what_two_steps_hide_is_found_between_first_and_last() {
    // Each step keeps to the vocabulary rule: a name that the sender no longer declares is no word of its own.
    let cases = [
        [json!({"a": {"type": "integer"}}), json!({}), json!({"a": {"type": "string"}})],
        [
            json!({"a": {"type": "string", "maxLength": 9}}),
            json!({}),
            json!({"a": {"type": "string", "maxLength": 5}}),
        ],
        [
            json!({"a": {"enum": ["x", "y"]}, "b": {}}),
            json!({"b": {}}),
            json!({"a": {"enum": ["x"]}, "b": {}}),
        ],
    ];
    for versions in cases {
        let documents: Vec<Document> = versions
            .iter()
            .map(|members| read(&of_body(&json!({"type": "object", "properties": members}))))
            .collect();
        let verdict = |from: usize, to: usize| compare(&documents[from], &documents[to], &options());
        for (from, to) in [(0, 1), (1, 2)] {
            let diff = verdict(from, to);
            assert_ne!(
                diff.verdict,
                Verdict::Breaking,
                "{:?}: step {from} to {to}: {:#?}",
                versions,
                diff.changes
            );
        }
        let whole = verdict(0, 2);
        assert_eq!(whole.verdict, Verdict::Breaking, "{versions:?}: {:#?}", whole.changes);
    }
}
