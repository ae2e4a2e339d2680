//! How calls were answered: counters per line and answer, in memory, without locks.
//!
//! Each thread counts in a shard of its own, on a cache line of its own, so that two cores never
//! wait for each other. What was not drained when the process dies is lost: at most the calls
//! since the last drain.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use serde::Serialize;

use super::Verdict;

/// How often one line was answered in one way since the last drain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UsageCount {
    /// `namespace/name`; nothing for calls that no line is registered for (shadow traffic).
    pub api: Option<String>,
    /// The line; nothing like `api`.
    pub line: Option<String>,
    /// How the calls were answered.
    pub answer: Verdict,
    /// How many there were.
    pub count: u64,
}

/// The counts of one line.
#[derive(Debug)]
pub(super) struct Counter {
    shards: Box<[Shard]>,
}

/// One number an answer, alone on its cache line.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Shard([AtomicU64; Verdict::ALL.len()]);

impl Counter {
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let shards = cores.next_power_of_two().min(8);
        Self { shards: (0..shards).map(|_| Shard::default()).collect() }
    }

    pub fn add(&self, answer: Verdict, count: u64) {
        let shard = &self.shards[thread() & (self.shards.len() - 1)];
        shard.0[answer as usize].fetch_add(count, Ordering::Relaxed);
    }

    /// Takes the counts away, those that are not 0.
    pub fn drain(&self) -> impl Iterator<Item = (Verdict, u64)> {
        Verdict::ALL.into_iter().filter_map(|answer| {
            let taken = |shard: &Shard| shard.0[answer as usize].swap(0, Ordering::Relaxed);
            let count: u64 = self.shards.iter().map(taken).sum();
            (count > 0).then_some((answer, count))
        })
    }
}

/// A number of the calling thread, given out in turn.
fn thread() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static OWN: Cell<usize> = Cell::new(NEXT.fetch_add(1, Ordering::Relaxed));
    }
    OWN.with(Cell::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_between_threads_and_a_drain() {
        let counter = Counter::new();
        let mut seen = 0;
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..10_000 {
                        counter.add(Verdict::Refuse, 1);
                    }
                });
            }
            for _ in 0..100 {
                seen += counter.drain().map(|(_, count)| count).sum::<u64>();
            }
        });
        let rest: Vec<_> = counter.drain().collect();
        assert!(rest.iter().all(|(answer, _)| *answer == Verdict::Refuse));
        assert_eq!(seen + rest.iter().map(|(_, count)| count).sum::<u64>(), 40_000);
        assert_eq!(counter.drain().count(), 0);
    }

    #[test]
    fn every_verdict_has_its_own_number() {
        for (at, verdict) in Verdict::ALL.into_iter().enumerate() {
            assert_eq!(verdict as usize, at);
        }
    }
}
