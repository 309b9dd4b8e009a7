//! Which cards are of one contact: those with the same UID in the same workspace.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;
use std::sync::Arc;

/// The name of a contact in little space: two hashes with keys of this process. The probability that two of ten million have the
/// same hashes is below 10^-24.
type CardHash = (u64, u64);

/// The hashers of a file, shared by the readers of its chunks.
#[derive(Clone, Default)]
pub(crate) struct CardHashers(Arc<(RandomState, RandomState)>);

impl CardHashers {
    fn hash(&self, workspace: Option<&str>, uid: &str) -> CardHash {
        let (first, second) = &*self.0;
        (first.hash_one((workspace, uid)), second.hash_one((workspace, uid)))
    }
}

/// The cards that were read, by their UIDs.
#[derive(Clone, Default)]
pub(crate) struct CardPlaces {
    hashers: CardHashers,
    places: Vec<(CardHash, Range<usize>)>,
}

/// The cards of contacts that have several.
#[derive(Clone, Default)]
pub(crate) struct UnitedCards {
    hashers: CardHashers,
    cards: HashMap<CardHash, Arc<[Range<usize>]>>,
}

impl CardPlaces {
    /// Returns the places of no card. Places are joined only with those of the same hashers.
    pub(crate) fn new(hashers: &CardHashers) -> Self {
        Self { hashers: hashers.clone(), places: Vec::new() }
    }

    /// Adds a card by its bytes in the text.
    pub(crate) fn add(&mut self, workspace: Option<&str>, uid: &str, card: Range<usize>) {
        self.places.push((self.hashers.hash(workspace, uid), card));
    }

    /// Adds other cards.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.places.append(&mut other.places);
    }

    /// Returns the cards of contacts that have several, each contact's in the order of the text. O(n log n).
    pub(crate) fn united(mut self) -> UnitedCards {
        self.places.sort_unstable_by_key(|(hash, card)| (*hash, card.start));
        let of_several = self.places.chunk_by(|(a, _), (b, _)| a == b).filter(|cards| cards.len() > 1);
        let cards = of_several.filter_map(|cards| {
            let (hash, _) = cards.first()?;
            Some((*hash, cards.iter().map(|(_, card)| card.clone()).collect::<Arc<[_]>>()))
        });
        UnitedCards { hashers: self.hashers.clone(), cards: cards.collect() }
    }
}

impl UnitedCards {
    /// Returns true if every contact has one card.
    pub(crate) fn is_empty(&self) -> bool {
        self.cards.is_empty()
    }

    /// Returns the cards of a contact that has several, in order.
    pub(crate) fn of(&self, workspace: Option<&str>, uid: &str) -> Option<&Arc<[Range<usize>]>> {
        if self.cards.is_empty() {
            return None;
        }
        self.cards.get(&self.hashers.hash(workspace, uid))
    }
}
