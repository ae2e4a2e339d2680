//! The HTTP side: parse, call one use case, present.
//!
//! No business word is decided here.

pub mod catalog;
