//! The dispatch from each operation of the protocol to the method that carries it out.

mod contacts;
mod inbox;
mod merges;
mod selections;
mod settings;

use crate::Workspace;
use crate::act::Act;
use crate::dispatch::contacts::FieldEdit;
use crate::dispatch::inbox::{GivenAccount, Through};
use crate::dispatch::merges::{MergeParameters, UndoArguments, set_choices};
use crate::dispatch::selections::SelectionArguments;
use crate::dispatch::settings::{Limits, NormalizerForm};
use crate::protocol::Protocol;
use crate::protocol::answer::{Answer, resolved};
use crate::protocol::line::Order;
use crate::protocol::operations::Request;
use crate::protocol::refusal::Refusal;
use crate::protocol::settings_form::SettingsForm;
use crate::roles::Operation;

impl Protocol {
    /// Carries out an operation whose arguments have been read.
    pub(crate) fn carry_out(&mut self, order: Order<'_>, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let is_preview = |preview: Option<bool>| preview.unwrap_or(false);
        match order.request {
            // The actor takes effect when the operation is stored.
            Request::Act {} => {}
            Request::Permissions {} => self.permissions(answer),
            Request::Config { max_holders, max_members, ignore, normalize } => {
                self.configure(Limits { max_holders, max_members, ignore, normalize }, act)?;
            }
            Request::Settings {
                region,
                region_from_country,
                variants,
                plus_tags,
                gmail_dots,
                identifiers,
                min_strength,
                policy,
            } => {
                let reading =
                    NormalizerForm { region, region_from_country, variants, plus_tags, gmail_dots, identifiers };
                self.set_settings(reading, min_strength, policy, act)?;
            }
            Request::GetSettings {} => answer.set("settings", &SettingsForm::of(self.workspace.settings())),
            Request::Add { id, contact } => self.add(id, &contact, act, answer)?,
            Request::Edit { id, set, unset } => {
                self.edit(&id, &FieldEdit { set, unset: unset.unwrap_or_default() }, act, answer)?;
            }
            Request::Check {} => self.workspace.allow(act, Operation::ReadAll)?,
            Request::MarkDistinct { a, b, forever } => {
                if forever.unwrap_or(false) {
                    self.on_two(&a, &b, act, Workspace::mark_distinct_forever)?
                } else {
                    self.on_two(&a, &b, act, Workspace::mark_distinct)?
                }
            }
            Request::ClearDistinct { a, b } => self.on_two(&a, &b, act, Workspace::clear_distinct)?,
            Request::Block { id } => self.on_one(&id, act, Workspace::block)?,
            Request::Unblock { id } => self.on_one(&id, act, Workspace::unblock)?,
            Request::Merge { merge, into, retire, allow_apart, allow_blocked } => {
                let arguments = MergeParameters { into, retire, set: None, take: None, allow_apart, allow_blocked };
                self.merge(merge.0, arguments, act, answer)?;
            }
            Request::Resolve { id } => answer.set("resolved", &resolved(&self.workspace.resolve(&id))),
            Request::Undo { merge, edits, later, distinct } => {
                self.undo(&merge.0, &UndoArguments { edits, later, distinct }, act, answer)?;
            }
            Request::Delete { id } => self.on_one(&id, act, Workspace::delete)?,
            Request::Get { id } => self.get(&id, answer)?,
            Request::Details { id } => self.details(&id, answer)?,
            Request::Keys { id } => self.keys(&id, answer)?,
            Request::MadeOf { id } => answer.set("ids", &self.workspace.made_of(&id)?),
            Request::Suggestion { id } => self.suggestion(&id, answer)?,
            Request::Suggestions { after, limit } => self.suggestions(after.as_ref(), limit, answer),
            Request::Counts {} => self.counts(answer),
            Request::Why { a, b } => self.why(&a, &b, answer)?,
            Request::Alike { contact } => {
                let contact = contact.contact("".into())?;
                answer.set("alike", &self.workspace.index().contacts_like(&contact));
            }
            Request::MatchesBlocked { contact } => {
                let contact = contact.contact("".into())?;
                answer.set("alike", &self.workspace.index().matches_blocked(&contact));
            }
            Request::CommonKeys {} => self.common_keys(answer),
            Request::State {} => self.state(act, answer)?,
            Request::Load { state, config } => self.load(&state, config.as_ref(), act)?,
            Request::PreviewMerge { into, retire, set, take, allow_apart, allow_blocked } => {
                let arguments = MergeParameters { into, retire, set, take, allow_apart, allow_blocked };
                self.preview_merge(arguments, act, answer)?;
            }
            Request::MergeWith { merge, into, retire, set, take, allow_apart, allow_blocked } => {
                let arguments = MergeParameters { into, retire, set, take, allow_apart, allow_blocked };
                let merged = self.merge(merge.0, arguments, act, answer)?;
                set_choices(answer, &merged.choices);
            }
            Request::History { after, limit } => {
                self.history(after.as_ref().map(|after| after.0.as_str()), limit, act, answer)?;
            }
            Request::SetField { id, field, value } => self.set_field(&id, &field, value, act)?,
            Request::DefineField { name, r#type, preview } => {
                if is_preview(preview) {
                    self.preview_definition(&name, &r#type, answer)
                } else {
                    self.define_field(&name, r#type, act, answer)?
                }
            }
            Request::OrderFields { fields } => self.order_fields(&fields, act)?,
            Request::Definitions {} => self.definitions(answer),
            Request::RemoveDefinition { name, preview } => {
                if is_preview(preview) {
                    answer.set("affected", &self.workspace.effect_of_definition(&name, None).affected)
                } else {
                    self.remove_definition(&name, act, answer)?
                }
            }
            Request::CreateTag { tag } => self.create_tag(&tag, act)?,
            Request::AssignTags { contacts, tags } => self.assign_tags(&contacts, &tags, act, answer)?,
            Request::Tags { find } => self.tags(find.as_deref(), answer),
            Request::RemoveTags { contacts, tags } => self.remove_tags(&contacts, &tags, act, answer)?,
            Request::RenameTag { tag, to, preview } => {
                if is_preview(preview) {
                    self.preview_tag(&tag, answer)?
                } else {
                    self.rename_tag(&tag, &to, act, answer)?
                }
            }
            Request::DeleteTag { tag, preview } => {
                if is_preview(preview) {
                    self.preview_tag(&tag, answer)?
                } else {
                    self.delete_tag(&tag, act, answer)?
                }
            }
            Request::SetAccount { account, kind, title, portfolio, portfolio_group } => {
                let given = GivenAccount { kind, title, portfolio, portfolio_group };
                self.set_account(&account, given, act)?;
            }
            Request::Accounts {} => self.accounts(answer),
            Request::Channels { id } => self.channels(&id, answer)?,
            Request::Send { id, account } => self.send(&id, &account, act)?,
            Request::Receive { id, account, identity, display_name, avatar, url } => {
                self.receive(&id, &Through { account, identity, display_name, avatar, url }, act, answer)?;
            }
            Request::RemoveChannel { id, account, identity } => {
                self.remove_channel(&id, &account, identity.as_deref(), act)?;
            }
            Request::RemoveAccount { account } => self.remove_account(&account, act)?,
            Request::Blocked {} => answer.set("blocked", &self.workspace.blocked().collect::<Vec<_>>()),
            Request::MonthlyActive { from, to } => answer.set("active", &self.workspace.monthly_active(from, to)),
            Request::ForgetActivity { before } => self.forget_activity(before, act)?,
            Request::SaveSegment { segment, filter } => self.save_segment(&segment, &filter, act, answer)?,
            Request::Segments {} => self.segments(answer)?,
            Request::Select { contacts, filter, segment, all } => {
                let selection = SelectionArguments { contacts, filter, segment, all }.selection()?;
                self.select(&selection, answer)?;
            }
            Request::Offered { selected } => answer.set("offered", &self.workspace.offered(selected, act)),
            Request::DeleteSegment { segment } => self.delete_segment(&segment, act)?,
            Request::Export { format, contacts, filter, segment, all } => {
                let selection = SelectionArguments { contacts, filter, segment, all }.selection()?;
                self.export(&format, &selection, act, answer)?;
            }
            Request::Import { rows, existing } => self.import(&rows, existing.unwrap_or_default(), act, answer)?,
            Request::BeginDeletion { confirmed, contacts, filter, segment, all } => {
                let selection = SelectionArguments { contacts, filter, segment, all }.selection()?;
                self.begin_deletion(confirmed, &selection, act, answer)?;
            }
            Request::ContinueDeletion { deletion, limit } => {
                self.continue_deletion(deletion, limit, act, answer)?;
            }
            Request::Deletions {} => self.deletions(answer),
            Request::StopDeletion { deletion } => self.stop_deletion(deletion, act, answer)?,
            Request::Events { limit, keep } => self.events(limit, keep.unwrap_or(false), act, answer)?,
            Request::Acknowledge { through } => self.acknowledge(through, act)?,
        }
        Ok(())
    }
}
