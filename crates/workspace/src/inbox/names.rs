//! The names that users give: to tags, segments, custom fields and channel accounts.

use crate::WorkspaceError;

/// How many bytes a name may have: that of a tag, a segment, a custom field or a channel account.
pub const MAX_NAME_BYTES: usize = 256;

/// The name without white space around it. `what` says in an error what has it.
pub(crate) fn checked<Id>(name: &str, what: &'static str) -> Result<Box<str>, WorkspaceError<Id>> {
    let name = name.trim();
    if name.is_empty() || name.len() > MAX_NAME_BYTES || name.contains(char::is_control) {
        Err(WorkspaceError::BadName { what, limit: MAX_NAME_BYTES })
    } else {
        Ok(name.into())
    }
}
