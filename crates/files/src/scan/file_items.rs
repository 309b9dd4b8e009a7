//! All rows of a file as contacts, in their order.

use std::sync::mpsc;
use std::thread;

use rayon::prelude::*;

use crate::problem::InputError;
use crate::row::{IdOrigin, Item};
use crate::scan::chunk_rows::TableRow;
use crate::scan::scanned_file::{ScannedChunk, ScannedFile};

/// The size of chunks whose rows are built as contacts, which take several times as much memory as their text.
const ITEM_CHUNK_BYTES: usize = 1 << 20;

impl ScannedFile {
    /// Passes every row as a contact to `take`, in order, and then the notices about the whole input, as [`read`](crate::read) returns
    /// them. Rows are read on all cores, ahead of `take`.
    ///
    /// # Errors
    /// The file cannot be read, a reader of the whole file refuses it, or `take` fails.
    ///
    /// # Cost
    /// O(n); reads the file twice.
    pub fn for_each_item<E: From<InputError>>(&mut self, mut take: impl FnMut(Item) -> Result<(), E>) -> Result<(), E> {
        // What only all rows decide is settled first.
        let chunks = self.read_chunks(ITEM_CHUNK_BYTES, |rows| {
            let mut lacks_ids = false;
            while let Some(next) = rows.read_next() {
                lacks_ids |= next.lacks_id();
            }
            lacks_ids
        })?;
        if !self.is_chunked() {
            return self.input()?.try_for_each(take);
        }
        let lacks_ids = chunks.iter().any(|chunk| chunk.value);
        let prefix = if lacks_ids { self.line_prefixes(&chunks)?.prefix() } else { String::new() };
        if rayon::current_thread_index().is_some() {
            // The threads of the pool may all wait for one another.
            for chunk in &chunks {
                self.items(chunk, &prefix)?.into_iter().try_for_each(&mut take)?;
            }
            return self.problems()?.into_iter().try_for_each(|(line, problem)| take(Item::Notice { line, problem }));
        }
        let (sender, receiver) = mpsc::sync_channel(1);
        let windows = chunks.chunks(rayon::current_num_threads().max(1));
        thread::scope(|scope| {
            scope.spawn(|| {
                for window in windows {
                    let read: Result<Vec<Vec<Item>>, InputError> =
                        window.par_iter().map(|chunk| self.items(chunk, &prefix)).collect();
                    let is_last = read.is_err();
                    // There is no receiver after an error of `take`.
                    if sender.send(read).is_err() || is_last {
                        break;
                    }
                }
                drop(sender);
            });
            receiver.into_iter().try_for_each(|read| read?.into_iter().flatten().try_for_each(&mut take))
        })?;
        self.problems()?.into_iter().try_for_each(|(line, problem)| take(Item::Notice { line, problem }))
    }

    /// Returns the items of a chunk, with their places in the file and their generated ids.
    fn items<T>(&self, chunk: &ScannedChunk<T>, prefix: &str) -> Result<Vec<Item>, InputError> {
        self.read_again(chunk, |rows| {
            rows.read_contacts();
            let mut items = Vec::new();
            while let Some(next) = rows.read_next() {
                let TableRow::Other(mut item) = next.row else { continue };
                match &mut item {
                    Item::Contact(row) => {
                        row.line += chunk.lines_before;
                        for problem in &mut row.problems {
                            *problem = problem.clone().after_lines(chunk.lines_before);
                        }
                        row.span = row.span.start + chunk.range.start..row.span.end + chunk.range.start;
                        if row.id_origin == IdOrigin::Line {
                            row.contact.id = format!("{prefix}{}", row.line);
                        }
                    }
                    // A column has no line.
                    Item::Skipped { line, .. } | Item::Notice { line, .. } => {
                        *line += if *line == 0 { 0 } else { chunk.lines_before };
                    }
                }
                items.push(item);
            }
            items
        })
    }
}
