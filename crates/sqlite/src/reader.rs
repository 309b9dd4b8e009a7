//! A workspace of a database that is only read.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::StoreError;
use crate::file::DatabaseFile;
use crate::patience::PATIENCE;
use crate::rows::RowReader;
use crate::schema::{is_empty, known_version};

/// How often a database is read that somebody writes to meanwhile, before its log is made use of.
const TRIES: usize = 3;

/// Reads the rows that were committed last, and changes nothing: no file is made, written or locked against a writer.
///
/// Where nothing is in the log, the file of the database is all there is, and is read as it stands, without locks; it counts
/// if the file is the same afterwards. A log that holds something needs SQLite's own index of it, `NAME-shm`, which is there
/// as long as a writer runs.
///
/// # Errors
/// What the database cannot be read for.
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
        Ok(false) => rows(RowReader::of(&transaction)),
        Ok(true) => Err(StoreError::Foreign),
        Err(StoreError::Failed(error)) if is_without_index(&*error) => Err(StoreError::UnreadableLog),
        Err(error) => Err(error),
    }
}

/// Returns true if SQLite cannot make the index of a log.
fn is_without_index(error: &(dyn std::error::Error + 'static)) -> bool {
    let code = error.downcast_ref().and_then(rusqlite::Error::sqlite_error_code);
    matches!(code, Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

/// The path as a URI of SQLite, of a file that nobody changes.
fn immutable(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    if cfg!(windows) {
        // `C:\folder` is `/C:/folder`; `\\?\` before it only matters for the length.
        let text = path.to_string_lossy().replace('\\', "/");
        uri.push('/');
        encode(text.trim_start_matches("//?/").as_bytes(), &mut uri);
    } else {
        encode(path.as_os_str().as_encoded_bytes(), &mut uri);
    }
    uri.push_str("?immutable=1");
    uri
}

/// Writes all bytes but letters, digits and a few marks as `%XX`.
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
