//! Pairs of schemas by chance: no witness that is none, and no containment that a value breaks.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::dice::Dice;
use crate::support::instances::{Made, Spot, around};
use crate::support::packages::on_all_cores;
use crate::support::proof::{Verdict, contains, is_refused};
use crate::support::referee::{Question, Referee};
use crate::support::{is_full, schemas};

/// Pairs in one conversation with the referee.
const BATCH: usize = 100;
/// Values tried on each pair.
const TRIED: usize = 220;

#[derive(Default)]
struct Tally {
    proven: usize,
    refuted: usize,
    unknown: usize,
    reasons: BTreeMap<String, usize>,
    /// Pairs that the referee cannot read.
    unread: usize,
    /// Values that the first schema takes and the second refuses.
    apart: usize,
    /// Those that are one keyword away from a value that the first schema takes.
    by_one_keyword: usize,
    /// Those under a verdict that left the question open.
    apart_unknown: usize,
    by_keyword: BTreeMap<String, usize>,
    /// Left open because the witness was none.
    refused: Vec<String>,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.proven += other.proven;
        self.refuted += other.refuted;
        self.unknown += other.unknown;
        self.unread += other.unread;
        self.apart += other.apart;
        self.by_one_keyword += other.by_one_keyword;
        self.apart_unknown += other.apart_unknown;
        self.wrong.extend(other.wrong);
        self.refused.extend(other.refused);
        for (reason, count) in other.reasons {
            *self.reasons.entry(reason).or_default() += count;
        }
        for (keyword, count) in other.by_keyword {
            *self.by_keyword.entry(keyword).or_default() += count;
        }
    }
}

type Answers = Vec<Option<bool>>;

struct Pair {
    seed: u64,
    a: Value,
    b: Value,
    verdict: Verdict,
    made: Vec<Made>,
}

fn pair(seed: u64) -> Pair {
    let mut dice = Dice::new(seed);
    let (a, b) = if dice.once_in(4) {
        schemas::narrowed(&mut dice)
    } else {
        let a = schemas::schema(&mut dice);
        let b = if dice.once_in(6) { schemas::schema(&mut dice) } else { schemas::changed(&a, &mut dice) };
        (a, b)
    };
    let made = around(Spot::whole(&a), Spot::whole(&b), TRIED, &mut dice);
    let verdict = contains(&a, &b);
    Pair { seed, a, b, verdict, made }
}

fn judge(seeds: &[u64], referee: &mut Referee) -> Tally {
    let pairs: Vec<Pair> = seeds.iter().map(|seed| pair(*seed)).collect();
    let mut questions = Vec::new();
    for pair in &pairs {
        questions.push(Question::bare(&pair.a, pair.made.iter().map(|made| made.value.clone()).collect()));
        if let Verdict::Refuted(witness) = &pair.verdict {
            for schema in [&pair.a, &pair.b] {
                let question = Question::bare(schema, vec![Value::clone(witness)]);
                questions.extend([question.clone(), question.with_formats()]);
            }
        }
    }
    let mut answers = referee.ask(&questions).into_iter();
    let first: Vec<(Answers, Answers)> = pairs
        .iter()
        .map(|pair| {
            let witnessed = if matches!(pair.verdict, Verdict::Refuted(_)) { 4 } else { 0 };
            (
                answers.next().unwrap_or_default(),
                answers.by_ref().take(witnessed).map(|each| each[0]).collect(),
            )
        })
        .collect();
    // What the first schema refuses tells nothing of the second.
    let members = |pair: &Pair, inside: &[Option<bool>]| -> Vec<Value> {
        let taken = pair.made.iter().zip(inside).filter(|(_, taken)| **taken == Some(true));
        taken.map(|(made, _)| made.value.clone()).collect()
    };
    let questions: Vec<Question> = pairs
        .iter()
        .zip(&first)
        .map(|(pair, (inside, _))| Question::bare(&pair.b, members(pair, inside)))
        .collect();
    let second = referee.ask(&questions);
    let mut tally = Tally::default();
    for ((pair, (inside, witnessed)), outside) in pairs.iter().zip(&first).zip(&second) {
        if inside.contains(&None) || outside.contains(&None) {
            tally.unread += 1;
            continue;
        }
        let told = |what: &str| format!("seed {}: {what}\n  a = {}\n  b = {}", pair.seed, pair.a, pair.b);
        match &pair.verdict {
            Verdict::Proven => tally.proven += 1,
            Verdict::Unknown(reason) => {
                tally.unknown += 1;
                let reason = if is_refused(reason) {
                    tally.refused.push(told(reason));
                    "the witness was none"
                } else {
                    reason
                };
                *tally.reasons.entry(reason.to_owned()).or_default() += 1;
            }
            Verdict::Refuted(witness) => {
                tally.refuted += 1;
                // In a, in a with formats; in b, in b with formats.
                let apart = |way: usize| (witnessed[way], witnessed[2 + way]) == (Some(true), Some(false));
                if !apart(0) && !apart(1) {
                    tally.wrong.push(told(&format!("{witness} is no witness")));
                }
            }
        }
        let taken = pair.made.iter().zip(inside).filter(|(_, taken)| **taken == Some(true));
        for ((made, _), _) in taken.zip(outside).filter(|(_, taken)| **taken == Some(false)) {
            tally.apart += 1;
            let is_one_step = made.parent.is_some_and(|parent| inside[parent] == Some(true));
            tally.by_one_keyword += usize::from(is_one_step);
            let keyword = made.keyword.clone().unwrap_or_else(|| "(made)".to_owned());
            *tally.by_keyword.entry(keyword).or_default() += 1;
            match &pair.verdict {
                Verdict::Proven => {
                    tally.wrong.push(told(&format!("called contained, but {} tells them apart", made.value)));
                }
                Verdict::Unknown(_) => tally.apart_unknown += 1,
                Verdict::Refuted(_) => {}
            }
        }
    }
    tally
}

#[test]
fn generated_pairs_are_judged_as_values_say() {
    let pairs: u64 = if is_full() { 20_000 } else { 1_200 };
    let seeds: Vec<u64> = (0..pairs).collect();
    let halves: Vec<&[u64]> = seeds.chunks(seeds.len().div_ceil(2)).collect();
    let tallies = on_all_cores(
        &halves,
        |half| half.len(),
        |half| {
            let mut referee = Referee::start();
            let mut tally = Tally::default();
            half.chunks(BATCH).for_each(|seeds| tally.add(judge(seeds, &mut referee)));
            tally
        },
    );
    let mut tally = Tally::default();
    tallies.into_iter().for_each(|each| tally.add(each));
    println!(
        "{pairs} pairs: {} contained, {} refuted, {} undecided, {} unread; {} values tell a pair apart ({} by one \
         keyword), {} of them where nothing was decided",
        tally.proven,
        tally.refuted,
        tally.unknown,
        tally.unread,
        tally.apart,
        tally.by_one_keyword,
        tally.apart_unknown
    );
    println!("  values by keyword: {:?}", tally.by_keyword);
    println!("  undecided by reason: {:?}", tally.reasons);
    let first: Vec<&str> = tally.wrong.iter().take(20).map(String::as_str).collect();
    assert!(
        first.is_empty(),
        "{} wrong answers, the first of them:\n{}",
        tally.wrong.len(),
        first.join("\n")
    );
    let refused: Vec<&str> = tally.refused.iter().take(10).map(String::as_str).collect();
    assert!(
        refused.is_empty(),
        "{} refused witnesses, the first of them:\n{}",
        tally.refused.len(),
        refused.join("\n")
    );
    assert!(tally.apart as u64 >= pairs * 10, "only {} values tell a pair apart", tally.apart);
    assert!(tally.by_one_keyword * 10 >= tally.apart * 3, "{} of {}", tally.by_one_keyword, tally.apart);
    assert!((tally.unread as u64) * 50 < pairs, "{} pairs cannot be read", tally.unread);
    assert!((tally.unknown as u64) * 10 <= pairs, "{} of {pairs} are not decided", tally.unknown);
}
