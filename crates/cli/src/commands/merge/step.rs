//! One merge: makes the survivor's row from a suggestion and the rows of its members.

use onefold::contact::ContactPair;
use onefold::rules::{self, Judgement};
use onefold::{Contact, Field, Merge, MergeError, MergePolicy, MergeRequest, Normalizer, Patch};
use onefold_files::{Input, country};

use crate::commands::merge::file_rows::{FileId, RowPosition, Sheet};
use crate::commands::merge::selection::Chosen;
use crate::input::row_text::named;
use crate::patch_file::{FileMerge, Original};

/// Makes merges, one after the other.
pub struct Merging<'a> {
    /// The text of the rows.
    pub content: &'a [u8],
    /// Their positions.
    pub sheet: &'a Sheet,
    /// Reads and writes rows in the format of the file.
    pub rows: Input,
    /// The merge policy.
    pub policy: MergePolicy,
    /// The normaliser, which decides which values are equal.
    pub normalizer: Normalizer,
    /// True if numbers are read as those of the contact's own country.
    pub by_country: bool,
}

/// A merge that was made.
pub struct MergeStep {
    /// The merge of the contacts.
    pub merge: Merge<String>,
    /// The merge as the file of patches has it.
    pub merged: FileMerge,
    /// The fields that have no column in the survivor's row.
    pub misfits: Vec<String>,
    /// The number of the survivor's row.
    pub survivor: usize,
    /// The numbers of the retired rows.
    pub retired: Vec<usize>,
}

/// The reason why a merge was not made.
#[derive(Debug, thiserror::Error)]
pub enum StepRefusal {
    /// The policy refuses it.
    #[error(transparent)]
    Policy(#[from] MergeError<String>),
    /// The rows could not be restored from what would be written.
    #[error("a row of the contacts cannot be written to a patch")]
    Unrecorded,
}

impl Merging<'_> {
    /// Returns the members of a suggestion from their rows, in the order of the file.
    ///
    /// # Errors
    /// A row cannot be read alone.
    pub fn contacts(&mut self, chosen: &Chosen) -> Result<Vec<Contact<String>>, StepRefusal> {
        let numbers = self.numbers(chosen);
        numbers.iter().map(|(number, id)| self.contact(*number, id).ok_or(StepRefusal::Unrecorded)).collect()
    }

    /// Returns the judgement of the merge rules about a suggestion with these members.
    ///
    /// # Errors
    /// The row of another holder of a key cannot be read alone.
    pub fn judge(&mut self, chosen: &Chosen, members: &[Contact<String>]) -> Result<Judgement<FileId>, StepRefusal> {
        let Some(workspace) = self.sheet.workspaces.get(&chosen.workspace) else { return Err(StepRefusal::Unrecorded) };
        let mut contacts: Vec<Contact<FileId>> =
            members.iter().map(|contact| contact.clone().map_id(FileId::from)).collect();
        for id in workspace.index.other_holders(&chosen.suggestion) {
            let contact = workspace.rows.get(&id).and_then(|number| self.contact(*number, &id));
            contacts.push(country::with_code(contact.ok_or(StepRefusal::Unrecorded)?).map_id(FileId::from));
        }
        Ok(rules::judge(&chosen.suggestion, &contacts, &workspace.index))
    }

    /// Merges the members of a suggestion.
    ///
    /// # Errors
    /// The policy refuses the merge, or its rows could not be restored.
    pub fn step(&mut self, chosen: &Chosen, contacts: &[Contact<String>]) -> Result<MergeStep, StepRefusal> {
        let (content, sheet) = (self.content, self.sheet);
        let numbers = self.numbers(chosen);
        let merge = self.merge(chosen, contacts)?;
        let number_of = |id: &String| numbers.iter().find(|(_, other)| other == id).map(|(number, _)| *number);
        let survivor = number_of(merge.patch.survivor_id()).ok_or(StepRefusal::Unrecorded)?;
        let retired: Option<Vec<usize>> = merge.retired().map(number_of).collect();
        let retired = retired.ok_or(StepRefusal::Unrecorded)?;
        let others = numbers.iter().map(|(number, _)| *number).filter(|number| *number != survivor);
        let segments: Vec<&[u8]> =
            std::iter::once(survivor).chain(others).map(|number| bytes_of(content, sheet, number)).collect();
        let composed = self.rows.compose(&segments, merge.survivor()).ok_or(StepRefusal::Unrecorded)?;
        let is_safe = Patch::from_json(&merge.patch.to_json()).as_ref() == Ok(&merge.patch);
        if !is_safe {
            return Err(StepRefusal::Unrecorded);
        }
        let merged = FileMerge {
            patch: merge.patch.clone(),
            survivor: self.original(survivor),
            written: composed.segment,
            retired: retired.iter().map(|number| self.original(*number)).collect(),
        };
        Ok(MergeStep { merge, merged, misfits: composed.misfits, survivor, retired })
    }

    /// Returns the members with the numbers of their rows, in the order of the file.
    fn numbers(&self, chosen: &Chosen) -> Vec<(usize, String)> {
        let Some(workspace) = self.sheet.workspaces.get(&chosen.workspace) else { return Vec::new() };
        let members = chosen.suggestion.members.iter();
        let mut numbers: Vec<(usize, String)> =
            members.filter_map(|id| workspace.rows.get(id).map(|number| (*number, id.to_string()))).collect();
        numbers.sort();
        numbers
    }

    fn place(&self, number: usize) -> Option<&RowPosition> {
        self.sheet.rows.get(number)
    }

    fn contact(&mut self, number: usize, id: &str) -> Option<Contact<String>> {
        let span = self.place(number)?.span.clone();
        let contact = named(self.rows.reread(self.content.get(span)?)?, id);
        (contact.id == id).then_some(contact)
    }

    fn original(&self, number: usize) -> Original {
        let (place, is_made) = self.place(number).map_or((0, false), |row| (row.place, row.is_made));
        Original { place, bytes: bytes_of(self.content, self.sheet, number).to_vec(), is_made, alike: 0 }
    }

    fn merge(&self, chosen: &Chosen, contacts: &[Contact<String>]) -> Result<Merge<String>, MergeError<String>> {
        let distinct = chosen.suggestion.distinct.iter().map(|pair| {
            let [a, b] = pair.ids();
            ContactPair::new(a.to_string(), b.to_string())
        });
        let mut request = MergeRequest::new(chosen.suggestion.id.to_string()).marked_distinct(distinct);
        if let Some(workspace) = &chosen.workspace {
            request = request.in_workspace(workspace.as_str());
        }
        let merge = self.policy.merge(contacts, &request, &self.normalizer)?;
        if !self.by_country {
            return Ok(merge);
        }
        // The normaliser needs the code of a country to compare numbers, and the row keeps its name.
        let coded: Vec<Contact<String>> = contacts.iter().cloned().map(country::with_code).collect();
        if coded == contacts {
            return Ok(merge);
        }
        let coded = self.policy.merge(&coded, &request, &self.normalizer)?;
        let mut is_same = true;
        for field in [Field::Phone, Field::Channels] {
            let (plain, coded) = (merge.survivor().get(&field), coded.survivor().get(&field));
            if let Some(numbers) = coded.filter(|_| plain != coded) {
                request = request.set(field, numbers.clone());
                is_same = false;
            }
        }
        if is_same { Ok(merge) } else { self.policy.merge(contacts, &request, &self.normalizer) }
    }
}

fn bytes_of<'a>(content: &'a [u8], sheet: &Sheet, number: usize) -> &'a [u8] {
    sheet.rows.get(number).and_then(|row| content.get(row.span.clone())).unwrap_or_default()
}
