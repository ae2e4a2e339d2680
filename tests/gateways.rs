//! Real gateways in front of a real registry.

#[macro_use]
mod support;

mod gateways {
    mod nginx;
}
