//! What needs no server: real documents through the pure rooms, and the house itself.

#[macro_use]
mod support;

mod pure {
    mod completeness;
    mod contract;
    mod coverage;
    mod differing;
    mod house;
    mod mutations;
    mod places;
    mod properties;
    mod published;
    mod reading;
    mod requests;
    mod senders;
    mod soundness;
    mod twins;
    mod typed;
    mod validity;
}
