//! The serialised form of an index, so that a backend can restart without reading every contact.
//!
//! It holds the settings and the facts: ids, keys with the fields they came from, blocks, distinct pairs and merges.
//! Equal facts give equal bytes, in whatever order they were added. Restoring costs the same as inserting, without
//! normalising.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::contact::{ContactId, Field};
use crate::distinct::{Ancestry, DistinctMark, Known};
use crate::index::lineage::Lineage;
use crate::index::storage::pages::Pages;
use crate::index::{Facts, Index, Rules};
use crate::key::{Derivation, Key, KeyDigest, KeyKind};
use crate::normalize::{ContactKey, MAX_VALUES_PER_FIELD, Normalizer, Place};

/// The version of the form. No other version is read, because an index can be built again from its contacts.
const VERSION: u32 = 3;

/// The version of the rules by which keys are made.
///
/// Keys made by different rules cannot be compared, so a host that stores keys must store this text with them. It
/// changes with every release that makes other keys, also if only the metadata of the phone library changed.
pub const KEY_RULES: &str = "2, phone metadata 9.0.42";

/// The greatest length in bytes of the value or the scope of a key. Normalisers make no longer keys.
const MAX_KEY_BYTES: usize = 1_024;

#[derive(Serialize, Deserialize)]
#[serde(rename = "Index")]
struct IndexForm<Id> {
    // `version` and `key_rules` come first, so that the rest is read only if this release can read it.
    #[serde(deserialize_with = "known_version")]
    version: u32,
    #[serde(deserialize_with = "same_key_rules")]
    key_rules: Cow<'static, str>,
    normalizer: Normalizer,
    rules: Rules,
    // Every key that a contact holds, in order.
    keys: Vec<KeyForm>,
    // In order of the ids.
    contacts: Vec<ContactForm<Id>>,
    // In order of the positions of the two contacts in `contacts`.
    #[serde(rename = "apart")]
    distinct: Vec<PairForm>,
    // The retired ids with the ids that they were merged into, in order.
    merged_away: Vec<(Id, Id)>,
    // The distinct pairs of original ids, in order.
    pairs: Vec<OriginalPairForm<Id>>,
}

#[derive(Serialize, Deserialize)]
struct KeyForm {
    kind: KeyKind,
    scope: String,
    value: String,
}

#[derive(Serialize, Deserialize)]
struct ContactForm<Id> {
    id: Id,
    blocked: bool,
    keys: Vec<HoldingForm>,
}

#[derive(Serialize, Deserialize)]
struct HoldingForm {
    key: usize,
    derivation: Derivation,
    field: String,
    position: usize,
    verified: bool,
}

#[derive(Serialize, Deserialize)]
struct PairForm {
    contacts: (usize, usize),
    known: Vec<KnownForm>,
}

/// The digests of the keys that two contacts shared when they were marked, or `None` for a mark that holds for good.
type KnownForm = Option<Vec<String>>;

#[derive(Serialize, Deserialize)]
struct OriginalPairForm<Id> {
    ids: (Id, Id),
    marks: Vec<MarkForm>,
}

#[derive(Serialize, Deserialize)]
struct MarkForm {
    known: KnownForm,
    carrier: Option<Box<str>>,
}

fn known_form(known: &Known) -> KnownForm {
    match known {
        Known::Keys(keys) => Some(keys.iter().map(KeyDigest::to_string).collect()),
        Known::Forever => None,
    }
}

fn known_of(form: KnownForm) -> Result<Known, &'static str> {
    let Some(digests) = form else { return Ok(Known::Forever) };
    let digests = digests.iter().map(|text| KeyDigest::from_hex(text));
    Ok(Known::Keys(digests.collect::<Option<_>>().ok_or("an index with a distinct pair whose key is no digest")?))
}

fn pair_form<Id: ContactId>((ids, marks): (&(Id, Id), &BTreeSet<DistinctMark>)) -> OriginalPairForm<Id> {
    let mark = |mark: &DistinctMark| MarkForm { known: known_form(&mark.known), carrier: mark.carrier.clone() };
    OriginalPairForm { ids: ids.clone(), marks: marks.iter().map(mark).collect() }
}

impl<Id: ContactId> IndexForm<Id> {
    fn of(index: &Index<Id>) -> Self {
        let mut keys: Vec<Key> = index.facts.keys.iter().map(|slot| index.facts.keys.key(slot)).collect();
        keys.sort_unstable();
        let place_of: BTreeMap<&Key, usize> = keys.iter().zip(0..).collect();
        let contact_places: BTreeMap<u32, usize> = index.slots_after(None).zip(0..).collect();

        let contact = |slot: u32| {
            let id = index.id(slot).clone();
            let holding = |held: ContactKey| HoldingForm {
                key: place_of[&held.key],
                derivation: held.derivation,
                field: held.place.field.to_string(),
                position: held.place.position,
                verified: held.verified,
            };
            ContactForm {
                blocked: index.facts.is_blocked(slot),
                keys: index.keys_of(&id).into_iter().map(holding).collect(),
                id,
            }
        };
        let mut distinct: Vec<PairForm> = index
            .facts
            .distinct
            .pairs()
            .map(|(a, b)| {
                let (first, second) = (contact_places[&a], contact_places[&b]);
                let known = index.facts.distinct.marks(a, b).map(known_form);
                PairForm { contacts: (first.min(second), first.max(second)), known: known.collect() }
            })
            .collect();
        distinct.sort_unstable_by_key(|pair| pair.contacts);
        IndexForm {
            version: VERSION,
            key_rules: KEY_RULES.into(),
            normalizer: index.normalizer.clone(),
            rules: index.rules,
            keys: keys
                .iter()
                .map(|key| KeyForm { kind: key.kind(), scope: key.scope().into(), value: key.value().into() })
                .collect(),
            contacts: index.slots_after(None).map(contact).collect(),
            distinct,
            merged_away: index.lineage.merged_away().map(|(id, into)| (id.clone(), into.clone())).collect(),
            pairs: index.lineage.pairs().map(pair_form).collect(),
        }
    }
}

impl<Id: ContactId> IndexForm<Id> {
    fn restore(self) -> Result<Index<Id>, &'static str> {
        if self.keys.iter().any(|key| key.value.is_empty() || key.value.len().max(key.scope.len()) > MAX_KEY_BYTES) {
            return Err("an index with a key that no value gives");
        }
        let keys: Vec<Key> = self.keys.iter().map(|key| Key::new(key.kind, &key.scope, &key.value)).collect();
        let key = |place: usize| keys.get(place).cloned().ok_or("an index that refers to a key it does not hold");
        let mut index = Index {
            normalizer: self.normalizer,
            rules: self.rules,
            slots: BTreeMap::new(),
            ids: Pages::default(),
            lineage: Lineage::default(),
            facts: Facts::default(),
        };
        for contact in self.contacts {
            let holding = |form: HoldingForm| {
                if form.position < MAX_VALUES_PER_FIELD {
                    Ok(ContactKey {
                        key: key(form.key)?,
                        derivation: form.derivation,
                        place: Place { field: Field::from_name(&form.field), position: form.position },
                        verified: form.verified,
                    })
                } else {
                    Err("an index with a field of too many values")
                }
            };
            let held: Vec<ContactKey> = contact.keys.into_iter().map(holding).collect::<Result<_, _>>()?;
            if held.windows(2).any(|pair| pair[0].key >= pair[1].key) {
                return Err("an index with the keys of a contact out of order");
            }
            if index.slots.last_key_value().is_some_and(|(last, _)| *last >= contact.id) {
                return Err("an index with contacts out of order");
            }
            let slot = index.facts.insert(held);
            if contact.blocked {
                index.facts.block(slot);
            }
            index.slots.insert(contact.id.clone(), slot);
            index.ids.push(contact.id);
        }
        for pair in self.distinct {
            let (a, b) = pair.contacts;
            if a >= b || b >= index.ids.len() {
                return Err("an index that marks contacts distinct which it does not hold");
            }
            let slot = |place: usize| u32::try_from(place).map_err(|_| "an index with too many contacts");
            for known in pair.known {
                index.facts.distinct.mark(slot(a)?, slot(b)?, known_of(known)?);
            }
        }
        // Each id has one entry and no contact of the index has one, so following the entries of a contact ends.
        let are_once = self.merged_away.is_sorted_by(|(a, _), (b, _)| a < b);
        if !are_once || self.merged_away.iter().any(|(id, _)| index.slots.contains_key(id)) {
            return Err("an index with a contact that was merged away twice, or is there");
        }
        for (id, into) in self.merged_away {
            index.lineage.retire(&id, &into);
        }
        for OriginalPairForm { ids: (a, b), marks } in self.pairs {
            for mark in marks {
                index.lineage.add_mark(&a, &b, DistinctMark { known: known_of(mark.known)?, carrier: mark.carrier });
            }
        }
        if !index.lineage.is_of(index.slots.keys().cloned()) {
            return Err("an index with merges or distinct pairs of contacts that it does not hold");
        }
        Ok(index)
    }
}

fn known_version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        VERSION => Ok(VERSION),
        _ => Err(de::Error::custom("an index of a version that this release does not read")),
    }
}

fn same_key_rules<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'static, str>, D::Error> {
    if String::deserialize(deserializer)? == KEY_RULES {
        Ok(KEY_RULES.into())
    } else {
        Err(de::Error::custom("an index whose keys were made by other rules: build it again"))
    }
}

impl<Id: ContactId + Serialize> Serialize for Index<Id> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        IndexForm::of(self).serialize(serializer)
    }
}

impl<'de, Id: ContactId + Deserialize<'de>> Deserialize<'de> for Index<Id> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IndexForm::deserialize(deserializer)?.restore().map_err(de::Error::custom)
    }
}
