//! Compact storage for the keys of an index and their holders. Each bit layout is drawn where it is defined.

pub(crate) mod holdings;
mod key_store;
pub(crate) mod keys;
pub(crate) mod pages;
mod postings;
mod six_bit_text;
