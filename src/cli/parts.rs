//! Where the parts of a document of several files are read from: its folder, or its commit.
//!
//! Nothing outside the root's own folder is ever opened, whatever links say, and nothing but
//! regular files.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::spec::bundle::{Source, Unread};

/// The parts beside a file on disk; `None` where it has no folder that could be read.
pub(super) fn folder(argument: &str) -> Option<Source<'static>> {
    let file = Path::new(argument);
    let root = file.file_name()?.to_str()?.to_owned();
    let prefix = argument.strip_suffix(&root)?.to_owned();
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or_else(|| Path::new(".")).canonicalize().ok()?;
    Some(Source { root, prefix, read: Box::new(move |path, most| below(&folder, path, most)) })
}

/// Reads a file below a folder.
fn below(folder: &Path, path: &str, most: usize) -> Result<Vec<u8>, Unread> {
    // A NUL byte ends a name for the system, and no file has one.
    if path.is_empty() || path.contains('\0') {
        return Err(Unread::Missing);
    }
    let real = folder.join(path).canonicalize().map_err(|error| unread(&error))?;
    if !real.starts_with(folder) {
        return Err(Unread::Refused(
            "is a link that leads out of the folder of the root document".to_owned(),
        ));
    }
    // Opening a pipe or a device would wait, or worse.
    let is_file = std::fs::metadata(&real).map_err(|error| unread(&error))?.is_file();
    if !is_file {
        return Err(Unread::Refused("is no regular file".to_owned()));
    }
    let file = std::fs::File::open(&real).map_err(|error| unread(&error))?;
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut bytes).map_err(|error| unread(&error))?;
    if bytes.len() > most { Err(Unread::TooLarge) } else { Ok(bytes) }
}

fn unread(error: &std::io::Error) -> Unread {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Unread::Missing,
        _ => Unread::Failed(error.to_string()),
    }
}

/// The parts beside a document of a commit, `git:REV:PATH`.
pub(super) fn commit(argument: &str) -> Option<Source<'static>> {
    let (revision, path) = argument.strip_prefix("git:")?.split_once(':')?;
    let (folder, root) = path.rsplit_once('/').map_or(("", path), |(folder, root)| (folder, root));
    let prefix = argument.strip_suffix(root)?.to_owned();
    let tree = match folder {
        // A path that begins with a dot is one from here, and stays one.
        "." | ".." => format!("{revision}:{folder}/"),
        folder => format!("{revision}:{folder}"),
    };
    let blobs: OnceCell<Result<Blobs, String>> = OnceCell::new();
    let read = move |path: &str, most: usize| {
        let blobs = blobs.get_or_init(|| Blobs::of(&tree)).as_ref();
        blobs.map_err(|error| Unread::Failed(error.clone()))?.read(path, most)
    };
    Some(Source { root: root.to_owned(), prefix, read: Box::new(read) })
}

/// The files of one folder of a commit, and the program that hands them out.
struct Blobs {
    /// By path: mode and object.
    files: HashMap<String, (String, String)>,
    git: Mutex<Git>,
}

struct Git {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Drop for Git {
    fn drop(&mut self) {
        // It has ended already, or ends now; either way nobody waits for what it would say.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Blobs {
    fn of(tree: &str) -> Result<Self, String> {
        let listing = Command::new("git")
            .args(["ls-tree", "-r", "-z", "--full-tree", tree])
            .output()
            .map_err(|error| error.to_string())?;
        if !listing.status.success() {
            return Err(String::from_utf8_lossy(&listing.stderr).trim().to_owned());
        }
        let mut files = HashMap::new();
        for line in listing.stdout.split(|byte| *byte == 0) {
            // `100644 blob 3b18e5…<TAB>schemas/pet.yaml`; a name that is no UTF-8 cannot be referred to.
            let Ok(line) = std::str::from_utf8(line) else {
                continue;
            };
            let Some((about, path)) = line.split_once('\t') else {
                continue;
            };
            let mut about = about.split(' ');
            if let (Some(mode), Some(_), Some(object)) = (about.next(), about.next(), about.next()) {
                files.insert(path.to_owned(), (mode.to_owned(), object.to_owned()));
            }
        }
        let mut child = Command::new("git")
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| error.to_string())?;
        let (Some(asks), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("git has no standard input or output".to_owned());
        };
        Ok(Self { files, git: Mutex::new(Git { child, asks, answers: BufReader::new(answers) }) })
    }

    fn read(&self, path: &str, most: usize) -> Result<Vec<u8>, Unread> {
        let Some((mode, object)) = self.files.get(path) else {
            // A link to a folder is a file to git, and what lies behind it is none.
            let inside_a_link = self.files.iter().any(|(file, (mode, _))| {
                mode == "120000" && path.strip_prefix(file.as_str()).is_some_and(|rest| rest.starts_with('/'))
            });
            return Err(if inside_a_link {
                Unread::Refused("lies behind a link, and no link of a commit is followed".to_owned())
            } else {
                Unread::Missing
            });
        };
        match mode.as_str() {
            "100644" | "100755" => {}
            "120000" => {
                return Err(Unread::Refused("is a link, and no link of a commit is followed".to_owned()));
            }
            _ => return Err(Unread::Refused("is no regular file".to_owned())),
        }
        let failed = |error: std::io::Error| Unread::Failed(error.to_string());
        let mut git = self.git.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(git.asks, "{object}").and_then(|()| git.asks.flush()).map_err(failed)?;
        // `3b18e5… blob 1234`, the bytes, and a line end.
        let mut header = String::new();
        git.answers.read_line(&mut header).map_err(failed)?;
        let size = header.trim_end().rsplit(' ').next().and_then(|size| size.parse::<usize>().ok());
        let size = size.ok_or_else(|| Unread::Failed(format!("git answered `{}`", header.trim_end())))?;
        if size > most {
            return Err(Unread::TooLarge);
        }
        let mut bytes = vec![0; size + 1];
        git.answers.read_exact(&mut bytes).map_err(failed)?;
        bytes.pop();
        Ok(bytes)
    }
}

/// Where an argument's parts are, if it is one that can have parts.
pub(super) fn of(argument: &str) -> Option<Source<'static>> {
    if argument == "-" || argument.starts_with("registry:") {
        None
    } else if argument.starts_with("git:") {
        commit(argument)
    } else {
        folder(argument)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_regular_files_below_itself_and_nothing_else() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("api");
        std::fs::create_dir_all(folder.join("parts")).expect("a folder");
        std::fs::write(home.path().join("secret.yaml"), "s").expect("a file");
        std::fs::write(folder.join("parts/a.yaml"), "a").expect("a file");
        let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, folder.join(name)).expect("a link");
        link("../secret.yaml", "out.yaml");
        link("..", "up");
        link("parts", "inside");
        link("loop", "loop");
        let source = of(folder.join("openapi.yaml").to_str().expect("UTF-8")).expect("a source");
        assert_eq!(source.root, "openapi.yaml");
        assert!(source.prefix.ends_with("/api/"));
        let read = |path: &str| (source.read)(path, 10);
        assert_eq!(read("parts/a.yaml"), Ok(b"a".to_vec()));
        assert_eq!(
            read("inside/a.yaml"),
            Ok(b"a".to_vec()),
            "a link that stays inside is a way like another"
        );
        for refused in ["out.yaml", "up/secret.yaml", "up", "parts", "../secret.yaml", "/etc/hostname"] {
            assert!(matches!(read(refused), Err(Unread::Refused(_))), "{refused}: {:?}", read(refused));
        }
        for missing in ["absent.yaml", "parts/a.yaml/b", "parts/\0", ""] {
            assert_eq!(read(missing), Err(Unread::Missing), "{missing}");
        }
        assert!(matches!(read("loop"), Err(Unread::Failed(_))));
        assert_eq!((source.read)("parts/a.yaml", 0), Err(Unread::TooLarge));
        drop(source);
        let bare = Path::new("openapi.yaml");
        assert_eq!(of(bare.to_str().expect("UTF-8")).map(|source| source.prefix), Some(String::new()));
        assert!(of("-").is_none() && of("registry:a/b@1").is_none());
    }
}
