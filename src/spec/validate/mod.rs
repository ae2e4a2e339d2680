//! What is wrong in a document in the terms of its specification.
//!
//! Three judges: the official JSON Schema of the version ([`official`]), the rules that it cannot
//! say ([`structure`]), and for 3.0 the typed reader that generators of the Rust ecosystem stand
//! on ([`typed`]). What is insecure or unwise is not asked here.

mod official;
mod structure;
mod typed;

use super::tree::{NodeId, Tree};
use super::{Dialect, Document, Fault, Severity};

/// At most so many faults are told of one document; the rest would only be more of the same.
const MOST: usize = 500;

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
    faults.extend(borrowed_judges(document));
    faults.sort_by(|a, b| (a.node, a.rule, &a.message).cmp(&(b.node, b.rule, &b.message)));
    faults.dedup();
    faults.truncate(MOST);
    faults
}

/// The judges that are not ours. They recurse over the document, several frames of stack a level,
/// which a thread of a server has no room for; and a panic of theirs must not become ours.
fn borrowed_judges(document: &Document) -> Vec<Fault> {
    let unjudged = |rule, message: &str, help| {
        vec![Fault { rule, severity: Severity::Warning, message: message.into(), node: NodeId::ROOT, help }]
    };
    if weight(document.tree()) > HEAVIEST {
        let message = "the document is too large and too deep to be judged by the official schema";
        return unjudged("too-heavy-to-judge", message, "Flatten or split it.");
    }
    let judge = || {
        let value = document.value(NodeId::ROOT);
        let mut faults = official::judge(document, &value);
        if document.dialect() == Dialect::V30 {
            faults.extend(typed::judge(document));
        }
        faults
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("judge".into()).stack_size(STACK);
        thread.spawn_scoped(scope, judge).ok().and_then(|judging| judging.join().ok())
    })
    .unwrap_or_else(|| {
        let message = "the official schema could not be applied to the document";
        unjudged("judge-failed", message, "This is a fault of Sundial: please report it with the document.")
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
