//! What follows when a channel account comes to belong to another portfolio: the contacts on it get other keys, though
//! nobody wrote them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::contact::ContactId;
use crate::distinct::{DistinctMark, Known};
use crate::key::{Key, KeyDigest};
use crate::normalize::ContactKey;
use crate::workspace::Workspace;
use crate::workspace::row::Verdicts;

/// A contact that was given other keys.
#[derive(Clone)]
pub(super) struct Rekeyed<Id> {
    pub(super) id: Id,
    pub(super) before: BTreeSet<ContactKey>,
    pub(super) after: BTreeSet<ContactKey>,
}

impl<Id: ContactId> Workspace<Id> {
    /// Makes the keys anew of the contacts on some channel accounts, under what these belong to now. O(n) to find them, and
    /// O(k log n) for the k keys of those whose keys are others.
    pub(super) fn rekey(&mut self, accounts: &BTreeSet<&str>) {
        let former = self.index.set_normalizer(self.normalizer_in_force());
        let normalizer = self.index.normalizer();
        let on_them = self
            .rows
            .contacts()
            .values()
            .map(|row| &row.contact)
            .filter(|contact| contact.channels().iter().any(|channel| accounts.contains(channel.account.trim())));
        let rekeyed = on_them.filter_map(|contact| {
            let before: BTreeSet<ContactKey> = former.contact(contact).distinct().into_iter().collect();
            let after: BTreeSet<ContactKey> = normalizer.contact(contact).distinct().into_iter().collect();
            (before != after).then(|| Rekeyed { id: contact.id.clone(), before, after })
        });
        let rekeyed: Vec<Rekeyed<Id>> = rekeyed.collect();
        rekeyed.iter().for_each(|rekeyed| self.reindex(&rekeyed.id));
        self.rekeyed.extend(rekeyed);
    }

    /// Adds what distinct pairs share only since contacts were rekeyed to what was known of them: it is no news, so that the
    /// pairs stay distinct. O(p k) for the p pairs of these contacts and their k keys.
    pub(super) fn keep_distinct(&mut self) {
        let before: BTreeMap<&Id, BTreeSet<&Key>> =
            self.rekeyed.iter().map(|own| (&own.id, own.before.iter().map(|held| &held.key).collect())).collect();
        let mut shared: BTreeMap<(Id, Id), BTreeSet<KeyDigest>> = BTreeMap::new();
        for Rekeyed { id, after, .. } in &self.rekeyed {
            for part in self.rows.lineage(id) {
                for partner in self.rows.partners(&part) {
                    let other = self.rows.current(partner);
                    let held: BTreeSet<Key> = self.index.keys_of(other).into_iter().map(|held| held.key).collect();
                    let was_shared = |key: &Key| {
                        let had = |id: &Id, now: bool| before.get(id).map_or(now, |keys| keys.contains(key));
                        had(id, true) && had(other, held.contains(key))
                    };
                    let new = after.iter().map(|held| &held.key).filter(|key| held.contains(*key) && !was_shared(key));
                    let new: BTreeSet<KeyDigest> = new.map(Key::digest).collect();
                    if !new.is_empty() {
                        shared.entry((part.clone(), partner.clone())).or_default().extend(new);
                    }
                }
            }
        }
        for ((part, partner), new) in shared {
            let Some(verdicts) = self.rows.verdicts_of(&part, &partner) else { continue };
            let with_new = |verdict: &DistinctMark| {
                let known = match &verdict.known {
                    Known::Keys(seen) => Known::Keys(seen.union(&new).copied().collect()),
                    Known::Forever => Known::Forever,
                };
                DistinctMark { known, carrier: verdict.carrier.clone() }
            };
            let verdicts = Verdicts(verdicts.0.iter().map(with_new).collect());
            self.rows.set_verdicts(&part, &partner, Some(Arc::new(verdicts)));
        }
        let rekeyed: Vec<Id> = self.rekeyed.iter().map(|own| own.id.clone()).collect();
        rekeyed.iter().for_each(|id| self.retell(id));
    }
}
