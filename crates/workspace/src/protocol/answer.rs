//! Answers of the protocol, and the whole observable state.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::protocol::argument::Id;
use crate::protocol::notices::Notices;
use crate::protocol::refusal::Refusal;
use crate::{Resolved, UndoneMerge, Workspace};
use onefold::contact::{Contact, ContactPair, CustomState, Field, JsonFields};
use onefold::index::Index;
use onefold::patch::{Conflict, ConflictKind, Edits};
use onefold::suggestion::{CommonKey, Confidence, Evidence, Suggestion, SuggestionId};

/// An answer under construction: a JSON object with its members in order.
#[derive(Default)]
pub(crate) struct Answer {
    members: BTreeMap<&'static str, Box<RawValue>>,
    /// What somebody should look at, though the operation was carried out.
    pub(crate) notices: Notices,
}

impl Answer {
    /// Adds a member.
    pub(crate) fn set(&mut self, name: &'static str, value: &impl Serialize) {
        let json = to_raw_value(value).expect("answers have texts as names, and so are JSON");
        self.members.insert(name, json);
    }

    /// Takes out all members but these.
    pub(crate) fn keep_only(&mut self, names: &[&str]) {
        self.members.retain(|name, _| names.contains(name));
    }

    /// Says that the operation was refused, and nothing that it would have said otherwise.
    pub(crate) fn refuse(&mut self, refusal: &Refusal) {
        self.keep_only(&["i", "op", "request"]);
        self.notices = Notices::default();
        self.set("error", &refusal.code);
        self.set("why", &refusal.why);
        refusal.field.iter().for_each(|field| self.set("field", field));
        refusal.contact.iter().for_each(|contact| self.set("contact", contact));
        refusal.merge.iter().for_each(|merge| self.set("merge", merge));
        if !refusal.by.is_empty() {
            self.set("by", &refusal.by);
        }
    }

    /// The JSON text, on one line.
    pub(crate) fn line(mut self) -> String {
        if !self.notices.is_empty() {
            let notices = std::mem::take(&mut self.notices);
            self.set("notices", &notices);
        }
        serde_json::to_string(&self.members).expect("an object of JSON is JSON")
    }

    /// Adds everything that can be observed. O(n log n) in the size of the workspace.
    pub(crate) fn set_state(&mut self, workspace: &Workspace<Id>) {
        let index = workspace.index();
        let suggestions = index.suggestions();
        let suggestions: Vec<_> = suggestions
            .iter()
            .map(|found| {
                let evidence = found.evidence.iter().map(|part| {
                    let holders: Vec<&Id> = part.holders.iter().map(|holder| &holder.contact).collect();
                    (part.key.kind().name(), part.key.value(), holders)
                });
                ModelSuggestion {
                    members: &found.members,
                    distinct: &found.distinct,
                    evidence: evidence.collect(),
                    oversized: found.oversized,
                }
            })
            .collect();
        let common = index.common_keys();
        let common: Vec<_> =
            common.iter().map(|common| (common.key.kind().name(), common.key.value(), common.holders)).collect();
        let blocked: Vec<&Id> = index.blocked_ids().collect();
        let contacts: BTreeMap<String, JsonFields<'_, Id>> =
            workspace.contacts().map(|contact| (contact.id.to_string(), JsonFields(contact))).collect();
        let merges: BTreeMap<&str, MergeForm<'_>> = workspace
            .history()
            .map(|record| {
                let (into, retired) = (&record.survivor, record.retired.as_slice());
                (&*record.merge, MergeForm { into, retired, undone: record.undone().is_some() })
            })
            .collect();
        self.set("suggestions", &suggestions);
        self.set("common_keys", &common);
        self.set("blocked", &blocked);
        self.set("contacts", &contacts);
        self.set("merges", &merges);
    }
}

#[derive(Serialize)]
struct ModelSuggestion<'a> {
    members: &'a [Id],
    #[serde(rename = "apart")]
    distinct: &'a [ContactPair<Id>],
    evidence: Vec<(&'static str, &'a str, Vec<&'a Id>)>,
    oversized: bool,
}

#[derive(Serialize)]
struct MergeForm<'a> {
    into: &'a Id,
    retired: &'a [Id],
    undone: bool,
}

/// A suggestion, in the words of the protocol.
#[derive(Serialize)]
pub(crate) struct SuggestionForm<'a> {
    id: &'a SuggestionId,
    members: &'a [Id],
    evidence: &'a [Evidence<Id>],
    distinct: &'a [ContactPair<Id>],
    bridges: &'a [ContactPair<Id>],
    oversized: bool,
    confidence: Confidence,
}

impl<'a> SuggestionForm<'a> {
    pub(crate) fn of(suggestion: &'a Suggestion<Id>) -> Self {
        let Suggestion { id, members, evidence, distinct, bridges, oversized, confidence, .. } = suggestion;
        Self { id, members, evidence, distinct, bridges, oversized: *oversized, confidence: *confidence }
    }
}

/// A key that too many hold.
#[derive(Serialize)]
struct CommonKeyForm<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    scope: &'a str,
    value: &'a str,
    holders: usize,
}

/// The keys that too many hold, as objects.
pub(crate) fn common_keys(index: &Index<Id>) -> Box<RawValue> {
    let common = index.common_keys();
    let form = |CommonKey { key, holders, .. }: &CommonKey| {
        json(&CommonKeyForm { kind: key.kind().name(), scope: key.scope(), value: key.value(), holders: *holders })
    };
    json(&common.iter().map(form).collect::<Vec<_>>())
}

/// What an id stands for by now.
pub(crate) fn resolved(resolved: &Resolved<Id>) -> Box<RawValue> {
    let json = match resolved {
        Resolved::Live(id) => to_raw_value(&BTreeMap::from([("live", id)])),
        Resolved::Deleted(id) => to_raw_value(&BTreeMap::from([("deleted", id)])),
        Resolved::Unknown => to_raw_value("unknown"),
    };
    json.expect("ids are JSON")
}

/// The short form of a conflict: the field, what is there now, and what became of it.
pub(crate) type ShortConflict = (String, Box<RawValue>, &'static str);

/// The conflicts of a merge that was taken back, in their short form; `like_the_model` lists fields that hold what they held
/// as overwritten too.
pub(crate) fn conflicts(merge: &UndoneMerge<Id>, edits: Edits, like_the_model: bool) -> Vec<ShortConflict> {
    if edits == Edits::Overwrite && like_the_model {
        return overwritten(&merge.merged, &merge.found);
    }
    // What was edited back to what it was holds what it held.
    let is_overwritten = |conflict: &&Conflict| edits != Edits::Overwrite || conflict.now != conflict.before;
    let short = merge.conflicts.iter().filter(is_overwritten).map(|conflict| {
        let value = match conflict.kind {
            ConflictKind::Removed => &conflict.after,
            _ => &conflict.now,
        };
        (conflict.field.to_string(), json(value), conflict.kind.name())
    });
    short.collect()
}

/// Every field that was edited since a merge, with what it held. Custom fields are one here.
fn overwritten(merged: &Contact<Id>, found: &Contact<Id>) -> Vec<ShortConflict> {
    let name = ConflictKind::Overwritten.name();
    let fields: BTreeSet<&Field> = merged.fields.keys().chain(found.fields.keys()).collect();
    let is_edited = |field: &&Field| {
        !matches!(field, Field::CreatedAt | Field::UpdatedAt | Field::Custom(_))
            && merged.get(field) != found.get(field)
    };
    let edited = fields.into_iter().filter(is_edited);
    let mut short: Vec<ShortConflict> =
        edited.map(|field| (field.to_string(), json(&found.get(field)), name)).collect();
    if merged.custom_state() != found.custom_state() || !merged.customs().eq(found.customs()) {
        let customs: Option<BTreeMap<_, _>> =
            (found.custom_state() == CustomState::Present).then(|| found.customs().collect());
        short.push(("custom".to_owned(), json(&customs), name));
    }
    short
}

fn json(value: &impl Serialize) -> Box<RawValue> {
    to_raw_value(value).expect("values are JSON")
}
