//! Whose a phone number or an email address is, by the names of fields and by labels.
//!
//! `word_table` has the words, `label_words` finds them in a text, `value_role` reads them, and `memo` remembers the names that
//! were read.

pub(crate) mod label_words;
pub(crate) mod memo;
mod value_role;
pub(crate) mod word_table;

pub use value_role::{NamedRole, ValueRole};
