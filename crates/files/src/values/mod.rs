//! Reads single values: lists in a cell, times, countries, blocked words, ids of zeros.

pub(crate) mod blocked_word;
pub(crate) mod bracket_list;
pub(crate) mod cell_assignment;
pub mod country;
pub(crate) mod object_value;
pub(crate) mod split;
pub(crate) mod timestamp;
pub(crate) mod zero_id;
