//! Texts that are stored once and named by numbers.

use hashbrown::HashTable;

use crate::similarity::stable_hash::StableHash;

/// The number of the empty text, which every table has.
pub(crate) const NOTHING: u32 = 0;

/// Texts in one allocation. Each has a number, and number 0 is the empty text.
#[derive(Clone)]
pub(crate) struct InternedTexts {
    texts: String,
    // The end of each text in `texts`.
    ends: Vec<u32>,
    numbers: HashTable<u32>,
    purpose: u64,
}

impl InternedTexts {
    /// Returns a table with the empty text alone. The hashes of its texts differ from those of other purposes.
    pub(crate) fn new(purpose: u64) -> Self {
        Self { texts: String::new(), ends: vec![0], numbers: HashTable::new(), purpose }
    }

    /// Returns the number of a text, which is stored if it is new. Cost: O(n).
    ///
    /// # Panics
    /// If the texts together are longer than 4 GiB.
    pub(crate) fn number_of(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return NOTHING;
        }
        let hash = self.hash_of(text);
        let (texts, ends, purpose) = (&self.texts, &self.ends, self.purpose);
        let found = self.numbers.find(hash, |number| slice(texts, ends, *number) == text);
        if let Some(number) = found {
            return *number;
        }
        let number = u32::try_from(self.ends.len()).expect("a table has less than 2^32 texts");
        self.texts.push_str(text);
        self.ends.push(u32::try_from(self.texts.len()).expect("the texts of a table take less than 4 GiB"));
        let (texts, ends) = (&self.texts, &self.ends);
        self.numbers.insert_unique(hash, number, |number| hash_of(purpose, slice(texts, ends, *number)));
        number
    }

    /// Returns the text with a number.
    #[inline]
    pub(crate) fn text(&self, number: u32) -> &str {
        slice(&self.texts, &self.ends, number)
    }

    /// Returns the stable hash of the text with a number. Cost: O(n).
    pub(crate) fn hash(&self, number: u32) -> u64 {
        hash_of(self.purpose, self.text(number))
    }

    /// Returns the stable hash of a text in this table or another one of the same purpose.
    pub(crate) fn hash_of(&self, text: &str) -> u64 {
        hash_of(self.purpose, text)
    }

    /// Returns the count of numbers.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns an estimate of the heap bytes in use.
    pub(crate) fn memory(&self) -> usize {
        self.texts.capacity() + self.ends.capacity() * 4 + self.numbers.capacity() * 8 / 7 * 5
    }
}

fn hash_of(purpose: u64, text: &str) -> u64 {
    StableHash::of(purpose).bytes(text.as_bytes()).value()
}

#[inline]
fn slice<'a>(texts: &'a str, ends: &[u32], number: u32) -> &'a str {
    let at = number as usize;
    let start = if at == 0 { 0 } else { ends[at - 1] as usize };
    &texts[start..ends[at] as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_one_number() {
        let mut table = InternedTexts::new(1);
        let (a, b) = (table.number_of("muster"), table.number_of("bauer"));
        assert_eq!((table.number_of("muster"), table.number_of(""), table.len()), (a, NOTHING, 3));
        assert_eq!((table.text(a), table.text(b), table.text(NOTHING)), ("muster", "bauer", ""));
    }
}
