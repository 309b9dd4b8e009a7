//! The first line of a workspace's text.

use serde::{Deserialize, Serialize};

use crate::settings::Settings;

/// The first line: the settings, and how many lines of each kind follow.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    pub(crate) onefold_workspace: u32,
    pub(crate) settings: Settings,
    pub(crate) next_event: u64,
    pub(crate) contacts: usize,
    pub(crate) merged_away: usize,
    pub(crate) deleted: usize,
    pub(crate) merges: usize,
    #[serde(rename = "verdicts")]
    pub(crate) distinct_pairs: usize,
    pub(crate) events: usize,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) inbox: usize,
}

#[derive(Deserialize)]
struct StateVersion {
    onefold_workspace: u32,
}

/// The version that a line says its rows are of, if it says one.
pub(crate) fn version_of(line: &str) -> Option<u32> {
    serde_json::from_str(line).ok().map(|StateVersion { onefold_workspace }| onefold_workspace)
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}
