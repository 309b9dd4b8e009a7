//! The custom fields of a workspace, and the order of all fields.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::act::Act;
use crate::applied::Applied;
use crate::inbox::names;
use crate::inbox::tags::Affected;
use crate::roles::Operation;
use crate::rows::tables::{DefinitionTable, FieldOrderTable};
use crate::{Workspace, WorkspaceError};
use onefold::contact::{ContactId, CustomType, Field};

/// The contacts and segments affected by a change of a custom field's definition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DefinitionEffect<Id> {
    /// The number of live contacts with a value in the field, and the segments that refer to the field.
    pub affected: Affected,
    /// The live contacts whose value does not fit the type, in order. Their values stay until they are edited.
    pub misfits: Vec<Id>,
}

impl<Id: ContactId> Workspace<Id> {
    /// Returns the defined custom fields with their types, by name.
    pub fn definitions(&self) -> impl Iterator<Item = (&str, &CustomType)> {
        self.rows.tables().definitions.rows().iter().map(|(name, kind)| (&**name, kind))
    }

    /// Defines a custom field, or changes its type.
    ///
    /// No contact changes. Contacts whose value does not fit the type are returned. Cost: O(n) for n contacts.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not define fields.
    /// - [`WorkspaceError::BadName`] if the name is not valid.
    /// - [`WorkspaceError::BadChoices`] if a list has no choices, a blank one, or one twice.
    pub fn define_field(
        &mut self,
        name: &str,
        kind: CustomType,
        act: &Act,
    ) -> Result<Applied<Id, DefinitionEffect<Id>>, WorkspaceError<Id>> {
        self.allow(act, Operation::DefineFields)?;
        let name = names::checked(name, "custom field")?;
        if let Some(fault) = kind.fault() {
            return Err(WorkspaceError::BadChoices { field: Field::Custom(name), fault });
        }
        let effect = self.effect_of_definition(&name, Some(&kind));
        self.transact(act, |workspace| {
            workspace.rows.set::<DefinitionTable>(name, Some(kind));
            Ok(effect)
        })
    }

    /// Removes the definition of a custom field, so that users can no longer edit the field.
    ///
    /// The values of contacts stay, and can be edited when the field is defined again. Cost: O(n) for n contacts.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not define fields.
    /// - [`WorkspaceError::UnknownField`] if the field is not defined.
    pub fn remove_definition(
        &mut self,
        name: &str,
        act: &Act,
    ) -> Result<Applied<Id, DefinitionEffect<Id>>, WorkspaceError<Id>> {
        self.allow(act, Operation::DefineFields)?;
        if !self.rows.tables().definitions.rows().contains_key(name) {
            return Err(WorkspaceError::UnknownField { field: Field::Custom(name.into()) });
        }
        let effect = self.effect_of_definition(name, None);
        self.transact(act, |workspace| {
            workspace.rows.set::<DefinitionTable>(name.into(), None);
            Ok(effect)
        })
    }

    /// Returns the effect of [`Workspace::define_field`] with the type `kind`, or of [`Workspace::remove_definition`]
    /// for `None`, without changing anything. Cost: O(n) for n contacts.
    pub fn effect_of_definition(&self, name: &str, kind: Option<&CustomType>) -> DefinitionEffect<Id> {
        let field = Field::Custom(name.into());
        let held = || self.contacts().filter_map(|contact| Some((contact, contact.get(&field)?)));
        let misfits = held().filter(|(_, value)| kind.is_some_and(|kind| !value.is_empty() && !kind.fits(value)));
        DefinitionEffect {
            affected: Affected {
                contacts: held().filter(|(_, value)| !value.is_empty()).count(),
                segments: self.segments_that(|filter| filter.asks_for_field(&field)),
            },
            misfits: misfits.map(|(contact, _)| contact.id.clone()).collect(),
        }
    }

    /// Sets the order of fields: first those in `first`, each once, then all others.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not define fields.
    /// - [`WorkspaceError::UnknownField`] for an undefined custom field or a field unknown to onefold.
    pub fn order_fields(&mut self, first: &[Field], act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::DefineFields)?;
        let is_unknown = |field: &&Field| match field {
            Field::Custom(name) => !self.rows.tables().definitions.rows().contains_key(name),
            Field::Other(_) => true,
            _ => false,
        };
        if let Some(field) = first.iter().find(is_unknown) {
            return Err(WorkspaceError::UnknownField { field: field.clone() });
        }
        let mut placed = BTreeSet::new();
        let order: Arc<[Field]> = first.iter().filter(|field| placed.insert(*field)).cloned().collect();
        self.transact(act, |workspace| {
            workspace.rows.set::<FieldOrderTable>((), Some(order));
            Ok(())
        })
    }

    /// Returns the fields in the order of a contact's page: those with a set order, then the well-known fields, then
    /// the other defined fields by name.
    pub fn field_order(&self) -> Vec<Field> {
        let is_defined = |field: &Field| match field {
            Field::Custom(name) => self.rows.tables().definitions.rows().contains_key(name),
            _ => true,
        };
        let first = self.rows.tables().field_order.rows().get(&()).into_iter().flat_map(|order| order.iter());
        let customs = self.definitions().map(|(name, _)| Field::Custom(name.into()));
        let all = first.cloned().chain(Field::WELL_KNOWN).chain(customs);
        let mut placed = BTreeSet::new();
        all.filter(|field| is_defined(field) && placed.insert(field.clone())).collect()
    }
}
