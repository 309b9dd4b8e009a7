//! The name and the birth date of a contact, in forms that can be compared.

pub(crate) mod birth_date;
pub(crate) mod name_words;
pub(crate) mod person_name;

#[cfg(feature = "serde")]
pub(crate) use name_words::{Gender, Suffix};
pub(crate) use name_words::{families_agree, parts_agree};
