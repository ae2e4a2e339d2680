//! The proofs of one direction: what the sender may send, asked of the receiver and of the referee.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::change::Direction;
use super::descend::{Met, Mode};
use super::pair::Scene;
use super::proof::focus::Focus;
use super::proof::referee::{Asked, Named, Taker, judge};
use super::proof::{BUDGET, Engine, Outcome, Step, Terms, Verdict};
use super::prove::Root;
use crate::spec::Document;
use crate::spec::plain::View;
use crate::spec::schema::SchemaId;

/// The engine of one direction, and what was answered.
pub(super) struct Proofs<'a> {
    judges: Judges<'a>,
    engine: Engine<'a>,
    answers: FxHashMap<(SchemaId, SchemaId, Mode), Verdict>,
}

impl<'a> Proofs<'a> {
    pub(super) fn new(scene: &Scene<'a>, direction: Direction) -> Self {
        let (sides, view) = match direction {
            Direction::Request => ([scene.old, scene.new], View::Request),
            Direction::Response => ([scene.new, scene.old], View::Response),
        };
        let [sender, receiver] = sides;
        let terms = Terms { vocabulary: true, formats: true, view: Some(view), ranges: false };
        Self {
            judges: Judges { direction, sides, view },
            engine: Engine::new(sender, receiver, terms),
            answers: FxHashMap::default(),
        }
    }

    /// Who confirms what is refuted.
    pub(super) fn judges(&self) -> Judges<'a> {
        self.judges
    }

    pub(super) fn ask(&mut self, old: SchemaId, new: SchemaId, mode: Mode) -> Verdict {
        if let Some(known) = self.answers.get(&(old, new, mode)) {
            return known.clone();
        }
        let (a, b) = self.judges.sent(old, new);
        let verdict = self.engine.seek(a, b, BUDGET);
        let verdict = self.as_text(a, b, mode, verdict);
        self.answers.insert((old, new, mode), verdict.clone());
        verdict
    }

    pub(super) fn ask_about(&mut self, old: SchemaId, new: SchemaId, mode: Mode, focus: &Focus) -> Verdict {
        let (a, b) = self.judges.sent(old, new);
        let verdict = self.engine.seek_about(a, b, focus, BUDGET);
        self.as_text(a, b, mode, verdict)
    }

    /// Whether a value that was found is what was looked for, where nobody confirms it; the error says why not.
    pub(super) fn look_over(&mut self, old: SchemaId, new: SchemaId, value: &Value) -> Result<(), String> {
        let (a, b) = self.judges.sent(old, new);
        self.engine.look_over(a, b, value)
    }

    /// Whether the formats of numbers make a difference that nothing else does.
    pub(super) fn is_range(&self, old: SchemaId, new: SchemaId, rule: &str) -> bool {
        if !rule.starts_with("schema-range-") {
            return false;
        }
        let terms = Terms { ranges: true, formats: true, ..Terms::default() };
        let [sender, receiver] = self.judges.sides;
        let (a, b) = self.judges.sent(old, new);
        !matches!(Engine::new(sender, receiver, terms).ask(a, b, BUDGET), Verdict::Proven)
    }

    /// A value that travels as text and is read as another type is no break.
    fn as_text(&mut self, sender: SchemaId, receiver: SchemaId, mode: Mode, verdict: Verdict) -> Verdict {
        let Verdict::Refuted(value) = &verdict else { return verdict };
        if !mode.textual {
            return verdict;
        }
        if readings(value).iter().any(|reading| self.engine.takes(receiver, reading)) {
            return match &**value {
                // Numbers and words are texts too: whoever takes every text takes them.
                Value::Number(_) | Value::Bool(_) | Value::Null => {
                    let is_sent = self.engine.look_over(sender, receiver, value);
                    is_sent.map_or_else(Verdict::Unknown, |()| Verdict::Proven)
                }
                _ => Verdict::Unknown("values travel as text, and another type may read them".to_owned()),
            };
        }
        verdict
    }

    /// Carries a value of a pair one step up, to the pair above; where that was not decided, `refused` says why.
    pub(super) fn lift(
        &mut self,
        (above, below): (&Met, &Met),
        step: &Step,
        value: &Arc<Value>,
        refused: &mut Option<String>,
    ) -> Option<Arc<Value>> {
        let (a, b) = self.judges.sent(above.old, above.new);
        let (_, below) = self.judges.sent(below.old, below.new);
        match self.engine.lift(a, b, step, (below, value), BUDGET) {
            Outcome::Value(found) => Some(found),
            Outcome::Empty => None,
            Outcome::Unknown(why) => {
                *refused = Some(why.to_string());
                None
            }
        }
    }
}

/// The referees of one direction.
#[derive(Clone, Copy)]
pub(super) struct Judges<'a> {
    direction: Direction,
    /// Sender and receiver.
    sides: [&'a Document; 2],
    view: View,
}

impl Judges<'_> {
    /// What is the older side's and what the newer one's, as sender's and receiver's.
    fn sent<T>(&self, old: T, new: T) -> (T, T) {
        match self.direction {
            Direction::Request => (old, new),
            Direction::Response => (new, old),
        }
    }

    /// Has each value taken on the sender's side and refused on the receiver's; the error says why it is not.
    pub(super) fn confirm(&self, all: &[(&Root<'_>, &Value)]) -> Vec<Result<(), String>> {
        let claims: Vec<Claim> = all
            .iter()
            .enumerate()
            .map(|(at, (root, value))| {
                let (sent, read) = self.sent(root.old.1, root.new.1);
                Claim { sent, read, value: Named::new(at, value) }
            })
            .collect();
        let [sender, receiver] = self.sides;
        let mut answers: Vec<Option<Result<(), String>>> = vec![None; all.len()];
        let mut open: Vec<usize> = (0..all.len()).collect();
        // Formats count where nothing else tells the sides apart.
        for formats in [false, true] {
            let sent = open.iter().map(|at| &claims[*at]);
            let sent: Vec<Asked<'_>> =
                sent.map(|Claim { sent, value, .. }| Asked { schema: *sent, value, taker: None }).collect();
            let mut taken = Vec::with_capacity(open.len());
            for (at, answer) in open.iter().zip(judge(sender, self.view, &sent, formats)) {
                match answer {
                    Ok(true) => taken.push(*at),
                    Ok(false) => {}
                    Err(why) => answers[*at] = Some(Err(why)),
                }
            }
            let read = |at: &usize| {
                let Claim { sent, read, ref value } = claims[*at];
                Asked { schema: read, value, taker: Some(Taker::of(&sender.api().schemas, sent)) }
            };
            let read: Vec<Asked<'_>> = taken.iter().map(read).collect();
            for (at, answer) in taken.into_iter().zip(judge(receiver, self.view, &read, formats)) {
                match answer {
                    Ok(false) => answers[at] = Some(Ok(())),
                    Ok(true) => {}
                    Err(why) => answers[at] = Some(Err(why)),
                }
            }
            open.retain(|at| answers[*at].is_none());
        }
        let unconfirmed = || Err("the referee does not confirm the value".to_owned());
        answers.into_iter().map(|answer| answer.unwrap_or_else(unconfirmed)).collect()
    }
}

/// A value that the sender's schema is said to take and the receiver's to refuse.
struct Claim {
    sent: SchemaId,
    read: SchemaId,
    value: Named,
}

/// What a text may be read as.
fn readings(value: &Value) -> Vec<Value> {
    match value {
        Value::String(text) => {
            let mut all = Vec::new();
            if let Ok(number) = text.parse::<serde_json::Number>() {
                all.push(Value::Number(number));
            }
            match text.as_str() {
                "true" => all.push(Value::Bool(true)),
                "false" => all.push(Value::Bool(false)),
                "null" | "" => all.push(Value::Null),
                _ => {}
            }
            all
        }
        Value::Number(number) => vec![Value::String(number.to_string())],
        Value::Bool(flag) => vec![Value::String(flag.to_string())],
        Value::Null => vec![Value::String(String::new())],
        Value::Array(_) | Value::Object(_) => Vec::new(),
    }
}
