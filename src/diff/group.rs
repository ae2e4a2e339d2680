//! One cause, one change: edits at the same places are one draft with all operations they reach.
//!
//! Fingerprints are made here too, from pointers in terms of the model: names of path parameters
//! erased, list positions replaced by what stands there, the chapters of `OpenAPI` 2.0 renamed.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::change::{Change, Direction, Level, OperationName, SecurityFacet};
use super::edit::Edit;
use super::pair::Scene;
use super::policy::Judged;
use super::rules::Rule;
use super::value::canonical;
use crate::spec::Document;
use crate::spec::tree::NodeId;

/// What makes two edits the same.
type Key = (&'static str, Option<Direction>, Option<NodeId>, Option<NodeId>, String);

struct Draft {
    rule: &'static Rule,
    direction: Option<Direction>,
    edit: Edit,
    security: Option<SecurityFacet>,
    operations: BTreeSet<u32>,
}

/// Everything found so far.
pub struct Gathering<'a> {
    scene: &'a Scene<'a>,
    drafts: Vec<Draft>,
    index: HashMap<Key, usize>,
    names: Vec<OperationName>,
    numbers: HashMap<OperationName, u32>,
    /// Operations that the older document does not promise to keep (draft and alpha).
    unpromised: BTreeSet<u32>,
}

impl<'a> Gathering<'a> {
    pub(super) fn new(scene: &'a Scene<'a>) -> Self {
        Self {
            scene,
            drafts: Vec::new(),
            index: HashMap::new(),
            names: Vec::new(),
            numbers: HashMap::new(),
            unpromised: BTreeSet::new(),
        }
    }

    /// Whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.drafts.is_empty()
    }

    /// The number of an operation, in the order in which they are asked for.
    pub(super) fn operation(&mut self, name: OperationName) -> u32 {
        if let Some(number) = self.numbers.get(&name) {
            return *number;
        }
        // Operations are fewer than the nodes of a document, which are counted in 32 bits.
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.clone());
        self.numbers.insert(name, number);
        number
    }

    /// Notes that the operation was not promised to stay as it is.
    pub(super) fn promise_nothing(&mut self, operation: u32) {
        self.unpromised.insert(operation);
    }

    /// The level, at most info where all operations reached are ones that nobody promised to keep.
    fn capped(&self, level: Level, draft: &Draft) -> Level {
        let is_unpromised = !draft.operations.is_empty() && draft.operations.is_subset(&self.unpromised);
        if is_unpromised { Level::Info } else { level }
    }

    /// Notes an edit, or finds the draft that it belongs to.
    pub(super) fn record(&mut self, rule: &'static Rule, direction: Option<Direction>, edit: Edit) -> usize {
        let values = format!("{} {}", canonical(&edit.before), canonical(&edit.after));
        let key = (rule.id, direction, edit.old, edit.new, values);
        let security = edit.facet.map(SecurityFacet::from);
        if let Some(&at) = self.index.get(&key) {
            // One cause can weigh more at one operation than at another; the heaviest counts.
            let known = &mut self.drafts[at];
            if security.as_ref().map(|facet| facet.severity)
                > known.security.as_ref().map(|facet| facet.severity)
            {
                known.security = security;
            }
            return at;
        }
        let at = self.drafts.len();
        self.drafts.push(Draft { rule, direction, edit, security, operations: BTreeSet::new() });
        self.index.insert(key, at);
        at
    }

    /// Notes that the drafts reach an operation.
    pub(super) fn reach(&mut self, drafts: &[usize], operation: u32) {
        for at in drafts {
            self.drafts[*at].operations.insert(operation);
        }
    }

    /// The changes: the worst first, then in the order of the newer document.
    #[must_use]
    pub fn changes(self) -> Vec<Change> {
        let mut order: Vec<(Level, Option<NodeId>, Option<NodeId>, usize)> = Vec::new();
        for (at, draft) in self.drafts.iter().enumerate() {
            let level = draft.edit.level.unwrap_or_else(|| draft.rule.level.at(draft.direction));
            let level = self.capped(level, draft);
            let judged = self.scene.options.policy.judged(draft.rule.id, draft.direction);
            let Some(level) = judged.map_or(Some(level), Judged::level) else {
                continue;
            };
            order.push((level, draft.edit.new, draft.edit.old, at));
        }
        order.sort_unstable();
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut changes = Vec::with_capacity(order.len());
        for (level, _, _, at) in order {
            let mut change = self.change(&self.drafts[at], level);
            let twin = seen.entry(change.fingerprint.clone()).or_default();
            *twin += 1;
            if *twin > 1 {
                // Two causes that the model cannot tell apart are told apart by their order.
                change.fingerprint = digest(&[&change.fingerprint, &twin.to_string()]);
            }
            changes.push(change);
        }
        changes
    }

    fn change(&self, draft: &Draft, level: Level) -> Change {
        let Scene { old, new, .. } = self.scene;
        let edit = &draft.edit;
        let pointer = match (edit.new, edit.old) {
            (Some(node), _) => model_pointer(new, node),
            (None, Some(node)) => model_pointer(old, node),
            (None, None) => String::new(),
        };
        let names = draft.operations.iter().map(|at| self.names[*at as usize].clone());
        let operations: Vec<OperationName> = names.collect();
        let direction = draft.direction.map_or("", Direction::as_str);
        let fingerprint =
            digest(&[draft.rule.id, direction, &pointer, &canonical(&edit.before), &canonical(&edit.after)]);
        Change {
            rule: draft.rule.id.into(),
            level,
            surface: edit.surface.unwrap_or(draft.rule.surface),
            security: draft.security.clone(),
            message: spoken(&edit.message, &operations),
            operations,
            direction: draft.direction,
            old: edit.old.map(|node| old.place(node)),
            new: edit.new.map(|node| new.place(node)),
            before: edit.before.clone(),
            after: edit.after.clone(),
            witness: None,
            undecided: edit.undecided.clone(),
            fingerprint,
        }
    }
}

/// A sentence about one operation that holds for several says so.
#[must_use]
pub fn spoken(message: &str, operations: &[OperationName]) -> String {
    let others = operations.len().saturating_sub(1);
    let subject = message.strip_prefix('`').and_then(|rest| rest.split_once('`'));
    match subject {
        Some((name, rest))
            if others > 0 && operations.iter().any(|operation| operation.to_string() == name) =>
        {
            format!("`{name}` (and {others} more){rest}")
        }
        _ => message.to_owned(),
    }
}

/// `sdf1:` and the first 24 hex digits of SHA-256 over the parts.
#[must_use]
pub fn digest(parts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        // The length goes first, so that no two lists of parts read the same.
        sha.update(part.len().to_be_bytes());
        sha.update(part.as_bytes());
    }
    format!("sdf1:{}", hex::encode(&sha.finalize()[..12]))
}

/// The pointer of a node in terms of the model.
#[must_use]
pub fn model_pointer(document: &Document, node: NodeId) -> String {
    let pointer = document.pointer(node);
    let mut out = String::with_capacity(pointer.len());
    let mut read = String::with_capacity(pointer.len());
    let mut parent = String::new();
    for (depth, segment) in pointer.split('/').skip(1).enumerate() {
        read.push('/');
        read.push_str(segment);
        let named = match (depth, parent.as_str(), segment) {
            (0, _, "definitions") => "components/schemas".to_owned(),
            (0, _, "parameters" | "responses") => format!("components/{segment}"),
            (0, _, "securityDefinitions") => "components/securitySchemes".to_owned(),
            (0, _, "host" | "basePath" | "schemes") => "servers".to_owned(),
            (1, "paths", template) => erased(template),
            (
                _,
                "parameters" | "servers" | "tags" | "oneOf" | "anyOf" | "allOf" | "security" | "enum"
                | "required",
                at,
            ) if at.bytes().all(|byte| byte.is_ascii_digit()) => document
                .locate(&read)
                .map_or_else(|| at.to_owned(), |item| identity(&document.value(item), at)),
            _ => segment.to_owned(),
        };
        out.push('/');
        out.push_str(&named);
        segment.clone_into(&mut parent);
    }
    out
}

/// The template with names erased: `/pets/{id}` is `/pets/{}`.
fn erased(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let mut inside = false;
    for letter in template.chars() {
        if !inside || letter == '}' {
            out.push(letter);
        }
        inside = letter == '{' || inside && letter != '}';
    }
    out
}

/// What an entry of a list is called, whatever its position.
fn identity(item: &Value, at: &str) -> String {
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    if let Some(target) = text("$ref") {
        return target.rsplit('/').next().unwrap_or(target).to_owned();
    }
    if let (Some(place), Some(name)) = (text("in"), text("name")) {
        return format!("{place}:{name}");
    }
    if let Some(name) = text("url").or(text("name")).or(text("title")) {
        return name.to_owned();
    }
    match item {
        Value::String(text) => text.clone(),
        Value::Object(members) if members.values().all(Value::is_array) => {
            let mut names: Vec<&str> = members.keys().map(String::as_str).collect();
            names.sort_unstable();
            names.join("+")
        }
        _ => at.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_have_their_form_and_keep_parts_apart() {
        let digest_of = |parts: &[&str]| digest(parts);
        let one = digest_of(&["a", "bc"]);
        assert!(one.starts_with("sdf1:") && one.len() == 29);
        assert_ne!(one, digest_of(&["ab", "c"]));
    }

    #[test]
    fn names_in_templates_are_erased() {
        assert_eq!(erased("~1pets~1{id}~1toys~1{toy}.json"), "~1pets~1{}~1toys~1{}.json");
    }
}
