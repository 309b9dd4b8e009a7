//! The request for one merge, beside the policy for all merges.

use std::collections::BTreeMap;
use std::fmt;

use crate::contact::{ContactId, ContactPair, Field, Value};

/// A request for one merge: its id, and the fields that it decides instead of the policy.
///
/// `Debug` shows ids and names of fields, never a value.
#[derive(Clone, PartialEq, Eq)]
pub struct MergeRequest<Id> {
    pub(super) merge: Box<str>,
    pub(super) workspace: Option<Box<str>>,
    pub(super) overrides: BTreeMap<Field, Override<Id>>,
    pub(super) distinct: Vec<ContactPair<Id>>,
    pub(super) allows_distinct: bool,
    pub(super) allows_blocked: bool,
    pub(super) allows_unverified: bool,
}

/// The value of a field that the request decides.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Override<Id> {
    /// The field gets this value.
    Value(Value),
    /// The field gets the value of this member; none, if it has none.
    From(Id),
}

impl<Id: fmt::Debug> fmt::Debug for Override<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(_) => f.write_str("Value(..)"),
            Self::From(id) => f.debug_tuple("From").field(id).finish(),
        }
    }
}

impl<Id: ContactId> MergeRequest<Id> {
    /// Returns a request with the id by which the host refers to the merge, such as a number or a UUID, of 1 to 256
    /// bytes. onefold makes no ids.
    pub fn new(merge: impl Into<Box<str>>) -> Self {
        Self {
            merge: merge.into(),
            workspace: None,
            overrides: BTreeMap::new(),
            distinct: Vec::new(),
            allows_distinct: false,
            allows_blocked: false,
            allows_unverified: false,
        }
    }

    /// Sets the workspace of the contacts. The patch records it.
    #[must_use]
    pub fn in_workspace(mut self, workspace: impl Into<Box<str>>) -> Self {
        self.workspace = Some(workspace.into());
        self
    }

    /// Gives `field` this value.
    #[must_use]
    pub fn set(mut self, field: Field, value: impl Into<Value>) -> Self {
        self.overrides.insert(field, Override::Value(value.into()));
        self
    }

    /// Gives `field` the value of `contact`, or none if `contact` has none.
    #[must_use]
    pub fn take(mut self, field: Field, contact: Id) -> Self {
        self.overrides.insert(field, Override::From(contact));
        self
    }

    /// Passes the pairs that are marked as distinct: those of [`Suggestion::distinct`](crate::Suggestion::distinct) or
    /// [`Index::distinct_among`](crate::Index::distinct_among). Pairs of other contacts are ignored.
    #[must_use]
    pub fn marked_distinct(mut self, pairs: impl IntoIterator<Item = ContactPair<Id>>) -> Self {
        self.distinct.extend(pairs);
        self
    }

    /// Allows contacts that are marked as distinct.
    #[must_use]
    pub fn allow_distinct(mut self) -> Self {
        self.allows_distinct = true;
        self
    }

    /// Allows blocked contacts. The survivor is blocked if one of the contacts is.
    #[must_use]
    pub fn allow_blocked(mut self) -> Self {
        self.allows_blocked = true;
        self
    }

    /// Allows contacts that no verified value connects, under a policy that requires one, because a person has checked
    /// them.
    #[must_use]
    pub fn allow_unverified(mut self) -> Self {
        self.allows_unverified = true;
        self
    }

    /// Returns the request with `change` applied to the value that it gives to `field`, if it gives one.
    #[doc(hidden)]
    pub fn map_given(mut self, field: &Field, change: impl FnOnce(&Value) -> Value) -> Self {
        if let Some(Override::Value(value)) = self.overrides.get_mut(field) {
            *value = change(value);
        }
        self
    }

    /// Returns the request without the parts that serve only to decide whether to merge.
    #[doc(hidden)]
    pub fn to_keep(&self) -> Self {
        Self {
            distinct: Vec::new(),
            allows_distinct: true,
            allows_blocked: true,
            allows_unverified: true,
            ..self.clone()
        }
    }

    /// Returns true if the request merges contacts that are marked distinct.
    pub fn allows_distinct(&self) -> bool {
        self.allows_distinct
    }

    /// Returns true if the request merges blocked contacts.
    pub fn allows_blocked(&self) -> bool {
        self.allows_blocked
    }

    /// Returns true if the request merges contacts that no verified value connects.
    pub fn allows_unverified(&self) -> bool {
        self.allows_unverified
    }

    /// Returns the workspace of the contacts, if the request names one.
    pub fn workspace(&self) -> Option<&str> {
        self.workspace.as_deref()
    }

    /// Returns the distinct pairs that were given with [`MergeRequest::marked_distinct`], in the order given.
    pub fn distinct_pairs(&self) -> &[ContactPair<Id>] {
        &self.distinct
    }

    /// Returns what the request makes of `field`, whatever the policy says; `None` if the policy decides it.
    pub fn override_of(&self, field: &Field) -> Option<&Override<Id>> {
        self.overrides.get(field)
    }

    /// Returns the fields that the request decides, each with its given value, or `None` if it is taken from a contact.
    #[doc(hidden)]
    pub fn overridden(&self) -> impl Iterator<Item = (&Field, Option<&Value>)> {
        self.overrides.iter().map(|(field, given)| match given {
            Override::Value(value) => (field, Some(value)),
            Override::From(_) => (field, None),
        })
    }

    /// Returns the id of the merge.
    pub fn merge_id(&self) -> &str {
        &self.merge
    }
}

impl<Id: fmt::Debug> fmt::Debug for MergeRequest<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let overridden: Vec<&Field> = self.overrides.keys().collect();
        f.debug_struct("MergeRequest")
            .field("merge", &self.merge)
            .field("workspace", &self.workspace)
            .field("overrides", &overridden)
            .field("distinct_pairs", &self.distinct)
            .field("allows_distinct", &self.allows_distinct)
            .field("allows_blocked", &self.allows_blocked)
            .field("allows_unverified", &self.allows_unverified)
            .finish()
    }
}
