//! Rules for merging without a review: from a suggestion and its contacts to a judgement.
//!
//! A shared key does not prove that two records are of one person: a household shares a phone, and a couple may have a
//! record each and sometimes one for both. An automatic merge therefore needs a key that every two members share, and
//! no difference between any two of them. Rules judge whole suggestions, never parts of one.

mod agreement;
mod judgement;

pub use judgement::{Judgement, ReviewReason, judge, judge_with};

use crate::contact::Field;
use crate::field_names::parts::part::birth_part;
use crate::person::person_name;

/// Returns true if [`judge`] compares the values of a field besides the first, last and display name: birth dates,
/// titles, middle names and suffixes. Cost: O(n) in the length of the field's name.
///
/// ```
/// use onefold::{Field, rules};
///
/// assert!(rules::compares(&Field::Other("Date of birth".into())));
/// assert!(!rules::compares(&Field::Other("Plan".into())));
/// ```
pub fn compares(field: &Field) -> bool {
    let (Field::Custom(label) | Field::Other(label)) = field else { return false };
    birth_part(label).is_some() || person_name::is_part_of_name(label)
}
