//! Threads that live as long as the call that starts them.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
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

/// What was handed on and waits to be done, and who may still hand on more.
struct Handed<T> {
    waiting: Mutex<(VecDeque<T>, usize)>,
    changed: Condvar,
}

impl<T> Handed<T> {
    fn give(&self, part: T) {
        lock(&self.waiting).0.push_back(part);
        self.changed.notify_one();
    }

    /// The next part; `None` once all is taken and nobody hands on more.
    fn take(&self) -> Option<T> {
        let mut waiting = lock(&self.waiting);
        loop {
            match waiting.0.pop_front() {
                None if waiting.1 > 0 => {
                    waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
                }
                part => return part,
            }
        }
    }
}

/// One who hands on no more once it is dropped, be it in a panic.
struct Giver<'h, T>(&'h Handed<T>);

impl<T> Drop for Giver<'_, T> {
    fn drop(&mut self) {
        lock(&self.0.waiting).1 -= 1;
        self.0.changed.notify_all();
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does both, and the work that they hand on: in two threads where it is `much`, of which whichever has done its
/// own takes up what was handed on by either. What comes of it is in no order.
///
/// # Panics
/// Where one of them does.
pub fn handing<T: Send, R: Send>(
    much: bool,
    first: impl FnOnce(&dyn Fn(T)) + Send,
    second: impl FnOnce(&dyn Fn(T)),
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let handed = Handed { waiting: Mutex::new((VecDeque::new(), 2)), changed: Condvar::new() };
    let own = Mutex::new(Some(first));
    let first = || {
        let Some(first) = lock(&own).take() else { return };
        let giver = Giver(&handed);
        first(&|part| giver.0.give(part));
    };
    let work = || std::iter::from_fn(|| handed.take()).map(&work).collect::<Vec<R>>();
    scope(|scope| {
        let begun = || {
            first();
            work()
        };
        let thread =
            much.then(|| Builder::new().stack_size(DEEP).spawn_scoped(scope, begun)).and_then(Result::ok);
        if thread.is_none() {
            first();
        }
        let giver = Giver(&handed);
        second(&|part| giver.0.give(part));
        drop(giver);
        let mut done = work();
        let others = thread.map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        done.extend(others.into_iter().flatten());
        done
    })
}

/// Parts of a list that is shared out, about: enough that two threads end at the same time.
const PARTS: usize = 64;

/// Does the same for each of a list, where it has more than `few` entries in two threads, of which whichever
/// is free takes the next few; `begin` makes what one of them works with. What comes of them stays in order.
pub fn each<T: Send, R: Send, W: FnMut(T) -> R>(
    list: Vec<T>,
    few: usize,
    begin: impl Fn() -> W + Sync,
) -> Vec<R> {
    if list.len() <= few {
        return list.into_iter().map(begin()).collect();
    }
    let (count, size) = (list.len(), list.len().div_ceil(PARTS));
    let queue = Mutex::new(list.into_iter());
    let next = || {
        let mut queue = lock(&queue);
        (queue.len(), queue.by_ref().take(size).collect::<Vec<T>>())
    };
    let take = || {
        let (mut work, mut done) = (begin(), Vec::new());
        loop {
            let (left, part) = next();
            if part.is_empty() {
                return done;
            }
            done.push((left, part.into_iter().map(&mut work).collect::<Vec<R>>()));
        }
    };
    let (mut done, rest) = both(take, take);
    done.extend(rest);
    done.sort_unstable_by_key(|(left, _)| Reverse(*left));
    let mut all = Vec::with_capacity(count);
    done.into_iter().for_each(|(_, part)| all.extend(part));
    all
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
