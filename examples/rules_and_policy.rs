//! Merges the suggestions that need no review, under a policy that says which value of each field stays.

#![allow(clippy::print_stdout, reason = "an example prints what it decides")]

use std::error::Error;

use onefold::rules::{Judgement, judge};
use onefold::{Contact, Field, FieldRule, Index, MergePolicy, MergeRequest, Normalizer, SurvivorRule};

fn named(id: u32, first: &str, last: &str) -> Contact<u32> {
    Contact::new(id).with(Field::FirstName, first).with(Field::LastName, last)
}

fn main() -> Result<(), Box<dyn Error>> {
    let normalizer = Normalizer::new();
    let contacts = [
        named(1, "A.", "Muster").with_email("anna@example.com"),
        named(2, "Anna", "Muster").with_email("ANNA@example.com").with_phone("+1 202 555 0101"),
        // Two people of one household share an address.
        named(3, "Anna", "Beispiel").with_email("family@example.com"),
        named(4, "Max", "Beispiel").with_email("family@example.com"),
    ];
    let index = Index::build(normalizer.clone(), &contacts).index;

    // The contact with the most values survives, and of two names the longer one stays.
    let policy = MergePolicy::builder()
        .survivor(SurvivorRule::MostComplete)
        .field(Field::FirstName, FieldRule::Longest)
        .max_contacts(10)
        .build()?;

    let mut merged = Vec::new();
    for suggestion in index.suggestions() {
        match judge(&suggestion, &contacts, &index) {
            Judgement::Merge => {
                let members = contacts.iter().filter(|contact| suggestion.members.contains(&contact.id));
                let members: Vec<Contact<u32>> = members.cloned().collect();
                let request = MergeRequest::new(suggestion.id.to_string());
                let merge = policy.merge(&members, &request, &normalizer)?;
                println!("{:?} become {}", suggestion.members, merge.survivor().id);
                merged.push(merge);
            }
            Judgement::Review(reason) => println!("{:?} are for review: {reason}", suggestion.members),
            _ => println!("{:?} are for review", suggestion.members),
        }
    }
    assert_eq!(merged.len(), 1);
    assert_eq!(merged[0].survivor().id, 2);
    assert_eq!(merged[0].survivor().fields[&Field::FirstName], "Anna".into());
    Ok(())
}
