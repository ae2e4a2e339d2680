//! What several measurements of documents need.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use sundial::spec::Limits;

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Bounds that no document named here meets.
pub fn roomy() -> Limits {
    Limits { bytes: 1 << 30, nodes: 20_000_000, ..Limits::default() }
}

/// A file, unpacked where it is packed.
pub fn bytes(file: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let bytes = fs::read(file)?;
    let is_packed = file.extension().is_some_and(|end| end == "zst");
    Ok(if is_packed { zstd::decode_all(&bytes[..])? } else { bytes })
}

/// The file's name without that of its packing.
pub fn plain(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    name.strip_suffix(".zst").unwrap_or(&name).to_owned()
}

/// All files below a folder, in order.
pub fn files(folder: PathBuf) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    let mut todo = vec![folder];
    while let Some(at) = todo.pop() {
        if at.is_dir() {
            for entry in fs::read_dir(&at)? {
                todo.push(entry?.path());
            }
        } else {
            found.push(at);
        }
    }
    found.sort();
    Ok(found)
}

/// A line of the kernel's account of this process, in bytes: `VmRSS:`, `VmHWM:`.
pub fn status(field: &str) -> Result<u64, Box<dyn Error>> {
    let account = fs::read_to_string("/proc/self/status")?;
    let line = account.lines().find_map(|line| line.strip_prefix(field)).ok_or("no such line")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
}
