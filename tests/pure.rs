//! What needs no server: real documents through the pure rooms, and the house itself.

#[macro_use]
mod support;

mod pure {
    mod contract;
    mod coverage;
    mod differing;
    mod house;
    mod places;
    mod properties;
    mod reading;
    mod requests;
    mod typed;
    mod validity;
}
