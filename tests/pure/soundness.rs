//! Pairs of schemas by chance: no witness that is none, and no containment that a value breaks.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::dice::Dice;
use crate::support::instances::{Made, Spot, around};
use crate::support::packages::on_all_cores;
use crate::support::proof::{STANDS, Verdict, contains};
use crate::support::referee::{Question, Referee};
use crate::support::{is_full, schemas};

/// Pairs in one conversation with the referee.
const BATCH: usize = 100;
/// Values tried on each pair.
const TRIED: usize = 80;

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
        for (reason, count) in other.reasons {
            *self.reasons.entry(reason).or_default() += count;
        }
        for (keyword, count) in other.by_keyword {
            *self.by_keyword.entry(keyword).or_default() += count;
        }
    }
}

struct Pair {
    seed: u64,
    a: Value,
    b: Value,
    verdict: Verdict,
    made: Vec<Made>,
}

fn pair(seed: u64) -> Pair {
    let mut dice = Dice::new(seed);
    let a = schemas::schema(&mut dice);
    let b = if dice.once_in(6) { schemas::schema(&mut dice) } else { schemas::changed(&a, &mut dice) };
    let made = around(Spot::whole(&a), Spot::whole(&b), TRIED, &mut dice);
    let verdict = contains(&a, &b);
    Pair { seed, a, b, verdict, made }
}

fn judge(seeds: &[u64], referee: &mut Referee) -> Tally {
    let pairs: Vec<Pair> = seeds.iter().map(|seed| pair(*seed)).collect();
    let mut questions = Vec::new();
    for pair in &pairs {
        let mut instances: Vec<Value> = pair.made.iter().map(|made| made.value.clone()).collect();
        if let Verdict::Refuted(witness) = &pair.verdict {
            instances.push(witness.clone());
        }
        let witness: Vec<Value> = instances.last().cloned().into_iter().collect();
        for schema in [&pair.a, &pair.b] {
            questions.push(Question::bare(schema, instances.clone()));
            questions.push(Question::bare(schema, witness.clone()).with_formats());
        }
    }
    let answers = referee.ask(&questions);
    let mut tally = Tally::default();
    for (pair, answers) in pairs.iter().zip(answers.chunks(4)) {
        let [inside, inside_formats, outside, outside_formats] = answers else { unreachable!("four questions a pair") };
        if inside.contains(&None) || outside.contains(&None) {
            tally.unread += 1;
            continue;
        }
        let told = |what: &str| format!("seed {}: {what}\n  a = {}\n  b = {}", pair.seed, pair.a, pair.b);
        match &pair.verdict {
            Verdict::Proven => tally.proven += 1,
            Verdict::Unknown(reason) => {
                tally.unknown += 1;
                *tally.reasons.entry(reason.clone()).or_default() += 1;
            }
            Verdict::Refuted(witness) => {
                tally.refuted += 1;
                let apart = (inside.last(), outside.last()) == (Some(&Some(true)), Some(&Some(false)));
                let apart_by_format = inside_formats[0] == Some(true) && outside_formats[0] == Some(false);
                if !apart && !apart_by_format {
                    tally.wrong.push(told(&format!("{witness} is no witness")));
                }
            }
        }
        for (at, made) in pair.made.iter().enumerate() {
            if (inside[at], outside[at]) != (Some(true), Some(false)) {
                continue;
            }
            tally.apart += 1;
            let is_one_step = made.parent.is_some_and(|parent| inside[parent] == Some(true));
            tally.by_one_keyword += usize::from(is_one_step);
            let keyword = made.keyword.clone().unwrap_or_else(|| "(made)".to_owned());
            *tally.by_keyword.entry(keyword).or_default() += 1;
            match &pair.verdict {
                Verdict::Proven => tally.wrong.push(told(&format!("called contained, but {} tells them apart", made.value))),
                Verdict::Unknown(_) => tally.apart_unknown += 1,
                Verdict::Refuted(_) => {}
            }
        }
    }
    tally
}

#[test]
fn generated_pairs_are_judged_as_values_say() {
    let pairs: u64 = if is_full() { 20_000 } else { 2_000 };
    let seeds: Vec<u64> = (0..pairs).collect();
    let halves: Vec<&[u64]> = seeds.chunks(seeds.len().div_ceil(2)).collect();
    let tallies = on_all_cores(&halves, |half| half.len(), |half| {
        let mut referee = Referee::start();
        let mut tally = Tally::default();
        half.chunks(BATCH).for_each(|seeds| tally.add(judge(seeds, &mut referee)));
        tally
    });
    let mut tally = Tally::default();
    tallies.into_iter().for_each(|each| tally.add(each));
    println!(
        "{pairs} pairs: {} contained, {} refuted, {} undecided, {} unread; {} values tell a pair apart ({} by one \
         keyword), {} of them where nothing was decided",
        tally.proven, tally.refuted, tally.unknown, tally.unread, tally.apart, tally.by_one_keyword, tally.apart_unknown
    );
    println!("  values by keyword: {:?}", tally.by_keyword);
    println!("  undecided by reason: {:?}", tally.reasons);
    let first: Vec<&str> = tally.wrong.iter().take(20).map(String::as_str).collect();
    assert!(first.is_empty(), "{} wrong answers, the first of them:\n{}", tally.wrong.len(), first.join("\n"));
    assert!(tally.apart as u64 >= pairs * 10, "only {} values tell a pair apart", tally.apart);
    assert!(tally.by_one_keyword * 10 >= tally.apart * 3, "{} of {}", tally.by_one_keyword, tally.apart);
    assert!((tally.unread as u64) * 50 < pairs, "{} pairs cannot be read", tally.unread);
    assert!(!STANDS || (tally.unknown as u64) * 10 <= pairs, "{} of {pairs} are not decided", tally.unknown);
}
