//! The packed form of a [`KeyRow`]: compact bytes that are decoded without parsing the row again.
//!
//! ```text
//! 2 bytes: bits of the texts that follow, and the blocked bit | texts | phones | emails | identifiers
//! text:    length, bytes          values: count, texts          identifiers: count, each a position and a text
//! position: as a length
//! length:  1 byte below 127, else 127 and the number in groups of 7 bits, the lowest first
//! ```

use crate::scan::key_row::{KeyRow, Values};

/// The bit for a blocked contact, after the bits for the texts.
const BLOCKED: u16 = 9;

/// Lengths below this are written as one byte.
const SHORT: usize = 0x7f;

impl<'a> KeyRow<'a> {
    /// Appends the packed row to `to`. O(n).
    pub fn pack(&self, to: &mut Vec<u8>) {
        let workspace = self.workspace.unwrap_or_default();
        let texts = [self.id, workspace, self.country, self.kind, self.identity, self.account];
        let names = [self.first_name, self.last_name, self.display_name];
        let texts = texts.into_iter().chain(names);
        // Most rows have only a few of them.
        let bits = texts.clone().enumerate().map(|(position, text)| u16::from(!text.is_empty()) << position);
        let there = bits.fold(u16::from(self.blocked) << BLOCKED, |there, bit| there | bit);
        to.extend([there & 0x7f, there >> 7].map(|bits| bits as u8));
        texts.filter(|text| !text.is_empty()).for_each(|text| put_text(text, to));
        for values in [&self.phones, &self.emails] {
            put_length(values.len(), to);
            values.iter().for_each(|value| put_text(value, to));
        }
        put_length(self.identifiers.len(), to);
        for (position, text) in &self.identifiers {
            put_length(usize::from(*position), to);
            put_text(text, to);
        }
    }

    /// Returns the row that [`pack`](Self::pack) wrote, or `None` if the bytes are no packed row. O(n).
    pub fn unpack(packed: &'a [u8]) -> Option<Self> {
        // The bytes between the texts are ASCII.
        let mut packed = PackedKeyRow(std::str::from_utf8(packed).ok()?);
        let there = u16::from(packed.byte()?) | u16::from(packed.byte()?) << 7;
        let mut text = |position: u16| match there >> position & 1 {
            0 => Some(""),
            _ => packed.text(),
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
            phones: packed.values()?,
            emails: packed.values()?,
            identifiers: packed.identifiers()?,
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
            // Seven bits per byte, the lowest first.
            to.push(SHORT as u8);
            to.extend((0..usize::BITS).step_by(7).map(|shift| (length >> shift & 0x7f) as u8));
        }
    }
}

/// The bytes of a packed row that are not decoded yet.
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

    fn identifiers(&mut self) -> Option<Vec<(u16, &'a str)>> {
        let count = self.length()?;
        (0..count).map(|_| Some((u16::try_from(self.length()?).ok()?, self.text()?))).collect()
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

    /// Returns all values of a row.
    fn values_of<'a>(row: &KeyRow<'a>) -> Vec<Vec<&'a str>> {
        let KeyRow { id, workspace, country, blocked, phones, emails, identifiers, .. } = row;
        let texts =
            [*id, *country, row.kind, row.identity, row.account, row.first_name, row.last_name, row.display_name];
        vec![
            texts.to_vec(),
            phones.iter().collect(),
            emails.iter().collect(),
            identifiers.iter().map(|(_, text)| *text).collect(),
            workspace.iter().copied().collect(),
            if *blocked { vec!["blocked"] } else { Vec::new() },
        ]
    }

    #[test]
    fn a_row_is_unpacked_as_it_was_packed() {
        let long: Vec<String> = [126, 127, 128, 300, 20_000].map(|length| "\u{e9}".repeat(length / 2)).to_vec();
        let mut row = KeyRow { id: "c1", first_name: "Ada", last_name: "Lovelace", ..KeyRow::default() };
        let mut packed = Vec::new();
        for text in long.iter().map(String::as_str).chain(["", "+44 20 7946 0958", "ada@example.com"]) {
            row = KeyRow { identity: text, country: row.identity, blocked: !row.blocked, ..row };
            row = KeyRow { kind: "telegram", account: text, display_name: text, ..row };
            row.workspace = Some(text).filter(|text| !text.is_empty());
            row.identifiers.push((text.len() as u16, text));
            row.phones.push(text);
            row.emails.push(text);
            row.emails.push("bob@example.com");
            packed.clear();
            row.pack(&mut packed);
            let read = KeyRow::unpack(&packed).expect("a packed row");
            assert_eq!((values_of(&read), &read.identifiers), (values_of(&row), &row.identifiers));
        }
        for end in 0..packed.len() {
            assert!(KeyRow::unpack(&packed[..end]).is_none());
        }
    }
}
