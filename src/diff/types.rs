//! Sets of JSON types, null apart: how they compare and what they are called.

use serde_json::Value;

/// A set of JSON types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Types(u8);

impl Types {
    /// Every type but null.
    pub const ANY: Self = Self(0b11_1111);
    const NAMES: [(&'static str, u8); 6] = [
        ("boolean", 0b1),
        ("integer", 0b10),
        // Every integer is a number.
        ("number", 0b110),
        ("string", 0b1000),
        ("array", 0b1_0000),
        ("object", 0b10_0000),
    ];
    const SCALARS: u8 = 0b1111;

    /// The set of the named types; null is kept apart, unknown names are ignored.
    #[must_use]
    pub fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let bits = names.into_iter().filter_map(Self::bit);
        Self(bits.fold(0, |all, bit| all | bit))
    }

    fn bit(name: &str) -> Option<u8> {
        let known = Self::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|(_, bit)| *bit)
    }

    /// Whether values of the named type are in the set.
    #[must_use]
    pub fn has(self, name: &str) -> bool {
        Self::bit(name).is_some_and(|bit| self.0 & bit == bit)
    }

    /// Whether some number is in the set.
    #[must_use]
    pub const fn has_numbers(self) -> bool {
        self.0 & 0b110 != 0
    }

    /// Whether the only numbers in the set are whole ones.
    #[must_use]
    pub const fn has_integers_alone(self) -> bool {
        self.0 & 0b110 == 0b10
    }

    /// Whether every value in the set is a number.
    #[must_use]
    pub const fn only_numbers(self) -> bool {
        self.0 != 0 && self.0 & !0b110 == 0
    }

    /// The types in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The types in either set.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` is in the set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the sets share a type.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The set as it is when values travel as text: a string can spell every scalar.
    #[must_use]
    pub fn as_text(self) -> Self {
        if self.has("string") { Self(self.0 | Self::SCALARS) } else { self }
    }

    /// The names for a sentence: `integer or string`, `any type`.
    #[must_use]
    pub fn words(self) -> String {
        if self == Self::ANY {
            return "any type".to_owned();
        }
        let names = self.names();
        if names.is_empty() { "null".to_owned() } else { names.join(" or ") }
    }

    /// The names as JSON: a string, an array, or null where every type is allowed.
    #[must_use]
    pub fn json(self) -> Value {
        match self.names().as_slice() {
            _ if self == Self::ANY => Value::Null,
            [one] => Value::from(*one),
            many => Value::from(many.to_vec()),
        }
    }

    fn names(self) -> Vec<&'static str> {
        let names = Self::NAMES
            .iter()
            .filter(|(name, bit)| self.0 & bit == *bit && !(*name == "integer" && self.0 & 0b100 != 0));
        names.map(|(name, _)| *name).collect()
    }
}
