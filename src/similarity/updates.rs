//! Contacts that change: their blocks are looked at, and nothing else.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::contact::{Contact, ContactId};
use crate::similarity::candidates::MAX_PROPOSALS;
use crate::similarity::clusters::ScoredLink;
use crate::similarity::comparable::ComparableRow;
use crate::similarity::compared_contacts::ScopedContact;
use crate::similarity::estimation::people_among;
use crate::similarity::live_blocks::{CanonicalOrder, LiveBlocks};
use crate::similarity::scoring::in_units;
use crate::similarity::similarity_index::{KEPT_BITS, Similarity};

/// Frequencies are counted anew when one contact in so many changed since they were counted.
const REFRESHED_PART: usize = 8;

/// The least number of changes before frequencies are counted anew.
const MIN_REFRESHED: usize = 1_000;

impl<Id: ContactId> Similarity<Id> {
    /// Puts a contact in the place of the one with its id, or adds it. A blocked one is removed.
    ///
    /// Frequencies stay as they were counted, so the scores of other contacts do not move; the result is that of
    /// [`Similarity::with_fitted`] for all contacts of now. When an eighth of the contacts, and at least a thousand, changed
    /// since they were counted, everything is counted anew, as [`Similarity::fit`] does. Cost: that of the contact's blocks
    /// and a pass over the kept pairs; the first change also makes the table of blocks, at O(n) for n contacts.
    pub fn update(&mut self, contact: &Contact<Id>) {
        self.update_scoped(&ScopedContact::new(None, contact));
    }

    /// Like [`Similarity::update`], for a contact in a workspace.
    pub fn update_scoped(&mut self, scoped: &ScopedContact<'_, Id>) {
        if scoped.contact.blocked {
            self.remove(&scoped.contact.id);
            return;
        }
        self.make_blocks();
        let mut touched = TouchedContacts::default();
        if let Some(slot) = self.set.slot(&scoped.contact.id) {
            self.leave(slot, &mut touched);
        }
        let slot = self.set.set(scoped);
        touched.add(self.set.row(slot));
        if let Some(blocks) = &mut self.blocks {
            touched.contacts.extend(blocks.insert(&self.set.texts, &self.set, slot));
        }
        touched.contacts.insert(slot);
        self.settle(touched);
    }

    /// Removes a contact, and returns true if it was here. Cost: as [`Similarity::update`].
    pub fn remove(&mut self, id: &Id) -> bool {
        let Some(slot) = self.set.slot(id) else { return false };
        self.make_blocks();
        let mut touched = TouchedContacts::default();
        self.leave(slot, &mut touched);
        self.set.clear(slot);
        touched.contacts.remove(&slot);
        self.links.retain(|link| link.a != slot && link.b != slot);
        self.settle(touched);
        true
    }

    /// Counts and estimates everything anew, as [`Similarity::fit`] does. Cost: as that, without reading contacts.
    pub fn refresh(&mut self) {
        self.set.sort();
        self.estimate();
    }

    fn make_blocks(&mut self) {
        if self.blocks.is_none() {
            self.blocks = Some(LiveBlocks::new(&self.set.texts, &self.set, self.set.slots()));
        }
    }

    /// Takes a contact out of its blocks.
    fn leave(&mut self, slot: u32, touched: &mut TouchedContacts) {
        let row = self.set.row(slot);
        touched.add(row);
        if let Some(blocks) = &mut self.blocks {
            touched.contacts.extend(blocks.remove(&self.set.texts, row, slot));
        }
    }

    /// Finds and scores the pairs of all contacts that a change touched.
    fn settle(&mut self, mut touched: TouchedContacts) {
        self.changes += 1;
        if self.changes >= MIN_REFRESHED.max(self.set.len() / REFRESHED_PART) {
            self.refresh();
            return;
        }
        self.count_people_again(&mut touched);
        let Some(blocks) = &self.blocks else { return };
        let contacts = self.fitted.contacts();
        let proposals = |slot: u32| blocks.proposals(&self.set.texts, &self.set, slot, contacts, MAX_PROPOSALS);
        let mut pairs: BTreeSet<(u32, u32)> = BTreeSet::new();
        for slot in &touched.contacts {
            pairs.extend(proposals(*slot).into_iter().map(|other| (other.min(*slot), other.max(*slot))));
        }
        // A contact that was not touched may still propose one that was.
        let mut others: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for link in &self.links {
            for (slot, other) in [(link.a, link.b), (link.b, link.a)] {
                let is_between = touched.contacts.contains(&slot) && !touched.contacts.contains(&other);
                if is_between && others.entry(other).or_insert_with(|| proposals(other)).contains(&slot) {
                    pairs.insert((link.a, link.b));
                }
            }
        }
        let least = in_units(KEPT_BITS);
        let rescored = |a: u32, b: u32| {
            let score = self.weights.score(&self.set.texts, self.set.row(a), self.set.row(b));
            (score >= least).then_some(ScoredLink { a, b, score })
        };
        let is_touched = |link: &&ScoredLink| touched.contacts.contains(&link.a) || touched.contacts.contains(&link.b);
        let untouched = self.links.iter().filter(|link| !is_touched(link)).copied();
        let mut links: Vec<ScoredLink> = untouched.chain(pairs.iter().filter_map(|(a, b)| rescored(*a, *b))).collect();
        links.sort_unstable_by_key(|link| (link.a, link.b));
        self.links = links;
    }

    /// Counts the people on the phones and emails of the contact that changed.
    fn count_people_again(&mut self, touched: &mut TouchedContacts) {
        let Some(blocks) = &self.blocks else { return };
        let (set, mut changed) = (&self.set, BTreeSet::new());
        let mut count = |values: &BTreeSet<u32>, holders: &HashMap<u32, Vec<u32>>, before: &[u32]| -> Vec<(u32, u32)> {
            let people = |value: &u32| {
                let mut holders: Vec<u32> = holders.get(value).into_iter().flatten().copied().collect();
                holders.sort_by(|a, b| set.rank(*a).cmp(&set.rank(*b)));
                let people = people_among(&set.texts, holders.iter().map(|slot| set.row(*slot)));
                // Other people on a key change the scores of all its holders.
                if before.get(*value as usize).copied().unwrap_or(1) != people {
                    changed.extend(holders);
                }
                (*value, people)
            };
            values.iter().map(people).collect()
        };
        let frequencies = &set.texts.frequencies;
        let emails = count(&touched.emails, &blocks.email_holders, &frequencies.email_people);
        let phones = count(&touched.phones, &blocks.phone_holders, &frequencies.phone_people);
        touched.contacts.extend(changed);
        let frequencies = &mut self.set.texts.frequencies;
        for (counts, people) in [(&mut frequencies.email_people, emails), (&mut frequencies.phone_people, phones)] {
            for (value, count) in people {
                if counts.len() <= value as usize {
                    counts.resize(value as usize + 1, 1);
                }
                counts[value as usize] = count;
            }
        }
    }
}

/// What a change can have an effect on.
#[derive(Default)]
struct TouchedContacts {
    contacts: BTreeSet<u32>,
    emails: BTreeSet<u32>,
    phones: BTreeSet<u32>,
}

impl TouchedContacts {
    fn add(&mut self, row: &ComparableRow) {
        self.emails.extend(row.emails());
        self.phones.extend(row.phones());
    }
}
