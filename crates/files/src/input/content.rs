//! Loads a file or standard input as text: unpacked, and in UTF-8 if its encoding is known.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use encoding_rs::{CoderResult, Encoding, UTF_16BE, UTF_16LE};

use crate::input::stored_text::{StoredText, TextSpool};
use crate::input::unpack::{self, UnpackLimit, Unpacked};
use crate::problem::{InputError, Problem, unreadable};

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

    /// Returns the bytes of the input as they come: those of a regular file stay there, others are stored first.
    fn bytes(&self) -> io::Result<StoredText> {
        match self {
            Self::Path(path) => {
                let file = File::open(path)?;
                let about = file.metadata()?;
                // Files that the system makes up say that they are empty.
                if about.is_file() && about.len() > 0 {
                    let length = usize::try_from(about.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
                    return Ok(StoredText::File { file, start: 0, length, modified: about.modified().ok() });
                }
                store(file)
            }
            Self::Stdin => store(io::stdin().lock()),
        }
    }
}

/// Stores the bytes of a stream.
fn store(mut stream: impl Read) -> io::Result<StoredText> {
    let mut spool = TextSpool::default();
    io::copy(&mut stream, &mut spool)?;
    spool.finish()
}

impl fmt::Display for InputSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.display().fmt(f),
            Self::Stdin => f.write_str("standard input"),
        }
    }
}

/// How many bytes of a text are examined to find out its format.
const HEAD_BYTES: usize = 64 * 1024;

/// How many bytes are converted at a time.
const RECODED_BYTES: usize = 64 * 1024;

/// The text of an input. It may contain lines that are not UTF-8, such as Windows-1252.
pub(crate) struct Content {
    /// The text, without the byte order mark.
    pub(crate) text: StoredText,
    /// The first bytes of the text, or all of a shorter one.
    pub(crate) head: Vec<u8>,
    /// The byte order mark that was removed, or nothing.
    pub(crate) prefix: &'static [u8],
    /// True if the text was converted from another encoding.
    pub(crate) was_recoded: bool,
    /// A problem of the whole input, which is reported after its last row.
    pub(crate) fault: Option<Problem>,
}

impl Content {
    /// Opens an input: unpacked, decoded, and in a temporary file if that is not the file itself and it is large.
    ///
    /// # Errors
    /// The input cannot be read, unpacks to more than the limit, or is no text.
    pub(crate) fn open(source: &InputSource, limit: UnpackLimit) -> Result<Self, InputError> {
        let name = source.to_string();
        let bytes = source.bytes().map_err(|reason| unreadable(&name, reason))?;
        Self::of(&name, bytes, limit)
    }

    /// Unpacks and decodes the bytes of the input `name`.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(crate) fn of(name: &str, bytes: StoredText, limit: UnpackLimit) -> Result<Self, InputError> {
        let Unpacked { bytes: mut text, is_damaged } = unpack::unpack(name, bytes, limit)?;
        let mut fault = is_damaged.then_some(Problem::Damaged);
        let mut head = head(&text).map_err(|reason| unreadable(name, reason))?;
        if let Some(kind) = foreign(&head) {
            return Err(match kind {
                "a zip file" => InputError::Zip { name: name.to_owned() },
                kind => InputError::NotText { name: name.to_owned(), kind },
            });
        }
        let encoding = match head.as_slice() {
            [0xff, 0xfe, ..] => Some(UTF_16LE),
            [0xfe, 0xff, ..] => Some(UTF_16BE),
            _ => None,
        };
        let mut prefix: &[u8] = b"";
        if let Some(encoding) = encoding {
            let (recoded, is_broken) = recode(&text, encoding).map_err(|reason| unreadable(name, reason))?;
            text = recoded;
            if is_broken {
                fault = fault.or(Some(Problem::BrokenUtf16));
            }
        } else if head.starts_with(b"\xef\xbb\xbf") {
            text.skip(3);
            prefix = b"\xef\xbb\xbf";
        }
        if fault == Some(Problem::Damaged) {
            // A cut line could hold a cut phone number, which is another number.
            text.remove_open_line().map_err(|reason| unreadable(name, reason))?;
        }
        if encoding.is_some() || !prefix.is_empty() || fault.is_some() {
            head = self::head(&text).map_err(|reason| unreadable(name, reason))?;
        }
        if looks_binary(&head) {
            return Err(InputError::NotText { name: name.to_owned(), kind: "binary data" });
        }
        Ok(Self { text, head, prefix, was_recoded: encoding.is_some(), fault })
    }
}

fn head(text: &StoredText) -> io::Result<Vec<u8>> {
    let mut space = Vec::new();
    text.read(0..text.len().min(HEAD_BYTES), &mut space).map(<[u8]>::to_vec)
}

/// Returns a text in UTF-8, without byte order mark, and whether some of it was broken.
fn recode(text: &StoredText, encoding: &'static Encoding) -> io::Result<(StoredText, bool)> {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut spool = TextSpool::default();
    let (mut space, mut decoded) = (Vec::new(), vec![0; RECODED_BYTES]);
    let (mut at, mut is_broken, mut is_done) = (0, false, false);
    while !is_done {
        let end = text.len().min(at + RECODED_BYTES);
        let part = text.read(at..end, &mut space)?;
        let (result, read, written, had_errors) = decoder.decode_to_utf8(part, &mut decoded, end == text.len());
        spool.write_all(decoded.get(..written).unwrap_or_default())?;
        at += read;
        is_broken |= had_errors;
        is_done = end == text.len() && result == CoderResult::InputEmpty;
    }
    Ok((spool.finish()?, is_broken))
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
