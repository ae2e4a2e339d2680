//! The catalog in a real browser, over the demo estate.

#[macro_use]
mod support;

mod web {
    mod walk;
}
