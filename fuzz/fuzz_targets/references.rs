//! References: every pointer of the text is made to lead somewhere else in the document, so that
//! chains, circles and leaps into odd places come up far more often than by changing letters.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use sundial::spec::load;
use sundial_fuzz::{check, limits};

fuzz_target!(|data: &[u8]| {
    let Some((choices, text)) = data.split_first_chunk::<8>() else { return };
    let Ok(Value::Object(members)) = serde_json::from_slice(text) else { return };
    let mut document = Value::Object(members);
    let mut pointers = Vec::new();
    list(&document, String::new(), &mut pointers);
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

fn list(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    if pointers.len() > 500 {
        return;
    }
    let token = |key: &str| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| list(value, token(key), pointers)),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, item)| list(item, token(&index.to_string()), pointers));
        }
        _ => return,
    }
    pointers.push(pointer);
}

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
