//! References: every pointer of the text is made to lead somewhere else in the document, so that
//! chains, circles and leaps into odd places come up far more often than by changing letters.

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::Value;
use sundial::spec::load;
use sundial_fuzz::{check, limits, structure};

fuzz_mutator!(|data: &mut [u8], size: usize, longest: usize, seed: u32| {
    structure::mutate(data, size, longest, seed, 8)
});

fuzz_target!(|data: &[u8]| {
    let Some((choices, text)) = data.split_first_chunk::<8>() else { return };
    let Ok(Value::Object(members)) = serde_json::from_slice(text) else { return };
    let mut document = Value::Object(members);
    let pointers = structure::containers(&document);
    let mut turn = 0;
    redirect(&mut document, &mut |reference| {
        let choice = usize::from(choices[turn % 8]).wrapping_mul(turn + 1);
        turn += 1;
        // Now and then it stays what it was.
        if !choice.is_multiple_of(3) && !pointers.is_empty() {
            *reference = format!("#{}", pointers[choice % pointers.len()]);
        }
    });
    let Ok(document) = load(document.to_string().as_bytes(), &limits()) else { return };
    check(&document);
    for operation in &document.api().operations {
        for parameter in &operation.parameters {
            let schema = parameter.schema.map(|id| document.api().schemas.resolve(id));
            assert!(schema.is_none_or(|id| {
                document.locate(&document.pointer(document.api().schemas.get(id).node)).is_some()
            }));
        }
    }
});

fn redirect(value: &mut Value, change: &mut impl FnMut(&mut String)) {
    match value {
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                match member {
                    Value::String(text) if key == "$ref" || key == "$dynamicRef" => change(text),
                    other => redirect(other, change),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| redirect(item, change)),
        _ => {}
    }
}
