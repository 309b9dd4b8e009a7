//! Characters that look or fold like others never make one key of two things, and what is no identifier gives a reason.

use onefold::normalize::DerivedKey;
use onefold::{Channel, ChannelKind, Contact, Field, Index, Normalizer, Reason, Region};

fn keys(outcome: Result<Vec<DerivedKey>, Reason>) -> Result<String, Reason> {
    outcome.map(|keys| keys[0].key.value().to_owned())
}

fn email(raw: &str) -> Result<String, Reason> {
    keys(Normalizer::builder().plus_tags().gmail_dots().build().email(raw))
}

fn phone(raw: &str) -> Result<String, Reason> {
    keys(Normalizer::new().phone(raw, "US".parse::<Region>().ok()))
}

/// The two give two keys, or one of them none.
#[track_caller]
fn assert_different(a: &str, b: &str) {
    assert!(email(b).is_ok(), "{b} is an address");
    assert_ne!(email(a), email(b), "{a:?} and {b:?}");
}

#[test]
fn letters_that_fold_to_others_stay_themselves_before_the_at_sign() {
    for (trap, plain) in [
        ("\u{212a}im@example.com", "kim@example.com"),        // Kelvin sign
        ("\u{130}vy@example.com", "ivy@example.com"),         // dotted capital I
        ("\u{131}vy@example.com", "ivy@example.com"),         // dotless i
        ("\u{17f}am@example.com", "sam@example.com"),         // long s
        ("gro\u{df}@example.com", "gross@example.com"),       // sharp s
        ("gro\u{1e9e}@example.com", "gro\u{df}@example.com"), // capital sharp s
        ("\u{fb01}na@example.com", "fina@example.com"),       // ligature
        ("\u{ff41}da@example.com", "ada@example.com"),        // full-width a
        ("\u{430}da@example.com", "ada@example.com"),         // Cyrillic a
        ("\u{3bf}tto@example.com", "otto@example.com"),       // Greek omicron
        ("\u{1d41a}da@example.com", "ada@example.com"),       // mathematical bold a
        ("ada\u{301}@example.com", "ada@example.com"),        // an accent too many
        ("a\u{307}da@example.com", "ada@example.com"),
    ] {
        assert_different(trap, plain);
        assert_different(&trap.to_ascii_uppercase(), plain);
    }
    assert_eq!(email("e\u{301}va@example.com"), email("\u{e9}va@example.com"), "one text in two encodings");
}

#[test]
fn nothing_becomes_an_at_sign_or_a_dot_before_the_at_sign() {
    for raw in ["ada\u{ff20}example.com", "ada\u{fe6b}example.com", "ada\u{ff20}b@c\u{ff20}d.example"] {
        assert!(email(raw).is_err(), "{raw:?}");
    }
    // Whatever else, a key has one @, and all before it as it was written.
    for character in (0x80..0x1_1000).filter_map(char::from_u32) {
        let Ok(key) = email(&format!("a{character}b@example.com")) else { continue };
        let local = key.strip_suffix("@example.com").unwrap_or_else(|| panic!("{character:?} gives {key}"));
        assert!(!local.contains('@') && local.matches('.').count() == 0 && local.chars().count() >= 2, "{character:?}");
        assert!(!local.is_ascii(), "{character:?} gives the ASCII address {key}");
    }
}

#[test]
fn domains_are_what_idna_says_and_nothing_else() {
    for (raw, key) in [
        ("ada@B\u{fc}cher.Example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example"),
        ("ada@\u{ff45}xample.com", "ada@example.com"),
        ("ada@example\u{3002}com", "ada@example.com"),
        ("ada@stra\u{df}e.example", "ada@xn--strae-oqa.example"),
        ("ada@exa\u{ad}mple.com", "ada@example.com"),
    ] {
        assert_eq!(email(raw).as_deref(), Ok(key), "{raw:?}");
    }
    assert_ne!(email("ada@stra\u{df}e.example"), email("ada@strasse.example"));
    assert_ne!(email("ada@\u{435}xample.com"), email("ada@example.com"), "a Cyrillic letter in the domain");
    for raw in [
        "ada@a..b",
        "ada@.example.com",
        "ada@example..com",
        "ada@example",
        "ada@xn--a",
        "ada@xn--.example",
        "ada@xn--\u{fc}.example",
        "ada@xn--0000h.example",
        "ada@xn--zzzzzzzzzzzz.example",
        "ada@-example.com",
        "ada@example-.com",
        "ada@exam_ple.com",
        "ada@exam\u{200b}\u{202e}ple.com\u{202c}",
        "ada@\u{202e}example.com",
        "ada@a\u{ff20}b.example",
        "ada@1.2.3.4",
        "ada@0x7f.1",
    ] {
        assert!(email(raw).is_err(), "{raw:?} gives {:?}", email(raw));
    }
}

#[test]
fn characters_that_nobody_sees_are_no_part_of_an_address() {
    for hidden in
        ['\u{200b}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{202e}', '\u{2066}', '\u{61c}', '\u{0}', '\u{7f}', '\u{85}']
    {
        let between = email(&format!("a{hidden}da@example.com"));
        assert_ne!(between.as_deref(), Ok("ada@example.com"), "{hidden:?} was taken out in silence");
    }
    for control in ['\u{0}', '\u{1}', '\u{7f}', '\n'] {
        assert!(email(&format!("ad{control}a@example.com")).is_err(), "{control:?}");
        assert!(phone(&format!("+1202{control}5550101")).is_err() || control == '\n', "{control:?}");
    }
}

#[test]
fn digits_of_any_script_are_digits_and_look_alikes_are_not() {
    for raw in [
        "\u{ff0b}\u{ff11} \u{ff12}\u{ff10}\u{ff12} \u{ff15}\u{ff15}\u{ff15} \u{ff10}\u{ff11}\u{ff10}\u{ff11}",
        "+\u{661} \u{662}\u{660}\u{662} \u{665}\u{665}\u{665} \u{660}\u{661}\u{660}\u{661}",
        "\u{202a}+1 202 555 0101\u{202c}",
        "+1\u{a0}202\u{2011}555\u{2011}0101",
    ] {
        assert_eq!(phone(raw).as_deref(), Ok("+12025550101"), "{raw:?}");
    }
    for raw in [
        "+1 2O2 555 0101",
        "+1 202 555 01\u{4e00}1",
        "+1 202 555 01\u{b2}1",
        "+l 202 555 0101",
        "+1 202 555 010\u{2081}",
    ] {
        assert_ne!(phone(raw).as_deref(), Ok("+12025550101"), "{raw:?}");
    }
}

#[test]
fn look_alikes_are_not_suggested() {
    let emails = [
        "kim@example.com",
        "\u{212a}im@example.com",
        "k\u{131}m@example.com",
        "kim\u{200b}@example.com",
        "ki\u{ff4d}@example.com",
        "\u{43a}im@example.com",
        "kim@ex\u{430}mple.com",
        "kim@example.com.example",
    ];
    let contacts: Vec<Contact<usize>> =
        emails.iter().enumerate().map(|(id, email)| Contact::new(id).with_email(*email)).collect();
    let normalizer = Normalizer::builder().plus_tags().gmail_dots().build();
    assert_eq!(Index::build(normalizer.clone(), &contacts).index.suggestions(), []);

    // Identifiers and identities of channels are compared as they stand.
    let channel = |identity: &str| Channel::new(ChannelKind::Web, "web", identity);
    let contacts = [
        Contact::new(1).with_channel(channel("visitor-K")).with(Field::Custom("number".into()), "A-1"),
        Contact::new(2).with_channel(channel("visitor-\u{212a}")).with(Field::Custom("number".into()), "\u{391}-1"),
        Contact::new(3).with_channel(channel("visitor-k")).with(Field::Custom("number".into()), "A-\u{ff11}"),
    ];
    let index = Index::build(normalizer.to_builder().identifier("number").build(), &contacts).index;
    assert_eq!(index.suggestions(), []);
}
