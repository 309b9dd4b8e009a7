//! Whether an id came twice in a table. As long as ids ascend, or descend, nothing of them is kept.

use std::cmp::Ordering;
use std::sync::atomic::{self, AtomicBool};

use onefold::{Bulk, Normalizer, Rules};

/// How the ids of a table are looked at, on all threads.
pub struct RowIds {
    none: Bulk,
    /// Whether no piece that was read had ids out of order.
    in_order: AtomicBool,
}

/// The ids of a piece.
pub enum PieceIds {
    /// They ascend or descend: none comes twice.
    InOrder(Option<IdRun>),
    /// They do not, and are to be read once more.
    Unread,
    /// Contacts by their ids; those without one have no key here.
    Noted(Box<Bulk>),
}

/// Ids one after the other in order.
pub struct IdRun {
    first: String,
    last: String,
    /// How an id compares with the next.
    way: Option<Ordering>,
}

impl IdRun {
    fn new(id: &str) -> Self {
        Self { first: id.to_owned(), last: id.to_owned(), way: None }
    }

    /// Adds an id; whether all are in order still.
    #[inline]
    fn add(&mut self, id: &str) -> bool {
        let way = by_length(&self.last, id);
        self.last.clear();
        self.last.push_str(id);
        way.is_ne() && *self.way.get_or_insert(way) == way
    }

    /// The smallest and the greatest id.
    fn ends(&self) -> (&str, &str) {
        match self.way {
            Some(Ordering::Greater) => (&self.last, &self.first),
            _ => (&self.first, &self.last),
        }
    }
}

impl RowIds {
    /// Nothing was read. To read ids once more is worth while only if that costs little beside all that is read of a row:
    /// `is_cheap` says so.
    pub fn new(is_cheap: bool) -> Self {
        let none = Bulk::new(Normalizer::new(), Rules::new().with_unlimited_holders());
        Self { none, in_order: AtomicBool::new(is_cheap) }
    }

    /// No ids of a piece that is read for the first time.
    pub fn start(&self) -> PieceIds {
        // What other threads have seen is a hint of how to go about it, and changes no answer.
        if self.in_order.load(atomic::Ordering::Relaxed) {
            PieceIds::InOrder(None)
        } else {
            PieceIds::Noted(Box::new(self.noted()))
        }
    }

    /// No ids of a piece, of which all that come are noted as texts.
    pub fn noted(&self) -> Bulk {
        self.none.part()
    }

    /// Adds the id of a contact, empty if it has none.
    #[inline]
    pub fn add(&self, workspace: Option<&str>, id: &str, ids: &mut PieceIds) {
        match ids {
            PieceIds::InOrder(_) if id.is_empty() => {}
            PieceIds::InOrder(run @ None) => *run = Some(IdRun::new(id)),
            PieceIds::InOrder(Some(run)) => {
                if !run.add(id) {
                    *ids = PieceIds::Unread;
                    self.in_order.store(false, atomic::Ordering::Relaxed);
                }
            }
            PieceIds::Unread => {}
            PieceIds::Noted(noted) => noted.add_text(workspace, id),
        }
    }

    /// The contacts whose ids came before, in order. O(n log n).
    pub fn again(&self, pieces: impl IntoIterator<Item = Bulk>) -> Vec<u32> {
        let mut ids = self.none.part();
        pieces.into_iter().for_each(|piece| ids.append(piece));
        let mut again: Vec<u32> = ids.groups().iter().flat_map(|same| same.iter().skip(1)).copied().collect();
        again.sort_unstable();
        again
    }
}

impl PieceIds {
    /// Brings in order what was noted.
    pub fn settle(&mut self) {
        if let Self::Noted(noted) = self {
            noted.settle();
        }
    }
}

/// Whether it is certain that no id is in two pieces or twice in one.
pub fn are_different<'a>(pieces: impl IntoIterator<Item = &'a PieceIds>) -> bool {
    let run = |ids: &'a PieceIds| match ids {
        PieceIds::InOrder(run) => Some(run.as_ref()),
        PieceIds::Unread | PieceIds::Noted(_) => None,
    };
    let Some(runs) = pieces.into_iter().map(run).collect::<Option<Vec<_>>>() else { return false };
    let mut ends: Vec<(&str, &str)> = runs.into_iter().flatten().map(IdRun::ends).collect();
    ends.sort_by(|(a, _), (b, _)| by_length(a, b));
    ends.is_sorted_by(|(_, last), (first, _)| by_length(last, first).is_lt())
}

/// The order of ids: of two numbers of any length, or two texts of one length, the smaller comes first.
fn by_length(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(ids: &RowIds, piece: &[&str]) -> PieceIds {
        let mut read = ids.start();
        piece.iter().for_each(|id| ids.add(None, id, &mut read));
        read
    }

    fn are_different_ids(pieces: &[&[&str]]) -> bool {
        let ids = RowIds::new(true);
        are_different(&pieces.iter().map(|piece| read(&ids, piece)).collect::<Vec<PieceIds>>())
    }

    #[test]
    fn ids_in_order_are_different() {
        for pieces in [
            &[&["c1", "c9", "c10"][..], &["c11", "c100"]][..],
            &[&["5", "6"], &["1", "2"], &[], &["3"], &["", ""]],
            &[&["", "a", "", "b"], &["c", ""]],
            &[&["100", "11"], &["10", "9", "1"]],
            &[&["3", "2"], &["4", "5"], &["1"]],
            &[],
        ] {
            assert!(are_different_ids(pieces), "{pieces:?}");
        }
        for pieces in [
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
            assert!(!are_different_ids(pieces), "{pieces:?}");
        }
    }

    #[test]
    fn once_ids_are_not_in_order_those_of_further_pieces_are_noted() {
        let ids = RowIds::new(true);
        assert!(matches!(read(&ids, &["1", "2"]), PieceIds::InOrder(Some(_))));
        assert!(matches!(read(&ids, &["2", "1", "3"]), PieceIds::Unread));
        assert!(matches!(read(&ids, &["3", "4"]), PieceIds::Noted(_)));
    }
}
