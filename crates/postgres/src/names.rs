//! The names of ids, keys and locks in the database.

use onefold::{ContactId, Key};
use serde::Serialize;

/// Returns an id as the key of its row. Each id has exactly one text.
pub(crate) fn id<Id: ContactId + Serialize>(id: &Id) -> String {
    serde_json::to_string(id).expect("ids can be serialised to JSON")
}

/// Returns a key as its kind, its scope, if any, and its value. Parts that could be ambiguous are quoted.
pub(crate) fn key(key: &Key) -> String {
    let quoted = |text: &str| serde_json::to_string(text).expect("a text is JSON");
    let is_plain = !key.value().starts_with('"') && !key.value().chars().any(char::is_control);
    let value = if is_plain { key.value().to_owned() } else { quoted(key.value()) };
    match key.scope() {
        "" => format!("{}:{value}", key.kind().name()),
        scope => format!("{}:{}:{value}", key.kind().name(), quoted(scope)),
    }
}

/// The number of slots, which are the rows that stand for locks.
const SLOTS: u64 = 16_384;

/// Returns the slot of a name by its FNV-1a hash. It must be the same in every process and release, because all of them
/// must lock the same rows.
pub(crate) fn slot(workspace: i32, kind: &str, name: &str) -> i32 {
    let workspace = workspace.to_le_bytes();
    let bytes = workspace.iter().chain(kind.as_bytes()).chain(&[0]).chain(name.as_bytes());
    let hash = bytes
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    i32::try_from((hash ^ (hash >> 32)) % SLOTS).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use onefold::{Contact, Field, Normalizer};

    use super::*;

    fn keys(normalizer: Normalizer, contact: Contact<u8>) -> Vec<String> {
        normalizer.contact(&contact).distinct().iter().map(|held| key(&held.key)).collect()
    }

    #[test]
    fn keys_are_spelled_so_that_no_two_are_one() {
        let contact = Contact::new(1).with_email("Ada@example.com").with_phone("+1 202-555-0101");
        assert_eq!(keys(Normalizer::new(), contact), ["email:ada@example.com", "phone:+12025550101"]);
        let of = |scope: &str, value: &str| {
            let contact = Contact::new(1).with(Field::Custom(scope.into()), value);
            keys(Normalizer::builder().identifier(scope).build(), contact)
        };
        assert_eq!(of("customer", "A-7"), ["custom:\"customer\":A-7"]);
        assert_ne!(of("a", "b\":c"), of("a\":b", "c"));
    }

    #[test]
    fn slots_never_change() {
        assert_eq!([slot(1, "contact", "7"), slot(2, "contact", "7"), slot(1, "key", "7")], [12811, 11051, 5532]);
    }
}
