//! The engine under test behind one door.

use serde_json::Value;
use sundial::diff::proof;
use sundial::spec::Limits;

pub use sundial::diff::proof::Verdict;

/// Whether each value of `a` is one of `b`.
pub fn contains(a: &Value, b: &Value) -> Verdict {
    proof::contains(a.to_string().as_bytes(), b.to_string().as_bytes(), &Limits::default())
        .unwrap_or_else(|(which, problem)| Verdict::Unknown(format!("{which:?}: {problem}")))
}

/// Whether a question was left open because its witness was none: a fault of the engine, though not a lie.
pub fn is_refused(reason: &str) -> bool {
    reason.starts_with("the referee does not confirm")
}
