//! What needs no server: the house itself.

mod pure {
    mod house;
}
