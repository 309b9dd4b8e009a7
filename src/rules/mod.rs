//! From a suggestion and its contacts to whether they may be merged without a look.
//!
//! A key says that two records have something in common, not that they are one person: a household has a phone, and a man
//! and his wife have records of their own and sometimes one for both. So a merge that nobody looks at needs a key that
//! every two members share, and nothing that tells two of them apart. Rules judge whole suggestions, never parts of one.

mod agreement;
mod birth_date;
mod judge;
mod name;
mod word;

pub use judge::{Judgement, ReviewReason, judge};
