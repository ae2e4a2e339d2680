//! The stable JSON, indented: the value itself, without any addition.

use super::{Answer, Colour, Format};

/// The format.
pub static FORMAT: Format = Format { name: "json", media_type: "application/json", write };

fn write(answer: &Answer<'_>, _: Colour) -> String {
    let text = match answer {
        Answer::Diff { diff, .. } => serde_json::to_string_pretty(diff),
        Answer::Lint { lint, .. } => serde_json::to_string_pretty(lint),
        Answer::Check { check, .. } => serde_json::to_string_pretty(check),
    };
    // Values with string keys alone cannot fail to be written.
    let mut text = text.expect("keys are strings");
    text.push('\n');
    text
}
