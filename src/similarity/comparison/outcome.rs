//! The levels at which two contacts compare, field by field.

use crate::similarity::field::{ComparedField, FIELDS};

/// The level of a field that one of the contacts does not have.
const MISSING: u8 = u8::MAX;

/// The levels of a comparison, with the values whose frequencies count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    levels: [u8; FIELDS],
    values: [u32; FIELDS],
    /// True if both names are the same words, so that the frequency of the whole name counts.
    pub(crate) is_same_name: bool,
}

impl Default for Outcome {
    fn default() -> Self {
        Self { levels: [MISSING; FIELDS], values: [0; FIELDS], is_same_name: false }
    }
}

impl Outcome {
    /// Returns the level of a field, or `None` if one of the contacts does not have it.
    #[inline]
    pub(crate) fn level(&self, field: ComparedField) -> Option<u8> {
        let level = self.levels[field as usize];
        (level != MISSING).then_some(level)
    }

    /// Returns the value whose frequency counts.
    #[inline]
    pub(crate) fn value(&self, field: ComparedField) -> u32 {
        self.values[field as usize]
    }

    pub(crate) fn set(&mut self, field: ComparedField, level: u8) {
        self.set_value(field, level, 0);
    }

    pub(crate) fn set_value(&mut self, field: ComparedField, level: u8, value: u32) {
        self.levels[field as usize] = level;
        self.values[field as usize] = value;
    }

    /// Returns the fields that both contacts have, with their levels, in order.
    pub(crate) fn given(&self) -> impl Iterator<Item = (ComparedField, u8)> {
        ComparedField::ALL.into_iter().filter_map(|field| Some((field, self.level(field)?)))
    }
}
