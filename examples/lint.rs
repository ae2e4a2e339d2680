//! tmp
use sundial::spec::*;
fn main() { for p in std::env::args().skip(1) { let b = std::fs::read(&p).unwrap(); let b = if p.ends_with("zst") { zstd::decode_all(b.as_slice()).unwrap() } else { b }; let d = load(&b, &Limits::default()).unwrap(); let t = std::time::Instant::now(); let l = sundial::lint::lint(&d); println!("{p} {:?} {:?}", l.summary, t.elapsed()); let mut m = std::collections::BTreeMap::<String, usize>::new(); for f in &l.findings { *m.entry(f.rule.to_string()).or_default() += 1; } println!("   {m:?}"); } }
