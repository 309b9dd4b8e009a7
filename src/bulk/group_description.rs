//! The contacts of a group, from which its suggestions are made.

use std::fmt;

use crate::bulk::groups::BulkGroups;
use crate::contact::{Channel, Contact, ContactId, Field};
use crate::index::Index;
use crate::key::{Derivation, KeyKind, Reason};
use crate::normalize::{ContactKey, ContactKeys, LentKey, Place, Region};
use crate::suggestion::{BareHolder, BareKey, Suggestion, describe_bare};

/// The contacts of one group of [`BulkGroups`], from which its suggestions are made: the same as those of an index of
/// all contacts.
///
/// One `BulkGroup` serves many groups, one after the other, and reuses its memory.
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
    // The ids of the members, each with its number.
    members: Vec<(Id, u32)>,
    held: Vec<HeldKey>,
    // The scopes and values of the keys, in one text.
    text: String,
    // The ranks of the members by id, and the keys ordered by number. Both are kept to reuse their memory.
    ranks: Vec<u32>,
    order: Vec<Ordered>,
}

/// A key that a member holds.
struct HeldKey {
    member: u32,
    kind: KeyKind,
    derivation: Derivation,
    verified: bool,
    /// A number that stands for the key. Different keys hardly ever have the same number.
    number: u64,
    start: usize,
    scope_end: usize,
    end: usize,
    place: Place,
}

/// A held key by its number, with the rank of the member by id.
#[derive(Clone, Copy)]
struct Ordered {
    number: u64,
    rank: u32,
    held: u32,
}

/// The contact that was last added to a [`BulkGroup`], which takes its values one by one, in the order of each field.
///
/// Of a [`Contact`](crate::Contact) at most [`MAX_VALUES_PER_FIELD`](crate::normalize::MAX_VALUES_PER_FIELD) values of a field are
/// read, whereas all values given here are. The caller must keep to that limit.
pub struct BulkMember<'a> {
    groups: &'a BulkGroups,
    held: &'a mut Vec<HeldKey>,
    text: &'a mut String,
    member: u32,
    phones: usize,
    emails: usize,
    channels: usize,
}

impl BulkGroups {
    /// Returns an empty group, to which the contacts of a group can be added.
    pub fn group<Id: ContactId>(&self) -> BulkGroup<'_, Id> {
        BulkGroup::new(self)
    }

    /// Returns the suggestions of the contacts of a group, which are those of an index of all contacts.
    ///
    /// `contacts` must contain all contacts of the group, and no other contact that shares a key with them. Cost: O(k
    /// log k) for k keys.
    pub fn describe<Id: ContactId>(&self, workspace: Option<&str>, contacts: &[Contact<Id>]) -> Vec<Suggestion<Id>> {
        let mut group = self.group();
        for contact in contacts.iter().filter(|contact| !contact.blocked) {
            let mut member = group.add(contact.id.clone());
            self.normalizer.contact(contact).keys.iter().for_each(|key| member.key(key));
        }
        group.take_suggestions(workspace)
    }
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

    /// Adds a contact and returns it, so that its values can be added. Blocked contacts belong to no group. Cost: O(1).
    ///
    /// # Panics
    /// Panics if there are 2^32 contacts already.
    pub fn add(&mut self, id: Id) -> BulkMember<'_> {
        let member = u32::try_from(self.members.len()).expect("contacts are numbered in 32 bits");
        self.members.push((id, member));
        let Self { groups, held, text, .. } = self;
        BulkMember { groups, held, text, member, phones: 0, emails: 0, channels: 0 }
    }

    /// Returns the suggestions of the added contacts, and empties the group for the next one.
    ///
    /// The suggestions are those of an index of all contacts of the `workspace`. The added contacts must be all
    /// contacts of a group, without any other contact that shares a key with them. If an id was added several times,
    /// the first contact counts. Cost: O(k log k) for k keys.
    pub fn take_suggestions(&mut self, workspace: Option<&str>) -> Vec<Suggestion<Id>> {
        if self.groups.has_common_keys() {
            // A common key may have few holders within the group.
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

    /// Orders the members by id and the held keys by number.
    fn bring_in_order(&mut self) {
        let Self { members, held, ranks, order, .. } = self;
        ranks.clear();
        ranks.resize(members.len(), u32::MAX);
        // The numbers ascend, so the first contact with an id comes first.
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

    /// Returns the suggestion of the group, or `None` if an index is needed to describe it.
    fn describe_bare(&mut self) -> Option<Suggestion<Id>> {
        let Self { groups, members, held, text, order, .. } = self;
        let held_by = |ordered: &Ordered| &held[ordered.held as usize];
        // If several values give a contact the same key, the most direct one counts.
        order.dedup_by(|b, a| {
            (a.number, a.rank) == (b.number, b.rank) && held_by(a).key(text).is_same(held_by(b).key(text))
        });
        let mut holders: Vec<BareHolder<'_>> = Vec::with_capacity(order.len());
        let mut keys = Vec::new();
        for of_key in order.chunk_by(|a, b| a.number == b.number).filter(|of_key| of_key.len() > 1) {
            let key = held_by(&of_key[0]).key(text);
            let is_same = of_key.iter().skip(1).all(|ordered| held_by(ordered).key(text).is_same(key));
            // A holder whose derivation removed an extension is not linked to every other holder.
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
    /// Adds a phone number as written. `region` takes precedence over the default region of the normaliser. Cost: O(n).
    ///
    /// # Errors
    /// The reason why the value gives no key.
    pub fn phone(&mut self, raw: &str, region: Option<Region>) -> Result<(), Reason> {
        let position = next(&mut self.phones);
        let groups = self.groups;
        groups
            .normalizer
            .each_phone_key(raw, region, &mut |key| self.hold(key, Place { field: Field::Phone, position }, false))
    }

    /// Adds an email address as written. Cost: O(n).
    ///
    /// # Errors
    /// The reason why the value gives no key.
    pub fn email(&mut self, raw: &str) -> Result<(), Reason> {
        let position = next(&mut self.emails);
        let groups = self.groups;
        groups.normalizer.each_email_key(raw, &mut |key| self.hold(key, Place { field: Field::Email, position }, false))
    }

    /// Adds a channel. A normaliser that takes values as written ignores channels. Cost: O(n).
    ///
    /// # Errors
    /// The reason why the channel gives no key.
    pub fn channel(&mut self, channel: &Channel, region: Option<Region>) -> Result<(), Reason> {
        let position = next(&mut self.channels);
        if self.groups.normalizer.is_as_written() {
            return Ok(());
        }
        let keys = self.groups.normalizer.channel(channel, region)?;
        keys.iter().for_each(|key| self.hold(key.lent(), Place { field: Field::Channels, position }, false));
        Ok(())
    }

    /// Adds the first value of a host identifier from the custom field `name`
    /// ([`Normalizer::identifier_key`](crate::Normalizer::identifier_key)). Cost: O(n).
    ///
    /// # Errors
    /// The reason why the value gives no key.
    pub fn identifier(&mut self, name: &str, raw: &str) -> Result<(), Reason> {
        let key = self.groups.normalizer.identifier_key(name, raw)?;
        self.hold(key.lent(), Place { field: Field::Custom(name.into()), position: 0 }, false);
        Ok(())
    }

    /// Adds a key that was derived from a value before. Cost: O(n).
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

/// Returns the position of a value, and increments the count.
fn next(count: &mut usize) -> usize {
    *count += 1;
    *count - 1
}
