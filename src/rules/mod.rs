//! From a suggestion and its contacts to whether they may be merged without a look.
//!
//! A key says that two records have something in common, not that they are one person: a household has a phone, and a man
//! and his wife have records of their own and sometimes one for both. So a merge that nobody looks at needs a key that
//! every two members share, and nothing that tells two of them apart. Rules judge whole suggestions, never parts of one.

mod agreement;
mod birth_date;
mod judgement;
mod name_words;
mod person_name;

pub use judgement::{Judgement, ReviewReason, judge};

use crate::contact::Field;
use crate::field_names::parts::part::birth_part;

/// Returns true if [`judge`] compares the values of a field beside the first, the last and the display name: of birth dates, and of
/// titles, middle names and suffixes. O(n) for the length of its name.
///
/// ```
/// use onefold::{Field, rules};
///
/// assert!(crate::rules::compares(&Field::Other("Date of birth".into())));
/// assert!(!crate::rules::compares(&Field::Other("Plan".into())));
/// ```
pub fn compares(field: &Field) -> bool {
    let (Field::Custom(label) | Field::Other(label)) = field else { return false };
    birth_part(label).is_some() || person_name::is_part_of_name(label)
}
