//! Sundial: a registry for API versions and their lifecycle.
//!
//! The rooms, from the ground up; imports point down only:
//!
//! - [`clock`] is the only reader of time.
//! - [`scheme`] orders labels.
//! - [`lifecycle`] computes stages from dates.

pub mod clock;
pub mod lifecycle;
pub mod scheme;
