//! Which operation, parameter, header and callback of the older document is which of the newer.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::address::{Shift, below};
use super::pair::Scene;
use crate::lint;
use crate::spec::model::{
    Api, Callback, Flow, Header, Location, MediaType, Operation, Parameter, SchemeKind, SecurityScheme,
};
use crate::spec::schema::{Marks, SchemaId};
use crate::spec::{Document, Hash};

/// One operation on both sides.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// In the older document.
    pub old: Option<&'a Operation>,
    /// In the newer document.
    pub new: Option<&'a Operation>,
    /// Whether the whole path is gone and one change says so.
    pub path_gone: bool,
    /// Where an operation that is gone lives now, by its operationId.
    pub moved: Option<&'a Operation>,
}

impl<'a> Side<'a> {
    /// The newer side, or the older where there is none.
    ///
    /// # Panics
    /// Never: a side is made with one of the two.
    #[must_use]
    pub fn any(&self) -> &'a Operation {
        self.new.or(self.old).expect("a side has an operation")
    }
}

/// Pairs operations by method and template with names erased, in the order of the newer document;
/// those that are gone stand at the end.
#[must_use]
pub fn operations<'a>(old: &'a [Operation], new: &'a [Operation], shift: &Shift) -> Vec<Side<'a>> {
    let old_key = |operation: &'a Operation| key(operation, &shift.old);
    let new_key = |operation: &'a Operation| key(operation, &shift.new);
    if old.iter().map(old_key).eq(new.iter().map(new_key)) {
        let side = |(old, new)| Side { old: Some(old), new: Some(new), path_gone: false, moved: None };
        return old.iter().zip(new).map(side).collect();
    }
    let before: FxHashMap<(&str, &str), &Operation> =
        old.iter().map(|operation| (old_key(operation), operation)).collect();
    let after: FxHashSet<(&str, &str)> = new.iter().map(new_key).collect();
    let paths: FxHashSet<&str> = after.iter().map(|(_, path)| *path).collect();
    let mut sides: Vec<Side<'a>> = new
        .iter()
        .map(|operation| Side {
            old: before.get(&new_key(operation)).copied(),
            new: Some(operation),
            path_gone: false,
            moved: None,
        })
        .collect();
    let gone: Vec<&Operation> = old.iter().filter(|operation| !after.contains(&old_key(operation))).collect();
    let homes = homes(&gone, &sides);
    let moved = |operation: &Operation| homes.get(&std::ptr::from_ref(operation)).copied();
    // A path speaks for its operations when it is gone with all of them, unannounced, and either for
    // good or, if they are several, to one other path.
    let mut speaks: FxHashMap<&str, Departure> = FxHashMap::default();
    for operation in &gone {
        let home = moved(operation).map(|moved| moved.key.as_str());
        let planned = operation.deprecated && operation.sunset.is_some();
        let first = Departure { alone: true, home, count: 0 };
        let path = speaks.entry(&operation.key).or_insert(first);
        path.alone &= !paths.contains(below(&operation.key, &shift.old)) && !planned && path.home == home;
        path.count += 1;
    }
    let path_gone = |operation: &Operation| {
        let path = speaks.get(operation.key.as_str());
        path.is_some_and(|path| path.alone && (path.home.is_none() || path.count > 1))
    };
    sides.extend(gone.iter().map(|operation| Side {
        old: Some(operation),
        new: None,
        path_gone: path_gone(operation),
        moved: moved(operation),
    }));
    sides
}

/// What became of the operations of one path that are gone.
struct Departure<'a> {
    /// Whether they all went the same way and left nothing.
    alone: bool,
    /// The path they live at now.
    home: Option<&'a str>,
    count: usize,
}

/// Where operations that are gone live now: by their operationId, else as the only one of the new
/// ones that is alike in all that is sent and answered. What has no body and no schema is like too
/// many others.
fn homes<'a>(gone: &[&'a Operation], sides: &[Side<'a>]) -> FxHashMap<*const Operation, &'a Operation> {
    let fresh: Vec<&'a Operation> =
        sides.iter().filter(|side| side.old.is_none()).filter_map(|side| side.new).collect();
    let ids: FxHashMap<&str, &Operation> =
        fresh.iter().filter_map(|operation| Some((operation.id.as_deref()?, *operation))).collect();
    let mut homes: FxHashMap<*const Operation, &Operation> = FxHashMap::default();
    let mut taken: FxHashSet<*const Operation> = FxHashSet::default();
    for operation in gone {
        if let Some(home) = operation.id.as_deref().and_then(|id| ids.get(id)) {
            homes.insert(std::ptr::from_ref(*operation), home);
            taken.insert(std::ptr::from_ref(*home));
        }
    }
    let mut shapes: FxHashMap<Shape<'a>, (Vec<&'a Operation>, Vec<&'a Operation>)> = FxHashMap::default();
    let is_left = |operation: &&&Operation| {
        // What was announced to go is gone, whatever looks like it.
        !operation.deprecated && !homes.contains_key(&std::ptr::from_ref(**operation))
    };
    for operation in gone.iter().filter(is_left) {
        if let Some(shape) = shape(operation) {
            shapes.entry(shape).or_default().0.push(operation);
        }
    }
    for operation in fresh.into_iter().filter(|operation| !taken.contains(&std::ptr::from_ref(*operation))) {
        if let Some(shape) = shape(operation) {
            shapes.entry(shape).or_default().1.push(operation);
        }
    }
    homes.extend(shapes.into_values().filter_map(|(old, new)| match (old.as_slice(), new.as_slice()) {
        ([a], [b]) => Some((std::ptr::from_ref(*a), *b)),
        _ => None,
    }));
    homes
}

/// Method, number of variables in the path, and the hashes of parameters, body and responses.
type Shape<'a> = (&'a str, usize, Vec<Hash>, Option<Hash>, Vec<Hash>);

fn shape(operation: &Operation) -> Option<Shape<'_>> {
    let says = |content: &[MediaType]| content.iter().any(|media| media.schema.is_some());
    let is_told = operation.body.as_ref().is_some_and(|body| says(&body.content))
        || operation.responses.iter().any(|response| says(&response.content));
    let sorted = |mut hashes: Vec<Hash>| {
        hashes.sort_unstable();
        hashes
    };
    let parameters = operation.parameters.iter().filter(|each| each.location != Location::Path);
    is_told.then(|| {
        (
            operation.method.as_str(),
            operation.key.matches("{}").count(),
            sorted(parameters.map(|each| each.hash).collect()),
            operation.body.as_ref().map(|body| body.hash),
            sorted(operation.responses.iter().map(|each| each.hash).collect()),
        )
    })
}

fn key<'o>(operation: &'o Operation, prefix: &str) -> (&'o str, &'o str) {
    (&operation.method, below(&operation.key, prefix))
}

type Parameters<'a> = Vec<(Option<&'a Parameter>, Option<&'a Parameter>)>;

/// Pairs parameters by place and name, those of the path by their position in the template if both
/// have as many; those left by name alone, then by form alone.
#[must_use]
pub fn parameters<'a>(scene: &Scene<'_>, old: &'a Operation, new: &'a Operation) -> Parameters<'a> {
    let (before, after) = (variables(&old.path), variables(&new.path));
    let is_elsewhere = before.len() != after.len();
    let renamed: FxHashMap<&str, &str> =
        if is_elsewhere { FxHashMap::default() } else { after.into_iter().zip(before).collect() };
    let find = |parameter: &Parameter| {
        let name = match parameter.location {
            Location::Path => renamed.get(parameter.name.as_str()).copied().unwrap_or(&parameter.name),
            _ => &parameter.name,
        };
        old.parameter(parameter.location, name)
    };
    let mut pairs: Parameters<'a> =
        new.parameters.iter().map(|parameter| (find(parameter), Some(parameter))).collect();
    let lost: Vec<&Parameter> = old
        .parameters
        .iter()
        .filter(|parameter| {
            !pairs.iter().any(|(known, _)| known.is_some_and(|known| std::ptr::eq(known, *parameter)))
        })
        .collect();
    for gone in &lost {
        let is_moved = |b: &Parameter| b.location != gone.location && b.name.eq_ignore_ascii_case(&gone.name);
        let form = form(scene.old, gone);
        let is_renamed =
            |b: &Parameter| form.is_some() && is_alike(gone, b) && self::form(scene.new, b) == form;
        let alone = |same: &dyn Fn(&Parameter) -> bool| {
            let mut found =
                (0..pairs.len()).filter(|at| pairs[*at].0.is_none() && pairs[*at].1.is_some_and(same));
            found.next().filter(|_| found.next().is_none())
        };
        let is_only = lost.iter().filter(|other| self::form(scene.old, other) == form).count() == 1;
        let home = alone(&is_moved).or_else(|| alone(&is_renamed).filter(|_| is_only));
        match home {
            Some(at) => pairs[at].0 = Some(gone),
            None => pairs.push((Some(gone), None)),
        }
    }
    // Variables of a path that went elsewhere are told with the path.
    pairs.retain(|(a, b)| match (a, b) {
        (Some(one), None) | (None, Some(one)) => !is_elsewhere || one.location != Location::Path,
        _ => true,
    });
    pairs
}

/// Whether one name may have become the other: neither tells a secret that the other does not.
fn is_alike(old: &Parameter, new: &Parameter) -> bool {
    lint::tier(&old.name, false) == lint::tier(&new.name, false)
}

/// Where and how a parameter is written, whatever its name.
fn form<'p>(
    document: &Document,
    parameter: &'p Parameter,
) -> Option<(Location, Hash, Vec<Hash>, &'p str, bool)> {
    let schema = parameter.schema.map(|id| document.api().schemas.get(id).hash).unwrap_or_default();
    let content = parameter.content.iter().map(|media| media.hash).collect();
    let is_named = parameter.location != Location::Path;
    is_named.then(|| (parameter.location, schema, content, parameter.style.name(), parameter.explode))
}

/// The variables of a template, in their order.
fn variables(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
}

/// Pairs headers by name without case.
#[must_use]
pub fn headers<'a>(old: &'a [Header], new: &'a [Header]) -> Vec<(Option<&'a Header>, Option<&'a Header>)> {
    pair(old, new, |a, b| a.name.eq_ignore_ascii_case(&b.name))
}

/// Pairs callbacks by name, and those left by what they call: the name is the document's alone.
#[must_use]
pub fn callbacks<'a>(
    old: &'a Operation,
    new: &'a Operation,
) -> Vec<(Option<&'a Callback>, Option<&'a Callback>)> {
    let mut pairs = pair(&old.callbacks, &new.callbacks, |a, b| a.name == b.name);
    let (lost, kept): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(_, b)| b.is_none());
    pairs = kept;
    for (gone, _) in lost {
        let same = |(a, b): &(Option<&Callback>, Option<&Callback>)| {
            a.is_none() && gone.zip(*b).is_some_and(|(gone, b)| !calls(gone, b).is_empty())
        };
        match pairs.iter().position(same) {
            Some(at) => pairs[at].0 = gone,
            None => pairs.push((gone, None)),
        }
    }
    pairs
}

/// The calls that two callbacks share: the same method to the same expression.
#[must_use]
pub fn calls<'a>(old: &'a Callback, new: &'a Callback) -> Vec<(&'a Operation, &'a Operation)> {
    let find = |b: &'a Operation| {
        let a = old.operations.iter().find(|a| a.method == b.method && a.path == b.path);
        a.map(|a| (a, b))
    };
    new.operations.iter().filter_map(find).collect()
}

/// Pairs entries that are the same by `same`, in the order of the newer list.
fn pair<'a, T>(
    old: &'a [T],
    new: &'a [T],
    same: impl Fn(&T, &T) -> bool,
) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let found = new.iter().map(|b| (old.iter().find(|a| same(a, b)), Some(b)));
    let lost = old.iter().filter(|a| !new.iter().any(|b| same(a, b))).map(|a| (Some(a), None));
    found.chain(lost).collect()
}

/// Whether at least four of five operations ask for credentials.
#[must_use]
pub fn is_house_closed(api: &Api) -> bool {
    let closed = api.operations.iter().filter(|operation| !operation.security.is_open()).count();
    // The operation in question is open and does not count against its own house.
    let others = api.operations.len().saturating_sub(1);
    others > 0 && closed * 5 >= others * 4
}

/// The names of the schemes that some operation asks for, or the root does for all to come.
#[must_use]
pub fn used_schemes(api: &Api) -> BTreeSet<&str> {
    let operations = api.operations.iter().chain(&api.webhooks);
    let securities = operations.map(|operation| &operation.security).chain([&api.security]);
    let alternatives = securities.flat_map(|security| &security.alternatives);
    let requirements = alternatives.flat_map(|alternative| &alternative.requirements);
    requirements.map(|requirement| requirement.scheme.as_str()).collect()
}

/// Whether the operation asks for the scheme in one of its alternatives.
#[must_use]
pub fn asks_for(operation: &Operation, scheme: &str) -> bool {
    let requirements =
        operation.security.alternatives.iter().flat_map(|alternative| &alternative.requirements);
    requirements.into_iter().any(|requirement| requirement.scheme == scheme)
}

/// Security schemes of the newer document that carry another name in the older one.
#[must_use]
pub fn renamed_schemes<'a>(old: &'a Api, new: &'a Api) -> FxHashMap<String, String> {
    // Those of one side whose names the other does not have.
    let apart = |all: &'a [SecurityScheme], others: &[SecurityScheme]| -> Vec<&'a SecurityScheme> {
        let known: FxHashSet<&str> = others.iter().map(|scheme| scheme.name.as_str()).collect();
        all.iter().filter(|scheme| !known.contains(scheme.name.as_str())).collect()
    };
    let (lost, fresh) = (&old.security_schemes, &new.security_schemes);
    let (lost, fresh) = (apart(lost, fresh), apart(fresh, lost));
    let lost: FxHashMap<String, &str> =
        lost.into_iter().rev().map(|scheme| (meaning(&scheme.kind), scheme.name.as_str())).collect();
    let renamed =
        |scheme: &SecurityScheme| Some((scheme.name.clone(), lost.get(&meaning(&scheme.kind))?.to_string()));
    fresh.into_iter().filter_map(renamed).collect()
}

/// What callers do for a scheme, whatever its name and wherever it stands, in one order of flows and scopes. Where
/// its metadata is to be found is not a part of it.
fn meaning(kind: &SchemeKind) -> String {
    let SchemeKind::OAuth2 { flows } = kind else { return format!("{kind:?}") };
    let flows: BTreeSet<String> = flows
        .iter()
        .map(|flow| {
            let Flow {
                kind,
                authorization_url,
                token_url,
                refresh_url,
                device_authorization_url,
                scopes,
                node: _,
            } = flow;
            let scopes: BTreeSet<&str> = scopes.iter().map(|(scope, _)| scope.as_str()).collect();
            format!(
                "{:?}",
                (kind, authorization_url, token_url, refresh_url, device_authorization_url, scopes)
            )
        })
        .collect();
    flows.into_iter().collect()
}

/// A named schema, by what either document has under the name.
pub struct Named<'a> {
    /// The name.
    pub name: &'a str,
    /// The older document's.
    pub old: Option<SchemaId>,
    /// The newer document's.
    pub new: Option<SchemaId>,
}

/// The named schemas of both documents: in the order of the older one, then those that the newer one adds.
#[must_use]
pub fn named<'a>(old: &'a Api, new: &'a Api) -> Vec<Named<'a>> {
    let (before, after) = (&old.components, &new.components);
    let both = |name: &'a str, old, new| Named { name, old, new };
    if before.iter().map(|(name, _)| name).eq(after.iter().map(|(name, _)| name)) {
        let pairs = before.iter().zip(after);
        return pairs.map(|((name, a), (_, b))| both(name, Some(*a), Some(*b))).collect();
    }
    let mut left: FxHashMap<&str, SchemaId> = after.iter().map(|(name, id)| (name.as_str(), *id)).collect();
    let kept = before.iter().map(|(name, id)| both(name, Some(*id), left.remove(name.as_str())));
    let mut all: Vec<Named<'a>> = kept.collect();
    let won = after.iter().filter(|(name, _)| left.contains_key(name.as_str()));
    all.extend(won.map(|(name, id)| both(name, None, Some(*id))));
    all
}

/// So often schemas are gone through in their order.
const SWEEPS: usize = 6;

/// Every schema that a message can hold, by its index.
#[must_use]
pub fn reached(api: &Api) -> Vec<bool> {
    let mut roots: Vec<SchemaId> = Vec::new();
    for operation in api.operations.iter().chain(&api.webhooks) {
        enter(operation, &mut roots);
    }
    let mut reached = vec![false; api.schemas.len()];
    // Schemas lie in memory as they are numbered, and what is written in one comes behind it: so they are gone through
    // in that order, a few times, as what is referred to mostly comes before. What then still waits has no order.
    let mut waiting = vec![0_u64; api.schemas.len().div_ceil(64)];
    let mut wait = |waiting: &mut [u64], id: SchemaId| {
        if !std::mem::replace(&mut reached[id.index()], true) {
            waiting[id.index() / 64] |= 1 << (id.index() % 64);
        }
    };
    roots.into_iter().for_each(|id| wait(&mut waiting, id));
    for _ in 0..SWEEPS {
        for at in 0..waiting.len() {
            while waiting[at] != 0 {
                let bit = waiting[at].trailing_zeros() as usize;
                waiting[at] &= waiting[at] - 1;
                let schema = api.schemas.get(SchemaId::from_index(at * 64 + bit));
                if schema.marks.has(Marks::HOLDING) {
                    schema.children(|child| wait(&mut waiting, child));
                }
            }
        }
    }
    let words = waiting
        .iter()
        .enumerate()
        .flat_map(|(at, word)| (0..64).map(move |bit| (at * 64 + bit, word >> bit & 1)));
    let mut left: Vec<SchemaId> =
        words.filter(|(_, is)| *is == 1).map(|(index, _)| SchemaId::from_index(index)).collect();
    while let Some(id) = left.pop() {
        api.schemas.get(id).children(|child| {
            if !std::mem::replace(&mut reached[child.index()], true) {
                left.push(child);
            }
        });
    }
    reached
}

/// For each of the schemas the operations whose messages can hold it, webhooks apart.
#[must_use]
pub fn reaching<'a>(api: &'a Api, targets: &[SchemaId]) -> Vec<Vec<&'a Operation>> {
    let mut above: FxHashMap<SchemaId, Vec<SchemaId>> = FxHashMap::default();
    for (id, schema) in api.schemas.iter() {
        schema.children(|child| above.entry(child).or_default().push(id));
    }
    let entered: Vec<(&Operation, Vec<SchemaId>)> = api
        .operations
        .iter()
        .map(|operation| {
            let mut roots = Vec::new();
            enter(operation, &mut roots);
            (operation, roots)
        })
        .collect();
    let mut all = Vec::with_capacity(targets.len());
    for target in targets {
        let mut holding = FxHashSet::default();
        let mut queue = vec![*target];
        while let Some(id) = queue.pop() {
            if holding.insert(id) {
                queue.extend(above.get(&id).into_iter().flatten());
            }
        }
        let holds = |ids: &[SchemaId]| ids.iter().any(|id| holding.contains(id));
        let reaching = entered.iter().filter(|(_, ids)| holds(ids));
        all.push(reaching.map(|(operation, _)| *operation).collect());
    }
    all
}

/// Adds the schemas at the roots of what an operation and its callbacks send and answer.
fn enter(operation: &Operation, roots: &mut Vec<SchemaId>) {
    // Few operations call others.
    let (mut next, mut called) = (Some(operation), Vec::new());
    let of_media = |list: &[MediaType], roots: &mut Vec<SchemaId>| {
        roots.extend(list.iter().flat_map(|media| [media.schema, media.item_schema]).flatten());
    };
    while let Some(operation) = next.or_else(|| called.pop()) {
        next = None;
        called.extend(operation.callbacks.iter().flat_map(|callback| &callback.operations));
        for parameter in &operation.parameters {
            roots.extend(parameter.schema);
            of_media(&parameter.content, roots);
        }
        if let Some(body) = &operation.body {
            of_media(&body.content, roots);
        }
        for response in &operation.responses {
            of_media(&response.content, roots);
            for header in &response.headers {
                roots.extend(header.schema);
                of_media(&header.content, roots);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::spec::{Limits, load};

    use super::*;

    /// Whichever way references lead, and however often.
    #[test]
    fn a_message_reaches_what_it_refers_to() {
        let list = |at: usize| {
            format!("A{at:02}: {{type: array, items: {{$ref: '#/components/schemas/A{:02}'}}}}", at + 7)
        };
        let back = |at: usize| {
            format!("B{at:02}: {{type: array, items: {{$ref: '#/components/schemas/B{:02}'}}}}", at - 1)
        };
        let named: Vec<String> = (0..70).map(list).chain((1..40).map(back)).collect();
        let text = format!(
            "openapi: 3.1.0
info: {{title: Lists, version: '1'}}
paths:
  /lists:
    get:
      responses:
        '200': {{description: ok, content: {{application/json: {{schema: {{$ref: '#/components/schemas/A03'}}}}}}}}
    post:
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/B30'}}}}}}}}
      responses: {{'204': {{description: ok}}}}
components:
  schemas:
    {}
    B00: {{type: string}}
",
            named.join("\n    ")
        );
        let document = load(text.into_bytes(), &Limits::default()).expect("a document");
        let api = document.api();
        let reached = reached(api);
        let found = api.components.iter().filter(|(_, id)| reached[id.index()]);
        let found: BTreeSet<&str> = found.map(|(name, _)| name.as_str()).collect();
        let lists = (3..70).step_by(7).map(|at| format!("A{at:02}"));
        let wanted: BTreeSet<String> = lists.chain((0..=30).map(|at| format!("B{at:02}"))).collect();
        assert_eq!(found, wanted.iter().map(String::as_str).collect());
    }
}
