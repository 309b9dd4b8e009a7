//! Which contact a group of fields is taken from: the parts of an address or of a date.

use std::collections::HashMap;

use crate::contact::{ContactId, Field, Value};
use crate::field_names::parts::FieldGroup;
use crate::merge::policy::{FieldRule, MergePolicy};
use crate::merge::precedence::Participants;
use crate::merge::request::MergeRequest;

/// Who has a say in each field that is decided with others.
pub(crate) struct Together<'a> {
    voices: HashMap<&'a Field, Vec<usize>>,
}

impl<'a> Together<'a> {
    /// Chooses a contact for each group among the fields that contacts have. A field for which the policy has a rule of
    /// its own, or the request a value, is decided alone, and so is a field of lists.
    pub(crate) fn choose<Id: ContactId>(
        policy: &MergePolicy,
        fields: &[&'a Field],
        contacts: &Participants<'_, Id>,
        request: &MergeRequest<Id>,
    ) -> Self {
        let mut voices = HashMap::new();
        let is_list = |field: &Field| {
            contacts.contacts().iter().any(|contact| matches!(contact.get(field), Some(Value::List(_))))
        };
        let open = fields.iter().copied().filter(|field| !request.overrides.contains_key(*field));
        for group in policy.groups_among(open) {
            let FieldGroup { fields, with_country, .. } = &group;
            if fields.iter().any(|field| is_list(field)) {
                continue;
            }
            let says =
                |place: usize, field: &Field| contacts.at(place).get(field).is_some_and(|value| !says_nothing(value));
            let holders: Vec<usize> = (0..contacts.contacts().len())
                .filter(|place| fields.iter().any(|field| !group.doubtful.contains(field) && says(*place, field)))
                .collect();
            let has_place = |place: &usize| group.places.iter().any(|field| says(*place, field));
            let candidates: Vec<usize> = if holders.iter().any(has_place) {
                holders.iter().copied().filter(has_place).collect()
            } else {
                holders.clone()
            };
            let Some(winner) = winner(policy.default_rule(), &group, &candidates, contacts) else { continue };
            // Of a contact without another part `estado` is no part: the others take nothing from it.
            let speak = |field: &Field| {
                if group.doubtful.contains(&field) && !says(winner, field) {
                    (0..contacts.contacts().len()).filter(|at| *at == winner || !holders.contains(at)).collect()
                } else {
                    vec![winner]
                }
            };
            voices.extend(fields.iter().map(|field| (*field, speak(field))));
            if *with_country {
                let has_country =
                    |place: &usize| contacts.at(*place).get(&Field::Country).is_some_and(|country| !country.is_empty());
                // Without a country in the address, that of contacts with another address says nothing.
                let speak = if has_country(&winner) {
                    vec![winner]
                } else {
                    (0..contacts.contacts().len())
                        .filter(|place| !holders.contains(place) || includes(&group, *place, winner, contacts))
                        .collect()
                };
                voices.insert(&Field::Country, speak);
            }
        }
        Self { voices }
    }

    /// The places of the contacts that have a say in a field; `None` for all.
    pub(crate) fn voices(&self, field: &Field) -> Option<&[usize]> {
        self.voices.get(field).map(Vec::as_slice)
    }
}

/// How many fields of the group a contact has something in.
fn filled<Id: ContactId>(group: &FieldGroup<'_>, place: usize, contacts: &Participants<'_, Id>) -> usize {
    let contact = contacts.at(place);
    group.fields.iter().filter(|field| contact.get(field).is_some_and(|value| !says_nothing(value))).count()
}

/// A cell with a blank says nothing of an address.
fn says_nothing(value: &Value) -> bool {
    value.is_empty() || value.as_written().is_some_and(|text| text.trim().is_empty())
}

/// The place of the contact that the group is taken from: the one that the rule prefers, or one that says the same and
/// more.
fn winner<Id: ContactId>(
    rule: &FieldRule,
    group: &FieldGroup<'_>,
    candidates: &[usize],
    contacts: &Participants<'_, Id>,
) -> Option<usize> {
    let first = *candidates.first()?;
    let parts = |place: usize| {
        let held = group
            .fields
            .iter()
            .filter(move |field| contacts.at(place).get(field).is_some_and(|value| !says_nothing(value)));
        held.copied()
    };
    let provenance = |place: usize, field: &Field| contacts.at(place).provenance.get(field);
    let set_at = |place: usize| parts(place).filter_map(|field| contacts.set_at(place, field)).max();
    let preferred = match rule {
        // Whatever it has, it is the survivor's.
        FieldRule::Survivor => return None,
        // Where two differ the merge is refused, field by field.
        FieldRule::MustAgree if !are_alike(group, candidates, contacts) => return None,
        FieldRule::Newest => best(candidates, set_at),
        FieldRule::Oldest => best(candidates, |place| set_at(place).map(std::cmp::Reverse)),
        FieldRule::MostComplete => best(candidates, |place| Some(contacts.filled(place))),
        FieldRule::MostCommon => {
            let same = |place: usize| {
                let is_same = |other: &&usize| {
                    includes(group, place, **other, contacts) && includes(group, **other, place, contacts)
                };
                candidates.iter().filter(is_same).count()
            };
            best(candidates, |place| Some(same(place)).filter(|count| *count > 1))
        }
        FieldRule::Sources(sources) => best(candidates, |place| {
            let rank = |field: &Field| {
                let source = &provenance(place, field)?.source;
                sources.iter().position(|pattern| pattern.matches(source))
            };
            parts(place).filter_map(rank).min().map(std::cmp::Reverse)
        }),
        FieldRule::Verified => best(candidates, |place| {
            parts(place).all(|field| provenance(place, field).is_some_and(|of| of.verified)).then_some(())
        }),
        _ => Some(first),
    };
    let preferred = preferred.unwrap_or(first);
    let says_more = |place: &usize| includes(group, *place, preferred, contacts);
    let fullest = candidates.iter().copied().filter(says_more);
    Some(
        fullest
            .reduce(
                |best, next| if filled(group, next, contacts) > filled(group, best, contacts) { next } else { best },
            )
            .filter(|best| filled(group, *best, contacts) > filled(group, preferred, contacts))
            .unwrap_or(preferred),
    )
}

/// The candidate with the greatest rank, of several the first in precedence.
fn best<Rank: Ord>(candidates: &[usize], rank: impl Fn(usize) -> Option<Rank>) -> Option<usize> {
    let ranked = candidates.iter().filter_map(|place| Some((rank(*place)?, *place)));
    ranked.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, place)| place)
}

/// Whether the contact at `place` says all that the one at `other` does.
fn includes<Id: ContactId>(
    group: &FieldGroup<'_>,
    place: usize,
    other: usize,
    contacts: &Participants<'_, Id>,
) -> bool {
    let (contact, other) = (contacts.at(place), contacts.at(other));
    let has_same =
        |field: &Field| other.get(field).is_none_or(|value| says_nothing(value) || contact.get(field) == Some(value));
    let country = Field::Country;
    group.fields.iter().all(|field| has_same(field)) && (!group.with_country || has_same(&country))
}

/// Whether no two candidates have different values in a field of the group.
fn are_alike<Id: ContactId>(group: &FieldGroup<'_>, candidates: &[usize], contacts: &Participants<'_, Id>) -> bool {
    group.fields.iter().all(|field| {
        let values = candidates.iter().filter_map(|place| contacts.at(*place).get(field));
        let mut values = values.filter(|value| !says_nothing(value));
        let first = values.next();
        values.all(|value| Some(value) == first)
    })
}
