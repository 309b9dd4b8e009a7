//! Finds contacts with the same id. While ids ascend or descend, only the first and the last one are stored.

use std::cmp::Ordering;
use std::sync::atomic::{self, AtomicBool};

use onefold::{Bulk, Normalizer, Rules};

/// Compares the ids of files, on all threads.
pub struct RowIds {
    // An empty list to make others from.
    empty: Bulk,
    // True while no chunk had ids out of order.
    in_order: AtomicBool,
}

/// The ids of a chunk.
pub enum ChunkIds {
    /// The ids ascend or descend, so all are different.
    InOrder(Option<IdRun>),
    /// The ids do not ascend or descend, and must be read again.
    Unread,
    /// The contacts by their ids; those without an id have no key here.
    Collected(Box<Bulk>),
}

/// Ids that ascend or descend.
pub struct IdRun {
    first: String,
    last: String,
    // How each id compares with the next one; None after the first id.
    direction: Option<Ordering>,
}

impl IdRun {
    fn new(id: &str) -> Self {
        Self { first: id.to_owned(), last: id.to_owned(), direction: None }
    }

    /// Adds an id and returns true if all are still in order.
    #[inline]
    fn add(&mut self, id: &str) -> bool {
        let order = by_length(&self.last, id);
        self.last.clear();
        self.last.push_str(id);
        order.is_ne() && *self.direction.get_or_insert(order) == order
    }

    /// Returns the smallest and the greatest id.
    fn ends(&self) -> (&str, &str) {
        match self.direction {
            Some(Ordering::Greater) => (&self.last, &self.first),
            _ => (&self.first, &self.last),
        }
    }
}

impl RowIds {
    /// Returns a comparison that collects ids only after a chunk had them out of order. The ids of such a chunk are read again.
    pub fn new() -> Self {
        let empty = Bulk::new(Normalizer::new(), Rules::new().with_unlimited_holders());
        Self { empty, in_order: AtomicBool::new(true) }
    }

    /// Returns a comparison that collects all ids in the first pass, for files in which reading an id again costs as much as reading
    /// the row.
    pub fn collecting() -> Self {
        Self { in_order: AtomicBool::new(false), ..Self::new() }
    }

    /// Returns an empty list of ids for a chunk of the first pass.
    pub fn start(&self) -> ChunkIds {
        // The flag of other threads is only a hint: either way finds the same duplicates.
        if self.in_order.load(atomic::Ordering::Relaxed) {
            ChunkIds::InOrder(None)
        } else {
            ChunkIds::Collected(Box::new(self.empty()))
        }
    }

    /// Returns an empty list that collects all ids.
    pub fn empty(&self) -> Bulk {
        self.empty.part()
    }

    /// Adds the id of a contact; empty if it has none.
    #[inline]
    pub fn add(&self, workspace: Option<&str>, id: &str, ids: &mut ChunkIds) {
        match ids {
            ChunkIds::InOrder(_) if id.is_empty() => {}
            ChunkIds::InOrder(run @ None) => *run = Some(IdRun::new(id)),
            ChunkIds::InOrder(Some(run)) => {
                if !run.add(id) {
                    *ids = ChunkIds::Unread;
                    self.in_order.store(false, atomic::Ordering::Relaxed);
                }
            }
            ChunkIds::Unread => {}
            ChunkIds::Collected(collected) => collected.add_text(workspace, id),
        }
    }

    /// Returns the contacts whose ids an earlier contact has, in order. O(n log n).
    pub fn duplicates(&self, chunks: impl IntoIterator<Item = Bulk>) -> Vec<u32> {
        let mut ids = self.empty.part();
        chunks.into_iter().for_each(|chunk| ids.append(chunk));
        let mut duplicates: Vec<u32> = ids.groups().iter().flat_map(|same| same.iter().skip(1)).copied().collect();
        duplicates.sort_unstable();
        duplicates
    }
}

impl ChunkIds {
    /// Sorts the collected ids.
    pub fn settle(&mut self) {
        if let Self::Collected(ids) = self {
            ids.settle();
        }
    }
}

/// Returns true if it is certain that all ids of all chunks are different.
pub fn are_different<'a>(chunks: impl IntoIterator<Item = &'a ChunkIds>) -> bool {
    let run = |ids: &'a ChunkIds| match ids {
        ChunkIds::InOrder(run) => Some(run.as_ref()),
        ChunkIds::Unread | ChunkIds::Collected(_) => None,
    };
    let Some(runs) = chunks.into_iter().map(run).collect::<Option<Vec<_>>>() else { return false };
    let mut ends: Vec<(&str, &str)> = runs.into_iter().flatten().map(IdRun::ends).collect();
    ends.sort_by(|(a, _), (b, _)| by_length(a, b));
    ends.is_sorted_by(|(_, last), (first, _)| by_length(last, first).is_lt())
}

/// Orders ids by length, then by text, so that numbers of any length are in numeric order.
fn by_length(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(ids: &RowIds, chunk: &[&str]) -> ChunkIds {
        let mut read = ids.start();
        chunk.iter().for_each(|id| ids.add(None, id, &mut read));
        read
    }

    fn are_different_ids(chunks: &[&[&str]]) -> bool {
        let ids = RowIds::new();
        are_different(&chunks.iter().map(|chunk| read(&ids, chunk)).collect::<Vec<ChunkIds>>())
    }

    #[test]
    fn ids_in_order_are_different() {
        for chunks in [
            &[&["c1", "c9", "c10"][..], &["c11", "c100"]][..],
            &[&["5", "6"], &["1", "2"], &[], &["3"], &["", ""]],
            &[&["", "a", "", "b"], &["c", ""]],
            &[&["100", "11"], &["10", "9", "1"]],
            &[&["3", "2"], &["4", "5"], &["1"]],
            &[],
        ] {
            assert!(are_different_ids(chunks), "{chunks:?}");
        }
        for chunks in [
            &[&["1", "1"][..]][..],
            &[&["1", "3", "2"]],
            &[&["3", "1", "2"]],
            &[&["3", "1"], &["2"]],
            &[&["3", "1"], &["1", "0"]],
            &[&["1", "2"], &["2", "3"]],
            &[&["1", "9"], &["4", "5"]],
            &[&["4", "5"], &["1", "9"]],
            &[&["4"], &["4"]],
            &[&["1", "2"], &["4", "3", "6"], &["7"]],
        ] {
            assert!(!are_different_ids(chunks), "{chunks:?}");
        }
    }

    #[test]
    fn after_ids_out_of_order_those_of_further_chunks_are_collected() {
        let ids = RowIds::new();
        assert!(matches!(read(&ids, &["1", "2"]), ChunkIds::InOrder(Some(_))));
        assert!(matches!(read(&ids, &["2", "1", "3"]), ChunkIds::Unread));
        assert!(matches!(read(&ids, &["3", "4"]), ChunkIds::Collected(_)));
    }
}
