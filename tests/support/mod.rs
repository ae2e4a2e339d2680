//! The one kit of the integration tests: real services, started privately and on a leash.
//!
//! Nothing here decides what is right; that is the tests' work. A service that is not installed fails the test that
//! asks for it, with a sentence that names `tests/setup`. Only the corpus may be absent: see [`corpus`].
//!
//! A test binary takes it in by `#[macro_use] mod support;`.
#![allow(
    dead_code,
    unused_macros,
    clippy::unwrap_used,
    reason = "each of the test binaries uses a part of the kit, and a failed step of it is a failed test"
)]

pub mod browser;
pub mod calls;
pub mod corpus;
pub mod dice;
pub mod documents;
pub mod instances;
pub mod leash;
pub mod lifting;
pub mod mutations;
pub mod nginx;
pub mod packages;
pub mod postgres;
pub mod program;
pub mod proof;
pub mod redact;
pub mod referee;
pub mod schemas;
pub mod server;
pub mod upgrade;

use std::fs;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// How long a service may take until it answers: a loaded machine of two cores is slow, a hang is for ever.
pub const READY: Duration = Duration::from_secs(60);

/// Says that the rest of a test cannot be done here, and leaves the test: `skip!("reason")`.
///
/// Only for what may be absent: the corpus. The line reaches the terminal although `cargo test` keeps
/// what tests print; `.ci/run` counts these lines and fails on one where the corpus is set.
macro_rules! skip {
    ($($reason:tt)+) => {{
        $crate::support::corpus::skipped(&format!($($reason)+));
        return;
    }};
}

/// Where a program of a package is: in `PATH`, else in one of `folders`; a `*` in a folder takes its highest number.
///
/// # Panics
/// With a sentence that names `tests/setup` when it is nowhere.
pub fn program(name: &str, folders: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = folders
        .iter()
        .flat_map(|folder| spread(folder))
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|file| {
            fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
        });
    found.unwrap_or_else(|| {
        panic!("`{name}` is not installed: run tests/setup, which installs what the tests need")
    })
}

/// `/usr/lib/postgresql/*/bin` as the folders that exist, highest number first.
fn spread(folder: &str) -> Vec<PathBuf> {
    let Some((before, after)) = folder.split_once('*') else {
        return vec![PathBuf::from(folder)];
    };
    let mut versions: Vec<u32> = fs::read_dir(before)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    versions.iter().map(|version| PathBuf::from(format!("{before}{version}{after}"))).collect()
}

/// Whether the tests run as root: some services refuse that and are given another user.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// A port of 127.0.0.1 that nothing listens on, for servers that cannot choose one themselves (give port 0 to all others).
///
/// It is claimed until this process ends: the UDP port of the same number stays bound, which no server of ours wants and
/// which every other call of this function, in any process, finds taken. It lies below the range from which the kernel
/// takes ports for outgoing connections. So only a stranger who asks for this very number could be first.
pub fn free_port() -> u16 {
    static CLAIMS: Mutex<Vec<UdpSocket>> = Mutex::new(Vec::new());
    let mut claims = CLAIMS.lock().unwrap_or_else(PoisonError::into_inner);
    // Processes that start together should not all try the same numbers.
    let start = std::process::id() as usize * 61 + claims.len();
    for offset in 0..12_000 {
        let port = 20_000 + u16::try_from((start + offset) % 12_000).expect("below 12000");
        let Ok(claim) = UdpSocket::bind((Ipv4Addr::LOCALHOST, port)) else {
            continue;
        };
        // Any address: a server that listens on 0.0.0.0 is in the way as well.
        if TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok() {
            claims.push(claim);
            return port;
        }
    }
    panic!("no free port between 20000 and 31999");
}

/// Waits until `condition` holds, looking every few milliseconds; blocks the thread.
///
/// # Panics
/// After `deadline`, naming `what` was waited for.
#[track_caller]
pub fn wait_until(deadline: Duration, what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < deadline, "{what}: not within {deadline:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// [`wait_until`] for a condition that awaits something; leaves the thread to others meanwhile.
///
/// # Panics
/// After `deadline`, naming `what` was waited for.
pub async fn eventually(deadline: Duration, what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !condition().await {
        assert!(start.elapsed() < deadline, "{what}: not within {deadline:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A client that talks to servers of the tests: no proxy, no redirect, and an answer within half a minute or never.
pub fn http() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    // Without it the first client panics; an error only says that the program under test was first.
    PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap()
}

/// A new folder for a test's files: goes with the value, and with the process even when that is killed.
pub fn folder() -> tempfile::TempDir {
    static HOME: OnceLock<leash::Leash> = OnceLock::new();
    let home = HOME.get_or_init(|| leash::Leash::new("files", None));
    tempfile::tempdir_in(home.folder()).unwrap()
}

/// The top folder of the package.
pub fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The lines of a CI file that run the program, as a shell takes them: those of `run:` and `script:` lists that start
/// with `sundial`.
pub fn shell_lines(file: &str) -> Vec<String> {
    let text = fs::read_to_string(package().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    text.lines()
        .map(|line| line.trim().trim_start_matches("- ").trim_start_matches("run: "))
        .filter(|line| line.starts_with("sundial "))
        .map(str::to_owned)
        .collect()
}

/// Whether proofs are held to the full counts, by `SUNDIAL_PROOF=full`; else to a quick share of them.
pub fn is_full() -> bool {
    std::env::var_os("SUNDIAL_PROOF").is_some_and(|value| value == "full")
}
