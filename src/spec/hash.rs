//! Hashes that stand for structure: equal hashes mean equal parts, within one run of the program.
//!
//! No digest to keep or to show: it is keyed by randomness that never leaves the process, so that
//! nobody can write a document whose parts collide, and it costs a few nanoseconds a node where
//! SHA-256 costs sixty. Two lanes with keys of their own, each word folded in by a full
//! multiplication (as in wyhash), give 128 bits.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, BuildHasherDefault, RandomState};
use std::sync::LazyLock;

/// Structural hash, prose apart. Equal hashes mean equal structure, across documents and versions
/// of OpenAPI; another run of the program gives other hashes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hash(pub u128);

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// What nobody outside the process knows: where the lanes start, and what they multiply by.
struct Secret {
    starts: [u64; 2],
    /// Added to the starts, by sort of value: `null`, `false`, `true`, string, number, list, object.
    sorts: [u64; 8],
    by: [u64; 2],
    /// By which lengths are multiplied before they go in.
    lengths: [u64; 2],
}

static SECRET: LazyLock<Secret> = LazyLock::new(|| {
    let random = RandomState::new();
    let word = |n: usize| random.hash_one(n);
    Secret {
        starts: [word(0), word(1)],
        sorts: std::array::from_fn(|sort| word(16 + sort)),
        // Odd, so that no bit of a word is lost.
        by: [word(2) | 1, word(3) | 1],
        lengths: [word(4) | 1, word(5) | 1],
    }
});

const TEXT: usize = 3;
const NUMBER: usize = 4;
const LIST: usize = 5;
const OBJECT: usize = 6;
const PARTS: usize = 7;

/// Builds a [`Hash`] from labelled parts; each part carries its length, so that no two sequences
/// of parts look the same.
#[derive(Clone)]
pub(super) struct Hasher {
    low: u64,
    high: u64,
    secret: &'static Secret,
}

impl Hasher {
    pub(super) fn new(label: &str) -> Self {
        let mut hasher = Self::of(PARTS);
        hasher.text(label);
        hasher
    }

    #[inline]
    fn of(sort: usize) -> Self {
        let secret = &*SECRET;
        let [low, high] = secret.starts;
        let sort = secret.sorts[sort];
        Self { low: low ^ sort, high: high ^ sort.rotate_left(32), secret }
    }

    /// Takes in sixteen bytes.
    #[inline]
    fn step(&mut self, one: u64, other: u64) {
        let [low, high] = self.secret.by;
        self.low = fold(self.low ^ one, low ^ other);
        self.high = fold(self.high ^ other, high ^ one);
    }

    #[inline]
    fn length(&mut self, length: usize) {
        let [low, high] = self.secret.lengths;
        self.low ^= (length as u64).wrapping_mul(low);
        self.high ^= (length as u64).wrapping_mul(high);
    }

    #[inline]
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        let bytes = text.as_bytes();
        self.length(bytes.len());
        let mut rest = bytes;
        while let Some((words, after)) = rest.split_first_chunk::<16>().filter(|(_, after)| !after.is_empty())
        {
            let word = u128::from_le_bytes(*words);
            self.step(word as u64, (word >> 64) as u64);
            rest = after;
        }
        // The last words may overlap with those before, and each other: the length tells which do.
        let (one, other) = match rest.len() {
            0..4 => (rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
            4..8 => (
                ends(rest.first_chunk::<4>(), u32::from_le_bytes),
                ends(rest.last_chunk::<4>(), u32::from_le_bytes),
            ),
            _ => (
                ends(rest.first_chunk::<8>(), u64::from_le_bytes),
                ends(rest.last_chunk::<8>(), u64::from_le_bytes),
            ),
        };
        self.step(one, other);
        self
    }

    pub(super) fn flags<const N: usize>(&mut self, flags: [bool; N]) -> &mut Self {
        self.number(flags.into_iter().fold(1, |bits, flag| bits << 1 | u64::from(flag)))
    }

    pub(super) fn number(&mut self, number: u64) -> &mut Self {
        self.step(number, 8);
        self
    }

    #[inline]
    pub(super) fn hash(&mut self, hash: Hash) -> &mut Self {
        self.step(hash.0 as u64, (hash.0 >> 64) as u64);
        self
    }

    /// A list, followed by its length.
    pub(super) fn hashes(&mut self, hashes: impl IntoIterator<Item = Hash>) -> &mut Self {
        let mut count = 0;
        for hash in hashes {
            self.hash(hash);
            count += 1;
        }
        self.length(count);
        self.step(0, 0);
        self
    }

    /// A set: order and repetition do not matter.
    pub(super) fn set(&mut self, hashes: impl IntoIterator<Item = Hash>) -> &mut Self {
        let mut hashes: Vec<Hash> = hashes.into_iter().collect();
        hashes.sort_unstable();
        hashes.dedup();
        self.hashes(hashes)
    }

    #[inline]
    pub(super) fn finish(&self) -> Hash {
        Hash(u128::from(self.high) << 64 | u128::from(self.low))
    }
}

/// Both halves of the product.
#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

/// The bytes at one end as a word; zero where there are not so many.
#[inline]
fn ends<const N: usize, W: Into<u64>>(bytes: Option<&[u8; N]>, word: fn([u8; N]) -> W) -> u64 {
    bytes.map_or(0, |bytes| word(*bytes).into())
}

/// A map whose keys are hashes already.
pub(super) type ByHash<V> = HashMap<Hash, V, BuildHasherDefault<Passed>>;

/// A set of hashes.
pub(super) type HashSet = std::collections::HashSet<Hash, BuildHasherDefault<Passed>>;

/// Passes on what is a hash already.
#[derive(Default)]
pub(super) struct Passed(u64);

impl std::hash::Hasher for Passed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |word, byte| word.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u128(&mut self, hash: u128) {
        self.0 = hash as u64;
    }
}

/// Hashes of `null`, `false` and `true`.
pub(super) fn of_words() -> [Hash; 3] {
    [0, 1, 2].map(|sort| {
        let mut hasher = Hasher::of(sort);
        hasher.step(0, 0);
        hasher.finish()
    })
}

/// Hash of a string, a key among them.
#[inline]
pub(super) fn of_text(text: &str) -> Hash {
    Hasher::of(TEXT).text(text).finish()
}

/// Hash of a number, the same for all its spellings.
pub(super) fn of_number(text: &str) -> Hash {
    let mut hasher = Hasher::of(NUMBER);
    let bytes = text.as_bytes();
    let is_plain = bytes.iter().all(u8::is_ascii_digit)
        && !matches!(bytes.first(), None | Some(b'0'))
        && bytes.last() != Some(&b'0');
    if is_plain {
        // Most numbers are written as they would be rewritten.
        hasher.text(text).text("0");
    } else {
        let canonical = super::value::canonical_number(text);
        let (digits, exponent) = canonical.split_once('e').unwrap_or((&canonical, "0"));
        hasher.text(digits).text(exponent);
    }
    hasher.finish()
}

/// Hash of a list.
pub(super) fn of_items(items: impl IntoIterator<Item = Hash>) -> Hash {
    Hasher::of(LIST).hashes(items).finish()
}

/// Hash of an object from the hashes of its keys and values, whose order does not matter: those of
/// its members are summed up.
#[inline]
pub(super) fn of_members(members: impl IntoIterator<Item = (Hash, Hash)>) -> Hash {
    let mut hasher = Hasher::of(OBJECT);
    let [low, high] = hasher.secret.by;
    let mut sum = [0_u64; 2];
    let mut count = 0;
    for (key, value) in members {
        sum[0] = sum[0].wrapping_add(fold(key.0 as u64 ^ low, value.0 as u64 ^ high));
        sum[1] = sum[1].wrapping_add(fold((key.0 >> 64) as u64 ^ low, (value.0 >> 64) as u64 ^ high));
        count += 1;
    }
    hasher.length(count);
    hasher.step(sum[0], sum[1]);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_do_not_run_into_each_other() {
        let of = |parts: &[&str]| {
            let mut hasher = Hasher::new("test");
            for part in parts {
                hasher.text(part);
            }
            hasher.finish()
        };
        let distinct: [&[&str]; 9] = [
            &[],
            &[""],
            &["", ""],
            &["ab", "c"],
            &["a", "bc"],
            &["abc"],
            &["abcdefgh", "i"],
            &["abcdefghi"],
            &["abcdefgh", "\0"],
        ];
        for (index, one) in distinct.iter().enumerate() {
            assert_eq!(of(one), of(one));
            for other in &distinct[index + 1..] {
                assert_ne!(of(one), of(other), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn members_have_no_order_and_values_belong_to_their_keys() {
        let [a, b, x, y] = ["a", "b", "x", "y"].map(of_text);
        assert_eq!(of_members([(a, x), (b, y)]), of_members([(b, y), (a, x)]));
        assert_ne!(of_members([(a, x), (b, y)]), of_members([(a, y), (b, x)]));
        assert_ne!(of_members([(a, x)]), of_members([(a, x), (b, y)]));
        assert_ne!(of_items([x, y]), of_items([y, x]));
        assert_ne!(of_items([]), of_members([]));
    }

    #[test]
    fn spellings_of_a_number_hash_alike() {
        for (one, other) in [("1", "1.0"), ("12", "1.2e1"), ("-5", "-50e-1"), ("0", "-0.0"), ("7", "0.7E1")] {
            assert_eq!(of_number(one), of_number(other), "{one} {other}");
        }
        for (one, other) in [("1", "10"), ("1", "-1"), ("12", "21")] {
            assert_ne!(of_number(one), of_number(other), "{one} {other}");
        }
    }

    /// Ten thousand short texts and the numbers in them: a lane that loses bits shows at once.
    #[test]
    fn near_texts_differ_in_both_halves() {
        let mut low = std::collections::HashSet::new();
        let mut high = std::collections::HashSet::new();
        for n in 0..10_000 {
            for hash in [of_text(&n.to_string()), of_number(&n.to_string())] {
                assert!(low.insert(hash.0 as u64) && high.insert((hash.0 >> 64) as u64), "{n}");
            }
        }
    }
}
