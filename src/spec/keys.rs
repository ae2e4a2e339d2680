//! Interned keys: each text once, compared by number from then on.
//!
//! Not a general map: nothing is ever removed. The hash is seeded anew for each document, so that
//! no author can prepare keys that collide.

use std::hash::{BuildHasher, RandomState};

use super::tree::KeyId;

/// No key: there are fewer.
const NONE: KeyId = KeyId(u32::MAX);

/// The keys of one document.
#[derive(Debug)]
pub(super) struct Keys {
    text: String,
    /// By number.
    all: Vec<Key>,
    /// Open addressing: low half of the hash and key number plus one; zero is free.
    slots: Vec<(u32, u32)>,
    at: Spot,
    seed: (u64, u64),
}

/// Where the next key is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Spot {
    /// In the object that this key had, next to it.
    After(KeyId),
    /// First in what this key has.
    Inside(KeyId),
}

#[derive(Clone, Copy, Debug)]
struct Key {
    start: u32,
    end: u32,
    /// The one that came after it last, and the one that was the first inside. Objects of one sort
    /// name their keys in one order, so that most keys are found by one comparison.
    after: KeyId,
    inside: KeyId,
    /// Whether JSON writes it as it is. Others are not foretold.
    is_plain: bool,
}

impl Keys {
    pub(super) fn new() -> Self {
        let random = RandomState::new();
        Self {
            text: String::new(),
            all: Vec::new(),
            slots: vec![(0, 0); 256],
            at: Spot::Inside(NONE),
            seed: (random.hash_one(1_u8) | 1, random.hash_one(2_u8) | 1),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn text(&self, key: KeyId) -> &str {
        let key = self.all[key.0 as usize];
        &self.text[key.start as usize..key.end as usize]
    }

    /// Whether a key has this text.
    pub(super) fn is(&self, key: KeyId, text: &str) -> bool {
        self.bytes(self.all[key.0 as usize]) == text.as_bytes()
    }

    fn bytes(&self, key: Key) -> &[u8] {
        &self.text.as_bytes()[key.start as usize..key.end as usize]
    }

    /// All keys, by number.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|key| &self.text[key.start as usize..key.end as usize])
    }

    pub(super) fn find(&self, text: &str) -> Option<KeyId> {
        self.probe(text, self.hash(text)).ok()
    }

    /// The key beside or within which the next one is read.
    pub(super) const fn here(&self) -> KeyId {
        let (Spot::After(key) | Spot::Inside(key)) = self.at;
        key
    }

    /// Says where the next key is read, if it is not the one after the last.
    pub(super) const fn go(&mut self, at: Spot) {
        self.at = at;
    }

    /// The likely key, the one that came here last, where `text` begins with it and a quote; and how
    /// long it is.
    pub(super) fn likely(&mut self, text: &[u8]) -> Option<(KeyId, usize)> {
        let next = match self.at {
            Spot::After(key) => self.all.get(key.0 as usize)?.after,
            Spot::Inside(key) => self.all.get(key.0 as usize)?.inside,
        };
        let known = self.bytes(*self.all.get(next.0 as usize)?);
        let is_next = text.get(known.len()) == Some(&b'"') && text[..known.len()] == *known;
        let length = known.len();
        is_next.then(|| {
            self.at = Spot::After(next);
            (next, length)
        })
    }

    pub(super) fn intern(&mut self, text: &str) -> KeyId {
        let key = self.look_up(text);
        let next = if self.all[key.0 as usize].is_plain { key } else { NONE };
        let here = self.here();
        if let Some(here) = self.all.get_mut(here.0 as usize) {
            *(if let Spot::After(_) = self.at { &mut here.after } else { &mut here.inside }) = next;
        }
        self.at = Spot::After(key);
        key
    }

    fn look_up(&mut self, text: &str) -> KeyId {
        let hash = self.hash(text);
        match self.probe(text, hash) {
            Ok(key) => key,
            Err(slot) => {
                // Keys are fewer than the bytes of a document, which are counted in 32 bits.
                let key = KeyId(u32::try_from(self.all.len()).unwrap_or(u32::MAX - 1));
                let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
                let start = offset(self.text.len());
                self.text.push_str(text);
                let is_plain = !text.bytes().any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\'));
                self.all.push(Key {
                    start,
                    end: offset(self.text.len()),
                    after: NONE,
                    inside: NONE,
                    is_plain,
                });
                self.slots[slot] = (short(hash), key.0 + 1);
                if self.all.len() * 2 > self.slots.len() {
                    self.grow();
                }
                key
            }
        }
    }

    /// The key, or the free slot where it belongs.
    fn probe(&self, text: &str, hash: u64) -> Result<KeyId, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = slot_of(hash, mask);
        loop {
            match self.slots[slot] {
                (_, 0) => return Err(slot),
                (part, number) if part == short(hash) && self.is(KeyId(number - 1), text) => {
                    return Ok(KeyId(number - 1));
                }
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![(0, 0); mask + 1];
        for number in 0..self.all.len() {
            let number = u32::try_from(number).unwrap_or(u32::MAX - 1);
            let hash = self.hash(self.text(KeyId(number)));
            let mut slot = slot_of(hash, mask);
            while slots[slot].1 != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = (short(hash), number + 1);
        }
        self.slots = slots;
    }

    /// Seeded multiply-and-fold over words of eight bytes; the last word may overlap the one before.
    fn hash(&self, text: &str) -> u64 {
        let bytes = text.as_bytes();
        let (mut state, multiplier) = self.seed;
        state ^= bytes.len() as u64;
        let last = match (bytes.last_chunk::<8>(), bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(last), ..) => {
                let mut rest = bytes;
                while let Some((word, after)) =
                    rest.split_first_chunk::<8>().filter(|(_, after)| !after.is_empty())
                {
                    state = fold(state ^ u64::from_le_bytes(*word), multiplier);
                    rest = after;
                }
                u64::from_le_bytes(*last)
            }
            (None, Some(first), Some(last)) => {
                u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
            }
            _ => bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
        };
        fold(fold(state ^ last, multiplier), self.seed.0)
    }
}

fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    // Both halves are used.
    product as u64 ^ (product >> 64) as u64
}

/// A part of the hash suffices to tell most keys apart.
const fn short(hash: u64) -> u32 {
    hash as u32
}

/// The upper half, masked to the size of the table.
const fn slot_of(hash: u64, mask: usize) -> usize {
    (hash >> 32) as usize & mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_keeps_its_number_while_the_table_grows() {
        let mut keys = Keys::new();
        let numbers: Vec<KeyId> = (0..5_000).map(|n| keys.intern(&format!("key-{n}"))).collect();
        assert_eq!(keys.len(), 5_000);
        for (n, number) in numbers.iter().enumerate() {
            assert_eq!(keys.text(*number), format!("key-{n}"));
            assert_eq!(keys.find(&format!("key-{n}")), Some(*number));
            assert_eq!(keys.intern(&format!("key-{n}")), *number);
        }
        assert_eq!(keys.find("another"), None);
    }

    #[test]
    fn the_next_key_is_foretold_around_what_stands_between() {
        let mut keys = Keys::new();
        let foretold = |keys: &mut Keys, text: &str| {
            let found = keys.likely(format!("{text}\": 1").as_bytes());
            found.map(|(key, length)| (keys.text(key).to_owned(), length))
        };
        // `{"outer": {"inner": …}, "next": …}`, twice.
        let outer = keys.intern("outer");
        keys.go(Spot::Inside(keys.here()));
        assert_eq!(foretold(&mut keys, "inner"), None);
        keys.intern("inner");
        keys.go(Spot::After(outer));
        keys.intern("next");
        keys.intern("outer");
        keys.go(Spot::Inside(keys.here()));
        assert_eq!(foretold(&mut keys, "inn"), None);
        assert_eq!(foretold(&mut keys, "inner"), Some(("inner".into(), 5)));
        keys.go(Spot::After(outer));
        assert_eq!(foretold(&mut keys, "next"), Some(("next".into(), 4)));
    }

    #[test]
    fn the_empty_key_is_a_key() {
        let mut keys = Keys::new();
        let empty = keys.intern("");
        assert_eq!(keys.text(empty), "");
        assert_eq!(keys.find(""), Some(empty));
    }
}
