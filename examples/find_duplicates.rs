//! Finds the contacts that are the same person, with the evidence: the keys that they share.

#![allow(clippy::print_stdout, reason = "an example prints what it finds")]

use std::error::Error;

use onefold::{Contact, Index, Normalizer};

fn main() -> Result<(), Box<dyn Error>> {
    // National numbers are read as numbers of this region.
    let normalizer = Normalizer::builder().region("GB".parse()?).build();
    let contacts = [
        Contact::new(1).with_phone("+44 20 7946 0958").with_email("ada@example.com"),
        Contact::new(2).with_phone("(020) 7946 0958"),
        Contact::new(3).with_email("Ada@Example.com"),
        Contact::new(4).with_phone("020 7946 0000").with_email("grace@example.com"),
    ];
    let mut index = Index::build(normalizer, &contacts).index;

    for suggestion in index.suggestions() {
        println!("{:?} may be one person ({:?} confidence)", suggestion.members, suggestion.confidence);
        for evidence in &suggestion.evidence {
            let holders: Vec<i32> = evidence.holders.iter().map(|holder| holder.contact).collect();
            println!("  {holders:?} share {}", evidence.key.value());
        }
    }
    assert_eq!(index.suggestion_for(&3).expect("a suggestion").members, [1, 2, 3]);
    assert!(index.suggestion_for(&4).is_none());

    // An index follows the contacts: here somebody gives contact 4 the address of the others.
    index.update(&contacts[3].clone().with_email("ada@example.com"))?;
    let suggestion = index.suggestion_for(&4).expect("a suggestion");
    println!("after the edit: {:?}", suggestion.members);
    assert_eq!(suggestion.members, [1, 2, 3, 4]);
    Ok(())
}
