//! The weakest evidence that joins contacts.

use clap::ValueEnum;
use onefold::Strength;

/// The weakest evidence that joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MinStrength {
    /// The same number or address only
    Exact,
    /// Also other spellings of the same number or address
    Variant,
    /// Also role mailboxes, and numbers with and without an extension
    Weak,
}

impl From<MinStrength> for Strength {
    fn from(min: MinStrength) -> Self {
        match min {
            MinStrength::Exact => Self::Exact,
            MinStrength::Variant => Self::Variant,
            MinStrength::Weak => Self::Weak,
        }
    }
}
