//! Phone numbers to E.164.

use crate::key::{Derivation, Key, KeyKind, Reason};
use crate::normalize::{DerivedKey, Region};

pub(super) fn keys(raw: &str, _region: Option<Region>, _variants: bool) -> Result<Vec<DerivedKey>, Reason> {
    if raw.trim().is_empty() {
        return Err(Reason::Empty);
    }
    let digits: String = raw.chars().filter(|c| c.is_ascii_digit()).collect();
    Ok(vec![DerivedKey { key: Key::new(KeyKind::Phone, "", &format!("+{digits}")), derivation: Derivation::Direct }])
}
