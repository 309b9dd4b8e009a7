//! What happened, for the host to act on.

use std::collections::{BTreeSet, HashSet};
use std::fmt;

use crate::act::Origin;
use onefold::contact::{Contact, ContactId, Field, Time};

/// Something that happened in a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
pub struct Event<Id> {
    /// Its number: events are numbered from 0 on, and no number is given twice.
    pub number: u64,
    /// When, as the host said.
    pub at: Time,
    /// Who did it, as the host said.
    pub by: Box<str>,
    /// The contacts whose values it may show, in order: all that its contacts were made of then. Empty if it shows no value.
    #[serde(default = "Vec::new", rename = "values_of", skip_serializing_if = "Vec::is_empty")]
    pub value_owners: Vec<Id>,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind<Id>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(tag = "event")]
pub enum EventKind<Id> {
    /// Contacts were merged into one. Whatever refers to a retired one should refer to the survivor.
    ContactMerged {
        /// The name of the merge.
        merge: Box<str>,
        /// The contact that survived.
        survivor: Id,
        /// The contacts that went, in order.
        retired: Vec<Id>,
        /// What changed on the survivor.
        changes: FieldChanges,
    },
    /// A merge was undone: the retired are back.
    MergeUndone {
        /// The name of the merge.
        merge: Box<str>,
        /// The contact that had survived.
        survivor: Id,
        /// The contacts that are back, in order.
        restored: Vec<Id>,
        /// What changed on the contact that had survived.
        changes: FieldChanges,
    },
    /// A contact was edited.
    ContactUpdated {
        /// The contact.
        contact: Id,
        /// On whose account.
        origin: Origin,
        /// What changed on it.
        changes: FieldChanges,
    },
    /// A contact was deleted for good, with every contact that had been merged into it.
    ContactDeleted {
        /// The contact.
        contact: Id,
        /// All ids that are deleted now, in order, the contact's own among them.
        ids: Vec<Id>,
        /// On whose account.
        origin: Origin,
    },
    /// A contact was added.
    ContactAdded {
        /// The contact.
        contact: Id,
        /// On whose account.
        origin: Origin,
    },
    /// A contact is blocked now.
    ContactBlocked {
        /// The contact.
        contact: Id,
    },
    /// A contact is not blocked any more.
    ContactUnblocked {
        /// The contact.
        contact: Id,
    },
    /// A channel of a contact was connected, by a first message to it or from it.
    ChannelConnected {
        /// The contact.
        contact: Id,
        /// The account.
        account: Box<str>,
    },
    /// A channel was removed from a contact; its conversation history stays.
    ChannelRemoved {
        /// The contact.
        contact: Id,
        /// The account.
        account: Box<str>,
    },
    /// A tag was added to the workspace's list.
    TagCreated {
        /// Its name.
        tag: Box<str>,
    },
    /// A tag has another name (the former one is empty if only a person had it who was deleted since); the contacts that have it tell of it with events of their own.
    TagRenamed {
        /// Its former name.
        tag: Box<str>,
        /// Its name now.
        to: Box<str>,
    },
    /// A tag was deleted from the workspace; the contacts that had it tell of it with events of their own.
    TagDeleted {
        /// Its name.
        tag: Box<str>,
    },
    /// Other contacts may be suggested as one person than before. Every suggestion that came, went or changed has
    /// one of these contacts in it, or one that is not live any more.
    SuggestionsChanged {
        /// The contacts, in order.
        contacts: Vec<Id>,
    },
    /// The workspace was put under other settings, and any suggestion may be another one.
    SettingsChanged,
    /// A deletion of many contacts has come to its end, or was stopped.
    DeletionFinished {
        /// Its number.
        deletion: u64,
    },
    /// What the host is to do about the event before. A host that acts on that event itself passes over this one.
    #[serde(untagged)]
    Reaction(Reaction<Id>),
}

/// What the host is to do after a contact was blocked, unblocked or deleted. Each reaction is an event of its own, with a
/// number of its own, and follows the event that it reacts to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(tag = "event")]
pub enum Reaction<Id> {
    /// The conversations of a deleted contact must be deleted too.
    ConversationHistoryDeleted {
        /// The contact.
        contact: Id,
        /// All ids that conversations may be kept under.
        ids: Vec<Id>,
    },
    /// The conversation with a contact is to be closed.
    ConversationClosed {
        /// The contact.
        contact: Id,
    },
    /// The conversation with a contact is to be locked: nobody can write to it.
    ConversationLocked {
        /// The contact.
        contact: Id,
    },
    /// The running workflows of a contact are to be stopped.
    WorkflowsStopped {
        /// The contact.
        contact: Id,
    },
    /// The conversation with a contact is to be unlocked.
    ConversationUnlocked {
        /// The contact.
        contact: Id,
    },
}

/// What changed on a contact, by name. Only the values of tags are included, since segments and workflows depend on them.
/// `Debug` shows how many.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
pub struct FieldChanges {
    /// The fields that hold something else than before, in order.
    pub fields: Vec<Field>,
    /// The tags that it has now and had not before, in order.
    pub tags_added: Vec<String>,
    /// The tags that it had before and has not now, in order.
    pub tags_removed: Vec<String>,
}

impl FieldChanges {
    /// What is different between two states of a contact. O(n log n).
    pub(crate) fn between<Id>(before: &Contact<Id>, after: &Contact<Id>) -> Self {
        let fields: BTreeSet<&Field> = before.fields.keys().chain(after.fields.keys()).collect();
        let changed = fields.into_iter().filter(|field| before.get(field) != after.get(field));
        let only = |from: &Contact<Id>, other: &Contact<Id>| -> Vec<String> {
            let known: HashSet<&str> = other.tags().collect();
            let only: BTreeSet<&str> = from.tags().filter(|tag| !known.contains(tag)).collect();
            only.into_iter().map(str::to_owned).collect()
        };
        Self { fields: changed.cloned().collect(), tags_added: only(after, before), tags_removed: only(before, after) }
    }
}

impl FieldChanges {
    /// Returns true if a value is among the changes.
    pub(crate) fn show_values(&self) -> bool {
        !self.tags_added.is_empty() || !self.tags_removed.is_empty()
    }
}

impl fmt::Debug for FieldChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldChanges")
            .field("fields", &self.fields)
            .field("tags_added", &self.tags_added.len())
            .field("tags_removed", &self.tags_removed.len())
            .finish()
    }
}

impl<Id: ContactId> EventKind<Id> {
    /// Returns the reactions to the event, in the order in which they follow it.
    pub(crate) fn reactions(&self) -> Vec<Reaction<Id>> {
        match self {
            Self::ContactBlocked { contact } => vec![
                Reaction::ConversationClosed { contact: contact.clone() },
                Reaction::ConversationLocked { contact: contact.clone() },
                Reaction::WorkflowsStopped { contact: contact.clone() },
            ],
            Self::ContactUnblocked { contact } => vec![Reaction::ConversationUnlocked { contact: contact.clone() }],
            Self::ContactDeleted { contact, ids, .. } => {
                vec![Reaction::ConversationHistoryDeleted { contact: contact.clone(), ids: ids.clone() }]
            }
            _ => Vec::new(),
        }
    }

    /// Returns the same without any value of a contact.
    pub(crate) fn without_values(mut self) -> Self {
        match &mut self {
            Self::ContactMerged { changes, .. }
            | Self::MergeUndone { changes, .. }
            | Self::ContactUpdated { changes, .. } => {
                changes.tags_added.clear();
                changes.tags_removed.clear();
            }
            Self::TagRenamed { tag, .. } | Self::TagDeleted { tag } => *tag = "".into(),
            _ => {}
        }
        self
    }
}
