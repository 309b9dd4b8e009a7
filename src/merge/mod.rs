//! Applies a policy: from contacts and a request to the survivor, the choices, the lost values, and the patch that
//! undoes the merge.

mod channels;
mod choice;
mod comparable;
mod decision;
mod error;
mod fields;
mod group_source;
mod list_union;
mod permissions;
pub mod policy;
mod precedence;
mod request;
#[cfg(feature = "serde")]
mod request_form;
mod verified_evidence;

use std::collections::BTreeSet;
use std::fmt;

use crate::contact::{Contact, ContactId, ContactPair, Field, Value};
use crate::merge::fields::SurvivorFields;
use crate::merge::policy::MergePolicy;
use crate::merge::precedence::Participants;
use crate::normalize::Normalizer;
use crate::patch::{MAX_MERGE_BYTES, MAX_MERGE_ID_BYTES, MAX_NESTING, Patch, SurvivorImages, bytes_of, nesting_of};

pub use choice::{Choice, Lost, Why};
pub use error::{ContactValue, MergeError};
#[doc(hidden)]
pub use list_union::items;
pub use request::{MergeRequest, Override};
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use request_form::RequestForm;

/// The result of a merge, before anything is changed.
///
/// The host stores the survivor, removes the retired contacts and keeps the patch, all in one transaction.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Merge<Id> {
    /// The decision for each field, in order of the fields.
    pub choices: Vec<Choice<Id>>,
    /// Every value that is not in the survivor, in order of the fields, then in precedence.
    pub lost: Vec<Lost<Id>>,
    /// The images of all contacts before and after the merge, from which it can be undone.
    pub patch: Patch<Id>,
}

impl<Id: ContactId> Merge<Id> {
    /// Returns the survivor as it is after the merge.
    pub fn survivor(&self) -> &Contact<Id> {
        self.patch.survivor_merged()
    }

    /// Returns the ids of the retired contacts, in order. References to them should be changed to the survivor.
    pub fn retired(&self) -> impl Iterator<Item = &Id> {
        self.patch.retired().iter().map(|contact| &contact.id)
    }
}

impl<Id: fmt::Debug> fmt::Debug for Merge<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merge")
            .field("choices", &self.choices)
            .field("lost", &self.lost)
            .field("patch", &self.patch)
            .finish()
    }
}

impl MergePolicy {
    /// Returns the result of merging `contacts`, without changing anything. The same call serves as the preview.
    ///
    /// `normalizer` is the one with which the index reads values. It decides which phones and emails are equal.
    ///
    /// - No value is lost: each is in the survivor or listed in [`Merge::lost`], and always in the patch.
    /// - The survivor holds every key of the contacts. A national number from another country, also as the identity of
    ///   a channel, is therefore written with its country code. The one exception is a channel identity that is no
    ///   number in its own country but would be one in the survivor's: its key changes.
    /// - A derived country gives way to a given one. Without a given one it is derived again.
    /// - The survivor is blocked if one of the contacts is.
    /// - The result depends only on the set of contacts and, under
    ///   [`SurvivorRule::FirstGiven`](crate::SurvivorRule::FirstGiven), on which contact is given first.
    ///
    /// Cost: O(n log n) in the size of the contacts. A phone or an email is normalised only if it could equal another
    /// one.
    ///
    /// ```
    /// use onefold::{Contact, Field, FieldRule, MergePolicy, MergeRequest, Normalizer};
    ///
    /// let contacts = [
    ///     Contact::new(1).with(Field::FirstName, "A.").with_email("ada@example.com"),
    ///     Contact::new(7).with(Field::FirstName, "Ada").with_email("Ada@Example.com").with_email("ada@example.org"),
    /// ];
    /// let policy = MergePolicy::builder().field(Field::FirstName, FieldRule::Longest).build()?;
    /// let merge = policy.merge(&contacts, &MergeRequest::new("merge-1"), &Normalizer::new())?;
    ///
    /// let survivor = merge.survivor();
    /// assert_eq!(survivor.emails().collect::<Vec<_>>(), ["ada@example.com", "ada@example.org"]);
    /// assert_eq!(survivor.get(&Field::FirstName), Some(&"Ada".into()));
    /// assert_eq!(merge.choices[1].to_string(), "longest, from contact 7");
    /// assert_eq!(merge.lost.len(), 2, "the other name and the other spelling of the email");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// - [`MergeError::TooFew`], [`MergeError::TooMany`] or [`MergeError::SameContact`] if the list of contacts cannot
    ///   be merged.
    /// - [`MergeError::Blocked`] or [`MergeError::Distinct`] if the request does not allow such contacts.
    /// - [`MergeError::OtherWorkspace`] if the policy names a workspace field and the contacts differ in it.
    /// - [`MergeError::NotVerified`] if the policy requires that verified values connect the contacts, and the request
    ///   does not allow unverified ones.
    /// - [`MergeError::Disagree`] if the contacts differ in a field that must agree.
    /// - [`MergeError::UnknownMember`], [`MergeError::Override`] or [`MergeError::MergeId`] if the request is not
    ///   valid.
    /// - [`MergeError::TooLarge`], [`MergeError::TooDeep`] or [`MergeError::ReservedName`] if no patch can hold the
    ///   contacts.
    pub fn merge<Id: ContactId>(
        &self,
        contacts: &[Contact<Id>],
        request: &MergeRequest<Id>,
        normalizer: &Normalizer,
    ) -> Result<Merge<Id>, MergeError<Id>> {
        self.check_contacts(contacts, request)?;
        check_sizes(contacts)?;
        check_request(contacts, request)?;
        if self.requires_verified() && !request.allows_unverified {
            verified_evidence::check(contacts, normalizer)?;
        }
        let participants = Participants::new(contacts, self.survivor());
        let workspace = self.check_workspace(&participants, request)?;
        let fields = SurvivorFields::decide(self, &participants, request, normalizer)?;
        let survivor = SurvivorImages { before: participants.survivor().clone(), after: fields.survivor };
        let mut retired: Vec<Contact<Id>> =
            participants.contacts().iter().skip(1).map(|contact| (*contact).clone()).collect();
        retired.sort_by(|a, b| a.id.cmp(&b.id));
        let patch = Patch::new(request.merge.clone(), workspace, survivor, retired).with_flags(self.flags());
        Ok(Merge { choices: fields.choices, lost: fields.lost, patch })
    }

    fn check_contacts<Id: ContactId>(
        &self,
        contacts: &[Contact<Id>],
        request: &MergeRequest<Id>,
    ) -> Result<(), MergeError<Id>> {
        let (given, limit) = (contacts.len(), self.max_contacts());
        if given < 2 {
            return Err(MergeError::TooFew { given });
        }
        if given > limit {
            return Err(MergeError::TooMany { given, limit });
        }
        let mut ids: BTreeSet<&Id> = BTreeSet::new();
        if let Some(twice) = contacts.iter().find(|contact| !ids.insert(&contact.id)) {
            return Err(MergeError::SameContact { id: twice.id.clone() });
        }
        let blocked = contacts.iter().filter(|contact| contact.blocked && !request.allows_blocked);
        // The smallest id, so that the answer does not depend on the order of the contacts.
        if let Some(id) = blocked.map(|contact| &contact.id).min() {
            return Err(MergeError::Blocked { id: id.clone() });
        }
        let is_one =
            |pair: &&ContactPair<Id>| pair.first() != pair.second() && pair.ids().iter().all(|id| ids.contains(id));
        match request.distinct.iter().filter(is_one).min() {
            Some(pair) if !request.allows_distinct => {
                Err(MergeError::Distinct { a: pair.first().clone(), b: pair.second().clone() })
            }
            _ => Ok(()),
        }
    }

    /// Returns the workspace of all contacts, or `None` if neither the policy nor the request names one.
    fn check_workspace<Id: ContactId>(
        &self,
        contacts: &Participants<'_, Id>,
        request: &MergeRequest<Id>,
    ) -> Result<Option<Box<str>>, MergeError<Id>> {
        let Some(field) = self.workspace_field() else { return Ok(request.workspace.clone()) };
        let own = contacts.survivor().get(field);
        let text = own.and_then(Value::as_written);
        let is_foreign = |contact: &&&Contact<Id>| {
            let asked = request.workspace.as_deref();
            contact.get(field) != own || (asked.is_some() && asked != text)
        };
        match contacts.contacts().iter().filter(is_foreign).map(|contact| &contact.id).min() {
            Some(id) => Err(MergeError::OtherWorkspace { id: id.clone() }),
            None => Ok(text.map(Box::from).or_else(|| request.workspace.clone())),
        }
    }
}

/// Checks that a patch can hold the contacts. Cost: O(n) in their size.
///
/// # Errors
/// - [`MergeError::TooLarge`] if the contacts hold more than [`MAX_MERGE_BYTES`].
/// - [`MergeError::TooDeep`] if a structured value is nested more than [`MAX_NESTING`] levels.
/// - [`MergeError::ReservedName`] if the name of an unknown field has another meaning in the JSON form.
#[doc(hidden)]
pub fn check_sizes<Id: ContactId>(contacts: &[Contact<Id>]) -> Result<(), MergeError<Id>> {
    let bytes: usize = contacts.iter().map(bytes_of).sum();
    if bytes > MAX_MERGE_BYTES {
        return Err(MergeError::TooLarge { bytes, limit: MAX_MERGE_BYTES });
    }
    for contact in contacts {
        if let Some(field) = nesting_of(contact, MAX_NESTING) {
            return Err(MergeError::TooDeep { id: contact.id.clone(), field: field.clone(), limit: MAX_NESTING });
        }
        if let Some(field) = contact.fields.keys().find(|field| fields::is_hidden(contact, field)) {
            return Err(MergeError::ReservedName { id: contact.id.clone(), name: field.name().into() });
        }
    }
    Ok(())
}

fn check_request<Id: ContactId>(contacts: &[Contact<Id>], request: &MergeRequest<Id>) -> Result<(), MergeError<Id>> {
    if !(1..=MAX_MERGE_ID_BYTES).contains(&request.merge.len()) {
        return Err(MergeError::MergeId { limit: MAX_MERGE_ID_BYTES });
    }
    for (field, value) in &request.overrides {
        match value {
            Override::From(id) if contacts.iter().all(|contact| contact.id != *id) => {
                return Err(MergeError::UnknownMember { field: field.clone(), id: id.clone() });
            }
            Override::Value(value) if !fields::can_hold(field, value) => {
                return Err(MergeError::Override { field: field.clone() });
            }
            _ => {}
        }
    }
    let given = request.overrides.values().map(|value| match value {
        Override::Value(value) => {
            let mut holder = Contact::new(());
            holder.fields.insert(Field::Tags, value.clone());
            bytes_of(&holder)
        }
        Override::From(_) => 0,
    });
    let bytes: usize = given.sum();
    if bytes > MAX_MERGE_BYTES { Err(MergeError::TooLarge { bytes, limit: MAX_MERGE_BYTES }) } else { Ok(()) }
}
