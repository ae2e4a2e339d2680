//! What a comparison costs, against reading what is compared, and beside other tools.
//!
//! The pair is that of the two arguments, else the largest neighbours in a folder below `SUNDIAL_CORPUS`, else
//! below the demo. Plain timing in one run, the contestants in turns, best of several rounds, told as ratios:
//!
//! - the diff after both models are read, against reading them (bytes to model with hashes, one after the other);
//! - the same for the larger document and itself with one line changed, at several places of it: the dearest;
//! - whole processes: reading both files, comparing and printing JSON, against one that parses both with
//!   `serde_json` (documents of JSON only); and their peak memory, against the bytes of both files;
//! - the crate `drift`, which compares two `Value`s of OpenAPI 3.0;
//! - the npm package `openapi-diff`, where `npm install --prefix .sundial/openapi-diff openapi-diff` put it.

use std::env;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use sundial::diff::{Diff, Options, compare};
use sundial::spec::{Dialect, Document, Syntax, load};

mod shared;

use shared::{bytes, files, plain, roomy, status};

const ROUNDS: usize = 7;
/// Places at which the large document is changed.
const PLACES: usize = 5;
/// What another tool may take.
const PATIENCE: Duration = Duration::from_secs(300);

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [mode, work, old, new] = &args[..]
        && mode == "work"
    {
        return work_alone(work, Path::new(old), Path::new(new));
    }
    let folder = tempfile::tempdir()?;
    let [old, new] = match &args[..] {
        [old, new] => [PathBuf::from(old), PathBuf::from(new)],
        _ => chosen(folder.path())?,
    };
    let pair = [fs::read(&old)?, fs::read(&new)?];
    println!("{} ({} bytes) to {} ({} bytes)", plain(&old), pair[0].len(), plain(&new), pair[1].len());
    after_load(&pair)?;
    one_line(&pair[1])?;
    processes(&old, &new, pair[0].len() + pair[1].len())?;
    drift(&pair)?;
    npm(&old, &new)?;
    Ok(ExitCode::SUCCESS)
}

fn read(bytes: &[u8]) -> Document {
    let document = load(bytes.to_vec(), &roomy()).expect("the document was read before");
    black_box(document.api());
    document
}

fn judged(old: &Document, new: &Document) -> Diff {
    let now = "2026-06-30T12:00:00Z".parse().expect("an instant");
    compare(old, new, &Options::at(now))
}

fn after_load(pair: &[Vec<u8>; 2]) -> Result<(), Box<dyn Error>> {
    load(&pair[0], &roomy())?;
    load(&pair[1], &roomy())?;
    let (mut loaded, mut compared, mut same) = (Duration::MAX, Duration::MAX, Duration::MAX);
    let mut said = String::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let (old, new) = (read(&pair[0]), read(&pair[1]));
        loaded = loaded.min(start.elapsed());
        let start = Instant::now();
        let diff = judged(&old, &new);
        compared = compared.min(start.elapsed());
        let start = Instant::now();
        black_box(judged(&new, &new));
        same = same.min(start.elapsed());
        let open = diff.changes.iter().filter(|change| change.undecided.is_some()).count();
        said = format!("{} changes, {:?}, {open} not decided", diff.changes.len(), diff.summary);
    }
    println!("  {said}");
    told("load both, to the model with hashes", loaded, loaded);
    told("diff after it", compared, loaded);
    told("diff of the newer with itself", same, loaded);
    Ok(())
}

/// One type is another one: a line where the document has one member a line.
fn one_line(bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    let text = std::str::from_utf8(bytes)?;
    let mut changed = Vec::new();
    for part in 1..=PLACES {
        let from = text.len() / (PLACES + 1) * part;
        let from = (from..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        for (was, is) in
            [("\"type\": \"string\"", "\"type\": \"integer\""), ("type: string\n", "type: integer\n")]
        {
            if let Some(at) = text[from..].find(was).map(|at| from + at) {
                changed.push([&text[..at], is, &text[at + was.len()..]].concat());
                break;
            }
        }
    }
    let documents: Vec<Document> =
        changed.iter().filter_map(|text| load(text.as_bytes(), &roomy()).ok()).collect();
    let (mut loaded, mut compared) = (Duration::MAX, vec![Duration::MAX; documents.len()]);
    let mut changes = vec![0; documents.len()];
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let old = read(bytes);
        loaded = loaded.min(start.elapsed());
        for ((new, best), changes) in documents.iter().zip(&mut compared).zip(&mut changes) {
            black_box(new.api());
            let start = Instant::now();
            *changes = judged(&old, new).changes.len();
            *best = (*best).min(start.elapsed());
        }
    }
    let each: Vec<String> = compared.iter().map(|took| format!("{:.2}", took.as_secs_f64() * 1e3)).collect();
    println!("one line of the newer changed, {PLACES} places; {changes:?} changes; {} ms", each.join(", "));
    // Both sides are read before they are compared.
    told("load both", loaded * 2, loaded * 2);
    if let Some(dearest) = compared.into_iter().max() {
        told("diff after it, the dearest place", dearest, loaded * 2);
    }
    Ok(())
}

/// What a process does with the bytes of two documents.
type Work = fn(Vec<u8>, Vec<u8>);

/// By name.
const WORKS: [(&str, Work); 3] = [
    ("serde_json parses both, in turn", |old, new| {
        let parse = |bytes: Vec<u8>| serde_json::from_slice::<Value>(&bytes).expect("a document of JSON");
        black_box((parse(old), parse(new)));
    }),
    ("serde_json parses both, on two cores", |old, new| {
        let parse = |bytes: Vec<u8>| serde_json::from_slice::<Value>(&bytes).expect("a document of JSON");
        std::thread::scope(|scope| {
            let new = scope.spawn(move || parse(new));
            black_box((parse(old), new.join().expect("a document of JSON")));
        });
    }),
    ("loads both, compares, prints", |old, new| {
        let load = |bytes: Vec<u8>| load(bytes, &roomy()).expect("the document was read before");
        let (old, new) = std::thread::scope(|scope| {
            let new = scope.spawn(move || load(new));
            (load(old), new.join().expect("the document was read before"))
        });
        black_box(serde_json::to_vec(&judged(&old, &new)).expect("a diff is JSON"));
    }),
];

fn work_alone(work: &str, old: &Path, new: &Path) -> Result<ExitCode, Box<dyn Error>> {
    let (_, work) = WORKS.iter().find(|(name, _)| *name == work).ok_or("no such work")?;
    let before = status("VmRSS:")?;
    work(fs::read(old)?, fs::read(new)?);
    println!("{}", status("VmHWM:")?.saturating_sub(before));
    Ok(ExitCode::SUCCESS)
}

fn processes(old: &Path, new: &Path, size: usize) -> Result<(), Box<dyn Error>> {
    let sundial = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sundial"));
        command.arg("diff").arg(old).arg(new).args(["--format", "json", "--fail-on", "never"]);
        command
    };
    let is_json = load(fs::read(new)?, &roomy())?.syntax() == Syntax::Json;
    let alone = |name: &str| -> Result<Command, Box<dyn Error>> {
        let mut command = Command::new(env::current_exe()?);
        command.arg("work").arg(name).arg(old).arg(new);
        Ok(command)
    };
    println!("whole processes");
    let mut best = vec![Duration::MAX; WORKS.len() + 1];
    let mut peaks = vec![0; WORKS.len()];
    for _ in 0..ROUNDS {
        for (place, (name, _)) in WORKS.iter().enumerate().filter(|(place, _)| is_json || *place == 2) {
            let start = Instant::now();
            let output = alone(name)?.output()?;
            best[place] = best[place].min(start.elapsed());
            peaks[place] = String::from_utf8(output.stdout)?.trim().parse::<u64>()?;
        }
        let start = Instant::now();
        let status = sundial().stdout(Stdio::null()).status()?;
        best[WORKS.len()] = best[WORKS.len()].min(start.elapsed());
        if !status.success() {
            return Err(format!("sundial diff: {status}").into());
        }
    }
    let measure = if is_json { best[0] } else { best[2] };
    let names = WORKS.iter().map(|(name, _)| *name).chain(["sundial diff --format json"]);
    for ((name, best), peak) in names.zip(best).zip(peaks.into_iter().map(Some).chain([None])) {
        if best < Duration::MAX {
            told(name, best, measure);
            if let Some(peak) = peak {
                println!(
                    "  {:<44} {:>9.2} x the bytes of both files",
                    "  peak memory",
                    peak as f64 / size as f64
                );
            }
        }
    }
    Ok(())
}

fn drift(pair: &[Vec<u8>; 2]) -> Result<(), Box<dyn Error>> {
    let (old, new) = (read(&pair[0]), read(&pair[1]));
    if old.dialect() != Dialect::V30 || new.dialect() != Dialect::V30 || old.syntax() != Syntax::Json {
        println!("drift: reads JSON of 3.0 alone");
        return Ok(());
    }
    let values: Vec<Value> =
        pair.iter().map(|side| serde_json::from_slice(side)).collect::<Result<_, _>>()?;
    let start = Instant::now();
    let theirs = std::panic::catch_unwind(|| ::drift::compare(&values[0], &values[1]));
    let took = start.elapsed();
    let said = match theirs {
        Ok(Ok(changes)) => format!("{} changes", changes.len()),
        Ok(Err(error)) => format!("{error:#}"),
        Err(_) => "it panicked".to_owned(),
    };
    println!("drift, both values in hand: {:.1} ms, {said}", took.as_secs_f64() * 1e3);
    Ok(())
}

fn npm(old: &Path, new: &Path) -> Result<(), Box<dyn Error>> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(".sundial/openapi-diff/node_modules/openapi-diff/bin/openapi-diff");
    if !program.is_file() {
        println!("openapi-diff: not installed (npm install --prefix .sundial/openapi-diff openapi-diff)");
        return Ok(());
    }
    let start = Instant::now();
    let mut command = Command::new("timeout");
    command.arg(PATIENCE.as_secs().to_string()).arg("node").arg(&program).args([old, new]);
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    let took = start.elapsed().as_secs_f64();
    match status.code() {
        Some(124) => println!("openapi-diff: not done within {PATIENCE:?}"),
        _ => println!("openapi-diff, whole process: {took:.1} s ({status})"),
    }
    Ok(())
}

fn told(name: &str, took: Duration, measure: Duration) {
    let ratio = took.as_secs_f64() / measure.as_secs_f64();
    println!("  {name:<44} {:>9.2} ms {ratio:>7.3}", took.as_secs_f64() * 1e3);
}

/// The largest neighbours of a folder, written to `copies` where they are kept packed.
fn chosen(copies: &Path) -> Result<[PathBuf; 2], Box<dyn Error>> {
    let root = env::var_os("SUNDIAL_CORPUS").map_or_else(|| PathBuf::from("specs/demo"), PathBuf::from);
    let mut largest: Option<(usize, [PathBuf; 2])> = None;
    let mut before: Option<(PathBuf, usize)> = None;
    for file in files(root)? {
        let bytes = bytes(&file)?;
        if load(&bytes, &roomy()).is_err() {
            continue;
        }
        if let Some((old, size)) = before.replace((file.clone(), bytes.len()))
            && old.parent() == file.parent()
            && largest.as_ref().is_none_or(|(most, _)| size + bytes.len() > *most)
        {
            largest = Some((size + bytes.len(), [old, file]));
        }
    }
    let (_, pair) = largest.ok_or("there are no two documents in one folder")?;
    let copies = pair.map(|file| -> Result<PathBuf, Box<dyn Error>> {
        let copy = copies.join(plain(&file));
        fs::write(&copy, bytes(&file)?)?;
        Ok(copy)
    });
    let [old, new] = copies;
    Ok([old?, new?])
}
