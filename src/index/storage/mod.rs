//! How an index keeps keys and holders: a few bytes for each, in layouts drawn where they are defined.

pub(crate) mod holdings;
mod key_store;
pub(crate) mod keys;
pub(crate) mod pages;
mod postings;
mod six_bit_text;
