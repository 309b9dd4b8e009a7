//! Plain values never ask the phone library, whose regular expressions take a tenth of a second to compile.

use std::process::Command;

use onefold::normalize::is_phone_library_loaded;
use onefold::{Channel, ChannelKind, Contact, Field, Index, Normalizer, Region};

/// Set in the process of its own, since other tests in this one ask the library.
const OWN_PROCESS: &str = "ONEFOLD_PLAIN_PHONES";

const PHONES: [(&str, &str); 40] = [
    ("BR", "+5511987654321"),
    ("BR", "(11) 98765-4321"),
    ("BR", "011 8765-4321"),
    ("BR", "0xx11 3234-5678"),
    ("BR", "(11) 3234-5678 ramal 12"),
    ("US", "+1 (212) 555-0123"),
    ("US", "212.555.0123"),
    ("US", "1-212-555-0123"),
    ("US", "212-555-0123 x45"),
    ("US", "212-555-0123 ext. 45"),
    ("US", "011 44 20 7946 0958"),
    ("GB", "020 7946 0958"),
    ("GB", "+44 (0) 20 7946 0958"),
    ("GB", "0044 20 7946 0958"),
    ("GB", "Tel.: 020 7946 0958 (home)"),
    ("GB", "tel:+44-20-7946-0958;ext=7"),
    ("GB", "020 7946 0958 / 020 7946 0959"),
    ("GB", "020 7946 0958 Ada"),
    ("GB", "Fax: 020 7946 0958"),
    ("GB", "+44 20 7946 0958 (US)"),
    ("GB", "'+442079460958"),
    ("GB", "442079460958.0"),
    ("ES", "814.30.71.43"),
    ("MX", "+52 1 55 1234 5678"),
    ("AR", "011 15-2345-6789"),
    ("AR", "+54 9 11 2345-6789"),
    ("IT", "06 6981 2345"),
    ("DE", "4915123456789"),
    ("JP", "\u{ff0b}\u{ff18}\u{ff11} \u{ff13} 1234 5678"),
    ("EG", "\u{660}\u{661}\u{660} \u{661}\u{662}\u{663}\u{664} \u{665}\u{666}\u{667}\u{668}"),
    ("RU", "https://wa.me/79161234567"),
    ("RU", "8 (916) 123-45-67"),
    ("", "020 7946 0958"),
    ("", "+999 123 456 789"),
    ("US", "+999 123 456 789"),
    ("US", "n/a"),
    ("US", "1951-07-21"),
    ("US", "12"),
    ("US", "12 rue de Rivoli 75001"),
    ("US", "00000000000000000000"),
];

fn region(code: &str) -> Option<Region> {
    (!code.is_empty()).then(|| code.parse().expect("a region"))
}

/// Does what a run does with plain values.
fn use_plain_values() {
    let normalizer = Normalizer::builder().region(region("GB").expect("a region")).region_from_country().build();
    let mut index = Index::new(normalizer.clone());
    for (id, (code, phone)) in PHONES.into_iter().enumerate() {
        let identity = ["5511987654321@s.whatsapp.net", "5511987654321", "11987654321", "0049123456789012"][id % 4];
        let channel = Channel::new(ChannelKind::WhatsApp, "1", identity);
        let contact = Contact::new(id).with_phone(phone).with(Field::Country, code).with_channel(channel);
        index.insert(&contact).expect("a new contact");
    }
    assert!(!index.suggestions().is_empty());
    for (code, phone) in PHONES {
        let _ = (normalizer.phone(phone, region(code)), normalizer.country_of(phone, region(code)));
        assert!(normalizer.is_phone_by_tables(phone, region(code)), "{phone}");
    }
}

#[test]
fn plain_values_never_ask_the_phone_library() {
    if std::env::var_os(OWN_PROCESS).is_some() {
        use_plain_values();
        assert!(!is_phone_library_loaded(), "a plain value asked the phone library");
        let _ = Normalizer::new().phone("tel:202-555-0101;phone-context=+1", None);
        assert!(is_phone_library_loaded(), "a context is read by the phone library");
        return;
    }
    let program = std::env::current_exe().expect("the program of the tests");
    let test = "normalize::plain_phones::plain_values_never_ask_the_phone_library";
    let output =
        Command::new(program).args(["--exact", test]).env(OWN_PROCESS, "1").output().expect("the program runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}{}", String::from_utf8_lossy(&output.stderr));
}
