//! What a document argument may be: a file, `-`, `git:REV:PATH`, `registry:ns/api@label`.

use std::borrow::Cow;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Failure;
use super::bounds::Bounds;
use super::client::{Remote, VersionName, segment};
use super::parts;
use crate::spec::{self, Document, Fault, Limits};

/// Bytes with the name under which messages speak of them.
pub(super) struct Input {
    /// What the argument was.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Fetches the bytes that an argument names, at most `limit` of them.
pub(super) fn fetch(argument: &str, remote: &Remote, limit: usize) -> Result<Input, Failure> {
    let bytes = if argument == "-" {
        read(std::io::stdin().lock(), 0, limit, "standard input")?
    } else if let Some(rest) = argument.strip_prefix("registry:") {
        let version: VersionName = rest.parse().map_err(Failure::Usage)?;
        let path = format!("/apis/{}/versions/{}/document", version.api, segment(&version.label));
        remote.get(&path, &[])?.body
    } else if let Some(rest) = argument.strip_prefix("git:") {
        git(rest, argument, limit)?
    } else {
        let file = std::fs::File::open(argument)
            .map_err(|error| Failure::Unreadable(format!("{argument}: {error}")))?;
        let size = file.metadata().map_or(0, |about| about.len());
        read(file, usize::try_from(size).unwrap_or(usize::MAX), limit, argument)?
    };
    Ok(Input { name: argument.to_owned(), bytes })
}

/// Fetches and reads a document, joined with the files that it refers to.
pub(super) fn document(argument: &str, remote: &Remote, bounds: &Bounds) -> Result<Document, Failure> {
    let input = fetch(argument, remote, bounds.limits().bytes)?;
    joined(input.bytes, argument, bounds)
}

/// As [`document`], with the bytes as they stand there.
pub(super) fn document_with_bytes(
    argument: &str,
    remote: &Remote,
    bounds: &Bounds,
) -> Result<(Input, Document), Failure> {
    let input = fetch(argument, remote, bounds.limits().bytes)?;
    let document = joined(&input.bytes[..], argument, bounds)?;
    Ok((input, document))
}

fn joined<'b>(bytes: impl Into<Cow<'b, [u8]>>, argument: &str, bounds: &Bounds) -> Result<Document, Failure> {
    let limits = bounds.limits();
    let document = spec::load(bytes, &limits).map_err(|problem| unreadable(argument, &problem))?;
    join(document, argument, &limits)
}

/// Fetches what is sent to a registry: one document, joined from several files where it was, and
/// then also as it was read here. What cannot be read here is for the registry to judge.
pub(super) fn parcel(
    argument: &str,
    remote: &Remote,
    bounds: &Bounds,
) -> Result<(Input, Option<Document>), Failure> {
    let limits = bounds.limits();
    let mut input = fetch(argument, remote, limits.bytes)?;
    let Ok(document) = spec::load(&input.bytes, &limits) else {
        return Ok((input, None));
    };
    let document = join(document, argument, &limits)?;
    for fault in document.left() {
        eprintln!("sundial: {}", told(&document, fault, &input.name));
    }
    if !document.is_joined() {
        return Ok((input, None));
    }
    document.bytes().clone_into(&mut input.bytes);
    Ok((input, Some(document)))
}

fn join(document: Document, argument: &str, limits: &Limits) -> Result<Document, Failure> {
    match parts::of(argument) {
        Some(source) => spec::bundle::join(document, &source, limits)
            .map_err(|refusal| unreadable(&refusal.file, &refusal.problem)),
        None => Ok(document),
    }
}

/// `file:line:column: what is wrong [rule]`, the way out below it.
pub(super) fn told(document: &Document, fault: &Fault, name: &str) -> String {
    let place = document.place(fault.node);
    let (file, line, column) = (place.file_or(name), place.line, place.column);
    format!("{file}:{line}:{column}: {} [{}]\n  {}", fault.message, fault.rule, fault.help)
}

/// `file:line:column: what is wrong`, the pointer and the way out below it.
pub(super) fn unreadable(name: &str, problem: &spec::Problem) -> Failure {
    let mut text = format!("{name}:{}:{}: {}", problem.line, problem.column, problem.message);
    if !problem.pointer.is_empty() {
        text.push_str(&format!("\n  at {}", problem.pointer));
    }
    if !problem.way_out.is_empty() {
        text.push_str(&format!("\n  {}", problem.way_out));
    }
    Failure::Unreadable(text)
}

/// Reads to the end; `size` is how much is there, as far as is known.
fn read(source: impl Read, size: usize, limit: usize, name: &str) -> Result<Vec<u8>, Failure> {
    // One more, so that the end is seen without growing.
    let mut bytes = Vec::with_capacity(size.min(limit).saturating_add(1));
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    source
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::Unreadable(format!("{name}: {error}")))?;
    if bytes.len() > limit {
        return Err(Failure::Unreadable(format!("{name}: larger than the {limit} bytes that are taken")));
    }
    Ok(bytes)
}

/// A file of a commit. The path is the repository's, unless it begins with `./` or `../`: that is
/// git's own way, so a path can be copied from any of its answers.
fn git(rest: &str, argument: &str, limit: usize) -> Result<Vec<u8>, Failure> {
    let usage = || {
        Failure::Usage(format!(
            "`{argument}`: a document of a commit is named git:REV:PATH, such as git:origin/main:api/openapi.yaml; \
             a path from here begins with `./`"
        ))
    };
    let (revision, path) = rest.split_once(':').ok_or_else(usage)?;
    // A revision that looks like an option must not become one.
    if revision.is_empty() || revision.starts_with('-') || path.is_empty() {
        return Err(usage());
    }
    let mut child = Command::new("git")
        .args(["cat-file", "blob", &format!("{revision}:{path}")])
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::Usage(format!("{argument}: git is needed to read it: {error}")))?;
    // A pipe was asked for, and what is larger than the limit is not waited for.
    let bytes = child.stdout.take().map_or_else(|| Ok(Vec::new()), |stdout| read(stdout, 0, limit, argument));
    if bytes.is_err() {
        // It may have ended already.
        let _ = child.kill();
    }
    let ended =
        child.wait_with_output().map_err(|error| Failure::Unreadable(format!("{argument}: {error}")))?;
    let bytes = bytes?;
    if ended.status.success() {
        return Ok(bytes);
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    let said = said.trim().trim_start_matches("fatal: ");
    let why = if said.ends_with("bad file") {
        format!("`{path}` is no file in `{revision}`")
    } else if said.contains("does not exist in") && !path.starts_with('.') && Path::new(path).exists() {
        format!("{said}\n  a path from here begins with `./`: git:{revision}:./{path}")
    } else {
        said.replace('\n', "\n  ")
    };
    Err(Failure::Unreadable(format!("{argument}: {why}")))
}
