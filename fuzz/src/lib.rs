//! What all fuzz targets ask of a document that was read.

use sundial::spec::tree::NodeId;
use sundial::spec::{Document, Limits, load};

pub mod structure;

/// Small bounds, so that a run is short and each bound is met.
pub fn limits() -> Limits {
    Limits { bytes: 1 << 16, nodes: 20_000, depth: 64, alias_nodes: 5_000, ..Limits::default() }
}

/// Pointers lead to their nodes, places lie within the text, and the model is the same each time.
pub fn check(document: &Document) {
    let lines = document.bytes().iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
    let mut todo = vec![NodeId::ROOT];
    while let Some(node) = todo.pop() {
        let place = document.place(node);
        assert_eq!(document.locate(&place.pointer), Some(node), "{}", place.pointer);
        assert!((1..=lines).contains(&place.line) && place.column > 0, "{place:?}");
        todo.extend(document.tree().items(node));
        todo.extend(document.tree().members(node).map(|(_, child)| child));
    }
    let again = load(document.bytes(), &limits()).expect("it was read before");
    assert_eq!(document.api().hash, again.api().hash);
    assert_eq!(document.faults().len(), again.faults().len());
}
