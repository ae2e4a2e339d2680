//! Threads that live as long as the call that starts them.

use std::panic::resume_unwind;
use std::sync::Mutex;
use std::thread::{Builder, scope};

/// Bytes of stack for work that nests as deep as schemas do; only what is used is ever taken.
const DEEP: usize = 256 << 20;

/// Does both beside each other, the first in a thread of its own where one is to be had, with room for deep
/// work.
///
/// # Panics
/// Where one of them does.
pub fn both<A: Send, B>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    let waiting = Mutex::new(Some(first));
    let first = || {
        let first = waiting.lock().ok().and_then(|mut waiting| waiting.take());
        first.map(|first| first())
    };
    scope(|scope| {
        let thread = Builder::new().stack_size(DEEP).spawn_scoped(scope, first);
        let second = second();
        let done = thread.ok().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        (done.flatten().or_else(first).expect("it waits until it is done once"), second)
    })
}

/// Does the first half of a list, by weight, beside the second, where it has more than `few` entries; else all
/// of it at once as the second. What comes of them stays in order.
pub fn halves<T: Send, R: Send>(
    mut list: Vec<T>,
    few: usize,
    weight: impl Fn(&T) -> usize,
    first: impl FnOnce(Vec<T>) -> Vec<R> + Send,
    second: impl FnOnce(Vec<T>) -> Vec<R>,
) -> Vec<R> {
    if list.len() <= few.max(1) {
        return second(list);
    }
    let weights: Vec<usize> = list.iter().map(weight).collect();
    let (half, mut sum) = (weights.iter().sum::<usize>() / 2, 0);
    let middle = weights.iter().position(|weight| {
        sum += weight;
        sum > half
    });
    let rest = list.split_off(middle.unwrap_or_default().clamp(1, list.len() - 1));
    let (mut done, rest) = both(|| first(list), || second(rest));
    done.extend(rest);
    done
}

/// Does the same for each of a list, where it has more than `few` entries in two threads, of which whichever
/// is free takes the next; `begin` makes what one of them works with. What comes of them stays in order.
pub fn each<T: Send, R: Send, W: FnMut(T) -> R>(
    list: Vec<T>,
    few: usize,
    begin: impl Fn() -> W + Sync,
) -> Vec<R> {
    if list.len() <= few {
        return list.into_iter().map(begin()).collect();
    }
    let queue = Mutex::new(list.into_iter().enumerate());
    let take = || {
        let (mut work, mut done) = (begin(), Vec::new());
        while let Some((at, entry)) = queue.lock().ok().and_then(|mut queue| queue.next()) {
            done.push((at, work(entry)));
        }
        done
    };
    let (mut done, rest) = both(take, take);
    done.extend(rest);
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Does work that nests as deep as schemas do, which is more than a thread of a server has room for.
///
/// # Panics
/// Where the work does, or no thread can be started.
pub fn deep<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    scope(|scope| match Builder::new().stack_size(DEEP).spawn_scoped(scope, work) {
        Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
        Err(error) => panic!("no thread could be started: {error}"),
    })
}
