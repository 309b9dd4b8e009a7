//! Does the short way for plain email addresses give the keys of the full one?
//!
//! Addresses from a fixed seed, right, nearly right and wrong, go both ways, with and without the options.
//! `ONEFOLD_EMAILS=20000000 cargo test --release --test emails_the_short_way -- --nocapture` sends more.

use onefold::Normalizer;
use rayon::prelude::*;

use crate::spellings;

use spellings::Random;

const NAMES: [&str; 22] = [
    "ada",
    "Ada",
    "ada.lovelace",
    "info",
    "INFO",
    "sales",
    "noreply",
    "no.reply",
    "none",
    "test",
    "a",
    "x",
    "zelia.lima",
    "teste",
    "mailer-daemon",
    "support",
    "naotem",
    "a_b",
    "a-b",
    "jos\u{e9}",
    "\u{212a}im",
    "1",
];
const DOMAINS: [&str; 24] = [
    "example.com",
    "Example.COM",
    "gmail.com",
    "googlemail.com",
    "GMail.com",
    "yahoo.com",
    "none.com",
    "test.com",
    "a.com",
    "acme.example",
    "sub.acme-corp.example",
    "b\u{fc}cher.example",
    "xn--bcher-kva.example",
    "ab--c.com",
    "a--b.com",
    "127.0.0.1",
    "a.1",
    "a.1b",
    "a.1-1",
    "localhost",
    "x.com",
    "email.com",
    "loja.com",
    "a-.com",
];
const PIECES: [&str; 32] = [
    ".", "..", "-", "--", "_", "+", "+tag", "@", "@@", " ", "\t", "\n", "\u{a0}", "\u{200b}", ",", ";", "/", "(", ")",
    "\"", "<", ">", "'", "%", "mailto:", "MAILTO:", "A", "z", "0", "\u{e9}", "\u{301}", "xn--",
];

fn address(random: &mut Random) -> String {
    let mut one = |of: &[&str]| of[random.below(of.len() as u64) as usize].to_owned();
    let (name, more, domain, piece) = (one(&NAMES), one(&PIECES), one(&DOMAINS), one(&PIECES));
    let tag = match random.below(4) {
        0 => format!("+{}", random.below(100)),
        1 => random.below(10_000).to_string(),
        _ => String::new(),
    };
    let mut text = match random.below(12) {
        0 => format!("{name}{more}{tag}@{domain}"),
        1 => format!("{more}{name}@{domain}{piece}"),
        2 => format!("{name}{tag}@{piece}{domain}"),
        3 => format!(
            "{name}@{}{domain}",
            format!("{}.", "abcdefgh".repeat(random.below(9) as usize)).repeat(random.below(5) as usize)
        ),
        4 => format!("{}{name}@{domain}", "long".repeat(random.below(20) as usize)),
        5 => format!(" {name}{tag}@{domain} "),
        _ => format!("{name}{tag}@{domain}"),
    };
    while random.below(6) == 0 {
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        let place = places.get(random.below(places.len().max(1) as u64) as usize).copied().unwrap_or_default();
        let piece = PIECES[random.below(PIECES.len() as u64) as usize];
        match random.below(3) {
            0 => text.insert_str(place, piece),
            1 if !text.is_empty() => drop(text.remove(place)),
            _ => text.truncate(place),
        }
    }
    text
}

#[test]
fn the_short_way_gives_the_keys_of_the_full_one() {
    let count: u64 = std::env::var("ONEFOLD_EMAILS").map_or(400_000, |count| count.parse().expect("a number"));
    let normalizers = [
        Normalizer::new(),
        Normalizer::builder().plus_tags().gmail_dots().build(),
        Normalizer::builder().gmail_dots().build(),
    ];
    let (keys, faults) = (0..count)
        .into_par_iter()
        .map(|seed| {
            let mut random = Random::new(seed);
            let raw = address(&mut random);
            let normalizer = &normalizers[random.below(3) as usize];
            let (short, full) = (normalizer.email(&raw), normalizer.email_in_full(&raw));
            let fault =
                (short != full).then(|| format!("{raw:?}: {:?} and {:?}", short.as_ref().err(), full.as_ref().err()));
            (u64::from(short.is_ok()), fault.into_iter().collect::<Vec<_>>())
        })
        .reduce(|| (0, Vec::new()), |a, b| (a.0 + b.0, [a.1, b.1].concat()));
    eprintln!("{count} addresses, {keys} of them with keys");
    assert!(faults.is_empty(), "{} differ: {:#?}", faults.len(), faults.iter().take(20).collect::<Vec<_>>());
    assert!(keys * 4 > count && keys < count);
}
