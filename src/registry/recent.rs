//! What was worked out lately and may be asked for again: documents that were read, diffs that were
//! computed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// SHA-256 of the exact bytes of a document.
pub(super) type Sha256 = [u8; 32];

/// The values used last, most recent first, up to a weight in all.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    kept: Mutex<VecDeque<(K, usize, Arc<V>)>>,
    most: usize,
}

impl<K: PartialEq, V> Recent<K, V> {
    /// Keeps values of `most` in weight.
    pub(super) const fn new(most: usize) -> Self {
        Self { kept: Mutex::new(VecDeque::new()), most }
    }

    /// The value of this key, if it was used lately.
    pub(super) fn get(&self, key: &K) -> Option<Arc<V>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(other, _, _)| other == key)?;
        let entry = kept.remove(at)?;
        let value = entry.2.clone();
        kept.push_front(entry);
        Some(value)
    }

    /// Keeps a value, and lets go of those not used for longest; one that is too heavy by itself is
    /// not kept.
    pub(super) fn put(&self, key: K, weight: usize, value: Arc<V>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(other, _, _)| *other != key);
        kept.push_front((key, weight, value));
        let mut sum = 0;
        kept.retain(|(_, weight, _)| {
            sum += weight;
            sum <= self.most
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let recent = Recent::new(10);
        for key in 0..3 {
            recent.put(key, 4, Arc::new(key));
            assert!(recent.get(&0).is_some() || key == 2);
        }
        assert!(recent.get(&1).is_none(), "0 was used after 1");
        assert!(recent.get(&2).is_some());
        recent.put(9, 11, Arc::new(9));
        assert!(recent.get(&9).is_none());
    }
}
