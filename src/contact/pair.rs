//! Two contacts, by their ids.

/// An unordered pair of contacts, by their ids.
///
/// Pairs are equal if they have the same two ids. The JSON form is a list of the two, the smaller one first.
///
/// ```
/// use onefold::contact::ContactPair;
///
/// let pair = ContactPair::new(7, 3);
/// assert_eq!(pair, ContactPair::new(3, 7));
/// assert_eq!((pair.first(), pair.second()), (&3, &7));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContactPair<Id> {
    // Invariant: `first` is not greater than `second`.
    first: Id,
    second: Id,
}

impl<Id: Ord> ContactPair<Id> {
    /// Returns the pair of two contacts, given in any order.
    pub fn new(a: Id, b: Id) -> Self {
        let (first, second) = if a <= b { (a, b) } else { (b, a) };
        Self { first, second }
    }
}

impl<Id> ContactPair<Id> {
    /// Returns the smaller id.
    pub fn first(&self) -> &Id {
        &self.first
    }

    /// Returns the greater id.
    pub fn second(&self) -> &Id {
        &self.second
    }

    /// Returns both ids, the smaller one first.
    pub fn ids(&self) -> [&Id; 2] {
        [&self.first, &self.second]
    }
}

#[cfg(feature = "serde")]
impl<Id: serde::Serialize> serde::Serialize for ContactPair<Id> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.ids().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_has_no_order() {
        let pair = ContactPair::new("b", "a");
        assert_eq!(pair, ContactPair::new("a", "b"));
        assert_eq!((pair.ids(), pair.first(), pair.second()), ([&"a", &"b"], &"a", &"b"));
        assert!(pair < ContactPair::new("c", "a") && pair < ContactPair::new("b", "b"));
    }

    #[cfg(feature = "serde")]
    #[test]
    fn the_json_form_is_a_list_of_two() {
        assert_eq!(serde_json::to_string(&ContactPair::new(10, 9)).expect("integers are JSON"), "[9,10]");
    }
}
