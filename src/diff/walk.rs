//! The walk over both documents: pairs things by place and asks the rules.
//!
//! Schema pairs are visited once for each direction, in a work list, so that cycles end and depth
//! costs no stack; what is equal by hash is not entered. How bad a change is, is the rules' to say.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};

use super::address::Shift;
use super::change::Direction;
use super::descend::{Met, Mode};
use super::group::{Gathering, Ordered};
use super::pair::{
    ComponentView, OperationView, OutcomesView, Pair, PathView, RequirementView, Scene, SchemeView,
    ServersView,
};
use super::pairing::{self, Named, Side};
use super::prose::Found;
use super::prove::{At, Proven, Root};
use super::rules::{CHECKS, seen};
use super::{media, outcome, stability};
use crate::spec::Document;
use crate::spec::model::{Body, Header, MediaType, Operation, Parameter, Response, SecurityScheme, Status};
use crate::spec::schema::SchemaId;

/// Runs every check of one subject over a pair, and yields the drafts.
macro_rules! judge {
    ($walk:expr, $subject:ident, $pair:expr) => {{
        let pair = &$pair;
        $walk.gathering.record_all(pair.direction, seen(&CHECKS.$subject, pair))
    }};
}
pub(super) use judge;

/// The walk and what it gathered.
pub(super) struct Walk<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) gathering: Gathering<'a>,
    /// Whether most operations of the older and the newer document ask for credentials.
    houses: (bool, bool),
    pub(super) met: Vec<Met>,
    pub(super) known: FxHashMap<(SchemaId, SchemaId, Mode), usize>,
    /// How many of the pairs met have been visited.
    pub(super) visited: usize,
    /// Pairs that differ only in what their direction does not see.
    pub(super) unseen: Vec<usize>,
    /// The operations that enter a pair of schemas.
    pub(super) entries: Vec<(u32, usize)>,
    /// Named schemas of the older document whose place one of another name has taken.
    pub(super) renamed: FxHashMap<&'a str, &'a str>,
    /// By pair of schemas: an operation that enters it, and where.
    pub(super) roots: BTreeMap<usize, Root<'a>>,
    /// By operation: what it is on either side.
    pub(super) sides: FxHashMap<u32, (Option<&'a Operation>, Option<&'a Operation>)>,
    /// Whether paths begin alike, and credentials are presented alike, in both documents.
    has_same_ground: bool,
    /// The operation that is walked, and the place in it.
    operation: Option<(&'a Operation, &'a Operation)>,
    at: Option<At<'a>>,
    /// The status of the response that is walked.
    status: Status,
}

/// Walks over everything that is paired, texts apart, and proves what the rules found.
#[must_use]
pub(super) fn walk<'a>(scene: &'a Scene<'a>, sides: &[Side<'a>], named: &[Named<'a>]) -> Proven<'a> {
    let schemes = |document: &'a Document| {
        document.api().security_schemes.iter().map(|scheme| (&scheme.name, scheme.hash))
    };
    let mut walk = Walk {
        scene,
        gathering: Gathering::new(scene),
        houses: (pairing::is_house_closed(scene.old.api()), pairing::is_house_closed(scene.new.api())),
        met: Vec::new(),
        known: FxHashMap::default(),
        visited: 0,
        unseen: Vec::new(),
        entries: Vec::new(),
        renamed: FxHashMap::default(),
        roots: BTreeMap::new(),
        sides: FxHashMap::default(),
        has_same_ground: scene.shift == Shift::default() && schemes(scene.old).eq(schemes(scene.new)),
        operation: None,
        at: None,
        status: Status::Default,
    };
    walk.messages(sides, named);
    walk.prove()
}

impl<'a> Walk<'a> {
    pub(super) fn pair<T>(
        &self,
        old: Option<T>,
        new: Option<T>,
        direction: Option<Direction>,
        name: impl Into<String>,
    ) -> Pair<'a, T> {
        Pair {
            scene: self.scene,
            old,
            new,
            direction,
            name: name.into(),
            textual: false,
            error: false,
            closed: (false, false),
        }
    }

    /// What was found, with what is found of texts.
    pub(super) fn with(mut self, texts: Vec<Found<'a>>) -> Ordered<'a> {
        for (seen, operation) in texts {
            let drafts = self.gathering.record_all(None, seen);
            if let Some(operation) = operation {
                let operation = self.gathering.operation(operation);
                self.gathering.reach(&drafts, operation);
            }
        }
        self.name_the_unseen();
        self.spread();
        self.gathering.ordered()
    }

    fn messages(&mut self, sides: &[Side<'a>], named: &[Named<'a>]) {
        let (old, new) = (self.scene.old.api(), self.scene.new.api());
        for side in sides {
            self.operation_side(side, sides, false);
        }
        self.paths(sides);
        for side in &pairing::operations(&old.webhooks, &new.webhooks, &Shift::default()) {
            let operation = self.gathering.operation(side.any());
            let pair = self.pair(side.old, side.new, None, side.any().path.clone());
            let drafts = judge!(self, webhooks, pair);
            self.gathering.reach(&drafts, operation);
            self.operation_side(side, &[], true);
        }
        self.visit();
        self.root_servers();
        self.schemes();
        self.components(named);
    }

    fn operation_side(&mut self, side: &Side<'a>, all: &[Side<'a>], is_webhook: bool) {
        let index = self.gathering.operation(side.any());
        self.sides.insert(index, (side.old, side.new));
        let view = |operation: &'a Operation, house_is_closed: bool| OperationView {
            operation,
            path_gone: side.path_gone,
            moved: side.moved,
            is_webhook,
            open: operation.security.is_open(),
            house_is_closed,
        };
        let taken_over = side.old.is_none()
            && all.iter().any(|other| other.moved.is_some_and(|moved| std::ptr::eq(moved, side.any())));
        if taken_over || is_webhook && (side.old.is_none() || side.new.is_none()) {
            return;
        }
        let is_promise = |operation: &Operation| !stability::promises_nothing(operation.stability.as_deref());
        if side.old.is_some_and(|old| !is_promise(old)) {
            self.gathering.promise_nothing(index);
        }
        if side.old.zip(side.new).is_some_and(|(old, new)| self.is_kept(old, new)) {
            return;
        }
        let old = side.old.map(|operation| view(operation, self.houses.0));
        let new = side.new.map(|operation| view(operation, self.houses.1));
        let pair = self.pair(old, new, None, side.any().to_string());
        let drafts = judge!(self, operations, pair);
        self.gathering.reach(&drafts, index);
        if let (Some(old), Some(new)) = (side.old, side.new.or(side.moved)) {
            let index = self.gathering.operation(new);
            self.sides.insert(index, (Some(old), Some(new)));
            self.operation(old, new, index, is_webhook);
        }
    }

    /// Whether both say the same but for prose, with all that is said of them elsewhere.
    fn is_kept(&self, old: &Operation, new: &Operation) -> bool {
        self.has_same_ground && old.hash == new.hash && old.id == new.id
    }

    /// Paths of which nothing is left.
    fn paths(&mut self, sides: &[Side<'a>]) {
        let mut done: BTreeSet<&str> = BTreeSet::new();
        for side in sides.iter().filter(|side| side.path_gone) {
            let Some(first) = side.old.filter(|old| done.insert(&old.key)) else {
                continue;
            };
            let gone: Vec<&Operation> =
                sides.iter().filter_map(|side| side.old).filter(|old| old.key == first.key).collect();
            let house_is_closed = self.houses.0;
            let views: Vec<OperationView<'_>> = gone
                .iter()
                .map(|operation| OperationView {
                    operation,
                    path_gone: true,
                    moved: None,
                    is_webhook: false,
                    open: operation.security.is_open(),
                    house_is_closed,
                })
                .collect();
            let view = PathView { template: &first.path, node: first.path_node, operations: &views };
            let moved = side.moved.map(|moved| PathView {
                template: &moved.path,
                node: moved.path_node,
                operations: &[],
            });
            let pair = self.pair(Some(view), moved, None, first.path.clone());
            let drafts = judge!(self, paths, pair);
            for operation in &gone {
                let index = self.gathering.operation(operation);
                self.gathering.reach(&drafts, index);
            }
        }
    }

    fn operation(&mut self, old: &'a Operation, new: &'a Operation, index: u32, turned: bool) {
        let (sends, answers) = if turned {
            (Direction::Response, Direction::Request)
        } else {
            (Direction::Request, Direction::Response)
        };
        self.operation = Some((old, new));
        // Where the API calls others, neither its servers nor its security speak of the call.
        if !turned {
            self.servers(old, new, index);
            self.requirement(old, new, index);
        }
        if old.hash == new.hash {
            return;
        }
        for (a, b) in pairing::parameters(self.scene, old, new) {
            self.parameter(a, b, index, sends);
        }
        self.body(old, new, index, sends);
        self.responses(old, new, index, answers);
        for (a, b) in pairing::callbacks(old, new) {
            let name = b.or(a).map_or_else(String::new, |callback| callback.name.clone());
            let pair = self.pair(a, b, None, name);
            let drafts = judge!(self, callbacks, pair);
            self.gathering.reach(&drafts, index);
            if let (Some(a), Some(b)) = (a, b) {
                for (a, b) in pairing::calls(a, b) {
                    self.operation(a, b, index, !turned);
                }
            }
        }
    }

    fn servers(&mut self, old: &'a Operation, new: &'a Operation, index: u32) {
        let shift = &self.scene.shift;
        let hashes = |operation: &'a Operation| operation.servers.iter().map(|server| server.hash);
        if *shift == Shift::default() && hashes(old).eq(hashes(new)) {
            return;
        }
        let view = |operation: &'a Operation, prefix: &'a str| ServersView {
            list: &operation.servers,
            prefix,
            node: operation.servers.first().map_or(operation.node, |server| server.node),
        };
        let pair = self.pair(Some(view(old, &shift.old)), Some(view(new, &shift.new)), None, new.to_string());
        let drafts = judge!(self, servers, pair);
        self.gathering.reach(&drafts, index);
    }

    /// Root servers matter even where no operation is left to use them.
    fn root_servers(&mut self) {
        let (old, new) = (self.scene.old.api(), self.scene.new.api());
        let view = |list: &'a [crate::spec::model::Server], prefix: &'a str| {
            list.first().map(|server| ServersView { list, prefix, node: server.node })
        };
        let shift = &self.scene.shift;
        let pair = self.pair(view(&old.servers, &shift.old), view(&new.servers, &shift.new), None, "servers");
        judge!(self, servers, pair);
    }

    fn requirement(&mut self, old: &'a Operation, new: &'a Operation, index: u32) {
        let view = |operation: &'a Operation| RequirementView {
            security: &operation.security,
            node: operation.security_node,
            operation,
        };
        let pair = self.pair(Some(view(old)), Some(view(new)), None, new.to_string());
        let drafts = judge!(self, requirements, pair);
        self.gathering.reach(&drafts, index);
    }

    fn parameter(
        &mut self,
        old: Option<&'a Parameter>,
        new: Option<&'a Parameter>,
        index: u32,
        direction: Direction,
    ) {
        if let (Some(a), Some(b)) = (old, new)
            && a.hash == b.hash
        {
            return;
        }
        let Some(any) = new.or(old) else { return };
        let pair = self.pair(old, new, Some(direction), any.name.clone());
        let drafts = judge!(self, parameters, pair);
        self.gathering.reach(&drafts, index);
        if let (Some(a), Some(b)) = (old, new) {
            self.at = Some(At::Parameter(a));
            self.enter(a.schema, b.schema, Mode::text(direction), || any.name.clone(), index);
            self.content(&a.content, &b.content, index, direction, &any.name);
        }
    }

    fn body(&mut self, old: &'a Operation, new: &'a Operation, index: u32, direction: Direction) {
        let (a, b): (Option<&Body>, Option<&Body>) = (old.body.as_ref(), new.body.as_ref());
        if a.is_none() && b.is_none() {
            return;
        }
        let name = new.to_string();
        let pair = self.pair(a, b, Some(direction), name.clone());
        let drafts = judge!(self, bodies, pair);
        self.gathering.reach(&drafts, index);
        if let (Some(a), Some(b)) = (a, b)
            && a.hash != b.hash
        {
            self.content_at(&a.content, &b.content, index, direction, &name, "request");
        }
    }

    fn responses(&mut self, old: &'a Operation, new: &'a Operation, index: u32, direction: Direction) {
        let name = new.to_string();
        let view = |operation: &'a Operation| OutcomesView {
            list: &operation.responses,
            secured: !operation.security.is_open(),
        };
        let pair = self.pair(Some(view(old)), Some(view(new)), Some(direction), name.clone());
        let drafts = judge!(self, outcomes, pair);
        self.gathering.reach(&drafts, index);
        for (a, b) in outcome::pairs(&old.responses, &new.responses) {
            self.response(a, b, index, direction, &name);
        }
    }

    fn response(
        &mut self,
        old: &'a Response,
        new: &'a Response,
        index: u32,
        direction: Direction,
        name: &str,
    ) {
        if old.hash == new.hash {
            return;
        }
        self.status = new.status;
        for (a, b) in pairing::headers(&old.headers, &new.headers) {
            self.header(a, b, index, direction);
        }
        let place = if outcome::is_success(new) { "response" } else { "error" };
        self.content_at(&old.content, &new.content, index, direction, name, place);
    }

    fn header(&mut self, old: Option<&'a Header>, new: Option<&'a Header>, index: u32, direction: Direction) {
        let Some(any) = new.or(old) else { return };
        if old.zip(new).is_some_and(|(a, b)| a.hash == b.hash) {
            return;
        }
        let pair = self.pair(old, new, Some(direction), any.name.clone());
        let drafts = judge!(self, headers, pair);
        self.gathering.reach(&drafts, index);
        if let (Some(a), Some(b)) = (old, new) {
            self.at = Some(At::Header(self.status, b));
            self.enter(a.schema, b.schema, Mode::text(direction), || any.name.clone(), index);
            self.content(&a.content, &b.content, index, direction, &any.name);
        }
    }

    /// The value of a parameter or header; that its media type changed is told of the whole.
    fn content(
        &mut self,
        old: &'a [MediaType],
        new: &'a [MediaType],
        index: u32,
        direction: Direction,
        name: &str,
    ) {
        for (a, b) in media::pairs(old, new, direction == Direction::Request) {
            if let (Some(a), Some(b)) = (a, b) {
                self.enter(a.schema, b.schema, Mode::body(direction), || name.to_owned(), index);
            }
        }
    }

    fn content_at(
        &mut self,
        old: &'a [MediaType],
        new: &'a [MediaType],
        index: u32,
        direction: Direction,
        operation: &str,
        place: &str,
    ) {
        for (a, b) in media::pairs(old, new, direction == Direction::Request) {
            let pair = self.pair(a, b, Some(direction), operation);
            let drafts = judge!(self, media, pair);
            self.gathering.reach(&drafts, index);
            if let (Some(a), Some(b)) = (a, b) {
                self.at = Some(if place == "request" { At::Body(a) } else { At::Response(self.status) });
                let mode = Mode::body(direction).error(place == "error");
                self.enter(a.schema, b.schema, mode, || place.to_owned(), index);
                self.at = None;
                self.enter(a.item_schema, b.item_schema, mode, || format!("{place}[]"), index);
            }
        }
    }

    /// An operation enters a pair of schemas.
    fn enter(
        &mut self,
        old: Option<SchemaId>,
        new: Option<SchemaId>,
        mode: Mode,
        name: impl FnOnce() -> String,
        index: u32,
    ) {
        let (Some(old), Some(new)) = (old, new) else {
            return;
        };
        if let Some(met) = self.meet(old, new, mode, name) {
            self.entries.push((index, met));
            if let (Some((before, after)), Some(at)) = (self.operation, self.at) {
                let root = Root { old: (before, old), new: (after, new), at };
                self.roots.entry(met).or_insert(root);
            }
        }
    }

    fn schemes(&mut self) {
        let (old, new) = (self.scene.old, self.scene.new);
        let (used_before, used_after) = (pairing::used_schemes(old.api()), pairing::used_schemes(new.api()));
        let (before, after) = (&old.api().security_schemes, &new.api().security_schemes);
        let by_name = |list: &'a [SecurityScheme]| -> FxHashMap<&'a str, &'a SecurityScheme> {
            list.iter().rev().map(|scheme| (scheme.name.as_str(), scheme)).collect()
        };
        let (known, now) = (by_name(before), by_name(after));
        let fresh = after.iter().filter(|scheme| !known.contains_key(scheme.name.as_str()));
        for name in before.iter().chain(fresh).map(|scheme| scheme.name.as_str()) {
            let view = |known: &FxHashMap<&str, &'a SecurityScheme>, used: &BTreeSet<&str>| {
                Some(SchemeView { scheme: known.get(name)?, used: used.contains(name) })
            };
            let (a, b) = (view(&known, &used_before), view(&now, &used_after));
            let pair = self.pair(a, b, None, name);
            let drafts = judge!(self, schemes, pair);
            if drafts.is_empty() {
                continue;
            }
            for operation in
                new.api().operations.iter().filter(|operation| pairing::asks_for(operation, name))
            {
                let index = self.gathering.operation(operation);
                self.gathering.reach(&drafts, index);
            }
        }
    }

    fn components(&mut self, named: &[Named<'a>]) {
        let (old, new) = (self.scene.old.api(), self.scene.new.api());
        let hash = |api: &crate::spec::model::Api, id: SchemaId| api.schemas.get(id).hash;
        let (mut gone, mut won, mut changed) = (Vec::new(), Vec::new(), Vec::new());
        for Named { name, old: before, new: after } in named {
            match (*before, *after) {
                (Some(a), None) => gone.push((*name, a)),
                (None, Some(b)) => won.push((*name, b)),
                (Some(a), Some(b)) if hash(old, a) != hash(new, b) => changed.push(*name),
                _ => {}
            }
        }
        if gone.is_empty() && won.is_empty() && changed.is_empty() {
            return;
        }
        // Most of what changed was met on the way, so that nothing else need be looked through.
        let met: [FxHashSet<SchemaId>; 2] =
            [self.met.iter().map(|met| met.old).collect(), self.met.iter().map(|met| met.new).collect()];
        let scene = self.scene;
        let is_reached = |side: usize, id: SchemaId| {
            let ids = [id, [old, new][side].schemas.resolve(id)];
            ids.iter().any(|id| met[side].contains(id))
                || ids.iter().any(|id| scene.reached(side)[id.index()])
        };
        // What has another name: the same schema, or one that took the other's place in a message.
        let mut pairs: Vec<(Option<&str>, Option<&str>)> = Vec::new();
        for (name, id) in gone {
            let is_twin = |(other, twin): &(&str, SchemaId)| {
                let is_same =
                    || hash(old, id) == hash(new, *twin) && is_reached(0, id) && is_reached(1, *twin);
                self.renamed.get(name) == Some(other) || is_same()
            };
            let twin = won.iter().position(is_twin).map(|at| won.remove(at).0);
            pairs.push((Some(name), twin));
        }
        pairs.extend(won.into_iter().map(|(name, _)| (None, Some(name))));
        pairs.extend(changed.into_iter().map(|name| (Some(name), Some(name))));
        let renamed: Vec<SchemaId> = pairs
            .iter()
            .filter(|(a, b)| a.is_some() && a != b)
            .filter_map(|(_, b)| new.component((*b)?))
            .collect();
        let mut holders = if renamed.is_empty() {
            FxHashMap::default()
        } else {
            let operations = pairing::reaching(new, &renamed);
            renamed.into_iter().zip(operations).collect::<FxHashMap<_, _>>()
        };
        for (a, b) in pairs {
            let view = |side: usize, name: Option<&'a str>| {
                let name = name?;
                let api = [old, new][side];
                let id = api.component(name)?;
                Some(ComponentView {
                    name,
                    id,
                    node: api.schemas.get(id).node,
                    reached: is_reached(side, id),
                })
            };
            let name = b.or(a).unwrap_or_default();
            let pair = self.pair(view(0, a), view(1, b), None, name);
            let drafts = judge!(self, components, pair);
            let holding = b.and_then(|name| new.component(name)).and_then(|id| holders.remove(&id));
            for operation in holding.into_iter().flatten() {
                let index = self.gathering.operation(operation);
                self.gathering.reach(&drafts, index);
            }
        }
    }
}
