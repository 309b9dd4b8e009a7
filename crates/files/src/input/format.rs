//! The format of an input, by its name or its first bytes.

use std::path::Path;

/// A format that this crate reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A table with a header, whose cells are separated by commas, semicolons, tabs or bars.
    Csv,
    /// One JSON object per line.
    JsonLines,
    /// Other JSON: an array of objects, an object with one list of objects in it, or objects that span several lines.
    JsonArray,
    /// vCard 2.1, 3.0 or 4.0.
    VCard,
}

impl Format {
    /// Returns the format by the extension of the name, without `.gz`, `.gzip` and `.zst`, or else by the text. The text also
    /// decides between the two formats of `.json`.
    pub(crate) fn of(path: Option<&Path>, content: &[u8]) -> Self {
        match path.and_then(extension).as_deref() {
            Some("csv" | "tsv") => Self::Csv,
            Some("jsonl" | "ndjson") => Self::JsonLines,
            Some("vcf" | "vcard") => Self::VCard,
            _ => Self::of_text(content),
        }
    }

    /// Returns the name of the format of a text that this crate does not read, such as HTML.
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
        // The header of a table may begin like this.
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
