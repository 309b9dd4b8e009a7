//! The order of the groups of a scan, which is that of their suggestions.

use onefold::bulk::BulkGroups;
use rayon::prelude::*;

use crate::scan::group_rows::GroupRows;

/// How many groups one thread looks up the names of at a time.
const NAMED_TOGETHER: usize = 256;

/// A group with its sort key: its workspace and its smallest id, whose first bytes are compared first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortedGroup<'a> {
    /// The workspace of its members.
    pub workspace: Option<&'a str>,
    first: u64,
    id: &'a str,
    /// The numbers of its members.
    pub group: &'a [u32],
}

impl<'a> SortedGroup<'a> {
    /// Returns the group with its sort key. The ids of all groups have the first `shared` bytes in common.
    fn new(workspace: Option<&'a str>, id: &'a str, shared: usize, group: &'a [u32]) -> Self {
        let mut first = [0; 8];
        let rest = id.as_bytes().get(shared..).unwrap_or_default();
        first.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        Self { workspace, first: u64::from_be_bytes(first), id, group }
    }
}

/// Returns the groups in the order of their suggestions.
pub fn sorted<'a>(groups: &'a BulkGroups, rows: &'a GroupRows) -> Vec<SortedGroup<'a>> {
    let groups: Vec<&[u32]> = groups.iter().collect();
    let first_names = |groups: &[&[u32]]| {
        let mut names = rows.names(groups.iter().copied().flatten().copied()).into_iter();
        let first = |group: &&[u32]| names.by_ref().take(group.len()).min().unwrap_or_default();
        groups.iter().map(first).collect::<Vec<_>>()
    };
    let names: Vec<(Option<&str>, &str)> = groups.par_chunks(NAMED_TOGETHER).flat_map_iter(first_names).collect();
    let one = names.first().map_or("", |(_, id)| id);
    let same = |(_, id): &(Option<&str>, &str)| id.bytes().zip(one.bytes()).take_while(|(a, b)| a == b).count();
    let shared = names.par_iter().map(same).min().unwrap_or_default();
    let mut sorted: Vec<SortedGroup<'_>> = names
        .into_par_iter()
        .zip(groups)
        .map(|((workspace, id), group)| SortedGroup::new(workspace, id, shared, group))
        .collect();
    sorted.par_sort_unstable();
    sorted
}

/// Returns the groups in batches of up to `size` groups of one workspace.
pub fn batches<'a, 'b>(sorted: &'b [SortedGroup<'a>], size: usize) -> Vec<&'b [SortedGroup<'a>]> {
    sorted.chunk_by(|a, b| a.workspace == b.workspace).flat_map(|of_one| of_one.chunks(size)).collect()
}
