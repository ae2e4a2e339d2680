//! The store on both databases, and the kit that starts them.

#[macro_use]
mod support;

#[path = "store/kit.rs"]
mod kit;
