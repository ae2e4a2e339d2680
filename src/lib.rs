//! Sundial: a registry for API versions and their lifecycle.
//!
//! The rooms, from the ground up; imports point down only:
//!
//! - [`clock`] is the only reader of time.
//! - [`spec`] reads OpenAPI documents into one model; [`scheme`] orders version labels;
//!   [`lifecycle`] says in what stage a schedule stands.
//! - [`diff`] compares two documents, [`lint`] judges one, [`report`] prints what they found.
//! - [`access`] says who may, [`enforcement`] answers gateways from memory, [`store`] keeps.
//! - [`registry`] holds the use cases and is the only caller of the store.
//! - [`server`] and [`cli`] are its doors: parse, call one use case, present.

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
