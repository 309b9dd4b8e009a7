//! Contact tables of any size, from a fixed seed.

use std::io::{self, Write};

/// The generator SplitMix64 (S. Vigna, 2015).
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % n
    }
}

const FIRST_NAMES: [&str; 8] = ["Ada", "Bruno", "Carla", "Denis", "Eva", "Farid", "Grace", "Hugo"];
const LAST_NAMES: [&str; 8] = ["Lovelace", "Silva", "Meyer", "Okafor", "Rossi", "Tanaka", "Novak", "Garcia"];
const COMPANIES: [&str; 4] = ["", "Analytical Engines", "\"Rossi, Meyer and Partners\"", "Blue Bakery"];
const COUNTRIES: [(&str, &str, &str); 4] =
    [("US", "+1", "202"), ("DE", "+49", "151"), ("GB", "+44", "74"), ("IT", "+39", "34")];

/// Writes a table of `rows` contacts from a fixed seed. Of 100 contacts, 15 share a phone, an email or both with an
/// earlier one. Phone numbers have a country code, so that a simple rule reads them as the phone library does.
///
/// # Errors
/// - An [`io::Error`] if `to` cannot be written.
pub fn generate(rows: u64, to: impl Write) -> io::Result<()> {
    let mut to = io::BufWriter::with_capacity(1 << 20, to);
    let mut random = Random(42);
    writeln!(to, "id,first_name,last_name,email,phone,country,company,city,created_at,notes")?;
    for row in 0..rows {
        let earlier = random.below(row.max(1));
        let (phone_of, email_of) = match random.below(100) {
            0..5 => (earlier, row),
            5..10 => (row, earlier),
            10..15 => (earlier, earlier),
            _ => (row, row),
        };
        let (first, last) = (FIRST_NAMES[random.below(8) as usize], LAST_NAMES[random.below(8) as usize]);
        let (country, phone) = phone(&mut random, phone_of);
        let email = match random.below(4) {
            0 => format!("{}.{}{email_of}@EXAMPLE.com", first_of(email_of), last_of(email_of).to_uppercase()),
            1 => format!(" {}.{}{email_of}@example.com", first_of(email_of), last_of(email_of).to_lowercase()),
            _ => format!("{}.{}{email_of}@example.com", first_of(email_of), last_of(email_of)).to_lowercase(),
        };
        let company = COMPANIES[random.below(4) as usize];
        let (month, day) = (random.below(12) + 1, random.below(28) + 1);
        let note = if random.below(5) == 0 { "\"met at the fair, said \"\"call in May\"\"\"" } else { "" };
        writeln!(
            to,
            "c{row},{first},{last},{email},{phone},{country},{company},Springfield,2024-{month:02}-{day:02}T09:30:00Z,{note}"
        )?;
    }
    to.flush()
}

fn first_of(person: u64) -> &'static str {
    FIRST_NAMES[(person % 8) as usize]
}

fn last_of(person: u64) -> &'static str {
    LAST_NAMES[(person / 8 % 8) as usize]
}

/// Returns the country and a phone number of a person, in one of several spellings.
fn phone(random: &mut Random, person: u64) -> (&'static str, String) {
    let (country, code, area) = COUNTRIES[(person % 4) as usize];
    let number = person / 4;
    let digits = match country {
        "US" => format!("{}{:07}", 201 + number / 8_000_000 % 700, 2_000_000 + number % 8_000_000),
        _ => format!("{area}{:08}", number % 100_000_000),
    };
    let (head, tail) = digits.split_at(3);
    let (middle, end) = tail.split_at(tail.len() / 2);
    let spelled = match random.below(4) {
        0 => format!("{code} {head} {middle} {end}"),
        1 => format!("{code} ({head}) {middle}-{end}"),
        2 => format!("{code}-{head}-{tail}"),
        _ => format!("{code}{digits}"),
    };
    (country, spelled)
}
