//! What is wrong in a document in the terms of its specification.
//!
//! The official JSON Schema of the version ([`official`]); the rules that it cannot say, of paths
//! and security ([`structure`]), of names that must meet ([`names`]), of what stands twice
//! ([`repeats`]), of what nothing uses ([`unused`]) or has no effect ([`effects`]); values against their own schemas
//! ([`examples`]); and for 3.0 the typed reader that generators of the Rust ecosystem stand on
//! ([`typed`]). What is insecure or unwise is not asked here.

pub mod examples;

mod effects;
mod fits;
mod names;
mod official;
mod patterns;
mod repeats;
mod structure;
mod typed;
mod unused;

use super::tree::{NodeId, Tree};
use super::{Dialect, Document, Fault, Severity};

/// At most so many faults are told of one document; the rest would only be more of the same.
const MOST: usize = 500;

/// Faults that say what was not read or judged.
const BOUNDS: [&str; 4] = ["too-many-references", "model-too-large", "too-heavy-to-judge", "judge-failed"];

/// Values times their depth that are judged at most. Both judges copy what they try alternatives
/// on, at each level anew, so that this is what their time and memory grow with. The largest public
/// document has 18 million.
const HEAVIEST: usize = 32_000_000;

/// Stack of the thread that judges: 200 levels took less than 16 MiB without optimisation.
const STACK: usize = 64 << 20;

/// Judges a document: what reading it found, what its official JSON Schema says, and what that
/// schema cannot say. In the order of the document, each cause once.
#[must_use]
pub fn validate(document: &Document) -> Vec<Fault> {
    let mut faults = document.faults().to_vec();
    faults.extend(structure::judge(document));
    faults.extend(names::judge(document));
    faults.extend(repeats::judge(document));
    faults.extend(unused::judge(document));
    faults.extend(effects::judge(document));
    faults.extend(on_a_large_stack(|| values(document), "values could not be judged"));
    faults.extend(borrowed_judges(document));
    let said = |a: &Fault, b: &Fault| {
        (a.node, a.rule).cmp(&(b.node, b.rule)).then_with(|| a.message.cmp(&b.message))
    };
    // Two judges may see the same, and the heavier word stands.
    faults.sort_by(|a, b| said(a, b).then(b.severity.cmp(&a.severity)));
    faults.dedup_by(|a, b| said(a, b).is_eq());
    if faults.len() > MOST {
        // What is told must not depend on how much lighter things stand before it, and that something
        // was left out must be told before all else.
        let is_bound = |fault: &Fault| BOUNDS.contains(&fault.rule);
        faults.sort_by_key(|fault| std::cmp::Reverse((is_bound(fault), fault.severity)));
        faults.truncate(MOST);
        faults.sort_by(said);
    }
    faults
}

/// Whether the document declares a security scheme of this name, be it readable or not. From 3.2
/// on a requirement may also name one by reference.
#[must_use]
pub fn declares_scheme(document: &Document, name: &str) -> bool {
    structure::declares_scheme(document, name)
}

/// Examples, defaults and patterns.
fn values(document: &Document) -> Vec<Fault> {
    let mut walk = fits::Walk::new(document);
    let mut faults = patterns::judge(document, &mut walk.patterns);
    faults.extend(examples::judge(document, &mut walk));
    faults
}

/// The judges that are not ours.
fn borrowed_judges(document: &Document) -> Vec<Fault> {
    if weight(document.tree()) > HEAVIEST {
        return vec![Fault {
            rule: "too-heavy-to-judge",
            severity: Severity::Warning,
            message: "the document is too large and too deep to be judged by the official schema".into(),
            node: NodeId::ROOT,
            help: "Flatten or split it.",
        }];
    }
    let judge = || {
        let value = document.value(NodeId::ROOT);
        let mut faults = official::judge(document, &value);
        if document.dialect() == Dialect::V30 {
            faults.extend(typed::judge(document));
        }
        faults
    };
    on_a_large_stack(judge, "the official schema could not be applied to the document")
}

/// Judges that recurse over the document, several frames of stack a level, which a thread of a
/// server has no room for; and a panic of theirs must not become ours.
fn on_a_large_stack(judge: impl FnOnce() -> Vec<Fault> + Send, failed: &str) -> Vec<Fault> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("judge".into()).stack_size(STACK);
        thread.spawn_scoped(scope, judge).ok().and_then(|judging| judging.join().ok())
    })
    .unwrap_or_else(|| {
        vec![Fault {
            rule: "judge-failed",
            severity: Severity::Warning,
            message: failed.into(),
            node: NodeId::ROOT,
            help: "This is a fault of Sundial: please report it with the document.",
        }]
    })
}

/// The sum of the depths of all values.
fn weight(tree: &Tree) -> usize {
    let mut weight = 0;
    let mut todo = vec![(NodeId::ROOT, 1)];
    while let Some((node, depth)) = todo.pop() {
        weight += depth;
        todo.extend(tree.items(node).iter().map(|item| (*item, depth + 1)));
        todo.extend(tree.entries(node).iter().map(|entry| (entry.node, depth + 1)));
    }
    weight
}
