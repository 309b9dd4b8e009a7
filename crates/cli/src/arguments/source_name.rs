//! The name of the system that a file comes from, as `--source` gives it.

use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The system that a file comes from: `crm=contacts.csv`.
// Invariant: neither the name nor the path is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceName {
    name: String,
    file: PathBuf,
}

/// A text that is not of the form `NAME=FILE`.
#[derive(Debug, thiserror::Error)]
#[error("{text:?} names no source; write NAME=FILE")]
pub struct NotASource {
    text: String,
}

impl FromStr for SourceName {
    type Err = NotASource;

    fn from_str(text: &str) -> Result<Self, NotASource> {
        match text.split_once('=') {
            Some((name, file)) if !name.trim().is_empty() && !file.is_empty() => {
                Ok(Self { name: name.trim().to_owned(), file: file.into() })
            }
            _ => Err(NotASource { text: text.to_owned() }),
        }
    }
}

impl SourceName {
    /// Returns the name of the system.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the path of the file, as it was typed.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Returns true if `file` is the named file, by the same or by another path.
    pub fn is_of(&self, file: &Path) -> bool {
        self.file == file
            || self.file.canonicalize().is_ok_and(|own| file.canonicalize().is_ok_and(|other| own == other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_file_are_needed() {
        assert!("=a.csv".parse::<SourceName>().is_err() && "crm".parse::<SourceName>().is_err());
    }
}
