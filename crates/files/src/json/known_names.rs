//! The names of members that were seen before, found by the order in which they come.

use std::collections::HashMap;

use crate::json::line_cursor::LineCursor;

/// The number of names that are kept. Inputs with more have generated names.
const MAX_NAMES: usize = 500;

/// How many names are compared with the next one before it is looked up. Members come in the same order on each line, but some of
/// them may be left out.
const MAX_COMPARED: usize = 16;

/// Names and what each of them means.
pub(crate) struct KnownNames<T> {
    names: Vec<KnownName<T>>,
    places: HashMap<Box<str>, usize>,
    first: Option<usize>,
}

struct KnownName<T> {
    // The name and its closing quote.
    quoted: Box<str>,
    // Its first eight bytes, which most names differ in.
    head: u64,
    // The bits of these bytes that it has.
    head_mask: u64,
    // The name that comes after it.
    next: Option<usize>,
    meaning: T,
}

/// A name that was read.
pub(crate) enum ReadName<'a> {
    /// A known name, by its place.
    Known(usize),
    /// A name that was not seen before.
    New(&'a str),
}

impl<T> Default for KnownNames<T> {
    fn default() -> Self {
        Self { names: Vec::new(), places: HashMap::new(), first: None }
    }
}

impl<T> KnownNames<T> {
    /// Reads the name whose opening quote is behind the cursor. `before` is the place of the name before it. Returns `None` if it
    /// has an escape.
    #[inline]
    pub(crate) fn read<'a>(&self, cursor: &mut LineCursor<'a>, before: Option<usize>) -> Option<ReadName<'a>> {
        let head = cursor.head();
        let mut next = self.after(before);
        for _ in 0..MAX_COMPARED {
            let Some((place, name)) = next.and_then(|place| Some((place, self.names.get(place)?))) else { break };
            if (head ^ name.head) & name.head_mask == 0 && cursor.take_text(&name.quoted) {
                return Some(ReadName::Known(place));
            }
            next = name.next;
        }
        let name = cursor.text()?;
        Some(self.places.get(name).map_or(ReadName::New(name), |place| ReadName::Known(*place)))
    }

    /// Adds a name that comes after the one at `before`, and returns its place. Returns `None` if there are too many names.
    pub(crate) fn add(&mut self, name: &str, before: Option<usize>, meaning: T) -> Option<usize> {
        let place = self.names.len();
        if place == MAX_NAMES {
            return None;
        }
        let (quoted, next) = (format!("{name}\""), self.after(before));
        let head = LineCursor::new(&quoted).head();
        // A quoted name has at least one byte.
        let head_mask = u64::MAX >> (8_usize.saturating_sub(quoted.len()) * 8);
        self.names.push(KnownName { quoted: quoted.into(), head, head_mask, next, meaning });
        self.places.insert(name.into(), place);
        let next = match before {
            None => &mut self.first,
            Some(before) => &mut self.names.get_mut(before)?.next,
        };
        *next = Some(place);
        Some(place)
    }

    /// Returns the meaning of the name at `place`.
    #[inline]
    pub(crate) fn meaning_mut(&mut self, place: usize) -> Option<&mut T> {
        self.names.get_mut(place).map(|name| &mut name.meaning)
    }

    /// Returns all names with their meanings.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut T)> {
        self.names.iter_mut().map(|name| (name.quoted.strip_suffix('"').unwrap_or_default(), &mut name.meaning))
    }

    #[inline]
    fn after(&self, before: Option<usize>) -> Option<usize> {
        match before {
            None => self.first,
            Some(before) => self.names.get(before)?.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads an object of names without values, and adds the new ones.
    fn read(names: &mut KnownNames<String>, row: &[&str]) -> usize {
        let (mut before, mut added) = (None, 0);
        for name in row {
            let quoted = format!("{name}\":");
            let mut cursor = LineCursor::new(&quoted);
            let place = match names.read(&mut cursor, before) {
                Some(ReadName::Known(place)) => Some(place),
                Some(ReadName::New(new)) => {
                    assert_eq!(new, *name);
                    added += 1;
                    names.add(new, before, new.to_owned())
                }
                None => None,
            };
            before = place;
            assert_eq!(names.meaning_mut(place.expect("room")).map(|meaning| meaning.as_str()), Some(*name));
            assert_eq!(cursor.peek(), Some(b':'));
        }
        added
    }

    #[test]
    fn names_are_found_in_any_order() {
        let mut names = KnownNames::default();
        assert_eq!(read(&mut names, &["id", "email", "phone"]), 3);
        assert_eq!(read(&mut names, &["id", "name", "phone"]), 1);
        assert_eq!(read(&mut names, &["e", "", "id", "name", "email", "i"]), 3);
        for row in [&["phone", "id", "email", "name"][..], &["i", "e", ""], &["id", "id"], &["email", "id", "e"]] {
            assert_eq!(read(&mut names, row), 0, "{row:?}");
        }
        let many: Vec<String> = (0..60).map(|number| format!("n{number}")).collect();
        let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(read(&mut names, &many), 60);
        many.reverse();
        assert_eq!(read(&mut names, &many), 0);
    }

    #[test]
    fn more_names_than_are_kept_are_refused() {
        let mut names = KnownNames::default();
        for number in 0..MAX_NAMES {
            assert_eq!(names.add(&number.to_string(), None, ()), Some(number));
        }
        assert_eq!(names.add("another", None, ()), None);
        let mut cursor = LineCursor::new("another\"");
        assert!(matches!(names.read(&mut cursor, None), Some(ReadName::New("another"))));
        assert!(names.read(&mut LineCursor::new("a\\u0062\""), None).is_none());
    }
}
