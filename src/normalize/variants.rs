//! Other spellings of the same phone number, by the rules of its country.
