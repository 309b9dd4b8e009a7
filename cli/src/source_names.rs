//! The systems that files come from: each has ids of its own.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Says which system a file comes from: `crm=contacts.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceName {
    name: String,
    file: PathBuf,
}

/// A text that names no source.
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

/// Returns what stands before the ids of each file, in their order: the name that it is given, or else the file's own if there
/// are several files. `None` for the only file of a run without a name.
pub fn id_prefixes(files: &[PathBuf], names: &[SourceName]) -> Vec<Option<String>> {
    let given = |file: &Path| names.iter().find(|name| name.file == file).map(|name| name.name.clone());
    let short = |file: &Path| match file.as_os_str() == "-" {
        true => "stdin".to_owned(),
        false => file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned(),
    };
    let files_of = |name: &str| {
        let files = files.iter().filter(|file| short(file) == name && given(file).is_none());
        files.collect::<HashSet<_>>().len()
    };
    let own = |file: &Path| {
        let name = short(file);
        // Files of one name in several folders are told apart by their folders.
        if files_of(&name) > 1 { file.display().to_string() } else { name }
    };
    let name = |file: &PathBuf| given(file).or_else(|| (files.len() > 1).then(|| own(file)));
    files.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefixes(files: &[&str], names: &[&str]) -> Vec<Option<String>> {
        let names: Vec<SourceName> = names.iter().map(|name| name.parse().expect("a source")).collect();
        id_prefixes(&files.iter().map(PathBuf::from).collect::<Vec<_>>(), &names)
    }

    #[test]
    fn several_files_are_several_sources() {
        let some = |names: &[&str]| names.iter().map(|name| Some((*name).to_owned())).collect::<Vec<_>>();
        assert_eq!(prefixes(&["x/a.csv"], &[]), [None]);
        assert_eq!(prefixes(&["x/a.csv"], &["crm=x/a.csv"]), some(&["crm"]));
        assert_eq!(prefixes(&["x/a.csv", "b.csv", "-"], &["crm=b.csv"]), some(&["a.csv", "crm", "stdin"]));
        assert_eq!(prefixes(&["x/a.csv", "y/a.csv"], &[]), some(&["x/a.csv", "y/a.csv"]));
        assert_eq!(prefixes(&["a.csv", "a.csv"], &[]), some(&["a.csv", "a.csv"]));
        assert!("=a.csv".parse::<SourceName>().is_err() && "crm".parse::<SourceName>().is_err());
    }
}
