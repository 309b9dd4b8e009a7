//! The files that paths lead to.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use crate::failure::Failure;

/// The number of symbolic links that are followed, as in operating systems.
const MAX_LINKS: usize = 40;

/// Returns the target of a path through symbolic links; the last link may lead to no file.
pub fn followed(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(target) = fs::read_link(&path) else { break };
        path = match path.parent() {
            Some(folder) => folder.join(target),
            None => target,
        };
    }
    path
}

/// Returns true if the path names an open file of the program, such as `/dev/stdout`.
pub fn is_descriptor(path: &Path) -> bool {
    ["/dev/fd", "/proc/self/fd"].iter().any(|folder| path.starts_with(folder))
        || ["/dev/stdin", "/dev/stdout", "/dev/stderr"].iter().any(|name| path == Path::new(name))
}

/// Refuses to write to a file that is read, by any of its paths.
///
/// # Errors
/// `path` is one of `inputs`.
pub fn check_is_no_input(path: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    // A terminal is both read and written.
    let is_device = || fs::metadata(path).is_ok_and(|about| !about.is_file() && !is_pipe(&about));
    if inputs.iter().any(|input| is_same_file(path, input)) && !is_device() {
        Err(Failure::Usage(format!("{} is also the input, which is never replaced", path.display())))
    } else {
        Ok(())
    }
}

/// Refuses to write two outputs to one file. `what` names the two in the message.
///
/// # Errors
/// The paths lead to one file.
pub fn check_are_two(a: &Path, b: &Path, what: &str) -> Result<(), Failure> {
    if is_same_file(a, b) {
        Err(Failure::Usage(format!("{} and {} are one file, which cannot hold {what}", a.display(), b.display())))
    } else {
        Ok(())
    }
}

/// Returns the files of a database: the database itself and the files that SQLite and its lock put beside it.
pub fn database_files(database: &Path) -> Vec<PathBuf> {
    let beside = |ending: &str| {
        let mut name = OsString::from(database);
        name.push(ending);
        PathBuf::from(name)
    };
    let mut files = vec![database.to_owned()];
    files.extend(["-wal", "-shm", "-journal", "-writer"].map(beside));
    files
}

/// Returns true if two paths lead to one file, or may do so on a file system that ignores case.
fn is_same_file(a: &Path, b: &Path) -> bool {
    if [a, b].iter().any(|path| path.as_os_str() == "-") {
        return false;
    }
    match (fs::metadata(a), fs::metadata(b)) {
        (Ok(of_a), Ok(of_b)) => is_one(&of_a, &of_b) || canonical(a) == canonical(b),
        (Err(_), Err(_)) => {
            let (a, b) = (followed(a), followed(b));
            canonical(folder_of(&a)) == canonical(folder_of(&b)) && folded_name(&a) == folded_name(&b)
        }
        _ => false,
    }
}

/// Returns the folder of a file.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Returns true if two names of new files differ only in case or in the Unicode form of their accents.
fn folded_name(path: &Path) -> Option<String> {
    path.file_name().map(|name| name.to_string_lossy().to_lowercase().nfc().collect())
}

#[cfg(unix)]
fn is_one(a: &fs::Metadata, b: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn is_one(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    false
}

#[cfg(unix)]
fn is_pipe(about: &fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    about.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_pipe(_: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_not_there_are_compared_by_folder_and_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("inner")).expect("a folder");
        for (a, b, is_same) in [
            ("o.csv", "./o.csv", true),
            ("o.csv", "inner/../o.csv", true),
            ("o.csv", "O.CSV", true),
            ("\u{e9}.csv", "e\u{301}.csv", true),
            ("o.csv", "inner/o.csv", false),
            ("o.csv", "p.csv", false),
        ] {
            assert_eq!(is_same_file(&path(a), &path(b)), is_same, "{a} {b}");
        }
        assert!(!is_same_file(Path::new("-"), Path::new("-")));
    }

    #[cfg(unix)]
    #[test]
    fn links_mean_the_file_that_they_lead_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        std::os::unix::fs::symlink("later.csv", path("link")).expect("a link");
        std::os::unix::fs::symlink("link", path("link to it")).expect("a link");
        assert!(is_same_file(&path("link to it"), &path("later.csv")));
        fs::write(path("later.csv"), "").expect("a file");
        fs::hard_link(path("later.csv"), path("hard")).expect("a link");
        assert!(is_same_file(&path("link to it"), &path("hard")));
        assert!(!is_same_file(&path("hard"), &path("other")));
    }
}
