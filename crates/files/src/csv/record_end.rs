//! Finds the end of a record whose first line ends inside a quoted cell.

use memchr::memchr;

use crate::input::lines::Lines;

/// Distinguishes records of several lines from lines with a stray quote.
///
/// A stray quote opens a cell that runs into the rows behind it, to the next quote, which is there closed
/// in the middle of a cell, or to the end of the file. So a record of several lines counts only if each
/// of its quotes is closed at the end of a cell.
///
/// Looking for the end of a record that turns out not to be one must not cost a pass over the rest of
/// the file each time. All lines behind the first one of such a record were read from inside a quote, and
/// how the text goes on from the start of a line inside a quote does not depend on what came before. So
/// a later record that runs into one of these lines has its answer already, and no line is read from
/// inside a quote twice in vain: the whole file is read in O(n).
pub(crate) struct Extents {
    delimiter: u8,
    // The lines of the last search, each with the number of delimiters between cells before it.
    searched: Vec<(usize, usize)>,
    // The number of delimiters in all of them, or nothing if no record ends there properly.
    delimiters: Option<usize>,
    // True if the content ended before the answer was certain.
    ran_out: bool,
}

/// What the rest of a line does to a quoted cell that is open at its start.
enum Rest {
    Open,
    Closed,
    Stray,
}

impl Extents {
    pub(crate) fn new(delimiter: u8) -> Self {
        Self { delimiter, searched: Vec::new(), delimiters: None, ran_out: false }
    }

    /// Returns the number of delimiters between cells from the next line of `lines`, which begins inside a quote,
    /// to the end of the record; nothing if the record has a stray quote.
    pub(crate) fn delimiters(&mut self, content: &[u8], lines: &Lines) -> Option<usize> {
        let Some(line) = lines.peek(content) else {
            self.ran_out = true;
            return None;
        };
        let start = line.start;
        let Ok(known) = self.searched.binary_search_by_key(&start, |(start, _)| *start) else {
            return self.search(content, lines.clone());
        };
        let (_, before) = self.searched.get(known)?;
        Some(self.delimiters? - before)
    }

    /// Returns true if more content could change the last answer.
    pub(crate) fn ran_out(&self) -> bool {
        self.ran_out
    }

    fn search(&mut self, content: &[u8], mut lines: Lines) -> Option<usize> {
        self.searched.clear();
        self.delimiters = None;
        self.ran_out = true;
        let mut delimiters = 0;
        while let Some(line) = lines.next(content) {
            self.searched.push((line.start, delimiters));
            match rest_of_line(line.text(content), self.delimiter, &mut delimiters) {
                Rest::Open => {}
                Rest::Closed => {
                    self.delimiters = Some(delimiters);
                    self.ran_out = false;
                    break;
                }
                Rest::Stray => {
                    self.ran_out = false;
                    break;
                }
            }
        }
        self.delimiters
    }
}

fn rest_of_line(mut text: &[u8], delimiter: u8, delimiters: &mut usize) -> Rest {
    loop {
        // Inside a quote.
        let Some(quote) = memchr(b'"', text) else { return Rest::Open };
        text = text.get(quote + 1..).unwrap_or_default();
        match text.first() {
            None => return Rest::Closed,
            Some(b'"') => {
                text = text.get(1..).unwrap_or_default();
                continue;
            }
            Some(byte) if *byte == delimiter => {}
            Some(_) => return Rest::Stray,
        }
        // At the delimiter in front of a cell; cells without quotes are passed over.
        loop {
            let Some(end) = memchr(delimiter, text) else { return Rest::Closed };
            *delimiters += 1;
            text = text.get(end + 1..).unwrap_or_default();
            if let Some(quoted) = text.strip_prefix(b"\"") {
                text = quoted;
                break;
            }
        }
    }
}
