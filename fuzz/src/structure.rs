//! Changes to the structure of a JSON text: letters changed at random seldom leave JSON, and a word put in
//! at random seldom stands where it means something.

use std::sync::LazyLock;

use serde_json::{Map, Value};

/// The whole members among the words of the dictionary.
static MEMBERS: LazyLock<Vec<(String, Value)>> = LazyLock::new(|| {
    let lines = include_str!("../words.dict").lines().filter(|line| line.starts_with("\"\\\""));
    let member = |line: &str| {
        let text: String = serde_json::from_str(line).expect("a quoted word");
        let text = format!("{{{}}}", text.trim_end_matches(','));
        let object: Map<String, Value> = serde_json::from_str(&text).expect("a whole member");
        object.into_iter().next().expect("one member")
    };
    lines.map(member).collect()
});

/// A mutator for a text of JSON behind `head` other bytes: three times of four it puts in, copies or takes
/// out members and items, else libFuzzer does what it does to any bytes.
pub fn mutate(data: &mut [u8], size: usize, longest: usize, seed: u32, head: usize) -> usize {
    let mut dice = Dice(u64::from(seed));
    if dice.roll(4) > 0
        && let Some(changed) = data.get(head..size).and_then(|text| change(text, &mut dice))
        && let Some(room) = data[..longest].get_mut(head..head + changed.len())
    {
        room.copy_from_slice(changed.as_bytes());
        return head + changed.len();
    }
    libfuzzer_sys::fuzzer_mutate(data, size, longest)
}

fn change(text: &[u8], dice: &mut Dice) -> Option<String> {
    let mut document: Value = serde_json::from_slice(text).ok()?;
    for _ in 0..=dice.roll(3) {
        let places = containers(&document);
        let copied = document.pointer(dice.pick(&places)?)?.clone();
        let place = document.pointer_mut(dice.pick(&places)?)?;
        match dice.roll(4) {
            0 => take_out(place, dice),
            1 => put_in(place, dice.pick(&MEMBERS)?.0.clone(), copied),
            // Few words mean much alone.
            _ => {
                for _ in 0..=dice.roll(4) {
                    let (key, value) = dice.pick(&MEMBERS)?.clone();
                    put_in(place, key, value);
                }
            }
        }
    }
    Some(document.to_string())
}

fn put_in(place: &mut Value, key: String, value: Value) {
    match place {
        Value::Object(members) => {
            members.insert(key, value);
        }
        Value::Array(items) => items.push(value),
        _ => {}
    }
}

fn take_out(place: &mut Value, dice: &mut Dice) {
    match place {
        Value::Object(members) => {
            let keys: Vec<String> = members.keys().cloned().collect();
            if let Some(key) = dice.pick(&keys) {
                members.shift_remove(key);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            items.remove(dice.roll(items.len()));
        }
        _ => {}
    }
}

/// Pointers to the objects and arrays of a value.
pub fn containers(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    list(value, String::new(), &mut found);
    found
}

fn list(value: &Value, pointer: String, found: &mut Vec<String>) {
    if found.len() > 500 {
        return;
    }
    let token = |key: &str| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| list(value, token(key), found)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| list(item, token(&index.to_string()), found));
        }
        _ => return,
    }
    found.push(pointer);
}

/// Chance that a seed decides (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % sides as u64) as usize
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        (!of.is_empty()).then(|| &of[self.roll(of.len())])
    }
}
