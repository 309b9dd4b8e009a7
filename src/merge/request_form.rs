//! The serialised form of a request whose merge has been carried out.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::contact::{Contact, ContactId, Field, JsonError, JsonFields};
use crate::merge::request::{MergeRequest, Override};

/// A request without the contacts and the id of the merge.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[doc(hidden)]
pub struct RequestForm<Id> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    workspace: Option<Box<str>>,
    // The given values in the JSON form of a contact's fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    set: Option<Box<RawValue>>,
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    take: Vec<(Field, Id)>,
}

impl<Id: ContactId + Serialize> RequestForm<Id> {
    /// Returns the stored form of a request. Permissions such as `allow_blocked` are not stored.
    #[doc(hidden)]
    pub fn of(request: &MergeRequest<Id>) -> Self {
        let (mut set, mut take) = (Contact::new(()), Vec::new());
        for (field, value) in &request.overrides {
            match value {
                Override::Value(value) => drop(set.fields.insert(field.clone(), value.clone())),
                Override::From(id) => take.push((field.clone(), id.clone())),
            }
        }
        let is_bare = set.fields.is_empty();
        let set = (!is_bare).then(|| serde_json::value::to_raw_value(&JsonFields(&set)).expect("fields are JSON"));
        Self { workspace: request.workspace.clone(), set, take }
    }
}

impl<Id: ContactId + DeserializeOwned> RequestForm<Id> {
    /// Returns the request with the id of its merge. It allows blocked, distinct and unverified contacts, because the
    /// merge was allowed before.
    ///
    /// # Errors
    /// - [`JsonError`] if the given values are not a valid JSON form of fields.
    #[doc(hidden)]
    pub fn request(self, merge: &str) -> Result<MergeRequest<Id>, JsonError> {
        let mut request = MergeRequest::new(merge).allow_distinct().allow_blocked().allow_unverified();
        request.workspace = self.workspace;
        if let Some(set) = self.set {
            let not_an_object = JsonError::new("not an object");
            let set: BTreeMap<String, &RawValue> = serde_json::from_str(set.get()).map_err(not_an_object)?;
            let mut values = Contact::new(());
            for (name, value) in set {
                values.set_json(&name, value.get())?;
            }
            request.overrides.extend(values.fields.into_iter().map(|(field, value)| (field, Override::Value(value))));
        }
        request.overrides.extend(self.take.into_iter().map(|(field, id)| (field, Override::From(id))));
        Ok(request)
    }
}
