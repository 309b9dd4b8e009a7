//! Facts about the rows of a chunk that count only together with those of all other chunks.

use std::collections::BTreeSet;

use onefold::Field;

use crate::mapping::identifier::Identifiers;
use crate::row::{IdOrigin, Row};
use crate::scan::key_row::KeyRow;
use crate::values::zero_id;
use crate::vcard::united_cards::{CardPlaces, UnitedCards};

/// Facts about the rows of one chunk, or of several.
#[derive(Clone, Default)]
pub(crate) struct RowFacts {
    // The ids of zeros, and whether one of them occurred twice.
    zeros: BTreeSet<String>,
    repeats_zero: bool,
    // The identifiers that no row has had.
    unseen: Vec<UnseenIdentifier>,
    // The vCards by their UIDs, if they are noted.
    places: Option<CardPlaces>,
}

/// An identifier of the options that no row has had.
#[derive(Clone, PartialEq, Eq)]
struct UnseenIdentifier {
    // Its position in the options.
    position: usize,
    name: String,
    field: Field,
}

impl RowFacts {
    /// Returns the facts about no row. `is_unseen` says which identifiers rows must show.
    pub(crate) fn new(identifiers: &Identifiers, is_unseen: impl Fn(&str) -> bool) -> Self {
        // A name that is given twice has its first position.
        let position = |name: &str| identifiers.iter().position(|(other, _)| other == name).unwrap_or_default();
        let unseen = identifiers.iter().filter(|(name, _)| is_unseen(name)).map(|(name, field)| UnseenIdentifier {
            position: position(name),
            name: name.to_owned(),
            field: field.clone(),
        });
        Self { unseen: unseen.collect(), ..Self::default() }
    }

    /// Adds a row.
    pub(crate) fn add(&mut self, row: &Row) {
        if row.id_origin == IdOrigin::Given && zero_id::is_zero(&row.contact.id) {
            self.repeats_zero |= !self.zeros.insert(row.contact.id.clone());
        }
        if !self.unseen.is_empty() {
            self.unseen.retain(|unseen| row.contact.get(&unseen.field).is_none());
        }
    }

    /// Adds a row that is read without a contact, whose id is not of zeros.
    pub(crate) fn add_plain(&mut self, row: &KeyRow<'_>) {
        if !self.unseen.is_empty() {
            let has = |unseen: &UnseenIdentifier| {
                row.identifiers.iter().any(|(position, _)| usize::from(*position) == unseen.position)
            };
            self.unseen.retain(|unseen| !has(unseen));
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
        self.unseen.iter().map(|unseen| unseen.name.as_str())
    }
}
