//! Sundial: a registry for API versions and their lifecycle.
//!
//! The rooms, from the ground up; imports point down only:
//!
//! - [`clock`] is the only reader of time.
//! - [`scheme`] orders labels.
//! - [`spec`] reads OpenAPI documents into one model.
//! - [`lint`] says what is wrong in one document.
//! - [`diff`] says what separates two.
//! - [`report`] writes both for people and machines.

pub mod clock;
pub mod diff;
pub mod lint;
pub mod report;
pub mod scheme;
pub mod spec;
