//! The contact from which a group of fields is taken: the parts of an address or of a date.

use std::collections::HashMap;

use crate::contact::{ContactId, Field, Value};
use crate::field_names::parts::FieldGroup;
use crate::merge::policy::{FieldRule, MergePolicy};
use crate::merge::precedence::Participants;
use crate::merge::request::MergeRequest;

/// The contacts whose values count in each grouped field.
pub(crate) struct Together<'a> {
    voices: HashMap<&'a Field, Vec<usize>>,
}

impl<'a> Together<'a> {
    /// Chooses a contact for each group among the fields of the contacts.
    ///
    /// A field is decided alone if the policy has its own rule for it or the request gives it a value. So is every
    /// field of a group in which a contact holds a list.
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
            // In a contact without other parts of the address, `estado` is a status and no part. Such a contact keeps
            // its say in that field.
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
                // The country of a contact with another address does not belong to an address without a country.
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

    /// Returns the positions of the contacts whose values count in a field, or `None` if all count.
    pub(crate) fn voices(&self, field: &Field) -> Option<&[usize]> {
        self.voices.get(field).map(Vec::as_slice)
    }
}

/// Returns the number of fields in the group that a contact fills.
fn filled<Id: ContactId>(group: &FieldGroup<'_>, place: usize, contacts: &Participants<'_, Id>) -> usize {
    let contact = contacts.at(place);
    group.fields.iter().filter(|field| contact.get(field).is_some_and(|value| !says_nothing(value))).count()
}

/// Returns true if the value is empty or blank.
fn says_nothing(value: &Value) -> bool {
    value.is_empty() || value.as_written().is_some_and(|text| text.trim().is_empty())
}

/// Returns the position of the contact that the group is taken from: the one that the rule prefers, or a contact that
/// holds the same values and more.
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
        // The rule takes the survivor's fields even if they are empty, so nothing has to be chosen.
        FieldRule::Survivor => return None,
        // Deciding the fields one by one then refuses the merge with the field that differs.
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

/// Returns the candidate with the greatest rank, the first in precedence on a tie.
fn best<Rank: Ord>(candidates: &[usize], rank: impl Fn(usize) -> Option<Rank>) -> Option<usize> {
    let ranked = candidates.iter().filter_map(|place| Some((rank(*place)?, *place)));
    ranked.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, place)| place)
}

/// Returns true if the contact at `place` holds all values of the group that the contact at `other` holds.
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

/// Returns true if no two candidates have different values in a field of the group.
fn are_alike<Id: ContactId>(group: &FieldGroup<'_>, candidates: &[usize], contacts: &Participants<'_, Id>) -> bool {
    group.fields.iter().all(|field| {
        let values = candidates.iter().filter_map(|place| contacts.at(*place).get(field));
        let mut values = values.filter(|value| !says_nothing(value));
        let first = values.next();
        values.all(|value| Some(value) == first)
    })
}
