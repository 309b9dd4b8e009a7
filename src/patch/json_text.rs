//! A patch in its JSON form whose images are compared as texts, which costs a fraction of reading them.

use crate::contact::{Contact, StoredId};
use crate::patch::MAX_MERGE_ID_BYTES;
use crate::patch::digest::PatchDigest;
use crate::patch::json::{PatchRead, check_limits};

/// A patch in the form that [`Patch::to_json`](crate::Patch::to_json) writes, with its images as texts.
#[doc(hidden)]
pub struct PatchText<'a>(PatchRead<'a>);

impl<'a> PatchText<'a> {
    /// Returns the patch of a text, or `None` unless this release wrote the text and nobody altered it, as far as its digest tells.
    /// Cost: O(n).
    #[doc(hidden)]
    pub fn of(json: &'a str) -> Option<Self> {
        check_limits(json).ok()?;
        let read: PatchRead<'a> = serde_json::from_str(json).ok()?;
        let said = read.said()?;
        let end = format!(",\"digest\":\"{}\"}}", PatchDigest::of(said.as_bytes()));
        let is_unaltered = json.strip_suffix(&end).is_some_and(|start| said.strip_suffix('}') == Some(start));
        is_unaltered.then_some(Self(read))
    }

    /// Returns true if [`Patch::from_json`](crate::Patch::from_json) reads a patch with the contacts `survivor` and `retired` before
    /// the merge. A false answer says nothing: the images may be other texts of equal contacts. Cost: O(n).
    #[doc(hidden)]
    pub fn is_of<Id: StoredId>(&self, survivor: &Contact<Id>, retired: &[&Contact<Id>]) -> bool {
        let is_image =
            |json: &str, contact: &Contact<Id>| serde_json::to_string(contact).is_ok_and(|text| text == json);
        let Self(read) = self;
        let after = read.survivor.after.get();
        read.merge.len() <= MAX_MERGE_ID_BYTES
            && read.retired.len() == retired.len()
            && !retired.is_empty()
            && retired.is_sorted_by(|a, b| a.id < b.id)
            && retired.iter().all(|contact| contact.id != survivor.id)
            && is_image(read.survivor.before.get(), survivor)
            && Contact::from_json(after).is_ok_and(|contact| contact.id == survivor.id && is_image(after, &contact))
            && read.retired.iter().zip(retired).all(|(json, contact)| is_image(json.get(), contact))
    }

    /// Returns the id of the merge.
    #[doc(hidden)]
    pub fn merge_id(&self) -> &str {
        &self.0.merge
    }

    /// Returns the workspace.
    #[doc(hidden)]
    pub fn workspace(&self) -> Option<&str> {
        self.0.workspace.as_deref()
    }

    /// Returns true if the patch merges, and false if it undoes a merge.
    #[doc(hidden)]
    pub fn is_merge(&self) -> bool {
        self.0.direction == "merge"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MergePolicy, MergeRequest, Normalizer, Patch};

    fn patch() -> (Patch<String>, Vec<Contact<String>>) {
        let contacts = [
            r#"{"id":"a","emails":["ada@example.com"],"first_name":"Ada","custom":{"plan":{"x":[1]}}}"#,
            r#"{"id":"b","emails":["ada@example.com"],"last_name":"Example"}"#,
        ];
        let contacts = contacts.map(|json| Contact::from_json(json).expect("a contact"));
        let merge =
            MergePolicy::default().merge(&contacts, &MergeRequest::new("m"), &Normalizer::new()).expect("a merge");
        (merge.patch, contacts.into())
    }

    #[test]
    fn texts_are_of_the_contacts_that_reading_them_gives() {
        let (patch, contacts) = patch();
        let json = patch.to_json();
        let text = PatchText::of(&json).expect("a text of this release");
        assert!(text.is_merge() && text.merge_id() == "m" && text.workspace().is_none());
        let (before, retired) = (patch.survivor_unmerged(), patch.retired());
        assert!(text.is_of(before, &retired.iter().collect::<Vec<_>>()));
        assert!(!text.is_of(patch.survivor_merged(), &retired.iter().collect::<Vec<_>>()));
        assert!(!text.is_of(before, &[&contacts[0]]) && !text.is_of(before, &[]));
        let inverse = patch.inverse().to_json();
        assert!(!PatchText::of(&inverse).expect("a text of this release").is_merge());
    }

    #[test]
    fn altered_texts_with_a_right_digest_are_of_no_contacts() {
        let (patch, contacts) = patch();
        let json = patch.to_json();
        let forged = |from: &str, to: &str| {
            let said = json.replacen(from, to, 1);
            let said = said.split_once(",\"digest\"").map(|(said, _)| format!("{said}}}")).expect("a digest");
            let digest = PatchDigest::of(said.as_bytes());
            format!("{},\"digest\":\"{digest}\"}}", said.strip_suffix('}').expect("an object"))
        };
        let (before, retired) = (&contacts[0], [&contacts[1]]);
        assert!(PatchText::of(&forged("Ada", "Ada")).expect("unaltered").is_of(before, &retired));
        let after = "\"after\":{\"id\":\"a\"";
        for to in
            ["\"after\":{\"id\":\"c\"", "\"after\":{\"id\":\"a\",\"blocked\":7", "\"after\":{\"id\":\"a\",\"id\":\"b\""]
        {
            assert!(!PatchText::of(&forged(after, to)).expect("the digest is right").is_of(before, &retired), "{to}");
        }
        assert!(PatchText::of(&forged("\"merge\":", "\"merge\": ")).is_none());
        assert!(!PatchText::of(&forged(after, "\"after\":{ \"id\":\"a\"")).expect("a text").is_of(before, &retired));
    }

    #[test]
    fn other_texts_are_left_to_the_reader() {
        let json = patch().0.to_json();
        for other in [
            json.replacen("Ada", "Ida", 1),
            json.replacen("\"merge\"", "\"inverse\"", 1),
            json.replacen(':', ": ", 1),
            format!("{json} "),
            json.replacen("\"onefold_patch\":1", "\"onefold_patch\":3", 1),
            json[..json.len() - 1].to_owned(),
        ] {
            assert!(PatchText::of(&other).is_none(), "{other}");
        }
    }
}
