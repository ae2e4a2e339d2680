//! Sundial: a registry for API versions and their lifecycle.
//!
//! The rooms, from the ground up; imports point down only:
//!
//! - [`clock`] is the only reader of time.
//! - [`scheme`] orders labels.
//! - [`lifecycle`] computes stages from dates.
//! - [`enforcement`] answers gateways from memory.

pub mod clock;
pub mod enforcement;
pub mod lifecycle;
pub mod scheme;
