//! The meaning of field names: consents and objections, the owner of a phone or an email, the parts of addresses and
//! dates.

pub mod consent;
pub(crate) mod parts;
pub mod role;
