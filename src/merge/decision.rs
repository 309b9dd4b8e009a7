//! The value of one field of the survivor, chosen by its rule.

use std::collections::HashMap;

use crate::contact::{ContactId, Field, Number, Value};
use crate::field_names::consent::{Permission, as_flag};
use crate::merge::choice::Why;
use crate::merge::comparable::{self, Measure};
use crate::merge::error::{ContactValue, MergeError};
use crate::merge::policy::FieldRule;
use crate::merge::precedence::Participants;

/// A value with its contact's position in precedence.
pub(crate) type Candidate<'a> = (usize, &'a Value);

/// The value chosen for a field.
pub(crate) struct Decision {
    /// The value; `None` if the field is absent.
    pub(crate) value: Option<Value>,
    /// The positions of the contacts that the value comes from.
    pub(crate) from: Vec<usize>,
    pub(crate) why: Why,
}

impl Decision {
    pub(crate) fn one((place, value): Candidate<'_>, why: Why) -> Self {
        Self { value: Some(value.clone()), from: vec![place], why }
    }

    fn made(value: Value, from: Vec<usize>) -> Self {
        Self { value: Some(value), from, why: Why::Rule }
    }
}

/// Chooses the value of a field that is not a list. `have` holds the values of all contacts in precedence.
///
/// # Errors
/// - [`MergeError::Disagree`] if the rule is [`FieldRule::MustAgree`] and two values differ.
pub(crate) fn decide<Id: ContactId>(
    field: &Field,
    rule: &FieldRule,
    have: &[Candidate<'_>],
    contacts: &Participants<'_, Id>,
) -> Result<Decision, MergeError<Id>> {
    if *rule == FieldRule::Survivor {
        let own = have.first().filter(|(place, _)| *place == 0).copied();
        return Ok(
            own.map_or(Decision { value: None, from: Vec::new(), why: Why::Rule }, |own| Decision::one(own, Why::Rule))
        );
    }
    let full: Vec<Candidate<'_>> = have.iter().filter(|(_, value)| !value.is_empty()).copied().collect();
    let Some(first) = full.first().copied() else { return Ok(nobody(field, have)) };
    if full.len() == 1 {
        return Ok(Decision::one(first, Why::Only));
    }
    if *rule == FieldRule::Sum {
        return Ok(sum(&full).unwrap_or_else(|| Decision::one(first, Why::Precedence)));
    }
    if full.iter().all(|(_, value)| *value == first.1) {
        return Ok(Decision::one(first, Why::Agreed));
    }
    let decided = match rule {
        FieldRule::Newest => best(&full, |(place, _)| contacts.set_at(place, field)),
        FieldRule::Oldest => best(&full, |(place, _)| contacts.set_at(place, field).map(std::cmp::Reverse)),
        FieldRule::Longest => best(&full, |(_, value)| Some(length(value))),
        FieldRule::MostComplete => best(&full, |(place, _)| Some(contacts.filled(place))),
        FieldRule::MostCommon => most_common(&full),
        FieldRule::Sources(sources) => best(&full, |(place, _)| {
            let source = &contacts.at(place).provenance.get(field)?.source;
            sources.iter().position(|pattern| pattern.matches(source)).map(std::cmp::Reverse)
        }),
        FieldRule::Verified => best(&full, |(place, _)| {
            contacts.at(place).provenance.get(field).is_some_and(|provenance| provenance.verified).then_some(())
        }),
        FieldRule::Min => {
            let alike = measures(&full);
            best(&full, |held| alike.get(&held.0).copied().map(std::cmp::Reverse))
        }
        FieldRule::Max => {
            let alike = measures(&full);
            best(&full, |held| alike.get(&held.0).copied())
        }
        FieldRule::AllChecked => checked(field, &full, false),
        FieldRule::AnyChecked => checked(field, &full, true),
        FieldRule::Join(separator) => return Ok(join(&full, separator)),
        FieldRule::MustAgree => return Err(disagree(field, &full, contacts)),
        FieldRule::SurvivorFirst => Some(first),
        // Lists are merged in `list_union`. A single value in place of a list is a list of one element.
        FieldRule::Survivor | FieldRule::Sum | FieldRule::Union => None,
    };
    Ok(decided.map_or_else(|| Decision::one(first, Why::Precedence), |held| Decision::one(held, Why::Rule)))
}

/// Returns the decision for a field in which no contact has a value: absent, cleared or an empty text, as in the first
/// contact that has the field. For custom fields the last contact counts.
pub(crate) fn nobody(field: &Field, have: &[Candidate<'_>]) -> Decision {
    let empty = match field {
        Field::Custom(_) => have.last(),
        _ => have.first(),
    };
    Decision { value: empty.map(|(_, value)| (*value).clone()), from: Vec::new(), why: Why::Nobody }
}

/// Returns the value with the greatest rank, the first in precedence on a tie, or `None` if no value has a rank.
fn best<'a, Rank: Ord>(full: &[Candidate<'a>], rank: impl Fn(Candidate<'a>) -> Option<Rank>) -> Option<Candidate<'a>> {
    let ranked = full.iter().filter_map(|held| Some((rank(*held)?, *held)));
    ranked.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, held)| held)
}

fn length(value: &Value) -> usize {
    match value {
        Value::Json(json) => json.chars().count(),
        one => one.as_written().map_or(0, |text| text.chars().count()),
    }
}

fn most_common<'a>(full: &[Candidate<'a>]) -> Option<Candidate<'a>> {
    let mut counts: HashMap<&Value, usize> = HashMap::new();
    for (_, value) in full {
        *counts.entry(value).or_default() += 1;
    }
    best(full, |(_, value)| counts.get(value).copied().filter(|count| *count > 1))
}

/// Returns the quantities in the values by position, without those of another kind than the first.
fn measures(full: &[Candidate<'_>]) -> HashMap<usize, Measure> {
    let mut measured = full.iter().filter_map(|(place, value)| Some((*place, Measure::of(value)?))).peekable();
    let Some((_, first)) = measured.peek().copied() else { return HashMap::new() };
    measured.filter(|(_, measure)| measure.is_like(&first)).collect()
}

/// Returns the first value that equals the strictest one. In the field of a consent or an objection that is the first
/// value that protects the person, even if it is no check mark.
fn checked<'a>(field: &Field, full: &[Candidate<'a>], strict: bool) -> Option<Candidate<'a>> {
    let permission = Permission::of(field).filter(|permission| permission.strictest() == strict);
    let protects =
        |(_, value): &&Candidate<'a>| permission.as_ref().is_some_and(|one| one.is_protected_by(Some(value)));
    if let Some(held) = full.iter().find(protects) {
        return Some(*held);
    }
    let flags: Vec<(bool, Candidate<'a>)> = full.iter().filter_map(|held| Some((as_flag(held.1)?, *held))).collect();
    let strictest = flags.iter().find(|(flag, _)| *flag == strict).or(flags.first());
    strictest.map(|(_, held)| *held)
}

fn sum(full: &[Candidate<'_>]) -> Option<Decision> {
    let numbers: Vec<_> =
        full.iter().filter_map(|(place, value)| Some((*place, *value, comparable::number(value)?))).collect();
    let (first, rest) = numbers.split_first()?;
    if rest.is_empty() {
        return Some(Decision::one((first.0, first.1), Why::Rule));
    }
    let total = rest.iter().try_fold(first.2, |total, (_, _, number)| total.checked_add(*number))?;
    let text = total.to_string();
    // A sum of texts stays a text, because contacts from tables hold texts only.
    let are_texts = numbers.iter().all(|(_, value, _)| matches!(value, Value::Text(_)));
    let value = if are_texts { Value::Text(text) } else { Value::Number(Number::parse(&text)?) };
    Some(Decision::made(value, numbers.into_iter().map(|(place, _, _)| place).collect()))
}

/// Joins texts in precedence, each part once. Texts are split at the separator first, so that parts of a text that was
/// joined before are not repeated.
fn join(full: &[Candidate<'_>], separator: &str) -> Decision {
    let (mut parts, mut from): (Vec<&str>, Vec<usize>) = (Vec::new(), Vec::new());
    for (place, value) in full {
        let Some(text) = value.as_written() else { continue };
        let known = parts.len();
        for part in text.split(separator) {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        if parts.len() > known {
            from.push(*place);
        }
    }
    let joined = parts.join(separator);
    let own = full.iter().find(|(_, value)| parts.is_empty() || value.as_written() == Some(&joined));
    match own {
        Some(own) if parts.is_empty() => Decision::one(*own, Why::Precedence),
        Some(own) => Decision::one(*own, Why::Rule),
        None => Decision::made(Value::Text(joined), from),
    }
}

fn disagree<Id: ContactId>(field: &Field, full: &[Candidate<'_>], contacts: &Participants<'_, Id>) -> MergeError<Id> {
    let mut values: Vec<ContactValue<Id>> = Vec::new();
    for (place, value) in full {
        if !values.iter().any(|known| known.value == **value) {
            values.push(ContactValue { contact: contacts.at(*place).id.clone(), value: (*value).clone() });
        }
    }
    MergeError::Disagree { field: field.clone(), values }
}
