//! The blocks of contacts that change: which contacts share a block key, kept up to date.

use std::collections::{BTreeSet, HashMap};

use crate::similarity::block_keys::block_keys;
use crate::similarity::candidates::{MAX_BLOCK, MAX_FULL_BLOCK, WINDOW, block_rarity, window_order};
use crate::similarity::comparable::{ComparableRow, Texts};

/// The blocks of all contacts, and the holders of each phone and email. It takes about a kilobyte a contact, so it is made
/// when the first contact changes.
#[derive(Clone, Default)]
pub(crate) struct LiveBlocks {
    // The contacts of each key. Invariant: those of more than `MAX_FULL_BLOCK` are in window order.
    members: HashMap<u64, Vec<u32>>,
    /// The contacts with each email, in no order.
    pub(crate) email_holders: HashMap<u32, Vec<u32>>,
    /// The contacts with each phone, in no order.
    pub(crate) phone_holders: HashMap<u32, Vec<u32>>,
}

/// Contacts in the order that no slot and no thread decides: by content, then by id.
pub(crate) trait CanonicalOrder {
    /// Returns the row of a contact.
    fn row(&self, contact: u32) -> &ComparableRow;

    /// Returns the place of a contact in canonical order among others, as a key to sort by.
    fn rank(&self, contact: u32) -> impl Ord;
}

impl LiveBlocks {
    /// Returns the blocks of some contacts. Cost: O(k log k) for k keys.
    pub(crate) fn new(texts: &Texts, order: &impl CanonicalOrder, contacts: impl Iterator<Item = u32>) -> Self {
        let mut blocks = Self::default();
        let mut keys = Vec::new();
        for contact in contacts {
            let row = order.row(contact);
            block_keys(texts, row, &mut keys);
            for key in &keys {
                blocks.members.entry(*key).or_default().push(contact);
            }
            blocks.hold(contact, row);
        }
        for members in blocks.members.values_mut().filter(|members| members.len() > MAX_FULL_BLOCK) {
            sort_window(texts, order, members);
        }
        blocks
    }

    fn hold(&mut self, contact: u32, row: &ComparableRow) {
        for email in row.emails() {
            self.email_holders.entry(*email).or_default().push(contact);
        }
        for phone in row.phones() {
            self.phone_holders.entry(*phone).or_default().push(contact);
        }
    }

    /// Adds a contact, and returns the contacts whose candidates can depend on it.
    pub(crate) fn insert(&mut self, texts: &Texts, order: &impl CanonicalOrder, contact: u32) -> BTreeSet<u32> {
        let row = order.row(contact);
        let mut keys = Vec::new();
        block_keys(texts, row, &mut keys);
        for key in &keys {
            let members = self.members.entry(*key).or_default();
            if members.len() > MAX_FULL_BLOCK {
                let rank = |member: &u32| (window_order(texts, order.row(*member)), order.rank(*member));
                let of_contact = rank(&contact);
                let place = members.partition_point(|member| rank(member) < of_contact);
                members.insert(place, contact);
            } else {
                members.push(contact);
                if members.len() > MAX_FULL_BLOCK {
                    sort_window(texts, order, members);
                }
            }
        }
        self.hold(contact, row);
        self.near(contact, &keys)
    }

    /// Takes a contact out, and returns the contacts whose candidates could depend on it.
    pub(crate) fn remove(&mut self, texts: &Texts, row: &ComparableRow, contact: u32) -> BTreeSet<u32> {
        let mut keys = Vec::new();
        block_keys(texts, row, &mut keys);
        let near = self.near(contact, &keys);
        let take = |members: Option<&mut Vec<u32>>| {
            if let Some(members) = members {
                members.retain(|member| *member != contact);
            }
        };
        for key in &keys {
            take(self.members.get_mut(key));
        }
        row.emails().iter().for_each(|email| take(self.email_holders.get_mut(email)));
        row.phones().iter().for_each(|phone| take(self.phone_holders.get_mut(phone)));
        near
    }

    /// Returns the contacts whose candidates change when a member comes or goes: all of a small block, and of a large one
    /// those near it in window order. All members of a large block are among them if it becomes more or less rare.
    fn near(&self, contact: u32, keys: &[u64]) -> BTreeSet<u32> {
        let mut near = BTreeSet::new();
        for members in keys.iter().filter_map(|key| self.members.get(key)) {
            let size = members.len();
            let changes_rarity = size.ilog2() != (size - 1).max(1).ilog2();
            if size > MAX_BLOCK + 1 {
                continue;
            }
            if size <= MAX_FULL_BLOCK + 1 || size == MAX_BLOCK + 1 || changes_rarity {
                near.extend(members);
            } else {
                let at = members.iter().position(|member| *member == contact).unwrap_or_default();
                near.extend(&members[at.saturating_sub(WINDOW + 1)..(at + WINDOW + 2).min(size)]);
            }
        }
        near
    }

    /// Returns the contacts that one proposes to be compared with, as [`Blocks`](crate::similarity::candidates::Blocks) finds
    /// them for all. `contacts` is the number by which a block is rare.
    pub(crate) fn proposals(
        &self,
        texts: &Texts,
        order: &impl CanonicalOrder,
        contact: u32,
        contacts: u32,
        limit: usize,
    ) -> Vec<u32> {
        let mut keys = Vec::new();
        block_keys(texts, order.row(contact), &mut keys);
        let mut sums: HashMap<u32, u32> = HashMap::new();
        for key in keys {
            let members = self.members.get(&key).map_or(&[][..], Vec::as_slice);
            if !(2..=MAX_BLOCK).contains(&members.len()) {
                continue;
            }
            let rarity = block_rarity(contacts, members.len());
            let near = if members.len() <= MAX_FULL_BLOCK {
                members
            } else {
                let at = members.iter().position(|member| *member == contact).unwrap_or_default();
                &members[at.saturating_sub(WINDOW)..(at + WINDOW + 1).min(members.len())]
            };
            for member in near.iter().filter(|member| **member != contact) {
                *sums.entry(*member).or_default() += rarity;
            }
        }
        let mut sums: Vec<(u32, u32)> = sums.into_iter().collect();
        sums.sort_by(|(a, a_sum), (b, b_sum)| b_sum.cmp(a_sum).then_with(|| order.rank(*a).cmp(&order.rank(*b))));
        sums.truncate(limit);
        sums.into_iter().map(|(member, _)| member).collect()
    }
}

fn sort_window(texts: &Texts, order: &impl CanonicalOrder, members: &mut [u32]) {
    members.sort_by_cached_key(|member| (window_order(texts, order.row(*member)), order.rank(*member)));
}
