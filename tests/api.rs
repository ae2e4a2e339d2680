//! The registry over HTTP: what callers of the API see, call by call.

#[macro_use]
mod support;

mod api {
    mod bounds;
    mod lifecycle;
    mod publish;
}
