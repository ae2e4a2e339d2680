//! What is wrong in one document: its faults and its security, as findings with places.
//!
//! Two documents are compared elsewhere (`diff`). The mechanism is that of the diff: a rule is one
//! file and one line in [`rules`]. Source: OWASP API Security Top 10 (2023), CWE.

pub mod rules;
pub mod severity;
pub mod strength;
pub mod words;

pub use severity::{BadSeverity, Severity};
pub use words::{Tier, is_administrative, is_privileged, is_server_managed, tier};
