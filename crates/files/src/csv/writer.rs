//! Writes a merged contact as a row of a table.
//!
//! Only cells of changed fields are written. A value of a field with several columns goes to the column that it has in the
//! survivor's row, or else to the one that it has in another row.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use onefold::contact::CustomState;
use onefold::{Contact, Field, Value};

use crate::csv::Csv;
use crate::csv::column_groups::{ColumnGroups, ListGroup, SingleGroup};
use crate::csv::columns::Column;
use crate::csv::list_columns::{ColumnOrder, Labelled, ListColumns};
use crate::csv::raw_cells::Cells;
use crate::json::members::{self, ObjectText};
use crate::mapping::target::MappingTarget;
use crate::merged_row::{Composed, Likeness, cell_text, changed_fields, custom_state, differences};
use crate::row_builder::{custom_field, role_name};
use crate::values::split::GOOGLE;
use crate::values::timestamp;

impl Csv {
    /// Returns the record of `merged`, which replaces the first of `segments`; the others are the rows of the other merged contacts.
    /// Returns `None` if the first is not one row of the table.
    pub(crate) fn compose(&mut self, segments: &[&[u8]], merged: &Contact<String>) -> Option<Composed> {
        let survivor = self.reread(segments.first()?)?;
        let rows: Vec<Cells> = segments.iter().filter_map(|segment| self.cells(segment)).collect();
        let (first, others) = rows.split_first()?;
        let others: Vec<&Cells> = others.iter().collect();
        let groups = self.groups.take().unwrap_or_else(|| ColumnGroups::of(&self.columns));
        let mut best: Option<Composed> = None;
        for written in [WrittenFields::Changed, WrittenFields::All] {
            let mut row = CsvRow {
                columns: self.columns(),
                groups: &groups,
                rows: &rows,
                merged,
                fields: written.of(&survivor.contact, merged),
                changes: BTreeMap::new(),
                labels: BTreeSet::new(),
                unordered: BTreeSet::new(),
            };
            row.write(&survivor.contact);
            let labels: Vec<(Field, String)> = row.labels.iter().filter_map(|label| row.label(*label)).collect();
            let unordered = row.unordered;
            let changes: Vec<(usize, String)> = row.changes.into_iter().collect();
            let segment = first.with(&changes, &others);
            let Some(read) = self.reread(&segment) else { continue };
            let stays = (&read.workspace, read.id_origin, &read.contact.id)
                == (&survivor.workspace, survivor.id_origin, &survivor.contact.id);
            let expected = as_in_a_row(merged, &labels, &unordered, &read.contact);
            let misfits = differences(&read.contact, &expected, Likeness::InCells);
            if stays && best.as_ref().is_none_or(|best| misfits.len() < best.misfits.len()) {
                best = Some(Composed { segment, misfits });
            }
            if best.as_ref().is_some_and(|best| best.misfits.is_empty()) {
                break;
            }
        }
        self.groups = Some(groups);
        best.or_else(|| {
            let misfits = differences(&survivor.contact, merged, Likeness::InCells);
            Some(Composed { segment: segments.first()?.to_vec(), misfits })
        })
    }

    fn cells(&mut self, segment: &[u8]) -> Option<Cells> {
        self.with_record(segment, |_, records, _| Cells::new(segment, records))
    }
}

/// The fields whose cells are written.
#[derive(Clone, Copy)]
enum WrittenFields {
    /// Those that the merge changed.
    Changed,
    /// All of them, if writing the changed ones is not enough.
    All,
}

impl WrittenFields {
    fn of<'a>(self, survivor: &'a Contact<String>, merged: &'a Contact<String>) -> BTreeSet<&'a Field> {
        match self {
            Self::Changed => changed_fields(survivor, merged, Likeness::InCells).collect(),
            Self::All => survivor.fields.keys().chain(merged.fields.keys()).collect(),
        }
    }
}

/// A record that is being written.
struct CsvRow<'a> {
    columns: &'a [Column],
    groups: &'a ColumnGroups,
    // The survivor's is the first.
    rows: &'a [Cells],
    merged: &'a Contact<String>,
    // The fields whose cells are written.
    fields: BTreeSet<&'a Field>,
    changes: BTreeMap<usize, String>,
    // The label columns of list values.
    labels: BTreeSet<usize>,
    // The lists whose columns have no order.
    unordered: BTreeSet<Field>,
}

impl CsvRow<'_> {
    fn write(&mut self, survivor: &Contact<String>) {
        let groups = self.groups;
        groups.lists.iter().for_each(|list| self.write_list(list));
        self.write_channels();
        self.write_custom(survivor);
        groups.singles.iter().for_each(|(field, single)| self.write_single(field, single));
        groups.unknown.iter().for_each(|(field, columns)| self.write_unknown(field, columns));
        self.write_leftovers();
        if self.merged.blocked != survivor.blocked {
            self.write_blocked();
        }
    }

    fn columns_of(&self, target: &MappingTarget) -> Vec<usize> {
        let is_it = |column: &Column| column.target.as_ref() == Some(target);
        self.columns.iter().enumerate().filter(|(_, column)| is_it(column)).map(|(index, _)| index).collect()
    }

    fn set(&mut self, column: usize, text: impl Into<String>) {
        self.changes.insert(column, text.into());
    }

    fn held(&self, column: usize) -> &str {
        self.rows.first().map_or("", |row| row.text(column))
    }

    /// Returns the text of the row in a label column.
    fn label(&self, column: usize) -> Option<(Field, String)> {
        let text = self.changes.get(&column).map_or_else(|| self.held(column), String::as_str);
        Some((self.columns.get(column)?.unmapped.clone(), text.to_owned()))
    }

    fn is_blank(&self, column: usize) -> bool {
        self.held(column).trim().is_empty()
    }

    /// Returns the texts of a value, one for each element of a list.
    fn texts(&self, field: &Field) -> Vec<String> {
        let texts = match self.merged.get(field) {
            None => Vec::new(),
            Some(Value::List(items)) => items.iter().map(cell_text).collect(),
            Some(value) => vec![cell_text(value)],
        };
        texts.into_iter().filter(|text| !text.trim().is_empty()).collect()
    }

    fn write_list(&mut self, group: &ListGroup) {
        let field = &group.field;
        if !self.fields.contains(field) && !group.has_labels(self.columns) {
            return;
        }
        let list = ListColumns::of(group, self.columns, self.rows);
        let role_fields: Vec<(&str, Field)> =
            list.roles().into_iter().filter_map(|role| Some((role, custom_field(&role_name(field, role)?)))).collect();
        let is_to_write = |field: &Field| self.fields.contains(field);
        if !is_to_write(field) && !role_fields.iter().any(|(_, field)| is_to_write(field)) {
            return;
        }
        let own = self.texts(field).into_iter().map(|value| Labelled { value, role: String::new() });
        let mut values: Vec<Labelled> = own.collect();
        for (role, field) in &role_fields {
            values.extend(self.texts(field).into_iter().map(|value| Labelled { value, role: (*role).to_owned() }));
        }
        list.write(&values).into_iter().for_each(|(column, text)| self.set(column, text));
        self.labels.extend(list.labels());
        if list.order() == ColumnOrder::ByMeaning {
            self.unordered.insert(field.clone());
        }
    }

    /// Writes a field of one value, and the custom fields of its further columns.
    fn write_single(&mut self, field: &Field, group: &SingleGroup) {
        let SingleGroup { columns, further } = group;
        let is_to_write = self.fields.contains(field) || further.keys().any(|name| self.fields.contains(name));
        if !is_to_write {
            return;
        }
        let first = columns.iter().copied().find(|column| !self.is_blank(*column));
        let mut carried: BTreeMap<usize, String> = BTreeMap::new();
        for (name, named) in further {
            let texts = self.texts(name);
            let held: Vec<usize> =
                named.iter().copied().filter(|column| !self.is_blank(*column) && Some(*column) != first).collect();
            let places = if held.len() == texts.len() {
                held
            } else {
                // The last columns, as the value of the field comes first.
                named.iter().copied().skip(named.len().saturating_sub(texts.len())).collect()
            };
            carried.extend(places.into_iter().zip(texts));
        }
        let text = self.single_text(field, columns);
        let end = carried.keys().next().copied().unwrap_or(usize::MAX);
        let has_it = |column: &usize| self.rows.iter().skip(1).any(|row| row.text(*column) == text);
        let free = || columns.iter().copied().filter(|column| *column < end);
        let place =
            free().find(|column| Some(*column) == first).or_else(|| free().find(has_it)).or_else(|| free().next());
        for &column in columns {
            let written = match carried.remove(&column) {
                _ if Some(column) == place && !text.is_empty() => text.clone(),
                carried => carried.unwrap_or_default(),
            };
            if !(written.is_empty() && self.is_blank(column)) {
                self.set(column, written);
            }
        }
    }

    /// Returns the text of a field of one value. A time stays a number if a row writes it as one.
    fn single_text(&self, field: &Field, columns: &[usize]) -> String {
        if let Some(Value::Time(time)) = self.merged.get(field)
            && time.text().is_none()
        {
            let cells = self.rows.iter().flat_map(|row| columns.iter().map(|column| row.text(*column)));
            let says_it = |cell: &&str| timestamp::from_cell(cell).as_ref() == Some(time);
            if let Some(cell) = cells.into_iter().find(says_it) {
                return cell.to_owned();
            }
        }
        self.texts(field).join("; ")
    }

    /// Writes the columns of one custom field.
    fn write_unknown(&mut self, name: &Field, columns: &[usize]) {
        if !self.fields.contains(name) {
            return;
        }
        if columns.iter().all(|column| self.labels.contains(column)) {
            return;
        }
        let texts = self.texts(name);
        let held: Vec<usize> = columns.iter().copied().filter(|column| !self.is_blank(*column)).collect();
        let places = if held.len() == texts.len() { held } else { columns.to_vec() };
        let written: BTreeMap<usize, String> = places.into_iter().zip(texts).collect();
        for &column in columns {
            match written.get(&column) {
                Some(text) => self.set(column, text.clone()),
                None if self.is_blank(column) => {}
                None => self.set(column, ""),
            }
        }
    }

    fn write_channels(&mut self) {
        if !self.fields.contains(&Field::Channels) {
            return;
        }
        let of_parts = [MappingTarget::ChannelKind, MappingTarget::ChannelIdentity, MappingTarget::ChannelAccount]
            .map(|part| self.columns_of(&part));
        let lists = self.columns_of(&MappingTarget::Field(Field::Channels));
        let channels = self.merged.channels();
        let mut texts = [String::new(), String::new(), String::new()];
        if let Some((list, more)) = lists.split_first() {
            let text = match self.merged.get(&Field::Channels) {
                Some(value) if !value.is_empty() => cell_text(value),
                _ => String::new(),
            };
            self.set(*list, text);
            more.iter().for_each(|column| self.set(*column, ""));
        } else {
            let kinds = channels.iter().map(|channel| channel.kind.name());
            texts[0] = kinds.collect::<Vec<_>>().join(GOOGLE);
            texts[1] = channels.iter().map(|channel| channel.identity.as_str()).collect::<Vec<_>>().join(GOOGLE);
            if channels.iter().any(|channel| !channel.account.is_empty()) {
                texts[2] = channels.iter().map(|channel| channel.account.as_str()).collect::<Vec<_>>().join(GOOGLE);
            }
        }
        for (columns, text) in of_parts.iter().zip(texts) {
            if let Some((first, more)) = columns.split_first() {
                // An unchanged kind keeps its case.
                if self.held(*first).to_lowercase() != text.to_lowercase() {
                    self.set(*first, text);
                }
                more.iter()
                    .filter(|column| !self.is_blank(**column))
                    .copied()
                    .collect::<Vec<_>>()
                    .into_iter()
                    .for_each(|column| self.set(column, ""));
            }
        }
    }

    /// Writes the custom fields without a column into the JSON object of all custom fields.
    fn write_custom(&mut self, survivor: &Contact<String>) {
        let columns = self.columns_of(&MappingTarget::CustomFields);
        let Some(column) = columns.first().copied() else { return };
        let state = custom_state(self.merged, Likeness::InCells);
        let customs: Vec<&Field> =
            self.fields.iter().filter(|field| matches!(field, Field::Custom(_))).copied().collect();
        if customs.is_empty() && state == custom_state(survivor, Likeness::InCells) {
            return;
        }
        let mut object = ObjectText::parse(self.held(column).trim()).unwrap_or_else(ObjectText::empty);
        for field in customs {
            let has_column = self.groups.singles.contains_key(field);
            match self.merged.get(field).filter(|_| !has_column) {
                Some(value) => {
                    object.set(field.name(), &serde_json::to_string(value).unwrap_or_else(|_| members::text("")))
                }
                None => object.remove(field.name()),
            }
        }
        let is_empty = object.names().next().is_none();
        self.set(column, if is_empty && state != CustomState::Present { String::new() } else { object.render() });
        for column in columns.into_iter().skip(1).filter(|column| !self.is_blank(*column)).collect::<Vec<_>>() {
            self.set(column, "");
        }
    }

    /// Writes texts that became custom fields because they were no channel or no object of custom fields.
    fn write_leftovers(&mut self) {
        for (index, column) in self.columns.iter().enumerate() {
            let is_free = match column.target {
                Some(MappingTarget::ChannelKind | MappingTarget::ChannelIdentity | MappingTarget::ChannelAccount) => {
                    self.merged.channels().is_empty()
                }
                Some(MappingTarget::CustomFields) => {
                    custom_state(self.merged, Likeness::InCells) == CustomState::Absent
                }
                _ => false,
            };
            if is_free && self.fields.contains(&column.unmapped) {
                self.set(index, self.texts(&column.unmapped).join("; "));
            }
        }
    }

    /// Writes the opposite of the current word, or the word of other rows.
    fn write_blocked(&mut self) {
        const WORDS: [(&str, &str); 6] =
            [("true", "false"), ("1", "0"), ("yes", "no"), ("sim", "n\u{e3}o"), ("s\u{ed}", "no"), ("x", "")];
        for column in self.columns_of(&MappingTarget::Blocked) {
            let word = self.held(column).trim().to_lowercase();
            let text = if self.merged.blocked {
                WORDS.iter().find(|(_, no)| !word.is_empty() && *no == word).map_or("true", |(yes, _)| yes)
            } else {
                WORDS.iter().find(|(yes, _)| *yes == word).map_or("", |(_, no)| no)
            };
            self.set(column, text);
        }
    }
}

/// Returns the merged contact as a row can hold it: with labels beside values, and with lists in the order of describing columns.
fn as_in_a_row<'a>(
    merged: &'a Contact<String>,
    labels: &[(Field, String)],
    unordered: &BTreeSet<Field>,
    read: &Contact<String>,
) -> Cow<'a, Contact<String>> {
    if labels.is_empty() && unordered.is_empty() {
        return Cow::Borrowed(merged);
    }
    let mut expected = merged.clone();
    for (field, text) in labels {
        if text.trim().is_empty() {
            drop(expected.fields.remove(field))
        } else {
            drop(expected.fields.insert(field.clone(), text.as_str().into()))
        }
    }
    for field in unordered {
        let sorted = |value: Option<&Value>| match value {
            Some(Value::List(items)) => {
                let mut texts: Vec<String> = items.iter().map(|item| cell_text(item).trim().to_owned()).collect();
                texts.sort_unstable();
                Some(texts)
            }
            _ => None,
        };
        let found = sorted(read.get(field));
        if found.is_some() && found == sorted(expected.get(field)) {
            expected.fields.extend(read.get(field).map(|value| (field.clone(), value.clone())));
        }
    }
    Cow::Owned(expected)
}
