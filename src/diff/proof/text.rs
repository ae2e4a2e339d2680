//! Texts: lengths, languages and formats.

use std::sync::Arc;

use serde_json::Value;

use super::goal::{Engine, Outcome};
use super::language::{Answer, Language, Wanted, shortest};
use super::state::State;

/// A text that the state allows.
pub(super) fn solve(engine: &mut Engine<'_>, state: &State) -> Outcome {
    let mut kept = Vec::new();
    let mut broken = Vec::new();
    let mut doubt: Option<Arc<str>> = None;
    for (format, keeps) in &state.formats {
        match Language::format(format) {
            Some(Ok(language)) if *keeps => kept.push(language.clone()),
            Some(Ok(language)) => broken.push((format, language.clone())),
            Some(Err(why)) if !*keeps => {
                doubt = Some(format!("the format `{format}`: {why}").into());
            }
            Some(Err(_)) => {}
            // An unknown format is an annotation, and nothing breaks it.
            None if !*keeps => return Outcome::Empty,
            None => {}
        }
    }
    let breaks = state.formats.iter().any(|(_, keeps)| !keeps);
    if breaks {
        // A format is a demand only where both sides make one, and not the same.
        let is_same =
            |format: &Arc<str>| state.formats.iter().any(|(other, keeps)| *keeps && other == format);
        if kept.is_empty() || broken.iter().any(|(format, _)| is_same(format)) {
            return Outcome::Empty;
        }
        if let Some(why) = doubt {
            return Outcome::Unknown(why);
        }
        let broken: Vec<Arc<Language>> = broken.into_iter().map(|(_, language)| language).collect();
        return find(engine, state, &kept, &broken);
    }
    if !kept.is_empty()
        && let found @ Outcome::Value(_) = find(engine, state, &kept, &[])
    {
        return found;
    }
    find(engine, state, &[], &[])
}

fn find(
    engine: &mut Engine<'_>,
    state: &State,
    within: &[Arc<Language>],
    outside: &[Arc<Language>],
) -> Outcome {
    let except: Vec<&str> = state.except.iter().filter_map(Value::as_str).collect();
    let within: Vec<Arc<Language>> = state.within.iter().chain(within).cloned().collect();
    let outside: Vec<Arc<Language>> = state.outside.iter().chain(outside).cloned().collect();
    let wanted =
        Wanted { within: &within, outside: &outside, min: state.least, max: state.most, except: &except };
    match shortest(&wanted, &mut engine.steps) {
        Answer::Word(word) => Outcome::Value(Arc::new(Value::String(word))),
        Answer::Empty => Outcome::Empty,
        Answer::Unknown(why) => Outcome::Unknown(why.into()),
    }
}
