//! Which operation, parameter, header and callback of the older document is which of the newer.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::address::{Shift, below};
use crate::spec::model::{Api, Callback, Header, Location, MediaType, Operation, Parameter};
use crate::spec::schema::SchemaId;

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
    let before: HashMap<(&str, &str), &Operation> =
        old.iter().map(|operation| (old_key(operation), operation)).collect();
    let after: HashSet<(&str, &str)> = new.iter().map(new_key).collect();
    let paths: HashSet<&str> = after.iter().map(|(_, path)| *path).collect();
    let mut sides: Vec<Side<'a>> = new
        .iter()
        .map(|operation| Side {
            old: before.get(&new_key(operation)).copied(),
            new: Some(operation),
            path_gone: false,
            moved: None,
        })
        .collect();
    let fresh: HashMap<&str, &Operation> = sides
        .iter()
        .filter(|side| side.old.is_none())
        .filter_map(|side| side.new.and_then(|new| Some((new.id.as_deref()?, new))))
        .collect();
    let gone: Vec<&Operation> = old.iter().filter(|operation| !after.contains(&old_key(operation))).collect();
    let moved = |operation: &Operation| operation.id.as_deref().and_then(|id| fresh.get(id)).copied();
    // A path speaks for its operations when it is gone with all of them, unannounced and for good.
    let mut speaks: HashMap<&str, bool> = HashMap::new();
    for operation in &gone {
        let planned = operation.deprecated && operation.sunset.is_some();
        let alone =
            !paths.contains(below(&operation.key, &shift.old)) && !planned && moved(operation).is_none();
        *speaks.entry(&operation.key).or_insert(true) &= alone;
    }
    sides.extend(gone.iter().map(|operation| Side {
        old: Some(operation),
        new: None,
        path_gone: speaks.get(operation.key.as_str()) == Some(&true),
        moved: moved(operation),
    }));
    sides
}

fn key<'o>(operation: &'o Operation, prefix: &str) -> (&'o str, &'o str) {
    (&operation.method, below(&operation.key, prefix))
}

/// Pairs parameters by place and name, those of the path by their position in the template.
#[must_use]
pub fn parameters<'a>(
    old: &'a Operation,
    new: &'a Operation,
) -> Vec<(Option<&'a Parameter>, Option<&'a Parameter>)> {
    let renamed: HashMap<&str, &str> = variables(&new.path).into_iter().zip(variables(&old.path)).collect();
    let find = |parameter: &Parameter| {
        let name = match parameter.location {
            Location::Path => renamed.get(parameter.name.as_str()).copied().unwrap_or(&parameter.name),
            _ => &parameter.name,
        };
        old.parameter(parameter.location, name)
    };
    let mut pairs: Vec<(Option<&Parameter>, Option<&Parameter>)> =
        new.parameters.iter().map(|parameter| (find(parameter), Some(parameter))).collect();
    let lost: Vec<&Parameter> = old
        .parameters
        .iter()
        .filter(|parameter| {
            !pairs.iter().any(|(known, _)| known.is_some_and(|known| std::ptr::eq(known, *parameter)))
        })
        .collect();
    pairs.extend(lost.into_iter().map(|parameter| (Some(parameter), None)));
    pairs
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
pub fn renamed_schemes(old: &Api, new: &Api) -> HashMap<String, String> {
    let fresh = new.security_schemes.iter().filter(|scheme| old.security_scheme(&scheme.name).is_none());
    let same = |scheme: &crate::spec::model::SecurityScheme| {
        let lost = old.security_schemes.iter().filter(|known| new.security_scheme(&known.name).is_none());
        lost.into_iter().find(|known| known.kind == scheme.kind).map(|known| known.name.clone())
    };
    fresh.filter_map(|scheme| Some((scheme.name.clone(), same(scheme)?))).collect()
}

/// Every schema that a message can hold.
#[must_use]
pub fn reached(api: &Api) -> HashSet<SchemaId> {
    let mut queue: Vec<SchemaId> = Vec::new();
    let mut operations: Vec<&Operation> = api.operations.iter().chain(&api.webhooks).collect();
    while let Some(operation) = operations.pop() {
        operations.extend(operation.callbacks.iter().flat_map(|callback| &callback.operations));
        let of_media = |list: &[MediaType], queue: &mut Vec<SchemaId>| {
            queue.extend(list.iter().flat_map(|media| [media.schema, media.item_schema]).flatten());
        };
        for parameter in &operation.parameters {
            queue.extend(parameter.schema);
            of_media(&parameter.content, &mut queue);
        }
        if let Some(body) = &operation.body {
            of_media(&body.content, &mut queue);
        }
        for response in &operation.responses {
            of_media(&response.content, &mut queue);
            for header in &response.headers {
                queue.extend(header.schema);
                of_media(&header.content, &mut queue);
            }
        }
    }
    let mut reached = HashSet::new();
    while let Some(id) = queue.pop() {
        if reached.insert(id) {
            api.schemas.get(id).children(|child| queue.push(child));
        }
    }
    reached
}
