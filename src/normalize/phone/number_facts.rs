//! The facts of a phone number that the rules ask for, as traits.
//!
//! Two sources implement them: the tables of numbering plans (`tables`), which are fast and leave some numbers open, and the
//! phone library (`library`), which answers for every number. `rules` and `key` are generic over the source, so that each
//! rule is written once and compiled twice, without dynamic dispatch. Everywhere here `None` means that the source leaves the
//! question open: the library is asked then.

use crate::key::Reason;
use crate::normalize::region::Region;

/// The greatest number of digits in E.164.
pub(crate) const MAX_DIGITS: usize = 15;

/// The outcome of a value: `Ok` if its keys were handed out, `Err` with the reason why it has none.
pub(crate) type PhoneOutcome = Option<Result<(), Reason>>;

/// The facts of a number, or the reason why a text is no number.
pub(crate) type Reading<T> = Option<Result<T, Reason>>;

/// Where the country code of a number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeOrigin {
    /// A plus in front of the number.
    Plus,
    /// The parameter `phone-context` of RFC 3966.
    Context,
    /// The international prefix of the region in front of the number.
    Prefix,
    /// The country code of the region in front of the number, without a plus.
    Digits,
    /// The region alone.
    Region,
}

/// A number that was read from a text.
pub(crate) trait NumberFacts {
    fn country_code(&self) -> u16;

    fn code_origin(&self) -> CodeOrigin;

    /// Returns the national number: its digits in ASCII, without country code and national prefix.
    fn national(&self) -> &[u8];

    /// Returns true if the country has numbers of this length.
    fn has_possible_length(&self) -> bool;

    /// Returns true if the number is in a range that is assigned.
    fn is_in_use(&self) -> Option<bool>;

    /// Returns true if the number is in use, or if its text in E.164 is read as the same number again. Each source asks first
    /// what costs it less.
    fn is_in_use_or_read_as_itself(&self) -> Option<bool>;
}

/// A source of facts.
pub(crate) trait FactSource {
    type Facts<'a>: NumberFacts;
    /// The place of what a reading cannot borrow from the digits given.
    type Space: Default;

    /// Reads the digits that stand behind a plus.
    fn international<'a>(digits: &'a [u8], space: &'a mut Self::Space) -> Reading<Self::Facts<'a>>;

    /// Returns true if a whole text, whose letters may be digits of a keypad, is a number in use other than `facts`.
    fn is_other_number(facts: &Self::Facts<'_>, whole: &str, region: Option<Region>) -> Option<bool>;
}

/// The facts that the source of a written number gives.
pub(crate) type FactsOf<'a, W> = <<W as WrittenNumber>::Source as FactSource>::Facts<'a>;

/// The place that the source of a written number needs.
pub(crate) type SpaceOf<W> = <<W as WrittenNumber>::Source as FactSource>::Space;

/// A number as a person or a program wrote it, taken apart by a source.
pub(crate) trait WrittenNumber {
    type Source: FactSource;

    fn has_plus(&self) -> bool;

    /// Returns all digits but those of the extension, in ASCII.
    fn digits(&self) -> &[u8];

    /// Returns the digits of the extension, empty if there is none.
    fn extension(&self) -> &str;

    /// Reads the number. `region` is the one of numbers without country code.
    fn read<'a>(&'a self, region: Option<Region>, space: &'a mut SpaceOf<Self>) -> Reading<FactsOf<'a, Self>>;

    /// Returns true if what stands before the first slash is a number in use by itself.
    fn begins_with_number_in_use(&self, region: Option<Region>) -> Option<bool>;

    /// Returns the reason to give where there is no number for `reason`.
    fn refusal(&self, reason: Reason, region: Option<Region>) -> Option<Reason>;

    /// Returns the text as written if it is the number in E.164.
    fn written_key(&self, facts: &FactsOf<'_, Self>) -> Option<&str>;
}
