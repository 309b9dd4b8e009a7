//! The members of a JSON object by name, each as its JSON text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The members of a JSON object. If a name occurs more than once, the last member counts.
#[doc(hidden)]
pub struct Members<'a> {
    /// The members, by name.
    pub by_name: BTreeMap<String, &'a RawValue>,
    /// The first name that occurs more than once, if there is one.
    pub duplicate: Option<String>,
}

impl<'a> Members<'a> {
    /// Returns the members of the object in a JSON text, or `None` if the text is not an object. Cost: O(n log n).
    #[doc(hidden)]
    pub fn read(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// Like [`Members::read`], but returns `None` also if a name occurs twice.
    #[doc(hidden)]
    pub fn read_unique(json: &'a str) -> Option<BTreeMap<String, &'a RawValue>> {
        Self::read(json).filter(|members| members.duplicate.is_none()).map(|members| members.by_name)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<Access: MapAccess<'de>>(self, mut map: Access) -> Result<Members<'de>, Access::Error> {
                let mut members = Members { by_name: BTreeMap::new(), duplicate: None };
                while let Some((name, json)) = map.next_entry::<String, &RawValue>()? {
                    if members.by_name.contains_key(&name) {
                        members.duplicate.get_or_insert_with(|| name.clone());
                    }
                    members.by_name.insert(name, json);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

/// The members of a JSON object in the order of their names. If a name occurs more than once, only the last member is there.
pub(crate) struct SortedMembers<'a>(pub(crate) Vec<NamedMember<'a>>);

/// A member of a JSON object.
pub(crate) struct NamedMember<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) json: &'a RawValue,
}

/// A name that is borrowed where it is written without escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct BorrowedName<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for SortedMembers<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SortedVisitor;
        impl<'de> Visitor<'de> for SortedVisitor {
            type Value = SortedMembers<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<Access: MapAccess<'de>>(self, mut map: Access) -> Result<SortedMembers<'de>, Access::Error> {
                let mut members: Vec<NamedMember<'de>> = Vec::new();
                while let Some((BorrowedName(name), json)) = map.next_entry()? {
                    members.push(NamedMember { name, json });
                }
                // The sort is stable, so that the last of several stays in front of the earlier ones.
                members.reverse();
                members.sort_by(|a, b| a.name.cmp(&b.name));
                members.dedup_by(|next, kept| next.name == kept.name);
                Ok(SortedMembers(members))
            }
        }
        deserializer.deserialize_map(SortedVisitor)
    }
}
