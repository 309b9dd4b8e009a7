//! The groups among any number of contacts, found without an index of all contacts.
//!
//! A first pass over the contacts stores 16 bytes for each key of a contact: a fingerprint of the key and the number of
//! the contact. Sorting them shows which contacts share a key, and thus which contacts are in groups. A second pass
//! reads the contacts of the groups, which are described from their keys themselves.

mod concurrent_sets;
mod contact;
mod fingerprint;
mod group_description;
mod groups;
mod partition;
mod posting;

use std::borrow::Borrow;
use std::cmp::Reverse;
use std::fmt;

use crate::bulk::concurrent_sets::SharedSets;
use crate::bulk::fingerprint::Secret;
use crate::bulk::groups::GroupSettings;
use crate::bulk::partition::PartitionGroups;
use crate::bulk::posting::{PARTS, Posting, Segment};
use crate::contact::Contact;
use crate::index::Rules;
use crate::key::{Derivation, KeyKind};
use crate::normalize::{DerivedKey, LentKey, Normalizer, Rejection};

pub use contact::BulkContact;
pub use group_description::{BulkGroup, BulkMember};
pub use groups::{BulkCommonKey, BulkGroups};

/// The number of postings in a segment. They are grouped by part when the segment is closed.
const SEGMENT: usize = 131_072;

/// Finds the groups among contacts that are read one by one and not kept, for files and exports of any size.
///
/// Contacts are numbered in the order in which they are added. A key of a contact takes 16 bytes, and nothing else is
/// stored.
///
/// ```
/// use onefold::{Bulk, Contact, Normalizer, Rules};
///
/// let contacts = [
///     Contact::new("a").with_email("ada@example.com"),
///     Contact::new("b").with_email("bob@example.com"),
///     Contact::new("c").with_email("Ada@Example.com"),
/// ];
/// let mut bulk = Bulk::new(Normalizer::new(), Rules::new());
/// for contact in &contacts {
///     bulk.add(None, contact);
/// }
/// let groups = bulk.groups();
/// let group = groups.iter().next().expect("two contacts with one email");
/// assert_eq!(group, [0, 2]);
///
/// let again: Vec<_> = group.iter().map(|&number| contacts[number as usize].clone()).collect();
/// assert_eq!(groups.describe(None, &again)[0].members, ["a", "c"]);
/// ```
pub struct Bulk {
    normalizer: Normalizer,
    rules: Rules,
    secret: Secret,
    segments: Vec<Segment>,
    // The postings that are not in a segment yet.
    open: Vec<Posting>,
    contacts: u32,
    left_out: Vec<u32>,
}

impl fmt::Debug for Bulk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk")
            .field("normalizer", &self.normalizer)
            .field("rules", &self.rules)
            .field("contacts", &self.contacts)
            .finish_non_exhaustive()
    }
}

impl Bulk {
    /// Returns a `Bulk` without contacts that reads values with `normalizer` and joins contacts by `rules`.
    pub fn new(normalizer: Normalizer, rules: Rules) -> Self {
        let secret = Secret::new();
        Self { normalizer, rules, secret, segments: Vec::new(), open: Vec::new(), contacts: 0, left_out: Vec::new() }
    }

    /// Returns an empty `Bulk` with the same settings and secret, for reading a part of the contacts on another thread.
    /// [`Bulk::append`] joins the parts.
    #[must_use]
    pub fn part(&self) -> Self {
        let (normalizer, rules, secret) = (self.normalizer.clone(), self.rules, self.secret.clone());
        Self { normalizer, rules, secret, segments: Vec::new(), open: Vec::new(), contacts: 0, left_out: Vec::new() }
    }

    /// Returns the normaliser that reads the values.
    pub fn normalizer(&self) -> &Normalizer {
        &self.normalizer
    }

    /// Adds a contact, blocked if its record says so, and returns the values that gave no key.
    ///
    /// Contacts of different workspaces are never in one group. Cost: O(k) for k keys.
    ///
    /// # Panics
    /// Panics if there are 2^32 contacts already, which no memory can hold.
    pub fn add<Id>(&mut self, workspace: Option<&str>, contact: &Contact<Id>) -> Vec<Rejection> {
        let found = self.normalizer.contact(contact);
        let keys = found.keys.into_iter().map(|key| DerivedKey { key: key.key, derivation: key.derivation });
        self.add_keys(workspace, contact.blocked, keys);
        found.rejections
    }

    /// Adds a contact whose values are given one by one, for a host that streams rows and does not build a [`Contact`].
    ///
    /// ```
    /// use onefold::{Bulk, Normalizer, Rules};
    ///
    /// let mut bulk = Bulk::new(Normalizer::new(), Rules::new());
    /// for phone in ["+44 20 7946 0958", "+442079460958", "none"] {
    ///     let reason = bulk.add_values(None, false).phone(phone, None).err();
    ///     assert_eq!(reason.is_some(), phone == "none");
    /// }
    /// assert_eq!(bulk.groups().members(), [0, 1]);
    /// ```
    ///
    /// # Panics
    /// As [`Bulk::add`].
    #[inline]
    pub fn add_values<'a>(&'a mut self, workspace: Option<&'a str>, blocked: bool) -> BulkContact<'a> {
        self.contacts = self.contacts.checked_add(1).expect("contacts are numbered in 32 bits");
        if self.open.len() >= SEGMENT {
            self.close();
        }
        let Self { normalizer, secret, open, .. } = self;
        BulkContact { normalizer, secret, workspace, contact: self.contacts - 1, blocked, open }
    }

    /// Adds a contact by keys that were derived from its values before. A key may occur several times. Cost: O(k) for k
    /// keys.
    ///
    /// # Panics
    /// As [`Bulk::add`].
    pub fn add_keys<K: Borrow<DerivedKey>>(
        &mut self,
        workspace: Option<&str>,
        blocked: bool,
        keys: impl IntoIterator<Item = K>,
    ) {
        let mut added = self.add_values(workspace, blocked);
        keys.into_iter().for_each(|key| added.key(key.borrow()));
    }

    /// Adds a contact with one key, which is the text exactly as given, such as an id of another system. An empty text
    /// gives no key.
    ///
    /// # Panics
    /// As [`Bulk::add`].
    pub fn add_text(&mut self, workspace: Option<&str>, text: &str) {
        let mut added = self.add_values(workspace, false);
        if !text.is_empty() {
            added.note(LentKey { kind: KeyKind::Custom, scope: "", value: text, derivation: Derivation::Direct });
        }
    }

    /// Returns the number of contacts.
    pub fn len(&self) -> usize {
        self.contacts as usize
    }

    /// Returns true if there are no contacts.
    pub fn is_empty(&self) -> bool {
        self.contacts == 0
    }

    /// Appends the contacts of a part to these contacts.
    ///
    /// # Panics
    /// As [`Bulk::add`].
    pub fn append(&mut self, mut part: Self) {
        self.close();
        part.close();
        let base = self.contacts;
        self.segments.extend(part.segments.into_iter().map(|segment| segment.moved(base)));
        self.left_out.extend(part.left_out.into_iter().map(|contact| contact + base));
        self.contacts = base.checked_add(part.contacts).expect("contacts are numbered in 32 bits");
    }

    /// Removes the contact with this number. The numbers of the other contacts stay.
    pub fn leave_out(&mut self, contact: u32) {
        self.left_out.push(contact);
    }

    /// Returns the groups. They do not depend on the number of threads.
    ///
    /// Cost: O(p log p) for p postings whose keys have several holders, plus O(n + q) for n contacts and q other
    /// postings.
    pub fn groups(mut self) -> BulkGroups {
        self.close();
        self.left_out.sort_unstable();
        let Self { normalizer, rules, secret, segments, contacts, left_out, .. } = self;
        let sets = SharedSets::new(contacts);
        let found = |part: usize| PartitionGroups::of(&segments, part, &left_out, rules, &sets);
        // The largest parts come first, so that no thread is left alone with a large part at the end.
        let mut parts: Vec<usize> = (0..PARTS).collect();
        let size = |part: usize| segments.iter().map(|segment| segment.part(part).len()).sum();
        parts.sort_by_cached_key(|&part| Reverse::<usize>(size(part)));
        #[cfg(feature = "parallel")]
        let found: Vec<PartitionGroups> = {
            use rayon::prelude::*;
            parts.into_par_iter().map(found).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let found: Vec<PartitionGroups> = parts.into_iter().map(found).collect();
        drop(segments);
        BulkGroups::new(GroupSettings { normalizer, rules, secret }, contacts, found, sets)
    }

    /// Groups the added postings by part, as [`Bulk::append`] and [`Bulk::groups`] do. A thread that has read a part
    /// calls it, so that the thread that appends the part need not do this work.
    pub fn settle(&mut self) {
        self.close();
        // The buffer is released, because many finished parts may wait to be appended.
        self.open = Vec::new();
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.segments.push(Segment::new(&self.open));
            self.open.clear();
        }
    }
}
