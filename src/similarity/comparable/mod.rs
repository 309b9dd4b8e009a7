//! From a contact to its comparable form: transliterated, in lower case, without what tells nobody from another.

mod field_role;
mod form;
mod plain_text;
mod table;
mod words;

pub(crate) use field_role::FieldRoles;
pub use form::ComparableForm;
pub(crate) use table::{ComparableRow, Texts, is_given};
