//! Contacts that are merged under a policy, for tests of one rule each.

use onefold::{Contact, Field, Merge, MergeError, MergePolicy, MergeRequest, Normalizer};
use serde_json::json;

pub fn contacts(records: &[serde_json::Value]) -> Vec<Contact<u64>> {
    let contact = |(id, record): (u64, &serde_json::Value)| {
        let mut record = record.clone();
        record["id"] = json!(id);
        Contact::from_json(&record.to_string()).expect("a contact")
    };
    (1..).zip(records).map(contact).collect()
}

pub fn merge(policy: &str, records: &[serde_json::Value]) -> Result<Merge<u64>, MergeError<u64>> {
    let policy: MergePolicy = toml::from_str(policy).expect("a policy");
    policy.merge(&contacts(records), &MergeRequest::new("m"), &Normalizer::new())
}

/// Merges, and asks for what became of `field`, why, and who lost something there.
#[track_caller]
pub fn check(
    policy: &str,
    records: &[serde_json::Value],
    field: &str,
    value: serde_json::Value,
    why: &str,
    lost: &[u64],
) {
    let merge = merge(policy, records).expect("a merge");
    let field = Field::from_name(field);
    let kept = merge.survivor().get(&field).map(|value| serde_json::to_value(value).expect("JSON"));
    assert_eq!(kept.unwrap_or(json!("absent")), value);
    let choice = merge.choices.iter().find(|choice| choice.field == field).expect("a choice");
    assert_eq!(choice.to_string(), why);
    let losers: Vec<u64> = merge.lost.iter().filter(|lost| lost.field == field).map(|lost| lost.contact).collect();
    assert_eq!(losers, lost);
}
