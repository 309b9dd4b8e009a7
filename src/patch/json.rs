//! The JSON form of a patch, in which contacts have their usual JSON form.
//!
//! ```json
//! {"onefold_patch": 1, "merge": "..", "workspace": null, "direction": "merge",
//!  "survivor": {"before": {..}, "after": {..}}, "retired": [{..}], "digest": ".."}
//! ```
//!
//! Version 2 has `"flags": false` after the direction, for a patch under a policy that ignores consents and objections.
//! Any other patch is written in version 1.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;

use crate::contact::{Contact, ContactId, StoredId};
use crate::patch::digest::PatchDigest;
use crate::patch::error::PatchError;
use crate::patch::limits::{MAX_NESTING, MAX_PATCH_BYTES, depth};
use crate::patch::{Direction, Patch};

/// Version 2 is written only for patches that ignore consents and objections.
const VERSION: u32 = 1;
const VERSION_WITHOUT_FLAGS: u32 = 2;

/// The levels around a value in a patch: the patch, a list or an image, the contact, its map of custom fields or its
/// list of channels, and the channel.
const OUTER_LEVELS: usize = 6;

/// The content of a patch without its digest.
#[derive(Serialize)]
struct PatchHeader<'a, Image, Retired> {
    onefold_patch: u32,
    merge: &'a str,
    workspace: Option<&'a str>,
    direction: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    flags: Option<bool>,
    survivor: Survivor<Image>,
    retired: &'a [Retired],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Survivor<Image> {
    pub(super) before: Image,
    pub(super) after: Image,
}

#[derive(Deserialize)]
struct PatchVersion {
    onefold_patch: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PatchRead<'a> {
    onefold_patch: u32,
    pub(super) merge: String,
    pub(super) workspace: Option<String>,
    pub(super) direction: String,
    flags: Option<bool>,
    #[serde(borrow)]
    pub(super) survivor: Survivor<&'a RawValue>,
    #[serde(borrow)]
    pub(super) retired: Vec<&'a RawValue>,
    pub(super) digest: String,
}

impl<'a, Image, Retired> PatchHeader<'a, Image, Retired> {
    fn new(
        merge: &'a str,
        workspace: Option<&'a str>,
        direction: &'a str,
        knows_flags: bool,
        survivor: Survivor<Image>,
        retired: &'a [Retired],
    ) -> Self {
        let version = if knows_flags { VERSION } else { VERSION_WITHOUT_FLAGS };
        let flags = (!knows_flags).then_some(false);
        Self { onefold_patch: version, merge, workspace, direction, flags, survivor, retired }
    }
}

impl<Id: ContactId + Serialize> Patch<Id> {
    /// Returns the JSON form, on one line. Equal patches give equal texts. Cost: O(n).
    ///
    /// # Panics
    /// Panics if an id cannot be serialised to JSON. All common id types can.
    pub fn to_json(&self) -> String {
        let mut json = self.said();
        let digest = PatchDigest::of(json.as_bytes());
        json.pop();
        json.push_str(&format!(",\"digest\":\"{digest}\"}}"));
        json
    }

    /// Returns the digest of the patch's content. A digest finds damage. A host that does not trust its storage
    /// compares it with the digest recorded when the patch was made. Cost: O(n).
    ///
    /// # Panics
    /// Panics under the same condition as [`Patch::to_json`].
    pub fn digest(&self) -> PatchDigest {
        PatchDigest::of(self.said().as_bytes())
    }

    fn said(&self) -> String {
        let said = PatchHeader::new(
            &self.merge,
            self.workspace.as_deref(),
            self.direction.name(),
            self.knows_flags,
            Survivor { before: &self.before, after: &self.after },
            &self.retired,
        );
        serde_json::to_string(&said).expect("ids can be serialised to JSON")
    }
}

impl<Id: StoredId> Patch<Id> {
    /// Reads the JSON form, of this version or an older one, with any spacing and order of members. The text may be
    /// untrusted: reading takes memory in proportion to its length and does not recurse. Cost: O(n).
    ///
    /// # Errors
    /// - Those of [`Patch::from_bytes`].
    pub fn from_json(json: &str) -> Result<Self, PatchError> {
        check_limits(json)?;
        let (patch, digest) = Self::read(json)?;
        if patch.digest().to_string() == digest { patch.checked() } else { Err(PatchError::Damaged) }
    }

    /// Returns the JSON form if [`Patch::from_json`] restores this patch from it, and `None` otherwise: an image may hold a value
    /// that another one has the JSON form of, such as a list within a list. Cost: O(n).
    #[doc(hidden)]
    pub fn to_restorable_json(&self) -> Option<String> {
        let json = self.to_json();
        let restored = check_limits(&json).and_then(|()| Self::read(&json));
        // The digest is of this text, so it needs no comparison.
        let restored = restored.and_then(|(patch, _)| patch.checked());
        (restored.as_ref() == Ok(self)).then_some(json)
    }

    /// Returns the patch of a text, with the digest that stands in it.
    fn read(json: &str) -> Result<(Self, String), PatchError> {
        let read: PatchRead<'_> = serde_json::from_str(json).map_err(|_| reason_unread(json))?;
        let knows_flags = knows_flags(&read)?;
        let image = |raw: &RawValue| {
            let malformed = PatchError::Malformed { what: "an image is no contact with such an id" };
            Contact::from_json(raw.get()).map_err(|_| malformed)
        };
        let patch = Self {
            merge: read.merge.into(),
            workspace: read.workspace.map(String::into_boxed_str),
            direction: Direction::from_name(&read.direction)?,
            knows_flags,
            before: image(read.survivor.before)?,
            after: image(read.survivor.after)?,
            retired: read.retired.into_iter().map(image).collect::<Result<_, _>>()?,
        };
        Ok((patch, read.digest))
    }

    /// Returns the patch if it was made in `workspace`. Call this on every patch from outside before using its content.
    ///
    /// # Errors
    /// - [`PatchError::OtherWorkspace`] if the patch was made in another workspace, or in none.
    pub fn in_workspace(self, workspace: &str) -> Result<Self, PatchError> {
        if self.workspace.as_deref() == Some(workspace) { Ok(self) } else { Err(PatchError::OtherWorkspace) }
    }
}

impl PatchRead<'_> {
    /// Returns the text that the digest is of, in the form that [`Patch::to_json`] writes; `None` if it is of another version.
    pub(super) fn said(&self) -> Option<String> {
        let knows_flags = knows_flags(self).ok()?;
        let survivor = Survivor { before: self.survivor.before, after: self.survivor.after };
        let (workspace, direction) = (self.workspace.as_deref(), self.direction.as_str());
        let said = PatchHeader::new(&self.merge, workspace, direction, knows_flags, survivor, &self.retired);
        serde_json::to_string(&said).ok()
    }
}

/// Refuses a text that is too long or nests too deeply.
pub(super) fn check_limits(json: &str) -> Result<(), PatchError> {
    if json.len() > MAX_PATCH_BYTES {
        return Err(PatchError::TooLarge { bytes: json.len(), limit: MAX_PATCH_BYTES });
    }
    if depth(json.as_bytes()) > MAX_NESTING + OUTER_LEVELS {
        return Err(PatchError::TooDeep { limit: MAX_NESTING });
    }
    Ok(())
}

/// Returns true if an undo of the patch recognises consents and objections by their names.
fn knows_flags(read: &PatchRead<'_>) -> Result<bool, PatchError> {
    match (read.onefold_patch, read.flags) {
        (VERSION, None) => Ok(true),
        (VERSION_WITHOUT_FLAGS, Some(false)) => Ok(false),
        (VERSION | VERSION_WITHOUT_FLAGS, _) => Err(PatchError::Malformed { what: "flags are none of its version" }),
        (version, _) => Err(PatchError::NewerVersion { version }),
    }
}

/// Returns the reason why a text is no patch.
fn reason_unread(json: &str) -> PatchError {
    let is_cut_off = |error: &serde_json::Error| error.is_eof() && json.contains("\"onefold_patch\"");
    match serde_json::from_str::<PatchVersion>(json) {
        Ok(PatchVersion { onefold_patch: VERSION | VERSION_WITHOUT_FLAGS }) => {
            PatchError::Malformed { what: "a member is missing, unknown or of another type" }
        }
        Ok(PatchVersion { onefold_patch: version }) => PatchError::NewerVersion { version },
        Err(error) if is_cut_off(&error) => PatchError::Damaged,
        Err(_) => PatchError::Foreign,
    }
}

impl Direction {
    fn name(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Inverse => "inverse",
        }
    }

    fn from_name(name: &str) -> Result<Self, PatchError> {
        match name {
            "merge" => Ok(Self::Merge),
            "inverse" => Ok(Self::Inverse),
            _ => Err(PatchError::Malformed { what: "it neither merges nor takes a merge back" }),
        }
    }
}

/// A patch serialises as a text with the JSON form or as bytes with the compact form, not as a map, because few formats
/// return numbers in the digits in which they were written.
impl<Id: ContactId + Serialize> Serialize for Patch<Id> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&self.to_json())
        } else {
            serializer.serialize_bytes(&self.to_bytes())
        }
    }
}

impl<'de, Id: StoredId> Deserialize<'de> for Patch<Id> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PatchVisitor<Id>(std::marker::PhantomData<Id>);
        impl<Id: StoredId> de::Visitor<'_> for PatchVisitor<Id> {
            type Value = Patch<Id>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a patch")
            }
            fn visit_str<E: de::Error>(self, json: &str) -> Result<Patch<Id>, E> {
                Patch::from_json(json).map_err(E::custom)
            }
            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Patch<Id>, E> {
                Patch::from_bytes(bytes).map_err(E::custom)
            }
        }
        let visitor = PatchVisitor(std::marker::PhantomData);
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(visitor)
        } else {
            deserializer.deserialize_bytes(visitor)
        }
    }
}
