//! Whether one schema holds all that another one does: the languages of strings so far.

mod automaton;
mod ecma;
mod format;
#[allow(dead_code, reason = "containment is to ask these questions")]
pub(crate) mod language;
mod walk;
