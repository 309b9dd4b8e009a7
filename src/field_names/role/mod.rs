//! The owner of a phone or an email, judged by its label or by the name of its field.

pub(crate) mod label_words;
pub(crate) mod memo;
mod value_role;
pub(crate) mod word_table;

pub use value_role::{NamedRole, ValueRole};
