//! `x-stability-level`: how much an operation promises to stay as it is.
//!
//! What a policy demands of each level is decided elsewhere.

use super::edit::Edit;
use super::pair::{OperationView, Pair};

/// The levels by how much they promise; nothing said is a full promise.
const LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];

/// How much the level promises; none for a word that is no level.
#[must_use]
pub fn rank(level: Option<&str>) -> Option<usize> {
    let level = level.unwrap_or("stable");
    LEVELS.iter().position(|known| *known == level)
}

/// Whether callers were told to expect any change.
#[must_use]
pub fn promises_nothing(level: Option<&str>) -> bool {
    rank(level).is_some_and(|rank| rank < 2)
}

/// The edit of an operation whose level moved as wanted.
#[must_use]
pub fn edit(at: &Pair<'_, OperationView<'_>>, is_wanted: impl Fn(usize, usize) -> bool) -> Option<Edit> {
    let (old, new) = at.both()?;
    let (before, after) = (old.operation.stability.as_deref(), new.operation.stability.as_deref());
    rank(before).zip(rank(after)).filter(|(before, after)| is_wanted(*before, *after))?;
    let word = |level: Option<&str>| level.unwrap_or("stable").to_owned();
    Some(
        Edit::new(format!("`{}` is {} now, it was {}", at.name, word(after), word(before)))
            .places(old.operation.node, new.operation.node)
            .values(word(before), word(after)),
    )
}
