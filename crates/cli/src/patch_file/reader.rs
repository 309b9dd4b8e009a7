//! Reads files of patches, which are untrusted.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use onefold::Contact;
use onefold::patch::PatchText;
use onefold_files::{Format, Input, InputShape, LineEnd, Mapping, Options, ZeroIds, like};
use rayon::prelude::*;
use serde::Deserialize;

use crate::failure::Failure;
use crate::patch_file::form::{FormatForm, HeaderForm, LineEndForm, PatchFileMerge, VERSION};
use crate::patch_file::merge_run::{FileMerge, MergeRun, Original};

/// How many merges a thread reads together.
const MERGES: usize = 64;

/// How many lines are in memory at a time.
const LINES: usize = 32 * MERGES;

/// Returns the runs of a file of patches, in their order. The rows of its merges and the texts of its patches stay in memory. O(n).
///
/// # Errors
/// The file cannot be read, is of a later release, was cut off or altered, or contradicts itself.
pub fn read(path: &Path) -> Result<Vec<MergeRun>, Failure> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
    let mut lines = NumberedLines { file: BufReader::new(file), name: &name, number: 0 };
    let mut runs = Vec::new();
    while let Some((number, line)) = lines.next()? {
        let fault = |what: &dyn fmt::Display| Failure::Input(format!("{name}:{number}: {what}"));
        let header = header(&line).map_err(|what| fault(&what))?;
        let merges = header.merges;
        let mut run = run(header).map_err(|what| fault(&what))?;
        let mut places = RowPlaces::default();
        let readers = Rereaders::default();
        let mut block = lines.block(LINES.min(merges))?;
        while run.merges.len() < merges {
            if block.is_empty() {
                let count = run.merges.len();
                let what = format!("the file was cut off: {count} of the {merges} merges of the run are there");
                return Err(fault(&what));
            }
            let left = merges - run.merges.len() - block.len();
            let (next, read) = rayon::join(|| lines.block(LINES.min(left)), || readers.merges(&run, &block));
            let read = read.map_err(|what| fault(&what))?;
            for ((number, _), merged) in block.iter().zip(read) {
                let checked = merged.and_then(|merged| places.add(&run.merges, &merged).map(|()| merged));
                run.merges.push(checked.map_err(|what| Failure::Input(format!("{name}:{number}: {what}")))?);
            }
            block = next?;
        }
        runs.push(run);
    }
    if runs.is_empty() {
        Err(Failure::Input(format!("{name} is not a file of patches: it is empty")))
    } else {
        Ok(runs)
    }
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::InvalidData => Failure::Input(format!("{name} is not a file of patches: it is not UTF-8")),
        _ => Failure::Input(format!("cannot read {name}: {error}")),
    }
}

/// The lines of a file of patches with their numbers, without the blank ones.
struct NumberedLines<'a> {
    file: BufReader<File>,
    name: &'a str,
    number: usize,
}

impl NumberedLines<'_> {
    fn next(&mut self) -> Result<Option<(usize, String)>, Failure> {
        loop {
            let mut line = String::new();
            if self.file.read_line(&mut line).map_err(|error| unreadable(self.name, &error))? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if !line.trim().is_empty() {
                return Ok(Some((self.number, line)));
            }
        }
    }

    /// Returns the next lines, at most `limit`.
    fn block(&mut self, limit: usize) -> Result<Vec<(usize, String)>, Failure> {
        let mut block = Vec::new();
        while block.len() < limit {
            let Some(line) = self.next()? else { break };
            block.push(line);
        }
        Ok(block)
    }
}

#[derive(Deserialize)]
struct PatchFileVersion {
    onefold_patches: u64,
}

fn header(line: &str) -> Result<HeaderForm, String> {
    match serde_json::from_str::<PatchFileVersion>(line) {
        Ok(PatchFileVersion { onefold_patches: VERSION }) => {}
        Ok(PatchFileVersion { onefold_patches: version }) => {
            return Err(format!("version {version} of the file is not known; this release reads version {VERSION}"));
        }
        Err(_) => return Err("here the header of a run of merge should stand".to_owned()),
    }
    serde_json::from_str(line).map_err(|_| "the header of the run is damaged".to_owned())
}

fn run(header: HeaderForm) -> Result<MergeRun, String> {
    let format = match header.format {
        FormatForm::Csv => Format::Csv,
        FormatForm::Jsonl => Format::JsonLines,
        FormatForm::Vcard => Format::VCard,
    };
    let line_end = match header.line_end {
        LineEndForm::Lf => LineEnd::Feed,
        LineEndForm::Cr => LineEnd::Return,
    };
    let map = header.map.iter().map(|mapping| mapping.parse::<Mapping>()).collect::<Result<_, _>>();
    let map = map.map_err(|error| error.to_string())?;
    let zero_ids = if header.zeros_are_no_ids { ZeroIds::Placeholders } else { ZeroIds::default() };
    let options = Options {
        format: Some(format),
        map,
        workspace_column: header.workspace_column,
        identifiers: header.identifiers,
        zero_ids,
        ..Options::default()
    };
    Ok(MergeRun {
        shape: InputShape::new(format, header.header.map(|bytes| bytes.0).unwrap_or_default(), line_end),
        options,
        read: header.read,
        written: header.written,
        merges: Vec::new(),
    })
}

/// Readers of the rows of a run, for threads to use again: reading the header is as costly as reading several merges.
#[derive(Default)]
struct Rereaders(Mutex<Vec<Rereader>>);

impl Rereaders {
    /// Returns the merges of some lines, or what is wrong with each, in their order. Reads them on all cores.
    ///
    /// # Errors
    /// The rows of the run cannot be read by its options.
    fn merges(&self, run: &MergeRun, lines: &[(usize, String)]) -> Result<Vec<Result<FileMerge, String>>, String> {
        let read = |lines: &[(usize, String)]| -> Result<Vec<Result<FileMerge, String>>, String> {
            let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let new =
                || like(&run.shape, &run.options).map(|input| Rereader { input }).map_err(|error| error.to_string());
            let mut reader = free.map_or_else(new, Ok)?;
            let merges = lines.iter().map(|(_, line)| reader.merged(line)).collect();
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
            Ok(merges)
        };
        let read: Vec<Vec<_>> = lines.par_chunks(MERGES).map(read).collect::<Result<_, String>>()?;
        Ok(read.into_iter().flatten().collect())
    }
}

/// The merges of a run by the places of their rows, of which each has one row.
#[derive(Default)]
struct RowPlaces(HashMap<usize, usize>);

impl RowPlaces {
    /// Adds the places of the merge that comes after `merges`.
    fn add(&mut self, merges: &[FileMerge], merged: &FileMerge) -> Result<(), String> {
        for original in merged.rows() {
            let place = original.place;
            if let Some(other) = self.0.insert(place, merges.len()) {
                let other = merges.get(other).unwrap_or(merged).rows().find(|other| other.place == place);
                let other = other.map_or("", |other| &other.contact);
                return Err(format!("the rows of contacts {other:?} and {:?} are in the same place", original.contact));
            }
        }
        Ok(())
    }
}

/// Reads merges, and checks their rows against their patches.
struct Rereader {
    input: Input,
}

impl Rereader {
    fn merged(&mut self, line: &str) -> Result<FileMerge, String> {
        let form: PatchFileMerge =
            serde_json::from_str(line).map_err(|_| "the line of the merge was cut off or damaged".to_owned())?;
        let json = Box::<str>::from(form.patch);
        let mut merged = FileMerge {
            id: form.merge.into(),
            workspace: None,
            survivor: form.survivor.into(),
            written: form.written.0,
            retired: form.retired.into_iter().map(Original::from).collect(),
            patch: json,
        };
        if !self.is_of_rows(&mut merged) {
            self.compare(&mut merged)?;
        }
        match self.reread(&merged.written, &merged.survivor.contact) {
            Some(written) if written.id == merged.survivor.contact => Ok(merged),
            _ => Err("the written row does not belong to the survivor".to_owned()),
        }
    }

    /// Returns true, with the workspace set, if the patch has the contacts of the rows in the words of this release. Otherwise it
    /// must be read.
    fn is_of_rows(&mut self, merged: &mut FileMerge) -> bool {
        let Some(patch) = PatchText::of(&merged.patch) else { return false };
        let contacts = merged.rows().map(|row| self.reread(&row.bytes, &row.contact));
        let contacts: Option<Vec<Contact<String>>> = contacts.collect();
        let contacts = contacts.unwrap_or_default();
        let is_of_rows = contacts.split_first().is_some_and(|(survivor, retired)| {
            let has_ids = contacts.iter().zip(merged.rows()).all(|(contact, row)| contact.id == row.contact);
            has_ids && patch.is_of(survivor, &retired.iter().collect::<Vec<_>>())
        });
        if !(is_of_rows && patch.is_merge() && *patch.merge_id() == *merged.id) {
            return false;
        }
        merged.workspace = patch.workspace().map(Box::from);
        true
    }

    /// Compares the rows of a merge with the images of its patch, and sets the workspace.
    fn compare(&mut self, merged: &mut FileMerge) -> Result<(), String> {
        let patch = merged.patch().map_err(|error| error.to_string())?;
        let is_of_rows = patch.participants().eq(merged.rows().map(|row| &row.contact));
        if patch.is_inverse() || *patch.merge_id() != *merged.id || !is_of_rows {
            return Err("the line contradicts its patch".to_owned());
        }
        let images = std::iter::once(patch.survivor_unmerged()).chain(patch.retired());
        for (image, original) in images.zip(merged.rows()) {
            if self.reread(&original.bytes, &original.contact).is_none_or(|contact| contact != *image) {
                return Err(format!("the row of contact {:?} does not match its patch", original.contact));
            }
        }
        merged.workspace = patch.workspace().map(Box::from);
        Ok(())
    }

    /// Returns the contact of a row, under `id` if its own is generated.
    fn reread(&mut self, bytes: &[u8], id: &str) -> Option<Contact<String>> {
        let row = self.input.reread(bytes)?;
        Some(crate::input::row_text::named(row, id))
    }
}
