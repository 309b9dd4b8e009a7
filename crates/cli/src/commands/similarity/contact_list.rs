//! The contacts of a run as the library compares them.

use onefold::similarity::{Model, ScopedContact, Similarity};
use onefold::{Contact, Normalizer};
use rayon::prelude::*;

use crate::failure::Failure;
use crate::scan::contact_rows::{self, ScannedContact};
use crate::scan::key_scan::KeyScan;

/// The contacts of a run, in order of their workspaces and ids. The place of a contact here is its id in the comparison, so that
/// ids of several workspaces may be the same, and ties are broken by ids.
pub struct ContactList {
    names: Vec<ContactName>,
    contacts: Vec<Contact<u32>>,
}

/// The workspace and the id of a contact, and its number in the scan.
#[derive(Debug)]
pub struct ContactName {
    /// The workspace that the row names.
    pub workspace: Option<String>,
    /// The id.
    pub id: String,
    /// The number in the scan.
    pub number: u32,
}

impl ContactList {
    /// Reads the contacts of a scan. O(n log n) for n contacts, all of which are held.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn read(scan: &KeyScan) -> Result<Self, Failure> {
        Ok(Self::new(contact_rows::of_scan(scan)?))
    }

    fn new(mut rows: Vec<ScannedContact>) -> Self {
        rows.par_sort_unstable_by(|a, b| (&a.workspace, &a.contact.id).cmp(&(&b.workspace, &b.contact.id)));
        let mut contacts = Vec::with_capacity(rows.len());
        let mut names = Vec::with_capacity(rows.len());
        for (place, ScannedContact { number, workspace, mut contact }) in (0..).zip(rows) {
            let id = std::mem::take(&mut contact.id);
            names.push(ContactName { workspace, id, number });
            contacts.push(contact.map_id(|_| place));
        }
        Self { names, contacts }
    }

    /// Compares the contacts.
    pub fn fit(&self, normalizer: &Normalizer, model: &Model) -> Similarity<u32> {
        let both = self.names.iter().zip(&self.contacts);
        let scoped: Vec<ScopedContact<'_, u32>> =
            both.map(|(name, contact)| ScopedContact::new(name.workspace.as_deref(), contact)).collect();
        Similarity::fit_scoped(&scoped, normalizer, model)
    }

    /// Returns the workspaces, ids and numbers of the contacts, without the contacts.
    pub fn into_names(self) -> Vec<ContactName> {
        self.names
    }

    /// Returns the name of a contact, by its place.
    pub fn name(&self, place: u32) -> Option<&ContactName> {
        self.names.get(place as usize)
    }

    /// Returns a contact, by its place.
    pub fn contact(&self, place: u32) -> Option<&Contact<u32>> {
        self.contacts.get(place as usize)
    }

    /// Returns the place of a contact. O(log n).
    pub fn place(&self, workspace: Option<&str>, id: &str) -> Option<u32> {
        let of = |name: &ContactName| (name.workspace.as_deref(), name.id.as_str()).cmp(&(workspace, id));
        self.names.binary_search_by(of).ok().and_then(|place| u32::try_from(place).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_in_order_of_workspaces_and_ids() {
        let row = |(number, (workspace, id)): (u32, (Option<&str>, &str))| ScannedContact {
            number,
            workspace: workspace.map(str::to_owned),
            contact: Contact::new(id.to_owned()),
        };
        let given = [(Some("w"), "2"), (None, "9"), (Some("w"), "10"), (Some("v"), "2"), (None, "1")];
        let contacts = ContactList::new((0..).zip(given).map(row).collect());
        for (place, (workspace, id)) in
            (0..).zip([(None, "1"), (None, "9"), (Some("v"), "2"), (Some("w"), "10"), (Some("w"), "2")])
        {
            assert_eq!(contacts.place(workspace, id), Some(place));
            assert_eq!(contacts.contact(place).map(|contact| contact.id), Some(place));
        }
        assert_eq!(contacts.place(Some("v"), "9"), None);
        assert_eq!(contacts.into_names().iter().map(|name| name.number).collect::<Vec<_>>(), [4, 1, 3, 2, 0]);
    }
}
