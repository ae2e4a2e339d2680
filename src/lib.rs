//! Sundial: a registry for API versions and their lifecycle.
//!
//! The rooms, from the ground up; imports point down only:
//!
//! - [`clock`] is the only reader of time.
//! - [`server`] is the HTTP side: thin handlers, the catalog's pages.

pub mod clock;
pub mod server;
