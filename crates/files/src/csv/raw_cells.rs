//! The cells of a row as written, for editing its text.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use crate::csv::records::Records;
use crate::decoded_text;
use crate::input::lines::Lines;

/// The cells of one record, as written and as read.
pub(crate) struct Cells {
    // The texts of all cells, one behind the other, and where each ends.
    texts: String,
    ends: Vec<usize>,
    // The record as written, and where its cells are, quotes included; of all but unusual records as many as there are texts.
    record: Vec<u8>,
    raw: Vec<Range<usize>>,
    // What ends the record.
    ending: Vec<u8>,
    delimiter: u8,
    // Whether the record is UTF-8.
    is_utf8: bool,
}

impl Cells {
    /// Returns the cells of a record; `records` has read it from `segment`.
    pub(crate) fn new(segment: &[u8], records: &Records) -> Self {
        let delimiter = records.delimiter();
        let (record, ending) = split_ending(segment, records.lines());
        let (mut texts, mut ends) = (String::with_capacity(segment.len()), Vec::new());
        for cell in records.cells() {
            texts.push_str(&decoded_text::read_silently(cell));
            ends.push(texts.len());
        }
        Self {
            texts,
            ends,
            record: record.to_vec(),
            raw: raw_cells(record, delimiter),
            ending: ending.to_vec(),
            delimiter,
            is_utf8: std::str::from_utf8(segment).is_ok(),
        }
    }

    /// Returns the text of a cell; a record may have fewer cells than the header.
    pub(crate) fn text(&self, column: usize) -> &str {
        let start = column.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let span = start.zip(self.ends.get(column));
        span.and_then(|(start, end)| self.texts.get(start..*end)).unwrap_or_default()
    }

    /// Returns true if there is nothing but spaces in a cell.
    pub(crate) fn is_blank(&self, column: usize) -> bool {
        self.text(column).trim().is_empty()
    }

    fn raw(&self, column: usize) -> Option<&[u8]> {
        if self.raw.len() != self.ends.len() {
            return None;
        }
        self.record.get(self.raw.get(column)?.clone())
    }

    /// Returns the record with some of its cells replaced: the others stay byte for byte.
    pub(crate) fn with(&self, changes: &[(usize, String)], others: &[&Self]) -> Vec<u8> {
        let mut raw: Vec<Cow<'_, [u8]>> = if self.raw.len() == self.ends.len() {
            self.raw.iter().map(|span| self.record.get(span.clone()).unwrap_or_default().into()).collect()
        } else {
            (0..self.ends.len()).map(|column| self.write(self.text(column), false, true).into()).collect()
        };
        let quotes_all = raw.iter().all(|cell| cell.starts_with(b"\""));
        let is_utf8 = self.is_utf8 && others.iter().all(|other| other.is_utf8);
        for (column, text) in changes {
            if self.text(*column) == text {
                continue;
            }
            if raw.len() <= *column {
                raw.resize(column + 1, if quotes_all { b"\"\"".as_slice().into() } else { [].as_slice().into() });
            }
            // Where another row says the same, it is copied.
            let copy = others.iter().find(|other| other.text(*column) == text).and_then(|other| other.raw(*column));
            let was_quoted = raw.get(*column).is_some_and(|cell| cell.starts_with(b"\""));
            if let Some(cell) = raw.get_mut(*column) {
                *cell = match copy {
                    Some(copy) if !text.is_empty() => copy.to_vec().into(),
                    _ => self.write(text, quotes_all || was_quoted && !text.is_empty(), is_utf8).into(),
                };
            }
        }
        let mut record = Vec::with_capacity(self.record.len() + self.ending.len());
        for (column, cell) in raw.iter().enumerate() {
            if column > 0 {
                record.push(self.delimiter);
            }
            record.extend_from_slice(cell);
        }
        record.extend_from_slice(&self.ending);
        record
    }

    fn write(&self, text: &str, quoted: bool, is_utf8: bool) -> Vec<u8> {
        let bytes = if is_utf8 { Cow::Borrowed(text.as_bytes()) } else { decoded_text::in_windows_1252(text) };
        let is_special = |byte: &u8| *byte == self.delimiter || matches!(byte, b'"' | b'\r' | b'\n');
        if !quoted && !bytes.iter().any(is_special) {
            return bytes.into_owned();
        }
        let mut cell = vec![b'"'];
        for byte in bytes.iter() {
            cell.extend(if *byte == b'"' { b"\"\"".as_slice() } else { std::slice::from_ref(byte) });
        }
        cell.push(b'"');
        cell
    }
}

/// Returns the text of a record and what ends its last line.
fn split_ending<'a>(segment: &'a [u8], like: &Lines) -> (&'a [u8], &'a [u8]) {
    let mut lines = like.restarted();
    let mut end = segment.len();
    while let Some(line) = lines.next(segment) {
        end = line.end;
    }
    segment.split_at_checked(end).unwrap_or((segment, b""))
}

/// Returns where the cells of a record are, quotes included.
fn raw_cells(text: &[u8], delimiter: u8) -> Vec<Range<usize>> {
    let rest = |at: usize| text.get(at..).unwrap_or_default();
    let mut cells = Vec::new();
    let (mut start, mut at) = (0, 0);
    loop {
        if rest(at).starts_with(b"\"") {
            at += 1;
            // Two quotes inside of quotes are one.
            loop {
                let Some(quote) = memchr(b'"', rest(at)) else {
                    at = text.len();
                    break;
                };
                at += quote + 1;
                if !rest(at).starts_with(b"\"") {
                    break;
                }
                at += 1;
            }
        }
        match memchr(delimiter, rest(at)) {
            Some(end) => {
                cells.push(start..at + end);
                at += end + 1;
                start = at;
            }
            None => {
                cells.push(start..text.len());
                return cells;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(segment: &[u8], delimiter: u8) -> Cells {
        let mut records = Records::new(Lines::new(b"a\n"), delimiter).restarted();
        records.next(segment);
        Cells::new(segment, &records)
    }

    fn texts(cells: &Cells) -> Vec<&str> {
        (0..cells.ends.len()).map(|column| cells.text(column)).collect()
    }

    #[test]
    fn cells_that_do_not_change_stay_byte_for_byte() {
        let segment = b"1, \"x\" ,\"a,\"\"b\"\"\",\"c\nd\",e\"f,\r\n";
        let cells = cells(segment, b',');
        assert_eq!(texts(&cells), ["1", " \"x\" ", "a,\"b\"", "c\nd", "e\"f", ""]);
        assert_eq!(cells.with(&[], &[]), segment);
        assert_eq!(cells.with(&[(1, " \"x\" ".to_owned())], &[]), segment);
        let changed = cells.with(&[(1, "y\"z".to_owned()), (5, "w".to_owned()), (7, "v".to_owned())], &[]);
        assert_eq!(changed, b"1,\"y\"\"z\",\"a,\"\"b\"\"\",\"c\nd\",e\"f,w,,v\r\n");
    }

    #[test]
    fn unusual_quotes_stay_too() {
        let segment = b"\"e\"f,\"g\"\"\" h,\n";
        let cells = cells(segment, b',');
        assert_eq!(texts(&cells), ["ef", "g\" h", ""]);
        assert_eq!(cells.with(&[(2, "x".to_owned())], &[]), b"\"e\"f,\"g\"\"\" h,x\n");
    }

    #[test]
    fn what_quotes_all_of_its_cells_goes_on_so() {
        assert_eq!(cells(b"\"1\";\"a\"", b';').with(&[(1, "b".to_owned())], &[]), b"\"1\";\"b\"");
        assert_eq!(cells(b"1;\"a\"", b';').with(&[(1, String::new())], &[]), b"1;");
    }

    #[test]
    fn a_table_in_windows_1252_stays_one() {
        let french = cells(b"1,Ren\xe9,x\n", b',');
        assert_eq!(french.with(&[(2, "Zo\u{eb}".to_owned())], &[]), b"1,Ren\xe9,Zo\xeb\n");
        // What these bytes say would be read as UTF-8, and this letter has none.
        let changed = french.with(&[(2, "\u{c3}\u{a9}".to_owned())], &[]);
        assert_eq!(changed, [b"1,Ren\xe9,".as_slice(), "\u{c3}\u{a9}\n".as_bytes()].concat());
    }
}
