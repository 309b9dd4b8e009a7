//! Whether rows that came from outside agree with one another, so that no operation can trip over them.

use std::collections::BTreeSet;

use crate::filter::Filter;
use crate::rows::WorkspaceRows;
use crate::rows::contact_row::MergeRecord;
use crate::rows::inbox::Deletion;
use crate::rows::tables::Tables;
use onefold::contact::ContactId;
use onefold::distinct::Ancestry;

/// The greatest number that a row is given: there is room for more after it.
pub(crate) const MAX_NUMBER: u64 = 1 << 62;
pub(crate) const TOO_LARGE: &str = "a number is larger than any that is given";

/// What is wrong with the rows, if anything is. O(n log n).
pub(crate) fn fault<Id: ContactId>(rows: &WorkspaceRows<Id>) -> Option<&'static str> {
    let fault = row_fault(rows, LineageExtent::Whole).or_else(|| history_fault(rows, LineageExtent::Whole));
    fault.or_else(|| inbox_fault(rows.tables()))
}

/// What is wrong with rows of which others may be missing: those that only tell of contacts, and the merges of
/// contacts whose merges are not needed. O(n log n).
pub(crate) fn part_fault<Id: ContactId>(rows: &WorkspaceRows<Id>) -> Option<&'static str> {
    if let Some(what) = row_fault(rows, LineageExtent::Part) {
        return Some(what);
    }
    // Whoever follows what was merged away comes to a live contact.
    let away: usize = rows.contacts().keys().map(|id| rows.made_of(id).len() - 1).sum();
    if away != rows.tombstones().len() {
        return Some("a contact was merged into none that is live");
    }
    history_fault(rows, LineageExtent::Part).or_else(|| inbox_part_fault(rows.tables()))
}

/// Whether all rows are there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LineageExtent {
    Whole,
    Part,
}

fn row_fault<Id: ContactId>(rows: &WorkspaceRows<Id>, extent: LineageExtent) -> Option<&'static str> {
    let last_event = rows.events().last_key_value().map(|(number, _)| *number);
    if rows.newest_merges().next().map(|record| record.order).max(last_event) > Some(MAX_NUMBER) {
        return Some(TOO_LARGE);
    }
    let is_live = |id: &Id| rows.contacts().contains_key(id);
    let is_away = |id: &Id| rows.tombstones().contains_key(id);
    if rows.tombstones().keys().any(is_live) {
        return Some("a contact is live and was merged away");
    }
    if rows.deleted().keys().any(|id| is_live(id) || is_away(id)) {
        return Some("a contact is deleted and is not");
    }
    let is_there = |id: &Id| extent == LineageExtent::Part || is_live(id) || is_away(id);
    if rows.distinct_pairs().keys().any(|pair| !pair.ids().into_iter().all(is_there)) {
        return Some("a distinct pair is not of two contacts of the workspace");
    }
    if rows.contacts().values().any(|row| row.head.is_none() && !row.withdrawn.is_empty()) {
        return Some("a contact that survived no merge has withdrawn something since");
    }
    if rows.newest_merges().count() != rows.merges().len() {
        return Some("two merges have the same place in the history");
    }
    if rows.merges().values().any(|record| !is_whole(record)) {
        return Some("a merge does not agree with its patch");
    }
    None
}

fn is_whole<Id: ContactId>(record: &MergeRecord<Id>) -> bool {
    let are_in_order = record.retired.is_sorted_by(|a, b| a < b);
    let agrees = record.undo_record().is_none_or(|way| {
        way.patch.merge_id() == &*record.merge
            && !way.patch.is_inverse()
            && way.patch.participants().eq(record.participants())
            && way.heads.len() == record.retired.len() + 1
            && (way.withdrawn.is_empty() || way.withdrawn.len() == way.heads.len())
    });
    !record.retired.is_empty() && are_in_order && !record.retired.contains(&record.survivor) && agrees
}

/// Takes every merge that stands off the live contacts, the newest first, and sees whether that explains every id
/// that was merged away.
fn history_fault<Id: ContactId>(rows: &WorkspaceRows<Id>, extent: LineageExtent) -> Option<&'static str> {
    let mut to_take: Vec<(&Id, Option<&str>)> =
        rows.contacts().iter().map(|(id, row)| (id, row.head.as_deref())).collect();
    let (mut taken, mut explained) = (BTreeSet::new(), 0);
    while let Some((id, head)) = to_take.pop() {
        let Some(head) = head else { continue };
        if extent == LineageExtent::Part && rows.merge(head).is_none() {
            continue;
        }
        let record = rows.merge(head).filter(|record| record.undo_record().is_some() && record.survivor == *id);
        let Some(record) = record else { return Some("a contact survived a merge that does not stand") };
        if !taken.insert(head) || record.retired.iter().any(|id| rows.tombstones().get(id) != Some(&record.survivor)) {
            return Some("a merge has not retired its contacts");
        }
        explained += record.retired.len();
        to_take.extend(record.heads_before());
    }
    let standing = rows.merges().values().filter(|record| record.undo_record().is_some()).count();
    if standing == taken.len() && (extent == LineageExtent::Part || explained == rows.tombstones().len()) {
        None
    } else {
        Some("a contact was merged away by no merge")
    }
}

/// What is wrong with the rows around the contacts, if anything is. O(n).
fn inbox_fault<Id: ContactId>(tables: &Tables<Id>) -> Option<&'static str> {
    let counts = tables.deletions.rows().iter().all(|(number, deletion)| {
        let left = tables.to_delete.rows_of(*number).count();
        if deletion.is_stopped { left == 0 } else { left_of(deletion) == Some(left) }
    });
    inbox_row_fault(tables).or_else(|| (!counts).then_some(MISCOUNTED))
}

/// The same for rows of which others may be missing.
fn inbox_part_fault<Id: ContactId>(tables: &Tables<Id>) -> Option<&'static str> {
    let counts = tables.deletions.rows().iter().all(|(number, deletion)| {
        let left = tables.to_delete.rows_of(*number).count();
        if deletion.is_stopped { left == 0 } else { left_of(deletion) >= Some(left) }
    });
    inbox_row_fault(tables).or_else(|| (!counts).then_some(MISCOUNTED))
}

const MISCOUNTED: &str = "a deletion does not count its contacts";

/// How many contacts a deletion has not come to yet, by its own count.
fn left_of(deletion: &Deletion) -> Option<usize> {
    deletion.total.checked_sub(deletion.deleted)?.checked_sub(deletion.skipped)
}

fn inbox_row_fault<Id: ContactId>(tables: &Tables<Id>) -> Option<&'static str> {
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
