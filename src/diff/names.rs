//! Names in their order, with what stands under each.

/// What stands under names: collected once, then asked. Several things may stand under one name, in the order in
/// which they were added.
#[derive(Clone, Debug)]
pub struct Names<'a, T> {
    /// In order once all are there; a name is repeated for each of its values.
    names: Vec<Name<'a>>,
    values: Vec<T>,
}

/// A name beside its first eight bytes as one number: most differ in these, and are told apart without a look at the
/// text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Name<'a> {
    begin: u64,
    text: &'a str,
}

impl<'a> Name<'a> {
    fn of(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let whole = bytes.first_chunk().copied().unwrap_or_else(|| {
            let mut short = [0; 8];
            short[..bytes.len()].copy_from_slice(bytes);
            short
        });
        Self { begin: u64::from_be_bytes(whole), text }
    }
}

impl<'a, T: Copy> Names<'a, T> {
    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, more: usize) {
        self.names.reserve(more);
        self.values.reserve(more);
    }

    /// Adds a value; [`Self::sort`] follows the last.
    pub(super) fn push(&mut self, name: &'a str, value: T) {
        self.names.push(Name::of(name));
        self.values.push(value);
    }

    /// Brings the names in order.
    pub(super) fn sort(&mut self) {
        if !self.names.is_sorted() {
            let mut order: Vec<(Name<'a>, usize)> =
                self.names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
            order.sort_unstable();
            self.values = order.iter().map(|(_, at)| self.values[*at]).collect();
            self.names = order.into_iter().map(|(name, _)| name).collect();
        }
    }

    pub(super) fn clear(&mut self) {
        self.names.clear();
        self.values.clear();
    }

    /// Whether there is no name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Whether something stands under the name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.names.binary_search(&Name::of(name)).is_ok()
    }

    /// What stands under the name.
    #[must_use]
    pub fn get(&self, name: &str) -> &[T] {
        let name = Name::of(name);
        let first = self.names.partition_point(|other| *other < name);
        let count = self.names[first..].iter().take_while(|other| **other == name).count();
        &self.values[first..first + count]
    }

    /// Each name and what stands under it, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &[T])> {
        let mut at = 0;
        self.names.chunk_by(|one, other| one == other).map(move |same| {
            let first = at;
            at += same.len();
            (same[0].text, &self.values[first..at])
        })
    }

    /// Each name once, in order.
    pub fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.iter().map(|(name, _)| name)
    }
}

impl<T> Default for Names<'_, T> {
    fn default() -> Self {
        Self { names: Vec::new(), values: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn names_are_a_map_to_lists(added in prop::collection::vec(("[a-d\\x00]{0,2}|[ab\\x00é]{6,10}", 0..9_u8), 0..20)) {
            let (mut names, mut map) = (Names::default(), BTreeMap::<&str, Vec<u8>>::new());
            for (name, value) in &added {
                names.push(name, *value);
                map.entry(name).or_default().push(*value);
            }
            names.sort();
            prop_assert!(names.iter().eq(map.iter().map(|(name, values)| (*name, values.as_slice()))));
            prop_assert!(names.keys().eq(map.keys().copied()));
            prop_assert_eq!(names.is_empty(), map.is_empty());
            let added = added.iter().map(|(name, _)| name.as_str());
            for name in ["", "a", "bc", "dd", "e"].into_iter().chain(added) {
                prop_assert_eq!(names.get(name), map.get(name).map_or(&[][..], Vec::as_slice));
                prop_assert_eq!(names.has(name), map.contains_key(name));
            }
        }
    }
}
