//! Union-find: disjoint sets over the numbers below n.

/// Disjoint sets over `0..n`. The representative of a set is its smallest number, so no result depends on the order of
/// the calls.
pub(crate) struct UnionFind {
    // Invariant: no parent is greater than its child.
    parents: Vec<u32>,
}

impl UnionFind {
    /// Returns `n` sets of one number each. Cost: O(n).
    pub(crate) fn new(n: usize) -> Self {
        let n = u32::try_from(n).expect("slots are numbered in 32 bits");
        Self { parents: (0..n).collect() }
    }

    /// Returns the smallest number in the set of `number`.
    ///
    /// Cost: amortised O(log n). There is no recursion, so a long chain needs no stack.
    pub(crate) fn find(&mut self, mut number: u32) -> u32 {
        loop {
            let parent = self.parents[number as usize];
            if parent == number {
                return number;
            }
            // Path halving keeps later look-ups short without a second pass.
            let above = self.parents[parent as usize];
            self.parents[number as usize] = above;
            number = above;
        }
    }

    /// Joins the sets of `a` and `b`, and returns true if they were two sets.
    pub(crate) fn union(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        let (root, child) = (a.min(b), a.max(b));
        self.parents[child as usize] = root;
        root != child
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_number_represents_its_set() {
        let mut sets = UnionFind::new(6);
        assert!(sets.union(5, 3));
        assert!(sets.union(4, 5));
        assert!(!sets.union(3, 4));
        assert_eq!((0..6).map(|n| sets.find(n)).collect::<Vec<_>>(), [0, 1, 2, 3, 3, 3]);
        assert!(sets.union(4, 1));
        assert_eq!(sets.find(5), 1);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let n = 1_000_000;
        let mut sets = UnionFind::new(n as usize);
        for number in (1..n).rev() {
            sets.union(number, number - 1);
        }
        assert_eq!(sets.find(n - 1), 0);
    }
}
