//! The options that say which contacts are joined.

use clap::{Args, ValueEnum};
use onefold::{Rules, Strength};

/// Which contacts are joined; the same for every command that makes suggestions from files.
#[derive(Debug, Args)]
pub struct RulesArguments {
    /// Ignore and report values that more than N contacts share; 0 means no limit
    #[arg(long, value_name = "N", default_value_t = 25)]
    pub max_holders: usize,
    /// Mark suggestions with more than N members as oversized
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub max_members: usize,
    /// Join contacts only by evidence of at least this strength
    #[arg(long, value_enum, value_name = "STRENGTH", default_value_t = MinStrength::Variant)]
    pub min_strength: MinStrength,
}

/// The weakest evidence that joins contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MinStrength {
    /// Only the same number or address
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

impl RulesArguments {
    /// Returns the rules that the arguments ask for.
    pub fn rules(&self) -> Rules {
        let rules = Rules::new().with_max_members(self.max_members).with_min_strength(self.min_strength.into());
        match self.max_holders {
            0 => rules.with_unlimited_holders(),
            limit => rules.with_max_holders(limit),
        }
    }
}
