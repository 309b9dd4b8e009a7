//! Whatever contacts hold: undoing their merge gives them back, also when it was stored, and every key still finds the
//! survivor, but that of an identity that is no number in its own country and one in the survivor's. After an edit, those who were
//! merged away come back all the same, but for what protects them, which is listed.
//!
//! An input is JSON Lines: a policy or nothing, then contacts. Another line with the survivor's id is the survivor as
//! somebody edited it since.

use onefold::normalize::ContactKey;
use onefold::patch::Deviation;
use onefold::{Contact, Edits, Field, KeyKind, MergePolicy, MergeRequest, Normalizer, Patch, Value};

pub fn holds(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut lines = text.lines();
    let policy = lines.next().and_then(|line| serde_json::from_str(line).ok()).unwrap_or_else(MergePolicy::new);
    let mut contacts: Vec<Contact<String>> = lines.filter_map(|line| Contact::from_json(line).ok()).collect();
    let is_again = contacts.len() > 2 && contacts.last().is_some_and(|last| last.id == contacts[0].id);
    let edited = if is_again { contacts.pop() } else { None };
    let normalizer = Normalizer::builder().region_from_country().build();
    let request = MergeRequest::new("m").allow_blocked();
    let Ok(merge) = policy.merge(&contacts, &request, &normalizer) else { return };

    let patch = Patch::<String>::from_json(&merge.patch.to_json()).expect("what was written can be read");
    assert!(patch.to_bytes() == merge.patch.to_bytes());
    assert!(Patch::from_bytes(&patch.to_bytes()).as_ref() == Ok(&patch));
    let stored = serde_json::to_string(merge.survivor()).expect("JSON");
    let stored = Contact::from_json(&stored).expect("what was written can be read");
    let undo = patch.undo(&stored, Edits::Refuse).expect("nothing was edited");
    let retired = |undone: &[Contact<String>], survivor: &Contact<String>| {
        let mut all: Vec<&Contact<String>> = undone.iter().collect();
        all.push(survivor);
        all.sort_by(|a, b| a.id.cmp(&b.id));
        let mut before: Vec<&Contact<String>> = contacts.iter().collect();
        before.sort_by(|a, b| a.id.cmp(&b.id));
        assert!(all == before);
    };
    retired(&undo.retired, &undo.survivor);

    let found = normalizer.contact(merge.survivor());
    for contact in &contacts {
        let keys = normalizer.contact(contact).keys;
        for key in &keys {
            let is_kept = found.keys.iter().any(|kept| kept.key == key.key);
            assert!(is_kept || becomes_a_number(key, &keys, contact, merge.survivor()), "{:?}", key.place);
        }
    }

    let Some(edited) = edited.filter(|edited| edited.id == *patch.survivor_id()) else { return };
    for edits in [Edits::Keep, Edits::Overwrite] {
        let Ok(undo) = patch.undo(&edited, edits) else { continue };
        let is_listed = |id: &String, field: &Field| {
            undo.deviations.iter().any(|deviation| match deviation {
                Deviation::Withdrawn { contact, field: own, .. } => contact == id && own == field,
                Deviation::Blocked { contact, .. } => contact == id && *field == Field::ConversationStatus,
                _ => false,
            })
        };
        let overwritten = (edits == Edits::Overwrite).then_some(&undo.survivor);
        for back in undo.retired.iter().chain(overwritten) {
            let before = contacts.iter().find(|contact| contact.id == back.id).expect("it was merged");
            let mut fields = back.fields.keys().chain(before.fields.keys());
            assert!(fields.all(|field| back.get(field) == before.get(field) || is_listed(&back.id, field)));
            let mut known = back.provenance.keys().chain(before.provenance.keys());
            let is_same = |field: &Field| back.provenance.get(field) == before.provenance.get(field);
            assert!(overwritten.is_some() || known.all(|field| is_same(field) || is_listed(&back.id, field)));
        }
    }
}

/// Whether a key is of an identity with no number behind it, which the survivor has as it was.
fn becomes_a_number(
    key: &ContactKey,
    keys: &[ContactKey],
    contact: &Contact<String>,
    survivor: &Contact<String>,
) -> bool {
    let has_number = keys.iter().any(|other| other.place == key.place && other.key.kind() == KeyKind::Phone);
    let Some(Value::Channels(channels)) = survivor.get(&Field::Channels) else { return false };
    let identity = key.place.value_in(contact);
    key.key.kind() == KeyKind::ChannelId
        && !has_number
        && channels.iter().any(|channel| Some(channel.identity.as_str()) == identity)
}
