//! Sundial: a registry for API versions and their lifecycle.
//!
//! The rooms, from the ground up; imports point down only:
//!
//! - [`clock`] is the only reader of time.

pub mod clock;
pub mod diff;
pub mod enforcement;
pub mod lifecycle;
pub mod lint;
pub mod report;
pub mod scheme;
pub mod server;
pub mod spec;
