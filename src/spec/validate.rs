//! What is wrong in a document in the terms of its specification.

use super::{Document, Fault};

/// Judges a document by the official JSON Schema of its version and by the rules that it cannot say.
#[must_use]
pub fn validate(document: &Document) -> Vec<Fault> {
    document.faults().to_vec()
}
