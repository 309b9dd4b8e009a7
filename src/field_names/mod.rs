//! What the name of a field says about its values: a consent, whose they are, which address or date they are part of.

pub mod consent;
pub(crate) mod parts;
pub mod role;
