//! The compact form of a patch.
//!
//! It is `1fp`, the version as one byte, the body in postcard's wire format, and the first 16 bytes of the SHA-256 of
//! everything before. The digest is checked before the body is read. It finds damage, not forgery; for that see
//! [`Patch::digest`](crate::Patch::digest). Version 2 is the form of a patch under a policy that ignores consents and
//! objections, and otherwise equals version 1.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

use crate::contact::{Contact, ContactId, StoredId};
use crate::patch::contact_record::Record;
use crate::patch::digest::PatchDigest;
use crate::patch::error::PatchError;
use crate::patch::limits::{MAX_MERGE_ID_BYTES, MAX_PATCH_BYTES};
use crate::patch::{Direction, Patch};

const MAGIC: &[u8; 3] = b"1fp";
const VERSION: u8 = 1;
const VERSION_WITHOUT_FLAGS: u8 = 2;
const HEAD: usize = MAGIC.len() + 1;
const CHECK: usize = 16;

#[derive(Serialize, Deserialize)]
struct PatchBody<'a, Id> {
    #[serde(borrow)]
    merge: Cow<'a, str>,
    #[serde(borrow)]
    workspace: Option<Cow<'a, str>>,
    is_inverse: bool,
    survivor: Id,
    #[serde(borrow)]
    before: Record<'a>,
    #[serde(borrow)]
    after: Record<'a>,
    #[serde(borrow)]
    retired: Vec<(Id, Record<'a>)>,
}

impl<Id: ContactId + Serialize> Patch<Id> {
    /// Returns the compact form. Equal patches give equal bytes, and each patch has exactly one form. Cost: O(n).
    ///
    /// # Panics
    /// Panics if an id cannot be serialised to a format that is not self-describing. All common id types can.
    pub fn to_bytes(&self) -> Vec<u8> {
        let body = PatchBody {
            merge: Cow::Borrowed(&self.merge),
            workspace: self.workspace.as_deref().map(Cow::Borrowed),
            is_inverse: self.direction == Direction::Inverse,
            survivor: &self.before.id,
            before: Record::of(&self.before),
            after: Record::of(&self.after),
            retired: self.retired.iter().map(|contact| (&contact.id, Record::of(contact))).collect(),
        };
        let mut bytes = Vec::with_capacity(512);
        bytes.extend(MAGIC);
        bytes.push(if self.knows_flags { VERSION } else { VERSION_WITHOUT_FLAGS });
        let mut bytes = postcard::to_extend(&body, bytes).expect("ids can be serialised");
        let digest = PatchDigest::of(&bytes);
        bytes.extend_from_slice(digest.as_bytes().get(..CHECK).unwrap_or_default());
        bytes
    }
}

impl<Id: StoredId> Patch<Id> {
    /// Reads the compact form, of this version or an older one. The bytes may be untrusted: reading takes memory in
    /// proportion to their number and does not recurse. Cost: O(n).
    ///
    /// # Errors
    /// - [`PatchError::TooLarge`] if there are more than [`MAX_PATCH_BYTES`].
    /// - [`PatchError::Foreign`] if they do not begin like a patch.
    /// - [`PatchError::NewerVersion`] if a later release wrote them.
    /// - [`PatchError::Damaged`] if they were cut off or altered.
    /// - [`PatchError::Malformed`] or [`PatchError::TooDeep`] if they were written by hand or for another type of id.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PatchError> {
        if bytes.len() > MAX_PATCH_BYTES {
            return Err(PatchError::TooLarge { bytes: bytes.len(), limit: MAX_PATCH_BYTES });
        }
        let Some([version, ..]) = bytes.strip_prefix(MAGIC) else {
            return Err(if !bytes.is_empty() && MAGIC.starts_with(bytes) {
                PatchError::Damaged
            } else {
                PatchError::Foreign
            });
        };
        let knows_flags = match *version {
            VERSION => true,
            VERSION_WITHOUT_FLAGS => false,
            version => return Err(PatchError::NewerVersion { version: u32::from(version) }),
        };
        let end = bytes.len().checked_sub(CHECK).filter(|end| *end >= HEAD).ok_or(PatchError::Damaged)?;
        let (said, check) = bytes.split_at(end);
        if !PatchDigest::of(said).as_bytes().starts_with(check) {
            return Err(PatchError::Damaged);
        }
        let malformed = PatchError::Malformed { what: "the body is not what it should be" };
        let body: PatchBody<'_, Id> =
            postcard::from_bytes(said.get(HEAD..).unwrap_or_default()).map_err(|_| malformed)?;
        let patch = body.patch()?.with_flags(knows_flags);
        if patch.to_bytes() == bytes {
            Ok(patch)
        } else {
            Err(PatchError::Malformed { what: "it is not written as it should be" })
        }
    }
}

impl<Id: ContactId> PatchBody<'_, Id> {
    fn patch(self) -> Result<Patch<Id>, PatchError> {
        let before = self.before.contact(self.survivor.clone())?;
        let after = self.after.contact(self.survivor)?;
        let retired = self.retired.into_iter().map(|(id, record)| record.contact(id));
        let retired = retired.collect::<Result<Vec<_>, _>>()?;
        let direction = if self.is_inverse { Direction::Inverse } else { Direction::Merge };
        let workspace = self.workspace.map(Cow::into_owned).map(String::into_boxed_str);
        let merge = self.merge.into();
        Patch { merge, workspace, direction, knows_flags: true, before, after, retired }.checked()
    }
}

impl<Id: ContactId> Patch<Id> {
    /// Returns the patch if its parts are consistent.
    ///
    /// # Errors
    /// - [`PatchError::Malformed`] if the merge's id is too long, the survivor has two ids, or the retired contacts are
    ///   none, out of order or include the survivor.
    pub(super) fn checked(self) -> Result<Self, PatchError> {
        let malformed = |what| Err(PatchError::Malformed { what });
        let ids = |contact: &Contact<Id>| contact.id.clone();
        if self.merge.len() > MAX_MERGE_ID_BYTES {
            return malformed("the name of the merge is too long");
        }
        if self.before.id != self.after.id {
            return malformed("the survivor has two ids");
        }
        if self.retired.is_empty() {
            return malformed("nobody was merged away");
        }
        if !self.retired.is_sorted_by(|a, b| a.id < b.id) {
            return malformed("the retired are not in order");
        }
        if self.retired.iter().map(ids).any(|id| id == self.before.id) {
            return malformed("the survivor was merged away");
        }
        Ok(self)
    }
}
