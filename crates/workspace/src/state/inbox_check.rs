//! Whether rows around the contacts that came from outside agree with one another.

use crate::inbox::filter::Filter;
use crate::rows::inbox::Deletion;
use crate::rows::tables::Tables;
use crate::state::check::{MAX_NUMBER, TOO_LARGE};
use onefold::contact::ContactId;

/// What is wrong with the rows, if anything is. O(n).
pub(crate) fn fault<Id: ContactId>(tables: &Tables<Id>) -> Option<&'static str> {
    let counts = tables.deletions.rows().iter().all(|(number, deletion)| {
        let left = tables.to_delete.rows_of(*number).count();
        if deletion.is_stopped { left == 0 } else { left_of(deletion) == Some(left) }
    });
    row_fault(tables).or_else(|| (!counts).then_some(MISCOUNTED))
}

/// The same for rows of which others may be missing.
pub(crate) fn part_fault<Id: ContactId>(tables: &Tables<Id>) -> Option<&'static str> {
    let counts = tables.deletions.rows().iter().all(|(number, deletion)| {
        let left = tables.to_delete.rows_of(*number).count();
        if deletion.is_stopped { left == 0 } else { left_of(deletion) >= Some(left) }
    });
    row_fault(tables).or_else(|| (!counts).then_some(MISCOUNTED))
}

const MISCOUNTED: &str = "a deletion does not count its contacts";

/// How many contacts a deletion has not come to yet, by its own count.
fn left_of(deletion: &Deletion) -> Option<usize> {
    deletion.total.checked_sub(deletion.deleted)?.checked_sub(deletion.skipped)
}

fn row_fault<Id: ContactId>(tables: &Tables<Id>) -> Option<&'static str> {
    if !tables.segments.rows().values().all(Filter::is_within_limits) {
        return Some("a filter is larger than a filter may be");
    }
    if tables.deletions.rows().keys().any(|number| *number > MAX_NUMBER) {
        return Some(TOO_LARGE);
    }
    if tables.to_delete.rows().keys().any(|(number, _)| !tables.deletions.rows().contains_key(number)) {
        return Some("a contact waits for a deletion that there is not");
    }
    None
}
