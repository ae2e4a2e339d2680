//! `contains`: whether every value of one schema is a value of another.

use clap::{Args, ValueEnum};
use serde_json::json;

use super::bounds::Bounds;
use super::client::Remote;
use super::{Done, Failure, answer, input};
use crate::diff::proof::{Verdict, Which, contains as ask};

#[derive(Args)]
#[command(
    after_help = "Both are schemas of JSON Schema 2020-12, as JSON or YAML. The answer needs no clock and\n\
    no network: the same schemas have the same answer everywhere.\n\n\
    Exit codes: 0 every value of A is a value of B, 1 not, and the value printed is one that\n\
    A accepts and B refuses, 2 wrong usage, 3 unreadable, 6 not decided, with the reason.\n\n\
    Examples:\n  sundial contains old.json new.json\n  \
    sundial contains old.json new.json --format json | jq .witness"
)]
pub(super) struct ContainsArgs {
    /// The schema whose values are looked for: a file, `-`, git:REV:PATH.
    a: String,
    /// The schema that should accept them all.
    b: String,
    /// How to answer.
    #[arg(long, default_value = "text")]
    format: Written,
    #[command(flatten)]
    remote: Remote,
    #[command(flatten)]
    bounds: Bounds,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Written {
    Text,
    Json,
}

pub(super) fn contains(args: &ContainsArgs) -> Done {
    let limits = args.bounds.limits();
    let a = input::fetch(&args.a, &args.remote, limits.bytes)?;
    let b = input::fetch(&args.b, &args.remote, limits.bytes)?;
    let verdict = ask(&a.bytes, &b.bytes, &limits).map_err(|(which, problem)| {
        input::unreadable(if which == Which::First { &a.name } else { &b.name }, &problem)
    })?;
    let (word, witness, reason, done) = match verdict {
        Verdict::Proven => ("contained", None, None, Ok(())),
        Verdict::Refuted(value) => ("refuted", Some(value), None, Err(Failure::Findings(String::new()))),
        Verdict::Unknown(why) => ("undecided", None, Some(why), Err(Failure::Undecided(String::new()))),
    };
    let text = match (args.format, &witness, &reason) {
        (Written::Json, ..) => {
            json!({"verdict": word, "witness": witness.as_deref(), "reason": reason}).to_string()
        }
        (Written::Text, Some(value), _) => value.to_string(),
        (Written::Text, None, Some(why)) => format!("not decided: {why}"),
        (Written::Text, None, None) => word.to_owned(),
    };
    answer(text.as_bytes())?;
    done
}
