//! A private PostgreSQL: own data folder, Unix socket, no port, and gone with the test process.

use super::leash::{Launch, Leash, Owner};
use super::{is_root, program};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Debian keeps the programs of each major version apart, and `initdb` out of `PATH`.
const FOLDERS: &[&str] = &["/usr/lib/postgresql/*/bin"];

/// A server with its own data.
#[derive(Debug)]
pub struct Postgres {
    leash: Leash,
    launch: Launch,
    created: AtomicU32,
}

/// An empty database on a [`Postgres`]; dropped with the value.
#[derive(Debug)]
pub struct Database {
    server: &'static Postgres,
    name: String,
    /// What `--database` and sqlx take.
    pub url: String,
}

impl Postgres {
    /// The server that all tests of this binary share; each takes a [`Database`] of its own. It trades safety against
    /// power loss for speed.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&["fsync=off", "synchronous_commit=off", "full_page_writes=off"]))
    }

    /// A server for one test, with settings (`name=value`) beside the usual: for tests that stop or kill it.
    pub fn start(settings: &[&str]) -> Self {
        let initdb = program("initdb", FOLDERS);
        let postgres = program("postgres", FOLDERS);
        // PostgreSQL refuses to run as root, so root's tests run it as the user that its package made.
        let owner = is_root().then(|| user("postgres"));
        let leash = Leash::new("postgres", owner);
        let folder = leash.folder().to_str().unwrap();
        // Both steps are the leash's, so that an end in the middle of the first leaves nothing either.
        let script = "test -e \"$3/data\" || \"$1\" -D \"$3/data\" -U sundial -A trust -E UTF8 --locale=C.UTF-8 --no-sync || exit
            server=$2 folder=$3
            shift 3
            exec \"$server\" -D \"$folder/data\" -k \"$folder\" -c listen_addresses= \"$@\"";
        let mut launch = Launch::new("sh")
            .args(["-c", script, "postgres"])
            .arg(initdb)
            .arg(postgres)
            .arg(folder)
            .signal("INT");
        for setting in ["max_connections=300", "shared_buffers=64MB"].iter().chain(settings) {
            launch = launch.args(["-c", setting]);
        }
        let mut server = Self { leash, launch, created: AtomicU32::new(0) };
        server.resume();
        server
    }

    /// `kill -9`, as a power cut does it; [`Postgres::resume`] brings it back with its data.
    pub fn kill(&mut self) {
        self.leash.kill();
        // Its children end a little later, and a new server refuses to start beside them.
        let folder = self.folder();
        super::wait_until(super::READY, "the children of a killed PostgreSQL go", || {
            program::of_folder(&folder).len() <= 1
        });
        let _ = fs::remove_file(folder.join("data/postmaster.pid"));
    }

    /// Starts a killed server again.
    pub fn resume(&mut self) {
        self.leash.start(&self.launch);
        let state = self.folder().join("data/postmaster.pid");
        // The last line of that file is the documented sign for tools that wait.
        self.leash.wait_until_ready("PostgreSQL", || {
            fs::read_to_string(&state)
                .is_ok_and(|text| text.lines().nth(7).is_some_and(|line| line.trim() == "ready"))
        });
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=sundial", self.folder().display())
    }

    /// Where its socket and data are.
    pub fn folder(&self) -> PathBuf {
        self.leash.folder().to_owned()
    }

    /// Makes an empty database and gives its name.
    pub fn create(&self) -> String {
        let name = format!("test_{}", self.created.fetch_add(1, Ordering::Relaxed));
        self.tool("createdb", &[&name]);
        name
    }

    /// Runs one of PostgreSQL's own client programs on this server.
    fn tool(&self, tool: &str, args: &[&str]) {
        let output = Command::new(program(tool, FOLDERS))
            .arg("--host")
            .arg(self.leash.folder())
            .args(["--username", "sundial", "--no-password"])
            .args(args)
            .current_dir("/")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{tool} {args:?}: {said}");
    }
}

impl Database {
    /// A new one on the shared server.
    pub fn new() -> Self {
        let server = Postgres::shared();
        let name = server.create();
        let url = server.url(&name);
        Self { server, name, url }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A failed test must show its own message, not that of the cleaning; and the server goes anyway.
        if !std::thread::panicking() {
            self.server.tool("dropdb", &["--force", "--if-exists", &self.name]);
        }
    }
}

/// A user of this machine, by name.
fn user(name: &str) -> Owner {
    let users = fs::read_to_string("/etc/passwd").unwrap();
    users
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields[0] == name)
        .and_then(|fields| {
            Some(Owner { uid: fields.get(2)?.parse().ok()?, gid: fields.get(3)?.parse().ok()? })
        })
        .unwrap_or_else(|| panic!("there is no user `{name}`: run tests/setup, which installs PostgreSQL"))
}
