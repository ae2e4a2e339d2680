//! Sundial: a registry for API versions and their lifecycle.
//!
//! The rooms, from the ground up; imports point down only:
//!
//! - [`clock`] is the only reader of time, [`threads`] does two things beside each other.
//! - [`scheme`] orders labels.
//! - [`spec`] reads `OpenAPI` documents into one model.
//! - [`lifecycle`] computes stages, policy demands and headers from dates.
//! - [`lint`] says what is wrong in one document.
//! - [`diff`] says what separates two.
//! - [`report`] writes both for people and machines.
//! - [`enforcement`] answers from memory whether a call may pass.

pub mod access;
pub mod cli;
pub mod clock;
pub mod config;
pub mod diff;
pub mod enforcement;
pub mod lifecycle;
pub mod lint;
pub mod registry;
pub mod report;
pub mod scheme;
pub mod server;
pub mod spec;
pub mod store;
pub mod telemetry;
pub mod threads;
