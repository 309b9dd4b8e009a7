//! A contact whose values come one by one: each gives postings, and nothing of it is kept.

use std::fmt;

use crate::bulk::fingerprint::Secret;
use crate::bulk::posting::Posting;
use crate::contact::Channel;
use crate::key::Reason;
use crate::normalize::{DerivedKey, LentKey, Normalizer, Region};

/// The contact that was added to a [`Bulk`](crate::Bulk) last, to take its values, each of which is read as that of a
/// [`Contact`](crate::Contact) would be. Of a contact no more than [`MAX_VALUES_PER_FIELD`](crate::normalize::MAX_VALUES_PER_FIELD)
/// values of a field are read; here all that come are taken, and whoever hands them over keeps to that limit.
pub struct BulkContact<'a> {
    pub(super) normalizer: &'a Normalizer,
    pub(super) secret: &'a Secret,
    pub(super) workspace: Option<&'a str>,
    pub(super) contact: u32,
    pub(super) blocked: bool,
    pub(super) open: &'a mut Vec<Posting>,
}

impl fmt::Debug for BulkContact<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkContact").field("contact", &self.contact).finish_non_exhaustive()
    }
}

impl BulkContact<'_> {
    /// Takes a phone number as written; `region` comes before the default region of the normaliser. O(n).
    ///
    /// # Errors
    /// The reason why it gives no key.
    #[inline]
    pub fn phone(&mut self, raw: &str, region: Option<Region>) -> Result<(), Reason> {
        self.normalizer.each_phone_key(raw, region, &mut |key| self.note(key))
    }

    /// Takes an email address as written. O(n).
    ///
    /// # Errors
    /// The reason why it gives no key.
    #[inline]
    pub fn email(&mut self, raw: &str) -> Result<(), Reason> {
        self.normalizer.each_email_key(raw, &mut |key| self.note(key))
    }

    /// Takes a channel, of which a normaliser that takes values as written reads nothing. O(n).
    ///
    /// # Errors
    /// The reason why it gives no key.
    pub fn channel(&mut self, channel: &Channel, region: Option<Region>) -> Result<(), Reason> {
        if self.normalizer.is_as_written() {
            return Ok(());
        }
        self.normalizer.channel(channel, region)?.iter().for_each(|key| self.key(key));
        Ok(())
    }

    /// Takes a key that a value gave already. O(n).
    #[inline]
    pub fn key(&mut self, key: &DerivedKey) {
        self.note(key.lent());
    }

    #[inline]
    pub(super) fn note(&mut self, key: LentKey<'_>) {
        let fingerprint = self.secret.of_parts(self.workspace, key.kind, key.scope, key.value);
        self.open.push(Posting::new(fingerprint, self.contact, key.derivation, self.blocked));
    }
}
