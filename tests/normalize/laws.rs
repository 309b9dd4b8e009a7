//! Laws of the normaliser: no text breaks it, and a key read as a value is the same key again.

use onefold::normalize::{DerivedKey, NormalizerBuilder};
use onefold::{Channel, ChannelKind, Contact, Field, KeyKind, Normalizer, Reason, Region};
use proptest::prelude::*;

fn first(keys: Result<Vec<DerivedKey>, Reason>) -> Option<String> {
    Some(keys.ok()?.first()?.key.value().to_owned())
}

/// The same text again, whatever options gave it.
#[track_caller]
fn assert_phone_is_read_as_itself(text: &str) {
    assert_eq!(first(Normalizer::new().phone(text, None)).as_deref(), Some(text));
}

#[track_caller]
fn assert_email_is_read_as_itself(text: &str) {
    assert_eq!(first(Normalizer::new().email(text)).as_deref(), Some(text));
}

fn regions() -> impl Strategy<Value = Option<Region>> {
    let codes = ["", "US", "GB", "DE", "BR", "MX", "AR", "IT", "RU", "JP", "ID", "CI", "SM", "XK"];
    prop::sample::select(codes.to_vec()).prop_map(|code| code.parse().ok())
}

fn matching(pattern: &str) -> impl Strategy<Value = String> + use<> {
    prop::string::string_regex(pattern).expect("a regular expression")
}

/// Texts that are nearly numbers: digits of several scripts, marks, labels and extensions.
fn phones() -> impl Strategy<Value = String> {
    let digits = "[0-9]{1,4}|[0-9\u{ff10}-\u{ff19}\u{660}-\u{669}]{2,6}|[1-9][0-9]{6,13}";
    let marks = " |-|\\.|/|\\(|\\)|\\(0\\)|\u{a0}|\u{2011}|\u{200b}|\u{202a}|\\*|x|#|~|;|,|;ext=| ext\\. |\u{434}\u{43e}\u{431}";
    let piece = matching(&format!("{digits}|{digits}|{marks}"));
    let start = "|\\+|\u{ff0b}|00|011|'|tel:|Tel\\.: |whatsapp:|https://wa\\.me/|\\+55|\\+52 1|\\+54 9|\\+44";
    let end = "||||\\.0| \\(home\\)| - work|cel| Ada|XX|E\\+12|;phone-context=\\+44|;phone-context=a\\.b";
    (start, prop::collection::vec(piece, 1..6), end).prop_map(|(start, pieces, end)| start + &pieces.concat() + &end)
}

fn emails() -> impl Strategy<Value = String> {
    let local = "[a-zA-Z0-9._+\u{e9}\u{130}\u{df}\u{212a}\u{301}\u{37e}-]{1,12}";
    let domain = "([a-zA-Z0-9\u{fc}\u{df}\u{301}\u{2126}-]{1,8}\\.){1,3}[a-zA-Z\u{434}]{2,4}";
    let known = "gmail\\.com|googlemail\\.com|GMAIL\\.COM|yahoo\\.com|xn--bcher-kva\\.example";
    let around = "|| |\u{200b}|mailto:|\u{feff}";
    (around, local, "@|@@|\u{ff20}", matching(&format!("{domain}|{known}")), "|||\u{a0}|\\.|\u{200b}")
        .prop_map(|(start, local, at, domain, end)| [start, local, at, domain, end].concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_normaliser(text in any::<String>(), region in regions()) {
        let normalizer = Normalizer::builder().plus_tags().gmail_dots().build();
        let _ = normalizer.phone(&text, region);
        let _ = normalizer.email(&text);
        let _ = normalizer.identifier_key("number", &text);
        for kind in [ChannelKind::WhatsApp, ChannelKind::Sms, ChannelKind::Email, ChannelKind::Web] {
            let _ = normalizer.channel(&Channel::new(kind, text.clone(), text.clone()), region);
        }
        let _ = text.parse::<Region>();
    }

    #[test]
    fn a_phone_key_is_read_as_itself(text in phones(), region in regions()) {
        for key in Normalizer::new().phone(&text, region).unwrap_or_default() {
            assert_phone_is_read_as_itself(key.key.value());
        }
    }

    #[test]
    fn a_phone_key_has_at_most_fifteen_digits(text in phones(), region in regions()) {
        for key in Normalizer::new().phone(&text, region).unwrap_or_default() {
            let (number, extension) = key.key.value().split_once(";ext=").unwrap_or((key.key.value(), "0"));
            let digits = number.strip_prefix('+').expect("a plus");
            prop_assert!((3..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()));
            prop_assert!(!extension.is_empty() && extension.bytes().all(|byte| byte.is_ascii_digit()));
        }
    }

    #[test]
    fn an_email_key_is_read_as_itself(text in emails()) {
        for key in Normalizer::builder().plus_tags().gmail_dots().build().email(&text).unwrap_or_default() {
            assert_email_is_read_as_itself(key.key.value());
        }
    }

    #[test]
    fn an_identity_and_its_key_are_the_same_user(text in phones(), host in "@s\\.whatsapp\\.net|@c\\.us|@lid|") {
        let normalizer = Normalizer::new();
        let read = |identity: &str| normalizer.channel(&Channel::new(ChannelKind::WhatsApp, "a", identity), None);
        let keys = read(&format!("{text}{host}")).unwrap_or_default();
        prop_assert!(keys.iter().skip(1).all(|key| key.key.kind() == KeyKind::Phone));
        if let Some(own) = keys.first() {
            prop_assert_eq!(first(read(own.key.value())), Some(own.key.value().to_owned()));
        }
    }
}

#[test]
fn keys_in_every_form_are_read_as_themselves() {
    for text in ["+442079460958", "+442079460958;ext=123", "+5215512345678", "+447700900123", "+390669812345"] {
        assert_phone_is_read_as_itself(text);
    }
    for text in ["ada@example.com", "ada@xn--bcher-kva.example", "jos\u{e9}@example.com", "\u{130}@example.com"] {
        assert_email_is_read_as_itself(text);
    }
}

#[test]
fn look_alikes_are_other_mailboxes_or_none() {
    let email = |text: &str| first(Normalizer::new().email(text));
    assert_eq!(email("\u{212a}im@example.com"), None, "the Kelvin sign");
    assert_eq!(email("ada\u{ff20}example.com"), None, "a full-width at");
    assert_eq!(email("a..b@example.com"), None);
    assert_eq!(email("a\u{0}b@example.com"), None);
    assert_eq!(email("a\u{200b}b@example.com"), None, "a zero width space inside");
    assert_ne!(email("\u{130}pek@example.com"), email("ipek@example.com"), "a capital i with a dot");
    assert_ne!(email("stra\u{df}e@example.com"), email("strasse@example.com"));
    assert_ne!(email("ada@stra\u{df}e.example"), email("ada@strasse.example"));
    assert_eq!(email("ada@\u{ff45}xample.com"), email("ada@example.com"), "IDNA maps the domain");
    let phone = |text: &str| first(Normalizer::new().phone(text, None));
    assert_eq!(phone("+44\u{0}2079460958"), None);
    assert_eq!(phone("+44\u{200b}2079460958").as_deref(), Some("+442079460958"));
    assert_eq!(phone("+44 \u{ff12}079460958").as_deref(), Some("+442079460958"));
    assert_eq!(phone("+44 \u{2461}079460958"), None, "a digit in a circle");
}

#[test]
fn a_scheme_behind_its_parameter_is_no_number() {
    let normalizer = Normalizer::new();
    for raw in [";phone-context=ho;ex+t=1tel:", ";phone-context=+44tel:2079460958", "2025550101;phone-context=+1;tel:"]
    {
        for region in [None, "US".parse().ok()] {
            assert_eq!(normalizer.phone(raw, region), Err(Reason::Malformed), "{raw}");
        }
    }
}

/// Each setting makes the difference that its name says, and no other setting makes it.
#[test]
fn each_setting_makes_its_own_difference() {
    let values = |normalizer: &Normalizer, contact: &Contact<u32>| -> Vec<String> {
        normalizer.contact(contact).keys.iter().map(|key| key.key.value().to_owned()).collect()
    };
    let (gb, us): (Region, Region) = ("GB".parse().expect("a region"), "US".parse().expect("a region"));
    let new = Normalizer::builder;
    let phone = |raw: &str| Contact::new(1).with_phone(raw);
    let email = |raw: &str| Contact::new(1).with_email(raw);
    let of_gb = phone("020 7946 0958").with(Field::Country, "gb");
    type Case<'a> = (NormalizerBuilder, Contact<u32>, &'a [&'a str], &'a [&'a str]);
    let cases: [Case<'_>; 9] = [
        (new().region(gb), phone("020 7946 0958"), &[], &["+442079460958"]),
        (new().region_from_country(), of_gb.clone(), &[], &["+442079460958"]),
        (new().region(us).region_from_country(), of_gb, &[], &["+442079460958"]),
        (new().without_variants(), phone("+551196123456"), &["+551196123456", "+5511996123456"], &["+551196123456"]),
        (
            new().plus_tags(),
            email("ada+x@example.com"),
            &["ada+x@example.com"],
            &["ada+x@example.com", "ada@example.com"],
        ),
        (new().gmail_dots(), email("a.da@gmail.com"), &["a.da@gmail.com"], &["a.da@gmail.com", "ada@gmail.com"]),
        (new().ignore(["ADA@example.com "]), email("ada@example.com"), &["ada@example.com"], &[]),
        (new().identifier("number"), Contact::new(1).with(Field::Custom("number".into()), "N-1"), &[], &["N-1"]),
        (new().as_written(), email(" Ada"), &[], &[" Ada"]),
    ];
    for (builder, contact, without, with) in cases {
        let normalizer = builder.build();
        assert_eq!(values(&Normalizer::new(), &contact), without, "{normalizer:?}");
        assert_eq!(values(&normalizer, &contact), with, "{normalizer:?}");
    }
}

/// Also where the value would give no key, or another one than its text.
#[test]
fn what_is_ignored_is_so_as_it_is_written_too() {
    let normalizer = Normalizer::builder().ignore(["No Phone", "visitor", "020 7946 0958"]).build();
    assert_eq!(normalizer.phone(" no phone ", None), Err(Reason::Ignored));
    assert_eq!(normalizer.phone("020 7946 0958", "GB".parse().ok()), Err(Reason::Ignored));
    assert!(normalizer.phone("020 7946 0959", "GB".parse().ok()).is_ok());
    assert_eq!(normalizer.email("Visitor"), Err(Reason::Ignored));
    let channel = |identity: &str| Channel::new(ChannelKind::Web, "site", identity);
    assert_eq!(normalizer.channel(&channel("VISITOR"), None), Err(Reason::Ignored));
    assert!(normalizer.channel(&channel("visitor-1"), None).is_ok());
}
