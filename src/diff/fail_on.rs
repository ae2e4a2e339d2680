//! From which change on a command fails: `--fail-on breaking|warning|security=SEVERITY|never`.
//!
//! What a policy of the registry demands is decided elsewhere; this is the caller's own threshold.

use std::fmt;
use std::str::FromStr;

use super::change::{Diff, Level};
use crate::lint::{Lint, Severity};

/// When a diff or a check counts as failed. Several conditions: the first that holds is enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailOn(Vec<Condition>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    Level(Level),
    Security(Severity),
}

/// The text is no list of conditions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no condition; there are breaking, warning, security=critical|high|medium|low|info and never, several by comma"
)]
pub struct BadFailOn(pub String);

impl FailOn {
    /// The condition of `diff` and `check` where nothing else is said.
    #[must_use]
    pub fn breaking() -> Self {
        Self(vec![Condition::Level(Level::Breaking)])
    }

    /// Nothing fails.
    #[must_use]
    pub const fn never() -> Self {
        Self(Vec::new())
    }

    /// Whether the diff has a change at or above one of the conditions.
    #[must_use]
    pub fn holds_for(&self, diff: &Diff) -> bool {
        self.0.iter().any(|condition| match condition {
            Condition::Level(level) => diff.changes.iter().any(|change| change.level <= *level),
            Condition::Security(severity) => diff.changes.iter().any(|change| {
                let facet = change.security.as_ref().filter(|_| change.weakens());
                facet.is_some_and(|facet| facet.severity >= *severity)
            }),
        })
    }

    /// Whether one document's own findings reach a condition: `breaking` means an error (severity
    /// high or above), `warning` anything above info, `security=…` that severity.
    #[must_use]
    pub fn holds_for_lint(&self, lint: &Lint) -> bool {
        let least = |condition: &Condition| match condition {
            Condition::Level(Level::Breaking) => Severity::High,
            Condition::Level(Level::Warning) => Severity::Low,
            Condition::Level(Level::Info) => Severity::Info,
            Condition::Security(severity) => *severity,
        };
        self.0.iter().any(|condition| {
            let least = least(condition);
            lint.findings.iter().any(|finding| finding.severity >= least)
        })
    }
}

impl FromStr for FailOn {
    type Err = BadFailOn;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "never" {
            return Ok(Self::never());
        }
        let condition = |word: &str| match word {
            "breaking" => Some(Condition::Level(Level::Breaking)),
            "warning" => Some(Condition::Level(Level::Warning)),
            word => {
                let severity = word.strip_prefix("security=")?.parse().ok()?;
                Some(Condition::Security(severity))
            }
        };
        text.split(',')
            .map(|word| condition(word.trim()))
            .collect::<Option<Vec<_>>>()
            .map(Self)
            .ok_or_else(|| BadFailOn(text.to_owned()))
    }
}

impl fmt::Display for FailOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("never");
        }
        for (i, condition) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            match condition {
                Condition::Level(level) => write!(f, "{level}")?,
                Condition::Security(severity) => write!(f, "security={severity}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_read_back() {
        for text in ["breaking", "warning", "never", "security=high", "breaking,security=low"] {
            assert_eq!(text.parse::<FailOn>().expect("listed").to_string(), text);
        }
        for text in ["", "error", "security", "security=grave", "never,breaking"] {
            assert!(text.parse::<FailOn>().is_err(), "{text}");
        }
    }
}
