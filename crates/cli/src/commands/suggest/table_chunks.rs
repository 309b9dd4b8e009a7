//! All chunks of a table after the first pass, with the numbers of their contacts and lines.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use onefold::{Bulk, Reason};
use onefold_files::scan::{ChunkEnd, ChunkedFile, LinePrefixes};
use onefold_files::{InputError, Problem};
use rayon::prelude::*;

use crate::commands::suggest::chunk_keys::{ChunkKeys, ChunkReader, ProblemKind};
use crate::commands::suggest::row_ids::{self, ChunkIds};
use crate::input::rows;
use crate::report::Report;

/// How many chunks are joined at most to find where their rows end.
const MAX_JOINED: usize = 16;

/// The chunks of a table, in order.
pub struct TableChunks {
    /// The chunks.
    pub chunks: Vec<NumberedChunk>,
}

/// A chunk and its position in the table.
pub struct NumberedChunk {
    /// What was read from the chunk.
    pub chunk: ChunkKeys,
    /// The number of its first contact.
    pub first_contact: u32,
    /// The number of lines before it.
    pub lines_before: u64,
}

/// Reads a range of the table and passes its text to `use_text`. Each thread has one buffer for all its ranges.
pub fn with_text<T>(
    table: &ChunkedFile,
    range: Range<usize>,
    use_text: impl FnOnce(&[u8]) -> T,
) -> Result<T, InputError> {
    thread_local! {
        static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    let mut buffer = BUFFER.take();
    let result = table.read(range, &mut buffer).map(use_text);
    BUFFER.set(buffer);
    result
}

impl TableChunks {
    /// Reads all chunks and adds their keys to `keys`. Returns `None` if it is not clear where rows end.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(reader: &ChunkReader<'_>, chunk_bytes: usize, keys: &mut Bulk) -> Result<Option<Self>, InputError> {
        let Some(read) = read_chunks(reader, chunk_bytes)? else { return Ok(None) };
        let mut chunks = Vec::with_capacity(read.len());
        let mut lines_before = reader.table.header_lines();
        for mut chunk in read {
            let first_contact = u32::try_from(keys.len()).unwrap_or(u32::MAX);
            keys.append(std::mem::replace(&mut chunk.keys, reader.keys.part()));
            let lines = chunk.lines;
            chunks.push(NumberedChunk { chunk, first_contact, lines_before });
            lines_before += lines;
        }
        Ok(Some(Self { chunks }))
    }

    /// Returns the contacts whose ids an earlier contact has, in order. Reads ids a second time if they are out of order.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn duplicates(&mut self, reader: &ChunkReader<'_>) -> Result<Vec<u32>, InputError> {
        if row_ids::are_different(self.chunks.iter().map(|numbered| &numbered.chunk.ids)) {
            return Ok(Vec::new());
        }
        let ids_of = |numbered: &mut NumberedChunk| {
            let chunk = &mut numbered.chunk;
            match std::mem::replace(&mut chunk.ids, ChunkIds::Unread) {
                ChunkIds::Collected(ids) => Ok(*ids),
                ChunkIds::InOrder(_) | ChunkIds::Unread => {
                    with_text(reader.table, chunk.range.clone(), |text| reader.read_ids(chunk, text))
                }
            }
        };
        let ids: Vec<Bulk> = self.chunks.par_iter_mut().map(ids_of).collect::<Result<_, InputError>>()?;
        Ok(reader.ids.duplicates(ids))
    }

    /// Returns the prefix of generated ids, or `None` if only a reader of the whole table can choose it. Reads the table a second
    /// time if a contact has no id.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn id_prefix(&self, table: &ChunkedFile) -> Result<Option<String>, InputError> {
        if !self.chunks.iter().any(|numbered| numbered.chunk.lacks_ids) {
            return Ok(Some(String::new()));
        }
        let prefixes_of = |numbered: &NumberedChunk| -> Result<Option<LinePrefixes>, InputError> {
            with_text(table, numbered.chunk.range.clone(), |text| {
                let mut prefixes = LinePrefixes::default();
                prefixes.add_lines(text);
                (!table.may_escape_ids(text)).then_some(prefixes)
            })
        };
        let mut all = LinePrefixes::default();
        all.add_lines(table.header());
        let of_chunks: Option<Vec<LinePrefixes>> =
            self.chunks.par_iter().map(prefixes_of).collect::<Result<_, InputError>>()?;
        Ok(of_chunks.and_then(|of_chunks| of_chunks.into_iter().fold(all, LinePrefixes::union).prefix()))
    }

    /// Reports the problems of all rows in their order. `duplicates` are the contacts whose ids an earlier contact has.
    pub fn report_problems(&self, name: &str, duplicates: &[u32], report: &mut Report) {
        let mut duplicates = duplicates.iter().copied().peekable();
        for NumberedChunk { chunk, first_contact, lines_before } in &self.chunks {
            let mut report_duplicates_before = |contact: u32, report: &mut Report| {
                while let Some(duplicate) = duplicates.next_if(|duplicate| *duplicate < contact) {
                    let line = lines_before + chunk.line_of(duplicate - first_contact);
                    report.skipped(name, line, &Problem::DuplicateId);
                }
            };
            let mut shown: HashMap<ProblemKind, usize> = HashMap::new();
            for problem in &chunk.problems {
                report_duplicates_before(first_contact + problem.contact, report);
                if problem.is_skip {
                    report.skipped(name, lines_before + problem.line, &problem.problem);
                } else {
                    report.row_problem(name, lines_before + problem.line, &problem.problem);
                }
                *shown.entry(problem.kind()).or_default() += 1;
            }
            for (kind, count) in &shown {
                let further = chunk.problem_counts.get(kind).map_or(0, |all| all - count);
                if further > 0 {
                    report.further(name, &kind.problem, further, if kind.is_skip { further } else { 0 });
                }
            }
            report.not_shown(chunk.uncounted.problems, chunk.uncounted.skipped);
            report_duplicates_before(first_contact.saturating_add(chunk.contacts()), report);
        }
    }

    /// Returns how many values of all contacts gave no key, by the reason.
    pub fn rejections(&self) -> BTreeMap<Reason, usize> {
        let mut rejections: BTreeMap<Reason, usize> = BTreeMap::new();
        for (reason, count) in self.chunks.iter().flat_map(|numbered| &numbered.chunk.rejections) {
            *rejections.entry(*reason).or_default() += count;
        }
        rejections
    }
}

/// Reads all chunks on all threads; `None` if it is not clear where their rows end.
fn read_chunks(reader: &ChunkReader<'_>, chunk_bytes: usize) -> Result<Option<Vec<ChunkKeys>>, InputError> {
    let table = reader.table;
    let progress = rows::progress();
    let read = |range: Range<usize>| -> Result<ChunkKeys, InputError> {
        let chunk = with_text(table, range.clone(), |text| reader.read(range, text))?;
        progress.inc(chunk.starts.len() as u64);
        Ok(chunk)
    };
    let chunks: Vec<ChunkKeys> =
        table.chunks(chunk_bytes)?.into_par_iter().map(read).collect::<Result<_, InputError>>()?;
    progress.finish_and_clear();
    let mut whole: Vec<ChunkKeys> = Vec::with_capacity(chunks.len());
    let mut joined = 0;
    for next in chunks {
        let next = match whole.pop_if(|last| last.end == ChunkEnd::Cut) {
            // The next chunk begins inside a row.
            Some(cut) => {
                joined += 1;
                let range = cut.range.start..next.range.end;
                with_text(table, range.clone(), |text| reader.read(range, text))?
            }
            None => {
                joined = 0;
                next
            }
        };
        if next.end == ChunkEnd::Unclear || joined > MAX_JOINED {
            return Ok(None);
        }
        whole.push(next);
    }
    Ok(Some(whole))
}
