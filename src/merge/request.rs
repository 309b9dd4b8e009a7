//! What is asked of one merge, beside the policy of all.

use std::collections::BTreeMap;
use std::fmt;

use crate::contact::{ContactId, Field, Value};

/// What is asked of one merge: its name, and where it departs from the policy.
///
/// `Debug` shows ids and names of fields, never a value.
#[derive(Clone, PartialEq, Eq)]
pub struct MergeRequest<Id> {
    pub(super) merge: Box<str>,
    pub(super) workspace: Option<Box<str>>,
    pub(super) overrides: BTreeMap<Field, Override<Id>>,
    pub(super) distinct: Vec<(Id, Id)>,
    pub(super) allows_distinct: bool,
    pub(super) allows_blocked: bool,
    pub(super) allows_unverified: bool,
}

/// What a request makes of a field, whatever the policy says.
///
/// `Debug` shows ids, never a value.
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
    /// A request under a name that the host will know the merge by, such as a number or a UUID: 1 to 256
    /// bytes. onefold makes no names.
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

    /// Says which workspace the contacts belong to; the patch keeps it.
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

    /// Gives `field` the value that `contact` has; none, if it has none.
    #[must_use]
    pub fn take(mut self, field: Field, contact: Id) -> Self {
        self.overrides.insert(field, Override::From(contact));
        self
    }

    /// Says which pairs were marked distinct: those of [`Suggestion::distinct`](crate::Suggestion::distinct) or
    /// [`Index::distinct_among`](crate::Index::distinct_among). Pairs of other contacts do no harm.
    #[must_use]
    pub fn marked_distinct(mut self, pairs: impl IntoIterator<Item = (Id, Id)>) -> Self {
        self.distinct.extend(pairs);
        self
    }

    /// Merges contacts that were marked distinct all the same.
    #[must_use]
    pub fn allow_distinct(mut self) -> Self {
        self.allows_distinct = true;
        self
    }

    /// Merges blocked contacts all the same. If one of them is blocked, the survivor is.
    #[must_use]
    pub fn allow_blocked(mut self) -> Self {
        self.allows_blocked = true;
        self
    }

    /// Merges contacts that no verified value connects, where the policy requires one: somebody looked at them.
    #[must_use]
    pub fn allow_unverified(mut self) -> Self {
        self.allows_unverified = true;
        self
    }

    /// The same request with what `change` makes of the value that it gives to a field, if it gives one.
    #[doc(hidden)]
    pub fn map_given(mut self, field: &Field, change: impl FnOnce(&Value) -> Value) -> Self {
        if let Some(Override::Value(value)) = self.overrides.get_mut(field) {
            *value = change(value);
        }
        self
    }

    /// The same request without what was only for deciding whether to merge at all.
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
    pub fn distinct_pairs(&self) -> &[(Id, Id)] {
        &self.distinct
    }

    /// Returns what the request makes of `field`, whatever the policy says; `None` if the policy decides it.
    pub fn override_of(&self, field: &Field) -> Option<&Override<Id>> {
        self.overrides.get(field)
    }

    /// The fields that the request decides, each with the value it gives, if it gives one.
    #[doc(hidden)]
    pub fn overridden(&self) -> impl Iterator<Item = (&Field, Option<&Value>)> {
        self.overrides.iter().map(|(field, given)| match given {
            Override::Value(value) => (field, Some(value)),
            Override::From(_) => (field, None),
        })
    }

    /// The name of the merge.
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
