//! The proof decides how bad a change of a schema is; what breaks is shown by a value or a request.
//!
//! Each pair of schemas at which a rule speaks of a break is asked whether the receiver still takes
//! all that the sender may send. A refutation is carried up to the root of the body, parameter or
//! header, where another validator has the last word. What no value shows is no break.
//!
//! The pairs are shared out to two threads; in each, all that is to be confirmed is gathered first.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use serde_json::Value;

use super::change::{Direction, Level, Witness};
use super::descend::Met;
use super::group::Gathering;
use super::pair::Scene;
use super::proof::focus::{Focus, Tag};
use super::proof::{Step, Verdict};
use super::proofs::Proofs;
use super::walk::Walk;
use super::witness::Witnesses;
use crate::spec::Document;
use crate::spec::model::{Header, MediaType, Operation, Parameter, Status};
use crate::spec::schema::SchemaId;
use crate::threads;

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

/// Why a value shows nothing.
const NOWHERE: &str = "no operation sends it";

/// A way from a root down to a pair: the pairs passed, and the steps.
type Way = Vec<(usize, Step)>;

/// What the proof says of a draft.
enum Finding {
    /// Nobody is broken.
    Harmless,
    /// The schema alone would break, but what stands around it does not; or nobody could confirm it.
    Spared(Option<String>),
    /// It could not be decided.
    Open(String),
    /// A witness shows it.
    Breaks(Box<Witness>),
}

impl Finding {
    fn apply(self, draft: usize, gathering: &mut Gathering<'_>) {
        match self {
            Self::Harmless => gathering.settle(draft, Level::Info, None),
            Self::Spared(refused) => gathering.settle(draft, Level::Info, Some(refused)),
            Self::Open(why) => gathering.leave_open(draft, &why),
            Self::Breaks(witness) => gathering.show(draft, *witness),
        }
    }
}

/// What the proof found at one pair of schemas, before the referee is asked.
struct Claim {
    at: usize,
    draft: usize,
    verdict: Verdict,
    /// The value that refutes, at a root.
    raised: Option<Raised>,
    /// Why it could not be carried there.
    refused: Option<String>,
}

/// A value that was carried up to a root.
struct Raised {
    root: usize,
    value: Arc<Value>,
    /// The way that was taken, by its number.
    way: usize,
}

impl<'a> Walk<'a> {
    /// Judges every draft by proof.
    pub(super) fn prove(&mut self) {
        let findings = self.findings();
        for (draft, finding) in findings {
            finding.apply(draft, &mut self.gathering);
        }
        self.judge_others();
    }

    fn findings(&self) -> Vec<(usize, Finding)> {
        let ways = self.ways_up();
        let is_suspect =
            |at: &usize| self.met[*at].drafts.iter().any(|draft| self.gathering.is_suspect(*draft));
        let pairs: Vec<usize> = (0..self.met.len()).filter(is_suspect).collect();
        let mut one = Prover::new(self, &ways);
        let mut other = Prover::new(self, &ways);
        let weight = |at: &usize| self.weight(*at);
        let mut findings =
            threads::halves(pairs, 1, weight, |pairs| one.pairs(&pairs), |pairs| other.pairs(&pairs));
        let breaks = findings.iter().filter(|(_, finding)| matches!(finding, Finding::Breaks(_)));
        let shown: HashSet<usize> = breaks.map(|(draft, _)| *draft).collect();
        let roots: Vec<(usize, usize)> =
            self.roots.keys().filter_map(|root| Some((*root, self.untold(*root, &shown)?))).collect();
        let weight = |(root, _): &(usize, usize)| self.weight(*root);
        // What a prover remembers is much, and is cleared away where it was gathered.
        let (one, other) = (move |roots: Vec<_>| one.roots(&roots), move |roots: Vec<_>| other.roots(&roots));
        findings.extend(threads::halves(roots, 1, weight, one, other));
        findings
    }

    /// About how dear the proofs at a pair are: each value is carried up and confirmed, and each is held
    /// against all alternatives.
    fn weight(&self, at: usize) -> usize {
        const DRAFT: usize = 4;
        let Met { old, new, ref drafts, .. } = self.met[at];
        let alternatives = |document: &Document, id: SchemaId| {
            let schema = document.api().schemas.get(id);
            schema.any_of().into_iter().chain(schema.one_of()).map(<[SchemaId]>::len).sum::<usize>()
        };
        let Scene { old: before, new: after, .. } = self.scene;
        DRAFT * drafts.len().max(1) + alternatives(before, old) + alternatives(after, new)
    }

    /// The first draft below a root, where nothing is shown to break there; preferably one that may break.
    fn untold(&self, root: usize, shown: &HashSet<usize>) -> Option<usize> {
        let below = self.drafts_below(root);
        let is_told = |draft: &usize| shown.contains(draft) || self.gathering.is_agreed(*draft);
        let suspect = below.iter().find(|draft| self.gathering.is_suspect(**draft));
        suspect.or(below.first()).copied().filter(|_| !below.iter().any(is_told))
    }

    /// For each pair the ways to a root, the shortest first: the pairs passed, and the steps.
    fn ways_up(&self) -> Vec<Vec<Way>> {
        let mut ways: Vec<Vec<Way>> = vec![Vec::new(); self.met.len()];
        let mut queue: VecDeque<usize> = VecDeque::new();
        for root in self.roots.keys() {
            ways[*root].push(Vec::new());
            queue.push_back(*root);
        }
        while let Some(at) = queue.pop_front() {
            let from: Vec<Way> = ways[at].clone();
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
    fn judge_others(&mut self) {
        let witnesses = Witnesses::new(self.scene);
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
            match witnesses.of_call(check, direction, (old, new), sides, reason) {
                Some(witness) => self.gathering.show(draft, witness),
                None => self.gathering.settle(draft, Level::Warning, None),
            }
        }
    }
}

/// Proves a part of what was met.
struct Prover<'w, 'a> {
    walk: &'w Walk<'a>,
    /// By pair.
    ways: &'w [Vec<Way>],
    /// Requests, responses.
    proofs: [Proofs<'a>; 2],
    witnesses: Witnesses<'a>,
}

impl<'w, 'a> Prover<'w, 'a> {
    fn new(walk: &'w Walk<'a>, ways: &'w [Vec<Way>]) -> Self {
        let proofs = [Direction::Request, Direction::Response].map(|each| Proofs::new(walk.scene, each));
        Self { walk, ways, proofs, witnesses: Witnesses::new(walk.scene) }
    }

    fn proofs(&mut self, direction: Direction) -> &mut Proofs<'a> {
        match direction {
            Direction::Request => &mut self.proofs[0],
            Direction::Response => &mut self.proofs[1],
        }
    }

    /// What is found at pairs of schemas.
    fn pairs(&mut self, pairs: &[usize]) -> Vec<(usize, Finding)> {
        let claims: Vec<Claim> = pairs.iter().flat_map(|at| self.claims(*at)).collect();
        let raised: Vec<&Raised> = claims.iter().filter_map(|claim| claim.raised.as_ref()).collect();
        let mut answers = self.confirmed(&raised).into_iter();
        let mut findings = Vec::with_capacity(claims.len());
        for claim in claims {
            let answer = claim.raised.as_ref().and_then(|_| answers.next());
            findings.push((claim.draft, self.finding(claim, answer)));
        }
        findings
    }

    /// Has the referee confirm values at their roots, all at once.
    fn confirmed(&self, all: &[&Raised]) -> Vec<Result<(), String>> {
        let Walk { met, roots, .. } = self.walk;
        let mut answers: Vec<Result<(), String>> = all.iter().map(|_| Err(NOWHERE.to_owned())).collect();
        for (proofs, direction) in self.proofs.iter().zip([Direction::Request, Direction::Response]) {
            let own = all.iter().enumerate().filter_map(|(at, raised)| {
                let root = roots.get(&raised.root)?;
                (met[raised.root].mode.direction == direction).then_some((at, (root, &*raised.value)))
            });
            let (places, asked): (Vec<usize>, Vec<_>) = own.unzip();
            for (at, answer) in places.into_iter().zip(proofs.confirm(&asked)) {
                answers[at] = answer;
            }
        }
        answers
    }

    /// What is claimed of the drafts at one pair.
    fn claims(&mut self, at: usize) -> Vec<Claim> {
        let Walk { gathering, met, .. } = self.walk;
        let Met { old, new, mode, ref drafts, .. } = met[at];
        let suspects: Vec<usize> =
            drafts.iter().copied().filter(|draft| gathering.is_suspect(*draft)).collect();
        let claim = |draft: usize| {
            let focus = Focus::of(gathering.rule(draft), gathering.property(draft));
            let proofs = self.proofs(mode.direction);
            let verdict = match focus.filter(|focus| suspects.len() > 1 || focus.tag == Tag::Required) {
                Some(focus) => proofs.ask_about(old, new, mode, &focus),
                None => proofs.ask(old, new, mode),
            };
            let (mut raised, mut refused) = (None, None);
            if let Verdict::Refuted(value) = &verdict {
                raised = self.raise(at, value, 0, &mut refused);
            }
            Claim { at, draft, verdict, raised, refused }
        };
        suspects.iter().copied().map(claim).collect()
    }

    /// Carries a value up to a root, on the first of the ways from `first` on that leads there.
    fn raise(
        &mut self,
        at: usize,
        value: &Arc<Value>,
        first: usize,
        refused: &mut Option<String>,
    ) -> Option<Raised> {
        let Self { walk, ways, .. } = *self;
        let proofs = self.proofs(walk.met[at].mode.direction);
        ways[at].iter().enumerate().skip(first).find_map(|(number, way)| {
            let mut value = value.clone();
            for (above, step) in way.iter().rev() {
                let met = &walk.met[*above];
                value = proofs.lift(met.old, met.new, step, &value, refused)?;
            }
            let root = way.first().map_or(at, |(root, _)| *root);
            Some(Raised { root, value, way: number })
        })
    }

    /// What comes of a claim; `answer` is the referee's to the value that was raised.
    fn finding(&mut self, claim: Claim, mut answer: Option<Result<(), String>>) -> Finding {
        let Claim { at, draft, verdict, mut raised, mut refused } = claim;
        let Met { old, new, mode, .. } = self.walk.met[at];
        let rule = self.walk.gathering.rule(draft);
        match verdict {
            Verdict::Proven if self.proofs(mode.direction).is_range(old, new, rule) => {
                Finding::Open("only readers that know the format check its range".to_owned())
            }
            Verdict::Proven => Finding::Harmless,
            Verdict::Unknown(why) => Finding::Open(why),
            Verdict::Refuted(at_pair) => {
                while let Some(found) = raised {
                    let asked = answer.take().or_else(|| self.confirmed(&[&found]).pop());
                    match asked.unwrap_or_else(|| Err(NOWHERE.to_owned())) {
                        Ok(()) => return self.shown(found),
                        Err(why) => refused = Some(why),
                    }
                    raised = self.raise(at, &at_pair, found.way + 1, &mut refused);
                }
                // Elsewhere in the whole the value is taken all the same.
                Finding::Spared(refused)
            }
        }
    }

    /// The witness of a value that was confirmed at a root.
    fn shown(&self, Raised { root, value, .. }: Raised) -> Finding {
        match self.walk.roots.get(&root) {
            Some(at) => {
                Finding::Breaks(Box::new(self.witnesses.of_value(at, self.walk.met[root].mode, value)))
            }
            None => Finding::Spared(Some(NOWHERE.to_owned())),
        }
    }

    /// What no rule below a root accounts for is asked of the root itself, and told of the draft.
    fn roots(&mut self, roots: &[(usize, usize)]) -> Vec<(usize, Finding)> {
        let (mut findings, mut found) = (Vec::new(), Vec::new());
        for &(root, draft) in roots {
            let Met { old, new, mode, .. } = self.walk.met[root];
            let tolerant = self.walk.scene.is_tolerant() && mode.direction == Direction::Response;
            match self.proofs(mode.direction).ask(old, new, mode) {
                Verdict::Refuted(value) if !tolerant => found.push((draft, Raised { root, value, way: 0 })),
                Verdict::Unknown(why) => findings.push((draft, Finding::Open(why))),
                _ => {}
            }
        }
        let raised: Vec<&Raised> = found.iter().map(|(_, raised)| raised).collect();
        for (answer, (draft, raised)) in self.confirmed(&raised).into_iter().zip(found) {
            if answer.is_ok() {
                findings.push((draft, self.shown(raised)));
            }
        }
        findings
    }
}
