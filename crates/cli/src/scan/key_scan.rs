//! The first pass over the files of a run: the keys of all contacts, numbered over all files, and the groups among them.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use onefold::bulk::BulkGroups;
use onefold::{Bulk, Reason, Rules};
use onefold_files::scan::{LinePrefixes, ScannedChunk, ScannedFile};
use onefold_files::{InputError, InputSource, LineEnd, Problem};
use rayon::prelude::*;

use crate::arguments::input::InputArguments;
use crate::failure::Failure;
use crate::input::{rows, source_names};
use crate::report::Report;
use crate::scan::chunk_keys::{ChunkKeys, ChunkReader, ProblemKind, line_count};
use crate::scan::row_ids::{self, ChunkIds, RowIds};

/// The largest number of bytes that one thread reads at a time, unless a record is longer.
pub const CHUNK_BYTES: usize = 4 << 20;

/// The files of a run after the first pass.
pub struct KeyScan {
    /// The files, in the order of the command line.
    pub files: Vec<FileScan>,
    /// The chunks of all files, in order.
    pub chunks: Vec<NumberedChunk>,
    /// The groups of contact numbers.
    pub groups: BulkGroups,
    /// The contacts whose ids an earlier contact has, in order. They are in no group.
    pub duplicates: Vec<u32>,
    /// The number of contacts, duplicates included.
    pub contacts: usize,
}

/// A file of a run.
pub struct FileScan {
    /// The file.
    pub file: ScannedFile,
    // The prefix of each id, from the name of the source.
    id_prefix: String,
    // The texts before and after the line number in a generated id.
    line_prefix: String,
    line_suffix: String,
}

/// A chunk of one of the files.
pub struct NumberedChunk {
    /// The number of its file.
    pub file: usize,
    /// The chunk with the keys of its contacts.
    pub chunk: ScannedChunk<ChunkKeys>,
    /// The number of its first contact.
    pub first_contact: u32,
    // The number of rows and other lines of the file before it.
    places_before: u64,
}

/// How the rows of files are read and which contacts their keys join.
#[derive(Clone, Copy)]
pub struct ScanSettings<'a> {
    /// How files and values are read.
    pub input: &'a InputArguments,
    /// Which contacts are joined.
    pub rules: Rules,
    /// The size of a chunk.
    pub chunk_bytes: usize,
}

impl FileScan {
    /// Returns the id of a contact: `given` in the row, or else made from the line of the row.
    pub fn id(&self, given: &str, line: u64) -> String {
        let mut id = String::new();
        self.push_id(given, line, &mut id);
        id
    }

    /// Appends the id of a contact to a text: `given` in the row, or else made from the line of the row.
    pub fn push_id(&self, given: &str, line: u64, to: &mut String) {
        to.push_str(&self.id_prefix);
        match given {
            "" => to.push_str(&format!("{}{line}{}", self.line_prefix, self.line_suffix)),
            given => to.push_str(given),
        }
    }

    /// Returns true if ids are those of the rows.
    pub fn keeps_ids(&self) -> bool {
        self.id_prefix.is_empty()
    }
}

impl NumberedChunk {
    /// Returns the keys of the chunk.
    pub fn keys(&self) -> &ChunkKeys {
        &self.chunk.value
    }

    /// Returns the line of a contact in the file, by its number in the chunk.
    pub fn line_of(&self, contact: u32) -> u64 {
        self.chunk.lines_before + self.keys().line_of(contact)
    }

    /// Returns the number of the first contact behind the chunk.
    pub fn end(&self) -> u32 {
        self.first_contact.saturating_add(self.keys().contacts())
    }

    /// Returns the number of rows and other lines of the file before a contact, by its number in the chunk.
    pub fn place_of(&self, contact: u32) -> u64 {
        self.places_before + self.keys().place_of(contact)
    }
}

impl KeyScan {
    /// Reads the keys of all files and finds the groups.
    ///
    /// # Errors
    /// A file cannot be used, or the options do not match the files.
    pub fn read(files: &[PathBuf], settings: ScanSettings<'_>) -> Result<Self, Failure> {
        let sources = &settings.input.values.source;
        let fault = source_names::misplaced(files, sources).or_else(|| source_names::mixed(files, sources));
        if let Some(what) = fault {
            return Err(Failure::Usage(what));
        }
        Self::read_checked(files, &source_names::id_prefixes(files, sources), settings, &|_| Ok(()))
    }

    /// Reads the keys of one file, whose ids are kept, and finds the groups. `check` sees the file before its rows are read.
    ///
    /// # Errors
    /// The file cannot be used, `check` refuses it, or the options do not match it.
    pub fn read_one(
        file: &Path,
        settings: ScanSettings<'_>,
        check: &dyn Fn(&ScannedFile) -> Result<(), Failure>,
    ) -> Result<Self, Failure> {
        Self::read_checked(&[file.to_owned()], &[None], settings, check)
    }

    fn read_checked(
        files: &[PathBuf],
        prefixes: &[Option<String>],
        settings: ScanSettings<'_>,
        check: &dyn Fn(&ScannedFile) -> Result<(), Failure>,
    ) -> Result<Self, Failure> {
        let ScanSettings { input, rules, chunk_bytes } = settings;
        let options = rows::options(input);
        let mut keys = Bulk::new(input.normalizer(), rules);
        let no_keys = keys.part();
        let progress = rows::progress();
        let mut scan = Scanning {
            reader: ChunkReader {
                keys: &no_keys,
                identifiers: &options.identifiers,
                reads_country: input.values.region_from_country,
                progress: &progress,
            },
            files: Vec::with_capacity(files.len()),
            chunks: Vec::new(),
        };
        // The ids of files of one source are compared.
        let mut ids: BTreeMap<Option<String>, RowIds> = BTreeMap::new();
        for (path, prefix) in files.iter().zip(prefixes) {
            let file = ScannedFile::open(&InputSource::from_argument(path), &options).map_err(rows::failure)?;
            check(&file)?;
            if let [_] = files
                && let Some(identifier) = file.impossible_identifier()
            {
                return Err(rows::nothing_has(identifier));
            }
            let start = || if file.has_plain_rows() { RowIds::new() } else { RowIds::collecting() };
            let ids = ids.entry(prefix.clone()).or_insert_with(start);
            scan.add(file, prefix.as_deref(), ids, chunk_bytes, &mut keys).map_err(rows::failure)?;
        }
        progress.finish_and_clear();
        scan.finish(prefixes, &ids, keys).map_err(rows::failure)
    }

    /// Returns the chunk of a contact, and its number in the chunk.
    pub fn chunk_of(&self, contact: u32) -> Option<(&NumberedChunk, u32)> {
        let next = self.chunks.partition_point(|chunk| chunk.first_contact <= contact);
        let chunk = self.chunks.get(next.checked_sub(1)?)?;
        Some((chunk, contact - chunk.first_contact))
    }

    /// Reports the problems of all files and rows in their order, and counts the contacts.
    ///
    /// # Errors
    /// A file cannot be read, no row could be used, or no row has an identifier of the command line.
    pub fn report(&self, report: &mut Report) -> Result<(), Failure> {
        let mut duplicates = self.duplicates.iter().copied().peekable();
        let mut lacking = rows::LackingIdentifiers::default();
        for (number, file) in self.files.iter().enumerate() {
            let name = file.file.name();
            for numbered in self.chunks.iter().filter(|chunk| chunk.file == number) {
                report_chunk(numbered, name, &mut duplicates, report);
            }
            for (line, problem) in file.file.problems().map_err(rows::failure)? {
                report.row_problem(name, line, &problem);
            }
            lacking.add(name, file.file.unseen_identifiers());
        }
        report.contacts += self.contacts - self.duplicates.len();
        lacking.report(self.files.len(), report)?;
        rows::check_fruits(report)
    }

    /// Checks that nobody has changed a file since it was opened.
    ///
    /// # Errors
    /// Somebody has.
    pub fn check_unchanged(&self) -> Result<(), Failure> {
        self.files.iter().try_for_each(|file| file.file.check_unchanged()).map_err(rows::failure)
    }

    /// Returns how many values of all contacts gave no key, by the reason.
    pub fn rejections(&self) -> BTreeMap<Reason, usize> {
        let mut rejections: BTreeMap<Reason, usize> = BTreeMap::new();
        for (reason, count) in self.chunks.iter().flat_map(|numbered| &numbered.keys().rejections) {
            *rejections.entry(*reason).or_default() += count;
        }
        rejections
    }
}

/// A scan that is under way.
struct Scanning<'a> {
    reader: ChunkReader<'a>,
    files: Vec<FileScan>,
    chunks: Vec<NumberedChunk>,
}

impl Scanning<'_> {
    /// Reads the chunks of a file and appends their keys.
    fn add(
        &mut self,
        mut file: ScannedFile,
        id_prefix: Option<&str>,
        ids: &RowIds,
        chunk_bytes: usize,
        keys: &mut Bulk,
    ) -> Result<(), InputError> {
        let chunks = file.read_chunks(chunk_bytes, |rows| self.reader.read(rows, ids))?;
        // The header of a file of one chunk is in the chunk.
        let mut places_before = if file.is_chunked() { line_count(file.header(), LineEnd::Feed) } else { 0 };
        for mut chunk in chunks {
            let first_contact = u32::try_from(keys.len()).unwrap_or(u32::MAX);
            keys.append(std::mem::replace(&mut chunk.value.keys, self.reader.keys.part()));
            let places = chunk.value.places();
            self.chunks.push(NumberedChunk { file: self.files.len(), chunk, first_contact, places_before });
            places_before += places;
        }
        let id_prefix = id_prefix.map_or_else(String::new, |prefix| format!("{prefix}:"));
        self.files.push(FileScan { file, id_prefix, line_prefix: String::new(), line_suffix: String::new() });
        Ok(())
    }

    fn finish(
        mut self,
        sources: &[Option<String>],
        ids: &BTreeMap<Option<String>, RowIds>,
        mut keys: Bulk,
    ) -> Result<KeyScan, InputError> {
        let contacts = keys.len();
        let mut duplicates = Vec::new();
        for (source, ids) in ids {
            let of_source: Vec<usize> =
                (0..self.files.len()).filter(|file| sources.get(*file) == Some(source)).collect();
            self.name_lines(&of_source)?;
            duplicates.extend(self.duplicates(&of_source, ids)?);
        }
        duplicates.sort_unstable();
        duplicates.iter().for_each(|&contact| keys.leave_out(contact));
        Ok(KeyScan { files: self.files, chunks: self.chunks, groups: keys.groups(), duplicates, contacts })
    }

    /// Chooses the generated ids of the files of one source, if rows have none: `line-7`, with more dashes if a file has such an
    /// id itself, and `line-7-2` in the second file.
    fn name_lines(&mut self, files: &[usize]) -> Result<(), InputError> {
        let lacks_ids = self.chunks.iter().any(|chunk| files.contains(&chunk.file) && chunk.keys().lacks_ids);
        if !lacks_ids {
            return Ok(());
        }
        let mut all = LinePrefixes::default();
        for (number, file) in self.files.iter().enumerate().filter(|(number, _)| files.contains(number)) {
            let chunks = self.chunks.iter().filter(|chunk| chunk.file == number).map(|chunk| &chunk.chunk);
            all = all.union(file.file.line_prefixes(chunks)?);
        }
        let prefix = all.prefix();
        for (place, file) in files.iter().enumerate() {
            if let Some(file) = self.files.get_mut(*file) {
                file.line_prefix.clone_from(&prefix);
                file.line_suffix = if place == 0 { String::new() } else { format!("-{}", place + 1) };
            }
        }
        Ok(())
    }

    /// Returns the contacts of some files whose ids an earlier contact of them has. Reads ids a second time if they are out of order.
    fn duplicates(&mut self, files: &[usize], ids: &RowIds) -> Result<Vec<u32>, InputError> {
        let of_files = |chunk: &&mut NumberedChunk| files.contains(&chunk.file);
        if row_ids::are_different(
            self.chunks.iter().filter(|chunk| files.contains(&chunk.file)).map(|chunk| &chunk.keys().ids),
        ) {
            return Ok(Vec::new());
        }
        let chunks: Vec<&mut NumberedChunk> = self.chunks.iter_mut().filter(of_files).collect();
        let firsts: Vec<u32> = chunks.iter().map(|chunk| chunk.first_contact).collect();
        let ids_of =
            |numbered: &mut NumberedChunk| match std::mem::replace(&mut numbered.chunk.value.ids, ChunkIds::Unread) {
                ChunkIds::Collected(ids) => Ok(*ids),
                ChunkIds::InOrder(_) | ChunkIds::Unread => {
                    let starts = &numbered.keys().starts;
                    let file = self.files.get(numbered.file).map(|file| &file.file);
                    file.map_or_else(
                        || Ok(ids.empty()),
                        |file| file.read_again(&numbered.chunk, |rows| self.reader.read_ids(rows, starts, ids)),
                    )
                }
            };
        let read: Vec<Bulk> = chunks.into_par_iter().map(ids_of).collect::<Result<_, InputError>>()?;
        // From numbers among these files to numbers among all.
        let mut contacts = 0_u32;
        let mut starts: Vec<u32> = Vec::with_capacity(read.len());
        for ids in &read {
            starts.push(contacts);
            contacts = contacts.saturating_add(u32::try_from(ids.len()).unwrap_or(u32::MAX));
        }
        let global = |contact: u32| {
            let chunk = starts.partition_point(|start| *start <= contact).saturating_sub(1);
            let (start, first) = (starts.get(chunk).copied(), firsts.get(chunk).copied());
            first.unwrap_or_default() + (contact - start.unwrap_or_default())
        };
        Ok(ids.duplicates(read).into_iter().map(global).collect())
    }
}

/// Reports the problems of the rows of a chunk in their order.
fn report_chunk(
    numbered: &NumberedChunk,
    name: &str,
    duplicates: &mut std::iter::Peekable<impl Iterator<Item = u32>>,
    report: &mut Report,
) {
    let (keys, lines_before, first_contact) = (numbered.keys(), numbered.chunk.lines_before, numbered.first_contact);
    let mut report_duplicates_before = |contact: u32, report: &mut Report| {
        while let Some(duplicate) = duplicates.next_if(|duplicate| *duplicate < contact) {
            report.skipped(name, numbered.line_of(duplicate - first_contact), &Problem::DuplicateId);
        }
    };
    let mut shown: HashMap<ProblemKind, usize> = HashMap::new();
    for problem in &keys.problems {
        report_duplicates_before(first_contact + problem.contact, report);
        // A problem of a column has no line.
        let line = if problem.line == 0 { 0 } else { lines_before + problem.line };
        let what = problem.problem.clone().after_lines(lines_before);
        if problem.is_skip {
            report.skipped(name, line, &what);
        } else {
            report.row_problem(name, line, &what);
        }
        *shown.entry(problem.kind()).or_default() += 1;
    }
    for (kind, count) in &shown {
        let further = keys.problem_counts.get(kind).map_or(0, |all| all - count);
        if further > 0 {
            report.further(name, &kind.problem, further, if kind.is_skip { further } else { 0 });
        }
    }
    report.not_shown(keys.uncounted.problems, keys.uncounted.skipped);
    report_duplicates_before(first_contact.saturating_add(keys.contacts()), report);
}
