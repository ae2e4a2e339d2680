//! One text read as 2.0, 3.0, 3.1 and 3.2 in turn: words of one version in documents of another.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::{Map, Value};
use sundial::spec::{Dialect, load, validate};
use sundial_fuzz::{check, limits, structure};

fuzz_mutator!(|data: &mut [u8], size: usize, longest: usize, seed: u32| {
    structure::mutate(data, size, longest, seed, 0)
});

fuzz_target!(|data: &[u8]| {
    let Ok(Value::Object(members)) = serde_json::from_slice(data) else { return };
    for (key, version) in
        [("swagger", "2.0"), ("openapi", "3.0.4"), ("openapi", "3.1.1"), ("openapi", "3.2.0")]
    {
        let mut document = Map::new();
        document.insert(key.into(), version.into());
        let others = members.iter().filter(|(key, _)| !matches!(key.as_str(), "openapi" | "swagger"));
        document.extend(others.map(|(key, value)| (key.clone(), value.clone())));
        let Ok(document) = load(Value::Object(document).to_string().as_bytes(), &limits()) else { return };
        check(&document);
        #[cfg(feature = "planted")]
        planted(&document);
        // Judging takes a hundred times as long as reading.
        if document.dialect() == Dialect::V31 && data.len().is_multiple_of(64) {
            for fault in validate::validate(&document) {
                assert!(!fault.message.is_empty() && fault.rule != "judge-failed", "{fault:?}");
            }
        }
    }
});

/// Three branches deep: a parameter of the query, an integer, that has a longest length. No seed has
/// one.
#[cfg(feature = "planted")]
fn planted(document: &sundial::spec::Document) {
    use sundial::spec::model::Location;
    use sundial::spec::schema::Type;

    let api = document.api();
    for parameter in api.operations.iter().flat_map(|operation| &operation.parameters) {
        if parameter.location == Location::Query
            && let Some(schema) = parameter.schema.map(|id| api.schemas.get(id))
            && schema.types.is_some_and(|types| types.contains(Type::Integer))
            && schema.max_length().is_some()
        {
            panic!("planted");
        }
    }
}
