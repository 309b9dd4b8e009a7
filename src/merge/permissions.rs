//! Spreads the strictest value of a consent or an objection over all fields that mean the same.

use crate::contact::{ContactId, Field, Value};
use crate::field_names::consent::Permission;
use crate::merge::choice::Why;
use crate::merge::fields::SurvivorFields;
use crate::merge::policy::MergePolicy;
use crate::merge::precedence::Participants;
use crate::merge::request::MergeRequest;

impl<Id: ContactId> SurvivorFields<Id> {
    /// Makes every field of a consent or an objection protect the person if one of them does, such as `opt_in` and
    /// `Opt-In` of two contacts. Lists, fields with their own rule and fields that the request names stay as they are.
    /// Cost: O(f log f) for f fields.
    pub(super) fn spread_strictest(
        &mut self,
        policy: &MergePolicy,
        contacts: &Participants<'_, Id>,
        request: &MergeRequest<Id>,
    ) {
        if !policy.flags() {
            return;
        }
        let single = self.survivor.fields.iter().filter(|(_, value)| !matches!(value, Value::List(_)));
        let known: Vec<(Permission, &Field, bool)> = single
            .filter_map(|(field, value)| {
                let permission = Permission::of(field)?;
                let protects = permission.is_protected_by(Some(value));
                Some((permission, field, protects))
            })
            .collect();
        let is_decided_alone = |field: &Field| policy.rule(field).is_some() || request.overrides.contains_key(field);
        let open = known.iter().filter(|(_, field, protects)| !protects && !is_decided_alone(field));
        let strictest = |wanted: &Permission| {
            let mut others = known.iter().filter(|(permission, _, protects)| permission == wanted && *protects);
            others.next().map(|(_, field, _)| (*field).clone())
        };
        let spread: Vec<(Field, Field)> =
            open.filter_map(|(permission, field, _)| Some((strictest(permission)?, (*field).clone()))).collect();
        for (from, into) in spread {
            self.copy(&from, &into, contacts);
        }
    }

    fn copy(&mut self, from: &Field, into: &Field, contacts: &Participants<'_, Id>) {
        let Some(value) = self.survivor.get(from).cloned() else { return };
        let displaced = self.survivor.fields.insert(into.clone(), value);
        match self.survivor.provenance.get(from).cloned() {
            Some(provenance) => drop(self.survivor.provenance.insert(into.clone(), provenance)),
            None => drop(self.survivor.provenance.remove(into)),
        }
        let source = self.choices.iter().find(|choice| choice.field == *from);
        let source = source.map(|choice| (choice.rule.clone(), choice.from.clone()));
        let choice = self.choices.iter_mut().find(|choice| choice.field == *into);
        if let (Some(choice), Some((rule, from))) = (choice, source) {
            (choice.rule, choice.why, choice.from, choice.same) = (rule, Why::Rule, from, Vec::new());
        }
        if let Some(displaced) = displaced.filter(|value| !value.is_empty()) {
            let holders = contacts.contacts().iter().filter(|contact| contact.get(into) == Some(&displaced));
            let lost = holders.map(|contact| (contact.id.clone(), displaced.clone())).collect();
            self.add_lost(into, lost);
        }
    }
}
