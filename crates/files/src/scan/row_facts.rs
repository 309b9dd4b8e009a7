//! Facts about the rows of a chunk that count only together with those of all other chunks.

use std::collections::BTreeSet;

use onefold::Field;

use crate::mapping::identifier::Identifiers;
use crate::row::{IdOrigin, Row};
use crate::values::zero_id;
use crate::vcard::united_cards::{CardPlaces, UnitedCards};

/// Facts about the rows of one chunk, or of several.
#[derive(Clone, Default)]
pub(crate) struct RowFacts {
    // The ids of zeros, and whether one of them occurred twice.
    zeros: BTreeSet<String>,
    repeats_zero: bool,
    // The identifiers that no row has had.
    unseen: Vec<(String, Field)>,
    // The vCards by their UIDs, if they are noted.
    places: Option<CardPlaces>,
}

impl RowFacts {
    /// Returns the facts about no row. `is_unseen` says which identifiers rows must show.
    pub(crate) fn new(identifiers: &Identifiers, is_unseen: impl Fn(&str) -> bool) -> Self {
        let unseen = identifiers.iter().filter(|(name, _)| is_unseen(name));
        Self { unseen: unseen.map(|(name, field)| (name.to_owned(), field.clone())).collect(), ..Self::default() }
    }

    /// Adds a row.
    pub(crate) fn add(&mut self, row: &Row) {
        if row.id_origin == IdOrigin::Given && zero_id::is_zero(&row.contact.id) {
            self.repeats_zero |= !self.zeros.insert(row.contact.id.clone());
        }
        if !self.unseen.is_empty() {
            self.unseen.retain(|(_, field)| row.contact.get(field).is_none());
        }
    }

    /// Adds vCards that may be of one contact.
    pub(crate) fn add_places(&mut self, more: Option<CardPlaces>) {
        match (&mut self.places, more) {
            (Some(places), Some(more)) => places.append(more),
            (None, more) => self.places = more,
            (Some(_), None) => {}
        }
    }

    /// Returns the vCards of contacts that have several, once.
    pub(crate) fn take_united(&mut self) -> Option<UnitedCards> {
        self.places.take().map(CardPlaces::united)
    }

    /// Adds the facts about other rows.
    pub(crate) fn append(&mut self, other: Self) {
        for zero in other.zeros {
            self.repeats_zero |= !self.zeros.insert(zero);
        }
        self.repeats_zero |= other.repeats_zero;
        self.add_places(other.places);
        self.unseen.retain(|identifier| other.unseen.contains(identifier));
    }

    /// Returns true if two rows have the same id of zeros.
    pub(crate) fn repeats_zero(&self) -> bool {
        self.repeats_zero
    }

    /// Returns the identifiers that no row has, in the order of the options.
    pub(crate) fn unseen(&self) -> impl Iterator<Item = &str> {
        self.unseen.iter().map(|(name, _)| name.as_str())
    }
}
