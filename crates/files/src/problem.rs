//! Problems of rows, which are reported, and errors of whole inputs.

use std::io;

use crate::byte_size::ByteSize;

/// A problem of a row or one of its values. Reading continues.
///
/// The message names fields, never their values.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The input holds nothing at all.
    #[error("the input is empty")]
    EmptyInput,
    /// Compressed data that ends early or is damaged.
    #[error("the compressed data is cut off or damaged here; what comes before it was read")]
    Damaged,
    /// Text that says it is UTF-16 and is not, in places.
    #[error("some of the UTF-16 text is broken, and read as U+FFFD")]
    BrokenUtf16,
    /// Bytes that are not UTF-8.
    #[error("not UTF-8, read as Windows-1252")]
    NotUtf8,
    /// A quote that is not closed, or closed in the middle of a later row.
    #[error("unbalanced quote; the line is left out")]
    UnbalancedQuote,
    /// More values than the header has names.
    #[error("{count} more cells with values than the header has names; they are left out")]
    ExtraCells {
        /// How many values have no name.
        count: usize,
    },
    /// A row without values.
    #[error("no value")]
    NoValue,
    /// A second row with an id that was there before.
    #[error("an earlier row has the same id; this one is left out")]
    DuplicateId,
    /// An id that is neither text nor a number.
    #[error("the id is neither text nor a number; the row gets an id from its line number")]
    IdNotText,
    /// An id that is a placeholder such as `null`, or a zero that several rows have.
    #[error("the id is a placeholder, or a zero that several rows have; the row gets an id from its line number")]
    PlaceholderId,
    /// A column that is read as an identifier in place of what its header means otherwise.
    #[error("{header:?} is read as the identifier that --identifier names, and as nothing else")]
    IdentifierColumn {
        /// The header.
        header: String,
    },
    /// An unknown word for blocked.
    #[error("blocked says neither yes nor no, read as yes")]
    UnclearBlocked,
    /// A JSON line that is something else than an object.
    #[error("not a JSON object")]
    NotAnObject,
    /// A JSON line that ends early.
    #[error("the JSON text ends early")]
    TruncatedJson,
    /// A JSON line that is not JSON.
    #[error("not JSON, from column {column} on")]
    NotJson {
        /// Where the text stops being JSON: the byte in the line, counted from one.
        column: usize,
    },
    /// A JSON array without its last bracket.
    #[error("the JSON array has no end")]
    UnclosedArray,
    /// Text behind the end of a JSON array.
    #[error("there is text behind the end of the JSON array, left out")]
    TextBehindArray,
    /// A field that a JSON object has twice.
    #[error("{field} occurs twice; the last value is used")]
    DuplicateField {
        /// The field's name.
        field: String,
    },
    /// Half a character in a JSON text.
    #[error("{field} holds half of a surrogate pair, read as U+FFFD")]
    LoneSurrogate {
        /// The field's name.
        field: String,
    },
    /// A vCard that describes a group of contacts.
    #[error("a card of a group, not of a contact")]
    GroupCard,
    /// A vCard without its last line.
    #[error("the card has no END:VCARD")]
    UnclosedCard,
    /// Lines between or before vCards.
    #[error("text outside of a card, left out")]
    OutsideCard,
    /// A line of a vCard that is no property.
    #[error("line {line} of the card's file is no property, left out")]
    NotAProperty {
        /// The line in the file.
        line: u64,
    },
    /// A vCard whose lines stand on one line.
    #[error("the lines of the card are on one line and cannot be separated, the card is left out")]
    CardOnOneLine,
    /// Two vCards without a line between them.
    #[error("two cards run into each other here and cannot be separated, both are left out")]
    CardsNotSeparated,
    /// A vCard of a contact that had one before.
    #[error("a card with the same UID came before, both are read as one contact")]
    SameUid,
    /// A vCard whose contact has another card, which cannot be read from the file any more.
    #[error("another card with the same UID cannot be read")]
    UnreadableCard,
    /// A vCard property without the colon before its value.
    #[error("line {line} of the card's file has no colon before its value, read as if it had")]
    MissingColon {
        /// The line in the file.
        line: u64,
    },
    /// A vCard property in a character set that is not known.
    #[error("{field} is in an unknown character set, read as UTF-8 or Windows-1252")]
    UnknownCharset {
        /// The property's name.
        field: String,
    },
    /// A column, a member or a property that is not read although phones or emails stand in it.
    #[error(
        "{header:?} is not read, but {kind}s seem to stand in it ({count} in the first rows); --map \
         {field}={header:?} reads it"
    )]
    UnreadValues {
        /// The name in the input.
        header: String,
        /// `email` or `phone`, which most of the values are.
        kind: &'static str,
        /// The field that reads them; one of a custom field where they are a firm's, which make weak keys.
        field: &'static str,
        /// How many of the values that were looked at are.
        count: usize,
    },
    /// A name in a mapping that no row has.
    #[error("no row has the field {header:?} that is mapped to {field}")]
    MappedNameNotSeen {
        /// The field of a contact.
        field: String,
        /// The name in the input.
        header: String,
    },
}

impl Problem {
    /// Returns the problem with its numbers set to 0, to count equal problems of different rows.
    #[must_use]
    pub fn without_numbers(&self) -> Self {
        match self {
            Self::ExtraCells { .. } => Self::ExtraCells { count: 0 },
            Self::NotJson { .. } => Self::NotJson { column: 0 },
            Self::NotAProperty { .. } => Self::NotAProperty { line: 0 },
            Self::UnreadValues { header, kind, field, .. } => {
                Self::UnreadValues { header: header.clone(), kind, field, count: 0 }
            }
            other => other.clone(),
        }
    }

    /// Returns the problem of a text that comes after `lines` other lines, so that the lines that it names count from the first of
    /// those.
    #[must_use]
    pub fn after_lines(self, lines: u64) -> Self {
        match self {
            Self::NotAProperty { line } => Self::NotAProperty { line: line + lines },
            Self::MissingColon { line } => Self::MissingColon { line: line + lines },
            other => other,
        }
    }
}

/// An error of a whole input, of which no row can be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The file cannot be opened or read.
    #[error("cannot read {name}: {reason}")]
    Unreadable {
        /// The file's name, or standard input.
        name: String,
        /// The error of the system.
        reason: io::Error,
    },
    /// The file was changed while it was read.
    #[error("{name} was changed while it was read")]
    Changed {
        /// The file's name.
        name: String,
    },
    /// A packed input that exceeds the limit of its unpacked size.
    #[error(
        "{name} unpacks to more than {max}, which is the limit; --max-unpacked SIZE raises it, if there is memory for \
         that"
    )]
    UnpackSize {
        /// The file's name, or standard input.
        name: String,
        /// The limit.
        max: ByteSize,
    },
    /// A packed input that exceeds the limit of its ratio of unpacked to packed size.
    #[error(
        "{name} unpacks to more than {max_ratio} times its size and more than {free_bytes}, which is the limit; \
         --max-unpacked SIZE allows that size, if there is memory for it"
    )]
    UnpackRatio {
        /// The file's name, or standard input.
        name: String,
        /// The largest ratio of unpacked to packed size.
        max_ratio: u64,
        /// The size up to which the ratio is not limited.
        free_bytes: ByteSize,
    },
    /// A spreadsheet, or another zip file.
    #[error("{name} is a spreadsheet or another zip file; export it as CSV and give that")]
    Zip {
        /// The file's name.
        name: String,
    },
    /// A known format that holds no contacts, such as an image.
    #[error("{name} is not text but {kind}")]
    NotText {
        /// The file's name.
        name: String,
        /// The format.
        kind: &'static str,
    },
    /// Text in a format that is not read.
    #[error("{name} is {kind}, which is not read; export it as CSV, JSON or vCard and give that")]
    OtherFormat {
        /// The file's name.
        name: String,
        /// The format.
        kind: &'static str,
    },
    /// A table in which no column can identify a contact.
    #[error(
        "no column of {name} is recognised as phone, email or channel; it has {headers}; name one with --map \
         email=\"HEADER\""
    )]
    NoUsableColumn {
        /// The file's name.
        name: String,
        /// The headers, ten of them at most.
        headers: String,
    },
    /// A table that begins with data.
    #[error("the first line of {name} looks like a contact; it must name the columns")]
    NoHeader {
        /// The file's name.
        name: String,
    },
    /// A JSON object with several lists of objects in it, any of which may be the contacts.
    #[error(
        "{name} is a JSON object with several lists of objects in it ({lists}); give one of them alone, as a JSON array"
    )]
    ListsInside {
        /// The file's name.
        name: String,
        /// The names of the lists, ten of them at most.
        lists: String,
    },
    /// Several JSON objects, each of which has a list of objects in it.
    #[error(
        "{name} holds several JSON objects with a list of objects in each ({lists}); give the objects of all lists alone"
    )]
    ListInside {
        /// The file's name.
        name: String,
        /// The name of the list in the first object.
        lists: String,
    },
    /// A JSON object that has a contact under each of its names.
    #[error(
        "{name} is a JSON object in which names stand for contacts; give the contacts as a JSON array, with their ids in them"
    )]
    ContactsByName {
        /// The file's name.
        name: String,
    },
    /// A JSON object that holds contacts in another form than a list of objects.
    #[error("{name} is a JSON object in which {member} is no list of objects; give the contacts as a JSON array")]
    NoListInside {
        /// The file's name.
        name: String,
        /// The member that holds several contacts.
        member: String,
    },
    /// A mapping to a field that does not exist.
    #[error("there is no field {field:?} to map to; there are {known}")]
    UnknownField {
        /// The name in the mapping.
        field: String,
        /// The fields that exist.
        known: String,
    },
    /// A mapping from a column that does not exist.
    #[error("{name} has no column {header:?}; it has {headers}")]
    UnknownHeader {
        /// The file's name.
        name: String,
        /// The name in the mapping.
        header: String,
        /// The headers, ten of them at most.
        headers: String,
    },
    /// A mapping without an equals sign.
    #[error("{text:?} is not a mapping; write FIELD=HEADER")]
    NotAMapping {
        /// The text.
        text: String,
    },
}

/// Returns the error of an input that cannot be read.
pub(crate) fn unreadable(name: &str, reason: io::Error) -> InputError {
    InputError::Unreadable { name: name.to_owned(), reason }
}
