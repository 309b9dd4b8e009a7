//! The names of tags, segments, custom fields and channel accounts.

use crate::WorkspaceError;

/// The limit of the name of a tag, a segment, a custom field or a channel account, in bytes.
pub const MAX_NAME_BYTES: usize = 256;

/// Returns the name without surrounding white space. `what` names its kind in an error.
///
/// # Errors
/// - [`WorkspaceError::BadName`] if the name is empty, too long or contains control characters.
pub(crate) fn checked<Id>(name: &str, what: &'static str) -> Result<Box<str>, WorkspaceError<Id>> {
    let name = name.trim();
    if name.is_empty() || name.len() > MAX_NAME_BYTES || name.contains(char::is_control) {
        Err(WorkspaceError::BadName { what, limit: MAX_NAME_BYTES })
    } else {
        Ok(name.into())
    }
}
