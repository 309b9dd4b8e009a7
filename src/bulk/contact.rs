//! A contact whose values are given one by one. Each value gives postings, and nothing else is kept.

use std::fmt;

use crate::bulk::fingerprint::Secret;
use crate::bulk::posting::Posting;
use crate::contact::Channel;
use crate::key::Reason;
use crate::normalize::{DerivedKey, LentKey, Normalizer, Region};

/// The contact that was last added to a [`Bulk`](crate::Bulk), which takes its values one by one.
///
/// Each value is read like that of a [`Contact`](crate::Contact). However, of a `Contact` at most
/// [`MAX_VALUES_PER_FIELD`](crate::normalize::MAX_VALUES_PER_FIELD) values of a field are read, whereas all values given here are.
/// The caller must keep to that limit.
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
    /// Adds a phone number as written. `region` takes precedence over the default region of the normaliser. Cost: O(n).
    ///
    /// # Errors
    /// The reason why the value gives no key.
    #[inline]
    pub fn phone(&mut self, raw: &str, region: Option<Region>) -> Result<(), Reason> {
        self.normalizer.each_phone_key(raw, region, &mut |key| self.note(key))
    }

    /// Adds an email address as written. Cost: O(n).
    ///
    /// # Errors
    /// The reason why the value gives no key.
    #[inline]
    pub fn email(&mut self, raw: &str) -> Result<(), Reason> {
        self.normalizer.each_email_key(raw, &mut |key| self.note(key))
    }

    /// Adds a channel. A normaliser that takes values as written ignores channels. Cost: O(n).
    ///
    /// # Errors
    /// The reason why the channel gives no key.
    pub fn channel(&mut self, channel: &Channel, region: Option<Region>) -> Result<(), Reason> {
        if self.normalizer.is_as_written() {
            return Ok(());
        }
        self.normalizer.channel(channel, region)?.iter().for_each(|key| self.key(key));
        Ok(())
    }

    /// Adds a host identifier from the custom field `name` ([`Normalizer::identifier_key`]). Cost: O(n).
    ///
    /// # Errors
    /// The reason why the value gives no key.
    pub fn identifier(&mut self, name: &str, raw: &str) -> Result<(), Reason> {
        self.normalizer.identifier_key(name, raw).map(|key| self.key(&key))
    }

    /// Adds a key that was derived from a value before. Cost: O(n).
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
