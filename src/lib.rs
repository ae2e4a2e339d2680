//! Sundial: a registry for API versions and their lifecycle.
//!
//! The rooms, from the ground up; imports point down only:
//!
//! - [`clock`] is the only reader of time.
//! - [`spec`] reads OpenAPI documents into one model.

pub mod clock;
pub mod spec;
