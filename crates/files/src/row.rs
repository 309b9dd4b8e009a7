//! A row of an input: a contact, its position, and the problems of its values.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use memchr::memmem;
use onefold::Contact;

use crate::problem::Problem;

/// What an [`Input`](crate::Input) yields.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Item {
    /// A contact.
    Contact(Row),
    /// A row without a usable contact.
    Skipped {
        /// The first line of the row.
        line: u64,
        /// The reason.
        problem: Problem,
    },
    /// A notice about the input, not about one row.
    Notice {
        /// The line at which it was noticed, or 0 for a column.
        line: u64,
        /// The notice.
        problem: Problem,
    },
}

/// One contact of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The first line of the row in the unpacked text; the first line of the text is 1.
    pub line: u64,
    /// The bytes of the row in the unpacked text: whole lines with their line ends, or one element of an array.
    pub span: Range<usize>,
    /// The contact, with its values as written.
    pub contact: Contact<String>,
    /// Whether the id is the row's own or was generated.
    pub id_origin: IdOrigin,
    /// True if the row has a value for blocked. If false, `contact.blocked` is false too.
    pub says_blocked: bool,
    /// The workspace of the contact, if the options name a column for it and the row has a value there.
    pub workspace: Option<String>,
    /// The problems of single values; the row is used nevertheless.
    pub problems: Vec<Problem>,
}

/// Where the id of a row comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdOrigin {
    /// The row has an id.
    Given,
    /// The row has no id; it gets `line-` and its line number.
    Line,
}

/// Generates ids for rows that have none.
#[derive(Default)]
pub(crate) struct LineIds {
    prefix: Option<String>,
}

impl LineIds {
    /// Generates ids without checking that the content has no such id: for callers that ignore them.
    pub(crate) fn unchecked() -> Self {
        Self { prefix: Some("line-".to_owned()) }
    }

    /// Returns the id of the row at `line`: `line-7`, or with more dashes if `content` has a similar text, so that no generated
    /// id equals an id of the same input. The first call reads `content` once.
    pub(crate) fn id(&mut self, content: &[u8], line: u64) -> String {
        let prefix = self.prefix.get_or_insert_with(|| {
            let mut prefix = "line-".to_owned();
            while has_id_like(content, prefix.as_bytes()) {
                prefix.push('-');
            }
            prefix
        });
        format!("{prefix}{line}")
    }
}

/// The prefixes of generated ids (`line-`, `line--`, ...) that already occur in a text, collected chunk by chunk.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinePrefixes {
    // A bit for each number of dashes below 64, and the greatest number.
    dashes: u64,
    longest: usize,
}

impl LinePrefixes {
    /// Adds the prefixes that occur in the lines of `text`.
    pub fn add_lines(&mut self, text: &[u8]) {
        for at in memmem::find_iter(text, b"line-") {
            let before = at.checked_sub(1).and_then(|before| text.get(before));
            let rest = text.get(at + 4..).unwrap_or_default();
            let dashes = rest.iter().take_while(|byte| **byte == b'-').count();
            if !before.is_some_and(u8::is_ascii_alphanumeric) && rest.get(dashes).is_some_and(u8::is_ascii_digit) {
                self.dashes |=
                    u32::try_from(dashes).ok().and_then(|dashes| 1_u64.checked_shl(dashes)).unwrap_or_default();
                self.longest = self.longest.max(dashes);
            }
        }
    }

    /// Returns the prefixes that occur in either text.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { dashes: self.dashes | other.dashes, longest: self.longest.max(other.longest) }
    }

    /// Returns a prefix that does not occur: the shortest, if it has fewer than 64 dashes.
    pub fn prefix(self) -> String {
        let dashes = (1..64).find(|dashes| self.dashes >> dashes & 1 == 0).unwrap_or(self.longest + 1);
        format!("line{}", "-".repeat(dashes))
    }
}

/// Returns true if `content` has a word that is `prefix` followed by a digit.
fn has_id_like(content: &[u8], prefix: &[u8]) -> bool {
    memmem::find_iter(content, prefix).any(|at| {
        let before = at.checked_sub(1).and_then(|before| content.get(before));
        let after = content.get(at + prefix.len());
        !before.is_some_and(u8::is_ascii_alphanumeric) && after.is_some_and(u8::is_ascii_digit)
    })
}

/// The ids of the rows read so far, over all inputs of a run.
///
/// Stores 16 bytes for each id: two hashes with keys of this process. The probability that two of ten million ids have the same
/// hashes is below 10^-24.
#[derive(Default)]
pub struct SeenIds {
    seen: HashSet<(u64, u64)>,
    hashers: (RandomState, RandomState),
}

impl SeenIds {
    /// Returns an empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the row's id in its workspace. A generated id that is already there gets the suffix `-2`, `-3` and so on, since two
    /// inputs without ids have rows at the same lines.
    ///
    /// # Errors
    /// [`Problem::DuplicateId`] if an earlier row of the workspace has the same id.
    pub fn admit(&mut self, row: &mut Row) -> Result<(), Problem> {
        if self.insert(row.workspace.as_deref(), &row.contact.id) {
            return Ok(());
        }
        if row.id_origin == IdOrigin::Given {
            return Err(Problem::DuplicateId);
        }
        let made = row.contact.id.clone();
        let mut times = 2_u64;
        loop {
            let id = format!("{made}-{times}");
            if self.insert(row.workspace.as_deref(), &id) {
                row.contact.id = id;
                return Ok(());
            }
            times += 1;
        }
    }

    fn insert(&mut self, workspace: Option<&str>, id: &str) -> bool {
        let (first, second) = &self.hashers;
        self.seen.insert((first.hash_one((workspace, id)), second.hash_one((workspace, id))))
    }
}
