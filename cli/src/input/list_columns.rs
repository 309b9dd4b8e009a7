//! Where the values of a list go in a row of a table, and how its cells spell them.
//!
//! A value goes where the survivor has it, or else where the contact has it that it comes from, and its label goes with it.
//! A cell holds several values only where the program that wrote the table reads it so.

use std::collections::BTreeSet;

use onefold::Field;

use crate::input::cell_list::{CellList, ListForm};
use crate::input::cells::Cells;
use crate::input::csv::Column;
use crate::input::fold::fold;
use crate::input::split::{self, GOOGLE};
use crate::input::spread::{LEFT_OUT, Room, SHARING, spread};
use crate::input::target::Target;

/// How well a value stands in the cell that it comes from.
const STAYS: i32 = 8;

/// How well a value stands in the column that it comes from in another row.
const KNOWS: i32 = 2;

/// The last word of a header whose cells hold several values.
const PLURALS: &str = "emails mails emailaddresses phones phonenumbers numbers addresses telefones telefonos correos \
celulares moviles enderecos direcciones adressen nummern telefonnummern rufnummern";

/// Words for the kind of a phone or an email, which stands in a column beside it.
const LABELS: &str = "label type kind tipo typ art";

/// The columns of a list, and what the rows of a merge have in them.
pub(super) struct ListColumns<'a> {
    field: &'a Field,
    columns: &'a [Column],
    // The survivor's is the first.
    rows: &'a [Cells],
    cells: Vec<ListCell>,
    is_google: bool,
}

/// One of the columns.
struct ListCell {
    column: usize,
    room: Room,
    label: Option<usize>,
    // The values of each row.
    held: Vec<Vec<String>>,
}

impl<'a> ListColumns<'a> {
    /// The columns of a field that holds a list; `None` if there are none.
    pub(super) fn of(field: &'a Field, columns: &'a [Column], rows: &'a [Cells]) -> Option<Self> {
        let target = Target::Field(field.clone());
        let is_it = |column: &Column| column.target.as_ref() == Some(&target);
        let numbers: Vec<usize> =
            columns.iter().enumerate().filter(|(_, column)| is_it(column)).map(|(number, _)| number).collect();
        let held = |column: usize, row: &Cells| -> Vec<String> {
            if row.is_blank(column) {
                return Vec::new();
            }
            split::values(field, row.text(column)).into_iter().map(|value| value.into_owned()).collect()
        };
        // HubSpot, whose id has this name, reads one address from a cell.
        let stands_alone = numbers.len() == 1 && !columns.iter().any(|column| fold(&column.header) == "recordid");
        let is_google = columns.iter().any(|column| column.header.trim_end().ends_with(" - Value"));
        let cell = |column: usize| -> ListCell {
            let held: Vec<Vec<String>> = rows.iter().map(|row| held(column, row)).collect();
            let is_list = |row: &Cells| CellList::parse(row.text(column)).is_some();
            let holds_several = held.iter().any(|values| values.len() > 1)
                || rows.iter().any(is_list)
                || columns.get(column).is_some_and(|column| is_plural(&column.header));
            let room = match *field == Field::Tags || stands_alone || is_google || holds_several {
                true => Room::Many,
                false => Room::One,
            };
            ListCell { column, room, label: label_of(columns, column), held }
        };
        let cells: Vec<ListCell> = numbers.into_iter().map(cell).collect();
        (!cells.is_empty()).then_some(Self { field, columns, rows, cells, is_google })
    }

    /// The columns with labels of the values, which [`ListColumns::write`] decides.
    pub(super) fn labels(&self) -> BTreeSet<usize> {
        self.cells.iter().filter_map(|cell| cell.label).collect()
    }

    /// The cells of the survivor's row that change when it gets these values. A value for which there is no room is in
    /// none.
    pub(super) fn write(&self, values: &[String]) -> Vec<(usize, String)> {
        let places = self.places(values);
        let mut written = Vec::new();
        for (number, cell) in self.cells.iter().enumerate() {
            let placed = values.iter().zip(&places).filter(|(_, place)| **place == Some(number));
            let placed: Vec<&str> = placed.map(|(value, _)| value.as_str()).collect();
            let held = cell.held.first().map(Vec::as_slice).unwrap_or_default();
            let stays = placed == held;
            if !stays {
                written.push((cell.column, self.spell(cell, &placed)));
            }
            if let Some(label) = cell.label.filter(|_| !(stays && held.is_empty())) {
                written.push((label, self.label(&placed)));
            }
        }
        written
    }

    /// For each value the place of its column among those of the list.
    fn places(&self, values: &[String]) -> Vec<Option<usize>> {
        let liking = |value: usize, cell: usize| {
            let (Some(value), Some(cell)) = (values.get(value), self.cells.get(cell)) else { return 0 };
            let (stays, knows) = match cell.held.split_first() {
                Some((own, others)) => (own.contains(value), others.iter().any(|held| held.contains(value))),
                None => (false, false),
            };
            i32::from(stays) * STAYS + i32::from(knows) * KNOWS
        };
        let rooms: Vec<Room> = self.cells.iter().map(|cell| cell.room).collect();
        let in_order = spread(values.len(), &rooms, liking);
        let by_column = self.by_column(values.len(), &rooms, liking);
        // The order of the values stays, unless that takes a value from its column: `Mobile` and `Home` are no order.
        let score = |places: &[Option<usize>]| {
            let mut used = vec![false; rooms.len()];
            let one = |(value, place): (usize, &Option<usize>)| match place {
                None => -LEFT_OUT,
                Some(cell) => {
                    let shares = used.get_mut(*cell).is_some_and(|used| std::mem::replace(used, true));
                    liking(value, *cell) - if shares { SHARING } else { 0 }
                }
            };
            places.iter().enumerate().map(one).fold(0_i32, i32::saturating_add)
        };
        if score(&in_order) >= score(&by_column) { in_order } else { by_column }
    }

    /// Values in the columns that they stand in, first those of the survivor; the others where there is room.
    fn by_column(&self, values: usize, rooms: &[Room], liking: impl Fn(usize, usize) -> i32) -> Vec<Option<usize>> {
        let mut places: Vec<Option<usize>> = vec![None; values];
        let mut used = vec![false; rooms.len()];
        let is_many = |cell: usize| rooms.get(cell) == Some(&Room::Many);
        for wanted in [STAYS, KNOWS, 0] {
            for (value, place) in places.iter_mut().enumerate().filter(|(_, place)| place.is_none()) {
                let may = |cell: &usize| used.get(*cell) == Some(&false) || (wanted == STAYS && is_many(*cell));
                let cell = (0..rooms.len()).filter(may).find(|cell| liking(value, *cell) >= wanted);
                if let Some(used) = cell.and_then(|cell| used.get_mut(cell)) {
                    *used = true;
                    *place = cell;
                }
            }
        }
        let many = (0..rooms.len()).find(|cell| is_many(*cell));
        places.into_iter().map(|place| place.or(many)).collect()
    }

    /// The text of a cell with these values, as the cells of the column spell them.
    fn spell(&self, cell: &ListCell, values: &[&str]) -> String {
        let texts = || self.rows.iter().map(|row| row.text(cell.column)).filter(|text| !text.trim().is_empty());
        let form = texts().next().and_then(CellList::parse).map(|list| list.form);
        let are_objects = texts().filter_map(CellList::parse).any(|list| list.form == ListForm::JsonObjects);
        let spelled = match form {
            None => None,
            Some(_) if are_objects => self.objects(cell, values),
            Some(form) => form.write(values),
        };
        if let Some(spelled) = spelled {
            return spelled;
        }
        join(self.field, values, &self.separators(cell))
    }

    /// A list of objects: those of the rows that hold the values, or new ones with the member that holds theirs.
    fn objects(&self, cell: &ListCell, values: &[&str]) -> Option<String> {
        let mut known: Vec<(String, serde_json::Value)> = Vec::new();
        for row in self.rows {
            let items: Vec<serde_json::Value> = serde_json::from_str(row.text(cell.column)).unwrap_or_default();
            for item in items {
                let value = CellList::parse(&format!("[{item}]")).and_then(|list| list.elements.into_iter().next());
                known.extend(value.map(|value| (value, item)));
            }
        }
        let (_, example) = known.iter().find(|(_, item)| item.is_object())?;
        let names = ["value", "email", "address", "number", "phone"];
        let name = names.into_iter().find(|name| example.get(name).is_some_and(serde_json::Value::is_string))?;
        let object = |value: &&str| match known.iter().find(|(known, _)| known == value) {
            Some((_, item)) => item.clone(),
            None => serde_json::json!({ name: value }),
        };
        Some(serde_json::Value::Array(values.iter().map(object).collect()).to_string())
    }

    /// What can stand between the values of a cell, the best first: what stands between them in other cells of the column.
    fn separators(&self, cell: &ListCell) -> Vec<&'static str> {
        let texts = || self.rows.iter().map(|row| row.text(cell.column));
        let is_additional =
            self.columns.get(cell.column).is_some_and(|column| fold(&column.header) == "additionalemailaddresses");
        let has_close =
            |text: &str| text.split(';').skip(1).any(|next| !next.is_empty() && !next.starts_with([' ', '\n']));
        let mut separators = vec!["; ", GOOGLE];
        if self.is_google || texts().any(|text| text.contains(GOOGLE)) {
            separators = vec![GOOGLE, "; "];
        } else if is_additional || texts().any(has_close) {
            separators.insert(0, ";");
        }
        separators
    }

    /// The labels of values that stand in one cell: one for all, or one for each.
    fn label(&self, values: &[&str]) -> String {
        let labels: Vec<&str> = values.iter().map(|value| self.label_of(value)).collect();
        match labels.as_slice() {
            [] => String::new(),
            [first, others @ ..] if others.iter().all(|label| label == first) => (*first).to_owned(),
            several => several.join(GOOGLE),
        }
    }

    /// The label that a value has in the first row that gives it one.
    fn label_of(&self, value: &str) -> &'a str {
        let found = self.rows.iter().enumerate().flat_map(|(number, row)| {
            self.cells.iter().filter_map(move |cell| {
                let held = cell.held.get(number)?;
                let at = held.iter().position(|held| held == value)?;
                let text = row.text(cell.label?);
                let labels: Vec<&str> = text.split(GOOGLE).collect();
                let own = if labels.len() == held.len() { labels.get(at).copied()? } else { text };
                Some(own.trim()).filter(|label| !label.is_empty())
            })
        });
        found.into_iter().next().unwrap_or_default()
    }
}

/// The column with the label of the values in another one: `Phone 1 - Label` beside `Phone 1 - Value`.
fn label_of(columns: &[Column], column: usize) -> Option<usize> {
    let words = |header: &str| -> Vec<String> {
        let words = header.split(|letter: char| !letter.is_alphanumeric()).map(fold);
        words.filter(|word| !word.is_empty()).map(|word| word.into_owned()).collect()
    };
    let is_label = |word: &String| LABELS.split(' ').any(|label| label == word);
    let of_value: Vec<String> = words(&columns.get(column)?.header)
        .into_iter()
        .filter(|word| !matches!(word.as_str(), "value" | "number"))
        .collect();
    let mut found = columns.iter().enumerate().filter(|(_, other)| {
        let words = words(&other.header);
        other.target.is_none()
            && words.iter().any(is_label)
            && words.into_iter().filter(|word| !is_label(word)).eq(of_value.iter().cloned())
    });
    // Of two nobody knows which is meant, and what is kept of them is one list.
    let (number, _) = found.next()?;
    found.next().is_none().then_some(number)
}

fn is_plural(header: &str) -> bool {
    let last = header.split(|letter: char| !letter.is_alphanumeric()).map(fold).rfind(|word| !word.is_empty());
    last.is_some_and(|last| PLURALS.split(' ').any(|plural| plural == last))
}

/// The text of a cell that is read as these values, if there is one.
fn join(field: &Field, values: &[&str], separators: &[&str]) -> String {
    let mut texts = match values {
        [] => return String::new(),
        // A semicolon keeps the commas of a tag together.
        [one] => vec![(*one).to_owned(), format!("{one};")],
        several => separators.iter().map(|separator| several.join(separator)).collect(),
    };
    let trimmed: Vec<&str> = values.iter().map(|value| value.trim()).collect();
    let reads = |text: &String| split::values(field, text).iter().map(|piece| piece.trim()).eq(trimmed.iter().copied());
    let place = texts.iter().position(reads).unwrap_or_default();
    texts.swap_remove(place)
}
