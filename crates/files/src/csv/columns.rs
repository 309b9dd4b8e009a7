//! The meaning of the columns of a table.

use std::borrow::Cow;

use onefold::Field;
use onefold::contact::fold_name;
use onefold::field_names::role::ValueRole;

use crate::mapping::header;
use crate::mapping::identifier::Identifiers;
use crate::mapping::target::MappingTarget;
use crate::options::Options;
use crate::problem::{InputError, Problem};
use crate::row_builder::custom_field;
use crate::values::split;

/// A column of the table.
pub(crate) struct Column {
    /// The name, which is generated for a column without a header.
    pub(crate) header: String,
    /// The custom field that its cells are read as where they have no other meaning.
    pub(crate) unmapped: Field,
    /// The meaning of the cells.
    pub(crate) target: Option<MappingTarget>,
    /// The identifier that the column is read as, if it is also the row's id.
    pub(crate) identifier: Option<Field>,
    /// True if the cells name the workspace.
    pub(crate) names_workspace: bool,
    /// The column with the labels of the values.
    pub(crate) label: Option<usize>,
    /// True if it becomes a custom field that produces keys: a company's number, or a fax.
    pub(crate) has_role: bool,
    /// True if its numbers are WhatsApp accounts.
    pub(crate) is_whatsapp: bool,
}

impl Column {
    /// Returns the values of a list field that a cell of the column holds. O(n).
    pub(crate) fn values<'a>(&self, field: &Field, cell: &'a str) -> Vec<Cow<'a, str>> {
        let mut values = split::values(field, cell);
        if self.is_whatsapp {
            for value in &mut values {
                if let Cow::Owned(number) = split::international(value) {
                    *value = Cow::Owned(number);
                }
            }
        }
        values
    }

    /// Returns true if its meaning is unknown, or it is a custom field that produces no keys.
    pub(crate) fn is_unread(&self) -> bool {
        let gives_none = matches!(self.target, None | Some(MappingTarget::Field(Field::Custom(_)))) && !self.has_role;
        gives_none && self.identifier.is_none() && !self.names_workspace
    }
}

/// The columns of a table, and the notices about them.
pub(crate) struct Columns {
    /// The columns in their order.
    pub(crate) columns: Vec<Column>,
    /// The identifiers without a column.
    pub(crate) lacking: Vec<String>,
    /// The columns that are read as identifiers instead of their usual meaning.
    pub(crate) replaced: Vec<Problem>,
}

impl Columns {
    /// Returns the columns of the table `name`.
    ///
    /// # Errors
    /// No column can identify a contact, or the options name a field or a column that does not exist.
    pub(crate) fn new(name: &str, headers: Vec<String>, options: &Options) -> Result<Self, InputError> {
        let mut targets = header::guess(&headers);
        for mapping in &options.map {
            let target = mapping.target()?;
            targets.iter_mut().filter(|guess| guess.as_ref() == Some(&target)).for_each(|guess| *guess = None);
        }
        for mapping in &options.map {
            for index in find(name, &headers, &mapping.header)? {
                if let Some(target) = targets.get_mut(index) {
                    *target = Some(mapping.target()?);
                }
            }
        }
        let mut identifiers: Vec<Option<Field>> = vec![None; headers.len()];
        let (mut lacking, mut replaced) = (Vec::new(), Vec::new());
        for (identifier, field) in Identifiers::new(&options.identifiers).iter() {
            let target = MappingTarget::Field(field.clone());
            if targets.contains(&Some(target.clone())) {
                continue;
            }
            let Ok(found) = find(name, &headers, identifier) else {
                lacking.push(identifier.to_owned());
                continue;
            };
            for index in found {
                match (targets.get_mut(index), identifiers.get_mut(index)) {
                    (Some(Some(MappingTarget::Id)), Some(identifier)) => *identifier = Some(field.clone()),
                    (Some(guess), _) => {
                        let was = guess.replace(target.clone());
                        let header = headers.get(index).filter(|_| was.is_some());
                        replaced.extend(header.cloned().map(|header| Problem::IdentifierColumn { header }));
                    }
                    _ => {}
                }
            }
        }
        let workspace = match &options.workspace_column {
            Some(header) => find(name, &headers, header)?.first().copied(),
            None => None,
        };
        let has_role = |header: &str, target: &Option<MappingTarget>| match target {
            None => ValueRole::of_field(&custom_field(header)).is_some(),
            Some(MappingTarget::Field(field @ Field::Custom(_))) => ValueRole::of_field(field).is_some(),
            Some(_) => false,
        };
        let has = |part: &MappingTarget| targets.iter().flatten().any(|target| target == part);
        let has_channel = has(&MappingTarget::ChannelKind) && has(&MappingTarget::ChannelIdentity);
        let has_roles = headers.iter().zip(&targets).any(|(header, target)| has_role(header, target));
        let has_identifier = lacking.len() < options.identifiers.len();
        if !has_channel && !has_roles && !has_identifier && !targets.iter().flatten().any(header::identifies) {
            let looks_like_data = |header: &String| {
                header.contains('@') || header.chars().filter(|c| c.is_numeric()).take(7).count() == 7
            };
            return Err(if headers.iter().any(looks_like_data) {
                // Personal values are not shown.
                InputError::NoHeader { name: name.to_owned() }
            } else {
                InputError::NoUsableColumn { name: name.to_owned(), headers: list(&headers) }
            });
        }
        let labels: Vec<Option<usize>> = targets
            .iter()
            .enumerate()
            .map(|(index, target)| match target {
                Some(MappingTarget::Field(Field::Email | Field::Phone)) => header::label_of(index, &headers),
                _ => None,
            })
            .collect();
        let column = |(index, (header, target)): (usize, (String, Option<MappingTarget>))| {
            let has_role = has_role(&header, &target);
            let is_whatsapp = target == Some(MappingTarget::Field(Field::Phone)) && header::is_whatsapp(&header);
            let header = if header.trim().is_empty() { format!("column {}", index + 1) } else { header };
            Column {
                label: labels.get(index).copied().flatten(),
                has_role,
                is_whatsapp,
                unmapped: custom_field(&header),
                header,
                target,
                identifier: identifiers.get(index).cloned().flatten(),
                names_workspace: workspace == Some(index),
            }
        };
        let columns = headers.into_iter().zip(targets).enumerate().map(column).collect();
        Ok(Self { columns, lacking, replaced })
    }
}

/// Returns the columns with exactly this header, or else those that differ only in case, accents, spaces and punctuation.
fn find(name: &str, headers: &[String], wanted: &str) -> Result<Vec<usize>, InputError> {
    let all = |same: &dyn Fn(&str) -> bool| -> Vec<usize> {
        headers.iter().enumerate().filter(|(_, header)| same(header)).map(|(index, _)| index).collect()
    };
    let exact = all(&|header| header == wanted);
    let found = if exact.is_empty() { all(&|header| fold_name(header) == fold_name(wanted)) } else { exact };
    if found.is_empty() {
        Err(InputError::UnknownHeader { name: name.to_owned(), header: wanted.to_owned(), headers: list(headers) })
    } else {
        Ok(found)
    }
}

fn list(headers: &[String]) -> String {
    let mut names: Vec<_> = headers.iter().take(10).map(|header| format!("{header:?}")).collect();
    if headers.len() > names.len() {
        names.push("others".to_owned());
    }
    names.join(", ")
}
