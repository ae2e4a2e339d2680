//! The proof decides how bad a change of a schema is; what breaks is shown by a value or a request.
//!
//! Each pair of schemas at which a rule speaks of a break is asked whether the receiver still takes
//! all that the sender may send. A refutation is carried up to the root of the body, parameter or
//! header, where another validator has the last word. What no value shows is no break.

use std::cell::RefCell;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use serde_json::Value;

use super::change::{Direction, Level, Witness, WitnessKind};
use super::descend::Mode;
use super::pair::Scene;
use super::proof::focus::{Focus, Tag};
use super::proof::referee::{Referee, members};
use super::proof::{BUDGET, Engine, Outcome, Step, Terms, Verdict};
use super::request::{self, Given};
use super::rules::Check;
use super::walk::Walk;
use crate::spec::Document;
use crate::spec::model::{Header, MediaType, Operation, Parameter, Response, Status};
use crate::spec::plain::View;
use crate::spec::schema::SchemaId;
use crate::spec::tree::NodeId;

/// Where a schema is used as the root of a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum At<'a> {
    Parameter(&'a Parameter),
    Body(&'a MediaType),
    Response(Status),
    Header(Status, &'a Header),
}

/// A pair of schemas that an operation enters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Root<'a> {
    pub(super) old: (&'a Operation, SchemaId),
    pub(super) new: (&'a Operation, SchemaId),
    pub(super) at: At<'a>,
}

/// The ways up that are tried from a pair to a root.
const WAYS: usize = 4;

impl<'a> Walk<'a> {
    /// Judges every draft by proof.
    pub(super) fn prove(&mut self) {
        let mut proofs = Proofs::new(self.scene);
        let ways = self.ways_up();
        let mut shown: HashSet<usize> = HashSet::new();
        for at in 0..self.met.len() {
            self.judge_pair(at, &ways, &mut proofs, &mut shown);
        }
        let roots: Vec<usize> = self.roots.keys().copied().collect();
        for root in roots {
            self.judge_root(root, &mut proofs, &shown);
        }
        self.judge_others(&proofs);
    }

    /// For each pair the ways to a root, the shortest first: the pairs passed, and the steps.
    fn ways_up(&self) -> Vec<Vec<Vec<(usize, Step)>>> {
        let mut ways: Vec<Vec<Vec<(usize, Step)>>> = vec![Vec::new(); self.met.len()];
        let mut queue: VecDeque<usize> = VecDeque::new();
        for root in self.roots.keys() {
            ways[*root].push(Vec::new());
            queue.push_back(*root);
        }
        while let Some(at) = queue.pop_front() {
            let from: Vec<Vec<(usize, Step)>> = ways[at].clone();
            for (below, step) in &self.met[at].below {
                let is_new = ways[*below].is_empty();
                for way in &from {
                    let passes = *below == at || way.iter().any(|(passed, _)| passed == below);
                    if ways[*below].len() < WAYS && !passes && way.len() < 30 {
                        let mut way = way.clone();
                        way.push((at, step.clone()));
                        ways[*below].push(way);
                    }
                }
                if is_new && !ways[*below].is_empty() {
                    queue.push_back(*below);
                }
            }
        }
        ways
    }

    fn judge_pair(
        &mut self,
        at: usize,
        ways: &[Vec<Vec<(usize, Step)>>],
        proofs: &mut Proofs<'a>,
        shown: &mut HashSet<usize>,
    ) {
        let (old, new, mode) = (self.met[at].old, self.met[at].new, self.met[at].mode);
        let drafts: Vec<usize> = self.met[at].drafts.clone();
        let suspects: Vec<usize> =
            drafts.iter().copied().filter(|draft| self.gathering.is_suspect(*draft)).collect();
        for draft in &suspects {
            let focus = self.gathering.rule(*draft);
            let focus = Focus::of(focus, self.gathering.property(*draft));
            let verdict = match focus.filter(|focus| suspects.len() > 1 || focus.tag == Tag::Required) {
                Some(focus) => proofs.ask_about(old, new, mode, &focus),
                None => proofs.ask(old, new, mode),
            };
            match verdict {
                Verdict::Proven if proofs.is_range(old, new, mode, self.gathering.rule(*draft)) => {
                    let why = "only readers that know the format check its range";
                    self.gathering.leave_open(*draft, why);
                }
                Verdict::Proven => self.gathering.settle(*draft, Level::Info, None),
                Verdict::Unknown(why) => self.gathering.leave_open(*draft, &why),
                Verdict::Refuted(value) => {
                    proofs.refused = None;
                    let witness = ways[at].iter().find_map(|way| self.witness(way, at, &value, mode, proofs));
                    match witness {
                        Some(witness) => {
                            shown.insert(*draft);
                            self.gathering.show(*draft, witness);
                        }
                        // Elsewhere in the whole the value is taken all the same.
                        None => self.gathering.settle(*draft, Level::Info, Some(proofs.refused.take())),
                    }
                }
            }
        }
    }

    /// Carries a value up to the root and asks the referee.
    fn witness(
        &self,
        way: &[(usize, Step)],
        at: usize,
        value: &Value,
        mode: Mode,
        proofs: &mut Proofs<'a>,
    ) -> Option<Witness> {
        let mut value = Arc::new(value.clone());
        for (above, step) in way.iter().rev() {
            let met = &self.met[*above];
            value = proofs.lift(met.old, met.new, mode, step, &value)?;
        }
        let root = way.first().map_or(at, |(root, _)| *root);
        let root = self.roots.get(&root)?;
        let value = Arc::unwrap_or_clone(value);
        proofs.confirm(root, mode, &value).then(|| proofs.show(root, mode, value))
    }

    /// What no rule below a root accounts for is asked of the root itself.
    fn judge_root(&mut self, root: usize, proofs: &mut Proofs<'a>, shown: &HashSet<usize>) {
        let below = self.drafts_below(root);
        let is_told = |draft: &usize| shown.contains(draft) || self.gathering.is_lowered(*draft);
        if below.is_empty() || below.iter().any(is_told) {
            return;
        }
        let (old, new, mode) = (self.met[root].old, self.met[root].new, self.met[root].mode);
        let tolerant = self.scene.is_tolerant() && mode.direction == Direction::Response;
        match proofs.ask(old, new, mode) {
            Verdict::Refuted(value) if !tolerant => {
                let Some(at) = self.roots.get(&root).copied() else { return };
                if proofs.confirm(&at, mode, &value) {
                    let witness = proofs.show(&at, mode, value);
                    self.gathering.show(below[0], witness);
                }
            }
            Verdict::Unknown(why) => self.gathering.leave_open(below[0], &why),
            _ => {}
        }
    }

    fn drafts_below(&self, root: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut seen = HashSet::from([root]);
        let mut queue = VecDeque::from([root]);
        while let Some(at) = queue.pop_front() {
            found.extend(&self.met[at].drafts);
            queue.extend(
                self.met[at].below.iter().map(|(below, _)| *below).filter(|below| seen.insert(*below)),
            );
        }
        found
    }

    /// Breaks that are no instance of a schema: a request or a response shows them.
    fn judge_others(&mut self, proofs: &Proofs<'a>) {
        let schemas: HashSet<usize> = self.met.iter().flat_map(|met| met.drafts.iter().copied()).collect();
        for draft in 0..self.gathering.len() {
            if schemas.contains(&draft) || !self.gathering.is_suspect(draft) {
                continue;
            }
            let (check, direction, old, new, operation) = self.gathering.about(draft);
            let Some(sides) = operation.and_then(|index| self.sides.get(&index)).copied() else {
                self.gathering.settle(draft, Level::Warning, None);
                continue;
            };
            let reason = self.gathering.message(draft).to_owned();
            match proofs.call(check, direction, (old, new), sides, reason) {
                Some(witness) => self.gathering.show(draft, witness),
                None => self.gathering.settle(draft, Level::Warning, None),
            }
        }
    }
}

/// The engines of one comparison, and what they have answered.
pub(super) struct Proofs<'a> {
    old: &'a Document,
    new: &'a Document,
    /// By direction: requests, responses.
    engines: [Engine<'a>; 2],
    /// For values that only the older document is asked for.
    samples: RefCell<Engine<'a>>,
    answers: HashMap<(SchemaId, SchemaId, Mode), Verdict>,
    referees: HashMap<(bool, SchemaId, View), Result<Referee, String>>,
    /// Why a value was not confirmed.
    refused: Option<String>,
}

impl<'a> Proofs<'a> {
    fn new(scene: &Scene<'a>) -> Self {
        let (old, new) = (scene.old, scene.new);
        let terms = |view| Terms { vocabulary: true, formats: true, view: Some(view), ranges: false };
        Self {
            old,
            new,
            engines: [
                Engine::new(old, new, terms(View::Request)),
                Engine::new(new, old, terms(View::Response)),
            ],
            samples: RefCell::new(Engine::new(old, old, terms(View::Request))),
            answers: HashMap::new(),
            referees: HashMap::new(),
            refused: None,
        }
    }

    fn ask(&mut self, old: SchemaId, new: SchemaId, mode: Mode) -> Verdict {
        if let Some(known) = self.answers.get(&(old, new, mode)) {
            return known.clone();
        }
        let (engine, a, b) = self.engine(old, new, mode);
        let verdict = engine.ask(a, b, BUDGET);
        let verdict = self.as_text(old, new, mode, verdict);
        self.answers.insert((old, new, mode), verdict.clone());
        verdict
    }

    fn ask_about(&mut self, old: SchemaId, new: SchemaId, mode: Mode, focus: &Focus) -> Verdict {
        let (engine, a, b) = self.engine(old, new, mode);
        let verdict = engine.ask_about(a, b, focus, BUDGET);
        self.as_text(old, new, mode, verdict)
    }

    /// Whether the formats of numbers make a difference that nothing else does.
    fn is_range(&self, old: SchemaId, new: SchemaId, mode: Mode, rule: &str) -> bool {
        if !rule.starts_with("schema-range-") {
            return false;
        }
        let terms = Terms { ranges: true, formats: true, ..Terms::default() };
        let verdict = match mode.direction {
            Direction::Request => Engine::new(self.old, self.new, terms).ask(old, new, BUDGET),
            Direction::Response => Engine::new(self.new, self.old, terms).ask(new, old, BUDGET),
        };
        !matches!(verdict, Verdict::Proven)
    }

    fn engine(&mut self, old: SchemaId, new: SchemaId, mode: Mode) -> (&mut Engine<'a>, SchemaId, SchemaId) {
        match mode.direction {
            Direction::Request => (&mut self.engines[0], old, new),
            Direction::Response => (&mut self.engines[1], new, old),
        }
    }

    /// A value that travels as text and is read as another type is no break.
    fn as_text(&mut self, old: SchemaId, new: SchemaId, mode: Mode, verdict: Verdict) -> Verdict {
        let Verdict::Refuted(value) = &verdict else { return verdict };
        if !mode.textual {
            return verdict;
        }
        let readings = readings(value);
        let (engine, _, receiver) = self.engine(old, new, mode);
        if readings.iter().any(|reading| engine.takes(receiver, reading)) {
            return match value {
                // Numbers and words are texts too: whoever takes every text takes them.
                Value::Number(_) | Value::Bool(_) | Value::Null => Verdict::Proven,
                _ => Verdict::Unknown("values travel as text, and another type may read them".to_owned()),
            };
        }
        verdict
    }

    fn lift(
        &mut self,
        old: SchemaId,
        new: SchemaId,
        mode: Mode,
        step: &Step,
        value: &Arc<Value>,
    ) -> Option<Arc<Value>> {
        let (engine, a, b) = self.engine(old, new, mode);
        match engine.lift(a, b, step, value, BUDGET) {
            Outcome::Value(found) => Some(found),
            Outcome::Empty => None,
            Outcome::Unknown(why) => {
                self.refused = Some(why.to_string());
                None
            }
        }
    }

    /// Whether the referee takes the value on the sender's side and refuses it on the receiver's.
    fn confirm(&mut self, root: &Root<'_>, mode: Mode, value: &Value) -> bool {
        let view = match mode.direction {
            Direction::Request => View::Request,
            Direction::Response => View::Response,
        };
        // Formats count where nothing else tells the sides apart.
        for formats in [false, true] {
            let before = self.judged(true, root.old.1, view, value, formats);
            let after = self.judged(false, root.new.1, view, value, formats);
            let (sent, read) = match mode.direction {
                Direction::Request => (before, after),
                Direction::Response => (after, before),
            };
            match (sent, read) {
                (Ok(true), Ok(false)) => return true,
                (Err(why), _) | (_, Err(why)) => {
                    self.refused = Some(why);
                    return false;
                }
                _ => {}
            }
        }
        self.refused = Some("the referee does not confirm the value".to_owned());
        false
    }

    fn judged(
        &mut self,
        is_old: bool,
        id: SchemaId,
        view: View,
        value: &Value,
        formats: bool,
    ) -> Result<bool, String> {
        let document = if is_old { self.old } else { self.new };
        let mut names = members(value);
        let referee = match self.referees.entry((is_old, id, view)) {
            Entry::Vacant(free) => free.insert(Referee::of(document, id, view, names)),
            Entry::Occupied(known) => {
                let known = known.into_mut();
                if let Ok(short) = known
                    && !short.knows(&names)
                {
                    names.extend(short.names().cloned());
                    *known = Referee::of(document, id, view, names);
                }
                known
            }
        };
        referee.as_ref().map_err(String::clone)?.accepts(value, formats)
    }

    /// The witness of a value that was confirmed.
    fn show(&self, root: &Root<'a>, mode: Mode, instance: Value) -> Witness {
        let (old, new) = (self.old, self.new);
        let place =
            |document: &Document, id: SchemaId| Some(document.pointer(document.api().schemas.get(id).node));
        let (kind, given, what) = match root.at {
            At::Parameter(parameter) => (
                WitnessKind::Parameter,
                Some(Given { parameter: Some((parameter, &instance)), ..Given::default() }),
                format!("the parameter `{}`", parameter.name),
            ),
            At::Body(media) => (
                WitnessKind::Body,
                Some(Given { body: Some((media, &instance)), ..Given::default() }),
                "the request body".to_owned(),
            ),
            At::Response(status) => (WitnessKind::Response, None, format!("the body of a {status} response")),
            At::Header(status, header) => {
                (WitnessKind::Header, None, format!("the header `{}` of a {status} response", header.name))
            }
        };
        let is_request = mode.direction == Direction::Request;
        let reason = if is_request {
            format!("{what} was valid for the older version, and the newer one refuses it")
        } else {
            format!("the newer version may send {what} so, and the older one does not allow it")
        };
        let plausible = |id: SchemaId| self.samples.borrow_mut().sample(id);
        let request = given.map(|given| request::show(old.api(), root.old.0, &given, &plausible));
        Witness {
            kind,
            old_schema: place(old, root.old.1),
            new_schema: place(new, root.new.1),
            request,
            reason,
            instance,
        }
    }

    /// The witness of a change that is no schema's: resolved against both documents.
    fn call(
        &self,
        check: &Check,
        direction: Option<Direction>,
        (old, new): (Option<NodeId>, Option<NodeId>),
        (before, after): (Option<&'a Operation>, Option<&'a Operation>),
        reason: String,
    ) -> Option<Witness> {
        let operation = before?;
        let document = self.old;
        let plausible = |id: SchemaId| self.samples.borrow_mut().sample(id);
        let parameter = operation.parameters.iter().find(|parameter| Some(parameter.node) == old);
        let value = parameter
            .map(|parameter| parameter.schema.and_then(plausible).unwrap_or_else(|| Value::from("x")));
        let given = Given { parameter: parameter.zip(value.as_ref()), ..Given::default() };
        let kind = kind_of(check, direction);
        // An operation that is gone is shown by its absence, everything else by what both sides say.
        if after.is_none() && kind != WitnessKind::Operation {
            return None;
        }
        let request = request::show(document.api(), operation, &given, &plausible);
        // A response is shown by its status: that of the newer side, or the one that is gone.
        let stands_at = |operation: &Operation, node: Option<NodeId>| {
            let is_meant = |response: &Response| {
                Some(response.node) == node
                    || response.headers.iter().any(|header| Some(header.node) == node)
                    || response.content.iter().any(|media| Some(media.node) == node)
            };
            operation.responses.iter().find(|response| is_meant(response)).map(|response| response.status)
        };
        let status = after.and_then(|after| stands_at(after, new)).or_else(|| stands_at(operation, old));
        let response = status
            .filter(|_| matches!(kind, WitnessKind::Response | WitnessKind::Header))
            .map(|status| request::response(status, &[], None));
        Some(Witness {
            kind,
            instance: value.or(response).unwrap_or(Value::Null),
            old_schema: None,
            new_schema: None,
            request: Some(request),
            reason,
        })
    }
}

/// What shows a change that a check found.
fn kind_of(check: &Check, direction: Option<Direction>) -> WitnessKind {
    match check {
        Check::Parameter(_) => WitnessKind::Parameter,
        Check::Body(_) => WitnessKind::Body,
        Check::Media(_) if direction == Some(Direction::Request) => WitnessKind::Body,
        Check::Header(_) => WitnessKind::Header,
        Check::Media(_) | Check::Outcomes(_) => WitnessKind::Response,
        Check::Requirement(_) | Check::Scheme(_) => WitnessKind::Security,
        Check::Several(all) => all.first().map_or(WitnessKind::Operation, |first| kind_of(first, direction)),
        _ => WitnessKind::Operation,
    }
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
