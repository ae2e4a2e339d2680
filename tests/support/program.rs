//! The built program: run to its end, or serving.

use super::leash::{Launch, Leash};
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The file that `cargo test` built.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_sundial");

/// How a run of the program ended.
#[derive(Debug, Clone)]
pub struct Output {
    /// Exit code; -1 when a signal ended it.
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Output {
    /// The answer as JSON.
    ///
    /// # Panics
    /// When stdout is not JSON alone.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in the answer of {self}"))
    }

    /// Passes the output on when the exit code is `code`.
    ///
    /// # Panics
    /// With all that was said, when it is another.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert!(self.code == code, "exit code {code} expected, but {self}");
        self
    }
}

/// All of it in one piece, as a transcript.
impl std::fmt::Display for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { code, stdout, stderr } = self;
        write!(f, "exit code {code}\n--- stdout\n{stdout}--- stderr\n{stderr}")
    }
}

/// Runs the program with these arguments, with no setting of the caller's environment and nothing to read.
pub fn run<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Output {
    Run::default().args(args)
}

/// A run with more than arguments: `Run::default().env("SUNDIAL_URL", &url).dir(folder.path()).args(["lint", "-"])`.
#[derive(Debug, Clone, Default)]
pub struct Run {
    variables: Vec<(String, String)>,
    dir: Option<PathBuf>,
    stdin: Vec<u8>,
}

impl Run {
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Where it runs; `/` else, where no settings file of a developer is found.
    pub fn dir(mut self, dir: &Path) -> Self {
        self.dir = Some(dir.to_owned());
        self
    }

    pub fn stdin(mut self, bytes: &[u8]) -> Self {
        bytes.clone_into(&mut self.stdin);
        self
    }

    /// Runs the program to its end.
    pub fn args<A: AsRef<OsStr>>(self, args: impl IntoIterator<Item = A>) -> Output {
        let mut command = Command::new(PROGRAM);
        command.args(args);
        self.finish(command)
    }

    /// Runs a line of shell that finds the program as `sundial`; a step that fails ends it, as in CI.
    pub fn shell(self, line: &str) -> Output {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let own = Path::new(PROGRAM).parent().unwrap().to_owned();
        let path = std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&path))).unwrap();
        let mut command = Command::new("sh");
        command.args(["-e", "-c", line]).env("PATH", path);
        self.finish(command)
    }

    fn finish(self, mut command: Command) -> Output {
        for (name, _) in std::env::vars_os() {
            if is_setting(&name) {
                command.env_remove(name);
            }
        }
        command
            .envs(self.variables)
            .current_dir(self.dir.unwrap_or_else(|| PathBuf::from("/")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        // In a thread: both sides could wait for each other on full pipes. A program that does not read it to the end
        // closes the pipe, which is no fault of the test.
        let feeder = std::thread::spawn(move || drop(input.write_all(&self.stdin)));
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        Output {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Settings of ours: the program must not see what the tests are run with.
fn is_setting(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("SUNDIAL_") || name == "RUST_LOG")
}

/// `sundial serve` as a process of its own, on a port that it chose.
#[derive(Debug)]
pub struct Server {
    leash: Leash,
    launch: Launch,
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    /// The admin token of its first start.
    pub token: String,
}

impl Server {
    /// On a new SQLite file.
    pub fn sqlite() -> Self {
        let leash = Leash::new("server", None);
        let url = format!("sqlite:{}", leash.folder().join("sundial.db").display());
        Self::launch(leash, &url, &[])
    }

    /// On any database, with more arguments of `serve`.
    pub fn start(database: &str, args: &[&str]) -> Self {
        Self::launch(Leash::new("server", None), database, args)
    }

    fn launch(leash: Leash, database: &str, args: &[&str]) -> Self {
        let mut launch = Launch::new("env");
        for (name, _) in std::env::vars_os() {
            if is_setting(&name) {
                launch = launch.arg("-u").arg(name);
            }
        }
        let launch = launch
            .arg("-C")
            .arg(leash.folder())
            .args([PROGRAM, "serve", "--listen", "127.0.0.1:0", "--database", database, "--admin-token-file"])
            .arg(leash.folder().join("token"))
            .args(args);
        let mut server = Self { leash, launch, url: String::new(), token: String::new() };
        server.resume();
        server
    }

    /// Starts a killed or stopped server again: same database, same token, another port.
    pub fn resume(&mut self) {
        // What an earlier run said must not be taken for the word of this one.
        let before = self.leash.stdout().len();
        self.leash.start(&self.launch);
        let mut url = None;
        self.leash.wait_until_ready("`sundial serve`", || {
            url = address(&self.leash.stdout()[before..]);
            url.is_some()
        });
        self.url = url.unwrap();
        let token = fs::read_to_string(self.leash.folder().join("token")).unwrap_or_default();
        token.trim().clone_into(&mut self.token);
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.leash.kill();
    }

    /// Asks it to end, and waits until it did.
    pub fn stop(&mut self) {
        self.leash.send("TERM");
        super::wait_until(super::READY, "`sundial serve` stops", || !self.leash.is_running());
    }

    /// Process id.
    pub fn pid(&self) -> u32 {
        self.leash.pid().expect("it was started")
    }

    /// What it printed on stdout, in all its runs.
    pub fn stdout(&self) -> String {
        self.leash.stdout()
    }

    /// What it logged, in all its runs.
    pub fn log(&self) -> String {
        self.leash.stderr()
    }

    /// Its own folder, with `sundial.db` when it was started by [`Server::sqlite`].
    pub fn folder(&self) -> &Path {
        self.leash.folder()
    }

    /// The program as a client of this server, with the admin token.
    pub fn client(&self) -> Run {
        Run::default().env("SUNDIAL_URL", &self.url).env("SUNDIAL_TOKEN", &self.token)
    }

    /// [`run`] as a client of this server, with the admin token.
    pub fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Output {
        self.client().args(args)
    }
}

/// The first address in a whole line of stdout.
fn address(stdout: &str) -> Option<String> {
    let complete = &stdout[..=stdout.rfind('\n')?];
    let word = complete.split_whitespace().find(|word| word.starts_with("http://"))?;
    Some(word.trim_end_matches('/').to_owned())
}

/// Processes whose command line or working folder names `folder`: what a test left running. Those of other users are
/// seen only by root; their command lines by everybody.
pub fn of_folder(folder: &Path) -> Vec<u32> {
    let name = folder.as_os_str().as_encoded_bytes();
    let names = |bytes: &[u8]| bytes.windows(name.len()).any(|part| part == name);
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|pid| {
            let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            let working = fs::read_link(format!("/proc/{pid}/cwd")).unwrap_or_default();
            names(&command) || names(working.as_os_str().as_encoded_bytes())
        })
        .collect()
}
