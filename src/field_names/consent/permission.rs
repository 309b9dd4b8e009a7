//! A consent or an objection.

/// A consent or an objection, with one normalised name for all its spellings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[doc(hidden)]
pub enum Permission {
    /// The contact agreed to something.
    Consent(Box<str>),
    /// The contact objected to something.
    Objection(Box<str>),
}
