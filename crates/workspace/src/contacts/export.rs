//! The export of contacts as JSON Lines or CSV.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::act::Act;
use crate::contacts::csv_cell::{CsvCells, guard_cell};
use crate::inbox::selection::{MAX_SELECTED, Selection};
use crate::roles::Operation;
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId, Field, Value};

/// The separator of several values in one cell. `onefold` reads them back as several values.
const SEPARATOR: &str = " ::: ";

impl<Id: ContactId + Serialize> Workspace<Id> {
    /// Returns the selected contacts in their full JSON form, one per line, in order of their ids. Cost: O(n) in their
    /// size.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not export contacts.
    /// - [`WorkspaceError::TooManySelected`] for more than [`MAX_SELECTED`] contacts selected one by one.
    /// - Those of [`Workspace::selected`].
    ///
    /// # Panics
    /// Panics if an id cannot be serialised to JSON. All common id types can.
    pub fn export_json_lines(&self, selection: &Selection<Id>, act: &Act) -> Result<String, WorkspaceError<Id>> {
        let lines = self.exported(selection, act)?.into_iter().map(|contact| json(contact) + "\n");
        Ok(lines.collect())
    }

    /// Returns the selected contacts as a table for spreadsheets: [`Workspace::export_csv_as`] with
    /// [`CsvCells::Guarded`]. Cost: O(n) in their size.
    ///
    /// # Errors
    /// - Those of [`Workspace::export_json_lines`].
    ///
    /// # Panics
    /// Panics under the same condition as [`Workspace::export_json_lines`].
    pub fn export_csv(&self, selection: &Selection<Id>, act: &Act) -> Result<String, WorkspaceError<Id>> {
        self.export_csv_as(CsvCells::Guarded, selection, act)
    }

    /// Returns the selected contacts as a table (RFC 4180) with a header.
    ///
    /// The columns are the id, the blocked state, the well-known fields that a contact has, and `custom.NAME` for each
    /// custom field that is defined or that a contact has. Several values in a cell are separated by `:::`. Channels,
    /// fields unknown to onefold and other structured values are JSON. Provenance is left out. Cost: O(n) in the size
    /// of the contacts.
    ///
    /// # Errors
    /// - Those of [`Workspace::export_json_lines`].
    ///
    /// # Panics
    /// Panics under the same condition as [`Workspace::export_json_lines`].
    pub fn export_csv_as(
        &self,
        cells: CsvCells,
        selection: &Selection<Id>,
        act: &Act,
    ) -> Result<String, WorkspaceError<Id>> {
        let contacts = self.exported(selection, act)?;
        let held: BTreeSet<&Field> = contacts.iter().flat_map(|contact| contact.fields.keys()).collect();
        let order = self.field_order().into_iter().filter(|field| held.contains(field) || is_custom(field));
        let mut columns: Vec<Field> = order.collect();
        let others = held.into_iter().filter(|field| !columns.contains(field)).cloned();
        let others: Vec<Field> = others.collect();
        columns.extend(others);
        let mut text = String::new();
        let header = ["id".to_owned(), "blocked".to_owned()].into_iter();
        write_row(&mut text, cells, header.chain(columns.iter().map(Field::to_string)));
        for contact in contacts {
            let first = [id_cell(&contact.id), contact.blocked.to_string()].into_iter();
            write_row(&mut text, cells, first.chain(columns.iter().map(|field| cell(contact.get(field)))));
        }
        Ok(text)
    }

    fn exported(&self, selection: &Selection<Id>, act: &Act) -> Result<Vec<&Contact<Id>>, WorkspaceError<Id>> {
        self.allow(act, Operation::Export)?;
        if let Selection::Contacts(ids) = selection
            && ids.len() > MAX_SELECTED
        {
            return Err(WorkspaceError::TooManySelected { selected: ids.len(), limit: MAX_SELECTED });
        }
        Ok(self.selected(selection)?.iter().filter_map(|id| self.get(id)).collect())
    }
}

fn is_custom(field: &Field) -> bool {
    matches!(field, Field::Custom(_))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("contacts and ids can be serialised to JSON")
}

/// Returns a text as it is, and any other id as JSON.
fn id_cell(id: &impl Serialize) -> String {
    let json = json(id);
    serde_json::from_str(&json).unwrap_or(json)
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::List(items)) if items.iter().all(|item| item.as_text().is_some()) => {
            items.iter().filter_map(Value::as_text).collect::<Vec<_>>().join(SEPARATOR)
        }
        Some(value) => value.as_written().map_or_else(|| json(value), str::to_owned),
    }
}

fn write_row(text: &mut String, how: CsvCells, cells: impl Iterator<Item = String>) {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            text.push(',');
        }
        let cell = match how {
            CsvCells::Guarded => guard_cell(&cell),
            CsvCells::AsWritten => cell.as_str().into(),
        };
        if cell.contains([',', ';', '\t', '"', '\n', '\r']) || cell.trim() != cell {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell)
        }
    }
    text.push_str("\r\n");
}
