//! JSON text: what `serde_json` takes is taken, and says the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use sundial::spec::tree::NodeId;
use sundial::spec::{ProblemKind, Syntax, load};
use sundial_fuzz::{check, limits};

fuzz_target!(|data: &[u8]| {
    // A key that serde_json keeps for itself: it takes only what it wrote there.
    if data.windows(20).any(|part| part == b"$serde_json::private") {
        return;
    }
    let ours = load(data, &limits());
    let theirs = serde_json::from_slice::<Value>(data);
    match (&ours, theirs) {
        (Ok(document), Ok(value)) if document.syntax() == Syntax::Json => {
            assert_eq!(document.value(NodeId::ROOT), value);
        }
        // A number beyond f64 is kept here as it is written, and a byte order mark is no part of the text.
        (Ok(document), Err(error)) if document.syntax() == Syntax::Json => {
            let message = error.to_string();
            let marked = data.starts_with(b"\xEF\xBB\xBF");
            assert!(marked || message.starts_with("number out of range"), "{message}");
        }
        (Err(problem), Ok(value)) => assert!(
            !matches!(problem.kind, ProblemKind::Syntax | ProblemKind::Encoding) || !value.is_object(),
            "{problem}"
        ),
        _ => {}
    }
    if let Ok(document) = ours {
        check(&document);
    }
});
