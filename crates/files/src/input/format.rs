//! Which format an input is in, by its name or by how it begins.

use std::path::Path;

/// A format that contacts are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A table with a header: CSV, or with tabs, semicolons or bars between the cells.
    Csv,
    /// One JSON object a line.
    JsonLines,
    /// JSON objects that do not stand on a line each: in one array, in the one list inside of an object, or one after the
    /// other over several lines.
    JsonArray,
    /// vCard 2.1, 3.0 or 4.0.
    VCard,
}

impl Format {
    /// The format that a file's name says, below `.gz`, `.gzip` and `.zst`; `.json` may be two formats,
    /// of which the text decides.
    pub(crate) fn of(path: Option<&Path>, content: &[u8]) -> Self {
        match path.and_then(extension).as_deref() {
            Some("csv" | "tsv") => Self::Csv,
            Some("jsonl" | "ndjson") => Self::JsonLines,
            Some("vcf" | "vcard") => Self::VCard,
            _ => Self::of_text(content),
        }
    }

    /// What a text is by its beginning, if that is another format than those that contacts are read from.
    pub(crate) fn other(content: &[u8]) -> Option<&'static str> {
        const BEGINNINGS: [(&[u8], &str); 8] = [
            (b"<html", "an HTML page"),
            (b"<!doctype html", "an HTML page"),
            (b"<table", "an HTML page"),
            (b"<?xml", "an XML file"),
            (b"dn:", "an LDIF file"),
            (b"version: 1", "an LDIF file"),
            (b"begin:vcalendar", "an iCalendar file"),
            (b"{\\rtf", "an RTF file"),
        ];
        let text = content.trim_ascii_start();
        let begins = |word: &[u8]| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        let (word, kind) = BEGINNINGS.iter().find(|(word, _)| begins(word))?;
        // The header of a table might begin so.
        let line = text.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
        let is_ldif = *kind != "an LDIF file"
            || line.len() == word.len()
            || line.get(word.len()) == Some(&b' ')
            || line.contains(&b'=');
        is_ldif.then_some(*kind)
    }

    fn of_text(content: &[u8]) -> Self {
        let text = content.trim_ascii_start();
        match text.first() {
            Some(b'{') => Self::JsonLines,
            Some(b'[') => Self::JsonArray,
            _ if text.get(..11).is_some_and(|start| start.eq_ignore_ascii_case(b"BEGIN:VCARD")) => Self::VCard,
            _ => Self::Csv,
        }
    }
}

fn extension(path: &Path) -> Option<String> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "gz" | "gzip" | "zst" | "zstd" => self::extension(Path::new(path.file_stem()?)),
        _ => Some(extension),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide_and_otherwise_the_text() {
        for (name, text, format) in [
            ("a.csv", "{}", Format::Csv),
            ("a.TSV.gz", "", Format::Csv),
            ("a.jsonl.zst", "[]", Format::JsonLines),
            ("a.ndjson", "", Format::JsonLines),
            ("a.json", " [{}]", Format::JsonArray),
            ("a.json", "{}\n{}", Format::JsonLines),
            ("a.vcf.gzip", "", Format::VCard),
            ("a.txt", "begin:vcard\n", Format::VCard),
            ("a.txt", "email;phone", Format::Csv),
            ("gz", "{", Format::JsonLines),
        ] {
            assert_eq!(Format::of(Some(Path::new(name)), text.as_bytes()), format, "{name}");
        }
        assert_eq!(Format::of(None, b"\n{\"id\":1}"), Format::JsonLines);
    }
}
