//! The roles of users and the operations that each role may carry out.

use std::fmt;

/// The role of a user in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A user who answers contacts.
    Agent,
    /// A user who manages the workspace, elsewhere called administrator.
    Manager,
    /// The owner of the workspace.
    Owner,
}

/// An operation that is subject to permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// View contacts, suggestions, tags and segments.
    View,
    /// Add a contact, edit its fields, and write messages to it.
    EditContact,
    /// Create, assign, remove, rename and delete tags.
    Tag,
    /// Merge contacts.
    Merge,
    /// Undo one's own merge while the survivor is unchanged since the merge.
    UndoAtOnce,
    /// Mark two contacts as distinct, or remove the mark.
    #[serde(rename = "mark_distinct")]
    MarkDistinct,
    /// Remove a channel from a contact.
    RemoveChannel,
    /// Block a contact.
    Block,
    /// Unblock a contact.
    Unblock,
    /// View the history of merges.
    ViewHistory,
    /// Undo any merge.
    UndoFromHistory,
    /// Change settings, channel accounts and segments.
    ChangeSettings,
    /// Define custom fields, and set the order of fields.
    DefineFields,
    /// Import contacts.
    Import,
    /// Export contacts.
    Export,
    /// Delete contacts permanently.
    Delete,
    /// Write a contact without the checks that apply to users.
    WriteRaw,
    /// Read events and the whole state.
    ReadAll,
}

/// The requirement of an operation on its actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// A user of any role.
    AnyRole,
    /// An owner or a manager.
    Manager,
    /// An owner or a manager without restrictions.
    UnrestrictedManager,
    /// The host, which may carry out every operation.
    Host,
}

impl Operation {
    /// All operations, in the order of their requirements.
    pub const ALL: [Self; 18] = [
        Self::View,
        Self::EditContact,
        Self::Tag,
        Self::Merge,
        Self::UndoAtOnce,
        Self::MarkDistinct,
        Self::RemoveChannel,
        Self::Block,
        Self::Unblock,
        Self::ViewHistory,
        Self::UndoFromHistory,
        Self::ChangeSettings,
        Self::DefineFields,
        Self::Import,
        Self::Export,
        Self::Delete,
        Self::WriteRaw,
        Self::ReadAll,
    ];

    /// Returns the requirement of the operation. No other code decides permissions.
    pub fn needs(self) -> Needs {
        match self {
            Self::View | Self::EditContact | Self::Tag | Self::Merge | Self::UndoAtOnce | Self::MarkDistinct => {
                Needs::AnyRole
            }
            Self::RemoveChannel
            | Self::Block
            | Self::Unblock
            | Self::ViewHistory
            | Self::UndoFromHistory
            | Self::ChangeSettings
            | Self::DefineFields
            | Self::Import
            | Self::Export => Needs::Manager,
            Self::Delete => Needs::UnrestrictedManager,
            Self::WriteRaw | Self::ReadAll => Needs::Host,
        }
    }

    /// Returns the name of the operation in JSON, for example `edit_contact`.
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
    /// Returns true if a user with this role and restriction meets the requirement.
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
    fn all_has_each_operation_once() {
        let mut names = Operation::ALL.map(Operation::name).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Operation::ALL.len());
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
