//! A brief in a form in which nothing has to be looked for, to be kept as long as the row may be needed again.

use crate::scan::key_row::{KeyRow, Values};

/// Which bit says that the contact is blocked, behind those that say which texts there are.
const BLOCKED: u16 = 9;

/// A length that is written as one byte is less than this.
const SHORT: usize = 0x7f;

impl<'a> KeyRow<'a> {
    /// Writes it behind what is there. O(n).
    pub fn keep(&self, to: &mut Vec<u8>) {
        let workspace = self.workspace.unwrap_or_default();
        let texts = [self.id, workspace, self.country, self.kind, self.identity, self.account];
        let names = [self.first_name, self.last_name, self.display_name];
        let texts = texts.into_iter().chain(names);
        // Most rows have but a few of them.
        let bits = texts.clone().enumerate().map(|(place, text)| u16::from(!text.is_empty()) << place);
        let there = bits.fold(u16::from(self.blocked) << BLOCKED, |there, bit| there | bit);
        to.extend([there & 0x7f, there >> 7].map(|bits| bits as u8));
        texts.filter(|text| !text.is_empty()).for_each(|text| put_text(text, to));
        for values in [&self.phones, &self.emails] {
            put_length(values.len(), to);
            values.iter().for_each(|value| put_text(value, to));
        }
    }

    /// The brief that [`Brief::keep`] wrote. O(n).
    pub fn of_kept(kept: &'a [u8]) -> Option<Self> {
        // All that stands between the texts is in ASCII.
        let mut kept = PackedKeyRow(std::str::from_utf8(kept).ok()?);
        let there = u16::from(kept.byte()?) | u16::from(kept.byte()?) << 7;
        let mut text = |place: u16| match there >> place & 1 {
            0 => Some(""),
            _ => kept.text(),
        };
        Some(Self {
            blocked: there >> BLOCKED & 1 == 1,
            id: text(0)?,
            workspace: Some(text(1)?).filter(|workspace| !workspace.is_empty()),
            country: text(2)?,
            kind: text(3)?,
            identity: text(4)?,
            account: text(5)?,
            first_name: text(6)?,
            last_name: text(7)?,
            display_name: text(8)?,
            phones: kept.values()?,
            emails: kept.values()?,
        })
    }
}

#[inline]
fn put_text(text: &str, to: &mut Vec<u8>) {
    put_length(text.len(), to);
    to.extend_from_slice(text.as_bytes());
}

#[inline]
fn put_length(length: usize, to: &mut Vec<u8>) {
    match u8::try_from(length) {
        Ok(short) if length < SHORT => to.push(short),
        _ => {
            // Seven bits a byte, from the lowest on.
            to.push(SHORT as u8);
            to.extend((0..usize::BITS).step_by(7).map(|shift| (length >> shift & 0x7f) as u8));
        }
    }
}

/// What was not read yet.
struct PackedKeyRow<'a>(&'a str);

impl<'a> PackedKeyRow<'a> {
    #[inline]
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.0.as_bytes().first()?;
        self.0 = self.0.get(1..)?;
        Some(byte)
    }

    #[inline]
    fn length(&mut self) -> Option<usize> {
        match usize::from(self.byte()?) {
            SHORT => (0..usize::BITS).step_by(7).try_fold(0, |length, shift| {
                let bits = usize::from(self.byte()?);
                Some(length | bits << shift)
            }),
            short => Some(short),
        }
    }

    #[inline]
    fn text(&mut self) -> Option<&'a str> {
        let length = self.length()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(text)
    }

    fn values(&mut self) -> Option<Values<'a>> {
        let mut values = Values::default();
        for _ in 0..self.length()? {
            values.push(self.text()?);
        }
        Some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that a brief says.
    fn said<'a>(brief: &KeyRow<'a>) -> (Vec<&'a str>, Vec<&'a str>, Vec<&'a str>, Option<&'a str>, bool) {
        let KeyRow { id, workspace, country, blocked, phones, emails, .. } = brief;
        let texts = vec![
            *id,
            *country,
            brief.kind,
            brief.identity,
            brief.account,
            brief.first_name,
            brief.last_name,
            brief.display_name,
        ];
        (texts, phones.iter().collect(), emails.iter().collect(), *workspace, *blocked)
    }

    #[test]
    fn a_brief_comes_back_as_it_was_kept() {
        let long: Vec<String> = [126, 127, 128, 300, 20_000].map(|length| "\u{e9}".repeat(length / 2)).to_vec();
        let mut brief = KeyRow { id: "c1", first_name: "Ada", last_name: "Lovelace", ..KeyRow::default() };
        let mut kept = Vec::new();
        for text in long.iter().map(String::as_str).chain(["", "+44 20 7946 0958", "ada@example.com"]) {
            brief = KeyRow { identity: text, country: brief.identity, blocked: !brief.blocked, ..brief };
            brief = KeyRow { kind: "telegram", account: text, display_name: text, ..brief };
            brief.workspace = Some(text).filter(|text| !text.is_empty());
            brief.phones.push(text);
            brief.emails.push(text);
            brief.emails.push("bob@example.com");
            kept.clear();
            brief.keep(&mut kept);
            assert_eq!(KeyRow::of_kept(&kept).map(|read| said(&read)), Some(said(&brief)));
        }
        for end in 0..kept.len() {
            assert!(KeyRow::of_kept(&kept[..end]).is_none());
        }
    }
}
