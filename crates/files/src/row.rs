//! A row of an input: a contact, where it stood, and what was wrong with it.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

use memchr::memmem;
use onefold::Contact;

use crate::problem::Problem;

/// What comes out of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Item {
    /// A contact.
    Contact(Row),
    /// A row that gave no contact.
    Skipped {
        /// The first line of the row.
        line: u64,
        /// Why.
        problem: Problem,
    },
    /// Something about the input, not about a row.
    Notice {
        /// The line that was reached.
        line: u64,
        /// What.
        problem: Problem,
    },
}

/// One contact of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The first line of the row in the unpacked text, counted from one.
    pub line: u64,
    /// The bytes of the row in the unpacked text: whole lines with what ends them, or an element of an array.
    pub span: Range<usize>,
    /// The contact, with its values as written.
    pub contact: Contact<String>,
    /// Whether the contact's id stood in the row.
    pub id_origin: IdOrigin,
    /// Whether the row says if the contact is blocked; if not, the contact is none that is.
    pub says_blocked: bool,
    /// The workspace it belongs to, if the options name a column for that and the row says one.
    pub workspace: Option<String>,
    /// What was wrong with single values; the row counts all the same.
    pub problems: Vec<Problem>,
}

/// Where the id of a row comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdOrigin {
    /// The row has an id.
    Given,
    /// The row has none; its id is `line-` and the number of its line.
    Line,
}

/// Makes the ids of rows that have none.
#[derive(Default)]
pub(crate) struct LineIds {
    prefix: Option<String>,
}

impl LineIds {
    /// Makes ids that nobody sees, without a look at the content.
    pub(crate) fn unchecked() -> Self {
        Self { prefix: Some("line-".to_owned()) }
    }

    /// The id of the row at `line`: `line-7`, or with more dashes where `content` itself has something
    /// like it, so that no made id is equal to an id in the same input. One pass over `content`, once.
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

/// The beginnings of made ids that a table's text rules out, found piece by piece.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinePrefixes(u64);

impl LinePrefixes {
    /// Takes note of a text. Pieces must end where lines end.
    pub fn note(&mut self, text: &[u8]) {
        for at in memmem::find_iter(text, b"line-") {
            let before = at.checked_sub(1).and_then(|before| text.get(before));
            let rest = text.get(at + 4..).unwrap_or_default();
            let dashes = rest.iter().take_while(|byte| **byte == b'-').count();
            if !before.is_some_and(u8::is_ascii_alphanumeric) && rest.get(dashes).is_some_and(u8::is_ascii_digit) {
                self.0 |= 1_u64.checked_shl(dashes.min(63) as u32).unwrap_or_default();
            }
        }
    }

    /// What either rules out.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The first beginning that is not ruled out; `None` if there are more dashes than are counted.
    pub fn prefix(self) -> Option<String> {
        let dashes = (1..63).find(|dashes| self.0 >> dashes & 1 == 0)?;
        Some(format!("line{}", "-".repeat(dashes)))
    }
}

/// Whether `content` has a word that begins with `prefix` and goes on with a digit.
fn has_id_like(content: &[u8], prefix: &[u8]) -> bool {
    memmem::find_iter(content, prefix).any(|at| {
        let before = at.checked_sub(1).and_then(|before| content.get(before));
        let after = content.get(at + prefix.len());
        !before.is_some_and(u8::is_ascii_alphanumeric) && after.is_some_and(u8::is_ascii_digit)
    })
}

/// The ids of the rows so far, over all inputs of a run.
///
/// Holds 16 bytes for an id, whatever its length: two hashes with keys of this process. That two of ten
/// million ids agree in both by chance is less likely than one in 10^24.
#[derive(Default)]
pub struct SeenIds {
    seen: HashSet<(u64, u64)>,
    hashers: (RandomState, RandomState),
}

impl SeenIds {
    /// No ids.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes note of the row's id in its workspace. An id that was made from a line number gives way: it
    /// gets `-2`, `-3` and so on behind it, as two inputs without ids have rows at the same lines.
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
