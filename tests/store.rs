//! The store on both databases, and the kit that starts them.
#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

#[macro_use]
mod support;

mod store {
    mod alike;
    mod crash;
    mod kit;
}
