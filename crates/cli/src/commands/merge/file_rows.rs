//! The rows of the file that is merged: their positions, and the index of their contacts.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use onefold::{Contact, Index, Normalizer, Rules};
use onefold_files::{IdOrigin, Input, country};

use crate::arguments::merge::MergeArguments;
use crate::failure::Failure;
use crate::input::rows::{self, Taken};
use crate::report::Report;

/// The number of contacts that are added to the index together, on all cores.
const BATCH: usize = 16_384;

/// An id, shared by the index and the table of rows.
pub type FileId = Arc<str>;

/// The rows of a file, without their values.
pub struct Sheet {
    /// The contacts of each workspace.
    pub workspaces: BTreeMap<Option<String>, FileWorkspace>,
    /// The rows in the order of the file, with those that were left out because of their id.
    pub rows: Vec<RowPosition>,
    /// The number of rows that were left out, by the workspace and the id of the first row.
    pub left_out: HashMap<(Option<String>, String), usize>,
}

/// The contacts of one workspace.
pub struct FileWorkspace {
    /// The index of the contacts.
    pub index: Index<FileId>,
    /// The number of each contact's row in the file.
    pub rows: HashMap<FileId, usize>,
    waiting: Vec<Contact<FileId>>,
}

/// The position of a row.
pub struct RowPosition {
    /// The bytes in the content of the input.
    pub span: Range<usize>,
    /// The first line.
    pub line: u64,
    /// The number of rows and other lines before it.
    pub place: usize,
    /// True if the id was generated from the line number.
    pub is_made: bool,
}

impl Sheet {
    /// Reads the rows of an input.
    ///
    /// # Errors
    /// No row can be used.
    pub fn read(input: &mut Input, arguments: &MergeArguments, report: &mut Report) -> Result<Self, Failure> {
        let mut sheet = Self { workspaces: BTreeMap::new(), rows: Vec::new(), left_out: HashMap::new() };
        let (rules, normalizer) = (arguments.rules.rules(), arguments.input.normalizer());
        let name = rows::name_of(&arguments.file);
        rows::for_each_row(input, &name, report, |taken, report| {
            let (Taken::Contact(read) | Taken::Duplicate(read)) = &taken;
            let number = sheet.rows.len();
            let is_made = read.id_origin == IdOrigin::Line;
            sheet.rows.push(RowPosition { span: read.span.clone(), line: read.line, place: 0, is_made });
            let read = match taken {
                Taken::Contact(read) => read,
                Taken::Duplicate(read) => {
                    *sheet.left_out.entry((read.workspace, read.contact.id)).or_default() += 1;
                    return Ok(());
                }
            };
            let workspace =
                sheet.workspaces.entry(read.workspace).or_insert_with(|| FileWorkspace::new(&normalizer, rules));
            let contact = country::with_code(read.contact).map_id(FileId::from);
            workspace.rows.insert(contact.id.clone(), number);
            workspace.waiting.push(contact);
            if workspace.waiting.len() >= BATCH {
                workspace.take_waiting(report);
            }
            Ok(())
        })?;
        sheet.workspaces.values_mut().for_each(|workspace| workspace.take_waiting(report));
        number_places(input, &mut sheet.rows);
        Ok(sheet)
    }
}

impl FileWorkspace {
    fn new(normalizer: &Normalizer, rules: Rules) -> Self {
        let index = Index::new(normalizer.clone()).with_rules(rules);
        Self { index, rows: HashMap::new(), waiting: Vec::new() }
    }

    fn take_waiting(&mut self, report: &mut Report) {
        let extended = self.index.extend(&self.waiting);
        report.rejected(extended.rejections.iter().map(|of_contact| &of_contact.rejection));
        self.waiting.clear();
    }
}

/// Counts the rows and other lines before each row.
fn number_places(input: &Input, rows: &mut [RowPosition]) {
    let (mut at, mut count) = (0, 0);
    for row in rows {
        if at < row.span.start {
            count += input.lines_in(at..row.span.start).len();
        }
        row.place = count;
        count += 1;
        at = row.span.end;
    }
}
