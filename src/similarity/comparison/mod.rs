//! From two comparable forms to the level of each field: exact, near, different, and what lies between.

mod names;
mod outcome;
mod places;
mod values;

pub(crate) use names::are_alike;
pub(crate) use names::{family, given};
pub(crate) use outcome::Outcome;
pub(crate) use values::{email, phone};

use crate::similarity::comparable::{ComparableRow, Texts};

/// Compares two contacts. Cost: O(v) in the length of their values, and O(p^2) for p phones or emails, at most eight.
pub(crate) fn compare(texts: &Texts, a: &ComparableRow, b: &ComparableRow) -> Outcome {
    let mut outcome = Outcome::default();
    // One order for both, so that a pair has one comparison.
    let (a, b) = if a.content <= b.content { (a, b) } else { (b, a) };
    names::compare(texts, a, b, &mut outcome);
    values::compare_birth_dates(a, b, &mut outcome);
    values::compare_emails(texts, a, b, &mut outcome);
    values::compare_phones(texts, a, b, &mut outcome);
    values::compare_identifiers(texts, a, b, &mut outcome);
    values::compare_gender(a, b, &mut outcome);
    places::compare_companies(texts, a, b, &mut outcome);
    places::compare_streets(texts, a, b, &mut outcome);
    places::compare_places(texts, a, b, &mut outcome);
    outcome
}
