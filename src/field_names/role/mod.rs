//! The owner of a phone or an email, from its label or the name of its field.

pub(crate) mod label_words;
pub(crate) mod role_cache;
mod value_role;
pub(crate) mod word_table;

pub use value_role::{NamedRole, ValueRole};
