//! The program: allocator, crypto provider, parse, dispatch, exit code.

use std::process::ExitCode;

/// Models and diffs are made of small pieces, and two threads give back what either took.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // reqwest is built without a provider of its own; the first one installed stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    sundial::cli::run(std::env::args_os())
}
