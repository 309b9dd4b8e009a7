//! The systems that files come from, whose names become prefixes of ids.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::arguments::source_name::SourceName;

/// Returns a message about the first name whose file is not one of `files`, or whose file has two names.
pub fn misplaced(files: &[PathBuf], names: &[SourceName]) -> Option<String> {
    names.iter().enumerate().find_map(|(place, source)| {
        let (name, file) = (source.name(), source.file());
        let shown = file.display();
        if !files.iter().any(|other| names[place].is_of(other)) {
            Some(format!("--source {name}={shown} names no file of this run"))
        } else if names[..place].iter().any(|before| before.is_of(file) && before.name() != name) {
            Some(format!("--source gives {shown} two names"))
        } else {
            None
        }
    })
}

/// Returns a message about two files of different sources whose prefixed ids could be equal. Files with the same [`SourceName`] are
/// one source on purpose.
pub fn mixed(files: &[PathBuf], names: &[SourceName]) -> Option<String> {
    let prefixes = id_prefixes(files, names);
    let is_named = |file: &Path| names.iter().any(|name| name.is_of(file));
    let all: Vec<(&PathBuf, &String)> =
        files.iter().zip(&prefixes).filter_map(|(file, prefix)| Some((file, prefix.as_ref()?))).collect();
    let is_mixed = |(file, name): &(&PathBuf, &String), (other, other_name): &(&PathBuf, &String)| {
        let is_same = name == other_name && is_named(file) != is_named(other);
        is_same || other_name.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(':'))
    };
    let found = all.iter().find_map(|one| all.iter().find(|other| is_mixed(one, other)).map(|other| (one, other)));
    found.map(|((file, name), (other, other_name))| {
        format!(
            "ids of {} and {} would begin with {name:?} and {other_name:?} and could be the same; give both another name with \
             --source NAME=FILE",
            file.display(),
            other.display()
        )
    })
}

/// Returns the id prefix of each file, in order: its given name, or else its file name if there are several files. `None` for a
/// single file without a name.
pub fn id_prefixes(files: &[PathBuf], names: &[SourceName]) -> Vec<Option<String>> {
    let given = |file: &Path| names.iter().find(|name| name.is_of(file)).map(|name| name.name().to_owned());
    let short = |file: &Path| {
        if file.as_os_str() == "-" {
            "stdin".to_owned()
        } else {
            file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned()
        }
    };
    let files_of = |name: &str| {
        let files = files.iter().filter(|file| short(file) == name && given(file).is_none());
        files.collect::<HashSet<_>>().len()
    };
    let own = |file: &Path| {
        let name = short(file);
        // The folders distinguish files of the same name.
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
    fn names_of_no_file_and_second_names_are_refused() {
        let misplaced = |files: &[&str], names: &[&str]| {
            let names: Vec<SourceName> = names.iter().map(|name| name.parse().expect("a source")).collect();
            super::misplaced(&files.iter().map(PathBuf::from).collect::<Vec<_>>(), &names)
        };
        assert_eq!(misplaced(&["a.csv"], &["crm=a.csv", "crm=a.csv"]), None);
        assert_eq!(
            misplaced(&["a.csv"], &["crm=b.csv"]).as_deref(),
            Some("--source crm=b.csv names no file of this run")
        );
        let two = misplaced(&["a.csv"], &["crm=a.csv", "shop=a.csv"]);
        assert_eq!(two.as_deref(), Some("--source gives a.csv two names"));
        // The same file by another path.
        let file = tempfile::NamedTempFile::new().expect("a file");
        let (folder, name) = (file.path().parent().expect("a folder"), file.path().file_name().expect("a name"));
        let other = folder.join(".").join(name).display().to_string();
        let path = file.path().display().to_string();
        assert_eq!(prefixes(&[path.as_str()], &[format!("crm={other}").as_str()]), [Some("crm".to_owned())]);
    }

    #[test]
    fn several_files_are_several_sources() {
        let some = |names: &[&str]| names.iter().map(|name| Some((*name).to_owned())).collect::<Vec<_>>();
        assert_eq!(prefixes(&["x/a.csv"], &[]), [None]);
        assert_eq!(prefixes(&["x/a.csv"], &["crm=x/a.csv"]), some(&["crm"]));
        assert_eq!(prefixes(&["x/a.csv", "b.csv", "-"], &["crm=b.csv"]), some(&["a.csv", "crm", "stdin"]));
        assert_eq!(prefixes(&["x/a.csv", "y/a.csv"], &[]), some(&["x/a.csv", "y/a.csv"]));
        assert_eq!(prefixes(&["a.csv", "a.csv"], &[]), some(&["a.csv", "a.csv"]));
    }
}
