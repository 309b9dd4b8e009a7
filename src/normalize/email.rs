//! Email addresses to keys.

use crate::key::{Derivation, Key, KeyKind, Reason};
use crate::normalize::DerivedKey;

#[derive(Clone, Copy)]
pub(super) struct Options {
    pub(super) plus_tags: bool,
    pub(super) gmail_dots: bool,
}

pub(super) fn keys(raw: &str, _options: Options) -> Result<Vec<DerivedKey>, Reason> {
    let text = raw.trim().to_ascii_lowercase();
    if text.is_empty() {
        return Err(Reason::Empty);
    }
    if !text.contains('@') {
        return Err(Reason::Malformed);
    }
    let derivation = if text.starts_with("info@") { Derivation::RoleMailbox } else { Derivation::Direct };
    Ok(vec![DerivedKey { key: Key::new(KeyKind::Email, "", &text), derivation }])
}
