//! Normalising the text of an email key gives the key again, and the short way for plain addresses gives the same keys as
//! the full one.

use onefold::Normalizer;

pub fn holds(input: &[u8]) {
    let raw = String::from_utf8_lossy(input);
    let normalizer = Normalizer::builder().plus_tags().gmail_dots().build();
    let keys = normalizer.email(&raw);
    assert_eq!(keys, normalizer.email_in_full(&raw));
    for key in keys.into_iter().flatten() {
        let value = key.key.value();
        assert!(value.matches('@').count() == 1, "a key has one @");
        let again = normalizer.email(value).expect("a key is readable");
        assert!(again[0].key == key.key, "a key is read as itself");
    }
}
