//! The lines of JSON that larger rows are written as.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::rows::contact_row::{ContactRow, DistinctMarks, MergeRecord, MergeState, TagChange, UndoRecord};
use crate::settings::Settings;
use onefold::contact::{Contact, ContactId, ContactPair, Field, StoredId, Time};
use onefold::distinct::{DistinctMark, Known};
use onefold::key::KeyDigest;
use onefold::merge::RequestForm;
use onefold::patch::Patch;

/// The version written, and the only one there has been.
pub(crate) const VERSION: u32 = 1;

/// The settings of rows in a store, with the version of all its rows.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsLine {
    onefold_workspace: u32,
    pub(crate) settings: Settings,
}

impl SettingsLine {
    pub(crate) fn of(settings: &Settings) -> Self {
        Self { onefold_workspace: VERSION, settings: settings.clone() }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NextEventLine {
    pub(crate) next_event: u64,
}

#[derive(Serialize)]
pub(crate) struct ContactLine<'a, Id> {
    contact: &'a Contact<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    withdrawn: &'a BTreeSet<Field>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactRead<'a> {
    #[serde(borrow)]
    contact: &'a RawValue,
    head: Option<Box<str>>,
    #[serde(default)]
    withdrawn: BTreeSet<Field>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TombstoneLine<Id> {
    pub(crate) merged_away: Id,
    pub(crate) into: Id,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeletedLine<Id> {
    pub(crate) deleted: Id,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DistinctPairLine<Id> {
    #[serde(rename = "apart")]
    pub(crate) pair: (Id, Id),
    #[serde(rename = "verdicts")]
    marks: Vec<DistinctMarkForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DistinctMarkForm {
    // Digests of keys; `None` for a distinct mark that holds forever.
    known: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    carrier: Option<Box<str>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeLine<Id> {
    pub(crate) merge: Box<str>,
    survivor: Id,
    retired: Vec<Id>,
    at: Time,
    by: Box<str>,
    order: u64,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    undone: Option<UndoneForm>,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    stands: Option<UndoRecordForm<Id>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UndoneForm {
    at: Time,
    by: Box<str>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UndoRecordForm<Id> {
    heads: Vec<Option<Box<str>>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    withdrawn: Vec<BTreeSet<Field>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<TagChange>,
    request: RequestForm<Id>,
    patch: Box<RawValue>,
}

impl<'a, Id> ContactLine<'a, Id> {
    pub(crate) fn of(row: &'a ContactRow<Id>) -> Self {
        Self { contact: &row.contact, head: row.head.as_deref(), withdrawn: &row.withdrawn }
    }
}

impl ContactRead<'_> {
    pub(crate) fn row<Id: DeserializeOwned>(self) -> Option<ContactRow<Id>> {
        let contact = Contact::from_stored_json(self.contact.get()).ok()?;
        Some(ContactRow { contact, head: self.head, withdrawn: self.withdrawn })
    }
}

impl<Id: ContactId> DistinctPairLine<Id> {
    pub(crate) fn of(pair: &ContactPair<Id>, marks: &DistinctMarks) -> Self {
        let form = |mark: &DistinctMark| DistinctMarkForm {
            known: match &mark.known {
                Known::Keys(keys) => Some(keys.iter().map(KeyDigest::to_string).collect()),
                Known::Forever => None,
            },
            carrier: mark.carrier.clone(),
        };
        Self { pair: (pair.first().clone(), pair.second().clone()), marks: marks.0.iter().map(form).collect() }
    }

    pub(crate) fn marks(self) -> Option<DistinctMarks> {
        let mark = |form: DistinctMarkForm| {
            let known = match form.known {
                Some(digests) => {
                    Known::Keys(digests.iter().map(|text| KeyDigest::from_hex(text)).collect::<Option<_>>()?)
                }
                None => Known::Forever,
            };
            Some(DistinctMark { known, carrier: form.carrier })
        };
        let marks: BTreeSet<DistinctMark> = self.marks.into_iter().map(mark).collect::<Option<_>>()?;
        (!marks.is_empty()).then_some(DistinctMarks(marks))
    }
}

impl<Id: ContactId + Serialize> MergeLine<Id> {
    pub(crate) fn of(record: &MergeRecord<Id>) -> Self {
        let stands = record.undo_record().map(|way| UndoRecordForm {
            heads: way.heads.clone(),
            withdrawn: way.withdrawn.clone(),
            tags: way.tags.clone(),
            request: RequestForm::of(&way.request),
            patch: RawValue::from_string(way.patch.to_json()).expect("a patch is written as JSON"),
        });
        Self {
            merge: record.merge.clone(),
            survivor: record.survivor.clone(),
            retired: record.retired.clone(),
            at: record.at,
            by: record.by.clone(),
            order: record.order,
            undone: record.undone().map(|undo| UndoneForm { at: undo.at, by: undo.by.into() }),
            stands,
        }
    }
}

impl<Id: ContactId> MergeLine<Id> {
    /// The same merge with its retired contacts in the order of their ids, and with another text of its patch.
    pub(crate) fn with_patch(mut self, other: impl FnOnce(&str) -> Option<String>) -> Option<Self> {
        if let Some(way) = &mut self.stands {
            way.patch = RawValue::from_string(other(way.patch.get())?).ok()?;
            let mut heads: Vec<_> = self.retired.iter().zip(way.heads.get(1..)?).collect();
            heads.sort_by_key(|(id, _)| *id);
            let heads: Vec<_> = way.heads.first().into_iter().chain(heads.into_iter().map(|(_, head)| head)).collect();
            way.heads = heads.into_iter().cloned().collect();
        }
        self.retired.sort();
        Some(self)
    }
}

impl<Id: StoredId> MergeLine<Id> {
    pub(crate) fn record(self) -> Option<MergeRecord<Id>> {
        let state = match (self.undone, self.stands) {
            (Some(UndoneForm { at, by }), None) => MergeState::Undone { at, by },
            (None, Some(way)) => MergeState::Stands(Box::new(UndoRecord {
                request: way.request.request(&self.merge).ok()?,
                patch: Patch::from_json(way.patch.get()).ok()?,
                heads: way.heads,
                withdrawn: way.withdrawn,
                tags: way.tags,
            })),
            _ => return None,
        };
        Some(MergeRecord {
            merge: self.merge,
            survivor: self.survivor,
            retired: self.retired,
            at: self.at,
            by: self.by,
            order: self.order,
            state,
        })
    }
}
