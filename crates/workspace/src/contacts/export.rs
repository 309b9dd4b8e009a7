//! Contacts out of a workspace, as JSON Lines or as CSV.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::act::Act;
use crate::contacts::csv_cell::{CsvCells, guard_cell};
use crate::inbox::selection::{MAX_SELECTED, Selection};
use crate::roles::Operation;
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId, Field, Value};

/// What stands between several values in one cell; `onefold` reads it back as several.
const SEPARATOR: &str = " ::: ";

impl<Id: ContactId + Serialize> Workspace<Id> {
    /// The selected contacts in their JSON form, one on a line, in order of their ids: nothing of them is left out.
    /// O(n) in their size.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`], [`WorkspaceError::TooManySelected`] for more than [`MAX_SELECTED`] contacts selected
    /// one by one, and as [`Workspace::selected`].
    ///
    /// # Panics
    /// If an id cannot be serialised to JSON, which no ordinary type of id does.
    pub fn export_json_lines(&self, selection: &Selection<Id>, act: &Act) -> Result<String, WorkspaceError<Id>> {
        let lines = self.exported(selection, act)?.into_iter().map(|contact| json(contact) + "\n");
        Ok(lines.collect())
    }

    /// The selected contacts as a table that a spreadsheet may open: [`Workspace::export_csv_as`] with
    /// [`CsvCells::Guarded`]. O(n) in their size.
    ///
    /// # Errors
    /// As [`Workspace::export_json_lines`].
    ///
    /// # Panics
    /// As [`Workspace::export_json_lines`].
    pub fn export_csv(&self, selection: &Selection<Id>, act: &Act) -> Result<String, WorkspaceError<Id>> {
        self.export_csv_as(CsvCells::Guarded, selection, act)
    }

    /// The selected contacts as a table (RFC 4180) with a header: the id, whether it is blocked, the well-known fields
    /// that one of them has, and a column `custom.NAME` for each custom field that one of them has or that is defined.
    /// Several values share a cell with `:::` between them; channels, fields that onefold does not know, and whatever
    /// is no text, number or time are JSON. Provenance is left out. O(n) in their size.
    ///
    /// # Errors
    /// As [`Workspace::export_json_lines`].
    ///
    /// # Panics
    /// As [`Workspace::export_json_lines`].
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

/// A text as it is, anything else as JSON.
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
