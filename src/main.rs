//! The program: crypto provider, parse, dispatch, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    // reqwest is built without a provider of its own; the first one installed stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    sundial::cli::run(std::env::args_os())
}
