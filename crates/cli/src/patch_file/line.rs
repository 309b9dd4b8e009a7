//! The line of a merge, written without a copy of its rows.

use crate::output::JsonText;
use crate::patch_file::json_bytes::put_bytes;

/// The line of a merge.
pub struct PatchLine {
    /// The line, with its line end.
    pub text: Vec<u8>,
    /// The offset in the line behind the last member of each row, the survivor's first.
    pub row_ends: Vec<usize>,
}

/// A row before a merge.
pub struct RowLine<'a> {
    /// The id of its contact.
    pub contact: &'a str,
    /// The number of rows and other lines before it.
    pub place: u64,
    /// The bytes.
    pub bytes: &'a [u8],
    /// True if the id was generated from the line number.
    pub is_made: bool,
    /// The number of remaining rows with the same id, or 0 if it was generated: [`alike_member`] adds the number of remaining rows
    /// with the same bytes.
    pub alike: usize,
}

impl PatchLine {
    /// Returns the line of a merge: `rows` are those before the merge, the survivor's first, and `written` is the survivor's row
    /// after it. `patch` is the patch in JSON.
    pub fn new(merge: &str, rows: &[RowLine<'_>], written: &[u8], patch: &str) -> Self {
        let bytes: usize = rows.iter().map(|row| row.bytes.len() + row.contact.len() + 64).sum();
        let mut text = Vec::with_capacity(bytes + written.len() + patch.len() + 128);
        let mut row_ends = Vec::with_capacity(rows.len());
        text.put("{\"merge\":");
        text.put_text(merge);
        let (survivor, retired) = rows.split_at(rows.len().min(1));
        text.put(",\"survivor\":");
        survivor.iter().for_each(|row| put_row(row, &mut text, &mut row_ends));
        text.put(",\"written\":");
        put_bytes(written, &mut text);
        text.put(",\"retired\":[");
        for (place, row) in retired.iter().enumerate() {
            if place > 0 {
                text.push(b',');
            }
            put_row(row, &mut text, &mut row_ends);
        }
        text.put("],\"patch\":");
        text.put(patch);
        text.put("}\n");
        Self { text, row_ends }
    }
}

/// Returns the member of a row that says how many remaining rows could be confused with it.
pub fn alike_member(count: usize) -> String {
    format!(",\"alike\":{count}")
}

fn put_row(row: &RowLine<'_>, text: &mut Vec<u8>, row_ends: &mut Vec<usize>) {
    text.put("{\"contact\":");
    text.put_text(row.contact);
    text.put(",\"place\":");
    text.put(&row.place.to_string());
    text.put(",\"row\":");
    put_bytes(row.bytes, text);
    if row.is_made {
        text.put(",\"made\":true");
    }
    if row.alike > 0 {
        text.put(&alike_member(row.alike));
    }
    row_ends.push(text.len());
    text.push(b'}');
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;
    use crate::patch_file::form::{PatchFileMerge, RowForm};
    use crate::patch_file::json_bytes::HexOrText;

    #[test]
    fn a_line_is_what_serde_writes() {
        let bytes: [&[u8]; 3] = [b"1,\"Ada\"\r\n", b"Ren\xe9\n", "2,\u{e9}\u{1}\n".as_bytes()];
        let rows = bytes.iter().zip(0..).map(|(&bytes, place)| RowLine {
            contact: ["a", "\"b\"", "c"][place],
            place: place as u64,
            bytes,
            is_made: place == 1,
            alike: place,
        });
        let rows: Vec<RowLine<'_>> = rows.collect();
        let line = PatchLine::new("m", &rows, bytes[1], "{\"x\":1}");
        let mut forms = rows.iter().map(|row| RowForm {
            contact: row.contact.to_owned(),
            place: row.place as usize,
            row: HexOrText(row.bytes.to_vec()),
            made: row.is_made,
            alike: row.alike,
        });
        let form = PatchFileMerge {
            merge: "m".to_owned(),
            survivor: forms.next().expect("a survivor"),
            written: HexOrText(bytes[1].to_vec()),
            retired: forms.collect(),
            patch: RawValue::from_string("{\"x\":1}".to_owned()).expect("JSON"),
        };
        let expected = serde_json::to_string(&form).expect("JSON") + "\n";
        assert_eq!(String::from_utf8_lossy(&line.text), expected);
        assert!(line.row_ends.iter().all(|end| line.text[*end] == b'}'));
    }
}
