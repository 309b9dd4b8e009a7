//! Loads a file or standard input as text: unpacked, and in UTF-8 if its encoding is known.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use memchr::memrchr2;

use crate::input::unpack::{self, UnpackLimit, Unpacked};
use crate::problem::{InputError, Problem};

/// A file or standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InputSource {
    /// A file.
    Path(PathBuf),
    /// Standard input.
    Stdin,
}

impl InputSource {
    /// Returns the source that a path on a command line names; `-` is standard input.
    pub fn from_argument(argument: impl Into<PathBuf>) -> Self {
        match argument.into() {
            path if path.as_os_str() == "-" => Self::Stdin,
            path => Self::Path(path),
        }
    }

    pub(crate) fn load(&self) -> Result<Vec<u8>, InputError> {
        let mut bytes = Vec::new();
        let read = match self {
            Self::Path(path) => File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)),
            Self::Stdin => io::stdin().lock().read_to_end(&mut bytes),
        };
        match read {
            Ok(_) => Ok(bytes),
            Err(reason) => Err(InputError::Unreadable { name: self.to_string(), reason }),
        }
    }
}

impl fmt::Display for InputSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.display().fmt(f),
            Self::Stdin => f.write_str("standard input"),
        }
    }
}

/// The text of an input. It may contain lines that are not UTF-8, such as Windows-1252.
pub(crate) struct Content {
    /// The text, without the byte order mark.
    pub(crate) bytes: Vec<u8>,
    /// The byte order mark that was removed, or nothing.
    pub(crate) prefix: &'static [u8],
    /// True if the text was converted from another encoding.
    pub(crate) was_recoded: bool,
    /// A problem of the whole input, which is reported after its last row.
    pub(crate) fault: Option<Problem>,
}

/// Unpacks and decodes what was read from `name`.
pub(crate) fn decode(name: &str, bytes: Vec<u8>, limit: UnpackLimit) -> Result<Content, InputError> {
    let Unpacked { mut bytes, is_damaged } = unpack::unpack(name, bytes, limit)?;
    let mut fault = is_damaged.then_some(Problem::Damaged);
    if let Some(kind) = foreign(&bytes) {
        return Err(match kind {
            "a zip file" => InputError::Zip { name: name.to_owned() },
            kind => InputError::NotText { name: name.to_owned(), kind },
        });
    }
    let encoding = match bytes.as_slice() {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        _ => None,
    };
    let mut prefix: &[u8] = b"";
    if let Some(encoding) = encoding {
        let (text, broken) = recode(name, encoding, &bytes)?;
        bytes = text.into_bytes();
        if broken {
            fault = fault.or(Some(Problem::BrokenUtf16));
        }
    } else if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
        prefix = b"\xef\xbb\xbf";
    }
    if fault == Some(Problem::Damaged) {
        // A cut line could hold a cut phone number, which is another number.
        bytes.truncate(memrchr2(b'\n', b'\r', &bytes).map_or(0, |end| end + 1));
    }
    if looks_binary(&bytes) {
        return Err(InputError::NotText { name: name.to_owned(), kind: "binary data" });
    }
    Ok(Content { bytes, prefix, was_recoded: encoding.is_some(), fault })
}

/// Returns true if a file that begins with these bytes is text in UTF-8 or another superset of ASCII.
pub(crate) fn is_plain_text(head: &[u8]) -> bool {
    let is_utf_16 = matches!(head, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    !is_utf_16 && foreign(head).is_none() && !looks_binary(head)
}

/// Returns a text in UTF-8, without byte order mark, and whether some of it was broken.
fn recode(name: &str, encoding: &'static Encoding, bytes: &[u8]) -> Result<(String, bool), InputError> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut text = String::new();
    let room = decoder.max_utf8_buffer_length(bytes.len()).map(|room| text.try_reserve_exact(room));
    if !matches!(room, Some(Ok(()))) {
        return Err(InputError::Unreadable { name: name.to_owned(), reason: io::ErrorKind::OutOfMemory.into() });
    }
    let (_, _, broken) = decoder.decode_to_string(bytes, &mut text, true);
    Ok((text, broken))
}

/// Returns the name of a file's format if its first bytes show that it holds no contacts, such as an image.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const FIRST_BYTES: [(&[u8], &str); 14] = [
        (b"PK\x03\x04", "a zip file"),
        (b"PK\x05\x06", "a zip file"),
        (b"%PDF-", "a PDF"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"\x7fELF", "a program"),
        (b"MZ\x90", "a program"),
        (b"\xd0\xcf\x11\xe0", "an old Office file; export it as CSV and give that"),
        (b"SQLite format 3", "a database"),
        (b"BZh", "packed with bzip2, which is not supported"),
        (b"\xfd7zXZ", "packed with xz, which is not supported"),
        (b"7z\xbc\xaf", "packed with 7-Zip, which is not supported"),
        (b"Rar!", "packed with RAR, which is not supported"),
    ];
    FIRST_BYTES.iter().find(|(first, _)| bytes.starts_with(first)).map(|(_, kind)| *kind)
}

/// Returns true if more than a tenth of the first 8 KiB are control characters that do not occur in text.
fn looks_binary(bytes: &[u8]) -> bool {
    let first = bytes.get(..8192).unwrap_or(bytes);
    let is_control = |byte: &&u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c');
    first.iter().filter(is_control).count() * 10 > first.len()
}
