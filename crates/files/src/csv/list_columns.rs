//! The columns of a list field: which column each value is written to, and the syntax of its cell.
//!
//! A value goes to the column that it has in the survivor's row, or else to the column that it has in another row, with its label.
//! A cell gets several values only if the program that wrote the table splits it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use onefold::Field;
use onefold::contact::fold_name;
use serde_json::value::RawValue;

use crate::csv::column_groups::{ListColumn, ListGroup};
use crate::csv::columns::Column;
use crate::csv::raw_cells::Cells;
use crate::row_builder;
use crate::values::bracket_list::{CellList, ListForm};
use crate::values::cell_assignment::{LEFT_OUT, Room, SHARING, assign};
use crate::values::split::{self, GOOGLE, LabelledText};

/// The score of the cell that a value comes from.
const STAYS: i32 = 8;

/// The score of the column that a value has in another row.
const KNOWS: i32 = 2;

/// A value with its label, which is empty for the contact's own.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Labelled {
    pub(crate) value: String,
    pub(crate) role: String,
}

/// The columns of a list, with their cells in the rows of a merge.
pub(crate) struct ListColumns<'a> {
    group: &'a ListGroup,
    columns: &'a [Column],
    // The survivor's is the first.
    rows: &'a [Cells],
    cells: Vec<ListCell<'a>>,
}

/// The order of values that the columns of a list give.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnOrder {
    /// The order of the list: the columns differ only in their numbers, so the first value is the primary one.
    OfList,
    /// No order: the columns describe their values, as `Mobile` and `Home phone` do.
    ByMeaning,
}

/// One of the columns.
struct ListCell<'a> {
    column: usize,
    room: Room,
    words: &'a BTreeSet<String>,
    label: Option<usize>,
    // The values of each row.
    held: Vec<Vec<Labelled>>,
    // The label of each value of each row, as written.
    labels: Vec<Vec<String>>,
}

impl<'a> ListColumns<'a> {
    /// Returns the columns of a list with their cells in some rows.
    pub(crate) fn of(group: &'a ListGroup, columns: &'a [Column], rows: &'a [Cells]) -> Self {
        let cell = |own: &'a ListColumn| -> Option<ListCell<'a>> {
            let column = columns.get(own.column)?;
            let labelled = |row: &Cells| -> Vec<(Labelled, String)> {
                if row.is_blank(own.column) {
                    return Vec::new();
                }
                let label = column.label.map_or("", |label| row.text(label));
                let of_part = |LabelledText { label, text }: LabelledText<'_>| {
                    let role = if row_builder::is_personal(label) { "" } else { label };
                    let values = column.values(&group.field, text).into_iter().filter(|value| !value.trim().is_empty());
                    let one = |value: Cow<'_, str>| {
                        (Labelled { value: value.into_owned(), role: role.to_owned() }, label.to_owned())
                    };
                    values.map(one).collect::<Vec<_>>()
                };
                split::labelled(row.text(own.column), label).into_iter().flat_map(of_part).collect()
            };
            let (held, labels): (Vec<Vec<Labelled>>, Vec<Vec<String>>) =
                rows.iter().map(|row| labelled(row).into_iter().unzip()).unzip();
            let holds_several = group.is_joined
                || own.is_plural
                || held.iter().any(|values| values.len() > 1)
                || rows.iter().any(|row| CellList::parse(row.text(own.column)).is_some());
            let room = if holds_several { Room::Many } else { Room::One };
            Some(ListCell { column: own.column, room, words: &own.words, label: own.label, held, labels })
        };
        Self { group, columns, rows, cells: group.columns.iter().filter_map(cell).collect() }
    }

    /// Returns the order of values that the columns give.
    pub(crate) fn order(&self) -> ColumnOrder {
        if self.cells.windows(2).all(|pair| pair[0].words == pair[1].words) {
            ColumnOrder::OfList
        } else {
            ColumnOrder::ByMeaning
        }
    }

    /// Returns the label columns of the values, which [`ListColumns::write`] writes.
    pub(crate) fn labels(&self) -> BTreeSet<usize> {
        self.cells.iter().filter_map(|cell| cell.label).collect()
    }

    /// Returns the labels of values that are not the contact's own.
    pub(crate) fn roles(&self) -> BTreeSet<&str> {
        let held = self.cells.iter().flat_map(|cell| &cell.held).flatten();
        held.map(|held| held.role.as_str()).filter(|role| !role.is_empty()).collect()
    }

    /// Returns the cells of the survivor's row that change with these values. A value without room is in no cell.
    pub(crate) fn write(&self, values: &[Labelled]) -> Vec<(usize, String)> {
        let places = self.places(values);
        let mut written = Vec::new();
        for (number, cell) in self.cells.iter().enumerate() {
            let placed = values.iter().zip(&places).filter(|(_, place)| **place == Some(number));
            let placed: Vec<&Labelled> = placed.map(|(value, _)| value).collect();
            let held = cell.held.first().map(Vec::as_slice).unwrap_or_default();
            let stays = placed.iter().copied().eq(held);
            if !stays {
                let texts: Vec<&str> = placed.iter().map(|placed| placed.value.as_str()).collect();
                written.push((cell.column, self.spell(cell, &texts)));
            }
            if let Some(label) = cell.label.filter(|_| !(stays && held.is_empty())) {
                written.push((label, self.label(&placed)));
            }
        }
        written
    }

    /// Returns for each value the number of its column in the list. The contact's own values come first; the others have separate
    /// cells, since a label applies to all values of its cell, except in Google's files.
    fn places(&self, values: &[Labelled]) -> Vec<Option<usize>> {
        let own: Vec<usize> =
            (0..values.len()).filter(|at| values.get(*at).is_some_and(|of| of.role.is_empty())).collect();
        let holds = |cell: &ListCell<'_>, value: &Labelled| cell.held.first().is_some_and(|held| held.contains(value));
        let mut places: Vec<Option<usize>> = vec![None; values.len()];
        let mut is_taken = vec![false; self.cells.len()];
        for (place, value) in places.iter_mut().zip(values).filter(|(_, value)| !value.role.is_empty()) {
            *place = self.cells.iter().position(|cell| holds(cell, value));
            if let Some(taken) = place.and_then(|place| is_taken.get_mut(place))
                && !self.group.is_google
            {
                *taken = true;
            }
        }
        let free: Vec<usize> = (0..self.cells.len()).filter(|cell| is_taken.get(*cell) == Some(&false)).collect();
        for (at, place) in own.iter().zip(self.places_of_own(values, &own, &free)) {
            if let Some(place) = place.and_then(|place| free.get(place)) {
                places[*at] = Some(*place);
                is_taken[*place] = true;
            }
        }
        for at in 0..values.len() {
            let may_move = places.get(at) == Some(&None) && values.get(at).is_some_and(|value| !value.role.is_empty());
            // Without a label it would be read as the contact's own.
            let is_free = |(cell, taken): (&ListCell<'_>, &bool)| !taken && cell.label.is_some();
            let free = self.cells.iter().zip(&is_taken).position(is_free);
            // In Google's files each value of a cell has its own label.
            let shared = || self.cells.iter().position(|cell| self.group.is_google && cell.label.is_some());
            if may_move && let Some(place) = free.or_else(shared) {
                places[at] = Some(place);
                is_taken[place] = true;
            }
        }
        places
    }

    /// Returns for each of the contact's own values the number of its cell among the free ones.
    fn places_of_own(&self, values: &[Labelled], own: &[usize], free: &[usize]) -> Vec<Option<usize>> {
        let cells: Vec<&ListCell<'_>> = free.iter().filter_map(|cell| self.cells.get(*cell)).collect();
        let liking = |value: usize, cell: usize| {
            let value = own.get(value).and_then(|at| values.get(*at));
            let (Some(value), Some(cell)) = (value, cells.get(cell)) else { return 0 };
            let (stays, knows) = match cell.held.split_first() {
                Some((own, others)) => (own.contains(value), others.iter().any(|held| held.contains(value))),
                None => (false, false),
            };
            i32::from(stays) * STAYS + i32::from(knows) * KNOWS
        };
        let rooms: Vec<Room> = cells.iter().map(|cell| cell.room).collect();
        let in_order = assign(own.len(), &rooms, liking);
        if self.order() == ColumnOrder::OfList {
            return in_order;
        }
        let mut by_column = by_column(own.len(), &rooms, liking);
        in_order_among_alike(&mut by_column, &cells);
        // Values keep their order, unless one would leave its column: `Mobile` and `Home` give no order.
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

    /// Returns the text of a cell with these values, in the syntax of the column.
    fn spell(&self, cell: &ListCell<'_>, values: &[&str]) -> String {
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
        join(&self.group.field, values, &self.separators(cell))
    }

    /// Returns a list of objects: those of the rows that hold the values, or new ones with the member that holds theirs.
    fn objects(&self, cell: &ListCell<'_>, values: &[&str]) -> Option<String> {
        let texts: Vec<&str> = self.rows.iter().map(|row| row.text(cell.column)).collect();
        let items = texts.iter().flat_map(|text| serde_json::from_str::<Vec<&RawValue>>(text).unwrap_or_default());
        // Each with its value.
        let known: Vec<(String, &str)> = items
            .filter_map(|item| {
                let value = CellList::parse(&format!("[{}]", item.get()))?.elements.into_iter().next()?;
                Some((value, item.get()))
            })
            .collect();
        let examples = known.iter().filter_map(|(_, item)| serde_json::from_str::<serde_json::Value>(item).ok());
        let example = examples.into_iter().find(serde_json::Value::is_object)?;
        let names = ["value", "email", "address", "number", "phone"];
        let name = names.into_iter().find(|name| example.get(name).is_some_and(serde_json::Value::is_string))?;
        let object = |value: &&str| match known.iter().find(|(known, _)| known == value) {
            Some((_, item)) => (*item).to_owned(),
            None => serde_json::json!({ name: value }).to_string(),
        };
        Some(format!("[{}]", values.iter().map(object).collect::<Vec<_>>().join(",")))
    }

    /// Returns the possible separators of a cell, those of other cells of the column first.
    fn separators(&self, cell: &ListCell<'_>) -> Vec<&'static str> {
        let texts = || self.rows.iter().map(|row| row.text(cell.column));
        let is_additional =
            self.columns.get(cell.column).is_some_and(|column| fold_name(&column.header) == "additionalemailaddresses");
        let has_close =
            |text: &str| text.split(';').skip(1).any(|next| !next.is_empty() && !next.starts_with([' ', '\n']));
        let mut separators = vec!["; ", GOOGLE];
        if self.group.is_google || texts().any(|text| text.contains(GOOGLE)) {
            separators = vec![GOOGLE, "; "];
        } else if is_additional || texts().any(has_close) {
            separators.insert(0, ";");
        }
        separators
    }

    /// Returns the label text of the values of one cell: one label for all, or one for each.
    fn label(&self, values: &[&Labelled]) -> String {
        let labels: Vec<&str> = values.iter().map(|value| self.label_of(value)).collect();
        match labels.as_slice() {
            [] => String::new(),
            [first, others @ ..] if others.iter().all(|label| label == first) => (*first).to_owned(),
            several => several.join(GOOGLE),
        }
    }

    /// Returns the label that a value has in the first row that gives it one.
    fn label_of(&self, value: &Labelled) -> &str {
        let found = (0..self.rows.len()).flat_map(|number| {
            self.cells.iter().filter_map(move |cell| {
                let at = cell.held.get(number)?.iter().position(|held| held == value)?;
                cell.label?;
                Some(cell.labels.get(number)?.get(at)?.as_str()).filter(|label| !label.is_empty())
            })
        });
        found.into_iter().next().unwrap_or_default()
    }
}

/// Puts values into the columns that they have, first those of the survivor, and the others into free columns.
fn by_column(values: usize, rooms: &[Room], liking: impl Fn(usize, usize) -> i32) -> Vec<Option<usize>> {
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

/// Puts the values into equivalent columns in their order.
fn in_order_among_alike(places: &mut [Option<usize>], cells: &[&ListCell<'_>]) {
    let words_of = |place: &Option<usize>| place.and_then(|place| cells.get(place)).map(|cell| cell.words);
    let kinds: BTreeSet<&BTreeSet<String>> = cells.iter().map(|cell| cell.words).collect();
    for kind in kinds {
        let mut taken: Vec<Option<usize>> =
            places.iter().filter(|place| words_of(place) == Some(kind)).copied().collect();
        taken.sort_unstable();
        let mut taken = taken.into_iter();
        for place in places.iter_mut().filter(|place| words_of(place) == Some(kind)) {
            *place = taken.next().flatten();
        }
    }
}

/// Returns a cell text that is read as exactly these values, or `None`.
fn join(field: &Field, values: &[&str], separators: &[&str]) -> String {
    let mut texts = match values {
        [] => return String::new(),
        // A semicolon keeps the commas of a tag together.
        [one] => vec![(*one).to_owned(), format!("{one};")],
        several => separators.iter().map(|separator| several.join(separator)).collect(),
    };
    let trimmed: Vec<&str> = values.iter().map(|value| value.trim()).collect();
    let reads = |text: &String| split::values(field, text).iter().map(|value| value.trim()).eq(trimmed.iter().copied());
    let place = texts.iter().position(reads).unwrap_or_default();
    texts.swap_remove(place)
}
