//! Reads files of patches, which are untrusted.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use onefold::{Contact, Patch};
use onefold_files::{Format, Input, InputShape, LineEnd, Mapping, Options, ZeroIds, like};
use rayon::prelude::*;
use serde::Deserialize;

use crate::failure::Failure;
use crate::patch_file::form::{FormatForm, HeaderForm, LineEndForm, PatchFileMerge, VERSION};
use crate::patch_file::merge_run::{FileMerge, MergeRun, Original};

/// How many merges a thread reads together.
const MERGES: usize = 256;

/// Returns the runs of a file of patches, in their order.
///
/// # Errors
/// The file cannot be read, is of a later release, was cut off or altered, or contradicts itself.
pub fn read(path: &Path) -> Result<Vec<MergeRun>, Failure> {
    let name = path.display().to_string();
    let text = std::fs::read(path).map_err(|error| Failure::Input(format!("cannot read {name}: {error}")))?;
    let Ok(text) = String::from_utf8(text) else {
        return Err(Failure::Input(format!("{name} is not a file of patches: it is not UTF-8")));
    };
    let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let mut runs = Vec::new();
    while let Some((number, line)) = lines.next() {
        let fault = |what: &dyn fmt::Display| Failure::Input(format!("{name}:{number}: {what}"));
        let header = header(line).map_err(|what| fault(&what))?;
        let merges = header.merges;
        let mut run = run(header).map_err(|what| fault(&what))?;
        let of_run: Vec<(usize, &str)> = lines.by_ref().take(merges).collect();
        let read = read_merges(&run, &of_run).map_err(|what| fault(&what))?;
        let mut places = RowPlaces::default();
        for ((number, _), merged) in of_run.iter().zip(read) {
            let checked = merged.and_then(|merged| places.add(&merged).map(|()| merged));
            run.merges.push(checked.map_err(|what| Failure::Input(format!("{name}:{number}: {what}")))?);
        }
        if of_run.len() < merges {
            let count = of_run.len();
            let what = format!("the file was cut off: {count} of the {merges} merges of the run are there");
            return Err(fault(&what));
        }
        runs.push(run);
    }
    if runs.is_empty() {
        Err(Failure::Input(format!("{name} is not a file of patches: it is empty")))
    } else {
        Ok(runs)
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

/// Returns the merges of a run, or what is wrong with each, in their order. Reads them on all cores.
///
/// # Errors
/// The rows of the run cannot be read by its options.
fn read_merges(run: &MergeRun, lines: &[(usize, &str)]) -> Result<Vec<Result<FileMerge, String>>, String> {
    let read = |lines: &[(usize, &str)]| -> Result<Vec<Result<FileMerge, String>>, String> {
        let mut reader = Rereader { input: like(&run.shape, &run.options).map_err(|error| error.to_string())? };
        Ok(lines.iter().map(|(_, line)| reader.merged(line)).collect())
    };
    let read: Vec<Vec<_>> = lines.par_chunks(MERGES).map(read).collect::<Result<_, String>>()?;
    Ok(read.into_iter().flatten().collect())
}

/// The rows of a run by their places, of which each has one row.
#[derive(Default)]
struct RowPlaces(BTreeMap<usize, String>);

impl RowPlaces {
    fn add(&mut self, merged: &FileMerge) -> Result<(), String> {
        for (id, original) in merged.rows() {
            if let Some(other) = self.0.insert(original.place, id.to_owned()) {
                return Err(format!("the rows of contacts {other:?} and {id:?} are in the same place"));
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
        let patch = Patch::<String>::from_json(form.patch.get()).map_err(|error| error.to_string())?;
        let contacts: Vec<&String> =
            std::iter::once(&form.survivor).chain(&form.retired).map(|row| &row.contact).collect();
        if patch.is_inverse() || patch.merge_id() != form.merge || !patch.participants().eq(contacts) {
            return Err("the line contradicts its patch".to_owned());
        }
        let retired = form.retired.into_iter().map(Original::from).collect();
        let merged = FileMerge { patch, survivor: form.survivor.into(), written: form.written.0, retired };
        let images = std::iter::once(merged.patch.survivor_unmerged()).chain(merged.patch.retired());
        for (image, (id, original)) in images.zip(merged.rows()) {
            if self.reread(&original.bytes, image).is_none_or(|contact| contact != *image) {
                return Err(format!("the row of contact {id:?} does not match its patch"));
            }
        }
        match self.reread(&merged.written, merged.patch.survivor_merged()) {
            Some(written) if written.id == *merged.patch.survivor_id() => Ok(merged),
            _ => Err("the written row does not belong to the survivor".to_owned()),
        }
    }

    /// Returns the contact of a row, under the id of `image` if that was generated.
    fn reread(&mut self, bytes: &[u8], image: &Contact<String>) -> Option<Contact<String>> {
        let row = self.input.reread(bytes)?;
        Some(crate::input::row_text::named(row, &image.id))
    }
}
