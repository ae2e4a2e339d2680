//! The proof decides how bad a change of a schema is; what breaks is shown by a value or a request.
//!
//! Each pair of schemas at which a rule speaks of a break is asked whether the receiver still takes
//! all that the sender may send. A refutation is carried up to the root of the body, parameter or
//! header, where another validator has the last word. What no value shows is no break.
//!
//! Requests and responses are proved beside each other; what is to be confirmed is handed on in shares, to whichever
//! thread is done with its own. What is asked of an engine, and in which order, does not depend on that.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::change::{Direction, Level, Witness};
use super::descend::Met;
use super::group::{Gathering, Ordered};
use super::proof::focus::{Focus, Tag};
use super::proof::{Step, Verdict};
use super::proofs::{Judges, Proofs};
use super::prose::Found;
use super::walk::Walk;
use super::witness::Witnesses;
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

/// So many pairs, and fewer, are proved in one thread.
const FEW: usize = 2;

/// Claims of which the values are confirmed together.
const SHARE: usize = 16;

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

/// What is found of a draft.
struct Told {
    draft: usize,
    /// Whether a root was asked about it.
    is_whole: bool,
    finding: Finding,
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
    /// Whether a root is asked about all that no rule below it accounts for.
    is_whole: bool,
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

/// A walk of which all that schemas decide is proven.
pub(super) struct Proven<'a> {
    walk: Walk<'a>,
    /// Where much was proven: what is still to be judged by it, and what the proofs of responses remember.
    left: Option<(Vec<Told>, Proofs<'a>)>,
}

impl<'a> Proven<'a> {
    /// All that was found, with what is found of texts. What the proofs remember is cleared away beside that, in the
    /// thread that took the memory.
    pub(super) fn with(self, texts: Vec<Found<'a>>) -> Ordered<'a> {
        let Self { mut walk, left } = self;
        let Some((told, spent)) = left else { return walk.with(texts) };
        let ordered = move || {
            walk.judge(told);
            walk.with(texts)
        };
        threads::both(ordered, || drop(spent)).0
    }
}

impl<'a> Walk<'a> {
    /// Proves what schemas decide; where that is little, judges all drafts at once.
    pub(super) fn prove(mut self) -> Proven<'a> {
        let (told, spent) = self.findings();
        let left = match spent {
            Some(spent) => Some((told, spent)),
            None => {
                self.judge(told);
                None
            }
        };
        Proven { walk: self, left }
    }

    /// Judges the drafts that were proven by that, and the others by their calls.
    fn judge(&mut self, told: Vec<Told>) {
        for Told { draft, finding, .. } in told {
            finding.apply(draft, &mut self.gathering);
        }
        self.judge_others();
    }

    /// What is found of drafts; where that was much, with what the proofs of responses remember.
    fn findings(&self) -> (Vec<Told>, Option<Proofs<'a>>) {
        let ways = self.ways_up();
        let [mut requests, mut responses] =
            [Direction::Request, Direction::Response].map(|each| Prover::new(self, &ways, each));
        let is_much = requests.suspects.len() + responses.suspects.len() > FEW;
        let answers = threads::handing(
            is_much,
            |give| requests.claim(give),
            |give| responses.claim(give),
            |share: Share<'_>| share.answers(),
        );
        let [one, other] = by_direction(answers);
        let (one, other) = (move || requests.told(one).0, move || responses.told(other));
        let (mut told, (rest, spent)) = if is_much { threads::both(one, other) } else { (one(), other()) };
        told.extend(rest);
        (told, is_much.then_some(spent))
    }

    /// The first of the drafts below a root, where nothing is told of any; preferably one that may break.
    fn untold(&self, below: &[usize], told: &FxHashSet<usize>) -> Option<usize> {
        let is_told = |draft: &usize| told.contains(draft) || self.gathering.is_agreed(*draft);
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
        let mut seen = FxHashSet::from_iter([root]);
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
        let schemas: FxHashSet<usize> = self.met.iter().flat_map(|met| met.drafts.iter().copied()).collect();
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

/// Values that are confirmed together, each for a claim by its place.
struct Share<'w> {
    direction: Direction,
    judges: Judges<'w>,
    asked: Vec<(usize, &'w Root<'w>, Arc<Value>)>,
}

/// What the referee says of claims of one direction, each by its place.
type Answers = FxHashMap<usize, Result<(), String>>;

impl Share<'_> {
    fn answers(self) -> (Direction, Answers) {
        let asked: Vec<(&Root<'_>, &Value)> =
            self.asked.iter().map(|(_, root, value)| (*root, &**value)).collect();
        let answers = self.judges.confirm(&asked);
        (self.direction, self.asked.iter().map(|(at, ..)| *at).zip(answers).collect())
    }
}

fn by_direction(all: Vec<(Direction, Answers)>) -> [Answers; 2] {
    let mut sorted = [Answers::default(), Answers::default()];
    for (direction, answers) in all {
        sorted[usize::from(direction == Direction::Response)].extend(answers);
    }
    sorted
}

/// Proves what was met in one direction.
struct Prover<'w, 'a> {
    walk: &'w Walk<'a>,
    /// By pair.
    ways: &'w [Vec<Way>],
    direction: Direction,
    proofs: Proofs<'a>,
    witnesses: Witnesses<'a>,
    /// Pairs at which a rule speaks of a break.
    suspects: Vec<usize>,
    claims: Vec<Claim>,
    /// Roots that were not asked, with the drafts below them.
    unasked: Vec<(usize, Vec<usize>)>,
}

impl<'w, 'a> Prover<'w, 'a> {
    fn new(walk: &'w Walk<'a>, ways: &'w [Vec<Way>], direction: Direction) -> Self {
        let is_suspect = |at: &usize| {
            let Met { mode, ref drafts, .. } = walk.met[*at];
            mode.direction == direction && drafts.iter().any(|draft| walk.gathering.is_suspect(*draft))
        };
        Self {
            walk,
            ways,
            direction,
            proofs: Proofs::new(walk.scene, direction),
            witnesses: Witnesses::new(walk.scene),
            suspects: (0..walk.met.len()).filter(is_suspect).collect(),
            claims: Vec::new(),
            unasked: Vec::new(),
        }
    }

    /// Gathers what is claimed, and hands on the values that are to be confirmed.
    fn claim(&mut self, give: &dyn Fn(Share<'w>)) {
        let mut handed = 0;
        for at in std::mem::take(&mut self.suspects) {
            let claims = self.claims(at);
            self.claims.extend(claims);
            if self.claims.len() >= handed + SHARE {
                handed = self.hand_on(handed, give);
            }
        }
        handed = self.hand_on(handed, give);
        // What is carried to a root is mostly confirmed there.
        let raised = self.claims.iter().filter(|claim| claim.raised.is_some());
        let told: FxHashSet<usize> = raised.map(|claim| claim.draft).collect();
        let Self { walk, direction, .. } = *self;
        for root in walk.roots.keys().filter(|root| walk.met[**root].mode.direction == direction) {
            let below = walk.drafts_below(*root);
            match walk.untold(&below, &told) {
                Some(draft) => {
                    let claim = self.whole(*root, draft);
                    self.claims.push(claim);
                }
                None if below.is_empty() => {}
                None => self.unasked.push((*root, below)),
            }
        }
        self.hand_on(handed, give);
    }

    /// Hands on the values of the claims from one on; gives the number of all.
    fn hand_on(&self, from: usize, give: &dyn Fn(Share<'w>)) -> usize {
        let asked = self.claims.iter().enumerate().skip(from).filter_map(|(at, claim)| {
            let raised = claim.raised.as_ref()?;
            Some((at, self.walk.roots.get(&raised.root)?, raised.value.clone()))
        });
        let asked: Vec<_> = asked.collect();
        if !asked.is_empty() {
            give(Share { direction: self.direction, judges: self.proofs.judges(), asked });
        }
        self.claims.len()
    }

    /// What comes of all that was claimed, and what was remembered for it: nothing is asked afterwards.
    fn told(mut self, answers: Answers) -> (Vec<Told>, Proofs<'a>) {
        let mut told = self.settle(answers);
        let breaks = told.iter().filter(|told| !told.is_whole && matches!(told.finding, Finding::Breaks(_)));
        let shown: FxHashSet<usize> = breaks.map(|told| told.draft).collect();
        told.extend(self.rest(&shown));
        (told, self.proofs)
    }

    /// What comes of the claims.
    fn settle(&mut self, mut answers: Answers) -> Vec<Told> {
        let claims = std::mem::take(&mut self.claims).into_iter().enumerate();
        let told = claims.filter_map(|(at, claim)| {
            let Claim { draft, is_whole, .. } = claim;
            Some(Told { draft, is_whole, finding: self.finding(claim, answers.remove(&at))? })
        });
        told.collect()
    }

    /// Asks the roots below which nothing is shown after all.
    fn rest(&mut self, shown: &FxHashSet<usize>) -> Vec<Told> {
        let unasked = std::mem::take(&mut self.unasked).into_iter();
        let untold: Vec<(usize, usize)> =
            unasked.filter_map(|(root, below)| Some((root, self.walk.untold(&below, shown)?))).collect();
        let claims = untold.into_iter().map(|(root, draft)| self.whole(root, draft));
        self.claims = claims.collect();
        let shares = RefCell::new(Vec::new());
        self.hand_on(0, &|share| shares.borrow_mut().push(share));
        let answers = shares.into_inner().into_iter().flat_map(|share: Share<'_>| share.answers().1);
        self.settle(answers.collect())
    }

    /// Has the referee confirm a value at its root.
    fn confirmed(&self, raised: &Raised) -> Result<(), String> {
        let root = self.walk.roots.get(&raised.root).ok_or(NOWHERE)?;
        self.proofs
            .judges()
            .confirm(&[(root, &*raised.value)])
            .pop()
            .unwrap_or_else(|| Err(NOWHERE.to_owned()))
    }

    /// What no rule below a root accounts for is asked of the root itself, and told of the draft.
    fn whole(&mut self, root: usize, draft: usize) -> Claim {
        let Met { old, new, mode, .. } = self.walk.met[root];
        let verdict = self.proofs.ask(old, new, mode);
        let is_spared = self.walk.scene.is_tolerant() && self.direction == Direction::Response;
        let raised = match &verdict {
            Verdict::Refuted(value) if !is_spared => Some(Raised { root, value: value.clone(), way: 0 }),
            _ => None,
        };
        Claim { at: root, draft, is_whole: true, verdict, raised, refused: None }
    }

    /// What is claimed of the drafts at one pair.
    fn claims(&mut self, at: usize) -> Vec<Claim> {
        let Walk { gathering, met, .. } = self.walk;
        let Met { old, new, mode, ref drafts, .. } = met[at];
        let suspects: Vec<usize> =
            drafts.iter().copied().filter(|draft| gathering.is_suspect(*draft)).collect();
        let claim = |draft: usize| {
            let focus = Focus::of(gathering.rule(draft), gathering.property(draft));
            let proofs = &mut self.proofs;
            let verdict = match focus.filter(|focus| suspects.len() > 1 || focus.tag == Tag::Required) {
                Some(focus) => proofs.ask_about(old, new, mode, &focus),
                None => proofs.ask(old, new, mode),
            };
            let (mut raised, mut refused) = (None, None);
            if let Verdict::Refuted(value) = &verdict {
                raised = self.raise(at, value, 0, &mut refused);
            }
            Claim { at, draft, is_whole: false, verdict, raised, refused }
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
        let Self { walk, ways, ref mut proofs, .. } = *self;
        ways[at].iter().enumerate().skip(first).find_map(|(number, way)| {
            let (mut value, mut below) = (value.clone(), &walk.met[at]);
            for (above, step) in way.iter().rev() {
                let above = &walk.met[*above];
                value = proofs.lift((above, below), step, &value, refused)?;
                below = above;
            }
            let root = way.first().map_or(at, |(root, _)| *root);
            Some(Raised { root, value, way: number })
        })
    }

    /// What comes of a claim, if anything; `answer` is the referee's to the value that was raised.
    fn finding(&mut self, claim: Claim, mut answer: Option<Result<(), String>>) -> Option<Finding> {
        let Claim { at, draft, is_whole, verdict, mut raised, mut refused } = claim;
        let Met { old, new, .. } = self.walk.met[at];
        let rule = self.walk.gathering.rule(draft);
        match verdict {
            Verdict::Proven if is_whole => None,
            Verdict::Proven if self.proofs.is_range(old, new, rule) => {
                Some(Finding::Open("only readers that know the format check its range".to_owned()))
            }
            Verdict::Proven => Some(Finding::Harmless),
            Verdict::Unknown(why) => Some(Finding::Open(why)),
            Verdict::Refuted(at_pair) => {
                while let Some(found) = raised {
                    match answer.take().unwrap_or_else(|| self.confirmed(&found)) {
                        Ok(()) => return Some(self.shown(found)),
                        Err(why) => refused = Some(why),
                    }
                    // There is no other way to a root that was asked itself.
                    if is_whole {
                        break;
                    }
                    raised = self.raise(at, &at_pair, found.way + 1, &mut refused);
                }
                match self.proofs.look_over(old, new, &at_pair) {
                    Err(why) => Some(Finding::Open(why)),
                    // Elsewhere in the whole the value is taken all the same.
                    Ok(()) => (!is_whole).then_some(Finding::Spared(refused)),
                }
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
}
