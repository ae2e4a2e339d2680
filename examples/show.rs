//! tmp
use sundial::spec::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let read = |p: &str| {
        let b = std::fs::read(p).unwrap();
        let b = if p.ends_with("zst") { zstd::decode_all(b.as_slice()).unwrap() } else { b };
        load(&b, &Limits::default()).unwrap()
    };
    let t = std::time::Instant::now();
    let (o, n) = (read(&a[1]), read(&a[2]));
    o.api();
    n.api();
    eprintln!("load {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let d = sundial::diff::compare(&o, &n, &sundial::diff::Options::at("2026-06-30".parse().unwrap()));
    eprintln!("diff {:?}", t.elapsed());
    for c in &d.changes {
        println!(
            "{} {} {:?} {} | {} | {} {} | {} -> {}",
            c.level,
            c.rule,
            c.direction,
            c.message,
            c.operations.len(),
            c.old.as_ref().map(|p| p.pointer.clone()).unwrap_or_default(),
            c.new.as_ref().map(|p| format!("{}:{}", p.pointer.clone(), p.line)).unwrap_or_default(),
            c.before.to_string().chars().take(90).collect::<String>(),
            c.after.to_string().chars().take(90).collect::<String>()
        );
    }
    for r in sundial::diff::retire_reasons(&d) {
        println!("REASON {r}");
    }
}
