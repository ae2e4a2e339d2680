//! A server that cannot outlive the test process, not even one that is killed, and its folder.
//!
//! Values in a `static` are never dropped and an aborted process drops nothing at all, so the cleaning is not ours to do:
//! a shell in a session of its own waits at the end of a pipe, and the kernel closes that pipe however we end.
//! Nothing of a server is inherited from us: who reads the output of `cargo test` would wait for the server otherwise.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Waits for orders: a line `SIGNAL COUNT`, then COUNT words, each ended by NUL, start a server; the end of its input
/// stops it. A server gets a process group of its own (`set -m`), so that what it left behind can be found.
const SHELL: &str = r#"
set -m
folder=$1 pid=
while read -r order count; do
    signal=$order words=()
    for ((i = 0; i < count; i++)); do
        IFS= read -r -d '' word
        words+=("$word")
    done
    "${words[@]}" </dev/null >>"$folder/stdout" 2>>"$folder/stderr" &
    pid=$!
    echo "$pid"
done
if [[ $pid ]]; then
    kill -s "$signal" "$pid"
    for ((i = 0; i < 200; i++)); do
        kill -0 "$pid" || break
        sleep 0.05
    done
    for ((i = 0; i < 20; i++)); do
        kill -s KILL -- "-$pid" || break
        sleep 0.05
    done
fi 2>/dev/null
for ((i = 0; i < 100; i++)); do
    rm -rf "$folder" && break
    sleep 0.05
done 2>/dev/null
"#;

/// The user whom a server runs as, where it is not the one who runs the tests.
#[derive(Debug, Clone, Copy)]
pub struct Owner {
    pub uid: u32,
    pub gid: u32,
}

/// What to start: program, arguments, environment on top of ours, and the signal that stops it.
#[derive(Debug, Clone)]
pub struct Launch {
    words: Vec<OsString>,
    variables: Vec<OsString>,
    signal: &'static str,
}

impl Launch {
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        Self { words: vec![program.as_ref().to_owned()], variables: Vec::new(), signal: "TERM" }
    }

    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.words.push(arg.as_ref().to_owned());
        self
    }

    pub fn args(self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        let mut variable = OsString::from(format!("{name}="));
        variable.push(value);
        self.variables.push(variable);
        self
    }

    /// `TERM` unless told otherwise.
    pub fn signal(mut self, signal: &'static str) -> Self {
        self.signal = signal;
        self
    }
}

/// A new folder, and at most one server that works in it. Both go when the value is dropped or the process ends.
#[derive(Debug)]
pub struct Leash {
    shell: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    folder: PathBuf,
    pid: Option<u32>,
}

impl Leash {
    /// A folder of mode 0700 in `/tmp`, of `owner` where one is named. Not in `TMPDIR`: other users may not reach that
    /// one, and the path of a Unix socket has 107 bytes at most.
    pub fn new(name: &str, owner: Option<Owner>) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = tempfile::Builder::new()
            .prefix(&format!("sundial-{name}-{}-{number}-", std::process::id()))
            .tempdir_in("/tmp")
            .unwrap()
            .keep();
        let mut command = Command::new("setsid");
        command
            .args(["bash", "-c", SHELL, "leash"])
            .arg(&folder)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if let Some(Owner { uid, gid }) = owner {
            std::os::unix::fs::chown(&folder, Some(uid), Some(gid)).unwrap();
            command.uid(uid).gid(gid);
        }
        let mut shell = command.spawn().expect("bash and setsid are part of every Debian");
        let orders = shell.stdin.take();
        let answers = BufReader::new(shell.stdout.take().unwrap());
        Self { shell, orders, answers, folder, pid: None }
    }

    /// Starts the server; one that ran before must have ended (see [`Leash::kill`]).
    pub fn start(&mut self, launch: &Launch) {
        assert!(!self.is_running(), "one server on a leash");
        let mut words: Vec<&OsStr> = Vec::new();
        if !launch.variables.is_empty() {
            words.push("env".as_ref());
            words.extend(launch.variables.iter().map(OsString::as_os_str));
        }
        words.extend(launch.words.iter().map(OsString::as_os_str));
        let mut order = format!("{} {}\n", launch.signal, words.len()).into_bytes();
        for word in words {
            order.extend_from_slice(word.as_bytes());
            order.push(0);
        }
        self.orders.as_mut().unwrap().write_all(&order).unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        self.pid = Some(answer.trim().parse().expect("the shell answers with a process id"));
    }

    /// Where the server works; it holds `stdout` and `stderr` as well.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the server printed on stdout so far.
    pub fn stdout(&self) -> String {
        self.text("stdout")
    }

    /// What it printed on stderr so far.
    pub fn stderr(&self) -> String {
        self.text("stderr")
    }

    fn text(&self, file: &str) -> String {
        let bytes = fs::read(self.folder.join(file)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Process id of the server that was started last.
    pub fn pid(&self) -> Option<u32> {
        self.pid
    }

    /// Whether the server is alive. Dead ones are reaped by the shell.
    pub fn is_running(&self) -> bool {
        self.pid.is_some_and(|pid| Path::new(&format!("/proc/{pid}")).exists())
    }

    /// Sends a signal by name (`HUP`, `TERM`) to the server alone.
    pub fn send(&self, signal: &str) {
        let pid = self.pid.expect("a server was started");
        // The shell's own `kill`: a bare Debian has no other.
        let sent = Command::new("sh")
            .args(["-c", "kill -s \"$1\" \"$2\"", "kill", signal, &pid.to_string()])
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(sent.success() || !self.is_running(), "cannot send {signal} to {pid}");
    }

    /// `kill -9`, and waits until it is gone. The folder stays, and another server may be started.
    pub fn kill(&mut self) {
        self.send("KILL");
        super::wait_until(super::READY, "a killed process goes", || !self.is_running());
        self.pid = None;
    }

    /// Waits until `ready`; a server that ended before fails the test with what it had printed.
    ///
    /// # Panics
    /// When the server has ended, or after [`super::READY`].
    #[track_caller]
    pub fn wait_until_ready(&self, what: &str, mut ready: impl FnMut() -> bool) {
        let start = std::time::Instant::now();
        while !ready() {
            let late = start.elapsed() > super::READY;
            assert!(self.is_running() && !late, "{what} did not start:\n{}{}", self.stdout(), self.stderr());
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        drop(self.orders.take());
        // The shell cleans by itself; waiting only makes sure that the next test finds everything gone.
        let _ = self.shell.wait();
    }
}
