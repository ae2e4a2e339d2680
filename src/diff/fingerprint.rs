//! Fingerprints: what stays of a change when lines move, keys are reordered and names are free.
//!
//! `sdf1:` and the first 24 hex digits of SHA-256 over rule, direction, the pointer in terms of the
//! model, and the values before and after. The pointer begins with the operation or the component;
//! in it names of path parameters are erased, positions in lists are replaced by what stands there,
//! and the chapters of `OpenAPI` 2.0 have the names of 3.x.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::change::Direction;
use super::edit::Edit;
use super::pair::Scene;
use super::rules::{Check, Rule};
use super::value::{canonical, canonical_part};
use crate::spec::Document;
use crate::spec::tree::{Kind, NodeId};

/// Writes fingerprints of one comparison, in several threads.
pub(super) struct Fingerprints<'s> {
    old: Namer<'s>,
    new: Namer<'s>,
}

impl<'s> Fingerprints<'s> {
    pub(super) fn new(scene: &Scene<'s>) -> Self {
        Self { old: Namer::new(scene.old), new: Namer::new(scene.new) }
    }

    /// The fingerprint of what a rule saw, at these pointers in the older and newer document.
    pub(super) fn of(
        &self,
        rule: &Rule,
        direction: Option<Direction>,
        edit: &Edit,
        [old, new]: [Option<&str>; 2],
    ) -> String {
        let old = edit.old.zip(old).map(|(node, pointer)| self.old.named(node, pointer)).unwrap_or_default();
        let new = edit.new.zip(new).map(|(node, pointer)| self.new.named(node, pointer)).unwrap_or_default();
        let depth = |pointer: &str| pointer.split('/').count();
        // The side that says more of the place speaks for it; the older one where both do, since it stays
        // as it is while the newer document is still being written.
        let pointer = if depth(&new) > depth(&old) { new } else { old };
        // Operations are named by their template; where its names are free, they do not count.
        let is_named =
            matches!(rule.check, Check::Operation(_) | Check::Path(_)) && rule.id != "path-parameter-renamed";
        let spelled = |value: &Value| match value {
            Value::String(text) if is_named => canonical(&Value::from(erased(text))),
            value => canonical(value),
        };
        let direction = direction.map_or("", Direction::as_str);
        digest(&[rule.id, direction, &pointer, &spelled(&edit.before), &spelled(&edit.after)])
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
    Namer::new(document).named(node, &document.pointer(node))
}

/// Writes pointers in terms of the model, and remembers what entries of lists are called: some take long to name.
struct Namer<'d> {
    document: &'d Document,
    called: Mutex<FxHashMap<NodeId, Arc<OnceLock<String>>>>,
}

impl<'d> Namer<'d> {
    fn new(document: &'d Document) -> Self {
        Self { document, called: Mutex::default() }
    }

    /// What an entry of a list in a path is called.
    fn called(&self, item: NodeId, template: &str) -> String {
        let called =
            self.called.lock().unwrap_or_else(PoisonError::into_inner).entry(item).or_default().clone();
        called.get_or_init(|| identity(self.document, item, template)).clone()
    }

    /// The pointer of a node, which the document calls `pointer`, in terms of the model.
    fn named(&self, node: NodeId, pointer: &str) -> String {
        let document = self.document;
        let mut out = String::with_capacity(pointer.len());
        let (mut parent, mut template) = ("", "");
        let mut passed: Option<Vec<NodeId>> = None;
        for (depth, segment) in pointer.split('/').skip(1).enumerate() {
            let named: Cow<'_, str> = match (depth, parent, segment) {
                (0, _, "definitions") => "components/schemas".into(),
                (0, _, "parameters" | "responses") => format!("components/{segment}").into(),
                (0, _, "securityDefinitions") => "components/securitySchemes".into(),
                (0, _, "host" | "basePath" | "schemes") => "servers".into(),
                (1, "paths", path) => {
                    template = path;
                    erased(path).into()
                }
                (
                    _,
                    "parameters" | "servers" | "tags" | "oneOf" | "anyOf" | "allOf" | "security" | "enum"
                    | "required",
                    at,
                ) if at.bytes().all(|byte| byte.is_ascii_digit()) => {
                    let passed = passed.get_or_insert_with(|| document.passed(node).collect());
                    let here = passed.get(depth).copied().unwrap_or(node);
                    self.called(here, template).into()
                }
                _ => segment.into(),
            };
            out.push('/');
            out.push_str(&named);
            parent = segment;
        }
        out
    }
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
fn identity(document: &Document, item: NodeId, template: &str) -> String {
    let tree = document.tree();
    let text = |key: &str| tree.get(item, key).and_then(|node| tree.text(node));
    if let Some(target) = text("$ref") {
        return target.rsplit('/').next().unwrap_or(target).to_owned();
    }
    if let (Some(place), Some(name)) = (text("in"), text("name")) {
        if place == "path"
            && let Some(at) = variables(template).position(|variable| variable == name)
        {
            return format!("path:{at}");
        }
        return format!("{place}:{name}");
    }
    if let Some(name) = text("url").or(text("name")).or(text("title")) {
        return name.to_owned();
    }
    if let Some(text) = tree.text(item) {
        return text.to_owned();
    }
    let members = tree.entries(item);
    if !members.is_empty() && members.iter().all(|member| tree.kind(member.node) == Kind::Array) {
        let mut names: Vec<&str> = members.iter().map(|member| tree.key(member.key)).collect();
        names.sort_unstable();
        return names.join("+");
    }
    // A branch without a name is what it demands.
    digest(&[&canonical_part(document, item, demands)])
}

/// The variables of a template in its order. The template is a segment of a pointer, whose `~` and
/// `/` are escaped; no variable holds either.
fn variables(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

/// Whether a member of a schema demands something; a property may have the name of a keyword that does not.
fn demands(key: &str, kind: Kind) -> bool {
    const PROSE: [&str; 5] = ["description", "summary", "example", "examples", "externalDocs"];
    !PROSE.contains(&key) || kind == Kind::Object
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use serde_json::{Map, json};

    use super::*;
    use crate::diff::{Options, compare};
    use crate::spec::{Limits, Syntax, load};

    #[test]
    fn digests_have_their_form_and_keep_parts_apart() {
        let digest_of = |parts: &[&str]| digest(parts);
        let one = digest_of(&["a", "bc"]);
        assert!(one.starts_with("sdf1:") && one.len() == 29);
        assert_ne!(one, digest_of(&["ab", "c"]));
        // Waivers are kept by it, so it never changes: SHA-256 over lengths (64 bits, big-endian) and texts.
        assert_eq!(digest_of(&["rule", "request"]), "sdf1:33ab7ad40d9daec2e429a201");
    }

    #[test]
    fn names_in_templates_are_erased() {
        assert_eq!(erased("~1pets~1{id}~1toys~1{toy}.json"), "~1pets~1{}~1toys~1{}.json");
        assert_eq!(erased("GET /pets/{id}"), "GET /pets/{}");
        assert_eq!(variables("~1pets~1{id}~1toys~1{toy}.json").collect::<Vec<_>>(), ["id", "toy"]);
    }

    #[test]
    fn entries_of_lists_are_named_by_what_they_are() {
        let path = "~1pets~1{id}~1toys~1{toy}";
        let name = |item: Value| {
            let document = json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, "x-item": item});
            let document = load(document.to_string().as_bytes(), &Limits::default()).expect("a document");
            let item = document.locate("/x-item").expect("it is there");
            identity(&document, item, path)
        };
        assert_eq!(name(json!({"in": "path", "name": "toy"})), "path:1");
        assert_eq!(name(json!({"in": "query", "name": "toy"})), "query:toy");
        assert_eq!(name(json!({"$ref": "#/components/schemas/Pet"})), "Pet");
        assert_eq!(name(json!({"b": [], "a": ["x"]})), "a+b");
        assert_eq!(name(json!("word")), "word");
        let branch = json!({"type": "object", "properties": {"description": {"type": "string"}}});
        let told = json!({"properties": {"description": {"type": "string", "description": "words"}}, "type": "object"});
        assert_eq!(name(branch.clone()), name(told), "prose and order do not count");
        assert_ne!(name(branch), name(json!({"type": "object"})));
        assert_ne!(name(json!({})), name(json!({"type": "object"})));
    }

    /// A document with bounds in every kind of place; each number is one of the bounds.
    fn document(bounds: &[u64; 9], extra: bool) -> Value {
        let [query, path, own, body, branch, inner, response, header, shared] = bounds;
        let mut document = json!({
            "openapi": "3.1.0",
            "info": {"title": "Pets", "version": "1"},
            "paths": {
                "/pets/{pet}/toys/{toy}": {
                    "parameters": [
                        {"name": "toy", "in": "path", "required": true, "schema": {"type": "string"}},
                        {"name": "pet", "in": "path", "required": true, "schema": {"type": "string", "maxLength": path}},
                    ],
                    "put": {
                        "operationId": "putToy",
                        "tags": ["toys", "pets"],
                        "parameters": [
                            {"name": "limit", "in": "query", "schema": {"type": "string", "maxLength": query}},
                            {"name": "X-Own", "in": "header", "schema": {"type": "string", "maxLength": own}},
                        ],
                        "requestBody": {"content": {"application/json": {"schema": {
                            "type": "object",
                            "required": ["name", "kind"],
                            "properties": {
                                "name": {"type": "string", "maxLength": body},
                                "kind": {"oneOf": [
                                    {"type": "string", "maxLength": branch},
                                    {"type": "object", "properties": {"n": {"type": "string", "maxLength": inner}}},
                                    {"$ref": "#/components/schemas/Shared"},
                                ]},
                            },
                        }}}},
                        "responses": {"200": {
                            "description": "ok",
                            "headers": {"X-Left": {"schema": {"type": "string", "maxLength": header}}},
                            "content": {"application/json": {"schema": {
                                "type": "object", "properties": {"m": {"type": "string", "maxLength": response}},
                            }}},
                        }},
                    },
                },
            },
            "components": {"schemas": {"Shared": {"type": "array", "maxItems": shared}}},
        });
        if extra {
            document["paths"]["/pets/{pet}/toys/{toy}"]["delete"] =
                json!({"responses": {"204": {"description": "gone"}}});
        }
        document
    }

    /// The same contract in another order: members of objects, and lists whose order says nothing.
    fn reordered(value: &Value, turn: &mut impl FnMut(usize) -> usize) -> Value {
        match value {
            Value::Object(members) => {
                let mut members: Vec<(String, Value)> = members
                    .iter()
                    .map(|(key, value)| {
                        let free = ["parameters", "required", "oneOf"].contains(&key.as_str());
                        let value = match reordered(value, turn) {
                            Value::Array(mut items) if free => {
                                shuffle(&mut items, turn);
                                Value::Array(items)
                            }
                            other => other,
                        };
                        (key.clone(), value)
                    })
                    .collect();
                shuffle(&mut members, turn);
                Value::Object(members.into_iter().collect::<Map<_, _>>())
            }
            Value::Array(items) => items.iter().map(|item| reordered(item, turn)).collect(),
            other => other.clone(),
        }
    }

    fn shuffle<T>(items: &mut [T], turn: &mut impl FnMut(usize) -> usize) {
        for at in (1..items.len()).rev() {
            items.swap(at, turn(at + 1));
        }
    }

    fn fingerprints(old: &str, new: &str) -> BTreeSet<String> {
        let read = |text: &str| load(text.as_bytes(), &Limits::default()).expect("a document");
        let options = Options::at("2026-06-30T12:00:00Z".parse().expect("an instant"));
        let diff = compare(&read(old), &read(new), &options);
        let kept = diff.changes.iter().filter(|change| change.rule != "path-parameter-renamed");
        kept.map(|change| format!("{} {}", change.fingerprint, change.rule)).collect()
    }

    fn renamed(text: &str) -> String {
        text.replace("{pet}", "{animal}")
            .replace("\"name\":\"pet\"", "\"name\":\"animal\"")
            .replace("{toy}", "{pet}")
            .replace("\"name\":\"toy\"", "\"name\":\"pet\"")
    }

    const OLD: [u64; 9] = [10, 20, 30, 40, 50, 60, 70, 80, 90];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn another_order_layout_syntax_or_variable_name_leaves_them_alone(
            moved in proptest::array::uniform9(0u64..3),
            seeds in (any::<u64>(), any::<u64>()),
            layout in 0usize..3,
            rename in (any::<bool>(), any::<bool>()),
            removes in any::<bool>(),
        ) {
            let mut new = OLD;
            for (bound, step) in new.iter_mut().zip(moved) {
                *bound -= step;
            }
            let (old, new) = (document(&OLD, removes), document(&new, false));
            let plain = fingerprints(&old.to_string(), &new.to_string());
            let twin = |document: &Value, seed: u64, rename: bool| {
                // A small generator: the order matters to nobody but this test.
                let mut state = seed | 1;
                let mut turn = |below: usize| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    usize::try_from(state >> 33).unwrap_or(0) % below
                };
                let text = reordered(document, &mut turn).to_string();
                let text = if rename { renamed(&text) } else { text };
                match layout {
                    0 => text,
                    1 => serde_json::to_string_pretty(&serde_json::from_str::<Value>(&text).expect("JSON")).expect("JSON"),
                    _ => load(text.as_bytes(), &Limits::default()).expect("a document").print(Syntax::Yaml),
                }
            };
            let other = fingerprints(&twin(&old, seeds.0, rename.0), &twin(&new, seeds.1, rename.1));
            prop_assert_eq!(&plain, &other);
            let told = moved.iter().filter(|step| **step > 0).count() + usize::from(removes);
            prop_assert!(plain.len() >= told, "{} of {told}", plain.len());
        }

        #[test]
        fn another_break_at_the_same_place_is_another_fingerprint(
            at in 0usize..9, one in 1u64..5, other in 1u64..5,
        ) {
            let step = |by: u64| {
                let mut new = OLD;
                new[at] -= by;
                fingerprints(&document(&OLD, false).to_string(), &document(&new, false).to_string())
            };
            let (a, b) = (step(one), step(other));
            prop_assert!(!a.is_empty());
            prop_assert_eq!(a == b, one == other);
            prop_assert!(one == other || a.is_disjoint(&b));
        }
    }
}
