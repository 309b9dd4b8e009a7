//! Merges two contacts, stores the patch, and undoes the merge after the survivor was edited.

#![allow(clippy::print_stdout, reason = "an example prints what it does")]

use std::error::Error;

use onefold::{Contact, Edits, Field, MergePolicy, MergeRequest, Normalizer, Patch};

fn main() -> Result<(), Box<dyn Error>> {
    let contacts = [
        Contact::new(1).with(Field::FirstName, "Ada").with_phone("+44 20 7946 0958"),
        Contact::new(2).with(Field::FirstName, "A.").with_email("ada@example.com"),
    ];

    // A merge is a value: nothing is changed by making it.
    let merge = MergePolicy::new().merge(&contacts, &MergeRequest::new("merge-1"), &Normalizer::new())?;
    for choice in &merge.choices {
        println!("{}: {choice}", choice.field);
    }
    for lost in &merge.lost {
        println!("contact {} loses a value of {}", lost.contact, lost.field);
    }
    let survivor = merge.survivor();
    assert_eq!(survivor.phones().count() + survivor.emails().count(), 2);

    // A host stores the survivor and the patch, and refers to the survivor from now on.
    let stored = merge.patch.to_bytes();
    println!("the patch has {} bytes", stored.len());

    // Weeks later somebody has given the survivor a last name, and sees that the merge was wrong.
    let edited = survivor.clone().with(Field::LastName, "Example");
    let undo = Patch::from_bytes(&stored)?.undo(&edited, Edits::Keep)?;
    assert_eq!(undo.survivor, contacts[0].clone().with(Field::LastName, "Example"));
    assert_eq!(undo.retired, contacts[1..]);
    println!("contact {} is back, and contact {} keeps its edit", undo.retired[0].id, undo.survivor.id);

    // The inverse of a patch merges again.
    let inverse = Patch::<i32>::from_bytes(&stored)?.inverse();
    assert_eq!(inverse.inverse(), merge.patch);
    Ok(())
}
