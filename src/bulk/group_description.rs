//! The contacts of a group, from which its suggestion is made.

use std::fmt;

use crate::bulk::groups::BulkGroups;
use crate::contact::{Channel, ContactId, Field};
use crate::index::Index;
use crate::key::{Derivation, KeyKind, Reason};
use crate::normalize::{ContactKey, ContactKeys, LentKey, Place, Region};
use crate::suggestion::{BareHolder, BareKey, Suggestion, describe_bare};

/// The contacts of a group of [`BulkGroups`], to say what an index of all contacts would suggest of them. One of these serves
/// many groups, one after the other, and its memory with them.
///
/// ```
/// use onefold::{Bulk, Normalizer, Rules};
///
/// let rows = [("a", "ada@example.com"), ("b", "bob@example.com"), ("c", "Ada@Example.com")];
/// let mut bulk = Bulk::new(Normalizer::new(), Rules::new());
/// for (_, email) in rows {
///     bulk.add_values(None, false).email(email)?;
/// }
/// let groups = bulk.groups();
/// let mut group = groups.group();
/// for members in groups.iter() {
///     for &number in members {
///         let (id, email) = rows[number as usize];
///         group.add(id).email(email)?;
///     }
///     assert_eq!(group.take_suggestions(None)[0].members, ["a", "c"]);
/// }
/// # Ok::<(), onefold::Reason>(())
/// ```
pub struct BulkGroup<'a, Id> {
    groups: &'a BulkGroups,
    // Each with its number.
    members: Vec<(Id, u32)>,
    held: Vec<HeldKey>,
    // The scopes and values of the keys, one behind the other.
    text: String,
    // The places of members in the order of ids, and the keys by their numbers: kept for their memory.
    ranks: Vec<u32>,
    order: Vec<Ordered>,
}

/// A key that a member holds.
struct HeldKey {
    member: u32,
    kind: KeyKind,
    derivation: Derivation,
    verified: bool,
    /// What stands for the key: different keys hardly ever have the same.
    number: u64,
    start: usize,
    scope_end: usize,
    end: usize,
    place: Place,
}

/// A key that a member holds by the key's number, with the member's place in the order of ids.
#[derive(Clone, Copy)]
struct Ordered {
    number: u64,
    rank: u32,
    held: u32,
}

/// The contact that was added to a [`BulkGroup`] last, to take its values, in the order of each field. Of a contact no more than
/// [`MAX_VALUES_PER_FIELD`](crate::normalize::MAX_VALUES_PER_FIELD) values of a field are read; here all that come are taken, and whoever
/// hands them over keeps to that limit.
pub struct BulkMember<'a> {
    groups: &'a BulkGroups,
    held: &'a mut Vec<HeldKey>,
    text: &'a mut String,
    member: u32,
    phones: usize,
    emails: usize,
    channels: usize,
}

impl<Id: fmt::Debug> fmt::Debug for BulkGroup<'_, Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&Id> = self.members.iter().map(|(id, _)| id).collect();
        f.debug_struct("BulkGroup").field("members", &ids).finish_non_exhaustive()
    }
}

impl fmt::Debug for BulkMember<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkMember").field("member", &self.member).finish_non_exhaustive()
    }
}

impl<'a, Id: ContactId> BulkGroup<'a, Id> {
    pub(crate) fn new(groups: &'a BulkGroups) -> Self {
        let (members, held, text) = (Vec::new(), Vec::new(), String::new());
        Self { groups, members, held, text, ranks: Vec::new(), order: Vec::new() }
    }

    /// Adds a contact, whose values come next. Blocked ones are in no group. O(1).
    ///
    /// # Panics
    /// There are 2^32 contacts already.
    pub fn add(&mut self, id: Id) -> BulkMember<'_> {
        let member = u32::try_from(self.members.len()).expect("contacts are numbered in 32 bits");
        self.members.push((id, member));
        let Self { groups, held, text, .. } = self;
        BulkMember { groups, held, text, member, phones: 0, emails: 0, channels: 0 }
    }

    /// The suggestions that the contacts make, as an index of all contacts of their `workspace` would have them; what is added
    /// next is another group. They must be all the contacts of the group, and of nobody else those that share a key with them;
    /// of several with the same id the first counts. O(k log k) for k keys.
    pub fn take_suggestions(&mut self, workspace: Option<&str>) -> Vec<Suggestion<Id>> {
        if self.groups.has_common_keys() {
            // In the group they may have few holders.
            let Self { groups, held, text, .. } = self;
            held.retain(|held| !groups.is_common(workspace, held.key(text)));
        }
        self.bring_in_order();
        let suggestions = match self.describe_bare() {
            Some(suggestion) => vec![suggestion],
            None => self.describe_by_index(),
        };
        self.members.clear();
        self.held.clear();
        self.text.clear();
        suggestions
    }

    /// Brings the members in the order of their ids, and the keys in that of their numbers.
    fn bring_in_order(&mut self) {
        let Self { members, held, ranks, order, .. } = self;
        ranks.clear();
        ranks.resize(members.len(), u32::MAX);
        // The numbers ascend, so that of several with the same id the first one comes first.
        members.sort_unstable();
        members.dedup_by(|(later, _), (earlier, _)| later == earlier);
        for (rank, (_, member)) in (0..).zip(&*members) {
            ranks[*member as usize] = rank;
        }
        order.clear();
        let ordered = |(index, held): (u32, &HeldKey)| {
            let rank = ranks[held.member as usize];
            (rank != u32::MAX).then_some(Ordered { number: held.number, rank, held: index })
        };
        order.extend((0..).zip(&*held).filter_map(ordered));
        order.sort_unstable_by(|a, b| {
            let directness = |ordered: &Ordered| {
                let held = &held[ordered.held as usize];
                (held.derivation, &held.place)
            };
            (a.number, a.rank).cmp(&(b.number, b.rank)).then_with(|| directness(a).cmp(&directness(b)))
        });
    }

    /// The suggestion of a group without anything unusual.
    fn describe_bare(&mut self) -> Option<Suggestion<Id>> {
        let Self { groups, members, held, text, order, .. } = self;
        let held_by = |ordered: &Ordered| &held[ordered.held as usize];
        // Of several values that give a contact the same key the most direct one counts.
        order.dedup_by(|b, a| {
            (a.number, a.rank) == (b.number, b.rank) && held_by(a).key(text).is_same(held_by(b).key(text))
        });
        let mut holders: Vec<BareHolder<'_>> = Vec::with_capacity(order.len());
        let mut keys = Vec::new();
        for of_key in order.chunk_by(|a, b| a.number == b.number).filter(|of_key| of_key.len() > 1) {
            let key = held_by(&of_key[0]).key(text);
            let is_same = of_key.iter().skip(1).all(|ordered| held_by(ordered).key(text).is_same(key));
            // Who left an extension out is not linked to everybody.
            let is_partial = of_key.iter().any(|held| held_by(held).derivation == Derivation::WithoutExtension);
            if !is_same || is_partial || groups.rules.is_common(of_key.len()) {
                return None;
            }
            let start = holders.len();
            for ordered in of_key {
                let &HeldKey { derivation, verified, ref place, .. } = held_by(ordered);
                if derivation.strength() >= groups.rules.min_strength {
                    holders.push(BareHolder { member: ordered.rank, derivation, verified, place });
                }
            }
            match holders.len() - start {
                0 | 1 => holders.truncate(start),
                _ => keys.push((key, start..holders.len())),
            }
        }
        let mut keys: Vec<BareKey<'_>> =
            keys.into_iter().map(|(key, range)| BareKey { key, holders: &holders[range] }).collect();
        keys.sort_unstable_by(|a, b| a.key.cmp_key(b.key));
        describe_bare(members.iter().map(|(id, _)| id.clone()).collect(), &keys, groups.rules)
    }

    fn describe_by_index(&mut self) -> Vec<Suggestion<Id>> {
        let Self { groups, members, held, text, ranks, .. } = self;
        let mut keys: Vec<Vec<ContactKey>> = members.iter().map(|_| Vec::new()).collect();
        for held in held.drain(..) {
            let Some(keys) = keys.get_mut(ranks[held.member as usize] as usize) else { continue };
            let key = held.key(text).key();
            let HeldKey { derivation, place, verified, .. } = held;
            keys.push(ContactKey { key, derivation, place, verified });
        }
        let mut index = Index::new(groups.normalizer.clone()).with_rules(groups.rules);
        for ((id, _), keys) in members.drain(..).zip(keys) {
            index.insert_found(id, ContactKeys { keys, rejections: Vec::new() });
        }
        index.suggestions()
    }
}

impl HeldKey {
    fn key<'a>(&self, text: &'a str) -> LentKey<'a> {
        let (scope, value) = (&text[self.start..self.scope_end], &text[self.scope_end..self.end]);
        LentKey { kind: self.kind, scope, value, derivation: self.derivation }
    }
}

impl BulkMember<'_> {
    /// Takes a phone number as written; `region` comes before the default region of the normaliser. O(n).
    ///
    /// # Errors
    /// The reason why it gives no key.
    pub fn phone(&mut self, raw: &str, region: Option<Region>) -> Result<(), Reason> {
        let position = next(&mut self.phones);
        let groups = self.groups;
        groups
            .normalizer
            .each_phone_key(raw, region, &mut |key| self.hold(key, Place { field: Field::Phone, position }, false))
    }

    /// Takes an email address as written. O(n).
    ///
    /// # Errors
    /// The reason why it gives no key.
    pub fn email(&mut self, raw: &str) -> Result<(), Reason> {
        let position = next(&mut self.emails);
        let groups = self.groups;
        groups.normalizer.each_email_key(raw, &mut |key| self.hold(key, Place { field: Field::Email, position }, false))
    }

    /// Takes a channel, of which a normaliser that takes values as written reads nothing. O(n).
    ///
    /// # Errors
    /// The reason why it gives no key.
    pub fn channel(&mut self, channel: &Channel, region: Option<Region>) -> Result<(), Reason> {
        let position = next(&mut self.channels);
        if self.groups.normalizer.is_as_written() {
            return Ok(());
        }
        let keys = self.groups.normalizer.channel(channel, region)?;
        keys.iter().for_each(|key| self.hold(key.lent(), Place { field: Field::Channels, position }, false));
        Ok(())
    }

    /// Takes a key that a value gave already. O(n).
    pub fn key(&mut self, key: &ContactKey) {
        let ContactKey { key, derivation, place, verified } = key;
        let (kind, scope, value) = (key.kind(), key.scope(), key.value());
        self.hold(LentKey { kind, scope, value, derivation: *derivation }, place.clone(), *verified);
    }

    fn hold(&mut self, key: LentKey<'_>, place: Place, verified: bool) {
        let number = self.groups.secret.of_parts(None, key.kind, key.scope, key.value).place;
        let start = self.text.len();
        self.text.push_str(key.scope);
        let scope_end = self.text.len();
        self.text.push_str(key.value);
        self.held.push(HeldKey {
            member: self.member,
            kind: key.kind,
            derivation: key.derivation,
            verified,
            number,
            start,
            scope_end,
            end: self.text.len(),
            place,
        });
    }
}

/// The place of a value, and the next one moves on.
fn next(count: &mut usize) -> usize {
    *count += 1;
    *count - 1
}
