//! A contact whose keys an operation changed without writing it.

use std::collections::BTreeSet;

use onefold::normalize::ContactKey;

/// A contact whose keys changed.
#[derive(Clone)]
pub(crate) struct Rekeyed<Id> {
    pub(crate) id: Id,
    pub(crate) before: BTreeSet<ContactKey>,
    pub(crate) after: BTreeSet<ContactKey>,
}
