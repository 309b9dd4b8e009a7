//! Union-find for many threads: disjoint sets that threads join at the same time.

use std::sync::atomic::{AtomicU32, Ordering};

/// Disjoint sets over `0..n`, like [`UnionFind`](crate::union_find::UnionFind), with `&self` methods.
///
/// The representative of a set is its smallest number, whatever the order of the calls and the number of threads.
/// Relaxed atomics suffice: no other memory depends on the values read here, and waiting for the threads makes all
/// their writes visible.
pub(crate) struct SharedSets {
    // Invariants: no parent is greater than its child, and a number that is no root never becomes one again. A store
    // over the parent of such a number always writes a number further up, so the order of the writes does not matter.
    parents: Vec<AtomicU32>,
}

impl SharedSets {
    /// Returns `n` sets of one number each. Cost: O(n).
    pub(crate) fn new(n: u32) -> Self {
        Self { parents: (0..n).map(AtomicU32::new).collect() }
    }

    /// Returns the smallest number in the set of `number`. Cost: amortised O(log n).
    pub(crate) fn find(&self, mut number: u32) -> u32 {
        loop {
            let parent = self.parent(number);
            if parent == number {
                return number;
            }
            // Path halving, as in `UnionFind`.
            let above = self.parent(parent);
            if above == parent {
                return parent;
            }
            self.parents[number as usize].store(above, Ordering::Relaxed);
            number = above;
        }
    }

    /// Joins the sets of `a` and `b`. Cost: amortised O(log n).
    pub(crate) fn union(&self, a: u32, b: u32) {
        let (mut a, mut b) = (self.find(a), self.find(b));
        while a != b {
            let (root, child) = (a.min(b), a.max(b));
            match self.parents[child as usize].compare_exchange(child, root, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return,
                // Meanwhile, another thread has put `child` below another number.
                Err(_) => (a, b) = (self.find(root), self.find(child)),
            }
        }
    }

    /// Joins the two sets of each pair, with the same result as [`SharedSets::union`] for each of them.
    ///
    /// The parents of many pairs are read before the first union, so that the processor waits for many cache misses at
    /// once.
    pub(crate) fn union_all(&self, pairs: &[(u32, u32)]) {
        const AT_ONCE: usize = 64;
        let mut above = [(0, 0); AT_ONCE];
        for pairs in pairs.chunks(AT_ONCE) {
            for (above, &(a, b)) in above.iter_mut().zip(pairs) {
                *above = (self.parent(a), self.parent(b));
            }
            above.iter().take(pairs.len()).for_each(|&(a, b)| self.union(a, b));
        }
    }

    fn parent(&self, number: u32) -> u32 {
        self.parents[number as usize].load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::union_find::UnionFind;

    #[test]
    fn the_smallest_number_represents_its_set() {
        let sets = SharedSets::new(6);
        for (a, b) in [(5, 3), (4, 5), (3, 4)] {
            sets.union(a, b);
        }
        assert_eq!((0..6).map(|n| sets.find(n)).collect::<Vec<_>>(), [0, 1, 2, 3, 3, 3]);
        sets.union(4, 1);
        assert_eq!(sets.find(5), 1);
    }

    #[test]
    fn many_threads_find_the_sets_of_one() {
        const N: u32 = 20_000;
        let mut state = 7_u64;
        let mut below = |n: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32 % n
        };
        for links in [1_000, N as usize / 2, N as usize * 2] {
            let links: Vec<(u32, u32)> = (0..links).map(|_| (below(N), below(N))).collect();
            let (shared, mut alone) = (SharedSets::new(N), UnionFind::new(N as usize));
            links.iter().for_each(|&(a, b)| _ = alone.union(a, b));
            thread::scope(|scope| {
                for first in 0..4 {
                    let (shared, links) = (&shared, &links);
                    let own: Vec<(u32, u32)> = links.iter().skip(first).step_by(4).copied().collect();
                    scope.spawn(move || match first % 2 {
                        0 => own.iter().for_each(|&(a, b)| shared.union(a, b)),
                        _ => shared.union_all(&own),
                    });
                }
            });
            assert!((0..N).all(|number| shared.find(number) == alone.find(number)));
        }
    }

    #[test]
    fn threads_that_build_one_chain_from_both_ends_meet() {
        const N: u32 = 100_000;
        let sets = SharedSets::new(N);
        thread::scope(|scope| {
            scope.spawn(|| (1..N).for_each(|number| sets.union(number, number - 1)));
            scope.spawn(|| (1..N).rev().for_each(|number| sets.union(number, number - 1)));
        });
        assert!((0..N).all(|number| sets.find(number) == 0));
    }
}
