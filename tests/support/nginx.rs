//! A real nginx that runs configuration files of `deploy/`, with nothing changed but what a test names.

use super::leash::{Launch, Leash};
use super::{is_root, program};
use std::fs;
use std::path::Path;

/// A running nginx; stopped with the value.
#[derive(Debug)]
pub struct Nginx {
    leash: Leash,
}

impl Nginx {
    /// Copies `folder` (below the package, not its subfolders) and runs `file` of it. In every file each
    /// `(from, to)` is replaced; one that occurs nowhere fails the test, as it would run with another address than
    /// it thinks.
    ///
    /// Beside that only what nginx compiled in as a place of root's is set: pid file, temporary files, access log.
    pub fn start(folder: &str, file: &str, replacements: &[(&str, &str)]) -> Self {
        let mut leash = Leash::new("nginx", None);
        let mut hits = vec![0; replacements.len()];
        let mut main = String::new();
        for entry in
            fs::read_dir(super::package().join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"))
        {
            let entry = entry.unwrap();
            if !entry.file_type().unwrap().is_file() {
                continue;
            }
            let mut text = fs::read_to_string(entry.path()).unwrap();
            for (count, (from, to)) in hits.iter_mut().zip(replacements) {
                *count += text.matches(from).count();
                text = text.replace(from, to);
            }
            if entry.file_name() == file {
                text = at_home(&text);
                main.clone_from(&text);
            }
            fs::write(leash.folder().join(entry.file_name()), text).unwrap();
        }
        assert!(!main.is_empty(), "{folder} holds no {file}");
        for (count, (from, _)) in hits.iter().zip(replacements) {
            assert!(*count > 0, "`{from}` occurs nowhere in {folder}");
        }
        fs::create_dir(leash.folder().join("temporary")).unwrap();

        let mut globals = "daemon off;".to_owned();
        if !says(&main, "pid") {
            globals.push_str(" pid nginx.pid;");
        }
        if is_root() && !says(&main, "user") {
            // The folder is root's alone; its workers must reach their cache in it.
            globals.push_str(" user root;");
        }
        let launch = Launch::new(program("nginx", &["/usr/sbin"]))
            .arg("-p")
            .arg(leash.folder())
            .args(["-e", "stderr", "-c", file, "-g", &globals]);
        leash.start(&launch);
        // Written after the ports are bound.
        let pid = leash.folder().join("nginx.pid");
        leash.wait_until_ready("nginx", || pid.exists());
        Self { leash }
    }

    /// Where the copy of its configuration is.
    pub fn folder(&self) -> &Path {
        self.leash.folder()
    }

    /// Its error log.
    pub fn log(&self) -> String {
        self.leash.stderr()
    }

    /// Reads its configuration again (`nginx -s reload`).
    pub fn reload(&self) {
        self.leash.send("HUP");
    }
}

/// Whether a directive of this name stands at the start of a statement.
fn says(text: &str, directive: &str) -> bool {
    text.lines()
        .flat_map(|line| line.split('#').next().unwrap_or_default().split([';', '{', '}']))
        .any(|statement| statement.split_whitespace().next() == Some(directive))
}

/// Debian's nginx writes below /var, where an ordinary user may not.
fn at_home(text: &str) -> String {
    let mut own = String::new();
    for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
        let directive = format!("{kind}_temp_path");
        if !says(text, &directive) {
            own.push_str(&format!(" {directive} temporary/{kind};"));
        }
    }
    if !says(text, "access_log") {
        own.push_str(" access_log off;");
    }
    let (before, after) = text.split_once("http {").expect("a whole configuration has its block `http {`");
    format!("{before}http {{{own}{after}")
}
