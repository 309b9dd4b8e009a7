//! Reading a workspace without write access to its database.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::StoreError;
use crate::file::DatabaseFile;
use crate::lock_timeout::PATIENCE;
use crate::rows::RowReader;
use crate::schema::{is_empty, known_version};

/// The number of attempts to read a database without its log while another process writes to it.
const TRIES: usize = 3;

/// Reads the last committed rows without creating, changing or locking a file.
///
/// If the log is empty, the file of the database is read without locks, and the result counts only if the file is the
/// same afterwards. A log with content needs SQLite's index of it, `NAME-shm`, which exists while a writer runs.
///
/// # Errors
/// - [`StoreError::Linked`] or [`StoreError::Failed`] if the file cannot be used.
/// - [`StoreError::Foreign`] or [`StoreError::NewerSchema`] if this release cannot read the database.
/// - [`StoreError::UnreadableLog`] if the log has content but its index cannot be created.
/// - Those of `rows`.
pub(crate) fn read<T>(path: &Path, rows: impl Fn(RowReader<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
    let file = DatabaseFile::at(path)?;
    for _ in 0..TRIES {
        let before = file.stamp()?;
        if before.has_log() {
            break;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let read = read_with(Connection::open_with_flags(immutable(file.path()), flags), &rows);
        if file.stamp()? == before {
            return read;
        }
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    read_with(Connection::open_with_flags(file.path(), flags), &rows)
}

fn read_with<T>(
    connection: rusqlite::Result<Connection>,
    rows: &impl Fn(RowReader<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let mut connection = connection?;
    connection.busy_timeout(PATIENCE)?;
    let transaction = connection.transaction()?;
    match is_empty(&transaction, known_version()) {
        Ok(false) => rows(RowReader::of(&transaction)?),
        Ok(true) => Err(StoreError::Foreign),
        Err(StoreError::Failed(error)) if is_without_index(&*error) => Err(StoreError::UnreadableLog),
        Err(error) => Err(error),
    }
}

/// Returns true if SQLite cannot create the index of a log.
fn is_without_index(error: &(dyn std::error::Error + 'static)) -> bool {
    let code = error.downcast_ref().and_then(rusqlite::Error::sqlite_error_code);
    matches!(code, Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

/// Returns the path as an SQLite URI of a file that does not change.
fn immutable(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    if cfg!(windows) {
        // `C:\folder` is `/C:/folder` in a URI. The prefix `\\?\` only allows long paths.
        let text = path.to_string_lossy().replace('\\', "/");
        uri.push('/');
        encode(text.trim_start_matches("//?/").as_bytes(), &mut uri);
    } else {
        encode(path.as_os_str().as_encoded_bytes(), &mut uri);
    }
    uri.push_str("?immutable=1");
    uri
}

/// Writes all bytes other than letters, digits and a few marks as `%XX`.
fn encode(bytes: &[u8], to: &mut String) {
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"/-_.:".contains(byte) {
            to.push(char::from(*byte));
        } else {
            write!(to, "%{byte:02X}").expect("a text can always be written to");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_part_of_the_uri_whatever_it_holds() {
        let uri = immutable(Path::new("/a b/c?mode=rw#d%20/\u{eb}.db"));
        assert_eq!(uri, "file:/a%20b/c%3Fmode%3Drw%23d%2520/%C3%AB.db?immutable=1");
    }
}
