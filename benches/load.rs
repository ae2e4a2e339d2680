//! What reading a document costs, against parsers that only read it.
//!
//! For JSON the measure is `serde_json` parsing the same bytes into a `Value`, for YAML the bare
//! events of the parser that ours stands on. Plain timing in one run, the contestants in turns, best
//! of several rounds, told as ratios; a second pair of columns counts letting go of the result too.
//! Memory is the peak of a process of its own for each contestant, over what it had before.
//!
//! The documents are those named as arguments, else the largest JSON and the largest YAML below
//! `SUNDIAL_CORPUS`, else those of the demo.

use std::env;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use granit_parser::Parser;
use serde_json::Value;
use sundial::spec::{Dialect, Syntax, load, validate};

mod shared;

use shared::{bytes, files, plain, roomy, status};

const ROUNDS: usize = 12;

/// A way to read a document, and for what.
struct Contestant {
    name: &'static str,
    applies: fn(Syntax, Dialect) -> bool,
    read: fn(Vec<u8>) -> Held,
}

/// What was read, kept until the clock has stopped. The fields are held, never looked at.
#[expect(dead_code, reason = "a result is only kept alive")]
enum Held {
    Value(Value),
    Typed(Box<openapiv3::OpenAPI>),
    Document(Box<sundial::spec::Document>),
    Count(usize),
}

/// The first that applies is the measure of the others.
const CONTESTANTS: [Contestant; 6] = [
    Contestant {
        name: "serde_json into a Value",
        applies: |syntax, _| syntax == Syntax::Json,
        read: |bytes| Held::Value(serde_json::from_slice(&bytes).expect("the document was read before")),
    },
    Contestant {
        name: "events of the YAML parser",
        applies: |syntax, _| syntax == Syntax::Yaml,
        read: |bytes| {
            let text = std::str::from_utf8(&bytes).expect("the document was read before");
            let events = Parser::new_from_str(text);
            Held::Count(events.filter(|event| event.is_ok()).count())
        },
    },
    Contestant {
        name: "raw tree: duplicates, places, hashes",
        applies: |_, _| true,
        read: |bytes| Held::Document(Box::new(load(bytes, &roomy()).expect("the document was read before"))),
    },
    Contestant {
        name: "to the model",
        applies: |_, _| true,
        read: |bytes| {
            let document = load(bytes, &roomy()).expect("the document was read before");
            black_box(document.api());
            Held::Document(Box::new(document))
        },
    },
    Contestant {
        name: "to the model, and judged",
        applies: |_, _| true,
        read: |bytes| {
            let document = load(bytes, &roomy()).expect("the document was read before");
            Held::Count(validate::validate(&document).len())
        },
    },
    Contestant {
        name: "openapiv3, typed",
        applies: |syntax, dialect| syntax == Syntax::Json && dialect == Dialect::V30,
        read: |bytes| match serde_json::from_slice(&bytes) {
            Ok(typed) => Held::Typed(Box::new(typed)),
            Err(_) => Held::Count(0),
        },
    },
];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [mode, name, file] = &args[..]
        && mode == "hold"
    {
        return hold(name, Path::new(file));
    }
    let folder = tempfile::tempdir()?;
    let files =
        if args.is_empty() { chosen(folder.path())? } else { args.iter().map(PathBuf::from).collect() };
    for file in files {
        judge(&file)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn judge(file: &Path) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(file)?;
    let document = load(&bytes, &roomy())?;
    let (syntax, dialect) = (document.syntax(), document.dialect());
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    println!(
        "{name}: {} bytes, {} {syntax}, {} values",
        bytes.len(),
        document.format(),
        document.tree().len()
    );
    drop(document);
    let race: Vec<&Contestant> = CONTESTANTS.iter().filter(|each| (each.applies)(syntax, dialect)).collect();
    let mut best = vec![[Duration::MAX; 2]; race.len()];
    for _ in 0..ROUNDS {
        for (contestant, best) in race.iter().zip(&mut best) {
            let given = bytes.clone();
            let start = Instant::now();
            let held = (contestant.read)(given);
            let read = start.elapsed();
            drop(held);
            *best = [best[0].min(read), best[1].min(start.elapsed())];
        }
    }
    println!("  {:<38} {:>9} {:>6}   {:>9} {:>6}   {:>7}", "", "read", "x", "and freed", "x", "memory");
    for (contestant, times) in race.iter().zip(&best) {
        let cell = |column: usize| {
            let ratio = times[column].as_secs_f64() / best[0][column].as_secs_f64();
            format!("{:>6.2} ms {ratio:>6.2}", times[column].as_secs_f64() * 1e3)
        };
        let peak = peak(contestant.name, file)?;
        println!(
            "  {:<38} {}   {}   {:>6.2} x",
            contestant.name,
            cell(0),
            cell(1),
            peak as f64 / bytes.len() as f64
        );
    }
    Ok(())
}

/// Peak memory of a process that does nothing but read the file this way, over what it had before.
fn peak(contestant: &str, file: &Path) -> Result<u64, Box<dyn Error>> {
    let output = Command::new(env::current_exe()?).arg("hold").arg(contestant).arg(file).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

fn hold(name: &str, file: &Path) -> Result<ExitCode, Box<dyn Error>> {
    let contestant = CONTESTANTS.iter().find(|each| each.name == name).ok_or("no such contestant")?;
    let before = status("VmRSS:")?;
    let held = (contestant.read)(fs::read(file)?);
    let peak = status("VmHWM:")?;
    drop(held);
    println!("{}", peak.saturating_sub(before));
    Ok(ExitCode::SUCCESS)
}

/// The largest document of each syntax, written to `folder` where it is kept packed.
fn chosen(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let root = env::var_os("SUNDIAL_CORPUS").map_or_else(|| PathBuf::from("specs/demo"), PathBuf::from);
    let mut largest: [Option<(usize, PathBuf)>; 2] = [None, None];
    for at in files(root)? {
        let plain = plain(&at);
        let place = match plain.rsplit_once('.') {
            Some((_, "json")) => 0,
            Some((_, "yaml" | "yml")) => 1,
            _ => continue,
        };
        let bytes = bytes(&at)?;
        let is_larger = largest[place].as_ref().is_none_or(|(size, _)| bytes.len() > *size);
        if is_larger && load(&bytes, &roomy()).is_ok() {
            let copy = folder.join(&plain);
            fs::write(&copy, &bytes)?;
            largest[place] = Some((bytes.len(), copy));
        }
    }
    Ok(largest.into_iter().flatten().map(|(_, file)| file).collect())
}
