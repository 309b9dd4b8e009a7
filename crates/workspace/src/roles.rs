//! Who may do what.

use std::fmt;

/// What a user is in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers contacts.
    Agent,
    /// Looks after the workspace; some call it administrator.
    Manager,
    /// Whose workspace it is.
    Owner,
}

/// What can be asked of a workspace, as far as it depends on who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// To see contacts, suggestions, tags and segments.
    View,
    /// To add a contact, edit its fields, and write to it.
    EditContact,
    /// To create, assign, remove, rename and delete tags.
    Tag,
    /// To merge contacts.
    Merge,
    /// To take one's own merge back at once: the survivor is as the merge has left it.
    UndoAtOnce,
    /// To say that two contacts are two persons, or that this was wrong.
    #[serde(rename = "mark_distinct")]
    MarkDistinct,
    /// To remove a channel from a contact.
    RemoveChannel,
    /// To block a contact.
    Block,
    /// To unblock a contact.
    Unblock,
    /// To see which merges there were.
    ViewHistory,
    /// To undo any merge.
    UndoFromHistory,
    /// To change settings, channel accounts and segments.
    ChangeSettings,
    /// To define custom fields, and to order fields.
    DefineFields,
    /// To import contacts.
    Import,
    /// To export contacts.
    Export,
    /// To delete contacts for good.
    Delete,
    /// To write a contact as it stands, past all that is checked for users.
    WriteRaw,
    /// To take events and the whole state.
    ReadAll,
}

/// What an operation needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// Any role.
    AnyRole,
    /// An owner or a manager.
    Manager,
    /// An owner or a manager without restrictions.
    UnrestrictedManager,
    /// The host itself, which may do everything.
    Host,
}

impl Operation {
    /// Every operation with what it needs: the one place that says so.
    pub const TABLE: [(Self, Needs); 18] = [
        (Self::View, Needs::AnyRole),
        (Self::EditContact, Needs::AnyRole),
        (Self::Tag, Needs::AnyRole),
        (Self::Merge, Needs::AnyRole),
        (Self::UndoAtOnce, Needs::AnyRole),
        (Self::MarkDistinct, Needs::AnyRole),
        (Self::RemoveChannel, Needs::Manager),
        (Self::Block, Needs::Manager),
        (Self::Unblock, Needs::Manager),
        (Self::ViewHistory, Needs::Manager),
        (Self::UndoFromHistory, Needs::Manager),
        (Self::ChangeSettings, Needs::Manager),
        (Self::DefineFields, Needs::Manager),
        (Self::Import, Needs::Manager),
        (Self::Export, Needs::Manager),
        (Self::Delete, Needs::UnrestrictedManager),
        (Self::WriteRaw, Needs::Host),
        (Self::ReadAll, Needs::Host),
    ];

    /// What the operation needs.
    pub fn needs(self) -> Needs {
        let row = Self::TABLE.iter().find(|(operation, _)| *operation == self);
        row.map_or(Needs::Host, |(_, needs)| *needs)
    }

    /// The operation's name in JSON: `edit_contact`.
    pub fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::EditContact => "edit_contact",
            Self::Tag => "tag",
            Self::Merge => "merge",
            Self::UndoAtOnce => "undo_at_once",
            Self::MarkDistinct => "mark_distinct",
            Self::RemoveChannel => "remove_channel",
            Self::Block => "block",
            Self::Unblock => "unblock",
            Self::ViewHistory => "view_history",
            Self::UndoFromHistory => "undo_from_history",
            Self::ChangeSettings => "change_settings",
            Self::DefineFields => "define_fields",
            Self::Import => "import",
            Self::Export => "export",
            Self::Delete => "delete",
            Self::WriteRaw => "write_raw",
            Self::ReadAll => "read_all",
        }
    }
}

impl Needs {
    /// Whether a user has it.
    pub fn are_met_by(self, role: Role, is_restricted: bool) -> bool {
        match self {
            Self::AnyRole => true,
            Self::Manager => role >= Role::Manager,
            Self::UnrestrictedManager => role >= Role::Manager && !is_restricted,
            Self::Host => false,
        }
    }
}

impl fmt::Display for Needs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AnyRole => "any role",
            Self::Manager => "an owner or a manager",
            Self::UnrestrictedManager => "an owner or a manager without restrictions",
            Self::Host => "the host",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_each_operation_once() {
        let mut names: Vec<&str> = Operation::TABLE.iter().map(|(operation, _)| operation.name()).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        for (operation, needs) in Operation::TABLE {
            assert_eq!(operation.needs(), needs);
        }
    }

    #[test]
    fn roles_may_what_their_page_says() {
        let may = |operation: Operation, role, restricted| operation.needs().are_met_by(role, restricted);
        for restricted in [false, true] {
            for role in [Role::Agent, Role::Manager, Role::Owner] {
                assert!(may(Operation::Merge, role, restricted) && may(Operation::UndoAtOnce, role, restricted));
                assert_eq!(may(Operation::Block, role, restricted), role != Role::Agent);
                assert_eq!(may(Operation::UndoFromHistory, role, restricted), role != Role::Agent);
                assert_eq!(may(Operation::Delete, role, restricted), role != Role::Agent && !restricted);
                assert!(!may(Operation::WriteRaw, role, restricted));
            }
        }
    }
}
