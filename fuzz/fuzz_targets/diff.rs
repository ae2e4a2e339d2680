//! Two documents compared, there and back: it ends, nothing breaks without a value or a call that shows it,
//! what is equal is called so, and what the diff says reads back.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::Value;
use sundial::diff::{Diff, Level, Options, Verdict, compare};
use sundial::spec::{Document, load};
use sundial_fuzz::{limits, structure};

fuzz_mutator!(|data: &mut [u8], size: usize, longest: usize, seed: u32| {
    structure::mutate(data, size, longest, seed, 0)
});

fuzz_target!(|data: &[u8]| {
    let Ok(Value::Array(pair)) = serde_json::from_slice(data) else { return };
    let [old, new] = &pair[..] else { return };
    let read = |side: &Value| load(side.to_string().as_bytes(), &limits()).ok();
    let (Some(old), Some(new)) = (read(old), read(new)) else { return };
    let there = judged(&old, &new);
    let back = judged(&new, &old);
    assert_eq!(there.verdict == Verdict::Identical, back.verdict == Verdict::Identical);
    assert_eq!(judged(&old, &old).verdict, Verdict::Identical);
});

fn judged(old: &Document, new: &Document) -> Diff {
    let now = "2026-06-30T12:00:00Z".parse().expect("an instant");
    let diff = compare(old, new, &Options::at(now));
    for change in &diff.changes {
        let is_shown = change.witness.is_some();
        assert!(change.level != Level::Breaking || is_shown, "breaking without a witness: {change:?}");
        let reason = change.undecided.as_deref().unwrap_or_default();
        assert!(!reason.contains("does not fit"), "a value that is none: {change:?}");
    }
    let text = serde_json::to_string(&diff).expect("a diff is JSON");
    assert_eq!(serde_json::from_str::<Diff>(&text).expect("a diff reads back"), diff);
    diff
}
