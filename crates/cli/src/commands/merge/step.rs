//! One merge: makes the survivor's row and the line of the patch file from a suggestion and the rows of its members.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use onefold::rules::{self, Judgement, ReviewReason};
use onefold::{Contact, Field, Merge, MergeError, MergePolicy, MergeRequest, Normalizer};

use crate::commands::merge::preview;
use crate::commands::merge::selection::{SuggestionSelection, reason_to_skip};
use crate::commands::merge::suggested_group::{GroupMember, GroupReader, SuggestedGroup, with_code};
use crate::patch_file::{PatchLine, RowLine};
use crate::scan::key_scan::KeyScan;

/// How suggestions are chosen and merged.
pub struct MergeSettings<'a> {
    /// The merge policy.
    pub policy: MergePolicy,
    /// The normaliser, which decides which values are equal.
    pub normalizer: Normalizer,
    /// True if numbers are read as those of the contact's own country.
    pub by_country: bool,
    /// How suggestions are chosen.
    pub selection: SuggestionSelection,
    /// The ids of the suggestions that the command line names.
    pub named: BTreeSet<String>,
    /// True if previews are shown.
    pub shows: bool,
    /// The number of rows that were left out, by the workspace and the id of the first row.
    pub left_out: HashMap<(Option<&'a str>, &'a str), usize>,
}

/// The outcome of a suggestion: merged, left for review, or refused.
pub enum MergeOutcome {
    /// It was merged.
    Made(Box<MergeStep>),
    /// It needs review by the rules.
    Review {
        /// The reason.
        reason: ReviewReason<String>,
        /// The preview, if previews are shown.
        preview: String,
    },
    /// It is not merged, for another reason than the rules.
    Skipped(&'static str),
    /// It cannot be merged.
    Refused {
        /// The id of the suggestion.
        suggestion: String,
        /// The reason.
        refusal: StepRefusal,
    },
}

/// A merge that was made.
pub struct MergeStep {
    /// The line of the patch file.
    pub line: PatchLine,
    /// The survivor's row after the merge.
    pub written: Vec<u8>,
    /// The id of the survivor.
    pub survivor_id: String,
    /// The number of the survivor.
    pub survivor: u32,
    /// The numbers of the retired contacts, in the order of the patch.
    pub retired: Vec<u32>,
    /// The participants with generated ids, each with the offset in the line at which the number of rows like it is inserted.
    pub made: Vec<MadeRow>,
    /// The fields that have no column in the survivor's row.
    pub misfits: Vec<String>,
    /// The names of the data of other rows that is not read and that the row has already, or cannot have: pictures, sounds, keys.
    pub left_out: Vec<String>,
    /// The number of lost values.
    pub lost: usize,
    /// The preview, if previews are shown.
    pub preview: String,
}

/// A row without an id in the line of a merge.
#[derive(Clone, Copy)]
pub struct MadeRow {
    /// The number of the contact.
    pub contact: u32,
    /// The offset in the line.
    pub offset: usize,
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
    /// A contact has several cards.
    #[error("contact {0:?} has several cards with its UID in the file")]
    SeveralCards(String),
    /// A card that would go begins or ends in the middle of a line.
    #[error("the card of contact {0:?} begins or ends in the middle of a line")]
    SharedLine(String),
}

impl MergeSettings<'_> {
    /// Merges a suggestion if it is chosen and passes the rules.
    pub fn outcome(&self, suggested: SuggestedGroup<'_>, reader: &mut GroupReader<'_>) -> MergeOutcome {
        let suggestion = &suggested.suggestion;
        match self.selection {
            SuggestionSelection::Rules => {}
            SuggestionSelection::Keys => {
                if let Some(reason) = reason_to_skip(suggestion) {
                    return MergeOutcome::Skipped(reason);
                }
            }
            SuggestionSelection::Named => {
                if !self.named.contains(&suggestion.id.to_string()) {
                    return MergeOutcome::Skipped("not named");
                }
            }
        }
        let id = suggestion.id;
        self.try_outcome(suggested, reader)
            .unwrap_or_else(|refusal| MergeOutcome::Refused { suggestion: id.to_string(), refusal })
    }

    fn try_outcome(
        &self,
        mut suggested: SuggestedGroup<'_>,
        reader: &mut GroupReader<'_>,
    ) -> Result<MergeOutcome, StepRefusal> {
        if let Some(member) = suggested.members.iter().find(|member| member.differs_alone) {
            return Err(StepRefusal::SeveralCards(member.id.to_owned()));
        }
        let contacts: Option<Vec<Contact<String>>> =
            suggested.members.iter_mut().map(|member| member.contact.take()).collect();
        let mut contacts = contacts.ok_or(StepRefusal::Unrecorded)?;
        if self.selection == SuggestionSelection::Rules
            && let Judgement::Review(reason) = judge(&suggested, &mut contacts, reader)?
        {
            let preview = if self.shows {
                preview::review_text(suggested.workspace, &suggested.suggestion, &reason)
            } else {
                String::new()
            };
            return Ok(MergeOutcome::Review { reason, preview });
        }
        self.step(&suggested, &contacts, reader).map(|step| MergeOutcome::Made(Box::new(step)))
    }

    /// Merges the contacts of a suggestion.
    fn step(
        &self,
        suggested: &SuggestedGroup<'_>,
        contacts: &[Contact<String>],
        reader: &mut GroupReader<'_>,
    ) -> Result<MergeStep, StepRefusal> {
        let merge = self.merge(suggested, contacts)?;
        let member = |id: &String| suggested.members.iter().find(|member| member.id == id);
        let survivor = member(merge.patch.survivor_id()).ok_or(StepRefusal::Unrecorded)?;
        let retired: Option<Vec<&GroupMember<'_>>> = merge.retired().map(member).collect();
        let retired = retired.ok_or(StepRefusal::Unrecorded)?;
        let others = suggested.members.iter().filter(|member| member.number != survivor.number);
        let segments: Vec<&[u8]> = std::iter::once(survivor).chain(others).map(|member| member.bytes).collect();
        for member in &retired {
            // A file that was changed meanwhile is refused later.
            if reader.shares_line(member).unwrap_or(true) {
                return Err(StepRefusal::SharedLine(member.id.to_owned()));
            }
        }
        let composed = reader.input.compose(&segments, merge.survivor()).ok_or(StepRefusal::Unrecorded)?;
        let unfit = composed.misfits.len();
        let mut composed = reader.input.with_unread(composed, segments.get(1..).unwrap_or_default());
        let left_out = composed.misfits.split_off(unfit.min(composed.misfits.len()));
        let json = merge.patch.to_restorable_json().ok_or(StepRefusal::Unrecorded)?;
        let participants: Vec<&GroupMember<'_>> = std::iter::once(survivor).chain(retired.iter().copied()).collect();
        let rows: Vec<RowLine<'_>> =
            participants.iter().map(|member| self.row_line(member, suggested.workspace, reader.scan)).collect();
        let line = PatchLine::new(merge.patch.merge_id(), &rows, &composed.segment, &json);
        let offsets = line.row_ends.iter().zip(&participants).filter(|(_, member)| member.is_made);
        let made = offsets.map(|(&offset, member)| MadeRow { contact: member.number, offset }).collect();
        let preview = if self.shows { preview::text(&merge, &composed.misfits) } else { String::new() };
        Ok(MergeStep {
            line,
            written: composed.segment,
            survivor_id: merge.patch.survivor_id().clone(),
            survivor: survivor.number,
            retired: retired.iter().map(|member| member.number).collect(),
            made,
            misfits: composed.misfits,
            left_out,
            lost: merge.lost.len(),
            preview,
        })
    }

    fn row_line<'a>(&self, member: &GroupMember<'a>, workspace: Option<&str>, scan: &KeyScan) -> RowLine<'a> {
        let place = scan.chunk_of(member.number).map_or(0, |(chunk, number)| chunk.place_of(number));
        let left_out = || self.left_out.get(&(workspace, member.id)).copied().unwrap_or_default();
        RowLine {
            contact: member.id,
            place,
            bytes: member.bytes,
            is_made: member.is_made,
            // Rows without an id are counted after the last merge.
            alike: if member.is_made || self.left_out.is_empty() { 0 } else { left_out() },
        }
    }

    fn merge(
        &self,
        suggested: &SuggestedGroup<'_>,
        contacts: &[Contact<String>],
    ) -> Result<Merge<String>, MergeError<String>> {
        let suggestion = &suggested.suggestion;
        let distinct = suggestion.distinct.iter().cloned();
        let mut request = MergeRequest::new(suggestion.id.to_string()).marked_distinct(distinct);
        if let Some(workspace) = suggested.workspace {
            request = request.in_workspace(workspace);
        }
        let merge = self.policy.merge(contacts, &request, &self.normalizer)?;
        if !self.by_country {
            return Ok(merge);
        }
        // The normaliser needs the code of a country to compare numbers, and the row keeps its name.
        let coded: Vec<Cow<'_, Contact<String>>> = contacts.iter().map(with_code).collect();
        if coded.iter().all(|contact| matches!(contact, Cow::Borrowed(_))) {
            return Ok(merge);
        }
        let coded: Vec<Contact<String>> = coded.into_iter().map(Cow::into_owned).collect();
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

/// Returns the judgement of the merge rules about a suggestion with these contacts.
fn judge(
    suggested: &SuggestedGroup<'_>,
    contacts: &mut Vec<Contact<String>>,
    reader: &mut GroupReader<'_>,
) -> Result<Judgement<String>, StepRefusal> {
    let numbers: Vec<u32> = suggested.members.iter().map(|member| member.number).collect();
    let groups = &reader.scan.groups;
    let members = contacts.len();
    let mut others = Vec::new();
    for number in groups.other_holders(&numbers) {
        let contact = reader.other_holder(number).ok_or(StepRefusal::Unrecorded)?;
        others.push(contact.id.clone());
        contacts.push(contact);
    }
    others.sort_unstable();
    let judgement = rules::judge_with(&suggested.suggestion, contacts, groups.normalizer(), &others);
    contacts.truncate(members);
    Ok(judgement)
}
