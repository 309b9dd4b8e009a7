//! The JSON form of provenance: an object with an entry for each field.

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::contact::json_members::Members;
use crate::contact::provenance::{Provenance, Source};
use crate::contact::time::Time;
use crate::contact::{Contact, Field};

// If one entry has other members than these, the whole map is kept as it is.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProvenanceForm {
    #[serde(with = "source_name")]
    source: Source,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    changed_at: Option<Time>,
    #[serde(default)]
    verified: bool,
}

impl From<ProvenanceForm> for Provenance {
    fn from(form: ProvenanceForm) -> Self {
        Self { source: form.source, changed_at: form.changed_at, verified: form.verified }
    }
}

impl From<&Provenance> for ProvenanceForm {
    fn from(provenance: &Provenance) -> Self {
        let Provenance { source, changed_at, verified } = provenance.clone();
        Self { source, changed_at, verified }
    }
}

mod source_name {
    use super::{Deserialize, Deserializer, Serializer, Source, de};

    pub(super) fn serialize<S: Serializer>(source: &Source, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(source)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Source, D::Error> {
        let name = String::deserialize(deserializer)?;
        Source::from_name(&name).ok_or_else(|| de::Error::custom("unknown source"))
    }
}

/// Reads the provenance of the fields from a JSON text, or returns `None` if it does not have this form. Cost: O(n log
/// n).
pub(super) fn from_json(json: &str) -> Option<BTreeMap<Field, Provenance>> {
    let forms: BTreeMap<String, ProvenanceForm> = serde_json::from_str(json).ok()?;
    Some(forms.into_iter().map(|(name, form)| (Field::from_name(&name), form.into())).collect())
}

/// Returns true if a JSON text is a well-formed provenance object in which each field occurs once. Cost: O(n log n).
#[doc(hidden)]
pub fn is_provenance(json: &str) -> bool {
    // serde would also accept a list of the right length as an entry.
    Members::read_unique(json).is_some_and(|entries| {
        entries
            .values()
            .all(|entry| entry.get().starts_with('{') && serde_json::from_str::<ProvenanceForm>(entry.get()).is_ok())
    })
}

impl<Id> Contact<Id> {
    pub(super) fn serialize_provenance<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        if self.provenance.is_empty() {
            return Ok(());
        }
        let forms: BTreeMap<String, ProvenanceForm> =
            self.provenance.iter().map(|(field, provenance)| (field.to_string(), provenance.into())).collect();
        map.serialize_entry("provenance", &forms)
    }
}
