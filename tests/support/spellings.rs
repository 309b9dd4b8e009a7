//! Phone numbers in the spellings of people and programs, and in some that nobody would write.

/// SplitMix64 (S. Vigna, 2015).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }
}

/// How many spellings there are.
pub const SPELLINGS: usize = 23;

/// The number in a spelling by chance: the spelling's name and the text.
pub fn spell(random: &mut Random, code: i32, national: &str, formatted: &str) -> (&'static str, String) {
    let digits = varied(random, national);
    let grouped = grouped(random, &digits);
    // The form of the country, with the digits of this number.
    let mut own = digits.chars();
    let offset = formatted.chars().filter(char::is_ascii_digit).count().saturating_sub(national.len());
    let mut at = 0;
    let formatted: String = formatted
        .chars()
        .filter_map(|c| {
            if c.is_ascii_digit() {
                at += 1;
                if at > offset { own.next() } else { Some(c) }
            } else {
                Some(c)
            }
        })
        .collect();
    match random.below(SPELLINGS as u64) {
        0 => ("E.164", format!("+{code}{digits}")),
        1 => ("international", format!("+{code} {grouped}")),
        2 => ("international, brackets", format!("+{code} ({}", grouped.replacen([' ', '-', '.'], ") ", 1))),
        3 => ("international, (0)", format!("+{code} (0) {grouped}")),
        4 => (
            "international, prefix",
            format!("{}{code}{grouped}", random.one(&["00", "011", "00 ", "0011", "810", "+00", "0"])),
        ),
        5 => ("country code without plus", format!("{code}{grouped}")),
        6 => ("as formatted", formatted),
        7 => ("as formatted, in bits", formatted.replace([' ', '-'], random.one(&[" ", "-", ".", "", "/"]))),
        8 => ("national digits", digits),
        9 => ("national, grouped", grouped),
        10 => ("national, trunk prefix", format!("{}{grouped}", random.one(&["0", "1", "8", "06", "(0)", "0 ", "9"]))),
        11 => (
            "national, carrier",
            format!("{}{grouped}", random.one(&["015", "021", "041", "0 99 ", "90", "180020", "11", "03", "15"])),
        ),
        12 => {
            let mark = random.one(&[
                " x",
                " ext. ",
                " ext ",
                ";ext=",
                "x",
                " #",
                " extension ",
                " EXT:",
                ",",
                " ramal ",
                "-x",
                "# ",
            ]);
            (
                "extension",
                format!("{}{mark}{}", random.one(&[&format!("+{code} {grouped}"), &formatted]), random.below(30_000)),
            )
        }
        13 => {
            let label = random.one(&[
                " (home)",
                " cel",
                " - work",
                " WhatsApp",
                ".0",
                " ",
                ")",
                " (x)",
                " Ada",
                "*",
                " -",
                "%",
            ]);
            ("label behind", format!("{}{label}", random.one(&[&format!("+{code} {grouped}"), &formatted])))
        }
        14 => {
            let label = random.one(&[
                "Tel: ",
                "tel:",
                "whatsapp:",
                "'",
                "(",
                "-",
                "https://wa.me/",
                "\u{202a}",
                "\u{a0}",
                "Ada ",
                "$",
            ]);
            (
                "label in front",
                format!(
                    "{label}{}",
                    random.one(&[&format!("+{code}{grouped}"), &formatted, &format!("{code}{digits}")])
                ),
            )
        }
        15 => ("other marks", {
            let mark =
                random.one(&["\u{a0}", "\u{2011}", "\u{2013}", "/", "\u{200b}", "~", "[", "\u{ff0e}", "\t", ", "]);
            format!("+{code} {}", grouped.replace([' ', '-', '.'], mark))
        }),
        16 => ("mutated", mutated(random, &format!("+{code} {grouped}"))),
        17 => ("mutated, national", mutated(random, &formatted)),
        18 => ("other script", {
            let zero = random.one(&["\u{ff10}", "\u{660}", "\u{6f0}", "\u{966}", "\u{9e6}"]);
            let text = format!("{}{grouped}", random.one(&["", "+", "\u{ff0b}", "00"]));
            in_script(&text.replace('-', random.one(&["-", "\u{ff0d}", "\u{30fc}"])), zero)
        }),
        19 => ("words behind", {
            let words = random.one(&[
                " Ada",
                " Ada Lovelace",
                " (Mum)",
                " Jos\u{e9}",
                " - Jo",
                " & Co",
                " / Max",
                " \u{418}\u{432}\u{430}\u{43d}",
                " [ext] no",
                "-Rex",
            ]);
            format!("{}{words}", random.one(&[&format!("+{code} {grouped}"), &formatted, &grouped]))
        }),
        20 => ("two numbers", {
            let mark = random.one(&["/", " / ", "|", ", ", "; ", " ", " - ", "\\", " & ", "+", " / x", "#"]);
            let other = varied(random, national);
            format!(
                "{}{mark}{}",
                random.one(&[&format!("+{code} {grouped}"), &formatted]),
                random.one(&[&format!("+{code}{other}"), &other, &grouped])
            )
        }),
        21 => ("among words", {
            let words = random.one(&[" rue ", " de ", "a", " \u{e9} ", " apt. ", " x ", ":", "=", " no ", ", "]);
            let end = digits.get(digits.len() / 2..).unwrap_or_default();
            format!("{}{words}{end}", random.one(&["12", &grouped, &format!("+{code} {grouped}")]))
        }),
        _ => ("any digits", {
            let count = 3 + random.below(16);
            let digits: String = (0..count).map(|_| char::from(b'0' + random.below(10) as u8)).collect();
            format!("{}{digits}", random.one(&["", "+", "0", "00"]))
        }),
    }
}

/// A text with the digits that begin with `zero`.
fn in_script(text: &str, zero: &str) -> String {
    let zero = u32::from(zero.chars().next().unwrap_or('0'));
    text.chars().map(|c| c.to_digit(10).and_then(|value| char::from_u32(zero + value)).unwrap_or(c)).collect()
}

/// A number near an example: mostly other last digits, sometimes another first one or another length.
fn varied(random: &mut Random, national: &str) -> String {
    let mut digits = national.as_bytes().to_vec();
    let kept = match random.below(16) {
        0 => 0,
        1 => 1,
        2..=4 => 2,
        5..=8 => 3,
        _ => digits.len() / 2,
    };
    let any = |random: &mut Random| b'0' + random.below(10) as u8;
    digits.iter_mut().skip(kept).for_each(|digit| *digit = any(random));
    match random.below(24) {
        0 => digits.push(any(random)),
        1 => drop(digits.pop()),
        2 => digits.insert(0, any(random)),
        3 => digits.truncate(digits.len() / 2),
        4 => digits.fill(any(random)),
        5 => digits = random.one(&["1234567890", "1234567", "5551234567", "0123456789", "12345678900"]).into(),
        _ => {}
    }
    String::from_utf8(digits).expect("digits")
}

/// Digits in groups of one to four, with marks between them.
fn grouped(random: &mut Random, digits: &str) -> String {
    let mark = random.one(&[" ", "-", ".", "", " ", "-"]);
    let mut text = String::new();
    let mut left = 1 + random.below(4);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && left == 0 {
            text += if random.below(12) == 0 { random.one(&[" - ", ". ", ") ", "(", "--"]) } else { mark };
            left = 1 + random.below(4);
        }
        left = left.saturating_sub(1);
        text.push(digit);
    }
    text
}

/// A text with some characters replaced, doubled or left out.
fn mutated(random: &mut Random, text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..1 + random.below(3) {
        let place = random.below(chars.len().max(1) as u64) as usize;
        let other = random.one(&[
            "0", "1", "7", "9", "+", "-", " ", ".", "(", ")", "x", "#", ";", ",", "/", "*", "e", "\u{ff11}", "@", "\n",
        ]);
        let other = other.chars().next().unwrap_or('0');
        match random.below(3) {
            _ if chars.is_empty() => {}
            0 => chars[place] = other,
            1 => chars.insert(place, other),
            _ => drop(chars.remove(place)),
        }
    }
    chars.into_iter().collect()
}
