//! The fields of the survivor, decided one by one.

use std::collections::HashSet;

use crate::contact::{Contact, ContactId, CustomState, Field, Provenance, Source, Value};
use crate::field_names::consent::{as_flag, is_protective};
use crate::merge::channels;
use crate::merge::choice::{Choice, Lost, Why};
use crate::merge::decision::{self, Candidate, Decision};
use crate::merge::error::MergeError;
use crate::merge::group_source::Together;
use crate::merge::list_union;
use crate::merge::policy::{FieldRule, MergePolicy};
use crate::merge::precedence::Participants;
use crate::merge::request::{MergeRequest, Override};
use crate::normalize::{Normalizer, Region};

/// The survivor, with the choices and lost values, while its fields are decided.
pub(super) struct SurvivorFields<Id> {
    pub(super) survivor: Contact<Id>,
    pub(super) choices: Vec<Choice<Id>>,
    pub(super) lost: Vec<Lost<Id>>,
    // The regions in which the survivor's phones were read, in the order of the phones.
    phone_regions: Vec<Option<Region>>,
    // The regions in which its channels were read, in the order of the channels.
    channel_regions: Vec<Option<Region>>,
}

impl<Id: ContactId> SurvivorFields<Id> {
    /// Decides every field that a contact holds or the request names.
    ///
    /// # Errors
    /// - [`MergeError::Disagree`] if a field has the rule [`FieldRule::MustAgree`] and two values differ.
    pub(super) fn decide(
        policy: &MergePolicy,
        contacts: &Participants<'_, Id>,
        request: &MergeRequest<Id>,
        normalizer: &Normalizer,
    ) -> Result<Self, MergeError<Id>> {
        let mut fields = Self {
            survivor: outline(contacts),
            choices: Vec::new(),
            lost: Vec::new(),
            phone_regions: Vec::new(),
            channel_regions: Vec::new(),
        };
        // The sort is stable, so that the values of each field stay in precedence.
        let said = contacts.contacts().iter().enumerate();
        let mut said: Vec<(&Field, Candidate<'_>)> = said
            .flat_map(|(place, contact)| contact.fields.iter().map(move |(field, value)| (field, (place, value))))
            .collect();
        said.sort_by_key(|(field, _)| *field);
        let mut named: Vec<&Field> = said.iter().map(|(field, _)| *field).chain(request.overrides.keys()).collect();
        named.sort();
        named.dedup();
        let together = Together::choose(policy, &named, contacts, request);
        let mut have: Vec<Candidate<'_>> = Vec::with_capacity(contacts.contacts().len());
        let mut said = said.into_iter().peekable();
        for field in named {
            have.clear();
            while let Some((_, held)) = said.next_if(|(other, _)| *other == field) {
                have.push(held);
            }
            fields.decide_one(field, &have, together.voices(field), (policy, contacts, request, normalizer))?;
        }
        fields.spread_strictest(policy, contacts, request);
        fields.keep_findable(contacts, normalizer);
        fields.survivor.provenance.extend(orphans(contacts.survivor()));
        fields.drop_hidden(contacts);
        Ok(fields)
    }

    fn decide_one(
        &mut self,
        field: &Field,
        have: &[Candidate<'_>],
        voices: Option<&[usize]>,
        (policy, contacts, request, normalizer): Given<'_, Id>,
    ) -> Result<(), MergeError<Id>> {
        let heard: Vec<Candidate<'_>> = match voices {
            Some(voices) => have.iter().filter(|(place, _)| voices.contains(place)).copied().collect(),
            None => Vec::new(),
        };
        let all = have;
        let have = if voices.is_some() { heard.as_slice() } else { have };
        let are_lists = have.iter().find(|(_, value)| **value != Value::Null);
        let are_lists = are_lists.is_some_and(|(_, value)| matches!(value, Value::List(_)));
        let rule = policy.rule_for(field, are_lists, || has_strictest(field, have));
        let mut half_lost = Vec::new();
        let mut decision = match request.overrides.get(field) {
            Some(Override::Value(value)) => Decision { value: Some(value.clone()), from: Vec::new(), why: Why::Given },
            Some(Override::From(id)) => {
                let held = have.iter().find(|(place, _)| contacts.at(*place).id == *id);
                held.map_or(Decision { value: None, from: Vec::new(), why: Why::Taken }, |held| {
                    Decision::one(*held, Why::Taken)
                })
            }
            None if channels::are_channels(field, have) => {
                let united = channels::unite(have, contacts, normalizer);
                half_lost = united.lost;
                self.channel_regions = united.regions;
                united.decision
            }
            // The values are no channels, and a list made of them would be read as channels.
            None if *field == Field::Channels => decision::decide(field, &FieldRule::SurvivorFirst, have, contacts)?,
            None if rule == FieldRule::Union => {
                let (decision, regions) = list_union::unite(field, have, contacts, normalizer);
                if *field == Field::Phone {
                    self.phone_regions = regions;
                }
                decision
            }
            None if *field == Field::Country => self.country(&rule, have, contacts, normalizer)?,
            None => decision::decide(field, &rule, have, contacts)?,
        };
        let have = all;
        if voices.is_some() {
            decision.why = why_together(&decision, have);
        }
        if let Some(provenance) = provenance(field, &decision, contacts) {
            self.survivor.provenance.insert(field.clone(), provenance);
        }
        self.note_lost(field, &rule, have, &decision, contacts);
        for (place, value) in half_lost {
            let contact = contacts.at(place).id.clone();
            self.lost.push(Lost { contact, field: field.clone(), value });
        }
        let ids = |places: Vec<usize>| places.into_iter().map(|place| contacts.at(place).id.clone()).collect();
        let same = have.iter().filter(|(place, value)| {
            !decision.from.contains(place) && !value.is_empty() && Some(*value) == decision.value.as_ref()
        });
        let same = ids(same.map(|(place, _)| *place).collect());
        self.choices.push(Choice { field: field.clone(), rule, why: decision.why, from: ids(decision.from), same });
        if let Some(value) = decision.value {
            self.survivor.fields.insert(field.clone(), value);
        }
        Ok(())
    }

    /// Decides the country. A country that was derived from a phone gives way to a given one. If no contact has a given
    /// country, it is derived again from the first phone that has one.
    fn country(
        &self,
        rule: &FieldRule,
        have: &[Candidate<'_>],
        contacts: &Participants<'_, Id>,
        normalizer: &Normalizer,
    ) -> Result<Decision, MergeError<Id>> {
        let is_derived = |(place, value): &&Candidate<'_>| {
            let provenance = contacts.at(*place).provenance.get(&Field::Country);
            !value.is_empty() && provenance.is_some_and(|provenance| provenance.source == Source::Derived)
        };
        let given: Vec<Candidate<'_>> = have.iter().filter(|held| !is_derived(held)).copied().collect();
        if given.iter().any(|(_, value)| !value.is_empty()) || !have.iter().any(|held| is_derived(&held)) {
            return decision::decide(&Field::Country, rule, &given, contacts);
        }
        let phones = contacts.contacts().iter().flat_map(|contact| {
            let region = normalizer.region_of(contact.country());
            contact.phones().map(move |phone| (phone, region))
        });
        let derived = phones.take(MAX_TRIED_PHONES).find_map(|(phone, region)| normalizer.country_of(phone, region));
        match derived {
            Some(region) => {
                let value = Value::from(region.code());
                let from = have.iter().filter(|(_, held)| **held == value).map(|(place, _)| *place).take(1).collect();
                Ok(Decision { value: Some(value), from, why: Why::Derived })
            }
            None => decision::decide(&Field::Country, rule, have, contacts),
        }
    }

    /// Records the values of `have` that are not in the decision as lost.
    fn note_lost(
        &mut self,
        field: &Field,
        rule: &FieldRule,
        have: &[Candidate<'_>],
        decision: &Decision,
        contacts: &Participants<'_, Id>,
    ) {
        // The times of a record are reduced to one value, and `channels::unite` reports the lost channels itself.
        let folds = |value: &Value| match field {
            Field::CreatedAt | Field::UpdatedAt => matches!(value, Value::Time(_)),
            Field::Channels => matches!((value, &decision.value), (Value::Channels(_), Some(Value::Channels(_)))),
            _ => false,
        };
        let is_reported =
            |(_, value): &&Candidate<'_>| Some(*value) != decision.value.as_ref() && !value.is_empty() && !folds(value);
        let mut reported = have.iter().filter(is_reported).peekable();
        if reported.peek().is_none() {
            return;
        }
        let is_list = |value: Option<&Value>| matches!(value, Some(Value::List(_)));
        let kept = KeptValues::of(decision.value.as_ref().map(list_union::items).unwrap_or_default());
        let joined = match (rule, &decision.value) {
            (FieldRule::Join(separator), Some(Value::Text(text))) if decision.why == Why::Rule => {
                Some((separator.as_str(), text.split(separator.as_str()).collect::<HashSet<_>>()))
            }
            _ => None,
        };
        let is_kept = |value: &Value| match (&joined, value.as_written()) {
            (Some((separator, parts)), Some(text)) => text.split(separator).all(|part| parts.contains(part)),
            _ => kept.contains(value),
        };
        for (place, value) in reported {
            let parts = if is_list(Some(value)) && (is_list(decision.value.as_ref()) || kept.is_one()) {
                list_union::items(value)
            } else {
                std::slice::from_ref(*value)
            };
            for part in parts.iter().filter(|part| !part.is_empty() && !is_kept(part)) {
                let contact = contacts.at(*place).id.clone();
                self.lost.push(Lost { contact, field: field.clone(), value: part.clone() });
            }
        }
    }

    /// Writes national numbers from other countries than the survivor's with their country code, so that the survivor
    /// keeps their keys.
    fn keep_findable(&mut self, contacts: &Participants<'_, Id>, normalizer: &Normalizer) {
        let country = self.survivor.country().map(str::to_owned);
        let country = country.as_deref();
        if let Some(channels) = self.survivor.fields.get_mut(&Field::Channels) {
            for was in channels::keep_findable(channels, &self.channel_regions, country, normalizer) {
                let holders = contacts.contacts().iter().filter(|contact| contact.channels().contains(&was));
                let value = Value::Channels(vec![was.clone()]);
                let lost = holders.map(|contact| (contact.id.clone(), value.clone())).collect();
                self.add_lost(&Field::Channels, lost);
            }
        }
        if let Some(phones) = self.survivor.fields.get_mut(&Field::Phone)
            && list_union::keep_findable(phones, &self.phone_regions, country, normalizer)
        {
            let kept: HashSet<Value> = list_union::items(phones).iter().cloned().collect();
            let values = contacts.contacts().iter().flat_map(|contact| {
                let own = contact.get(&Field::Phone).map(list_union::items).unwrap_or_default();
                own.iter().map(|value| (contact.id.clone(), value.clone()))
            });
            let lost = values.filter(|(_, value)| !value.is_empty() && !kept.contains(value)).collect();
            self.lost.retain(|lost| lost.field != Field::Phone);
            self.add_lost(&Field::Phone, lost);
        }
    }

    /// Inserts lost values at the field's position in the list.
    pub(super) fn add_lost(&mut self, field: &Field, lost: Vec<(Id, Value)>) {
        let at = self.lost.partition_point(|lost| lost.field <= *field);
        let lost = lost.into_iter().map(|(contact, value)| Lost { contact, field: field.clone(), value });
        self.lost.splice(at..at, lost);
    }

    /// Removes fields whose name has another meaning in the JSON form of the survivor. This happens if contacts with
    /// different kinds of fields use one name.
    fn drop_hidden(&mut self, contacts: &Participants<'_, Id>) {
        let survivor = &self.survivor;
        let hidden: Vec<Field> = survivor.fields.keys().filter(|field| is_hidden(survivor, field)).cloned().collect();
        for field in hidden {
            self.survivor.fields.remove(&field);
            self.choices.retain(|choice| choice.field != field);
            self.lost.retain(|lost| lost.field != field);
            let values = contacts.contacts().iter().map(|contact| (contact.id.clone(), contact.get(&field).cloned()));
            let values = values.filter_map(|(id, value)| Some((id, value.filter(|value| !value.is_empty())?)));
            self.add_lost(&field, values.collect());
        }
    }
}

/// The kept values. A short list is searched, a long one is hashed.
enum KeptValues<'a> {
    Few(&'a [Value]),
    Many(HashSet<&'a Value>),
}

impl<'a> KeptValues<'a> {
    fn of(values: &'a [Value]) -> Self {
        if values.len() <= 8 { Self::Few(values) } else { Self::Many(values.iter().collect()) }
    }

    fn contains(&self, value: &Value) -> bool {
        match self {
            Self::Few(values) => values.contains(value),
            Self::Many(values) => values.contains(value),
        }
    }

    /// Returns true if there is at most one value.
    fn is_one(&self) -> bool {
        matches!(self, Self::Few([] | [_]))
    }
}

/// The inputs shared by the decisions for all fields.
type Given<'a, Id> = (&'a MergePolicy, &'a Participants<'a, Id>, &'a MergeRequest<Id>, &'a Normalizer);

/// The limit of phones that are read to derive a country again.
const MAX_TRIED_PHONES: usize = 100;

/// Returns the survivor with its id, its blocked state and its custom state, but without fields.
fn outline<Id: ContactId>(contacts: &Participants<'_, Id>) -> Contact<Id> {
    let mut survivor = Contact::new(contacts.survivor().id.clone());
    survivor.blocked = contacts.contacts().iter().any(|contact| contact.blocked);
    let states = contacts.contacts().iter().map(|contact| contact.custom_state());
    survivor.custom_state = states.max().unwrap_or(CustomState::Absent);
    survivor
}

/// Returns the provenance that the survivor holds for fields without a value.
fn orphans<Id>(survivor: &Contact<Id>) -> impl Iterator<Item = (Field, Provenance)> {
    let orphans = survivor.provenance.iter().filter(|(field, _)| survivor.get(field).is_none());
    orphans.map(|(field, provenance)| (field.clone(), provenance.clone()))
}

/// Returns the provenance of a decided value. A value from several contacts is verified only if all its parts are, and
/// its time is that of the newest part.
fn provenance<Id: ContactId>(
    field: &Field,
    decision: &Decision,
    contacts: &Participants<'_, Id>,
) -> Option<Provenance> {
    if decision.why == Why::Derived {
        return Some(Provenance { source: Source::Derived, changed_at: None, verified: false });
    }
    let of = |place: &usize| contacts.at(*place).provenance.get(field);
    let (first, rest) = decision.from.split_first()?;
    let mut provenance = of(first)?.clone();
    for other in rest.iter().map(of) {
        provenance.verified &= other.is_some_and(|other| other.verified);
        let changed_at = other.and_then(|other| other.changed_at);
        provenance.changed_at = provenance.changed_at.max(changed_at);
    }
    Some(provenance)
}

/// Returns the reason for the value of a field in an address or date group, given the values of all contacts.
fn why_together(decision: &Decision, have: &[Candidate<'_>]) -> Why {
    let mut others = have.iter().filter(|(place, value)| !decision.from.contains(place) && !value.is_empty());
    let agrees = |(_, value): &Candidate<'_>| Some(*value) == decision.value.as_ref();
    match others.next() {
        None => decision.why,
        Some(first) if agrees(first) && others.all(agrees) => Why::Agreed,
        Some(_) => Why::Together,
    }
}

/// Returns true if the strictest value is known: a value protects the person, or all values that are not empty are
/// check marks.
fn has_strictest(field: &Field, have: &[Candidate<'_>]) -> bool {
    if have.iter().any(|(_, value)| is_protective(field, value)) {
        return true;
    }
    let mut full = have.iter().filter(|(_, value)| !value.is_empty()).peekable();
    full.peek().is_some() && full.all(|(_, value)| as_flag(value).is_some())
}

/// Returns true if the field's name has another meaning in the contact's JSON form.
pub(super) fn is_hidden<Id>(contact: &Contact<Id>, field: &Field) -> bool {
    match field {
        Field::Other(name) if &**name == "custom" => contact.custom_state() != CustomState::Absent,
        Field::Other(name) if &**name == "provenance" => !contact.provenance.is_empty(),
        field => field.is_reserved(),
    }
}

/// Returns true if the request may set `field` to `value`, which is if the JSON form reads back as the same value.
pub(super) fn can_hold(field: &Field, value: &Value) -> bool {
    let is_structured = matches!(value, Value::Json(_) | Value::Channels(_));
    match field {
        Field::CreatedAt | Field::UpdatedAt => matches!(value, Value::Time(_) | Value::Null),
        Field::Channels => matches!(value, Value::Channels(_) | Value::Null),
        _ if field.is_reserved() || matches!(field.name(), "custom" | "provenance") => {
            matches!(field, Field::Custom(_))
        }
        _ => match value {
            Value::List(items) => !items.iter().any(|item| matches!(item, Value::List(_)) || item_is_odd(item)),
            value => !is_structured && !item_is_odd(value),
        },
    }
}

/// Returns true for an element that does not survive the JSON form. Times in other fields read back as numbers or
/// texts, and a structured value may not be valid JSON.
fn item_is_odd(value: &Value) -> bool {
    matches!(value, Value::Time(_) | Value::Json(_) | Value::Channels(_))
}
