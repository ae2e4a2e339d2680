//! Whether one schema's values are all values of another: proven, refuted by a value, or not decided.
//!
//! A is the sender's side, B the receiver's. The question is asked as a search: for a value of A that
//! is none of B. Finding it refutes, and the value is the witness; finding that there can be none
//! proves. So conjunctions of schemas, each asserted or denied, are the one thing that is ever
//! solved ([`goal`]); a keyword says what it demands, and what it means to break it ([`expand`]);
//! what is left when all choices are made is solved by type ([`number`], [`text`], [`array`],
//! [`object`]). A value has finite depth, so what asks for itself again cannot be had that way: that
//! is all that recursion needs.
//!
//! Every step is counted, and none looks at a clock: the same question has the same answer everywhere.
//!
//! Sources: Baazizi et al., "JSON Schema Inclusion through Refutational Normalization" (2026);
//! Attouche et al., "Witness Generation for JSON Schema" (2022); Amadio and Cardelli (1993) for
//! recursion.

mod accept;
mod array;
mod automaton;
mod ecma;
mod expand;
pub(crate) mod focus;
mod format;
mod goal;
pub(crate) mod language;
mod number;
mod object;
pub(crate) mod referee;
mod state;
#[cfg(test)]
mod tests;
mod text;
mod union;
mod vocabulary;
mod walk;
mod within;
mod worlds;

use std::sync::Arc;

use serde_json::Value;

use crate::spec::{Document, Limits, Problem, bare_schema};
use crate::threads;

pub(crate) use goal::{Engine, Outcome, Step};
use referee::Referee;

/// The answer to a question of containment.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Every value of the one is a value of the other.
    Proven,
    /// This value is one of the first and none of the second.
    Refuted(Arc<Value>),
    /// The reason why neither could be shown.
    Unknown(String),
}

/// Steps that one question may take.
pub const BUDGET: u64 = 400_000;

/// What is asked beside the schemas.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Terms {
    /// Objects hold only names that the sender declares, and names that nobody declares
    /// (the vocabulary rule).
    pub(crate) vocabulary: bool,
    /// Known formats are demands where both sides name one.
    pub(crate) formats: bool,
    /// `int32` and `int64` are ranges. Few validators check them, so no witness rests on it.
    pub(crate) ranges: bool,
    /// Members that are not sent in this direction are left out.
    pub(crate) view: Option<crate::spec::plain::View>,
}

/// Whether every value of schema `a` is one of schema `b`: two bare schemas of JSON Schema 2020-12.
///
/// # Errors
/// Where one of them is no JSON or YAML text, or asks for more than `limits`.
pub fn contains(a: &[u8], b: &[u8], limits: &Limits) -> Result<Verdict, (Which, Problem)> {
    let (a, first) = bare_schema(a, limits).map_err(|problem| (Which::First, problem))?;
    let (b, second) = bare_schema(b, limits).map_err(|problem| (Which::Second, problem))?;
    let ask = || Engine::new(&a, &b, Terms::default()).ask(first, second, BUDGET);
    let verdict = threads::deep(ask);
    let Verdict::Refuted(value) = verdict else { return Ok(verdict) };
    let judged = |document: &Document| Ok(Referee::bare(document)?.accepts(&value));
    Ok(match (judged(&a), judged(&b)) {
        (Ok(true), Ok(false)) => Verdict::Refuted(value),
        (Err(why), _) | (_, Err(why)) => Verdict::Unknown(why),
        _ => Verdict::Unknown(format!("the referee does not confirm {value}")),
    })
}

/// Which of two schemas is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one whose values are looked for.
    First,
    /// The one that should hold them.
    Second,
}
