//! Every operation of the protocol, with the arguments that it takes.

use serde_json::value::RawValue;

use crate::Later;
use crate::contacts::import::Existing;
use crate::filter::Filter;
use crate::protocol::argument::{
    Argument, ArgumentKind, DefaultRegion, ExportFormat, Id, Limit, MergeName, Strictness,
};
use crate::protocol::fields::{ContactFields, Each};
use crate::protocol::object::Object;
use crate::protocol::refusal::Refusal;
use crate::protocol::settings_form::SettingsForm;
use onefold::contact::{CustomType, Field, Time, Value};
use onefold::key::Strength;
use onefold::merge::policy::MergePolicy;
use onefold::patch::Edits;

/// An operation as data: what the table of arguments in `docs/protocol.md` is made from.
pub(crate) struct OperationForm {
    pub(crate) name: &'static str,
    pub(crate) arguments: &'static [ArgumentForm],
}

impl OperationForm {
    /// The arguments for a person to read, as in `id: id, set?: contact`.
    fn usage(&self) -> String {
        let usage = |argument: &ArgumentForm| {
            let mark = if argument.is_required { "" } else { "?" };
            format!("{}{mark}: {}", argument.name, argument.kind)
        };
        let usages: Vec<String> = self.arguments.iter().map(usage).collect();
        if usages.is_empty() { "no arguments".to_owned() } else { usages.join(", ") }
    }
}

/// An argument as data.
pub(crate) struct ArgumentForm {
    pub(crate) name: &'static str,
    pub(crate) kind: ArgumentKind,
    pub(crate) is_required: bool,
}

/// The name that an argument has in JSON: that of its field, without what makes a word of Rust a name.
const fn json_name(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}

/// Operations: a variant each, its name, the arguments that it needs and, behind the bar, those that it may have.
macro_rules! requests {
    ($($variant:ident = $name:literal { $($needed:ident: $type:ty),* $(| $($may:ident: $may_type:ty),+)? })+) => {
        /// An operation with its arguments.
        pub(crate) enum Request<'a> {
            $($variant { $($needed: $type,)* $($($may: Option<$may_type>,)+)? },)+
        }

        impl<'a> Request<'a> {
            /// Every operation, in the order in which the document has them.
            pub(crate) const FORMS: &'static [OperationForm] = &[$(OperationForm {
                name: $name,
                arguments: &[
                    $(ArgumentForm {
                        name: json_name(stringify!($needed)),
                        kind: <$type as Argument<'a>>::KIND,
                        is_required: true,
                    },)*
                    $($(ArgumentForm {
                        name: json_name(stringify!($may)),
                        kind: <$may_type as Argument<'a>>::KIND,
                        is_required: false,
                    },)+)?
                ],
            },)+];

            /// The operation of a name with its arguments, which are all that `object` has left.
            ///
            /// # Errors
            /// There is no such operation, or an argument is missing, too much or not what it must be.
            pub(crate) fn read(name: &str, mut object: Object<'a>, strictness: Strictness) -> Result<Self, Refusal> {
                let request = match name {
                    $($name => Self::$variant {
                        $($needed: object.take(json_name(stringify!($needed)), strictness)?,)*
                        $($($may: object.take_optional(json_name(stringify!($may)), strictness)?,)+)?
                    },)+
                    _ => return Err(Refusal::bad_request("there is no operation of this name")),
                };
                object.finish(name).map_err(|refusal| {
                    let form = Self::FORMS.iter().find(|form| form.name == name);
                    let usage = form.map(OperationForm::usage).unwrap_or_default();
                    Refusal { why: format!("{}; it takes {usage}", refusal.why), ..refusal }
                })?;
                Ok(request)
            }
        }
    };
}

requests! {
    Act = "act" {}
    Permissions = "permissions" {}
    Config = "config" { | max_holders: Limit, max_members: Limit, ignore: Vec<String>, normalize: bool }
    Settings = "settings" {
        | region: DefaultRegion, region_from_country: bool, variants: bool, plus_tags: bool, gmail_dots: bool,
        identifiers: Vec<String>, min_strength: Strength, policy: MergePolicy
    }
    GetSettings = "get_settings" {}
    Add = "add" { id: Id, contact: ContactFields<'a> }
    Edit = "edit" { id: Id | set: ContactFields<'a>, unset: Vec<String> }
    Check = "check" {}
    MarkDistinct = "mark_distinct" { a: Id, b: Id | forever: bool }
    ClearDistinct = "clear_distinct" { a: Id, b: Id }
    Block = "block" { id: Id }
    Unblock = "unblock" { id: Id }
    Merge = "merge" { merge: MergeName, into: Id, retire: Vec<Id> | allow_apart: bool, allow_blocked: bool }
    Resolve = "resolve" { id: Id }
    Undo = "undo" { merge: MergeName | edits: Edits, later: Later, distinct: bool }
    Delete = "delete" { id: Id }
    Get = "get" { id: Id }
    Details = "details" { id: Id }
    Keys = "keys" { id: Id }
    MadeOf = "made_of" { id: Id }
    Suggestion = "suggestion" { id: Id }
    Suggestions = "suggestions" { | after: Id, limit: usize }
    Counts = "counts" {}
    Why = "why" { a: Id, b: Id }
    Alike = "alike" { contact: ContactFields<'a> }
    MatchesBlocked = "matches_blocked" { contact: ContactFields<'a> }
    CommonKeys = "common_keys" {}
    State = "state" {}
    Load = "load" { state: String | config: SettingsForm }
    PreviewMerge = "preview_merge" {
        into: Id, retire: Vec<Id> | set: Each<Value>, take: Each<Id>, allow_apart: bool, allow_blocked: bool
    }
    MergeWith = "merge_with" {
        merge: MergeName, into: Id, retire: Vec<Id>
        | set: Each<Value>, take: Each<Id>, allow_apart: bool, allow_blocked: bool
    }
    History = "history" { | after: MergeName, limit: usize }
    SetField = "set_field" { id: Id, field: Field, value: Value }
    DefineField = "define_field" { name: String, r#type: CustomType | preview: bool }
    OrderFields = "order_fields" { fields: Vec<Field> }
    Definitions = "definitions" {}
    RemoveDefinition = "remove_definition" { name: String | preview: bool }
    CreateTag = "create_tag" { tag: String }
    AssignTags = "assign_tags" { contacts: Vec<Id>, tags: Vec<String> }
    Tags = "tags" { | find: String }
    RemoveTags = "remove_tags" { contacts: Vec<Id>, tags: Vec<String> }
    RenameTag = "rename_tag" { tag: String, to: String | preview: bool }
    DeleteTag = "delete_tag" { tag: String | preview: bool }
    SetAccount = "set_account" { account: String, kind: String | title: String, portfolio: String, portfolio_group: String }
    Accounts = "accounts" {}
    Channels = "channels" { id: Id }
    Send = "send" { id: Id, account: String }
    Receive = "receive" {
        id: Id | account: String, identity: String, display_name: String, avatar: String, url: String
    }
    RemoveChannel = "remove_channel" { id: Id, account: String | identity: String }
    RemoveAccount = "remove_account" { account: String }
    Blocked = "blocked" {}
    MonthlyActive = "monthly_active" { from: Time, to: Time }
    ForgetActivity = "forget_activity" { before: Time }
    SaveSegment = "save_segment" { segment: String, filter: Filter }
    Segments = "segments" {}
    Select = "select" { | contacts: Vec<Id>, filter: Filter, segment: String, all: bool }
    Offered = "offered" { selected: usize }
    DeleteSegment = "delete_segment" { segment: String }
    Export = "export" { format: ExportFormat | contacts: Vec<Id>, filter: Filter, segment: String, all: bool }
    Import = "import" { rows: Vec<&'a RawValue> | existing: Existing }
    BeginDeletion = "begin_deletion" {
        confirmed: usize | contacts: Vec<Id>, filter: Filter, segment: String, all: bool
    }
    ContinueDeletion = "continue_deletion" { deletion: u64, limit: usize }
    Deletions = "deletions" {}
    StopDeletion = "stop_deletion" { deletion: u64 }
    Events = "events" { | limit: usize, keep: bool }
    Acknowledge = "acknowledge" { through: u64 }
}
