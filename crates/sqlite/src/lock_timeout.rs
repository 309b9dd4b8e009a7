//! The time that one connection waits for another.

use std::time::Duration;

/// The time that a writer waits for a reader that is opening or closing the database.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
