//! Shows which key each value of a contact gives, by which rule, and why a value gives none.

#![allow(clippy::print_stdout, reason = "an example prints the keys")]

use std::error::Error;

use onefold::key::Derivation;
use onefold::{Contact, Normalizer, Reason};

fn main() -> Result<(), Box<dyn Error>> {
    let normalizer = Normalizer::builder().region("GB".parse()?).build();
    let contact = Contact::new(1)
        .with_phone("(020) 7946 0958")
        .with_phone("020 7946 0123 ext. 7")
        .with_phone("12345")
        .with_email("Ada.Example@EXAMPLE.com")
        .with_email("ada.example.com");

    let keys = normalizer.contact(&contact);
    for key in &keys.keys {
        println!("{} {}: {} ({:?})", key.place.field, key.place.position, key.key.value(), key.derivation);
    }
    for rejection in &keys.rejections {
        println!("{rejection}");
    }

    // The key is the same in every spelling, so that keys are compared byte by byte.
    let national = normalizer.phone("(020) 7946 0958", None)?;
    let international = normalizer.phone("+44 20 7946 0958", None)?;
    assert_eq!(national[0].key, international[0].key);
    assert_eq!(national[0].derivation, Derivation::Direct);
    assert_eq!(national[0].key.value(), "+442079460958");

    // A value without a key is no failure of the program: the reason says what is wrong with the value.
    let reason = normalizer.email("ada.example.com").expect_err("there is no `@`");
    assert_eq!(reason, Reason::Malformed);
    println!("`ada.example.com` is no email: {reason}");
    Ok(())
}
