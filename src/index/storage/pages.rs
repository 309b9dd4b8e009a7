//! Numbered rows in pages. Growing copies no rows, and at most one page has unused room.

/// The number of rows in a page.
const PAGE: usize = 4096;

/// Rows numbered from 0. A new row is added at the end, and rows never move.
#[derive(Clone, Debug)]
pub(crate) struct Pages<Row> {
    // Invariant: all pages but the last have `PAGE` rows, and no page is empty.
    pages: Vec<Vec<Row>>,
}

impl<Row> Default for Pages<Row> {
    fn default() -> Self {
        Self { pages: Vec::new() }
    }
}

impl<Row> Pages<Row> {
    /// Returns the number of rows.
    pub(crate) fn len(&self) -> usize {
        self.pages.last().map_or(0, |last| (self.pages.len() - 1) * PAGE + last.len())
    }

    /// Adds a row at the end.
    pub(crate) fn push(&mut self, row: Row) {
        match self.pages.last_mut() {
            Some(last) if last.len() < PAGE => last.push(row),
            // The first page grows with its rows, because a small index needs no more.
            None => self.pages.push(vec![row]),
            Some(_) => {
                let mut page = Vec::with_capacity(PAGE);
                page.push(row);
                self.pages.push(page);
            }
        }
    }

    /// Returns the row with a number, if there is one.
    pub(crate) fn get(&self, number: u32) -> Option<&Row> {
        let number = number as usize;
        self.pages.get(number / PAGE)?.get(number % PAGE)
    }

    /// Like [`Pages::get`], for changing the row.
    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut Row> {
        let number = number as usize;
        self.pages.get_mut(number / PAGE)?.get_mut(number % PAGE)
    }

    /// Returns the rows in order.
    fn iter(&self) -> impl Iterator<Item = &Row> {
        self.pages.iter().flatten()
    }

    /// Returns the heap bytes in use, without those that the rows own.
    pub(crate) fn memory(&self) -> usize {
        let rows: usize = self.pages.iter().map(Vec::capacity).sum();
        rows * size_of::<Row>() + self.pages.capacity() * size_of::<Vec<Row>>()
    }
}

/// Numbered things that can be removed. The numbers of removed things are reused.
#[derive(Clone, Debug)]
pub(crate) struct Slab<Thing> {
    things: Pages<Option<Thing>>,
    free: Vec<u32>,
}

impl<Thing> Default for Slab<Thing> {
    fn default() -> Self {
        Self { things: Pages::default(), free: Vec::new() }
    }
}

impl<Thing> Slab<Thing> {
    /// Stores a thing and returns its number.
    pub(crate) fn put(&mut self, thing: Thing) -> u32 {
        let number = self.free.pop();
        match number.and_then(|number| Some((number, self.things.get_mut(number)?))) {
            Some((number, place)) => {
                *place = Some(thing);
                number
            }
            None => {
                self.things.push(Some(thing));
                u32::try_from(self.things.len() - 1).expect("things are numbered in 32 bits")
            }
        }
    }

    /// Returns the thing with a number, if there is one.
    pub(crate) fn get(&self, number: u32) -> Option<&Thing> {
        self.things.get(number)?.as_ref()
    }

    /// Like [`Slab::get`], for changing the thing.
    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut Thing> {
        self.things.get_mut(number)?.as_mut()
    }

    /// Removes the thing with a number and returns it, if there is one.
    pub(crate) fn take(&mut self, number: u32) -> Option<Thing> {
        let thing = self.things.get_mut(number)?.take();
        if thing.is_some() {
            self.free.push(number);
        }
        thing
    }

    /// Returns the things in order of their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Thing> {
        self.things.iter().flatten()
    }

    /// Returns the heap bytes in use, without those that the things own.
    pub(crate) fn memory(&self) -> usize {
        self.things.memory() + self.free.capacity() * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stay_under_their_numbers_across_pages() {
        let mut pages = Pages::default();
        for row in 0..3 * PAGE + 5 {
            assert_eq!(pages.len(), row);
            pages.push(row);
        }
        *pages.get_mut(7).expect("a row") = 1_000_000;
        assert!(
            [7, PAGE - 1, PAGE, 3 * PAGE + 4]
                .into_iter()
                .all(|row| { pages.get(row as u32) == Some(if row == 7 { &1_000_000 } else { &row }) })
        );
        assert_eq!(pages.get((3 * PAGE + 5) as u32), None);
    }

    #[test]
    fn numbers_are_used_again() {
        let mut slab = Slab::default();
        let (a, b) = (slab.put("a"), slab.put("b"));
        assert_eq!((slab.take(a), slab.take(a), slab.get(b)), (Some("a"), None, Some(&"b")));
        assert_eq!(slab.put("c"), a);
        assert!(slab.iter().eq(&["c", "b"]));
    }
}
