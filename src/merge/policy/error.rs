//! Why a policy cannot be.

/// Why a policy was refused when it was made or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// A rule is given to a field that does not exist. Fields that onefold does not know have a table of
    /// their own, so that a misspelt name is found.
    #[error("there is no field {name:?}; a field that is not onefold's own goes under other_fields")]
    UnknownField {
        /// The name.
        name: String,
    },
    /// A field of onefold's own stands among those that it does not know.
    #[error("{name:?} is a field of onefold's own and goes under fields")]
    KnownField {
        /// The name.
        name: String,
    },
    /// The rule can decide nothing sensible for the field.
    #[error("{field} cannot be decided by {rule}, only by {allowed}")]
    RuleNotForField {
        /// The field's name; `default` for the rule of all that have none of their own.
        field: String,
        /// The rule's name.
        rule: &'static str,
        /// The names of the rules that can.
        allowed: String,
    },
    /// `sources` has an empty list, or names one twice.
    #[error("the sources of {field} must be at least one, and each named once")]
    Sources {
        /// The field's name.
        field: String,
    },
    /// The separator of `join` is empty or longer than 64 bytes.
    #[error("the separator of {field} must have 1 to 64 bytes")]
    Separator {
        /// The field's name.
        field: String,
    },
    /// The limit of contacts makes no sense.
    #[error("max_contacts must be from 2 to {limit}, not {given}")]
    MaxContacts {
        /// What was given.
        given: usize,
        /// The greatest limit.
        limit: usize,
    },
    /// A version of the form that this release does not know.
    #[error("version {version} of the policy's form is not known; this release reads version 1")]
    Version {
        /// The version.
        version: u32,
    },
}
