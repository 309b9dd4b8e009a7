//! Reasons for which a policy is refused.

/// The reason for which a policy was refused when it was built or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// A rule is given to a field that does not exist. Fields unknown to onefold have a table of their own, so that
    /// misspelt names are found.
    #[error("there is no field {name:?}; a field that is not onefold's own goes under other_fields")]
    UnknownField {
        /// The name of the field.
        name: String,
    },
    /// One of onefold's own fields is in the table of unknown fields.
    #[error("{name:?} is a field of onefold's own and goes under fields")]
    KnownField {
        /// The name of the field.
        name: String,
    },
    /// The rule cannot decide the field.
    #[error("{field} cannot be decided by {rule}, only by {allowed}")]
    RuleNotForField {
        /// The field's name, or `default` for the rule of all fields without their own.
        field: String,
        /// The rule's name.
        rule: &'static str,
        /// The names of the rules that can decide the field.
        allowed: String,
    },
    /// The list of `sources` is empty or names a source twice.
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
    /// The limit of contacts is out of range.
    #[error("max_contacts must be from 2 to {limit}, not {given}")]
    MaxContacts {
        /// The limit given.
        given: usize,
        /// The greatest limit.
        limit: usize,
    },
    /// This release does not know the version of the form.
    #[error("version {version} of the policy's form is not known; this release reads version 1")]
    Version {
        /// The version read.
        version: u32,
    },
}
