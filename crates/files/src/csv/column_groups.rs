//! The columns of a table in groups, by the field that is written to them.

use std::collections::{BTreeMap, BTreeSet};

use onefold::Field;
use onefold::contact::fold_name;

use crate::csv::columns::Column;
use crate::mapping::header;
use crate::mapping::target::MappingTarget;

/// The fields whose columns hold lists.
const LISTS: [Field; 3] = [Field::Email, Field::Phone, Field::Tags];

/// The last word of a header whose cells hold several values.
const PLURALS: &str = "emails mails emailaddresses phones phonenumbers numbers addresses telefones telefonos correos \
celulares moviles enderecos direcciones adressen nummern telefonnummern rufnummern";

/// The columns of a table in groups.
pub(crate) struct ColumnGroups {
    /// The columns of each list.
    pub(crate) lists: Vec<ListGroup>,
    /// The columns of each field of one value.
    pub(crate) singles: BTreeMap<Field, SingleGroup>,
    /// The columns without a known meaning, by the custom field that each is read as.
    pub(crate) unknown: BTreeMap<Field, Vec<usize>>,
}

/// The columns of a list.
pub(crate) struct ListGroup {
    /// The list.
    pub(crate) field: Field,
    /// Its columns, in their order.
    pub(crate) columns: Vec<ListColumn>,
    /// True if cells hold several values whatever the rows say.
    pub(crate) is_joined: bool,
    /// True if the table is Google's.
    pub(crate) is_google: bool,
}

/// A column of a list.
pub(crate) struct ListColumn {
    /// Its number in the table.
    pub(crate) column: usize,
    /// The describing words of its header; columns with the same words are equivalent.
    pub(crate) words: BTreeSet<String>,
    /// The column with the labels of its values, unless another one has its name.
    pub(crate) label: Option<usize>,
    /// True if its header names several values.
    pub(crate) is_plural: bool,
}

/// The columns of a field of one value.
#[derive(Default)]
pub(crate) struct SingleGroup {
    /// All of them, in their order.
    pub(crate) columns: Vec<usize>,
    /// The same columns, by the custom field that a second value of the row is read as.
    pub(crate) further: BTreeMap<Field, Vec<usize>>,
}

impl ColumnGroups {
    /// Returns the groups of the columns of a table. O(n log n).
    pub(crate) fn of(columns: &[Column]) -> Self {
        let (mut singles, mut unknown) = (BTreeMap::<Field, SingleGroup>::new(), BTreeMap::<Field, Vec<usize>>::new());
        for (index, column) in columns.iter().enumerate() {
            match &column.target {
                None => unknown.entry(column.unmapped.clone()).or_default().push(index),
                Some(MappingTarget::Field(field)) if !LISTS.contains(field) && *field != Field::Channels => {
                    let group = singles.entry(field.clone()).or_default();
                    group.columns.push(index);
                    group.further.entry(column.unmapped.clone()).or_default().push(index);
                }
                Some(_) => {}
            }
        }
        let is_google = columns.iter().any(|column| column.header.trim_end().ends_with(" - Value"));
        let lists = LISTS.into_iter().filter_map(|field| ListGroup::of(field, columns, is_google));
        Self { lists: lists.collect(), singles, unknown }
    }
}

impl ListGroup {
    /// Returns the columns of a list; `None` if there are none.
    fn of(field: Field, columns: &[Column], is_google: bool) -> Option<Self> {
        let target = Some(MappingTarget::Field(field.clone()));
        let mut own: Vec<ListColumn> = Vec::new();
        for (index, column) in columns.iter().enumerate().filter(|(_, column)| column.target == target) {
            // Two label columns of one name are ambiguous.
            let is_unique = |label: &usize| {
                let header = columns.get(*label).map(|column| &column.header);
                columns.iter().filter(|other| Some(&other.header) == header).count() == 1
            };
            own.push(ListColumn {
                column: index,
                words: header::qualifiers(&column.header),
                label: column.label.filter(is_unique),
                is_plural: is_plural(&column.header),
            });
        }
        // HubSpot, whose id column has this name, reads one address per cell.
        let stands_alone = own.len() == 1 && !columns.iter().any(|column| fold_name(&column.header) == "recordid");
        let is_joined = field == Field::Tags || stands_alone || is_google;
        (!own.is_empty()).then_some(Self { field, columns: own, is_joined, is_google })
    }

    /// Returns true if values of the list may have labels in columns beside them.
    pub(crate) fn has_labels(&self, columns: &[Column]) -> bool {
        self.columns.iter().any(|own| columns.get(own.column).is_some_and(|column| column.label.is_some()))
    }
}

/// Returns true if a header names several values.
fn is_plural(header: &str) -> bool {
    let last = header.split(|letter: char| !letter.is_alphanumeric()).map(fold_name).rfind(|word| !word.is_empty());
    last.is_some_and(|last| PLURALS.split(' ').any(|plural| plural == last))
}
