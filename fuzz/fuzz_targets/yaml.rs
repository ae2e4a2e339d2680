//! YAML text: what was read says the same when it is printed as JSON and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sundial::spec::tree::NodeId;
use sundial::spec::{Syntax, load};
use sundial_fuzz::{check, limits};

fuzz_target!(|data: &[u8]| {
    let Ok(document) = load(data, &limits()) else { return };
    if document.syntax() != Syntax::Yaml {
        return;
    }
    check(&document);
    let printed = document.print(Syntax::Json);
    if printed.len() < limits().bytes {
        let again = load(printed.as_bytes(), &limits()).expect("JSON of our own");
        assert_eq!(document.value_hash(NodeId::ROOT), again.value_hash(NodeId::ROOT));
        assert_eq!(document.api().hash, again.api().hash);
    }
});
